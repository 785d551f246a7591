"""The decoder copies before any training, and its cache gives the same result however the stream is cut."""

import random

import torch

from config import ASSISTANT, BOS, EOS, FRAME, NEXT, SCREEN, DecoderConfig
from decoder.network import Decoder, look_at_previous_frame, start_with_induction
from training.train import listwise

SMALL = DecoderConfig()


def copy_accuracy(model: Decoder) -> float:
    """Top-1 accuracy of repeating 20 random tokens seen once (a token may not predict itself)."""
    rng, right, total = random.Random(3), 0, 0
    with torch.no_grad():
        for _ in range(20):
            tokens = [rng.randrange(8, SMALL.vocabulary_size) for _ in range(20)]
            ids = [BOS, SCREEN, *tokens, NEXT, ASSISTANT, *tokens, EOS]
            logits = model.logits(model(model.embed(torch.tensor([ids]))))[0]
            for i in range(25, 24 + 19):
                logits[i, ids[i]] = -1e9
                right += int(logits[i].argmax() == ids[i + 1])
                total += 1
    return right / total


def test_untrained_decoder_copies() -> None:
    torch.manual_seed(0)
    model = Decoder(SMALL)
    before = copy_accuracy(model)
    start_with_induction(model)
    assert before < 0.05, before
    assert copy_accuracy(model) > 0.8, copy_accuracy(model)


def test_cache_equals_full_pass() -> None:
    torch.manual_seed(0)
    model = Decoder(SMALL)
    start_with_induction(model)
    ids = torch.randint(8, SMALL.vocabulary_size, (1, 40))
    ids[0, 10:14] = FRAME
    rows = 0.05 * torch.randn(4, SMALL.width)
    with torch.no_grad():
        full = model(model.embed(ids, rows))
        caches = model.new_caches()
        x = model.embed(ids, rows)
        pieces = [model(x[:, a:b], caches) for a, b in ((0, 1), (1, 12), (12, 13), (13, 40))]
    torch.testing.assert_close(torch.cat(pieces, 1), full, atol=1e-4, rtol=1e-4)


def test_rolling_back_forgets() -> None:
    torch.manual_seed(0)
    model = Decoder(SMALL)
    start, wrong, right = (torch.randint(8, SMALL.vocabulary_size, (1, n)) for n in (10, 5, 5))
    with torch.no_grad():
        caches = model.new_caches()
        model(model.embed(start), caches)
        model(model.embed(wrong), caches)
        for cache in caches:
            cache.length = 10
        after = model(model.embed(right), caches)
        full = model(model.embed(torch.cat([start, right], 1)))[:, 10:]
    torch.testing.assert_close(after, full, atol=1e-4, rtol=1e-4)


def test_projector_fit_recovers_a_narrow_linear_map() -> None:
    torch.manual_seed(0)
    projector = Decoder(SMALL).projector
    features = torch.randn(2000, SMALL.frame_tokens, SMALL.vision_width)
    hidden = features.flatten(1)[:, :20]  # 20 < projector_width directions matter
    rows = (hidden @ torch.randn(20, SMALL.frame_tokens * SMALL.width)).unflatten(1, (SMALL.frame_tokens, -1)) + 0.5
    assert projector.fit(features, rows, ridge=1e-6) > 0.99
    error = (projector(features) - rows).pow(2).mean() / rows.var()
    assert error < 0.01, error


def test_head_on_the_previous_frame_shows_changes_only() -> None:
    """After the rewiring a row that repeats the frame before nearly vanishes in the head's subspace, a changed one does not."""
    torch.manual_seed(0)
    model = Decoder(SMALL)
    start_with_induction(model)
    frames = 60
    ids = torch.tensor([[BOS, *([FRAME] * SMALL.frame_tokens + [NEXT]) * frames]])
    states = torch.randn(2, SMALL.frame_tokens, SMALL.width) * 0.05
    states[:, :, 0] = model.embedding.weight[0, 0].detach()
    rows = torch.cat([states[int(i >= 40)] for i in range(frames)])
    assert look_at_previous_frame(model, ids, rows) > 0.9
    layer, inputs = model.layers[2], []
    layer.output.register_forward_hook(lambda module, args, out: inputs.append(args[0]))
    with torch.no_grad():
        x = model.embed(ids, rows)
        for block in model.layers[:2]:
            x = block(x, model.table[: x.shape[1]])
        layer(x, model.table[: x.shape[1]])
    width = SMALL.width // SMALL.heads
    head = inputs[0][0][ids[0] == FRAME][:, :width].unflatten(0, (frames, -1))  # what the head found: (frames, tokens, width)
    unchanged, after_change = (head[30] - head[29]).norm(), (head[41] - head[40]).norm()
    assert after_change > 5 * unchanged, (after_change, unchanged)


def test_listwise_loss_compares_the_rows_of_one_question() -> None:
    logits = torch.zeros(6, SMALL.vocabulary_size)
    labels = torch.tensor([NEXT, ASSISTANT, NEXT, 40, NEXT, ASSISTANT])
    questions = torch.tensor([0, 0, 0, 0, 1, 1])
    assert abs(float(listwise(logits, labels, questions)) - (torch.tensor([3.0, 2.0]).log().mean())) < 1e-5
    logits[[1, 5], ASSISTANT] = 9.0
    assert float(listwise(logits, labels, questions)) < 0.01
    logits[3, ASSISTANT] = 99.0  # no reference
    assert float(listwise(logits, labels, questions)) < 0.01
    logits[[0, 2, 4], ASSISTANT] = 9.0  # all rows alike again
    assert float(listwise(logits, labels, questions)) > 0.8
    assert float(listwise(logits, torch.full_like(labels, 40), questions)) == 0
