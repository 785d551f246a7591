"""The scripted developer's world: files, editor, terminal and windows, and the actions that steps are made of.

A step (steps.py, window_steps.py) is a generator. It changes the world and yields once per frame: `None`, or an `Event` when the frame completes
the evidence of something worth saying. Text is evidence on the second frame that shows it (a reader must have read it
twice), a change of the picture on the first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from screen.view import Pane, Style, View
from text import snippets, terminal
from text.terminal import ToolRun
from text.vocabulary import LANGUAGE_NAMES, Names, Split
from world.session import Event

Step = Iterator[Event | None]

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
        self.values: dict[str, object] = {'app': 'editor', 'panes': (), 'is_dirty': False, 'panel': '', 'is_debugging': False, 'test_bar': 'none', 'zoom': 1.0}
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
        self.is_checked = rng.random() < 0.6  # the editor counts what is wrong with half-written code
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
        """Sets fields of the view, by their names there. Panes and popups do not outlive the program that they belong to."""
        if values.get('app', self.app) != self.app:
            self.values |= {'panes': (), 'popup': None}
        self.values.update(values)

    @property
    def panes(self) -> tuple[Pane, ...]:
        return self.values['panes']  # type: ignore[return-value]

    def show(self, *panes: Pane) -> None:
        """Lays panes over what there is."""
        self.set(panes=(*self.panes, *panes))

    def hide(self, *panes: Pane) -> None:
        """Takes panes away; without any, all of them."""
        self.set(panes=tuple(pane for pane in self.panes if panes and all(pane is not other for other in panes)))

    def put(self, old: Pane, new: Pane) -> Pane:
        """One pane in the place of another."""
        self.set(panes=tuple(new if pane is old else pane for pane in self.panes))
        return new

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
            self.set(app='editor', panes=())
            yield None
            yield Event('open', {'file': self.file})

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
        before = self.values.get('problems', (0, 0))
        for offset, line in enumerate(lines):
            content.insert(row + offset, '')
            self.reveal(row + offset)
            for length in snippets.typing_chunks(rng, line, speed * 2):
                typed += length - len(content[row + offset])
                content[row + offset] = line[:length]
                self.cursor = (row + offset, length)
                if typed >= speed:
                    typed = 0
                    if self.is_checked and rng.random() < 0.5:
                        self.set(problems=(rng.randint(1, 3), rng.randint(0, 2)))
                    yield None
        if self.is_checked:
            self.set(problems=before if rng.random() < 0.8 else (0, 0))

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
