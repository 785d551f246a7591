"""Pictures as the runtime brings them to the size of an encoder (`fitCanvas` of daemon/media/pixels.ts): the same pixels.

Usage: python -m convert.picture  # writes test/golden/resample.json, which binds the two
"""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from PIL import Image

from config import ROOT

FILTERS = {'area': Image.Resampling.BOX, 'bicubic': Image.Resampling.BICUBIC, 'lanczos': Image.Resampling.LANCZOS}
GOLDEN = ROOT.parent / 'test' / 'golden' / 'resample.json'


def fit_canvas(picture: np.ndarray, vision: dict[str, Any]) -> np.ndarray:
    """A picture (H, W, 3) uint8 of any size as the encoder's input (height, width, 3) uint8; `vision` is that section of a manifest."""
    width, height, multiple = vision['width'], vision['height'], vision.get('sideMultiple', 1)
    scale = min(width / picture.shape[1], height / picture.shape[0])
    inner = (width, height)
    if vision['fit'] == 'contain':
        inner = (_side(picture.shape[1] * scale, width, multiple), _side(picture.shape[0] * scale, height, multiple))
    small = np.asarray(Image.fromarray(picture).resize(inner, FILTERS[vision['resize']]))
    out = np.empty((height, width, 3), np.uint8)
    out[:] = vision['padColour']
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    out[top : top + inner[1], left : left + inner[0]] = small
    return out


def _side(length: float, most: int, multiple: int) -> int:
    return min(most, max(multiple, round(length / multiple) * multiple))


CASES = [('bicubic', (40, 22), (16, 9)), ('bicubic', (7, 5), (12, 12)), ('lanczos', (33, 20), (8, 8)), ('lanczos', (6, 4), (9, 16)), ('bicubic', (10, 8), (10, 3))]


def golden() -> dict[str, object]:
    """Small pictures of noise (which overshoots at both ends of the scale) and what Pillow makes of them."""
    random = np.random.default_rng(0)
    cases = []
    for name, (width, height), size in CASES:
        source = (random.integers(0, 2, (height, width, 3)) * 200 + random.integers(0, 56, (height, width, 3))).astype(np.uint8)
        expected = np.asarray(Image.fromarray(source).resize(size, FILTERS[name]))
        texts = [base64.b64encode(np.ascontiguousarray(array).tobytes()).decode() for array in (source, expected)]
        cases.append({'filter': name, 'from': [width, height], 'to': list(size), 'source': texts[0], 'expected': texts[1]})
    return {'note': 'Written by models/convert/picture.py: Pillow, base64 of RGB.', 'cases': cases}


def main() -> None:
    GOLDEN.write_text(json.dumps(golden(), indent=1) + '\n')
    print(f'{len(CASES)} pictures -> {GOLDEN}')


if __name__ == '__main__':
    main()
