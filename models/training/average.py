"""The mean of checkpoints of one run's line: what was learned last, without losing what was known before.

    python -m training.average .runs/nine.pt .runs/eight.pt .runs/mean.pt      # the first gives everything but the weights; the last is written

Source: Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022: weights between those before and after fine-tuning do better on what neither was tuned on.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

WEIGHTS = 'model'


def mean(checkpoints: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of weights of the same names and shapes."""
    first, *others = checkpoints
    assert all(each.keys() == first.keys() for each in others), 'the checkpoints are of unlike networks'
    return {name: torch.stack([each[name].double() for each in checkpoints]).mean(0).to(weight.dtype) for name, weight in first.items()}


def main() -> None:
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    *sources, target = sys.argv[1:]
    checkpoints = [torch.load(each, map_location='cpu', weights_only=True) for each in sources]
    torch.save({**checkpoints[0], WEIGHTS: mean([each[WEIGHTS] for each in checkpoints])}, target)


if __name__ == '__main__':
    main()
