"""Kinds of lines that a developer's screen shows (a server's address, a failing test, a value in code …) with the questions they answer."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from recall.wordings import expand, filled, finish_question
from text.vocabulary import ERRORS, NOUNS, VERBS, Names


@dataclass(frozen=True)
class Fact:
    """A line and a question it answers. `parts` of the line are (slot or '', text); `answer` is a pattern over the slots."""

    region: str
    parts: tuple[tuple[str, str], ...]
    question: str
    answer: str
    is_when: bool = False
    title: str = ''  # of a part of the video in which this line is what matters
    kind: str = ''

    @property
    def text(self) -> str:
        return ''.join(text for _, text in self.parts)


def parts_of(pattern: str, slots: dict[str, str]) -> tuple[tuple[str, str], ...]:
    pieces = re.split(r'\{(\w+)\}', pattern)
    return tuple((piece, slots[piece]) if i % 2 else ('', piece) for i, piece in enumerate(pieces) if piece or i % 2)


Slots = Callable[[random.Random, Names], dict[str, str]]


@dataclass(frozen=True)
class Family:
    """Lines of one kind: where they stand, how they look, what is asked, what is answered."""

    kind: str
    regions: str
    slots: Slots
    lines: tuple[str, ...]
    questions: tuple[str, ...]
    answer: str
    when: tuple[str, ...] = ()
    title: str = ''
    others: tuple[tuple[tuple[str, ...], str], ...] = field(default=())  # further questions with their own answer


LANGUAGES = ('py', 'ts', 'js', 'go', 'rs')
FIELDS = ('name', 'host', 'user', 'username', 'database', 'schema', 'engine', 'region', 'runtime', 'status', 'type', 'owner', 'environment', 'protocol', 'driver', 'timeout', 'description', 'group', 'platform', 'mode', 'level', 'theme', 'profile', 'format', 'provider', 'license', 'publisher', 'category', 'visibility', 'template', 'image', 'memory', 'scope', 'role', 'limit', 'interval', 'zone', 'plan', 'locale', 'alias')  # of forms and tables
THINGS = ('server', 'app', 'project', 'site', 'service', 'application', 'api', 'database', 'worker', 'build')


def number(rng: random.Random) -> str:
    return str(rng.choice((rng.randint(0, 9), rng.randint(10, 99), rng.randint(100, 999), rng.randint(1000, 65000), rng.choice((16, 32, 64, 128, 256, 512, 1024)))))


def literal(rng: random.Random, names: Names) -> str:
    return rng.choice((number(rng), number(rng), f'{rng.randint(0, 9)}.{rng.randint(0, 99)}', f'"{names.word()}"', f"'{names.words(1, 2)}'", rng.choice(('true', 'false', 'True', 'False', 'None', 'null')), f'"#{names.hash(6)}"', f'{number(rng)}px', f'{rng.randint(1, 99)}%', f'"{names.word()}.{names.word()}"', f'"./{names.word()}"', f'[{number(rng)}, {number(rng)}]'))


def port(rng: random.Random) -> str:
    return rng.choice(('3000', '5173', '8000', '8080', '5000', '4200', '1234', '9229', '6006', str(rng.randint(1024, 49000))))


def address(rng: random.Random, names: Names) -> str:
    host = rng.choice(('localhost', '127.0.0.1', '0.0.0.0', f'{names.word()}.{rng.choice(("com", "dev", "io", "org"))}', f'192.168.{rng.randint(0, 9)}.{rng.randint(2, 250)}'))
    return f'http{rng.choice(("", "s"))}://{host}{rng.choice((":" + port(rng), ""))}/{rng.choice(("", names.word(), names.word() + "/" + names.word()))}'


def command(rng: random.Random, names: Names) -> str:
    word, other, file = names.word(), names.word(), names.file(rng.choice(LANGUAGES))
    return rng.choice((
        f'npm run {word}', f'npm install {names.package("ts")}', f'npm i -D {names.package("ts")}', 'npm test', 'npm start', f'npx {names.package("ts")} {word}', f'npx create-{word}-app {other}', f'yarn add {word}', 'pnpm install', 'pnpm dev', f'bun run {word}',
        f'pip install {names.package("py")}', f'pip3 install -r {word}.txt', f'python {file}', f'python3 -m {word}', f'python -m venv {word}', f'source {word}/bin/activate', f'pytest {file}', 'pytest -v', f'uv add {word}', f'uvicorn {word}:app --reload', f'flask run --port {port(rng)}', f'conda activate {word}', f'python manage.py {word}',
        f'git add {file}', 'git add .', 'git status', f'git checkout -b {word}', f'git switch {word}', f'git commit -m "{names.words(2, 4)}"', 'git push', f'git push origin {word}', 'git pull', f'git clone {address(rng, names)}', f'git merge {word}', 'git log --oneline', 'git diff', 'git init', 'git stash', f'git rebase {word}',
        f'docker build -t {word} .', f'docker run -p {port(rng)}:{port(rng)} {word}', 'docker compose up', 'docker ps', f'kubectl get {word}', f'kubectl apply -f {word}.yaml', f'terraform {word}', f'helm install {word}',
        f'cargo new {word}', 'cargo run', 'cargo build --release', f'cargo add {word}', 'go run .', f'go get {names.package("go")}', f'go mod init {word}', 'go test ./...', 'make', f'make {word}', f'gcc {word}.c -o {word}', f'./{word}', f'node {file}', f'deno run {file}', f'tsc {file}', f'ts-node {file}',
        f'cd {word}', f'cd {word}/{other}', f'mkdir {word}', f'touch {file}', f'cat {file}', f'ls -{rng.choice(("l", "la", "a"))}', f'rm {file}', f'rm -rf {word}', f'cp {file} {other}', f'mv {file} {other}', f'code {file}', 'code .', f'vim {file}', f'nano {file}', f'grep -r "{word}" {other}', f'curl {address(rng, names)}', f'chmod +x {file}', f'echo {word}', f'export {word.upper()}={other}', f'sudo apt install {word}', f'brew install {word}', f'wget {address(rng, names)}', f'ssh {word}@{other}', f'which {word}', f'psql -d {word}', f'sqlite3 {word}.db', f'{word} --{other} {number(rng)}', f'{word} {other} {file}', f'{word} --version', f'{word} --help', f'dotnet new {word}', f'rails generate {word}', f'php artisan {word}', f'mvn {word}', f'./gradlew {word}', f'ansible-playbook {word}.yml', f'heroku {word}', f'vercel {word}', f'wrangler {word}', f'supabase {word}', f'claude {word}', f'ollama run {word}', f'tmux new -s {word}', f'ffmpeg -i {word}.mp4 {other}.gif',
    ))  # fmt: skip


def error(rng: random.Random, names: Names) -> tuple[str, str]:
    """Name and message."""
    language = rng.choice(LANGUAGES)
    word, other = names.variable(language), names.word()
    name = rng.choice((*ERRORS.get(language, ['Error']), 'TypeError', 'ReferenceError', 'SyntaxError', 'ValueError', 'KeyError', 'ModuleNotFoundError', 'ImportError', 'NameError', 'AttributeError', 'RuntimeError', 'AssertionError', 'Error', 'FileNotFoundError', 'IndexError', 'ConnectionRefusedError', 'ZeroDivisionError', 'fatal', 'error', 'npm ERR!', 'TS2304', 'E0308', 'ENOENT', 'EADDRINUSE', f'{names.type_name()}Error', f'{names.type_name()}Exception', 'NullPointerException', 'panic', 'Segmentation fault', 'Failed'))
    message = rng.choice((
        f'{word} is not defined', f"name '{word}' is not defined", f"No module named '{other}'", f"Cannot find module '{other}'", f"Cannot read properties of undefined (reading '{word}')", f"'{other}' object has no attribute '{word}'", f'{word} is not a function', f'unsupported operand type(s) for +: int and {other}', f'invalid literal for int() with base 10: {other}', f"'{word}'", 'list index out of range', f"Unexpected token '{other[0]}'", 'invalid syntax', "expected ':'", f'{names.file(language)}: No such file or directory', f"Type 'string' is not assignable to type '{names.type_name()}'", f"Property '{word}' does not exist on type '{names.type_name()}'", f'address already in use :::{port(rng)}', 'permission denied', f'connection to {other} refused', 'division by zero', f'expected {number(rng)}, got {number(rng)}', f'cannot borrow {word} as mutable', f'mismatched types: expected {other}, found {names.word()}', f'undefined: {word}', f'missing script: {other}', f'unable to resolve {other}', f'not a git repository: {other}', f'remote {other} already exists', f"pathspec '{other}' did not match any file(s) known to git", f'command not found: {other}', f'{names.sentence().rstrip(".:?")}', f'failed to load {names.file(language)}', f'duplicate key {word}', f'timeout of {number(rng)}ms exceeded', f'missing 1 required positional argument: {word}',
    ))  # fmt: skip
    return name, message


def title_text(rng: random.Random, names: Names) -> str:
    return names.title()


def _slots(**makers: Callable[[random.Random, Names], str]) -> Slots:
    return lambda rng, names: {name: make(rng, names) for name, make in makers.items()}


def _error_slots(rng: random.Random, names: Names) -> dict[str, str]:
    name, message = error(rng, names)
    return {'error': name, 'message': message, 'test': f'test_{names.function("py")}', 'file': names.file('py'), 'number': str(rng.randint(1, 300))}


def _n(rng: random.Random, names: Names) -> str:
    return number(rng)


def _word(rng: random.Random, names: Names) -> str:
    return names.word()


def _file(rng: random.Random, names: Names) -> str:
    return names.file(rng.choice(LANGUAGES))


def _function(rng: random.Random, names: Names) -> str:
    return names.function(rng.choice(LANGUAGES))


def _name(rng: random.Random, names: Names) -> str:
    roll = rng.random()
    if roll < 0.3:
        return names.function('py').upper()
    return names.function(rng.choice(('py', 'ts'))) if roll < 0.6 else names.variable(rng.choice(LANGUAGES))


def _type(rng: random.Random, names: Names) -> str:
    return names.type_name()


def _package(rng: random.Random, names: Names) -> str:
    return names.package(rng.choice(LANGUAGES))


def _version(rng: random.Random, names: Names) -> str:
    return names.version()


def _folder(rng: random.Random, names: Names) -> str:
    return rng.choice((names.word(), f'~/{names.word()}', f'/home/{names.word()}/{names.word()}', f'src/{names.word()}', f'C:\\{names.word()}', f'./{names.word()}/{names.word()}'))


def _label(rng: random.Random, names: Names) -> str:
    return rng.choice((f'{rng.choice(VERBS).capitalize()} {names.word().capitalize()}', f'{rng.choice(VERBS).capitalize()} {names.word()}', f'{rng.choice(VERBS).capitalize()} All {names.word().capitalize()}s', names.word().capitalize(), f'{names.word().capitalize()} {names.word().capitalize()}'))


def _sentence(rng: random.Random, names: Names) -> str:
    return f'{rng.choice(("The", "Your", "This", "A", "Each", "No"))} {names.words(1, 2)} {rng.choice(("is", "was", "has been", "will be", "can be", "should be", "must be"))} {rng.choice(("created", "saved", "found", "removed", "updated", "deployed", "not supported", "loaded", "sent", "blocked", "ready", "enabled", "missing", "renamed", "shared", "restarted"))}'


def _shortcut(rng: random.Random, names: Names) -> str:
    return '+'.join(rng.sample(('Ctrl', 'Shift', 'Alt', 'Cmd'), rng.randint(1, 2))) + '+' + rng.choice((*'ABCDEFGHIKLMNPRSTX', 'F5', 'F2', 'F12', 'Enter', '`', 'Tab'))


def _time(rng: random.Random, names: Names) -> str:
    return rng.choice((f'{rng.randint(1, 900)} ms', f'{rng.randint(1, 900)}ms', f'{rng.randint(0, 90)}.{rng.randint(0, 99)}s', f'{rng.randint(1, 90)} seconds', f'{rng.randint(1, 9)}m {rng.randint(1, 59)}s', f'{rng.randint(1, 9)}.{rng.randint(1, 9)} s'))


def _size(rng: random.Random, names: Names) -> str:
    return f'{rng.choice((rng.randint(1, 999), round(rng.random() * 90, 1)))} {rng.choice(("kB", "MB", "GB", "KiB", "MiB", "bytes"))}'


def _person(rng: random.Random, names: Names) -> str:
    return rng.choice((f'{names.word().capitalize()} {names.word().capitalize()}', f'@{names.word()}', names.word().capitalize()))


def _model(rng: random.Random, names: Names) -> str:
    return f'{names.word()}-{rng.choice((number(rng), names.word(), names.version()))}'


FAMILIES: tuple[Family, ...] = (
    Family('command', 'terminal', _slots(command=command, folder=_folder, thing=_word), ('$ {command}', '{folder} $ {command}', '> {command}', '% {command}', '{thing}@{folder}:~$ {command}', '{folder}> {command}', 'PS {folder}> {command}', '({thing}) $ {command}', '{command}', '{thing} git:(main) {command}', '# {command}', '* {folder} {command}', '{thing} git:(main) x {command}', '{thing} DEBUG=1 {command}', '> {thing} ({thing}) {command}', '({thing}) {folder} $ {command}', 'Run: {command}'),
        ('[Which|What] command {DID} [type|enter|execute|use|start|give]?', '[Which|What] [shell|terminal|console] command {DID} run?', '[Which|What] command do we see them run?', 'What {DID} [type|run|enter|execute] in the [terminal|shell|console|command line]?', '[Which|What] [shell |terminal |]command {IS} [run|executed|typed|entered]?', 'What {IS} [typed|run|entered] [in|into] the [terminal|prompt|shell]?'), '[They ran|They ran the command|The command is] {command}.',
        ('When {DID} [run|type|enter|execute] {command}?', 'When {IS} {command} [run|typed|executed|entered]?', 'At what [point|time] {DID} [run|type] {command}?'), '[Running|Run] {command}'),
    Family('install', 'terminal', _slots(package=_package, n=_n, time=_time, tool=lambda r, n: r.choice(('npm install', 'pip install', 'yarn add', 'pnpm add', 'cargo add', 'go get', 'brew install', 'apt install', 'uv add', 'gem install', 'composer require', 'poetry add'))), ('$ {tool} {package}', '> {tool} {package}', '{tool} {package}', '% {tool} {package}'),
        ('[Which|What] [package|library|dependency|module] {DID} [install|add]?', 'What {DID} [install|add|download]?', '[Which|What] [package|library|dependency] {IS} [installed|added]?', 'What {IS} [installed|added]?', 'Name the [installed|added] [package|library].'), '[They installed|The package is] {package}.',
        ('When {DID} [install|add] {package}?', 'When {IS} {package} [installed|added]?'), 'Installing {package}',
        ((('[How|With which tool|With what] {IS} {package} installed?', '[Which|What] [package manager|tool] [installs|is used to install|installed] {package}?', '[Which|What] command [installs|installed] {package}?', 'How do [you|they] [install|get|add] {package}?'), 'They ran {tool} {package}.'),)),
    Family('installed', 'terminal', _slots(package=_package, n=_n, time=_time, version=_version), ('Successfully installed {package}-{version}', '+ {package}@{version}', 'added {package} {version}', 'Installing collected packages: {package}', 'Adding {package} v{version} to dependencies', 'Downloading {package}-{version}.whl', 'Collecting {package}=={version}'),
        ('[Which|What] version of {package} {IS} [installed|used|added]?', '[Which|What] {package} version [is|was] it?', 'What [is|was] the version of {package}?'), '[It is version|They installed version] {version}.',
        ('When {IS} {package} [installed|downloaded|added]?', 'When does the [installation|install] of {package} [finish|end|succeed]?'), 'Installing {package}'),
    Family('port', 'terminal|other', _slots(port=lambda r, n: port(r), thing=lambda r, n: r.choice(THINGS), tool=_word), ('Local: http://localhost:{port}/', '> Local: http://localhost:{port}', 'Server listening on port {port}', '{thing} running on http://127.0.0.1:{port}', 'Listening on :{port}', '* Running on http://127.0.0.1:{port}', 'Uvicorn running on http://0.0.0.0:{port}', 'ready - started server on 0.0.0.0:{port}', 'Serving HTTP on 0.0.0.0 port {port}', '{tool} v{port} ready on port {port}', 'Starting development server at http://127.0.0.1:{port}/', '{thing} started on port {port}', '{thing} is up at 127.0.0.1:{port}', '0.0.0.0:{port}', 'Port {port}', ':{port} {thing}', '{thing} bound to 127.0.0.1:{port}', '{tool}[{tool}]: listening at {port}', '192.168.0.12:{port}', 'app.listen({port})', 'PORT={port}', 'Forwarding from 127.0.0.1:{port}'),
        ('[Which|What] port [does the [server|app|site|service|application|dev server] [use|run on|listen on]|is used|is it on|{IS} the [server|app] [started|running|listening] on]?', 'On [which|what] port [does|did] the [server|app|application|site] [run|listen|start]?', 'What is the port [number|]?', 'Where [is|does] the [app|site|server] [reachable|run|running|served]?'), '[It uses|The server runs on|It listens on] port {port}.',
        ('When does the [dev |]server [start|come up|listen|run]?', 'When {IS} the [server|app] [started|running|up|ready]?', 'When did they start the [server|app]?'), 'Starting the server'),
    Family('address', 'browser|terminal|other', _slots(url=address), ('{url}', 'Network: {url}', 'Local: {url}', 'open {url}', 'Preview: {url}', 'GET {url}', 'fetch("{url}")', 'Visit {url} to continue', 'Deployed to {url}', 'Documentation: {url}', 'Cloning from {url}'),
        ('[Which|What] [address|URL|url|link|web address|site|website|page] {IS} [opened|visited|shown|used|in the address bar|entered]?', 'What [is|was] the [URL|address|link]?', '[Which|What] [website|page|site] {DID} [open|visit|go to|look at]?', 'To which [address|host] {IS} the request sent?'), '[The address is|They opened|It is] {url}.',
        ('When {DID} [open|visit] {url}?', 'When {IS} {url} [opened|shown|visited]?')),
    Family('error', 'terminal|editor|popup|other', _error_slots, ('{error}: {message}', '{error}: {message}', '{error}: {message}', 'Uncaught {error}: {message}', 'E   {error}: {message}', '{error} - {message}', '[{error}] {message}', 'ERROR {error}: {message}', 'x {error}: {message}', '{file}:{number}: {error}: {message}'),
        ('[Which|What] [error|exception|problem|failure] [{IS} shown|appears|appeared|came up|{DID} get|{DID} see|is there|is reported|was raised|occurred]?', 'What [went wrong|goes wrong|is the problem|failed|is the error|was the error message|does the error say|is the matter|broke]?', 'Why [did|does] [it|the command|the program|the build|the script|the run|the code|the app] [fail|crash|stop|not work|break]?', '[Which|What] error message [is shown|appears|did they get]?'), '[It was|There is an error:|The error is] {error}: {message}.',
        ('When does the error [appear|occur|come up|happen]?', 'When {DID} [get|hit|see|run into] [the|an] error?', 'When does it [fail|crash|break]?', 'When does {error} [appear|occur|come up]?', 'When [did|does] something go wrong?'), 'Fixing the error {error}',
        ((('[What|Which message] [does|did] the {error} say?', 'What is [wrong|the cause] with the {error}?', 'Why [is|was] there a {error}?', 'What caused the {error}?'), 'It says {message}.'),)),
    Family('test failed', 'terminal|other', _error_slots, ('FAILED {file}::{test} - {error}', 'FAIL {file} > {test}', 'x {test} ({number} ms)', '--- FAIL: {test}', '{test} FAILED', 'not ok {number} - {test}', 'test {test} ... FAILED'),
        ('[Which|What] test [failed|fails|is failing|broke|did not pass|is red]?', 'Name the [failing|failed|broken] test.', '[Which|What] [test case|unit test|spec] [failed|breaks|fails|does not pass]?'), '[The test|The failing test is] {test}.',
        ('When [does|did] {test} fail?', 'When [does|did] [the|a] test fail?', 'When [do|did] the tests [fail|break|turn red]?'), 'A failing test'),
    Family('tests passed', 'terminal|statusBar|other', _slots(n=lambda r, n: str(r.randint(1, 400)), time=_time, m=lambda r, n: str(r.randint(1, 30))), ('{n} passed in {time}', '======= {n} passed in {time} =======', 'Tests: {n} passed, {n} total', 'Test Suites: {m} passed', 'Tests  {n} passed ({n})', 'ok {n} tests in {time}', 'test result: ok. {n} passed; 0 failed', 'PASS ({n} tests)', 'All {n} tests passed', '{n} passing ({time})', 'Ran {n} tests in {time}', '{n} of {n} tests passed', 'Passed: {n}/{n}', 'v {n} tests, 0 failures'),
        ('How many tests [passed|pass|are there|succeeded|were run|are green|ran]?', '[Do|Did] the tests [pass|succeed]?', 'What [is|was] the [result|outcome] of the [tests|test run]?', '[Are|Were] the tests [green|successful|ok]?'), '[{n} tests passed.|Yes, {n} tests passed.|They passed: {n} tests.]',
        ('When do the tests pass?', 'When [did|do] [all |]the tests [pass|succeed|turn green|run through]?'), 'Running the tests', ((('How long did the [tests|test run] take?', 'How long do the tests run?'), 'They took {time}.'),)),
    Family('mixed tests', 'terminal|statusBar|other', _slots(n=lambda r, n: str(r.randint(1, 9)), m=lambda r, n: str(r.randint(2, 300))), ('{n} failed, {m} passed', 'Tests: {n} failed, {m} passed', '{n} failing, {m} passing', 'test result: FAILED. {m} passed; {n} failed', '{m} passed | {n} failed'),
        ('How many tests [failed|fail|are failing|broke|are red]?', '[Did|Do] the tests [pass|succeed]?', 'What [is|was] the [result|outcome] of the [tests|test run]?'), '[{n} tests failed.|No, {n} failed.|{n} failed and {m} passed.]',
        ('When [did|do] the tests fail?',), 'Failing tests'),
    Family('value', 'editor', _slots(name=_name, value=literal), ('{name} = {value}', 'const {name} = {value};', 'let {name} = {value}', 'var {name} = {value};', '{name}: {value},', '"{name}": {value},', 'self.{name} = {value}', '{name}={value}', 'export const {name} = {value};', '{name} := {value}', 'let mut {name} = {value};', 'public static final int {name} = {value};', '--{name}: {value};', '#define {name} {value}', '{name}: int = {value}', 'val {name} = {value}', '    {name}: {value}'),
        ('What is {name} [set to|equal to|assigned|]?', '[Which|What] value [does {name} have|is given to {name}|is assigned to {name}|{IS} {name} set to|does {name} get]?', 'To what [value |]{IS} {name} [set|changed|initialised|assigned]?', 'What is the value of {name}?', 'How [big|large|high|long] is {name}?', '[What|Which] {name} [is used|{DID} set|{DID} choose|is configured]?'), '[{name} is set to|It is|{name} is|The value is] {value}.',
        ('When {IS} {name} [set|assigned|changed|defined|added|declared]?', 'When {DID} [set|change|write|type|add] {name}?'), 'Setting {name}'),
    Family('function', 'editor', _slots(function=_function, a=_word, b=_word, type=_type), ('def {function}({a}, {b}):', 'function {function}({a}, {b}) {', 'async function {function}({a}) {', 'const {function} = ({a}, {b}) => {', 'fn {function}({a}: &str) -> {type} {', 'func {function}({a} string) {type} {', 'export function {function}({a}: string): {type} {', 'public void {function}({type} {a}) {', 'async def {function}({a}: {type}) -> None:', 'export const {function} = async ({a}) => {', 'def {function}({a}) -> {type}:', 'pub fn {function}({a}: {type}) {', 'private {type} {function}({a}) {', 'void {function}(int {a}, int {b})'),
        ('[Which|What] [function|method] {IS} [defined|written|added|created|declared|implemented|shown]?', '[Which|What] [function|method] {DID} [write|add|define|create|implement]?', '[What|How] is the [new |]function [called|named]?', 'What is the name of the [function|method]?'), '[They wrote|The function is|It is called] {function}.',
        ('When {IS} {function} [defined|written|added|created|declared]?', 'When {DID} [write|define|add|create|type|implement] {function}?', 'When does the function {function} [appear|show up]?'), 'Writing {function}',
        ((('[Which|What] [argument|parameter|input]s? does {function} [take|have|expect|get]?', 'What {IS} passed to {function}?', 'What does {function} [take|accept|expect]?'), 'It takes {a}.'),)),
    Family('class', 'editor', _slots(type=_type, base=_type, field=_word), ('class {type}:', 'class {type}({base}):', 'class {type} extends {base} {', 'export class {type} {', 'interface {type} {', 'type {type} = {', 'struct {type} {', 'pub struct {type} {', 'enum {type} {', 'public class {type} implements {base} {', 'type {type} struct {', 'export interface {type} extends {base} {', 'data class {type}(', 'trait {type} {'),
        ('[Which|What] [class|type|interface|struct|object] {IS} [defined|written|added|created|declared]?', '[Which|What] [class|type|interface|struct] {DID} [write|add|define|create]?', 'How is the [class|type|struct] [called|named]?', 'What is the name of the [class|type|interface|struct]?'), '[They defined|The class is|It is called] {type}.',
        ('When {IS} {type} [defined|written|added|created|declared]?', 'When {DID} [write|define|add|create] [the class |]{type}?'), 'Defining {type}'),
    Family('inherits', 'editor', _slots(type=_type, base=_type), ('class {type}({base}):', 'class {type} extends {base} {', 'public class {type} extends {base} {', 'class {type} : public {base} {'),
        ('What does {type} [extend|inherit from|derive from|subclass]?', '[Which|What] [class|type] does {type} [extend|inherit from|derive from]?', 'What is the [base class|parent class|superclass|parent] of {type}?'), '[It extends|The base is] {base}.'),
    Family('import', 'editor', _slots(name=_name, module=_package, type=_type), ('import {module}', 'from {module} import {type}', "import {type} from '{module}';", 'import { {type} } from "{module}"', "const {name} = require('{module}')", 'use {module}::{type};', 'import {module} as {name}', '#include <{module}.h>', 'import "{module}"', 'using {module};', "import * as {name} from '{module}'"),
        ('[Which|What] [module|package|library|dependency] {IS} [imported|required|included]?', 'What {DID} import?', 'What {IS} imported?', '[Which|What] [module|library|package] {DID} [import|require|include|load]?'), '[They imported|The module is] {module}.',
        ('When {IS} {module} imported?', 'When {DID} import {module}?'), 'Importing {module}', ()),
    Family('import from', 'editor', _slots(name=_name, module=_package, type=_type), ('from {module} import {type}', "import {type} from '{module}';", 'import { {type} } from "{module}"', 'use {module}::{type};', "import { {type}, {name} } from '{module}'", 'from {module}.{name} import {type}'),
        ('[From where|From which module|From which package|Where] [is|does] {type} [imported|imported from|come from]?', '[Which|What] [module|package|library] [provides|exports|does] {type} [come from|]?'), '[It comes from|{type} is imported from] {module}.'),
    Family('return', 'editor', _slots(value=lambda r, n: r.choice((literal(r, n), n.variable('py'), f'{n.word()} + {n.word()}', f'{n.function("ts")}({n.word()})', f'{n.word()}.{n.word()}', f'{n.word()} * {number(r)}'))), ('return {value}', 'return {value};', '    return {value}', '=> {value}'),
        ('What {IS} returned?', '[Which|What] [value|expression] [does the function return|{IS} returned|does it return]?', 'What does [the function|it|the method] return?', 'What is the return value?'), '[It returns|The function returns] {value}.', ('When {IS} the return [statement |]added?', 'When {DID} return {value}?')),
    Family('call', 'editor|terminal', _slots(function=_function, value=literal, object=_word), ('{function}({value})', '{object}.{function}({value});', 'await {function}({value});', '{object} = {function}({value})', 'print({function}({value}))', 'console.log({function}({value}));'),
        ('What {IS} passed to {function}?', '[Which|What] argument [is {function} called with|does {function} get|{IS} given to {function}]?', 'With what [argument|value] {IS} {function} called?', 'What {DID} [pass|give|hand] to {function}?'), '[It gets|{function} is called with] {value}.', ('When {IS} {function} called?', 'When {DID} call {function}?')),
    Family('print', 'editor', _slots(value=_sentence), ('print("{value}")', "console.log('{value}');", 'fmt.Println("{value}")', 'println!("{value}");', 'System.out.println("{value}");', 'echo "{value}"', 'printf("{value}\\n");', 'logger.info("{value}")', 'alert("{value}")'),
        ('What {IS} printed?', '[Which|What] [text|message|string] {IS} [printed|logged|written out|output]?', 'What does [the code|it] [print|log|output]?', 'What does the program [log|output|write]?'), '[It prints|They print] {value}.'),
    Family('condition', 'editor', _slots(name=_name, value=literal, op=lambda r, n: r.choice(('==', '<', '>', '>=', '!=', '===', 'not in', 'in'))), ('if {name} {op} {value}:', 'if ({name} {op} {value}) {', 'while {name} {op} {value}:', 'elif {name} {op} {value}:', 'assert {name} {op} {value}', 'expect({name}).toBe({value})', '} else if ({name} {op} {value}) {'),
        ('[Which|What] condition {IS} [checked|tested|used]?', 'What {IS} {name} [compared|checked] [with|against|to]?', 'When does the [loop|branch|if] [run|apply|end]?', 'What [does the if|is] [check|checked]?'), '[It checks|{name} is compared with] {value}.'),
    Family('loop', 'editor', _slots(item=_word, items=lambda r, n: n.word() + 's', n=_n), ('for {item} in {items}:', 'for (const {item} of {items}) {', 'for {item} in range({n}):', '{items}.map(({item}) => {', '{items}.forEach({item} => {', 'for _, {item} := range {items} {', 'for (let i = 0; i < {n}; i++) {'),
        ('What [does the loop|do they|is] [go over|loop over|iterate over|iterated over|run through]?', 'Over what [does the loop|do they|is it] [iterate|loop|go]?', '[Which|What] [list|collection|array] {IS} [looped over|iterated|mapped]?'), '[It goes over|They loop over] {items}.'),
    Family('comment', 'editor', _slots(text=_sentence), ('# {text}', '// {text}', '/* {text} */', '<!-- {text} -->', '# TODO: {text}', '// TODO {text}', '"""{text}"""', '-- {text}', '/// {text}', '// FIXME: {text}'),
        ('[Which|What] comment {IS} [written|added|there|shown]?', 'What does the [comment|docstring|todo|note in the code] say?', 'What {DID} [note|write] in the comment?', 'What [is|remains] [still |][to do|to be done|left to do]?'), '[It says|The comment is] {text}.', ('When {DID} [write|add] the comment?',)),
    Family('file open', 'tabs|breadcrumbs|other', _slots(file=_file, folder=_word, project=_word), ('{file}', '{file} x', '{file} - {project} - Visual Studio Code', '{folder} > {file}', '{folder} > {project} > {file}', '{file} M', '{file} - {project}', '* {file} - {project} - Code', 'src > {folder} > {file}', '{file} U', '{folder}/{file}', 'Editing {file}', 'o {file}', 'oo {file} x', '{folder} > oo {file} > {project}', '{file} x o {project}.json', '{file} - {folder} [Administrator]', '* {file} -- {project}'),
        ('[Which|What] file [is open|is edited|are they editing|is being worked on|{IS} [opened|shown|edited|changed|modified]|is this|is active|are they in|is it|{DID} [open|edit|change|work on|look at]]?', 'What is the [file|document|tab|module] called?', 'In which file [are they|is this|is the code|do they work|is that written]?', 'What is the name of the [open|current|active] [file|tab]?', 'Where is this code?'), '[It is|The file is|They opened] {file}.',
        ('When {IS} {file} [opened|shown|first shown|edited|created]?', 'When {DID} [open|switch to|edit|create|go to|look at] {file}?'), '[Editing|Working on] {file}'),
    Family('tree', 'tree', _slots(file=_file), ('{file}', '> {file}', '{file} M', '{file} U', 'v {file}', '{file} A', '{file} 2'),
        ('[Which|What] file [is in the [folder|project|tree|explorer|sidebar]|{IS} listed]?', 'What is in the [explorer|file tree|sidebar|folder]?'), '[There is|It lists] {file}.', ('When does {file} [appear|show up] in the [tree|explorer|sidebar|project]?', 'When {IS} {file} [created|added]?')),
    Family('project', 'other|tree|statusBar', _slots(project=_function, file=_file), ('{file} - {project} - Visual Studio Code', '{project} - Visual Studio Code', '{project} [Administrator]', 'Welcome - {project}', 'OPEN EDITORS {project}', 'v {project}'),
        ('[Which|What] [project|folder|workspace|repository] [is open|is this|{IS} opened|are they working on|are they in]?', 'What is the [project|folder|workspace] [called|named]?', 'What is the name of the [project|workspace]?'), '[It is|The project is] {project}.'),
    Family('branch', 'statusBar|terminal', _slots(branch=lambda r, n: r.choice((f'feature/{n.word()}', n.word(), f'fix-{n.word()}', f'{n.word()}-{n.word()}', 'main', 'master', 'develop')), n=_n), ('On branch {branch}', "Switched to a new branch '{branch}'", 'git checkout -b {branch}', '$ git switch {branch}', '{branch}* 0 1', 'git:({branch})', '* {branch}', '{branch}', "Switched to branch '{branch}'", 'git push origin {branch}', "Your branch is up to date with 'origin/{branch}'."),
        ('[Which|What] branch [is checked out|are they on|is this|{IS} created|is active|is used|{DID} [create|switch to|use|check out|push]]?', 'On [which|what] branch [are they|is the work]?', 'What is the [git |new |current |]branch [called|named]?'), '[It is|The branch is|They are on] {branch}.',
        ('When {DID} [create|switch to|check out] {branch}?', 'When {IS} the branch [created|changed|switched|checked out]?'), 'On branch {branch}'),
    Family('commit', 'terminal|other', _slots(message=lambda r, n: f'{r.choice(VERBS)} {n.words(1, 3)}', hash=lambda r, n: n.hash(), branch=_word), ('git commit -m "{message}"', '[{branch} {hash}] {message}', '$ git commit -am "{message}"', '{hash} {message}', "git commit -m '{message}'", '{hash} (HEAD -> {branch}) {message}', '    {message}'),
        ('What is the commit message?', '[Which|What] commit message {IS} [written|given|typed|entered]?', '[Which|What] commit message {DID} [use|write|give|type|enter|choose]?', '[What|Which change] {DID} commit?', 'What {IS} committed?', 'How did they [name|call|describe] the commit?', 'What does the [last|latest|new] commit say?'), '[The message is|They committed] "{message}".',
        ('When {DID} commit?', 'When {IS} the [commit|change] [made|committed]?', 'When [do|did] they commit {message}?'), 'Committing {message}', ((('[Which|What] [hash|id|sha] does the commit have?', 'What is the commit hash?'), 'It is {hash}.'),)),
    Family('version', 'terminal|browser|editor|other', _slots(tool=lambda r, n: r.choice(('Python', 'Node.js', 'npm', 'git version', 'rustc', 'go version', 'TypeScript', 'VITE', 'Next.js', 'pytest-', 'java', 'gcc', 'Docker version', 'cargo', 'ruby', 'Flutter', n.word().capitalize(), n.package('py'))), version=_version), ('{tool} {version}', '{tool} v{version}', '{tool}: {version}', '"{tool}": "^{version}"', '{tool}=={version}', '{tool}@{version}', '{tool} {version} (default)', 'Welcome to {tool} v{version}.', 'Using {tool} {version}'),
        ('[Which|What] version of {tool} [is it|is used|{IS} [installed|running|used|shown]|{DID} [use|have|run]]?', '[Which|What] {tool} version [is it|is used|do they have|is shown]?', 'What is the {tool} version?', 'How [new|old|recent] is {tool}?'), '[It is|They use|The version is] {version}.', ('When {IS} the version of {tool} [shown|printed|checked]?',)),
    Family('count', 'terminal|statusBar|other|tree', _slots(n=lambda r, n: str(r.randint(0, 2000)), things=lambda r, n: r.choice(('files', 'packages', 'errors', 'warnings', 'problems', 'rows', 'results', 'matches', 'commits', 'lines', 'items', 'modules', 'users', 'requests', 'changes', 'vulnerabilities', 'tasks', 'steps', 'records', n.word() + 's')), time=_time, what=lambda r, n: r.choice(VERBS)), ('{n} {things}', '{n} {things} in {time}', 'Found {n} {things}', '{what}ed {n} {things}', 'added {n} {things}', '{things}: {n}', '{n} {things} changed', 'Total {things}: {n}', '{things} ({n})', 'compiled with {n} {things}', 'audited {n} {things} in {time}', '{n} of {n} {things}', '{n} {things} selected', '({n} {things})'),
        ('How many {things} [are there|{IS} found|{IS} shown|does it [find|have|show|report]|are listed|{IS} added|were changed]?', 'What is the number of {things}?', '[What|Which] number of {things} [is shown|was found]?', 'How many {things}?'), '[{n} {things}.|There are {n} {things}.|It shows {n} {things}.]'),
    Family('time taken', 'terminal|other', _slots(time=_time, thing=lambda r, n: r.choice(THINGS), n=_n), ('ready in {time}', 'Done in {time}.', 'Compiled successfully in {time}', 'Finished in {time}', 'built in {time}', '{thing} finished in {time}', 'Finished dev [unoptimized] target(s) in {time}', 'took {time}', 'Compiled {n} modules in {time}', 'real {time}', 'Time: {time}', 'Completed in {time}', 'Execution time: {time}'),
        ('How long [did|does] [it|the build|the compilation|that|the command|the start|the run|compiling|building] take?', 'How [fast|quick] [is|was] [it|the build|the run]?', 'In how much time [is|was] it [ready|done|finished|built]?', 'What [is|was] the [duration|execution time|build time]?'), '[It took|It took about] {time}.', ('When [is|was] the build [done|ready|finished]?', 'When does the [build|compilation] [finish|end|succeed]?')),
    Family('setting', 'browser|editor|other|popup|dialog', _slots(name=lambda r, n: f'{n.word().capitalize()}: {n.word().capitalize()} {n.word().capitalize()}', value=lambda r, n: r.choice((number(r), 'on', 'off', 'afterDelay', n.word(), 'true', 'false', f'{n.word()} {n.word()}'))), ('{name} {value}', '{name}: {value}', '{name} = {value}', '"{name}": "{value}"', '{name} - {value}'),
        ('[Which|What] [setting|option|preference] {DID} [change|set|look at|edit]?', 'What is {name} [set to|]?', 'How is {name} [set|configured]?', '[Which|What] [setting|option] {IS} [changed|set|shown|edited]?'), '[{name} is set to|It is] {value}.', ('When {DID} [change|open] {name}?',)),
    Family('menu', 'popup', _slots(entry=_label, shortcut=_shortcut), ('{entry}', '{entry} {shortcut}', '{entry}...', '> {entry}', '{entry} >'),
        ('[Which|What] [menu entry|menu item|entry|item|command] {IS} [chosen|picked|selected|clicked|used]?', 'What {DID} [choose|pick|select|click] in the [menu|context menu|list|palette|dropdown]?', '[Which|What] [entry|item|option] [does the menu|is in the menu|can be chosen] [offer|show|have|]?'), '[They chose|The entry is] {entry}.', ('When {DID} [choose|pick|click|select] {entry}?', 'When {IS} {entry} [chosen|picked|clicked|shown]?'), '{entry}'),
    Family('shortcut', 'popup|browser|slide|other', _slots(entry=_label, shortcut=_shortcut), ('{entry} {shortcut}', '{entry}  {shortcut}', '{shortcut}: {entry}', '{entry} ({shortcut})', 'Press {shortcut} to {entry}', '{shortcut} {entry}'),
        ('[Which|What] [shortcut|key|keys|keybinding|key combination|keyboard shortcut] [is for|is used for|runs|does|opens|triggers|belongs to|is shown for] {entry}?', 'How [can you|do they|does one|do you] {entry} with the keyboard?', '[Which|What] [keys|key] must be pressed [to|for] {entry}?', 'What is the [shortcut|keybinding] for {entry}?'), '[It is|The shortcut is|Press] {shortcut}.', (), '',
        ((('What does {shortcut} do?', 'What [happens|is run] with {shortcut}?', '[Which|What] [command|action] is {shortcut}?'), 'It is {entry}.'),)),
    Family('button', 'dialog|browser|popup', _slots(button=_label, other=_label), ('{button}', '[ {button} ]', '{button} | {other}', '{button} {other} Cancel', '{button} Cancel', '[{button}] [{other}]'),
        ('[Which|What] button [is there|{IS} [shown|clicked|pressed|offered]|{DID} [click|press|use]|does the [dialog|page|form] have]?', 'What can [be clicked|one click|you click]?', 'What is [on|written on] the button?'), '[They clicked|The button is|It says] {button}.', ('When {DID} [click|press] {button}?',)),
    Family('message', 'dialog|popup', _slots(text=_sentence, file=_file), ('{text}.', '{text}', 'i {text}.', '{text}: {file}', 'Info: {text}', '! {text}', '{text}. Restart now?', '{text} ({file})'),
        ('What does the [message|notification|dialog|popup|toast|box|warning|prompt] say?', '[Which|What] [message|notification|warning|info|dialog|question] [appears|is shown|popped up|pops up|came up]?', 'What [is|was] [the user |]asked [in the dialog|]?', 'What [pops|popped] up?', 'What {IS} reported in the [corner|notification]?'), '[It says|The message is] {text}.', ('When does the [message|notification|dialog|popup|warning] [appear|come up|pop up|show up]?',)),
    Family('heading', 'browser|slide', _slots(title=title_text, site=_word, n=_n), ('{title}', '{title}', '{n}. {title}', '# {title}', '{title} | {site}', '{title} - {site} docs', 'Chapter {n}: {title}', 'Step {n}: {title}', '{title} #'),
        ('[Which|What] [page|slide|section|chapter|heading|topic|article|title] {IS} [shown|opened|displayed|read|visible]?', 'What [is the [slide|page|section|article|talk] about|does the [heading|headline|title] say|is the topic|is the title]?', 'What is the [heading|title|headline|name] of the [slide|page|section|article]?', '[Which|What] [page|section|slide] {DID} [open|show|read|present]?', 'What are they [reading|looking at|presenting]?'), '[It is|The page is|The slide is] {title}.',
        ('When {IS} [the page |the slide |]{title} [shown|opened|visible]?', 'When {DID} [open|show|come to|get to|read] {title}?', 'When does {title} [appear|start|begin|come up]?'), '{title}'),
    Family('bullet', 'slide|browser', _slots(a=_label, text=_sentence, n=_n), ('* {text}', '- {text}', '{n}. {text}', '* {a}: {text}', '- {a} - {text}', '{a}: {text}'),
        ('What does the [slide|page|list|text] say [about {a}|]?', '[Which|What] [points|bullets|items|reasons|advantages] are [listed|given|named|on the slide]?', 'What {IS} [listed|mentioned|noted|explained]?'), '[It says|It lists] {text}.'),
    Family('prose', 'browser|slide|other', _slots(a=lambda r, n: n.word().capitalize(), b=lambda r, n: f'a {n.word()} {r.choice(("for", "of", "that runs", "to manage", "with"))} {n.words(1, 2)}'), ('{a} is {b}.', '{a} - {b}', '{a}: {b}', '{a} is {b} and more', 'What is {a}? {b}', '{a} ({b})'),
        ('What is {a}?', 'What [does|is] {a} [mean|for|about|do]?', 'How is {a} [defined|described|explained]?', 'What [is said|does it say|is written] about {a}?', '[Explain|Describe] {a}.'), '[{a} is|It is] {b}.'),
    Family('status line', 'statusBar', _slots(a=lambda r, n: str(r.randint(1, 900)), b=lambda r, n: str(r.randint(1, 90)), lang=lambda r, n: r.choice(('Python', 'TypeScript', 'JavaScript', 'Go', 'Rust', 'Markdown', 'JSON', 'HTML', 'CSS', 'Java', 'C++', 'YAML', 'Shell Script', 'Plain Text', 'SQL', 'TypeScript JSX'))), ('Ln {a}, Col {b}', 'Ln {a}, Col {b} Spaces: 4', 'Ln {a}, Col {b} ({b} selected)', 'Line {a}, Column {b}', '{a}:{b}', 'Ln {a}, Col {b} Spaces: 2 UTF-8 LF {lang}'),
        ('[On|In] [which|what] line [is the cursor|are they]?', 'Where is the cursor?', '[Which|What] line [number|] is [the cursor on|shown|active]?'), '[It is on line|The cursor is on line] {a}.'),
    Family('language mode', 'statusBar', _slots(lang=lambda r, n: r.choice(('Python', 'TypeScript', 'JavaScript', 'Go', 'Rust', 'Markdown', 'JSON', 'HTML', 'CSS', 'Java', 'C++', 'YAML', 'Shell Script', 'Plain Text', 'SQL', 'TypeScript JSX', 'Ruby', 'PHP', 'Kotlin', 'Swift', 'Vue')), v=_version), ('{lang}', 'UTF-8 LF {lang}', '{lang} {v}', '{ } {lang}', 'Spaces: 4 UTF-8 LF {lang}', '{lang} Prettier'),
        ('[Which|What] [programming |]language [is it|is used|is this|is the file in|do they use|is it written in|is selected]?', 'In [which|what] language [is|do] [the code written|they program|they code]?'), '[It is|They use|The language is] {lang}.'),
    Family('encoding', 'statusBar', _slots(value=lambda r, n: r.choice(('UTF-8', 'CRLF', 'LF', 'UTF-16 LE', 'Spaces: 2', 'Spaces: 4', 'Tab Size: 4', 'Tab Size: 8', 'ISO 8859-1'))), ('{value}',),
        ('[Which|What] [encoding|line ending|indentation|tab size] [is used|does the file have|is set|is shown]?', 'How is the [file|code] [encoded|indented]?'), '[It is|It uses] {value}.'),
    Family('choice', 'popup|terminal|dialog', _slots(question=lambda r, n: r.choice(('Project name', 'Select a framework', 'Select a variant', 'Which template', 'Use TypeScript', 'Package name', 'Overwrite existing file', 'Do you want to continue', 'Pick a linter', 'Your name', 'Choose a language', f'Select a {n.word()}', f'{n.word().capitalize()} name', f'Enable {n.word()}')), value=lambda r, n: r.choice((n.word(), n.type_name(), 'Yes', 'No', 'TypeScript', 'React', 'Vue', f'{n.word()}-{n.word()}'))), ('? {question}: {value}', '{question}? {value}', '? {question} > {value}', 'v {question} ... {value}', '{question}: {value}', '{question} (y/N) {value}'),
        ('What {DID} [answer|choose|pick|select|enter|reply] [for|to|at|when asked for] {question}?', '[Which|What] [answer|choice|option] {IS} given [for|to] {question}?', '{question}: what {IS} [chosen|selected|entered]?', '[Which|What] [framework|template|variant|name|option] {DID} [choose|pick|select]?'), '[They chose|The choice is] {value}.', ('When {DID} [answer|choose|select] {question}?',), '{question}'),
    Family('search', 'popup|browser|other|tree', _slots(query=lambda r, n: n.words(1, 3), n=_n), ('Search: {query}', 'Find: {query}', '{query} - Google Search', '> {query}', '{query} {n} of {n}', 'Find {query}', 'Results for "{query}"', 'search?q={query}', '{n} results for {query}'),
        ('What {DID} [search|look|google] for?', '[Which|What] [search term|query|word|text] {IS} [searched|entered|used|typed]?', 'What {IS} [searched for|looked up|googled]?', 'What is in the search [box|field]?'), '[They searched for|The search term is] {query}.', ('When {DID} search for {query}?', 'When {DID} [search|look] for [it|something|{query}]?'), 'Searching for {query}'),
    Family('rename', 'editor|terminal|other|popup', _slots(old=_name, new=_function), ('{old} -> {new}', 'renamed: {old} -> {new}', 'rename {old} => {new}', 'Rename {old} to {new}', 'mv {old} {new}', "Renamed '{old}' to '{new}'"),
        ('What {IS} {old} renamed to?', 'What is the new name of {old}?', 'How is {old} called now?', 'What {DID} rename [{old} to|]?'), '[{old} is now|It was renamed to] {new}.', ('When {IS} {old} renamed?', 'When {DID} rename {old}?'), 'Renaming {old}'),
    Family('model', 'terminal|browser|popup|other', _slots(model=_model, tool=_word), ('Model: {model}', 'model = "{model}"', 'Using model {model}', '{tool} / {model}', '--model {model}', 'Agent {model}', 'model: {model}', 'Loaded {model}'),
        ('[Which|What] [model|AI model|language model|agent] [is used|{IS} [selected|loaded|chosen]|do they use|is it]?', 'What is the [model|agent] called?'), '[It is|They use|The model is] {model}.'),
    Family('chat', 'other|browser|popup|terminal', _slots(text=lambda r, n: f'{r.choice(VERBS)} {r.choice(("the", "a", "all", "my", "this"))} {n.words(1, 3)}', who=_person), ('> {text}', 'Ask: {text}', '{who}: {text}', 'You: {text}', 'Prompt: {text}', 'Can you {text}?', 'Please {text}', '{text}'),
        ('What {DID} [ask|prompt|request|tell|write to] the [assistant|AI|agent|chat|bot|model]?', '[Which|What] [prompt|request|instruction|question] {IS} [given|typed|sent|entered]?', 'What is [typed|written|asked] [in|into] the [chat|prompt]?'), '[They asked to|The prompt is] {text}.', ('When {DID} [ask|prompt|tell] [the assistant|it] to {text}?',)),
    Family('person', 'browser|slide|terminal|other', _slots(who=_person, what=_word), ('by {who}', 'Author: {who}', '{who} / {what}', 'Signed in as {who}', 'Author: {who} <{what}@mail.com>', 'Published by {who}', '{who} committed', 'Logged in as {who}', 'Presenter: {who}', 'Hello, {who}'),
        ('Who [wrote|made|published|is the author of|committed|created] [it|this|that|the code|the page|the change]?', '[Which|What] [user|account|person|author] [is shown|is logged in|is signed in|is it]?', 'Who is [the author|the presenter|the user|logged in|signed in|named]?', 'As whom [are they|is the user] [signed|logged] in?', 'What is the name of the [author|presenter|user]?'), '[It is|It was|They are] {who}.'),
    Family('place', 'terminal|tree|breadcrumbs|other', _slots(folder=_folder, tool=_word), ('cd {folder}', '{folder}$', 'Created {folder}', 'Output directory: {folder}', 'mkdir {folder}', 'Saved to {folder}', '{folder} $', 'Creating project in {folder}', 'Location: {folder}', '/usr/bin/{tool} in {folder}', 'Initialized empty Git repository in {folder}'),
        ('[In which|Which|What] [folder|directory] [are they in|{IS} [used|opened|created|it]|{DID} [create|open|go to|change to|use]]?', 'Where [is|are] [it|they|the project|the files|the output] [saved|created|stored|located|written|]?', 'To which [folder|directory] {DID} [go|change|move]?', 'What is the [path|folder|directory]?'), '[It is|They are in|The folder is] {folder}.', ('When {DID} [create|enter|change to] {folder}?', 'When {IS} {folder} created?')),
    Family('size', 'terminal|browser|other|tree', _slots(file=_file, size=_size, date=lambda r, n: f'{r.choice(("Jan", "Feb", "Mar", "May", "Jun", "Aug", "Oct", "Dec"))} {r.randint(1, 28)}'), ('{file} {size}', 'dist/{file} {size}', '{size} {file}', '{file} ({size})', '{file}  {date}  {size}', 'Downloading {file} ({size})'),
        ('How [big|large] is {file}?', 'What [size|is the size of] [does|] {file} [have|]?', 'How much [space|memory] does {file} [take|need|use]?', 'What is the size of {file}?'), '[It is|{file} has] {size}.', ('When {IS} {file} [downloaded|written|built]?',)),
    Family('debug value', 'popup|tree|editor|other', _slots(name=_name, value=literal, type=_type), ('{name}: {value}', '{name} = {value}', '> {name}: {type} {value}', '({type}) {name}: {value}', '{name}: {type} = {value}'),
        ('[Which|What] value does {name} [have|show|hold] [in the debugger|while debugging|at the breakpoint|]?', 'What [does the debugger show|is shown] for {name}?', 'What is {name}?', 'What type [is|does] {name} [have|]?'), '[It is|{name} is] {value}.'),
    Family('stop', 'editor|terminal|other|dialog', _slots(file=_file, line=lambda r, n: str(r.randint(1, 500)), function=_function), ('{file}:{line}', 'File "{file}", line {line}, in {function}', 'at {function} ({file}:{line}:5)', 'Paused on breakpoint {file}:{line}', '{file}({line},3): error', '--> {file}:{line}:9', 'Breakpoint 1, {function} at {file}:{line}', '  {file}:{line} in {function}'),
        ('[In|On] [which|what] line [is|does] [the error|the problem|it|the failure] [occur|happen|]?', '[In|At] [which|what] line [is|sits|stands] the breakpoint?', '[Which|What] line has [the|a] breakpoint?', 'Where [is|does] the [error|breakpoint|problem|debugger] [|stop|occur]?', '[Which|What] line [fails|is wrong|raised it|does it stop at]?', '[In|At] which [file|place] [does it fail|is the error|does it stop]?'), '[It is line|It is at line] {line} of {file}.', ('When does the debugger stop?',)),
    Family('diff', 'terminal|editor|other', _slots(n=lambda r, n: str(r.randint(1, 40)), a=_n, b=_n, file=_file), ('{n} files changed, {a} insertions(+), {b} deletions(-)', 'modified:   {file}', 'new file:   {file}', 'deleted:    {file}', '{file} | {n} ++--', 'M {file}', '+++ b/{file}', 'diff --git a/{file} b/{file}', 'create mode 100644 {file}', 'Staged: {file}', '?? {file}'),
        ('[Which|What] file [{IS} [changed|modified|deleted|new|added|staged]|has changed|is untracked]?', 'What [has changed|changed|was modified|is new] [according to git|in git|in the repository|]?', 'How many files [changed|were changed]?'), '[The file is|It lists|They changed] {file}.'),
    Family('endpoint', 'editor|terminal|browser', _slots(method=lambda r, n: r.choice(('GET', 'POST', 'PUT', 'DELETE', 'PATCH')), path=lambda r, n: f'/{n.word()}' + r.choice(('', f'/{n.word()}', '/:id', f'/{n.word()}/{{id}}'.replace('{id}', '<id>'))), code=lambda r, n: r.choice(('200', '201', '204', '301', '304', '400', '401', '403', '404', '500', '502')), time=_time), ('"{method} {path} HTTP/1.1" {code}', '{method} {path} {code} in {time}', '{method} {path} {code}', '{code} {method} {path}', '< HTTP/1.1 {code} {method} {path}'),
        ('[Which|What] [status|status code|response code|HTTP code|code] [does the server answer|is returned|comes back|{IS} returned|does {path} give]?', 'What [did|does] {path} [return|answer|respond with]?', '[Is|Was] the request [to {path} |]successful?', 'How does the server [respond|answer]?'), '[It answers|The status is] {code}.', ('When {IS} {path} [requested|called]?',), '',
        ((('[Which|What] [path|route|endpoint|url] {IS} [called|requested|hit|used]?', '[Which|What] [endpoint|route] {DID} [call|request|add|define]?'), 'It is {path}.'),)),
    Family('route', 'editor', _slots(method=lambda r, n: r.choice(('get', 'post', 'put', 'delete')), path=lambda r, n: f'/{n.word()}' + r.choice(('', f'/{n.word()}', '/:id')), name=_word), ("@app.{method}('{path}')", 'app.{method}("{path}", {name})', 'router.{method}("{path}", async (req, res) => {', '@app.route("{path}")', 'path("{path}", views.{name})', 'Route::{method}("{path}")', '<Route path="{path}" element={<{name} />} />', '@{method}_mapping("{path}")'),
        ('[Which|What] [path|route|endpoint|url] {IS} [defined|added|registered|handled|created]?', '[Which|What] [endpoint|route] {DID} [add|define|create|write]?', 'For which [path|route|url] is the handler?'), '[The route is|They added] {path}.', ('When {IS} [the route |]{path} [added|defined]?',), 'Adding the route {path}'),
    Family('markup', 'editor', _slots(tag=lambda r, n: r.choice(('h1', 'h2', 'button', 'p', 'title', 'a', 'li', 'label', 'div', 'span')), text=_label, name=_word), ('<{tag}>{text}</{tag}>', '<{tag} class="{name}">{text}</{tag}>', '<{tag} id="{name}">{text}</{tag}>'),
        ('What [text|label] does the {tag} [have|show|contain]?', 'What {IS} [written|put] [in|into|inside] the {tag}?', '[Which|What] [text|heading|label] {IS} [added|used|written]?', 'What is between the {tag} tags?'), '[It says|The text is] {text}.', ('When {IS} the {tag} [added|written]?', 'When {DID} [add|write] the {tag}?')),
    Family('style', 'editor', _slots(property=lambda r, n: r.choice(('color', 'background', 'background-color', 'margin', 'padding', 'font-size', 'width', 'height', 'display', 'border', 'border-radius', 'gap', 'grid-template-columns', 'z-index', 'opacity', 'max-width', 'text-align', 'justify-content')), value=lambda r, n: r.choice((f'{number(r)}px', f'#{n.hash(6)}', 'flex', 'center', 'grid', f'{r.randint(1, 9)}rem', 'none', 'red', 'black', 'white', 'blue', f'{r.randint(1, 100)}%', '1px solid black', 'absolute'))), ('{property}: {value};', '  {property}: {value};', '{property}: {value}', "style={{ {property}: '{value}' }}"),
        ('[Which|What] {property} {IS} [set|used|given|chosen]?', 'What is the {property} [set to|]?', 'To what {IS} [the |]{property} [set|changed]?', '[Which|What] value does {property} [have|get]?'), '[It is|The {property} is] {value}.', ('When {IS} [the |]{property} [set|changed|added]?',)),
    Family('query', 'editor|terminal', _slots(table=lambda r, n: n.word() + 's', column=_word, value=literal), ('SELECT * FROM {table};', 'SELECT {column} FROM {table} WHERE {column} = {value};', 'INSERT INTO {table} ({column}) VALUES ({value});', 'CREATE TABLE {table} (', 'UPDATE {table} SET {column} = {value}', 'DROP TABLE {table};', 'db.{table}.find({ {column}: {value} })', 'ALTER TABLE {table} ADD {column} TEXT'),
        ('[Which|What] table {IS} [queried|used|created|read|changed|selected]?', '[From|In] [which|what] table [do they|is it|are the rows] [select|read|]?', '[Which|What] table {DID} [query|create|use|change]?'), '[It is|The table is] {table}.', ('When {IS} the table {table} [created|queried]?',), 'Querying {table}'),
    Family('option of command', 'terminal', _slots(command=lambda r, n: f'{r.choice(("docker run", "npm run", "git", "python", "node", "curl", "ffmpeg", "uvicorn", "pytest", "tsc"))} {n.word()}', option=lambda r, n: f'--{n.word()}' + r.choice(('', f'-{n.word()}')), value=_n), ('$ {command} {option} {value}', '{command} {option}={value}', '> {command} {option}', '{command} {option} {value}'),
        ('[Which|What] [option|flag|switch|argument] {IS} [used|passed|given|added] [with|to] {command}?', 'With [which|what] [option|flag] [is|do they run] {command} [run|]?', 'What is passed to {command}?'), '[They used|The option is] {option}.'),
    Family('extension', 'browser|tree|other', _slots(name=lambda r, n: f'{n.word().capitalize()} {n.word().capitalize()}', who=_word, n=_n, v=_version), ('{name} v{v}', '{name} | {who}', '{name} Install', '{name} {n}K', 'Extension: {name}', '{name} by {who}', '{name} Installing', '{name} Uninstall'),
        ('[Which|What] [extension|plugin|add-on|addon] {IS} [installed|opened|shown|used|searched]?', '[Which|What] [extension|plugin|add-on] {DID} [install|open|use|look at|add]?', 'What is the [extension|plugin] called?'), '[It is|The extension is|They installed] {name}.', ('When {DID} [install|open] [the extension |]{name}?',), 'Installing {name}'),
    Family('progress', 'terminal|other|statusBar', _slots(n=lambda r, n: str(r.randint(1, 100)), what=_word, m=lambda r, n: str(r.randint(2, 40))), ('Downloading {what} {n}%', '{n}% {what}', 'Epoch {m}: {n}%', '[{n}/{m}] {what}', 'Building {what} {n}%', 'Loading {what}... {n}%', 'Step {n}/{m}: {what}', 'Receiving objects: {n}%'),
        ('How far is the [download|build|progress|training|{what}]?', '[Which|What] [percentage|progress] {IS} [shown|reached]?', 'What is [being |]downloaded?', '[Which|What] step [is it|is running]?'), '[It is at|It shows] {n}.'),
    Family('metric', 'terminal|browser|other', _slots(name=lambda r, n: r.choice(('loss', 'accuracy', 'val_loss', 'score', 'mean', 'precision', 'recall', 'f1', 'coverage', 'memory', 'CPU', 'latency', 'temperature', 'total', 'balance', 'price', n.word())), value=lambda r, n: r.choice((f'0.{r.randint(1, 9999)}', f'{r.randint(1, 99)}.{r.randint(0, 9)}%', number(r), f'${number(r)}'))), ('{name}: {value}', '{name} = {value}', '{name} {value}', '{name}={value}', 'Average {name}: {value}', 'Final {name}: {value}', '- {name}: {value}'),
        ('What [is|was] the {name}?', 'How [high|low|good|big|much] is the {name}?', '[Which|What] {name} [is reached|is shown|{IS} reported|do they get|comes out]?', 'What {name} [does it show|is printed]?'), '[The {name} is|It is] {value}.'),
    Family('output', 'terminal', _slots(text=_sentence, n=_n), ('{text}', '{text}!', '> {text}', '{text} {n}', '{n}', '["{text}"]'),
        ('What [does|did] [it|the script|the code|running it] [print|output|write|show|give]?', 'What [does|did] the program [output|write|show|give|answer]?', 'What [is|was] the [output|result]?', '[Which|What] [output|result] [appears|comes out|is printed|is shown in the terminal]?'), '[It prints|The output is] {text}.'),
    Family('key', 'terminal|editor|browser', _slots(name=lambda r, n: f'{n.word().upper()}_{r.choice(("KEY", "TOKEN", "URL", "SECRET", "HOST", "USER", "NAME", "ID", "PATH", "MODE", "ENV"))}', value=lambda r, n: r.choice((n.word(), n.hash(12), number(r), address(r, n)))), ('{name}={value}', 'export {name}={value}', '{name}: {value}', 'process.env.{name}', "os.environ['{name}']", 'set {name} {value}', 'ENV {name}={value}'),
        ('[Which|What] environment variable {IS} [set|used|read|needed|exported]?', '[Which|What] [variable|secret|key] {DID} [set|export|use|add|define]?', 'What is the [environment variable|variable] called?'), '[It is|The variable is|They set] {name}.', ('When {IS} {name} [set|exported]?',), 'Setting {name}'),
    Family('exit', 'terminal|popup|other', _slots(code=lambda r, n: str(r.choice((0, 0, 1, 1, 2, 3, 9, 126, 127, 130, 134, 137, 139, 255))), pid=lambda r, n: str(r.randint(100, 99999)), name=_word, time=_time), ('Process finished with exit code {code}', '[Done] exited with code={code} in {time}', 'The terminal process terminated with exit code: {code}.', '[process exited with code {code}]', 'exit status {code}', 'Command failed with exit code {code}.', '{name} exited with code {code}', '{name} ({pid}) exited normally, code {code}', 'Program terminated, status {code}', 'npm ERR! code {code}', 'Job {name} ended: {code}'),
        ('With [which|what] [exit code|code|result] [did|does] [the [program|command|task|script|run|process|debugger]|it] [end|exit|finish|terminate|stop]?', '[Which|What] [exit code|exit status|code] [is|was] [returned|reported|shown|given]?', 'What is the exit [code|status]?', 'How [does|did] the [program|process|run|task] end?'), '[It ended with|The code is|It is] {code}.',
        ('When [does|did] the [program|process|task|run] [end|exit|finish|terminate]?',)),
    Family('refusal', 'popup|dialog|other|terminal', _slots(verb=lambda r, n: r.choice(VERBS), noun=lambda r, n: r.choice(NOUNS), name=_word, reason=lambda r, n: r.choice(('access is denied', 'the file is locked', 'it does not exist', 'the name is taken', 'you are offline', 'the limit is reached', 'sign in first', 'it is read-only', f'{n.word()} is missing', 'the token has expired', f'no {n.word()} was found', 'the disk is full'))), ('Unable to {verb} {noun} {name}: {reason}', 'Cannot {verb} {noun}: {reason}', 'Could not {verb} the {noun}, {reason}.', 'Failed to {verb} {noun}. {reason}', 'x You are not allowed to {verb} this {noun}: {reason}', '{noun} {name} was rejected: {reason}', 'The {noun} was not changed because {reason}.', 'i {verb} failed: {reason}'),
        ('Why [can|could|was|is] [it|this|that|the {noun}] not [be |][done|possible|changed|used|saved|allowed]?', 'What [prevents|stops|keeps] them from [going on|that|doing it]?', 'What is the reason for the [failure|refusal|warning|error]?', 'Why [is|was] it [refused|rejected|denied|blocked]?', 'Why does it not [work|go on]?', 'Why [did|does] the {verb} [fail|not work]?'), '[It says|Because|The reason is:] {reason}.',
        ('When [is|was] it [refused|rejected|denied]?', 'When does the message about {noun} [appear|come up]?')),
    Family('created', 'popup|dialog|terminal|other', _slots(thing=lambda r, n: r.choice((*NOUNS[:40], 'project', 'repository', 'environment', 'container', 'database', 'branch', 'file', 'account', 'profile', 'workspace', 'token', 'cluster', 'channel')), name=_function), ("{thing} '{name}' was created", 'Created {thing} {name}', 'Successfully created {thing} {name}.', 'New {thing} {name} added', '(i) The {thing} {name} is ready.', '{thing} "{name}" has been added to the list', 'Creating {thing}: {name}...', '{thing}/{name} created', 'Saved {thing} as {name}'),
        ('What is the name of the [new |created |added |]{thing}[ that was created|]?', '[How|What] is the new {thing} called?', '[Which|What] {thing} {IS} [created|added|made|saved]?', '[Which|What] {thing} {DID} [create|add|make|save]?', 'What {IS} created?'), '[It is|The {thing} is called|They created] {name}.',
        ('When {IS} the {thing} [created|added|saved]?', 'When {DID} create the {thing}?', 'When does the [message|notification] [about|for] the new {thing} [appear|come up]?', 'When {IS} {name} created?'), 'Creating {thing} {name}'),
    Family('field', 'browser|popup|dialog|other', _slots(label=lambda r, n: r.choice((*FIELDS, *FIELDS, f'{r.choice(NOUNS)} {r.choice(FIELDS)}', n.word())), value=lambda r, n: r.choice((n.word(), n.type_name(), n.word().upper(), number(r), f'{n.word()}_{n.word()}', f'{n.word()}-{number(r)}', f'{n.word().capitalize()} {n.word()}', f'{number(r)} {r.choice(("MB", "s", "ms", "GB"))}', n.hash(8), 'localhost', 'root', 'admin', 'active', 'public'))), ('{label} {value}', '{label}  {value}', '{label}  {value}', '{label}: {value}', '"{label}": "{value}",', '"{label}": {value},', '{label}  {value}', '{label} * {value}', '{label}={value}', '{label}: {value} v', 'o {label} {value}'),
        ('[Which|What] {label} {IS} [entered|set|shown|used|chosen|selected|filled in|given|picked|typed|configured]?', 'What {DID} [enter|choose|type|set|pick|give] [as|for] [the |]{label}?', 'What is the {label}?', 'To what {IS} the {label} [set|changed]?', '[Which|What] {label} does [the form|the page|it|the dialog|the server|the panel] [show|use|have|say]?', '[Which|What] {label} {DID} [enter|choose|use|pick|set|give]?', 'For the {label}, what {IS} [entered|chosen|typed]?'), '[It is|The {label} is|They entered] {value}.',
        ('When {IS} the {label} [entered|changed|set|chosen|filled in]?', 'When {DID} [enter|choose|change|set|fill in] the {label}?')),
)  # fmt: skip


def family_fact(rng: random.Random, names: Names, family: Family | None = None) -> Fact:
    """A line of a family with one of its questions."""
    family = family or rng.choice(FAMILIES)
    for _ in range(50):
        slots = family.slots(rng, names)
        line = rng.choice(family.lines)
        parts = parts_of(line, slots)
        present = {name for name, _ in parts if name}
        options: list[tuple[tuple[str, ...], str, bool]] = [(family.questions, family.answer, False)] * 3
        options += [(questions, answer, False) for questions, answer in family.others]
        if family.when:
            options.append((family.when, '', True))
        questions, answer, is_when = rng.choice(options)
        question, answer = expand(rng, rng.choice(questions)), expand(rng, answer or family.answer)
        if set(re.findall(r'\{(\w+)\}', question + answer)) <= present:
            break
    else:
        return family_fact(rng, names)
    title = expand(rng, family.title) if family.title else ''
    title = filled(title, slots) if set(re.findall(r'\{(\w+)\}', title)) <= present else ''
    return Fact(rng.choice(family.regions.split('|')), parts, finish_question(rng, filled(question, slots)), answer, is_when, title[:1].upper() + title[1:], family.kind)


def family_of(kind: str) -> Family:
    """@raises StopIteration for a kind that no family has"""
    return next(family for family in FAMILIES if family.kind == kind)
