"""Llama-shaped decoders as GGUF, written with the `gguf` package, tensor by tensor.

What llama.cpp's own converter (`convert_hf_to_gguf.py`, in the source bundle of node-llama-cpp) does for these architectures is done here: names,
the order of rows that its rotary embedding wants, the vocabulary with its pre-tokenizer. That one wants a merged copy of the checkpoint on the disk
and knows a tokenizer by its hash, so that it refuses every miniature: what is proved would not be what is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import gguf
import numpy as np
import torch
from torch import Tensor

from convert.gguf_tokenizer import Vocabulary, write_tokenizer


class Tensors(Protocol):
    """Weights by their published names."""

    def __contains__(self, name: str) -> bool: ...
    def shape(self, name: str) -> tuple[int, ...]: ...
    def tensor(self, name: str) -> Tensor: ...


FILE_TYPES = {'f32': gguf.LlamaFileType.ALL_F32, 'f16': gguf.LlamaFileType.MOSTLY_F16, 'bf16': gguf.LlamaFileType.MOSTLY_BF16}
ARCHITECTURES = {'llama': 'llama', 'qwen2': 'qwen2'}  # published model_type -> llama.cpp's name
OF_VOCABULARY = ('token_embd.weight', 'output.weight')
LAYER = {
    'input_layernorm': 'attn_norm', 'self_attn.q_proj': 'attn_q', 'self_attn.k_proj': 'attn_k', 'self_attn.v_proj': 'attn_v',
    'self_attn.o_proj': 'attn_output', 'post_attention_layernorm': 'ffn_norm', 'mlp.gate_proj': 'ffn_gate', 'mlp.up_proj': 'ffn_up', 'mlp.down_proj': 'ffn_down',
}  # fmt: skip


def tensor_names(config: dict[str, Any], weights: Tensors, prefix: str = '') -> dict[str, str]:
    """llama.cpp's name of every tensor -> the published one. Tied outputs have no tensor of their own."""
    names = {'token_embd.weight': f'{prefix}model.embed_tokens.weight', 'output_norm.weight': f'{prefix}model.norm.weight'}
    if not config.get('tie_word_embeddings'):
        names['output.weight'] = f'{prefix}lm_head.weight'
    for i in range(config['num_hidden_layers']):
        for published, name in LAYER.items():
            names[f'blk.{i}.{name}.weight'] = f'{prefix}model.layers.{i}.{published}.weight'
            bias = f'{prefix}model.layers.{i}.{published}.bias'
            if bias in weights:
                names[f'blk.{i}.{name}.bias'] = bias
    return names


def heads_of(config: dict[str, Any]) -> tuple[int, int, int]:
    """Heads, heads of keys and values, width of a head."""
    heads = int(config['num_attention_heads'])
    return heads, int(config.get('num_key_value_heads') or heads), int(config.get('head_dim') or config['hidden_size'] // heads)


def reorder(weight: Tensor, heads: int) -> Tensor:
    """Rows of a query or key layer as llama.cpp's `llama` turns them: neighbours are a pair, where the published weights pair halves."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def rope_base(config: dict[str, Any]) -> float:
    """Refuses stretched positions, which need factors that are not written here.

    `dynamic` (InternVL) stretches only what lies behind the context that the model was trained for, and no pack goes there.
    """
    rope = config.get('rope_parameters') or config.get('rope_scaling') or {}
    kind = rope.get('rope_type', rope.get('type', 'default'))
    assert kind in ('default', 'dynamic'), f'positions of the kind {kind} are not converted'
    return float(rope.get('rope_theta') or config.get('rope_theta') or 10000.0)


def shapes(config: dict[str, Any], weights: Tensors, rows: int, prefix: str = '') -> dict[str, tuple[int, ...]]:
    """Of every tensor under llama.cpp's name; the vocabulary's are cut to `rows` ids."""
    found = {name: weights.shape(published) for name, published in tensor_names(config, weights, prefix).items()}
    return {name: (rows, *shape[1:]) if name in OF_VOCABULARY else shape for name, shape in found.items()}


def values(config: dict[str, Any], weights: Tensors, name: str, rows: int, prefix: str = '') -> Tensor:
    """One tensor as llama.cpp wants it."""
    tensor = weights.tensor(tensor_names(config, weights, prefix)[name])
    heads, kv_heads, _ = heads_of(config)
    if config['model_type'] == 'llama' and '.attn_q.' in name:
        tensor = reorder(tensor, heads)
    if config['model_type'] == 'llama' and '.attn_k.' in name:
        tensor = reorder(tensor, kv_heads)
    return tensor[:rows] if name in OF_VOCABULARY else tensor


def write_header(writer: gguf.GGUFWriter, config: dict[str, Any], vocabulary: Vocabulary, name: str, licence: str) -> None:
    """Everything but the tensors and the file's type."""
    heads, kv_heads, head_width = heads_of(config)
    writer.add_name(name)
    writer.add_license(licence)
    writer.add_context_length(config['max_position_embeddings'])
    writer.add_embedding_length(config['hidden_size'])
    writer.add_block_count(config['num_hidden_layers'])
    writer.add_feed_forward_length(config['intermediate_size'])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(head_width)
    writer.add_value_length(head_width)
    writer.add_layer_norm_rms_eps(config['rms_norm_eps'])
    writer.add_rope_dimension_count(head_width)
    writer.add_rope_freq_base(rope_base(config))
    writer.add_vocab_size(len(vocabulary.tokens))
    write_tokenizer(writer, vocabulary)


def write_decoder(path: Path, config: dict[str, Any], weights: Tensors, vocabulary: Vocabulary, *, precision: str, name: str, licence: str, prefix: str = '') -> None:
    """A GGUF with matrices in `precision` (f32, f16, bf16) and everything else in float32."""
    rows = len(vocabulary.tokens)
    writer = gguf.GGUFWriter(path, ARCHITECTURES[config['model_type']])
    writer.add_file_type(FILE_TYPES[precision])
    write_header(writer, config, vocabulary, name, licence)
    plan = [(each, shape, 'f32' if len(shape) == 1 else precision) for each, shape in shapes(config, weights, rows, prefix).items()]
    for each, shape, stored in plan:
        size = int(np.prod(shape)) * (4 if stored == 'f32' else 2)
        if stored == 'bf16':
            writer.add_tensor_info(each, (*shape[:-1], shape[-1] * 2), np.dtype(np.uint8), size, gguf.GGMLQuantizationType.BF16)
        else:
            writer.add_tensor_info(each, shape, np.dtype(np.float32 if stored == 'f32' else np.float16), size)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for each, _, stored in plan:
        tensor = values(config, weights, each, rows, prefix)
        if stored == 'bf16':
            writer.write_tensor_data(tensor.to(torch.bfloat16).contiguous().view(torch.uint8).numpy())
        else:
            writer.write_tensor_data(tensor.contiguous().numpy().astype(np.float32 if stored == 'f32' else np.float16))
    writer.close()
