"""A published `tokenizer.json` (byte-level BPE) as llama.cpp reads it from a GGUF: tokens, their kinds, merges, pre-tokenizer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf

# The pattern by which a published tokenizer splits text before it merges -> llama.cpp's name for it (src/llama-vocab.cpp).
PRE_TOKENIZERS = {
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+": 'llama-bpe',
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+": 'qwen2',
}


@dataclass
class Vocabulary:
    """Tokens in the order of their ids."""

    tokens: list[str]
    kinds: list[gguf.TokenType]
    merges: list[str]
    pre_tokenizer: str
    bos: int | None
    eos: int


def read_vocabulary(folder: Path, size: int, *, eos: str, bos: str | None = None) -> Vocabulary:
    """The first `size` ids of a folder's tokenizer: what lies behind them, such as a placeholder token, has no row in the decoder."""
    stored: dict[str, Any] = json.loads((folder / 'tokenizer.json').read_text())
    model = stored['model']
    assert model['type'] == 'BPE', f'a tokenizer of the kind {model["type"]} is not converted'
    ids: dict[str, int] = dict(model['vocab'])
    added = {token['content']: token for token in stored['added_tokens']}
    ids |= {text: token['id'] for text, token in added.items()}
    by_id = {number: text for text, number in ids.items() if number < size}
    tokens = [by_id.get(number, f'[PAD{number}]') for number in range(size)]  # ids that only round the size up, as llama.cpp's converter names them
    merges = [merge if isinstance(merge, str) else ' '.join(merge) for merge in model['merges']]
    found = [number for number in (ids.get(bos or ''), ids[eos]) if number is not None]
    assert all(number < size for number in found), 'a token that every stream needs has no row in the decoder'
    return Vocabulary(tokens, [_kind(by_id.get(number), added) for number in range(size)], merges, pre_tokenizer_of(stored), ids.get(bos or ''), ids[eos])


def _kind(token: str | None, added: dict[str, Any]) -> gguf.TokenType:
    if token is None:
        return gguf.TokenType.UNUSED
    if token in added:
        return gguf.TokenType.CONTROL if added[token]['special'] else gguf.TokenType.USER_DEFINED
    return gguf.TokenType.NORMAL


def pre_tokenizer_of(stored: dict[str, Any]) -> str:
    """llama.cpp's name for how the tokenizer splits text. Refuses what it has no name for: tokens would be wrong without a word."""
    part = stored['pre_tokenizer'] or {'type': 'none'}
    steps = part.get('pretokenizers', [part])
    kinds = [step['type'] for step in steps]
    if kinds == ['Digits', 'ByteLevel'] and steps[0]['individual_digits'] and steps[1].get('use_regex', True):
        return 'smollm'
    patterns = [step['pattern'].get('Regex') for step in steps if step['type'] == 'Split']
    name = PRE_TOKENIZERS.get(patterns[0]) if len(patterns) == 1 else None
    assert name is not None, f'the pre-tokenizer {json.dumps(part)} has no name in llama.cpp that is known here'
    return name


def write_tokenizer(writer: gguf.GGUFWriter, vocabulary: Vocabulary) -> None:
    writer.add_tokenizer_model('gpt2')
    writer.add_tokenizer_pre(vocabulary.pre_tokenizer)
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.kinds)
    writer.add_token_merges(vocabulary.merges)
    if vocabulary.bos is not None:
        writer.add_bos_token_id(vocabulary.bos)
    writer.add_eos_token_id(vocabulary.eos)
    writer.add_eot_token_id(vocabulary.eos)
    writer.add_pad_token_id(vocabulary.eos)
    writer.add_add_bos_token(False)  # the template says where it stands
    writer.add_add_space_prefix(False)
