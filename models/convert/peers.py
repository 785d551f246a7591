"""The published loop in PyTorch as the peer of a benchmark (`npm run bench -- peers`): makes the weights, and runs them.

Usage:
  python -m convert.peers make FOLDER --shape miniature   # checkpoints and packs of random weights below FOLDER
  python -m convert.peers run FOLDER --pictures FILE --size 640x360 --frames 1200 --precision float32 --threads 1 --out FILE

FILE holds pictures, raw RGB one after the other, which are shown again from the first when all were shown. The adapter is merged, which the published
loop does not do: it is the faster of the two. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from convert import published
from convert.checkpoint import Checkpoint
from convert.lora import MergedCheckpoint
from convert.miniature import QUESTION, MiniatureConfig, make
from convert.reference import PublishedLoop, rows_of
from convert.siglip import PooledRows, load_tower
from convert.videollm import Sources, convert, load_unmerged

CONTEXT = 16384  # 1,200 frames of eleven positions, and a question
SHAPES = {
    'miniature': MiniatureConfig(context=CONTEXT, steps=1),
    'medium': MiniatureConfig(width=512, layers=8, heads=8, kv_heads=2, feed_forward=3, context=CONTEXT, vision_width=192, vision_layers=6, steps=1),
}
QUANTISATIONS = ['f32', 'f16', 'q8_0']
NAME = 'peer'


def sources_in(folder: Path) -> Sources:
    return Sources(folder / 'base', folder / 'adapter', folder / 'vision')


def prepare(folder: Path, shape: str) -> None:
    make(folder, SHAPES[shape])
    for pack in convert(sources_in(folder), folder / 'packs', QUANTISATIONS, master='f32', vision_precision='f32', name=NAME):
        print(pack)


@torch.no_grad()
def run(folder: Path, pictures: np.ndarray, frames: int, precision: torch.dtype) -> dict[str, object]:
    sources = sources_in(folder)
    unmerged: Any = load_unmerged(sources)
    decoder = unmerged.merge_and_unload().to(precision).eval()
    merged = MergedCheckpoint(Checkpoint(sources.base), sources.adapter)
    encoder = PooledRows(load_tower(sources.vision), published.connector_of(merged.saved('connector'))).to(precision).eval()
    tokenizer = Tokenizer.from_file(str(sources.tokenizer / 'tokenizer.json'))
    loop = PublishedLoop(decoder, tokenizer, threshold=0.0, longest=1)

    silences, ends = [], [time.perf_counter()]
    for number in range(frames):
        rows = rows_of(encoder, pictures[number % len(pictures)], published.VISION)
        silences.append(loop.frame(rows))
        ends.append(time.perf_counter())
    before = time.perf_counter()
    loop.answer(QUESTION)  # of one token
    first_token = time.perf_counter() - before
    return {'frameEndsMs': [1000 * (end - ends[0]) for end in ends[1:]], 'firstTokenMs': 1000 * first_token, 'silences': silences, 'positions': loop.length}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest='verb', required=True)
    making = verbs.add_parser('make')
    making.add_argument('folder', type=Path)
    making.add_argument('--shape', choices=SHAPES, required=True)
    running = verbs.add_parser('run')
    running.add_argument('folder', type=Path)
    running.add_argument('--pictures', type=Path, required=True)
    running.add_argument('--size', required=True)
    running.add_argument('--frames', type=int, required=True)
    running.add_argument('--precision', choices=['float32', 'bfloat16'], required=True)
    running.add_argument('--threads', type=int, required=True)
    running.add_argument('--out', type=Path, required=True)
    options = parser.parse_args()
    if options.verb == 'make':
        prepare(options.folder, options.shape)
        return
    torch.set_num_threads(options.threads)
    width, height = (int(side) for side in options.size.split('x'))
    pictures = np.memmap(options.pictures, np.uint8, 'r').reshape(-1, height, width, 3)
    options.out.write_text(json.dumps(run(options.folder, pictures, options.frames, getattr(torch, options.precision))))


if __name__ == '__main__':
    main()
