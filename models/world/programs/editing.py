"""What editors other than the one of the extension have in common."""

from __future__ import annotations

from collections.abc import Callable

from screen.canvas import Box
from screen.view import Row
from text import snippets
from world.developer import Step, World
from world.programs import parts
from world.programs.parts import Place


class Editing(Place):
    """What every editor does: shows the active file of the world from `top` on, types into it, moves in it."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        self.top = 0
        self.marked = -1  # row of the file that is highlighted
        self.editor_box: Box = self.box

    def code_rows(self, box: Box) -> tuple[Row, ...]:
        self.editor_box = box
        shown = self.world.lines[self.top : self.top + self.fitting(box, 'editor')]
        dots = self.world.breakpoints.get(self.world.file, ())
        return tuple(Row(text, look='selected' if self.top + row == self.marked else 'plain', mark='dot' if self.top + row in dots else '') for row, text in enumerate(shown))

    def reveal(self, row: int) -> None:
        if not self.top <= row < self.top + self.fitting(self.editor_box, 'editor') - 1:
            self.top = max(0, row - self.fitting(self.editor_box, 'editor') // 2)

    def visible(self) -> range:
        return range(self.top, min(len(self.world.lines), self.top + self.fitting(self.editor_box, 'editor')))

    def point(self, row: int, column: int = 0) -> tuple[int, int]:
        """Where a place in the code is on the screen, about; one row below it."""
        return self.editor_box[0] + 70 + column * 7, self.editor_box[1] + 8 + (row - self.top + 1) * self.row_px('editor')

    def insert(self, row: int, texts: tuple[str, ...]) -> Step:
        """Types lines of code; they stand there with the next frame."""
        content = self.world.lines
        self.reveal(row + len(texts))
        speed = self.rng.choice((5, 9, 14, 25))
        for offset, text in enumerate(texts):
            content.insert(row + offset, '')
            for length in snippets.typing_chunks(self.rng, text, speed * 2):
                content[row + offset] = text[:length]
                if length < len(text) or self.rng.random() < 0.3:
                    self.draw()
                    yield None

    def write(self) -> Step:
        """A function, a type, an import, a value, or any other line."""
        world, rng = self.world, self.rng
        kind = rng.choice(('function', 'function', 'type', 'import', 'code', 'code', 'value'))
        if kind == 'code':
            text = parts.line(world, 'code', 10, 50)
            row = rng.choice([*self.visible(), len(world.lines)])
            yield from self.insert(row, (' ' * rng.choice((0, 4)) + text,))
            yield from self.told('code', line=text)
            return
        maker: dict[str, Callable[..., snippets.Snippet]] = {'function': snippets.function, 'type': snippets.definition, 'import': snippets.import_of, 'value': snippets.statement}
        snippet = maker[kind](self.names, world.language)
        blank = [row + 1 for row in self.visible() if world.lines[row] == '']
        yield from self.insert(0 if kind == 'import' else rng.choice(blank or [len(world.lines)]), snippet.lines)
        if kind == 'value':
            name, value = snippet.name.split('=', 1)
            yield from self.told(kind, name=name, value=value)
        else:
            yield from self.told(kind, **{'module' if kind == 'import' else kind: snippet.name})

    def another_file(self) -> str:
        others = [name for name in self.world.files if name != self.world.file]
        return self.rng.choice(others) if others and self.rng.random() < 0.7 else self.world.add_file()

    def show_file(self, name: str) -> None:
        self.world.open_file(name)
        self.top, self.marked = 0, -1

    def move(self) -> Step:
        """Scrolls and moves the caret a little: nothing to say."""
        for _ in range(self.rng.randint(2, 6)):
            if self.rng.random() < 0.5:
                self.top = max(0, min(len(self.world.lines) - 5, self.top + self.rng.choice((-3, 2, 4, 9))))
            elif self.visible():
                self.marked = self.rng.choice(self.visible())
            self.draw()
            yield from self.pause(1, 3)

    def complete(self) -> Step:
        """A list of suggestions comes up; one of them is taken, or not."""
        world, names, rng = self.world, self.names, self.rng
        row = rng.choice(self.visible() or [0])
        receiver = rng.choice(('self', names.variable(world.language), names.word()))
        chosen = names.function(world.language)
        start = chosen[: rng.randint(0, 3)]
        yield from self.insert(row, (f'    {receiver}.{start}',))
        others = [names.function(world.language) if rng.random() < 0.6 else names.word() for _ in range(rng.randint(2, 9))]
        entries = list(dict.fromkeys([chosen, *(start + other if start else other for other in others)]))
        kinds = rng.choice((('',), ('str', 'int', 'None', f'({names.word()})'), ('function', 'field', 'class'), ('[LSP]', '[Buffer]', 'Text')))
        rows = [Row(entry, right=rng.choice(kinds), look='selected' if index == 0 else 'plain') for index, entry in enumerate(entries)]
        if rng.random() < 0.3:
            rows.append(Row('Press Enter to insert, Tab to replace', look='dim'))
        popup = self.popup(rows, *self.point(row, 5 + len(receiver)), width=rng.randint(300, 420), region='popup')
        self.over.append(popup)
        yield from self.told('completions', first=entries[0], second=entries[1] if len(entries) > 1 else '')
        yield from self.pause(0, 4)
        self.over.remove(popup)
        if rng.random() < 0.75:
            world.lines[row] = f'    {receiver}.{chosen}{rng.choice(("()", "", "("))}'
            yield from self.told('completed', entry=chosen)
        else:
            del world.lines[row]
            self.draw()
            yield None
