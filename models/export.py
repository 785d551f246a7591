"""Writes the pack: decoder GGUF, vision ONNX with the projector fused, manifest; parity.py adds the fixture.

Usage: python export.py --checkpoint .runs/phase2.pt [--pack live-tiny]
       python export.py --checkpoint .runs/phase1.pt --fit-sessions 40   # the projector was never fitted to an encoder: do it now

reader.onnx is expected in the pack folder already, its manifest section in .runs/reader-manifest.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from torch import Tensor, nn

import world
from config import BOS, EOS, PACK, PAD, RUNS, SPECIAL_TOKENS, StreamConfig, VisionConfig, VisionTrainConfig
from data import fit_projector
from decoder import Decoder, load_decoder
from dialogue import plain_words
from parity import write_parity
from scene import Session
from template import GUIDANCE_ROW, LINE_END, SCREEN_OPEN, SCREEN_ROW
from tokenizer import Tokenizer
from vision import VisionEncoder, encode_session, load_encoder

STREAM = StreamConfig()
VERSION = '0.1.0'
DESCRIPTION = (
    'A small demonstration model, trained from scratch on simulated coding sessions. It follows the steps of a session like those; '
    'on real recordings its guidance is often wrong.'
)


# --- decoder --------------------------------------------------------------------------------------------------------------


def tensors_of(model: Decoder) -> dict[str, Tensor]:
    """The decoder's weights under llama.cpp's names; the output is tied, so it has no tensor of its own."""
    d, ff = model.config.width, model.config.feed_forward
    out = {'token_embd.weight': model.embedding.weight, 'output_norm.weight': model.norm.weight}
    for i, block in enumerate(model.layers):
        query, key, value = block.qkv.weight.split(d)
        gate, up = block.gate_up.weight.split(ff)
        parts = {
            'attn_norm': block.attention_norm.weight, 'attn_q': query, 'attn_k': key, 'attn_v': value, 'attn_output': block.output.weight,
            'ffn_norm': block.feed_forward_norm.weight, 'ffn_gate': gate, 'ffn_up': up, 'ffn_down': block.down.weight,
        }  # fmt: skip
        out |= {f'blk.{i}.{name}.weight': tensor for name, tensor in parts.items()}
    return {name: tensor.detach().float() for name, tensor in out.items()}


@torch.no_grad()
def store_precision(model: Decoder) -> None:
    """Rounds the weights in place to what the GGUF holds: float16 matrices, float32 norms."""
    for name, parameter in model.named_parameters():
        if parameter.dim() == 2 and not name.startswith('projector'):
            parameter.copy_(parameter.half().float())


def write_gguf(model: Decoder, tokenizer: Tokenizer, path: Path) -> None:
    """The decoder as a llama model with its tokenizer; matrices are float16, norms float32."""
    c = model.config
    writer = gguf.GGUFWriter(path, 'llama')
    writer.add_name('live-tiny')
    writer.add_license('MIT')
    writer.add_context_length(c.context_tokens)
    writer.add_embedding_length(c.width)
    writer.add_block_count(c.layers)
    writer.add_feed_forward_length(c.feed_forward)
    writer.add_head_count(c.heads)
    writer.add_head_count_kv(c.heads)
    writer.add_layer_norm_rms_eps(c.norm_epsilon)
    writer.add_rope_dimension_count(c.width // c.heads)
    writer.add_rope_freq_base(c.rope_base)
    writer.add_vocab_size(c.vocabulary_size)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_tokenizer_model('gpt2')
    writer.add_tokenizer_pre('gpt-2')
    writer.add_token_list(tokenizer.vocabulary)
    kinds = [gguf.TokenType.CONTROL] * len(SPECIAL_TOKENS) + [gguf.TokenType.NORMAL] * (len(tokenizer) - len(SPECIAL_TOKENS))
    writer.add_token_types(kinds)
    writer.add_token_merges([' '.join(pair) for pair in tokenizer.merges])
    writer.add_bos_token_id(BOS)
    writer.add_eos_token_id(EOS)
    writer.add_pad_token_id(PAD)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    for name, tensor in tensors_of(model).items():
        writer.add_tensor(name, tensor.numpy().astype(np.float32 if tensor.dim() == 1 else np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# --- vision ---------------------------------------------------------------------------------------------------------------


class PictureToRows(nn.Module):
    """Normalised pixels (B, 3, H, W) → rows ready for the decoder (B, frame_tokens, C)."""

    def __init__(self, encoder: nn.Module, projector: nn.Module) -> None:
        super().__init__()
        self.encoder, self.projector = encoder, projector

    def forward(self, pixels: Tensor) -> Tensor:
        rows: Tensor = self.projector(self.encoder(pixels))
        return rows


class MeanRows(nn.Module):
    """The same rows for every picture: what is left when the decoder is blinded (`evaluate.py --ablate vision`)."""

    rows: Tensor

    def __init__(self, rows: Tensor) -> None:
        super().__init__()
        self.register_buffer('rows', rows)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.rows.unsqueeze(0) + 0.0 * pixels.mean((1, 2, 3)).view(-1, 1, 1)


def write_vision(module: nn.Module, path: Path, height: int, width: int) -> None:
    """ONNX with a dynamic batch: `pixels` [n, 3, height, width] → `rows` [n, frameTokens, width of the decoder]."""
    example = torch.zeros(1, 3, height, width)
    axes = {'pixels': {0: 'n'}, 'rows': {0: 'n'}}
    torch.onnx.export(
        module.eval(),
        (example,),
        str(path),
        opset_version=17,
        input_names=['pixels'],
        output_names=['rows'],
        dynamic_axes=axes,
        dynamo=False,
    )


def fused_encoder() -> VisionEncoder:
    """The trained encoder with its batch norms folded in; an untrained one when there is no checkpoint (the pack says so)."""
    path = RUNS / VisionTrainConfig.name / 'checkpoint.pt'
    encoder = load_encoder(path) if path.exists() else VisionEncoder()
    return encoder.eval().fused()


def fit_to_painted(model: Decoder, encoder: VisionEncoder, sessions: int) -> float:
    """Fits the projector on freshly painted training sessions."""

    def paint(rng: random.Random) -> tuple[Session, Tensor]:
        session = world.make_session(rng.randrange(2**31), 'train', 50, 80)
        index, rows = encode_session(encoder, session)
        return session, torch.from_numpy(rows.astype(np.float32))[torch.from_numpy(index.astype(np.int64))]

    return fit_projector(model, paint, sessions)


# --- manifest -------------------------------------------------------------------------------------------------------------


def file_entry(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {'path': path.name, 'sha256': hashlib.sha256(data).hexdigest(), 'bytes': len(data)}


def manifest_of(model: Decoder, pack: Path) -> dict[str, Any]:
    """The pack's manifest (manifest.schema.json), from the configuration and the files in its folder."""
    names = {
        'decoder': 'decoder.gguf', 'vision': 'vision.onnx', 'reader': 'reader.onnx', 'parity': 'parity.json', 'parityData': 'parity.bin',
    }  # fmt: skip
    vision = VisionConfig()
    manifest: dict[str, Any] = {
        'schemaVersion': 1,
        'name': 'live-tiny',
        'version': VERSION,
        'description': DESCRIPTION,
        'licence': 'MIT',
        'files': {name: file_entry(pack / file) for name, file in names.items() if (pack / file).exists()},
        'decoder': {
            'architecture': 'llama',
            'embeddingWidth': model.config.width,
            'vocabularySize': model.config.vocabulary_size,
            'contextTokens': model.config.context_tokens,
        },
        'vision': {
            'width': vision.width,
            'height': vision.height,
            'resize': 'area',
            'fit': 'contain',
            'padColour': [0, 0, 0],
            'mean': list(vision.mean),
            'std': list(vision.std),
            'frameTokens': vision.frame_tokens,
        },
    }
    reader = RUNS / 'reader-manifest.json'
    if reader.exists() and 'reader' in manifest['files']:
        manifest['reader'] = json.loads(reader.read_text())
    manifest['stream'] = {
        'frameRateFps': STREAM.frame_rate_fps,
        'silenceToken': SPECIAL_TOKENS[6],
        'speakToken': SPECIAL_TOKENS[3],
        'endOfTurn': SPECIAL_TOKENS[1],
        'specialTokens': list(SPECIAL_TOKENS),
        'silenceThreshold': STREAM.silence_threshold,
        'maxReplyTokens': STREAM.max_reply_tokens,
        'seams': STREAM.seams,
        'screenText': {
            'open': SCREEN_OPEN,
            'lineEnd': LINE_END,
            'maxLines': STREAM.max_lines,
            'headLines': STREAM.head_lines,
            'maxLineChars': STREAM.max_line_chars,
        },
        'recall': {'guidance': GUIDANCE_ROW, 'screenOpen': SCREEN_OPEN, 'screenLine': SCREEN_ROW},
        'instruction': STREAM.instruction,
        'plainWords': plain_words(),
        'notSeenReply': STREAM.not_seen_reply,
        'summaryPrompt': STREAM.summary_prompt,
    }
    return manifest


def export(checkpoint: Path, pack: Path, fit_sessions: int = 0) -> None:
    """Writes the pack files; the fixture is computed with the weights rounded as stored."""
    torch.set_num_threads(1)
    model, tokenizer, encoder = load_decoder(checkpoint), Tokenizer.load(), fused_encoder()
    if fit_sessions:
        print(f'projector fitted: {fit_to_painted(model, encoder, fit_sessions):.3f} of the variance explained')
    store_precision(model)
    pack.mkdir(parents=True, exist_ok=True)
    write_gguf(model, tokenizer, pack / 'decoder.gguf')
    write_vision(PictureToRows(encoder, model.projector), pack / 'vision.onnx', VisionConfig.height, VisionConfig.width)
    write_parity(model, tokenizer, encoder, pack)
    manifest = manifest_of(model, pack)
    (pack / 'manifest.json').write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + '\n')
    total = sum(entry['bytes'] for entry in manifest['files'].values())
    print(f'{pack}: {total / 1e6:.1f} MB', {name: entry['bytes'] for name, entry in manifest['files'].items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--checkpoint', type=Path, required=True)
    parser.add_argument('--pack', type=Path, default=PACK)
    parser.add_argument('--fit-sessions', type=int, default=0)
    options = parser.parse_args()
    export(options.checkpoint, options.pack, options.fit_sessions)


if __name__ == '__main__':
    main()
