"""The text reader: a small CTC recogniser of one line, its training, evaluation and export.

    python -m reader.recogniser warm              # .runs/reader.pt from the weights of live-tiny/reader.onnx, to go on from them
    python -m training.train reader --minutes 95  # resumable; checkpoints in .runs/reader.pt
    python -m reader.recogniser evaluate          # held-out fonts and held-out text, by kind of line
    python -m reader.recogniser export            # live-tiny/reader.onnx and its part of manifest.json

Letters are learnt first with a cross-entropy at known character centres (the lines are drawn, so every centre
is known), which converges in minutes; the CTC loss then takes over and settles where blanks belong.
What is measured and exported is the running average of the weights, so that any moment of a run gives a settled reader.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from random import Random
from typing import cast

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

from config import PACK, ROOT, RUNS, ReaderTrainConfig
from onnx_files import ship
from reader.line_crop import CropConfig, SegmenterConfig
from reader.line_text import ALPHABET, LineText, Split
from reader.lines import CLASSES, LineConfig, LineMaker, Sample

CHECKPOINT = RUNS / 'reader.pt'
PACKED = PACK / 'reader.onnx'
STEP = 4  # input columns per step of the network; a batch is padded to a multiple
FRAMES_PER_STEP = 2
MIN_CONFIDENCE = 0.7  # on real recordings nothing readable is lost below it; icons and blurred text mostly are


def _conv(
    i: int, o: int, kernel: tuple[int, int], stride: tuple[int, int] = (1, 1), dilation: int = 1, pad_rows: bool = True
) -> nn.Sequential:
    padding = (kernel[0] // 2 if pad_rows else 0, kernel[1] // 2 * dilation)
    layers = nn.Conv2d(i, o, kernel, stride, padding, dilation=(1, dilation), bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)
    return nn.Sequential(*layers)


class _Residual(nn.Module):
    def __init__(self, channels: int, kernels: tuple[tuple[int, int], tuple[int, int]], dilation: int = 1) -> None:
        super().__init__()
        self.first = _conv(channels, channels, kernels[0], dilation=dilation)
        pad = (kernels[1][0] // 2, kernels[1][1] // 2)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, kernels[1], 1, pad, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(self.first(x)))


class Reader(nn.Module):
    """Columns of a line to classes per frame. A convolutional CTC network after https://arxiv.org/abs/1507.05717, without recurrence."""

    def __init__(self, config: ReaderTrainConfig, classes: int) -> None:
        super().__init__()
        a, b, c, d, e = config.channels
        square = ((3, 3), (3, 3))
        self.look = nn.Sequential(
            _conv(1, a, (3, 3), (2, 2)),  # (B, a, 16, W/2)
            _conv(a, b, (3, 3), (2, 2)),
            _Residual(b, square),  # (B, b, 8, W/4)
            _conv(b, c, (3, 3), (2, 1)),
            _Residual(c, square),  # (B, c, 4, W/4)
            _conv(c, d, (3, 3), (2, 1)),
            _conv(d, e, (2, 3), pad_rows=False),  # (B, e, 1, W/4)
        )
        self.context = nn.Sequential(*(_Residual(e, ((1, 5), (1, 1)), dilation) for dilation in config.dilations))
        self.classes = classes
        # Two frames from each step of the network: the letters of `ill` at 10 pixels are narrower than a step, and telling where in a
        # step a letter stands costs a hundredth of running the network at twice the steps.
        self.classify = nn.Conv2d(e, FRAMES_PER_STEP * classes, 1)

    def forward(self, lines: Tensor) -> Tensor:
        """Logits. (B, 1, 32, W) -> (B, classes, W/2), W a multiple of 4"""
        logits = self.classify(self.context(self.look(lines)))  # (B, 2 · classes, 1, W/4)
        pairs = logits.view(lines.shape[0], FRAMES_PER_STEP, self.classes, -1)
        return cast(Tensor, pairs.permute(0, 2, 3, 1).flatten(2))


class _Probabilities(nn.Module):
    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, lines: Tensor) -> Tensor:
        return torch.softmax(self.reader(lines), 1).permute(0, 2, 1)  # (B, W/2, classes)


@dataclass(frozen=True)
class Batch:
    """Padded lines with, per frame, the class whose centre it holds (0 elsewhere) and each line's classes in order."""

    lines: Tensor  # (B, 1, 32, W)
    centres: Tensor  # (B, W/2)
    targets: Tensor  # all texts behind one another
    lengths: Tensor  # (B,)
    frames: Tensor  # (B,)
    texts: list[str]


def collate(samples: list[Sample], stride: int) -> Batch:
    """Pads to the widest line with paper."""
    width = -(-max(sample.crop.shape[1] for sample in samples) // STEP) * STEP
    lines = torch.zeros(len(samples), 1, samples[0].crop.shape[0], width)
    centres = torch.zeros(len(samples), width // stride, dtype=torch.long)
    targets: list[int] = []
    for row, sample in enumerate(samples):
        lines[row, 0, :, : sample.crop.shape[1]] = torch.from_numpy(sample.crop)
        classes = [CLASSES[sign] for sign in sample.text]
        for number, column in zip(classes, sample.centres, strict=True):
            frame = int(column // stride)
            if 0 <= frame < centres.shape[1]:
                centres[row, frame] = number
        targets += classes
    lengths = torch.tensor([len(sample.text) for sample in samples])
    frames = torch.tensor([sample.crop.shape[1] // stride for sample in samples])
    return Batch(lines, centres, torch.tensor(targets, dtype=torch.long), lengths, frames, [sample.text for sample in samples])


def batches(maker: LineMaker, rng: Random, config: ReaderTrainConfig) -> Iterator[Batch]:
    """Endless batches of lines of like width."""
    while True:
        pool = maker.samples(rng, config.pool)
        for _ in range(config.passes):
            for group in _groups(pool, rng, config):
                yield collate(group, maker.crop.stride)


def _groups(pool: list[Sample], rng: Random, config: ReaderTrainConfig) -> list[list[Sample]]:
    """Lines of like width, other neighbours each time."""
    groups: list[list[Sample]] = [[]]
    for sample in sorted(pool, key=lambda sample: sample.crop.shape[1] * rng.uniform(1, 1.05)):
        if groups[-1] and (len(groups[-1]) + 1) * sample.crop.shape[1] > config.batch_columns:
            groups.append([])
        groups[-1].append(sample)
    rng.shuffle(groups)
    return groups


def decode(probabilities: NDArray[np.float32]) -> tuple[str, float]:
    """Best path without repeats and blanks, with the mean probability of its characters. (T, classes) -> text, confidence"""
    best = probabilities.argmax(1)
    starts = (best != 0) & (best != np.concatenate(([0], best[:-1])))
    text = ''.join(ALPHABET[number - 1] for number in best[starts])
    confidence = float(probabilities.max(1)[starts].mean()) if text else 0.0
    return text, confidence


def edits(a: str, b: str) -> int:
    """Levenshtein distance."""
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a):
        row = [i + 1]
        for j, y in enumerate(b):
            row.append(min(previous[j] + (x != y), previous[j + 1] + 1, row[j] + 1))
        previous = row
    return previous[-1]


def make_lines(split: Split, all_fonts: bool = False) -> LineMaker:
    """The drawn lines of a split; `all_fonts` keeps the split's texts but takes the fonts of training."""
    text = LineText(split, ROOT.parent)
    fonts: Split = 'train' if all_fonts else split
    return LineMaker(fonts, text, CropConfig(), LineConfig())


def measure(reader: Reader, maker: LineMaker, count: int = 400, seed: int = 9) -> dict[str, float]:
    """Character error rate and share of exact lines, in per cent, with the mean confidence."""
    rng, config = Random(seed), ReaderTrainConfig(pool=count)
    wrong = total = exact = 0
    confidences: list[float] = []
    reader.eval()
    source, seen = batches(maker, rng, config), 0
    with torch.no_grad():
        while seen < count:
            batch = next(source)
            seen += len(batch.texts)
            probabilities = torch.softmax(reader(batch.lines), 1).permute(0, 2, 1).numpy()
            for row, text in enumerate(batch.texts):
                read, confidence = decode(probabilities[row, : int(batch.frames[row])])
                wrong, total, exact = wrong + edits(text, read), total + len(text), exact + (text == read)
                confidences.append(confidence)
    reader.train()
    return {
        'cer': round(100 * wrong / total, 2),
        'exact': round(100 * exact / seen, 1),
        'confidence': round(float(np.mean(confidences)), 3),
    }


def _loss(logits: Tensor, batch: Batch, config: ReaderTrainConfig, step: int) -> Tensor:
    weight = torch.ones(logits.shape[1])
    weight[0] = config.blank_weight
    at_centres = F.cross_entropy(logits, batch.centres, weight=weight)
    if step < config.centres_only_steps:
        return at_centres
    log_probabilities = F.log_softmax(logits, 1).permute(2, 0, 1)  # (T, B, classes)
    ctc = F.ctc_loss(log_probabilities, batch.targets, batch.frames, batch.lengths, zero_infinity=True)
    return config.centre_weight * at_centres + (1 - config.centre_weight) * ctc


def train(config: ReaderTrainConfig) -> None:
    """One loop; the learning rate follows the share of `minutes` already spent, also over interruptions."""
    torch.set_num_threads(1)
    torch.manual_seed(config.seed)
    RUNS.mkdir(exist_ok=True)
    reader, average = (Reader(config, len(ALPHABET) + 1) for _ in range(2))
    optimiser = torch.optim.AdamW(reader.parameters(), lr=config.peak_rate, weight_decay=config.weight_decay)
    step, seen, spent = 0, 0, 0.0
    if CHECKPOINT.exists():
        state = torch.load(CHECKPOINT, weights_only=True)
        reader.load_state_dict(state['reader'])
        if 'optimiser' in state:  # absent after `warm`
            optimiser.load_state_dict(state['optimiser'])
        step, seen, spent = state['step'], state['seen'], state['spent']
        average.load_state_dict(state['average'])
    else:
        average.load_state_dict(reader.state_dict())
    for parameter in reader.parameters():
        if parameter.dim() == 4:  # a fifth faster on a CPU
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    maker = make_lines('train')
    print(f'{sum(p.numel() for p in reader.parameters())} parameters, resuming at step {step}', flush=True)
    first = step if step < config.warm_up_steps or not optimiser.state else 0
    started, saved, losses = time.monotonic() - spent, time.monotonic(), list[float]()
    for batch in batches(maker, Random(config.seed * 1_000_003 + step), config):
        spent = time.monotonic() - started
        share = spent / 60 / config.minutes
        if share >= 1:
            break
        rate = config.peak_rate * min(1, (step + 1 - first) / config.warm_up_steps) * 0.5 * (1 + math.cos(math.pi * share)) + 1e-6
        for group in optimiser.param_groups:
            group['lr'] = rate
        with torch.autocast('cpu', torch.bfloat16):
            logits = reader(batch.lines.contiguous(memory_format=torch.channels_last))
        loss = _loss(logits.float(), batch, config, step)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 3.0)
        optimiser.step()
        _follow(average, reader, min(config.average_decay, 1 - 1 / (step + 1 - first + 10)))
        step, seen = step + 1, seen + len(batch.texts)
        losses.append(float(loss.detach()))
        if step % 100 == 0:
            print(
                f'step {step} lines {seen} minutes {spent / 60:.1f} cpu {time.process_time() / 60:.1f} loss {np.mean(losses):.4f}',
                flush=True,
            )
            losses.clear()
        if time.monotonic() - saved > 120:
            _save(reader, average, optimiser, step, seen, spent)
            saved = time.monotonic()
    _save(reader, average, optimiser, step, seen, spent)
    evaluate(average)


@torch.no_grad()
def _follow(average: Reader, reader: Reader, decay: float) -> None:
    """Moves the average a little towards the weights; the statistics of the normalisations with them."""
    for mean, value in zip(average.state_dict().values(), reader.state_dict().values(), strict=True):
        if mean.is_floating_point():
            mean.lerp_(value, 1 - decay)
        else:
            mean.copy_(value)


def _save(reader: Reader, average: Reader, optimiser: torch.optim.Optimizer, step: int, seen: int, spent: float) -> None:
    weights = {'reader': reader.state_dict(), 'average': average.state_dict(), 'optimiser': optimiser.state_dict()}
    state = {**weights, 'step': step, 'seen': seen, 'spent': spent}
    torch.save(state, CHECKPOINT.with_suffix('.tmp'))
    CHECKPOINT.with_suffix('.tmp').rename(CHECKPOINT)


def load() -> tuple[Reader, dict[str, float]]:
    """The averaged weights of the last checkpoint and how far it got."""
    state = torch.load(CHECKPOINT, weights_only=True)
    reader = Reader(ReaderTrainConfig(), len(ALPHABET) + 1)
    reader.load_state_dict(state['average'])
    return reader, {'steps': state['step'], 'lines': state['seen'], 'minutes': round(state['spent'] / 60, 1)}


def evaluate(reader: Reader) -> dict[str, dict[str, float]]:
    """Held-out texts, once in fonts seen in training and once in fonts held out."""
    result = {'seenFonts': measure(reader, make_lines('test', all_fonts=True)), 'heldOutFonts': measure(reader, make_lines('test'))}
    print(json.dumps(result), flush=True)
    return result


def warm_start(lines: int = 600) -> None:
    """Makes a checkpoint of the packed reader. Export folds each normalisation into its convolution, so they are put back with the
    statistics of `lines` drawn lines, which leaves what the network computes as it was; residuals the packed one lacks begin as
    identity.
    """
    reader = Reader(ReaderTrainConfig(), len(ALPHABET) + 1)
    model = onnx.load(str(PACKED))
    stored = {weight.name.removesuffix('.half'): numpy_helper.to_array(weight).astype(np.float32) for weight in model.graph.initializer}
    folded = [[torch.from_numpy(stored[name]) for name in node.input[1:]] for node in model.graph.node if node.op_type == 'Conv']
    *convolutions, classify = [module for module in reader.modules() if isinstance(module, nn.Conv2d)]
    norms = [module for module in reader.modules() if isinstance(module, nn.BatchNorm2d)]
    with torch.no_grad():
        repeats = len(classify.weight) // len(folded[-1][0])  # a packed reader with one frame per step says everything twice
        classify.weight.copy_(folded[-1][0].repeat(repeats, 1, 1, 1))
        cast(Tensor, classify.bias).copy_(folded[-1][1].repeat(repeats))
        for (weight, bias), convolution, norm in zip(folded[:-1], convolutions, norms, strict=False):
            convolution.weight.copy_(weight)
            norm.bias.copy_(bias)
        for added in norms[len(folded) :: 2]:  # the second of each added residual
            added.weight.zero_()
        _put_statistics(reader, norms, lines)
    state = {
        'reader': reader.state_dict(),
        'average': reader.state_dict(),
        'step': ReaderTrainConfig().centres_only_steps,
        'seen': 0,
        'spent': 0.0,
    }
    RUNS.mkdir(exist_ok=True)
    torch.save(state, CHECKPOINT)


def _put_statistics(reader: Reader, norms: list[nn.BatchNorm2d], lines: int) -> None:
    """Gives identity normalisations the mean and variance of what reaches them, and the inverse as their scale and shift."""
    sums = {norm: torch.zeros(3, norm.num_features) for norm in norms}  # of values, of their squares, number of values

    def count(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        flat = inputs[0].transpose(0, 1).flatten(1)
        sums[cast(nn.BatchNorm2d, norm)] += torch.stack((flat.sum(1), flat.square().sum(1), torch.full((len(flat),), float(flat.shape[1]))))

    hooks = [norm.register_forward_pre_hook(count) for norm in norms]
    reader.eval()
    maker, rng = make_lines('train'), Random(5)
    for _ in range(lines // 20):
        reader(collate(maker.samples(rng, 20), maker.crop.stride).lines)
    reader.train()
    for norm, hook in zip(norms, hooks, strict=True):
        hook.remove()
        total, squares, number = sums[norm]
        mean = total / number
        variance = squares / number - mean.square()
        scale = norm.weight * torch.sqrt(variance + norm.eps)
        norm.running_mean, norm.running_var = mean, variance
        norm.bias.add_(norm.weight * mean)
        norm.weight.copy_(scale)


def export() -> None:
    """Writes the ONNX file (float16 weights) and the reader's section of the manifest."""
    reader, progress = load()
    reader.eval()
    raw = RUNS / 'reader-float32.onnx'
    axes = {'lines': {0: 'lines', 3: 'columns'}, 'probabilities': {0: 'lines', 1: 'frames'}}
    torch.onnx.export(
        _Probabilities(reader),
        (torch.zeros(1, 1, 32, 384),),
        raw,
        input_names=['lines'],
        output_names=['probabilities'],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    ship(raw, PACK, 'reader', manifest_section())
    print(f'{PACKED.stat().st_size} bytes, {progress}')


def manifest_section() -> dict[str, object]:
    """Everything the daemon needs to know about this reader."""
    numbers = {_camel(key): value for key, value in asdict(CropConfig()).items()}
    segmenter = {_camel(key): value for key, value in asdict(SegmenterConfig()).items()}
    return {**numbers, 'alphabet': ALPHABET, 'minConfidence': MIN_CONFIDENCE, 'stableFrames': 2, 'segmenter': segmenter}


def _camel(name: str) -> str:
    first, *rest = name.split('_')
    return first + ''.join(part.capitalize() for part in rest)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=('warm', 'evaluate', 'export'))
    what = parser.parse_args().what
    if what == 'warm':
        warm_start()
    elif what == 'evaluate':
        evaluate(load()[0])
    else:
        export()


if __name__ == '__main__':
    main()
