"""Where everything is: a view and a style become regions, and each region places its texts and shapes on a canvas.

Painting (render.py) and reading (`TextLayout` here) run the same code on different canvases, so what a picture shows and what is said to be
visible cannot drift apart. A region depends only on its arguments, so both sides cache by region: a frame that differs in its status bar costs one status bar.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import fonts
from fonts import Font
from scene import Line, Popup, Style, View
from style import Colour, Theme, theme_of
from vocabulary import LANGUAGE_NAMES

WIDTH, HEIGHT = 1280, 720
GAP_HEIGHTS = 1.15  # pieces on one baseline with a smaller gap are read as one line (gap in text heights)
DEBUG_ORANGE: Colour = (0xCC, 0x66, 0x33)
GREEN: Colour = (0x2E, 0xA0, 0x43)
RED: Colour = (0xD1, 0x24, 0x2F)
MENUS = ('File', 'Edit', 'Selection', 'View', 'Go', 'Run', 'Terminal', 'Help')
PANELS = ('PROBLEMS', 'OUTPUT', 'DEBUG CONSOLE', 'TERMINAL')

Box = tuple[int, int, int, int]  # left, top, right, bottom


class Canvas(Protocol):
    """What regions draw on. Coordinates are those of the whole picture; y of a text is its top."""

    def rectangle(self, box: Box, fill: Colour, outline: Colour | None = None) -> None: ...

    def ellipse(self, box: Box, fill: Colour) -> None: ...

    def text(self, x: float, y: float, text: str, font: Font, colour: Colour) -> None: ...

    def code(self, x: float, y: float, text: str, font: Font, theme: Theme) -> None: ...


@dataclass(frozen=True, slots=True)
class Look:
    """Style of the moment: which theme is on and how far the window is zoomed."""

    style: Style
    is_alternate: bool
    zoom: float

    @property
    def theme(self) -> Theme:
        return theme_of(self.style, self.is_alternate)

    def px(self, length: int) -> int:
        return round(length * self.zoom)

    def interface(self, extra: int = 0) -> Font:
        return fonts.load(self.style.sans_font, self.px(self.style.interface_px + extra))

    def mono(self) -> Font:
        return fonts.load(self.style.mono_font, self.px(self.style.code_px))


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the picture and the function that fills it; overlays hide what is under them."""

    box: Box
    paint: Callable[..., None]
    arguments: tuple[Any, ...] = ()
    is_overlay: bool = False

    def key(self, look: Look) -> Hashable:
        return (self.paint, self.box, self.arguments, look.is_alternate, look.zoom)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with a share of `second`."""
    a, b = first, second
    return (round(a[0] + (b[0] - a[0]) * share), round(a[1] + (b[1] - a[1]) * share), round(a[2] + (b[2] - a[2]) * share))


def on_colour(background: Colour) -> Colour:
    """A text colour that can be read on a background."""
    return (30, 30, 30) if sum(background) > 400 else (235, 235, 235)


# --- regions -----------------------------------------------------------------------------------------------------


def regions(view: View, look: Look) -> list[Region]:
    """The regions of a view, from back to front."""
    style = look.style
    margin = style.margin_px
    window = (margin, margin, WIDTH - margin, HEIGHT - margin)
    placed: list[Region] = []
    if margin:
        placed.append(Region((0, 0, WIDTH, HEIGHT), paint_wallpaper, (style.seed,)))
    if view.app == 'slide':
        placed.append(Region((0, 0, WIDTH, HEIGHT), paint_slide, (view.title, view.body)))
    elif view.app == 'browser':
        placed.append(Region(window, paint_browser, (view.url, view.title, view.body)))
    elif view.app == 'terminal':
        placed.append(Region(window, paint_terminal, (view.panel_lines,)))
    else:
        placed += _editor_regions(view, look, window)
    if style.webcam != 'none':
        size = style.webcam_px
        left, top = WIDTH - size - 24, (HEIGHT - size - 40 if style.webcam == 'bottom' else 60)
        placed.append(Region((left, top, left + size, top + size), paint_webcam, (style.seed,), True))
    if view.mouse:
        x, y = view.mouse
        placed.append(Region((x, y, x + 12, y + 18), paint_mouse))
    return placed


def _editor_regions(view: View, look: Look, window: Box) -> list[Region]:
    style = look.style
    left, top, right, bottom = window
    placed: list[Region] = []
    file = view.tabs[view.active_tab]
    if style.title_px:
        height = look.px(style.title_px)
        placed.append(Region((left, top, right, top + height), paint_title, (view.project, file)))
        top += height
    height = look.px(style.status_px)
    position = (view.first_line + view.cursor[0] + 1, view.cursor[1] + 1)
    placed.append(Region((left, bottom - height, right, bottom), paint_status, (view.branch, view.problems, position, view.language, view.is_debugging)))
    bottom -= height
    if style.activity_px:
        width = look.px(style.activity_px)
        placed.append(Region((left, top, left + width, bottom), paint_activity, (view.side_view if view.is_side_bar_shown else '',)))
        left += width
    test_bar_place = style.test_bar_place if view.test_bar != 'none' else ''
    if view.is_side_bar_shown:
        width = look.px(style.side_px)
        side = (right - width, top, right, bottom) if style.is_side_right else (left, top, left + width, bottom)
        if style.is_side_right:
            right -= width
        else:
            left += width
        if test_bar_place == 'side':
            bar = look.px(style.test_bar_px)
            placed.append(Region((side[0], side[1], side[2], side[1] + bar), paint_bar, (view.test_bar,)))
            side = (side[0], side[1] + bar, side[2], side[3])
        placed.append(Region(side, paint_side, (view.side_lines, file)))
    elif test_bar_place == 'side':
        test_bar_place = 'editor'
    height = look.px(style.tab_px)
    placed.append(Region((left, top, right, top + height), paint_tabs, (view.tabs, view.active_tab, view.is_dirty)))
    top += height
    if view.panel:
        if style.is_panel_right:
            panel = (left + (right - left) * 3 // 5, top, right, bottom)
            right = panel[0]
        else:
            panel = (left, bottom - int((bottom - top) * style.panel_fraction), right, bottom)
            bottom = panel[1]
        if test_bar_place == 'panel':
            bar = look.px(style.test_bar_px)
            placed.append(Region((panel[0], panel[1], panel[2], panel[1] + bar), paint_bar, (view.test_bar,)))
            panel = (panel[0], panel[1] + bar, panel[2], panel[3])
        placed.append(Region(panel, paint_panel, (view.panel, view.panel_lines)))
    elif test_bar_place == 'panel':
        bar = look.px(style.test_bar_px)
        placed.append(Region((left, bottom - bar, right, bottom), paint_bar, (view.test_bar,)))
        bottom -= bar
    if style.crumb_px:
        height = look.px(style.crumb_px)
        placed.append(Region((left, top, right, top + height), paint_crumbs, (view.breadcrumb,)))
        top += height
    if test_bar_place == 'editor':
        bar = look.px(style.test_bar_px)
        placed.append(Region((left, top, right, top + bar), paint_bar, (view.test_bar,)))
        top += bar
    rows = max(1, (bottom - top) // look.px(style.line_px))
    editor = (left, top, right, bottom)
    placed.append(Region(editor, paint_code, (view.code[:rows], view.first_line, view.cursor, view.breakpoints)))
    if view.popup:
        placed.append(Region(_popup_box(view.popup, look, editor, window), paint_popup, (view.popup,), True))
    if view.notification:
        font = look.interface()
        width = min(460, int(max(font.width(text) for text in view.notification)) + 60)
        height = 20 + len(view.notification) * (font.px + 12)
        box = (window[2] - width - 14, bottom - height - 12 if not view.panel else bottom - height, window[2] - 14, bottom - 12 if not view.panel else bottom)
        placed.append(Region(box, paint_notification, (view.notification,), True))
    return placed


def gutter_px(look: Look) -> int:
    """Width of the gutter: breakpoint column, line numbers, gap."""
    return round(look.px(20) + 3 * look.mono().width('0') + look.px(look.style.gutter_gap_px))


def _popup_box(popup: Popup, look: Look, editor: Box, window: Box) -> Box:
    font = look.interface(1)
    row_px = font.px + 10
    height = row_px * len(popup.lines) + 10
    if popup.kind == 'quickPick':
        width = min(560, editor[2] - editor[0])
        left = (window[0] + window[2] - width) // 2
        return (left, window[1] + look.px(look.style.title_px) + 2, left + width, window[1] + look.px(look.style.title_px) + 2 + height)
    if popup.kind == 'find':
        return (editor[2] - min(420, editor[2] - editor[0]), editor[1] + 2, editor[2] - 20, editor[1] + row_px + 14)
    line_px = look.px(look.style.line_px)
    width = max(120, int(max(font.width(text) for text in popup.lines)) + 40)
    left = min(editor[0] + gutter_px(look) + int(popup.column * look.mono().width('m')), editor[2] - width)
    top = editor[1] + 4 + (popup.row + 1) * line_px
    top = max(editor[1], min(top, window[3] - height - 30))
    return (max(editor[0], left), top, max(editor[0], left) + width, top + height)


def paint_wallpaper(canvas: Canvas, look: Look, box: Box, seed: int) -> None:
    canvas.rectangle(box, (40 + seed * 37 % 170, 40 + seed * 59 % 170, 40 + seed * 83 % 170))


def paint_title(canvas: Canvas, look: Look, box: Box, project: str, file: str) -> None:
    theme, font = look.theme, look.interface()
    canvas.rectangle(box, theme.activity)
    colour = mix(theme.activity, on_colour(theme.activity), 0.75)
    y = (box[1] + box[3] - font.px) // 2 - 2
    x = box[0] + 14.0
    if look.style.title_kind == 'menu':
        canvas.rectangle((box[0] + 10, y + 2, box[0] + 10 + font.px, y + 2 + font.px), theme.status)
        x += font.px + 14
        for menu in MENUS:
            canvas.text(x, y, menu, font, colour)
            x += font.width(menu) + font.px * 1.6
    else:
        for index, light in enumerate(((237, 106, 94), (245, 191, 79), (98, 197, 84))):
            canvas.ellipse((box[0] + 10 + index * 20, y + 2, box[0] + 22 + index * 20, y + 14), light)
        x += 80
    title = f'{file} - {project} - Visual Studio Code' if look.style.seed % 3 else f'{file} — {project}'
    canvas.text(max(x + 30, (box[0] + box[2] - font.width(title)) / 2), y, title, font, colour)


def paint_activity(canvas: Canvas, look: Look, box: Box, side_view: str) -> None:
    theme = look.theme
    canvas.rectangle(box, theme.activity)
    size = (box[2] - box[0]) // 2
    views = ('explorer', 'search', 'scm', 'debug', 'testing', 'extensions')
    for index, name in enumerate(views):
        left, top = box[0] + size // 2, box[1] + 14 + index * (size * 2)
        colour = mix(theme.activity, on_colour(theme.activity), 0.95 if name == side_view else 0.45)
        canvas.rectangle((left, top, left + size, top + size), theme.activity, colour)
        canvas.ellipse((left + size // 3, top + size // 3, left + size - size // 3, top + size - size // 3), colour)
        if name == side_view:
            canvas.rectangle((box[0], top - 4, box[0] + 2, top + size + 4), colour)


def paint_side(canvas: Canvas, look: Look, box: Box, rows: Sequence[tuple[int, str]], file: str) -> None:
    theme, font = look.theme, look.interface()
    canvas.rectangle(box, theme.side)
    row_px = font.px + look.px(9)
    colour = mix(theme.side, on_colour(theme.side), 0.8)
    y = box[1] + 8
    for level, text in rows:
        if y + row_px > box[3]:
            break
        if text == file:
            canvas.rectangle((box[0], y - 3, box[2], y + row_px - 3), mix(theme.side, theme.dim, 0.4))
        x = box[0] + 20 + level * 12
        if level:
            canvas.rectangle((x - 12, y + 4, x - 5, y + 11), mix(theme.side, theme.keyword, 0.7))
        canvas.text(x, y, text, font, colour)
        y += row_px


def paint_tabs(canvas: Canvas, look: Look, box: Box, tabs: Sequence[str], active: int, is_dirty: bool) -> None:
    theme, font = look.theme, look.interface()
    canvas.rectangle(box, theme.tab_bar)
    x, y = box[0], (box[1] + box[3] - font.px) // 2 - 2
    for index, tab in enumerate(tabs):
        width = int(font.width(tab)) + look.px(62)
        if x + width > box[2]:
            break
        if index == active:
            canvas.rectangle((x, box[1], x + width, box[3]), theme.active_tab)
            canvas.rectangle((x, box[1], x + width, box[1] + 2), theme.status)
        canvas.rectangle((x + 12, y + 4, x + 22, y + 14), mix(theme.tab_bar, theme.keyword, 0.7))
        canvas.text(x + look.px(28), y, tab, font, theme.text if index == active else theme.dim)
        if index == active:
            mark = (x + width - 20, y + 4, x + width - 10, y + 14)
            if is_dirty:
                canvas.ellipse(mark, theme.text)
            else:
                canvas.rectangle((mark[0] + 1, mark[1] + 4, mark[2] - 1, mark[3] - 4), theme.dim)
        x += width


def paint_crumbs(canvas: Canvas, look: Look, box: Box, crumbs: Sequence[str]) -> None:
    canvas.rectangle(box, look.theme.background)
    font = look.interface()
    canvas.text(box[0] + 16, box[1] + (box[3] - box[1] - font.px) // 2 - 2, ' > '.join(crumbs), font, look.theme.dim)


def paint_code(canvas: Canvas, look: Look, box: Box, code: Sequence[str], first_line: int, cursor: tuple[int, int], breakpoints: Sequence[int]) -> None:
    theme, font, style = look.theme, look.mono(), look.style
    canvas.rectangle(box, theme.background)
    line_px, advance = look.px(style.line_px), font.width('m')
    left = box[0] + gutter_px(look)
    number_right = left - look.px(style.gutter_gap_px)
    if 0 <= cursor[0] < len(code):
        top = box[1] + 4 + cursor[0] * line_px
        canvas.rectangle((box[0], top, box[2], top + line_px), mix(theme.background, theme.text, 0.07))
    for row, text in enumerate(code):
        y = box[1] + 4 + row * line_px
        number = str(first_line + row + 1)
        canvas.text(number_right - len(number) * advance, y, number, font, theme.dim)
        if row in breakpoints:
            size = min(line_px - 4, look.px(14))
            canvas.ellipse((box[0] + 4, y + 2, box[0] + 4 + size, y + 2 + size), (0xE5, 0x14, 0x00))
        if text:
            canvas.code(left, y, text, font, theme)
        if style.has_minimap and text:
            indent = len(text) - len(text.lstrip())
            canvas.rectangle((box[2] - 80 + indent, box[1] + 4 + row * 3, box[2] - 80 + min(len(text), 76), box[1] + 5 + row * 3), mix(theme.background, theme.text, 0.5))
    if 0 <= cursor[0] < len(code):
        x, y = int(left + cursor[1] * advance), box[1] + 4 + cursor[0] * line_px
        canvas.rectangle((x, y, x + 1, y + line_px - 3), theme.text)


def paint_panel(canvas: Canvas, look: Look, box: Box, panel: str, lines: Sequence[str]) -> None:
    theme, font = look.theme, look.interface(-1)
    canvas.rectangle(box, theme.panel)
    canvas.rectangle((box[0], box[1], box[2], box[1] + 1), theme.dim)
    x = box[0] + 16.0
    for name in PANELS:
        canvas.text(x, box[1] + 7, name, font, theme.text if name == panel else theme.dim)
        width = font.width(name)
        if name == panel:
            canvas.rectangle((int(x), box[1] + font.px + 11, int(x + width), box[1] + font.px + 12), theme.text)
        x += width + font.px * 1.8
    _terminal_lines(canvas, look, (box[0], box[1] + font.px + 18, box[2], box[3]), lines)


def paint_terminal(canvas: Canvas, look: Look, box: Box, lines: Sequence[str]) -> None:
    theme = look.theme
    canvas.rectangle(box, theme.panel)
    canvas.rectangle((box[0], box[1], box[2], box[1] + 26), mix(theme.panel, theme.dim, 0.3))
    for index, light in enumerate(((237, 106, 94), (245, 191, 79), (98, 197, 84))):
        canvas.ellipse((box[0] + 10 + index * 20, box[1] + 7, box[0] + 22 + index * 20, box[1] + 19), light)
    _terminal_lines(canvas, look, (box[0], box[1] + 30, box[2], box[3]), lines)


def _terminal_lines(canvas: Canvas, look: Look, box: Box, lines: Sequence[str]) -> None:
    theme, font = look.theme, look.mono()
    line_px = look.px(look.style.line_px)
    rows = max(1, (box[3] - box[1] - 4) // line_px)
    for row, text in enumerate(lines[-rows:]):
        if text:
            canvas.text(box[0] + 16, box[1] + row * line_px, text, font, _terminal_colour(theme, text))
    last = lines[-1] if lines else ''
    x, y = int(box[0] + 16 + font.width(last)), box[1] + (min(rows, max(1, len(lines))) - 1) * line_px
    canvas.rectangle((x, y + 1, x + font.px // 2, y + font.px + 1), theme.text)


def _terminal_colour(theme: Theme, text: str) -> Colour:
    if any(word in text for word in ('FAIL', 'Error', 'error', 'failed,', 'Traceback', 'panic')):
        return mix(theme.text, RED, 0.75)
    if any(word in text for word in ('passed', 'PASS', 'passing', ' ok', 'Successfully', '✓')):
        return mix(theme.text, GREEN, 0.75)
    return theme.text


def paint_status(canvas: Canvas, look: Look, box: Box, branch: str, problems: tuple[int, int], position: tuple[int, int], language: str, is_debugging: bool) -> None:
    background = DEBUG_ORANGE if is_debugging else look.theme.status
    canvas.rectangle(box, background)
    font, colour = look.interface(-1), on_colour(background)
    y = (box[1] + box[3] - font.px) // 2 - 2
    gap = font.px * 1.9
    x = box[0] + 30.0
    canvas.ellipse((box[0] + 14, y + 4, box[0] + 22, y + 12), colour)
    for text in (branch, str(problems[0]), str(problems[1])):
        canvas.text(x, y, text, font, colour)
        x += font.width(text) + gap
    right = box[2] - 30.0
    indent = 'Spaces: 4' if look.style.seed % 2 else 'Spaces: 2'
    for text in (LANGUAGE_NAMES.get(language, ''), 'LF', 'UTF-8', indent, f'Ln {position[0]}, Col {position[1]}'):
        right -= font.width(text)
        canvas.text(right, y, text, font, colour)
        right -= gap


def paint_bar(canvas: Canvas, look: Look, box: Box, colour: str) -> None:
    canvas.rectangle(box, GREEN if colour == 'green' else RED)


def paint_popup(canvas: Canvas, look: Look, box: Box, popup: Popup) -> None:
    theme, font = look.theme, look.interface(1)
    canvas.rectangle(box, mix(theme.side, theme.dim, 0.12), theme.dim)
    row_px = font.px + 10
    y = box[1] + 6
    if popup.kind == 'find':
        canvas.text(box[0] + 30, y, popup.lines[0], font, theme.text)
        canvas.text(box[2] - 130, y, popup.lines[1], font, theme.dim)
        return
    for row, text in enumerate(popup.lines):
        if popup.kind in ('quickPick', 'rename') and row == 0:
            canvas.rectangle((box[0] + 6, y - 2, box[2] - 6, y + row_px - 4), theme.background, theme.status)
        elif popup.kind in ('quickPick', 'suggest') and row == 1:
            canvas.rectangle((box[0] + 2, y - 2, box[2] - 2, y + row_px - 3), mix(theme.side, theme.status, 0.5))
        canvas.text(box[0] + 16, y, text, font, theme.text)
        y += row_px


def paint_notification(canvas: Canvas, look: Look, box: Box, lines: Sequence[str]) -> None:
    theme, font = look.theme, look.interface()
    canvas.rectangle(box, mix(theme.side, theme.dim, 0.15), theme.dim)
    canvas.ellipse((box[0] + 12, box[1] + 12, box[0] + 24, box[1] + 24), theme.status)
    for row, text in enumerate(lines):
        canvas.text(box[0] + 36, box[1] + 10 + row * (font.px + 12), text, font, theme.text)


def paint_webcam(canvas: Canvas, look: Look, box: Box, seed: int) -> None:
    canvas.ellipse(box, (60 + seed * 31 % 130, 60 + seed * 47 % 130, 60 + seed * 71 % 130))
    size = box[2] - box[0]
    canvas.ellipse((box[0] + size * 3 // 10, box[1] + size * 3 // 20, box[0] + size * 7 // 10, box[1] + size * 11 // 20), (214, 170, 140))


def paint_mouse(canvas: Canvas, look: Look, box: Box) -> None:
    canvas.rectangle((box[0], box[1], box[0] + 7, box[1] + 12), (250, 250, 250), (0, 0, 0))


def paint_browser(canvas: Canvas, look: Look, box: Box, url: str, title: str, body: Sequence[str]) -> None:
    is_light = look.theme.is_light or look.style.seed % 3 > 0
    page: Colour = (255, 255, 255) if is_light else (32, 33, 36)
    bar: Colour = (222, 225, 230) if is_light else (53, 54, 58)
    text = on_colour(page)
    canvas.rectangle(box, page)
    canvas.rectangle((box[0], box[1], box[2], box[1] + 76), bar)
    small, large, middle = look.interface(), look.interface(16), look.interface(4)
    canvas.rectangle((box[0] + 70, box[1] + 6, box[0] + 300, box[1] + 34), page)
    canvas.text(box[0] + 84, box[1] + 11, title[:24], small, text)
    canvas.rectangle((box[0] + 100, box[1] + 40, box[2] - 100, box[1] + 68), page)
    canvas.text(box[0] + 120, box[1] + 45, url, small, text)
    canvas.text(box[0] + 60, box[1] + 104, title, large, text)
    y = box[1] + 104 + large.px * 2
    for sentence in body:
        if y + middle.px * 2 > box[3]:
            break
        canvas.text(box[0] + 60, y, sentence, middle, text)
        y += int(middle.px * 1.9)


def paint_slide(canvas: Canvas, look: Look, box: Box, title: str, body: Sequence[str]) -> None:
    seed = look.style.seed
    background: Colour = ((255, 255, 255), (20, 24, 40), (245, 240, 225), (12, 60, 90), (60, 20, 70))[seed % 5]
    colour = on_colour(background)
    canvas.rectangle(box, background)
    size = 40 + seed % 16
    canvas.text(90, 90 if body else 300, title, fonts.load(look.style.sans_font, size), colour)
    for row, text in enumerate(body):
        y = 220 + row * 76
        canvas.ellipse((96, y + 10, 108, y + 22), colour)
        canvas.text(130, y, text, fonts.load(look.style.sans_font, 28), colour)


# --- reading ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    x: float
    y: int
    width: float
    height: int
    text: str


class TextCanvas:
    """Collects texts as lines, cut where a reader sees a gap and at the region's right edge."""

    def __init__(self, box: Box, pieces_cache: dict[tuple[str, int, str], list[tuple[float, float, str]]]) -> None:
        self.box = box
        self.cache = pieces_cache
        self.pieces: list[_Piece] = []

    def rectangle(self, box: Box, fill: Colour, outline: Colour | None = None) -> None:
        """Shapes are no text."""

    def ellipse(self, box: Box, fill: Colour) -> None:
        """Shapes are no text."""

    def code(self, x: float, y: float, text: str, font: Font, theme: Theme) -> None:
        self.text(x, y, text, font, theme.text)

    def text(self, x: float, y: float, text: str, font: Font, colour: Colour) -> None:
        key = (font.file, font.px, text)
        pieces = self.cache.get(key)
        if pieces is None:
            pieces = self.cache[key] = split_at_gaps(text, font)
        top = round(y) + font.ink_top
        for offset, width, part in pieces:
            if x + offset + width > self.box[2]:
                fits = max(0.0, self.box[2] - x - offset)
                part = part[: int(len(part) * fits / width)].rstrip()
                width = font.width(part)
            if part:
                self.pieces.append(_Piece(x + offset, top, width, font.ink_height, part))

    def lines(self) -> tuple[Line, ...]:
        """Pieces of one row that are close are one line."""
        lines: list[Line] = []
        self.pieces.sort(key=lambda piece: (piece.y, piece.x))
        current: _Piece | None = None
        for piece in self.pieces:
            if current and piece.y == current.y and piece.x - current.x - current.width <= GAP_HEIGHTS * current.height:
                current.text += ' ' + piece.text
                current.width = piece.x + piece.width - current.x
                continue
            if current:
                lines.append(_line(current))
            current = piece
        if current:
            lines.append(_line(current))
        return tuple(lines)


def _line(piece: _Piece) -> Line:
    return Line(piece.text, round(piece.x), piece.y, round(piece.width), piece.height)


def split_at_gaps(text: str, font: Font) -> list[tuple[float, float, str]]:
    """(offset, width, part) of the parts of a text between runs of spaces wide enough to look like a gap."""
    if '  ' not in text and not text.startswith(' '):
        stripped = text.rstrip()
        return [(0.0, font.width(stripped), stripped)] if stripped else []
    space = font.width(' ')
    parts: list[tuple[float, float, str]] = []
    start = 0
    least = max(2, int(GAP_HEIGHTS * font.ink_height / space) + 1)
    for part in text.split(' ' * least):
        kept = part.strip(' ')
        if kept:
            lead = len(part) - len(part.lstrip(' '))
            parts.append((font.width(text[: start + lead]), font.width(kept), kept))
        start += len(part) + least
    return parts


class TextLayout:
    """Visible lines of the views of one style, cached by region."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._lines: dict[Hashable, tuple[Line, ...]] = {}
        self._pieces: dict[tuple[str, int, str], list[tuple[float, float, str]]] = {}

    def lines(self, view: View) -> list[Line]:
        """Every line of text of the picture of `view`, region by region."""
        look = Look(self.style, view.is_alternate_theme, view.zoom)
        found: list[Line] = []
        for region in regions(view, look):
            if region.is_overlay:
                found = hide(found, region.box)
            key = region.key(look)
            lines = self._lines.get(key)
            if lines is None:
                canvas = TextCanvas(region.box, self._pieces)
                region.paint(canvas, look, region.box, *region.arguments)
                lines = self._lines[key] = canvas.lines()
            found += lines
        return found


def hide(lines: list[Line], box: Box) -> list[Line]:
    """What is left of lines when an overlay covers `box`: the characters that are free on either side."""
    left, top, right, bottom = box
    kept: list[Line] = []
    for line in lines:
        if line.y + line.height <= top or line.y >= bottom or line.x + line.width <= left or line.x >= right:
            kept.append(line)
            continue
        advance = line.width / len(line.text)
        before = line.text[: max(0, int((left - line.x) / advance))].rstrip()
        if before:
            kept.append(Line(before, line.x, line.y, round(len(before) * advance), line.height))
        skipped = max(0, int((right - line.x) / advance) + 1)
        after = line.text[skipped:]
        skipped += len(after) - len(after.lstrip())
        if after.strip():
            kept.append(Line(after.strip(), round(line.x + skipped * advance), line.y, round(len(after.strip()) * advance), line.height))
    return kept
