"""What the developer does with VS Code's interface: pickers, menus, cards over the code, completions. The table of these steps and of those in
interface_views.py is at the end; `HELD_OUT` are never played in training.

Layouts inside a step that only the test split has hang on `is_new`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import interface_pages as pages
import interface_views as views
import snippets
from developer import Step, World
from interface_parts import (
    Places,
    chunks,
    columns,
    is_new,
    menu,
    moving,
    near,
    over,
    page,
    places,
    quick_pick,
    right_half,
    select,
    show_side,
    toast,
    typing,
    visible_name,
    way_to,
)
from interface_words import (
    COMMANDS,
    EDITOR_MENU,
    FILE_MENU,
    KINDS,
    LANGUAGE_MODES,
    MENU_BAR,
    SCM_MENU,
    SUB_MENUS,
    TAB_MENU,
    THEMES_DARK,
    THEMES_LIGHT,
    Keyed,
    command,
    descriptions,
    messages,
    pick,
    some,
)
from scene import Event, Pane, Row
from style import is_light
from vocabulary import VERBS

# --- quick pick -----------------------------------------------------------------------------------------------------------


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
    pane = yield from moving(world, pane, way_to(rng, [row.text for row in pane.rows[1:]], next(row.text for row in pane.rows if row.text.startswith(chosen[:12]) and row.look == 'plain')))
    world.hide(pane)
    yield Event('palette', {'command': next((row.text for row in pane.rows if row.look == 'selected'), chosen)})
    if rng.random() < 0.35:
        yield from _answer(world)


def _answer(world: World) -> Step:
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
        shown = [row.text for row in pane.rows if row.look == 'plain']
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


# --- menus ------------------------------------------------------------------------------------------------------------------


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
        row = next(index for index, shown in enumerate(pane.rows) if shown.text == entry)
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
        yield from _answer(world)


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
    cuts = sorted(rng.sample(range(1, len(entries)), min(3, len(entries) - 1)))
    groups = [entries[first:last] for first, last in zip([0, *cuts], [*cuts, len(entries)], strict=True)]
    yield from menu_choice(world, x, y, groups[: 4 if at.row_px < 24 else 3])


def menu_left(world: World) -> Step:
    """A menu that is opened and left again: nothing happened."""
    yield from world.to_editor()
    at, rng = places(world), world.rng
    groups = _shuffled(world, rng.choice((EDITOR_MENU, TAB_MENU, FILE_MENU)), 14)
    yield from menu_choice(world, *_anywhere(world, at), groups, is_left=True)


# --- over the code ------------------------------------------------------------------------------------------------------------


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
    line = next(line for line in lines if name in line)
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


# --- the table --------------------------------------------------------------------------------------------------------------------

HELD_OUT: frozenset[str] = frozenset({'quick_line', 'tab_menu', 'snippet', 'zen', *views.HELD_OUT, *pages.HELD_OUT})


def _kept(name: str, step: Callable[[World], Step]) -> Callable[[World], Step]:
    """The step, which plays nothing in training if it is held out."""

    def play(world: World) -> Step:
        if name not in HELD_OUT or world.names.split == 'test':
            yield from step(world)

    return play


_ALL: dict[str, tuple[float, Callable[[World], Step]]] = {
    'quick_command': (1.6, quick_command),
    'quick_file': (0.8, quick_file),
    'quick_symbol': (0.4, quick_symbol),
    'quick_line': (0.4, quick_line),
    'quick_options': (1.2, quick_options),
    'quick_input': (0.8, quick_input),
    'theme_picker': (0.5, theme_picker),
    'editor_menu': (1.2, editor_menu),
    'explorer_menu': (1.0, explorer_menu),
    'tab_menu': (0.5, tab_menu),
    'bar_menu': (0.8, bar_menu),
    'menu_left': (0.6, menu_left),
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
    **views.STEPS,
    **pages.STEPS,
}
STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {name: (weight, _kept(name, step)) for name, (weight, step) in _ALL.items()}
