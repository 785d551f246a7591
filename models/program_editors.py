"""Editors other than the one of the extension: an IDE with tool windows, text editors of the terminal, notebooks."""

from __future__ import annotations

from collections.abc import Callable

import program_parts as parts
import snippets
import terminal
from canvas import Box
from developer import Step, World
from program_parts import Place, cut, rows_of
from scene import Pane, PaneKind, Row
from terminal import ToolRun
from vocabulary import ERRORS, LANGUAGE_NAMES, VERBS


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


class Ide(Editing):
    """An IDE with a project tree, tool windows below and at the side, a run configuration in its bar, dialogs."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        rng, names = self.rng, self.names
        self.layout = self.choice(('classic', 'new', 'plain'), ('mirrored',))
        self.menu = ['File', 'Edit', 'View', 'Navigate', 'Code', 'Refactor', 'Build', 'Run', 'Tools', 'Git', 'Window', 'Help'] if self.layout != 'new' else [world.project, world.branch]
        if self.layout == 'classic' and rng.random() < 0.5:
            self.menu = []
        self.has_stripe = rng.random() < 0.5
        stem = world.file.rsplit('.', 1)[0]
        self.configuration = rng.choice((stem, f'{names.type_name()}', f'{stem} [test]', 'All Tests', f'Current File {names.word()}', f'{names.word()}:{names.word()}'))
        self.tree_px = 0 if rng.random() < 0.15 else rng.randint(170, 300)
        self.tool = ''  # heading of the tool window below; '' = closed
        self.tool_left: list[Row] = []
        self.tool_rows: list[Row] = []
        self.tool_share = rng.choice((0.3, 0.38, 0.46))
        self.crumbs = rng.choice(('below', 'above', 'none'))
        self.status = rng.choice(('', 'Indexing...', f'{rng.randint(2, 9)} minutes ago', 'All files are up-to-date'))

    def panes(self) -> list[Pane]:
        world, box = self.world, self.box
        found: list[Pane] = []
        piece, box = cut(box, 'top', 28)
        found.append(self.bar(piece, [*self.menu, f'{world.project} - {world.file}']))
        if self.layout != 'plain':
            piece, box = cut(box, 'top', 30)
            found.append(self.bar(piece, [world.project, *filter(None, (world.folder[world.file],)), world.file, self.configuration, 'Search Everywhere'][-4 if self.layout == 'new' else 0 :]))
        else:
            found[-1] = self.bar(found[-1].box, [self.configuration, *self.menu[:8], f'{world.project} - {world.file}'])
        piece, box = cut(box, 'bottom', 24)
        row = (self.marked if self.marked >= 0 else self.top) + 1
        found.append(self.bar(piece, filter(None, (self.status, f'{row}:{len(world.file) % 30 + 1}', 'LF', 'UTF-8', '4 spaces', LANGUAGE_NAMES[world.language], world.branch)), 'statusBar', 'bar'))
        if self.has_stripe:
            piece, box = cut(box, 'bottom', 24)
            found.append(self.bar(piece, ['Git', 'Run', 'Debug', 'TODO', 'Problems', 'Terminal', 'Services'], active=self.tool))
        if self.tool:
            piece, box = cut(box, 'bottom', int((box[3] - box[1]) * self.tool_share))
            found += self.tool_window(piece)
        if self.tree_px:
            piece, box = cut(box, 'right' if self.layout == 'mirrored' else 'left', self.tree_px)
            heading, piece = cut(piece, 'top', 26)
            found.append(self.bar(heading, ['Project'], 'tree'))
            found.append(Pane('tree', 'tree', piece, tuple(parts.tree(world, self.fitting(piece, 'tree'), self.seed))))
        piece, box = cut(box, 'top', 30)
        found.append(self.bar(piece, world.tabs, 'tabs', active=world.file))
        if self.crumbs != 'none':
            piece, box = cut(box, 'bottom' if self.crumbs == 'below' else 'top', 24)
            found.append(self.bar(piece, filter(None, (world.folder[world.file], world.file, *(name for _, name in snippets.defined_names(world.lines)[:1]))), 'breadcrumbs'))
        found.append(Pane('editor', 'editor', box, self.code_rows(box), first_line=self.top + 1))
        return found

    def tool_window(self, box: Box) -> list[Pane]:
        heading, box = cut(box, 'top', 26)
        found = [self.bar(heading, [f'{self.tool}:' if self.layout == 'classic' else self.tool, self.configuration] if self.tool in ('Run', 'Debug') else [self.tool], 'terminal')]
        if self.tool_left:
            left, box = cut(box, 'left', int((box[2] - box[0]) * 0.36))
            found.append(Pane('list', 'other', left, tuple(self.tool_left)))
        kind: PaneKind = 'list' if self.tool in ('Problems', 'TODO', 'Git') else 'terminal'
        found.append(Pane(kind, 'terminal' if kind == 'terminal' else 'other', box, tuple(self.tool_rows)))
        return found

    def enter(self) -> Step:
        yield from self.told('open', file=self.world.file)

    # --- actions

    def open(self) -> Step:
        """Opens another file: by the tree, by its name, or by what it defines."""
        name, rng, names = self.another_file(), self.rng, self.names
        if rng.random() < 0.55:
            others = [*(Row(other, right=self.world.folder.get(other) or self.world.project) for other in list(self.world.files)[:5]), *(Row(names.type_name(), right=f'{names.word()}.{names.word()}') for _ in range(4))]
            heading = rng.choice((('All', 'Types', 'Files', 'Symbols', 'Actions', 'Text'), ('Recent Files',), ('Enter file name:', 'Include non-project items')))
            typed = name[: rng.randint(2, 6)]
            for query in (typed[:1], typed):
                rows = [*rows_of(heading[:1]), Row(query, look='input'), Row(name, right=self.world.folder[name], look='selected'), *others[: rng.randint(2, 8)]]
                self.over = [self.dialog(rows, lift=0.25, region='popup', kind='list')]
                self.draw()
                yield from self.pause(1, 2)
            self.over = []
        self.show_file(name)
        yield from self.told('open', file=name)

    def output_of(self, run: ToolRun) -> Step:
        """A program's output in the tool window, piece by piece."""
        self.tool_left = []
        self.tool_rows = rows_of([self.rng.choice((run.command, f'$ {run.command}', f'> {run.command}'))])
        self.draw()
        yield from self.pause(2, 4)
        for text in run.progress:
            self.tool_rows.append(Row(text))
            self.draw()
            yield from self.pause(1, 2)
        self.tool_rows += rows_of(run.output, 'error' if run.state in ('error', 'fail') else 'plain')

    def run(self) -> Step:
        """Runs the configuration or types a command in the terminal of the IDE."""
        world, rng = self.world, self.rng
        is_terminal = rng.random() < 0.35
        maker = rng.choice((terminal.run_ok, terminal.run_error))
        run = maker(self.names, world.language, world.file) if not is_terminal or rng.random() < 0.5 else terminal.other_command(self.names)
        self.tool = 'Terminal' if is_terminal else 'Run'
        if is_terminal:
            self.tool_left, self.tool_rows = [], [Row(world.prompt)]
            yield from self.typed(run.command, lambda text: self.tool_rows.__setitem__(-1, Row(world.prompt + text)))
            yield from self.pause(1, 3)
            self.tool_rows += [*rows_of((*run.progress, *run.output)), Row(world.prompt)]
            yield from self.told(run.kind, **parts.named(run))
            return
        yield from self.output_of(run)
        code = 0 if run.state == 'ok' else 1
        self.tool_rows += rows_of(['', f'Process finished with exit code {code}'])
        yield from self.told(run.kind, **parts.named(run))

    def test(self) -> Step:
        """The test runner: marks in the tree, a count above, the failure beside."""
        rng, names, world = self.rng, self.names, self.world
        suite = rng.choice((names.type_name() + 'Test', f'test_{names.word()}', f'{names.type_name()}Tests'))
        tests = [f'test_{"_".join(names.pair(VERBS))}' if world.language in ('py', 'rs') else names.function(world.language) for _ in range(rng.randint(2, 9))]
        total = len(tests)
        self.tool, self.tool_rows = 'Run', rows_of([rng.choice(('Testing started ...', f'/usr/bin/python -m pytest {suite}', f'{suite} is running'))])
        self.tool_left = [Row(suite, mark='run'), *(Row(name, 1, mark='run') for name in tests)]
        yield from self.told('tests_run')
        yield from self.pause(1, 5)
        took = [f'{rng.randint(1, 900)} ms' for _ in tests]
        if rng.random() < 0.5:
            passed = rng.choice((f'{total} of {total}', str(total)))
            summary = f'Tests passed: {passed} tests' if ' of ' in passed else f'Tests passed: {passed}'
            self.tool_left = [Row(suite, 0, took[0], mark='pass'), *(Row(name, 1, time, mark='pass') for name, time in zip(tests, took, strict=True))]
            self.tool_rows += rows_of([summary, '', 'Process finished with exit code 0'])
            yield from self.told('test_explorer', passed=passed)
            return
        bad, error = rng.choice(tests), rng.choice(ERRORS[world.language])
        self.tool_left = [Row(suite, 0, took[0], mark='fail'), *(Row(name, 1, time, 'error' if name == bad else 'plain', 'fail' if name == bad else 'pass') for name, time in zip(tests, took, strict=True))]
        detail = [f'Tests failed: 1, passed: {total - 1} of {total} tests', '', f'{error}: {names.words(2, 4)}', f'Expected :{rng.randint(1, 99)}', f'Actual   :{rng.randint(1, 99)}', '<Click to see difference>', f'    at {bad}({world.file}:{rng.randint(5, 90)})']
        self.tool_rows = rows_of(detail, 'error')
        yield from self.told('tests_fail', command=self.configuration, test=bad, error=error)

    def rename(self) -> Step:
        """The refactoring dialog or the box in the code."""
        world, rng = self.world, self.rng
        defined = [(row, name) for row, name in snippets.defined_names(world.lines) if len(name) > 3 and row in self.visible()]
        if not defined:
            yield from self.move()
            return
        row, old = rng.choice(defined)
        new = self.names.type_name() if old[0].isupper() else self.names.function(world.language)
        buttons = rng.choice((('Refactor', 'Preview', 'Cancel'), ('Rename', 'Cancel'), ()))

        def ask(text: str) -> None:
            rows = [Row(f"Rename function '{old}' and its usages to:" if buttons else f'Rename {old}'), Row(text, look='input'), *([Row('Search in comments and strings', mark='check'), Row('Search for text occurrences', mark='box')] if buttons else []), *rows_of(buttons, 'button')]
            self.over = [self.dialog(rows)] if buttons else [self.popup(rows, *self.point(row, 6), width=330)]

        ask(old)
        self.draw()
        yield from self.pause(2, 3)
        yield from self.typed(new, ask)
        yield from self.pause(1, 2)
        self.over = []
        world.files[world.file] = [text.replace(old, new) for text in world.lines]
        yield from self.told('rename', old=old, new=new)

    def find(self) -> Step:
        """Find in files, with a table of hits, or the bar above the code."""
        rng, names = self.rng, self.names
        query = names.word() if rng.random() < 0.5 else names.function(self.world.language)
        hits = [Row(f'{" " * rng.randint(0, 4)}{names.word()} {query}({names.word()})', right=f'{rng.choice(list(self.world.files))} {rng.randint(1, 300)}') for _ in range(rng.randint(2, 9))]

        def ask(text: str, found: list[Row]) -> None:
            self.over = [self.dialog([Row('Find in Files', right=f'{len(found)} matches in {len(found) // 2 + 1} files' if found else ''), Row(text, look='input'), Row('In Project   Module   Directory   Scope', look='dim'), *found], rng.choice((520, 640)), region='popup')]

        yield from self.typed(query, lambda text: ask(text, []))
        ask(query, hits)
        yield from self.told('find', query=query)
        yield from self.pause(1, 5)
        self.over = []
        self.draw()
        yield None

    def debug(self) -> Step:
        """A breakpoint, a stop at it, frames and variables, and on."""
        world, rng, names = self.world, self.rng, self.names
        rows = [row for row in self.visible() if len(world.lines[row].strip()) > 5]
        if not rows:
            return
        row = rng.choice(rows)
        if rng.random() < 0.6:
            world.breakpoints.setdefault(world.file, set()).add(row)
            yield from self.shown('breakpoint', file=world.file)
            yield from self.pause(1, 4)
        function = next((name for at, name in reversed(snippets.defined_names(world.lines)) if at <= row), 'main')
        self.tool = 'Debug'
        self.tool_rows = rows_of(['Waiting for process detach' if rng.random() < 0.3 else f'Connected to the target VM, address: 127.0.0.1:{rng.randint(40000, 65000)}'])
        self.tool_left = rows_of(['Frames', 'Frames are not available'], 'dim')
        self.draw()
        yield from self.pause(2, 5)
        self.marked = row
        self.tool_left = [Row('MainThread', mark='open'), Row(f'{function}, {world.file}:{row + 1}', 1, look='selected'), *(Row(f'{names.function(world.language)}, {names.file(world.language)}:{rng.randint(1, 90)}', 1, look='dim') for _ in range(rng.randint(1, 4)))]
        self.tool_rows = rows_of(['Variables', *(f'{names.variable(world.language)} = {{int}} {rng.randint(0, 999)}' if rng.random() < 0.5 else f"{names.variable(world.language)} = {{str}} '{names.word()}'" for _ in range(rng.randint(2, 6)))])
        yield from self.told('debug_pause', name=function, file=world.file)
        for _ in range(rng.randint(0, 2)):
            yield from self.pause(1, 5)
            self.marked = min(len(world.lines) - 1, self.marked + 1)
            self.draw()
            yield None
        yield from self.pause(1, 6)
        self.marked = -1
        self.tool_left, self.tool_rows = [], [*self.tool_rows[:1], Row(names.sentence())]
        if rng.random() < 0.7:
            yield from self.told('debug_continue')

    def commit(self) -> Step:
        """The commit tool window."""
        rng, world = self.rng, self.world
        text = parts.message(world)
        self.tool, self.tool_left = 'Git', [Row('Default Changelist', right=f'{len(world.files)} files', mark='open'), *(Row(name, 1, world.folder[name], mark='check') for name in world.files)]

        def show(typed: str) -> None:
            self.tool_rows = [Row('Commit Message', look='dim'), Row(typed, look='input'), Row('Commit', look='button'), Row('Commit and Push...', look='button')]

        yield from self.typed(text, show)
        yield from self.pause(2, 4)
        self.tool_left = [Row('Default Changelist', right='', mark='open')]
        show('')
        self.over = [self.popup([Row(f'{rng.randint(1, 9)} files committed: {text}'), Row('View Commit', look='link')], 2000, 2000, 400, 'dialog', 'dialog')]
        yield from self.told('commit', message=text)
        yield from self.pause(1, 4)
        self.over = []
        self.draw()
        yield None

    def problem(self) -> Step:
        """The tool window of problems, or a squiggle's text."""
        rng, world = self.rng, self.world
        text = rng.choice((f"Unresolved reference '{self.names.variable(world.language)}'", f"Cannot resolve symbol '{self.names.type_name()}'", f"Local variable '{self.names.word()}' value is not used", f"Expected type 'int', got '{self.names.type_name()}' instead", parts.line(world, 'interface', 16, 50)))
        if rng.random() < 0.5:
            row = rng.choice(self.visible() or [0])
            popup = self.popup([Row(text), Row(rng.choice(('Import this name', 'Create function', 'Remove unused variable')), right='Alt+Shift+Enter', look='link'), Row('More actions...', right='Alt+Enter', look='link')], *self.point(row, 8), width=430, kind='hover')
            self.over = [popup]
            yield from self.told('problem', message=text)
            yield from self.pause(1, 5)
            self.over = []
            self.draw()
            yield None
            return
        self.tool, self.tool_left = 'Problems', []
        self.tool_rows = [Row(world.file, right='1 problem', mark='open'), Row(text, 1, f':{rng.randint(1, 90)}', mark='fail'), *(Row(other, 1, f':{rng.randint(1, 90)}', 'dim') for other in parts.lines(world, 'interface', rng.randint(0, 3), 60))]
        yield from self.told('problem', message=text)

    def settings(self) -> Step:
        """The settings dialog: a page by its heading, a box that is switched, and a button."""
        rng, world = self.rng, self.world
        pages = ['Appearance & Behavior', 'Keymap', 'Editor', 'Plugins', 'Version Control', 'Project', 'Build, Execution, Deployment', 'Languages & Frameworks', 'Tools', 'Inspections', 'Code Style', 'File Encodings', 'Color Scheme', 'Live Templates']
        page = rng.choice(pages)
        options = [parts.line(world, 'interface', 10, 46) for _ in range(rng.randint(4, 9))]
        checked = {option for option in options if rng.random() < 0.5}
        middle = parts.centred(self.box, rng.randint(720, 960), rng.randint(420, 560))

        def show(heading: str, shown: list[str]) -> None:
            left, right = cut(middle, 'left', 240)
            bottom, right = cut(right, 'bottom', 44)
            rows = [Row(heading, look='heading'), *(Row(option, 0, mark='check' if option in checked else 'box') for option in shown)]
            self.over = [Pane('tree', 'dialog', left, tuple(Row(name, look='selected' if name == heading else 'plain') for name in pages), True), Pane('form', 'dialog', right, tuple(rows), True), Pane('bar', 'dialog', bottom, tuple(rows_of(['OK', 'Cancel', 'Apply'])), True)]

        if rng.random() < 0.5:
            show('Settings', [])
            self.draw()
            yield from self.pause(1, 3)
        show(page, options)
        yield from self.told('view', view=page)
        yield from self.pause(1, 5)
        if rng.random() < 0.6:
            option = rng.choice(options)
            checked.symmetric_difference_update({option})
            show(page, options)
            yield from self.told('checked', label=option)
            yield from self.pause(1, 3)
        self.over = []
        self.draw()
        yield None

    def configurations(self) -> Step:
        """The dialog of run configurations: fields are filled in."""
        rng, names = self.rng, self.names
        values = {'Name': '', 'Script': self.world.file, 'Parameters': '', 'Working directory': f'~/{self.world.project}', 'Environment': f'{names.word().upper()}=1'}

        def show(field: str, text: str) -> None:
            values[field] = text
            rows = [Row('Run/Debug Configurations', look='heading'), *(row for name, value in values.items() for row in (Row(f'{name}:', look='dim'), Row(value, look='input'))), Row('OK', look='button')]
            self.over = [self.dialog(rows, 560)]

        for field in ('Name', 'Parameters')[: rng.randint(1, 2)]:
            text = ' '.join(names.pair()) if field == 'Name' else f'--{names.word()} {names.word()}'
            yield from self.typed(text, lambda typed, field=field: show(field, typed), 8)  # type: ignore[misc]
            yield from self.told('typed', text=text, field=field)
            yield from self.pause(1, 3)
        self.over = []
        if rng.random() < 0.5:
            self.configuration = values['Name']
            yield from self.told('button', label='OK')
        else:
            self.draw()
            yield None

    def event_log(self) -> Step:
        """A balloon in the corner."""
        rng, names = self.rng, self.names
        text = rng.choice((f'Plugin {names.type_name()} is out of date', f'Build completed successfully in {rng.randint(1, 20)} sec', f'Package {names.word()} installed successfully', f'Frameworks detected: {names.word()}', 'Low memory: the IDE is running slowly', f'Cannot connect to {names.word()}', parts.line(self.world, 'interface', 14, 46)))
        self.over = [self.popup([Row(text), *rows_of(rng.choice(((), ('Update',), ('Configure...', "Don't ask again"), ('Show details',))), 'link')], 2000, 2000, rng.randint(400, 470), 'dialog', 'dialog')]
        yield from self.told('notification', text=text)
        yield from self.pause(2, 8)
        self.over = []
        self.draw()
        yield None

    def menus(self) -> Step:
        """A menu opens and closes: nothing to say."""
        texts = parts.labels(self.world, 5, 14)
        rows = [Row(text, right=self.rng.choice(('', 'Ctrl+N', 'Ctrl+Alt+L', 'Shift+F6', 'Alt+Enter', '>'))) for text in texts]
        yield from self.peek(self.popup(rows, self.rng.randint(10, 900), self.rng.choice((28, 200, 350)), self.rng.randint(240, 330)), 1, 5)

    def tool_closed(self) -> Step:
        """Tool window or tree goes away or comes back."""
        if self.tool and self.rng.random() < 0.6:
            self.tool = ''
            yield from self.shown('panel_close')
            return
        shown = not self.tree_px
        self.tree_px = self.rng.randint(170, 280) if shown else 0
        yield from self.shown('side_show' if shown else 'side_hide')


class TextEditor(Editing):
    """A full-screen editor of the terminal, in the manner of vi, of Emacs, of nano or of Helix."""

    flavours: tuple[str, ...] = ('vim', 'vim', 'neovim', 'neovim')

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        rng = self.rng
        self.flavour = rng.choice(self.flavours)
        self.mode = 'NORMAL'
        self.command = ''
        self.region = rng.choice(('editor', 'editor', 'editor', 'terminal'))
        self.has_numbers = rng.random() < 0.7 and self.flavour not in ('nano',)
        self.bufferline = self.flavour == 'neovim' and rng.random() < 0.6
        self.tree_px = 0
        self.second: tuple[str, list[str]] | None = None  # another window: heading and lines
        self.below: list[Row] = []  # quickfix, diagnostics
        self.is_side_by_side = rng.random() < 0.6
        self.is_terminal_tabbed = rng.random() < 0.3

    def status_texts(self) -> list[str]:
        world = self.world
        position = f'{max(self.marked, 0) + 1},{len(world.file)}'
        match self.flavour:
            case 'neovim':
                return [self.mode, world.branch, world.file, 'utf-8', world.language, f'{min(99, 1 + self.top)}%', position.replace(',', ':')]
            case 'emacs':
                return [f'-:**-  {world.file}', 'All' if len(world.lines) < 30 else f'{min(99, self.top + 2)}%', f'L{max(self.marked, 0) + 1}', f'({LANGUAGE_NAMES[world.language]})']
            case 'helix':
                return [self.mode[:3], world.file, '1 sel', position.replace(',', ':')]
            case _:
                return [world.file, position, 'All' if len(world.lines) < 30 else 'Top']

    def panes(self) -> list[Pane]:
        world, box = self.world, self.box
        found: list[Pane] = []
        if self.is_terminal_tabbed:
            piece, box = cut(box, 'top', 26)
            found.append(self.bar(piece, [f'{self.flavour} {world.file}', '~ zsh']))
        if self.flavour == 'emacs':
            piece, box = cut(box, 'top', 26)
            found.append(self.bar(piece, ['File', 'Edit', 'Options', 'Buffers', 'Tools', LANGUAGE_NAMES[world.language], 'Help']))
        elif self.flavour == 'nano':
            piece, box = cut(box, 'top', 26)
            found.append(self.bar(piece, ['GNU nano 7.2', world.file, 'Modified' if self.mode == 'INSERT' else ''][:3], 'terminal', 'bar'))
            piece, box = cut(box, 'bottom', 2 * self.row_px('terminal') + 12)
            found.append(Pane('terminal', 'terminal', piece, tuple(rows_of(['^G Help      ^O Write Out  ^W Where Is   ^K Cut        ^T Execute', '^X Exit      ^R Read File  ^\\ Replace    ^U Paste      ^J Justify']))))
        elif self.bufferline:
            piece, box = cut(box, 'top', 28)
            found.append(self.bar(piece, world.tabs, 'tabs', active=world.file))
        piece, box = cut(box, 'bottom', self.row_px('terminal') + 10)
        found.append(Pane('terminal', 'terminal', piece, (Row(self.command),)))
        piece, box = cut(box, 'bottom', 24)
        found.append(self.bar(piece, filter(None, self.status_texts()), 'statusBar', 'bar'))
        if self.below:
            piece, box = cut(box, 'bottom', min(len(self.below) * self.row_px('terminal') + 16, (box[3] - box[1]) // 2))
            found.append(Pane('terminal', 'terminal', piece, tuple(self.below)))
        if self.tree_px:
            piece, box = cut(box, 'left', self.tree_px)
            found.append(Pane('tree', 'tree', piece, tuple(parts.tree(world, self.fitting(piece, 'tree'), self.seed))))
        if self.second:
            side = 'right' if self.is_side_by_side else 'bottom'
            piece, box = cut(box, side, (box[2] - box[0]) // 2 if side == 'right' else (box[3] - box[1]) // 2)
            heading, piece = cut(piece, 'bottom', 22)
            found.append(self.bar(heading, [self.second[0]], 'statusBar'))
            found.append(Pane('editor', self.region, piece, tuple(rows_of(self.second[1][: self.fitting(piece, 'editor')])), first_line=1 if self.has_numbers else -1))
        rows = self.code_rows(box)
        if self.flavour in ('vim', 'neovim') and not self.has_numbers:
            rows += tuple(rows_of(['~'] * (self.fitting(box, 'editor') - len(rows))))
        found.append(Pane('editor', self.region, box, rows, first_line=self.top + 1 if self.has_numbers else -1))
        return found

    def enter(self) -> Step:
        """By a command in a shell that fills the screen, or at once."""
        world = self.world
        program = {'vim': self.rng.choice(('vim', 'vi')), 'neovim': 'nvim', 'emacs': 'emacs -nw', 'nano': 'nano', 'helix': 'hx'}[self.flavour]
        if self.rng.random() < 0.4:
            shown = [Row(text) for text in world.terminal[-20:]] or [Row(world.prompt)]
            for length in snippets.typing_chunks(self.rng, f'{program} {world.file}', 10):
                pane = Pane('terminal', 'terminal', self.box, (*shown, Row(world.prompt + f'{program} {world.file}'[:length])))
                world.set(app='panes', panes=(pane,), popup=None, notification=())
                yield None
            yield None
        yield from self.told('open', file=world.file)

    def write(self) -> Step:
        self.mode = 'INSERT'
        if self.flavour in ('vim', 'neovim'):
            self.command = '-- INSERT --'
        self.draw()
        yield None
        yield from super().write()
        yield from self.pause(0, 2)
        self.mode, self.command = 'NORMAL', ''
        self.draw()
        yield None

    def typed_command(self, text: str) -> Step:
        def show(so_far: str) -> None:
            self.command = so_far

        yield from self.typed(text, show, self.rng.choice((4, 8)))
        yield None
        yield from self.pause(0, 2)

    def save(self) -> Step:
        world, rng = self.world, self.rng
        command = {'nano': f'File Name to Write: {world.file}', 'emacs': 'C-x C-s', 'helix': ':write'}.get(self.flavour, rng.choice((':w', ':w', ':wa', ':w!')))
        yield from self.typed_command(command)
        count = len(world.lines)
        self.command = {'nano': f'[ Wrote {count} lines ]', 'emacs': f'Wrote {world.file}', 'helix': f"'{world.file}' written, {count}L {count * 27}B"}.get(self.flavour, f'"{world.file}" {count}L, {count * 27}B written')
        yield from self.told('saved', file=world.file)

    def open(self) -> Step:
        """By a command, by a finder over the code, or in the tree at the left."""
        world, rng, names = self.world, self.rng, self.names
        name = self.another_file()
        way = rng.choice(('command', 'finder', 'tree')) if self.flavour in ('vim', 'neovim', 'helix') else 'command'
        if way == 'command':
            lead = {'emacs': 'Find file: ~/', 'nano': 'File to insert: ', 'helix': ':o '}.get(self.flavour, rng.choice((':e ', ':e ', ':tabe ', ':find ')))
            yield from self.typed_command(lead + name)
            self.command = '' if rng.random() < 0.5 else f'"{name}" {rng.randint(3, 200)}L, {rng.randint(90, 9000)}B'
        elif way == 'finder':
            heading = rng.choice(('Find Files', 'Telescope find_files', 'Live Grep', 'Buffers'))
            files = [name, *(names.file(world.language) for _ in range(rng.randint(4, 14)))]
            for length in snippets.typing_chunks(rng, name[: rng.randint(2, 5)], 2):
                rows = [Row(heading, look='dim'), Row('> ' + name[:length], look='input'), *(Row(f'{world.folder.get(file) or names.word()}/{file}', look='selected' if file == name else 'plain') for file in files)]
                self.over = [self.dialog(rows, rng.choice((420, 640, 800)), region='popup', kind='list')]
                self.draw()
                yield from self.pause(1, 2)
            self.over = []
        else:
            self.tree_px = rng.randint(190, 270)
            self.draw()
            yield from self.pause(1, 3)
            if rng.random() < 0.5:
                self.tree_px = 0
        self.show_file(name)
        yield from self.told('open', file=name)

    def find(self) -> Step:
        query = self.names.word()
        hits = [row for row in self.visible() if query in self.world.lines[row]]
        yield from self.typed_command({'emacs': 'I-search: ', 'nano': 'Search: '}.get(self.flavour, '/') + query)
        if hits:
            self.marked = hits[0]
        else:
            self.command = {'nano': f'[ "{query}" not found ]', 'emacs': f'Failing I-search: {query}'}.get(self.flavour, f'E486: Pattern not found: {query}' if self.rng.random() < 0.5 else f'/{query}  [1/{self.rng.randint(1, 9)}]')
        yield from self.told('find', query=query)

    def substitute(self) -> Step:
        """Replaces a name everywhere with a command."""
        world, rng = self.world, self.rng
        defined = [name for row, name in snippets.defined_names(world.lines) if len(name) > 3 and row in self.visible()]
        if not defined or self.flavour == 'nano':
            yield from self.save()
            return
        old, new = rng.choice(defined), self.names.function(world.language)
        command = f'Query replace {old} with: {new}' if self.flavour == 'emacs' else rng.choice((f':%s/{old}/{new}/g', f':%s/{old}/{new}/gc', f':lua vim.lsp.buf.rename("{new}")'))
        yield from self.typed_command(command)
        world.files[world.file] = [text.replace(old, new) for text in world.lines]
        self.command = f'{rng.randint(2, 9)} substitutions on {rng.randint(2, 9)} lines'
        yield from self.told('rename', old=old, new=new)

    def split(self) -> Step:
        """A second window with another file, which goes again."""
        if self.second:
            name, self.second = self.second[0], None
            yield from self.typed_command({'emacs': 'C-x 1'}.get(self.flavour, ':q'))
            self.command = ''
            yield from self.told('closed', name=name)
            return
        if self.flavour == 'nano':
            return
        name = self.another_file()
        yield from self.typed_command(f'Find file in other window: ~/{name}' if self.flavour == 'emacs' else f':{self.rng.choice(("vs", "sp", "vsplit", "split"))} {name}')
        self.command, self.second = '', (name, self.world.files[name])
        yield from self.told('open', file=name)

    def quickfix(self) -> Step:
        """A list of places below, of a compiler or a search."""
        rng, names, world = self.rng, self.names, self.world
        texts = [parts.line(world, 'interface', 10, 44) if rng.random() < 0.4 else f'undefined: {names.variable(world.language)}' for _ in range(rng.randint(2, 6))]
        yield from self.typed_command({'emacs': 'M-x compile'}.get(self.flavour, rng.choice((':copen', ':make', ':lua vim.diagnostic.setqflist()'))))
        self.below = [Row(f'{rng.choice(list(world.files))}|{rng.randint(1, 200)} col {rng.randint(1, 50)}| {text}') for text in texts]
        self.command = ''
        yield from self.told('problem', message=texts[0])
        yield from self.pause(2, 6)
        self.below = []
        self.draw()
        yield None

    def hover(self) -> Step:
        """What the language server tells about a name, or what is wrong with a line."""
        rng, names, world = self.rng, self.names, self.world
        row = rng.choice(self.visible() or [0])
        signature = rng.choice((f'(function) {names.function(world.language)}({names.word()}: str)', f'func {names.function("go")}({names.word()} int) error', f'class {names.type_name()}', f'(variable) {names.variable(world.language)}: int'))
        popup = self.popup([Row(signature), *rows_of(parts.lines(world, 'prose', rng.randint(0, 4), 60))], *self.point(row, 8), width=rng.randint(380, 520), kind='hover')
        self.over = [popup]
        yield from self.told('hover', text=signature)
        yield from self.pause(1, 5)
        self.over = []
        self.draw()
        yield None

    def shell(self) -> Step:
        """Runs a command from within: its output takes the screen until a key is pressed."""
        run = self.rng.choice((terminal.tests_pass, terminal.tests_fail))(self.names, self.world.language) if self.rng.random() < 0.5 else terminal.other_command(self.names)
        yield from self.typed_command(f':!{run.command}')
        self.below = rows_of([f':!{run.command}', *run.output, '', 'Press ENTER or type command to continue'])
        yield from self.told(run.kind, **parts.named(run))
        yield from self.pause(1, 5)
        self.below, self.command = [], ''
        self.draw()
        yield None


class OtherTextEditor(TextEditor):
    flavours = ('emacs', 'emacs', 'nano')


class HelixEditor(TextEditor):
    flavours = ('helix',)


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
