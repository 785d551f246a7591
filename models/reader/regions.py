"""The region classifier: where each line of a screen stands (editor, terminal, tree …), told from all lines together.

    python -m reader.screens 14; python -m reader.screens 2 --split test        # painted screens, .runs/regions
    node ../scripts/captureScreens.mjs 1 30 .runs/regions                       # screens of the real VS Code …
    node ../scripts/captureScreens.mjs 901 4 .runs/regions --held-out           # … in themes that are not learned
    node ../scripts/readScreens.ts .runs/regions/*.mp4 > .runs/regions/read.jsonl   # as the program reads them
    python -m reader.regions train                                              # .runs/regions.pt; the share of right lines on held-out styles
    python -m reader.regions evaluate                                           # its mistakes; region_mistakes.json, which training of the decoder makes too
    python -m reader.regions export                                             # live-tiny/regions.onnx and its part of manifest.json

Its input is what the program measures of the lines (daemon/perception/regionFeatures.ts); the truth is the region of the painted line that a read one lies on.
"""

from __future__ import annotations

import argparse
import base64
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from config import PACK, REGIONS, ROOT, RUNS, RegionTrainConfig
from onnx_files import ship
from reader.screens import FOLDER, PaintedLine

CHECKPOINT = RUNS / 'regions.pt'
MISTAKES = ROOT / 'reader' / 'region_mistakes.json'
SHAPE = RegionTrainConfig()
LOOKS, SIGNS = 16, 40  # numbers and signs of a line, as in regionFeatures.ts
PLACES, SIZE, FONT, NUMBERED, PAPER, CONTRAST = slice(0, 4), 6, slice(7, 9), 9, slice(10, 13), 15
FREQUENCIES = (1, 2, 4, 8, 16, 32)  # of places and brightness, so that lines that are aligned or on one paper are alike
SIGN_CODES, SIGN_EMBEDDING = 128, 24
OUTSIDE = -1  # of a line on which nothing was painted


# --- network --------------------------------------------------------------------------------------------------------------


class Block(nn.Module):
    """Every line looks at all lines of its screen."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention, self.before_mlp = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        screens, lines, width = x.shape
        query, key, value = (part.view(screens, lines, self.heads, -1).transpose(1, 2) for part in self.qkv(self.before_attention(x)).chunk(3, -1))
        scores = query @ key.transpose(-1, -2) / math.sqrt(width / self.heads)
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :], -1e4)
        x = x + self.out((scores.softmax(-1) @ value).transpose(1, 2).reshape(screens, lines, width))
        mixed: Tensor = x + self.mlp(self.before_mlp(x))
        return mixed


class RegionClassifier(nn.Module):
    """Features (screens, lines, LOOKS + SIGNS) → logits (screens, lines, regions)."""

    frequencies: Tensor

    def __init__(self, config: RegionTrainConfig = SHAPE) -> None:
        super().__init__()
        self.register_buffer('frequencies', math.tau * torch.tensor(FREQUENCIES, dtype=torch.float32))
        self.signs = nn.Embedding(SIGN_CODES, SIGN_EMBEDDING)
        self.words = nn.Conv1d(SIGN_EMBEDDING, config.sign_width, 3, padding=1)
        self.enter = nn.Linear(LOOKS + 5 * 2 * len(FREQUENCIES) + config.sign_width, config.width)
        self.blocks = nn.ModuleList(Block(config.width, config.heads) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.leave = nn.Linear(config.width, len(REGIONS))

    def forward(self, features: Tensor, mask: Tensor | None = None) -> Tensor:
        looks, codes = features[..., :LOOKS], features[..., LOOKS:]
        brightness = looks[..., PAPER].mean(-1, keepdim=True)
        angles = torch.cat((looks[..., PLACES], brightness), -1).unsqueeze(-1) * self.frequencies
        waves = torch.cat((angles.sin(), angles.cos()), -1).flatten(-2)
        screens, lines = features.shape[:2]
        signs = self.signs(codes.long()).flatten(0, 1).transpose(1, 2)
        words = self.words(signs).relu().amax(-1).view(screens, lines, -1)
        x = self.enter(torch.cat((looks, waves, words), -1))
        for block in self.blocks:
            x = block(x, mask)
        logits: Tensor = self.leave(self.norm(x))
        return logits


# --- screens --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReadScreen:
    """Features float32 (lines, LOOKS + SIGNS) and regions int64 (lines) of a screen that has lines."""

    features: np.ndarray
    regions: np.ndarray


def load_screens(split: str, folder: Path = FOLDER) -> list[ReadScreen]:
    """What `scripts/readScreens.ts` read of the screens of a split, with their truth; 'test-vscode' are those of the real editor alone, 'test-0' the painted ones."""
    truths = {path.stem: json.loads(path.read_text())['screens'] for path in sorted(folder.glob(f'{split}*.json'))}
    seen: Counter[str] = Counter()
    screens = []
    for row in (json.loads(line) for path in sorted(folder.glob('read*.jsonl')) for line in path.open()):
        name = Path(row['video']).stem
        place = seen[name]
        seen[name] += 1
        if name not in truths or not row['lines']:
            continue
        features = np.frombuffer(base64.b64decode(row['features']), np.float32).reshape(len(row['lines']), LOOKS + SIGNS)
        regions = [region_at(line['box'], truths[name][place]) for line in row['lines']]
        screens.append(ReadScreen(features, np.array(regions)))
    return screens


def region_at(box: Sequence[float], painted: Sequence[PaintedLine]) -> int:
    """The region of the painted line that most of the box lies on, OUTSIDE where there is none."""
    best, most = OUTSIDE, 0.25 * box[2] * box[3]
    for line in painted:
        x, y, width, height = line['box']
        shared = max(0.0, min(box[0] + box[2], x + width) - max(box[0], x)) * max(0.0, min(box[1] + box[3], y + height) - max(box[1], y))
        if shared > most:
            best, most = REGIONS.index(line['region']), shared
    return best


def varied(screen: ReadScreen, rng: np.random.Generator, config: RegionTrainConfig) -> ReadScreen:
    """The screen with some lines and signs unread, a little larger or elsewhere, in other colours, and sometimes without what the looks of lines tell."""
    kept = rng.random(len(screen.regions)) >= rng.random() * config.dropped_lines
    if not kept.any():
        kept[:] = True
    features, regions = screen.features[kept].copy(), screen.regions[kept]
    squeeze, turned = 1 - rng.random() * config.contrast, rng.random() < 0.2
    papers = features[:, PAPER] * squeeze + rng.random() * (1 - squeeze)
    features[:, PAPER] = (1 - papers if turned else papers) + rng.normal(0, config.colour_noise * rng.random(), (1, 3))
    features[:, CONTRAST] *= squeeze
    stretch, shift = 1 + config.stretch * (2 * rng.random(2) - 1), config.stretch * (2 * rng.random(2) - 1)
    features[:, PLACES] = features[:, PLACES] * np.tile(stretch, 2) + np.tile(shift, 2)
    features[:, SIZE] *= stretch[1]
    unread = rng.random((len(features), SIGNS)) < config.masked_signs
    unread[rng.random(len(features)) < config.masked_signs] = True
    features[:, LOOKS:][unread & (features[:, LOOKS:] > 0)] = SIGN_CODES - 1
    hidden = rng.random(3) < config.masked_looks
    if hidden[0]:
        features[:, NUMBERED] = 0
    if hidden[1]:
        features[:, FONT] = 0
    if hidden[2]:
        features[:, PAPER], features[:, CONTRAST] = 0.5, 0
    return ReadScreen(features, regions)


def collate(screens: Sequence[ReadScreen]) -> tuple[Tensor, Tensor, Tensor]:
    """(features, mask of lines, regions), padded at the right."""
    lines = max(len(screen.regions) for screen in screens)
    features, regions = torch.zeros(len(screens), lines, LOOKS + SIGNS), torch.full((len(screens), lines), OUTSIDE)
    mask = torch.zeros(len(screens), lines, dtype=torch.bool)
    for i, screen in enumerate(screens):
        count = len(screen.regions)
        features[i, :count], regions[i, :count], mask[i, :count] = torch.from_numpy(screen.features), torch.from_numpy(screen.regions), True
    return features, mask, regions


# --- training -------------------------------------------------------------------------------------------------------------


def train(config: RegionTrainConfig = SHAPE) -> RegionClassifier:
    torch.manual_seed(config.seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(config.seed)
    screens, held_out = load_screens('train'), load_screens('test')
    model = RegionClassifier(config)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=config.weight_decay)
    steps = config.epochs * (len(screens) // config.screens_per_batch)
    step = 0
    for epoch in range(config.epochs):
        total = 0.0
        order = sorted(rng.permutation(len(screens)), key=lambda i: len(screens[i].regions) + rng.integers(20))
        batches = [order[i : i + config.screens_per_batch] for i in range(0, len(order) - config.screens_per_batch + 1, config.screens_per_batch)]
        for place in rng.permutation(len(batches)):
            features, mask, regions = collate([varied(screens[i], rng, config) for i in batches[place]])
            rate = config.peak_rate * min(1.0, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
            for group in optimizer.param_groups:
                group['lr'] = rate
            loss = F.cross_entropy(model(features, mask).flatten(0, 1), regions.flatten(), ignore_index=OUTSIDE)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            total += loss.item()
        print(f'epoch {epoch + 1}  loss {total / len(batches):.3f}  held out {right_share(model, held_out)[0]:.4f}', flush=True)
        torch.save(model.state_dict(), CHECKPOINT)
    return model


@torch.no_grad()
def right_share(model: RegionClassifier, screens: Sequence[ReadScreen]) -> tuple[float, Counter[tuple[str, str]]]:
    """Share of lines in their region, and how often one was taken for another (true, told)."""
    model.eval()
    right, count, mistakes = 0, 0, Counter[tuple[str, str]]()
    for screen in screens:
        told = model(torch.from_numpy(screen.features.copy())[None])[0].argmax(-1).numpy()
        known = screen.regions != OUTSIDE
        right, count = right + int((told == screen.regions)[known].sum()), count + int(known.sum())
        mistakes.update((REGIONS[a], REGIONS[b]) for a, b in zip(screen.regions[known], told[known], strict=True) if a != b)
    model.train()
    return right / max(1, count), mistakes


def export(model: RegionClassifier, pack: Path = PACK) -> None:
    """Writes regions.onnx, `lines` [n, LOOKS + SIGNS] → `regions` [n, regions], with its part of the pack's manifest."""

    class OneScreen(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model.eval()

        def forward(self, lines: Tensor) -> Tensor:
            told: Tensor = self.model(lines[None])[0]
            return told

    raw = RUNS / 'regions-float32.onnx'
    example = torch.zeros(3, LOOKS + SIGNS)
    axes = {'lines': {0: 'n'}, 'regions': {0: 'n'}}
    torch.onnx.export(OneScreen(), (example,), raw, input_names=['lines'], output_names=['regions'], dynamic_axes=axes, opset_version=17, dynamo=False)
    ship(raw, pack, 'regions', {'labels': list(REGIONS)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('verb', choices=('train', 'evaluate', 'export'))
    options = parser.parse_args()
    if options.verb == 'train':
        train()
        return
    model = RegionClassifier()
    model.load_state_dict(torch.load(CHECKPOINT, weights_only=True))
    if options.verb == 'export':
        export(model)
        return
    painted, captured = (right_share(model, load_screens(split)) for split in ('test-0', 'test-vscode'))
    print(f'{painted[0]:.4f} of the lines of painted screens of held-out styles, {captured[0]:.4f} of those captured in the real editor')
    mistakes = painted[1] + captured[1]
    for (true, told), count in mistakes.most_common(20):
        print(f'{count:5d}  {true} told {told}')
    told_of = {true: {told: mistakes[true, told] for told in REGIONS if mistakes[true, told]} for true in REGIONS}
    MISTAKES.write_text(json.dumps(told_of, indent=1) + '\n')


if __name__ == '__main__':
    main()
