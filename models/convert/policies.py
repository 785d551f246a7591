"""When a model speaks that was never trained to be silent: the section of the manifest, and the same scoring in Python.

Mirrors daemon/llm: probeScore.ts (a fading mean and deviation of the logit of yes, and its z-score), scoreSum.ts (two such scores, added up),
changeScore.ts and changeGate.ts (a robust z-score of how many rows have changed).
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch import Tensor

from convert.families import ASK, INFORMATIVE, RELEVANCE, Family

KINDS = ('probe', 'change', 'scores')
CENTRE, STEEPNESS, WINDOW, LEAST_DEVIATION, CERTAIN = 1.5, 1.5, 120, 0.75, 0.9999
SLACK = 0.5
CHANGE_CENTRE, WINDOW_SECONDS, BURST_SECONDS, LEAST_SHARE, PER_MAD = 3.5, 120, 2, 0.01, 1.4826

# Chosen, not measured: no published weights were at hand. A vector that has turned by more than 17 degrees is that far from what it was.
ROW_CHANGE = 0.3
INSTANT_THRESHOLD, SUM_THRESHOLD = 3.0, 4.0  # two and three deviations have always been an event; the sum as in Page's charts
REFRACTORY_MS = 4000


def policy_of(kind: str, family: Family, yes: list[str], no: list[str], *, every_frame: bool = False) -> dict[str, Any]:
    """The section of the manifest. Unless `every_frame`, a model is asked only about frames in which unusually many rows change."""
    assert kind in KINDS, f'a policy {kind} is not known; {", ".join(KINDS)} are'
    asking = {'yes': yes, 'no': no, **({} if every_frame else {'rowChange': ROW_CHANGE})}
    by_kind: dict[str, dict[str, Any]] = {
        'probe': {'ask': family.asking(ASK), **asking},
        'change': {'rowChange': ROW_CHANGE},
        'scores': {
            'informative': family.asking(INFORMATIVE), 'relevance': family.asking(RELEVANCE), **asking,
            'instantThreshold': INSTANT_THRESHOLD, 'sumThreshold': SUM_THRESHOLD,
        },
    }  # fmt: skip
    return {'kind': kind, **by_kind[kind], 'refractoryMs': REFRACTORY_MS}


def questions_of(policy: dict[str, Any]) -> list[str]:
    return [policy[name] for name in ('ask', 'informative', 'relevance') if name in policy]


@dataclass(frozen=True)
class Judged:
    """A frame in the cache: all its rows (N, D), and `ask`, which puts a question behind it and gives the share of yes."""

    rows: Tensor
    follows_user: bool
    has_request: bool
    ask: Callable[[str], float]


class Judge(ABC):
    """From frames to probabilities of silence, one stream's."""

    @abstractmethod
    def silence(self, frame: Judged) -> float: ...

    def spoke(self) -> None:  # noqa: B027 - not every judge cares
        """Something was said."""


def judge_of(policy: dict[str, Any], frame_rate: float) -> Judge:
    if policy['kind'] == 'change':
        return Change(policy['rowChange'], frame_rate, None)
    judge = Probe(policy) if policy['kind'] == 'probe' else Scores(policy)
    return Change(policy['rowChange'], frame_rate, judge) if 'rowChange' in policy else judge


def silence_at(excess: float) -> float:
    return 1 / (1 + math.exp(STEEPNESS * excess))


class Usual:
    """How far an answer stands out from those before."""

    def __init__(self) -> None:
        self.count, self.mean, self.variance = 4, 0.0, 1.0

    def z(self, yes: float) -> float:
        held = min(CERTAIN, max(1 - CERTAIN, yes))
        off = math.log(held / (1 - held)) - self.mean
        z = off / max(LEAST_DEVIATION, math.sqrt(self.variance))
        weight = 1 / min(WINDOW, self.count + 1)
        self.count, self.mean, self.variance = self.count + 1, self.mean + weight * off, (1 - weight) * (self.variance + weight * off**2)
        return z


class Probe(Judge):
    def __init__(self, policy: dict[str, Any]) -> None:
        self.policy, self.usual = policy, Usual()

    def silence(self, frame: Judged) -> float:
        return silence_at(self.usual.z(frame.ask(self.policy['ask'])) - CENTRE)


class Scores(Judge):
    def __init__(self, policy: dict[str, Any]) -> None:
        self.policy, self.informative, self.relevance, self.sum = policy, Usual(), Usual(), 0.0

    def silence(self, frame: Judged) -> float:
        informative = self.informative.z(frame.ask(self.policy['informative']))
        self.sum = max(0.0, self.sum + informative - SLACK)
        if not frame.has_request:
            return silence_at(self.sum - self.policy['sumThreshold'])
        relevance = self.relevance.z(frame.ask(self.policy['relevance']))
        return silence_at(informative + relevance - self.policy['instantThreshold'])

    def spoke(self) -> None:
        self.sum = 0.0


class Change(Judge):
    """Decides by how much has changed, or about which frames another judge is asked."""

    def __init__(self, row_change: float, frame_rate: float, inner: Judge | None) -> None:
        self.row_change, self.inner = row_change, inner
        self.window, self.burst = (max(1, round(seconds * frame_rate)) for seconds in (WINDOW_SECONDS, BURST_SECONDS))
        self.kept: Tensor | None = None
        self.history: list[float] = []

    def silence(self, frame: Judged) -> float:
        is_unusual, silence = self._score(frame.rows)
        if self.inner is None:
            return silence
        return self.inner.silence(frame) if is_unusual or frame.follows_user else 1.0

    def spoke(self) -> None:
        if self.inner is not None:
            self.inner.spoke()

    def _score(self, rows: Tensor) -> tuple[bool, float]:
        if self.kept is None:
            self.kept = rows
            return False, 1.0
        changed = (rows - self.kept).norm(dim=1) / self.kept.norm(dim=1) >= self.row_change
        self.kept = torch.where(changed[:, None], rows, self.kept)
        share = float(changed.double().mean())
        usual = median(self.history) if self.history else 0.0
        deviation = PER_MAD * median([abs(value - usual) for value in self.history]) if self.history else 0.0
        scale = max(deviation, LEAST_SHARE, 1 / len(rows))
        recent = max([usual, *self.history[-self.burst :]])
        self.history = [*self.history, share][-self.window :]
        return (share - usual) / scale > CHANGE_CENTRE, silence_at((share - recent) / scale - CHANGE_CENTRE)
