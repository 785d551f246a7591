"""Compares designs of the decoder: each trained from nothing on the same number of tokens, then measured on the same held-out sessions with the truth as history.

Usage: python -m evaluation.designs [NAME ...]      # all of DESIGNS; .runs/designs.jsonl, one line a design; those that stand there are left out
       python -m evaluation.designs --table         # as a table for README.md

So little training tells which design learns faster, not which is best in the end; figures that differ by less than those of `base` and `base again` say nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch

from comparison import Figures, compare
from config import RUNS, DecoderTrainConfig
from decoder.network import load_decoder
from decoder.tokenizer import Tokenizer
from evaluation.free_running import FreeRunning
from training.train import train_decoder

PATH = RUNS / 'designs.jsonl'
STEPS = 300
SESSIONS = 16
BASE = DecoderTrainConfig(tokens_per_batch=1700, most_steps=STEPS, warmup_steps=40, constant_fraction=0.5, recall_fraction=0.0, drill_fraction=0.1, log_steps=50)
DESIGNS: dict[str, dict[str, Any]] = {
    'base': {},
    'base again': {'seed': 1},
    'width 128': {'width': 128, 'heads': 2, 'feed_forward': 352},
    'width 256': {'width': 256, 'heads': 4, 'feed_forward': 672},
    'three layers': {'layers': 3},
    'six layers': {'layers': 6},
    'no induction circuit at the start': {'has_induction': False},
    'no screen text': {'has_text': False},
    'no pictures': {'has_pictures': False},
    'twice the learning rate': {'learning_rate': 2 * DecoderTrainConfig.learning_rate},
    'equal loss weights': {'stream_weight': 1.0, 'speak_weight': 1.0, 'rare_weight': 1.0},
    'no loss on screen text': {'screen_weight': 0.0},
    'no brief conversations': {'brief_fraction': 0.0},
    'whole streams only': {'brief_fraction': 0.0, 'condensed_fraction': 0.0},
}
# Curricula: the first half of the steps with other settings.
BEGINNINGS: dict[str, dict[str, Any]] = {
    'brief conversations first': {'brief_fraction': 0.9},
    'copying first': {'drill_fraction': 0.6},
    'frames on which something happens first': {'condensed_fraction': 1.0, 'idle_fraction': 0.0},
}


def train_and_measure(name: str) -> Figures:
    """One design's figures; teacher-forced, so they hold for decisions and words, not for what a reply does to the next."""
    config = replace(BASE, name=f'design-{name.replace(" ", "-")}', **DESIGNS.get(name, {}))
    began = time.process_time()
    if name in BEGINNINGS:
        beginning = replace(config, name=f'{config.name}-beginning', most_steps=STEPS // 2, constant_fraction=0.99, **BEGINNINGS[name])
        train_decoder(beginning)
        config = replace(config, resume=str(RUNS / f'{beginning.name}.pt'), most_steps=STEPS // 2, seed=1)
    train_decoder(config)
    minutes = (time.process_time() - began) / 60
    model = load_decoder(RUNS / f'{config.name}.pt').eval()
    running = FreeRunning(Tokenizer.load(), SESSIONS, idle=0, questions=0)
    running.held = [
        replace(
            held,
            deltas=held.deltas if config.has_text else [[] for _ in held.deltas],
            features=held.features if config.has_pictures else torch.zeros_like(held.features),
        )
        for held in running.held
    ]
    return {'design': name, 'parameters': sum(p.numel() for p in model.parameters()), 'minutes': round(minutes, 1), **running.forced(model)}


def table(results: Sequence[Figures]) -> Iterator[str]:
    yield '| design | parameters | CPU minutes | LM-PPL | LM-Correctness | Fluency | TimeDiff |'
    yield '|---|---:|---:|---:|---:|---:|---:|'
    for one in results:
        figures = (f'{one[name]:.2f}' for name in ('lmPerplexity', 'lmCorrectness', 'fluency', 'timeDiffSeconds'))
        yield f'| {one["design"]} | {one["parameters"] / 1e6:.2f} M | {one["minutes"]:.1f} | {" | ".join(figures)} s |'


if __name__ == '__main__':
    compare([*DESIGNS, *BEGINNINGS], PATH, train_and_measure, table, __doc__)
