"""The runtime's loop on the PyTorch decoder: one live sequence with its cache, for measuring and for the parity fixture."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from config import EOS, FRAME, NEXT, StreamConfig
from decoder import Decoder
from scene import ScreenLine
from template import Event, Piece, StreamTemplate
from tokenizer import Tokenizer

STREAM = StreamConfig()


class Runner:
    """One live sequence: the runtime's loop (template, cache, silence decision, greedy reply) on the PyTorch decoder."""

    def __init__(self, model: Decoder, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.caches = model.new_caches()
        self.template = StreamTemplate(STREAM)

    @property
    def length(self) -> int:
        return self.caches[0].length

    @torch.no_grad()
    def feed(self, ids: list[int], rows: Tensor | None = None) -> Tensor:
        """Appends ids (frame placeholders take `rows`) and returns the logits after the last, (vocabulary,)."""
        x = self.model.embed(torch.tensor([ids]), rows)
        return self.model.logits(self.model(x, self.caches)[0, -1])

    @torch.no_grad()
    def feed_all(self, ids: list[int]) -> Tensor:
        """The same without frames; logits after every one of them, (n, vocabulary)."""
        return self.model.logits(self.model(self.model.embed(torch.tensor([ids])), self.caches)[0])

    def ids_of(self, pieces: Sequence[Piece]) -> list[int]:
        ids: list[int] = []
        for piece in pieces:
            ids += [FRAME] * STREAM.frame_tokens if piece.kind == 'rows' else self.tokenizer.encode_markup(piece.text)
        return ids

    def frame(self, lines: Sequence[ScreenLine], rows: Tensor) -> float:
        """Appends a frame with its new screen lines; the probability of staying silent."""
        pieces = self.template.append(Event('stream', lines=tuple(lines)))
        return float(torch.softmax(self.feed(self.ids_of(pieces), rows), -1)[NEXT])

    def reply(self) -> str:
        """Lets the decoder speak: greedy, until the end of the turn or the cap."""
        seam = self.template.append(Event('assistant'))[:1]
        return self.tokenizer.decode(self.generate(self.ids_of(seam)))

    def generate(self, prompt: list[int]) -> list[int]:
        logits = self.feed(prompt)
        tokens: list[int] = []
        while len(tokens) < STREAM.max_reply_tokens:
            token = int(logits.argmax())
            if token == EOS:
                break
            tokens.append(token)
            logits = self.feed([token])
        return tokens

    def ask(self, question: str) -> str:
        self.template.append(Event('user', question))
        return self.reply()
