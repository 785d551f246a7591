"""Pages of an editor tab that are filled in: settings, key bindings, forms, reviews."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from screen.view import Pane, PaneKind, Row
from text.vocabulary import VERBS
from world.developer import Step, World
from world.interface.parts import (
    Places,
    Playing,
    chunks,
    is_new,
    menu,
    moving,
    over,
    page,
    places,
    row_height,
    seen,
    select,
    tabs,
    toast,
    typing,
    within,
)
from world.interface.words import CHOICES, COMMANDS, FORMS, SETTING_GROUPS, SETTINGS, descriptions, pick, some
from world.session import Event


def looked_up(world: World, view: str, pane: Pane, query: str, draw: Callable[[str], Pane], longest: int) -> Playing:
    """A page with a search field opens, and something is typed into it after at most `longest` frames; the pane as it is then."""
    yield None
    yield Event('view', {'view': view})
    yield from world.pause(1, longest)
    pane = yield from typing(world, pane, query, draw)
    yield None
    yield Event('typed', {'text': query})
    return pane


def settings(world: World) -> Step:
    """The settings editor: a search, boxes ticked, values typed and picked."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    found = some(world, SETTINGS, 8)
    target = found[0]
    query = rng.choice(target[0].split(': ')[-1].split())[: rng.randint(3, 9)].lower()
    texts = {name: descriptions(world, 1)[0] for name, _ in found}
    values, ticked = dict(found), {name: rng.random() < 0.5 for name, _ in found}
    left = at.tabs[0] + (at.editor[2] - at.tabs[0]) * rng.choice((20, 26)) // 100
    groups = over('form', 'other', (at.tabs[0], at.tabs[3], left, at.editor[3]), within(at, 'form', (at.tabs[0], at.tabs[3], left, at.editor[3]), [Row(name, rng.choice((0, 1)), mark='closed') for name in some(world, SETTING_GROUPS, rng.randint(5, 13))]))
    box = (left, at.tabs[3], at.editor[2], at.editor[3])
    most = rng.randint(4, 8)
    places_of = rng.choice(('User    Workspace', 'User    Remote    Workspace', 'User'))

    def draw(text: str) -> Pane:
        rows = [Row(text or 'Search settings', right=f'{len(found) * 3} Settings Found' if text else '', look='input'), Row(places_of, right='Backup and Sync Settings', look='dim')]
        shown = [each for each in found if not text or query in each[0].lower()] + [each for each in found if text and query not in each[0].lower()]
        for name, value in shown[:most]:
            rows += [Row(name), Row(texts[name], mark='check' if ticked[name] else 'box', look='dim')] if value == '' else [Row(name), Row(texts[name], look='dim'), Row(values[name], look='input')]
        return page(at, rows, box=box)

    tab, pane = tabs(at, world, 'Settings'), draw('')
    world.show(tab, groups, pane)
    pane = yield from looked_up(world, 'Settings', pane, query, draw, 4)
    yield from world.pause(1, 3)
    for _ in range(rng.randint(1, 2)):
        name, value = target
        if value == '':
            ticked[name] = not ticked[name]
            pane = world.put(pane, draw(query))
            yield Event('checked', seen(pane, label=name))
        elif value in CHOICES:
            new = rng.choice(CHOICES[value])
            listed = _beneath(at, pane, value, [value, *CHOICES[value]])
            world.show(listed)
            yield from world.pause(2, 3)
            listed = yield from moving(world, listed, [new])
            world.hide(listed)
            values[name] = new
            pane = world.put(pane, draw(query))
            yield None
            yield Event('selected', seen(pane, value=new, field=name))
        else:
            new = str(rng.randint(2, 40)) if value.isdigit() else world.names.word()
            for part in chunks(rng, new):
                values[name] = part
                pane = world.put(pane, draw(query))
                yield None
            values[name] = new
            pane = world.put(pane, draw(query))
            yield None
            yield Event('typed', seen(pane, text=new, field=name))
        yield from world.pause(1, 4)
        target = rng.choice(found[:3])
        value = target[1]
    world.hide(tab, groups, pane)
    yield Event('closed', {'name': 'Settings'})


def _beneath(at: Places, pane: Pane, text: str, options: Sequence[str]) -> Pane:
    """The list of a drop-down, beneath the row of the pane that shows its value."""
    y = pane.box[1] + 6
    for row in pane.rows:
        y += row_height(at, pane.kind, row)
        if row.text == text and row.look == 'input':
            break
    return menu(at, pane.box[0] + 16, y, [[(option, '') for option in options]])


def shortcuts(world: World) -> Step:
    """The table of key bindings, filtered."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    known = [(entry, key) for entry, key in some(world, COMMANDS, 40) if key]
    word = rng.choice(known)[0].replace(':', '').split()[-1]

    def draw(text: str) -> Pane:
        shown = [each for each in known if text.lower() in each[0].lower()] or known[:1]
        return page(at, [Row(text or 'Type to search in keybindings', look='input'), Row('Command', right='Keybinding', look='dim'), *[Row(entry, right=key) for entry, key in shown]])

    tab, pane = tabs(at, world, 'Keyboard Shortcuts'), draw('')
    world.show(tab, pane)
    pane = yield from looked_up(world, 'Keyboard Shortcuts', pane, word, draw, 3)
    yield from world.pause(2, 4)
    world.hide(tab, pane)
    yield None


def form(world: World) -> Step:
    """A page of an extension with fields: typed, picked, sent off."""
    yield from world.to_editor()
    rng, names, at = world.rng, world.names, places(world)
    title, submit, fields, done = pick(world, FORMS)
    fields = fields[: rng.randint(2, len(fields))]
    layout = rng.choice(('beneath', 'beneath', 'within')) if not is_new(world) else 'beside'
    has_preview, has_hints, is_required = rng.random() < 0.3, rng.random() < 0.3, rng.random() < 0.4
    hints = {label: rng.choice((f'Enter the {label.lower()}', f'The {label.lower()} of the {names.word()}', f'{label} must not be empty', f'For example {names.word()}', descriptions(world, 1)[0])) for label, _ in fields}
    level = rng.choice((0, 0, 0, 2, 6, 12))
    is_narrow = rng.random() < 0.2 and at.side[2] - at.side[0] > 230
    values = {label: options.split('/')[0] if '/' in options and 'application' not in options else '' for label, options in fields}
    box = (at.tabs[0], at.tabs[3], at.editor[2], at.editor[3])
    if has_preview:
        box = (box[0], box[1], (box[0] + box[2]) * 11 // 20, box[3])
    if is_narrow:
        box, level, has_preview = at.side, 0, False
    kind: PaneKind = rng.choice(('form', 'form', 'page'))
    boxes = [rng.choice(('Save password', 'Show all databases', 'Use SSL', 'Open after creation', 'Add to workspace', 'Remember me', 'Enable debugging', f'Use {names.word()}'))] if rng.random() < 0.4 else []
    ticked: set[str] = set()

    def draw(message: str = '') -> Pane:
        rows = [Row(title, look='heading')]
        for label, _ in fields:
            value = values[label]
            if layout == 'beneath':
                rows += [Row(label), Row(value or ' ', look='input')]
            elif layout == 'beside':
                rows.append(Row(f'{label}    {value}', look='input'))
            else:
                rows.append(Row(value or label, look='input'))
            if has_hints:
                rows.append(Row(hints[label], look='dim'))
            if is_required and not value:
                rows.append(Row(f'{label} is required', look='error'))
        rows += [Row(text, mark='check' if text in ticked else 'box') for text in boxes]
        rows += [Row(submit, look='button'), Row('Cancel', look='dim')]
        return page(at, [replace(row, level=level) for row in ([*rows, Row(message, look='ok')] if message else rows)], kind, box)

    def preview() -> Pane:
        text = json.dumps({label.lower().replace(' ', '_'): value for label, value in values.items()}, indent=2)
        return over('editor', 'editor', (box[2], box[1], at.editor[2], box[3]), [Row(line) for line in text.split('\n')])

    tab, pane, beside = tabs(at, world, title), draw(), preview()
    world.show(*([] if is_narrow else [tab]), pane, *([beside] if has_preview else []))
    yield None
    yield Event('view', seen(pane, view=title))
    yield from world.pause(1, 4)
    for label, options in fields:
        if rng.random() < 0.25:
            continue
        if values[label]:
            listed = _beneath(at, pane, values[label], options.split('/'))
            world.show(listed)
            yield from world.pause(1, 3)
            value = rng.choice(options.split('/'))
            listed = yield from moving(world, listed, [value])
            world.hide(listed)
            if value == values[label]:
                continue
            values[label] = value
            pane, beside = world.put(pane, draw()), world.put(beside, preview())
            yield None
            yield Event('selected', seen(pane, value=value, field=label))
        else:
            value = _value(world, label)
            shown = '*' * len(value) if options == '*' else value
            for part in chunks(rng, shown):
                values[label] = part
                pane = world.put(pane, draw())
                yield None
            values[label] = shown
            pane, beside = world.put(pane, draw()), world.put(beside, preview())
            yield None
            yield Event('typed', {} if options == '*' else seen(pane, text=value, field=label))
        yield from world.pause(0, 3)
    for text in boxes:
        if rng.random() < 0.6:
            ticked.add(text)
            pane = world.put(pane, draw())
            yield Event('checked', seen(pane, label=text))
            yield from world.pause(1, 2)
    if rng.random() < 0.85:
        yield from world.pause(0, 3)
        said = rng.choice(done)
        pane = world.put(pane, draw(said))
        told = toast(at, said)
        world.show(told)
        yield None
        yield Event('button', seen(pane, label=submit))
        yield from world.pause(1, 5)
        if rng.random() < 0.4:
            items = ['_'.join(names.pair()) for _ in range(rng.randint(2, 9))]
            listed = page(at, [Row(title, look='heading'), *[Row(f'{item}    {rng.randint(1, 999)}    {names.word()}') for item in items]], kind, box)
            world.put(pane, listed)
            yield None
            yield Event('listed', seen(listed, first=items[0], second=items[1]))
            yield from world.pause(1, 4)
    world.set(panes=())
    yield None


def _value(world: World, label: str) -> str:
    """What somebody would type into a field with this label."""
    rng, names, lower = world.rng, world.names, label.lower()
    if 'port' in lower or 'timeout' in lower or 'rows' in lower or 'workers' in lower:
        return str(rng.randint(2, 9999))
    if 'host' in lower or 'address' in lower:
        return rng.choice(('localhost', '127.0.0.1', f'{names.word()}.{names.word()}.com'))
    if 'url' in lower:
        return f'https://{names.word()}.{rng.choice(("com", "dev", "io"))}/{names.word()}'
    if 'path' in lower or 'location' in lower or 'directory' in lower or 'program' in lower:
        return f'~/{names.word()}/{names.word()}'
    if 'temperature' in lower:
        return f'0.{rng.randint(1, 9)}'
    if 'description' in lower or 'prompt' in lower or 'title' in lower:
        return names.words(2, 5)
    if 'group' in lower:
        return f'com.{names.word()}'
    return rng.choice((names.word(), '-'.join(names.pair()), '_'.join(names.pair())))


def review(world: World) -> Step:
    """A pull request in an editor tab: read, answered, merged."""
    yield from world.to_editor()
    rng, names, at = world.rng, world.names, places(world)
    title, number = f'{rng.choice(VERBS).capitalize()} {names.words(2, 4)}', rng.randint(2, 2000)
    comment = rng.choice(('Looks good to me', 'Please add a test', f'{names.words(3, 6)}', f'Why is {names.word()} needed here?'))
    history = [Row(f'{names.word()} {rng.choice(("commented", "approved these changes", "added a commit", "requested changes", "pushed 2 commits"))} {rng.randint(2, 23)} hours ago', look='dim') for _ in range(rng.randint(1, 6))]
    told = [Row(text) for text in descriptions(world, rng.randint(1, 4))]
    actions = ('Merge Pull Request', 'Squash and Merge', 'Create Merge Commit')
    button = rng.choice(actions)

    def draw(text: str, state: str = 'Open', extra: Sequence[Row] = ()) -> Pane:
        rows = [Row(f'{title} #{number}', look='heading'), Row(f'{state}    {names_of} wants to merge changes into main', look='dim'), *told, *history, *extra]
        rows += [Row(text or 'Leave a comment', look='input'), Row('Comment', look='button')]
        return page(at, [*rows, Row(button, look='button')] if state == 'Open' else rows, 'page')

    names_of = names.word()
    tab, pane = tabs(at, world, f'Pull Request #{number}'), draw('')
    world.show(tab, pane)
    yield None
    yield Event('view', seen(pane, view=title))
    yield from world.pause(2, 6)
    pane = yield from typing(world, pane, comment, draw)
    yield None
    yield Event('typed', seen(pane, text=comment))
    said = [Row(f'{names.word()} commented just now', look='dim'), Row(comment)]
    pane = world.put(pane, draw('', extra=said))
    yield from world.pause(1, 4)
    if rng.random() < 0.5:
        shown = seen(pane, label=button)
        pane = world.put(pane, select(draw('', 'Merged', said), ''))
        yield None
        yield Event('button', shown)
        yield from world.pause(1, 3)
    world.hide(tab, pane)
    yield None


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'settings': (0.9, settings),
    'shortcuts': (0.3, shortcuts),
    'form': (1.6, form),
    'review': (0.5, review),
}
HELD_OUT = frozenset({'review', 'shortcuts'})
