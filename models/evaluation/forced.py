"""Teacher-forced metrics of LIVE (VideoLLM-online, https://arxiv.org/abs/2406.11816, stream_evaluate): one forward pass for each session, whose history is the truth.

A turn ends with the end of a reply. LM-PPL: e to the mean cross-entropy of its words. LM-Correctness: leading right words of all. TimeDiff: how far from its due frame
the decoder speaks; where it stays silent there, the reply is left out and later frames are appended, at most as many as the turn has before its last. Fluency: leading
right decisions and words of all. Means over the turns of a session, then over sessions. Answers to questions have words only: nothing but the question makes them due.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from config import BOS, EOS, FRAME, NEXT, StreamConfig
from decoder.network import Decoder
from decoder.template import Encoded

STREAM = StreamConfig()


@dataclass(frozen=True)
class Frame:
    """Where a frame stands: its block [start, last], of which `last` decides; `ordinal` counts the frames of the session."""

    start: int
    last: int
    ordinal: int


@dataclass
class Turn:
    """Frames that are silent but for the last, then words with their end: positions that predict them."""

    frames: list[Frame] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    is_asked: bool = False


def turns_of(code: Encoded) -> tuple[list[Turn], list[Frame]]:
    """The turns of an encoded session that have labels, and all its frames."""
    turns: list[Turn] = []
    frames: list[Frame] = []
    turn = Turn()
    start = 1
    for i, token in enumerate(code.ids):
        if token in (BOS, EOS, NEXT):
            start = i + 1
        if token == FRAME and (i + 1 == len(code.ids) or code.ids[i + 1] != FRAME):
            frames.append(Frame(start, i, len(frames)))
        if code.targets[i] < 0 or code.weights[i] == 0:
            continue
        if token == FRAME:
            turn.frames.append(frames[-1])
            turn.is_asked = code.targets[i] == NEXT  # of the last one
        else:
            turn.words.append(i)
            if code.targets[i] == EOS:
                turn.is_asked |= not turn.frames
                turns.append(turn)
                turn = Turn()
    return turns, frames


class Forced:
    """Means over sessions; `thresholds` are those below which the share of silence is not heard (0: the likeliest token decides)."""

    def __init__(self, thresholds: Sequence[float] = (0.0,)) -> None:
        self.thresholds = thresholds
        self.sessions: list[dict[str, float]] = []

    @torch.no_grad()
    def add(self, model: Decoder, code: Encoded, rows: Tensor) -> None:
        """Measures one session; `rows` (frames · frame_tokens, width of the decoder)."""
        ids, targets = torch.tensor([code.ids]), torch.tensor(code.targets)
        caches = model.new_caches()
        hidden = model(model.embed(ids, rows), caches)[0]
        turns, frames = turns_of(code)
        labelled = [i for turn in turns for i in (*(frame.last for frame in turn.frames), *turn.words)]
        if not labelled:
            return
        logits = dict(zip(labelled, model.logits(hidden[labelled]), strict=True))

        def speaks(decision: Tensor, threshold: float) -> bool:
            return int(decision.argmax()) != NEXT or float(decision.softmax(-1)[NEXT]) < threshold

        def late(turn: Turn, following: Turn | None) -> list[Tensor]:
            """Decisions at the frames behind the turn as if its reply had not been. Overwrites the cache, so turns are asked from the last to the first."""
            count = min(len(following.frames), len(turn.frames) - 1) if following else 0
            if not count:
                return []
            last = turn.frames[-1]
            pieces: list[int] = []
            decided = []
            for frame in frames[last.ordinal + 1 : last.ordinal + 1 + count]:
                pieces += [NEXT, *code.ids[frame.start : frame.last + 1]]
                decided.append(len(pieces) - 1)
            first = (last.ordinal + 1) * STREAM.frame_tokens
            for cache in caches:
                cache.length = last.last + 1
            if last.last + 1 + len(pieces) > model.config.context_tokens:
                return []
            out = model(model.embed(torch.tensor([pieces]), rows[first : first + count * STREAM.frame_tokens]), caches)[0]
            return list(model.logits(out[decided]))

        means: dict[str, list[float]] = {}
        for turn, following in zip(turns[::-1], [None, *turns[:0:-1]], strict=True):
            losses = torch.stack([torch.nn.functional.cross_entropy(logits[i], targets[i]) for i in turn.words])
            means.setdefault('lmPerplexity', []).append(math.exp(float(losses.mean())))
            right = [int(logits[i].argmax()) == int(targets[i]) for i in turn.words]
            correct = right.index(False) if False in right else len(right)
            means.setdefault('lmCorrectness', []).append(correct / len(right))
            if turn.is_asked:
                continue
            afterwards: list[Tensor] | None = None
            for threshold in self.thresholds:
                labels = len(turn.frames) + len(turn.words)
                early = next((i for i, frame in enumerate(turn.frames) if speaks(logits[frame.last], threshold)), None)
                if early is None:
                    afterwards = late(turn, following) if afterwards is None else afterwards
                    spoken = next((i for i, decision in enumerate(afterwards) if speaks(decision, threshold)), None)
                    difference = -(spoken + 1) if spoken is not None else -len(afterwards)
                    fluent = len(turn.frames) - 1
                else:
                    difference = len(turn.frames) - early - 1
                    fluent = len(turn.frames) + correct if difference == 0 else len(turn.frames) - difference
                suffix = '' if threshold == 0 else 'AtThreshold'
                means.setdefault(f'timeDiffSeconds{suffix}', []).append(abs(difference) / STREAM.frame_rate_fps)
                means.setdefault(f'fluency{suffix}', []).append(fluent / labels)
        self.sessions.append({name: sum(values) / len(values) for name, values in means.items()})

    def summary(self) -> dict[str, float]:
        names = sorted({name for session in self.sessions for name in session})
        found = {name: [session[name] for session in self.sessions if name in session] for name in names}
        return {name: round(sum(values) / len(values), 3) for name, values in found.items()}
