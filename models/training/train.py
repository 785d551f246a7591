"""Trains one part of the pack in one process on one thread.

Usage: python -m training.train decoder --name phase1 --minutes 60
       python -m training.train decoder --name phase2 --resume .runs/phase1.pt --feature-fraction 0.5 --minutes 30
       python -m training.train vision | reader
Every field of the part's configuration class (config.py) is a flag. A run that is started again under the same name goes on
where its checkpoint ends.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, distributed
from torch.multiprocessing.spawn import spawn

import config as configuration
from config import ASSISTANT, NEXT, PAD, RUNS, DecoderConfig, DecoderTrainConfig
from decoder.network import Decoder, load_decoder, look_at_previous_frame, start_with_induction
from decoder.tokenizer import Tokenizer
from pack.read import load_pack
from recall.retriever import Ranker, load
from text.corpus import Corpus
from training.data import Batch, Stored, batches, fit_projector, fit_simulator, long_example, stored_sessions
from training.recorded import recorded_examples

PARTS = {'vision': 'vision.encoder', 'reader': 'reader.recogniser'}  # trained by modules of their own


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


class Optimizer:
    """Muon (https://kellerjordan.github.io/posts/muon/) for the matrices of the blocks, AdamW for all else: the same losses with two thirds of the tokens.

    Muon's steps are scaled to the size of AdamW's (`match_rms_adamw`), so both follow one learning rate.
    """

    def __init__(self, model: Decoder, config: DecoderTrainConfig) -> None:
        trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
        inner = {name: p for name, p in trained.items() if name.startswith('blocks.') and p.dim() == 2}
        outer = [p for name, p in trained.items() if name not in inner]
        groups = [
            {'params': [p for p in outer if p.dim() == 2], 'weight_decay': config.weight_decay},
            {'params': [p for p in outer if p.dim() != 2], 'weight_decay': 0.0},
        ]
        self.parts: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(inner.values(), lr=config.learning_rate, weight_decay=config.weight_decay, adjust_lr_fn='match_rms_adamw'),
            torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.97)),
        )

    def step(self, rate: float) -> None:
        for part in self.parts:
            for group in part.param_groups:
                group['lr'] = rate
            part.step()

    def zero_grad(self) -> None:
        for part in self.parts:
            part.zero_grad(set_to_none=False)

    def state_dict(self) -> list[dict[str, Any]]:
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, states: list[dict[str, Any]]) -> None:
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict(state)


def losses_of(model: Decoder, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Cross-entropy at every labelled position, and the labels: both (N,). Only those positions meet the vocabulary. And the mean loss of choosing rows by verdict."""
    rows = batch.features if batch.features is None or batch.is_projected else model.rows(batch.features, batch.is_simulated)
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


def save(path: Path, model: Decoder, optimizer: Optimizer, config: DecoderTrainConfig, progress: Progress) -> None:
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


def start(config: DecoderTrainConfig, path: Path) -> tuple[Decoder, Progress, list[dict[str, Any]] | None]:
    """A fresh decoder with the induction start, the weights of a pack or of another run, or this run where it was left, with its optimizer's state."""
    source = path if path.exists() else Path(config.resume) if config.resume else None
    if source is not None:
        model = load_decoder(source).train()
    elif config.resume_pack:
        model = load_pack(Path(config.resume_pack)).train()
    else:
        shape = {name: getattr(config, name) for name in ('width', 'layers', 'heads', 'feed_forward')}
        model = Decoder(DecoderConfig(**shape))
        if config.has_induction:
            start_with_induction(model)
    model.projector.requires_grad_(not config.resume_pack)
    if source != path:
        return model, Progress(), None
    state = torch.load(path, map_location='cpu', weights_only=True)
    return model, Progress(**state['progress']), state['optimizer']


class RunLog:
    """One JSON object a line in .runs/NAME.jsonl: what `curves.py` draws. Only the first process writes."""

    def __init__(self, path: Path, is_silent: bool) -> None:
        self.path, self.is_silent = path, is_silent

    def write(self, event: str, **values: object) -> None:
        if self.is_silent:
            return
        with self.path.open('a') as file:
            file.write(json.dumps({'event': event, 'time': time.strftime('%Y-%m-%dT%H:%M:%S'), **values}) + '\n')


def device_of(config: DecoderTrainConfig) -> torch.device:
    """Where to train: what is named, otherwise a GPU when there is one."""
    return torch.device(config.device or ('cuda' if torch.cuda.is_available() else 'cpu'))


def average_gradients(model: Decoder) -> None:
    """The mean over all processes, in one message."""
    trained = [p for p in model.parameters() if p.requires_grad]
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in trained]  # another process may have met what this one did not
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    for parameter, mean in zip(trained, flat.split([p.numel() for p in trained]), strict=True):
        parameter.grad = mean.view_as(parameter)


def prepare(config: DecoderTrainConfig, model: Decoder, stored: Stored | None, tokenizer: Tokenizer, log: RunLog) -> None:
    """What is fitted in closed form before the first step of a phase."""
    if config.fit_projector and stored is not None:
        log.write('projector', explained=fit_projector(model, stored))
    if config.resume_pack and not config.resume and stored is not None:
        log.write('simulator', explained=fit_simulator(model, stored))
    if config.look_at_previous_frame:
        example = long_example(tokenizer, replace(config, crop_fraction=0.0, condensed_fraction=0.0))
        assert example.features is not None, 'a stream has frames'
        explained = look_at_previous_frame(model, torch.tensor([example.encoded.ids]), model.rows(example.features, True))
        log.write('previousFrame', explained=explained)


def train_decoder(config: DecoderTrainConfig, folder: Path = RUNS) -> None:
    """One phase, in as many processes as the configuration says: each takes its own examples, all make the same steps."""
    folder.mkdir(exist_ok=True)
    if config.processes == 1:
        run_phase(config, 0, folder)
        return
    with tempfile.TemporaryDirectory() as meeting:
        spawn(_run_beside, (config, folder, f'file://{meeting}/point'), config.processes)


def _run_beside(rank: int, config: DecoderTrainConfig, folder: Path, meeting: str) -> None:
    distributed.init_process_group('gloo', init_method=meeting, rank=rank, world_size=config.processes)
    run_phase(config, rank, folder)
    distributed.barrier()  # the first one saves while the others are done
    # The interpreter's own end is left out: what threads of gloo let go of during it can abort a process whose work is done
    # (https://github.com/pytorch/pytorch/pull/179291).
    os._exit(0)


def run_phase(config: DecoderTrainConfig, rank: int, folder: Path) -> None:
    """Streams, recall and drills until `minutes` of training have passed, the schedule always run to its end."""
    torch.set_num_threads(config.threads)
    device = device_of(config)
    path, log = folder / f'{config.name}.pt', RunLog(folder / f'{config.name}.jsonl', rank > 0)
    tokenizer = Tokenizer.load()
    torch.manual_seed(config.seed)
    model, progress, left = start(config, path)
    torch.manual_seed(config.seed + 1000 * rank + progress.step)
    stored = stored_sessions(RUNS / config.feature_folder) if config.feature_fraction > 0 else None
    if progress.step == 0:
        prepare(config, model, stored, tokenizer, log)
    if config.processes > 1:  # what was fitted to random examples is the first one's
        for weights in model.state_dict().values():
            distributed.broadcast(weights, 0)
    log.write('start', parameters=sum(p.numel() for p in model.parameters()), step=progress.step, config=asdict(config))
    model.to(device)
    optimizer = Optimizer(model, config)  # its state goes where the weights are
    if left is not None:
        optimizer.load_state_dict(left)
    corpus = Corpus.load('train') if config.recall_fraction > 0 else None
    rank_rows = ranker(corpus, Path(config.retriever)) if corpus is not None and config.retriever else None
    recorded = recorded_examples(Path(config.recorded_folder), tokenizer, config, model.config.width) if config.recorded_fraction > 0 else None
    source = batches(tokenizer, replace(config, seed=config.seed + progress.step + 1_000_003 * rank), corpus, stored, rank_rows, recorded)
    seconds, last_save = config.minutes * 60, progress.elapsed
    while (progress.step < config.most_steps) if config.most_steps else progress.elapsed < seconds:
        began = time.monotonic()
        batch = next(source).to(device)
        rate = learning_rate(config, progress.step, progress.step / config.most_steps if config.most_steps else progress.elapsed / seconds)
        make_step(model, optimizer, batch, config, rate, progress)
        progress.elapsed += time.monotonic() - began
        if config.processes > 1:  # all must leave the loop after the same step
            progress.elapsed = agreed(progress.elapsed)
        if progress.step % config.log_steps == 0:
            means = {name: sum(values) / len(values) for name, values in sorted(progress.losses.items())}
            progress.losses.clear()
            log.write('losses', step=progress.step, tokens=progress.tokens, seconds=round(progress.elapsed, 1), rate=rate, losses=means)
        if rank == 0 and progress.elapsed - last_save > config.checkpoint_minutes * 60:
            last_save = progress.elapsed
            save(path, model, optimizer, config, progress)
    if rank == 0:
        save(path, model, optimizer, config, progress)
    log.write('end', step=progress.step, tokens=progress.tokens, seconds=round(progress.elapsed, 1))


def make_step(model: Decoder, optimizer: Optimizer, batch: Batch, config: DecoderTrainConfig, rate: float, progress: Progress) -> None:
    with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=config.bfloat16):
        losses, labels, by_verdict = losses_of(model, batch)
    weights = batch.weights[batch.targets >= 0]
    loss = (losses * weights).sum() / weights.sum().clamp_min(1.0) + config.listwise_weight * by_verdict
    optimizer.zero_grad()
    loss.backward()
    if config.processes > 1:
        average_gradients(model)
    torch.nn.utils.clip_grad_norm_(model.parameters(), config.gradient_clip)
    optimizer.step(rate)
    progress.step += 1
    progress.tokens += int((batch.ids != PAD).sum()) * config.processes
    progress.losses['all'].append(float(loss.detach()))
    if by_verdict > 0:
        progress.losses['choice'].append(float(by_verdict.detach()))
    note_losses(progress, batch.kind, losses.detach(), labels, weights, config)


def agreed(elapsed: float) -> float:
    """The first process's clock."""
    clock = torch.tensor(elapsed, dtype=torch.float64)
    distributed.broadcast(clock, 0)
    return float(clock)


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
    elif part in PARTS:
        cls = getattr(configuration, f'{part.capitalize()}TrainConfig')
        importlib.import_module(PARTS[part]).train(parse_config(cls, sys.argv[2:]))
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main()
