"""What a frame shows, as small integers: targets of the vision encoder's auxiliary training."""

from __future__ import annotations

from typing import get_args

from screen.style import is_light
from screen.view import PaneKind, Style, View

APPS = ('editor', 'terminal', 'browser', 'slide', 'panes')
TERMINAL_STATES = ('none', 'typing', 'run', 'pass', 'fail', 'ok', 'error')
SIDE_VIEWS = ('explorer', 'search', 'scm', 'testing', 'debug', 'extensions')
TEST_BARS = ('none', 'green', 'red')
PANE_KINDS = ('none', *get_args(PaneKind))
MARKS = ('none', 'pass', 'fail', 'run', 'dot')
POPUPS = ('none', 'quickPick', 'find', 'rename', 'hover', 'suggest', 'menu')

ATTRIBUTES: dict[str, int] = {  # name: number of classes
    'app': len(APPS),
    'debugging': 2,
    'test_bar': len(TEST_BARS),
    'light': 2,
    'side_bar': 2,
    'side_view': len(SIDE_VIEWS),
    'panel': 2,
    'breakpoint': 2,
    'popup': len(POPUPS),
    'notification': 2,
    'dirty': 2,
    'terminal_state': len(TERMINAL_STATES),
    'tabs': 6,
    'active_tab': 5,
    'cursor_row': 12,  # three rows of code each
    'zoomed': 2,
    'front': len(PANE_KINDS),  # the foremost pane
    'panes': 6,
    'selected': 12,  # row of the selection in the foremost pane that has one
    'mark': len(MARKS),  # the last one painted before a row
}


def labels_of(view: View, style: Style | None = None) -> dict[str, int]:
    """Class of each attribute; -1 where it does not apply (no editor on screen). Without a style `light` is whether the session's own theme is on."""
    in_editor = view.app == 'editor'
    has_terminal = (in_editor and view.panel == 'TERMINAL') or view.app == 'terminal'
    light = is_light(style, view.is_alternate_theme) if style else not view.is_alternate_theme
    labels = {
        'debugging': int(view.is_debugging),
        'test_bar': TEST_BARS.index(view.test_bar),
        'light': int(light),
        'side_bar': int(view.is_side_bar_shown),
        'side_view': SIDE_VIEWS.index(view.side_view) if view.is_side_bar_shown and view.side_view in SIDE_VIEWS else -1,
        'panel': int(bool(view.panel)),
        'breakpoint': int(bool(view.breakpoints)),
        'popup': POPUPS.index(view.popup.kind) if view.popup else 0,
        'notification': int(bool(view.notification)),
        'dirty': int(view.is_dirty),
        'tabs': len(view.tabs),
        'active_tab': view.active_tab,
        'cursor_row': min(11, view.cursor[0] // 3) if view.cursor[0] >= 0 else -1,
        'zoomed': int(view.zoom > 1),
    }
    if not in_editor:
        labels = dict.fromkeys(labels, -1)
    selected = [index for pane in view.panes for index, row in enumerate(pane.rows) if row.look == 'selected']
    marks = [row.mark for pane in view.panes for row in pane.rows if row.mark in MARKS]
    labels['app'] = APPS.index(view.app)
    labels['front'] = PANE_KINDS.index(view.panes[-1].kind) if view.panes else 0
    labels['panes'] = min(5, len(view.panes))
    labels['selected'] = 1 + min(10, selected[-1]) if selected else 0
    labels['mark'] = MARKS.index(marks[-1]) if marks else 0
    labels['terminal_state'] = TERMINAL_STATES.index(view.terminal_state) if has_terminal else -1
    return labels
