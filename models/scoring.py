"""How replies are matched with steps and counted; the same definitions for PyTorch runs and for the shipped program.

A reply matches a step one-to-one (as many as possible, then the least total delay) within -1 s … +3 s of the due time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from config import EvaluateConfig, StreamConfig
from dialogue import NARRATION, SHORT
from scene import Turn

STREAM = StreamConfig()
EVALUATE = EvaluateConfig()


@dataclass(frozen=True)
class Reply:
    """Something the model said; `seconds` is the presentation time of the frame it was said at."""

    seconds: float
    text: str


def match(due: Sequence[float], said: Sequence[float], config: EvaluateConfig = EVALUATE) -> list[tuple[int, int]]:
    """Optimal one-to-one pairs (step, reply) inside the window: as many as possible, then the least total delay."""
    if not due or not said:
        return []
    delay = np.asarray(said)[None, :] - np.asarray(due)[:, None]  # (steps, replies)
    allowed = (delay >= -config.early_seconds) & (delay <= config.late_seconds)
    rows, columns = linear_sum_assignment(np.where(allowed, np.abs(delay), 1e3))
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if allowed[i, j]]


class KindClassifier:
    """Which kind of step a sentence tells of, by the generator's own phrasings with the names left open."""

    def __init__(self) -> None:
        self.patterns: list[tuple[str, re.Pattern[str]]] = []
        for kind, phrasings in NARRATION.items():
            for phrasing in (*phrasings, *([SHORT[kind]] if kind in SHORT else [])):
                parts = re.split(r'\{\w+\}', phrasing)
                self.patterns.append((kind, re.compile('.+'.join(map(re.escape, parts)))))
        self.patterns.sort(key=lambda item: -len(item[1].pattern.replace('.+', '')))  # the most specific first

    def kinds(self, text: str) -> set[str]:
        """The kinds of the most specific phrasing that fits (two kinds may share one phrasing)."""
        for _, pattern in self.patterns:
            if pattern.fullmatch(text):
                return {kind for kind, other in self.patterns if other.pattern == pattern.pattern}
        return set()


@dataclass
class Score:
    """Counts over sessions; `summary` gives the rates that have a denominator."""

    steps: int = 0
    hits: int = 0
    types: int = 0
    exact: int = 0
    slots: int = 0
    slots_right: int = 0
    delay: float = 0.0
    replies: int = 0
    unmatched: int = 0
    seconds: float = 0.0
    alerts: int = 0
    alert_hits: int = 0
    alert_exact: int = 0
    questions: int = 0
    answers_right: int = 0
    named: int = 0  # questions whose answer holds a name from the screen
    named_right: int = 0
    unanswerable: int = 0
    abstained: int = 0
    wrongly_abstained: int = 0
    summaries: int = 0
    summary_slots: int = 0
    summary_slots_right: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))  # steps, hits, exact

    def summary(self) -> dict[str, float]:
        def rate(part: float, whole: float) -> float | None:
            return round(part / whole, 3) if whole else None

        rates: dict[str, float | None] = {
            'stepRecall': rate(self.hits, self.steps),
            'typeAccuracy': rate(self.types, self.hits),
            'slotAccuracy': rate(self.slots_right, self.slots),
            'exactOfAll': rate(self.exact, self.steps),
            'timeDiffSeconds': rate(self.delay, self.hits),
            'precision': rate(self.replies - self.unmatched, self.replies),
            'falsePerMinute': rate(self.unmatched * 60, self.seconds),
            'alertRecall': rate(self.alert_hits, self.alerts),
            'alertExact': rate(self.alert_exact, self.alerts),
            'answersRight': rate(self.answers_right, self.questions),
            'answerNamesRight': rate(self.named_right, self.named),
            'abstained': rate(self.abstained, self.unanswerable),
            'wronglyAbstained': rate(self.wrongly_abstained, self.questions - self.unanswerable),
            'summarySlots': rate(self.summary_slots_right, self.summary_slots),
            'steps': self.steps,
            'alerts': self.alerts,
            'questions': self.questions,
        }
        return {name: value for name, value in rates.items() if value is not None}

    def add_session(self, turns: Iterable[Turn], replies: Sequence[Reply], seconds: float, classifier: KindClassifier) -> None:
        """Scores what was said unasked in one session against its due turns."""
        due = [turn for turn in turns if turn.role == 'assistant' and not turn.asked]
        fps = STREAM.frame_rate_fps
        pairs = match([turn.frame / fps for turn in due], [reply.seconds for reply in replies])
        self.seconds += seconds
        self.replies += len(replies)
        self.unmatched += len(replies) - len(pairs)
        for turn in due:
            if turn.kind == 'alert':
                self.alerts += 1
            else:
                self.steps += 1
                self.by_kind[turn.kind][0] += 1
        for i, j in pairs:
            turn, reply = due[i], replies[j]
            right = [value in reply.text for value in turn.slots.values()]
            if turn.kind == 'alert':
                self.alert_hits += 1
                self.alert_exact += all(right)
                continue
            self.hits += 1
            self.by_kind[turn.kind][1] += 1
            self.delay += abs(reply.seconds - turn.frame / fps)
            if turn.kind in classifier.kinds(reply.text):
                self.types += 1
                self.slots += len(right)
                self.slots_right += sum(right)
                self.exact += all(right)
                self.by_kind[turn.kind][2] += all(right)

    def add_answer(self, answer: str, expected: str, names: Iterable[str]) -> None:
        """Scores one answer: right = same text, or every name of the expected answer is in it."""
        values = list(names)
        is_right = answer == expected or (bool(values) and all(value in answer for value in values))
        self.questions += 1
        self.answers_right += is_right
        if values:
            self.named += 1
            self.named_right += is_right
        if expected == STREAM.not_seen_reply:
            self.unanswerable += 1
            self.abstained += answer == expected
        else:
            self.wrongly_abstained += answer == STREAM.not_seen_reply
