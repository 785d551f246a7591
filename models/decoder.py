"""The streaming decoder: a small llama network in PyTorch, its KV cache, and the induction circuit it starts from.

The arithmetic is llama.cpp's for `general.architecture = llama` (RMSNorm, interleaved rotary pairs, SwiGLU, tied output), so
that export.py writes the weights without permuting anything and the runtime reproduces the logits.
"""

from __future__ import annotations

import math

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


class Decoder(nn.Module):
    """Token ids and vision features → hidden states; `logits` are the tied output.

    https://arxiv.org/abs/2406.11816 for the stream, https://arxiv.org/abs/2302.13971 for the network.
    """

    table: Tensor

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary_size, config.width)
        self.projector = nn.Linear(config.vision_width, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.width, config.norm_epsilon)
        self.register_buffer("table", rotary_table(config), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                residual = name.endswith(("output.weight", "down.weight"))
                nn.init.normal_(parameter, 0.0, 0.02 / math.sqrt(2 * config.layers) if residual else 0.02)

    def embed(self, ids: Tensor, features: Tensor | None = None) -> Tensor:
        """(B, T) ids → (B, T, C); frame placeholders become projected `features` (number of placeholders, vision_width)."""
        x = self.embedding(ids)
        if features is not None and len(features):
            rows = self.projector(features).to(x.dtype)
            x = x.masked_scatter((ids == FRAME).unsqueeze(-1), rows)
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

    def new_caches(self) -> list[LayerCache]:
        return [LayerCache(self.config) for _ in self.blocks]


@torch.no_grad()
def start_with_induction(model: Decoder, config: MimeticConfig | None = None) -> None:
    """Writes an induction circuit into the initial weights: "find the token that followed my like, and say it".

    Copying names is the bottleneck of a decoder this small: learned from a random start it takes far more text than the budget
    allows, while the circuit below only has to be kept. Head 0 of layer 0 looks one token back and writes that token's
    identity into a second subspace; heads 0 and 1 of layers 1 and 2 match it with the current token and copy what they find.
    Channel 0 is the same for every embedding: through it a head can attend by position alone.
    """
    config = config or MimeticConfig()
    generator = torch.Generator().manual_seed(config.seed)
    d, heads = model.config.width, model.config.heads
    head_width, std = d // heads, config.embedding_std
    basis = torch.linalg.qr(torch.randn(d - 1, d - 1, generator=generator))[0]

    def subspace(i: int) -> Tensor:
        """The i-th block of orthonormal directions, blind to channel 0: (head_width, d)."""
        rows = basis[i * head_width : min((i + 1) * head_width, d - 1)]
        return F.pad(rows, (1, 0, 0, head_width - len(rows)))

    own, previous = subspace(0), subspace(1)
    model.embedding.weight.normal_(0, std, generator=generator)
    constant = config.constant_channel * std / math.sqrt(1 - config.constant_channel**2 / d)
    model.embedding.weight[:, 0] = constant
    model.projector.weight.normal_(0, std / math.sqrt(model.config.vision_width), generator=generator)
    model.projector.weight[0] = 0
    model.projector.bias.zero_()
    model.projector.bias[0] = constant

    # layer 0, head 0: fast rotary pairs give a peak at distance one
    pairs = config.pairs
    frequencies = model.config.rope_base ** (-torch.arange(0, head_width, 2).float() / head_width)
    weight = model.blocks[0].qkv.weight  # rows: queries, keys, values
    query, key, value = weight[:d], weight[d : 2 * d], weight[2 * d :]
    strength = math.sqrt(config.previous_token_logit) / config.constant_channel
    query[:head_width] *= 0.1
    key[:head_width] *= 0.1
    query[0 : 2 * pairs : 2, 0] = strength * torch.cos(frequencies[:pairs])
    query[1 : 2 * pairs : 2, 0] = -strength * torch.sin(frequencies[:pairs])
    key[0 : 2 * pairs : 2, 0] = strength
    value[:head_width] = own
    model.blocks[0].output.weight[:, :head_width] = std * previous.T

    # layers 1 and 2, heads 0 and 1: match on the slow rotary pairs, copy one subspace of the identity each
    slow = torch.ones(head_width, 1)
    slow[: 2 * pairs] = 0
    gain = math.sqrt(config.match_logit)
    for layer in (1, 2):
        weight = model.blocks[layer].qkv.weight
        query, key, value = weight[:d], weight[d : 2 * d], weight[2 * d :]
        for head in (0, 1):
            rows = slice(head * head_width, (head + 1) * head_width)
            copied = subspace(2 * (layer - 1) + head)
            query[rows] = gain * slow * own
            key[rows] = gain * slow * previous
            value[rows] = copied
            model.blocks[layer].output.weight[:, rows] = config.copy_gain * copied.T
