"""Pickers and boxes at the top of the window: commands, files, symbols, options, texts, colour themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from screen.style import is_light
from screen.view import Row
from text import snippets
from text.vocabulary import VERBS
from world.developer import Step, World
from world.interface.parts import Places, height, is_new, moving, over, places, quick_pick, select, toast, typing, way_to, within
from world.interface.words import COMMANDS, LANGUAGE_MODES, THEMES_DARK, THEMES_LIGHT, Keyed, command, messages, pick, some
from world.session import Event


def quick_command(world: World) -> Step:
    """The command palette: a list, a filter, a choice."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    chosen, key = command(world)
    others = some(world, COMMANDS, 10)
    recent = rng.randint(0, 4)
    listed = [Row(entry, right='recently used' if index == 0 and recent else 'other commands' if index == recent and recent else binding) for index, (entry, binding) in enumerate(others)]
    title = 'Command Palette' if is_new(world) else ''
    hint = rng.choice(('>', '> ', '>Type the name of a command to run.'))
    pane = quick_pick(at, '', listed, title, hint)
    world.show(pane)
    yield from world.pause(1, 4)
    word = rng.choice(chosen.replace(':', '').split())
    text = '>' + (word if rng.random() < 0.5 else chosen)[: rng.randint(3, 12)].lower().strip()
    matching = [entry for entry in others if word.lower() in entry[0].lower() and entry[0] != chosen][:4] + some(world, COMMANDS, rng.randint(0, 5))
    matching = [entry for entry in dict.fromkeys(matching) if entry[0] != chosen]
    matching.insert(rng.choice((0, 0, 0, min(2, len(matching)))), (chosen, key))
    rows = [Row(entry, right=binding) for entry, binding in matching]
    pane = yield from typing(world, pane, text, lambda part: quick_pick(at, part, listed if len(part) < 3 else rows, title))
    yield from world.pause(1, 2)
    if rng.random() < 0.1:  # thinks better of it
        world.put(pane, quick_pick(at, '', listed, title, hint))
        yield from world.pause(1, 3)
        world.set(panes=())
        yield None
        return
    pane = yield from moving(world, pane, way_to(rng, [row.text for row in pane.rows[1:]], next((row.text for row in pane.rows if row.text.startswith(chosen[:12]) and row.look in ('plain', 'selected')), pane.rows[-1].text)))
    world.hide(pane)
    yield Event('palette', {'command': next((row.text for row in pane.rows if row.look == 'selected'), chosen)})
    if rng.random() < 0.35:
        yield from answer(world)


def answer(world: World) -> Step:
    """The editor says something in its corner, for a while."""
    at, text = places(world), world.rng.choice(messages(world))
    if at.width(text) > at.window[2] - at.window[0] - 120:
        return
    shown = toast(at, text)
    world.show(shown)
    yield None
    yield Event('notification', {'text': text})
    yield from world.pause(1, 6)
    world.hide(shown)
    yield None


def quick_file(world: World) -> Step:
    """Go to a file by its name, recently opened ones first."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    chosen = rng.choice([name for name in world.files if name != world.file])

    def listed(names: Sequence[str], word: str) -> list[Row]:
        return [Row(f'{name}  {world.folder[name]}', right=word if index == 0 else '') for index, name in enumerate(names)]

    others = [name for name in rng.sample(list(world.files), min(7, len(world.files))) if name != chosen]
    pane = quick_pick(at, '', listed([*others, chosen], 'recently opened'), hint='Search files by name (append : to go to line or @ to go to symbol)')
    world.show(pane)
    yield from world.pause(1, 3)
    typed = chosen[: rng.randint(3, len(chosen))]
    found = listed([chosen, *others[: rng.randint(0, 3)]], rng.choice(('recently opened', 'file results', '')))
    pane = yield from typing(world, pane, typed, lambda part: quick_pick(at, part, found))
    yield from world.pause(1, 2)
    world.hide(pane)
    world.open_file(chosen)
    yield None
    yield Event('open', {'file': chosen})


def quick_symbol(world: World) -> Step:
    """Go to a symbol of the file."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    defined = snippets.defined_names(world.lines)
    if len(defined) < 2:
        return
    rows = [Row(name, level=rng.choice((0, 0, 1)), right=f'{kind} ({len(defined)})' if index == 0 else '') for index, (_, name) in enumerate(defined) for kind in (rng.choice(('functions', 'symbols', 'methods')),)]
    line, chosen = rng.choice(defined)
    sign = rng.choice(('@', '@:'))
    pane = quick_pick(at, sign, rows)
    world.show(pane)
    yield from world.pause(1, 3)
    if rng.random() < 0.6:
        typed = sign + chosen[: rng.randint(2, 6)]
        pane = yield from typing(world, pane, typed, lambda part: quick_pick(at, part, [Row(chosen)]))
    pane = yield from moving(world, pane, [chosen])
    world.hide(pane)
    world.reveal(line)
    world.cursor = (line, 0)
    yield Event('selected', {'value': chosen})


def quick_line(world: World) -> Step:
    """Go to a line by its number."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    line = rng.randint(1, max(2, len(world.lines)))
    hint = f'Current Line: {world.cursor[0] + 1}, Character: {world.cursor[1] + 1}. Type a line number between 1 and {len(world.lines)} to navigate to.'
    column = rng.choice(('', '', f':{rng.randint(1, 20)}'))
    text = f':{line}{column}'
    pane = quick_pick(at, ':', [Row(hint)])
    world.show(pane)
    yield None
    pane = yield from typing(world, pane, text, lambda part: quick_pick(at, part, [Row(f'Go to line {part.strip(":")}.')]))
    yield None
    yield Event('typed', {'text': text[1:]})
    world.hide(pane)
    world.cursor = (line - 1, 0)
    world.reveal(line - 1)
    yield None


def _options(world: World) -> tuple[str, list[Keyed]]:
    """What a picker asks, and what there is to pick, with details."""
    rng, names = world.rng, world.names
    version = f'3.{rng.randint(8, 14)}.{rng.randint(0, 12)}'
    pythons = [(f"Python {version} ('.venv')", './.venv/bin/python'), (f'Python 3.{rng.randint(8, 14)}.{rng.randint(0, 9)} 64-bit', '/usr/bin/python3'), (f"Python 3.{rng.randint(8, 14)}.{rng.randint(0, 9)} ('{names.word()}': conda)", f'~/miniconda3/envs/{names.word()}'), ('Enter interpreter path...', ''), ('Create Virtual Environment...', '')]
    options: list[tuple[str, list[Keyed]]] = [
        ('Select Interpreter', pythons),
        ('Select a Python environment type', [('Venv', "Creates a '.venv' virtual environment"), ('Conda', "Creates a '.conda' environment")]),
        ('Select a debug configuration', [('Python File', 'Debug the currently active file'), ('Module', 'Debug with -m'), ('Django', 'Launch and debug a web application'), ('FastAPI', 'Launch and debug an API'), ('Remote Attach', 'Attach to a remote server'), ('Node.js', ''), ('Chrome', ''), ('Go: Launch Package', '')]),
        ('Select a test framework/tool to enable', [('unittest', 'Standard Python test framework'), ('pytest', 'pytest framework')]),
        ('Select the directory containing the tests', [('. Root directory', ''), ('tests', ''), ('src', ''), (names.word(), '')]),
        ('Select Language Mode', [(mode, '') for mode in some(world, LANGUAGE_MODES, 9)]),
        ('Select End of Line Sequence', [('LF', ''), ('CRLF', '')]),
        ('Select Indentation', [('Indent Using Spaces', ''), ('Indent Using Tabs', ''), ('Change Tab Display Size', ''), ('Convert Indentation to Spaces', ''), ('Convert Indentation to Tabs', ''), ('Trim Trailing Whitespace', '')]),
        ('Select File Encoding to Save with', [('UTF-8', 'utf8'), ('UTF-8 with BOM', 'utf8bom'), ('UTF-16 LE', 'utf16le'), ('Western (ISO 8859-1)', 'iso88591'), ('Western (Windows 1252)', 'windows1252'), ('Central European (ISO 8859-2)', 'iso88592')]),
        ('Select the task to run', [(f'npm: {word}', rng.choice(('recently used', 'detected', '')) or 'vite build') for word in ('build', 'dev', 'test', 'lint', 'start', names.word())] + [('tsc: watch - tsconfig.json', ''), ('tsc: build - tsconfig.json', '')]),
        ('Select your default terminal profile', [('bash', '/bin/bash'), ('zsh', '/usr/bin/zsh'), ('PowerShell', 'C:\\Program Files\\PowerShell\\7\\pwsh.exe'), ('Command Prompt', 'C:\\WINDOWS\\System32\\cmd.exe'), ('Git Bash', ''), ('JavaScript Debug Terminal', '')]),
        ('Select a branch or tag to checkout', [('Create new branch...', ''), ('Create new branch from...', ''), ('main', names.hash()), ('origin/main', names.hash()), (f'{names.word()}-{names.word()}', names.hash())]),
        ('Configure default formatter', [('Prettier - Code formatter', 'esbenp.prettier-vscode'), ('Black Formatter', 'ms-python.black-formatter'), ('Ruff', 'charliermarsh.ruff'), ('TypeScript and JavaScript Language Features', 'vscode.typescript-language-features')]),
        ('Pick a workspace folder', [(names.word(), f'~/{names.word()}/{names.word()}') for _ in range(4)]),
        ('Select a kernel', [(f'Python {version}', '/usr/bin/python3'), ('Existing Jupyter Server...', ''), ('Python Environments...', '')]),
        ('Select a template', [('Empty', ''), ('HTTP trigger', ''), ('Timer trigger', ''), ('Blank Console App', ''), ('ASP.NET Core Web API', 'C#'), ('React', 'TypeScript'), ('Maven - archetype-quickstart', ''), ('No build tools', '')]),
        ('Add Docker Files: Select Application Platform', [('Node.js', ''), ('.NET: ASP.NET Core', ''), ('Python: Django', ''), ('Python: Flask', ''), ('Python: FastAPI', ''), ('Java', ''), ('Go', ''), ('Ruby', ''), ('C++', ''), ('Other', '')]),
        ('Select what to push to', [('origin', f'https://github.com/{names.word()}/{names.word()}.git'), ('upstream', f'https://github.com/{names.word()}/{names.word()}.git'), ('Add a new remote...', '')]),
        ('Publish to GitHub', [('Publish to GitHub private repository', f'{names.word()}/{world.project}'), ('Publish to GitHub public repository', f'{names.word()}/{world.project}')]),
        (f'Select {names.word()} {names.word()}', [(f'{names.word()}-{names.word()}', names.words(1, 3)) for _ in range(rng.randint(3, 9))]),
    ]  # fmt: skip
    return rng.choice(options)


def quick_options(world: World) -> Step:
    """One or more pickers after each other, some of them with a field to fill in."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    total = rng.choice((1, 1, 1, 2, 3))
    for number in range(1, total + 1):
        if total > 1 and rng.random() < 0.4:
            yield from _input_box(world, at, f'({number}/{total})')
            continue
        asked, options = _options(world)
        rng.shuffle(options)
        is_titled = rng.random() < 0.5
        title = (f'{asked} ({number}/{total})' if total > 1 else asked) if is_titled else ''
        hint = 'Type to filter' if is_titled and is_new(world) else asked
        value, _ = rng.choice(options)
        beneath = rng.random() < 0.3 and len(options) < 6
        rows = [row for entry, detail in options for row in ([Row(entry), Row(detail, level=1, look='dim')] if beneath and detail else [Row(f'{entry}  {detail}' if detail and rng.random() < 0.3 else entry, right=detail)])]
        rows = [replace(row, right='') if '  ' in row.text else row for row in rows]
        pane = quick_pick(at, '', rows, title, hint)
        world.show(pane)
        yield from world.pause(2, 4)
        if rng.random() < 0.4:
            typed = value[: rng.randint(2, 6)].lower()
            pane = yield from typing(world, pane, typed, lambda part, rows=rows, title=title, value=value: quick_pick(at, part, [row for row in rows if row.text.startswith(value)], title))  # type: ignore[misc]
            yield None
        shown = [row.text for row in pane.rows if row.look in ('plain', 'selected')]
        target = next((text for text in shown if text.startswith(value[:12])), shown[0])
        pane = yield from moving(world, pane, way_to(rng, shown, target))
        world.hide(pane)
        yield Event('selected', {'value': target.split('  ')[0], **({'field': asked} if is_titled else {})})
        yield from world.pause(0, 2)

PROMPTS = (
    ('Git: Create Branch', 'Branch name', 'branch'), ('Create File', 'Enter a file name', 'file'), ('Rename Terminal', 'Enter terminal name', 'name'), ('Remote-SSH: Connect', 'Enter SSH Connection Command', 'ssh'), ('Clone Repository', 'Provide repository URL or pick a repository source.', 'url'),
    ('Add Remote', 'Provide a remote name', 'name'), ('New Function', 'Provide a function name', 'name'), ('Database', 'Enter the name of the new database', 'name'), ('Project', 'Enter a name for the new project', 'name'), ('Live Share', 'Enter a collaboration link', 'url'),
    ('Install Package', 'Enter the package name', 'name'), ('Expression', 'Breaks when expression evaluates to true.', 'condition'), ('Commit Message', 'Message (press Enter to commit)', 'sentence'), ('Stash', 'Optionally provide a stash message', 'sentence'), ('Create Tag', 'Please provide a tag name', 'version'),
    ('Bookmark', 'Enter a label for the bookmark', 'sentence'), ('Port', 'Port number or address (e.g. 3000 or 10.10.10.10:2000)', 'port'), ('Image', 'Tag image as...', 'image'), ('Find symbol', 'Type the name of a symbol to open', 'name'), ('Snippet', 'Enter snippet file name', 'name'), ('Arguments', 'Enter command line arguments', 'arguments'),
)  # fmt: skip


def _input_box(world: World, at: Places, count: str = '') -> Step:
    rng, names = world.rng, world.names
    title, hint, kind = pick(world, PROMPTS)
    text = {
        'branch': f'feature/{names.word()}-{names.word()}', 'file': names.file(world.language), 'ssh': f'ssh {names.word()}@{names.word()}.local', 'url': f'https://github.com/{names.word()}/{names.word()}.git', 'condition': f'{names.word()} > {rng.randint(1, 99)}',
        'sentence': f'{rng.choice(VERBS)} {names.words(1, 4)}', 'version': f'v{names.version()}', 'port': str(rng.randint(1024, 9999)), 'image': f'{names.word()}:{rng.choice(("latest", "dev", names.version()))}', 'arguments': f'--{names.word()} {rng.randint(1, 99)}',
    }.get(kind, '-'.join(names.pair()) if rng.random() < 0.5 else names.word())  # fmt: skip
    is_titled = bool(count) or rng.random() < 0.4
    head = f'{title} {count}'.strip() if is_titled else ''
    foot = [Row(f"{hint} (Press 'Enter' to confirm or 'Escape' to cancel)" if rng.random() < 0.7 else hint, look='dim')]
    pane = quick_pick(at, '', foot, head, hint)
    world.show(pane)
    yield from world.pause(1, 3)
    if rng.random() < 0.15:  # refused at first
        pane = world.put(pane, quick_pick(at, text[:2], [Row(rng.choice(('A name must be provided.', 'Please enter a value', f'{text[:2]} already exists')), look='error')], head))
        yield from world.pause(1, 3)
    pane = yield from typing(world, pane, text, lambda part: quick_pick(at, part, foot, head))
    yield None
    yield Event('typed', {'text': text, **({'field': title} if is_titled else {})})
    world.hide(pane)
    yield None


def quick_input(world: World) -> Step:
    """A box asks for one text."""
    yield from world.to_editor()
    yield from _input_box(world, places(world))


def theme_picker(world: World) -> Step:
    """Colour themes in a list; each is put on while it is selected."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    lights, darks = some(world, THEMES_LIGHT, 5), some(world, THEMES_DARK, 6)
    rows = [Row(name, right='light themes' if index == 0 else '') for index, name in enumerate(lights)] + [Row(name, right='dark themes' if index == 0 else '') for index, name in enumerate(darks)]
    hint = rng.choice(('Select Color Theme (Up/Down Keys to Preview)', 'Select Color Theme', 'Select Color Theme for System Dark Mode'))
    pane = quick_pick(at, '', rows, hint=hint)
    world.show(pane)
    yield from world.pause(2, 3)
    light = is_light(world.style, bool(world.values['is_alternate_theme']))
    value = ''
    for _ in range(rng.randint(1, 3)):
        light = not light if rng.random() < 0.8 else light
        value = rng.choice(lights if light else darks)
        pane = world.put(pane, select(pane, value))
        if light != is_light(world.style, bool(world.values['is_alternate_theme'])):
            world.set(is_alternate_theme=not world.values['is_alternate_theme'])
            yield Event('theme_light' if light else 'theme_dark', {})
        yield from world.pause(1, 4)
    world.hide(pane)
    yield Event('selected', {'value': value})


def crumbs(world: World) -> Step:
    """The list behind a part of the breadcrumbs: symbols of the file, or files beside it."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    symbols = [name for _, name in snippets.defined_names(world.lines)]
    files = [name for name in world.files if world.folder[name] == world.folder[world.file]]
    names = symbols if len(symbols) > 1 and rng.random() < 0.6 else files
    if len(names) < 2:
        return
    wide = max(at.width(name) for name in names) + 90
    left, top = at.editor[0] + rng.randint(10, 160), at.editor[1] + 2
    rows = [Row(name, rng.choice((0, 0, 1)), mark='closed') for name in names[:14]]
    pane = over('list', 'popup', (left, top, left + wide, min(at.editor[3], top + height(at, rows))), within(at, 'list', (left, top, left + wide, at.editor[3]), rows))
    world.show(pane)
    yield from world.pause(1, 3)
    shown = [row.text for row in pane.rows]
    chosen = rng.choice(shown)
    pane = yield from moving(world, pane, way_to(rng, shown, chosen))
    world.hide(pane)
    if names is files and chosen in world.files and chosen != world.file:
        world.open_file(chosen)
        yield None
        yield Event('open', {'file': chosen})
    else:
        yield Event('selected', {'value': chosen})


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'quick_command': (1.6, quick_command),
    'quick_file': (0.8, quick_file),
    'quick_symbol': (0.4, quick_symbol),
    'quick_line': (0.4, quick_line),
    'quick_options': (1.2, quick_options),
    'quick_input': (0.8, quick_input),
    'theme_picker': (0.5, theme_picker),
    'crumbs': (0.3, crumbs),
}
HELD_OUT = frozenset({'quick_line'})
