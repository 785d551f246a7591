"""VideoLLM-online-8b-v1plus as packs: adapter merged in float32, encoder and connector as ONNX, decoder as GGUF in every wanted quantisation.

Usage: python -m convert.videollm --base Meta-Llama-3-8B-Instruct --adapter videollm-online-8b-v1plus --vision siglip-large-patch16-384 --out PACKS
           [--quantisations q8_0 q4_K_M] [--master bf16] [--pictures FOLDER]

The three folders hold what their publishers give (config.json, *.safetensors, tokenizer.json; adapter_config.json, adapter_model.safetensors). With
--pictures, a folder of frames two a second apart in the order of their names, the published loop is run on them in PyTorch (8B: 32 GB of memory);
its answers go into each pack, and the threshold of silence of each quantisation is set so that it speaks where the published weights do.
Needs what `node scripts/setup.mjs --models` installs; llama.cpp's quantisation and the daemon are called through Node.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peft
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import LlamaForCausalLM

from blob import Blob
from convert import published
from convert.calibrate import calibrated_threshold
from convert.checkpoint import Checkpoint, read_config
from convert.gguf_decoder import heads_of, write_decoder
from convert.gguf_tokenizer import read_vocabulary
from convert.lora import MergedCheckpoint
from convert.node import measure
from convert.reference import PublishedLoop, Shown, Step, rows_of, run, write_parity
from convert.siglip import PooledRows, load_tower, write_onnx
from convert.storing import files_of, pictures_in, store, write_manifest

VERSION = '1.0.0'


@dataclass(frozen=True)
class Sources:
    """Folders as their publishers lay them out."""

    base: Path
    adapter: Path
    vision: Path

    @property
    def tokenizer(self) -> Path:
        """The adapter's own, where it brings one; the placeholder that it adds is cut off with the vocabulary."""
        return self.adapter if (self.adapter / 'tokenizer.json').exists() else self.base


def token_ids(tokenizer: Tokenizer) -> dict[str, list[int]]:
    """Pieces of the template with their ids. Refuses a tokenizer with which the published template would not work."""
    ids = {text: list(tokenizer.encode(text, add_special_tokens=False).ids) for text in published.LLAMA3_IDS}
    for text in (published.NEXT, published.CLOSE, published.END, published.BEGIN):
        assert len(ids[text]) == 1, f'{text!r} is {len(ids[text])} tokens, and the decision between silence and speech needs one'
    return ids


def check_base(config: dict[str, Any], ids: dict[str, list[int]]) -> None:
    """The published adapter fits one base only. The dimensions are compared while merging; ids of the same size may still be another's."""
    assert config['model_type'] == 'llama', f'a base of the kind {config["model_type"]} is not what the adapter was trained on'
    if config['vocab_size'] == published.LLAMA3_VOCABULARY:
        assert ids == published.LLAMA3_IDS, f'the tokenizer is not that of Meta-Llama-3-8B-Instruct: {ids}'


def load_unmerged(sources: Sources) -> nn.Module:
    """The published model as PEFT runs it: the adapter beside the base, nothing converted."""
    base = LlamaForCausalLM.from_pretrained(sources.base, dtype=torch.float32)
    config = read_config(sources.adapter, 'adapter_config.json') | {'modules_to_save': None}
    lora = peft.LoraConfig(**{key: value for key, value in config.items() if key in ('r', 'lora_alpha', 'target_modules', 'bias', 'task_type')})
    model = peft.get_peft_model(base, lora)
    adapter = Checkpoint(sources.adapter, 'adapter_model')
    weights = {name: adapter.tensor(name) for name in adapter.names if '.connector.' not in name}
    loaded = peft.set_peft_model_state_dict(model, weights)
    assert not loaded.unexpected_keys, f'PEFT has no place for {loaded.unexpected_keys}'
    return model.eval()


def manifest_of(pack: Path, sources: Sources, merged: MergedCheckpoint, *, quantisation: str, ids: dict[str, list[int]]) -> dict[str, Any]:
    """The pack's manifest (manifest.schema.json)."""
    config = read_config(sources.base)
    _, kv_heads, head_width = heads_of(config)
    is_full = config['vocab_size'] == published.LLAMA3_VOCABULARY
    return {
        'schemaVersion': 1,
        'name': pack.name,
        'version': VERSION,
        'description': 'VideoLLM-online-8b-v1plus, which narrates everyday activities; converted. It was trained on no screens.' if is_full else 'A miniature of VideoLLM-online-8b-v1plus, for tests.',
        'licence': published.LLAMA3_TERMS['licence'] if is_full else 'MIT',
        **({'origins': origins(merged, sources)} if is_full else {}),
        'files': files_of(pack),
        'decoder': {
            'architecture': 'llama',
            'embeddingWidth': config['hidden_size'],
            'vocabularySize': config['vocab_size'],
            'contextTokens': config['max_position_embeddings'],
            'quantisation': quantisation,
            'cacheBytesPerToken': 2 * 2 * config['num_hidden_layers'] * kv_heads * head_width,
        },
        'vision': published.VISION,
        'stream': {
            'frameRateFps': published.FRAMES_PER_SECOND,
            'silenceToken': published.NEXT,
            'endOfTurn': published.END,
            'silenceThreshold': published.THRESHOLD,
            'maxReplyTokens': published.LONGEST_REPLY,
            'seams': published.SEAMS,
            'tokenIds': ids,
        },
    }  # fmt: skip


def origins(merged: MergedCheckpoint, sources: Sources) -> list[dict[str, Any]]:
    """What the pack is made of, each with its terms."""
    return [
        {'name': 'Meta-Llama-3-8B-Instruct', **published.LLAMA3_TERMS, 'sha256': merged.base.sha256()},
        {'name': 'videollm-online-8b-v1plus', **published.ADAPTER_TERMS, 'sha256': merged.adapter.sha256()},
        {'name': 'siglip-large-patch16-384', **published.TOWER_TERMS, 'sha256': Checkpoint(sources.vision).sha256()},
    ]


def convert(sources: Sources, out: Path, quantisations: Sequence[str], *, master: str = 'bf16', vision_precision: str = 'f16', steps: Sequence[Step] = (), name: str = 'Llama-3-videollm-online-8b-v1plus') -> list[Path]:
    """Writes one pack a quantisation. @returns their folders"""
    config = read_config(sources.base)
    tokenizer = Tokenizer.from_file(str(sources.tokenizer / 'tokenizer.json'))
    ids = token_ids(tokenizer)
    check_base(config, ids)
    merged = MergedCheckpoint(Checkpoint(sources.base), sources.adapter)
    vocabulary = read_vocabulary(sources.tokenizer, merged.shape('lm_head.weight')[0], bos=published.BEGIN, eos=published.END)
    assert published.PLACEHOLDER not in vocabulary.tokens, 'the placeholder has no row in the decoder'

    work = out / f'{name}.work'
    work.mkdir(parents=True, exist_ok=True)
    terms = str(published.LLAMA3_TERMS['licence']) if config['vocab_size'] == published.LLAMA3_VOCABULARY else 'MIT'
    write_decoder(work / 'decoder.gguf', config, merged, vocabulary, precision=master, name=name, licence=terms)
    rows = PooledRows(load_tower(sources.vision), published.connector_of(merged.saved('connector')))
    write_onnx(rows, work / 'vision.onnx', published.SIZE, published.SIZE, vision_precision)
    reference = record(sources, rows, tokenizer, steps, work) if steps else []

    manifests = {}
    for quantisation, pack in store(work, out, name, quantisations, master):
        manifests[pack] = manifest_of(pack, sources, merged, quantisation=quantisation, ids=ids)
        write_manifest(pack, manifests[pack])
    if reference:
        for (pack, manifest), report in zip(manifests.items(), measure([*manifests]), strict=True):
            manifest['stream']['silenceThreshold'] = calibrated_threshold(reference, report['silences'], published.THRESHOLD)
            write_manifest(pack, manifest)
    return [*manifests]


@torch.no_grad()
def record(sources: Sources, rows: PooledRows, tokenizer: Tokenizer, steps: Sequence[Step], folder: Path) -> list[float]:
    """Runs the published loop and leaves what it did in `folder`. @returns its probabilities of silence"""
    blob, loop = Blob(), PublishedLoop(load_unmerged(sources), tokenizer, threshold=published.THRESHOLD, longest=published.LONGEST_REPLY)
    entries = run(loop, rows, published.VISION, steps, blob)
    first = next(step for step in steps if isinstance(step, Shown))
    count, width = rows_of(rows, first.picture, published.VISION).shape
    write_parity(folder, entries, blob, (count, width), f'transformers, peft; threshold {published.THRESHOLD}')
    return [entry['silence'] for entry in entries if 'silence' in entry]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for folder in ('base', 'adapter', 'vision', 'out'):
        parser.add_argument(f'--{folder}', type=Path, required=True)
    parser.add_argument('--quantisations', nargs='+', default=['q8_0', 'q4_K_M'])
    parser.add_argument('--master', choices=['f32', 'bf16', 'f16'], default='bf16', help='what is quantised: bf16 is what the weights were published in')
    parser.add_argument('--vision-precision', choices=['f32', 'f16'], default='f16')
    parser.add_argument('--pictures', type=Path)
    options = parser.parse_args()
    steps = pictures_in(options.pictures) if options.pictures else []
    sources = Sources(options.base, options.adapter, options.vision)
    for pack in convert(sources, options.out, options.quantisations, master=options.master, vision_precision=options.vision_precision, steps=steps):
        print(pack)


if __name__ == '__main__':
    main()
