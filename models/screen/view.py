"""What one frame shows: a view of the screen with its panes, its looks, and its lines of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

App = Literal['editor', 'terminal', 'browser', 'slide', 'panes']
TestBar = Literal['none', 'green', 'red']


class ScreenLine(NamedTuple):
    """A line of screen text as the decoder gets it; `region` is one of config.REGIONS."""

    region: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """Text a reader sees as one line; box in pixels of the 1280x720 picture."""

    text: str
    x: int
    y: int
    width: int
    height: int
    region: str = 'other'  # one of config.REGIONS


@dataclass(frozen=True, slots=True)
class Popup:
    """Something laid over the window: quickPick, find, rename, hover, menu or suggest."""

    kind: str
    lines: tuple[str, ...]
    row: int = 0  # editor row and column it is attached to
    column: int = 0


PaneKind = Literal['editor', 'terminal', 'tree', 'list', 'menu', 'form', 'page', 'dialog', 'slide', 'tabs', 'bar', 'hover']
RowLook = Literal['plain', 'dim', 'heading', 'selected', 'button', 'input', 'error', 'ok', 'link']
Mark = Literal['', 'pass', 'fail', 'run', 'dot', 'open', 'closed', 'check', 'box']


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a pane; runs of two or more spaces in `text` are gaps between columns."""

    text: str
    level: int = 0  # of indentation
    right: str = ''  # at the right edge: a key binding, a count, a duration
    look: RowLook = 'plain'
    mark: Mark = ''  # a shape before the text, which no reader reads


@dataclass(frozen=True, slots=True)
class Pane:
    """A rectangle with rows of text, of whatever program. A terminal shows its last rows, everything else its first."""

    kind: PaneKind  # how it is painted
    region: str  # what a reader calls it, one of config.REGIONS
    box: tuple[int, int, int, int]  # left, top, right, bottom in pixels of the 1280x720 picture
    rows: tuple[Row, ...]
    is_overlay: bool = False  # hides what lies under it
    first_line: int = -1  # of an editor: the number of its first row; -1 without numbers


@dataclass(frozen=True, slots=True)
class View:
    """All that decides the picture of one frame, apart from the session's `Style`."""

    app: App = 'editor'
    project: str = ''
    language: str = ''
    tabs: tuple[str, ...] = ()
    active_tab: int = 0
    is_dirty: bool = False
    breadcrumb: tuple[str, ...] = ()
    side_view: str = 'explorer'  # explorer search scm testing extensions debug
    is_side_bar_shown: bool = True
    side_lines: tuple[tuple[int, str], ...] = ()  # (indentation level, text)
    code: tuple[str, ...] = ()  # lines of the active file from first_line on
    first_line: int = 0
    cursor: tuple[int, int] = (0, 0)  # row relative to first_line, column
    breakpoints: tuple[int, ...] = ()  # rows relative to first_line
    panel: str = ''  # TERMINAL, PROBLEMS, OUTPUT, DEBUG CONSOLE; '' = closed
    panel_lines: tuple[str, ...] = ()
    terminal_state: str = 'none'  # none typing run pass fail ok error: a label for the encoder's training, never drawn
    popup: Popup | None = None
    notification: tuple[str, ...] = ()
    is_debugging: bool = False
    test_bar: TestBar = 'none'
    is_alternate_theme: bool = False
    branch: str = 'main'
    problems: tuple[int, int] = (0, 0)  # errors, warnings
    mouse: tuple[int, int] | None = None
    zoom: float = 1.0
    url: str = ''
    title: str = ''
    body: tuple[str, ...] = ()
    panes: tuple[Pane, ...] = ()  # over the editor, or, for the app 'panes', all there is; from back to front


WHOLE = (0, 0, 1280, 720)  # the desktop


@dataclass(frozen=True, slots=True)
class Style:
    """Looks of one session: themes, fonts, sizes and which parts of the window exist. Pixels of the 1280x720 picture."""

    seed: int
    is_held_out: bool
    theme: int  # index in style.THEMES (style.HELD_OUT_THEMES when held out)
    alternate_theme: int  # the other one of the session, light if `theme` is dark and the other way round
    colour_shift: tuple[int, int, int]
    mono_font: str  # file names, see fonts.json
    sans_font: str
    code_px: int
    interface_px: int
    line_px: int  # height of a row of code
    title_px: int
    title_kind: str  # menu, centred, none
    activity_px: int
    side_px: int
    is_side_right: bool
    is_panel_right: bool
    panel_fraction: float
    tab_px: int
    crumb_px: int
    status_px: int
    gutter_gap_px: int
    has_minimap: bool
    webcam: str  # none, bottom, top
    webcam_px: int
    margin_px: int
    test_bar_place: str  # editor, panel, side
    test_bar_px: int
    crop: tuple[int, int, int, int] = WHOLE  # what of the 1280x720 desktop the video shows: left, top, right, bottom

    def code_rows(self, is_panel_open: bool) -> int:
        """How many rows of code fit, about."""
        height = 720 - 2 * self.margin_px - self.title_px - self.tab_px - self.crumb_px - self.status_px
        if is_panel_open and not self.is_panel_right:
            height = int(height * (1 - self.panel_fraction))
        return max(4, height // self.line_px - 1)
