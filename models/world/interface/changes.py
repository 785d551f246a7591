"""Source control, problems and search."""

from __future__ import annotations

from collections.abc import Callable

from screen.view import Pane, Row
from text import snippets
from text.vocabulary import VERBS
from world.developer import Step, World
from world.interface.parts import (
    columns,
    dialog,
    in_panel,
    leave_side,
    menu,
    moving,
    near,
    over,
    places,
    quick_pick,
    seen,
    select,
    show_side,
    side,
    typing,
    visible_name,
    way_to,
)
from world.interface.words import pick, some
from world.session import Event


def source_control(world: World) -> Step:
    """Changes are staged, described, committed and pushed."""
    yield from world.to_editor()
    yield from show_side(world, 'scm')
    rng, names, at = world.rng, world.names, places(world)
    changed = rng.sample(list(world.files), min(len(world.files), rng.randint(1, 6)))
    letters = {name: rng.choice('MMMUAD') for name in changed}
    staged: list[str] = []
    lead = rng.choice(('', '', 'fix: ', 'feat: ', 'Add ', 'Update '))
    message = f'{lead}{rng.choice(VERBS)} {names.words(1, 3)}'
    hint = f"Message ({rng.choice(('Ctrl', '⌘'))}+Enter to commit on \"{world.branch}\")" if rng.random() < 0.7 else 'Message'
    graph = [f'{rng.choice(VERBS).capitalize()} {names.words(1, 3)}' for _ in range(rng.randint(0, 5))]

    def draw(text: str, button: str = 'Commit', is_busy: bool = False) -> Pane:
        rows = [Row('SOURCE CONTROL', look='dim'), *([Row('CHANGES')] if graph else []), Row(text or hint, look='input'), Row(button + ('...' if is_busy else ''), look='button')]
        for name, files in (('Staged Changes', staged), ('Changes', [name for name in changed if name not in staged])):
            if files:
                rows += [Row(name, right=str(len(files)), mark='open'), *[Row(f'{file}  {world.folder.get(file, "")}'.strip(), 1, right=letters[file]) for file in files]]
        if graph:
            rows += [Row('GRAPH', right='Auto'), *[Row(text, 1, mark='dot') for text in graph]]
        return side(at, rows)

    pane = draw('')
    world.show(pane)
    yield None
    yield Event('view', {'view': 'SOURCE CONTROL'} if seen(pane, view='SOURCE CONTROL') else {})
    yield from world.pause(1, 4)
    if rng.random() < 0.4:  # looks at what was changed
        old, new = f'{names.word()} = {rng.randint(1, 99)}', f'{names.word()} = {rng.randint(1, 99)}'
        middle = (at.editor[0] + at.editor[2]) // 2
        halves = [Pane('editor', 'editor', box, tuple(Row(line) for line in [*world.lines[:5], each, *world.lines[5:30]]), is_overlay=True, first_line=1) for box, each in (((at.editor[0], at.editor[1], middle, at.editor[3]), old), ((middle, at.editor[1], at.editor[2], at.editor[3]), new))]
        world.show(*halves)
        yield from world.pause(3, 6)
        world.hide(*halves)
        yield None
    for name in changed if rng.random() < 0.3 else changed[: rng.randint(0, 2)]:
        staged.append(name)
        if rng.random() < 0.6:
            pane = world.put(pane, draw(''))
            yield from world.pause(1, 2)
    pane = yield from typing(world, pane, message, draw)
    yield from world.pause(1, 3)
    shown = seen(pane, message=message)
    if rng.random() < 0.4:
        pane = world.put(pane, draw(message, is_busy=True))
        yield None
    left = [name for name in changed if staged and name not in staged]
    changed[:], staged[:] = left, []
    graph[:0] = [message] if graph else []
    button = rng.choice(('Sync Changes 1', 'Publish Branch', 'Sync Changes', 'Push 1 commit'))
    pane = world.put(pane, draw('', button))
    yield None
    yield Event('commit', shown)
    yield from world.pause(1, 4)
    if rng.random() < 0.6:
        if rng.random() < 0.4:
            yield Event('button', seen(pane, label=button))
        pane = world.put(pane, draw('', button, is_busy=True))
        if rng.random() < 0.3:
            question = f'This action will pull and push commits from and to "origin/{world.branch}".'
            asked = dialog(at, [Row(question), Row('OK', look='button'), Row("OK, Don't Show Again", look='button'), Row('Cancel', look='button')])
            world.show(asked)
            yield from world.pause(2, 3)
            world.hide(asked)
            yield Event('button', {'label': 'OK'})
        yield from world.pause(1, 4)
        pane = world.put(pane, draw(''))
        yield None
        yield Event('push', {'branch': world.branch})
    yield from world.pause(0, 3)
    leave_side(world, pane)
    yield None


BEGINNINGS = (
    ('SOURCE CONTROL', 'scm', ('The folder currently open does not have a Git repository.', 'To learn more about how to use Git read our docs.'), ('Initialize Repository', 'Publish to GitHub')),
    ('SOURCE CONTROL', 'scm', ('In order to use Git features, you can open a folder', 'containing a Git repository or clone from a URL.'), ('Open Folder', 'Clone Repository')),
    ('NO FOLDER OPENED', 'explorer', ('You have not yet opened a folder.', 'You can clone a repository locally.'), ('Open Folder', 'Clone Repository', 'Create Java Project')),
    ('TESTING', 'testing', ('No tests have been found in this workspace yet.',), ('Install Additional Test Extensions...', 'Configure Python Tests')),
    ('GITHUB', 'extensions', ('You have not yet signed in with GitHub.',), ('Sign in', 'Configure Remotes...')),
    ('REMOTE EXPLORER', 'extensions', ('No remotes are configured.',), ('Connect to Host', 'Add New')),
)


def beginnings(world: World) -> Step:
    """A view with nothing in it but buttons, one of which is pressed."""
    yield from world.to_editor()
    title, view, texts, buttons = pick(world, BEGINNINGS)
    yield from show_side(world, view)
    rng, at = world.rng, places(world)
    branch = rng.choice(('main', 'master'))

    def draw(state: str = '') -> Pane:
        return side(at, [Row(title, look='dim'), *[Row(text) for text in texts], *[Row(f'{button}{state if button == chosen else ""}', look='button') for button in buttons]])

    chosen = rng.choice(buttons)
    pane = draw()
    world.show(pane)
    yield None
    yield Event('view', seen(pane, view=title))
    yield from world.pause(2, 5)
    shown = seen(pane, label=chosen)
    if view == 'scm':
        pane = world.put(pane, side(at, [Row(title, look='dim'), Row(f'Message (Ctrl+Enter to commit on "{branch}")', look='input'), Row('Commit', look='button'), Row('Changes', right=str(len(world.files)), mark='open'), *[Row(name, 1, right='U') for name in sorted(world.files)]]))
    else:
        pane = world.put(pane, draw('...'))
    yield None
    yield Event('button', shown)
    yield from world.pause(1, 4)
    leave_side(world, pane)
    yield None


def branches(world: World) -> Step:
    """A branch is chosen, or made, from the picker behind the status bar."""
    yield from world.to_editor()
    rng, names, at = world.rng, world.names, places(world)
    first, second = names.pair()
    branch = rng.choice((f'feature/{first}-{second}', f'{first}-{second}', f'fix/{first}', 'develop', f'{names.word()}/{first}'))
    others = [f'{rng.choice(("", "origin/", "feature/"))}{names.word()}' for _ in range(rng.randint(2, 7))]
    is_created = rng.random() < 0.5
    rows = [Row('Create new branch...'), Row('Create new branch from...'), Row('Checkout detached...'), *[Row(name, right=f'{rng.randint(2, 23)} {rng.choice(("hours", "days", "weeks"))} ago') for name in ([*others] if is_created else [branch, *others])]]
    pane = quick_pick(at, '', rows, hint=rng.choice(('Select a branch or tag to checkout', 'Select a branch to checkout')))
    world.show(pane)
    yield from world.pause(2, 4)
    if is_created:
        pane = yield from moving(world, pane, ['Create new branch...'])
        pane = world.put(pane, quick_pick(at, '', [Row("Please provide a new branch name (Press 'Enter' to confirm)", look='dim')], hint='Branch name'))
        pane = yield from typing(world, pane, branch, lambda part: quick_pick(at, part, [Row("Please provide a new branch name (Press 'Enter' to confirm)", look='dim')]))
        yield None
    else:
        pane = yield from moving(world, pane, way_to(rng, [row.text for row in rows], branch))
    world.hide(pane)
    world.branch = branch
    yield None
    yield Event('branch', {'branch': branch})


def merge_conflict(world: World) -> Step:
    """Both sides of a merge stand in the file; one is accepted."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    row = max(world.top, min(world.top + rng.randint(1, 6), len(world.lines)))
    ours, theirs = snippets.statement(names, world.language).lines, snippets.statement(names, world.language).lines
    choices = ('Accept Current Change', 'Accept Incoming Change', 'Accept Both Changes')
    lens = ' | '.join((*choices, 'Compare Changes'))
    block = [lens, '<<<<<<< HEAD (Current Change)', *ours, '=======', *theirs, f'>>>>>>> {names.word()} (Incoming Change)']
    world.lines[row:row] = block
    world.cursor = (row, 0)
    world.top = max(0, row - 3)
    world.set(is_dirty=False, problems=(1, 0))
    yield None
    yield Event('merge_conflict', {'file': world.file})
    yield from world.pause(2, 8)
    choice = rng.choice(choices)
    kept = {choices[0]: ours, choices[1]: theirs}.get(choice, (*ours, *theirs))
    world.lines[row : row + len(block)] = kept
    world.set(is_dirty=True, problems=(0, 0))
    yield None
    yield Event('button', {'label': choice} if len(lens) < columns(places(world)) else {})
    world.save()


def _message(world: World, name: str) -> tuple[str, str]:
    """A problem with a name, and where it comes from."""
    rng = world.rng
    known = {
        'py': ((f'"{name}" is not defined', 'Pylance'), (f'Import "{name}" could not be resolved', 'Pylance'), (f'"{name}" is not accessed', 'Pylance'), (f'Undefined name `{name}`', 'Ruff(F821)'), (f'"{name}" is possibly unbound', 'Pylance')),
        'go': ((f'undefined: {name}', 'compiler(UndeclaredName)'), (f'"{name}" imported and not used', 'compiler(UnusedImport)'), (f'declared and not used: {name}', 'compiler')),
        'rs': ((f'cannot find value {name} in this scope', 'rust-analyzer(E0425)'), (f'unused variable: {name}', 'rustc'), ('mismatched types', 'rust-analyzer(E0308)')),
    }.get(world.language, ((f"Cannot find name '{name}'.", 'ts(2304)'), (f"'{name}' is declared but its value is never read.", 'ts(6133)'), (f"Property '{name}' does not exist on type '{{}}'.", 'ts(2339)'), (f"'{name}' is not defined.", 'eslint(no-undef)'), (f"Parameter '{name}' implicitly has an 'any' type.", 'ts(7006)')))  # fmt: skip
    return rng.choice(known)

FIXES = ('Add import', 'Add missing import', 'Remove unused declaration', 'Declare missing function', 'Fix this problem', 'Fix all auto-fixable problems', 'Infer parameter types from usage', 'Disable rule for this line', 'Change spelling', 'Extract to constant in enclosing scope', 'Extract to function in module scope', 'Move to a new file', 'Generate docstring', 'Convert to template string', 'Show documentation', 'Add all missing imports', 'Implement missing members', 'Wrap in Some', 'Quick Fix: rename to match')


def quick_fix(world: World) -> Step:
    """A squiggle is hovered, the light bulb's menu opened and a fix taken."""
    yield from world.to_editor()
    rng, at, named = world.rng, places(world), visible_name(world)
    if named is None:
        return
    row, column, name = named
    message, source = _message(world, name)
    world.set(problems=(rng.randint(1, 3), rng.randint(0, 4)))
    card = near(at, row, column, [Row(f'{message}  {source}'), Row('View Problem (Alt+F8)   Quick Fix... (Ctrl+.)', look='link')])
    world.show(card)
    yield None
    yield Event('problem', {'message': message})
    yield from world.pause(2, 4)
    world.hide(card)
    if rng.random() < 0.6:
        x, y = at.code_at(row + 1, max(0, column - 2))
        entries = [f"Import '{name}' from '{world.names.word()}'", *some(world, FIXES, rng.randint(3, 6))]
        rng.shuffle(entries)
        pane = menu(at, x, y, [[('Quick Fix', '')], [(entry, '') for entry in entries]])
        world.show(pane)
        yield from world.pause(2, 3)
        entry = rng.choice(entries)
        pane = yield from moving(world, pane, way_to(rng, entries, entry))
        world.hide(pane)
        if rng.random() < 0.5:
            line = snippets.import_of(world.names, world.language).lines[0]
            world.lines.insert(world.top, line)
            world.set(is_dirty=True)
            yield Event('menu', {'entry': entry})
            yield from world.pause(1, 2)
            if len(line) < columns(at):
                yield Event('code', {'line': line})
        else:
            yield Event('menu', {'entry': entry})
    world.set(problems=(0, rng.randint(0, 2)))
    yield None


def problems_panel(world: World) -> Step:
    """The list of problems, file by file; one is gone to."""
    yield from world.to_editor()
    rng = world.rng
    if not world.values['panel']:
        world.set(panel='PROBLEMS')
        yield Event('panel_open', {})
    world.set(panel='PROBLEMS')
    world.other_panel_lines = ()
    at, rows, told = places(world), [], ''
    for file in [world.file, *rng.sample(list(world.files), min(2, len(world.files)))]:
        found = [_message(world, world.names.variable(world.language)) for _ in range(rng.randint(1, 3))]
        told = told or found[0][0]
        rows += [Row(f'{file}  {world.folder[file]}'.strip(), right=str(len(found)), mark='open'), *[Row(f'{message}  {source} [Ln {rng.randint(1, 90)}, Col {rng.randint(1, 40)}]', 1, mark='fail') for message, source in found]]
    world.set(problems=(len(rows) - 3, 0))
    pane = in_panel(at, 'PROBLEMS', rows)
    world.show(pane)
    yield None
    yield Event('problem', seen(pane, message=told))
    yield from world.pause(2, 6)
    if rng.random() < 0.5:
        world.put(pane, select(pane, pane.rows[min(2, len(pane.rows) - 1)].text))
        world.cursor = (min(len(world.lines) - 1, world.top + rng.randint(0, 8)), 0)
        yield from world.pause(1, 3)
    world.set(panes=(), problems=(0, 0))
    yield None


def find_replace(world: World) -> Step:
    """The find widget with its second field: a text is replaced everywhere."""
    yield from world.to_editor()
    at, named = places(world), visible_name(world)
    if named is None:
        return
    old, new = named[2], world.names.variable(world.language)
    count = sum(line.count(old) for line in world.lines)
    box = (max(at.editor[0] + 20, at.editor[2] - 430), at.editor[1], at.editor[2] - 16, at.editor[1] + 18 + 2 * (at.row_px + 12))

    def draw(text: str, replaced: str, found: str) -> Pane:
        return over('form', 'popup', box, [Row(text or 'Find', right=found, look='input'), Row(replaced or 'Replace', look='input')])

    pane = draw('', '', '')
    world.show(pane)
    yield None
    pane = yield from typing(world, pane, old, lambda part: draw(part, '', f'1 of {count}' if part == old else '? of ?'))
    yield None
    yield Event('find', {'query': old})
    pane = yield from typing(world, pane, new, lambda part: draw(old, part, f'1 of {count}'))
    yield from world.pause(1, 3)
    world.files[world.file] = [line.replace(old, new) for line in world.lines]
    world.set(is_dirty=True)
    pane = world.put(pane, draw(old, new, 'No results'))
    yield None
    yield Event('change', {'name': old, 'value': new})
    yield from world.pause(1, 3)
    world.hide(pane)
    yield None


def search_view(world: World) -> Step:
    """Search in all files, with what may be replaced and where to look."""
    yield from world.to_editor()
    yield from show_side(world, 'search')
    rng, names, at = world.rng, world.names, places(world)
    query = names.word() if rng.random() < 0.6 else names.function(world.language)
    replaced = names.word() if rng.random() < 0.4 else ''
    has_places = rng.random() < 0.4
    files = rng.sample(list(world.files), min(len(world.files), rng.randint(1, 5)))
    hits = {file: [f'{names.word()}{rng.choice((" = ", "(", ".", ": "))}{query}{rng.choice((")", "", ";", "()"))}' for _ in range(rng.randint(1, 4))] for file in files}
    total = sum(map(len, hits.values()))

    def draw(text: str, with_hits: bool = False, second: str = '') -> Pane:
        rows = [Row('SEARCH', look='dim'), Row(text or 'Search', look='input')]
        if replaced:
            rows.append(Row(second or 'Replace', look='input'))
        if has_places:
            rows += [Row('files to include', look='dim'), Row('*.ts, src/**/include', look='input'), Row('files to exclude', look='dim')]
        if with_hits:
            rows.append(Row(f'{total} results in {len(files)} files - Open in editor', look='dim'))
            rows += [row for file, lines in hits.items() for row in (Row(file, right=str(len(lines)), mark='open'), *[Row(line, 1) for line in lines])]
        return side(at, rows)

    pane = draw('')
    world.show(pane)
    yield from world.pause(1, 2)
    pane = yield from typing(world, pane, query, draw)
    pane = world.put(pane, draw(query, True))
    yield None
    yield Event('find', seen(pane, query=query))
    yield from world.pause(2, 5)
    if replaced:
        pane = yield from typing(world, pane, replaced, lambda part: draw(query, True, part))
        yield None
        yield Event('typed', seen(pane, text=replaced))
    leave_side(world, pane)
    if not replaced and rng.random() < 0.5 and files[0] != world.file:
        world.open_file(files[0])
        yield None
        yield Event('open', {'file': files[0]})
    else:
        yield None


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'source_control': (1.2, source_control),
    'beginnings': (0.4, beginnings),
    'branches': (0.5, branches),
    'merge_conflict': (0.5, merge_conflict),
    'quick_fix': (0.9, quick_fix),
    'problems_panel': (0.6, problems_panel),
    'find_replace': (0.6, find_replace),
    'search_view': (0.6, search_view),
}
HELD_OUT: frozenset[str] = frozenset()
