"""What networks over hashed features of texts (retriever.py, matcher.py) have in common: how they are fitted, and how they become a file of the pack."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from config import TextNetworkTrainConfig
from onnx_files import ship


def layers(config: TextNetworkTrainConfig) -> nn.Module:
    """What is added to a sum of learned vectors, (n, width) → (n, width)."""
    return nn.Sequential(nn.Linear(config.width, config.hidden), nn.ReLU(), nn.Linear(config.hidden, config.width))


def thinned(buckets: list[int], rng: random.Random, dropout: float) -> list[int]:
    """What is left of a text's features when each is forgotten with that probability; all of them rather than none."""
    return [bucket for bucket in buckets if rng.random() >= dropout] or buckets


def fit(model: nn.Module, config: TextNetworkTrainConfig, next_loss: Callable[[], Tensor], checkpoint: Path, note: Callable[[], str] = str) -> None:
    """Steps on one batch's loss after the other, at a rate that falls in the second half. Every hundredth step is told, with a `note`, and saved."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    began, recent = time.monotonic(), 0.0
    for step in range(1, config.steps + 1):
        for group in optimizer.param_groups:
            group['lr'] = config.learning_rate * min(1.0, 2 * (1 - step / config.steps))
        loss = next_loss()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        recent += float(loss.detach())
        if step % 100 == 0:
            print(f'{time.monotonic() - began:.0f} s, step {step}, loss {recent / 100:.4f}{note()}', flush=True)
            torch.save(model.state_dict(), checkpoint)
            recent = 0.0
    torch.save(model.state_dict(), checkpoint)


class _OneInput(nn.Module):
    """As the runtime gives it: buckets as numbers (1 + n, k), the text that is asked with first, behind it those it is asked of."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, texts: Tensor) -> Tensor:
        buckets = texts.long()
        result: Tensor = self.model(buckets[:1], buckets[1:])
        return result


def export_network(model: nn.Module, pack: Path, name: str, output: tuple[str, str], section: dict[str, float], runs: Path) -> None:
    """Writes NAME.onnx with its embeddings in half precision, by way of a file in `runs`, and its section of the manifest. `output`: its name, and that of its axis."""
    for module in model.modules():
        if isinstance(module, nn.Embedding):
            module.weight.data = module.weight.data.half().float()
    raw = runs / f'{name}-float32.onnx'
    values, axis = output
    axes = {'texts': {0: 'texts', 1: 'features'}, values: {0: axis}}
    torch.onnx.export(_OneInput(model), (torch.ones(4, 9),), raw, input_names=['texts'], output_names=[values], dynamic_axes=axes, opset_version=17, dynamo=False)
    ship(raw, pack, name, section)
