"""Terminals that fill the screen: shells, split ones with a status line, prompts of languages and databases, debuggers, pagers, logs."""

from __future__ import annotations

from screen.canvas import Box
from screen.view import Pane, Row, RowLook
from text import snippets, terminal
from text.terminal import ToolRun
from text.vocabulary import ERRORS, VERBS
from world.developer import Step, World
from world.programs import parts
from world.programs.parts import Place, cut, rows_of

READY = ('Ready to accept connections', 'Server started successfully', 'Application startup complete.', 'database system is ready to accept connections', 'Compiled successfully!', 'Started in 2.31 seconds', 'Connected to the database', 'webpack compiled successfully', 'Nest application successfully started')
WAITING = ('Waiting for file changes...', 'Waiting for connections...', 'Watching for changes in src', 'Press Ctrl+C to quit', 'Listening for events...', 'Waiting for the debugger to attach...', 'Press h to show help, press q to quit', 'waiting for changes before restart', 'Do you want to continue? [Y/n]', 'Are you sure you want to continue connecting (yes/no)?', 'Enter passphrase for key:', 'Password:', 'Overwrite existing file? (y/N)')


class Shell(Place):
    """A terminal with one pane or several; the steps happen in the first one."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        rng = self.rng
        self.layout = self.choice(('bare', 'bare', 'titled', 'tabs', 'tmux', 'tmux'), ('zellij',))
        self.prompt = world.prompt if rng.random() < 0.5 else terminal.prompt(self.names, world.project)
        self.output: list[str] = []
        if rng.random() < 0.5:
            for _ in range(rng.randint(1, 3)):
                run = terminal.other_command(self.names)
                self.output += [self.prompt + run.command, *run.output]
        elif rng.random() < 0.4:
            command, *printed = parts.document(world, 'output')
            self.output += [self.prompt + command, *printed[: rng.randint(4, 24)]]
        self.output.append(self.prompt)
        self.others = [self.other_pane() for _ in range(rng.randint(1, 2))] if self.layout in ('tmux', 'zellij') and self.box[2] - self.box[0] > 700 else []
        self.is_beside = rng.random() < 0.5
        self.clock = f'{rng.randint(0, 23):02}:{rng.randint(10, 59)}'
        self.whole: list[str] | None = None  # a program that took the whole pane, such as a pager

    def other_pane(self) -> list[str]:
        rng, world = self.rng, self.world
        roll = rng.random()
        if roll < 0.3:
            return self.log_lines(rng.randint(5, 30))
        if roll < 0.6:
            command, *printed = parts.document(world, 'output')
            return [self.prompt + command, *printed, self.prompt]
        return [f'{number:3} {text}' for number, text in enumerate(parts.code(world, 30), 1)] if roll < 0.85 else [self.prompt]

    def log_lines(self, count: int) -> list[str]:
        rng, names = self.rng, self.names
        service, style = names.word(), rng.randrange(4)
        day = f'2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} 12:{rng.randint(10, 50)}'
        found = []
        for index in range(count):
            level = rng.choice(('INFO', 'INFO', 'DEBUG', 'WARN'))
            text = rng.choice((f'{rng.choice(("GET", "POST", "PUT"))} /{names.word()}/{rng.randint(1, 99)} {rng.choice((200, 200, 201, 304, 404))} {rng.randint(1, 900)}ms', f'{rng.choice(VERBS)} {names.word()} {names.hash()}', names.words(2, 5), parts.line(self.world, 'output', 10, 60) if index % 6 == 0 else f'{names.word()}={rng.randint(1, 999)}'))
            stamp = f'{day}:{(index * 3) % 60:02}'
            found.append((f'{stamp} {level} {text}', f'[{stamp[11:]}] {service}: {text}', f'{service}-1  | {text}', f'{level}:     {text}')[style])
        return found

    def panes(self) -> list[Pane]:
        box, world = self.box, self.world
        found: list[Pane] = []
        if self.layout in ('titled', 'tabs'):
            piece, box = cut(box, 'top', 28)
            found.append(self.bar(piece, [f'{world.project} - zsh'] if self.layout == 'titled' else [f'~/{world.project}', 'zsh', 'ssh'], 'tabs' if self.layout == 'tabs' else 'other'))
        elif self.layout == 'tmux':
            piece, box = cut(box, 'bottom', 24)
            found.append(self.bar(piece, [f'[{world.project}]', '0:zsh*', '1:server-', f'2:{(self.names.split == "test" and "logs") or "git"}', f'"{world.branch}"', self.clock], 'statusBar', 'bar'))
        elif self.layout == 'zellij':
            piece, box = cut(box, 'top', 24)
            found.append(self.bar(piece, [f'Zellij ({world.project})', 'Tab #1', 'Tab #2'], 'tabs', 'bar'))
        for index, texts in enumerate(self.others):
            side = 'right' if self.is_beside == (index == 0) else 'bottom'
            piece, box = cut(box, side, int((box[2] - box[0] if side == 'right' else box[3] - box[1]) * (0.5, 0.4)[index]))
            found.append(Pane('terminal', 'terminal', piece, tuple(rows_of(texts[-self.fitting(piece, 'terminal') :]))))
        shown = self.output if self.whole is None else self.whole
        found.append(Pane('terminal', 'terminal', box, tuple(Row(text, look=_look(text)) for text in shown[-self.fitting(box, 'terminal') :])))
        return found

    def enter(self) -> Step:
        yield from self.told('terminal')

    # --- small actions

    def type_line(self, text: str, prompt: str) -> Step:
        """Types behind a prompt, which becomes the last line; it stands there with the next frame."""
        if not self.output or self.output[-1] != prompt:
            self.output.append(prompt)

        def show(so_far: str) -> None:
            self.output[-1] = prompt + so_far

        yield from self.typed(text, show)

    def run_tool(self, run: ToolRun) -> Step:
        yield from self.type_line(run.command, self.prompt)
        yield from self.pause(1, 2)
        for text in run.progress:
            self.output.append(text)
            self.draw()
            yield from self.pause(1, 3)
        yield from self.pause(0, 4)
        self.output += run.output
        if run.command == 'clear':
            self.output.clear()
        if run.kind != 'server_start':
            self.output.append(self.prompt)
        yield from self.told(run.kind, **parts.named(run))

    def start(self, command: str, banner: list[str], prompt: str) -> Step:
        """A program with a prompt of its own."""
        yield from self.type_line(command, self.prompt)
        yield from self.pause(1, 2)
        self.output += [*banner, prompt]
        yield from self.told('command', command=command)
        yield from self.pause(0, 4)

    def stop(self, command: str, prompt: str) -> Step:
        yield from self.type_line(command, prompt)
        yield None
        self.output.append(self.prompt)
        self.draw()
        yield None

    # --- steps

    def command(self) -> Step:
        """Any command, or a real one with what it prints."""
        world, names, rng = self.world, self.names, self.rng
        roll = rng.random()
        if roll < 0.35:
            texts = parts.document(world, 'output')
            command = ' '.join(texts[0].split())[:48].strip()
            yield from self.run_tool(ToolRun(command, texts[1 : rng.randint(2, 20)], 'command', 'ok', {'command': command}))
            return
        if roll < 0.55:
            yield from self.run_tool(rng.choice((self.build, self.push, self.conflict))())
            return
        makers = (terminal.tests_pass, terminal.tests_fail, terminal.install)
        yield from self.run_tool(rng.choice(makers)(names, world.language) if rng.random() < 0.5 else terminal.other_command(names))

    def build(self) -> ToolRun:
        rng, names = self.rng, self.names
        command = rng.choice(('npm run build', 'cargo build --release', 'make all', 'go build ./...', f'docker build -t {names.word()} .', './gradlew build', 'mvn package', 'cmake --build build', f'tsc -p {names.word()}', 'dotnet build'))
        if rng.random() < 0.5:
            output = [f'{rng.choice(("Compiling", "Building", "Bundling"))} {names.word()} {names.version()}' for _ in range(rng.randint(1, 6))]
            return ToolRun(command, [*output, rng.choice(('BUILD SUCCESSFUL in 4s', 'Build succeeded.', f'built in {rng.random() * 9:.2f}s', f'Finished release target(s) in {rng.randint(2, 50)}.1s'))], 'build_ok', 'ok', {'command': command})
        error = rng.choice((f"cannot find name '{names.variable('ts')}'", f'undefined reference to {names.function("go")}', f'expected identifier, found {names.word()}', f'unknown type name {names.type_name()}', parts.line(self.world, 'interface', 12, 40)))
        place = f'{names.file(self.world.language)}:{rng.randint(1, 200)}:{rng.randint(1, 60)}'
        return ToolRun(command, [f'{place}: error: {error}', f'  {rng.randint(1, 200)} |   {names.word()} = {names.word()}', '      |   ^~~~', rng.choice(('BUILD FAILED', '1 error generated.', 'make: *** [all] Error 1', 'error: build failed'))], 'build_error', 'error', {'command': command, 'error': error})

    def push(self) -> ToolRun:
        branch = self.rng.choice((self.world.branch, 'main', f'feature/{self.names.word()}'))
        command = self.rng.choice(('git push', f'git push -u origin {branch}', f'git push origin {branch}'))
        return ToolRun(command, [f'Enumerating objects: {self.rng.randint(3, 90)}, done.', 'Writing objects: 100% (5/5), 1.2 KiB, done.', f'To github.com:{self.names.word()}/{self.world.project}.git', f'   {self.names.hash()}..{self.names.hash()}  {branch} -> {branch}'], 'push', 'ok', {'branch': branch})

    def conflict(self) -> ToolRun:
        file = self.rng.choice(list(self.world.files))
        command = f'git {self.rng.choice(("merge", "rebase", "pull origin"))} {self.names.word()}'
        return ToolRun(command, [f'Auto-merging {file}', f'CONFLICT (content): Merge conflict in {file}', 'Automatic merge failed; fix conflicts and then commit the result.'], 'merge_conflict', 'error', {'file': file})

    def repl(self) -> Step:
        """Python, node, or another language's prompt: expressions and what they give."""
        rng, names = self.rng, self.names
        command, banner, prompt, leave = rng.choice((
            ('python3', ['Python 3.12.3 (main, Apr 10 2026) [GCC 13.2.0] on linux', 'Type "help", "copyright", "credits" or "license" for more information.'], '>>> ', 'exit()'),
            ('ipython', ['Python 3.12.3', 'IPython 8.20.0 -- An enhanced Interactive Python.'], 'In [1]: ', 'quit'),
            ('node', ['Welcome to Node.js v22.4.0.', 'Type ".help" for more information.'], '> ', '.exit'),
            ('irb', ['Welcome to IRB. Ask for help with show_doc.'], 'irb(main):001> ', 'exit'),
            ('rails console' if self.is_test else 'deno', ['Deno 1.44.0', 'exit using ctrl+d, ctrl+c, or close()'], '> ', 'close()'),
        ))  # fmt: skip
        yield from self.start(command, banner, prompt)
        for _ in range(rng.randint(1, 4)):
            first, second = names.pair()
            if rng.random() < 0.25:
                error, text = rng.choice(ERRORS['py']), f'{first}.{names.function("py")}()'
                yield from self.type_line(text, prompt)
                yield None
                self.output += ['Traceback (most recent call last):', '  File "<stdin>", line 1, in <module>', f"{error}: name '{first}' is not defined", prompt]
                yield from self.told('run_error', command=text, error=error)
            else:
                value = rng.choice((str(rng.randint(2, 99999)), f"'{second}'", f"['{first}', '{second}']", f"{{'{first}': {rng.randint(1, 99)}}}", f'<{names.type_name()} {rng.randint(1, 9)}>', f'{rng.random():.5f}', f'{first} {rng.randint(1, 99)} {second}'))
                text = rng.choice((f'{first}.{rng.choice(VERBS)}({second})', f'len({first})', f'{first}["{second}"]', f'print({first})', f'[{second} for {second} in {first}]', f'{first} + {rng.randint(2, 90)}'))
                yield from self.type_line(text, prompt)
                yield None
                self.output += [value, prompt]
                yield from self.told('output', line=value)
            yield from self.pause(1, 5)
        yield from self.stop(leave, prompt)

    def sql(self) -> Step:
        """A database's shell: a query and its table."""
        rng, names = self.rng, self.names
        base = names.word()
        command, banner, prompt, joint = rng.choice(((f'psql {base}', ['psql (16.2)', 'Type "help" for help.', ''], f'{base}=# ', '|'), (f'sqlite3 {base}.db', ['SQLite version 3.45.1', 'Enter ".help" for usage hints.'], 'sqlite> ', '|'), ('mysql -u root -p', ['Enter password:', 'Welcome to the MySQL monitor.  Commands end with ; or \\g.', 'Server version: 8.0.36'], 'mysql> ', '|'), (f'duckdb {base}.duckdb', ['v0.10.2', 'Enter ".help" for usage hints.'], 'D ', ' ')))
        yield from self.start(command, banner, prompt)
        for _ in range(rng.randint(1, 3)):
            relation = names.word()
            if rng.random() < 0.2:
                text, message = f'SELECT * FROM {relation};', f'relation "{relation}" does not exist'
                yield from self.type_line(text, prompt)
                yield None
                self.output += [f'ERROR:  {message}', prompt]
                yield from self.told('run_error', command=text, error=message)
            else:
                cells = parts.table(self.world, rng.randint(2, 5), rng.randint(2, 9))
                text = rng.choice((f'SELECT {", ".join(cells[0])} FROM {relation};', f'select * from {relation} limit {len(cells) - 1};', f'SELECT * FROM {relation} ORDER BY {cells[0][-1]};'))
                yield from self.type_line(text, prompt)
                yield from self.pause(1, 3)
                self.output += [*parts.aligned(cells, joint=joint), f'({len(cells) - 1} rows)', '', prompt]
                yield from self.told('listed', first=cells[1][0], second=cells[2][0])
            yield from self.pause(1, 6)
        yield from self.stop(rng.choice(('\\q', '.quit', 'exit')), prompt)

    def debugger(self) -> Step:
        """gdb, lldb, pdb or delve: a breakpoint, a stop, a value, on."""
        rng, names = self.rng, self.names
        tool = self.choice(('gdb', 'lldb', 'pdb'), ('dlv',))
        file, function, row = names.file('rs' if tool != 'pdb' else 'py'), names.function('py'), rng.randint(3, 120)
        command = {'gdb': f'gdb ./{names.word()}', 'lldb': f'lldb target/debug/{names.word()}', 'pdb': f'python -m pdb {file}', 'dlv': 'dlv debug'}[tool]
        prompt = f'({tool}) ' if tool != 'pdb' else '(Pdb) '
        yield from self.start(command, {'gdb': ['GNU gdb (GDB) 14.2', 'Reading symbols from ./app...'], 'lldb': ['(lldb) target create "app"', 'Current executable set to app (x86_64).'], 'pdb': [f'> /home/{names.word()}/{file}(1)<module>()', '-> import sys']}.get(tool, ["Type 'help' for list of commands."]), prompt)
        yield from self.type_line({'lldb': f'b {function}', 'pdb': f'b {file}:{row}'}.get(tool, f'break {function}'), prompt)
        yield None
        self.output += [f'Breakpoint 1 at 0x{names.hash(8)}: file {file}, line {row}.', prompt]
        yield from self.told('breakpoint', file=file)
        yield from self.pause(1, 4)
        yield from self.type_line({'pdb': 'c'}.get(tool, 'run'), prompt)
        yield from self.pause(1, 3)
        source = parts.line(self.world, 'code', 8, 50)
        self.output += {'lldb': ['Process 4711 stopped', f'* thread #1, stop reason = breakpoint 1.1, {function} at {file}:{row}:5'], 'pdb': [f'> /home/{names.word()}/{file}({row}){function}()']}.get(tool, [f'Breakpoint 1, {function} () at {file}:{row}'])
        self.output += [f'-> {source}' if tool in ('pdb', 'lldb') else f'{row}\t{source}'.expandtabs(4), prompt]
        yield from self.told('debug_pause', name=function, file=file)
        yield from self.pause(1, 4)
        for _ in range(rng.randint(0, 2)):
            name, value = names.variable('py'), rng.choice((str(rng.randint(0, 9999)), f'"{names.word()}"', f'0x{names.hash(6)}'))
            shown = {'lldb': f'(int) $0 = {value}', 'pdb': value}.get(tool, f'$1 = {value}')
            yield from self.type_line(f'p {name}', prompt)
            yield None
            self.output += [shown, prompt]
            yield from self.told('output', line=shown)
            yield from self.pause(1, 4)
        yield from self.type_line(rng.choice(('continue', 'c')), prompt)
        yield None
        self.output += [{'lldb': 'Process 4711 resuming', 'pdb': 'The program finished and will be restarted'}.get(tool, 'Continuing.'), prompt]
        yield from self.told('debug_continue')
        yield from self.stop(rng.choice(('q', 'quit')), prompt)

    def top(self) -> Step:
        """A table of processes that changes all the time."""
        rng, names = self.rng, self.names
        command = self.choice(('top', 'htop', 'htop', 'btop'), ('docker stats',))
        yield from self.type_line(command, self.prompt)
        yield from self.pause(2, 3)
        programs = [rng.choice(('node', 'python3', 'postgres', 'chrome', 'Xorg', 'dockerd', 'code', names.word())) for _ in range(rng.randint(10, 24))]
        pids = [str(rng.randint(2, 99999)) for _ in programs]

        def show() -> None:
            rows = [[pid, rng.choice(('root', 'me')), f'{rng.random() * 99:.1f}', f'{rng.random() * 9:.1f}', f'{rng.randint(0, 9)}:{rng.randint(10, 59)}.{rng.randint(10, 99)}', program] for pid, program in zip(pids, programs, strict=True)]
            self.whole = [f'Tasks: {len(pids) * 9} total, 1 running   load average: {rng.random() * 4:.2f}, {rng.random() * 3:.2f}', f'%Cpu(s): {rng.random() * 60:.1f} us, {rng.random() * 9:.1f} sy', f'MiB Mem : 15921.4 total, {rng.randint(400, 9000)}.2 free', '', *parts.aligned([['PID', 'USER', '%CPU', '%MEM', 'TIME+', 'COMMAND'], *rows], 3)]

        show()
        yield from self.told('command', command=command)
        for _ in range(rng.randint(1, 5)):
            yield from self.pause(2, 5)
            show()
            self.draw()
        yield from self.back_to_prompt()

    def back_to_prompt(self) -> Step:
        """What had the whole screen gives it back."""
        yield None
        self.whole = None
        self.output.append(self.prompt)
        self.draw()
        yield None

    def pager(self) -> Step:
        """A manual or a file in a pager, paged through."""
        rng = self.rng
        texts = [text.rstrip() for _ in range(2) for text in parts.document(self.world, rng.choice(('help', 'prose')))]
        command = rng.choice((f'man {self.names.word()}', f'less {self.names.word()}.md', f'{self.names.word()} --help | less', 'git log'))
        yield from self.type_line(command, self.prompt)
        yield from self.pause(2, 3)
        page, top = self.fitting(self.box, 'terminal') - 1, 0
        self.whole = [*texts[:page], ':']
        yield from self.told('command', command=command)
        for _ in range(rng.randint(0, 4)):
            yield from self.pause(2, 6)
            top = min(max(0, len(texts) - page), top + rng.choice((1, 3, page // 2, page)))
            self.whole = [*texts[top : top + page], ':' if top + page < len(texts) else '(END)']
            self.draw()
        yield from self.back_to_prompt()

    def logs(self) -> Step:
        """Lines that roll by; the one that says that it is ready, or waits, is worth a word."""
        rng, names = self.rng, self.names
        command = rng.choice((f'tail -f {names.word()}.log', f'docker logs -f {names.word()}', 'docker compose up', 'journalctl -f', f'kubectl logs -f {names.word()}-{names.hash(5)}', 'npm run dev', 'cargo watch -x run', 'npx nodemon'))
        yield from self.type_line(command, self.prompt)
        yield None
        self.output += self.log_lines(rng.randint(2, 12))
        yield from self.told('command', command=command)
        for _ in range(rng.randint(1, 6)):
            yield from self.pause(1, 3)
            self.output += self.log_lines(rng.choice((1, 1, 2, 5, 12)))
            self.draw()
        yield None
        kind = rng.choice(('output', 'waiting', ''))
        if kind:
            text = rng.choice(READY if kind == 'output' else WAITING)
            text = rng.choice((text, f'{names.word()} is listening on port {rng.randint(1024, 9999)}', text)) if kind == 'output' else text
            self.output.append(f'{rng.choice(("", "", "INFO:     ", "[server] ", f"{names.word()}-1  | "))}{text}')
            yield from self.told(kind, line=text.rstrip('.'))
        yield from self.pause(2, 14)
        self.output += ['^C', self.prompt]
        yield from self.told('server_stop') if command.startswith(('npm', 'cargo', 'npx', 'docker compose')) else self.quietly()

    def tests_watched(self) -> Step:
        """A test runner that stays: it runs, reports and waits."""
        rng, names, world = self.rng, self.names, self.world
        command = rng.choice(('npx vitest', 'npm test -- --watch', 'pytest-watch', 'cargo watch -x test', 'jest --watchAll'))
        yield from self.type_line(command, self.prompt)
        yield None
        self.output += [rng.choice(('RUN  v1.6.0', 'Determining test suites to run...', 'Running tests...', 'collecting ...'))]
        yield from self.told('tests_run')
        for _ in range(rng.randint(1, 3)):
            yield from self.pause(1, 5)
            run = rng.choice((terminal.tests_pass, terminal.tests_fail))(names, world.language)
            self.output += run.output
            slots = {name: value for name, value in parts.named(run).items() if name != 'command'}
            yield from self.told(run.kind, command=command, **slots)
            yield from self.pause(1, 3)
            text = rng.choice(WAITING[:4])
            self.output += ['', text]
            yield from self.told('waiting', line=text.rstrip('.'))
            yield from self.pause(3, 16)
        self.output += ['^C', self.prompt]
        self.draw()
        yield None

    def wizard(self) -> Step:
        """A tool asks questions: an answer is typed, another is picked from a list."""
        rng, names = self.rng, self.names
        command = self.choice(('npm create vite@latest', 'npm init', 'poetry init', 'npx create-next-app', 'cargo generate', 'gh repo create'), ('ng new', 'rails new'))
        yield from self.type_line(command, self.prompt)
        yield from self.pause(2, 4)
        for _ in range(rng.randint(1, 4)):
            mark = rng.choice(('? ', '', '◆  '))
            if rng.random() < 0.55:
                field, text = rng.choice((('Project name', '-'.join(names.pair())), ('Package name', names.word()), ('Description', names.words(2, 4)), ('Author', parts.person(self.world)), ('Version', names.version()), ('Entry point', names.file('js'))))
                question = f'{mark}{field}: '
                self.output.append(question)
                yield from self.type_line(text, question)
                yield from self.told('typed', text=text, field=field)
            else:
                field, options = rng.choice((('Select a framework', ['Vanilla', 'Vue', 'React', 'Preact', 'Lit', 'Svelte', 'Solid']), ('Select a variant', ['TypeScript', 'TypeScript + SWC', 'JavaScript']), ('License', ['MIT', 'Apache-2.0', 'BSD-3-Clause', 'None']), ('Which package manager?', ['npm', 'pnpm', 'yarn', 'bun']), ('Visibility', ['Public', 'Private', 'Internal'])))
                chosen, start = rng.choice(options), len(self.output)
                self.output += [f'{mark}{field}:', *(f'  {"> " if index == 0 else "  "}{option}' for index, option in enumerate(options))]
                self.draw()
                yield from self.pause(2, 5)
                self.output[start:] = [f'{mark}{field}: {chosen}']
                yield from self.told('selected', value=chosen, field=field)
            yield from self.pause(1, 4)
        self.output += [rng.choice(('Done. Now run:', f'Scaffolding project in ./{names.word()}...')), f'  cd {names.word()}', '  npm install', self.prompt]
        self.draw()
        yield None

    def split(self) -> Step:
        """Another pane, or one less: the picture changes, nothing to say."""
        if self.others and self.rng.random() < 0.5:
            self.others.pop()
        elif len(self.others) < 2 and self.box[2] - self.box[0] > 700:
            self.others.append(self.other_pane())
        yield from self.quietly()

    def idle(self) -> Step:
        """Empty lines, a clock, a command typed and deleted again."""
        text = terminal.other_command(self.names).command
        for length in snippets.typing_chunks(self.rng, text, 8):
            self.output[-1] = self.prompt + text[:length]
            self.draw()
            yield None
        yield from self.pause(1, 3)
        self.output[-1] = self.prompt
        yield from self.quietly()


def _look(text: str) -> RowLook:
    if any(word in text for word in ('FAIL', 'rror', 'Traceback', 'CONFLICT')):
        return 'error'
    return 'ok' if any(word in text for word in ('passed', 'PASS', ' ok', 'uccess')) else 'plain'
