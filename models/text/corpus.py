"""Real text to ask about: interface strings, code, prose and terminal output found on the machine that trains.

Usage: python -m text.corpus       # writes .runs/corpus.json, a few minutes

Sources are the installed editor (its localised strings, which the extension's tests install: `node scripts/installHost.mjs`), sources and README files
of the installed npm packages, Python's standard library, and the output of commands run in this repository. Nothing of it is committed
or shipped. A document is what would stand on one screen or in one file: its lines in order.
"""

from __future__ import annotations

import json
import math
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from config import ROOT, RUNS
from text.ascii import FOLDED
from text.vocabulary import Split

PATH = RUNS / 'corpus.json'
REPOSITORY = ROOT.parent
HOSTS = Path.home() / '.cache' / 'codealong'  # where scripts/installHost.mjs puts the editor
LONGEST_LINE, SHORTEST_LINE = 120, 3
MOST_PLACES = 400  # of a word that are remembered
TEST_SHARE = 12  # one document in so many is held out


@dataclass(frozen=True)
class Document:
    """Lines that stand together; `kind` is interface, code, prose, output or help. Of output the first line is the command."""

    kind: str
    lines: list[str] = field(default_factory=list)


def plain(line: str) -> str:
    """As the reader gives it: ASCII, look-alikes folded, no tabs."""
    return ''.join(FOLDED.get(char, char) for char in line.replace('\t', '    ')).encode('ascii', 'ignore').decode().rstrip()


def is_kept(line: str) -> bool:
    return len(line.strip()) >= SHORTEST_LINE and len(line) <= LONGEST_LINE and any(char.isalpha() for char in line)


# --- mining --------------------------------------------------------------------------------------------------------------


def interface_documents() -> Iterator[Document]:
    """The editor's own strings in the order of its modules: neighbours are look-alikes, as they are in one menu or settings page."""
    for file in sorted(HOSTS.glob('*/node_modules/code-server/lib/vscode/out/nls.messages.json'))[-1:]:
        yield from _blocks('interface', (_interface(text) for text in json.loads(file.read_text())), 24)
    for file in sorted(HOSTS.glob('*/node_modules/code-server/lib/vscode/extensions/*/package.nls.json'))[-120:]:
        strings = [value if isinstance(value, str) else value.get('message', '') for value in json.loads(file.read_text()).values()]
        yield from _blocks('interface', map(_interface, strings), 24)


def _interface(text: str) -> str:
    text = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', text).replace('&&', '').replace('`', '')
    text = re.sub(r'\{\d\}', lambda _: random.Random(text).choice(('main.py', 'Python', '3', 'index.ts', 'src', 'Terminal')), text)
    return re.sub(r'#([\w.]+)#', r'\1', text).split('\n')[0]


def _blocks(kind: str, texts: Iterable[str], size: int) -> Iterator[Document]:
    lines = [line for line in map(plain, texts) if is_kept(line)]
    for first in range(0, len(lines), size):
        yield Document(kind, lines[first : first + size])


def file_documents(rng: random.Random, most: int = 2600) -> Iterator[Document]:
    """Windows of source files and of README files."""
    folders = [Path(json.__file__).parent.parent, REPOSITORY / 'node_modules']
    kinds = {'.py': 'code', '.ts': 'code', '.js': 'code', '.mjs': 'code', '.css': 'code', '.json': 'code', '.yml': 'code', '.md': 'prose'}
    files = [path for folder in folders for path in sorted(folder.rglob('*')) if path.suffix in kinds and '.min.' not in path.name]
    by_suffix: dict[str, list[Path]] = {}
    for path in files:
        by_suffix.setdefault(path.suffix, []).append(path)
    chosen = [path for paths in by_suffix.values() for path in rng.sample(paths, min(len(paths), most // 5))]
    for path in chosen:
        if not path.is_file() or path.stat().st_size > 300_000:
            continue
        lines = [line for line in map(plain, path.read_text(errors='ignore').splitlines()) if is_kept(line)]
        for first in sorted(rng.sample(range(0, max(1, len(lines)), 30), min(2, 1 + len(lines) // 60))):
            window = lines[first : first + 30]
            if len(window) >= 6:
                yield Document(kinds[path.suffix], window)


PROGRAMS = (
    'git add', 'git commit', 'git push', 'git pull', 'git rebase', 'git stash', 'git log', 'git branch', 'git checkout', 'git merge', 'git diff', 'git clone', 'git reset', 'git tag', 'git remote', 'git show', 'git switch', 'git restore', 'git fetch', 'git bisect', 'git blame',
    'python3', 'python3 -m pip install', 'python3 -m venv', 'python3 -m http.server', 'python3 -m unittest', 'python3 -m json.tool', 'python3 -m timeit', 'python3 -m pytest',
    'npm install', 'npm run', 'npm test', 'npm publish', 'npm init', 'npm update', 'npm audit', 'npm ls', 'npm pack', 'node', 'npx', 'npx tsc', 'npx eslint', 'npx prettier', 'npx vitest', 'npx esbuild',
    'cargo', 'cargo build', 'cargo test', 'cargo run', 'cargo new', 'cargo add', 'rustc', 'gcc', 'make', 'curl', 'tar', 'grep', 'find', 'sed', 'sort', 'ls', 'cp', 'mv', 'rm', 'mkdir', 'chmod', 'chown', 'cat', 'head', 'tail', 'wc', 'uniq', 'cut', 'tr', 'diff', 'du', 'df', 'ps', 'date', 'touch', 'ln', 'xargs', 'wget', 'docker', 'docker run', 'docker build', 'docker compose', 'docker ps', 'ssh-keygen', 'rsync', 'zip', 'gzip', 'make',
    'apt-get', 'dpkg', 'env', 'kill', 'less', 'tee', 'timeout', 'watch', 'free', 'uptime', 'ffmpeg', 'ffprobe', 'sqlite3', 'openssl', 'perl', 'awk', 'bash', 'nano', 'vim',
)  # fmt: skip
COMMANDS = (
    'git log --oneline -20', 'git status', 'git diff --stat HEAD~3', 'git branch -a', 'git show --stat HEAD', 'git log -3', 'git remote -v', 'git shortlog -sn HEAD', 'git tag', 'git log --stat -2', 'git diff HEAD~1', 'git show HEAD~2',
    'ls -la', 'ls -la models', 'ls -la daemon', 'ls -la extension', 'ls -R test/models', 'ls -lh models/live-tiny', 'ls scripts', 'tree -L 2 daemon', 'find daemon -name "*.ts"', 'wc -l models/config.py models/training/data.py', 'du -sh daemon models extension',
    'cat package.json', 'cat tsconfig.json', 'cat models/requirements.txt', 'cat vitest.config.ts', 'cat eslint.config.mjs', 'head -30 README.md', 'tail -20 README.md', 'cat models/pyproject.toml', 'head -40 models/config.py',
    'python3 --version', 'node --version', 'npm --version', 'git --version', 'cargo --version', 'gcc --version', 'uname -a', 'df -h', 'free -h', 'uptime', 'ps aux', 'date', 'whoami', 'pwd', 'nproc', 'lscpu', 'which node', 'cat /etc/os-release',
    'npm ls --depth=0', 'npm outdated --offline', 'python3 -m pip list', 'npm run', 'npm run nothing', 'npm pkg get scripts', 'npm config list',
    'python3 -c "1/0"', 'python3 -c "import nothing"', 'python3 -c "print(undefined)"', 'python3 -c "int(\'x\')"', 'python3 -c "[][1]"', 'python3 -c "{}[\'key\']"', 'python3 -c "open(\'missing.txt\')"', 'python3 -c "\'a\' + 1"', 'python3 -c "None.name"', 'python3 missing.py', 'python3 -c "import sys; print(sys.path)"', 'python3 -c "def f(: pass"', 'python3 -m this',
    'node -e "null.x"', 'node -e "undefinedName"', 'node -e "JSON.parse(\'{\')"', 'node missing.js', 'node -e "require(\'nothing\')"', 'node -p process.versions', 'node -p "[1,2,3].map(x => x * 2)"', 'node -e "throw new Error(\'no config found\')"',
    'git checkout nothing', 'git push nowhere main', 'git frobnicate', 'ls nothing', 'cat nothing', 'cd nothing', 'rm nothing', 'nothingcommand', 'cp nothing there', 'mkdir daemon', 'make', 'gcc nothing.c', 'cargo build', 'curl http://localhost:9', 'docker ps', 'python3 -m pytest missing', 'npx tsc --version', 'npx vitest --version', 'grep -rn "def encode" models --include=*.py', 'grep -rn "export function" daemon/base', 'grep -c import models/training/data.py', 'sort -u models/requirements.txt',
)  # fmt: skip


def output_documents() -> Iterator[Document]:
    """What commands print when run here; each begins with the command."""
    for kind, command in [*(('output', command) for command in COMMANDS), *(('help', f'{program} --help') for program in PROGRAMS)]:
        try:
            done = subprocess.run(command, shell=True, cwd=REPOSITORY, capture_output=True, text=True, timeout=25, stdin=subprocess.DEVNULL, env={'PATH': _path(), 'HOME': '/home/dev', 'LANG': 'C.UTF-8', 'COLUMNS': '110', 'PAGER': 'cat', 'GIT_PAGER': 'cat'})
        except subprocess.TimeoutExpired:
            continue
        text = (done.stdout + done.stderr).replace(str(REPOSITORY), '/home/dev/project')
        lines = [line for line in map(plain, text.splitlines()) if is_kept(line)][:120]
        size = 30
        for first in range(0, max(1, len(lines)), size):
            yield Document(kind, [command, *lines[first : first + size]])


def _path() -> str:
    return f'{Path(sys.executable).parent}:{Path.home()}/.cargo/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin'


# --- reading ---------------------------------------------------------------------------------------------------------------


class Corpus:
    """The documents of one split, and for every word the lines that have it."""

    def __init__(self, documents: Iterable[Document], split: Split) -> None:
        """Which split a document belongs to follows from its text."""
        self.by_kind: dict[str, list[Document]] = {}
        self.lines: list[tuple[str, str]] = []  # (kind, text)
        self.with_word: dict[str, list[int]] = {}
        for document in documents:
            key = int.from_bytes(sha256('\n'.join(document.lines).encode()).digest()[:4], 'big')
            if (key % TEST_SHARE == 0) != (split == 'test'):
                continue
            self.by_kind.setdefault(document.kind, []).append(document)
            for line in document.lines:
                for word in words_of(line):
                    places = self.with_word.setdefault(word, [])
                    if len(places) < MOST_PLACES:
                        places.append(len(self.lines))
                self.lines.append((document.kind, line))

    @classmethod
    def load(cls, split: Split, path: Path = PATH) -> Corpus:
        """@raises FileNotFoundError before `python -m text.corpus` has run"""
        return cls((Document(kind, lines) for kind, lines in json.loads(path.read_text())), split)

    def document(self, rng: random.Random, kind: str) -> Document:
        return rng.choice(self.by_kind[kind])

    def likeness(self, asked: set[str], text: str) -> float:
        """How much of the words asked for a text has, rare ones counting more: what a full-text search ranks by."""
        words = set(words_of(text))
        stems = {word[:_STEM] for word in words if len(word) >= _STEM}
        return sum(self._rarity(word) * (1.0 if word in words else 0.7) for word in asked if word in words or (len(word) >= _STEM and word[:_STEM] in stems))

    def is_common(self, word: str) -> bool:
        """Whether a word stands in so many lines that it says nothing about one: mostly words of grammar."""
        return len(self.with_word.get(word, ())) >= MOST_PLACES

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self.lines) / (1 + len(self.with_word.get(word, ()))))

    def alike(self, rng: random.Random, words: Iterable[str], count: int) -> list[tuple[str, str]]:
        """Up to `count` lines that share a word with `words`, rare words first: what a search would find beside the answer."""
        known = sorted((word for word in set(words) if word in self.with_word), key=lambda word: (len(self.with_word[word]), word))
        found: list[tuple[str, str]] = []
        for word in known * 2:
            if len(found) >= count:
                break
            found += [self.lines[i] for i in rng.sample(self.with_word[word], min(len(self.with_word[word]), 1 + count // 3))]
        return found[:count]


_STEM = 5  # words that begin alike for so long are forms of one word

STOP = frozenset(
    ['the', 'a', 'an', 'of', 'to', 'in', 'on', 'is', 'are', 'was', 'were', 'be', 'been', 'for', 'and', 'or', 'with', 'that', 'this', 'it', 'its', 'by', 'as', 'at', 'from', 'if', 'not', 'can', 'will', 'what', 'which', 'who', 'how', 'when', 'where', 'why', 'does', 'do', 'did', 'they', 'there', 'has', 'have', 'had', 'into', 'than', 'then', 'you', 'your']
)


def words_of(text: str) -> list[str]:
    """Lower-case words of a line without the commonest, camelCase and snake_case split."""
    parts = re.findall(r'[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+', text)
    return [part.lower() for part in parts if len(part) > 1 and part.lower() not in STOP]


def main() -> None:
    RUNS.mkdir(exist_ok=True)
    documents = [*interface_documents(), *file_documents(random.Random(0)), *output_documents()]
    PATH.write_text(json.dumps([[document.kind, document.lines] for document in documents]))
    counts: dict[str, int] = {}
    for document in documents:
        counts[document.kind] = counts.get(document.kind, 0) + len(document.lines)
    print(f'{len(documents)} documents, lines {counts} -> {PATH}')


if __name__ == '__main__':
    main()
