"""Cards over the code and changes in it: hovers, signatures, peeks, completions, snippets, several editors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from screen.view import Pane, Row
from world.developer import Step, World
from world.interface.parts import chunks, columns, is_new, moving, near, over, page, places, right_half, select, typing, visible_name
from world.interface.words import COMMANDS, KINDS, descriptions
from world.session import Event


def rename(world: World) -> Step:
    """A name gets another one, everywhere in the file and in a second one."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    named = visible_name(world, 4)
    if named is None:
        return
    row, column, old = named
    new = world.names.type_name() if old[0].isupper() else world.names.function(world.language) if rng.random() < 0.5 else world.names.variable(world.language)
    is_titled = rng.random() < 0.6
    foot = [Row('Enter to Rename, Shift+Enter to Preview', look='dim')] if is_titled else []
    if is_new(world):
        foot += [Row(text) for text in (world.names.word(), world.names.word())]  # names that the editor suggests

    def box(text: str) -> Pane:
        return near(at, row, column, [Row(text + '  ', look='input'), *foot], 'menu')

    pane = box(old)
    world.show(pane)
    yield from world.pause(1, 3)
    pane = yield from typing(world, pane, new, box)
    yield None
    world.hide(pane)
    if column + len(new) < columns(at):
        world.files[world.file] = [line.replace(old, new) for line in world.lines]
        other = next((name for name in world.tabs if name != world.file), '')
        if other and rng.random() < 0.5:
            world.files[other] = [*world.files[other][:3], *[line.replace(old, new) for line in world.files[other][3:]]]
        world.set(is_dirty=True)
        yield None
        yield Event('rename', {'old': old, 'new': new})


def _card(world: World, name: str) -> list[Row]:
    """What a hover says of a name."""
    rng, names = world.rng, world.names
    kind = rng.choice(('(function)', '(method)', '(variable)', '(class)', '(property)', '(const)', '(parameter)', '(module)', 'const', 'function', 'func', 'let', 'def', '(alias)'))
    first = rng.choice((f'{kind} {name}: {names.type_name()}', f'{kind} {name}({names.word()}: {rng.choice(("str", "int", "string", "number", names.type_name()))})', f'{kind} {name}() -> {rng.choice(("None", "str", "bool", names.type_name()))}', f'{kind} {name}'))
    rows = [Row(first)]
    rows += [Row(text[:80].rsplit(' ', 1)[0]) for text in descriptions(world, rng.randint(0, 4))]
    if rng.random() < 0.4:
        rows += [Row(f'@param {names.word()} — {names.words(2, 5)}', look='dim'), Row(f'@returns {names.words(2, 5)}', look='dim')]
    if rng.random() < 0.2:
        rows.append(Row('View Problem (Alt+F8)   Quick Fix... (Ctrl+.)', look='link'))
    return rows


def hover(world: World) -> Step:
    """A card about a name, looked at long enough to read it."""
    yield from world.to_editor()
    named = visible_name(world)
    if named is None:
        return
    rows = _card(world, named[2])
    at = places(world)
    if max(at.width(row.text) for row in rows[:1]) > 560:
        return
    pane = near(at, named[0], named[1], rows, is_above=world.rng.random() < 0.5)
    world.show(pane)
    yield None
    yield Event('hover', {'text': rows[0].text})
    yield from world.pause(2, 6)
    world.hide(pane)
    yield None


def hover_passing(world: World) -> Step:
    """Cards and tooltips that come up under a passing pointer, too short to matter."""
    if world.app != 'editor':
        return
    rng = world.rng
    for _ in range(rng.randint(1, 2)):
        at, named = places(world), visible_name(world)
        if named is None:
            return
        if rng.random() < 0.5:
            pane = near(at, named[0], named[1], _card(world, named[2])[:3])
        else:
            x, y = rng.randint(80, 900), rng.choice((at.tabs[3], at.status[1] - 40, at.side[1] + 60))
            text = rng.choice((*dict(COMMANDS), f'~/{world.project}/{world.file}', 'Toggle Maximized Panel Size', 'More Actions...', 'Explorer (Ctrl+Shift+E)', 'Close (Ctrl+F4)', 'Split Editor Right (Ctrl+\\)'))
            pane = over('hover', 'popup', (x, y, x + at.width(text) + 30, y + at.row_px + 8), [Row(text)])
        world.show(pane)
        yield None
        world.hide(pane)
        yield from world.pause(1, 3)


def signature(world: World) -> Step:
    """A call is typed, its parameters are shown above it."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    called = names.function(world.language)
    arguments = [names.word() for _ in range(rng.randint(1, 3))]
    row = max(world.top, min(world.top + rng.randint(1, 8), len(world.lines)))
    world.lines.insert(row, '')
    world.cursor = (row, 0)
    at, shown = places(world), None
    kinds = ('str', 'int', 'bool', 'float', 'object')
    signed = f'{called}({", ".join(f"{word}: {rng.choice(kinds)}" for word in arguments)})'
    is_hovered = False
    line = f'    {called}({", ".join(arguments)})'
    world.set(is_dirty=True)
    for part in chunks(rng, line):
        world.lines[row] = part
        world.cursor = (row, len(part))
        if '(' in part and shown is None:
            rows = [Row(signed), Row(descriptions(world, 1)[0][:70].rsplit(' ', 1)[0], look='dim')]
            if rng.random() < 0.3:
                rows.insert(0, Row(f'1/{rng.randint(2, 4)}', look='dim'))
            shown = near(at, row - world.top, 4, rows, is_above=row - world.top > 3)
            world.show(shown)
            yield None
            yield Event('hover', {'text': signed})
            is_hovered = True
        else:
            yield None
    if shown is not None:
        yield from world.pause(0, 2)
        world.hide(shown)
    yield None
    if is_hovered and len(line) < columns(at):
        yield Event('code', {'line': line.strip()})


def peek(world: World) -> Step:
    """Definition or references in a window inside the editor: code on the left, files on the right."""
    yield from world.to_editor()
    rng, at, names = world.rng, places(world), world.names
    named = visible_name(world)
    if named is None:
        return
    box = at.editor
    middle = min(box[3] - 180, box[1] + (named[0] + 1) * at.line_px + 4) if box[3] - box[1] > 260 else box[1]
    edge = box[0] + (box[2] - box[0]) * (1 if is_new(world) else 13) // (2 if is_new(world) else 20)
    files = rng.sample(list(world.files), min(len(world.files), rng.randint(1, 4)))
    count = rng.randint(1, 9)
    head = over('bar', 'other', (box[0], middle, box[2], middle + 28), [Row(files[0]), Row(f'{named[2]} - {rng.choice(("Definitions", "References", "Implementations"))} ({count})', look='dim')])
    first = rng.randint(1, 90)
    code = world.files[files[0]][: (box[3] - middle) // at.line_px]
    left = Pane('editor', 'editor', (box[0], middle + 28, edge, min(box[3], middle + 260)), tuple(Row(line) for line in code), is_overlay=True, first_line=first)
    rows = [row for file in files for row in [Row(file, right=str(rng.randint(1, 5)), mark='open'), *[Row(f'{names.word()} = {named[2]}({names.word()})', level=1) for _ in range(rng.randint(1, 3))]]]
    room = (min(box[3], middle + 260) - middle - 40) // at.row_px
    beside = (edge, middle + 28, box[2], min(box[3], middle + 260))
    right = over('tree', 'other', beside, rows[:room])
    world.show(head, left, right)
    yield None
    readable = [file for file in files if 0 <= next((i for i, row in enumerate(rows) if row.text == file), 99) < room and at.width(file) < beside[2] - beside[0] - 60]
    if readable:
        yield Event('listed', dict(zip(('first', 'second'), readable[:2], strict=False)))
    yield from world.pause(3, 8)
    world.hide(head, left, right)
    if rng.random() < 0.3 and files[-1] != world.file:
        world.open_file(files[-1])
        yield None
        yield Event('open', {'file': files[-1]})
    else:
        yield None


def complete(world: World) -> Step:
    """Suggestions come up while typing; one is taken, and what it leaves open is filled in."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    row = max(world.top, min(world.top + rng.randint(1, 10), len(world.lines)))
    world.lines.insert(row, '')
    world.set(is_dirty=True)
    at = places(world)
    owner = rng.choice((names.word(), names.word(), 'self', 'this', 'console', 'app', 'os', 'np', 'db', 'fmt', 'req', 'math'))
    lead = '    ' * rng.randint(0, 2) + rng.choice((f'{owner}.', f'{names.word()} = {owner}.', ''))
    entry = names.function(world.language) if rng.random() < 0.7 else names.word()
    others = [names.function(world.language) if rng.random() < 0.6 else names.word() for _ in range(rng.randint(6, 11))]
    place = rng.choice((0, 0, 1, 2, 3))
    entries = [*others[:place], entry, *others[place:]]
    kinds = rng.random() < 0.6
    if rng.random() < 0.4:
        others[-1] = entries[-1] = rng.choice(('for', 'if', 'def', 'class', 'function', 'import', 'return', 'while', 'try/except', 'log'))
    rows = [Row(text, right=(rng.choice(KINDS) if kinds else names.word()) if rng.random() < 0.8 else '') for text in entries]
    prefix = entry[: rng.randint(0, 3)] if lead.strip() else entry[: rng.randint(2, 3)]
    for part in chunks(rng, lead + prefix):
        world.lines[row] = part
        world.cursor = (row, len(part))
        yield None
    narrow = near(at, row - world.top, len(lead), rows, 'list')
    pane = select(narrow, entries[0])
    world.show(pane)
    if rng.random() < 0.5:
        card = _card(world, entries[0])[:5]
        wide = max(at.width(each.text) for each in card) + 40
        left = pane.box[2] + 2 if pane.box[2] + wide < at.window[2] else pane.box[0] - wide - 2
        if left >= at.window[0]:
            world.show(over('hover', 'popup', (left, pane.box[1], left + wide, pane.box[1] + 14 + len(card) * at.row_px), card))
    yield None
    yield Event('completions', {'first': entries[0], 'second': entries[1]})
    if rng.random() < 0.15:  # typed on without taking any
        world.set(panes=())
        yield None
        return
    if place:
        pane = yield from moving(world, pane, entries[max(0, place - 2) : place + 1])
    if len(entry) > len(prefix) + 3 and rng.random() < 0.4:
        world.set(panes=())
        pane = select(near(at, row - world.top, len(lead), [each for each in rows if each.text[:1] == entry[:1]], 'list'), entry)
        world.show(pane)
        world.lines[row] = lead + entry[: len(prefix) + 2]
        yield None
    world.set(panes=())
    placeholder = rng.choice(('()', f'({names.word()})', f'({names.word()}, {names.word()})', ''))
    world.lines[row] = lead + entry + placeholder
    world.cursor = (row, len(world.lines[row]))
    yield None
    if len(lead + entry) > columns(at):
        return
    yield Event('completed', {'entry': entry})
    filled = lead + entry + (f"({rng.choice((names.word(), str(rng.randint(1, 99)), repr(names.word())))})" if placeholder else f'[{rng.randint(0, 9)}]')
    yield from world.pause(0, 2)
    for part in chunks(rng, filled[len(lead + entry) :]):
        world.lines[row] = lead + entry + part
        world.cursor = (row, len(world.lines[row]))
        yield None
    world.lines[row] = filled
    yield None
    if len(filled) < columns(at):
        yield Event('code', {'line': filled.strip()})


def snippet(world: World) -> Step:
    """A word expands to a snippet whose gaps are filled one after another."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    row = max(world.top, min(world.top + rng.randint(0, 8), len(world.lines)))
    at = places(world)
    name = names.function(world.language)
    word, lines = {
        'py': rng.choice((('def', [f'def {name}():', '    pass']), ('for', [f'for {names.word()} in {name}:', '    pass']), ('main', ['if __name__ == "__main__":', f'    {name}()']))),
        'go': ('for', [f'for _, {names.word()} := range {name} {{', '}']),
        'rs': ('match', [f'match {name} {{', '    _ => todo!(),', '}']),
    }.get(world.language, rng.choice((('log', [f'console.log({name});']), ('foreach', [f'{name}.forEach(({names.word()}) => {{', '});']), ('trycatch', ['try {', f'    {name}();', '} catch (error) {', '}']))))
    world.set(is_dirty=True)
    world.lines.insert(row, '')
    for part in chunks(rng, word):
        world.lines[row] = part
        world.cursor = (row, len(part))
        yield None
    pane = near(at, row - world.top, 0, [Row(word, right='snippet'), *[Row(f'{word}{names.word()[:4]}', right=rng.choice(KINDS)) for _ in range(rng.randint(1, 6))]], 'list')
    world.show(pane)
    yield None
    yield Event('completions', {'first': word})
    world.hide(pane)
    world.lines[row : row + 1] = [line.replace(name, 'name') for line in lines]
    yield from world.pause(1, 2)
    world.lines[row : row + len(lines)] = lines
    yield None
    line = next((line for line in lines if name in line), lines[0])
    if len(line) < columns(at):
        yield Event('code', {'line': line.strip()})


def multi_cursor(world: World) -> Step:
    """Several cursors change one word in every line at once."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    rows = [row for row in world.visible_rows() if '=' in world.lines[row]]
    names = [word for row in rows for word in world.lines[row].replace('(', ' ').split() if word.isidentifier() and len(word) > 3]
    if not names:
        return
    old = rng.choice(names)
    new = world.names.word()
    before = list(world.lines)
    world.set(is_dirty=True)
    for part in chunks(rng, new):
        world.files[world.file] = [line.replace(old, part) for line in before]
        yield None
    world.files[world.file] = [line.replace(old, new) for line in before]
    yield None
    row = next((row for row in world.visible_rows() if new in world.lines[row] and world.lines[row] != before[row]), None)
    if row is not None and len(world.lines[row]) < columns(at):
        yield Event('rename', {'old': old, 'new': new})


def format_on_save(world: World) -> Step:
    """Saving puts the code in order: indentation changes, nothing that is worth a word but the saving."""
    yield from world.to_editor()
    rng = world.rng
    rows = [row for row in world.visible_rows() if world.lines[row].strip()]
    if not rows:
        return
    for row in rng.sample(rows, min(3, len(rows))):
        world.lines[row] = world.lines[row].replace(', ', ',').replace(' = ', '=')
    world.set(is_dirty=True)
    yield from world.pause(2, 4)
    world.files[world.file] = [line.replace(',', ', ').replace(',  ', ', ') for line in world.lines]
    world.set(is_dirty=False)
    yield Event('saved', {'file': world.file})
    if rng.random() < 0.3:
        yield from world.pause(1, 2)


def editors_split(world: World) -> Step:
    """A second editor beside the first, or two versions of the file beside each other; closed again."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    other = rng.choice(list(world.files))
    box = right_half(at, rng.choice((0.4, 0.5, 0.5)))
    is_diff = rng.random() < 0.4
    name = f'{world.file} (Working Tree)' if is_diff else other
    code = list(world.lines if is_diff else world.files[other])
    if is_diff and len(code) > 3:
        code[rng.randrange(len(code))] = f'    {world.names.word()} = {rng.randint(1, 99)}'
    head = over('tabs', 'tabs', (box[0], box[1], box[2], at.tabs[3]), [Row(name, look='selected')])
    body = Pane('editor', 'editor', (box[0], at.tabs[3], box[2], box[3]), tuple(Row(line) for line in code[: (box[3] - at.tabs[3]) // at.line_px]), is_overlay=True, first_line=1)
    world.show(head, body)
    yield None
    if at.width(name) < box[2] - box[0] - 30:
        yield Event('open', {'file': world.file if is_diff else other})
    yield from world.pause(3, 10)
    world.hide(head, body)
    if rng.random() < 0.3:
        yield Event('closed', {'name': name} if at.width(name) < box[2] - box[0] - 30 else {})
    else:
        yield None


def zen(world: World) -> Step:
    """Nothing but the code, for a while."""
    yield from world.to_editor()
    at, rng = places(world), world.rng
    margin = rng.randint(60, 260)
    rows = [Row(line) for line in world.lines[world.top : world.top + 40]]
    pane = page(at, rows, 'editor', (0, 0, 1280, 720), 'editor')
    shifted = replace(pane, box=(margin, 10, 1280 - margin, 720), first_line=world.top + 1)
    world.show(replace(pane, rows=()), shifted)
    yield from world.pause(4, 12)
    world.set(panes=())
    yield None


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'rename_box': (0.6, rename),
    'hover_card': (1.0, hover),
    'hover_passing': (0.8, hover_passing),
    'signature': (0.6, signature),
    'peek': (0.7, peek),
    'complete': (1.6, complete),
    'snippet': (0.5, snippet),
    'multi_cursor': (0.4, multi_cursor),
    'format_on_save': (0.6, format_on_save),
    'editors_split': (0.6, editors_split),
    'zen': (0.3, zen),
}
HELD_OUT = frozenset({'snippet', 'zen'})
