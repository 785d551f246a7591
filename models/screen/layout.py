"""Where everything is: a view and a style become regions, and each region places its texts and shapes on a canvas.

Painting (render.py) and reading (`TextLayout` here) run the same code on different canvases, so what a picture shows and what is said to be
visible cannot drift apart. A region depends only on its arguments, so both sides cache by region: a frame that differs in its status bar costs one status bar.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from screen import parts
from screen.canvas import HEIGHT, WIDTH, Box, Look, gutter_px
from screen.fonts import Font
from screen.style import Colour, Theme
from screen.view import Line, Popup, Style, View

GAP_HEIGHTS = 1.15  # pieces on one baseline with a smaller gap are read as one line (gap in text heights)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the picture and the function that fills it; overlays hide what is under them."""

    box: Box
    paint: Callable[..., None]
    arguments: tuple[Any, ...] = ()
    is_overlay: bool = False

    @property
    def name(self) -> str:
        """What a reader calls it, one of config.REGIONS."""
        if self.paint is parts.paint_pane:
            return str(self.arguments[0].region)
        if self.paint is parts.paint_side and self.arguments[0] and self.arguments[0][0][1].lower() != 'explorer':
            return 'other'
        return NAMES.get(self.paint, 'other')

    def key(self, look: Look) -> Hashable:
        return (self.paint, self.box, self.arguments, look.is_alternate, look.zoom)


NAMES: dict[Callable[..., None], str] = {
    parts.paint_code: 'editor', parts.paint_terminal: 'terminal', parts.paint_panel: 'terminal', parts.paint_side: 'tree', parts.paint_tabs: 'tabs',
    parts.paint_crumbs: 'breadcrumbs', parts.paint_status: 'statusBar', parts.paint_browser: 'browser', parts.paint_slide: 'slide',
    parts.paint_popup: 'popup', parts.paint_notification: 'dialog',
}  # fmt: skip


# --- regions -----------------------------------------------------------------------------------------------------


def regions(view: View, look: Look) -> list[Region]:
    """The regions of a view, from back to front."""
    style = look.style
    margin = style.margin_px
    window = (margin, margin, WIDTH - margin, HEIGHT - margin)
    placed: list[Region] = []
    if margin:
        placed.append(Region((0, 0, WIDTH, HEIGHT), parts.paint_wallpaper, (style.seed,)))
    if view.app == 'slide':
        placed.append(Region((0, 0, WIDTH, HEIGHT), parts.paint_slide, (view.title, view.body)))
    elif view.app == 'browser':
        placed.append(Region(window, parts.paint_browser, (view.url, view.title, view.body)))
    elif view.app == 'terminal':
        placed.append(Region(window, parts.paint_terminal, (view.panel_lines,)))
    elif view.app == 'panes':
        placed.append(Region((0, 0, WIDTH, HEIGHT), parts.paint_desk))
    else:
        placed += _editor_regions(view, look, window)
    placed += [Region(pane.box, parts.paint_pane, (pane,), pane.is_overlay) for pane in view.panes]
    if style.webcam != 'none':
        size = style.webcam_px
        left, top = WIDTH - size - 24, (HEIGHT - size - 40 if style.webcam == 'bottom' else 60)
        placed.append(Region((left, top, left + size, top + size), parts.paint_webcam, (style.seed,), True))
    if view.mouse:
        x, y = view.mouse
        placed.append(Region((x, y, x + 12, y + 18), parts.paint_mouse))
    return placed


def _editor_regions(view: View, look: Look, window: Box) -> list[Region]:
    style = look.style
    left, top, right, bottom = window
    placed: list[Region] = []
    file = view.tabs[view.active_tab]
    if style.title_px:
        height = look.px(style.title_px)
        placed.append(Region((left, top, right, top + height), parts.paint_title, (view.project, file)))
        top += height
    height = look.px(style.status_px)
    position = (view.first_line + view.cursor[0] + 1, view.cursor[1] + 1)
    placed.append(Region((left, bottom - height, right, bottom), parts.paint_status, (view.branch, view.problems, position, view.language, view.is_debugging)))
    bottom -= height
    if style.activity_px:
        width = look.px(style.activity_px)
        placed.append(Region((left, top, left + width, bottom), parts.paint_activity, (view.side_view if view.is_side_bar_shown else '',)))
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
            placed.append(Region((side[0], side[1], side[2], side[1] + bar), parts.paint_bar, (view.test_bar,)))
            side = (side[0], side[1] + bar, side[2], side[3])
        placed.append(Region(side, parts.paint_side, (view.side_lines, file)))
    elif test_bar_place == 'side':
        test_bar_place = 'editor'
    height = look.px(style.tab_px)
    placed.append(Region((left, top, right, top + height), parts.paint_tabs, (view.tabs, view.active_tab, view.is_dirty)))
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
            placed.append(Region((panel[0], panel[1], panel[2], panel[1] + bar), parts.paint_bar, (view.test_bar,)))
            panel = (panel[0], panel[1] + bar, panel[2], panel[3])
        placed.append(Region(panel, parts.paint_panel, (view.panel, view.panel_lines)))
    elif test_bar_place == 'panel':
        bar = look.px(style.test_bar_px)
        placed.append(Region((left, bottom - bar, right, bottom), parts.paint_bar, (view.test_bar,)))
        bottom -= bar
    if style.crumb_px:
        height = look.px(style.crumb_px)
        placed.append(Region((left, top, right, top + height), parts.paint_crumbs, (view.breadcrumb,)))
        top += height
    if test_bar_place == 'editor':
        bar = look.px(style.test_bar_px)
        placed.append(Region((left, top, right, top + bar), parts.paint_bar, (view.test_bar,)))
        top += bar
    rows = max(1, (bottom - top) // look.px(style.line_px))
    editor = (left, top, right, bottom)
    placed.append(Region(editor, parts.paint_code, (view.code[:rows], view.first_line, view.cursor, view.breakpoints)))
    if view.popup:
        placed.append(Region(_popup_box(view.popup, look, editor, window), parts.paint_popup, (view.popup,), True))
    if view.notification:
        font = look.interface()
        width = min(460, int(max(font.width(text) for text in view.notification)) + 60)
        height = 20 + len(view.notification) * (font.px + 12)
        box = (window[2] - width - 14, bottom - height - 12 if not view.panel else bottom - height, window[2] - 14, bottom - 12 if not view.panel else bottom)
        placed.append(Region(box, parts.paint_notification, (view.notification,), True))
    return placed


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

    def lines(self, region: str) -> tuple[Line, ...]:
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
                lines.append(_line(current, region))
            current = piece
        if current:
            lines.append(_line(current, region))
        return tuple(lines)


def _line(piece: _Piece, region: str) -> Line:
    return Line(piece.text, round(piece.x), piece.y, round(piece.width), piece.height, region)


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
        self._kept: dict[tuple[int, Box], tuple[tuple[Line, ...], tuple[Line, ...]]] = {}
        self._pieces: dict[tuple[str, int, str], list[tuple[float, float, str]]] = {}

    def lines(self, view: View) -> list[Line]:
        """Every line of text of the picture of `view`, region by region."""
        return [line for group in self.groups(view) for line in group]

    def groups(self, view: View) -> list[tuple[Line, ...]]:
        """The lines of each region; the same tuple again while a region does not change."""
        look = Look(self.style, view.is_alternate_theme, view.zoom)
        found: list[tuple[Line, ...]] = []
        for region in regions(view, look):
            if region.is_overlay:
                found = [self._uncovered(group, region.box) for group in found]
            key = region.key(look)
            lines = self._lines.get(key)
            if lines is None:
                canvas = TextCanvas(region.box, self._pieces)
                region.paint(canvas, look, region.box, *region.arguments)
                lines = self._lines[key] = canvas.lines(region.name)
            found.append(lines)
        left, top, right, bottom = self.style.crop
        for outside in ((0, 0, WIDTH, top), (0, bottom, WIDTH, HEIGHT), (0, 0, left, HEIGHT), (right, 0, WIDTH, HEIGHT)):
            if outside[2] > outside[0] and outside[3] > outside[1]:
                found = [self._uncovered(group, outside) for group in found]
        return found

    def _uncovered(self, group: tuple[Line, ...], box: Box) -> tuple[Line, ...]:
        key = (id(group), box)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = (group, hide(group, box))  # holds the group, so that its id stays taken
        return kept[1]


def hide(lines: tuple[Line, ...], box: Box) -> tuple[Line, ...]:
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
            kept.append(Line(before, line.x, line.y, round(len(before) * advance), line.height, line.region))
        skipped = max(0, int((right - line.x) / advance) + 1)
        after = line.text[skipped:]
        skipped += len(after) - len(after.lstrip())
        if after.strip():
            kept.append(Line(after.strip(), round(line.x + skipped * advance), line.y, round(len(after.strip()) * advance), line.height, line.region))
    return tuple(kept)
