"""The world beyond the editor's window as steps of the simulated developer, and openings that a video may begin with.

A step brings a program on the screen, does something in it and often more, and goes back to the editor or stays (the next step decides).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from text import terminal
from world.developer import Step, World
from world.programs import clients, desktop, ide, notebook, scenes, shells, sites, text_editors
from world.programs.parts import FULL, Place, named

Play = Callable[[World], Step]

# What is done besides in a program that is on the screen.
_IDE = ('open', 'write', 'write', 'run', 'test', 'complete', 'menus', 'move', 'tool_closed')
_VIM = ('write', 'write', 'open', 'save', 'find', 'move', 'complete')
_NOTEBOOK = ('run', 'run', 'new_cell_above')
_SHELL = ('command', 'command', 'command', 'idle', 'split')
_READING = ('scroll', 'scroll', 'go', 'other_tab')
_HOSTING = ('scroll', 'go', 'files_changed', 'comment', 'other_tab')
_APP = ('reload', 'reload', 'error', 'form', 'scroll', 'other_tab', 'tools_closed')


def visit(place: type[Place], action: str, others: Sequence[str] = (), stay: float = 0.4) -> Play:
    """A step: enters the program, does the action and some of the others."""

    def step(world: World) -> Step:
        here = place(world)
        yield from here.enter()
        yield from here.pause(1, 8)
        chosen = [action, *world.rng.choices((action, *others), k=world.rng.choice((0, 0, 1, 1, 2, 4)) if others else 0)]
        for name in chosen:
            yield from getattr(here, name)()
            yield from here.pause(1, 6)
        if world.rng.random() > stay:
            yield from world.to_editor()

    return step


def beside(first: tuple[type[Place], Sequence[str]], second: tuple[type[Place], Sequence[str]]) -> Play:
    """A step on a divided screen: two programs, in each of which something is done."""

    def step(world: World) -> Step:
        rng = world.rng
        left, right = (first, second) if rng.random() < 0.7 else (second, first)
        middle = rng.randint(520, 800)
        top, bottom = (0, 720) if rng.random() < 0.7 else (26, 700)
        here, there = left[0](world, (0, top, middle, bottom)), right[0](world, (middle, top, 1280, bottom))
        here.beside, there.beside = [there], [here]
        yield from here.enter()
        for _ in range(rng.randint(2, 5)):
            place, actions = rng.choice(((here, left[1]), (there, right[1])))
            yield from here.pause(1, 5)
            yield from getattr(place, rng.choice(actions))()
        if rng.random() < 0.6:
            yield from world.to_editor()

    return step


_CODE_IDE = visit(ide.Ide, 'write', _IDE)
_CODE_VIM = visit(text_editors.TextEditor, 'write', _VIM)
_IN_SHELL = visit(shells.Shell, 'command', _SHELL)
_SLIDES = visit(scenes.Deck, 'next', ('next', 'next'))
_TERMINAL_EDITOR = (text_editors.TextEditor, ('write', 'save', 'open', 'find'))


def one_of(*plays: Play) -> Play:
    return lambda world: world.rng.choice(plays)(world)


STEPS: dict[str, tuple[float, Play]] = {
    'ide_open': (0.5, visit(ide.Ide, 'open', _IDE)),
    'ide_write': (0.5, _CODE_IDE),
    'ide_run': (0.5, visit(ide.Ide, 'run', _IDE)),
    'ide_test': (0.5, visit(ide.Ide, 'test', _IDE)),
    'ide_rename': (0.3, visit(ide.Ide, 'rename', _IDE)),
    'ide_find': (0.3, visit(ide.Ide, 'find', _IDE)),
    'ide_debug': (0.4, visit(ide.Ide, 'debug', _IDE)),
    'ide_complete': (0.3, visit(ide.Ide, 'complete', _IDE)),
    'ide_commit': (0.3, visit(ide.Ide, 'commit', _IDE)),
    'ide_problem': (0.3, visit(ide.Ide, 'problem', _IDE)),
    'ide_settings': (0.3, visit(ide.Ide, 'settings', _IDE)),
    'ide_configurations': (0.2, visit(ide.Ide, 'configurations', _IDE)),
    'ide_event_log': (0.2, visit(ide.Ide, 'event_log', _IDE)),
    'vim_write': (0.6, _CODE_VIM),
    'vim_open': (0.5, visit(text_editors.TextEditor, 'open', _VIM)),
    'vim_substitute': (0.3, visit(text_editors.TextEditor, 'substitute', _VIM)),
    'vim_split': (0.3, visit(text_editors.TextEditor, 'split', _VIM)),
    'vim_quickfix': (0.3, visit(text_editors.TextEditor, 'quickfix', _VIM)),
    'vim_hover': (0.3, visit(text_editors.TextEditor, 'hover', _VIM)),
    'vim_shell': (0.3, visit(text_editors.TextEditor, 'shell', _VIM)),
    'emacs_or_nano': (0.4, visit(text_editors.OtherTextEditor, 'write', ('write', 'open', 'save', 'find', 'split', 'move'))),
    'helix': (0.3, visit(text_editors.HelixEditor, 'write', _VIM)),
    'notebook': (0.8, visit(notebook.Notebook, 'run', _NOTEBOOK)),
    'notebook_restart': (0.2, visit(notebook.Notebook, 'restart', _NOTEBOOK)),
    'shell': (0.8, _IN_SHELL),
    'shell_repl': (0.5, visit(shells.Shell, 'repl', _SHELL)),
    'shell_sql': (0.4, visit(shells.Shell, 'sql', _SHELL)),
    'shell_debugger': (0.4, visit(shells.Shell, 'debugger', _SHELL)),
    'shell_top': (0.2, visit(shells.Shell, 'top', _SHELL)),
    'shell_pager': (0.3, visit(shells.Shell, 'pager', _SHELL)),
    'shell_logs': (0.5, visit(shells.Shell, 'logs', _SHELL)),
    'shell_tests': (0.4, visit(shells.Shell, 'tests_watched', _SHELL)),
    'shell_wizard': (0.4, visit(shells.Shell, 'wizard', _SHELL)),
    'reading': (0.7, visit(sites.Reading, 'scroll', _READING)),
    'searching': (0.5, visit(sites.Reading, 'search', _READING)),
    'hosting': (0.5, visit(sites.Hosting, 'go', _HOSTING)),
    'pull_request': (0.5, visit(sites.Hosting, 'files_changed', _HOSTING)),
    'merging': (0.4, visit(sites.Hosting, 'merge_it', ('merge_it', *_HOSTING))),
    'web_app': (0.7, visit(sites.WebApp, 'reload', _APP)),
    'web_form': (0.6, visit(sites.WebApp, 'form', _APP)),
    'web_error': (0.4, visit(sites.WebApp, 'error', _APP)),
    'web_login': (0.3, visit(sites.WebApp, 'login', _APP)),
    'web_tools': (0.5, visit(sites.WebApp, 'developer_tools', ('developer_tools', *_APP))),
    'cloud_console': (0.3, visit(sites.CloudConsole, 'form', ('scroll', 'form', 'go'))),
    'api_client': (0.5, visit(clients.ApiClient, 'request', ('request',))),
    'database_client': (0.5, visit(clients.DatabaseClient, 'ask', ('ask', 'expand'))),
    'files': (0.2, visit(desktop.Files, 'go', ('go',))),
    'system_settings': (0.2, visit(desktop.SystemSettings, 'switch', ('switch', 'go'))),
    'spreadsheet': (0.2, visit(desktop.Spreadsheet, 'cell', ('cell',))),
    'paper': (0.2, visit(desktop.Paper, 'page')),
    'drawing': (0.3, visit(desktop.Drawing, 'add', ('add', 'add'))),
    'slides': (0.8, _SLIDES),
    'editor_beside_shell': (0.5, beside(_TERMINAL_EDITOR, (shells.Shell, ('command', 'tests_watched', 'logs')))),
    'editor_beside_app': (0.5, beside((ide.Ide, ('write', 'open', 'run')), (sites.WebApp, ('reload', 'error', 'developer_tools', 'form')))),
    'editor_beside_page': (0.3, beside(_TERMINAL_EDITOR, (sites.Reading, ('scroll', 'go')))),
    'slides_beside_shell': (0.2, beside((scenes.Deck, ('next',)), (shells.Shell, ('command', 'repl')))),
    'shell_beside_app': (0.3, beside((shells.Shell, ('command', 'logs')), (sites.WebApp, ('reload', 'form')))),
    'streamed': (0.5, scenes.streamed(one_of(_CODE_IDE, _CODE_VIM, _IN_SHELL))),
    'captioned': (0.4, scenes.captioned(one_of(_CODE_IDE, _CODE_VIM, _IN_SHELL, _SLIDES))),
    'zoomed': (0.4, scenes.zoomed(one_of(_CODE_IDE, _CODE_VIM, _IN_SHELL))),
    'system_message': (0.5, scenes.system_message),
    # nothing to say
    'subscribe': (0.6, scenes.subscribe),
    'popups': (0.6, scenes.popups),
    'cut_away': (0.5, scenes.cut_away),
    'cut_to_page': (0.2, scenes.cut_to_place(sites.Reading)),
    'cut_to_ide': (0.2, scenes.cut_to_place(ide.Ide)),
    'webcam': (0.3, scenes.webcam),
    'card': (0.3, scenes.card),
    'long_idle': (0.8, scenes.idle),
}
HELD_OUT = frozenset(('helix', 'ide_configurations', 'notebook_restart', 'vim_split', 'vim_hover', 'shell_top', 'cloud_console', 'web_login', 'spreadsheet', 'drawing', 'slides_beside_shell', 'cut_to_ide'))
DISTRACTORS: frozenset[str] = frozenset(('subscribe', 'popups', 'cut_away', 'cut_to_page', 'cut_to_ide', 'webcam', 'card', 'long_idle'))  # never an event


def begin(place: type[Place], *actions: str) -> Play:
    """An opening: the program is there from the first frame on, and something may follow."""

    def start(world: World) -> Step:
        here = place(world, FULL if world.rng.random() < 0.7 else None)
        here.draw()
        yield from here.enter()
        yield from here.pause(1, 10)
        for name in world.rng.sample(actions, min(len(actions), world.rng.randint(0, 2))):
            yield from getattr(here, name)()
            yield from here.pause(1, 6)

    return start


def begin_with_card(world: World) -> Step:
    """A title card, and then whatever comes."""
    yield from scenes.card(world)
    if world.rng.random() < 0.6:
        yield from world.to_editor()


def begin_with_command(world: World) -> Step:
    """A terminal with a command already typed, which is run."""
    here = shells.Shell(world, FULL)
    here.output = [here.prompt]
    run = here.build() if world.rng.random() < 0.3 else terminal.other_command(world.names)
    here.output[-1] += run.command
    here.draw()
    yield from here.pause(2, 6)
    here.output += [*run.output, here.prompt]
    yield from here.told(run.kind, **named(run))


START: tuple[Play, ...] = (
    begin(ide.Ide, 'write', 'open', 'move'),
    begin(text_editors.TextEditor, 'write', 'open', 'find'),
    begin(notebook.Notebook, 'run'),
    begin(shells.Shell, 'command', 'idle'),
    begin_with_command,
    begin(sites.Reading, 'scroll', 'go'),
    begin(sites.Hosting, 'scroll', 'files_changed'),
    begin(sites.WebApp, 'reload', 'form'),
    begin(scenes.Deck, 'next'),
    begin(clients.ApiClient, 'request'),
    begin(clients.DatabaseClient, 'ask'),
    begin(desktop.SystemSettings, 'switch'),
    begin_with_card,
)
