"""A miniature of VideoLLM-online's checkpoints, made with the original libraries: same files, same keys, same structure, a few thousand times smaller.

Usage: python -m convert.miniature FOLDER [--width 64]  # writes FOLDER/base, FOLDER/adapter, FOLDER/vision

The weights are random but for a short training of adapter and connector, so that silence, replies and their ends occur: the miniature names the
colour of the picture when it changes. It shows that a converted pack computes what the published code computes, and nothing of what the published
weights can do.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import peft
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import LlamaConfig, LlamaForCausalLM, SiglipConfig, SiglipModel, SiglipVisionModel

from convert.gguf_tokenizer import PRE_TOKENIZERS
from convert.picture import fit_canvas
from convert.published import BEGIN, CLOSE, END, NEXT, PLACEHOLDER, SEAMS, SIZE, TARGETS, VISION, make_connector
from convert.reference import Asked, Shown, Step
from convert.siglip import PooledRows, load_tower

COLOURS = {'red': (205, 40, 40), 'green': (40, 170, 60), 'blue': (50, 70, 210), 'yellow': (225, 210, 50), 'white': (235, 235, 235), 'black': (18, 18, 18)}
QUESTION, LIST = 'Which colour is it?', 'Which colours are there?'
LISTED = ' There are red and green and blue and yellow and white and black, and no other colours here.'
UNHEARD = 'Is there more?'  # no dialogue has it: what a decoder says to it may never end


@dataclass(frozen=True)
class MiniatureConfig:
    """Shape of the miniature; 256 is the narrowest that llama.cpp can store in its K quantisations."""

    width: int = 64
    layers: int = 2
    heads: int = 4
    kv_heads: int = 2
    feed_forward: int = 2  # times the width
    context: int = 1024
    vision_width: int = 32
    vision_layers: int = 2
    rank: int = 8
    steps: int = 140
    vocabulary: int = 420
    seed: int = 0


class LiveLlama(LlamaForCausalLM):
    """A Llama with a connector, as https://github.com/showlab/videollm-online (models/live_llama) has it."""

    def __init__(self, config: LlamaConfig) -> None:
        super().__init__(config)
        self.connector = make_connector(config.vision_hidden_size, config.hidden_size)
        self.post_init()


# --- vocabulary -----------------------------------------------------------------------------------------------------------


def sentences() -> list[str]:
    replies = [f' You see {colour}.' for colour in COLOURS] + [f' It is {colour}.' for colour in COLOURS]
    return [*(seam.replace(BEGIN, '').replace(END, '') + text for seam in SEAMS.values() for text in (*replies, QUESTION, LIST)), *replies, LISTED]


def make_tokenizer(vocabulary: int) -> Tokenizer:
    """A byte-level BPE with Llama 3's way of splitting text; `]` with a line end is one token, as there."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    pattern = next(pattern for pattern, name in PRE_TOKENIZERS.items() if name == 'llama-bpe')
    split = pre_tokenizers.Split(Regex(pattern), behavior='isolated')
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(sentences() * 20, trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in (BEGIN, '<|end_of_text|>', END)])
    for text in (NEXT, CLOSE):
        assert len(tokenizer.encode(text, add_special_tokens=False).ids) == 1, f'{text!r} must be one token'
    return tokenizer


# --- pictures -------------------------------------------------------------------------------------------------------------


def draw(colour: str, rng: np.random.Generator, towards: str = '', share: float = 0.0, size: tuple[int, int] = (96, 54)) -> np.ndarray:
    """A small picture (H, W, 3) uint8: the colour, mixed with another's share, coarse noise and a bright box, so that no two are equal."""
    width, height = size
    plain = (1 - share) * np.array(COLOURS[colour]) + share * np.array(COLOURS[towards or colour])
    noise = rng.normal(0, 14, (height // 6 + 1, width // 6 + 1, 3)).repeat(6, 0).repeat(6, 1)
    picture = plain + noise[:height, :width]
    top, left = int(rng.integers(0, height * 3 // 4)), int(rng.integers(0, width * 3 // 4))
    picture[top : top + height // 8, left : left + width // 8] += 45
    return picture.clip(0, 255).astype(np.uint8)


def clip(seed: int = 1) -> list[Step]:
    """What the proof is shown: changes of colour, some of them gradual so that silence is in doubt, and questions behind silence and replies."""
    rng = np.random.default_rng(seed)
    steps: list[Step] = [Shown(draw('red', rng)), Shown(draw('red', rng)), Shown(draw('blue', rng)), Shown(draw('blue', rng))]
    steps += [Shown(draw('blue', rng, 'yellow', share)) for share in (0.2, 0.35, 0.5, 0.65, 0.8, 1.0)]
    steps += [Asked(QUESTION), Shown(draw('yellow', rng)), Asked(LIST), Asked(QUESTION), Asked(UNHEARD)]
    steps += [Shown(draw('yellow', rng, 'green', share)) for share in (0.3, 0.5, 0.7, 1.0)]
    return [*steps, Shown(draw('white', rng)), Shown(draw('white', rng)), Shown(draw('black', rng)), Shown(draw('black', rng))]


# --- training -------------------------------------------------------------------------------------------------------------


@dataclass
class Example:
    """Ids with -1 where a frame's vector stands; `labels[i]` is what position i must predict, -100 for nothing."""

    ids: list[int]
    labels: list[int]
    pictures: list[int]


class Writer:
    """Puts dialogues of colours into training sequences, labelled as the published `learn` ranges have it."""

    def __init__(self, tokenizer: Tokenizer, frame_tokens: int, palette: int) -> None:
        self.tokenizer, self.frame_tokens, self.palette = tokenizer, frame_tokens, palette

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def dialogue(self, rng: random.Random) -> Example:
        out = Example([], [], [])
        role, colours = 'begin', list(COLOURS)
        said = ''
        for _ in range(rng.randint(3, 4)):
            colour = rng.choice([each for each in colours if each != said])
            for index in range(rng.randint(1, 3)):
                self._push(out, SEAMS[f'{role}>stream'])
                out.ids += [-1] * self.frame_tokens
                out.labels += [-100] * self.frame_tokens
                out.pictures.append(colours.index(colour) * self.palette + rng.randrange(self.palette))
                out.labels[-1] = self.encode(CLOSE)[0] if index == 0 else self.encode(NEXT)[0]
                role = 'stream'
                if index == 0:
                    self._say(out, SEAMS['stream>assistant'], f' You see {colour}.')
                    role = 'assistant'
            if rng.random() < 0.5:
                question, answer = rng.choice([(QUESTION, f' It is {colour}.'), (QUESTION, f' It is {colour}.'), (LIST, LISTED)])
                self._say(out, f'{SEAMS[f"{role}>user"]}{question}{SEAMS["user>assistant"]}', answer)
                role = 'assistant'
            said = colour
        return out

    def _push(self, out: Example, text: str) -> None:
        ids = self.encode(text)
        out.ids += ids
        out.labels += [-100] * len(ids)

    def _say(self, out: Example, seam: str, text: str) -> None:
        self._push(out, seam)
        reply = [*self.encode(text), *self.encode(END)]
        out.labels[-1:] = reply[:1]
        out.ids += reply[:-1]
        out.labels += reply[1:]


def train(model: nn.Module, tokenizer: Tokenizer, pooled: PooledRows, config: MiniatureConfig) -> float:
    """Trains what the adapter trains. Returns the last loss."""
    rng, palette = random.Random(config.seed), 12
    drawn = np.random.default_rng(config.seed)
    pictures = np.stack([fit_canvas(draw(colour, drawn), VISION) for colour in COLOURS for _ in range(palette)])
    features = features_of(pooled, pictures)  # (pictures, rows, C)
    writer = Writer(tokenizer, features.shape[1], palette)
    core = model.get_base_model()  # type: ignore[operator]
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=4e-3, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=config.steps, pct_start=0.1)
    loss = torch.tensor(0.0)
    for _ in range(config.steps):
        batch = [writer.dialogue(rng) for _ in range(4)]
        longest = max(len(example.ids) for example in batch)
        ids = torch.tensor([example.ids + [0] * (longest - len(example.ids)) for example in batch])
        labels = torch.tensor([example.labels + [-100] * (longest - len(example.labels)) for example in batch])
        rows = core.connector(torch.cat([features[example.pictures].flatten(0, 1) for example in batch]))
        embedded = core.get_input_embeddings()(ids.clamp(min=0))
        embedded = embedded.masked_scatter((ids < 0).unsqueeze(-1), rows)
        logits = model(inputs_embeds=embedded).logits
        loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
    return float(loss.detach())


@torch.no_grad()
def features_of(pooled: PooledRows, pictures: np.ndarray) -> Tensor:
    """Vectors before the connector, (N, rows, C), of pictures (N, H, W, 3)."""
    connector, pooled.connector = pooled.connector, nn.Identity()
    pixels = (torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255 - 0.5) / 0.5
    out: Tensor = torch.cat([pooled(part) for part in pixels.split(8)])
    pooled.connector = connector
    return out


# --- files ----------------------------------------------------------------------------------------------------------------


def make(folder: Path, config: MiniatureConfig) -> None:
    """The three checkpoints that a conversion needs, as their publishers lay them out."""
    torch.manual_seed(config.seed)
    vision = _write_vision(folder / 'vision', config)
    tokenizer = make_tokenizer(config.vocabulary)
    size = tokenizer.get_vocab_size()
    llama = LlamaConfig(
        vocab_size=size, hidden_size=config.width, intermediate_size=config.feed_forward * config.width, num_hidden_layers=config.layers,
        num_attention_heads=config.heads, num_key_value_heads=config.kv_heads, max_position_embeddings=config.context, rms_norm_eps=1e-5,
        rope_parameters={'rope_type': 'default', 'rope_theta': 500000.0}, tie_word_embeddings=False, initializer_range=0.15,
        bos_token_id=tokenizer.token_to_id(BEGIN), eos_token_id=tokenizer.token_to_id(END),
    )  # fmt: skip
    base = LlamaForCausalLM(llama)
    base.save_pretrained(folder / 'base')
    tokenizer.save(str(folder / 'base' / 'tokenizer.json'))

    llama.vision_hidden_size = config.vision_width
    live = LiveLlama.from_pretrained(folder / 'base', config=llama)
    lora = peft.LoraConfig(r=config.rank, lora_alpha=2 * config.rank, lora_dropout=0.0, target_modules=TARGETS, modules_to_save=['connector'], task_type='CAUSAL_LM')
    model = peft.get_peft_model(live, lora)
    loss = train(model, tokenizer, PooledRows(vision, nn.Identity()), config)
    model.save_pretrained(folder / 'adapter')
    tokenizer.add_special_tokens([AddedToken(PLACEHOLDER, special=True)])
    tokenizer.save(str(folder / 'adapter' / 'tokenizer.json'))
    print(f'{folder}: width {config.width}, {size} tokens, trained to a loss of {loss:.3f}')


def _write_vision(folder: Path, config: MiniatureConfig) -> SiglipVisionModel:
    part = {'hidden_size': config.vision_width, 'intermediate_size': 2 * config.vision_width, 'num_hidden_layers': config.vision_layers, 'num_attention_heads': 2}
    siglip = SiglipModel(SiglipConfig(text_config={**part, 'vocab_size': 64, 'num_hidden_layers': 1}, vision_config={**part, 'image_size': SIZE, 'patch_size': 16}))
    with torch.no_grad():
        for name, parameter in siglip.named_parameters():
            if name.startswith('vision_model') and parameter.dim() > 1:
                parameter.mul_(2.0)  # as initialised, pictures hardly differ behind two layers
    siglip.save_pretrained(folder)
    return load_tower(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--width', type=int, default=MiniatureConfig.width)
    options = parser.parse_args()
    torch.set_num_threads(1)
    make(options.folder, MiniatureConfig(width=options.width))


if __name__ == '__main__':
    main()
