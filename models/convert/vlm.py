"""General vision-language models as packs: SmolVLM2, LLaVA-OneVision and InternVL. They were never trained to be silent; when they speak is told by a policy (policies.py).

Usage: python -m convert.vlm --model SmolVLM2-500M-Video-Instruct --out PACKS [--quantisations q8_0 q4_K_M] [--licence Apache-2.0] [--policy probe|change|scores] [--pictures FOLDER]

The folder is what the publisher gives (config.json, *.safetensors, tokenizer.json). Recommended for a first download: a model of a billion parameters
at most under Apache-2.0 or MIT, such as SmolVLM2-500M-Video-Instruct, stored as q8_0; it runs on a laptop.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModelForImageTextToText

from blob import Blob
from convert.checkpoint import read_config
from convert.families import NO, YES, Family, family_of, side_of
from convert.gguf_decoder import heads_of, write_decoder
from convert.gguf_tokenizer import read_vocabulary
from convert.policies import KINDS, policy_of, questions_of
from convert.probe import ProbedLoop
from convert.reference import Shown, Step, rows_of, run, write_parity
from convert.siglip import write_onnx
from convert.storing import files_of, pictures_in, store, write_manifest

VERSION = '1.0.0'
THRESHOLD = 0.5  # where every score is undecided
FRAMES_PER_SECOND = 1.0
LONGEST_REPLY = 64


class ModuleTensors:
    """The weights of a language model in memory under the names of a Llama checkpoint."""

    def __init__(self, language: nn.Module, head: nn.Module) -> None:
        self.is_tied = head.weight is language.get_input_embeddings().weight  # type: ignore[operator]
        self.tensors = {f'model.{name}': tensor for name, tensor in language.state_dict().items()} | {'lm_head.weight': head.state_dict()['weight']}

    def __contains__(self, name: str) -> bool:
        return name in self.tensors

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.tensors[name].shape)

    def tensor(self, name: str) -> Tensor:
        return self.tensors[name].float()


@dataclass(frozen=True)
class Source:
    """A published model in memory, with what a pack needs beside its weights."""

    folder: Path
    config: dict[str, Any]
    family: Family
    model: Any
    tokenizer: Tokenizer

    @property
    def text(self) -> dict[str, Any]:
        """Of the language model: the file may leave out what is usual."""
        language: Any = self.family.language(self.model)
        text: dict[str, Any] = language.config.to_dict()
        return text

    def policy(self, kind: str, *, every_frame: bool = False) -> dict[str, Any]:
        return policy_of(kind, self.family, self.single(YES), self.single(NO), every_frame=every_frame)

    def single(self, texts: Sequence[str]) -> list[str]:
        """Those that are one token, each token once."""
        found = {tuple(self.tokenizer.encode(text, add_special_tokens=False).ids): text for text in texts}
        kept = [text for ids, text in found.items() if len(ids) == 1]
        assert kept, f'none of {texts} is one token'
        return kept


def load(folder: Path) -> Source:
    config = read_config(folder)
    family = family_of(config)
    model = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32, attn_implementation='eager').eval()
    return Source(folder, config, family, model, Tokenizer.from_file(str(folder / 'tokenizer.json')))


def vision_of(source: Source, rows: int) -> dict[str, Any]:
    """The section of the manifest. Frames are stretched over the square that the tower was trained on, as the families do with videos."""
    side = side_of(source.model)
    stored = source.folder / 'preprocessor_config.json'
    given = read_config(source.folder, stored.name) if stored.exists() else {}
    scale = {name: [255 * value for value in given.get(f'image_{name}', getattr(source.family, name))] for name in ('mean', 'std')}
    return {'width': side, 'height': side, 'resize': source.family.resize, 'fit': 'stretch', 'padColour': [0, 0, 0], **scale, 'frameTokens': rows}


def manifest_of(pack: Path, source: Source, *, quantisation: str, licence: str, vision: dict[str, Any], policy: dict[str, Any], threshold: float) -> dict[str, Any]:
    text = source.text
    _, kv_heads, head_width = heads_of(text)
    family = source.family
    return {
        'schemaVersion': 1,
        'name': pack.name,
        'version': VERSION,
        'description': f'{source.folder.name}, converted. It was not trained to be silent.',
        'licence': licence,
        'files': files_of(pack),
        'decoder': {
            'architecture': text['model_type'],
            'embeddingWidth': text['hidden_size'],
            'vocabularySize': text['vocab_size'],
            'contextTokens': text['max_position_embeddings'],
            'quantisation': quantisation,
            'cacheBytesPerToken': 2 * 2 * text['num_hidden_layers'] * kv_heads * head_width,
        },
        'vision': vision,
        'stream': {
            'frameRateFps': FRAMES_PER_SECOND,
            'policy': policy,
            'endOfTurn': family.end,
            'silenceThreshold': threshold,
            'maxReplyTokens': LONGEST_REPLY,
            'seams': family.seams,
            'tokenIds': {seam: source.tokenizer.encode(seam, add_special_tokens=False).ids for seam in (*family.seams.values(), *questions_of(policy))},
        },
    }  # fmt: skip


def convert(source: Source, out: Path, quantisations: Sequence[str], *, licence: str, master: str = 'bf16', vision_precision: str = 'f16', policy: dict[str, Any] | None = None, steps: Sequence[Step] = (), threshold: float = THRESHOLD) -> list[Path]:
    """Writes one pack a quantisation; `policy` is that section of its manifest. @returns their folders"""
    text, family = source.text, source.family
    policy = policy or source.policy('probe')
    name = source.folder.name
    work = out / f'{name}.work'
    work.mkdir(parents=True, exist_ok=True)
    bos = text.get('bos_token_id')
    vocabulary = read_vocabulary(source.folder, text['vocab_size'], bos=source.tokenizer.id_to_token(bos) if bos is not None else None, eos=family.end)
    weights = ModuleTensors(family.language(source.model), source.model.lm_head)
    write_decoder(work / 'decoder.gguf', text | {'tie_word_embeddings': weights.is_tied}, weights, vocabulary, precision=master, name=name, licence=licence)
    side = side_of(source.model)
    rows = family.rows(source.model).eval()
    with torch.no_grad():
        count, width = rows(torch.zeros(1, 3, side, side))[0].shape
    assert width == text['hidden_size'], f'rows of {width} do not fit a decoder of {text["hidden_size"]}'
    write_onnx(rows, work / 'vision.onnx', side, side, vision_precision)
    vision = vision_of(source, count)
    if steps:
        record(source, rows, vision, policy, steps, work, threshold)
    packs = []
    for quantisation, pack in store(work, out, name, quantisations, master):
        write_manifest(pack, manifest_of(pack, source, quantisation=quantisation, licence=licence, vision=vision, policy=policy, threshold=threshold))
        packs.append(pack)
    return packs


@torch.no_grad()
def record(source: Source, rows: nn.Module, vision: dict[str, Any], policy: dict[str, Any], steps: Sequence[Step], folder: Path, threshold: float) -> None:
    """Runs the stream in PyTorch, on the model as it was published, and leaves what it did in `folder`."""
    blob = Blob()
    loop = ProbedLoop(source.model, source.tokenizer, source.family, policy, frame_rate=FRAMES_PER_SECOND, threshold=threshold, longest=LONGEST_REPLY)
    entries = run(loop, PublishedRows(source), vision, steps, blob)
    first = next(step for step in steps if isinstance(step, Shown))
    count, width = rows_of(rows, first.picture, vision).shape
    write_parity(folder, entries, blob, (count, width), f'transformers; threshold {threshold}')


class PublishedRows(nn.Module):
    """A picture's rows as the model's own code makes them."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source

    def forward(self, pixels: Tensor) -> Tensor:
        return self.source.family.features(self.source.model, pixels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--model', type=Path, required=True)
    parser.add_argument('--out', type=Path, required=True)
    parser.add_argument('--quantisations', nargs='+', default=['q8_0'])
    parser.add_argument('--master', choices=['f32', 'bf16', 'f16'], default='bf16')
    parser.add_argument('--vision-precision', choices=['f32', 'f16'], default='f16')
    parser.add_argument('--policy', choices=KINDS, default='probe', help='when it speaks: asked whether to; where much changes; asked for news and for what was requested')
    parser.add_argument('--every-frame', action='store_true', help='it is asked about every frame, not only about those in which unusually much changes')
    parser.add_argument('--licence', required=True, help='as the publisher names it')
    parser.add_argument('--pictures', type=Path)
    options = parser.parse_args()
    steps = pictures_in(options.pictures) if options.pictures else []
    source = load(options.model)
    policy = source.policy(options.policy, every_frame=options.every_frame)
    made = convert(source, options.out, options.quantisations, policy=policy, licence=options.licence, master=options.master, vision_precision=options.vision_precision, steps=steps)
    for pack in made:
        print(pack)


if __name__ == '__main__':
    main()
