"""Miniatures of SmolVLM2, LLaVA-OneVision and InternVL with random weights, made with the original libraries.

Usage: python -m convert.miniature_vlm FOLDER  # writes FOLDER/smolvlm-miniature, FOLDER/onevision-miniature, FOLDER/internvl-miniature
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    InternVLConfig,
    InternVLForConditionalGeneration,
    InternVLVisionConfig,
    LlamaConfig,
    LlavaOnevisionConfig,
    LlavaOnevisionForConditionalGeneration,
    Qwen2Config,
    SiglipVisionConfig,
    SmolVLMConfig,
    SmolVLMForConditionalGeneration,
)

from convert.families import ASK, FAMILIES, INFORMATIVE, NO, RELEVANCE, YES
from convert.gguf_tokenizer import PRE_TOKENIZERS
from convert.miniature import COLOURS, draw
from convert.reference import Asked, Requested, Shown, Step

SPREAD = 0.12  # of the random weights: answers differ from frame to frame
THRESHOLD = 0.85  # what they answer differs little, and some of it should be spoken on
WIDTH = 64
QUESTION = 'What is on the screen?'
REQUEST = 'Tell me when something is new.'
CONSTANT = ('.bias', 'cls_token', 'position_embeddings', '.lambda_1', '.lambda_2')  # begin as zero or all alike, where a lost one would not be missed


def make_tokenizer(kind: str, specials: list[str]) -> Tokenizer:
    """Byte-level, split as the family's own; what an answer may begin with is one token."""
    tokenizer = Tokenizer(models.BPE())
    if kind == 'smolvlm':
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    else:
        pattern = next(pattern for pattern, name in PRE_TOKENIZERS.items() if name == 'qwen2')
        split = pre_tokenizers.Split(Regex(pattern), behavior='isolated')
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    family = FAMILIES[kind]
    texts = [*map(family.asking, (ASK, INFORMATIVE, RELEVANCE)), QUESTION, REQUEST, *family.seams.values(), *YES, *NO]
    trainer = trainers.BpeTrainer(vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(texts * 20, trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in specials])
    return tokenizer


def text_config(tokenizer: Tokenizer, end: str) -> dict[str, object]:
    return {
        'vocab_size': tokenizer.get_vocab_size(), 'hidden_size': WIDTH, 'intermediate_size': 2 * WIDTH, 'num_hidden_layers': 2, 'num_attention_heads': 4,
        'num_key_value_heads': 2, 'max_position_embeddings': 1024, 'initializer_range': SPREAD, 'eos_token_id': tokenizer.token_to_id(end),
        'bos_token_id': None, 'pad_token_id': None,
    }  # fmt: skip


def make_smolvlm(folder: Path) -> Path:
    end = FAMILIES['smolvlm'].end
    tokenizer = make_tokenizer('smolvlm', ['<|im_start|>', end, '<fake_token_around_image>', '<global-img>', '<image>'])
    vision = {'hidden_size': 32, 'intermediate_size': 64, 'num_hidden_layers': 2, 'num_attention_heads': 2, 'image_size': 64, 'patch_size': 8, 'initializer_range': SPREAD}
    text = LlamaConfig(**text_config(tokenizer, end), rope_parameters={'rope_type': 'default', 'rope_theta': 100000.0}, tie_word_embeddings=True)
    ids = {'image_token_id': tokenizer.token_to_id('<image>'), 'pad_token_id': tokenizer.token_to_id(end)}
    config = SmolVLMConfig(text_config=text.to_dict(), vision_config=vision, scale_factor=2, tie_word_embeddings=True, **ids)
    return _save(SmolVLMForConditionalGeneration(config), tokenizer, folder / 'smolvlm-miniature')


def make_onevision(folder: Path) -> Path:
    end = FAMILIES['llava_onevision'].end
    tokenizer = make_tokenizer('llava_onevision', ['<|endoftext|>', '<|im_start|>', end, '<image>', '<video>'])
    # Five patches a side: an odd number, which is pooled to three as the published 27 are to fourteen.
    vision = SiglipVisionConfig(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=70, patch_size=14, vision_use_head=False)
    text = Qwen2Config(**text_config(tokenizer, end), rope_parameters={'rope_type': 'default', 'rope_theta': 1000000.0}, tie_word_embeddings=False)
    ids = {'image_token_index': tokenizer.token_to_id('<image>'), 'video_token_index': tokenizer.token_to_id('<video>')}
    config = LlavaOnevisionConfig(vision_config=vision.to_dict(), text_config=text.to_dict(), tie_word_embeddings=False, **ids)
    return _save(LlavaOnevisionForConditionalGeneration(config), tokenizer, folder / 'onevision-miniature')


def make_internvl(folder: Path) -> Path:
    end = FAMILIES['internvl'].end
    tokenizer = make_tokenizer('internvl', ['<|endoftext|>', '<|im_start|>', end, '<img>', '</img>', '<IMG_CONTEXT>'])
    vision = InternVLVisionConfig(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=84, patch_size=14, attention_bias=True, initializer_range=SPREAD)
    rope = {'rope_type': 'dynamic', 'factor': 2.0, 'rope_theta': 1000000.0}  # as published
    text = Qwen2Config(**text_config(tokenizer, end), rope_parameters=rope, tie_word_embeddings=False)
    config = InternVLConfig(vision_config=vision.to_dict(), text_config=text.to_dict(), tie_word_embeddings=False, image_token_id=tokenizer.token_to_id('<IMG_CONTEXT>'))
    return _save(InternVLForConditionalGeneration(config), tokenizer, folder / 'internvl-miniature')


def _save(model: torch.nn.Module, tokenizer: Tokenizer, folder: Path) -> Path:
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith(CONSTANT):
                parameter.normal_(0, SPREAD)
    model.save_pretrained(folder)  # type: ignore[operator]
    tokenizer.save(str(folder / 'tokenizer.json'))
    return folder


def clip(seed: int = 2, *, is_still: bool = False) -> list[Step]:
    """Sudden changes, and questions between them; a standing request from the middle on. `is_still`: nothing but noise moves in between, if even that."""
    rng, colours = np.random.default_rng(seed), list(COLOURS)
    steps: list[Step] = []
    for index, colour in enumerate(colours):
        pictures = [draw(colour, rng, size=(48, 27)) for _ in range(3)]
        steps += [Shown(pictures[0 if is_still else number]) for number in range(3)]
        if index % 2:
            steps.append(Asked(QUESTION))
        if index == len(colours) // 2:
            steps.append(Requested(REQUEST))
    return steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    options = parser.parse_args()
    torch.manual_seed(0)
    for make in (make_smolvlm, make_onevision, make_internvl):
        print(make(options.folder))


if __name__ == '__main__':
    main()
