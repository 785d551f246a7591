"""What command-line tools print: commands, progress and results in the formats of many tools.

Each maker returns a `ToolRun`. Its slots are the strings a narration must copy, and each of them is printed (or typed) verbatim.
A few formats are held out: only test sessions show them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from text.vocabulary import ERRORS, PACKAGES, VERBS, Names


@dataclass(frozen=True)
class ToolRun:
    """One command and what it prints; `progress` comes piece by piece, `output` at the end."""

    command: str
    output: list[str]
    kind: str  # of the narration
    state: str  # pass fail ok error
    slots: dict[str, str]
    progress: tuple[str, ...] = ()


def prompt(names: Names, project: str) -> str:
    """The text in front of commands, with its trailing space."""
    rng = names.rng
    user, host = rng.choice(('dev', 'me', 'user', 'root', names.word())), rng.choice(('laptop', 'mbp', 'ubuntu', names.word()))
    branch = rng.choice(('main', 'master', names.word()))
    return rng.choice(
        (
            '$ ', '$ ', '% ', '> ', '# ', f'~/{project} $ ', f'{user}@{host}:~/{project}$ ', f'{user}@{host} {project} % ', '(.venv) $ ',
            f'(venv) {user}@{host} {project} % ', f'PS C:\\Users\\{user}\\{project}> ', f'➜ {project} git:({branch}) ', '❯ ', f'{project} on {branch} ❯ ',
            f'[{user}@{host} {project}]$ ', f'C:\\{project}>', f'{user}$ ', f'┌─{user}@{host} └─$ ', f'λ {project} ', f'{host}:{project} {user}$ ',
        )
    )  # fmt: skip


# --- tests ---------------------------------------------------------------------------------------------


def _test_runner(names: Names, language: str) -> tuple[str, str]:
    """(tool, command)"""
    rng, word = names.rng, names.word()
    table: dict[str, list[tuple[str, str]]] = {
        'py': [('pytest', 'pytest'), ('pytest', 'pytest -q'), ('pytest', f'pytest tests/test_{word}.py'), ('pytest', 'python -m pytest'), ('pytest', f'pytest -k {word}'), ('unittest', 'python -m unittest')],
        'ts': [('vitest', 'npx vitest run'), ('vitest', f'npx vitest {word}'), ('jest', 'npm test'), ('jest', f'npx jest {word}'), ('vitest', 'pnpm test'), ('node', 'node --test')],
        'js': [('jest', 'npm test'), ('jest', f'npx jest {word}'), ('jest', 'yarn test'), ('mocha', 'npx mocha'), ('node', 'node --test'), ('vitest', 'npm run test')],
        'go': [('go', 'go test ./...'), ('go', 'go test -v'), ('go', f'go test ./{word}'), ('go', f'go test -run {word.capitalize()}')],
        'rs': [('cargo', 'cargo test'), ('cargo', f'cargo test {word}'), ('cargo', 'cargo test --all')],
    }  # fmt: skip
    if names.split == 'test' and rng.random() < 0.2:
        return rng.choice((('tap', 'make test'), ('tap', f'bun test {word}'), ('tap', 'deno test')))
    return rng.choice(table[language])


def _test_name(names: Names, tool: str) -> str:
    verb, noun = names.pair(VERBS)
    if tool in ('pytest', 'unittest', 'cargo'):
        return f'test_{verb}_{noun}'
    if tool == 'go':
        return f'Test{verb.capitalize()}{noun.capitalize()}'
    return f'{verb}s the {noun}' if names.rng.random() < 0.5 else f'{verb} {noun}'


def tests_pass(names: Names, language: str) -> ToolRun:
    rng = names.rng
    tool, command = _test_runner(names, language)
    count, seconds, file = rng.randint(1, 60), f'{rng.random() * 9:.2f}', names.file(language)
    some = [_test_name(names, tool) for _ in range(rng.randint(1, 4))]
    if tool == 'pytest':
        last = f'{count} passed in {seconds}s'
        verbose = [f'platform {rng.choice(("linux", "darwin"))} -- Python 3.{rng.randint(8, 13)}.{rng.randint(0, 9)}, pytest-{names.version()}', f'collected {count} items', '']
        output = [*(verbose if rng.random() < 0.6 else []), f'tests/{file} {"." * min(count, 30)} [100%]', rng.choice((f'===== {last} =====', f'=== {last} ===', last))]
    elif tool == 'unittest':
        output = ['.' * min(count, 40), '-' * 40, f'Ran {count} tests in {seconds}s', '', 'OK']
    elif tool == 'vitest':
        output = [f' ✓ {file} ({count} tests) {rng.randint(2, 300)}ms', '', ' Test Files  1 passed (1)', f'      Tests  {count} passed ({count})', f'   Duration  {seconds}s']
    elif tool == 'jest':
        output = [f'PASS {rng.choice(("src/", "", "test/"))}{file}', *[f'  ✓ {name} ({rng.randint(1, 30)} ms)' for name in some], '', f'Tests:       {count} passed, {count} total', f'Time:        {seconds} s']
    elif tool == 'mocha':
        output = [f'  {names.word()}', *[f'    ✔ {name}' for name in some], '', f'  {count} passing ({rng.randint(4, 90)}ms)']
    elif tool in ('node', 'tap'):
        output = [*[f'✔ {name} ({rng.randint(1, 9)}.{rng.randint(1, 9)}ms)' for name in some], f'# tests {count}', f'# pass {count}', '# fail 0']
    elif tool == 'go':
        output = [*[f'--- PASS: {name} (0.0{rng.randint(0, 9)}s)' for name in some], 'PASS', f'ok   {names.word()}/{names.word()} {seconds}s']
        return ToolRun(command, output, 'tests_pass', 'pass', {'command': command})
    else:
        output = [f'running {count} tests', *[f'test {name} ... ok' for name in some], '', f'test result: ok. {count} passed; 0 failed; finished in {seconds}s']
    return ToolRun(command, output, 'tests_pass', 'pass', {'command': command, 'count': str(count)}, _progress(rng, tool))


def tests_fail(names: Names, language: str) -> ToolRun:
    rng = names.rng
    tool, command = _test_runner(names, language)
    name, error, message = _test_name(names, tool), rng.choice(ERRORS[language]), names.words(1, 3)
    good, bad, seconds, file = rng.randint(1, 30), rng.choice((1, 1, 1, 2, 3)), f'{rng.random() * 9:.2f}', names.file(language)
    slots = {'command': command, 'test': name, 'error': error}
    left, right = names.word(), names.word()
    if tool == 'pytest':
        output = [f'    def {name}():', f'>       assert {left} == {right}', f'E       {error}: {message}', '', f'{file}:{rng.randint(3, 99)}: {error}']
        output += [rng.choice((f'FAILED tests/{file}::{name} - {error}: {message}', f'FAILED {file}::{name} - {error}')), f'=== {bad} failed, {good} passed in {seconds}s ===']
        output = output[rng.choice((0, 0, 2)) :]
    elif tool == 'unittest':
        output = [f'ERROR: {name} ({names.type_name()})', 'Traceback (most recent call last):', f'{error}: {message}', f'Ran {good} tests in {seconds}s', f'FAILED (errors={bad})']
    elif tool == 'vitest':
        output = [f' FAIL  {file} > {name}', f'{error}: {message}', f' ❯ {file}:{rng.randint(2, 90)}:{rng.randint(2, 40)}', f'      Tests  {bad} failed | {good} passed ({good + bad})']
    elif tool == 'jest':
        output = [f'FAIL {file}', f'  ✕ {name} ({rng.randint(1, 40)} ms)', f'  ● {name}', f'    {error}: {message}', f'Tests:       {bad} failed, {good} passed, {good + bad} total']
    elif tool == 'mocha':
        output = [f'  {good} passing ({rng.randint(4, 90)}ms)', f'  {bad} failing', f'  1) {name}:', f'     {error}: {message}']
    elif tool in ('node', 'tap'):
        output = [f'✖ {name} ({rng.randint(1, 9)}ms)', f'  {error}: {message}', f'# pass {good}', f'# fail {bad}']
    elif tool == 'go':
        output = [f'--- FAIL: {name} (0.0{rng.randint(0, 9)}s)', f'    {file}:{rng.randint(3, 99)}: got {left}, want {right}', 'FAIL', f'FAIL {names.word()}/{names.word()} {seconds}s']
        slots = {'command': command, 'test': name}
    else:
        output = [f'test {name} ... FAILED', f"thread '{name}' panicked at src/{file}:{rng.randint(2, 90)}:", f'assertion failed: {message}', f'test result: FAILED. {good} passed; {bad} failed']
        slots = {'command': command, 'test': name}
    return ToolRun(command, output, 'tests_fail', 'fail', slots, _progress(rng, tool))


def _progress(rng: random.Random, tool: str) -> tuple[str, ...]:
    table = {'pytest': '===== test session starts =====', 'vitest': ' RUN  v2.1.4', 'jest': '> jest', 'cargo': '   Compiling ...', 'go': '=== RUN', 'mocha': '> mocha'}
    return (table[tool],) if tool in table and rng.random() < 0.6 else ()


# --- programs ---------------------------------------------------------------------------------------------


def _run_command(names: Names, language: str, file: str) -> str:
    rng = names.rng
    argument = rng.choice(('', '', f' --{names.word()}', f' {names.word()}'))
    table = {
        'py': (f'python {file}', f'python3 {file}', f'uv run {file}', f'./{file}'),
        'ts': (f'npx tsx {file}', f'npx ts-node {file}', 'npm start', f'bun {file}', f'npm run {names.word()}'),
        'js': (f'node {file}', 'npm start', f'npm run {names.word()}', f'node {file}'),
        'go': (f'go run {file}', 'go run .', 'go run ./cmd'),
        'rs': ('cargo run', 'cargo run --release', f'cargo run --bin {names.word()}'),
    }
    return rng.choice(table[language]) + argument


def run_ok(names: Names, language: str, file: str) -> ToolRun:
    rng = names.rng
    command = _run_command(names, language, file)
    rows = [
        rng.choice((f'{names.word()} {names.word()}: {rng.randint(0, 999)}', names.sentence(), f'[{names.word()}] {names.words(1, 4)}', f'{names.word()}={rng.random():.4f}', f'Hello, {names.word()}!'))
        for _ in range(rng.randint(1, 6))
    ]
    slots = {'command': command}
    if len(rows) == 1 or rng.random() < 0.3:
        slots['output'] = rows[-1]
    return ToolRun(command, rows, 'run_ok', 'ok', slots)


def run_error(names: Names, language: str, file: str) -> ToolRun:
    rng = names.rng
    command = _run_command(names, language, file)
    error, message, function = rng.choice(ERRORS[language]), names.words(1, 4), names.function(language)
    row = rng.randint(2, 140)
    slots = {'command': command, 'error': error}
    if language == 'py':
        output = ['Traceback (most recent call last):', f'  File "{file}", line {row}, in <module>', f'    {function}({names.word()})']
        if rng.random() < 0.5:
            output += [f'  File "/{names.word()}/{file}", line {row - 1}, in {function}', f'    return {names.word()}[{names.word()}]']
        output.append(f'{error}: {message}')
    elif language in ('ts', 'js'):
        output = [f'/{names.word()}/{file}:{row}', f'    throw new {error}();', '          ^', '', f'{error}: {message}', f'    at {function} ({file}:{row}:{rng.randint(2, 40)})', f'Node.js v{rng.randint(18, 24)}.{rng.randint(0, 20)}.0']
    elif language == 'go':
        output = [f'panic: {message}', '', 'goroutine 1 [running]:', f'main.{function}()', f'    /{names.word()}/{file}:{row}', 'exit status 2']
        slots = {'command': command, 'message': message}
    else:
        code = f'E0{rng.randint(100, 620)}'
        output = [f'error[{code}]: {message}', f' --> src/{file}:{row}:{rng.randint(1, 40)}', f'error: could not compile `{names.word()}`']
        slots = {'command': command, 'error': code}
    return ToolRun(command, output, 'run_error', 'error', slots)


def install(names: Names, language: str) -> ToolRun:
    rng = names.rng
    package, version = names.package(language), names.version()
    tool, verb = {
        'py': rng.choice((('pip', 'pip install'), ('pip', 'pip install'), ('pip', 'python -m pip install'), ('uv', 'uv add'), ('uv', 'uv pip install'), ('poetry', 'poetry add'))),
        'ts': rng.choice((('npm', 'npm install'), ('npm', 'npm i'), ('npm', 'npm install -D'), ('pnpm', 'pnpm add'), ('yarn', 'yarn add'))),
        'js': rng.choice((('npm', 'npm install'), ('npm', 'npm i'), ('yarn', 'yarn add'))),
        'go': ('go', 'go get'),
        'rs': ('cargo', 'cargo add'),
    }[language]
    if names.split == 'test' and rng.random() < 0.15:
        tool, verb = rng.choice((('conda', 'conda install'), ('bun', 'bun add'), ('brew', 'brew install')))
    progress: tuple[str, ...] = ()
    if tool in ('pip', 'uv', 'poetry', 'conda', 'brew'):
        progress = (f'Collecting {package}', f'  Downloading {package}-{version}-py3-none-any.whl ({rng.randint(9, 900)} kB)')
        output = [f'Installing collected packages: {package}', f'Successfully installed {package}-{version}'] if tool == 'pip' else [f'Resolved {rng.randint(2, 40)} packages in {rng.randint(2, 99)}ms', f' + {package}=={version}']
    elif tool == 'yarn':
        output = ['[4/4] Building fresh packages...', 'success Saved lockfile.', f'└─ {package}@{version}', f'Done in {rng.random() * 9:.2f}s.']
    elif tool == 'pnpm':
        output = ['dependencies:', f'+ {package} {version}', f'Done in {rng.random() * 9:.1f}s']
    elif tool == 'go':
        output = [f'go: downloading {package} v{version}', f'go: added {package} v{version}']
    elif tool == 'cargo':
        output = ['    Updating crates.io index', f'      Adding {package} v{version} to dependencies']
    else:
        output = [f'added {rng.randint(1, 240)} packages, and audited {rng.randint(3, 900)} packages in {rng.randint(1, 30)}s', '', f'{rng.randint(2, 90)} packages are looking for funding', 'found 0 vulnerabilities']
    return ToolRun(f'{verb} {package}', output[rng.choice((0, 0, max(0, len(output) - 2))) :], 'install', 'ok', {'package': package, 'tool': tool}, progress if rng.random() < 0.7 else ())


# --- version control -----------------------------------------------------------------------------------------


def commit(names: Names, branch: str) -> ToolRun:
    rng = names.rng
    lead = rng.choice(('', '', '', 'fix: ', 'feat: ', 'chore: ', f'feat({names.word()}): '))
    message = lead + rng.choice((names.rng.choice(VERBS), names.rng.choice(VERBS).capitalize())) + ' ' + names.words(1, 4)
    command = f'git commit -{rng.choice(("m", "am"))} "{message}"'
    changed = rng.randint(1, 9)
    output = [f'[{branch} {names.hash()}] {message}', f' {changed} file{"s" * (changed > 1)} changed, {rng.randint(1, 90)} insertions(+), {rng.randint(1, 40)} deletions(-)']
    if rng.random() < 0.25:
        output.append(f' create mode 100644 {names.word()}')
    return ToolRun(command, output, 'commit', 'ok', {'message': message})


def new_branch(names: Names) -> ToolRun:
    first, second = names.pair()
    branch = names.rng.choice((f'{first}-{second}', f'feature/{first}-{second}', f'fix/{first}', f'{first}_{second}', f'{names.word()}/{first}'))
    command = f'git {names.rng.choice(("checkout -b", "switch -c"))} {branch}'
    return ToolRun(command, [f"Switched to a new branch '{branch}'"], 'branch', 'ok', {'branch': branch})


# --- everything else ---------------------------------------------------------------------------------------


def _git_status(names: Names) -> tuple[str, list[str]]:
    rows = [f'\tmodified:   {names.file("py")}' for _ in range(names.rng.randint(1, 4))]
    return 'git status', ['On branch main', "Your branch is up to date with 'origin/main'.", '', 'Changes not staged for commit:', *[row.expandtabs(8) for row in rows]]


def _git_log(names: Names) -> tuple[str, list[str]]:
    return 'git log --oneline', [f'{names.hash()} {names.rng.choice(VERBS)} {names.words(1, 4)}' for _ in range(names.rng.randint(2, 8))]


def _git_diff(names: Names) -> tuple[str, list[str]]:
    file, rng = names.file('ts'), names.rng
    rows = [rng.choice('+- ') + f'  {names.word()} = {names.word()};' for _ in range(rng.randint(2, 6))]
    return 'git diff', [f'diff --git a/{file} b/{file}', f'index {names.hash()}..{names.hash()} 100644', f'--- a/{file}', f'+++ b/{file}', f'@@ -{rng.randint(1, 90)},6 +{rng.randint(1, 90)},7 @@', *rows]


def _git_other(names: Names) -> tuple[str, list[str]]:
    rng, word = names.rng, names.word()
    return rng.choice(
        (
            ('git push', ['Enumerating objects: 5, done.', f'To github.com:{word}/{names.word()}.git', f'   {names.hash()}..{names.hash()}  main -> main']),
            ('git pull', [f'Updating {names.hash()}..{names.hash()}', 'Fast-forward', f' {names.file("py")} | {rng.randint(1, 30)} ++--']),
            (f'git merge {word}', ["Merge made by the 'ort' strategy.", f' {rng.randint(1, 9)} files changed']),
            ('git add .', []),
            ('git stash', [f'Saved working directory and index state WIP on main: {names.hash()}']),
            (f'git clone https://github.com/{word}/{names.word()}', [f"Cloning into '{word}'...", 'Receiving objects: 100% (42/42), done.']),
        )
    )


def _files(names: Names) -> tuple[str, list[str]]:
    rng = names.rng
    rows = [names.file(rng.choice(list(PACKAGES))) for _ in range(rng.randint(2, 8))]
    return rng.choice(
        (
            ('ls', ['  '.join(rows[:4])]),
            ('ls -la', [f'-rw-r--r--  1 {names.word()} staff {rng.randint(90, 9999)} {row}' for row in rows]),
            (f'cat {rows[0]}', [names.sentence() for _ in range(rng.randint(1, 6))]),
            (f'mkdir {names.word()}', []),
            (f'cd {names.word()}', []),
            (f'rm {rows[0]}', []),
            (f'touch {rows[0]}', []),
            ('pwd', [f'/home/{names.word()}/{names.word()}']),
            (f'cp {rows[0]} {names.word()}', []),
            (f'grep -r {names.word()} .', [f'./{row}:{rng.randint(1, 99)}: {names.words(1, 4)}' for row in rows[:3]]),
            (f'chmod +x {rows[0]}', []),
            ('tree', ['.', *[f'├── {row}' for row in rows], f'0 directories, {len(rows)} files']),
            ('clear', []),
        )
    )


def _build(names: Names) -> tuple[str, list[str]]:
    rng, word, file = names.rng, names.word(), names.file('ts')
    return rng.choice(
        (
            ('npm run build', ['> vite build', f'✓ {rng.randint(9, 400)} modules transformed.', f'dist/index.html  {rng.random() * 9:.2f} kB', f'✓ built in {rng.random() * 9:.2f}s']),
            ('npx tsc', [f'{file}({rng.randint(1, 90)},{rng.randint(1, 60)}): error TS{rng.randint(1000, 2999)}: {names.words(2, 5)}']),
            ('npx tsc --noEmit', []),
            ('npx eslint .', [f'/{word}/{file}', f'  {rng.randint(1, 90)}:{rng.randint(1, 60)}  error  {names.words(2, 4)}  no-unused-vars', '', '✖ 1 problem (1 error, 0 warnings)']),
            ('make', [f'gcc -O2 -c {word}.c -o {word}.o', f'gcc -o {word} {word}.o']),
            (f'make {word}', [f"make: Nothing to be done for '{word}'."]),
            ('cargo build', [f'   Compiling {word} v{names.version()}', f'    Finished dev [unoptimized] target(s) in {rng.random() * 9:.2f}s']),
            (f'go build ./{word}', []),
            (f'ruff check {word}', ['All checks passed!']),
            ('black .', [f'reformatted {names.file("py")}', 'All done!', '1 file reformatted.']),
        )
    )  # fmt: skip


def _services(names: Names) -> tuple[str, list[str]]:
    rng, word = names.rng, names.word()
    port = rng.randint(1024, 9999)
    return rng.choice(
        (
            (f'docker build -t {word} .', ['[+] Building 12.4s (9/9) FINISHED', f' => naming to docker.io/library/{word}']),
            (f'docker run -p {port}:{port} {word}', [names.hash(12)]),
            ('docker ps', ['CONTAINER ID   IMAGE   STATUS   PORTS', f'{names.hash(12)}   {word}   Up 2 minutes   {port}/tcp']),
            ('docker compose up -d', ['[+] Running 2/2', f' ✔ Container {word}-1  Started']),
            (f'curl localhost:{port}/{word}', [f'{{"{names.word()}": {rng.randint(0, 99)}, "{names.word()}": "{names.word()}"}}']),
            (f'curl -i http://localhost:{port}', ['HTTP/1.1 200 OK', 'Content-Type: application/json', f'{{"{names.word()}":"{names.word()}"}}']),
            ('kubectl get pods', ['NAME   READY   STATUS   RESTARTS', f'{word}-{names.hash(5)}   1/1   Running   0']),
            (f'psql -d {word}', [f'psql ({rng.randint(10, 16)}.{rng.randint(0, 9)})', f'{word}=#']),
            (f'ssh {word}@{names.word()}', [f'Welcome to {names.word()}']),
            ('terraform apply', [f'Apply complete! Resources: {rng.randint(1, 9)} added, 0 changed, 0 destroyed.']),
        )
    )


def _unknown(names: Names) -> tuple[str, list[str]]:
    """A command nobody knows."""
    rng = names.rng
    parts = [names.word()]
    for _ in range(rng.randint(0, 3)):
        parts.append(rng.choice((names.word(), f'--{names.word()}', f'-{rng.choice("abcdvx")}', f'--{names.word()}={names.word()}', names.file('py'))))
    return ' '.join(parts), [rng.choice((names.sentence(), f'{names.word()}: {names.words(1, 4)}')) for _ in range(rng.randint(0, 5))]


_OTHERS: tuple[Callable[[Names], tuple[str, list[str]]], ...] = (_git_status, _git_log, _git_diff, _git_other, _git_other, _files, _files, _build, _build, _services, _unknown, _unknown, _unknown)


def other_command(names: Names) -> ToolRun:
    """Any command that is only said to have been run."""
    command, output = names.rng.choice(_OTHERS)(names)
    return ToolRun(command, output, 'command', 'ok', {'command': command})


def server_start(names: Names, language: str, file: str) -> ToolRun:
    """A server that keeps running; the narration names the port."""
    rng = names.rng
    port = str(rng.choice((3000, 5000, 5173, 8000, 8080, rng.randint(1024, 9999))))
    command, output = {
        'py': rng.choice((('flask run', [f" * Serving Flask app '{file}'", f' * Running on http://127.0.0.1:{port}']), (f'uvicorn {names.word()}:app --reload', ['INFO:     Started server process', f'INFO:     Uvicorn running on http://127.0.0.1:{port}']), (f'python -m http.server {port}', [f'Serving HTTP on 0.0.0.0 port {port} ...']), ('python manage.py runserver', ['Watching for file changes', f'Starting development server at http://127.0.0.1:{port}/']))),
        'ts': rng.choice((('npm run dev', [f'  VITE v5.{rng.randint(0, 9)}.0  ready in {rng.randint(90, 900)} ms', f'  ➜  Local:   http://localhost:{port}/']), ('npx next dev', ['▲ Next.js 15.0.1', f'- Local: http://localhost:{port}', '✓ Ready in 1.2s']))),
        'js': rng.choice(((f'node {file}', [f'Server listening on port {port}']), ('npm start', [f'> node {file}', f'Listening on http://localhost:{port}']))),
        'go': ('go run .', [f'[GIN-debug] Listening and serving HTTP on :{port}']),
        'rs': ('cargo run', [f'Running `target/debug/{names.word()}`', f'Listening on 127.0.0.1:{port}']),
    }[language]
    return ToolRun(command, output, 'server_start', 'run', {'command': command, 'port': port})
