"""The world beyond the editor's window as steps of the simulated developer, and openings that a video may begin with.

A step brings a program on the screen, does something in it and often more, and goes back to the editor or stays (the next step decides).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import program_editors as editors
from developer import Step, World
from program_parts import Place

Action = Callable[[Place], Step]


def visit(place: type[Place], action: str, others: Sequence[str] = (), stay: float = 0.4) -> Callable[[World], Step]:
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


_IDE = ('open', 'write', 'write', 'run', 'test', 'complete', 'menus', 'move', 'tool_closed')
_VIM = ('write', 'write', 'open', 'save', 'find', 'move', 'complete')
_NOTEBOOK = ('run', 'run', 'new_cell_above')

STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'ide_open': (0.5, visit(editors.Ide, 'open', _IDE)),
    'ide_write': (0.5, visit(editors.Ide, 'write', _IDE)),
    'ide_run': (0.5, visit(editors.Ide, 'run', _IDE)),
    'ide_test': (0.5, visit(editors.Ide, 'test', _IDE)),
    'ide_rename': (0.3, visit(editors.Ide, 'rename', _IDE)),
    'ide_find': (0.3, visit(editors.Ide, 'find', _IDE)),
    'ide_debug': (0.4, visit(editors.Ide, 'debug', _IDE)),
    'ide_complete': (0.3, visit(editors.Ide, 'complete', _IDE)),
    'ide_commit': (0.3, visit(editors.Ide, 'commit', _IDE)),
    'ide_problem': (0.3, visit(editors.Ide, 'problem', _IDE)),
    'ide_settings': (0.3, visit(editors.Ide, 'settings', _IDE)),
    'ide_configurations': (0.2, visit(editors.Ide, 'configurations', _IDE)),
    'ide_event_log': (0.2, visit(editors.Ide, 'event_log', _IDE)),
    'vim_write': (0.6, visit(editors.TextEditor, 'write', _VIM)),
    'vim_open': (0.5, visit(editors.TextEditor, 'open', _VIM)),
    'vim_substitute': (0.3, visit(editors.TextEditor, 'substitute', _VIM)),
    'vim_split': (0.3, visit(editors.TextEditor, 'split', _VIM)),
    'vim_quickfix': (0.3, visit(editors.TextEditor, 'quickfix', _VIM)),
    'vim_hover': (0.3, visit(editors.TextEditor, 'hover', _VIM)),
    'vim_shell': (0.3, visit(editors.TextEditor, 'shell', _VIM)),
    'emacs_or_nano': (0.4, visit(editors.OtherTextEditor, 'write', ('write', 'open', 'save', 'find', 'split', 'move'))),
    'helix': (0.3, visit(editors.HelixEditor, 'write', _VIM)),
    'notebook': (0.8, visit(editors.Notebook, 'run', _NOTEBOOK)),
    'notebook_restart': (0.2, visit(editors.Notebook, 'restart', _NOTEBOOK)),
}
HELD_OUT = frozenset(('helix', 'ide_configurations', 'notebook_restart', 'vim_split'))
START: tuple[Callable[[World], Step], ...] = ()
