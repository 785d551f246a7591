"""What stands on the reader's training lines: code, terminals, interfaces, slides, paths, random strings.

Code comes from the source trees found on this machine, interface wording from phrases.txt, terminals from the simulated tools of
text/terminal.py. A file, a phrase and a tool's line belong to the test split by their hash, so test lines are never training lines.
"""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path
from random import Random
from typing import Literal

from text import terminal
from text.vocabulary import Names

Split = Literal['train', 'test']
LineKind = Literal['code', 'terminal', 'interface', 'slide']

SIGNS = '…→✓✗×•›❯·©’“”–—éü➜⌘⇧⌥'
"""Signs beyond ASCII that editors, terminals and web pages show: ellipsis in menus, arrows and ticks of test
output, prompts, breadcrumbs, typographic quotes and dashes in prose, two accents, macOS key caps. Box-drawing
characters are left out: the segmenter removes rules."""

ASCII = ''.join(chr(code) for code in range(32, 127))
ALPHABET = ASCII + SIGNS

ICON = '\ue000'
"""Stands in a drawn text where a pictogram does: drawn as one of many, read as nothing."""

PHRASES = Path(__file__).parent / 'phrases.txt'

_SOURCES = (
    ('{stdlib}/**/*.py', 1800),
    ('/usr/lib/python3/dist-packages/**/*.py', 300),
    ('/usr/include/**/*.h', 700),
    ('{repo}/node_modules/**/*.js', 1200),
    ('{repo}/node_modules/**/*.ts', 1200),
    ('{repo}/node_modules/**/*.md', 500),
    ('{repo}/node_modules/**/*.json', 200),
    ('/usr/share/doc/**/*.txt', 100),
    ('/usr/share/perl/**/*.pod', 150),
    ('/etc/**/*.conf', 60),
)
_MENU = """File Edit Selection View Go Run Terminal Help Window Explorer Search Source Control Debug Extensions Open New Save
All As Close Folder Workspace Recent Preferences Settings Keyboard Shortcuts Color Theme Command Palette Rename Symbol Find
References Replace Definition Peek Format Document Copy Cut Paste Undo Redo Select Line Comment Problems Output Console Ports
Timeline Outline Variables Watch Call Stack Breakpoints Install Uninstall Update Reload Restart Cancel OK Yes No Apply Delete
Commit Push Pull Sync Changes Staged Stage Branch Merge Fork Clone Publish Create Request Issue Review Approve Build Test Tests
Testing Passed Failed Skipped Server Connection Database Table Query Result Host Port User Password Name Type Value Default
Local Remote Welcome Getting Started Learn More Show Hide Toggle Enter Add Remove Refresh Filter Sort Back Forward Next Previous
Details Overview Features Changelog Version Readme Untitled Modified Deleted Warning Error Info Success Loading Running Stopped
Ready Download Upload Share Sign In Out Account Profile Home Project Projects Package Module Class Function Method Property Image
Container Containers Registry Network Volume Volumes Docker Compose Kernel Notebook Cell Markdown Plain Text Spaces Tab Size
Ln Col UTF-8 LF CRLF Prettier ESLint GitHub Copilot Git Live Preview Browser Page Element Inspect Sources Performance""".split()  # noqa: SIM905 (a list of words is easier to read as words)
_EXTENSIONS = 'py js ts tsx go rs c h cpp java json md yml yaml html css sh txt toml lock swift sql ipynb mod log xml rb php'.split()  # noqa: SIM905 (a list of words is easier to read as words)
_TOOLS = 'git npm npx node python3 pip pytest go cargo docker make cd ls cat grep curl ssh kubectl code rm cp mv echo sudo yarn'.split()  # noqa: SIM905 (a list of words is easier to read as words)
_FOLDERS = 'src lib test tests docs app api cmd internal pkg utils core home usr etc var tmp dist build node_modules Users dev'.split()  # noqa: SIM905 (a list of words is easier to read as words)
_LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'
_SIMILAR = 'lI1|i!jt[](){}0OoQDCcSs5Z2z8B6bGgq9VvWwXxUuKkPpYyrnmmnvv.,:;\'"`_-~'
_KEYS = [
    *'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
    *['Enter', 'Space', 'Tab', 'Esc', '`', ',', '.', '/', '\\', 'Backspace', 'Delete', 'Up', 'Down', '=', '-'],
]
_SHORT = 'M U A D R C 1 2 9+ 99+ OK No Yes JS TS {} () [] => ... + - * / } { ) ( ]; }); }, ), $ % # > @ & LF Go C++ C# x y i j k id ok 0 1. a) fn if do in is or as Aa ab .* ^ ~ ? !'.split()  # noqa: SIM905
_MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun'.split()  # noqa: SIM905
_SHORT_FORMS = 'l10n i18n a11y k8s utf8 sha1 md5 uint8_t int16_t u32 i64 f32 x86_64 arm64 es2022 ISO-8859-1 base64 log10 O(1) O(n) h1 h2 l1 L1 L2 I/O IO IPv4 0b1011 1e-5 1.0f 10L 0L ll ill all I1 Il lI1 null nil NULL'.split()  # noqa: SIM905
_JOINTS = '. ( ) [ ] { } = == => -> :: : ; , / // && || ! != += < > | ~ @ # $ % ^ * -- ... ? \\ \' " ` _ __ </ /> <> () [] {} }; ); ", \','.split()  # noqa: SIM905 (a list of words is easier to read as words)


def _files(repo: Path) -> list[Path]:
    found: list[Path] = []
    for pattern, limit in _SOURCES:
        absolute = pattern.format(repo=repo, stdlib=Path(os.__file__).parent).lstrip('/')
        paths = sorted(Path('/').glob(absolute), key=lambda path: zlib.crc32(str(path).encode()))
        found += [path for path in paths if path.is_file()][:limit]
    return found


def _is_test(name: str) -> bool:
    return zlib.crc32(name.encode()) // 7 % 10 == 0


def _tool_output(split: Split, runs: int = 6000) -> list[str]:
    """Prompts with commands and what simulated tools print, line by line."""
    rng = Random(3 if split == 'train' else 4)
    lines: list[str] = []
    for _ in range(runs):
        language = rng.choice(('py', 'ts', 'js', 'go', 'rs'))
        names = Names(rng, split)
        file = names.file(language)
        makers = (terminal.tests_pass, terminal.tests_fail, terminal.install)
        roll = rng.random()
        if roll < 0.45:
            run = terminal.other_command(names)
        elif roll < 0.75:
            run = rng.choice(makers)(names, language)
        elif roll < 0.85:
            run = rng.choice((terminal.run_ok, terminal.run_error))(names, language, file)
        elif roll < 0.93:
            run = terminal.server_start(names, language, file)
        else:
            run = rng.choice((terminal.commit(names, names.word()), terminal.new_branch(names)))
        prompt = terminal.prompt(names, names.word())
        lines += [prompt + run.command, *run.progress, *run.output]
    return [line for line in lines if line.strip()]


def _shortcut(rng: Random) -> str:
    key = rng.choice(_KEYS)
    keys = (f'Ctrl+{key}', f'Ctrl+Shift+{key}', f'⌘{key}', f'⇧⌘{key}', f'⌥⌘{key}', f'Alt+{key}', f'F{rng.randint(1, 12)}', f'Shift+F{rng.randint(1, 12)}', f'Ctrl+K Ctrl+{key}')  # fmt: skip
    return rng.choice(keys)


def _with_icons(rng: Random, text: str, share: float, only_before: bool = False) -> str:
    if rng.random() < share:
        text = f'{ICON} {text}'
    if not only_before and rng.random() < share / 2:
        text = f'{text} {ICON}'
    return text


class LineText:
    """Draws strings of the reader's alphabet; `code` and `interface` follow what editors show."""

    def __init__(self, split: Split, repo: Path, max_files: int = 6000) -> None:
        self.code_lines: list[str] = []
        self.prose: list[str] = []
        allowed = set(ALPHABET)
        for path in _files(repo)[:max_files]:
            if _is_test(str(path)) != (split == 'test'):
                continue
            try:
                text = path.read_text(encoding='utf-8', errors='ignore')[:40_000]
            except OSError:
                continue
            is_prose = path.suffix in ('.md', '.pod', '.txt')
            for raw in text.split('\n'):
                line = raw.expandtabs(4).strip()
                if not 2 <= len(line) <= 240 or not allowed.issuperset(line):
                    continue
                comment = re.match(r'(?:#|//|\*|"""|/\*) ?([A-Z][^{};=<>]{12,})$', line)
                if is_prose and ' ' in line:
                    self.prose.append(line)
                elif comment:
                    self.prose.append(comment.group(1))
                if not is_prose:
                    self.code_lines.append(line)
        assert self.code_lines and self.prose, 'no source text found to train the reader on'
        self.phrases = [line for line in PHRASES.read_text().split('\n') if line and _is_test(line) == (split == 'test')]
        self.output = [line for line in _tool_output(split) if allowed.issuperset(line)]
        words = re.findall(r'[A-Za-z]{2,}', ' '.join(self.prose[:60_000]))
        self.words = sorted(set(words)) + words[:20_000]  # rare words and frequent ones alike

    def of(self, kind: LineKind, rng: Random) -> str:
        """A line of this kind; `ICON` where a pictogram stands."""
        return {'code': self.code, 'terminal': self.terminal, 'interface': self.interface, 'slide': self.slide}[kind](rng)

    def code(self, rng: Random) -> str:
        """A line of a program, or a part of one."""
        kind = rng.random()
        if kind < 0.62:
            return rng.choice(self.code_lines)
        if kind < 0.68:
            return self.path(rng)
        if kind < 0.77:
            return self.identifier(rng)
        if kind < 0.82:
            return self.short(rng)
        return self.figures(rng) if kind < 0.87 else self.random(rng)

    def terminal(self, rng: Random) -> str:
        """A prompt with a command, or a line that a tool prints."""
        kind = rng.random()
        if kind < 0.5:
            return rng.choice(self.output)
        if kind < 0.66:
            return self.shell(rng)
        if kind < 0.84:
            return self.figures(rng)
        return self.path(rng) if kind < 0.92 else self.random(rng)

    def interface(self, rng: Random) -> str:
        """A label, menu entry, message, status item or sentence, as shown in a proportional font."""
        kind = rng.random()
        if kind < 0.22:
            return self.phrase(rng)
        if kind < 0.34:
            return self.label(rng)
        if kind < 0.44:
            return rng.choice(self.prose)
        if kind < 0.56:
            return self.tree_entry(rng)
        if kind < 0.62:
            return self.breadcrumb(rng)
        if kind < 0.70:
            return self.bar(rng)
        if kind < 0.76:
            return self.path(rng) if rng.random() < 0.6 else rng.choice(self.code_lines)
        if kind < 0.81:
            return self.number(rng)
        if kind < 0.85:
            return self.figures(rng)
        if kind < 0.89:
            return self.short(rng)
        return self.random(rng)

    def slide(self, rng: Random) -> str:
        """A heading, a bullet or a sentence of a slide or page."""
        kind = rng.random()
        if kind < 0.3:
            return ' '.join(self.word(rng) for _ in range(rng.randint(1, 5))).capitalize()
        if kind < 0.5:
            return self.phrase(rng)
        if kind < 0.8:
            return rng.choice(('', '', '• ', '– ', '→ ', f'{rng.randint(1, 9)}. ')) + rng.choice(self.prose)
        return rng.choice(self.code_lines)

    def phrase(self, rng: Random) -> str:
        """Wording of editors, browsers and desktops, alone, cut short, after a category or before its key."""
        text = rng.choice(self.phrases)
        roll = rng.random()
        if roll < 0.1:
            text = f'{self.word(rng).capitalize()}: {text}'
        elif roll < 0.2:
            text = f'{text} {_shortcut(rng)}'
        elif roll < 0.25:
            text = text.upper()
        elif roll < 0.3 and len(text) > 8:
            text = text[: rng.randint(5, len(text) - 2)] + rng.choice(('…', '...'))
        elif roll < 0.34:
            text = f'{text} {rng.choice(self.phrases)}'
        elif roll < 0.38:
            text = f'{text} {rng.choice(("(", "[", ""))}{rng.randint(0, 120)}'
            text += {'(': ')', '[': ']'}.get(text[text.rfind(' ') + 1], '')
        return _with_icons(rng, text, 0.16)

    def tree_entry(self, rng: Random) -> str:
        """A file or symbol of a tree, list or tab, with chevron, icon, badge, time."""
        name = self.file_name(rng) if rng.random() < 0.6 else rng.choice((self.identifier(rng), rng.choice(_FOLDERS), self.word(rng)))
        tail = rng.random()
        if tail < 0.14:
            name += rng.choice((' M', ' U', ' A', ' D', ' 1', ' 2', f' {rng.randint(1, 30)}', f' {rng.randint(1, 9)}, M', ' R', ' 9+'))
        elif tail < 0.24:
            name += f' {rng.choice(_FOLDERS)}/{self.identifier(rng)}'
        elif tail < 0.32:
            name += f' {rng.choice((f"{rng.randint(0, 900)}ms", f"{rng.randint(0, 90) / 10}ms", f"{rng.randint(1, 90) / 10}s"))}'
        elif tail < 0.4:
            name += rng.choice((' ×', f' {ICON}', f' {ICON} {ICON}'))
        elif tail < 0.45 and len(name) > 6:
            name = name[: rng.randint(3, len(name) - 1)] + rng.choice(('…', '...'))
        lead = rng.random()
        return name if lead < 0.35 else f'{ICON} {name}' if lead < 0.8 else f'{ICON} {ICON} {name}'

    def breadcrumb(self, rng: Random) -> str:
        """The path above an editor, with or without icons."""
        mark = rng.choice((' › ', ' › ', ' › ', ' > ', ' / ', ' \\ '))
        parts = [rng.choice(_FOLDERS) if rng.random() < 0.6 else self.identifier(rng) for _ in range(rng.randint(0, 2))]
        parts.append(_with_icons(rng, self.file_name(rng), 0.5, only_before=True))
        if rng.random() < 0.5:
            parts.append(_with_icons(rng, rng.choice(('...', self.identifier(rng), self.identifier(rng) + '()')), 0.6, only_before=True))
        return mark.join(parts)

    def bar(self, rng: Random) -> str:
        """Several items of a status bar, menu bar, row of tabs or of column heads."""
        kind = rng.random()
        if kind < 0.5:
            items = [
                f'Ln {rng.randint(1, 999)}, Col {rng.randint(1, 120)}',
                f'Spaces: {rng.choice((2, 4))}',
                'UTF-8',
                rng.choice(('LF', 'CRLF')),
            ]
            items += [
                rng.choice(self.phrases),
                f'{ICON} {rng.choice(self.phrases)}',
                f'{ICON} {rng.randint(0, 9)} {ICON} {rng.randint(0, 30)}',
            ]
            items += [rng.choice(('main*', 'main', f'{ICON} {self.word(rng).lower()}', 'Port : 5500', f'Port: {rng.randint(80, 9999)}'))]
            items += [f'{rng.choice(self.phrases)} ({self.word(rng)})', self.number(rng)]
        elif kind < 0.75:
            items = [*_MENU[:9], *('Debug', 'Edit', 'Tools', 'Build', 'Git', 'Project', 'Insert', 'Format')]
        else:
            items = [self.file_name(rng) for _ in range(3)] + [rng.choice(self.phrases) for _ in range(3)]
        rng.shuffle(items)
        return rng.choice((' ', '  ', '   ')).join(items[: rng.randint(2, 5)])

    def figures(self, rng: Random) -> str:
        """Digits among digits and among letters: listings, tables, hashes, times, addresses, short forms. What is l and what 1, O or 0
        is told here by shape and neighbours alone.
        """

        def item() -> str:
            n = rng.randint(0, 10 ** rng.randint(1, 6))
            day = f'{rng.choice(_MONTHS)} {rng.randint(1, 31)}'
            clock = f'{rng.randint(0, 23):02}:{rng.randint(0, 59):02}'
            hexadecimal = ''.join(rng.choice('0123456789abcdef') for _ in range(rng.choice((7, 8, 12, 16))))
            kinds = (
                str(n), str(n), f'{n / 10:.1f}', f'{n / 100:.2f}%', day, clock, f'{clock}:{rng.randint(0, 59):02}', f'{day} {clock}', hexadecimal,
                f'0x{n:x}', f'0x{n:04X}', f'{rng.choice(_SHORT_FORMS)}', f'{self.word(rng).lower()}{n % 100}', f'{rng.choice("dl-")}{rng.choice(("rwxr-xr-x", "rw-r--r--", "rwxrwxr-x"))}',
                f'{n % 900}ms', f'{n % 100}/{n % 100 + rng.randint(0, 40)}', f'{n}:{rng.randint(1, 120)}', f'[{n % 100}]', f'({n % 1000})', f'#{n}', f'v{n % 30}.{n % 11}.{n % 7}',
                f'{rng.choice("LlIi1")}{rng.choice("0O1lI")}{n % 10}', f'T+{n % 90}', f'{n % 1000}KB', f'{n / 1000:.1f}M', f'-{n % 500}', f'+{n % 500}', f'${n}', f'"{n}"', f'{n},',
                f'2{n % 1000:03}-{n % 12 + 1:02}-{n % 28 + 1:02}', f'{n % 256}.{n * 7 % 256}.{n * 3 % 256}.{n % 100}', f'{n % 60}l', f'l{n % 60}', f'O{n % 60}', f'0{n % 60}',
            )  # fmt: skip
            return rng.choice(kinds)

        items = [item() if rng.random() < 0.75 else self.word(rng).lower() for _ in range(rng.randint(1, 6))]
        return rng.choice((' ', ' ', '  ', ', ', ': ', ' | ', '=')).join(items)

    def short(self, rng: Random) -> str:
        """One to four characters: badges, counts, brackets, operators, units."""
        kind = rng.random()
        if kind < 0.3:
            return str(rng.randint(0, 9999))
        if kind < 0.5:
            return rng.choice(_SHORT)
        if kind < 0.7:
            return rng.choice(_JOINTS)
        if kind < 0.85:
            return self.word(rng)[: rng.randint(1, 4)]
        return ''.join(rng.choice(ASCII[1:]) for _ in range(rng.randint(1, 4)))

    def word(self, rng: Random) -> str:
        """One word, sometimes accented, in a random case."""
        word = rng.choice(self.words)
        if rng.random() < 0.02:
            word = word.replace('e', 'é', 1).replace('u', 'ü', 1)
        case = rng.random()
        return word.lower() if case < 0.5 else word.capitalize() if case < 0.85 else word.upper()

    def identifier(self, rng: Random) -> str:
        """A name made of one to three words in one of the usual cases."""
        parts = [rng.choice(self.words).lower() for _ in range(rng.randint(1, 3))]
        style = rng.randrange(5)
        if style == 0:
            return '_'.join(parts)
        if style == 1:
            return parts[0] + ''.join(part.capitalize() for part in parts[1:])
        if style == 2:
            return ''.join(part.capitalize() for part in parts)
        if style == 3:
            return '_'.join(parts).upper()
        return '-'.join(parts)

    def label(self, rng: Random) -> str:
        """Menu entries, buttons, headings, tabs, status items."""

        def entry() -> str:
            return rng.choice(_MENU) if rng.random() < 0.6 else self.word(rng).capitalize()

        text = ' '.join(entry() for _ in range(rng.choice((1, 1, 2, 2, 2, 3, 4))))
        case = rng.random()
        if case < 0.2:
            text = text.upper()
        elif case < 0.45:
            text = text[:1] + text[1:].lower()
        extra = rng.random()
        if extra < 0.08:
            return text + rng.choice(('…', '...', ':', '?', '!', ' ›', ' ×'))
        if extra < 0.16:
            return f'{text} {_shortcut(rng)}'
        if extra < 0.24:
            return f'{text}{rng.choice((": ", " - ", " · ", " — ", " (", " › ", " • ", " – "))}{self.word(rng)}'
        if extra < 0.30:
            return f'{text} {rng.choice("✓✗•→©")} {self.word(rng)}'
        if extra < 0.36:
            return f'“{text}”' if rng.random() < 0.5 else f'{text}’s {self.word(rng)}'
        return text

    def file_name(self, rng: Random) -> str:
        """`name.ext`, sometimes with a folder or a breadcrumb."""
        name = f'{self.identifier(rng)}.{rng.choice(_EXTENSIONS)}'
        if rng.random() < 0.2:
            return rng.choice(('README.md', 'package.json', 'Dockerfile', 'Makefile', '.gitignore', 'index.html', 'main.go', '__init__.py'))
        if rng.random() < 0.2:
            return f'{rng.choice(_FOLDERS)} {rng.choice("›>")} {name}'
        return name

    def path(self, rng: Random) -> str:
        """A path, a URL or an address with a port."""
        tail = '/'.join(rng.choice(_FOLDERS) if rng.random() < 0.5 else self.identifier(rng) for _ in range(rng.randint(1, 3)))
        kind = rng.random()
        if kind < 0.2:
            host = rng.choice(
                ('github.com', 'localhost:3000', '127.0.0.1:8080', 'example.org', f'{self.word(rng).lower()}.io', 'pkg.go.dev')
            )
            return f'{rng.choice(("https://", "http://", ""))}{host}/{tail}'
        if kind < 0.35:
            return '.'.join(str(rng.randint(0, 255)) for _ in range(4)) + f':{rng.randint(1, 65535)}'
        start = rng.choice(('/', '~/', './', '../', '', 'C:\\'))
        joined = f'{start}{tail}/{self.file_name(rng)}'
        return joined.replace('/', '\\') if start == 'C:\\' else joined

    def number(self, rng: Random) -> str:
        """Times, counts, versions, sizes, percentages."""
        n, m = rng.randint(0, 9999), rng.randint(0, 99)
        kinds = (
            f'{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}', f'{n}', f'{n / 100:.2f}s', f'v{m}.{n % 30}.{n % 7}',
            f'{m}%', f'{n} {self.word(rng).lower()}', f'({m})', f'Ln {n}, Col {m}', f'{m}/{m + n % 9} {self.word(rng).lower()}', f'{n:,}',
            f'20{m:02}-{n % 12 + 1:02}-{n % 28 + 1:02}', f'{n % 500} ms', f'{m}.{n % 10} MB', f'+{m} -{n % 40}', f'#{n}', f'0x{n * 7919:x}', f'{n}:{m}',
        )  # fmt: skip
        return rng.choice(kinds)

    def shell(self, rng: Random) -> str:
        """A prompt with a command, or a line a tool prints."""
        words = [rng.choice(_TOOLS)] + [self.word(rng).lower() for _ in range(rng.randint(0, 2))]
        if rng.random() < 0.5:
            words.append(rng.choice((self.path(rng), f'--{self.identifier(rng)}', f'-{rng.choice(_LETTERS)}', f'"{self.word(rng)}"')))
        command = ' '.join(words)
        kind = rng.random()
        if kind < 0.45:
            prompt = rng.choice(
                (
                    '$ ',
                    '% ',
                    '> ',
                    '❯ ',
                    '➜  ',
                    '# ',
                    '>>> ',
                    f'{self.word(rng).lower()}@{self.word(rng).lower()}:~$ ',
                    f'➜ {self.identifier(rng)} git:(main) ✗ ',
                )
            )
            return prompt + command
        if kind < 0.6:
            level = rng.choice(('INFO', 'DEBUG', 'WARNING', 'ERROR', 'error', 'warn', 'info'))
            return f'[{self.number(rng)}] {level}: {rng.choice(self.prose)}'
        if kind < 0.75:
            return f'{rng.choice("✓✗•→×")} {self.identifier(rng).replace("_", " ")} ({rng.randint(1, 900)} ms)'
        return f'{rng.choice(("PASS", "FAIL", "ok", "Error", "at", "added", "Successfully", "   Compiling"))} {self.path(rng)} {self.number(rng)}'

    def random(self, rng: Random) -> str:
        """No language at all: what keeps the reader honest about single characters."""
        length = rng.randint(3, 40)
        kind = rng.random()
        if kind < 0.3:
            text = ''.join(rng.choice(ASCII) for _ in range(length))
        elif kind < 0.45:
            text = ''.join(rng.choice(_SIMILAR) for _ in range(length))
        elif kind < 0.55:
            text = ''.join(rng.choice(ALPHABET if rng.random() < 0.5 else SIGNS + ' ') for _ in range(min(length, 16)))
        else:
            text = ''
            while len(text) < length:
                text += ''.join(rng.choice(_LETTERS) for _ in range(rng.randint(1, 9))) + rng.choice(_JOINTS)
                text += ' ' if rng.random() < 0.3 else ''
        return text.strip() or 'l1'
