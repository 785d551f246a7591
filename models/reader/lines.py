"""Draws lines of screen text as the segmenter would cut them out of a video: training data of the reader.

    python -m reader.lines preview.png  # a contact sheet of samples, to look at

Each sample is one line on a small picture: real fonts (screen/fonts.json), editor colours, neighbours above and
below, highlights, underlines, icons; then what happens to screen recordings on their way (line_damage.py);
then exactly the crop of line_crop.py around a jittered line box.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from random import Random
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from config import ROOT
from reader.line_crop import Box, Crop, CropConfig, SegmenterConfig, crop_line, luma, scale_of
from reader.line_damage import Colour, decorate, resize, spoil, through_h264
from reader.line_text import ALPHABET, ICON, LineKind, LineText, Split
from screen import fonts

CLASSES = {sign: number + 1 for number, sign in enumerate(ALPHABET)}  # class 0 is the CTC blank
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_FAINTEST = 30.0  # of 255, luma: the reader sees nothing else, and strokes thinner than a pixel have a third of it
_SHAPES = '▸▾▶▼●○◆■□▪◉◌★☰⚙⚠◐◓⏵⏸☑☐⊘⊙⊗⊕⌄⌃⋮⋯⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏⣾⣽⣻'  # drawn beside text as icons are; to be read as nothing
_AWESOME = [chr(code) for code in range(0xF000, 0xF120)]
_MATERIAL = [chr(code) for code in range(0xE000, 0xF000)]

# Editor, terminal and page backgrounds with text colours of the usual themes.
_DARK: list[Colour] = [(30, 30, 30), (31, 31, 31), (40, 44, 52), (39, 40, 34), (0, 43, 54), (13, 17, 23), (24, 24, 24), (0, 0, 0), (12, 12, 12), (40, 42, 54), (38, 50, 56), (37, 37, 38), (51, 51, 51), (60, 60, 60), (0, 122, 204), (104, 33, 122), (14, 99, 156), (9, 71, 113), (4, 57, 94), (22, 130, 93), (46, 64, 83), (200, 60, 40)]  # fmt: skip
_LIGHT: list[Colour] = [(255, 255, 255), (253, 246, 227), (250, 250, 250), (246, 248, 250), (243, 243, 243), (238, 238, 238), (221, 221, 221), (232, 242, 254), (255, 250, 220), (200, 222, 240)]  # fmt: skip
_BLOCKS: list[Colour] = [(38, 79, 120), (173, 214, 255), (0, 120, 212), (0, 122, 204), (14, 99, 156), (9, 71, 113), (255, 211, 61), (97, 65, 20), (158, 106, 3), (22, 130, 93), (200, 60, 40), (46, 160, 67), (31, 111, 235), (255, 140, 0), (90, 93, 94), (200, 200, 200), (77, 77, 77), (253, 255, 0)]  # fmt: skip
_ON_DARK: list[Colour] = [(212, 212, 212), (204, 204, 204), (255, 255, 255), (86, 156, 214), (206, 145, 120), (220, 220, 170), (78, 201, 176), (106, 153, 85), (156, 220, 254), (197, 134, 192), (181, 206, 168), (248, 248, 242), (249, 38, 114), (102, 217, 239), (230, 219, 116), (117, 113, 94), (131, 148, 150), (255, 85, 85), (80, 250, 123), (98, 114, 164), (0, 255, 0), (133, 133, 133), (90, 150, 255), (255, 0, 255), (110, 110, 110)]  # fmt: skip
_ON_LIGHT: list[Colour] = [(0, 0, 0), (51, 51, 51), (97, 97, 97), (0, 0, 255), (163, 21, 21), (0, 128, 0), (121, 94, 38), (38, 127, 153), (175, 0, 219), (0, 16, 128), (9, 134, 88), (36, 41, 46), (111, 66, 193), (0, 92, 197), (106, 115, 125), (101, 123, 131), (147, 161, 161), (203, 75, 22), (140, 140, 140), (35, 120, 147)]  # fmt: skip


@dataclass(frozen=True)
class LineConfig:
    """What the training lines are made of (shares are probabilities)."""

    kinds: tuple[tuple[LineKind, float], ...] = (('code', 0.34), ('terminal', 0.14), ('interface', 0.42), ('slide', 0.10))
    proportional_share: tuple[tuple[LineKind, float], ...] = (('code', 0.03), ('terminal', 0.02), ('interface', 0.93), ('slide', 0.8))
    icon_only_share: float = 0.02  # boxes without any text
    shaped_share: float = 0.5  # kerning; in code fonts ligatures, too
    h264_share: float = 0.22
    low_contrast_share: float = 0.18  # of the colours: inactive labels, inlay hints, line ends of other authors
    sizes_px: tuple[int, ...] = (9, 10, 10, 11, 11, 12, 12, 13, 13, 13, 14, 14, 14, 15, 15, 16, 16, 17, 18, 20, 22, 24, 28)
    slide_sizes_px: tuple[int, ...] = (16, 20, 24, 28, 32, 36, 42, 48, 56)
    smallest_line_px: float = 8.5  # from ascenders to descenders, after resizing
    max_width: int = 960  # of the crop, in input columns


@dataclass(frozen=True)
class Sample:
    """One training line: the crop, its text (runs of spaces are one space) and each character's centre in input columns."""

    crop: Crop
    text: str
    centres: list[float]


@dataclass(frozen=True)
class _LineBox:
    """Ink rectangle in picture pixels, with the height a line of this font usually has."""

    left: float
    top: float
    right: float
    bottom: float
    usual_height: float


@dataclass(frozen=True)
class _Painted:
    """A line before compression; centres are in its pixels, `factor` is what it was resized by."""

    image: Image.Image
    box: _LineBox
    factor: float
    text: str
    centres: list[float]


@lru_cache(maxsize=6000)
def _font(file: str, size: int, is_shaped: bool = False) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if is_shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(file, size, layout_engine=engine)


@lru_cache(maxsize=1024)
def _drawable(file: str) -> frozenset[str]:
    font = _font(file, 20)
    absent = bytes(font.getmask('\uffff'))
    return frozenset(sign for sign in ALPHABET if sign == ' ' or bytes(font.getmask(sign)) != absent)


@lru_cache(maxsize=300_000)
def _advance(file: str, size: int, sign: str, is_shaped: bool) -> float:
    return _font(file, size, is_shaped).getlength(sign)


@dataclass(frozen=True)
class _Writer:
    """Draws text in one font; signs it lacks come from a fallback as on a desktop, `ICON` from a font of pictograms."""

    file: str
    fallback: str
    icons: tuple[tuple[str, str], ...]  # file and sign of each `ICON`, in order, used again from the start
    size: int
    is_shaped: bool  # with kerning and ligatures
    is_mono: bool

    def pieces(self, text: str) -> Iterator[tuple[str, str, ImageFont.FreeTypeFont]]:
        """(characters of the text, what is drawn for them, font)"""
        drawable, icon = _drawable(self.file), 0
        font = _font(self.file, self.size, self.is_shaped)
        for is_own, signs in groupby(text, key=lambda sign: sign in drawable):
            piece = ''.join(signs)
            if is_own:
                yield piece, piece, font
                continue
            for sign in piece:
                file, drawn = self.icons[icon % len(self.icons)] if sign == ICON else (self.fallback, sign)
                icon += sign == ICON
                yield sign, drawn, _font(file, self.size)

    def ends(self, text: str) -> list[float]:
        """Where each character ends, from the origin."""
        ends: list[float] = []
        x = 0.0
        for piece, drawn, font in self.pieces(text):
            if piece == drawn and self.is_shaped and not self.is_mono:
                ends += [x + font.getlength(piece[: n + 1]) for n in range(len(piece))]
            elif piece == drawn:
                ends += accumulate((_advance(cast(str, font.path), self.size, sign, self.is_shaped) for sign in piece), initial=x)
                del ends[-len(piece) - 1]
            else:
                ends.append(x + font.getlength(drawn))
            x = ends[-1]
        return ends

    def draw(self, pen: ImageDraw.ImageDraw, origin: tuple[float, float], text: str, icon_shade: int) -> None:
        """From `origin` on the baseline to the right."""
        x, y = origin
        for piece, drawn, font in self.pieces(text):
            shift = 0.12 * self.size if piece == ICON else 0.0  # pictograms stand in the middle of the line, not on its base
            pen.text((x, y + shift), drawn, font=font, fill=icon_shade if piece == ICON else 255, anchor='ls')
            x += self.ends(piece)[-1] if piece == drawn else font.getlength(drawn)


class LineMaker:
    """Makes samples of one split; the fonts and the texts of the two splits are disjoint."""

    def __init__(self, split: Split, text: LineText, crop: CropConfig, config: LineConfig) -> None:
        self.mono, self.ui, self.serif = (_families(kind, split) for kind in ('mono', 'ui', 'serif'))
        self.icons = _icons()
        assert self.mono and self.ui, 'install the font packages listed in screen/fonts.json: the Debian ones with apt, the others with `python -m screen.fonts install`'
        names = {font.file.name: str(font.file) for font in fonts.installed()}
        self.fallbacks = [names[name] for name in ('DejaVuSans.ttf', 'DejaVuSansMono.ttf') if name in names]
        self.text, self.crop, self.config, self.segmenter = text, crop, config, SegmenterConfig()

    def sample(self, rng: Random, kind: LineKind | None = None) -> Sample:
        """One line, drawn, spoiled and cut out; without H.264, which is for many at once."""
        painted = self._paint(rng, kind)
        return self._cut(rng, painted, spoil(rng, painted.image))

    def samples(self, rng: Random, count: int, kind: LineKind | None = None) -> list[Sample]:
        """Many lines, some of them through H.264."""
        painted = [self._paint(rng, kind) for _ in range(count)]
        filmed = [line for line in painted if rng.random() < self.config.h264_share and line.image.width <= 1280]
        frames = dict(zip(map(id, filmed), through_h264(rng, [line.image for line in filmed]), strict=True)) if filmed else {}
        return [self._cut(rng, line, frames[id(line)] if id(line) in frames else spoil(rng, line.image)) for line in painted]

    def _cut(self, rng: Random, line: _Painted, rgb: NDArray[np.uint8]) -> Sample:
        found = _segmented(rng, line.box, line.factor, rgb.shape, self.segmenter)
        crop = crop_line(luma(rgb), found, self.crop)
        scale = scale_of(found, self.crop)
        columns = [(centre * line.factor - found.x + self.crop.pad_x) * scale for centre in line.centres]
        return Sample(crop, line.text, columns)

    def _paint(self, rng: Random, kind: LineKind | None) -> _Painted:
        kind = kind or _drawn(rng, self.config.kinds)
        empty = bool(self.icons) and rng.random() < self.config.icon_only_share
        text = ICON if empty else self.text.of(kind, rng)
        size = rng.choice(self.config.slide_sizes_px if kind == 'slide' else self.config.sizes_px)
        oversampling = rng.choice((1, 1, 1, 2, 3, 3)) if size <= 28 else 1
        writer = self._writer(rng, kind, size * oversampling)
        image, box, centres, label = self._draw(rng, writer, oversampling, text, kind)
        colour = rng.choice(_ON_DARK + _ON_LIGHT)
        decorate(rng, image, (box.left, box.top, box.right, box.bottom), colour, kind == 'interface')
        image, factor = resize(rng, image, box.usual_height, self.config.smallest_line_px)
        return _Painted(image, box, factor, label, centres)

    def _writer(self, rng: Random, kind: LineKind, size: int) -> _Writer:
        is_mono = rng.random() >= dict(self.config.proportional_share)[kind]
        families = self.mono if is_mono else self.serif if self.serif and rng.random() < 0.04 else self.ui
        file = rng.choice(rng.choice(families))
        is_shaped = bool(features.check('raqm')) and rng.random() < self.config.shaped_share
        picks = tuple((icons[0], rng.choice(icons[1])) for icons in (rng.choice(self.icons) for _ in range(3))) if self.icons else ()
        return _Writer(file, self.fallbacks[-1 if is_mono else 0], picks, size, is_shaped, is_mono)

    def _draw(
        self, rng: Random, writer: _Writer, oversampling: int, text: str, kind: LineKind
    ) -> tuple[Image.Image, _LineBox, list[float], str]:
        font = _font(writer.file, writer.size)
        top, bottom = font.getbbox('Ahl(', anchor='ls')[1], font.getbbox('gjpy(', anchor='ls')[3]
        per_pixel = self.crop.height / ((bottom - top) * 1.2) * self.crop.width_factor
        text, ends = _fit(_spread(rng, text), writer, self.config.max_width / per_pixel, rng)
        width = ends[-1] if ends else 0.0
        pitch = (bottom - top) * rng.uniform(1.08, 1.7)
        origin = rng.uniform(6, 40) * oversampling
        w = round(origin + width + rng.uniform(8, 40) * oversampling)
        h = round(pitch * 2 + 12 * oversampling)
        w, h = -(-w // oversampling) * oversampling, -(-h // oversampling) * oversampling
        base = h / 2 - (top + bottom) / 2
        mask = Image.new('L', (w, h), 0)
        pen = ImageDraw.Draw(mask)
        shade = rng.randint(150, 255)
        writer.draw(pen, (origin, base), text, shade)
        ink = mask.getbbox() or (round(origin), round(h / 2 - font.size / 2), round(origin + font.size), round(h / 2 + font.size / 2))
        left_ink, top_ink, right_ink, bottom_ink = (edge / oversampling for edge in ink)
        box = _LineBox(left_ink, top_ink, right_ink, bottom_ink, (bottom - top) / oversampling)
        for offset in (-pitch, pitch):
            if rng.random() < 0.35:
                near = self.text.of(kind, rng)[: len(text) + 4]
                writer.draw(pen, (origin + rng.choice((-2, 0, 0, 2, 4)) * font.size, base + offset), near, shade)
        starts = [origin, *(origin + end for end in ends)]
        look = _Look(rng, text, [edge / oversampling for edge in starts], -(-w // oversampling), self.config.low_contrast_share)
        canvas, inks = look.paper(h // oversampling, box), look.ink
        if writer.is_mono and text and rng.random() < 0.05:
            _reverse(rng, canvas, inks, [edge / oversampling for edge in starts], box)
        glyphs = _smooth(rng, np.asarray(mask, dtype=np.float32) / np.float32(255), oversampling)
        picture = canvas + glyphs * (inks - canvas)
        image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
        middles = [(origin + (start + end) / 2) / oversampling for start, end in zip([0.0, *ends], ends, strict=False)]
        label, centres = _label(text, middles)
        return image, box, centres, label


def _drawn(rng: Random, shares: tuple[tuple[LineKind, float], ...]) -> LineKind:
    kinds, weights = zip(*shares, strict=True)
    return cast(LineKind, rng.choices(kinds, weights)[0])


def _families(kind: fonts.Kind, split: Split) -> list[list[str]]:
    """Files by design, its regular weight several times: one draw is for the design, one for its weight, so that a family of six
    files is not six times as common.
    """
    groups: dict[str, list[str]] = {}
    for font in fonts.installed():
        if font.kind == kind and font.split == split:
            groups.setdefault(font.design, []).extend([str(font.file)] * (3 if font.is_regular else 1))
    return list(groups.values())


def _icons() -> list[tuple[str, list[str]]]:
    """Fonts of pictograms with those of their signs that they draw; icons are in both splits: they are never to be read."""
    found = [(str(font.file), _AWESOME if 'Awesome' in font.file.name else _MATERIAL) for font in fonts.installed() if font.kind == 'icons']
    found += [(str(font.file), list(_SHAPES)) for font in fonts.installed() if font.file.name == 'DejaVuSans.ttf']
    return [(file, drawn) for file, signs in found if (drawn := _visible(file, signs))]


def _visible(file: str, signs: list[str]) -> list[str]:
    font = _font(file, 20)
    absent = bytes(font.getmask('\uffff'))
    return [sign for sign in signs if font.getmask(sign).getbbox() and bytes(font.getmask(sign)) != absent]


def _spread(rng: Random, text: str) -> str:
    """Signs that can be read, with single spaces, now and then wider gaps: aligned columns, neighbouring items of a bar that count as one line."""
    text = re.sub(r' +', ' ', ''.join(sign for sign in text if sign in CLASSES or sign == ICON)).strip()
    if rng.random() < 0.12:
        text = re.sub(' ', lambda _: ' ' * rng.choice((1, 1, 2, 3)), text)
    return text


def _fit(text: str, writer: _Writer, room: float, rng: Random) -> tuple[str, list[float]]:
    """Cuts `text` to `room` pixels. -> text, where each character ends"""
    ends = writer.ends(text)
    if not ends or ends[-1] <= room:
        return text, ends
    share = room / ends[-1]
    start = rng.randrange(len(text)) if rng.random() < 0.6 else 0
    while start and ends[-1] - ends[start - 1] < room * 0.7:
        start = max(0, start - 5)
    piece = text[start : start + max(1, int(len(text) * share * 1.3))].strip()
    ends = writer.ends(piece)
    fitting = sum(end <= room for end in ends)
    piece = piece[:fitting].rstrip()
    return piece, ends[: len(piece)]


def _label(text: str, centres: list[float]) -> tuple[str, list[float]]:
    """What is to be read of a drawn text: no pictograms, single spaces, none at the ends. -> text, centre of each character"""
    kept = [(sign, centre) for sign, centre in zip(text, centres, strict=True) if sign != ICON]
    signs: list[tuple[str, float]] = []
    for sign, run in groupby(kept, key=lambda pair: pair[0] == ' '):
        group = list(run)
        signs += [(' ', sum(centre for _, centre in group) / len(group))] if sign else group
    while signs and signs[0][0] == ' ':
        del signs[0]
    while signs and signs[-1][0] == ' ':
        del signs[-1]
    return ''.join(sign for sign, _ in signs), [centre for _, centre in signs]


def _far(a: Colour, b: Colour) -> bool:
    return abs(sum(a) - sum(b)) > 130 or max(abs(x - y) for x, y in zip(a, b, strict=True)) > 90


class _Look:
    """Paper and ink of one picture. Ink changes between tokens as syntax colours do, paper where something is selected or ends."""

    def __init__(self, rng: Random, text: str, starts: list[float], width: int, low_contrast: float) -> None:
        self.rng, self.text, self.starts, self.width = rng, text, starts, width
        self.plain = self._plain()
        self.on_dark = sum(self.plain) < 380
        inks = _ON_DARK if self.on_dark else _ON_LIGHT
        readable = [ink for ink in inks if _far(ink, self.plain)] or [(255, 255, 255) if self.on_dark else (0, 0, 0)]
        self.ink = np.empty((1, width, 3), dtype=np.float32)
        self.ink[:] = self._tone(rng.choice(readable), low_contrast)
        if rng.random() < 0.7:
            for token in re.finditer(r'\w+|[^\w\s]+', text):
                if rng.random() < 0.6:
                    self.ink[:, round(starts[token.start()]) :] = self._tone(rng.choice(readable), low_contrast / 2)

    def _plain(self) -> Colour:
        rng = self.rng
        paper = rng.choice(_DARK if rng.random() < 0.62 else _LIGHT)
        if rng.random() < 0.85:
            return paper
        low, high = (0, 70) if sum(paper) < 380 else (190, 255)
        return (rng.randint(low, high), rng.randint(low, high), rng.randint(low, high))

    def _tone(self, ink: Colour, low_contrast: float) -> NDArray[np.float32]:
        """The colour itself or faded towards the paper, yet no fainter than what the segmenter finds."""
        colour, paper = np.array(ink, dtype=np.float32), np.array(self.plain, dtype=np.float32)
        if self.rng.random() >= low_contrast:
            return colour
        faintest = min(1.0, _FAINTEST / max(1.0, abs(float((colour - paper) @ _LUMA))))
        return paper + (colour - paper) * np.float32(self.rng.uniform(faintest, max(faintest, 0.6)))

    def paper(self, height: int, box: _LineBox) -> NDArray[np.float32]:
        """-> (height, width, 3)"""
        rng, w = self.rng, self.width
        canvas = np.empty((height, w, 3), dtype=np.float32)
        canvas[:] = self.plain
        x0, x1 = self._span()
        grow = rng.uniform(0, 5)
        rows = slice(max(0, round(box.top - grow)), max(1, round(box.bottom + grow)))
        roll = rng.random()
        if roll < 0.14:  # selection, search hit, current line, button
            tone = np.array([rng.randint(-45, 60) for _ in range(3)], dtype=np.float32) + (rng.choice((25, 40)) if self.on_dark else -30)
            canvas[rows, x0:x1] += tone
        elif roll < 0.20:  # the same in a colour of its own, with ink that can be read on it
            block = rng.choice(_BLOCKS)
            canvas[rows, x0:x1] = block
            ink = (255, 255, 255) if sum(block) < 380 else (0, 0, 0)
            near = np.abs(self.ink[0, x0:x1].sum(-1) - sum(block)) < 170
            self.ink[0, x0:x1][near] = ink
        elif roll < 0.215:  # another pane begins behind the line
            edge = min(w, round(box.right + rng.uniform(1, 6)))
            canvas[:, edge:] = rng.choice(_DARK + _LIGHT)
        canvas = np.clip(canvas, 0, 255)
        under = canvas[round((box.top + box.bottom) / 2) % height]
        weak = np.abs((self.ink[0] - under) @ _LUMA) < _FAINTEST
        self.ink[0][weak] = np.where(under[weak] @ _LUMA < 127, 235, 20)[:, None]
        return canvas

    def _span(self) -> tuple[int, int]:
        """Columns between two characters' edges, often to an end of the picture."""
        rng = self.rng
        a, b = sorted((rng.choice(self.starts), rng.choice(self.starts)))
        x0 = 0 if rng.random() < 0.4 else round(a - rng.uniform(0, 3))
        x1 = self.width if rng.random() < 0.4 else round(b + rng.uniform(0, 3))
        return max(0, x0), max(x0 + 3, x1)


def _reverse(rng: Random, canvas: NDArray[np.float32], ink: NDArray[np.float32], starts: list[float], box: _LineBox) -> None:
    """Paper and ink change places: under a block cursor, or from a column on as in a terminal's status line."""
    first = rng.randrange(max(1, len(starts) - 1))
    last = first + 1 if rng.random() < 0.7 else len(starts) - 1
    x0, x1 = round(starts[first]), round(starts[last])
    rows = slice(max(0, round(box.top) - 1), round(box.bottom) + 1)
    if x1 <= x0:
        return
    paper = canvas[rows, x0:x1].mean(0)
    canvas[rows, x0:x1] = ink[0, x0:x1].mean(0)
    ink[0, x0:x1] = paper


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


def _segmented(rng: Random, box: _LineBox, factor: float, shape: tuple[int, ...], growth: SegmenterConfig) -> Box:
    """The box as the segmenter gives it: ink with about a pixel of slack, low lines grown to the usual height of their screen.
    The ranges are those between its boxes and the ink of 929 lines on rendered screens, plain, after JPEG and with palettes.
    """
    slack = 1.6 if rng.random() < 0.93 else 7.0  # ringing, specks and ends of rules belong to the box
    x = box.left * factor - rng.uniform(-0.3, slack)
    right = min(shape[1], box.right * factor + rng.uniform(-0.3, slack))
    top = box.top * factor - rng.uniform(-0.5, 1.0)
    bottom = box.bottom * factor + rng.uniform(-0.5, 1.0)
    height = max(2.0, bottom - top)
    if rng.random() < 0.12:  # joined with something taller: an icon, a mark, larger text
        above, below = rng.uniform(0, 0.5) * height, rng.uniform(0, 0.5) * height
        top, height = top - above, height + above + below
    usual = box.usual_height * factor * (rng.uniform(0.8, 1.12) if rng.random() < 0.6 else rng.uniform(0.7, 1.75))
    if right - x > growth.long_line * height:
        usual = min(usual, growth.most_growth * height)
    if height < growth.grow_below * usual:
        top -= (usual - height) / 2
        height = usual
    return Box(max(0.0, x), top, max(3.0, right - x), height)


def main() -> None:
    """Writes a contact sheet of training samples."""
    rng = Random(1)
    maker = LineMaker('train', LineText('train', ROOT.parent, 400), CropConfig(), LineConfig())
    sheet = Image.new('L', (980, 34 * 36), 255)
    for row, sample in enumerate(maker.samples(rng, 36)):
        sheet.paste(Image.fromarray((127.5 * (sample.crop + 1)).astype(np.uint8)), (0, row * 34))
        for centre in sample.centres:
            sheet.putpixel((max(0, min(979, round(centre))), row * 34 + 32), 0)
        print(row, repr(sample.text))
    sheet.save(sys.argv[1])


if __name__ == '__main__':
    main()
