"""Where the threshold of silence of a quantised decoder lies: quantising shifts the probabilities, and the decisions should stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def calibrated_threshold(reference: Sequence[float], measured: Sequence[float], threshold: float) -> float:
    """The threshold with which `measured` speaks on most of the frames that `reference` speaks on with its own.

    Between two measured values any threshold decides alike: of equally good stretches the one nearest to `threshold` is taken, and in it the value
    nearest to `threshold`, so that a decoder that decides alike keeps it.
    """
    assert len(reference) == len(measured), 'the two were shown different frames'
    wanted = [value < threshold for value in reference]
    cuts = [0.0, *sorted(set(measured)), 1.0]
    best = (-1, 0.0, threshold)
    for low, high in pairwise(cuts):
        agreed = sum((value <= low) == speaks for value, speaks in zip(measured, wanted, strict=True))
        near = threshold if low < threshold <= high else (low + high) / 2
        best = max(best, (agreed, -abs(near - threshold), near))
    return round(best[2], 4)
