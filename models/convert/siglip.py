"""A SigLIP tower with a connector behind it: normalised pixels → rows for the decoder, and its ONNX file."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from torch import Tensor, nn
from transformers import SiglipVisionModel

from onnx_files import halve


class PooledRows(nn.Module):
    """The pooled vector first, then the means of `cells` x `cells` parts of the picture, row by row; the connector is shared by all.

    https://github.com/showlab/videollm-online (models/vision_live.py): of the last hidden state, behind the tower's last norm.
    """

    def __init__(self, tower: SiglipVisionModel, connector: nn.Module, cells: int = 3) -> None:
        super().__init__()
        self.tower, self.connector = tower, connector
        config = tower.config
        self.side = config.image_size // config.patch_size
        assert self.side % cells == 0, f'{self.side} x {self.side} patches have no {cells} x {cells} equal parts'
        self.pool = nn.AvgPool2d(self.side // cells)  # equal parts: an adaptive pooling without its odd cases

    def forward(self, pixels: Tensor) -> Tensor:
        seen = self.tower(pixel_values=pixels)
        patches = seen.last_hidden_state  # (B, side * side, C)
        grid = patches.transpose(1, 2).unflatten(2, (self.side, self.side))  # (B, C, side, side)
        cells = self.pool(grid).flatten(2).transpose(1, 2)  # (B, cells * cells, C)
        rows: Tensor = self.connector(torch.cat([seen.pooler_output.unsqueeze(1), cells], 1))  # (B, 1 + cells * cells, D)
        return rows


def load_tower(folder: Path) -> SiglipVisionModel:
    """The vision half of a published SigLIP; its attention in plain operations, which ONNX has."""
    return SiglipVisionModel.from_pretrained(folder, attn_implementation='eager', dtype=torch.float32).eval()


def write_onnx(module: nn.Module, path: Path, height: int, width: int, precision: str = 'f32') -> None:
    """`pixels` [n, 3, height, width] → `rows` [n, frameTokens, width of the decoder]; with `f16`, large weights are stored as halves."""
    is_fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # its fused form of attention has no place in ONNX
    try:
        torch.onnx.export(
            module.eval(), (torch.zeros(1, 3, height, width),), str(path), opset_version=17,
            input_names=['pixels'], output_names=['rows'], dynamic_axes={'pixels': {0: 'n'}, 'rows': {0: 'n'}}, dynamo=False,
        )  # fmt: skip
    finally:
        torch.backends.mha.set_fastpath_enabled(is_fast)
    if precision == 'f16':
        onnx.save(halve(onnx.load(str(path))), str(path))
