"""The published inference loop in PyTorch, with the libraries that the checkpoints were made with, and the fixture it leaves in a pack.

Written from the published code's behaviour (https://github.com/showlab/videollm-online, demo/inference.py): the adapter stays unmerged, vectors are
spliced into the embeddings, one cache in float32 grows for the whole stream. Three things differ, all where the published loop loses its place or
stops: a reply cut at its longest length is taken back (there the next frame is glued on); a question behind a reply closes that reply first (there
its end is lost); every most likely token but the silence token counts as the wish to speak (there all but one end the session).

parity.json and parity.bin hold, for every step, pictures, rows, the probability of silence, the tokens of replies and the length of the cache.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import DynamicCache

from blob import Blob
from convert.picture import fit_canvas

MAGIC, VERSION = 'codealong-parity', 2
COMPARED_TOKENS = 20


@dataclass(frozen=True)
class Reply:
    """Tokens without the end; `is_finished`: the model ended it."""

    tokens: list[int]
    is_finished: bool


class Loop(ABC):
    """One session of a causal language model of transformers and a tokenizer of tokenizers. `length` counts positions of the cache."""

    def __init__(self, model: Any, tokenizer: Any, end: str, *, threshold: float, longest: int) -> None:
        self.model, self.tokenizer, self.threshold, self.longest = model, tokenizer, threshold, longest
        self.cache = DynamicCache()
        self.role = 'begin'
        self.end_id = self.ids(end)[0]

    @property
    def length(self) -> int:
        return int(self.cache.get_seq_length())

    def ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    @abstractmethod
    def frame(self, rows: Tensor) -> float:
        """Probability of silence behind a frame."""

    @abstractmethod
    def speak(self) -> Reply: ...

    @abstractmethod
    def answer(self, question: str) -> Reply: ...

    def request(self, text: str) -> None:
        """Words that ask for no answer now and stay in force; they enter the cache with the next frame."""
        raise AssertionError('this loop takes no requests')

    def wants_to_speak(self, silence: float) -> bool:
        return silence < self.threshold

    def _reply(self, prompt: str) -> Reply:
        before = self.length
        logits = self._forward(self._embed(prompt))
        tokens: list[int] = []
        while len(tokens) < self.longest:
            token = int(logits.argmax())
            if token == self.end_id:
                self.role = 'assistant'
                return Reply(tokens, True)
            tokens.append(token)
            logits = self._forward(self._embed([token]))
        self.cache.crop(before - self.length)
        return Reply(tokens, False)

    def _embed(self, words: str | list[int]) -> Tensor:
        ids = self.ids(words) if isinstance(words, str) else words
        rows: Tensor = self.model.get_input_embeddings()(torch.tensor(ids))
        return rows

    @torch.no_grad()
    def _forward(self, *parts: Tensor) -> Tensor:
        """Logits behind the last position."""
        out = self.model(inputs_embeds=torch.cat(parts)[None], past_key_values=self.cache, use_cache=True)
        logits: Tensor = out.logits[0, -1].float()
        return logits


class PublishedLoop(Loop):
    def __init__(self, model: Any, tokenizer: Any, *, threshold: float, longest: int) -> None:
        super().__init__(model, tokenizer, '<|eot_id|>', threshold=threshold, longest=longest)
        self.silence_id = self.ids(',')[0]

    def frame(self, rows: Tensor) -> float:
        if self.role == 'begin':
            prefix = (
                '<|begin_of_text|>A multimodal AI assistant is helping users with some activities. '
                'Below is their conversation, interleaved with the list of video frames received by the assistant.\n\n['
            )
        else:
            prefix = {'stream': ',', 'assistant': '<|eot_id|>\n['}[self.role]
        logits = self._forward(self._embed(prefix), rows)
        self.role = 'stream'
        return float(torch.softmax(logits, -1)[self.silence_id])

    def speak(self) -> Reply:
        return self._reply(']\nAssistant:')

    def answer(self, question: str) -> Reply:
        seam = {'stream': ']', 'assistant': '<|eot_id|>'}[self.role]
        return self._reply(f'{seam}\nUser: {question}\nAssistant:')


@dataclass(frozen=True)
class Shown:
    """A frame (H, W, 3) uint8."""

    picture: np.ndarray


@dataclass(frozen=True)
class Asked:
    question: str


@dataclass(frozen=True)
class Requested:
    """A standing request."""

    request: str


Step = Shown | Asked | Requested


@torch.no_grad()
def rows_of(module: torch.nn.Module, picture: np.ndarray, vision: dict[str, Any]) -> Tensor:
    """A picture's rows (rows, D) by the unconverted encoder."""
    pixels = torch.from_numpy(fit_canvas(picture, vision)).permute(2, 0, 1)[None].float()
    mean, std = (torch.tensor(vision[key]).view(1, 3, 1, 1) for key in ('mean', 'std'))
    rows: Tensor = module((pixels - mean) / std)[0]
    return rows


def run(loop: Loop, module: torch.nn.Module, vision: dict[str, Any], steps: Sequence[Step], blob: Blob) -> list[dict[str, Any]]:
    """Shows and asks, and records what the loop answers."""
    record: list[dict[str, Any]] = []
    for step in steps:
        if isinstance(step, Asked):
            reply = loop.answer(step.question)
            record.append({'question': step.question, 'reply': _entry(loop, reply)})
            continue
        if isinstance(step, Requested):
            loop.request(step.request)
            record.append({'request': step.request, 'length': loop.length})
            continue
        rows = rows_of(module, step.picture, vision)
        silence = loop.frame(rows)
        height, width = step.picture.shape[:2]
        entry: dict[str, Any] = {'picture': blob.add(step.picture), 'size': [width, height], 'rows': blob.add(rows.numpy()), 'silence': silence, 'length': loop.length}
        if loop.wants_to_speak(silence):
            entry['reply'] = _entry(loop, loop.speak())
        record.append(entry)
    return record


def _entry(loop: Loop, reply: Reply) -> dict[str, Any]:
    return {'length': loop.length, 'tokens': reply.tokens[:COMPARED_TOKENS], 'text': loop.tokenizer.decode(reply.tokens, skip_special_tokens=False), 'isFinished': reply.is_finished}


def write_parity(pack: Path, steps: list[dict[str, Any]], blob: Blob, rows: tuple[int, int], model: str) -> None:
    content = {'magic': MAGIC, 'version': VERSION, 'data': 'parity.bin', 'reference': model, 'rows': {'count': rows[0], 'width': rows[1]}, 'steps': steps}
    (pack / 'parity.bin').write_bytes(bytes(blob.data))
    (pack / 'parity.json').write_text(json.dumps(content, ensure_ascii=False, indent=1) + '\n')
