"""What the developer does: files, code and commands. The table of all steps and how often they happen is at the end."""

from __future__ import annotations

from collections.abc import Callable

from screen.view import Popup
from text import snippets, terminal
from text.terminal import ToolRun
from text.vocabulary import VERBS
from world import window_steps
from world.developer import Step, World
from world.session import Event

# --- files and code ------------------------------------------------------------------------------------------


def step_open(world: World) -> Step:
    yield from world.to_editor()
    others = [name for name in world.files if name != world.file]
    if world.rng.random() < 0.35 and len(world.files) < 14:
        others = [world.add_file()]
    name = world.rng.choice(others)
    if world.rng.random() < 0.25:
        world.set(popup=Popup('quickPick', (name[: world.rng.randint(2, 6)], name, *world.rng.sample(list(world.files), 2))))
        yield from world.pause(1, 3)
        world.set(popup=None)
    world.open_file(name)
    yield None
    yield Event('open', {'file': name})


def step_create(world: World) -> Step:
    yield from world.to_editor()
    name = world.add_file(is_empty=True)
    if world.rng.random() < 0.5:
        for length in snippets.typing_chunks(world.rng, name, 10):
            world.set(popup=Popup('quickPick', (name[:length], 'Create New File')))
            yield None
        world.set(popup=None)
    world.open_file(name)
    yield None
    yield Event('create', {'file': name})


def step_function(world: World) -> Step:
    yield from world.to_editor()
    snippet = snippets.function(world.names, world.language)
    blank = [row + 1 for row, line in enumerate(world.lines) if line == '']
    yield from world.type_code(world.rng.choice(blank[-3:]) if blank else len(world.lines), snippet.lines)
    world.save()
    yield None
    yield Event('function', {'function': snippet.name})


def step_type(world: World) -> Step:
    yield from world.to_editor()
    snippet = snippets.definition(world.names, world.language)
    yield from world.type_code(len(world.lines), snippet.lines)
    world.save()
    yield None
    yield Event('type', {'type': snippet.name})


def step_import(world: World) -> Step:
    yield from world.to_editor()
    snippet = snippets.import_of(world.names, world.language)
    world.top = 0
    yield from world.type_code(0, snippet.lines)
    world.save()
    yield None
    yield Event('import', {'module': snippet.name})


def step_value(world: World) -> Step:
    """Sets a variable, or changes a value that is there."""
    yield from world.to_editor()
    snippet = snippets.statement(world.names, world.language)
    target, value = snippet.name.split('=', 1)
    row = min(world.rng.randint(0, 12), len(world.lines))
    yield from world.type_code(row, snippet.lines)
    yield None
    yield Event('value', {'name': target, 'value': value})
    if world.rng.random() < 0.5:
        yield from world.pause(1, 4)
        other = str(world.rng.randint(2, 999))
        world.lines[row] = snippet.lines[0].replace(value, other)
        world.set(is_dirty=True)
        yield None
        yield Event('change', {'name': target, 'value': other})


def step_rename(world: World) -> Step:
    yield from world.to_editor()
    defined = [(row, name) for row, name in snippets.defined_names(world.lines) if len(name) > 3]
    if not defined:
        return
    row, old = world.rng.choice(defined)
    new = world.names.type_name() if old[0].isupper() and world.language != 'go' else world.names.function(world.language)
    if len(world.lines) > row + 3 and world.rng.random() < 0.7:
        world.lines.insert(row + 3, f'{" " * 4}{old}()')
    world.reveal(row)
    column = max(0, world.lines[row].find(old))
    world.cursor = (row, column)
    yield None
    for text, frames in ((old, 2), (new[: len(new) // 2], 1), (new, 2)):
        world.set(popup=Popup('rename', (text, 'Enter to Rename, Shift+Enter to Preview'), row - world.top, column))
        yield from world.pause(frames, frames + 1)
    world.set(popup=None, is_dirty=True)
    world.files[world.file] = [line.replace(old, new) for line in world.lines]
    yield None
    yield Event('rename', {'old': old, 'new': new})


def step_find(world: World) -> Step:
    yield from world.to_editor()
    query = world.names.word() if world.rng.random() < 0.5 else world.names.function(world.language)
    count = world.rng.randint(0, 9)
    for length in snippets.typing_chunks(world.rng, query, 12):
        world.set(popup=Popup('find', (query[:length], f'{min(1, count)} of {count}' if count else 'No results')))
        yield None
    yield Event('find', {'query': query})
    yield from world.pause(0, 3)
    world.set(popup=None)
    yield None


def step_search_view(world: World) -> Step:
    """Searches the whole project in the side bar."""
    yield from world.to_editor()
    query = world.names.word() if world.rng.random() < 0.5 else world.names.function(world.language)
    if not world.values['is_side_bar_shown']:
        world.set(is_side_bar_shown=True)
        yield Event('side_show', {})
    hits = world.rng.sample(list(world.files), min(2, len(world.files)))
    rows = [(0, 'SEARCH'), (1, query), (1, f'{len(hits) * 2} results in {len(hits)} files')]
    for file in hits:
        rows += [(1, file), (2, f'{world.names.word()} {query}')]
    world.set(side_view='search')
    world.side_override = ((0, 'SEARCH'), (1, 'Search'))
    yield None
    world.side_override = tuple(rows)
    yield None
    yield Event('find', {'query': query})
    yield from world.pause(1, 4)
    world.side_override = None
    world.set(side_view='explorer')
    yield None


def step_scroll(world: World) -> Step:
    yield from world.to_editor()
    if len(world.lines) < world.style.code_rows(bool(world.values['panel'])) + 4:
        return
    direction = 1 if world.top < 5 else -1
    for _ in range(world.rng.randint(2, 5)):
        world.top = max(0, min(len(world.lines) - 6, world.top + direction * world.rng.randint(2, 7)))
        yield None
    yield None
    yield Event('scroll', {'direction': 'down' if direction > 0 else 'up'})


# --- terminal --------------------------------------------------------------------------------------------------


def _tool(maker: Callable[[World], ToolRun]) -> Callable[[World], Step]:
    def step(world: World) -> Step:
        yield from world.run(maker(world))

    return step


def step_commit(world: World) -> Step:
    """Commits in the terminal, or in the source control view."""
    if world.rng.random() < 0.7:
        yield from world.run(terminal.commit(world.names, world.branch))
        return
    yield from world.to_editor()
    if not world.values['is_side_bar_shown']:
        world.set(is_side_bar_shown=True)
        yield Event('side_show', {})
    message = f'{world.rng.choice(VERBS)} {world.names.words(1, 3)}'
    changed = [(1, f'{name} M') for name in world.rng.sample(list(world.files), min(3, len(world.files)))]
    world.set(side_view='scm')
    for length in [0, *snippets.typing_chunks(world.rng, message, 12)]:
        world.side_override = ((0, 'SOURCE CONTROL'), (1, message[:length] or 'Message (Ctrl+Enter to commit)'), (1, 'Commit'), (0, f'Changes {len(changed)}'), *changed)
        yield None
    yield None
    world.side_override = ((0, 'SOURCE CONTROL'), (1, 'Message (Ctrl+Enter to commit)'), (1, 'Publish Branch'))
    yield None
    yield Event('commit', {'message': message})
    yield from world.pause(0, 3)
    world.side_override = None
    world.set(side_view='explorer')
    yield None


def step_branch(world: World) -> Step:
    run = terminal.new_branch(world.names)
    yield from world.to_terminal()
    yield from world.type_command(run.command)
    world.branch = run.slots['branch']
    world.terminal += [*run.output, world.prompt]
    world.set(terminal_state='ok')
    yield None
    yield Event('branch', run.slots)


def step_server(world: World) -> Step:
    """Starts a server, lets it print requests, and stops it again."""
    run = terminal.server_start(world.names, world.language, world.file)
    yield from world.run(run)
    for _ in range(world.rng.randint(0, 3)):
        yield from world.pause(1, 4)
        world.terminal.append(f'{world.rng.choice(("GET", "POST"))} /{world.names.word()} {world.rng.choice((200, 201, 304, 404, 500))}')
        yield None
    yield from world.pause(1, 6)
    world.terminal += ['^C', world.prompt]
    world.set(terminal_state='ok')
    yield None
    yield Event('server_stop', {})


def step_full_terminal(world: World) -> Step:
    """A window with nothing but a terminal, for one or more commands."""
    if world.app != 'terminal':
        world.set(app='terminal')
        if world.rng.random() < 0.5:
            world.terminal.clear()
        if not world.terminal:
            world.terminal.append(world.prompt)
        yield None
        yield Event('terminal', {})
        yield from world.pause(0, 3)
    yield from world.run(terminal.other_command(world.names))


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'open': (3.0, step_open),
    'create': (1.6, step_create),
    'function': (3.0, step_function),
    'type': (1.2, step_type),
    'import': (1.4, step_import),
    'value': (1.2, step_value),
    'rename': (1.2, step_rename),
    'find': (0.7, step_find),
    'search': (0.5, step_search_view),
    'scroll': (0.7, step_scroll),
    'tests_pass': (1.8, _tool(lambda world: terminal.tests_pass(world.names, world.language))),
    'tests_fail': (1.8, _tool(lambda world: terminal.tests_fail(world.names, world.language))),
    'run_ok': (1.4, _tool(lambda world: terminal.run_ok(world.names, world.language, world.file))),
    'run_error': (1.5, _tool(lambda world: terminal.run_error(world.names, world.language, world.file))),
    'install': (1.9, _tool(lambda world: terminal.install(world.names, world.language))),
    'command': (2.2, _tool(lambda world: terminal.other_command(world.names))),
    'commit': (1.4, step_commit),
    'branch': (0.8, step_branch),
    'server': (0.8, step_server),
    'full_terminal': (0.8, step_full_terminal),
    'browser': (1.5, window_steps.step_browser),
    'slide': (1.0, window_steps.step_slide),
    'palette': (1.0, window_steps.step_palette),
    'menu': (0.8, window_steps.step_menu),
    'notification': (0.8, window_steps.step_notification),
    'test_explorer': (0.6, window_steps.step_test_explorer),
    'problems': (0.4, window_steps.step_problems),
    'debug': (2.2, window_steps.step_debug),
    'breakpoint': (0.2, window_steps.step_breakpoint),
    'test_bar': (1.8, window_steps.step_test_bar),
    'theme': (1.4, window_steps.step_theme),
    'side_bar': (0.6, window_steps.step_side_bar),
    'panel': (0.6, window_steps.step_panel),
    'mouse': (1.2, window_steps.step_mouse),
    'hover': (0.9, window_steps.step_hover),
    'cursor': (1.0, window_steps.step_cursor),
    'zoom': (0.3, window_steps.step_zoom),
    'idle': (1.2, window_steps.step_idle),
}

HELD_OUT: frozenset[str] = frozenset()  # steps of the table that only tests see
