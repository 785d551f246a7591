"""What stands beside an answer on a real screen: panes with their labels, buttons, counters and fragments, as a reader gives them.

A pane is a few rows that are read together. Nothing in them is asked about; `answers` names the families (families.py) whose questions
a row of the pane might answer all the same, so that it stays away from those.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from decoder.template import Evidence
from recall.families import address, command, literal, number, port
from text.corpus import Corpus
from text.vocabulary import NOUNS, VERBS, Names

Rows = list[tuple[str, str]]  # (region, text)
BESIDE = '  '  # between texts that stand beside each other on one line (the daemon's visualLines.ts)


@dataclass(frozen=True)
class Pane:
    """One part of a screen; `make` gives its rows from top to bottom."""

    name: str
    answers: frozenset[str]
    make: Callable[[random.Random, Names, Corpus], Rows]


ICONS = ('o', 'oo', 'O', '-o', 'v', '>', '(i)', 'x', 'M', 'U', '{ }', '<>', 'JS', 'TS', '#', '*', '+', '...', '.')
MENUS = ('File', 'Edit', 'Selection', 'View', 'Go', 'Run', 'Debug', 'Terminal', 'Window', 'Help')
HEADINGS = ('EXPLORER', 'OUTLINE', 'TIMELINE', 'OPEN EDITORS', 'SOURCE CONTROL', 'RUN AND DEBUG', 'VARIABLES', 'WATCH', 'CALL STACK', 'BREAKPOINTS', 'TESTING', 'EXTENSIONS', 'SEARCH', 'PROBLEMS', 'OUTPUT', 'DEBUG CONSOLE', 'TERMINAL', 'PORTS', 'Changes', 'Staged Changes', 'No configuration')
LABELS = ('Name', 'Host', 'Hostname', 'User', 'Username', 'Password', 'Database', 'Schema', 'Engine', 'Region', 'Runtime', 'Status', 'Type', 'Owner', 'Branch', 'Environment', 'Protocol', 'Driver', 'Timeout', 'Path', 'Description', 'Group', 'Language', 'Platform', 'Size', 'Created', 'Mode', 'Level', 'Theme', 'Profile', 'Endpoint', 'Key', 'Format', 'Provider', 'Version', 'License', 'Publisher', 'Category', 'Visibility', 'Template', 'Image', 'Memory', 'Scope', 'Role')  # fmt: skip


def label(rng: random.Random, names: Names) -> str:
    """What a field is called."""
    first = rng.choice(LABELS)
    return rng.choice((first, first, f'{rng.choice(NOUNS).capitalize()} {first.lower()}', f'{first} {rng.choice(("name", "type", "ID", "URL"))}', names.word().capitalize()))


def field_value(rng: random.Random, names: Names) -> str:
    """What stands in a field."""
    return rng.choice((names.word(), names.type_name(), names.word().upper(), number(rng), f'{names.word()}_{names.word()}', f'{names.word()}-{number(rng)}', f'{names.word().capitalize()} {names.word()}', f'{number(rng)} {rng.choice(("MB", "s", "ms", "GB"))}', names.hash(8), names.word().capitalize()))


# --- panes ----------------------------------------------------------------------------------------------------------------


def menu_bar(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    entries = list(MENUS[: rng.randint(4, len(MENUS))])
    if rng.random() < 0.5:
        return [('other', rng.choice((' ', BESIDE)).join(entries))]
    return [('other', entry) for entry in entries]


def side_bar(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    rows: Rows = [('tree', rng.choice(HEADINGS))]
    for _ in range(rng.randint(1, 7)):
        name = rng.choice((names.word(), names.file(rng.choice(('py', 'ts', 'go'))), f'.{names.word()}', f'{names.word()}.{rng.choice(("md", "json", "yml", "toml", "lock", "html", "css"))}'))
        rows.append(('tree', f'{rng.choice(("", "", "> ", "v ", ">", "O "))}{name}{rng.choice(("", "", "", " M", " U", " 1"))}'))
    return rows


def code(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    lines = corpus.document(rng, 'code').lines
    first = rng.randrange(len(lines))
    rows: Rows = []
    at = rng.randint(1, 300)
    has_gutter = rng.random() < 0.3
    for i, line in enumerate(lines[first : first + rng.randint(2, 9)]):
        rows.append(('editor', f'{at + i}{BESIDE}{line.strip()}' if has_gutter else line.strip()))
    return rows


def log(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    process, number_ = names.word(), rng.randint(100, 99999)
    verbs = ('Adding', 'Loading', 'Waiting for', 'Connected to', 'Closing', 'Received', 'Sending', 'Starting', 'Skipping', 'Registered', 'Resolved', 'Checking')
    head = rng.choice((f'{process}[{number_}]: ', f'[{rng.choice(("INFO", "DEBUG", "info", "WARN"))}] ', f'{process}@{number_}[D]:', f'{rng.randint(10, 23)}:{rng.randint(10, 59)}:{rng.randint(10, 59)} ', f'{process} | ', '', 'info: '))
    rows: Rows = []
    for _ in range(rng.randint(2, 7)):
        rows.append(('terminal', f'{head}{rng.choice(verbs)} {names.words(1, 3)}{rng.choice(("", "...", f" {names.hash(16)}", f" ({number(rng)})", f" {names.word()}/{names.word()}/0"))}'))
    return rows


def status_bar(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    line = ' '.join(rng.sample((f'Ln {rng.randint(1, 400)}, Col {rng.randint(1, 80)}', 'Spaces: 4', 'Tab Size: 4', 'UTF-8', 'LF', 'CRLF', f'{rng.randint(0, 3)} {rng.randint(0, 9)}', names.word()), rng.randint(1, 5)))
    return [('statusBar', line)] * 1 + ([('statusBar', rng.choice(('0 0', f'{names.word().capitalize()}', 'Prettier', f'{rng.randint(0, 9)}0')))] if rng.random() < 0.5 else [])


def fields(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    """Labels with values beside or below, and what a form complains about."""
    region = rng.choice(('browser', 'popup', 'dialog', 'other', 'other'))
    rows: Rows = []
    for _ in range(rng.randint(2, 6)):
        name, value = label(rng, names), field_value(rng, names)
        roll = rng.random()
        if roll < 0.1:
            rows += [(region, name), (region, value)]
        elif roll < 0.6:
            rows.append((region, f'{name}{rng.choice((" ", ": ", BESIDE, BESIDE))}{value}'))
        elif roll < 0.75:
            rows.append((region, f'"{name.lower().replace(" ", "_")}": "{value}",'))
        elif roll < 0.85:
            rows.append((region, f"{name} {rng.choice(('cannot be empty', 'is required', 'must be set', 'is not valid'))}"))
        else:
            rows.append((region, name))
    return rows


def buttons(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    region = rng.choice(('browser', 'dialog', 'other', 'popup'))
    words = ('Cancel', 'OK', 'Save', 'Apply', 'Next', 'Back', 'Close', 'Connect', 'Create', 'Install', 'Sign in', 'More', 'Learn more', 'Retry', 'Submit', 'Copy', 'Details', 'Settings')
    shown = rng.sample(words, rng.randint(1, 4))
    return [(region, BESIDE.join(shown))] if rng.random() < 0.5 else [(region, word) for word in shown]


def context_menu(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    region = rng.choice(('popup', 'other', 'popup'))
    keys = ('', '', 'F2', 'F12', 'Ctrl+X', 'Ctrl+Shift+P', 'Alt+F12', 'Del')
    return [(region, f'{rng.choice(VERBS).capitalize()} {rng.choice(NOUNS).capitalize()} {rng.choice(keys)}'.strip()) for _ in range(rng.randint(2, 6))]


def page(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    lines = corpus.document(rng, 'prose').lines
    first = rng.randrange(len(lines))
    region = rng.choice(('browser', 'browser', 'slide', 'editor', 'other'))
    return [(region, line.strip()) for line in lines[first : first + rng.randint(1, 5)]]


def suggestions(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    """What completion offers while something is typed."""
    stem = names.word()
    return [('popup', f'{stem}{rng.choice(("_", "."))}{names.word()}') for _ in range(rng.randint(2, 5))]


def fragments(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    """Icons, halves of words and numbers that stand alone; what is shorter, the program leaves out."""
    made = (
        lambda: rng.choice(ICONS) + names.word()[:2], lambda: str(rng.randint(100, 99999)), lambda: names.word()[: rng.randint(2, 4)], lambda: f'{rng.choice(ICONS)} {names.word()[:3]}',
        lambda: f'{names.word()[:2]}_', lambda: f'.{rng.randint(0, 9)}.{rng.randint(0, 9)}:{rng.randint(10, 999)}', lambda: names.words(1, 2)[rng.randint(1, 5) :] or 'ng', lambda: f'{names.hash(20)} {names.word().upper()[:4]}',
    )  # fmt: skip
    return [(rng.choice(('other', 'other', 'editor', 'popup', 'tabs', 'terminal', 'browser', 'statusBar')), rng.choice(made)()) for _ in range(rng.randint(1, 4))]


def result_table(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    """Rows of a database, a listing or a report."""
    region = rng.choice(('browser', 'other', 'terminal', 'editor'))
    columns = rng.randint(2, 4)
    return [(region, rng.choice((' ', BESIDE)).join(field_value(rng, names) for _ in range(columns))) for _ in range(rng.randint(2, 5))]


def tests(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    rows: Rows = [('tree', rng.choice(('TESTING', 'Test Explorer', 'run test | debug test', 'Running tests...')))]
    for _ in range(rng.randint(1, 4)):
        rows.append(('tree', f'{rng.choice(("", "> ", "v ", "o "))}{rng.choice(("test_" + names.function("py"), "Test" + names.type_name(), names.words(2, 4)))}{rng.choice(("", f" {rng.randint(1, 90)}ms"))}'))
    return rows


def settings(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    """A file of keys and values."""
    rows: Rows = []
    is_yaml = rng.random() < 0.5
    for _ in range(rng.randint(2, 6)):
        key, value = names.word(), literal(rng, names)
        rows.append(('editor', f'{key}: {value}' if is_yaml else f'"{key}": {value},'))
        if rng.random() < 0.3:
            rows.append(('editor', f'{names.word()}:' if is_yaml else f'"{names.word()}": {{'))
    return rows


def shell(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    lines = corpus.document(rng, 'output').lines[1:]
    return [('terminal', line.strip()) for line in lines[: rng.randint(1, 6)]]


def tab_row(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    files = [f'{rng.choice(("", "", "o ", "oo "))}{names.file(rng.choice(("py", "ts", "go", "rs")))}{rng.choice(("", " x"))}' for _ in range(rng.randint(1, 3))]
    rows: Rows = [('tabs', ' '.join(files))]
    if rng.random() < 0.6:
        rows.append(('breadcrumbs', f'{names.word()} > {files[0]} > {names.function("ts")}'))
    return rows


def prompts(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    return [('terminal', f'{rng.choice(("$ ", "> ", "% ", "", f"{names.word()} git:(main) "))}{command(rng, names)}') for _ in range(rng.randint(1, 3))]


def addresses(rng: random.Random, names: Names, corpus: Corpus) -> Rows:
    label_ = rng.choice(('Local', 'Network', 'Public address', 'Gateway', 'Proxy', 'Host', 'listening on'))
    return [(rng.choice(('terminal', 'browser', 'other')), rng.choice((address(rng, names), f'{label_}: {address(rng, names)}', f'{label_} 0.0.0.0:{port(rng)}', f'192.168.{rng.randint(0, 9)}.{rng.randint(2, 99)}:{port(rng)}')))]


def _kinds(names: str) -> frozenset[str]:
    return frozenset(names.split('|'))


PANES: tuple[Pane, ...] = (
    Pane('menu bar', _kinds('menu'), menu_bar),
    Pane('side bar', _kinds('tree|size|diff|project|stop'), side_bar),
    Pane('code', _kinds('value|function|class|inherits|import|import from|return|call|print|condition|loop|comment|markup|style|route|key|endpoint|query|debug value|output|error|field'), code),
    Pane('log', _kinds('progress|output|message|error|metric|person|search'), log),
    Pane('status bar', _kinds('status line|encoding|language mode|branch|stop|project'), status_bar),
    Pane('fields', _kinds('setting|choice|metric|person|model|value|debug value|key|message|version|size|field|extension|project|search|chat|branch|heading|prose'), fields),
    Pane('buttons', _kinds('button|menu|choice'), buttons),
    Pane('context menu', _kinds('menu|shortcut|button|choice|setting'), context_menu),
    Pane('page', _kinds('prose|heading|bullet|extension|person|message|address|chat|comment|option of command|install|command'), page),
    Pane('suggestions', _kinds('choice|menu|debug value'), suggestions),
    Pane('fragments', _kinds('output|count|status line'), fragments),
    Pane('table', _kinds('output|metric|version|size|count|person|place|model|progress|search'), result_table),
    Pane('tests', _kinds('test failed|tests passed|mixed tests|progress|time taken'), tests),
    Pane('settings', _kinds('value|key|setting|metric|style|debug value|version|model|choice|field'), settings),
    Pane('shell', _kinds('command|install|installed|output|error|test failed|branch|commit|count|version|size|diff|place|time taken|progress|message|stop|address|person|metric|option of command|print|key'), shell),
    Pane('tabs', _kinds('file open|diff|stop|project|place'), tab_row),
    Pane('prompts', _kinds('command|install|option of command|commit|branch|place|rename|key|diff|stop|port|search|chat|model|file open|query|call|endpoint|address'), prompts),
    Pane('addresses', _kinds('port|address|endpoint|route|key|search'), addresses),
)  # fmt: skip


def surroundings(rng: random.Random, names: Names, corpus: Corpus, kinds: frozenset[str], count: int) -> list[Evidence]:
    """About `count` rows of panes that answer no question of `kinds`, pane after pane."""
    fitting = [pane for pane in PANES if not pane.answers & kinds]
    rows: Rows = []
    for pane in rng.sample(fitting, min(len(fitting), 8)):
        if len(rows) >= count:
            break
        made = [(region, with_signs(rng, text)) for region, text in pane.make(rng, names, corpus)]
        rows += misplaced(rng, made) if rng.random() < 0.25 else made
    return [Evidence('screen', text, region) for region, text in rows[:count] if text.strip()]


SIGNS = (('...', '…'), (' - ', ' — '), ('> ', '› '), ('> ', '➜  '), ('$ ', '❯ '), ('x ', '✗ '), ('v ', '✓ '), ('* ', '• '), ('->', '→'), (' x', ' ×'), ('- ', '– '))  # as the reader gives them, in place of ASCII


def with_signs(rng: random.Random, text: str) -> str:
    """The text with one sign as it is drawn; rows before a question are not folded to ASCII as those of the stream are."""
    plain, sign = rng.choice(SIGNS)
    at = text.find(plain)
    return text if at < 0 or (plain[0].isalpha() and at > 0) else text[:at] + sign + text[at + len(plain) :]


def misplaced(rng: random.Random, rows: Sequence[tuple[str, str]]) -> Rows:
    """A pane that was taken for another one."""
    region = rng.choice(('other', 'other', 'terminal', 'popup', 'browser', 'editor', 'tabs'))
    return [(region, text) for _, text in rows]


GUIDANCE_OF_STATES = ('Switched to a full terminal.', 'Switched to a dark theme.', 'Switched to a light theme.', 'Back in the editor.', 'Opened the Settings.', 'Closed the panel.', 'Went back to the code.', 'Scrolled through the file.', 'Opened the terminal.')


def doubtful_guidance(rng: random.Random, names: Names) -> Evidence:
    """What the small decoder said while it watched, often with names that it misread."""
    name = rng.choice((names.word(), names.file('ts').replace('.', ''), names.word()[:2], names.file('py'), names.type_name(), names.word().upper()))
    said = (f'Switched to {name}.', f'The file {name} is open now.', f'Added the new file {name}.', f'Looked for {name}.', f'Ran the command {name}.', f'Opened {name}.', f'The test view shows {name} failed.', f'Wrote the function {name}.', f'Typed {name}.')
    return Evidence('guidance', rng.choice((*said, *GUIDANCE_OF_STATES)))
