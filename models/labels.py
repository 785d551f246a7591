"""What a frame shows, as small integers: targets of the vision encoder's auxiliary training."""

from __future__ import annotations

from scene import Style, View
from style import is_light

APPS = ('editor', 'terminal', 'browser', 'slide')
TERMINAL_STATES = ('none', 'typing', 'run', 'pass', 'fail', 'ok', 'error')
SIDE_VIEWS = ('explorer', 'search', 'scm', 'testing', 'debug')
TEST_BARS = ('none', 'green', 'red')
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
        'side_view': SIDE_VIEWS.index(view.side_view) if view.is_side_bar_shown else -1,
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
    labels['app'] = APPS.index(view.app)
    labels['terminal_state'] = TERMINAL_STATES.index(view.terminal_state) if has_terminal else -1
    return labels
