"""An IDE with tool windows."""

from __future__ import annotations

from screen.canvas import Box
from screen.view import Pane, PaneKind, Row
from text import snippets, terminal
from text.terminal import ToolRun
from text.vocabulary import ERRORS, LANGUAGE_NAMES, VERBS
from world.developer import Step, World
from world.programs import parts
from world.programs.editing import Editing
from world.programs.parts import cut, rows_of


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
