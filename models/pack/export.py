"""Writes the pack: decoder GGUF, vision ONNX with the projector fused, manifest; parity.py adds the fixture.

Usage: python -m pack.export --checkpoint .runs/recall.pt [--pack live-tiny]
       python -m pack.export --untrained FOLDER  # the same shape with random weights: what the program's tests put in its place

Encoder with projector (vision.onnx) are those of live-tiny, unless .runs/vision has a newer encoder; the recogniser, the region classifier, the
retriever and the matcher (with their sections of the manifest) are always those that lie there.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from torch import Tensor, nn

from config import (
    ASSISTANT,
    BOS,
    EOS,
    LATE_TOKENS,
    NEXT,
    PACK,
    PAD,
    REFERENCES,
    REGION_MARKS,
    RUNS,
    SPECIAL_TOKENS,
    StreamConfig,
    VisionConfig,
    VisionTrainConfig,
)
from decoder.network import Decoder, load_decoder
from decoder.template import GUIDANCE_ROW, LINE_END, RECALL_ROW, SCREEN_OPEN
from decoder.tokenizer import Tokenizer
from onnx_files import file_entry
from pack.parity import write_parity
from pack.read import load_pack, load_vision
from recall import examples
from vision.encoder import load_encoder
from world.dialogue import plain_words, sentences

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
    kinds = [gguf.TokenType.NORMAL if i in tokenizer.ordinary else gguf.TokenType.CONTROL for i in range(len(tokenizer))]
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
    """The same rows for every picture: what is left when the decoder is blinded (`python -m evaluation.evaluate --ablate vision`)."""

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


# --- manifest -------------------------------------------------------------------------------------------------------------


def manifest_of(model: Decoder, pack: Path, base: Path = PACK) -> dict[str, Any]:
    """The pack's manifest (manifest.schema.json), from the configuration and the files in its folder."""
    names = {
        'decoder': 'decoder.gguf', 'vision': 'vision.onnx', 'reader': 'reader.onnx', 'regions': 'regions.onnx', 'retriever': 'retriever.onnx', 'matcher': 'matcher.onnx', 'parity': 'parity.json', 'parityData': 'parity.bin',
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
    shipped = json.loads((base / 'manifest.json').read_text())
    for network in ('reader', 'regions', 'retriever', 'matcher'):
        if network in shipped and network in manifest['files']:
            manifest[network] = shipped[network]
    manifest['stream'] = {
        'frameRateFps': STREAM.frame_rate_fps,
        'silenceToken': SPECIAL_TOKENS[6],
        'speakToken': SPECIAL_TOKENS[3],
        'endOfTurn': SPECIAL_TOKENS[1],
        'specialTokens': [*SPECIAL_TOKENS, *LATE_TOKENS],
        'silenceThreshold': STREAM.silence_threshold,
        'requestSilenceThreshold': STREAM.request_silence_threshold,
        'minReplyLikelihood': STREAM.min_reply_likelihood,
        'grounding': {'quote': STREAM.quote, 'recentLines': STREAM.recent_lines, 'sentences': sentences()},
        'maxReplyTokens': STREAM.max_reply_tokens,
        'seams': STREAM.seams,
        'screenText': {
            'open': SCREEN_OPEN,
            'lineEnd': LINE_END,
            'maxLines': STREAM.max_lines,
            'headLines': STREAM.head_lines,
            'maxLineChars': STREAM.max_line_chars,
            'regionMarks': REGION_MARKS,
        },
        'recall': {
            'guidance': GUIDANCE_ROW,
            'screenOpen': SCREEN_OPEN,
            'screenLine': RECALL_ROW,
            'order': 'rank',
            'refs': list(REFERENCES),
            'maxRefs': STREAM.max_references,
            'maxListRefs': STREAM.max_list_references,
            'maxRowChars': STREAM.max_row_chars,
            'notSeenThreshold': STREAM.not_seen_threshold,
            'refusal': STREAM.refusal,
            'verdict': {'yes': SPECIAL_TOKENS[ASSISTANT], 'no': SPECIAL_TOKENS[NEXT]},
            'titlePrompt': STREAM.title_prompt,
            'listPrompts': STREAM.list_prompts,
            'plainWords': examples.plain_words(),
            'subject': 'They',
        },
        'instruction': STREAM.instruction,
        'plainWords': plain_words(),
        'notSeenReply': STREAM.not_seen_reply,
        'summaryPrompt': STREAM.summary_prompt,
    }
    return manifest


def export(model: Decoder, pack: Path, base: Path = PACK, is_trained: bool = True) -> None:
    """Writes a pack with the encoder, the reader, the retriever and the matcher of `base`; the fixture is computed with the weights rounded as stored.

    A decoder that was not trained on the encoder's rows has nothing a fixture could show, so it gets none.
    """
    torch.set_num_threads(1)
    tokenizer = Tokenizer.load()
    store_precision(model)
    pack.mkdir(parents=True, exist_ok=True)
    for name in ('vision.onnx', 'reader.onnx', 'regions.onnx', 'retriever.onnx', 'matcher.onnx'):
        if pack != base and (base / name).exists():
            shutil.copyfile(base / name, pack / name)
    trained_encoder = RUNS / VisionTrainConfig.name / 'checkpoint.pt'
    if is_trained and trained_encoder.exists():
        module = PictureToRows(load_encoder(trained_encoder).eval().fused(), model.projector)
        write_vision(module, pack / 'vision.onnx', VisionConfig.height, VisionConfig.width)
    write_gguf(model, tokenizer, pack / 'decoder.gguf')
    if is_trained:
        write_parity(model, tokenizer, load_vision(pack), pack)
    manifest = manifest_of(model, pack, base)
    if not is_trained:
        manifest |= {'name': f'{manifest["name"]}-untrained', 'description': 'The shape of live-tiny with random weights, for tests.'}
    (pack / 'manifest.json').write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + '\n')
    total = sum(entry['bytes'] for entry in manifest['files'].values())
    print(f'{pack}: {total / 1e6:.1f} MB', {name: entry['bytes'] for name, entry in manifest['files'].items()})


def untrained(seed: int = 0) -> Decoder:
    """A decoder of the shipped shape with random weights; the projector is the shipped one."""
    torch.manual_seed(seed)
    model = Decoder(load_pack(PACK).config)
    model.projector.load_state_dict(load_pack(PACK).projector.state_dict())
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--checkpoint', type=Path, help='without it the decoder of the pack is written again, in the present layout')
    parser.add_argument('--pack', type=Path, default=PACK)
    parser.add_argument('--untrained', type=Path, metavar='FOLDER', help='write a pack with random weights there')
    options = parser.parse_args()
    if options.untrained:
        export(untrained(), options.untrained, is_trained=False)
        return
    model = load_decoder(options.checkpoint) if options.checkpoint else load_pack(PACK).eval()
    export(model, options.pack)


if __name__ == '__main__':
    main()
