"""Notebooks: cells that run one by one."""

from __future__ import annotations

from screen.canvas import Box
from screen.view import Pane, Row
from text import snippets
from text.vocabulary import ERRORS, VERBS
from world.developer import Step, World
from world.programs import parts
from world.programs.parts import Place, cut


class Notebook(Place):
    """Cells with numbers and outputs, in a browser's page."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        rng, names = self.rng, self.names
        self.file = f'{rng.choice(("Untitled", names.word(), "-".join(names.pair())))}.ipynb'
        self.kernel = rng.choice(('Python 3 (ipykernel)', 'Python 3', '.venv (Python 3.12.3)', f'{names.word()} (Python 3.11)'))
        self.state = 'Idle'
        self.count = rng.randint(0, 30)
        self.cells: list[tuple[str, list[str], list[str]]] = []  # label, source, output
        self.has_url = rng.random() < 0.7
        self.side = rng.randint(160, 240) if rng.random() < 0.5 else 0
        for _ in range(rng.randint(1, 4)):
            source = self.source()[0]
            self.count += 1
            self.cells.append((f'[{self.count}]:', source, [] if rng.random() < 0.5 else [names.sentence()]))
        self.is_classic = rng.random() < 0.5

    def source(self) -> tuple[list[str], list[str], str, str]:
        """Lines of a cell, its output, and what kind of step and name it is."""
        rng, names, world = self.rng, self.names, self.world
        value, other = names.word(), names.word()
        roll = rng.random()
        if roll < 0.3:
            rows = parts.table(world, rng.randint(2, 5), rng.randint(3, 7))
            cells = [['', *rows[0]], *([str(index), *row] for index, row in enumerate(rows[1:]))]
            source = [f'{value} = pd.read_csv("{other}.csv")', rng.choice((f'{value}.head()', f'{value}.describe()', f'{value}'))]
            output = parts.aligned(cells)
            return source, output, 'cell', ' '.join(rows[1][0].split())
        if roll < 0.5:
            error, text = rng.choice(ERRORS['py']), names.words(1, 4)
            source = [f'{names.function("py")}({value})']
            output = ['-' * 60, f'{error}                Traceback (most recent call last)', f'Cell In[{self.count + 1}], line 1', f'----> 1 {source[0]}', '', f'{error}: {text}']
            return source, output, 'run_error', error
        if roll < 0.6:
            return [f'!pip install {names.package("py")}'], [f'Collecting {value}', f'Successfully installed {value}-{names.version()}'], 'cell', f'Successfully installed {value}-{names.version()}'
        if roll < 0.75:
            snippet = snippets.function(names, 'py')
            return list(snippet.lines[:-1]), [], 'function', snippet.name
        number = rng.choice((f'{rng.randint(2, 99999)}', f'{rng.random():.6f}', f"'{names.word()}'", f'({rng.randint(2, 900)}, {rng.randint(2, 40)})', f'[{rng.randint(1, 9)}, {rng.randint(10, 99)}, {rng.randint(100, 999)}]', f'{names.word()}: {rng.random():.4f}', f'Epoch {rng.randint(1, 9)}/10 loss: {rng.random():.4f}'))
        source = [rng.choice((f'{value} = {other}.{rng.choice(VERBS)}()', f'import {names.word()} as {value[:2]}', f'# {names.sentence()}')), rng.choice((f'{value}', f'print({value})', f'{value}.shape', f'{value}.sum()'))]
        return source, [number], 'cell', number

    def panes(self) -> list[Pane]:
        box, world = self.box, self.world
        found: list[Pane] = []
        if self.has_url:
            piece, box = cut(box, 'top', 28)
            found.append(self.bar(piece, [self.file, 'Home'], 'browser', active=self.file))
            piece, box = cut(box, 'top', 34)
            found.append(Pane('form', 'browser', piece, (Row(f'localhost:8888/notebooks/{self.file}'),)))
        piece, box = cut(box, 'top', 26)
        found.append(self.bar(piece, ['File', 'Edit', 'View', 'Insert', 'Cell', 'Kernel', 'Help', self.kernel] if self.is_classic else ['+ Code', '+ Markdown', 'Run All', 'Restart', 'Clear All Outputs', self.kernel]))
        if self.state:
            piece, box = cut(box, 'bottom', 22)
            found.append(self.bar(piece, [self.file, f'{self.kernel} | {self.state}', 'Mode: Command', 'Ln 1, Col 1'], 'statusBar'))
        if self.side:
            piece, box = cut(box, 'left', self.side)
            found.append(Pane('tree', 'tree', piece, tuple(parts.tree(world, self.fitting(piece, 'tree'), self.seed))))
        rows: list[Row] = []
        for name, source, output in self.cells:
            number = ('In ' + name) if self.is_classic else name
            rows += [Row(f'{number:<9} {source[0]}'), *(Row(' ' * 10 + text) for text in source[1:])]
            if output and self.is_classic and len(output) == 1 and name.strip('[ ]:').isdigit():
                rows.append(Row(f'Out{name:<6} {output[0]}', look='dim'))
            else:
                rows += [Row(' ' * 10 + text, look='error' if 'Error' in text else 'dim') for text in output]
            rows.append(Row(''))
        found.append(Pane('editor', 'editor' if not self.has_url else 'browser', box, tuple(rows[-self.fitting(box, 'editor') :])))
        return found

    def enter(self) -> Step:
        yield from (self.told('browser', title=self.file, url=f'localhost:8888/notebooks/{self.file}') if self.has_url else self.told('open', file=self.file))

    def run(self) -> Step:
        """Types a cell, runs it, and its output comes."""
        rng = self.rng
        source, output, kind, name = self.source()
        self.cells.append(('[ ]:', [''], []))
        speed = rng.choice((8, 16, 40))
        for index, text in enumerate(source):
            self.cells[-1] = ('[ ]:', [*source[:index], ''], [])
            for length in snippets.typing_chunks(rng, text, speed):
                self.cells[-1] = ('[ ]:', [*source[:index], text[:length]], [])
                self.draw()
                yield None
        if kind == 'function':
            yield self.event('function', function=name)
        yield from self.pause(1, 3)
        if rng.random() < 0.5:
            self.cells[-1], self.state = ('[*]:', source, []), 'Busy'
            self.draw()
            yield from self.pause(1, 6)
        self.count += 1
        self.state = 'Idle'
        self.cells[-1] = (f'[{self.count}]:', source, output)
        if kind == 'function':
            self.draw()
            yield None
        elif kind == 'run_error':
            yield from self.told('run_error', command=source[0], error=name)
        else:
            yield from self.told('cell', line=name)

    def restart(self) -> Step:
        """The kernel is started anew."""
        text = self.rng.choice(('Do you want to restart the kernel?', 'Restart kernel?', 'The kernel appears to have died', f'Kernel {self.names.word()} is not connected'))
        self.over = [self.dialog([Row(text, look='heading'), Row('All variables will be lost.'), Row('Restart', look='button'), Row('Cancel', look='button')])]
        yield from self.told('notification', text=text)
        yield from self.pause(1, 4)
        self.over = []
        self.cells = [('[ ]:', source, output if self.rng.random() < 0.5 else []) for _, source, output in self.cells]
        self.count = 0
        yield from self.told('button', label='Restart')

    def new_cell_above(self) -> Step:
        """A heading is written in a cell of text."""
        text = self.names.title()
        self.cells.append(('', [''], []))

        def show(so_far: str) -> None:
            self.cells[-1] = ('', [f'## {so_far}'], [])

        yield from self.typed(text, show)
        yield from self.told('typed', text=text)
