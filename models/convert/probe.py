"""A stream on a model that was never trained to be silent, in PyTorch: what is asked behind a frame enters the cache and is cropped off again."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from convert.families import Family
from convert.policies import Judged, judge_of
from convert.reference import Loop, Reply


class ProbedLoop(Loop):
    """`policy` and `frame_rate` are those of the manifest."""

    def __init__(self, model: Any, tokenizer: Any, family: Family, policy: dict[str, Any], *, frame_rate: float, threshold: float, longest: int) -> None:
        super().__init__(model, tokenizer, family.end, threshold=threshold, longest=longest)
        self.family, self.judge = family, judge_of(policy, frame_rate)
        self.answers = [[self.ids(text)[0] for text in policy.get(name, [])] for name in ('yes', 'no')]
        self.pending = ''
        self.has_request = False

    def request(self, text: str) -> None:
        self.pending, self.has_request = text, True

    def frame(self, rows: Tensor) -> float:
        seams, words, self.pending = self.family.seams, self.pending, ''
        prefix = f'{seams[f"{self.role}>user"]}{words}{seams["user>stream"]}' if words else seams[f'{self.role}>stream']
        self._forward(self._embed(prefix), rows)
        self.role = 'stream'
        return self.judge.silence(Judged(rows, bool(words), self.has_request, self._ask))

    def speak(self) -> Reply:
        self.judge.spoke()
        return self._reply(self.family.seams['stream>assistant'])

    def answer(self, question: str) -> Reply:
        self.judge.spoke()
        seams = self.family.seams
        return self._reply(f'{seams[f"{self.role}>user"]}{question}{seams["user>assistant"]}')

    def _ask(self, question: str) -> float:
        """Share of yes."""
        length = self.length
        shares = torch.softmax(self._forward(self._embed(question)), -1)
        self.cache.crop(length - self.length)
        yes, no = (float(shares[ids].sum()) for ids in self.answers)
        return yes / (yes + no)

    @torch.no_grad()
    def _forward(self, *parts: Tensor) -> Tensor:
        language = self.family.language(self.model)
        out = language(inputs_embeds=torch.cat(parts)[None], past_key_values=self.cache, use_cache=True)
        logits: Tensor = self.model.lm_head(out.last_hidden_state[0, -1]).float()
        return logits
