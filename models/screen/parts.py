"""The parts of a screen: each function fills one rectangle with shapes and texts.

What a part shows depends only on its arguments, the look and the rectangle, so callers may cache it by them.
"""

from __future__ import annotations

from collections.abc import Sequence

from screen import fonts
from screen.canvas import DEBUG_ORANGE, GREEN, MENUS, PANELS, RED, Box, Canvas, Look, gutter_px, mix, on_colour
from screen.style import Colour, Theme
from screen.view import Pane, Popup, Row
from text.vocabulary import LANGUAGE_NAMES


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


# --- panes ---------------------------------------------------------------------------------------------------------------


def paint_desk(canvas: Canvas, look: Look, box: Box) -> None:
    canvas.rectangle(box, look.theme.activity)


def paint_pane(canvas: Canvas, look: Look, box: Box, pane: Pane) -> None:
    """Any program's pane: rows from the top, those of a terminal from its last ones."""
    ground = _pane_ground(look, pane)
    canvas.rectangle(box, ground, mix(ground, look.theme.dim, 0.5) if pane.is_overlay else None)
    rows = pane.rows
    if pane.kind in ('tabs', 'bar'):
        _paint_in_line(canvas, look, box, rows, ground)
        return
    heights = [_row_font(look, pane, row).px + _row_gap(look, pane, row) for row in rows]
    room = box[3] - box[1] - 8
    if pane.kind == 'terminal':
        while len(heights) > 1 and sum(heights) > room:
            rows, heights = rows[1:], heights[1:]
    y, numbers = box[1] + 6, 0 if pane.first_line < 0 else gutter_px(look)
    for index, (row, height) in enumerate(zip(rows, heights, strict=True)):
        if y + height > box[3]:
            break
        if numbers:
            canvas.text(box[0] + 10, y, str(pane.first_line + index), look.mono(), look.theme.dim)
        _paint_row(canvas, look, (box[0] + numbers, y, box[2], y + height), pane, row, ground)
        y += height


def _pane_ground(look: Look, pane: Pane) -> Colour:
    theme = look.theme
    match pane.kind:
        case 'editor':
            return theme.background
        case 'terminal':
            return theme.panel
        case 'tree' | 'form':
            return theme.side
        case 'tabs':
            return theme.tab_bar
        case 'bar':
            return theme.status
        case 'page':
            return (255, 255, 255) if theme.is_light or look.style.seed % 3 else (28, 30, 34)
        case 'slide':
            return ((255, 255, 255), (20, 24, 40), (245, 240, 225), (12, 60, 90))[look.style.seed % 4]
        case _:
            return mix(theme.side, theme.dim, 0.14)


def _row_font(look: Look, pane: Pane, row: Row) -> fonts.Font:
    if pane.kind in ('editor', 'terminal'):
        return look.mono()
    larger = {'page': 2, 'slide': 12}.get(pane.kind, 0) + (8 if row.look == 'heading' and pane.kind in ('page', 'slide', 'form') else 0)
    return look.interface(larger)


def _row_gap(look: Look, pane: Pane, row: Row) -> int:
    if pane.kind in ('editor', 'terminal'):
        return max(2, look.px(look.style.line_px) - look.mono().px)
    return look.px(18 if row.look in ('button', 'input') or pane.kind == 'slide' else 9)


def _paint_row(canvas: Canvas, look: Look, box: Box, pane: Pane, row: Row, ground: Colour) -> None:
    theme, font = look.theme, _row_font(look, pane, row)
    text = on_colour(ground)
    colour = {'dim': mix(ground, text, 0.55), 'error': mix(text, RED, 0.75), 'ok': mix(text, GREEN, 0.75), 'link': mix(text, theme.status, 0.7)}.get(row.look, mix(ground, text, 0.9))
    x = box[0] + (0 if pane.kind == 'editor' else 14) + row.level * look.px(14)
    if row.look == 'selected':
        canvas.rectangle((box[0] + 2, box[1] - 3, box[2] - 2, box[3] - 3), mix(ground, theme.status, 0.45))
    elif row.look in ('button', 'input'):
        edge = min(box[2] - 10, x + int(font.width(row.text)) + 24) if row.look == 'button' else box[2] - 14
        canvas.rectangle((x - 6, box[1] - 3, edge, box[3] - 8), theme.status if row.look == 'button' else mix(ground, theme.background, 0.6), mix(ground, text, 0.3))
        colour = on_colour(theme.status) if row.look == 'button' else colour
    if row.mark:
        _paint_mark(canvas, (x, box[1] + 2, x + font.px - 3, box[1] + font.px - 1), row.mark, colour)
        x += font.px + 6
    if row.text:
        if pane.kind == 'editor' and row.look == 'plain':
            canvas.code(x, box[1], row.text, font, theme)
        else:
            canvas.text(x, box[1], row.text, font, colour)
    if row.right:
        canvas.text(box[2] - 14 - font.width(row.right), box[1], row.right, font, mix(ground, text, 0.6))


def _paint_mark(canvas: Canvas, box: Box, mark: str, colour: Colour) -> None:
    match mark:
        case 'pass' | 'run':
            canvas.ellipse(box, GREEN if mark == 'pass' else (210, 160, 30))
        case 'fail' | 'dot':
            canvas.ellipse(box, RED)
        case 'check':
            canvas.rectangle(box, colour)
        case _:
            canvas.rectangle((box[0] + 2, box[1] + 3, box[2] - 2, box[3] - 3), colour)


def _paint_in_line(canvas: Canvas, look: Look, box: Box, rows: Sequence[Row], ground: Colour) -> None:
    """Rows beside each other, as tabs and bars have them."""
    font = look.interface(-1 if box[3] - box[1] < 26 else 0)
    x, y = box[0] + 14.0, (box[1] + box[3] - font.px) // 2 - 2
    for row in rows:
        width = font.width(row.text)
        if x + width > box[2]:
            break
        if row.look == 'selected':
            canvas.rectangle((int(x) - 10, box[1], int(x + width) + 10, box[3]), mix(ground, look.theme.background, 0.7))
        canvas.text(x, y, row.text, font, mix(ground, on_colour(ground), 0.55 if row.look == 'dim' else 0.9))
        x += width + font.px * 2.2
