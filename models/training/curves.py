"""Draws the losses of training runs over tokens, one panel for each part of the loss.

    python -m training.curves NAME [NAME ...] --out curves.png  # reads .runs/NAME.jsonl
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import matplotlib

from config import RUNS

matplotlib.use('Agg')
import matplotlib.pyplot as plt

PARTS = {'speak': 'when to speak', 'silent': 'when to be silent', 'stream reply': 'what to say, simulated rows', 'picture reply': 'what to say, rows of pictures', 'recall reply': 'answers from rows', 'choice': 'which row'}


def losses(name: str, smoothing: float = 0.8) -> dict[str, list[tuple[float, float]]]:
    """Of each part: (million tokens, running mean of the loss)."""
    curves: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for line in (RUNS / f'{name}.jsonl').read_text().splitlines():
        entry = json.loads(line)
        if entry['event'] != 'losses':
            continue
        for part, value in entry['losses'].items():
            before = curves[part][-1][1] if curves[part] else value
            curves[part].append((entry['tokens'] / 1e6, smoothing * before + (1 - smoothing) * value))
    return curves


def draw(names: Sequence[str], out: Path) -> None:
    figure, axes = plt.subplots(2, 3, figsize=(12, 6), layout='constrained')
    for index, name in enumerate(names):
        curves = losses(name)
        for axis, (part, title) in zip(axes.flat, PARTS.items(), strict=True):
            if part in curves:
                axis.plot(*zip(*curves[part], strict=True), color=f'C{index}', label=name, linewidth=1)
            axis.set_title(title, fontsize=10)
            axis.set_yscale('log')
            axis.grid(alpha=0.3)
    for axis in axes[-1]:
        axis.set_xlabel('million tokens')
    for axis in axes[:, 0]:
        axis.set_ylabel('loss')
    axes.flat[0].legend(fontsize=8)
    figure.savefig(out, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='+')
    parser.add_argument('--out', type=Path, required=True)
    options = parser.parse_args()
    draw(options.names, options.out)


if __name__ == '__main__':
    main()
