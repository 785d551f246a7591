"""Measures a decoder on held-out simulated sessions in PyTorch, or the whole pack through the shipped program.

Usage: python evaluate.py torch .runs/phase1.pt --sessions 40 [--features .runs/features-test]
       python evaluate.py recall .runs/recall.pt --examples 600 [--write]   # questions on rows, an untrained decoder beside
       python evaluate.py refusal .runs/recall.pt  # when a question stays unanswered, for StreamConfig.refusal
       python evaluate.py clips --clips 12 [--model DIR]        # rendered videos through the command line (clips.py)

Free-running: the decoder's own replies stay in its cache; nothing of the truth is fed but frames and the user's turns.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path

import torch
from torch import Tensor

import screen
import world
from answering import HeldOut, RecallScore, answer, fit_refusal, measure
from answering import Reply as CitedReply
from clips import add_arguments, evaluate_clips
from config import PACK, DecoderConfig, EvaluateConfig, StreamConfig
from data import simulated_features
from decoder import Decoder, load_decoder
from metrics import write_metrics
from pack import load_pack
from recall import session_examples
from scene import Session, Turn
from scoring import KindClassifier, Reply, Score
from streaming import Runner
from template import Answer, Event
from tokenizer import Tokenizer
from vision import load_features

STREAM = StreamConfig()
REFUSAL_SEED = 78  # other questions than those that are measured
EVALUATE = EvaluateConfig()


class FreeRunning:
    """A fixed set of held-out sessions and recall examples to run a decoder on."""

    def __init__(
        self, tokenizer: Tokenizer, sessions: int, features: Path | None = None, threshold: float = STREAM.silence_threshold
    ) -> None:
        """`features` is a store of painted test sessions (`vision.py features --split test`); without it rows are simulated."""
        self.tokenizer, self.threshold = tokenizer, threshold
        self.classifier = KindClassifier()
        self.features: list[Tensor] | None = None
        if features is None:
            self.sessions = [world.make_session(seed, 'test') for seed in range(sessions)]
        else:
            stored = list(load_features(features))[:sessions]
            self.sessions, self.features = [session for session, _ in stored], [rows for _, rows in stored]
        self.recall = range(10_000, 10_000 + sessions // 2)

    def run(self, model: Decoder) -> Score:
        """Scores the decoder on all sessions."""
        was_training = model.training
        model.eval()
        score = Score()
        for i, session in enumerate(self.sessions):
            if self.features is None:
                seen = simulated_features(session, DecoderConfig.vision_width, random.Random(session.seed))
            else:
                seen = self.features[i].flatten(0, 1).float()
            with torch.no_grad():
                rows = model.rows(seen, self.features is None)
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
                if silence < self.threshold:
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
        for example in session_examples(session, random.Random(seed)):
            expected = example.answer.text
            text = answer(model, self.tokenizer, example).answer.text
            if example.question == STREAM.summary_prompt:
                names = {value for _, event in session.events for value in event.slots.values() if value in expected}
                score.summaries += 1
                score.summary_slots += len(names)
                score.summary_slots_right += sum(name in text for name in names)
            else:
                score.add_answer(text, expected, example.slots)


def loaded(path: Path) -> Decoder:
    """The decoder of a checkpoint, or of a pack's folder."""
    return load_pack(path).eval() if path.is_dir() else load_decoder(path)


def evaluate_recall(options: argparse.Namespace) -> None:
    """Prints the rates of the trained and of an untrained decoder, and those of the first row, on the same held-out examples."""
    tokenizer = Tokenizer.load()
    torch.manual_seed(0)
    model = loaded(options.checkpoint)
    if options.verb == 'refusal':
        print(json.dumps(fit_refusal(model, tokenizer, HeldOut.draw(options.examples, REFUSAL_SEED))))
        return
    examples = HeldOut.draw(options.examples)
    scores = {name: measure(each, tokenizer, examples) for name, each in {'recall': model, 'recallUntrained': Decoder(model.config).eval()}.items()}
    for name, score in {**scores, 'rankAlone': rank_alone(examples)}.items():
        summary = score.summary()
        print(name, json.dumps(summary, indent=1))
        if options.write:
            write_metrics(PACK, name, summary)


def rank_alone(held_out: HeldOut) -> RecallScore:
    """What naming the first row of every question gets: what a decoder must beat."""
    score = RecallScore()
    for example in held_out.examples:
        if example.kind in ('fact', 'when', 'none'):
            score.add(example, CitedReply(Answer('', (0,) if example.rows else ()), 0.0))
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest='verb', required=True)
    in_torch = verbs.add_parser('torch')
    in_torch.add_argument('checkpoint', type=Path, help='or the folder of a pack')
    in_torch.add_argument('--sessions', type=int, default=40)
    in_torch.add_argument('--features', type=Path)
    in_torch.add_argument('--threshold', type=float, default=STREAM.silence_threshold)
    in_torch.add_argument('--write', action='store_true', help="write metrics.json and the table in the pack's README.md")
    on_rows = verbs.add_parser('recall')
    on_rows.add_argument('checkpoint', type=Path, help='or the folder of a pack')
    on_rows.add_argument('--examples', type=int, default=600)
    on_rows.add_argument('--write', action='store_true', help="write metrics.json and the table in the pack's README.md")
    refusal = verbs.add_parser('refusal')
    refusal.add_argument('checkpoint', type=Path, help='or the folder of a pack')
    refusal.add_argument('--examples', type=int, default=1500)
    through_program = verbs.add_parser('clips')
    add_arguments(through_program)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.verb == 'clips':
        evaluate_clips(options)
        return
    if options.verb in ('recall', 'refusal'):
        evaluate_recall(options)
        return
    score = FreeRunning(Tokenizer.load(), options.sessions, options.features, options.threshold).run(loaded(options.checkpoint))
    print(json.dumps(score.summary(), indent=1))
    if options.write:
        write_metrics(PACK, 'torch', {'minutes': round(score.seconds / 60, 1), **score.summary()})
    for kind, (steps, hits, exact) in sorted(score.by_kind.items()):
        print(f'{kind:15} steps {steps:3d}  found {hits:3d}  exact {exact:3d}')


if __name__ == '__main__':
    main()
