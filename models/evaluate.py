"""Measures a decoder or a whole pack on held-out simulated sessions.

Usage: python evaluate.py --torch .runs/phase1.pt --sessions 40      # free-running in PyTorch, simulated reader
       python evaluate.py --clips 12 [--model DIR] [--ablate vision]  # rendered videos through the real command line

Free-running: the decoder's own replies stay in its cache, nothing of the truth is fed but frames and the user's turns.
A reply matches a step one-to-one (most matches, then least delay) within -1 s … +3 s of the due time.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

import screen
import world
from config import ASSISTANT, EOS, FRAME, NEXT, DecoderConfig, EvaluateConfig, StreamConfig
from data import simulated_features
from decoder import Decoder
from scene import Session, Turn
from template import Event, Evidence, Piece, StreamTemplate, recall_prompt
from tokenizer import Tokenizer

STREAM = StreamConfig()
EVALUATE = EvaluateConfig()


# --- matching and counting ------------------------------------------------------------------------------------------------


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
        from dialogue import NARRATION, SHORT

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
    """Counts over sessions; `summary` gives the rates."""

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
        def rate(part: float, whole: float) -> float:
            return round(part / whole, 3) if whole else 0.0

        return {
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


# --- free running in PyTorch ----------------------------------------------------------------------------------------------


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
    def feed(self, ids: list[int], features: Tensor | None = None) -> Tensor:
        """Appends ids (frame placeholders take `features`) and returns the logits after the last, (vocabulary,)."""
        x = self.model.embed(torch.tensor([ids]), features)
        return self.model.logits(self.model(x, self.caches)[0, -1])

    def ids_of(self, pieces: Sequence[Piece]) -> list[int]:
        ids: list[int] = []
        for piece in pieces:
            ids += [FRAME] * STREAM.frame_tokens if piece.kind == 'rows' else self.tokenizer.encode_markup(piece.text)
        return ids

    def frame(self, lines: Sequence[str], features: Tensor) -> float:
        """Appends a frame with its new screen lines; the probability of staying silent."""
        pieces = self.template.append(Event('stream', lines=tuple(lines)))
        return float(torch.softmax(self.feed(self.ids_of(pieces), features), -1)[NEXT])

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


class FreeRunning:
    """A fixed set of held-out sessions and recall examples to run a decoder on."""

    def __init__(self, tokenizer: Tokenizer, sessions: int, recall_sessions: int | None = None, is_held_out_style: bool = False) -> None:
        self.tokenizer = tokenizer
        self.classifier = KindClassifier()
        self.sessions = [world.make_session(seed, 'test', is_held_out_style=is_held_out_style) for seed in range(sessions)]
        self.recall = range(10_000, 10_000 + (recall_sessions if recall_sessions is not None else sessions // 2))

    def run(self, model: Decoder, features: Sequence[Tensor] | None = None) -> Score:
        """Scores the decoder. `features[i]` (frames, frame_tokens, width) replace simulated rows of session i."""
        was_training = model.training
        model.eval()
        score = Score()
        for i, session in enumerate(self.sessions):
            rows = (
                simulated_features(session, DecoderConfig.vision_width, random.Random(session.seed))
                if features is None
                else features[i].flatten(0, 1).float()
            )
            self.run_session(model, session, rows, score)
        for seed in self.recall:
            self.run_recall(model, seed, score)
        model.train(was_training)
        return score

    def run_session(self, model: Decoder, session: Session, rows: Tensor, score: Score) -> list[Reply]:
        """One session free-running; stops early when the window is full (the runtime would evict)."""
        runner = Runner(model, self.tokenizer)
        deltas = screen.deltas(session, random.Random(session.seed), EVALUATE.character_error_rate, EVALUATE.miss_rate)
        turns: dict[int, list[Turn]] = defaultdict(list)
        for turn in session.turns:
            turns[turn.frame].append(turn)
        replies: list[Reply] = []
        n, i = STREAM.frame_tokens, -1
        for i in range(-1, len(session.frames)):
            if i >= 0:
                if runner.length > STREAM.context_tokens - 300:
                    break
                silence = runner.frame(deltas[i], rows[i * n : (i + 1) * n])
                if silence < STREAM.silence_threshold:
                    replies.append(Reply(i / STREAM.frame_rate_fps, runner.reply()))
            for turn in turns[i]:
                if turn.role == 'user' and not any(other.asked for other in turns[i]):
                    runner.template.append(Event('user', turn.text))
                elif turn.asked:
                    question = next(other.text for other in turns[i] if other.role == 'user')
                    score.add_answer(runner.ask(question), turn.text, turn.slots.values())
        played = [turn for turn in session.turns if turn.frame <= i]
        score.add_session(played, replies, (i + 1) / STREAM.frame_rate_fps, self.classifier)
        return replies

    def run_recall(self, model: Decoder, seed: int, score: Score) -> None:
        """Questions on stored rows, and a summary."""
        session = world.make_session(seed, 'test')
        for rows, question, answer, slots in world.recall_examples(session, random.Random(seed)):
            evidence = [Evidence(kind, text) for kind, text, _ in rows]
            runner = Runner(model, self.tokenizer)
            prompt = self.tokenizer.encode_markup(recall_prompt(evidence, question))
            if len(prompt) > STREAM.context_tokens - STREAM.max_reply_tokens:
                continue
            text = self.tokenizer.decode(runner.generate(prompt))
            if question == STREAM.summary_prompt:
                names = {value for _, event in session.events for value in event.slots.values() if value in answer}
                score.summaries += 1
                score.summary_slots += len(names)
                score.summary_slots_right += sum(name in text for name in names)
            else:
                score.add_answer(text, answer, slots.values())
