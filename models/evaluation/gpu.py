"""What a graphics card does with the two decoders: live-tiny against its fixture, and the shape of the published 8B model with random weights.

Usage: python -m evaluation.gpu [--device cuda] [--json FILE]    # scripts/gpuCheck.sh calls it; scripts/gpuCheck.md says how on a bare machine

These are PyTorch's figures, not those of the engine (llama.cpp): the same arithmetic, another program. Speeds are of a frame's one decode behind so
many positions, with CUDA graphs where there is CUDA, and do not depend on what the weights say.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from config import ROOT
from decoder.streaming import STREAM, Runner
from decoder.template import Event
from decoder.tokenizer import Tokenizer
from pack.read import load_pack
from screen.view import ScreenLine

PACK = ROOT / 'live-tiny'
DEPTHS = (2000, 8000, 13_000)
FRAME_POSITIONS = 11  # ten rows and what separates them from the next frame's
QUESTION_POSITIONS = 40
REPEATS = 20


@dataclass(frozen=True)
class Shape:
    """Of a Llama; the default is Meta-Llama-3-8B's."""

    width: int = 4096
    layers: int = 32
    heads: int = 32
    kv_heads: int = 8
    feed_forward: int = 14_336
    vocabulary: int = 128_256
    rope_base: float = 500_000.0

    @property
    def head_width(self) -> int:
        return self.width // self.heads


@dataclass(frozen=True)
class Row:
    what: str
    value: float
    unit: str
    note: str = ''


# --- live-tiny ------------------------------------------------------------------------------------------------------------


@torch.no_grad()
def parity(device: torch.device) -> list[Row]:
    """The shipped weights over the streams of their fixture, which were computed on a processor."""
    fixture = json.loads((PACK / 'parity.json').read_text())
    data = (PACK / 'parity.bin').read_bytes()
    shape = (fixture['rows']['count'], fixture['rows']['width'])
    model, tokenizer = load_pack(PACK).to(device).eval(), Tokenizer.load()
    differences, replies, same = [], 0, 0
    with device:
        for stream in fixture['streams'].values():
            runner = Runner(model, tokenizer)
            runner.user(stream['instruction'])
            for frame in stream['frames']:
                rows = np.frombuffer(data, '<f4', math.prod(shape), frame['rows']).reshape(shape)
                lines = [ScreenLine(**line) for line in frame['lines']]
                silence = runner.frame(lines, torch.from_numpy(rows.copy()).to(device))
                differences.append(abs(silence - frame['silence']))
                if 'reply' in frame:
                    said = runner.generate(runner.ids_of(runner.template.append(Event('assistant'))[:1]))
                    replies, same = replies + 1, same + (said == frame['reply']['tokens'])
    tolerance = fixture['tolerances']['probability']
    return [
        Row('live-tiny, largest difference of a probability of silence', max(differences), '', f'{len(differences)} frames; tolerance {tolerance}'),
        Row('live-tiny, replies with the same tokens', same, f'of {replies}'),
    ]


@torch.no_grad()
def tiny_speed(device: torch.device) -> list[Row]:
    model = load_pack(PACK).to(device).eval()
    with device:
        runner = Runner(model, Tokenizer.load())
        rows = torch.randn(STREAM.frame_tokens, model.config.width)
        for _ in range(300):  # until the window is full
            runner.frame([], rows)
        seconds = timed(lambda: runner.frame([], rows), device)
    return [Row('live-tiny, silent frames, window full', 1 / seconds, 'frames/s', 'without graphs: what Python costs is in it')]


# --- the shape of the 8B model --------------------------------------------------------------------------------------------


class RandomLlama:
    """The arithmetic of a Llama decode with weights that mean nothing; keys and values lie in one block of a fixed length."""

    def __init__(self, shape: Shape, room: int, device: torch.device, dtype: torch.dtype) -> None:
        def weight(*size: int) -> Tensor:
            return torch.empty(*size, device=device, dtype=dtype).normal_(0, 0.02)

        self.shape = shape
        width, kv = shape.width, shape.kv_heads * shape.head_width
        self.norms = [torch.ones(width, device=device, dtype=dtype) for _ in range(2 * shape.layers + 1)]
        self.qkv = [weight(width + 2 * kv, width) for _ in range(shape.layers)]
        self.out = [weight(width, width) for _ in range(shape.layers)]
        self.gate_up = [weight(2 * shape.feed_forward, width) for _ in range(shape.layers)]
        self.down = [weight(width, shape.feed_forward) for _ in range(shape.layers)]
        self.head = weight(shape.vocabulary, width)
        self.cache = torch.zeros(shape.layers, 2, shape.kv_heads, room, shape.head_width, device=device, dtype=dtype).normal_(0, 1)
        frequencies = shape.rope_base ** (-torch.arange(0, shape.head_width, 2, device=device).float() / shape.head_width)
        angles = torch.outer(torch.arange(room, device=device).float(), frequencies)
        self.cos, self.sin = angles.cos().to(dtype), angles.sin().to(dtype)

    def rotate(self, x: Tensor, at: int) -> Tensor:
        """(H, T, D)"""
        cos, sin = self.cos[at : at + x.shape[1]], self.sin[at : at + x.shape[1]]
        first, second = x[..., 0::2], x[..., 1::2]
        return torch.stack([first * cos - second * sin, first * sin + second * cos], -1).flatten(-2)

    def step(self, x: Tensor, at: int) -> Tensor:
        """(T, C) behind `at` positions → logits of the last, (vocabulary,)."""
        shape, count = self.shape, len(x)
        end, groups = at + count, shape.heads // shape.kv_heads
        # Heads that share keys are one run of queries: (kv heads, groups * T, D).
        unseen = torch.full((count, end), -torch.inf, device=x.device, dtype=x.dtype).triu(at + 1).repeat(groups, 1)
        for i in range(shape.layers):
            h = F.rms_norm(x, (shape.width,), self.norms[2 * i], 1e-5)
            q, k, v = F.linear(h, self.qkv[i]).unflatten(-1, (-1, shape.head_width)).transpose(0, 1).split([shape.heads, shape.kv_heads, shape.kv_heads])
            self.cache[i, 0, :, at:end], self.cache[i, 1, :, at:end] = self.rotate(k, at), v
            queries = self.rotate(q, at).reshape(shape.kv_heads, groups * count, shape.head_width)
            mixed = F.scaled_dot_product_attention(queries[None], self.cache[i, 0, None, :, :end], self.cache[i, 1, None, :, :end], attn_mask=unseen)[0]
            x = x + F.linear(mixed.reshape(shape.heads, count, shape.head_width).transpose(0, 1).flatten(1), self.out[i])
            gate, up = F.linear(F.rms_norm(x, (shape.width,), self.norms[2 * i + 1], 1e-5), self.gate_up[i]).chunk(2, -1)
            x = x + F.linear(F.silu(gate) * up, self.down[i])
        return F.linear(F.rms_norm(x[-1], (shape.width,), self.norms[-1], 1e-5), self.head)


@torch.no_grad()
def large_speed(device: torch.device, shape: Shape, depths: tuple[int, ...], name: str) -> list[Row]:
    dtype = torch.bfloat16
    torch.manual_seed(0)
    model = RandomLlama(shape, max(depths) + QUESTION_POSITIONS + 8, device, dtype)
    rows = []
    for depth in depths:
        for what, count, is_rate in (('frames', FRAME_POSITIONS, True), ('a question of 40 tokens to its first word', QUESTION_POSITIONS, False)):
            x = torch.randn(count, shape.width, device=device, dtype=dtype)
            seconds = timed(graphed(lambda x=x, depth=depth: model.step(x, depth).argmax(), device), device)  # type: ignore[misc]
            value, unit = (1 / seconds, 'frames/s') if is_rate else (1000 * seconds, 'ms')
            rows.append(Row(f'{name}, {what}, behind {depth:,} positions', value, unit))
    if device.type == 'cuda':
        rows.append(Row(f'{name}, memory', torch.cuda.max_memory_allocated(device) / 1e9, 'GB', f'bfloat16, cache of {max(depths):,} positions'))
    return rows


def graphed(work: Callable[[], Tensor], device: torch.device) -> Callable[[], object]:
    """The same work as one launch, where that can be."""
    if device.type != 'cuda':
        return work
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


def timed(work: Callable[[], object], device: torch.device) -> float:
    """Seconds; the median, each waited for."""
    seconds = []
    for _ in range(REPEATS):
        _wait(device)
        start = time.perf_counter()
        work()
        _wait(device)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _wait(device: torch.device) -> None:
    if device.type == 'cuda':
        torch.cuda.synchronize(device)


# --- table ----------------------------------------------------------------------------------------------------------------


def check(device: torch.device, shape: Shape = Shape(), depths: tuple[int, ...] = DEPTHS, name: str = '8B shape') -> list[Row]:  # noqa: B008
    return [*parity(device), *tiny_speed(device), *large_speed(device, shape, depths, name)]


def markdown(rows: list[Row], device: str) -> str:
    lines = [f'| {device}, PyTorch {torch.__version__} | | |', '| --- | ---: | --- |']
    return '\n'.join(lines + [f'| {row.what} | {row.value:.4g} {row.unit} | {row.note} |' for row in rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--device', default='cuda')
    parser.add_argument('--json', type=Path)
    options = parser.parse_args()
    device = torch.device(options.device)
    name = torch.cuda.get_device_name(device) if device.type == 'cuda' else 'processor'
    rows = check(device)
    if options.json:
        options.json.write_text(json.dumps({'device': name, 'torch': torch.__version__, 'rows': [asdict(row) for row in rows]}, indent=1) + '\n')
    print(markdown(rows, name))


if __name__ == '__main__':
    main()
