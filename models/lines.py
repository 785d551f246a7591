"""Draws lines of screen text as the segmenter would cut them out of a video: training data of the reader.

    python lines.py preview.png        # a contact sheet of samples, to look at

Each sample is one line on a small picture: real fonts (fonts.json), editor colours, neighbours above and
below, highlights, underlines, icons; then what happens to screen recordings on their way (resizing, JPEG-like
blocks, palettes with dithering, blur); then exactly the crop of line_crop.py around a jittered line box.
"""

from __future__ import annotations

import io
import json
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from line_crop import Box, Crop, CropConfig, SegmenterConfig, crop_line, luma, scale_of
from line_text import ALPHABET, LineText, Split

FONTS = Path(__file__).parent / 'fonts.json'
CLASSES = {sign: number + 1 for number, sign in enumerate(ALPHABET)}  # class 0 is the CTC blank
_PLAIN = {'…': '...', '→': '->', '✓': '+', '✗': 'x', '×': 'x', '•': '*', '›': '>', '❯': '>', '’': "'", '“': '"', '”': '"', '–': '-', '—': '-', '➜': '>', '©': 'c', '·': '.', 'é': 'e', 'ü': 'u', '⌘': 'Cmd+', '⇧': 'Shift+', '⌥': 'Alt+'}  # fmt: skip
_SHAPES = '▸▾▶▼●○◆■□▪◉◌★☰⚙⚠'  # drawn beside text as icons are; to be read as nothing
_AWESOME = [chr(code) for code in range(0xF000, 0xF120)]

Colour = tuple[int, int, int]
# Editor, terminal and page backgrounds with text colours of the usual themes.
_DARK: list[Colour] = [(30, 30, 30), (31, 31, 31), (40, 44, 52), (39, 40, 34), (0, 43, 54), (13, 17, 23), (24, 24, 24), (0, 0, 0), (12, 12, 12), (40, 42, 54), (38, 50, 56), (37, 37, 38), (51, 51, 51), (60, 60, 60), (0, 122, 204), (104, 33, 122), (14, 99, 156), (9, 71, 113), (4, 57, 94), (22, 130, 93), (46, 64, 83), (200, 60, 40)]  # fmt: skip
_LIGHT: list[Colour] = [(255, 255, 255), (253, 246, 227), (250, 250, 250), (246, 248, 250), (243, 243, 243), (238, 238, 238), (221, 221, 221), (232, 242, 254), (255, 250, 220), (200, 222, 240)]  # fmt: skip
_ON_DARK: list[Colour] = [(212, 212, 212), (204, 204, 204), (255, 255, 255), (86, 156, 214), (206, 145, 120), (220, 220, 170), (78, 201, 176), (106, 153, 85), (156, 220, 254), (197, 134, 192), (181, 206, 168), (248, 248, 242), (249, 38, 114), (102, 217, 239), (230, 219, 116), (117, 113, 94), (131, 148, 150), (255, 85, 85), (80, 250, 123), (98, 114, 164), (0, 255, 0), (133, 133, 133), (90, 150, 255), (255, 0, 255), (110, 110, 110)]  # fmt: skip
_ON_LIGHT: list[Colour] = [(0, 0, 0), (51, 51, 51), (97, 97, 97), (0, 0, 255), (163, 21, 21), (0, 128, 0), (121, 94, 38), (38, 127, 153), (175, 0, 219), (0, 16, 128), (9, 134, 88), (36, 41, 46), (111, 66, 193), (0, 92, 197), (106, 115, 125), (101, 123, 131), (147, 161, 161), (203, 75, 22), (140, 140, 140), (35, 120, 147)]  # fmt: skip


@dataclass(frozen=True)
class LineConfig:
    """What the training lines are made of (shares are probabilities)."""

    interface_share: float = 0.42  # proportional fonts
    icon_only_share: float = 0.02  # boxes without any text
    sizes_px: tuple[int, ...] = (9, 10, 10, 11, 11, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 16, 16, 17, 18, 20, 22, 24, 28)
    max_width: int = 960  # of the crop, in input columns


@dataclass(frozen=True)
class Sample:
    """One training line: the crop, its text (runs of spaces are one space) and each character's centre in input columns."""

    crop: Crop
    text: str
    centres: list[float]


@lru_cache(maxsize=512)
def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=256)
def _drawable(file: str) -> frozenset[str]:
    font = _font(file, 20)
    absent = bytes(font.getmask('\uffff'))
    return frozenset(sign for sign in ALPHABET if sign == ' ' or bytes(font.getmask(sign)) != absent)


@lru_cache(maxsize=100_000)
def _advance(file: str, size: int, sign: str) -> float:
    return _font(file, size).getlength(sign)


class LineMaker:
    """Makes samples of one split; the fonts and the texts of the two splits are disjoint."""

    def __init__(self, split: Split, text: LineText, crop: CropConfig, config: LineConfig) -> None:
        entries = [e for e in json.loads(FONTS.read_text())['fonts'] if e['kind'] == 'icons' or e.get('split', 'train') == split]
        present = [e for e in entries if Path(e['file']).exists()]
        by_kind = {kind: [e['file'] for e in present if e['kind'] == kind] for kind in ('mono', 'ui', 'serif', 'icons')}
        # One draw for the design, one for its weight: a family with five files is not five times as common.
        self.mono = _families(by_kind['mono'])
        self.ui = _families(by_kind['ui'])
        self.serif = _families(by_kind['serif'])
        self.icons: list[tuple[str, list[str]]] = [(file, _AWESOME) for file in by_kind['icons']]
        self.icons += [(file, list(_SHAPES)) for file in by_kind['ui'] if 'DejaVuSans.' in file]
        assert self.mono and self.ui, 'install the font packages listed in fonts.json'
        self.text, self.crop, self.config, self.segmenter = text, crop, config, SegmenterConfig()

    def sample(self, rng: Random) -> Sample:
        """One line, drawn, spoiled and cut out."""
        interface = rng.random() < self.config.interface_share
        families = self.serif if interface and self.serif and rng.random() < 0.04 else self.ui if interface else self.mono
        file = rng.choice(rng.choice(families))
        empty = bool(self.icons) and rng.random() < self.config.icon_only_share
        text = '' if empty else _writable(self.text.interface(rng) if interface else self.text.code(rng), file)
        picture, box, centres, text = self._draw(rng, file, text, interface)
        rgb, factor = _spoil(rng, picture)
        found = _segmented(rng, box, factor, rgb.shape, self.segmenter)
        crop = crop_line(luma(rgb), found, self.crop)
        scale = scale_of(found, self.crop)
        columns = [(centre * factor - found.x + self.crop.pad_x) * scale for centre in centres]
        return Sample(crop, text, columns)

    def _draw(self, rng: Random, file: str, text: str, interface: bool) -> tuple[Image.Image, _LineBox, list[float], str]:
        size = rng.choice(self.config.sizes_px)
        oversampling = rng.choice((1, 1, 1, 2, 3, 3))
        font = _font(file, size * oversampling)
        top, bottom = font.getbbox('Ahl(')[1], font.getbbox('gjpy(')[3]
        per_pixel = self.crop.height / ((bottom - top) * 1.2) * self.crop.width_factor
        text, centres, width = _fit(text, file, size * oversampling, self.config.max_width / per_pixel, rng)
        pitch = (bottom - top) * rng.uniform(1.08, 1.7)
        left = rng.uniform(6, 40) * oversampling
        icon = self._icon(rng, interface, text, size * oversampling)
        icon_room = 0.0
        if icon:
            icon_room = icon[1].getlength(icon[0]) + size * oversampling * rng.uniform(0.2, 0.8)
        w = round(left + icon_room + width + rng.uniform(8, 40) * oversampling)
        h = round(pitch * 2 + 12 * oversampling)
        w, h = -(-w // oversampling) * oversampling, -(-h // oversampling) * oversampling
        y = h / 2 - (top + bottom) / 2
        mask = Image.new('L', (w, h), 0)
        pen = ImageDraw.Draw(mask)
        if icon:
            pen.text((left, y + rng.uniform(-0.1, 0.1) * size * oversampling), icon[0], font=icon[1], fill=rng.randint(150, 255))
        origin = left + icon_room
        pen.text((origin, y), text, font=font, fill=255)
        ink = mask.getbbox() or (round(left), round(h / 2 - size / 2), round(left) + size, round(h / 2 + size / 2))
        left_ink, top_ink, right_ink, bottom_ink = (edge / oversampling for edge in ink)
        box = _LineBox(left_ink, top_ink, right_ink, bottom_ink, (bottom - top) / oversampling)
        for offset in (-pitch, pitch):
            if rng.random() < 0.35:
                near = self.text.interface(rng) if interface else self.text.code(rng)
                pen.text((origin + rng.choice((-2, 0, 0, 2, 4)) * size, y + offset), _writable(near, file)[:60], font=font, fill=255)
        paper, ink_colours = _colours(rng, text, [origin] + [origin + c for c in centres], w, oversampling)
        shade = np.asarray(mask, dtype=np.float32) / np.float32(255)
        glyphs = _smooth(rng, shade, oversampling)
        canvas = _paper(rng, paper, glyphs.shape[:2], box)
        picture = canvas + glyphs * (ink_colours[None] - canvas)
        image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
        _decorate(rng, image, box, interface)
        return image, box, [(origin + c) / oversampling for c in centres], text

    def _icon(self, rng: Random, interface: bool, text: str, size: int) -> tuple[str, ImageFont.FreeTypeFont] | None:
        if not self.icons or (text and rng.random() > (0.16 if interface else 0.03)):
            return None
        file, signs = rng.choice(self.icons)
        return rng.choice(signs), _font(file, round(size * rng.uniform(0.8, 1.25)))


@dataclass(frozen=True)
class _LineBox:
    """Ink rectangle in picture pixels, with the height a line of this font usually has."""

    left: float
    top: float
    right: float
    bottom: float
    usual_height: float


def _families(files: list[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for file in files:
        groups.setdefault(re.split(r'[-.]', Path(file).name)[0], []).append(file)
    return list(groups.values())


def _writable(text: str, file: str) -> str:
    drawable = _drawable(file)
    return ''.join(sign if sign in drawable else _PLAIN.get(sign, '') for sign in text)


def _fit(text: str, file: str, size: int, room: float, rng: Random) -> tuple[str, list[float], float]:
    """Cuts `text` to `room` pixels. -> text with single spaces, centre of each character from the origin, drawn width"""
    text = re.sub(r' +', ' ', text).strip()
    advances = [_advance(file, size, sign) for sign in text]
    if sum(advances) > room:
        start = rng.randrange(len(text)) if rng.random() < 0.6 else 0
        while start and sum(advances[start:]) < room * 0.7:
            start = max(0, start - 5)
        end, used = start, 0.0
        while end < len(text) and used + advances[end] <= room:
            used += advances[end]
            end += 1
        piece = text[start:end]
        text = piece.strip()
        advances = [_advance(file, size, sign) for sign in text]
    ends = np.cumsum(advances) if advances else np.zeros(0)
    centres = [float(end - advance / 2) for end, advance in zip(ends, advances, strict=True)]
    return text, centres, float(ends[-1]) if advances else 0.0


def _far(a: Colour, b: Colour) -> bool:
    return abs(sum(a) - sum(b)) > 130 or max(abs(x - y) for x, y in zip(a, b, strict=True)) > 90


def _colours(rng: Random, text: str, edges: list[float], width: int, oversampling: int) -> tuple[Colour, NDArray[np.float32]]:
    """Paper colour and the ink's colour for each picture column, changing between tokens as syntax colours do."""
    dark = rng.random() < 0.62
    paper = rng.choice(_DARK if dark else _LIGHT)
    on_dark = sum(paper) < 380
    if rng.random() < 0.15:
        paper = (
            (rng.randint(0, 70), rng.randint(0, 70), rng.randint(0, 70))
            if on_dark
            else (rng.randint(190, 255), rng.randint(190, 255), rng.randint(190, 255))
        )
    readable = [ink for ink in (_ON_DARK if on_dark else _ON_LIGHT) if _far(ink, paper)] or [(255, 255, 255) if on_dark else (0, 0, 0)]
    ink = np.empty((-(-width // oversampling), 3), dtype=np.float32)
    ink[:] = rng.choice(readable)
    if rng.random() < 0.7:
        for token in re.finditer(r'\w+|[^\w\s]+', text):
            if rng.random() < 0.6:
                ink[round(edges[token.start()] / oversampling) :] = rng.choice(readable)
    return paper, ink


def _smooth(rng: Random, shade: NDArray[np.float32], oversampling: int) -> NDArray[np.float32]:
    """Coverage per picture pixel and colour channel; at three-fold drawing sometimes with LCD sub-pixels. -> (h, w, 1 or 3)"""
    h, w = shade.shape
    if oversampling > 1:
        rows = shade.reshape(h // oversampling, oversampling, w).mean(1)
        if oversampling == 3 and rng.random() < 0.4:
            padded = np.pad(rows, ((0, 0), (2, 2)))
            filtered = (padded[:, :-4] + 2 * padded[:, 1:-3] + 3 * padded[:, 2:-2] + 2 * padded[:, 3:-1] + padded[:, 4:]) / 9
            shade = filtered.reshape(h // 3, w // 3, 3)
        else:
            shade = rows.reshape(h // oversampling, w // oversampling, oversampling).mean(2)[..., None]
    else:
        shade = shade[..., None]
    return shade ** np.float32(rng.choice((1, 1, 1, 0.75, 0.85, 1.2, 1.4)))


def _paper(rng: Random, paper: Colour, shape: tuple[int, int], box: _LineBox) -> NDArray[np.float32]:
    canvas = np.empty((*shape, 3), dtype=np.float32)
    canvas[:] = paper
    w = shape[1]
    if rng.random() < 0.14:  # selection, search hit, current line, button
        x0 = 0 if rng.random() < 0.4 else round(rng.uniform(0, w))
        x1 = w if rng.random() < 0.4 else round(x0 + rng.uniform(10, w))
        grow = rng.uniform(0, 5)
        tone = np.array([rng.randint(-45, 60) for _ in range(3)], dtype=np.float32) + (rng.choice((25, 40)) if sum(paper) < 380 else -30)
        canvas[max(0, round(box.top - grow)) : round(box.bottom + grow), x0:x1] += tone
    return np.clip(canvas, 0, 255)


def _decorate(rng: Random, image: Image.Image, box: _LineBox, interface: bool) -> None:
    pen = ImageDraw.Draw(image)
    colour = rng.choice(_ON_DARK + _ON_LIGHT)
    kind = rng.random()
    if kind < 0.05:  # link or tab underline
        y = box.bottom + rng.uniform(0, 2)
        pen.line((box.left, y, rng.uniform(box.left, box.right), y), fill=colour)
    elif kind < 0.10:  # error squiggle
        start = rng.uniform(box.left, box.right)
        zigzag = [(start + k * 2, box.bottom + 1 + k % 2 * 2) for k in range(rng.randint(6, 40))]
        pen.line(zigzag, fill=colour)
    elif kind < 0.15:  # text cursor
        x = round(rng.uniform(box.left, box.right + 3))
        pen.rectangle((x, box.top - 2, x + rng.randint(0, 1), box.bottom + 2), fill=colour)
    elif kind < (0.24 if interface else 0.18):  # frame of a field, button or matching bracket
        grow = rng.uniform(2, 5)
        x0 = box.left - grow if rng.random() < 0.6 else rng.uniform(box.left, box.right)
        pen.rectangle((x0, box.top - grow, max(x0, box.right + rng.uniform(2, 12)), box.bottom + grow), outline=colour)


def _spoil(rng: Random, image: Image.Image) -> tuple[NDArray[np.uint8], float]:
    """Resizes and compresses as recorders and web publishers do. -> picture (h, w, 3), its scale"""
    factor = 1.0
    if rng.random() < 0.5:
        low = 0.55 if image.height > 44 else 0.8
        factor = rng.uniform(low, 1.0) if rng.random() < 0.6 else rng.uniform(1.0, 1.8)
        filters = (
            Image.Resampling.BILINEAR,
            Image.Resampling.BICUBIC,
            Image.Resampling.BOX,
            Image.Resampling.LANCZOS,
            Image.Resampling.HAMMING,
        )
        width, height = max(8, round(image.width * factor)), max(8, round(image.height * factor))
        image = image.resize((width, height), rng.choice(filters))
    if rng.random() < 0.1:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.8)))
    damage = rng.random()
    if damage < 0.4:
        stream = io.BytesIO()
        image.save(stream, 'JPEG', quality=rng.randint(22, 90), subsampling=rng.choice((0, 2, 2)))
        image = Image.open(stream).convert('RGB')
    elif damage < 0.6:
        palette = image.quantize(rng.choice((8, 16, 32, 64, 128, 256)), method=Image.Quantize.FASTOCTREE)
        dithering = rng.choice((Image.Dither.NONE, Image.Dither.FLOYDSTEINBERG))
        image = image.quantize(palette=palette, dither=dithering).convert('RGB')
    rgb = np.asarray(image, dtype=np.uint8)
    if rng.random() < 0.15:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(1, 6), rgb.shape)
        rgb = np.clip(rgb + noise, 0, 255).astype(np.uint8)
    return rgb, factor


def _segmented(rng: Random, box: _LineBox, factor: float, shape: tuple[int, ...], growth: SegmenterConfig) -> Box:
    """The box as the segmenter gives it: ink with about a pixel of slack, low lines grown to the usual height of their screen."""
    x = box.left * factor - rng.uniform(-0.3, 1.6)
    right = min(shape[1], box.right * factor + rng.uniform(-0.3, 1.6))
    top = box.top * factor - rng.uniform(-0.5, 1.0)
    bottom = box.bottom * factor + rng.uniform(-0.5, 1.0)
    height = max(2.0, bottom - top)
    if rng.random() < 0.12:  # joined with something taller: an icon, a mark, larger text
        above, below = rng.uniform(0, 0.5) * height, rng.uniform(0, 0.5) * height
        top, height = top - above, height + above + below
    usual = box.usual_height * factor * (rng.uniform(0.8, 1.12) if rng.random() < 0.6 else rng.uniform(0.7, 1.5))
    if right - x > growth.long_line * height:
        usual = min(usual, growth.most_growth * height)
    if height < growth.grow_below * usual:
        top -= (usual - height) / 2
        height = usual
    return Box(max(0.0, x), top, max(3.0, right - x), height)


def main() -> None:
    """Writes a contact sheet of training samples."""
    rng = Random(1)
    maker = LineMaker('train', LineText('train', Path(__file__).parent.parent, 400), CropConfig(), LineConfig())
    sheet = Image.new('L', (980, 34 * 36), 255)
    for row in range(36):
        sample = maker.sample(rng)
        sheet.paste(Image.fromarray((127.5 * (sample.crop + 1)).astype(np.uint8)), (0, row * 34))
        for centre in sample.centres:
            sheet.putpixel((max(0, min(979, round(centre))), row * 34 + 32), 0)
        print(row, repr(sample.text))
    sheet.save(sys.argv[1])


if __name__ == '__main__':
    main()
