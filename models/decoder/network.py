"""The streaming decoder: a small llama network in PyTorch, its KV cache, and the induction circuit it starts from.

The arithmetic is llama.cpp's for `general.architecture = llama` (RMSNorm, interleaved rotary pairs, SwiGLU, tied output), so
that pack/export.py writes the weights without permuting anything and the runtime reproduces the logits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import FRAME, DecoderConfig, MimeticConfig


def rotary_table(config: DecoderConfig) -> Tensor:
    """exp(i · position · frequency), complex64 (context, head_width / 2)."""
    head_width = config.width // config.heads
    frequencies = config.rope_base ** (-torch.arange(0, head_width, 2).float() / head_width)
    angles = torch.outer(torch.arange(config.context_tokens).float(), frequencies)
    return torch.polar(torch.ones_like(angles), angles)


def rotate(x: Tensor, table: Tensor) -> Tensor:
    """Rotates neighbouring pairs of `x` (B, H, T, D) by the angles of `table` (T, D / 2)."""
    pairs = torch.view_as_complex(x.float().unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * table).flatten(-2).to(x.dtype)


def causal_attention(query: Tensor, key: Tensor, value: Tensor, block: int = 256) -> Tensor:
    """Softmax attention of (B, H, T, D) in blocks of queries, each meeting only the keys it may see.

    For training on a CPU in bfloat16: there the fused kernel's backward pass takes two to four times as long at these lengths.
    """
    length, scale = query.shape[2], query.shape[-1] ** -0.5
    query, value = query * scale, value.to(query.dtype)
    mixed = []
    for start in range(0, length, block):
        end = min(start + block, length)
        scores = query[:, :, start:end] @ key[:, :, :end].transpose(-1, -2)  # (B, H, block, end)
        later = torch.full((end - start, end), -1e9, dtype=scores.dtype).triu(start + 1)
        mixed.append((scores + later).softmax(-1) @ value[:, :, :end])
    return torch.cat(mixed, 2)


class LayerCache:
    """Keys and values of one layer for a single sequence, preallocated; rolling back is setting `length`."""

    def __init__(self, config: DecoderConfig) -> None:
        shape = (2, 1, config.heads, config.context_tokens, config.width // config.heads)
        self.store = torch.zeros(shape)
        self.length = 0

    def extend(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        end = self.length + key.shape[2]
        self.store[0, :, :, self.length : end] = key
        self.store[1, :, :, self.length : end] = value
        self.length = end
        return self.store[0, :, :, :end], self.store[1, :, :, :end]


class Block(nn.Module):
    """Pre-norm attention and SwiGLU. https://github.com/ggml-org/llama.cpp/blob/master/src/models/llama.cpp"""

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        d, ff = config.width, config.feed_forward
        self.heads = config.heads
        self.attention_norm = nn.RMSNorm(d, config.norm_epsilon)
        self.qkv = nn.Linear(d, 3 * d, bias=False)
        self.output = nn.Linear(d, d, bias=False)
        self.feed_forward_norm = nn.RMSNorm(d, config.norm_epsilon)
        self.gate_up = nn.Linear(d, 2 * ff, bias=False)
        self.down = nn.Linear(ff, d, bias=False)

    def forward(self, x: Tensor, table: Tensor, cache: LayerCache | None = None) -> Tensor:
        qkv = self.qkv(self.attention_norm(x)).unflatten(-1, (3, self.heads, -1))  # (B, T, 3, H, D)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)  # 3 x (B, H, T, D)
        query, key = rotate(query, table), rotate(key, table)
        if cache is None:
            with torch.autocast('cpu', enabled=False):
                mixed = causal_attention(query, key, value)
        else:
            past = cache.length
            key, value = cache.extend(key, value)
            mask = torch.ones(query.shape[2], key.shape[2], dtype=torch.bool).tril(past)
            mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = x + self.output(mixed.transpose(1, 2).flatten(2))
        gate, up = self.gate_up(self.feed_forward_norm(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Projector(nn.Module):
    """A frame's encoder features (N, T, F) → its rows in the decoder (N, T, C), through one narrow linear layer for the whole frame.

    Narrow, because what the rows have to carry is little (states of the window, not text); linear, so that `fit` has a closed form.
    """

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.shape = (config.frame_tokens, config.width)
        self.narrow = nn.Linear(config.frame_tokens * config.vision_width, config.projector_width)
        self.wide = nn.Linear(config.projector_width, config.frame_tokens * config.width)

    def forward(self, features: Tensor) -> Tensor:
        rows: Tensor = self.wide(self.narrow(features.flatten(1))).unflatten(1, self.shape)
        return rows

    @torch.no_grad()
    def fit(self, features: Tensor, rows: Tensor, ridge: float = 1e-2) -> float:
        """Sets the weights to the best linear map of this rank from `features` to `rows`; returns the share of variance explained."""
        fitted = linear_fit(features.flatten(1), rows.flatten(1), ridge)  # (T·F, T·C)
        rank = self.narrow.out_features
        directions = torch.linalg.svd(fitted.x @ fitted.weight, full_matrices=False)[2][:rank]  # (rank, T·C)
        narrow = fitted.weight @ directions.T
        self.narrow.weight.copy_(narrow.T)
        self.narrow.bias.copy_(-fitted.x_mean @ narrow)
        self.wide.weight.copy_(directions.T)
        self.wide.bias.copy_(fitted.y_mean)
        return fitted.explained(narrow @ directions)


@dataclass(frozen=True)
class LinearFit:
    """The best linear map from `x` to `y`, both without their means, in double precision: `x @ weight`."""

    x: Tensor
    y: Tensor
    x_mean: Tensor
    y_mean: Tensor
    weight: Tensor

    def explained(self, weight: Tensor) -> float:
        """The share of the variance of `y` that a map explains."""
        return float(1 - (self.x @ weight - self.y).pow(2).sum() / self.y.pow(2).sum())


def linear_fit(x: Tensor, y: Tensor, ridge: float) -> LinearFit:
    """(N, X) → (N, Y) by ridge regression; `ridge` is a share of the mean of the Gram matrix's diagonal."""
    x, y = x.double(), y.double()
    x_mean, y_mean = x.mean(0), y.mean(0)
    x, y = x - x_mean, y - y_mean
    gram = x.T @ x
    gram += ridge * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    return LinearFit(x, y, x_mean, y_mean, torch.linalg.solve(gram, x.T @ y))


class Decoder(nn.Module):
    """Token ids and rows of frames → hidden states; `logits` are the tied output.

    Rows come from the vision encoder through `projector` (exported with the encoder), or, in text-only training, from the simulated
    state code of training/data.py through `simulator` (never exported).

    https://arxiv.org/abs/2406.11816 for the stream, https://arxiv.org/abs/2302.13971 for the network.
    """

    table: Tensor

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary_size, config.width)
        self.projector = Projector(config)
        self.simulator = nn.Linear(config.vision_width, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.width, config.norm_epsilon)
        self.register_buffer('table', rotary_table(config), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                residual = name.endswith(('output.weight', 'down.weight'))
                nn.init.normal_(parameter, 0.0, 0.02 / math.sqrt(2 * config.layers) if residual else 0.02)

    def rows(self, features: Tensor, is_simulated: bool) -> Tensor:
        """(number of placeholders, vision_width) features, frame after frame → (number of placeholders, C) rows."""
        if is_simulated:
            return self.simulator(features)
        return self.projector(features.unflatten(0, (-1, self.config.frame_tokens))).flatten(0, 1)

    def embed(self, ids: Tensor, rows: Tensor | None = None) -> Tensor:
        """(B, T) ids → (B, T, C); frame placeholders become `rows` (number of placeholders, C), in order."""
        x = self.embedding(ids)
        if rows is not None and len(rows):
            x = x.masked_scatter((ids == FRAME).unsqueeze(-1), rows.to(x.dtype))
        return x

    def forward(self, x: Tensor, caches: list[LayerCache] | None = None) -> Tensor:
        """(B, T, C) embeddings → (B, T, C) normed hidden states; with caches, x continues the sequence."""
        past = caches[0].length if caches else 0
        table = self.table[past : past + x.shape[1]]
        for i, block in enumerate(self.blocks):
            x = block(x, table, caches[i] if caches else None)
        return self.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., C) → (..., vocabulary)."""
        return F.linear(hidden, self.embedding.weight)

    @property
    def layers(self) -> list[Block]:
        return [block for block in self.blocks if isinstance(block, Block)]

    def new_caches(self) -> list[LayerCache]:
        return [LayerCache(self.config) for _ in self.blocks]


@torch.no_grad()
def start_with_induction(model: Decoder, config: MimeticConfig | None = None) -> None:
    """Writes an induction circuit into the initial weights: "find where my last two tokens stood before, and say what followed".

    Copying names is the bottleneck of a decoder this small: learned from a random start it takes far more text than the budget
    allows, while the circuit below only has to be kept. Heads 0 and 1 of layer 0 look one and two tokens back and write what they see into
    subspaces of their own; heads 0 and 1 of layers 1 and 2 match both with the current and the previous token and copy the
    token they find. Two tokens, because the one before a word is most often a space, which says nothing.
    Channel 0 is the same for every embedding: through it a head can attend by position alone.
    """
    config = config or MimeticConfig()
    generator = torch.Generator().manual_seed(config.seed)
    d, heads = model.config.width, model.config.heads
    head_width, std, pairs = d // heads, config.embedding_std, config.pairs
    basis = torch.linalg.qr(torch.randn(d - 1, d - 1, generator=generator))[0]
    turn = torch.linalg.qr(torch.randn(head_width, head_width, generator=generator))[0]  # tells the second match from the first

    def subspace(i: int) -> Tensor:
        """The i-th block of orthonormal directions, blind to channel 0: (head_width, d)."""
        i %= heads
        rows = basis[i * head_width : min((i + 1) * head_width, d - 1)]
        return F.pad(rows, (1, 0, 0, head_width - len(rows)))

    own, previous, second = subspace(0), subspace(1), subspace(2)
    model.embedding.weight.normal_(0, std, generator=generator)
    constant = config.constant_channel * std / math.sqrt(1 - config.constant_channel**2 / d)
    model.embedding.weight[:, 0] = constant
    model.simulator.weight.normal_(0, std / math.sqrt(model.config.vision_width), generator=generator)
    model.simulator.weight[0] = 0
    model.simulator.bias.zero_()
    model.simulator.bias[0] = constant

    # layer 0, heads 0 and 1: fast rotary pairs give a peak at distance one and two
    frequencies = model.config.rope_base ** (-torch.arange(0, head_width, 2).float() / head_width)
    strength = math.sqrt(config.look_back_logit) / config.constant_channel
    query, key, value = model.layers[0].qkv.weight.split(d)  # views: writing to them writes to the layer
    for head, target in enumerate((previous, second)):
        start, angles = head * head_width, (head + 1) * frequencies[:pairs]
        query[start : start + head_width] *= 0.1
        key[start : start + head_width] *= 0.1
        query[start : start + 2 * pairs : 2, 0] = strength * torch.cos(angles)
        query[start + 1 : start + 2 * pairs : 2, 0] = -strength * torch.sin(angles)
        key[start : start + 2 * pairs : 2, 0] = strength
        value[start : start + head_width] = own
        model.layers[0].output.weight[:, start : start + head_width] = config.look_back_gain * std * target.T

    # layers 1 and 2, heads 0 and 1: match on the slow rotary pairs, copy one subspace of the identity each
    slow = torch.ones(head_width, 1)
    slow[: 2 * pairs] = 0
    gain, weight = math.sqrt(config.match_logit), config.second_match_weight
    for layer in (1, 2):
        query, key, value = model.layers[layer].qkv.weight.split(d)
        for head in (0, 1):
            rows = slice(head * head_width, (head + 1) * head_width)
            copied = subspace(2 * (layer - 1) + head)
            query[rows] = gain * slow * (own + weight * turn @ previous)
            key[rows] = gain * slow * (previous + weight * turn @ second)
            value[rows] = copied
            model.layers[layer].output.weight[:, rows] = config.copy_gain * copied.T


@torch.no_grad()
def look_at_previous_frame(
    model: Decoder, ids: Tensor, rows: Tensor, layer: int = 2, head: int = 0, config: MimeticConfig | None = None
) -> float:
    """Rewires one head to subtract, at a frame's rows, the rows of the frame before: what remains is what changed.

    A picture-only step (the debugger starts, a panel opens) is a *change* of the rows, which a decoder this small does not find by
    itself. The head acts where a linear probe, fitted on the example (`ids` (1, T), `rows` as for `embed`), recognises rows;
    elsewhere it attends evenly. Frames without new text follow each other at a fixed distance, so a position head finds the row
    before. Returns the share of variance the probe explains. Use it on a head whose removal costs nothing.
    """
    config = config or MimeticConfig()
    d, head_width = model.config.width, model.config.width // model.config.heads
    x = model.embed(ids, rows)
    for block in model.layers[:layer]:
        x = block(x, model.table[: x.shape[1]])
    normed = model.layers[layer].attention_norm(x)[0]  # (T, C)
    is_row = (ids[0] == FRAME).float()
    # ridge without an intercept of its own: channel 0 is nearly constant and takes that part
    gram = normed.T @ normed + 1e-2 * len(normed) * torch.eye(d)
    probe = torch.linalg.solve(gram, normed.T @ is_row)  # (C,)
    explained = 1 - float((normed @ probe - is_row).pow(2).sum() / (is_row - is_row.mean()).pow(2).sum())

    scale = float(x[0][is_row > 0].pow(2).mean(-1).sqrt().mean())  # a normed row is the row divided by this
    frequencies = model.config.rope_base ** (-torch.arange(0, head_width, 2).float() / head_width)
    pairs, start = 2 * config.pairs, head * head_width
    distance = model.config.frame_tokens + 1  # the rows of a frame and the silence token
    angles = distance * frequencies[:pairs]
    strength = math.sqrt(config.look_back_logit)
    query, key, value = model.layers[layer].qkv.weight.split(d)
    directions = torch.linalg.qr(torch.randn(d, d, generator=torch.Generator().manual_seed(config.seed)))[0][:head_width]
    span = slice(start, start + head_width)
    query[span], key[span] = 0, 0
    query[start : start + 2 * pairs : 2] = strength * torch.cos(angles)[:, None] * probe
    query[start + 1 : start + 2 * pairs : 2] = -strength * torch.sin(angles)[:, None] * probe
    key[start : start + 2 * pairs : 2] = strength * probe
    value[span] = directions / model.layers[layer].attention_norm.weight
    model.layers[layer].output.weight[:, span] = -scale * directions.T
    return explained


def load_decoder(path: Path) -> Decoder:
    """The decoder of a checkpoint, ready for evaluation."""
    state = torch.load(path, map_location='cpu', weights_only=True)
    model = Decoder(DecoderConfig(**state['decoder']))
    model.load_state_dict(state['model'])
    return model.eval()
