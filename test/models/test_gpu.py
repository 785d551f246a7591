"""The check of a graphics card, on the processor and a small shape: it measures what it says."""

import pytest
import torch

from evaluation.gpu import RandomLlama, Shape, check, markdown

SMALL = Shape(width=64, layers=2, heads=8, kv_heads=2, feed_forward=128, vocabulary=300)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def rows():
    return check(CPU, SMALL, (60, 120), "small")


def test_the_shipped_weights_are_as_their_fixture_says(rows) -> None:
    difference, replies = rows[:2]
    assert difference.value < 1e-3
    assert replies.unit == f"of {int(replies.value)}"


def test_every_depth_has_frames_and_questions(rows) -> None:
    names = [row.what for row in rows if row.what.startswith("small")]
    assert names == [f"small, {what}, behind {depth} positions" for depth in (60, 120) for what in ("frames", "a question of 40 tokens to its first word")]
    assert all(row.value > 0 for row in rows)
    assert "| small, frames, behind 60 positions |" in markdown(rows, "here")


@torch.no_grad()
def test_a_decode_in_one_go_is_the_same_as_piece_by_piece() -> None:
    """Masks, rotation and the shared keys of grouped heads are those of a causal decoder."""
    torch.manual_seed(1)
    model = RandomLlama(SMALL, 40, CPU, torch.float32)
    x = torch.randn(24, SMALL.width)
    whole = model.step(x, 0)
    cache = model.cache.clone()
    model.cache.zero_()
    model.step(x[:9], 0)
    model.step(x[9:10], 9)
    pieces = model.step(x[10:], 10)
    torch.testing.assert_close(pieces, whole, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(model.cache[:, :, :, :24], cache[:, :, :, :24], rtol=1e-4, atol=1e-5)
