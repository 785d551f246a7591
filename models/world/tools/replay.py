"""Recordings of real tools (recordings.json, record.py) with other names: what a tool prints stays, what the project is about does not.

A recording marks its names (`names`: text -> kind), and numbers, versions, hashes, times and ports are found by their form. Each is replaced by the same
fresh text wherever it stands, slots included, so that nothing a narration quotes can be learned by heart. Tools held out are only played in tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from text.vocabulary import NOUNS, VERBS, Names, Split

Recording = dict[str, Any]
KINDS = ('tests_pass', 'tests_fail', 'run_ok', 'run_error', 'install', 'commit', 'branch', 'server_start', 'command', 'build_ok', 'build_error', 'push', 'merge_conflict')
HELD_OUT_SHARE = 0.35  # of what a test session plays comes from tools that training never shows
PORTS = ('3000', '3001', '4000', '4200', '5000', '5173', '8000', '8080', '8081', '8888', '9000')

_MONTHS = ('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')
_TOKENS = '|'.join(
    (
        r'(?P<keep>\b\d+\.\d+\.\d+\.\d+\b|\b[A-Z]{2,}-\d+\b|\bHTTP/\d(?:\.\d)?|\b(?:100|200|201|204|301|304|400|404|405|500|503)\b)',
        r'(?P<time>(?<![\d:.])\d\d:\d\d(?::\d\d)?(?![\d:]))',
        rf'(?P<day>\b(?:{"|".join(_MONTHS)}) +\d\d?\b)',
        r'(?P<date>\b20\d\d[-/]\d\d[-/]\d\d)',
        r'(?P<year>\b20[12]\d\b)',
        r'(?P<hash>\b(?:0x)?(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b)',
        r'(?P<version>\d+\.\d+\.\d+)',
        r'(?P<decimal>(?<![A-Za-z\d.])\d+\.\d+)',
        r'(?P<code>\b(?:TS|SC|[EFWCR])\d{3,5}\b)',
        r'(?P<number>(?<![A-Za-z_\d.])\d+(?![A-Za-z_\d])|(?<![A-Za-z_\d.])\d+(?=(?:ms|s|k|K|M|G|kB|KB|B|MB|px|x)\b))',
    )
)


@dataclass(frozen=True)
class Rerun:
    """What a watching program prints after one more save."""

    kind: str
    slots: dict[str, str]
    output: list[str]


@dataclass(frozen=True)
class Replay:
    """A recording with fresh names."""

    tool: str
    command: str
    kind: str
    slots: dict[str, str]
    output: list[str]
    exit: int
    log: list[str] = field(default_factory=list)  # what a server adds while it is used
    reruns: list[Rerun] = field(default_factory=list)
    stays: bool = False  # the program still runs at the end of `output`

    @property
    def state(self) -> str:
        """The terminal's label for the encoder (view.View.terminal_state)."""
        return {'tests_pass': 'pass', 'tests_fail': 'fail', 'server_start': 'run'}.get(self.kind, 'ok' if self.exit == 0 else 'error')


@cache
def recordings(split: Split) -> tuple[Recording, ...]:
    """Those that a split may play."""
    every = json.loads((Path(__file__).parent / 'recordings.json').read_text(encoding='utf-8'))['recordings']
    return tuple(each for each in every if split == 'test' or not each.get('held_out'))


@cache
def grouped(split: Split, kinds: tuple[str, ...], stays: bool) -> tuple[dict[str, list[Recording]], dict[str, list[Recording]]]:
    """Recordings of some kinds by tool: of the tools that training shows, and of the others."""
    groups: tuple[dict[str, list[Recording]], dict[str, list[Recording]]] = {}, {}
    for each in recordings(split):
        if each['kind'] in kinds and bool(each.get('stays')) == stays:
            groups[bool(each.get('held_out'))].setdefault(each['tool'], []).append(each)
    return groups


def choose(names: Names, kinds: tuple[str, ...], stays: bool = False) -> Recording:
    """One recording of the kinds. Tools with many are drawn more often, but not as often as they have more."""
    shown, held_out = grouped(names.split, kinds, stays)
    group = held_out if held_out and names.rng.random() < HELD_OUT_SHARE else shown
    tool = names.rng.choices(list(group), [len(group[tool]) ** 0.6 for tool in group])[0]
    return names.rng.choice(group[tool])


def replay(recording: Recording, names: Names, project: str) -> Replay:
    """A recording with names of the split."""
    return replay_all([recording], names, project)[0]


def replay_all(some: Sequence[Recording], names: Names, project: str) -> list[Replay]:
    """Recordings one after the other, in which the same name gets the same fresh name."""
    renamer = Renamer(names, project, some)
    return [_replay(each, renamer) for each in some]


def _replay(recording: Recording, renamer: Renamer) -> Replay:
    def lines(texts: Sequence[str]) -> list[str]:
        return [renamer.line(text) for text in texts]

    def slots(of: Recording) -> dict[str, str]:
        return {name: renamer.text(value) for name, value in of['slots'].items()}

    return Replay(
        recording['tool'], renamer.text(recording['command']), recording['kind'], slots(recording), lines(recording['output']), recording['exit'], lines(recording.get('log', ())),
        [Rerun(each['kind'], slots(each), lines(each['output'])) for each in recording.get('reruns', ())], bool(recording.get('stays')),
    )  # fmt: skip


class Renamer:
    """Replaces the marked names and the numbers of some recordings, the same ones by the same."""

    def __init__(self, names: Names, project: str, some: Sequence[Recording]) -> None:
        self.names, self.project = names, project
        slots = [of['slots'] for each in some for of in (each, *each.get('reruns', ()))]
        self.ports = {each['port'] for each in slots if 'port' in each}
        self.counts = {each['count'] for each in slots if 'count' in each}
        marked = {name: kind for each in some for name, kind in each['names'].items()}
        self.user = names.rng.choice(('dev', 'me', 'user', names.word()))
        self._fresh: dict[str, str] = {}
        forms: dict[str, tuple[str, str]] = {}  # form in the text -> (marked name, kind)
        for name, kind in marked.items():
            if kind != 'keep':
                forms[name] = (name, kind)
            if kind in ('stem', 'word', 'project'):
                forms |= dict.fromkeys((name.capitalize(), name.upper()), (name, kind))
        self._forms = forms
        texts = [_bounded(form) for form in sorted(forms, key=lambda form: (-len(form), form))]
        self._pattern = re.compile('|'.join((*((f'(?P<name>{"|".join(texts)})',) if texts else ()), r'(?P<home>/home/dev\b)', _TOKENS)))

    def line(self, text: str) -> str:
        """Replaced piece by piece; columns stay where they are as far as there is room."""
        pieces = re.split(r'( {2,})', text)
        found, start = '', 0
        for index, piece in enumerate(pieces):
            if index % 2:
                start += len(piece)
                found = found.ljust(start) if not found.strip() or len(found) + 2 <= start else found + '  '
            else:
                start += len(piece)
                found += self.text(piece)
        return found

    def text(self, text: str) -> str:
        return self._pattern.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        kind, text = match.lastgroup or '', match.group()
        if kind == 'name':
            name, kind = self._forms[text]
            fresh = self._memo(name, kind)
            if text == name:
                return fresh
            return fresh.upper() if text.isupper() else ''.join(part[:1].upper() + part[1:] for part in re.split(r'[_-]', fresh))
        return text if kind == 'keep' else self._memo(text, kind)

    def _memo(self, text: str, kind: str) -> str:
        if text not in self._fresh:
            self._fresh[text] = self._draw(text, kind)
        return self._fresh[text]

    def _draw(self, text: str, kind: str) -> str:
        """A fresh text of a kind."""
        names, rng = self.names, self.names.rng
        first, _, language = kind.partition(':')
        match first:
            case 'home':
                return rng.choice(('/home/', '/home/', '/Users/')) + self.user
            case 'project':
                return self.project
            case 'stem':
                return names.variable('py')
            case 'word':
                return names.word()
            case 'file':
                return names.file(language)
            case 'function':
                return names.function(language)
            case 'type':
                return names.type_name()
            case 'test':
                return _test_name(names, language)
            case 'message':
                return names.words(3, 6)
            case 'commit':
                lead = rng.choice(('', '', '', 'fix: ', 'feat: ', 'chore: ', f'{names.word()}: '))
                verb, noun = names.pair(VERBS, NOUNS)
                return f'{lead}{rng.choice((verb, verb.capitalize()))} {rng.choice(("the ", "", "a "))}{noun}{rng.choice(("", "", " " + names.words(1, 3)))}'
            case 'branch':
                one, other = names.pair()
                return rng.choice((f'{one}-{other}', f'feature/{one}-{other}', f'fix/{one}-{other}', f'{one}_{other}', f'{names.word()}/{one}'))
            case 'person':
                return ' '.join(part.capitalize() for part in names.pair())
            case 'email':
                return f'{names.word()}@{names.word()}.{rng.choice(("com", "dev", "example", "org"))}'
            case 'package':
                return names.package(language)
            case 'time':
                return ':'.join(f'{rng.randint(0, 23 if index == 0 else 59):02}' for index in range(text.count(':') + 1))
            case 'day':
                return f'{rng.choice(_MONTHS)} {rng.randint(1, 28):>{len(text) - 4}}'
            case 'date':
                return f'20{rng.randint(22, 27)}{text[4]}{rng.randint(1, 12):02}{text[4]}{rng.randint(1, 28):02}'
            case 'year':
                return str(rng.randint(2022, 2027))
            case 'hash':
                return '0x' + names.hash(len(text) - 2) if text.startswith('0x') else _hash(names, len(text))
            case 'version':
                return f'{text.split(".")[0]}.{rng.randint(0, 30)}.{rng.randint(0, 12)}'
            case 'decimal':
                whole, _, rest = text.partition('.')
                return f'{self._digits(whole) if int(whole) > 1 else rng.randint(0, 3)}.{self._digits(rest)}'
            case 'code':
                head = text.rstrip('0123456789')
                return head + self._digits(text[len(head) :])
            case _:
                return self._number(text)

    def _number(self, text: str) -> str:
        rng = self.names.rng
        if text in ('0', '1'):
            return text
        if text in self.ports:
            return rng.choice(PORTS) if rng.random() < 0.4 else str(rng.randint(1024, 9999))
        if text in self.counts:
            return str(rng.randint(2, rng.choice((9, 60, 400))))
        return str(rng.randint(2, 9)) if len(text) == 1 else self._digits(text)

    def _digits(self, text: str) -> str:
        """As many digits, with zeros in front where there were some."""
        rng = self.names.rng
        return ''.join('0' if digit == '0' and index == 0 else str(rng.randint(1 if index == 0 else 0, 9)) for index, digit in enumerate(text))


def _bounded(form: str) -> str:
    """A name as a pattern: not in the middle of a longer word, but well in `test_name`, `TestName` and `name.py`."""
    left = '' if not form[0].isalpha() or (form[0].isupper() and not form.isupper()) else '(?<![A-Za-z])'
    right = '(?![a-z])' if form[-1].isalpha() and not form.isupper() else '(?![A-Za-z])' if form[-1].isalpha() else ''
    return left + re.escape(form) + right


def _hash(names: Names, length: int) -> str:
    while True:
        text = names.hash(length)
        if not text.isdigit() and not text.isalpha():
            return text


def _test_name(names: Names, language: str) -> str:
    verb, noun = names.pair(VERBS)
    if language == 'py':
        return f'test_{verb}_{noun}'
    if language == 'go':
        return f'Test{verb.capitalize()}{noun.capitalize()}'
    tail = names.rng.choice(('', '', f' of a {names.word()}', f' with {names.word()}', f' when {names.word()} is {names.word()}'))
    return names.rng.choice((f'{verb}s the {noun}', f'{verb} {noun}', f'should {verb} the {noun}')) + tail
