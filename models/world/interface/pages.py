"""Pages that stand in an editor tab or beside the code: extensions, previews, answers of requests, welcome."""

from __future__ import annotations

import json
from collections.abc import Callable

from screen.view import Pane, Row
from world.developer import Step, World
from world.interface.parts import chunks, leave_side, over, page, places, right_half, seen, show_side, side, tabs, typing
from world.interface.words import EXTENSIONS, Keyed, descriptions, pick, some, titles
from world.session import Event


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


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'extensions': (0.9, extensions),
    'markdown_preview': (0.7, markdown_preview),
    'live_preview': (0.9, live_preview),
    'request': (0.6, request),
    'welcome': (0.5, welcome),
}
HELD_OUT: frozenset[str] = frozenset()
