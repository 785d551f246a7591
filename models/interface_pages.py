"""Pages that stand in an editor tab or beside the code: settings, forms, extensions, previews, welcome, answers of requests and queries."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from developer import Step, World
from interface_parts import (
    Places,
    chunks,
    is_new,
    leave_side,
    menu,
    moving,
    over,
    page,
    places,
    right_half,
    row_height,
    seen,
    select,
    show_side,
    side,
    tabs,
    toast,
    typing,
    within,
)
from interface_words import CHOICES, COMMANDS, EXTENSIONS, FORMS, SETTING_GROUPS, SETTINGS, Keyed, descriptions, pick, some, titles
from scene import Event, Pane, PaneKind, Row
from vocabulary import VERBS

# --- settings ---------------------------------------------------------------------------------------------------------------


def settings(world: World) -> Step:
    """The settings editor: a search, boxes ticked, values typed and picked."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    found = some(world, SETTINGS, 8)
    target = found[rng.randint(0, 2)]
    query = rng.choice(target[0].split(': ')[-1].split())[: rng.randint(3, 9)].lower()
    texts = {name: descriptions(world, 1)[0] for name, _ in found}
    values, ticked = dict(found), {name: rng.random() < 0.5 for name, _ in found}
    left = at.tabs[0] + (at.editor[2] - at.tabs[0]) * rng.choice((20, 26)) // 100
    groups = over('form', 'other', (at.tabs[0], at.tabs[3], left, at.editor[3]), within(at, 'form', (at.tabs[0], at.tabs[3], left, at.editor[3]), [Row(name, rng.choice((0, 1)), mark='closed') for name in some(world, SETTING_GROUPS, 22)]))
    box = (left, at.tabs[3], at.editor[2], at.editor[3])
    places_of = rng.choice(('User    Workspace', 'User    Remote    Workspace', 'User'))

    def draw(text: str) -> Pane:
        rows = [Row(text or 'Search settings', right=f'{len(found) * 3} Settings Found' if text else '', look='input'), Row(places_of, right='Backup and Sync Settings', look='dim')]
        shown = [each for each in found if not text or query in each[0].lower()] + [each for each in found if text and query not in each[0].lower()]
        for name, value in shown:
            rows += [Row(name), Row(texts[name], mark='check' if ticked[name] else 'box', look='dim')] if value == '' else [Row(name), Row(texts[name], look='dim'), Row(values[name], look='input')]
        return page(at, rows, box=box)

    tab, pane = tabs(at, world, 'Settings'), draw('')
    world.show(tab, groups, pane)
    yield None
    yield Event('view', {'view': 'Settings'})
    yield from world.pause(1, 4)
    pane = yield from typing(world, pane, query, draw)
    yield None
    yield Event('typed', {'text': query})
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
    yield None
    yield Event('view', {'view': 'Keyboard Shortcuts'})
    yield from world.pause(1, 3)
    pane = yield from typing(world, pane, word, draw)
    yield None
    yield Event('typed', {'text': word})
    yield from world.pause(2, 4)
    world.hide(tab, pane)
    yield None


# --- extensions ----------------------------------------------------------------------------------------------------------------


def extensions(world: World) -> Step:
    """The marketplace in the side bar, the page of one extension, its installation."""
    yield from world.to_editor()
    yield from show_side(world, 'extensions')
    rng, names, at = world.rng, world.names, places(world)
    name, publisher = pick(world, EXTENSIONS) if rng.random() < 0.8 else (f'{names.word().capitalize()} {names.word().capitalize()}', names.word().capitalize())
    query = name.split()[0].lower()[: rng.randint(3, 10)]
    others = [each for each in some(world, EXTENSIONS, 9) if each[0] != name]
    lines = {each: descriptions(world, 1)[0] for each, _ in [(name, ''), *others]}
    loads = {each: f'{rng.randint(1, 120)}{rng.choice(("K", "M", ".4M", ".7K"))}' for each in lines}

    def entries(each: Keyed, state: str) -> list[Row]:
        return [Row(each[0], right=loads[each[0]]), Row(lines[each[0]], look='dim'), Row(each[1], right=state, look='dim')]

    def draw(text: str, state: str = 'Install') -> Pane:
        rows = [Row('EXTENSIONS', look='dim'), Row(text or 'Search Extensions in Marketplace', look='input')]
        if text:
            rows += entries((name, publisher), state)
        else:
            rows.append(Row('INSTALLED', right=str(len(others)), mark='open'))
        return side(at, [*rows, *[row for each in others for row in entries(each, '' if not text else 'Install')]])

    pane = draw('')
    world.show(pane)
    yield None
    yield Event('view', seen(pane, view='EXTENSIONS'))
    yield from world.pause(1, 3)
    pane = yield from typing(world, pane, query, draw)
    yield None
    yield Event('typed', seen(pane, text=query))
    yield from world.pause(1, 3)
    about = [Row(text) for text in descriptions(world, rng.randint(4, 14))]
    stars = rng.randint(5, 900)

    def detail(state: str, extra: str = '') -> Pane:
        rows = [Row(name, look='heading'), Row(f'{publisher}    {loads[name]}    ({stars})', look='dim'), Row(lines[name])]
        rows += [Row(state, look='button'), *([Row(extra)] if extra else []), Row('DETAILS    FEATURES    CHANGELOG', look='dim'), *about]
        return page(at, rows)

    tab, shown = tabs(at, world, f'Extension: {name}'), detail('Install')
    is_paged = rng.random() < 0.8
    if is_paged:
        world.show(tab, shown)
        yield None
        yield Event('view', seen(shown, view=name))
        yield from world.pause(2, 6)
    shown = world.put(shown, detail('Installing'))
    pane = world.put(pane, draw(query, 'Installing'))
    yield None
    if rng.random() < 0.4:
        yield Event('button', {'label': 'Install'})
    yield from world.pause(1, 4)
    pane = world.put(pane, draw(query, ''))
    shown = world.put(shown, detail('Uninstall', rng.choice(('Disable', 'Auto Update', 'This extension is enabled globally.'))))
    yield None
    yield Event('install', seen(shown, package=name) if is_paged else seen(pane, package=name))
    yield from world.pause(1, 5)
    world.hide(tab, shown)
    leave_side(world, pane)
    yield None


# --- forms ---------------------------------------------------------------------------------------------------------------------


def form(world: World) -> Step:
    """A page of an extension with fields: typed, picked, sent off."""
    yield from world.to_editor()
    rng, names, at = world.rng, world.names, places(world)
    title, submit, fields, done = pick(world, FORMS)
    fields = fields[: rng.randint(2, len(fields))]
    layout = rng.choice(('beneath', 'beneath', 'within')) if not is_new(world) else 'beside'
    has_preview, has_hints, is_required = rng.random() < 0.3, rng.random() < 0.3, rng.random() < 0.4
    hints = {label: descriptions(world, 1)[0] for label, _ in fields}
    values = {label: options.split('/')[0] if '/' in options and 'application' not in options else '' for label, options in fields}
    box = (at.tabs[0], at.tabs[3], at.editor[2], at.editor[3])
    if has_preview:
        box = (box[0], box[1], (box[0] + box[2]) * 11 // 20, box[3])
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
        return page(at, [*rows, Row(message, look='ok')] if message else rows, kind, box)

    def preview() -> Pane:
        text = json.dumps({label.lower().replace(' ', '_'): value for label, value in values.items()}, indent=2)
        return over('editor', 'editor', (box[2], box[1], at.editor[2], box[3]), [Row(line) for line in text.split('\n')])

    tab, pane, beside = tabs(at, world, title), draw(), preview()
    world.show(tab, pane, *([beside] if has_preview else []))
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


# --- beside the code --------------------------------------------------------------------------------------------------------------


def markdown_preview(world: World) -> Step:
    """Markdown and what it looks like, beside each other; what is typed appears there."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    name = rng.choice(('README.md', f'{names.word()}.md', 'notes.md'))
    if name not in world.files:
        world.files[name] = [f'# {names.title()}', '', names.sentence(), '', f'## {names.title()}', '', *[f'- {names.words(2, 5)}' for _ in range(rng.randint(1, 5))], '']
        world.folder[name] = ''
    if world.file != name:
        world.open_file(name)
        yield None
        yield Event('open', {'file': name})
    at = places(world)
    box = right_half(at)

    def draw() -> Pane:
        rows = [Row(line.lstrip('# '), look='heading') if line.startswith('#') else Row(line.replace('- ', '* ').replace('**', '').replace('`', '')) for line in world.lines[world.top : world.top + 40] if line]
        return page(at, rows, 'page', (box[0], at.tabs[3], box[2], box[3]), 'browser')

    head = over('tabs', 'tabs', (box[0], box[1], box[2], at.tabs[3]), [Row(f'Preview {name}', look='selected')])
    pane = draw()
    world.show(head, pane)
    yield None
    yield Event('view', seen(head, view=f'Preview {name}') if at.width(f'Preview {name}') < box[2] - box[0] - 30 else {})
    yield from world.pause(1, 4)
    for _ in range(rng.randint(1, 2)):
        text = rng.choice((names.words(2, 4).capitalize(), names.title()))
        lead = rng.choice(('- ', '## ', '', '**'))
        row = min(len(world.lines), world.top + rng.randint(2, 7))
        world.lines.insert(row, '')
        world.set(is_dirty=True)
        for part in chunks(rng, f'{lead}{text}{"**" if lead == "**" else ""}'):
            world.lines[row] = part
            world.cursor = (row, len(part))
            pane = world.put(pane, draw())
            yield None
        yield None
        yield Event('reload', seen(pane, text=text))
        yield from world.pause(1, 4)
    world.hide(head, pane)
    yield None


def live_preview(world: World) -> Step:
    """A page beside its source: a text is changed, saved, and the page shows it."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    name = rng.choice(('index.html', f'{names.word()}.html', 'index.htm'))
    if name not in world.files:
        tags = ['h1', *rng.choices(('p', 'li', 'button', 'h2', 'a', 'label'), k=rng.randint(3, 8))]
        body = [f'    <{tag}>{names.words(1, 4).capitalize()}</{tag}>' for tag in tags]
        world.files[name] = ['<!DOCTYPE html>', '<html lang="en">', '  <head>', f'    <title>{names.word()}</title>', '  </head>', '  <body>', *body, '  </body>', '</html>']
        world.folder[name] = ''
    if world.file != name:
        world.open_file(name)
        yield None
        yield Event('open', {'file': name})
    world.set(is_dirty=False)
    at = places(world)
    box = right_half(at, rng.choice((0.4, 0.5)))
    port = rng.choice((3000, 5500, 5173, rng.randint(1024, 9999)))
    url = f'http://{rng.choice(("127.0.0.1", "localhost"))}:{port}/{name}'

    def texts() -> list[str]:
        return [line.strip() for line in world.lines if line.startswith('    <') and '<title>' not in line and '</' in line]

    def draw() -> Pane:
        rows = [Row(_inner(line), look={'h1': 'heading', 'bu': 'button', 'a>': 'link'}.get(line[1:3], 'plain')) for line in texts()]  # type: ignore[arg-type]
        return page(at, rows, 'page', (box[0], at.tabs[3] + 30, box[2], box[3]), 'browser')

    head = over('tabs', 'tabs', (box[0], box[1], box[2], at.tabs[3]), [Row(rng.choice(('Live Preview', 'Simple Browser', 'Preview')), look='selected')])
    bar = over('bar', 'browser', (box[0], at.tabs[3], box[2], at.tabs[3] + 30), [Row(url)])
    pane = draw()
    world.show(head, bar, pane)
    yield None
    yield Event('view', {'view': head.rows[0].text})
    yield from world.pause(1, 4)
    for _ in range(rng.randint(1, 2)):
        rows = [row for row, line in enumerate(world.lines) if line.strip() in texts()]
        row = rng.choice(rows)
        old = _inner(world.lines[row].strip())
        new = names.words(1, 3).capitalize()
        before = world.lines[row]
        world.reveal(row)
        world.set(is_dirty=True)
        for part in chunks(rng, new):
            world.lines[row] = before.replace(f'>{old}<', f'>{part}<')
            world.cursor = (row, 8 + len(part))
            yield None
        world.lines[row] = before.replace(f'>{old}<', f'>{new}<')
        yield from world.pause(1, 3)
        world.set(is_dirty=False)
        yield Event('saved', {'file': name})
        yield from world.pause(0, 2)
        pane = world.put(pane, draw())
        yield None
        yield Event('reload', seen(pane, text=new))
        yield from world.pause(1, 4)
    world.set(panes=())
    yield None


def _inner(line: str) -> str:
    return line.split('>', 1)[1].split('</', 1)[0]


def request(world: World) -> Step:
    """A request or query of the file is sent; its answer opens beside it."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    is_query = rng.random() < 0.4
    name = f'{names.word()}.{"sql" if is_query else rng.choice(("http", "rest"))}'
    url = f'http://localhost:{rng.randint(1024, 9999)}/{names.word()}s'
    table = f'{names.word()}s'
    world.files[name] = ['Run on active connection | Select block', f'SELECT * FROM {table} LIMIT {rng.randint(5, 50)};'] if is_query else ['Send Request', f'{rng.choice(("GET", "POST", "DELETE"))} {url}', 'Content-Type: application/json', '', '###']
    world.folder[name] = ''
    world.open_file(name)
    yield None
    yield Event('open', {'file': name})
    yield from world.pause(1, 4)
    at = places(world)
    box = right_half(at)
    if is_query:
        heads = ['id', names.word(), names.word(), 'created_at'][: rng.randint(2, 4)]
        records = [[str(index + 1), names.word(), names.word(), f'2025-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}'][: len(heads)] for index in range(rng.randint(3, 16))]
        rows = [Row('    '.join(heads), look='dim'), *[Row('    '.join(record)) for record in records]]
        pane = page(at, rows, 'form', (box[0], at.tabs[3], box[2], box[3]))
        event = Event('listed', seen(pane, first=records[0][1], second=records[1][1]))
    else:
        status = rng.choice(('HTTP/1.1 200 OK', 'HTTP/1.1 201 Created', 'HTTP/1.1 404 Not Found', 'HTTP/1.1 500 Internal Server Error', 'HTTP/1.1 204 No Content'))
        body = json.dumps({names.word(): rng.choice((rng.randint(0, 99), names.word())) for _ in range(rng.randint(2, 6))}, indent=2).split('\n')
        rows = [Row(line) for line in (status, 'Content-Type: application/json; charset=utf-8', f'Content-Length: {rng.randint(20, 900)}', 'Connection: close', '', *body)]
        pane = over('editor', 'editor', (box[0], at.tabs[3], box[2], box[3]), rows)
        event = Event('output', {'line': status} if len(status) * at.look.mono().width('m') < box[2] - box[0] - 20 else {})
    head = over('tabs', 'tabs', (box[0], box[1], box[2], at.tabs[3]), [Row('Results' if is_query else f'Response({rng.randint(3, 900)}ms)', look='selected')])
    world.show(head, pane)
    yield None
    yield event
    yield from world.pause(2, 8)
    world.hide(head, pane)
    yield None


# --- welcome -------------------------------------------------------------------------------------------------------------------------

START = ('New File...', 'Open File...', 'Open Folder...', 'Clone Git Repository...', 'Connect to...', 'Generate New Workspace...', 'New Notebook...')
GUIDES = ('Get Started with VS Code', 'Learn the Fundamentals', 'Get Started with Python Development', 'Get Started with Java Development', 'Get Started with Jupyter Notebooks', 'GitHub Copilot', 'Get Started with Docker', 'Boost your Productivity', 'Get Started with C++ Development', 'Get Started with Azure')
STAGES = ('Choose your theme', 'Sync to and from other devices', 'Unlock productivity with the Command Palette', 'Rich support for all your languages', 'Code with extensions', 'Tune your settings', 'Install Git', 'Create a Python file', 'Select a Python interpreter', 'Run and debug your Python file', 'Open your code', 'Use the built-in terminal', 'Watch your files', 'Learn keyboard shortcuts', 'Install the JDK', 'Explore more resources')


def welcome(world: World) -> Step:
    """The page of the first start, or a walkthrough whose steps are opened one after another."""
    yield from world.to_editor()
    rng, names, at = world.rng, world.names, places(world)
    if rng.random() < 0.5:
        recent = [Row(f'{names.word()}    ~/{names.word()}/{names.word()}') for _ in range(rng.randint(2, 6))]
        rows = [Row('Visual Studio Code', look='heading'), Row('Editing evolved', look='dim'), Row('Start'), *[Row(text, look='link') for text in some(world, START, 5)], Row('Recent'), *recent, Row('Walkthroughs'), *[Row(text, mark='box') for text in some(world, GUIDES, 3)], Row('Show welcome page on startup', mark='check')]
        tab, pane = tabs(at, world, 'Welcome'), page(at, rows)
        world.show(tab, pane)
        yield None
        yield Event('view', {'view': 'Welcome'})
        yield from world.pause(2, 6)
        world.hide(tab, pane)
        yield None
        return
    guide = pick(world, GUIDES)
    stages = some(world, STAGES, rng.randint(3, 6))
    texts = {stage: descriptions(world, 1)[0] for stage in stages}
    labels = {stage: titles(world, 1)[0] for stage in stages}
    finished: set[str] = set()

    def draw(opened: str) -> Pane:
        rows = [Row(guide, look='heading')]
        for stage in stages:
            rows.append(Row(stage, mark='check' if stage in finished else 'box', look='selected' if stage == opened else 'plain'))
            if stage == opened:
                rows += [Row(texts[stage], 1, look='dim'), Row(labels[stage], 1, look='button')]
        return page(at, [*rows, Row('Mark Done', look='link')])

    tab, pane = tabs(at, world, 'Walkthrough'), draw('')
    world.show(tab, pane)
    yield None
    yield Event('view', seen(pane, view=guide))
    for stage in stages[: rng.randint(1, 4)]:
        yield from world.pause(1, 4)
        pane = world.put(pane, draw(stage))
        yield None
        yield Event('expanded', seen(pane, item=stage))
        finished.add(stage)
    yield from world.pause(1, 3)
    world.hide(tab, pane)
    yield None


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
    'extensions': (0.9, extensions),
    'form': (1.6, form),
    'markdown_preview': (0.7, markdown_preview),
    'live_preview': (0.9, live_preview),
    'request': (0.6, request),
    'welcome': (0.5, welcome),
    'review': (0.5, review),
}
HELD_OUT: frozenset[str] = frozenset({'shortcuts', 'review'})
