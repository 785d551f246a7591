"""General vision-language models, which were never trained to be silent: their encoders as one graph, their words as seams, and how they are asked.

Three families: SmolVLM2 (https://huggingface.co/papers/2504.05299: SigLIP, pixel shuffle, one linear layer, a Llama) and LLaVA-OneVision
(https://huggingface.co/papers/2408.03326: SigLIP without its last norm, two layers, 2 x 2 pooling, Qwen2) and InternVL
(https://huggingface.co/papers/2504.10479: InternViT, pixel shuffle, two layers, Qwen2; the publisher's `-hf` checkpoints, one tile a frame, 256 rows). A frame stands in the stream as a picture
does in their own templates. Of a video, LLaVA-OneVision's template ends with a vector for a new line; a stream does not end, so it has none.

Models with positions in several planes (M-RoPE: Qwen2-VL, Qwen2.5-VL, Qwen3-VL) are refused: the runtime feeds one position a row, so every frame
would stand where its text stands, and llama.cpp ends the process when such a cache is shifted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convert.gguf_decoder import ARCHITECTURES

ASK = 'Has anything just been finished, gone wrong or appeared that is worth telling the user? Answer yes or no.'
INFORMATIVE = 'Is there anything new on the screen that was not there before? Answer yes or no.'
RELEVANCE = 'Does the screen show what the user asked to be told about? Answer yes or no.'
REMARK = 'Say in one short sentence what has just happened.'
YES, NO = ['Yes', 'yes', ' Yes', ' yes'], ['No', 'no', ' No', ' no']


class SmolRows(nn.Module):
    """Pixels (B, 3, H, W) of whole frames → rows (B, N, D). Where all of a picture is seen, its positions are the same for every picture."""

    positions: Tensor

    def __init__(self, model: Any) -> None:
        super().__init__()
        vision = model.model.vision_model
        self.patches, self.layers, self.norm = vision.embeddings.patch_embedding, vision.encoder.layers, vision.post_layernorm
        self.connector = model.model.connector
        side = vision.config.image_size
        blank, every = torch.zeros(1, 3, side, side), torch.ones(1, side // vision.patch_size, side // vision.patch_size, dtype=torch.bool)
        with torch.no_grad():
            self.register_buffer('positions', vision.embeddings(blank, every) - self.patches(blank).flatten(2).transpose(1, 2))

    def forward(self, pixels: Tensor) -> Tensor:
        seen = self.patches(pixels).flatten(2).transpose(1, 2) + self.positions  # (B, P, C)
        for layer in self.layers:
            seen = layer(seen, attention_mask=None)
            seen = seen[0] if isinstance(seen, tuple) else seen
        rows: Tensor = self.connector(self.norm(seen))
        return rows


class OneVisionRows(nn.Module):
    """Pixels (B, 3, H, W) → rows (B, N, D): the last layer before the tower's norm, projected, pooled as video frames are."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        config = model.config
        assert (config.vision_feature_layer, config.vision_feature_select_strategy) == (-1, 'full'), 'other features than those of the last layer'
        vision = model.model.vision_tower
        vision = getattr(vision, 'vision_model', vision)
        self.embeddings, self.layers, self.projector = vision.embeddings, vision.encoder.layers, model.model.multi_modal_projector
        self.side = config.vision_config.image_size // config.vision_config.patch_size

    def forward(self, pixels: Tensor) -> Tensor:
        seen = self.embeddings(pixels)
        for layer in self.layers:
            seen = layer(seen, attention_mask=None)
            seen = seen[0] if isinstance(seen, tuple) else seen
        grid = self.projector(seen).unflatten(1, (self.side, self.side)).permute(0, 3, 1, 2)  # (B, D, side, side)
        half = -(-self.side // 2)
        return F.interpolate(grid, size=(half, half), mode='bilinear').flatten(2).transpose(1, 2)  # (B, half * half, D)


class InternRows(nn.Module):
    """Pixels (B, 3, H, W) of whole frames, one tile each → rows (B, N, D)."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        config = model.config
        assert (config.vision_feature_layer, config.vision_feature_select_strategy) == (-1, 'default'), 'other features than those of the last layer'
        vision = model.model.vision_tower
        self.embeddings, self.layers, self.norm, self.projector = vision.embeddings, vision.encoder.layer, vision.layernorm, model.model.multi_modal_projector
        self.side = side_of(model) // config.vision_config.patch_size[0]
        self.shrink = round(1 / config.downsample_ratio)
        assert self.side % self.shrink == 0, f'{self.side} patches a side cannot be put together by {self.shrink}'

    def forward(self, pixels: Tensor) -> Tensor:
        embeddings = self.embeddings
        seen = torch.cat([embeddings.cls_token.expand(pixels.shape[0], -1, -1), embeddings.patch_embeddings(pixels)], 1)
        if embeddings.position_embeddings is not None:
            seen = seen + embeddings.position_embeddings  # of the size that it was trained on, so that nothing is interpolated
        for layer in self.layers:
            seen = layer(seen)
        grid = self.norm(seen)[:, 1:]  # (B, side * side, C)
        small, width = self.side // self.shrink, grid.shape[2]
        wide = grid.reshape(-1, self.side, small, self.shrink * width).transpose(1, 2)  # (B, small, side, shrink * C)
        cells = wide.reshape(-1, small, small, self.shrink**2 * width).transpose(1, 2)
        rows: Tensor = self.projector(cells.flatten(1, 2))
        return rows


def side_of(model: Any) -> int:
    """Of the square that the vision tower was trained on, in pixels."""
    size = model.config.vision_config.image_size
    width, height = size if isinstance(size, (list, tuple)) else (size, size)
    assert width == height, f'a tower for pictures of {width} x {height} is not converted'
    return int(width)


def feature_layers(model: Any) -> dict[str, Any]:
    return {name: getattr(model.config, name) for name in ('vision_feature_layer', 'vision_feature_select_strategy')}


def smol_features(model: Any, pixels: Tensor) -> Tensor:
    rows: Tensor = model.model.get_image_features(pixels[None]).pooler_output
    return rows


def onevision_features(model: Any, pixels: Tensor) -> Tensor:
    video: Tensor = model.model.get_video_features(pixels[None], **feature_layers(model)).pooler_output
    return video[:, :-1]  # without the vector of the new line behind a whole video


def intern_features(model: Any, pixels: Tensor) -> Tensor:
    rows: Tensor = model.model.get_image_features(pixels, **feature_layers(model)).pooler_output
    return rows


@dataclass(frozen=True)
class Family:
    """What differs between families. `opened` stands before a frame's rows, `closed` behind them; `turn` and `reply` begin a turn of the user and of the model.

    `rows` is what becomes a graph, `features` the same by the model's own code.
    """

    rows: Callable[[Any], nn.Module]
    features: Callable[[Any, Tensor], Tensor]
    language: Callable[[Any], nn.Module]
    resize: str
    begin: str
    turn: str
    reply: str
    end: str
    opened: str
    closed: str
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)  # of channel values 0..1, where the checkpoint does not say so itself
    std: tuple[float, float, float] = (0.5, 0.5, 0.5)

    @property
    def seams(self) -> dict[str, str]:
        finished = f'{self.end}{self.reply}'
        return {
            'begin>stream': f'{self.begin}{self.turn}{self.opened}',
            'begin>user': f'{self.begin}{self.turn}',
            'stream>stream': f'{self.closed}\n{self.opened}',
            'stream>assistant': f'{self.closed}\n{REMARK}{finished}',
            'stream>user': f'{self.closed}\n',
            'user>assistant': finished,
            'user>stream': f'\n{self.opened}',
            'user>user': '\n',
            'assistant>stream': f'{self.end}\n{self.turn}{self.opened}',
            'assistant>user': f'{self.end}\n{self.turn}',
        }

    def asking(self, question: str) -> str:
        """A question behind a frame, up to where its answer begins."""
        return f'{self.closed}\n{question}{self.end}{self.reply}'


FAMILIES = {
    'smolvlm': Family(
        rows=SmolRows, features=smol_features, language=lambda model: model.model.text_model, resize='lanczos',
        begin='<|im_start|>', turn='User:', reply='\nAssistant:', end='<end_of_utterance>', opened='<fake_token_around_image><global-img>', closed='<fake_token_around_image>',
    ),
    'llava_onevision': Family(
        rows=OneVisionRows, features=onevision_features, language=lambda model: model.model.language_model, resize='bicubic',
        begin='', turn='<|im_start|>user ', reply='<|im_start|>assistant\n', end='<|im_end|>', opened='', closed='',
    ),
    'internvl': Family(
        rows=InternRows, features=intern_features, language=lambda model: model.model.language_model, resize='bicubic',
        begin='', turn='<|im_start|>user\n', reply='\n<|im_start|>assistant\n', end='<|im_end|>', opened='<img>', closed='</img>',
        mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225),
    ),
}  # fmt: skip


def family_of(config: dict[str, Any]) -> Family:
    """Refuses what would compute wrong, with the reason."""
    kind = config['model_type']
    text = config.get('text_config', config)
    rope = text.get('rope_parameters') or text.get('rope_scaling') or {}
    assert 'mrope_section' not in rope and rope.get('type') != 'mrope', (
        f'{kind} has positions in several planes (M-RoPE), and the runtime feeds one position a row: its frames would stand in the wrong places'
    )
    assert kind in FAMILIES, f'a model of the kind {kind} is not converted; {", ".join(FAMILIES)} are'
    decoder = text.get('model_type', next(iter(ARCHITECTURES)))
    assert decoder in ARCHITECTURES, f'a decoder of the kind {decoder} is not converted; {", ".join(ARCHITECTURES)} are'
    return FAMILIES[kind]
