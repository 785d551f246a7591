"""Where the parts of VS Code's window are, and the panes that its interface lays over them: pickers, menus, views, forms, messages."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace

from screen import parts
from screen.canvas import HEIGHT, WIDTH, Box, Look, gutter_px
from screen.layout import regions
from screen.view import Pane, PaneKind, Row, RowLook
from text import snippets
from world.developer import Step, World
from world.interface.words import Keyed
from world.session import Event

WORD = re.compile(r'[A-Za-z_]\w+')
Playing = Generator[Event | None, None, Pane]  # a step that ends with the pane as it is then


@dataclass(frozen=True, slots=True)
class Places:
    """The rectangles of the window at a moment."""

    look: Look
    window: Box
    editor: Box  # the code
    tabs: Box
    status: Box
    side: Box  # of the side bar; where it is hidden, nothing wide
    panel: Box  # of the panel, or where it would open

    @property
    def row_px(self) -> int:
        return self.look.interface().px + self.look.px(9)

    @property
    def line_px(self) -> int:
        return self.look.px(self.look.style.line_px)

    def width(self, text: str) -> int:
        return int(self.look.interface().width(text))

    def rows(self, box: Box) -> int:
        return max(2, (box[3] - box[1] - 10) // self.row_px)

    def code_at(self, row: int, column: int) -> tuple[int, int]:
        """The pixel of a visible row of code and a column."""
        x = self.editor[0] + gutter_px(self.look) + int(column * self.look.mono().width('m'))
        return min(x, self.editor[2] - 120), self.editor[1] + 4 + row * self.line_px


def places(world: World) -> Places:
    look = Look(world.style, bool(world.values['is_alternate_theme']), float(world.values['zoom']))  # type: ignore[arg-type]
    boxes = {region.paint: region.box for region in regions(world.view(), look)}
    margin = world.style.margin_px
    window = (margin, margin, WIDTH - margin, HEIGHT - margin)
    editor, status = boxes[parts.paint_code], boxes[parts.paint_status]
    panel = boxes.get(parts.paint_panel) or (editor[0], editor[1] + (editor[3] - editor[1]) * 3 // 5, editor[2], editor[3])
    side = boxes.get(parts.paint_side, (editor[0], editor[1], editor[0] + 10, editor[3]))
    return Places(look, window, editor, boxes[parts.paint_tabs], status, side, panel)


# --- text that fits ---------------------------------------------------------------------------------------------------------


def cut(at: Places, text: str, width: int) -> str:
    """The text, shortened with three dots as trees and lists do it."""
    if at.width(text) <= width:
        return text
    return text[: max(3, int(len(text) * (width - 14) / at.width(text)))].rstrip() + '…'


def fits(at: Places, box: Box, row: Row, larger: int = 0) -> Row:
    """The row with a text that ends before what stands at its right."""
    if not row.text:
        return row
    larger += 8 if row.look == 'heading' else 0
    room = box[2] - box[0] - 24 - row.level * at.look.px(14) - (at.look.interface().px + 6 if row.mark else 0) - (at.width(row.right) + 16 if row.right else 0)
    text = cut(at, row.text, room * at.look.style.interface_px // (at.look.style.interface_px + larger))
    return row if text is row.text else replace(row, text=text)


def row_height(at: Places, kind: PaneKind, row: Row) -> int:
    """Of a row of a pane of this kind, as screen/parts.py paints it."""
    if kind in ('editor', 'terminal'):
        return max(at.line_px, at.look.mono().px + 2)
    larger = (2 if kind == 'page' else 0) + (8 if row.look == 'heading' and kind in ('page', 'form') else 0)
    return at.look.interface(larger).px + at.look.px(18 if row.look in ('button', 'input') else 9)


def height(at: Places, rows: Sequence[Row], kind: PaneKind = 'list') -> int:
    """Of a pane with these rows."""
    return 14 + sum(row_height(at, kind, row) for row in rows)


def within(at: Places, kind: PaneKind, box: Box, rows: Iterable[Row]) -> list[Row]:
    """The rows that fit into a box, each as far as it does."""
    kept: list[Row] = []
    room = box[3] - box[1] - 8
    for row in rows:
        room -= row_height(at, kind, row)
        if room < 0:
            break
        kept.append(row if kind in ('editor', 'terminal') else fits(at, box, row, 2 if kind == 'page' else 0))
    return kept


def seen(pane: Pane, **slots: str) -> dict[str, str]:
    """Those names of an event that stand whole on a pane."""
    return {name: text for name, text in slots.items() if any(text in row.text or text in row.right for row in pane.rows)}


# --- panes ---------------------------------------------------------------------------------------------------------------------


def over(kind: PaneKind, region: str, box: Box, rows: Iterable[Row]) -> Pane:
    return Pane(kind, region, box, tuple(rows), is_overlay=True)


def quick_pick(at: Places, typed: str, rows: Sequence[Row], title: str = '', hint: str = '') -> Pane:
    """The box at the top: what was typed, and beneath it what there is to choose."""
    wide = min(620, at.window[2] - at.window[0] - 120)
    left = (at.window[0] + at.window[2] - wide) // 2
    top = at.window[1] + at.look.px(at.look.style.title_px) + 2 if at.look.style.title_kind != 'centred' else at.window[1] + 4
    box = (left, top, left + wide, top + 10)
    head = [Row(title, look='dim')] if title else []
    head.append(Row(typed or hint, look='input'))
    shown = [*head, *(_looking(row, 'selected') if index == 0 and row.look == 'plain' else row for index, row in enumerate(fits(at, box, row) for row in rows[:12]))]
    return over('list', 'popup', (left, top, left + wide, top + height(at, shown)), shown)


def menu(at: Places, x: int, y: int, groups: Iterable[Sequence[Keyed]], chosen: str = '') -> Pane:
    """A menu with its top left corner at a place, moved so that it stays inside the window; rows with '>' open another."""
    rows: list[Row] = []
    for group in groups:
        if rows:
            rows.append(Row('', look='dim'))
        rows += [Row(entry, right=key, look='selected' if entry == chosen else 'plain') for entry, key in group]
    wide = max(at.width(row.text) + (at.width(row.right) + 50 if row.right else 0) for row in rows) + 50
    tall = height(at, rows)
    left, top = min(x, at.window[2] - wide), max(at.window[1], min(y, at.window[3] - tall))
    return over('menu', 'popup', (left, top, left + wide, top + tall), rows)


def select(pane: Pane, text: str) -> Pane:
    """The pane with the selection on the row that begins with a text."""
    return replace(pane, rows=tuple(_looking(row, 'selected' if text and row.text == text else 'plain') if row.look in ('plain', 'selected') else row for row in pane.rows))


def _looking(row: Row, look: RowLook) -> Row:
    return row if row.look == look else replace(row, look=look)


def side(at: Places, rows: Iterable[Row], is_tree: bool = False) -> Pane:
    """A view in the side bar; what is too long is cut."""
    return over('tree', 'tree' if is_tree else 'other', at.side, within(at, 'tree', at.side, rows))


def in_panel(at: Places, tab: str, rows: Iterable[Row], is_terminal: bool = False) -> Pane:
    """The panel with one of its tabs in front."""
    box = at.panel
    kind: PaneKind = 'terminal' if is_terminal else 'form'
    titles = '    '.join(('PROBLEMS', 'OUTPUT', 'DEBUG CONSOLE', 'TERMINAL', 'PORTS'))
    shown = within(at, kind, box, (Row(titles if tab in titles else f'{titles}    {tab}', look='dim'), *rows))
    return over(kind, 'terminal', box, shown)


def tabs(at: Places, world: World, title: str, is_dirty: bool = False) -> Pane:
    """The tabs with one more, in front, that is no file."""
    names = [Row(name, look='dim') for name in world.tabs[-2:]]
    return over('tabs', 'tabs', at.tabs, (*names, Row(f'{title} ●' if is_dirty else title, look='selected')))


def page(at: Places, rows: Iterable[Row], kind: PaneKind = 'form', box: Box | None = None, region: str = 'other') -> Pane:
    """What an editor tab shows that is no code."""
    box = box or (at.tabs[0], at.tabs[3], at.editor[2], at.editor[3])
    return over(kind, region, box, within(at, kind, box, rows))


def right_half(at: Places, share: float = 0.5) -> Box:
    """Where a second editor stands beside the code."""
    return (int(at.editor[0] + (at.editor[2] - at.editor[0]) * (1 - share)), at.tabs[1], at.editor[2], at.editor[3])


def toast(at: Places, text: str, buttons: Sequence[str] = (), source: str = '', chosen: str = '') -> Pane:
    """A message in the lower right corner."""
    rows = [Row(text)]
    if source:
        rows.append(Row(f'Source: {source}', look='dim'))
    rows += [Row(button, look='selected' if button == chosen else 'button') for button in buttons]
    wide = min(at.window[2] - at.window[0] - 40, max(280, at.width(text) + 60))
    tall = height(at, rows)
    bottom = at.status[1] - 10
    return over('dialog', 'dialog', (at.window[2] - 14 - wide, bottom - tall, at.window[2] - 14, bottom), rows)


def dialog(at: Places, rows: Sequence[Row]) -> Pane:
    """A box in the middle that has to be answered."""
    wide = min(620, max(300, *(at.width(row.text) + 60 for row in rows)))
    tall = height(at, rows) + 8
    left, top = (WIDTH - wide) // 2, (HEIGHT - tall) // 3
    return over('dialog', 'dialog', (left, top, left + wide, top + tall), rows)


def near(at: Places, row: int, column: int, rows: Sequence[Row], kind: PaneKind = 'hover', is_above: bool = False) -> Pane:
    """A card beneath (or above) a place in the code."""
    x, y = at.code_at(row, column)
    wide = min(at.window[2] - at.window[0] - 60, max(at.width(row.text) + (at.width(row.right) + 40 if row.right else 0) + 50 for row in rows))
    tall = height(at, rows)
    left = max(at.window[0], min(x, at.window[2] - wide - 8))
    top = y - tall - 2 if is_above or y + at.line_px + tall > at.window[3] - 20 else y + at.line_px
    top = max(at.window[1], top)
    return over(kind, 'popup', (left, top, left + wide, top + tall), rows)


def status_item(at: Places, text: str) -> Pane:
    """An entry of the status bar, right of branch and problems."""
    left = at.status[0] + 260
    return over('bar', 'statusBar', (left, at.status[1], left + at.width(text) + 40, at.status[3]), (Row(text),))


# --- small actions --------------------------------------------------------------------------------------------------------------


def chunks(rng: random.Random, text: str) -> list[str]:
    """The text as it grows frame by frame, now and then with a slip that is taken back, or all at once."""
    if rng.random() < 0.12:
        return [text]
    grown = [text[:length] for length in snippets.typing_chunks(rng, text, rng.choice((4, 6, 9, 14, 20)))]
    if len(grown) > 2 and rng.random() < 0.15:
        middle = rng.randrange(1, len(grown) - 1)
        grown.insert(middle, grown[middle] + rng.choice('aeinrst'))
    return grown


def typing(world: World, pane: Pane, text: str, draw: Callable[[str], Pane]) -> Playing:
    """Types into a pane that `draw` makes of what stands in its field."""
    for part in chunks(world.rng, text):
        pane = world.put(pane, draw(part))
        yield None
    return pane


def moving(world: World, pane: Pane, texts: Sequence[str]) -> Playing:
    """The selection goes over rows, from one to the next."""
    for text in texts:
        pane = world.put(pane, select(pane, text))
        yield from world.pause(1, 2)
    return pane


def way_to(rng: random.Random, texts: Sequence[str], chosen: str) -> list[str]:
    """Rows that the pointer passes, the last one is the one meant."""
    index = texts.index(chosen)
    start = rng.choice((0, max(0, index - 2), min(len(texts) - 1, index + 2)))
    step = 1 if start <= index else -1
    return [text for text in texts[start : index + step if index + step >= 0 else None : step][-3:] if text] or [chosen]


def show_side(world: World, view: str) -> Step:
    """Makes the side bar visible, with one of its views."""
    if not world.values['is_side_bar_shown']:
        world.set(is_side_bar_shown=True)
        yield Event('side_show', {})
    world.set(side_view=view)


def leave_side(world: World, *panes: Pane) -> None:
    world.hide(*panes)
    world.set(side_view='explorer')


def visible_name(world: World, least: int = 4) -> tuple[int, int, str] | None:
    """A name in the visible code: row relative to the top, column, name."""
    found = []
    for row in world.visible_rows():
        line = world.lines[row]
        for column, name in _words(line):
            if len(name) >= least:
                found.append((row - world.top, column, name))
    return world.rng.choice(found) if found else None


def _words(line: str) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in WORD.finditer(line)]


def columns(at: Places) -> int:
    """How many signs of a line of code are seen."""
    return int((at.editor[2] - at.editor[0] - gutter_px(at.look)) / at.look.mono().width('m')) - 1


def is_new(world: World) -> bool:
    """Whether a layout that training never has is taken."""
    return world.names.split == 'test' and world.rng.random() < 0.5
