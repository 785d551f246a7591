"""Fonts and their metrics; files, packages and licences are listed in fonts.json.

    python -m screen.fonts install  # the npm families of the list into .cache/fonts (git-ignored); Debian's come with apt

`fonts` of the list are files of Debian packages, `families` are npm packages of which some styles are used. No font
file is part of this repository.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, TypedDict, cast

from PIL import Image, ImageDraw, ImageFont

from config import ROOT

LIST = Path(__file__).parent / 'fonts.json'
NPM_ROOT = ROOT / '.cache' / 'fonts'
FREE_LICENCES = frozenset({'OFL-1.0', 'OFL-1.1', 'Apache-2.0', 'Bitstream-Vera'})
FALLBACK = 'DejaVuSansMono.ttf'  # has the arrows, ticks and box lines that code fonts lack


Kind = Literal['mono', 'ui', 'serif', 'icons']


class Family(TypedDict):
    """An npm package of one design; `styles` are the weights and slants of it that are drawn."""

    package: str
    version: str
    licence: str
    kind: Kind
    split: Literal['train', 'test']
    styles: list[str]


@dataclass(frozen=True, slots=True)
class FontFile:
    """One file to draw with. `design` is equal for all weights of a family; `is_regular` marks its upright text weight."""

    file: Path
    kind: Kind
    split: Literal['train', 'test']
    design: str
    is_regular: bool


@cache
def installed() -> tuple[FontFile, ...]:
    """Every listed font that is on this machine, Debian's and npm's."""
    content = json.loads(LIST.read_text())
    found: list[FontFile] = []
    for entry in content['fonts']:
        file = Path(entry['file'])
        design = file.name.replace(' ', '-').replace('.', '-').split('-')[0]
        is_regular = not any(word in file.stem for word in ('Bold', 'Light', 'Italic', 'Oblique', 'Medium', 'Semi'))
        found.append(FontFile(file, entry['kind'], entry.get('split', 'train'), design, is_regular))
    for family in families():
        name = family['package'].split('/')[1]
        folder = NPM_ROOT / 'node_modules' / family['package'] / 'files'
        for style in family['styles']:
            file = folder / f'{name}-latin-{style}.woff'
            found.append(FontFile(file, family['kind'], family['split'], name, style == '400-normal'))
    return tuple(font for font in found if font.file.exists())


def families() -> list[Family]:
    """The npm packages of the list."""
    return cast(list[Family], json.loads(LIST.read_text())['families'])


def install() -> None:
    """Fetches the npm families with npm, exact versions, no scripts. Raises ValueError when a package states another licence than the list."""
    NPM_ROOT.mkdir(parents=True, exist_ok=True)
    (NPM_ROOT / 'package.json').write_text('{"private": true}\n')
    wanted = [f'{family["package"]}@{family["version"]}' for family in families()]
    options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--prefix', str(NPM_ROOT)]
    subprocess.run(['npm', 'install', *options, *wanted], check=True)
    for family in families():
        stated = json.loads((NPM_ROOT / 'node_modules' / family['package'] / 'package.json').read_text())['license']
        if stated != family['licence'] or stated not in FREE_LICENCES:
            raise ValueError(f'{family["package"]} is under {stated}, the list says {family["licence"]}')


@cache
def listed() -> dict[str, dict[str, str]]:
    """The entries of fonts.json by file name."""
    fonts = json.loads(LIST.read_text())['fonts']
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


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=('install',))
    parser.parse_args()
    install()


if __name__ == '__main__':
    main()
