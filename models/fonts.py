"""Fonts and their metrics; files and licences are listed in fonts.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FALLBACK = 'DejaVuSansMono.ttf'  # has the arrows, ticks and box lines that code fonts lack


@cache
def listed() -> dict[str, dict[str, str]]:
    """The entries of fonts.json by file name."""
    fonts = json.loads((Path(__file__).parent / 'fonts.json').read_text())['fonts']
    return {Path(font['file']).name: font for font in fonts}


@dataclass(slots=True)
class Font:
    """One font at one size in pixels, with advance widths without kerning."""

    file: str
    px: int
    image_font: ImageFont.FreeTypeFont
    ascent: int  # baseline below the top at which text is drawn
    ink_top: int  # where the ink of a tall letter begins
    ink_height: int  # of a line with tall letters and descenders
    pitch: float  # advance of every character of a monospaced font; 0 for others
    advances: dict[str, float] = field(default_factory=dict)
    glyphs: dict[str, tuple[Image.Image, int, int]] = field(default_factory=dict)

    def width(self, text: str) -> float:
        """Width of a text in pixels."""
        if self.pitch:
            return self.pitch * len(text)
        advances = self.advances
        total = 0.0
        for char in text:
            advance = advances.get(char)
            if advance is None:
                advance = advances[char] = self.image_font.getlength(char if char.isascii() else 'm')
            total += advance
        return total


    def glyph(self, char: str) -> tuple[Image.Image, int, int]:
        """(mask, left, top) of one character; signs the font lacks come from the fallback. Rasterising is what painting costs, so it is done once."""
        known = self.glyphs.get(char)
        if known is None:
            font = self if char.isascii() else load(FALLBACK, self.px)
            left, top, right, bottom = (int(edge) for edge in font.image_font.getbbox(char))
            mask = Image.new('L', (max(1, right - left), max(1, bottom - top)))
            ImageDraw.Draw(mask).text((-left, -top), char, fill=255, font=font.image_font)
            known = self.glyphs[char] = (mask, left, top + self.ascent - font.ascent)
        return known


@cache
def load(file: str, px: int) -> Font:
    """A font of fonts.json. Raises FileNotFoundError with the package to install when it is missing."""
    entry = listed()[file]
    path = entry['file']
    if not Path(path).exists():
        raise FileNotFoundError(f'{path} is missing; install the package named for it in models/fonts.json')
    image_font = ImageFont.truetype(path, px, layout_engine=ImageFont.Layout.BASIC)
    box = image_font.getbbox('Hbdlgjp(|')
    pitch = image_font.getlength('m') if entry['kind'] == 'mono' else 0.0
    return Font(file, px, image_font, image_font.getmetrics()[0], int(box[1]), int(box[3] - box[1]), pitch)
