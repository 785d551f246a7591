"""Published checkpoints on disk: safetensors in one file or in several, one tensor at a time, so that an 8B model never lies in memory."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor


class Checkpoint:
    """The tensors of a folder by their names."""

    def __init__(self, folder: Path, stem: str = 'model') -> None:
        self.folder = folder
        index = folder / f'{stem}.safetensors.index.json'
        single = folder / f'{stem}.safetensors'
        assert index.exists() or single.exists(), f'{folder} has neither {single.name} nor {index.name}'
        self.hashed = index if index.exists() else single
        files = set(json.loads(index.read_text())['weight_map'].values()) if index.exists() else {single.name}
        self._open = {name: safe_open(folder / name, framework='pt') for name in sorted(files)}
        self._places = {tensor: name for name, file in self._open.items() for tensor in file.keys()}  # noqa: SIM118 — it is no dictionary

    def __contains__(self, name: str) -> bool:
        return name in self._places

    @property
    def names(self) -> list[str]:
        return sorted(self._places)

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._open[self._places[name]].get_slice(name).get_shape())

    def tensor(self, name: str) -> Tensor:
        """In float32, whatever it is stored in."""
        assert name in self._places, f'{self.folder} has no tensor {name}'
        tensor: Tensor = self._open[self._places[name]].get_tensor(name)
        return tensor.to(torch.float32)

    def sha256(self) -> str:
        """Of the file with the weights; of the index where they are in several."""
        with self.hashed.open('rb') as file:
            return hashlib.file_digest(file, 'sha256').hexdigest()


def read_config(folder: Path, name: str = 'config.json') -> dict[str, Any]:
    config: dict[str, Any] = json.loads((folder / name).read_text())
    return config
