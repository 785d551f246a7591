"""How replies are matched with what was due, and counted: the reference of `codealong bench quality` (daemon/bench), so that PyTorch runs and the shipped program are measured alike.

A reply matches a step one-to-one (as many as possible, then the least total delay) within -1 s … +3 s of the due time. What is due comes as `Clip`s, what was
said as one `Heard` for each of them (truth.py). test/golden/scoring.json (written by scoring_cases.py) holds cases for both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from config import EvaluateConfig, StreamConfig
from evaluation.truth import (
    REPEAT_SECONDS,
    REQUEST_EARLY_SECONDS,
    SLOT_CLASSES,
    WHEN_SECONDS,
    Answer,
    Clip,
    ClipKind,
    Due,
    Heard,
    Question,
    Reply,
    all_phrasings,
)
from text.ascii import FOLDED
from world.narration import NARRATION

STREAM = StreamConfig()
EVALUATE = EvaluateConfig()


# --- matching ---------------------------------------------------------------------------------------------------------------


def match(due: Sequence[float], said: Sequence[float], early: float = EVALUATE.early_seconds, late: float = EVALUATE.late_seconds) -> list[tuple[int, int]]:
    """One-to-one pairs (due, said) inside the window: as many as possible, then the least total delay, then late rather than early. Both ascend.

    The best pairs never cross, since all windows are of one length. Times are whole milliseconds, so that every implementation finds the same pairs.
    """
    lowest, highest = -round(early * 1000), round(late * 1000)
    best = [[(0, 0)] * (len(said) + 1) for _ in range(len(due) + 1)]  # (pairs, -cost) of the first i and j

    def paired(i: int, j: int) -> tuple[int, int] | None:
        delay = round(said[j - 1] * 1000) - round(due[i - 1] * 1000)
        if not lowest <= delay <= highest:
            return None
        pairs, cost = best[i - 1][j - 1]
        return pairs + 1, cost - abs(delay) - (delay < 0)

    for i in range(1, len(due) + 1):
        for j in range(1, len(said) + 1):
            best[i][j] = max(best[i - 1][j], best[i][j - 1], paired(i, j) or (0, 0))
    pairs, i, j = [], len(due), len(said)
    while i and j:
        if paired(i, j) == best[i][j]:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif best[i][j - 1] == best[i][j]:
            j -= 1
        else:
            i -= 1
    return pairs[::-1]


def is_within(due: float, said: float, early: float, late: float) -> bool:
    return -round(early * 1000) <= round(said * 1000) - round(due * 1000) <= round(late * 1000)


# --- texts --------------------------------------------------------------------------------------------------------------------


def normal(text: str) -> str:
    """Without quotes, with single spaces."""
    return ' '.join(text.replace('`', '').split())


def folded(text: str) -> str:
    """A true name in the signs that the reader knows."""
    return ''.join(FOLDED.get(sign, sign) for sign in text).encode('ascii', 'ignore').decode().strip()


def quotes(text: str) -> list[str] | None:
    """The names that a reply quotes, or none where it knows no quotes."""
    return None if '`' not in text else [normal(part) for part in text.split('`')[1::2]]


def stands_in(value: str, text: str) -> bool:
    """Whether the text holds the value as whole words."""
    if not value:
        return False
    before = r'(?<!\w)' if re.match(r'\w', value, re.ASCII) else ''
    behind = r'(?!\w)' if re.match(r'\w', value[-1], re.ASCII) else ''
    return re.search(before + re.escape(value) + behind, normal(text), re.ASCII) is not None


def is_named(value: str, text: str) -> bool:
    """Whether a reply names the value exactly."""
    names = quotes(text)
    return stands_in(normal(value), text) if names is None else normal(value) in names


TIME = re.compile(r'\b(?:(\d+):)?(\d{1,2}):(\d{2})\b|\b(\d+(?:\.\d+)?) ?(?:s|seconds?)\b', re.ASCII)


def moments_in(text: str) -> list[float]:
    """Times that a text tells: 1:02, 1:00:02, 62 s, 62.5 seconds."""
    return [float(found[4]) if found[4] else int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]) for found in TIME.finditer(text)]


class KindClassifier:
    """Which kind of step a sentence tells of, by the phrasings with their names left open: those that fit with the most letters of their own."""

    def __init__(self, phrasings: Iterable[tuple[str, str]] | None = None) -> None:
        self.phrasings = list(phrasings if phrasings is not None else all_phrasings())
        self.patterns: list[tuple[int, str, re.Pattern[str]]] = []
        self.nameless: dict[str, set[str]] = {}
        for kind, phrasing in self.phrasings:
            parts = re.split(r'\{\w+\}', normal(phrasing))
            self.patterns.append((sum(map(len, parts)), kind, re.compile('.+'.join(map(re.escape, parts)), re.DOTALL)))
            if len(parts) == 1:
                self.nameless.setdefault(parts[0], set()).add(kind)

    def kinds(self, text: str) -> set[str]:
        fitting = [(letters, kind) for letters, kind, pattern in self.patterns if pattern.fullmatch(normal(text))]
        return {kind for letters, kind in fitting if letters == max(fitting)[0]}

    def is_nameless(self, text: str) -> bool:
        """Whether it is a sentence that could have named something and does not."""
        return '`' not in text and normal(text) in self.nameless


def core_slots(kind: str, slots: Mapping[str, str]) -> dict[str, str]:
    """What every phrasing of the kind with a name in it names, as the reader spells it: which phrasing was drawn must not decide what is right."""
    named = [set(re.findall(r'\{(\w+)\}', phrasing)) for phrasing in NARRATION.get(kind, ())]
    core = set.intersection(*filter(None, named)) if any(named) else set()
    kept = {name: value for name, value in slots.items() if name in core} or slots
    return {name: folded(value) for name, value in kept.items()}


# --- counting -----------------------------------------------------------------------------------------------------------------


class Rates:
    """Parts of wholes by name, in the order they were first counted."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}

    def add(self, name: str, is_right: bool) -> None:
        part_whole = self.counts.setdefault(name, [0, 0])
        part_whole[0] += is_right
        part_whole[1] += 1

    def rate(self, name: str) -> float | None:
        part, whole = self.counts.get(name, (0, 0))
        return round(part / whole, 3) if whole else None

    def all(self) -> dict[str, float]:
        return {name: round(part / whole, 3) for name, (part, whole) in sorted(self.counts.items())}


class Score:
    """Counts over clips; `summary` gives the rates that have a denominator."""

    def __init__(self, classifier: KindClassifier | None = None, slot_classes: Mapping[str, str] = SLOT_CLASSES) -> None:
        self.classifier = classifier or KindClassifier()
        self.slot_classes = slot_classes
        self.seconds: dict[ClipKind, float] = {'session': 0.0, 'standing': 0.0, 'nothing': 0.0}
        self.steps = 0
        self.replies = 0  # in sessions
        self.redundant = 0
        self.false_replies = 0
        self.delays: list[float] = []  # of matched steps
        self.rates, self.by_class, self.by_question = Rates(), Rates(), Rates()
        self.by_kind: dict[str, list[int]] = {}  # steps, found, exact
        self.due_requests = 0
        self.questions = 0
        self.rolled_back = {'withheld': 0, 'ungrounded': 0, 'looping': 0}

    def add(self, clip: Clip, heard: Heard) -> None:
        replies = sorted(heard.replies, key=lambda reply: reply.seconds)
        self.seconds[clip.kind] += clip.seconds
        for name in self.rolled_back:
            self.rolled_back[name] += getattr(heard, name)
        if clip.kind == 'session':
            self._add_steps(sorted(clip.steps, key=lambda due: due.seconds), replies)
        elif clip.kind == 'nothing':
            self.false_replies += len(replies) - len(match(sorted(due.seconds for due in clip.steps), [reply.seconds for reply in replies]))
        elif clip.kind == 'standing':
            self._add_requests(sorted(clip.requests, key=lambda due: due.seconds), replies)
        for question, answer in zip(clip.questions, heard.answers, strict=True):
            self._add_answer(question, answer)

    def _add_steps(self, steps: Sequence[Due], replies: Sequence[Reply]) -> None:
        pairs = match([step.seconds for step in steps], [reply.seconds for reply in replies])
        for step in steps:
            self.by_kind.setdefault(step.kind, [0, 0, 0])[0] += 1
        self.steps += len(steps)
        self.replies += len(replies)
        told = {j for _, j in pairs}
        for j, reply in enumerate(replies):
            if j not in told:
                is_late = any(is_within(steps[i].seconds, reply.seconds, EVALUATE.early_seconds, EVALUATE.late_seconds) for i, _ in pairs)
                self.redundant += is_late or repeats(replies[:j], reply)
        for i, j in pairs:
            self._add_pair(steps[i], replies[j])

    def _add_pair(self, step: Due, reply: Reply) -> None:
        self.delays.append(reply.seconds - step.seconds)
        is_kind = step.kind in self.classifier.kinds(reply.text)
        right = {name: is_named(value, reply.text) for name, value in step.slots.items()}
        for name, is_right in right.items():
            self.rates.add('slotExact', is_right)
            self.by_class.add(self.slot_classes.get(name, 'text'), is_right)
        is_exact = is_kind and all(right.values())
        self.rates.add('kindAccuracy', is_kind)
        self.rates.add('sayLess', is_kind and bool(right) and not any(right.values()) and self.classifier.is_nameless(reply.text))
        counts = self.by_kind[step.kind]
        counts[1] += 1
        counts[2] += is_exact

    def _add_requests(self, dues: Sequence[Due], replies: Sequence[Reply]) -> None:
        if not dues:
            self.rates.add('silentRequests', not replies)
            return
        pairs = match([due.seconds for due in dues], [reply.seconds for reply in replies], REQUEST_EARLY_SECONDS)
        fired = {i: replies[j] for i, j in pairs}
        told = {j for _, j in pairs}
        again: set[int] = set()  # due moments that were told more than once
        before: set[int] = set()  # … or told before they came
        for j, reply in enumerate(replies):
            if j in told:
                continue
            near = [i for i in fired if is_within(dues[i].seconds, reply.seconds, REQUEST_EARLY_SECONDS, EVALUATE.late_seconds)]
            later = [i for i, due in enumerate(dues) if due.seconds > reply.seconds]
            if near:
                again.add(min(near, key=lambda i: (abs(round((reply.seconds - dues[i].seconds) * 1000)), i)))
            elif later:
                before.add(later[0])
            else:
                again.add(len(dues) - 1)
        self.due_requests += len(dues)
        for i, due in enumerate(dues):
            is_told, is_once, is_patient = i in fired, i in fired and i not in again, i not in before
            self.rates.add('standingRequests', is_told and is_once and is_patient)
            self.rates.add('requestsWithin', is_told)
            self.rates.add('requestsOnce', is_once)
            self.rates.add('requestsNeverBefore', is_patient)
            for value in due.slots.values() if is_told else ():
                self.rates.add('requestNames', is_named(value, fired[i].text))

    def _add_answer(self, question: Question, answer: Answer) -> None:
        self.questions += 1
        is_abstaining = answer.is_abstaining or normal(answer.text) == normal(STREAM.not_seen_reply)
        if question.kind == 'unanswerable':
            self.rates.add('abstention', is_abstaining)
            return
        self.rates.add('wronglyAbstained', is_abstaining)
        is_right = not is_abstaining and answers(question, answer)
        self.rates.add('questionAccuracy', is_right)
        self.by_question.add(question.kind, is_right)

    def summary(self) -> dict[str, Any]:
        told, said = len(self.delays), self.replies

        def rate(part: float, whole: float) -> float | None:
            return round(part / whole, 3) if whole else None

        figures: dict[str, Any] = {
            'minutes': round(self.seconds['session'] / 60, 1),
            'steps': self.steps,
            'replies': said,
            'stepPrecision': rate(told, said),
            'stepRecall': rate(told, self.steps),
            'stepF1': rate(2 * told, self.steps + said) if self.steps else None,
            'missingRate': rate(self.steps - told, self.steps),
            'redundantRate': rate(self.redundant, said),
            'meanDelaySeconds': rate(sum(map(abs, self.delays)), told),
            'medianDelaySeconds': round(median(self.delays), 3) if told else None,
            'kindAccuracy': self.rates.rate('kindAccuracy'),
            'kindF1': rate(2 * self.rates.counts.get('kindAccuracy', [0, 0])[0], self.steps + said) if self.steps else None,
            'slotExact': self.rates.rate('slotExact'),
            'slotExactByClass': self.by_class.all() or None,
            'exactSteps': rate(sum(exact for _, _, exact in self.by_kind.values()), self.steps),
            'sayLess': self.rates.rate('sayLess'),
            'unmatchedPerMinute': rate((said - told) * 60, self.seconds['session']),
            'nothingMinutes': rate(self.seconds['nothing'], 60) or None,
            'falsePerMinute': rate(self.false_replies * 60, self.seconds['nothing']),
            'requestsDue': self.due_requests,
        }
        figures |= {name: self.rates.rate(name) for name in ('standingRequests', 'requestsWithin', 'requestsOnce', 'requestsNeverBefore', 'requestNames', 'silentRequests')}
        figures |= {'questions': self.questions, 'questionAccuracy': self.rates.rate('questionAccuracy'), 'questionAccuracyByKind': self.by_question.all() or None}
        figures |= {name: self.rates.rate(name) for name in ('abstention', 'wronglyAbstained')}
        figures |= self.rolled_back
        figures['byKind'] = {kind: dict(zip(('steps', 'found', 'exact'), counts, strict=True)) for kind, counts in sorted(self.by_kind.items())} or None
        return {name: value for name, value in figures.items() if value is not None}


def repeats(earlier: Sequence[Reply], reply: Reply) -> bool:
    """Whether the same was said shortly before."""
    return any(normal(one.text) == normal(reply.text) and reply.seconds - one.seconds <= REPEAT_SECONDS for one in earlier)


def answers(question: Question, answer: Answer) -> bool:
    """Whether an answer that does not abstain is right."""
    if question.kind == 'when' and question.moment is not None:
        given = list(answer.moments)[:1] if answer.moments is not None else moments_in(answer.text)
        return any(abs(moment - question.moment) <= WHEN_SECONDS for moment in given)
    values = list(question.slots.values())
    return normal(answer.text) == normal(question.expected) or (bool(values) and all(stands_in(normal(value), answer.text) for value in values))
