"""The scripted developer: a small world (files, editor, terminal, browser) and the steps that change it.

A step is a generator. It changes the world and yields once per frame: `None`, or an `Event` when the frame completes the evidence of
something worth saying. Text is evidence on the second frame that shows it (a reader must have read it twice), a change of the
picture on the first.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import snippets
import terminal
from scene import Event, Popup, Style, TestBar, View
from style import is_light
from terminal import ToolRun
from vocabulary import ERRORS, LANGUAGE_NAMES, VERBS, Names, Split

Step = Iterator[Event | None]

PALETTE = """Format Document|Reload Window|Toggle Word Wrap|Organize Imports|Close All Editors|Git: Pull|Git: Push|Python: Select Interpreter
Preferences: Open Settings|Toggle Line Comment|Fold All|Unfold All|Show All Commands|Change Language Mode|Duplicate Selection
Transform to Uppercase|Sort Lines Ascending|Trim Trailing Whitespace|Insert Snippet|Clear Editor History|Git: Stash|Git: Fetch|Reveal in Explorer
Docker: Add Docker Files|Run Build Task|Developer: Toggle Developer Tools|Extensions: Install Extensions|Toggle Screencast Mode""".replace('\n', '|').split('|')
MENU = """Go to Definition|Go to References|Peek|Find All References|Find All Implementations|Rename Symbol|Change All Occurrences|Format Document
Refactor...|Source Action...|Cut|Copy|Paste|Command Palette...|Go to Test|Run Test|Debug Test|Open to the Side|Copy Path|Extract Method""".replace('\n', '|').split('|')
FOLDERS = ('src', 'tests', 'lib', 'docs', 'app', 'api', 'utils', 'scripts', 'public', 'components')


class World:
    """Everything the screen shows, changed by the steps."""

    def __init__(self, rng: random.Random, split: Split, style: Style, pseudo_share: float) -> None:
        self.rng, self.style = rng, style
        self.language = rng.choice(list(LANGUAGE_NAMES))
        self.names = Names(rng, split, pseudo_share)
        self.project = self.names.word() if rng.random() < 0.6 else '-'.join(self.names.pair())
        self.files: dict[str, list[str]] = {}
        self.folder: dict[str, str] = {}
        self.tabs: list[str] = []
        self.active = 0
        self.top = 0
        self.cursor = (0, 0)
        self.breakpoints: dict[str, set[int]] = {}
        self.terminal: list[str] = []
        self.prompt = terminal.prompt(self.names, self.project)
        self.branch = rng.choice(('main', 'main', 'master', 'dev', self.names.word()))
        self.server_port = ''
        self.other_panel_lines: tuple[str, ...] = ()
        self.values: dict[str, object] = {'app': 'editor', 'is_dirty': False, 'panel': '', 'is_debugging': False, 'test_bar': 'none', 'zoom': 1.0}
        self.values['is_side_bar_shown'] = rng.random() < 0.75
        self.values['is_alternate_theme'] = rng.random() < 0.3
        self.values['is_debugging'] = rng.random() < 0.2
        self.values['test_bar'] = rng.choice(('none', 'none', 'green', 'red'))
        self.side_override: tuple[tuple[int, str], ...] | None = None
        for _ in range(rng.randint(3, 7)):
            self.add_file()
        self.open_file(rng.choice(list(self.files)))
        if rng.random() < 0.35:
            self.values['panel'] = 'TERMINAL'
            self.terminal.append(self.prompt)
        self._last: View | None = None

    # --- state -----------------------------------------------------------------------------------------

    @property
    def file(self) -> str:
        return self.tabs[self.active]

    @property
    def lines(self) -> list[str]:
        return self.files[self.file]

    @property
    def app(self) -> str:
        return str(self.values['app'])

    def set(self, **values: object) -> None:
        """Sets fields of the view, by their names there."""
        self.values.update(values)

    def add_file(self, is_empty: bool = False) -> str:
        name = self.names.file(self.language)
        self.folder[name] = self.rng.choice(('', *FOLDERS[:4])) if self.rng.random() < 0.8 else self.names.word()
        self.files[name] = [''] if is_empty else snippets.source_file(self.names, name, self.language, self.rng.randint(6, 40))
        return name

    def open_file(self, name: str) -> None:
        if name not in self.tabs:
            self.tabs.append(name)
            if len(self.tabs) > 5:
                self.tabs.pop(0)
        self.active = self.tabs.index(name)
        self.top, self.cursor = 0, (0, 0)
        self.set(is_dirty=False)

    def reveal(self, row: int) -> None:
        rows = self.style.code_rows(bool(self.values['panel']))
        if not self.top <= row < self.top + rows - 1:
            self.top = max(0, row - rows // 2)

    def visible_rows(self) -> range:
        rows = self.style.code_rows(bool(self.values['panel']))
        return range(self.top, min(len(self.lines), self.top + rows))

    def explorer(self) -> tuple[tuple[int, str], ...]:
        rows: list[tuple[int, str]] = [(0, 'EXPLORER'), (0, self.project.upper())]
        for folder in sorted(set(self.folder.values())):
            if folder:
                rows.append((1, folder))
            rows += [(2 if folder else 1, name) for name in sorted(self.files) if self.folder[name] == folder]
        return tuple(rows)

    def view(self) -> View:
        """The screen now; the very same object as last time if nothing changed."""
        panel = self.values['panel']
        folder = self.folder[self.file]
        view = View(
            project=self.project,
            language=self.language,
            tabs=tuple(self.tabs),
            active_tab=self.active,
            breadcrumb=(folder, self.file) if folder else (self.file,),
            side_lines=self.side_override or self.explorer(),
            code=tuple(self.lines[self.top : self.top + 60]),
            first_line=self.top,
            cursor=(self.cursor[0] - self.top, self.cursor[1]),
            breakpoints=tuple(sorted(row - self.top for row in self.breakpoints.get(self.file, ()) if row >= self.top)),
            panel_lines=tuple(self.terminal[-40:]) if panel == 'TERMINAL' or self.app == 'terminal' else self.other_panel_lines,
            branch=self.branch,
            **self.values,  # type: ignore[arg-type]
        )
        if view == self._last:
            return self._last
        self._last = view
        return view

    # --- small actions shared by steps --------------------------------------------------------------------

    def to_editor(self) -> Step:
        if self.app != 'editor':
            self.set(app='editor')
            yield None
            yield Event('editor', {})

    def to_terminal(self) -> Step:
        if self.app == 'terminal':
            return
        yield from self.to_editor()
        if self.values['panel'] != 'TERMINAL':
            self.set(panel='TERMINAL')
            yield Event('panel_open', {})
            yield None

    def pause(self, low: int, high: int) -> Step:
        for _ in range(self.rng.randint(low, high)):
            yield None

    def save(self) -> None:
        if self.rng.random() < 0.6:
            self.set(is_dirty=False)

    def type_code(self, row: int, lines: tuple[str, ...]) -> Step:
        """Types (or pastes) lines into the active file."""
        content, rng = self.lines, self.rng
        self.set(is_dirty=True)
        if rng.random() < 0.25:
            content[row:row] = lines
            self.reveal(row + len(lines) - 1)
            self.cursor = (row + len(lines) - 1, len(lines[-1]))
            return
        speed = rng.choice((4, 6, 10, 16, 30))
        typed = 0
        for offset, line in enumerate(lines):
            content.insert(row + offset, '')
            self.reveal(row + offset)
            for length in snippets.typing_chunks(rng, line, speed * 2):
                typed += length - len(content[row + offset])
                content[row + offset] = line[:length]
                self.cursor = (row + offset, length)
                if typed >= speed:
                    typed = 0
                    yield None

    def type_command(self, command: str) -> Step:
        self.set(terminal_state='typing')
        if not self.terminal or self.terminal[-1] != self.prompt:
            self.terminal.append(self.prompt)
        for length in snippets.typing_chunks(self.rng, command, self.rng.choice((5, 8, 12, 20))):
            self.terminal[-1] = self.prompt + command[:length]
            yield None
        if self.rng.random() < 0.5:
            yield None
        self.set(terminal_state='run')

    def run(self, run: ToolRun) -> Step:
        """Types a command, shows its progress and its output."""
        yield from self.to_terminal()
        yield from self.type_command(run.command)
        for text in run.progress:
            self.terminal.append(text)
            yield from self.pause(1, 3)
        yield from self.pause(0, self.rng.choice((1, 3, 6)))
        self.terminal += run.output
        if run.command == 'clear':
            self.terminal.clear()
        if run.kind != 'server_start':
            self.terminal.append(self.prompt)
        self.set(terminal_state=run.state)
        yield None
        yield Event(run.kind, run.slots)


# --- files and code ------------------------------------------------------------------------------------------


def step_open(world: World) -> Step:
    yield from world.to_editor()
    others = [name for name in world.files if name != world.file]
    if world.rng.random() < 0.35 and len(world.files) < 14:
        others = [world.add_file()]
    name = world.rng.choice(others)
    if world.rng.random() < 0.25:
        world.set(popup=Popup('quickPick', (name[: world.rng.randint(2, 6)], name, *world.rng.sample(list(world.files), 2))))
        yield from world.pause(1, 3)
        world.set(popup=None)
    world.open_file(name)
    yield None
    yield Event('open', {'file': name})


def step_create(world: World) -> Step:
    yield from world.to_editor()
    name = world.add_file(is_empty=True)
    if world.rng.random() < 0.5:
        for length in snippets.typing_chunks(world.rng, name, 10):
            world.set(popup=Popup('quickPick', (name[:length], 'Create New File')))
            yield None
        world.set(popup=None)
    world.open_file(name)
    yield None
    yield Event('create', {'file': name})


def step_function(world: World) -> Step:
    yield from world.to_editor()
    snippet = snippets.function(world.names, world.language)
    blank = [row + 1 for row, line in enumerate(world.lines) if line == '']
    yield from world.type_code(world.rng.choice(blank[-3:]) if blank else len(world.lines), snippet.lines)
    world.save()
    yield None
    yield Event('function', {'function': snippet.name})


def step_type(world: World) -> Step:
    yield from world.to_editor()
    snippet = snippets.definition(world.names, world.language)
    yield from world.type_code(len(world.lines), snippet.lines)
    world.save()
    yield None
    yield Event('type', {'type': snippet.name})


def step_import(world: World) -> Step:
    yield from world.to_editor()
    snippet = snippets.import_of(world.names, world.language)
    world.top = 0
    yield from world.type_code(0, snippet.lines)
    world.save()
    yield None
    yield Event('import', {'module': snippet.name})


def step_value(world: World) -> Step:
    """Sets a variable, or changes a value that is there."""
    yield from world.to_editor()
    snippet = snippets.statement(world.names, world.language)
    target, value = snippet.name.split('=', 1)
    row = min(world.rng.randint(0, 12), len(world.lines))
    yield from world.type_code(row, snippet.lines)
    yield None
    yield Event('value', {'name': target, 'value': value})
    if world.rng.random() < 0.5:
        yield from world.pause(1, 4)
        other = str(world.rng.randint(2, 999))
        world.lines[row] = snippet.lines[0].replace(value, other)
        world.set(is_dirty=True)
        yield None
        yield Event('change', {'name': target, 'value': other})


def step_rename(world: World) -> Step:
    yield from world.to_editor()
    defined = [(row, name) for row, name in snippets.defined_names(world.lines) if len(name) > 3]
    if not defined:
        return
    row, old = world.rng.choice(defined)
    new = world.names.type_name() if old[0].isupper() and world.language != 'go' else world.names.function(world.language)
    if len(world.lines) > row + 3 and world.rng.random() < 0.7:
        world.lines.insert(row + 3, f'{" " * 4}{old}()')
    world.reveal(row)
    column = max(0, world.lines[row].find(old))
    world.cursor = (row, column)
    yield None
    for text in (old, new[: len(new) // 2], new, new):
        world.set(popup=Popup('rename', (text, 'Enter to Rename, Shift+Enter to Preview'), row - world.top, column))
        yield from world.pause(1, 2)
    world.set(popup=None, is_dirty=True)
    world.files[world.file] = [line.replace(old, new) for line in world.lines]
    yield None
    yield Event('rename', {'old': old, 'new': new})


def step_find(world: World) -> Step:
    yield from world.to_editor()
    query = world.names.word() if world.rng.random() < 0.5 else world.names.function(world.language)
    count = world.rng.randint(0, 9)
    for length in snippets.typing_chunks(world.rng, query, 12):
        world.set(popup=Popup('find', (query[:length], f'{min(1, count)} of {count}' if count else 'No results')))
        yield None
    yield Event('find', {'query': query})
    yield from world.pause(0, 3)
    world.set(popup=None)
    yield None


def step_search_view(world: World) -> Step:
    """Searches the whole project in the side bar."""
    yield from world.to_editor()
    query = world.names.word() if world.rng.random() < 0.5 else world.names.function(world.language)
    if not world.values['is_side_bar_shown']:
        world.set(is_side_bar_shown=True)
        yield Event('side_show', {})
    hits = world.rng.sample(list(world.files), min(2, len(world.files)))
    rows = [(0, 'SEARCH'), (1, query), (1, f'{len(hits) * 2} results in {len(hits)} files')]
    for file in hits:
        rows += [(1, file), (2, f'{world.names.word()} {query}')]
    world.set(side_view='search')
    world.side_override = ((0, 'SEARCH'), (1, 'Search'))
    yield None
    world.side_override = tuple(rows)
    yield None
    yield Event('find', {'query': query})
    yield from world.pause(1, 4)
    world.side_override = None
    world.set(side_view='explorer')
    yield None


def step_scroll(world: World) -> Step:
    yield from world.to_editor()
    if len(world.lines) < world.style.code_rows(bool(world.values['panel'])) + 4:
        return
    direction = 1 if world.top < 5 else -1
    for _ in range(world.rng.randint(2, 5)):
        world.top = max(0, min(len(world.lines) - 6, world.top + direction * world.rng.randint(2, 7)))
        yield None
    yield None
    yield Event('scroll', {'direction': 'down' if direction > 0 else 'up'})


# --- terminal --------------------------------------------------------------------------------------------------


def _tool(maker: Callable[[World], ToolRun]) -> Callable[[World], Step]:
    def step(world: World) -> Step:
        yield from world.run(maker(world))

    return step


def step_commit(world: World) -> Step:
    """Commits in the terminal, or in the source control view."""
    if world.rng.random() < 0.7:
        yield from world.run(terminal.commit(world.names, world.branch))
        return
    yield from world.to_editor()
    if not world.values['is_side_bar_shown']:
        world.set(is_side_bar_shown=True)
        yield Event('side_show', {})
    message = f'{world.rng.choice(VERBS)} {world.names.words(1, 3)}'
    changed = [(1, f'{name} M') for name in world.rng.sample(list(world.files), min(3, len(world.files)))]
    world.set(side_view='scm')
    for length in [0, *snippets.typing_chunks(world.rng, message, 12)]:
        world.side_override = ((0, 'SOURCE CONTROL'), (1, message[:length] or 'Message (Ctrl+Enter to commit)'), (1, 'Commit'), (0, f'Changes {len(changed)}'), *changed)
        yield None
    yield None
    world.side_override = ((0, 'SOURCE CONTROL'), (1, 'Message (Ctrl+Enter to commit)'), (1, 'Publish Branch'))
    yield None
    yield Event('commit', {'message': message})
    yield from world.pause(0, 3)
    world.side_override = None
    world.set(side_view='explorer')
    yield None


def step_branch(world: World) -> Step:
    run = terminal.new_branch(world.names)
    yield from world.to_terminal()
    yield from world.type_command(run.command)
    world.branch = run.slots['branch']
    world.terminal += [*run.output, world.prompt]
    world.set(terminal_state='ok')
    yield None
    yield Event('branch', run.slots)


def step_server(world: World) -> Step:
    """Starts a server, lets it print requests, and stops it again."""
    run = terminal.server_start(world.names, world.language, world.file)
    yield from world.run(run)
    for _ in range(world.rng.randint(0, 3)):
        yield from world.pause(1, 4)
        world.terminal.append(f'{world.rng.choice(("GET", "POST"))} /{world.names.word()} {world.rng.choice((200, 201, 304, 404, 500))}')
        yield None
    yield from world.pause(1, 6)
    world.terminal += ['^C', world.prompt]
    world.set(terminal_state='ok')
    yield None
    yield Event('server_stop', {})


def step_full_terminal(world: World) -> Step:
    """A window with nothing but a terminal, for one or more commands."""
    if world.app != 'terminal':
        world.set(app='terminal')
        if world.rng.random() < 0.5:
            world.terminal.clear()
        if not world.terminal:
            world.terminal.append(world.prompt)
        yield None
        yield Event('terminal', {})
        yield from world.pause(0, 3)
    yield from world.run(terminal.other_command(world.names))


# --- other windows and interface parts ---------------------------------------------------------------------------


def step_browser(world: World) -> Step:
    names, rng = world.names, world.rng
    word = names.word()
    url = rng.choice((f'docs.{word}.dev', f'github.com/{word}/{names.word()}', f'{word}.io/guide', f'localhost:{rng.randint(3000, 9000)}/{word}', f'https://www.{word}.com/{names.word()}', f'127.0.0.1:{rng.randint(3000, 9000)}', f'stackoverflow.com/questions/{rng.randint(1000, 99999)}'))
    title = names.title()
    world.set(app='browser', url=url, title=title, body=tuple(names.sentence() for _ in range(rng.randint(3, 12))), popup=None)
    yield None
    yield Event('browser', {'title': title, 'url': url})
    yield from world.pause(1, 8)
    if rng.random() < 0.4:
        body = list(world.values['body'])  # type: ignore[call-overload]
        world.set(body=tuple(body[2:]) + tuple(names.sentence() for _ in range(3)))
        yield from world.pause(1, 4)
    if rng.random() < 0.7:
        yield from world.to_editor()


def step_slide(world: World) -> Step:
    title = world.names.title()
    world.set(app='slide', title=title, body=tuple(world.names.words(2, 5) for _ in range(world.rng.randint(0, 5))), popup=None)
    yield None
    yield Event('slide', {'title': title})
    yield from world.pause(1, 8)
    if world.rng.random() < 0.6:
        yield from world.to_editor()


def step_palette(world: World) -> Step:
    """Chooses a command in the command palette."""
    yield from world.to_editor()
    rng = world.rng
    command = rng.choice(PALETTE) if rng.random() < 0.5 else f'{world.names.word().capitalize()}: {rng.choice(VERBS).capitalize()} {world.names.word().capitalize()}'
    typed = '>' + command.split()[-1].lower()[: rng.randint(2, 6)]
    rest = rng.sample(PALETTE, 4)
    world.set(popup=Popup('quickPick', ('>', *rest, command)))
    yield from world.pause(1, 2)
    world.set(popup=Popup('quickPick', (typed, command, *rest[:2])))
    yield from world.pause(2, 3)
    world.set(popup=Popup('quickPick', ('>' + command, command)))
    yield None
    yield None
    world.set(popup=None)
    yield Event('palette', {'command': command})


def step_menu(world: World) -> Step:
    """Chooses an entry of a context menu; the chosen one stays alone for a moment as the menu's tooltip."""
    yield from world.to_editor()
    rng = world.rng
    entries = rng.sample(MENU, 6)
    rows = world.visible_rows()
    if not rows:
        return
    row = rng.choice(rows) - world.top
    world.set(popup=Popup('menu', tuple(entries), row, rng.randint(4, 20)), mouse=None)
    yield from world.pause(2, 4)
    chosen = rng.choice(entries)
    world.set(popup=None, notification=(f'Running {chosen}',))
    yield None
    yield Event('menu', {'entry': chosen})
    yield from world.pause(1, 3)
    world.set(notification=())


def step_notification(world: World) -> Step:
    """A message in the corner."""
    yield from world.to_editor()
    names, rng = world.names, world.rng
    text = rng.choice((names.words(3, 6).capitalize() + '.', f'Server is started at port : {rng.randint(1024, 9999)}', f'{names.type_name()} {rng.choice(("added", "created", "removed", "updated"))} successfully!', f'Cannot {rng.choice(VERBS)} {names.word()}: {rng.choice(ERRORS[world.language])}', f'Do you want to install the {names.word()} extension?'))
    world.set(notification=(text, *rng.choice(((), ('Yes   No',), ('Open Settings',), ('Source: ' + names.word(),)))))
    yield None
    yield Event('notification', {'text': text})
    yield from world.pause(2, 8)
    world.set(notification=())


def step_test_explorer(world: World) -> Step:
    """Runs the tests from the Testing view: the text there gives the count, the picture the colour."""
    yield from world.to_editor()
    if not world.values['is_side_bar_shown']:
        world.set(is_side_bar_shown=True)
        yield Event('side_show', {})
    total = world.rng.randint(2, 40)
    passed = total if world.rng.random() < 0.6 else world.rng.randint(0, total - 1)
    tests = tuple((2, f'test_{"_".join(world.names.pair(VERBS))}') for _ in range(3))
    world.set(side_view='testing', test_bar='none')
    world.side_override = ((0, 'TESTING'), (1, world.file), *tests)
    yield from world.pause(2, 4)
    summary = f'{passed}/{total} tests passed ({100 * passed // total}%)'
    world.side_override = ((0, 'TESTING'), (1, summary), (1, world.file), *tests)
    yield None
    yield Event('test_explorer', {'passed': f'{passed}/{total}'})
    yield from world.pause(1, 4)
    world.side_override = None
    world.set(side_view='explorer')
    yield None


def step_problems(world: World) -> Step:
    """Looks at the PROBLEMS or OUTPUT panel."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    panel = rng.choice(('PROBLEMS', 'OUTPUT', 'DEBUG CONSOLE'))
    message = names.words(3, 6).capitalize()
    world.other_panel_lines = (f'{world.file}', f'{message} [Ln {rng.randint(1, 60)}, Col {rng.randint(1, 40)}]') if panel == 'PROBLEMS' else tuple(f'[{names.word()}] {names.words(2, 5)}' for _ in range(rng.randint(1, 5)))
    if world.values['panel'] == '':
        world.set(panel=panel, problems=(1, 0) if panel == 'PROBLEMS' else (0, 0))
        yield Event('panel_open', {})
    world.set(panel=panel)
    yield from world.pause(3, 6)


# --- what only the picture shows ------------------------------------------------------------------------------------


def step_debug(world: World) -> Step:
    yield from world.to_editor()
    started = not world.values['is_debugging']
    world.set(is_debugging=started)
    yield Event('debug_start' if started else 'debug_stop', {})


def step_breakpoint(world: World) -> Step:
    yield from world.to_editor()
    rows = [row for row in world.visible_rows() if world.lines[row].strip()]
    if not rows:
        return
    row = world.rng.choice(rows)
    world.breakpoints.setdefault(world.file, set()).add(row)
    yield Event('breakpoint', {})


def step_test_bar(world: World) -> Step:
    yield from world.to_editor()
    now = world.values['test_bar']
    colour: TestBar = world.rng.choice([c for c in ('green', 'red') if c != now])  # type: ignore[assignment]
    world.set(test_bar=colour)
    yield Event(f'test_{colour}', {})


def step_theme(world: World) -> Step:
    yield from world.to_editor()
    alternate = not world.values['is_alternate_theme']
    world.set(is_alternate_theme=alternate)
    yield Event('theme_light' if is_light(world.style, alternate) else 'theme_dark', {})


def step_side_bar(world: World) -> Step:
    yield from world.to_editor()
    shown = not world.values['is_side_bar_shown']
    world.set(is_side_bar_shown=shown)
    yield Event('side_show' if shown else 'side_hide', {})


def step_panel(world: World) -> Step:
    """Opens an empty panel, or closes it."""
    yield from world.to_editor()
    if world.values['panel']:
        world.set(panel='')
        yield Event('panel_close', {})
        return
    world.terminal = [world.prompt]
    world.set(panel='TERMINAL', terminal_state='none')
    yield Event('panel_open', {})


# --- distractors: nothing to say -------------------------------------------------------------------------------------


def step_mouse(world: World) -> Step:
    for _ in range(world.rng.randint(2, 8)):
        world.set(mouse=(world.rng.randint(80, 1200), world.rng.randint(60, 660)))
        yield None
    if world.rng.random() < 0.6:
        world.set(mouse=None)


def step_hover(world: World) -> Step:
    rows = world.visible_rows()
    if world.app != 'editor' or not rows:
        return
    row = world.rng.choice(rows)
    lines = (f'(function) {world.names.function(world.language)}()', world.names.sentence())
    world.set(popup=Popup(world.rng.choice(('hover', 'suggest')), lines, row - world.top, world.rng.randint(0, 20)))
    yield from world.pause(1, 5)
    world.set(popup=None)
    yield None


def step_cursor(world: World) -> Step:
    rows = world.visible_rows()
    if world.app != 'editor' or not rows:
        return
    for _ in range(world.rng.randint(1, 4)):
        row = world.rng.choice(rows)
        world.cursor = (row, len(world.lines[row]))
        yield from world.pause(1, 3)


def step_zoom(world: World) -> Step:
    world.set(zoom=1.25 if world.values['zoom'] == 1.0 else 1.0)
    yield None


def step_idle(world: World) -> Step:
    yield from world.pause(2, world.rng.choice((6, 12, 30, 60)))


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'open': (3.0, step_open),
    'create': (1.6, step_create),
    'function': (3.0, step_function),
    'type': (1.2, step_type),
    'import': (1.4, step_import),
    'value': (1.2, step_value),
    'rename': (1.2, step_rename),
    'find': (0.7, step_find),
    'search': (0.5, step_search_view),
    'scroll': (0.7, step_scroll),
    'tests_pass': (1.8, _tool(lambda world: terminal.tests_pass(world.names, world.language))),
    'tests_fail': (1.8, _tool(lambda world: terminal.tests_fail(world.names, world.language))),
    'run_ok': (1.4, _tool(lambda world: terminal.run_ok(world.names, world.language, world.file))),
    'run_error': (1.5, _tool(lambda world: terminal.run_error(world.names, world.language, world.file))),
    'install': (1.9, _tool(lambda world: terminal.install(world.names, world.language))),
    'command': (2.2, _tool(lambda world: terminal.other_command(world.names))),
    'commit': (1.4, step_commit),
    'branch': (0.8, step_branch),
    'server': (0.8, step_server),
    'full_terminal': (0.8, step_full_terminal),
    'browser': (1.5, step_browser),
    'slide': (1.0, step_slide),
    'palette': (1.0, step_palette),
    'menu': (0.8, step_menu),
    'notification': (0.8, step_notification),
    'test_explorer': (0.6, step_test_explorer),
    'problems': (0.4, step_problems),
    'debug': (2.2, step_debug),
    'breakpoint': (0.4, step_breakpoint),
    'test_bar': (1.8, step_test_bar),
    'theme': (1.4, step_theme),
    'side_bar': (0.6, step_side_bar),
    'panel': (0.6, step_panel),
    'mouse': (1.2, step_mouse),
    'hover': (0.9, step_hover),
    'cursor': (1.0, step_cursor),
    'zoom': (0.3, step_zoom),
    'idle': (1.2, step_idle),
}
