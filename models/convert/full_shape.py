"""The full shape of VideoLLM-online-8b-v1plus with random weights, as a pack: what its speed and memory can be measured with where the weights cannot be had.

Usage: python -m convert.full_shape FOLDER [--layers 32] [--tokenizer FOLDER]  # 6 GB; no more than one tensor lies in memory at a time
       node scripts/packSpeed.ts FOLDER

The decoder is written in the blocks of q4_K_M (https://github.com/ggml-org/llama.cpp, ggml-common.h: block_q4_K, block_q6_K, block_q8_0) with random
contents of the usual spread; half of the value and down layers and the output are q6_K, as llama.cpp chooses them, the embedding table is q8_0, as ours is.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from tokenizers import Tokenizer
from transformers import SiglipVisionConfig, SiglipVisionModel

from convert import published
from convert.gguf_decoder import LAYER, write_header
from convert.gguf_tokenizer import Vocabulary, read_vocabulary
from convert.miniature import make_tokenizer
from convert.siglip import PooledRows, write_onnx
from convert.storing import files_of, write_manifest
from convert.videollm import token_ids

LLAMA3_8B: dict[str, Any] = {
    'model_type': 'llama', 'vocab_size': published.LLAMA3_VOCABULARY, 'hidden_size': 4096, 'intermediate_size': 14336, 'num_hidden_layers': 32,
    'num_attention_heads': 32, 'num_key_value_heads': 8, 'max_position_embeddings': 8192, 'rms_norm_eps': 1e-5, 'rope_theta': 500000.0,
}  # fmt: skip
SIGLIP_L: dict[str, Any] = {'hidden_size': 1024, 'intermediate_size': 4096, 'num_hidden_layers': 24, 'num_attention_heads': 16, 'image_size': published.SIZE, 'patch_size': 16}
SPREAD = 0.02  # standard deviation of the weights


def random_blocks(kind: Type, count: int, rng: np.random.Generator) -> np.ndarray:
    """Blocks of random weights around zero (count, bytes)."""

    def noise(width: int) -> np.ndarray:
        return rng.integers(0, 256, (count, width), np.uint8)

    def halves(value: float) -> np.ndarray:
        return np.full((count, 1), value, np.float16).view(np.uint8)

    if kind == Type.Q4_K:  # w = d * scale * q - dmin * minimum, q in 0..15; six-bit scales and minima of 32
        step = SPREAD / 4.6
        scales = np.tile(np.array([0x20] * 8 + [0x00] * 4, np.uint8), (count, 1))
        scales[:, :8] |= 0x80  # the upper bits of the last four
        return np.concatenate([halves(step / 32), halves(step * 7.5 / 32), scales, noise(128)], 1)
    if kind == Type.Q6_K:  # w = d * scale * (q - 32), q in 0..63
        return np.concatenate([noise(128), noise(64), np.full((count, 16), 8, np.uint8), halves(SPREAD / 18.5 / 8)], 1)
    assert kind == Type.Q8_0, f'no blocks of {kind} are made here'
    return np.concatenate([halves(SPREAD / 73.9), noise(32)], 1)  # w = d * q


def kind_of(name: str, layer: int, layers: int) -> Type:
    """As llama.cpp chooses for q4_K_M (`use_more_bits`: the first and last eighth, and every third between)."""
    more = layer < layers // 8 or layer >= 7 * layers // 8 or (layer - layers // 8) % 3 == 2
    return Type.Q6_K if more and name in ('attn_v', 'ffn_down') else Type.Q4_K


def shapes_of(config: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    width, forward = config['hidden_size'], config['intermediate_size']
    narrow = width * config['num_key_value_heads'] // config['num_attention_heads']
    sizes = {'attn_k': (narrow, width), 'attn_v': (narrow, width), 'ffn_gate': (forward, width), 'ffn_up': (forward, width), 'ffn_down': (width, forward)}
    return {name: (width,) if 'norm' in name else sizes.get(name, (width, width)) for name in LAYER.values()}


def write_random_decoder(path: Path, config: dict[str, Any], vocabulary: Vocabulary, seed: int = 0) -> None:
    rng, layers, width = np.random.default_rng(seed), config['num_hidden_layers'], config['hidden_size']
    plan: list[tuple[str, tuple[int, ...], Type]] = [
        ('token_embd.weight', (config['vocab_size'], width), Type.Q8_0),
        ('output_norm.weight', (width,), Type.F32),
        ('output.weight', (config['vocab_size'], width), Type.Q6_K),
    ]
    for layer in range(layers):
        plan += [(f'blk.{layer}.{name}.weight', shape, Type.F32 if len(shape) == 1 else kind_of(name, layer, layers)) for name, shape in shapes_of(config).items()]
    writer = gguf.GGUFWriter(path, 'llama')
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_K_M)
    write_header(writer, config, vocabulary, 'random', 'MIT')
    for name, shape, kind in plan:
        block, size = gguf.GGML_QUANT_SIZES[kind]
        bytes_of_row = shape[-1] // block * size
        if kind == Type.F32:
            writer.add_tensor_info(name, shape, np.dtype(np.float32), 4 * shape[0])
        else:
            writer.add_tensor_info(name, (*shape[:-1], bytes_of_row), np.dtype(np.uint8), shape[0] * bytes_of_row, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for _, shape, kind in plan:
        if kind == Type.F32:
            writer.write_tensor_data(np.ones(shape, np.float32))
            continue
        blocks = random_blocks(kind, shape[0] * shape[1] // gguf.GGML_QUANT_SIZES[kind][0], rng)
        writer.write_tensor_data(blocks.reshape(shape[0], -1))
    writer.close()


def tokenizer_of(folder: Path | None, size: int) -> tuple[Tokenizer, Vocabulary]:
    """A folder's own, or a small one of the same kind, filled up with tokens that nothing is made of."""
    with tempfile.TemporaryDirectory() as made:
        if folder is None:
            folder = Path(made)
            make_tokenizer(420).save(str(folder / 'tokenizer.json'))
        return Tokenizer.from_file(str(folder / 'tokenizer.json')), read_vocabulary(folder, size, bos=published.BEGIN, eos=published.END)


def write_pack(pack: Path, decoder: dict[str, Any], vision: dict[str, Any], tokenizer_folder: Path | None = None) -> None:
    torch.manual_seed(0)
    pack.mkdir(parents=True, exist_ok=True)
    tokenizer, vocabulary = tokenizer_of(tokenizer_folder, decoder['vocab_size'])
    write_random_decoder(pack / 'decoder.gguf', decoder, vocabulary)
    tower = SiglipVisionModel(SiglipVisionConfig(**vision, attn_implementation='eager')).eval()
    rows = PooledRows(tower, published.make_connector(vision['hidden_size'], decoder['hidden_size']))
    write_onnx(rows, pack / 'vision.onnx', published.SIZE, published.SIZE, 'f16')
    head_width = decoder['hidden_size'] // decoder['num_attention_heads']
    manifest: dict[str, Any] = {
        'schemaVersion': 1, 'name': pack.name, 'version': '0.0.0', 'description': 'The shape of VideoLLM-online-8b-v1plus with random weights.', 'licence': 'MIT',
        'files': files_of(pack),
        'decoder': {
            'architecture': 'llama', 'embeddingWidth': decoder['hidden_size'], 'vocabularySize': decoder['vocab_size'], 'contextTokens': decoder['max_position_embeddings'],
            'quantisation': 'q4_K_M', 'cacheBytesPerToken': 2 * 2 * decoder['num_hidden_layers'] * decoder['num_key_value_heads'] * head_width,
        },
        'vision': published.VISION,
        'stream': {
            'frameRateFps': published.FRAMES_PER_SECOND, 'silenceToken': published.NEXT, 'endOfTurn': published.END, 'silenceThreshold': published.THRESHOLD,
            'maxReplyTokens': published.LONGEST_REPLY, 'seams': published.SEAMS, 'tokenIds': token_ids(tokenizer),
        },
    }  # fmt: skip
    write_manifest(pack, manifest)
    print(f'{pack}: {sum(file.stat().st_size for file in pack.iterdir()) / 1e9:.2f} GB')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--layers', type=int, default=LLAMA3_8B['num_hidden_layers'])
    parser.add_argument('--tokenizer', type=Path, help='folder with the tokenizer.json of Llama 3')
    options = parser.parse_args()
    write_pack(options.folder, LLAMA3_8B | {'num_hidden_layers': options.layers}, SIGLIP_L, options.tokenizer)


if __name__ == '__main__':
    main()
