"""Trees in the side bar: the explorer and those of extensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from screen.view import Mark, Pane, Row
from text import snippets
from text.vocabulary import VERBS
from world.developer import Step, World
from world.interface.parts import dialog, leave_side, menu, moving, places, seen, show_side, side, typing, way_to
from world.interface.words import TREE_MENU, pick, titles
from world.session import Event


def explorer_file(world: World) -> Step:
    """A file is made, renamed, moved or deleted in the explorer's tree."""
    yield from world.to_editor()
    yield from show_side(world, 'explorer')
    rng, at = world.rng, places(world)
    folders = [name for name in sorted(set(world.folder.values())) if name] or ['src']
    what = rng.choice(('create', 'create', 'folder', 'rename', 'delete', 'move'))
    known = sorted(world.files)
    victim = rng.choice([name for name in known if name != world.file])
    made = world.add_file(is_empty=True) if what == 'create' else ''

    def draw(field: str = '', at_row: str = '', is_open: bool = True) -> Pane:
        rows = [Row('EXPLORER', look='dim'), Row(world.project.upper(), mark='open')]
        for folder in folders:
            rows.append(Row(folder, 1, mark='open' if is_open else 'closed'))
            rows += [Row(name, 2) for name in known if is_open and world.folder[name] == folder]
        rows += [Row(name, 1) for name in known if world.folder[name] not in folders]
        index = next((i for i, row in enumerate(rows) if row.text == at_row), 2)
        if field:
            rows[index : index + (what == 'rename')] = [Row(field + '  ', 2, look='input')]
        elif at_row:
            rows[index] = replace(rows[index], look='selected')
        return side(at, [*rows, Row('OUTLINE', mark='closed'), Row('TIMELINE', mark='closed')], is_tree=True)

    pane = draw()
    world.show(pane)
    yield from world.pause(1, 3)
    if what in ('create', 'folder', 'rename'):
        text = made or (rng.choice(('components', 'routes', 'services', world.names.word())) if what == 'folder' else world.names.file(world.language))
        pane = yield from typing(world, pane, text, lambda part: draw(part, victim if what == 'rename' else ''))
        yield None
        shown = seen(pane, name=text)
        if what == 'create':
            world.hide(pane)
            world.open_file(made)
            yield None
            yield Event('create', {'file': made})
            return
        if what == 'folder':
            folders.append(text)
            world.put(pane, draw())
            yield None
            yield Event('create', {'file': text} if shown else {})
        else:
            old = {'old': victim} if any(row.text == victim for row in draw().rows) else {}
            known[known.index(victim)] = text
            world.files[text], world.folder[text] = world.files.pop(victim), world.folder.pop(victim)
            world.tabs = [text if name == victim else name for name in world.tabs]
            world.put(pane, draw())
            yield None
            yield Event('rename', {**old, 'new': text} if shown and old else {})
    else:
        pane = world.put(pane, draw('', victim))
        yield from world.pause(1, 2)
        folder = rng.choice(folders)
        question, buttons = {
            'delete': (f"Are you sure you want to delete '{victim}'?", rng.choice((('Move to Trash', 'Cancel'), ('Move to Recycle Bin', 'Cancel'), ('Delete', 'Cancel')))),
            'move': (f"Are you sure you want to move '{victim}' into '{folder}'?", ('Move', 'Cancel')),
        }[what]
        asked = dialog(at, [Row(question), Row('You can restore this file from the Trash.' if what == 'delete' else 'Do not ask me again', look='dim'), *[Row(text, look='button') for text in buttons]])
        world.show(asked)
        yield from world.pause(2, 3)
        if rng.random() < 0.2:
            world.hide(asked)
            yield Event('button', {'label': 'Cancel'})
        else:
            if what == 'delete':
                known.remove(victim)
            else:
                world.folder[victim] = folder
            if what == 'delete' and len(world.files) > 3 and victim not in world.tabs:
                del world.files[victim]
            world.hide(asked)
            world.put(pane, draw())
            yield Event('button', {'label': buttons[0]})
    yield from world.pause(1, 2)
    world.set(panes=())
    yield None


def explorer_fold(world: World) -> Step:
    """Folders of the tree are opened and closed, and the list goes up and down."""
    yield from world.to_editor()
    yield from show_side(world, 'explorer')
    rng, names, at = world.rng, world.names, places(world)
    folders = list(dict.fromkeys(['.github', '.vscode', 'node_modules', 'public', 'src', 'tests', 'venv', names.word(), names.word(), names.word()]))
    folders = sorted(rng.sample(folders, rng.randint(3, len(folders))))
    inside = {folder: [names.file(world.language) for _ in range(rng.randint(2, 6))] for folder in folders}
    loose = [*world.files, 'README.md', 'package.json', '.gitignore', 'LICENSE', 'Dockerfile', 'tsconfig.json', 'requirements.txt'][: rng.randint(3, 14)]
    opened: set[str] = set()
    section = rng.choice(('', 'OUTLINE', 'TIMELINE'))
    symbols = [Row(name, 1) for _, name in snippets.defined_names(world.lines)] if section == 'OUTLINE' else [Row(f'{rng.choice(("File Saved", "Undo / Redo", rng.choice(VERBS) + " " + names.word()))}', 1, right=f'{rng.randint(1, 23)} hrs') for _ in range(6)]

    def draw(start: int = 0, unfolded: str = '') -> Pane:
        rows = [row for folder in folders for row in [Row(folder, 1, mark='open' if folder in opened else 'closed'), *([Row(name, 2) for name in inside[folder]] if folder in opened else [])]]
        rows += [Row(name, 1) for name in loose]
        tail = [Row('OUTLINE', mark='open' if unfolded == 'OUTLINE' else 'closed'), *(symbols if unfolded == 'OUTLINE' else []), Row('TIMELINE', mark='open' if unfolded == 'TIMELINE' else 'closed'), *(symbols if unfolded == 'TIMELINE' else [])]
        room = max(4, at.rows(at.side) - len(tail) - 3)
        return side(at, [Row('EXPLORER', look='dim'), Row(world.project.upper(), mark='open'), *rows[start : start + room], *tail], is_tree=True)

    pane = draw()
    world.show(pane)
    yield from world.pause(2, 3)
    for folder in rng.sample(folders, min(len(folders), rng.randint(1, 3))):
        opened.add(folder)
        pane = world.put(pane, draw())
        yield None
        yield Event('expanded', seen(pane, item=folder))
        yield from world.pause(1, 3)
    if section and symbols:
        pane = world.put(pane, draw(0, section))
        yield None
        yield Event('expanded', seen(pane, item=section))
        yield from world.pause(1, 4)
    for start in range(rng.randint(0, 4)):
        pane = world.put(pane, draw(start * 2))
        yield None
    if rng.random() < 0.4:
        opened.clear()
        pane = world.put(pane, draw())
        yield from world.pause(1, 3)
    world.hide(pane)
    yield None


TREES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ('DOCKER', ('CONTAINERS', 'IMAGES', 'REGISTRIES', 'NETWORKS', 'VOLUMES', 'CONTEXTS', 'HELP AND FEEDBACK'), 'container'),
    ('CONTAINER EXPLORER', ('CONTAINERS', 'IMAGES', 'NETWORKS', 'VOLUMES'), 'container'),
    ('DATABASE', ('localhost', 'Databases', 'Tables', 'Views', 'Functions', 'Users', 'Query History'), 'table'),
    ('CONNECTIONS', ('Local', 'Staging', 'Production', 'Tables', 'Stored Procedures', 'Security'), 'table'),
    ('SQLTOOLS', ('CONNECTIONS', 'QUERY HISTORY', 'BOOKMARKS', 'Tables', 'Columns'), 'table'),
    ('AZURE', ('RESOURCES', 'Azure subscription 1', 'App Services', 'Function App', 'Storage accounts', 'Virtual machines', 'WORKSPACE'), 'resource'),
    ('AWS', ('EXPLORER', 'Lambda', 'S3', 'CloudFormation', 'DynamoDB', 'EC2', 'ECS'), 'resource'),
    ('KUBERNETES', ('CLUSTERS', 'minikube', 'Namespaces', 'Nodes', 'Workloads', 'Deployments', 'Pods', 'Network', 'Storage', 'HELM REPOS'), 'pod'),
    ('MONGODB', ('CONNECTIONS', 'localhost:27017', 'Documents', 'Schema', 'Indexes', 'PLAYGROUNDS'), 'table'),
    ('GITHUB', ('PULL REQUESTS', 'Local Pull Request Branches', 'Waiting For My Review', 'Assigned To Me', 'Created By Me', 'ISSUES', 'My Issues'), 'issue'),
    ('MAVEN', ('Lifecycle', 'Plugins', 'Dependencies', 'Favorites', 'Profiles'), 'package'),
    ('NPM SCRIPTS', ('package.json', 'build', 'dev', 'test', 'lint', 'preview'), 'package'),
    ('REMOTE EXPLORER', ('SSH', 'WSL TARGETS', 'DEV VOLUMES', 'Dev Containers', 'TUNNELS'), 'host'),
    ('GITLENS', ('COMMITS', 'BRANCHES', 'REMOTES', 'STASHES', 'TAGS', 'WORKTREES', 'CONTRIBUTORS'), 'issue'),
    ('SPRING BOOT DASHBOARD', ('APPS', 'BEANS', 'ENDPOINT MAPPINGS', 'PROPERTIES'), 'package'),
)  # fmt: skip


def extension_tree(world: World) -> Step:
    """The tree of an extension: unfolded level by level, refreshed, with a menu on an entry."""
    yield from world.to_editor()
    yield from show_side(world, 'extensions')
    rng, names, at = world.rng, world.names, places(world)
    title, roots, kind = pick(world, TREES)

    def leaf() -> str:
        return {
            'container': f'{names.word()}:{rng.choice(("latest", "alpine", names.version()))}  {rng.choice(("Up 2 hours", "Exited (0) 3 days ago", ""))}'.strip(),
            'table': rng.choice((f'{names.word()}s', '_'.join(names.pair()), f'{names.word()} (varchar)')),
            'resource': '-'.join(names.pair()), 'pod': f'{names.word()}-{names.hash(8)}', 'issue': f'#{rng.randint(1, 900)} {rng.choice(VERBS)} {names.word()}', 'package': f'{names.word()}-{names.word()} {names.version()}', 'host': f'{names.word()}.{names.word()}.com',
        }[kind]  # fmt: skip

    shown = list(roots[: rng.randint(2, len(roots))])
    children: dict[str, list[str]] = {root: [leaf() for _ in range(rng.randint(1, 7))] for root in shown}
    opened: list[str] = []

    def draw(chosen: str = '', is_loading: bool = False) -> Pane:
        rows = [Row(title, look='dim')]
        for root in shown:
            rows.append(Row(root, mark='open' if root in opened else 'closed', look='selected' if root == chosen else 'plain'))
            if root in opened:
                rows += [Row('Loading...', 1, look='dim')] if is_loading and root == opened[-1] else [Row(text, 1, mark=rng_marks[text], look='selected' if text == chosen else 'plain') for text in children[root]]
        return side(at, rows)

    rng_marks: dict[str, Mark] = {text: rng.choice(('box', 'closed', 'run', 'pass')) for texts in children.values() for text in texts}
    pane = draw()
    world.show(pane)
    yield None
    yield Event('view', seen(pane, view=title))
    yield from world.pause(1, 4)
    for root in rng.sample(shown, min(len(shown), rng.randint(1, 3))):
        opened.append(root)
        if rng.random() < 0.4:
            pane = world.put(pane, draw(is_loading=True))
            yield from world.pause(1, 2)
        pane = world.put(pane, draw())
        yield None
        yield Event('expanded', seen(pane, item=root))
        if len(children[root]) > 3 and rng.random() < 0.5:
            yield Event('listed', seen(pane, first=children[root][0], second=children[root][1]))
        yield from world.pause(1, 4)
    if rng.random() < 0.6:
        text = rng.choice(children[opened[-1]])
        pane = world.put(pane, draw(text))
        row = next((i for i, row in enumerate(pane.rows) if row.text == text), 3)
        entries = [(entry, key) for entry, key in rng.choice(TREE_MENU)[: rng.randint(3, 9)]]
        choice = menu(at, at.side[0] + rng.randint(60, 140), at.side[1] + (row + 1) * at.row_px, [entries])
        world.show(choice)
        yield from world.pause(2, 3)
        entry = rng.choice(entries)[0]
        choice = yield from moving(world, choice, way_to(rng, [text for text, _ in entries], entry))
        world.hide(choice)
        if entry.startswith(('Remove', 'Delete', 'Drop')):
            children[opened[-1]].remove(text)
        pane = world.put(pane, draw())
        yield Event('menu', {'entry': entry})
        yield from world.pause(1, 3)
    leave_side(world, pane)
    yield None


def list_scrolled(world: World) -> Step:
    """A long list in the side bar goes up and down under the pointer."""
    if world.app != 'editor' or not world.values['is_side_bar_shown']:
        return
    rng, at = world.rng, places(world)
    rows = [Row(text, rng.choice((1, 1, 2)), mark=rng.choice(('closed', '', ''))) for text in titles(world, 40)]
    pane = side(at, rows)
    world.show(pane)
    place = 0
    for _ in range(rng.randint(2, 6)):
        place = max(0, min(30, place + rng.randint(-3, 6)))
        pane = world.put(pane, side(at, rows[place:]))
        yield from world.pause(1, 2)
    world.hide(pane)
    yield None


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'explorer_file': (1.2, explorer_file),
    'explorer_fold': (0.9, explorer_fold),
    'extension_tree': (1.0, extension_tree),
    'list_scrolled': (0.4, list_scrolled),
}
HELD_OUT = frozenset({'list_scrolled'})
