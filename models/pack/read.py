"""Reads a pack back: the decoder's weights from its GGUF, the encoder and the projector from its ONNX.

A run can go on from what was shipped (`python -m training.train decoder --resume-pack live-tiny`) when its checkpoints are gone. The weights are
those of the pack, rounded as it stores them. Late tokens that an older pack does not have start from what they stand in for.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from config import ASSISTANT, LATE_TOKENS, REFERENCES, DecoderConfig
from decoder.network import Decoder
from decoder.tokenizer import Tokenizer
from vision.encoder import VisionEncoder

TRANSPOSED = {'mix': 'encoder.mix', 'first': 'encoder.mlp.0', 'second': 'encoder.mlp.2'}  # linear layers, which ONNX stores as factors of a MatMul


def load_pack(pack: Path) -> Decoder:
    """The decoder of a pack with its projector, ready for training; the simulator is not in a pack and is left untrained."""
    tensors = {tensor.name: torch.from_numpy(np.asarray(tensor.data, dtype=np.float32).copy()) for tensor in gguf.GGUFReader(pack / 'decoder.gguf').tensors}
    layers = 1 + max(int(name.split('.')[1]) for name in tensors if name.startswith('blk.'))
    model = Decoder(replace(DecoderConfig(), layers=layers))
    with torch.no_grad():
        _copy_embedding(model, tensors['token_embd.weight'])
        model.norm.weight.copy_(tensors['output_norm.weight'])
        for i, block in enumerate(model.layers):
            part = {name.removeprefix(f'blk.{i}.').removesuffix('.weight'): tensor for name, tensor in tensors.items() if name.startswith(f'blk.{i}.')}
            block.attention_norm.weight.copy_(part['attn_norm'])
            block.qkv.weight.copy_(torch.cat([part['attn_q'], part['attn_k'], part['attn_v']]))
            block.output.weight.copy_(part['attn_output'])
            block.feed_forward_norm.weight.copy_(part['ffn_norm'])
            block.gate_up.weight.copy_(torch.cat([part['ffn_gate'], part['ffn_up']]))
            block.down.weight.copy_(part['ffn_down'])
        weights = vision_weights(pack)
        for name, parameter in model.projector.named_parameters():
            parameter.copy_(weights[f'projector.{name}'])
    return model


def _copy_embedding(model: Decoder, stored: Tensor, seed: int = 0) -> None:
    """The stored rows; rows it lacks are those of the late tokens: a mark begins a line as a line end does, a reference is a word of its own."""
    model.embedding.weight[: len(stored)] = stored
    missing = len(model.embedding.weight) - len(stored)
    if missing == 0:
        return
    assert missing == len(LATE_TOKENS), 'only the late tokens can be missing'
    generator = torch.Generator().manual_seed(seed)
    line_end = stored[Tokenizer.load().encode('\n')[0]]
    usual = stored[ASSISTANT + 1 :]
    fresh = usual.mean(0) + usual.std(0) * torch.randn(missing, stored.shape[1], generator=generator)
    marks = missing - len(REFERENCES)
    fresh[:marks] = line_end + 0.3 * (fresh[:marks] - usual.mean(0))
    fresh[:, 0] = usual[:, 0].mean()  # the channel by which heads attend by position alone
    model.embedding.weight[len(stored) :] = fresh


def vision_weights(pack: Path) -> dict[str, Tensor]:
    """Parameters of encoder and projector by name, as PyTorch holds them."""
    graph = onnx.load(str(pack / 'vision.onnx')).graph
    stored = {item.name: torch.from_numpy(numpy_helper.to_array(item).copy()) for item in graph.initializer}
    weights = {name: value for name, value in stored.items() if name.startswith(('encoder.', 'projector.'))}
    factors = [name for node in graph.node if node.op_type == 'MatMul' for name in node.input if name in stored]
    for name, factor in zip(TRANSPOSED.values(), factors, strict=True):
        weights[f'{name}.weight'] = stored[factor].T.contiguous()
    return weights


def load_vision(pack: Path) -> VisionEncoder:
    """The encoder of a pack, batch norms folded."""
    encoder = VisionEncoder().eval().fused()
    weights = {name.removeprefix('encoder.'): value for name, value in vision_weights(pack).items() if name.startswith('encoder.')}
    encoder.load_state_dict(weights)
    return encoder.eval()
