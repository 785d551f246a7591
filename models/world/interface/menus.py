"""Menus of the code, the explorer, tabs and the menu bar: chosen from, or left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from screen.view import Row
from world.developer import Step, World
from world.interface.code import peek, rename
from world.interface.parts import Places, menu, moving, places, seen, select, show_side, side, way_to
from world.interface.pickers import answer
from world.interface.words import EDITOR_MENU, FILE_MENU, GIT_MENU, MENU_BAR, SCM_MENU, SUB_MENUS, TAB_MENU, Keyed
from world.session import Event


def _shuffled(world: World, groups: Sequence[Sequence[Keyed]], most: int) -> list[list[Keyed]]:
    """Some of the entries of each group, in their order."""
    rng = world.rng
    kept = [[entry for entry in group if rng.random() < 0.7] or [group[0]] for group in groups if rng.random() < 0.9]
    while sum(map(len, kept)) > most:
        kept = [group[:-1] for group in kept if len(group) > 1] or [kept[0][:most]]
    return kept


def menu_choice(world: World, x: int, y: int, groups: Sequence[Sequence[Keyed]], is_left: bool = False) -> Step:
    """Opens a menu at a place, goes through it and chooses, or leaves it."""
    rng, at = world.rng, places(world)
    plain = [entry for group in groups for entry in group]
    pane = menu(at, x, y, groups)
    world.show(pane)
    yield from world.pause(2, 4)
    if is_left:
        pane = yield from moving(world, pane, rng.sample([entry for entry, _ in plain], min(2, len(plain))))
        world.put(pane, select(pane, ''))
        yield None
        world.set(panes=tuple(other for other in world.panes if other.kind != 'menu'))
        yield None
        return
    entry, key = rng.choice(plain)
    pane = yield from moving(world, pane, way_to(rng, [text for text, _ in plain], entry))
    if key == '>':
        groups = [SUB_MENUS.get(entry) or EDITOR_MENU[0]]
        row = next((index for index, shown in enumerate(pane.rows) if shown.text == entry), 0)
        beside = menu(at, pane.box[2] - 4, pane.box[1] + row * at.row_px, groups)
        if beside.box[0] < pane.box[2] - 20:
            beside = menu(at, pane.box[0] - (beside.box[2] - beside.box[0]), pane.box[1] + row * at.row_px, groups)
        world.show(beside)
        yield from world.pause(2, 3)
        entry, _ = rng.choice([each for each in groups[0] if each[1] != '>'])
        beside = yield from moving(world, beside, way_to(rng, [text for text, _ in groups[0]], entry))
        world.hide(beside)
    world.hide(pane)
    yield Event('menu', {'entry': entry})
    yield from world.pause(0, 2)
    yield from _follow(world, entry)


def _follow(world: World, entry: str) -> Step:
    """What a menu entry does, where that is seen."""
    rng = world.rng
    if entry in ('Go to Definition', 'Go to Implementations', 'Go to Type Definition', 'Go to Test', 'Open File', 'Open to the Side') and len(world.files) > 1:
        name = rng.choice([name for name in world.files if name != world.file])
        world.open_file(name)
        yield None
        yield Event('open', {'file': name})
    elif entry in ('Rename Symbol', 'Rename...'):
        yield from rename(world)
    elif entry.startswith('Peek ') or entry in ('Go to References', 'Find All References'):
        yield from peek(world)
    elif entry in ('Close', 'Close All', 'Close Others') and len(world.tabs) > 1:
        closed = world.file
        world.tabs.remove(closed)
        world.active = rng.randrange(len(world.tabs))
        world.top, world.cursor = 0, (0, 0)
        yield Event('closed', {'name': closed})
    elif entry in ('Problems', 'Output', 'Debug Console', 'Terminal', 'New Terminal'):
        panel = 'TERMINAL' if 'Terminal' in entry else entry.upper()
        if world.values['panel'] == '':
            if not world.terminal:
                world.terminal.append(world.prompt)
            world.set(panel=panel)
            yield Event('panel_open', {})
    elif rng.random() < 0.2:
        yield from answer(world)


def _anywhere(world: World, at: Places) -> tuple[int, int]:
    rows = max(1, len(world.visible_rows()))
    return at.code_at(world.rng.randrange(rows), world.rng.randint(2, 40))


def editor_menu(world: World) -> Step:
    """The menu on a place in the code."""
    yield from world.to_editor()
    at = places(world)
    yield from menu_choice(world, *_anywhere(world, at), _shuffled(world, EDITOR_MENU, min(16, at.rows(at.editor))))


def explorer_menu(world: World) -> Step:
    """The menu on a file or folder, or on a change of the source control view."""
    yield from world.to_editor()
    yield from show_side(world, 'explorer')
    at, rng = places(world), world.rng
    x, y = at.side[0] + rng.randint(30, 90), at.side[1] + rng.randint(2, 8) * at.row_px
    yield from menu_choice(world, x, y, _shuffled(world, FILE_MENU if rng.random() < 0.8 else SCM_MENU, 15))


def tab_menu(world: World) -> Step:
    """The menu on a tab."""
    yield from world.to_editor()
    at = places(world)
    yield from menu_choice(world, at.tabs[0] + world.rng.randint(20, 200), at.tabs[3] - 6, _shuffled(world, TAB_MENU, 15))


def bar_menu(world: World) -> Step:
    """A menu of the menu bar; now and then from one to its neighbour."""
    yield from world.to_editor()
    at, rng = places(world), world.rng
    x, y = at.window[0] + rng.randint(30, 260), at.window[1] + max(20, at.look.px(at.look.style.title_px))
    for name in rng.sample(list(MENU_BAR), rng.choice((0, 0, 1, 2))):
        passing = menu(at, x, y, [MENU_BAR[name][:14]])
        world.show(passing)
        yield from world.pause(1, 3)
        world.hide(passing)
        x += 44
    entries = MENU_BAR[rng.choice(list(MENU_BAR))]
    entries = tuple(entry for entry in entries if rng.random() < 0.8)[: rng.randint(8, 16)]
    cuts = sorted(rng.sample(range(1, len(entries)), min(3, len(entries) - 1)))
    groups = [entries[first:last] for first, last in zip([0, *cuts], [*cuts, len(entries)], strict=True)]
    yield from menu_choice(world, x, y, groups[: 4 if at.row_px < 24 else 3])


def git_menu(world: World) -> Step:
    """The menu of the source control view, most of whose entries open another one."""
    yield from world.to_editor()
    yield from show_side(world, 'scm')
    rng, at = world.rng, places(world)
    changed = [Row(name, 1, right=rng.choice('MUAD')) for name in rng.sample(list(world.files), min(4, len(world.files)))]
    pane = side(at, [Row('SOURCE CONTROL', look='dim'), Row('Message', look='input'), Row('Commit', look='button'), Row('Changes', right=str(len(changed)), mark='open'), *changed])
    world.show(pane)
    yield None
    yield Event('view', seen(pane, view='SOURCE CONTROL'))
    yield from world.pause(1, 3)
    yield from menu_choice(world, at.side[2] - 40, at.side[1] + 20, GIT_MENU)
    yield from world.pause(1, 3)
    world.set(panes=(), side_view='explorer')
    yield None


def menu_left(world: World) -> Step:
    """A menu that is opened and left again: nothing happened."""
    yield from world.to_editor()
    at, rng = places(world), world.rng
    groups = _shuffled(world, rng.choice((EDITOR_MENU, TAB_MENU, FILE_MENU)), 14)
    yield from menu_choice(world, *_anywhere(world, at), groups, is_left=True)


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'editor_menu': (1.2, editor_menu),
    'explorer_menu': (1.0, explorer_menu),
    'tab_menu': (0.5, tab_menu),
    'bar_menu': (0.8, bar_menu),
    'git_menu': (0.4, git_menu),
    'menu_left': (0.6, menu_left),
}
HELD_OUT = frozenset({'tab_menu'})
