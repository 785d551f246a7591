"""A stream on a model that was never trained to be silent, in PyTorch: asked after each frame, what counts is how far its answer stands out.

The scoring mirrors daemon/llm/probeScore.ts: a fading mean and deviation of the logit of yes, and its z-score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from convert.families import Family
from convert.reference import Loop, Reply

CENTRE, STEEPNESS, WINDOW, LEAST_DEVIATION = 1.5, 1.5, 120, 0.75
CERTAIN = 0.9999


class ProbeScore:
    """From the share of yes to a probability of silence."""

    def __init__(self) -> None:
        self.count, self.mean, self.variance = 4, 0.0, 1.0

    def silence(self, yes: float) -> float:
        held = min(CERTAIN, max(1 - CERTAIN, yes))
        off = math.log(held / (1 - held)) - self.mean
        z = off / max(LEAST_DEVIATION, math.sqrt(self.variance))
        weight = 1 / min(WINDOW, self.count + 1)
        self.count, self.mean, self.variance = self.count + 1, self.mean + weight * off, (1 - weight) * (self.variance + weight * off**2)
        return 1 / (1 + math.exp(STEEPNESS * (z - CENTRE)))


class ProbedLoop(Loop):
    """The question behind a frame enters the cache and is cropped off again."""

    def __init__(self, model: Any, tokenizer: Any, family: Family, answers: tuple[Sequence[str], Sequence[str]], *, threshold: float, longest: int) -> None:
        super().__init__(model, tokenizer, family.end, threshold=threshold, longest=longest)
        self.family, self.score = family, ProbeScore()
        self.yes, self.no = ([self.ids(text)[0] for text in texts] for texts in answers)

    def frame(self, rows: Tensor) -> float:
        self._forward(self._embed(self.family.seams[f'{self.role}>stream']), rows)
        self.role = 'stream'
        length = self.length
        shares = torch.softmax(self._forward(self._embed(self.family.ask)), -1)
        self.cache.crop(length - self.length)
        yes, no = float(shares[self.yes].sum()), float(shares[self.no].sum())
        return self.score.silence(yes / (yes + no))

    def speak(self) -> Reply:
        return self._reply(self.family.seams['stream>assistant'])

    def answer(self, question: str) -> Reply:
        seams = self.family.seams
        return self._reply(f'{seams[f"{self.role}>user"]}{question}{seams["user>assistant"]}')

    @torch.no_grad()
    def _forward(self, *parts: Tensor) -> Tensor:
        language = self.family.language(self.model)
        out = language(inputs_embeds=torch.cat(parts)[None], past_key_values=self.cache, use_cache=True)
        logits: Tensor = self.model.lm_head(out.last_hidden_state[0, -1]).float()
        return logits
