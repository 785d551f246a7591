"""What the developer does with real tools: recorded commands (replay.py) typed, recalled, chained and watched, in the panel or in a terminal that fills the screen.

A command is on the screen for two frames before its output may push it out, and so is each output line that a narration quotes:
long output comes in pieces, or the developer scrolls back to where it says what went wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from config import StreamConfig
from screen import parts
from screen.canvas import Look
from screen.layout import regions
from text import snippets
from world.developer import Step, World
from world.session import Event
from world.tools.replay import KINDS, Replay, choose, recordings, replay, replay_all

READY = ('ready in', 'Ready', 'ready for', 'listening', 'Listening', 'Running on', 'running on', 'running at', 'Serving HTTP', 'Local:', 'development server at', 'Development Server')
WAITING = ('Waiting for', 'Watching for', 'waiting for')


def size_of(world: World) -> tuple[int, int]:
    """Rows and columns of the terminal that is shown."""
    look = Look(world.style, bool(world.values['is_alternate_theme']), float(str(world.values['zoom'])))
    for region in regions(world.view(), look):
        if region.paint in (parts.paint_panel, parts.paint_terminal):
            left, top, right, bottom = region.box
            head = look.interface(-1).px + 18 if region.paint is parts.paint_panel else 30
            return max(3, (bottom - top - head - 4) // look.px(look.style.line_px)), max(20, int((right - left - 20) / look.mono().width('m')))
    return 12, 80


def wrapped(text: str, columns: int) -> list[str]:
    """A line as a terminal breaks it: in the middle of words."""
    return [text[start : start + columns] for start in range(0, len(text), columns)] or ['']


class Shell:
    """The world's terminal while a step uses it: its prompt, which may have a line of its own above, and its size."""

    def __init__(self, world: World) -> None:
        self.world, self.rng = world, world.rng
        self.head = ''
        self.rows, self.columns = 12, 80

    def enter(self) -> Step:
        """Goes to a terminal; sometimes a fresh one with another prompt, sometimes one that fills the screen."""
        world, rng = self.world, self.rng
        is_new = rng.random() < 0.3
        if world.app != 'terminal' and rng.random() < 0.14:
            world.set(app='terminal')
            if is_new or not world.terminal:
                self.restart()
            yield None
            yield Event('terminal', {})
        else:
            if is_new:
                self.restart()
            yield from world.to_terminal()
        self.measure()
        if is_new:
            yield None

    def measure(self) -> None:
        self.rows, self.columns = size_of(self.world)

    def restart(self) -> None:
        """An empty terminal with a prompt of its own."""
        self.head, self.world.prompt = prompt(self.world)
        self.world.terminal = self.prompt_lines()

    def prompt_lines(self) -> list[str]:
        return [*([self.head] if self.head else []), self.world.prompt]

    def type(self, command: str) -> Step:
        """A command at the prompt: typed with slips now and then, found in the history, or pasted."""
        world, rng = self.world, self.rng
        world.set(terminal_state='typing')
        if not world.terminal or not world.terminal[-1].startswith(world.prompt.rstrip()):
            world.terminal += self.prompt_lines()
        first = len(world.terminal) - 1

        def show(text: str) -> None:
            world.terminal[first:] = wrapped(world.prompt + text, self.columns)

        roll = rng.random()
        if roll < 0.2:
            for _ in range(rng.choice((0, 0, 1, 2))):  # other commands on the way up
                show(replay(choose(world.names, KINDS), world.names, world.project).command)
                yield None
        elif roll > 0.3:
            yield from self._by_hand(command, show)
        show(command)
        yield None
        yield from world.pause(0, 2)
        world.set(terminal_state='run')

    def _by_hand(self, command: str, show: Callable[[str], None]) -> Step:
        rng = self.rng
        for length in snippets.typing_chunks(rng, command, rng.choice((3, 5, 8, 12, 20))):
            show(command[:length])
            yield None
            if 2 < length < len(command) and rng.random() < 0.05:  # a slip, seen and taken back
                show(command[: length - 1] + rng.choice('asdfjklew') + command[length - 1 : length])
                yield None
                show(command[: length - 1])
                yield None

    def print(self, lines: Sequence[str], quoted: Sequence[str] = ()) -> Step:
        """Output: at once, line by line or in pieces, such that each quoted text stands for two frames."""
        world, rng = self.world, self.rng
        shown = [piece for line in lines for piece in wrapped(line, self.columns)]
        needed = {max((row for row, text in enumerate(shown) if value in text[: StreamConfig.max_line_chars]), default=-1) for value in quoted} - {-1}
        room = max(2, self.rows - 3)
        is_seen_at_once = all(row >= len(shown) - room for row in needed)
        if len(shown) > 2 and rng.random() < 0.3:
            size = max(rng.choice((1, 1, 2, 4)), len(shown) // rng.choice((4, 8, 12)))
        elif is_seen_at_once and len(shown) <= 40:
            size = max(1, len(shown))
        else:
            size = room
        for start in range(0, len(shown), size):
            world.terminal += shown[start : start + size]
            if start + size < len(shown):
                yield None
                if size >= room or (needed & set(range(start, start + size)) and len(shown) - start > room):
                    yield None
                elif rng.random() < 0.12:
                    yield from world.pause(1, 4)
        if not is_seen_at_once and needed:
            yield None
            yield from self.scroll_back(len(world.terminal) - len(shown) + min(needed) + room - 1)

    def scroll_back(self, last: int) -> Step:
        """Shows what was printed further up, and comes back."""
        world = self.world
        whole = world.terminal
        if last >= len(whole):
            return
        world.terminal = whole[: max(last, 2)]
        yield None
        yield None
        yield from world.pause(0, 4)
        world.terminal = whole

    def run(self, run: Replay, command: str = '') -> Step:
        """Types a command and shows what it prints."""
        world, rng = self.world, self.rng
        yield from self.type(command or run.command)
        if len(run.output) >= self.rows - 2:
            yield None
        yield from world.pause(0, rng.choice((0, 1, 3, 8)))
        quoted = [value for name, value in run.slots.items() if name != 'command']
        yield from self.print(run.output, quoted)
        if not run.stays:
            if self.head and rng.random() < 0.3:
                world.terminal.append('')
            world.terminal += self.prompt_lines()
        if run.kind == 'branch':
            old, world.branch = world.branch, run.slots['branch']
            if old in world.prompt and rng.random() < 0.9:
                world.prompt = world.terminal[-1] = world.prompt.replace(old, world.branch)
        world.set(terminal_state=run.state)
        yield None
        yield Event(run.kind, run.slots)

    def stop(self) -> Step:
        """Ends a program that stays."""
        self.world.terminal += ['^C', *self.prompt_lines()]
        self.world.set(terminal_state='ok')
        yield None

    def full_screen(self, lines: Sequence[str]) -> None:
        """All that the terminal shows, as a pager does it."""
        self.world.terminal = [piece for line in lines for piece in wrapped(line, self.columns)][: self.rows]


def prompt(world: World) -> tuple[str, str]:
    """A prompt, and the line above it if it has one."""
    rng, names, project, branch = world.rng, world.names, world.project, world.branch
    user, host = rng.choice(('dev', 'me', 'root', names.word())), rng.choice(('laptop', 'ubuntu', 'mbp', names.word()))
    hour = f'{rng.randint(0, 23):02}:{rng.randint(0, 59):02}'
    mark = rng.choice(('', '*', ' ✗', ' [!]', ' [?]', ' +1'))
    plain = (
        '$ ', '% ', '❯ ', '# ', f'➜  {project} git:({branch}) ✗ ', f'➜  {project} git:({branch}) ', f'➜  {project} ', f'{user}@{host}:~/{project}$ ', f'{user}@{host}:~/code/{project} ({branch})$ ',
        f'root@{names.hash(12)}:/app# ', f'[{user}@{host} {project}]$ ', f'(.venv) ➜  {project} git:({branch}) ', f'({names.word()}) {user}@{host}:~/{project}$ ', f'PS C:\\src\\{project}> ', f'PS /home/{user}/{project}> ',
        f'~/{project} {branch}{mark} ❯ ', f'{project} {branch} » ', f'{hour} {user} {project} % ', f'{host}:{project} {user}$ ', f'~/{project} λ ', 'bash-5.2$ ', 'sh-5.1# ', f'{user}@{host} ~/{project} (main)> ',
    )  # fmt: skip
    headed = (
        (f'{project} on  {branch}{mark}', '❯ '), (f'~/code/{project} {branch}{mark}', '❯ '), (f'{user} in {project} on {branch} took {rng.randint(2, 40)}s', '❯ '),
        (f'╭─{user}@{host} ~/{project} ‹{branch}›', '╰─$ '), (f'┌──({user}㉿{host})-[~/{project}]', '└─$ '), (f'# {user} @ {host} in ~/{project} on git:{branch}{mark} [{hour}:07]', '$ '),
        (f'{user}@{host} MINGW64 ~/{project} ({branch})', '$ '), (f'{project} via  v{rng.randint(18, 24)}.{rng.randint(0, 20)}.0', '➜ '),
    )  # fmt: skip
    return ('', rng.choice(plain)) if rng.random() < 0.7 else rng.choice(headed)


# --- steps -------------------------------------------------------------------------------------------------------


def _recorded(*kinds: str) -> Callable[[World], Step]:
    """A step that runs one recorded command of the kinds."""

    def step(world: World) -> Step:
        shell = Shell(world)
        yield from shell.enter()
        yield from shell.run(replay(choose(world.names, kinds), world.names, world.project))

    return step


def step_session(world: World) -> Step:
    """Several commands of one project, in the order in which they were recorded and about the same names."""
    rng = world.rng
    first = choose(world.names, KINDS)
    project = [each for each in recordings(world.names.split) if each['project'] == first['project'] and not each.get('stays')]
    if first not in project:
        return
    start = project.index(first)
    some = project[start : start + 9 : rng.choice((1, 1, 2, 3))][: rng.randint(2, 5)]
    shell = Shell(world)
    yield from shell.enter()
    for run in replay_all(some, world.names, world.project):
        yield from shell.run(run)
        yield from world.pause(1, rng.choice((2, 4, 8)))


def step_chain(world: World) -> Step:
    """Commands joined with && in one line; the last one says what it came to."""
    names = world.names
    quiet = [each for each in recordings(names.split) if each['kind'] == 'command' and each['exit'] == 0 and len(each['output']) <= 3 and len(each['command']) < 30]
    last = choose(names, ('tests_pass', 'tests_fail', 'commit', 'push', 'run_ok', 'build_ok', 'install'))
    runs = replay_all([*world.rng.sample(quiet, world.rng.choice((1, 1, 2))), last], names, world.project)
    run = runs[-1]
    shell = Shell(world)
    yield from shell.enter()
    while len(runs) > 1 and sum(len(each.command) + 4 for each in runs) + len(world.prompt) > min(shell.columns, StreamConfig.max_line_chars):
        runs.pop(0)
    command = world.rng.choice((' && ', ' && ', ' && ', '; ')).join(each.command for each in runs)
    output = [line for each in runs for line in each.output]
    yield from shell.run(Replay(run.tool, command, run.kind, run.slots, output, run.exit))


def step_watch(world: World) -> Step:
    """A program that runs again whenever a file is saved: the editor changes, and what it prints is drawn anew."""
    rng = world.rng
    watching = [each for each in recordings(world.names.split) if each.get('reruns')]
    if not watching:
        return
    run = replay(rng.choice(watching), world.names, world.project)
    shell = Shell(world)
    yield from shell.enter()
    last = next((row for row, line in enumerate(run.output) if line.lstrip().startswith(WAITING)), len(run.output))
    is_late = rng.random() < 0.5  # the line that says it waits comes a while later
    output = run.output[:last] if is_late else run.output
    yield from shell.run(Replay(run.tool, run.command, run.kind, run.slots, output, 0, stays=True))
    if is_late and last < len(run.output):
        yield from world.pause(2, 6)
        yield from shell.print(run.output[last:])
        yield None
        yield Event('waiting', {'line': run.output[last].strip()})
    for rerun in run.reruns[: rng.randint(1, min(3, len(run.reruns)))]:
        yield from world.pause(2, 8)
        yield from _edit(world)
        world.terminal = []
        world.set(terminal_state='run')
        yield from world.pause(0, 3)
        quoted = list(rerun.slots.values())
        yield from shell.print(rerun.output, quoted)
        world.set(terminal_state='pass' if rerun.kind == 'tests_pass' else 'fail' if rerun.kind == 'tests_fail' else 'ok' if rerun.kind == 'build_ok' else 'error')
        yield None
        yield Event(rerun.kind, {'command': run.command, **rerun.slots})
    yield from world.pause(1, 6)
    yield from shell.stop()


def _edit(world: World) -> Step:
    """A small change in the editor, saved. Nothing worth a word."""
    rng = world.rng
    if world.app != 'editor' or not world.lines:
        return
    visible = world.visible_rows()
    row = rng.choice(visible) if visible else 0
    text = world.lines[row]
    for tail in (' ', f' {world.names.word()}'[: rng.randint(2, 8)], '') if rng.random() < 0.5 else ('  ',):
        world.lines[row] = (text + tail).rstrip('\n')
        world.cursor = (row, len(world.lines[row]))
        world.set(is_dirty=True)
        yield None
    world.lines[row] = text
    world.set(is_dirty=False)


def step_server(world: World) -> Step:
    """Starts a server; its log grows while it is used; it is stopped again, or not yet."""
    rng = world.rng
    run = replay(choose(world.names, ('server_start', 'command'), stays=True), world.names, world.project)
    shell = Shell(world)
    yield from shell.enter()
    yield from shell.run(run)
    for line in run.log[: rng.randint(0, max(1, len(run.log)))]:
        if rng.random() < 0.6:
            yield from world.pause(1, 4)
        yield from shell.print([line])
        yield None
    yield from world.pause(1, 8)
    yield from shell.stop()
    yield Event('server_stop', {})


def step_services(world: World) -> Step:
    """Two services in one terminal, as docker compose shows them: each line with the name of its service, ready messages among the others."""
    rng, names = world.rng, world.names
    servers = [each for each in recordings(names.split) if each['kind'] in ('server_start', 'command') and each.get('stays') and len(each['output']) < 26]
    chosen = rng.sample(servers, 2)
    runs = [replay(each, names, world.project) for each in chosen]
    labels = [rng.choice(('web', 'api', 'app', 'server', names.word())), rng.choice(('db', 'cache', 'worker', 'proxy', names.word()))]
    labels = [f'{label}-1' for label in labels] if rng.random() < 0.7 else labels
    wide = max(map(len, labels)) + rng.choice((1, 2))
    shell = Shell(world)
    yield from shell.enter()
    command = rng.choice(('docker compose up', 'docker compose up', 'docker-compose up --build', 'podman-compose up', f'docker compose -f {names.word()}.yml up'))
    yield from shell.type(command)
    yield from world.pause(1, 4)
    yield from shell.print([f'[+] Running {len(runs)}/{len(runs)}', *(f' ✔ Container {world.project}-{label}  Created' for label in labels), f'Attaching to {", ".join(labels)}'])
    yield None
    yield Event('command', {'command': command})
    lines = [list(run.output) for run in runs]
    told: set[int] = set()
    while any(lines):
        index = rng.choice([index for index, left in enumerate(lines) if left])
        text = lines[index].pop(0)
        if not text:
            continue
        yield from shell.print([f'{labels[index]:<{wide}}| {text}'])
        yield None
        if index not in told and any(word in text for word in READY):
            told.add(index)
            yield None
            yield Event('output', {'line': _readable(text.strip(), min(shell.columns, StreamConfig.max_line_chars) - wide - 3)})
        elif rng.random() < 0.3:
            yield from world.pause(1, 3)
    logs = [f'{labels[index]:<{wide}}| {line}' for index, run in enumerate(runs) for line in run.log[:4]]
    rng.shuffle(logs)
    for line in logs[: rng.randint(0, 8)]:
        yield from world.pause(0, 3)
        yield from shell.print([line])
        yield None
    yield from shell.stop()
    yield Event('server_stop', {})


def _readable(text: str, room: int) -> str:
    """The whole words of a text that fit in a row."""
    return text if len(text) <= room else text[: room + 1].rsplit(' ', 1)[0]


def step_pager(world: World) -> Step:
    """Output in a pager that takes the whole terminal: page by page, until it is left."""
    rng, names = world.rng, world.names
    long = [each for each in recordings(names.split) if each['kind'] == 'command' and len(each['output']) >= 12 and not each.get('stays')]
    run = replay(rng.choice(long), names, world.project)
    shell = Shell(world)
    yield from shell.enter()
    command = run.command if run.tool == 'git' else f'{run.command} | {rng.choice(("less", "less", "more"))}'
    yield from shell.type(command)
    yield None
    before = world.terminal
    pages = [piece for line in run.output for piece in wrapped(line, shell.columns)]
    room, is_told = max(2, shell.rows - 1), False
    for start in range(0, len(pages), room):
        page = pages[start : start + room]
        shell.full_screen([*page, *['~'] * (room - len(page)), '(END)' if start + room >= len(pages) else ':'])
        yield None
        if not is_told:
            yield Event('command', {'command': command})
            is_told = True
        yield from world.pause(1, 6)
    world.terminal = [*before, *shell.prompt_lines()]
    world.set(terminal_state='ok')
    yield None


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'real_tests': (1.8, _recorded('tests_pass', 'tests_fail')),
    'real_program': (1.4, _recorded('run_ok', 'run_error')),
    'real_error': (0.8, _recorded('run_error', 'build_error')),
    'real_build': (1.2, _recorded('build_ok', 'build_error')),
    'real_commit': (0.6, _recorded('commit')),
    'real_branch': (0.5, _recorded('branch', 'push', 'merge_conflict')),
    'real_install': (0.8, _recorded('install')),
    'real_command': (1.6, _recorded('command')),
    'real_session': (1.2, step_session),
    'real_chain': (0.6, step_chain),
    'real_watch': (0.6, step_watch),
    'real_server': (0.7, step_server),
    'real_services': (0.4, step_services),
    'real_pager': (0.4, step_pager),
}
HELD_OUT: frozenset[str] = frozenset()  # whole tools are held out (recordings.json), not steps
