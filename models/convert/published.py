"""What of VideoLLM-online (https://github.com/showlab/videollm-online, 8B-v1+) a converted pack and its reference share: template, ids, preprocessing."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

SYSTEM = (
    'A multimodal AI assistant is helping users with some activities. '
    'Below is their conversation, interleaved with the list of video frames received by the assistant.'
)
BEGIN, END = '<|begin_of_text|>', '<|eot_id|>'
NEXT, CLOSE, OPEN = ',', ']\n', '['
PLACEHOLDER = '<v>'  # stood for a frame's vectors in training texts; it has no row in the decoder
THRESHOLD, FRAMES_PER_SECOND, LONGEST_REPLY = 0.725, 2.0, 100
TARGETS = r'model.*(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)|lm_head$'
SIZE = 384

SEAMS = {
    'begin>stream': f'{BEGIN}{SYSTEM}\n\n[',
    'begin>user': f'{BEGIN}{SYSTEM}\n\nUser: ',
    'stream>stream': NEXT,
    'stream>assistant': ']\nAssistant:',
    'stream>user': ']\nUser: ',
    'user>assistant': '\nAssistant:',
    'user>stream': '\n[',
    'user>user': '\nUser: ',
    'assistant>stream': f'{END}\n[',
    'assistant>user': f'{END}\nUser: ',
}
"""Where the published code has no seam for a pair (a question behind a reply, a cut reply) this is what its training template has there."""

# Ids of the published decoder's tokenizer; another base would have others, and its weights would not fit the adapter.
LLAMA3_IDS = {NEXT: [11], CLOSE: [933], OPEN: [58], END: [128009], BEGIN: [128000], ']\nAssistant:': [933, 72803, 25], f'{END}\n[': [128009, 198, 58]}
LLAMA3_VOCABULARY = 128256

VISION: dict[str, Any] = {
    'width': SIZE, 'height': SIZE, 'resize': 'bicubic', 'fit': 'contain', 'sideMultiple': 2, 'padColour': [0, 0, 0],
    'mean': [127.5] * 3, 'std': [127.5] * 3, 'frameTokens': 10,
}  # fmt: skip

LLAMA3_TERMS = {
    'licence': 'Meta Llama 3 Community License',
    'address': 'https://llama.meta.com/llama3/license/',
    'mustAccept': True,
    'notice': 'Built with Meta Llama 3. Meta Llama 3 is licensed under the Meta Llama 3 Community License, Copyright © Meta Platforms, Inc. All Rights Reserved.',
}
ADAPTER_TERMS = {'licence': 'MIT', 'address': 'https://huggingface.co/chenjoya/videollm-online-8b-v1plus', 'mustAccept': True, 'notice': 'Trained on Ego4D, whose data is under a licence agreement of its own.'}
TOWER_TERMS = {'licence': 'Apache-2.0', 'address': 'https://huggingface.co/google/siglip-large-patch16-384', 'mustAccept': False}


def make_connector(vision_width: int, width: int) -> nn.Sequential:
    """Two linear layers with the exact form of GELU between them; no norm, no positions."""
    return nn.Sequential(nn.Linear(vision_width, width), nn.GELU(), nn.Linear(width, width))


def connector_of(tensors: dict[str, Tensor]) -> nn.Sequential:
    """The connector as the adapter file holds it: `0.weight`, `0.bias`, `2.weight`, `2.bias`."""
    width, vision_width = tensors['0.weight'].shape
    connector = make_connector(vision_width, width)
    connector.load_state_dict(tensors)
    return connector.eval()
