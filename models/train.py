"""Trains one part of the pack in one process on one thread.

Usage: python train.py decoder --name phase1 --minutes 60
       python train.py decoder --name phase2 --resume .runs/phase1.pt --feature-fraction 0.5 --minutes 30
       python train.py vision | reader
Every field of the part's configuration class (config.py) is a flag. A run that is started again under the same name goes on
where its checkpoint ends.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

import config as configuration
from config import ASSISTANT, NEXT, PAD, RUNS, DecoderConfig, DecoderTrainConfig
from corpus import Corpus
from data import Batch, Stored, batches, fit_projector, fit_simulator, long_example, stored_sessions
from decoder import Decoder, load_decoder, look_at_previous_frame, start_with_induction
from evaluate import FreeRunning
from pack import load_pack
from retriever import Ranker, load
from tokenizer import Tokenizer


def parse_config(cls: type[Any], arguments: list[str]) -> Any:
    """An instance of a configuration dataclass with the fields named on the command line replaced."""
    parser = argparse.ArgumentParser(description=cls.__doc__)
    for item in fields(cls):
        default = getattr(cls(), item.name)
        if isinstance(default, bool):
            parser.add_argument(f'--{item.name.replace("_", "-")}', action=argparse.BooleanOptionalAction, default=default)
        elif isinstance(default, (int, float, str)):
            parser.add_argument(f'--{item.name.replace("_", "-")}', type=type(default), default=default)
    return replace(cls(), **vars(parser.parse_args(arguments)))


@dataclass
class Progress:
    """How far a run is; saved with the checkpoint so that it can be resumed."""

    step: int = 0
    tokens: int = 0
    elapsed: float = 0.0  # seconds spent training, evaluation left out
    losses: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def learning_rate(config: DecoderTrainConfig, step: int, fraction: float) -> float:
    """Linear warm-up by step, then constant, then linear decay by the `fraction` of the schedule that has passed."""
    warmup = min(1.0, (step + 1) / config.warmup_steps)
    falling = max(0.0, fraction - config.constant_fraction) / (1 - config.constant_fraction)
    return config.learning_rate * warmup * max(config.final_fraction, 1 - falling * (1 - config.final_fraction))


def optimizer_of(model: Decoder, config: DecoderTrainConfig) -> torch.optim.AdamW:
    trained = [p for p in model.parameters() if p.requires_grad]
    matrices = [p for p in trained if p.dim() == 2]
    vectors = [p for p in trained if p.dim() != 2]
    groups = [{'params': matrices, 'weight_decay': config.weight_decay}, {'params': vectors, 'weight_decay': 0.0}]
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.97))


def losses_of(model: Decoder, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Cross-entropy at every labelled position, and the labels: both (N,). Only those positions meet the vocabulary. And the mean loss of choosing rows by verdict."""
    rows = None if batch.features is None else model.rows(batch.features, batch.is_simulated)
    hidden = model(model.embed(batch.ids, rows))  # (B, T, C)
    labelled = batch.targets >= 0
    labels = batch.targets[labelled]
    logits = model.logits(hidden[labelled]).float()
    sequences = labelled.nonzero()[:, 0]
    by_verdict = listwise(logits, labels, sequences) if batch.kind == 'recall' else logits.new_zeros(())
    return F.cross_entropy(logits, labels, reduction='none'), labels, by_verdict


def listwise(logits: Tensor, labels: Tensor, sequences: Tensor) -> Tensor:
    """Cross-entropy of the rows that bear on a question among all of its rows, each weighing what its reference says: speak against silence.

    `sequences` (N,) tells which question a position belongs to. Every verdict for itself learns that few rows matter; this learns which.
    """
    is_reference = (labels == ASSISTANT) | (labels == NEXT)
    verdicts = logits[is_reference, ASSISTANT] - logits[is_reference, NEXT]
    is_right, owners = labels[is_reference] == ASSISTANT, sequences[is_reference]
    losses = [
        verdicts[owners == owner].logsumexp(0) - verdicts[(owners == owner) & is_right].logsumexp(0) for owner in owners[is_right].unique()
    ]
    return torch.stack(losses).mean() if losses else logits.new_zeros(())


def ranker(corpus: Corpus, checkpoint: Path) -> Ranker:
    """The search's order with a trained retriever."""
    return Ranker(load(checkpoint), corpus)


def save(path: Path, model: Decoder, optimizer: torch.optim.Optimizer, config: DecoderTrainConfig, progress: Progress) -> None:
    """Writes the checkpoint beside its place first, so that a reader never meets half a file."""
    state = {
        'model': model.state_dict(),
        'decoder': asdict(model.config),
        'optimizer': optimizer.state_dict(),
        'train': asdict(config),
        'progress': {'step': progress.step, 'tokens': progress.tokens, 'elapsed': progress.elapsed},
    }
    torch.save(state, path.with_suffix('.tmp'))
    path.with_suffix('.tmp').rename(path)


def start(config: DecoderTrainConfig, path: Path) -> tuple[Decoder, torch.optim.AdamW, Progress]:
    """A fresh decoder with the induction start, the weights of a pack or of another run, or this run where it was left."""
    progress = Progress()
    source = path if path.exists() else Path(config.resume) if config.resume else None
    if source is None and config.resume_pack:
        model = load_pack(Path(config.resume_pack)).train()
        model.projector.requires_grad_(not config.resume_pack)
        return model, optimizer_of(model, config), progress
    if source is None:
        model = Decoder(DecoderConfig())
        start_with_induction(model)
        return model, optimizer_of(model, config), progress
    model = load_decoder(source).train()
    model.projector.requires_grad_(not config.resume_pack)
    optimizer = optimizer_of(model, config)
    if source == path:
        state = torch.load(path, map_location='cpu', weights_only=True)
        optimizer.load_state_dict(state['optimizer'])
        progress = Progress(**state['progress'])
    return model, optimizer, progress


def train_decoder(config: DecoderTrainConfig) -> None:
    """One phase: streams, recall and drills until `minutes` of training have passed, the schedule always run to its end."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    RUNS.mkdir(exist_ok=True)
    path, log_path = RUNS / f'{config.name}.pt', RUNS / 'decoder.log'
    tokenizer = Tokenizer.load()
    model, optimizer, progress = start(config, path)
    painted = RUNS / f'{config.feature_folder}-test'
    evaluation = FreeRunning(tokenizer, config.evaluate_sessions, painted if config.feature_fraction > 0 and painted.exists() else None)
    stored: Stored | None = None

    def log(message: str) -> None:
        with log_path.open('a') as file:
            file.write(f'{time.strftime("%H:%M:%S")} {config.name} {message}\n')

    if config.feature_fraction > 0:
        stored = stored_sessions(RUNS / config.feature_folder)
    if progress.step == 0 and config.fit_projector and stored is not None:
        log(f'projector fitted: {fit_projector(model, stored):.3f} of the variance of simulated rows explained')
    if progress.step == 0 and config.resume_pack and not config.resume and stored is not None:
        log(f'simulator fitted: {fit_simulator(model, stored):.3f} of the variance of the rows explained')
    if progress.step == 0 and config.look_at_previous_frame:
        example = long_example(tokenizer, replace(config, crop_fraction=0.0, condensed_fraction=0.0))
        assert example.features is not None, 'a stream has frames'
        explained = look_at_previous_frame(model, torch.tensor([example.encoded.ids]), model.rows(example.features, True))
        log(f'a head looks at the previous frame: rows recognised with {explained:.3f} of the variance explained')
    parameters = sum(p.numel() for p in model.parameters())
    log(f'start: {parameters / 1e6:.2f} M parameters, step {progress.step}, {json.dumps(asdict(config))}')
    seconds, last_save, last_evaluation = config.minutes * 60, progress.elapsed, progress.elapsed
    corpus = Corpus.load('train') if config.recall_fraction > 0 else None
    rank = ranker(corpus, Path(config.retriever)) if corpus is not None and config.retriever else None
    source = batches(tokenizer, replace(config, seed=config.seed + progress.step), corpus, stored, rank)
    while progress.elapsed < seconds:
        began = time.monotonic()
        batch = next(source)
        rate = learning_rate(config, progress.step, progress.elapsed / seconds)
        for group in optimizer.param_groups:
            group['lr'] = rate
        with torch.autocast('cpu', torch.bfloat16, enabled=config.bfloat16):
            losses, labels, by_verdict = losses_of(model, batch)
        weights = batch.weights[batch.targets >= 0]
        loss = (losses * weights).sum() / weights.sum().clamp_min(1.0) + config.listwise_weight * by_verdict
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.gradient_clip)
        optimizer.step()
        progress.step += 1
        progress.tokens += int((batch.ids != PAD).sum())
        if by_verdict > 0:
            progress.losses['choice'].append(float(by_verdict.detach()))
        note_losses(progress, batch.kind, losses.detach(), labels, weights, config)
        progress.elapsed += time.monotonic() - began
        if progress.step % config.log_steps == 0:
            means = {name: round(sum(values) / len(values), 3) for name, values in sorted(progress.losses.items())}
            progress.losses.clear()
            speed = progress.tokens / progress.elapsed
            log(
                f'{progress.elapsed / 60:.1f} min, step {progress.step}, {progress.tokens / 1e6:.2f} M tokens, {speed:.0f}/s, lr {rate:.1e}, {means}'
            )
        if progress.elapsed - last_save > config.checkpoint_minutes * 60:
            last_save = progress.elapsed
            save(path, model, optimizer, config, progress)
        if progress.elapsed - last_evaluation > config.evaluate_minutes * 60:
            last_evaluation = progress.elapsed
            log(f'evaluation {json.dumps(evaluation.run(model).summary())}')
    save(path, model, optimizer, config, progress)
    log(f'end: {progress.tokens / 1e6:.2f} M tokens; evaluation {json.dumps(evaluation.run(model).summary())}')


def note_losses(progress: Progress, kind: str, losses: Tensor, labels: Tensor, weights: Tensor, config: DecoderTrainConfig) -> None:
    """Adds a batch to the running means: decisions, replies (by kind of batch) and screen text apart."""
    decision = (labels == NEXT) | (labels == ASSISTANT)
    screen_text = (weights == config.screen_weight) & ~decision
    learned = weights > 0
    parts = {
        'silent': labels == NEXT,
        'speak': labels == ASSISTANT,
        'screen': screen_text,
        f'{kind} reply': learned & ~decision & ~screen_text,
    }
    for name, mask in parts.items():
        if mask.any():
            value = float(losses[mask].mean())
            assert math.isfinite(value), f'the {name} loss is {value}'
            progress.losses[name].append(value)


def main() -> None:
    part = sys.argv[1] if len(sys.argv) > 1 else ''
    if part == 'decoder':
        train_decoder(parse_config(DecoderTrainConfig, sys.argv[2:]))
    elif part in ('vision', 'reader'):
        cls = getattr(configuration, f'{part.capitalize()}TrainConfig')
        importlib.import_module(part).train(parse_config(cls, sys.argv[2:]))
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main()
