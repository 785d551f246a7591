"""The vision encoder: the picture of a frame becomes four rows for the decoder.

    python -m vision.encoder train [--cpu-minutes 20]     # resumes .runs/vision/checkpoint.pt
    python -m vision.encoder evaluate

Text reaches the decoder as text; these rows carry what text cannot: the colour of the status bar (debugging), of the test bar, the theme, which
panels are open. Row 0 starts as the mean of the whole picture, rows 1 to 3 as its upper, middle and lower band (tabs and popups, code, panel and status bar): what changes
on a coding screen is laid out in horizontal strips. The pooling maps are learned from there.

The encoder is trained with linear heads on the attributes of `labels.py`; nothing else sees the heads.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from config import RUNS, VisionConfig, VisionTrainConfig
from screen.render import Painter
from screen.view import View
from text.vocabulary import Split
from vision.labels import ATTRIBUTES, labels_of
from world import simulation

Sample = tuple[np.ndarray, dict[str, int]]


# --- model ---------------------------------------------------------------------------------------------------


class ConvBlock(nn.Module):
    """3x3 convolution, batch norm, ReLU; a residual where shapes allow."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)
        self.is_residual = channels_in == channels_out and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm(self.conv(x)))
        return x + y if self.is_residual else y


class PatchTrunk(nn.Module):
    """Squares of 16 pixels as rows of a small transformer; what `vision/designs.py` compares the convolutions with."""

    def __init__(self, width: int, squares: tuple[int, int], layers: int = 4) -> None:
        super().__init__()
        self.enter = nn.Conv2d(3, width, 16, 16)
        self.place = nn.Parameter(torch.randn(1, squares[0] * squares[1], width) * 0.02)
        self.blocks = nn.ModuleList(nn.TransformerEncoderLayer(width, 4, 2 * width, 0.0, 'gelu', batch_first=True, norm_first=True) for _ in range(layers))

    def forward(self, pixels: Tensor) -> Tensor:
        grid = self.enter(pixels)
        x = grid.flatten(2).transpose(1, 2) + self.place
        for block in self.blocks:
            x = block(x)
        return x.transpose(1, 2).unflatten(2, grid.shape[2:])


class VisionEncoder(nn.Module):
    """Pixels (B, 3, H, W), 0..255 normalised with the config's mean and std -> rows (B, frame_tokens, feature_width)."""

    def __init__(self, config: VisionConfig | None = None) -> None:
        super().__init__()
        self.config = config or VisionConfig()
        channels = (3, *self.config.channels)
        rows, columns = self.config.height // 16, self.config.width // 16
        if self.config.trunk == 'patches':
            self.trunk = nn.Sequential(PatchTrunk(channels[-1], (rows, columns)))
        else:
            self.trunk = nn.Sequential(*[ConvBlock(channels[i], channels[i + 1], stride) for i, stride in enumerate(self.config.strides)])
        width, tokens = self.config.feature_width, self.config.frame_tokens
        assert channels[-1] == width, 'the last convolution gives the feature width'
        self.pooling = nn.Parameter(_band_maps(tokens, rows, columns)[:, None].repeat(1, width, 1) * (rows * columns) ** 0.5)  # (T, C, P)
        self.mix = nn.Linear(width, width)
        self.position = nn.Parameter(torch.randn(1, tokens, width) * 0.02)
        self.norm_in = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))
        self.norm_out = nn.LayerNorm(width)

    def forward(self, pixels: Tensor) -> Tensor:
        grid = self.trunk(pixels).flatten(2)  # (B, C, P)
        pooled = torch.einsum('bcp,tcp->btc', grid, self.pooling) / grid.shape[-1] ** 0.5  # (B, T, C)
        rows = self.mix(pooled) + self.position
        rows = rows + self.mlp(self.norm_in(rows))
        return self.norm_out(rows)  # (B, T, C)

    def normalise(self, pictures: Tensor) -> Tensor:
        """Pictures (B, H, W, 3) uint8 -> pixels (B, 3, H, W)."""
        mean, std = torch.tensor(self.config.mean), torch.tensor(self.config.std)
        return ((pictures.float() - mean) / std).permute(0, 3, 1, 2)

    def fused(self) -> VisionEncoder:
        """A copy for inference with the batch norms folded into the convolutions."""
        copy = VisionEncoder(self.config)
        copy.load_state_dict(self.state_dict())
        copy.eval()
        for block in copy.trunk:
            if not isinstance(block, ConvBlock):
                continue
            block.conv = torch.nn.utils.fuse_conv_bn_eval(block.conv, block.norm)
            block.norm = nn.Identity()  # type: ignore[assignment]
        return copy


def _band_maps(tokens: int, rows: int, columns: int) -> Tensor:
    """Mean over the whole grid, then over horizontal bands: (tokens, rows * columns)."""
    maps = torch.zeros(tokens, rows, columns)
    maps[0] = 1
    for band in range(tokens - 1):
        first = band * rows // (tokens - 1)
        maps[band + 1, first : max(first + 1, (band + 1) * rows // (tokens - 1))] = 1
    return (maps / maps.sum((1, 2), keepdim=True)).flatten(1)


class AttributeHeads(nn.Module):
    """Linear readouts of the attributes from all rows; only for training the encoder."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.heads = nn.ModuleDict({name: nn.Linear(config.frame_tokens * config.feature_width, classes) for name, classes in ATTRIBUTES.items()})

    def forward(self, rows: Tensor) -> dict[str, Tensor]:
        flat = rows.flatten(1)
        return {name: head(flat) for name, head in self.heads.items()}


# --- pictures -----------------------------------------------------------------------------------------------------


def picture_of(image: Image.Image, config: VisionConfig, box: tuple[float, float, float, float] | None = None) -> np.ndarray:
    """The encoder's input, uint8 (height, width, 3): exact area average, aspect kept, centred on black."""
    scale = min(config.width / image.width, config.height / image.height)
    size = (round(image.width * scale), round(image.height * scale))
    factor = image.width // size[0]
    is_whole = box is None and (size[0] * factor, size[1] * factor) == image.size
    small = image.reduce(factor) if is_whole else image.resize(size, Image.Resampling.BOX, box=box)  # both are area averages
    if size != (config.width, config.height):
        padded = Image.new('RGB', (config.width, config.height))
        padded.paste(small, ((config.width - size[0]) // 2, (config.height - size[1]) // 2))
        small = padded
    return np.asarray(small)


def with_random_state(view: View, rng: random.Random) -> View:
    """The view with the states only a picture shows drawn at random."""
    if view.app != 'editor':
        return replace(view, is_alternate_theme=rng.random() < 0.5)
    changes: dict[str, Any] = {
        'is_debugging': rng.random() < 0.5,
        'test_bar': rng.choice(('none', 'green', 'red')),
        'is_alternate_theme': rng.random() < 0.5,
        'is_dirty': rng.random() < 0.5,
        'is_side_bar_shown': rng.random() < 0.6,
    }
    rows = min(len(view.code), 8)
    changes['breakpoints'] = tuple(sorted(rng.sample(range(rows), rng.randint(1, min(3, rows))))) if rows and rng.random() < 0.5 else ()
    if rng.random() < 0.4:
        changes['panel'] = '' if view.panel else 'TERMINAL'
    if rng.random() < 0.1:
        changes['popup'] = None
    return replace(view, **changes)


def samples(config: VisionConfig, seed: int, split: Split, is_held_out_style: bool, views: int, flip_share: float) -> Iterator[Sample]:
    """Endless pictures of random views with their labels, session by session."""
    rng = random.Random(seed)
    while True:
        session = simulation.make_session(rng.randrange(2**31), split, 40, 80, is_held_out_style=is_held_out_style)
        painter = Painter(session.style)
        for view in rng.sample(session.frames, min(views, len(session.frames))):
            if rng.random() < flip_share:
                view = with_random_state(view, rng)
            box = None
            if rng.random() < 0.3:  # a little crop and shift, as recordings have
                left, top = rng.uniform(0, 16), rng.uniform(0, 9)
                box = (left, top, 1280 - rng.uniform(0, 16), 720 - rng.uniform(0, 9))
            yield picture_of(painter.draw(view), config, box), labels_of(view, session.style)


def shuffled(source: Iterator[Sample], size: int, reuse: int, seed: int) -> Iterator[Sample]:
    """Mixes sessions through a buffer and gives each picture about `reuse` times."""
    rng = random.Random(seed)
    buffer = [next(source) for _ in range(size)]
    while True:
        place = rng.randrange(size)
        yield buffer[place]
        buffer[place] = next(source)
        for _ in range(reuse - 1):
            yield buffer[rng.randrange(size)]


def batch(source: Iterator[Sample], size: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Pictures (B, H, W, 3) uint8 and labels per attribute (B,)."""
    drawn = [next(source) for _ in range(size)]
    pictures = torch.from_numpy(np.stack([picture for picture, _ in drawn]))
    return pictures, {name: torch.tensor([labels[name] for _, labels in drawn]) for name in ATTRIBUTES}


# --- training -------------------------------------------------------------------------------------------------------


def train(config: VisionTrainConfig, model_config: VisionConfig | None = None) -> None:
    """Trains an encoder for `cpu_minutes` of process time; continues from its checkpoint if there is one."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    model_config = model_config or VisionConfig()
    folder = RUNS / config.name
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / 'checkpoint.pt'
    encoder = VisionEncoder(model_config).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    heads = AttributeHeads(model_config)
    parameters = [*encoder.parameters(), *heads.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=config.learning_rate, weight_decay=config.weight_decay)
    step, used = 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        encoder.load_state_dict(state['encoder'])
        heads.load_state_dict(state['heads'])
        optimizer.load_state_dict(state['optimizer'])
        step, used = state['step'], state['cpu_seconds']
    print(f'encoder {sum(p.numel() for p in encoder.parameters()) / 1e6:.2f} M parameters, at step {step}', flush=True)
    source = shuffled(
        samples(model_config, config.seed + step, 'train', False, config.views_per_session, config.flip_share),
        config.shuffle_pictures,
        config.reuse,
        config.seed,
    )
    started, saved, losses = time.process_time() - used, time.process_time(), []
    while (progress := (time.process_time() - started) / 60 / config.cpu_minutes) < 1:
        rate = _rate(config, step, progress)
        for group in optimizer.param_groups:
            group['lr'] = rate
        pictures, labels = batch(source, config.batch_size)
        gain = 1 + 0.16 * (torch.rand(len(pictures), 1, 1, 1) - 0.5)
        pixels = encoder.normalise(pictures) * gain
        pixels = (pixels + 0.03 * torch.randn_like(pixels)).to(memory_format=torch.channels_last)
        with torch.autocast('cpu', torch.bfloat16, enabled=config.bfloat16):
            predicted = heads(encoder(pixels))
        loss = torch.stack([F.cross_entropy(predicted[name].float(), target, ignore_index=-1) for name, target in labels.items() if (target >= 0).any()]).sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, config.gradient_clip)
        optimizer.step()
        step += 1
        losses.append(loss.item())
        if step % 100 == 0:
            seconds = time.process_time() - started
            print(f'step {step}  {seconds / 60:.1f} min  loss {np.mean(losses):.3f}  {step * config.batch_size / seconds:.0f} pictures/s', flush=True)
            losses = []
        if time.process_time() - saved > config.checkpoint_minutes * 60:
            _save(checkpoint, encoder, heads, optimizer, step, time.process_time() - started)
            saved = time.process_time()
    _save(checkpoint, encoder, heads, optimizer, step, time.process_time() - started)


def _rate(config: VisionTrainConfig, step: int, progress: float) -> float:
    decay = 1 - max(0.0, progress - config.constant_fraction) / (1 - config.constant_fraction)
    return config.learning_rate * min(1, (step + 1) / config.warmup_steps) * max(config.final_fraction, decay)


def _save(path: Path, encoder: VisionEncoder, heads: AttributeHeads, optimizer: torch.optim.Optimizer, step: int, seconds: float) -> None:
    state = {'encoder': encoder.state_dict(), 'heads': heads.state_dict(), 'optimizer': optimizer.state_dict()}
    temporary = path.with_suffix('.tmp')
    torch.save({**state, 'step': step, 'cpu_seconds': seconds, 'config': asdict(encoder.config)}, temporary)
    temporary.replace(path)


def load_encoder(path: Path | None = None) -> VisionEncoder:
    """The trained encoder, for inference (batch norms still separate; see `VisionEncoder.fused`)."""
    encoder, _ = _load(path or RUNS / VisionTrainConfig.name / 'checkpoint.pt')
    return encoder


def _load(path: Path) -> tuple[VisionEncoder, AttributeHeads]:
    state = torch.load(path, weights_only=False)
    encoder = VisionEncoder(VisionConfig(**state['config']))
    heads = AttributeHeads(encoder.config)
    encoder.load_state_dict(state['encoder'])
    heads.load_state_dict(state['heads'])
    return encoder.eval(), heads.eval()


@torch.no_grad()
def evaluate(config: VisionTrainConfig) -> dict[str, dict[str, dict[str, float]]]:
    """Accuracy of each attribute against always guessing the commonest class, on three kinds of held-out pictures.

    Prints it and writes metrics.json beside the checkpoint.
    """
    torch.set_num_threads(config.threads)
    encoder, heads = _load(RUNS / config.name / 'checkpoint.pt')
    results: dict[str, dict[str, dict[str, float]]] = {}
    for kind, is_held_out, flip_share in (('natural', False, 0.0), ('random states', False, 1.0), ('held-out style', True, 1.0)):
        source = samples(encoder.config, 5, 'test', is_held_out, 4, flip_share)
        predicted: dict[str, list[Tensor]] = {name: [] for name in ATTRIBUTES}
        truth: dict[str, list[Tensor]] = {name: [] for name in ATTRIBUTES}
        for _ in range(config.evaluate_pictures // 25):
            pictures, labels = batch(source, 25)
            for name, logits in heads(encoder(encoder.normalise(pictures))).items():
                predicted[name].append(logits.argmax(-1))
                truth[name].append(labels[name])
        results[kind] = {}
        for name in ATTRIBUTES:
            target, guess = torch.cat(truth[name]), torch.cat(predicted[name])
            known = target >= 0
            if known.any():
                majority = torch.bincount(target[known]).max().item() / int(known.sum())
                results[kind][name] = {'accuracy': (guess == target)[known].float().mean().item(), 'majority': majority}
        print(kind, {name: f'{row["accuracy"]:.3f} ({row["majority"]:.2f})' for name, row in results[kind].items()}, flush=True)
    (RUNS / config.name / 'metrics.json').write_text(json.dumps(results, indent=1))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('verb', choices=('train', 'evaluate'))
    for field in fields(VisionTrainConfig):
        if field.type != 'bool':
            parser.add_argument(f'--{field.name.replace("_", "-")}', type=type(field.default), default=field.default)
    options = vars(parser.parse_args())
    config = VisionTrainConfig(**{field.name: options[field.name] for field in fields(VisionTrainConfig) if field.name in options})
    if options['verb'] == 'train':
        train(config)
    evaluate(config)


if __name__ == '__main__':
    main()
