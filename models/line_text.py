"""What stands on the reader's training lines: code, shell output, interface phrases, paths, random strings.

Code comes from the source trees found on this machine; a file belongs to the test split by the hash
of its path, so test lines are never training lines.
"""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path
from random import Random
from typing import Literal

Split = Literal['train', 'test']

SIGNS = '…→✓✗×•›❯·©’“”–—éü➜⌘⇧⌥'
"""Signs beyond ASCII that editors, terminals and web pages show: ellipsis in menus, arrows and ticks of test
output, prompts, breadcrumbs, typographic quotes and dashes in prose, two accents, macOS key caps. Box-drawing
characters are left out: the segmenter removes rules."""

ASCII = ''.join(chr(code) for code in range(32, 127))
ALPHABET = ASCII + SIGNS

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
_JOINTS = '. ( ) [ ] { } = == => -> :: : ; , / // && || ! != += < > | ~ @ # $ % ^ * -- ... ? \\ \' " ` _ __ </ /> <> () [] {} }; ); ", \','.split()  # noqa: SIM905 (a list of words is easier to read as words)


def _files(repo: Path) -> list[Path]:
    found: list[Path] = []
    for pattern, limit in _SOURCES:
        absolute = pattern.format(repo=repo, stdlib=Path(os.__file__).parent).lstrip('/')
        paths = sorted(Path('/').glob(absolute), key=lambda path: zlib.crc32(str(path).encode()))
        found += [path for path in paths if path.is_file()][:limit]
    return found


class LineText:
    """Draws strings of the reader's alphabet; `code` and `interface` follow what editors show."""

    def __init__(self, split: Split, repo: Path, max_files: int = 6000) -> None:
        self.code_lines: list[str] = []
        self.prose: list[str] = []
        allowed = set(ALPHABET)
        for path in _files(repo)[:max_files]:
            is_test = zlib.crc32(str(path).encode()) // 7 % 10 == 0
            if is_test != (split == 'test'):
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
        words = re.findall(r'[A-Za-z]{2,}', ' '.join(self.prose[:60_000]))
        self.words = sorted(set(words)) + words[:20_000]  # rare words and frequent ones alike

    def code(self, rng: Random) -> str:
        """A line of a program, a terminal or a log, as shown in a monospaced font."""
        kind = rng.random()
        if kind < 0.58:
            return rng.choice(self.code_lines)
        if kind < 0.70:
            return self.shell(rng)
        if kind < 0.76:
            return self.path(rng)
        if kind < 0.82:
            return self.identifier(rng)
        return self.random(rng)

    def interface(self, rng: Random) -> str:
        """A label, menu entry, message or sentence, as shown in a proportional font."""
        kind = rng.random()
        if kind < 0.34:
            return self.label(rng)
        if kind < 0.50:
            return rng.choice(self.prose)
        if kind < 0.62:
            return self.path(rng) if rng.random() < 0.4 else self.file_name(rng)
        if kind < 0.68:
            return rng.choice(self.code_lines)
        if kind < 0.76:
            return self.number(rng)
        return self.random(rng)

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
            key = rng.choice(_LETTERS[:36]).upper()
            return (
                text
                + ' '
                + rng.choice(
                    (f'Ctrl+{key}', f'Ctrl+Shift+{key}', f'⌘{key}', f'⇧⌘{key}', f'⌥⌘{key}', f'Alt+{key}', f'F{rng.randint(1, 12)}')
                )
            )
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
