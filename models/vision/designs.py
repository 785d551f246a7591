"""Compares designs of the vision encoder: each trained from nothing for the same processor time, then asked what held-out pictures show.

Usage: python -m vision.designs [NAME ...]     # all of DESIGNS; .runs/vision-designs.jsonl, one line a design; those that stand there are left out
       python -m vision.designs --table        # as a table for README.md

The figures are means over the attributes of `labels.py` of the share told right, beside that of always telling the commonest class.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from comparison import Figures, compare
from config import RUNS, VisionConfig, VisionTrainConfig
from vision.encoder import VisionEncoder, evaluate, load_encoder, train

PATH = RUNS / 'vision-designs.jsonl'
CPU_MINUTES = 4.0
PICTURES = 200  # encoded one at a time for the speed
DESIGNS: dict[str, VisionConfig] = {
    'base': VisionConfig(),
    '1 frame token': VisionConfig(frame_tokens=1),
    '10 frame tokens': VisionConfig(frame_tokens=10),
    '16 frame tokens': VisionConfig(frame_tokens=16),
    'half the resolution': VisionConfig(width=128, height=80),
    'one and a half times the resolution': VisionConfig(width=384, height=224),
    'half as wide': VisionConfig(channels=(8, 16, 32, 32, 64, 64, 96, 192)),
    'patch transformer': VisionConfig(trunk='patches'),
}


def measure(name: str) -> Figures:
    """One design's figures."""
    config = VisionTrainConfig(name=f'vision-design-{name.replace(" ", "-")}', cpu_minutes=CPU_MINUTES)
    train(config, DESIGNS[name])
    results = evaluate(config)
    encoder = load_encoder(RUNS / config.name / 'checkpoint.pt').fused()
    return {
        'design': name,
        'parameters': sum(p.numel() for p in encoder.parameters()),
        'milliseconds': round(milliseconds(encoder), 2),
        **{kind: round(sum(row['accuracy'] for row in rows.values()) / len(rows), 3) for kind, rows in results.items()},
        'majority': round(sum(row['majority'] for row in results['natural'].values()) / len(results['natural']), 3),
    }


@torch.no_grad()
def milliseconds(encoder: VisionEncoder) -> float:
    """Processor time of one picture."""
    pixels: Tensor = torch.randn(1, 3, encoder.config.height, encoder.config.width).to(memory_format=torch.channels_last)
    encoder(pixels)
    began = time.process_time()
    for _ in range(PICTURES):
        encoder(pixels)
    return (time.process_time() - began) / PICTURES * 1000


def table(results: Sequence[Figures]) -> Iterator[str]:
    yield '| design | parameters | a picture | natural | random states | held-out style |'
    yield '|---|---:|---:|---:|---:|---:|'
    for one in results:
        figures = ' | '.join(f'{one[kind]:.3f}' for kind in ('natural', 'random states', 'held-out style'))
        yield f'| {one["design"]} | {one["parameters"] / 1e6:.2f} M | {one["milliseconds"]:.1f} ms | {figures} |'


if __name__ == '__main__':
    compare(DESIGNS, PATH, measure, table, __doc__)
