"""Records what real tools print, once, into recordings.json: throw-away projects (projects/) are made and their commands run.

Each command runs in a pseudo terminal of 100 columns, and what it leaves on that terminal's screen is the recording: escape sequences acted upon,
at most 40 lines (the last ones) of 120 characters, paths below /home/dev. A recording whose slots do not occur in its text is not kept, and said.

usage: python -m world.tools.record FOLDER [PROJECT…]
    FOLDER     an empty folder for the projects; best a path as short as /home/dev, which the recordings name
    PROJECT    only these projects; their recordings replace the ones recorded before

Needs the tools themselves and the Python package pyte. On Debian 12: apt-get install python3-pyte golang-go ruby ruby-rspec ruby-minitest php-cli phpunit
lua5.4 lua-busted tree sqlite3 cmake ninja-build maven default-jdk-headless redis-server postgresql nginx-light bats shellcheck rake rubocop jq ripgrep
fd-find bat cloc hyperfine httpie yamllint pylint flake8 black isort python3-flask python3-django uvicorn python3-coverage tox; node and cargo of any origin;
ruff, mypy and pytest from pip. npm tools are installed into FOLDER/.tools on the first run.
"""

from __future__ import annotations

import importlib
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from world.tools.projects.project import NAMES, Project
from world.tools.projects.table import HELD_OUT, NPM_TOOLS, PROJECTS

COLUMNS, ROWS = 100, 400
MAX_LINES, MAX_CHARS = 40, 120
FAILURES = {'tests_fail', 'run_error', 'build_error', 'merge_conflict'}
OUT = Path(__file__).parent / 'recordings.json'
HEADER = (
    'Output of real command-line tools. Made by record.py, which ran the commands of projects/ on Debian 12 in a terminal of 100 columns; '
    'nothing here is written by hand. names: what a replay gives a fresh name of that kind (replay.py). held_out: only test sessions show this tool.'
)

Recording = dict[str, Any]


class Terminal:
    """One command in a pseudo terminal, and the screen it leaves."""

    def __init__(self, command: str, folder: Path, env: dict[str, str]) -> None:
        pyte = importlib.import_module('pyte')
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.process, self.master = _start(command, folder, env)

    def read(self, seconds: float, until: str = '') -> bool:
        """Feeds the screen until the command ends, `until` is shown, or the time is over; whether it was shown or the command ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], 0.05)
            if ready:
                try:
                    data = os.read(self.master, 65536)
                except OSError:  # the other side is closed
                    self.process.wait()
                    return True
                self.stream.feed(data)
            elif self.process.poll() is not None:
                return True
            if until and re.search(until, '\n'.join(self.screen.display)):
                return True
        return False

    def lines(self) -> list[str]:
        rows = [row.rstrip() for row in self.screen.display]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def close(self) -> int:
        """Ends the command if it still runs; its exit status."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        os.close(self.master)
        return self.process.returncode


def _start(command: str, folder: Path, env: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(['bash', '-c', command], cwd=folder, env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    return process, master


class Recorder:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.tools = root / '.tools'
        self.recordings: list[Recording] = []
        self.left_out: list[str] = []
        self.env = {name: value for name, value in os.environ.items() if name.startswith(('PIP_', 'npm_config_', 'NPM_CONFIG_', 'SSL_', 'NODE_EXTRA_'))} | {
            'HOME': str(root),
            'PATH': f'{self.tools}/bin:{self.tools}/node_modules/.bin:{os.environ["PATH"]}',
            'TERM': 'xterm-256color', 'LANG': 'C.UTF-8', 'USER': 'dev', 'PAGER': 'cat', 'GIT_PAGER': 'cat', 'COLUMNS': str(COLUMNS),
            'GIT_CONFIG_NOSYSTEM': '1', 'npm_config_update_notifier': 'false', 'npm_config_fund': 'true', 'npm_config_audit': 'true', 'NO_UPDATE_NOTIFIER': '1', 'DO_NOT_TRACK': '1', 'PIP_ROOT_USER_ACTION': 'ignore',
            'RUSTUP_HOME': os.environ.get('RUSTUP_HOME', str(Path.home() / '.rustup')), 'CARGO_HOME': os.environ.get('CARGO_HOME', str(Path.home() / '.cargo')), 'PYTHONDONTWRITEBYTECODE': '1',
        }  # fmt: skip

    def prepare(self) -> None:
        """npm's tools, git's user, and the names Debian gave to some programs."""
        bin_folder = self.tools / 'bin'
        bin_folder.mkdir(parents=True, exist_ok=True)
        for name, real in (('fd', 'fdfind'), ('bat', 'batcat'), ('python', 'python3'), ('lua', 'lua5.4')):
            path = shutil.which(real)
            if path and not (bin_folder / name).exists():
                (bin_folder / name).symlink_to(path)
        if not (self.tools / 'node_modules').exists():
            (self.tools / 'package.json').write_text('{}')
            subprocess.run(['npm', 'install', '--no-audit', '--no-fund', '--silent', *NPM_TOOLS], cwd=self.tools, check=True)
        for key, value in (('user.name', 'Robin Vale'), ('user.email', 'robin@vale.example'), ('init.defaultBranch', 'main'), ('advice.detachedHead', 'false')):
            subprocess.run(['git', 'config', '--file', str(self.root / '.gitconfig'), key, value], check=True)

    def record(self, project: Project) -> None:
        folder = self.root / project.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, text in project.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.lstrip('\n'))
            path.chmod(0o755 if text.startswith('#!') else 0o644)
        for entry in project.script.strip().splitlines():
            entry = entry.strip()
            if entry.startswith('!'):
                subprocess.run(['bash', '-c', entry[1:]], cwd=folder, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=240)
            elif entry:
                self._entry(project, folder, *_parsed(entry))

    def _entry(self, project: Project, folder: Path, command: str, kind: str, tool: str, options: dict[str, str]) -> None:
        """Runs one command of a script. Options that start with `_` direct the recording, the others are slots."""
        terminal = Terminal(command, folder, self.env)
        recording: Recording = {'tool': tool, 'command': command, 'output': [], 'exit': 0, 'kind': kind, 'slots': {'command': command}}
        recording['slots'] |= {name: value for name, value in options.items() if name[0] != '_'}
        if kind not in ('command', 'run_ok', 'run_error', 'build_ok', 'build_error', 'tests_pass', 'tests_fail', 'install', 'server_start', 'push'):
            del recording['slots']['command']
        if kind == 'install':
            recording['slots'] = {name: recording['slots'][name] for name in ('package', 'tool', 'command') if name in recording['slots']}
        if '_ready' in options:
            self._service(terminal, folder, recording, options)
        else:
            done = terminal.read(float(options.get('_seconds', '75')))
            recording['output'] = self._cleaned(terminal.lines())
            recording['exit'] = terminal.close()
            if not done:
                self.left_out.append(f'{project.label}: {command}: does not end')
                return
        text = '\n'.join([command, *recording['output']])
        lost = [f'{name}={value}' for name, value in recording['slots'].items() if value not in text]
        for rerun in recording.get('reruns', []):
            lost += [f'{value} in {rerun["output"]}' for value in rerun['slots'].values() if not any(value in line for line in rerun['output'])]
        unexpected = '_ready' not in options and '_any' not in options and (kind in FAILURES) != (recording['exit'] != 0) and kind != 'command'
        if lost or unexpected:
            self.left_out.append(f'{project.label}: {command}: {lost or ""} exit {recording["exit"]}\n    ' + '\n    '.join(recording['output'][-16:]))
            return
        recording['project'] = project.label
        self.recordings.append(recording)

    def _service(self, terminal: Terminal, folder: Path, recording: Recording, options: dict[str, str]) -> None:
        """A program that stays: what it prints until it is ready, and then what it adds to that while `_do` runs, step by step (`;;`)."""
        shown = terminal.read(float(options.get('_seconds', '60')), options['_ready'])
        terminal.read(0.7)
        recording['output'] = self._cleaned(terminal.lines()) if shown else []
        after: list[list[str]] = []
        for step in options.get('_do', '').split(';;'):
            if not step.strip():
                continue
            before = len(terminal.lines())
            if '_clears' in options:
                terminal.screen.reset()
                before = 0
            subprocess.run(['bash', '-c', step], cwd=folder, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
            terminal.read(float(options.get('_wait', '1.0')))
            after.append(self._cleaned(terminal.lines()[before:]))
        if '_clears' in options:
            outcomes = [outcome.strip().split(',') for outcome in options['_then'].split(';;')]
            recording['reruns'] = [{'kind': kind, 'slots': dict(slot.split('=', 1) for slot in slots), 'output': lines} for (kind, *slots), lines in zip(outcomes, after, strict=True)]
        elif after:
            recording['log'] = [line for lines in after for line in lines if line][:30]
        recording['exit'] = terminal.close()
        recording['stays'] = True

    def _cleaned(self, lines: list[str]) -> list[str]:
        """Neutral paths and names, without what only this machine has to say."""
        kept: list[str] = []
        for line in lines:
            if re.match(r'Looking in (links|indexes)|npm warn|npm notice|WARNING: (Running pip|Retrying)|\s*cgroup|.*dubious ownership', line):
                continue
            line = line.replace('\xa0', ' ').replace('bash: line 1: ', 'bash: ')
            line = line.replace(str(self.root), '/home/dev').replace(socket.gethostname(), 'laptop').replace(str(Path.home()), '/home/dev')
            line = re.sub(r'\b(?!127\.|0\.0\.0\.0)\d+\.\d+\.\d+\.\d+(?=[:/ ]|$)', '192.168.1.12', line)
            line = re.sub(r'\broot( +)root\b', r'dev \1dev ', line)
            line = re.sub(r'^root\b', 'dev ', line)
            line = line.replace('/home/dev/.tools/', '/usr/local/lib/')
            kept.append(''.join(sign for sign in line if sign.isprintable())[:MAX_CHARS].rstrip())
        while kept and not kept[0]:
            kept.pop(0)
        while kept and not kept[-1]:
            kept.pop()
        return kept[-MAX_LINES:]


def marked(recording: Recording, project: Project) -> Recording:
    """The recording with the names that a replay replaces, and whether its tool is held out."""
    texts = [recording['command'], *recording['output'], *recording.get('log', []), *(line for rerun in recording.get('reruns', []) for line in rerun['output'])]
    whole = '\n'.join(texts).lower()
    found = {name: kind for name, kind in (NAMES | project.names).items() if name.lower() in whole}
    return recording | {'names': found, 'held_out': recording['tool'] in HELD_OUT}


def _parsed(entry: str) -> tuple[str, str, str, dict[str, str]]:
    """`command ## kind | slot=value | @tool` in its parts."""
    command, _, notes = entry.partition(' ## ')
    command = command.strip()
    kind, tool, options = 'command', '', {}
    for note in notes.split(' | ') if notes else ():
        note = note.strip()
        if note.startswith('@'):
            tool = note[1:]
        elif '=' in note:
            name, _, value = note.partition('=')
            options[name] = value
        elif note:
            kind = note
    return command, kind, tool or tool_of(command), options


def tool_of(command: str) -> str:
    """The tool whose output a command shows: `npx jest` is jest, `python -m http.server` is http.server."""
    words = [word for word in command.split() if '=' not in word]
    if words[0] in ('npx', 'sudo', 'time'):
        words = words[1:]
    if words[:2] in (['python', '-m'], ['python3', '-m']):
        words = words[2:]
    return words[0].rsplit('/', 1)[-1] if words[0] not in ('.', '..') else 'bash'


def main(arguments: list[str]) -> None:
    root = Path(arguments[0]).resolve()
    root.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(root)
    recorder.prepare()
    wanted = arguments[1:]
    for project in PROJECTS:
        if not wanted or project.name in wanted or project.label in wanted:
            recorder.record(project)
            print(f'{project.label}: {len(recorder.recordings)} recordings so far', flush=True)
    labels = {project.label for project in PROJECTS if not wanted or project.name in wanted or project.label in wanted}
    known: list[Recording] = json.loads(OUT.read_text())['recordings'] if OUT.exists() else []
    order = [project.label for project in PROJECTS]
    kept = [each for each in known if each['project'] not in labels and each['project'] in order] + recorder.recordings
    kept.sort(key=lambda each: order.index(each['project']))
    projects = {project.label: project for project in PROJECTS}
    kept = [marked(each, projects[each['project']]) for each in kept]
    rows = ',\n'.join(json.dumps(each, ensure_ascii=False, separators=(',', ':')) for each in kept)
    OUT.write_text(f'{{"about": {json.dumps(HEADER)},\n"recordings": [\n{rows}\n]}}\n')
    print('\n'.join(recorder.left_out))
    print(f'{len(kept)} recordings of {len({each["tool"] for each in kept})} tools, {OUT.stat().st_size} bytes; {len(recorder.left_out)} left out')


if __name__ == '__main__':
    main(sys.argv[1:])
