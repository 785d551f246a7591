"""The decoder on a live stream in PyTorch, one token layout with the runtime: for measuring and for the parity fixture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from config import EOS, FRAME, NEXT, StreamConfig
from decoder.grounding import Grammar, Grounding, State
from decoder.network import Decoder, LayerCache
from decoder.template import Event, Piece, Role, StreamTemplate, limit_lines, neutralise
from decoder.tokenizer import Tokenizer
from screen.view import ScreenLine

STREAM = StreamConfig()
ROOM = 128  # positions that stay free for what comes next
CHUNK = 0.25  # of the context that is dropped at once when it is full
LOOP_REPEATS, LOOP_TOKENS = 3, 9  # a reply that says the same run of tokens so often in a row, over so many tokens, loops (daemon/llm/replyGeneration.ts)
CANDIDATES = 16  # likeliest tokens that are tried against the grammar before the whole vocabulary is

Ending = Literal['finished', 'cut', 'looping', 'ungrounded']


@dataclass(frozen=True)
class Said:
    """A reply; `likelihood` is the geometric mean of its tokens' probabilities, the end among them, before a grammar ruled any out."""

    text: str
    likelihood: float
    ending: Ending


class Runner:
    """One live sequence: the runtime's loop (template, cache, silence decision, greedy reply) on the PyTorch decoder."""

    def __init__(self, model: Decoder, tokenizer: Tokenizer, grounding: Grounding | None = None) -> None:
        """With `grounding`, `speak` quotes nothing but what the stream showed or was asked."""
        self.model, self.tokenizer, self.grounding = model, tokenizer, grounding
        self.caches = model.new_caches()
        self.template = StreamTemplate(STREAM)
        self.lines: list[str] = []  # as the decoder got them
        self.asked: list[str] = []
        self.spans: list[int] = []  # where each frame begins in the cache

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

    def user(self, text: str) -> None:
        """An instruction, a request or a question; it enters the cache with what follows."""
        self.asked.append(neutralise(text))
        self.template.append(Event('user', text))

    def frame(self, lines: Sequence[ScreenLine], rows: Tensor) -> float:
        """Appends a frame with its new screen lines; the probability of staying silent."""
        self.lines += [neutralise(line.text) for line in limit_lines(lines, STREAM)]
        seam = STREAM.seams[f'{self.template.role}>stream']
        said = len(self.tokenizer.encode_markup(self.template.held + seam)) if self.template.held else 0  # by the user; it stays
        ids = self.ids_of(self.template.append(Event('stream', lines=tuple(lines))))
        self.make_room(len(ids))
        self.spans.append(self.length + said)
        return float(torch.softmax(self.feed(ids, rows), -1)[NEXT])

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
        self.user(question)
        return self.reply()

    def ask_aside(self, question: str) -> str:
        """The answer to a question that is forgotten at once."""
        before = self.length, self.template.role, self.template.held
        answer = self.ask(question)
        self.rewind(*before)
        self.asked.pop()
        return answer

    # --- guidance ---------------------------------------------------------------------------------------------------------

    def speak(self) -> Said:
        """Unasked guidance, under the grammar if there is one, with how likely it was; `take_back` makes it unsaid."""
        self.before: tuple[int, Role, str] = (self.length, self.template.role, self.template.held)
        grammar = self.grounding.grammar(self.lines, self.asked) if self.grounding else None
        state: State | None = grammar.start if grammar else None
        logits = self.feed(self.ids_of(self.template.append(Event('assistant'))[:1]))
        tokens: list[int] = []
        log_likelihood, picks = 0.0, 0
        ending: Ending = 'cut'
        while len(tokens) < STREAM.max_reply_tokens:
            token = int(logits.argmax())
            if self.grounding and grammar and state:
                chosen = choose(logits, grammar, state, self.grounding)
                if chosen is None:
                    ending = 'ungrounded'
                    break
                token = chosen
                if token != EOS:
                    state = grammar.after(state, self.grounding.spelled[token])
            log_likelihood += float(torch.log_softmax(logits, -1)[token])
            picks += 1
            if token == EOS:
                ending = 'finished'
                break
            tokens.append(token)
            if is_looping(tokens):
                ending = 'looping'
                break
            logits = self.feed([token])
        return Said(self.tokenizer.decode(tokens), math.exp(log_likelihood / max(1, picks)), ending)

    def take_back(self) -> None:
        """Makes the last `speak` unsaid."""
        self.rewind(*self.before)

    def rewind(self, length: int, role: Role, held: str) -> None:
        """Puts cache and template back to where they were."""
        self.template.role, self.template.held = role, held
        for cache in self.caches:
            cache.length = length

    # --- window -----------------------------------------------------------------------------------------------------------

    def make_room(self, coming: int) -> None:
        """Drops the oldest frames with what was said at them when the context is nearly full; the instruction stays (daemon/llm/kvBudget.ts)."""
        limit = self.model.config.context_tokens - STREAM.max_reply_tokens - ROOM
        if self.length + coming <= limit or len(self.spans) < 2:
            return
        first = self.spans[0]
        wanted = max(self.length + coming - limit, int(limit * CHUNK))
        end = next((start for start in self.spans[1:] if start - first >= wanted), self.spans[-1])
        for cache in self.caches:
            drop(cache, first, end, self.model.table)
        self.spans = [start - (end - first) for start in self.spans if start >= end]


def choose(logits: Tensor, grammar: Grammar, state: State, grounding: Grounding) -> int | None:
    """The likeliest token that keeps the grammar; None when there is none. The first few are looked at one by one, which mostly spares the mask."""
    for token in logits.topk(CANDIDATES).indices.tolist():
        if grammar.may_end(state) if token == EOS else token in grounding.spelled and grammar.after(state, grounding.spelled[token]):
            return int(token)
    allowed = [*grammar.allowed(state, grounding.tokens), *([EOS] if grammar.may_end(state) else [])]
    return allowed[int(logits[allowed].argmax())] if allowed else None


def drop(cache: LayerCache, start: int, end: int, table: Tensor) -> None:
    """Removes positions [start, end); later keys are turned back to their new places."""
    kept = cache.store[:, :, :, end : cache.length].clone()
    turned = torch.view_as_complex(kept[0].unflatten(-1, (-1, 2))) * table[end - start].conj()
    kept[0] = torch.view_as_real(turned).flatten(-2)
    cache.length -= end - start
    cache.store[:, :, :, start : cache.length] = kept


def is_looping(tokens: Sequence[int]) -> bool:
    """Whether the last tokens are one run of tokens, several times in a row."""
    for period in range(1, len(tokens) // LOOP_REPEATS + 1):
        needed = max(LOOP_REPEATS, math.ceil(LOOP_TOKENS / period)) * period
        if needed <= len(tokens):
            tail = tokens[-needed:]
            if all(token == tail[i - period] for i, token in enumerate(tail) if i >= period):
                return True
    return False
