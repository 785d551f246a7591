"""Panel, status bar and messages; what comes and goes without meaning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from screen.view import Row
from text import snippets
from text.vocabulary import VERBS
from world.developer import Step, World
from world.interface.parts import columns, dialog, in_panel, is_new, over, places, quick_pick, seen, status_item, toast
from world.interface.words import BUTTONS, COMMANDS, SPINNERS, messages, pick, some
from world.session import Event


def output_panel(world: World) -> Step:
    """Output of an extension, or the forwarded ports."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    if not world.values['panel']:
        world.set(panel='OUTPUT')
        yield Event('panel_open', {})
    at = places(world)
    if rng.random() < 0.3:
        ports = [str(rng.randint(1024, 9999)) for _ in range(rng.randint(1, 3))]
        pane = in_panel(at, 'PORTS', [Row('Port    Forwarded Address    Running Process', look='dim'), *[Row(f'{port}    localhost:{port}    {names.word()}') for port in ports], Row('Add Port', look='button')])
        world.show(pane)
        yield None
        yield Event('listed', seen(pane, first=f'localhost:{ports[0]}'))
    else:
        clock = f'{rng.randint(10, 23)}:{rng.randint(10, 59)}'
        lines = [rng.choice((f'[{rng.choice(("Info", "Debug", "Error", "Trace"))} - {clock}:{rng.randint(10, 59)}] {names.words(2, 5)}', f'2025-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} {clock} [info] {names.words(2, 6)}', f'> {names.word()} {names.word()}', names.sentence())) for _ in range(rng.randint(2, 8))]
        pane = in_panel(at, 'OUTPUT', [Row(line) for line in lines], is_terminal=True)
        world.show(pane)
        yield None
        yield Event('output', seen(pane, line=lines[-1]) if len(lines[-1]) < columns(at) - 4 else {})
    yield from world.pause(2, 6)
    world.hide(pane)
    world.set(panel='TERMINAL')
    if not world.terminal:
        world.terminal.append(world.prompt)
    yield None


def task(world: World) -> Step:
    """A task builds the project in a terminal of its own."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    yield from world.to_terminal()
    command = rng.choice(('npm run build', 'tsc -p tsconfig.json', 'make', f'make {names.word()}', 'cargo build', 'go build ./...', 'mvn package', 'dotnet build', 'gradle build', f'npm run {names.word()}'))
    world.terminal.clear()
    world.terminal += [rng.choice((f' *  Executing task: {command} ', f'> Executing task: {command} <', f'Executing task: {command}')), '']
    world.set(terminal_state='typing')
    for _ in range(rng.randint(0, 4)):
        world.terminal.append(rng.choice((f'Compiling {names.word()} v{names.version()}', f'[{rng.randint(1, 99)}%] Building {names.word()}', f'{names.word()}/{world.file}', f'src/{names.word()}.c -> {names.word()}.o')))
        yield from world.pause(1, 3)
    is_bad = rng.random() < 0.35
    error = rng.choice((f'error: {names.words(2, 4)}', f'{world.file}({rng.randint(1, 99)},{rng.randint(1, 40)}): error TS{rng.randint(2000, 2999)}: {names.words(2, 3)}', f'undefined reference to {names.word()}'))
    world.terminal += [error, ' *  The terminal process failed to launch (exit code: 1).'] if is_bad else [rng.choice(('Build succeeded.', f'built in {rng.randint(1, 20)}.{rng.randint(0, 99)}s', 'BUILD SUCCESS', 'Finished'))]
    world.terminal.append(rng.choice((' *  Terminal will be reused by tasks, press any key to close it. ', 'Press any key to close the terminal.')))
    world.set(terminal_state='error' if is_bad else 'ok')
    yield None
    yield Event('build_error', {'command': command, **({'error': error} if len(error) < columns(places(world)) else {})}) if is_bad else Event('build_ok', {'command': command})
    yield from world.pause(1, 4)
    world.terminal[:] = [world.prompt]


def status_bar(world: World) -> Step:
    """An entry of the status bar is clicked, or says something new."""
    yield from world.to_editor()
    rng, at, names = world.rng, places(world), world.names
    port = rng.choice((5500, 5501, 3000, rng.randint(1024, 9999)))
    before, after = rng.choice((
        ('Go Live', f'Port : {port}'), (f'Port : {port}', 'Go Live'), ('Prettier', 'Prettier: formatted'), ('Select Interpreter', f"3.{rng.randint(8, 14)}.{rng.randint(0, 9)} ('.venv': venv)"), ('Watch Sass', 'Watching...'), ('No Kernel', f'Python 3.{rng.randint(8, 14)}'),
        ('Plain Text', 'Python'), ('CRLF', 'LF'), ('Screen Reader Optimized', 'Ready'), ('Sign in', f'{names.word()}@{names.word()}'), ('Debug', 'Release'), (f'{names.word()} (stopped)', f'{names.word()} (running)'), ('Not connected', f'Connected: {names.word()}'), ('Discovering Tests', f'{rng.randint(2, 90)} tests'),
    ))  # fmt: skip
    pane = status_item(at, before)
    world.show(pane)
    yield from world.pause(2, 4)
    if rng.random() < 0.3:
        pane = world.put(pane, status_item(at, pick(world, SPINNERS)))
        yield from world.pause(1, 3)
    pane = world.put(pane, status_item(at, after))
    yield None
    yield Event('status', {'text': after})
    if 'Port' in after and rng.random() < 0.7:
        said = f'Server is Started at port : {port}'
        shown = toast(at, said, ("Don't show again",) if rng.random() < 0.3 else (), 'Live Server' if rng.random() < 0.3 else '')
        world.show(shown)
        yield None
        yield Event('notification', {'text': said})
        yield from world.pause(1, 6)
    yield from world.pause(1, 5)
    world.set(panes=())
    yield None


def sync(world: World) -> Step:
    """The branch's counters in the status bar are clicked: commits go out and come in."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    pane = status_item(at, f'{rng.randint(0, 4)}↓ {rng.randint(1, 9)}↑')
    world.show(pane)
    yield from world.pause(2, 5)
    for _ in range(rng.randint(1, 3)):
        pane = world.put(pane, status_item(at, rng.choice(('Synchronizing Changes...', 'Synchronizing', 'Pushing...', 'Pulling...'))))
        yield from world.pause(1, 2)
    pane = world.put(pane, status_item(at, '0↓ 0↑'))
    yield None
    yield Event('push', {'branch': world.branch})
    yield from world.pause(1, 4)
    world.hide(pane)
    yield None


def notice(world: World) -> Step:
    """A message with buttons: answered, closed, or gone by itself."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    text = rng.choice(messages(world))
    if at.width(text) > at.window[2] - at.window[0] - 120:
        return
    buttons = rng.choice(BUTTONS) if rng.random() < 0.7 else ()
    source = world.names.word().capitalize() if rng.random() < 0.4 else ''
    pane = dialog(at, [Row(text), *[Row(button, look='button') for button in buttons]]) if is_new(world) and buttons else toast(at, text, buttons, source)
    world.show(pane)
    yield None
    yield Event('notification', {'text': text})
    yield from world.pause(2, 5)
    if buttons and rng.random() < 0.7:
        button = rng.choice(buttons)
        pane = world.put(pane, replace(pane, rows=tuple(replace(row, look='selected') if row.text == button else row for row in pane.rows)))
        yield None
        world.hide(pane)
        yield Event('button', {'label': button})
        return
    world.hide(pane)
    if rng.random() < 0.3:
        yield Event('closed', {})
    else:
        yield None


def progress(world: World) -> Step:
    """A message that counts up until the work is done."""
    yield from world.to_editor()
    rng, at, names = world.rng, places(world), world.names
    what = names.word()
    lead = rng.choice((f"Installing extension '{what}'", f'Downloading {what}', f'Cloning {what}', f'Creating environment {what}', f'Building image {what}', f'Deploying to {what}', f'Running tests in {what}'))
    percent, pane = 0, toast(at, f'{lead}...')
    world.show(pane)
    yield None
    yield Event('notification', {'text': f'{lead}...'})
    while percent < 100:
        percent = min(100, percent + rng.randint(12, 50))
        pane = world.put(pane, toast(at, f'{lead}...', (), '', '') if rng.random() < 0.3 else toast(at, f'{lead}: {percent}%'))
        yield from world.pause(1, 2)
    done = rng.choice((f'{what} was installed.', f'Finished: {lead}', f'{what} is ready.', f'Successfully finished {what}'))
    pane = world.put(pane, toast(at, done))
    yield None
    yield Event('notification', {'text': done})
    yield from world.pause(1, 5)
    world.hide(pane)
    yield None


def spinner(world: World) -> Step:
    """The status bar is busy; counts at the views change."""
    if world.app != 'editor':
        return
    rng, at = world.rng, places(world)
    pane = status_item(at, pick(world, SPINNERS))
    badge = over('bar', 'other', (at.window[0] + 20, at.window[1] + 160, at.window[0] + 44, at.window[1] + 180), [Row(str(rng.randint(1, 40)))])
    world.show(pane, *([badge] if world.style.activity_px and rng.random() < 0.5 else []))
    for _ in range(rng.randint(1, 4)):
        yield from world.pause(1, 3)
        pane = world.put(pane, status_item(at, pick(world, SPINNERS)))
    world.set(panes=())
    yield None


def code_notes(world: World) -> Step:
    """Blame at a line's end, lenses above functions, hints inside calls: they come and go by themselves."""
    if world.app != 'editor' or not world.visible_rows():
        return
    rng, names, at = world.rng, world.names, places(world)
    what = rng.choice(('blame', 'lens', 'inlay'))
    if what == 'blame':
        for _ in range(rng.randint(1, 3)):
            row = rng.choice(world.visible_rows())
            world.cursor = (row, len(world.lines[row]))
            text = f'{rng.choice(("You", names.word().capitalize()))}, {rng.randint(2, 11)} {rng.choice(("minutes", "hours", "days", "months"))} ago * {rng.choice(VERBS)} {names.words(1, 3)}'
            x, y = at.code_at(row - world.top, len(world.lines[row]) + 4)
            pane = over('editor', 'editor', (x, y - 4, max(x + 10, min(at.editor[2], x + at.width(text) * 3 // 2)), y + at.line_px - 4), [Row(text, look='dim')])
            world.show(pane)
            yield from world.pause(2, 4)
            world.hide(pane)
        yield None
        return
    before = list(world.lines)
    if what == 'lens':
        for row, _ in reversed(snippets.defined_names(before)):
            world.lines.insert(row, rng.choice((f'{rng.randint(0, 9)} references', 'Run | Debug', f'{rng.randint(1, 9)} usages', 'run test | debug test', f'You, {rng.randint(2, 9)} days ago | 1 author')))
    else:
        world.files[world.file] = [line.replace('(', f'({names.word()}: ', 1) if line.strip().endswith((')', ');')) else line for line in before]
    yield from world.pause(2, 5)
    world.files[world.file] = before
    yield None


def find_left(world: World) -> Step:
    """The find widget, or a list of open editors, opened and closed at once."""
    if world.app != 'editor':
        return
    rng, at = world.rng, places(world)
    if rng.random() < 0.5:
        pane = over('form', 'popup', (at.editor[2] - 380, at.editor[1], at.editor[2] - 16, at.editor[1] + at.row_px + 22), [Row('Find', right='No results', look='input')])
    else:
        pane = quick_pick(at, '', [Row(name) for name in world.tabs] if rng.random() < 0.5 else [Row(entry, right=key) for entry, key in some(world, COMMANDS, 8)], hint=rng.choice(('', '>', 'Search files by name')))
    world.show(pane)
    yield from world.pause(1, 4)
    world.hide(pane)
    yield None


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'output_panel': (0.6, output_panel),
    'task': (0.6, task),
    'status_bar': (0.8, status_bar),
    'sync': (0.4, sync),
    'notice': (0.9, notice),
    'progress': (0.5, progress),
    'spinner': (0.5, spinner),
    'code_notes': (0.6, code_notes),
    'find_left': (0.4, find_left),
}
HELD_OUT = frozenset({'output_panel', 'progress'})
