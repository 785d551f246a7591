"""Measures a decoder on held-out simulated sessions in PyTorch, or the whole pack through the shipped program.

Usage: python -m evaluation.evaluate torch .runs/phase1.pt --sessions 24 [--features .runs/features-test] [--write]
       python -m evaluation.evaluate calibrate .runs/phase1.pt  # silence threshold and least likelihood of a reply, from sessions that no test has
       python -m evaluation.evaluate recall .runs/recall.pt --examples 600 [--write]  # questions on rows, an untrained decoder beside
       python -m evaluation.evaluate refusal .runs/recall.pt  # when a question stays unanswered, for StreamConfig.refusal
       python -m evaluation.evaluate clips --clips 12 [--model DIR] [--write]  # rendered videos through the command line (clips.py)

A checkpoint may be the folder of a pack: then the rows come from its encoder and painted pictures, and the weights are rounded as it stores them (float16).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from config import PACK, StreamConfig
from decoder.network import Decoder, load_decoder
from decoder.template import Answer
from decoder.tokenizer import Tokenizer
from evaluation.asking import Asking
from evaluation.clips import add_arguments, evaluate_clips
from evaluation.free_running import BASELINES, CALIBRATION_SEED, FreeRunning, Manner, Played
from evaluation.metrics import write_metrics
from evaluation.truth import Heard
from pack.read import load_pack
from recall import matcher
from recall.answering import HeldOut, RecallScore, fit_refusal, measure
from recall.answering import Reply as CitedReply
from recall.matcher import Matcher

__all__ = ['FreeRunning', 'main']

STREAM = StreamConfig()
REFUSAL_SEED = 78  # other questions than those that are measured
THRESHOLDS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.65)  # of silence, that calibration tries
LIKELIHOODS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
FINALISTS = 4  # pairs that are run as they are
FALSE_PER_MINUTE = 0.5  # that a calibrated pack may say of nothing
NEARLY_SOLVED = 0.8  # share of the decoder's score from which a baseline that sees nothing makes a task worthless
SEEING_NOTHING = ('random', 'blind')
ANSWERS = ('questions', 'questionAccuracy', 'questionAccuracyByKind', 'abstention', 'wronglyAbstained')


def loaded(path: Path) -> Decoder:
    """The decoder of a checkpoint, or of a pack's folder."""
    return load_pack(path).eval() if path.is_dir() else load_decoder(path)


def ready_matcher() -> Matcher | None:
    """None before it has been trained (recall/matcher.py)."""
    return matcher.load() if matcher.CHECKPOINT.exists() else None


def manner_of(path: Path) -> Manner:
    """What a pack was calibrated to; of a checkpoint, what the configuration says."""
    stream = json.loads((path / 'manifest.json').read_text())['stream'] if path.is_dir() else {}
    if not stream:
        return Manner(min_likelihood=STREAM.min_reply_likelihood)
    threshold = stream['silenceThreshold']
    return Manner(threshold, stream.get('requestSilenceThreshold', threshold), min_likelihood=stream.get('minReplyLikelihood', 0.0))


def shares(manner: Manner) -> dict[str, float]:
    """What of a manner the manifest says, under its names there."""
    return {'silenceThreshold': manner.threshold, 'requestSilenceThreshold': manner.request_threshold, 'minReplyLikelihood': manner.min_likelihood}


# --- streams ----------------------------------------------------------------------------------------------------------------


def evaluate_streams(options: argparse.Namespace) -> None:
    """Prints the decoder's figures, those without grammar and withholding, and the baselines'."""
    model, usual = loaded(options.checkpoint), manner_of(options.checkpoint)
    asked = {'threshold': options.threshold, 'request_threshold': options.request_threshold, 'min_likelihood': options.min_likelihood}
    manner = replace(usual, **{name: value for name, value in asked.items() if value is not None})
    pack = options.checkpoint if options.checkpoint.is_dir() else None
    running = FreeRunning(Tokenizer.load(), options.sessions, options.features, pack, options.idle, asking=Asking.ready(), matcher=ready_matcher())
    figures = {**running.run(model, manner).summary(), **running.forced(model, (0.0, manner.threshold))}
    figures |= shares(manner)
    found: dict[str, Any] = {'torch': figures}
    if not options.only:
        found['ungrounded'] = running.run(model, replace(manner, is_grounded=False, min_likelihood=0.0)).summary()
        baselines = {'random': running.at_random().summary()}
        if running.asking:
            silent = running.run(model, Manner(0.0, 0.0, is_rank_alone=True)).summary()
            baselines['searchAlone'] = {name: value for name, value in silent.items() if name in ANSWERS}
        for name, sight in BASELINES.items():
            baselines[name] = running.run(model, manner, sight).summary()
        found |= {'baselines': baselines, 'worthless': worthless(figures, baselines)}
    print(json.dumps(found, indent=1))
    if options.write:
        write_metrics(PACK, found)


def tasks(summary: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Every score of a summary that is better when higher, by name."""
    for name in ('stepF1', 'kindF1', 'kindAccuracy', 'slotExact', 'exactSteps', 'standingRequests', 'questionAccuracy', 'abstention'):
        if name in summary:
            yield name, summary[name]
    for name in ('slotExactByClass', 'questionAccuracyByKind'):
        for part, value in summary.get(name, {}).items():
            yield f'{name}.{part}', value
    for kind, counts in summary.get('byKind', {}).items():
        yield f'byKind.{kind}', counts['exact'] / counts['steps']


def worthless(summary: Mapping[str, Any], baselines: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Tasks that a baseline nearly solves which sees nothing: a score there says nothing about the decoder."""
    blind = [dict(tasks(baselines[name])) for name in SEEING_NOTHING]
    return [name for name, value in tasks(summary) if value > 0 and max(scores.get(name, 0.0) for scores in blind) >= NEARLY_SOLVED * value]


# --- calibration --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """A manner with what it gives."""

    manner: Manner
    summary: Mapping[str, Any]

    @property
    def quality(self) -> tuple[float, float]:
        """Steps found, then exact ones."""
        return round(self.summary.get('stepF1', 0.0), 2), self.summary.get('exactSteps', 0.0)

    @property
    def rank(self) -> tuple[bool, float, tuple[float, float]]:
        """Those that say little of nothing before those that do not, which are the better the less they say of it."""
        false = self.summary.get('falsePerMinute', 0.0)
        is_calm = false <= FALSE_PER_MINUTE
        return is_calm, 0.0 if is_calm else -false, self.quality


def calibrate(model: Decoder, running: FreeRunning) -> list[Trial]:
    """The pairs of threshold and likelihood worth a run of their own, the best first: the best of each threshold by an estimate, the foremost of these as they are,
    with the threshold that does requests best.

    The estimate leaves unlikely replies out afterwards. As it is they are rolled back and may come again, likelier, on the next frame.
    """
    estimates: list[Trial] = []
    requests: dict[float, float] = {}  # share of the standing requests done right, by threshold
    for threshold in THRESHOLDS:
        played = running.play(model, Manner(threshold, threshold))
        tried = [Trial(Manner(threshold, threshold, min_likelihood=one), running.scored([shown(session, one) for session in played]).summary()) for one in LIKELIHOODS]
        requests[threshold] = tried[0].summary.get('standingRequests', 0.0)
        estimates += [max(tried, key=lambda trial: trial.rank), max(tried, key=lambda trial: trial.quality)]
    finalists = {trial.manner: trial for trial in sorted(estimates, key=lambda trial: trial.rank, reverse=True)[:FINALISTS]}
    finalists |= {trial.manner: trial for trial in [max(estimates, key=lambda trial: trial.quality)]}  # what the limit costs
    of_requests = max(requests, key=lambda threshold: requests[threshold])
    chosen = [replace(manner, request_threshold=of_requests) for manner in finalists]
    runs = [Trial(manner, running.run(model, manner).summary()) for manner in chosen]
    return sorted(runs, key=lambda trial: trial.rank, reverse=True)


def shown(played: Played, likelihood: float) -> Heard:
    """What is left of a session's replies without the unlikely ones, about: here they stay in the stream, the program rolls them back."""
    replies = [reply for reply, likely in zip(played.heard.replies, played.likelihoods, strict=True) if likely >= likelihood]
    return Heard(replies, played.heard.answers)


def evaluate_calibration(options: argparse.Namespace) -> None:
    pack = options.checkpoint if options.checkpoint.is_dir() else None
    running = FreeRunning(Tokenizer.load(), options.sessions, options.features, pack, options.idle, 'train', CALIBRATION_SEED, questions=0, matcher=ready_matcher())
    names = ('stepF1', 'kindF1', 'exactSteps', 'slotExact', 'standingRequests', 'falsePerMinute', 'unmatchedPerMinute', 'withheld', 'minutes', 'nothingMinutes')
    tried = [
        {**shares(manner), 'reached': {name: summary[name] for name in names if name in summary}}
        for manner, summary in ((trial.manner, trial.summary) for trial in calibrate(loaded(options.checkpoint), running))
    ]
    print(json.dumps({**tried[0], 'quantisation': 'float16' if pack else 'float32', 'others': tried[1:]}, indent=1))


# --- questions on rows -------------------------------------------------------------------------------------------------------


def evaluate_recall(options: argparse.Namespace) -> None:
    """Prints the rates of the trained and of an untrained decoder, and those of the first row, on the same held-out examples."""
    tokenizer = Tokenizer.load()
    torch.manual_seed(0)
    model = loaded(options.checkpoint)
    if options.verb == 'refusal':
        print(json.dumps(fit_refusal(model, tokenizer, HeldOut.draw(options.examples, REFUSAL_SEED, options.sessions))))
        return
    examples = HeldOut.draw(options.examples, sessions=options.sessions)
    scores = {name: measure(each, tokenizer, examples) for name, each in {'recall': model, 'recallUntrained': Decoder(model.config).eval()}.items()}
    for name, score in {**scores, 'rankAlone': rank_alone(examples)}.items():
        summary = score.summary()
        print(name, json.dumps(summary, indent=1))
        if options.write:
            write_metrics(PACK, {name: summary})


def rank_alone(held_out: HeldOut) -> RecallScore:
    """What naming the first row of every question gets: what a decoder must beat."""
    score = RecallScore()
    for example in held_out.examples:
        if example.kind in ('fact', 'when', 'none', 'session'):
            score.add(example, CitedReply(Answer('', (0,) if example.rows else ()), 0.0))
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest='verb', required=True)
    for verb, sessions in (('torch', 24), ('calibrate', 16)):
        on_streams = verbs.add_parser(verb)
        on_streams.add_argument('checkpoint', type=Path, help='or the folder of a pack')
        on_streams.add_argument('--sessions', type=int, default=sessions, help='half as many standing requests come on top')
        on_streams.add_argument('--idle', type=int, default=10, help='minutes in which nothing happens')
        on_streams.add_argument('--features', type=Path, help='a store of painted sessions; without it rows are simulated, or a pack\'s own')
        if verb == 'torch':
            on_streams.add_argument('--threshold', type=float)
            on_streams.add_argument('--request-threshold', type=float)
            on_streams.add_argument('--min-likelihood', type=float)
            on_streams.add_argument('--only', action='store_true', help='neither the run without grammar nor the baselines')
            on_streams.add_argument('--write', action='store_true', help="write metrics.json and the tables in the pack's README.md")
    on_rows = verbs.add_parser('recall')
    on_rows.add_argument('checkpoint', type=Path, help='or the folder of a pack')
    on_rows.add_argument('--examples', type=int, default=600)
    on_rows.add_argument('--sessions', type=int, default=60, help='held-out sessions that up to four questions each are asked about')
    on_rows.add_argument('--write', action='store_true', help="write metrics.json and the tables in the pack's README.md")
    refusal = verbs.add_parser('refusal')
    refusal.add_argument('checkpoint', type=Path, help='or the folder of a pack')
    refusal.add_argument('--examples', type=int, default=1000)
    refusal.add_argument('--sessions', type=int, default=150)
    through_program = verbs.add_parser('clips')
    add_arguments(through_program)
    options = parser.parse_args()
    torch.set_num_threads(1)
    run = {'torch': evaluate_streams, 'calibrate': evaluate_calibration, 'recall': evaluate_recall, 'refusal': evaluate_recall, 'clips': evaluate_clips}
    run[options.verb](options)


if __name__ == '__main__':
    main()
