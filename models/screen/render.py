"""A view becomes a picture (1280x720), or the lines of text that picture shows."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import cache, lru_cache

from PIL import Image, ImageDraw

from screen import parts
from screen.canvas import HEIGHT, WIDTH, Box, Look
from screen.fonts import Font
from screen.layout import Region, TextLayout, regions
from screen.style import Colour, Theme
from screen.view import WHOLE, Line, Style, View

KEYWORDS = frozenset(
    ["def", "class", "import", "from", "function", "export", "async", "await", "const", "return", "func", "fn", "let", "use", "struct", "type", "if", "for", "in", "with", "as", "raise", "throw", "new", "interface", "package", "pub", "mut", "impl", "var", "err", "nil", "None", "True", "False", "true", "false", "null", "self", "this", "not", "and", "or", "else", "while", "try", "except", "SELECT", "FROM", "WHERE"]
)
TOKEN = re.compile(r"""(?P<comment>#.*|//.*)|(?P<string>"[^"]*"?|'[^']*'?|`[^`]*`?)|(?P<word>[A-Za-z_]\w*)|(?P<number>\d[\d.]*)|(?P<other>[^\w\s"'`]+)""")


@cache
def highlight(text: str) -> tuple[tuple[int, str, str], ...]:
    """(column, token, class) of a line of code; the class is a field of `Theme`."""
    tokens = []
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or 'other'
        if kind == 'word':
            kind = 'keyword' if match[0] in KEYWORDS else 'text'
        tokens.append((match.start(), match[0], {'comment': 'dim', 'number': 'string', 'other': 'text'}.get(kind, kind)))
    return tuple(tokens)


class ImageCanvas:
    """Draws one region into a picture of its size."""

    def __init__(self, box: Box) -> None:
        self.left, self.top = box[0], box[1]
        self.image = Image.new('RGB', (max(1, box[2] - box[0]), max(1, box[3] - box[1])))
        self._draw = ImageDraw.Draw(self.image)

    def _inside(self, box: Box) -> Box:
        """The box in the region's own pixels; right and bottom exclusive become inclusive, as PIL wants them."""
        left, top = box[0] - self.left, box[1] - self.top
        return (left, top, max(left, box[2] - self.left - 1), max(top, box[3] - self.top - 1))

    def rectangle(self, box: Box, fill: Colour, outline: Colour | None = None) -> None:
        self._draw.rectangle(self._inside(box), fill=fill, outline=outline)

    def ellipse(self, box: Box, fill: Colour) -> None:
        self._draw.ellipse(self._inside(box), fill=fill)

    def text(self, x: float, y: float, text: str, font: Font, colour: Colour) -> None:
        x, top = x - self.left, round(y) - self.top
        paste = self.image.paste
        for char in text:
            if char != ' ':
                mask, left, above = font.glyph(char)
                paste(colour, (round(x) + left, top + above), mask)
            x += font.width(char)

    def code(self, x: float, y: float, text: str, font: Font, theme: Theme) -> None:
        advance = font.width('m')
        for column, token, kind in highlight(text):
            self.text(x + column * advance, y, token, font, getattr(theme, kind))


class Painter:
    """Paints the views of one style; regions that did not change are pasted from a cache."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self._tiles: dict[Hashable, Image.Image] = {}
        self._masks: dict[tuple[int, int], Image.Image] = {}

    def draw(self, view: View) -> Image.Image:
        """The picture of a view, RGB 1280x720."""
        look = Look(self.style, view.is_alternate_theme, view.zoom)
        picture = Image.new('RGB', (WIDTH, HEIGHT))
        for region in regions(view, look):
            mask = self._round_mask(region) if region.paint is parts.paint_webcam else None
            picture.paste(self._tile(region, look), (region.box[0], region.box[1]), mask)
        return picture if self.style.crop == WHOLE else self._cropped(picture)

    def _cropped(self, picture: Image.Image) -> Image.Image:
        """The part that the video shows, as large as it fits, on black."""
        part = picture.crop(self.style.crop)
        scale = min(WIDTH / part.width, HEIGHT / part.height)
        part = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.BICUBIC)
        whole = Image.new('RGB', (WIDTH, HEIGHT))
        whole.paste(part, ((WIDTH - part.width) // 2, (HEIGHT - part.height) // 2))
        return whole

    def _tile(self, region: Region, look: Look) -> Image.Image:
        key = region.key(look)
        tile = self._tiles.get(key)
        if tile is None:
            canvas = ImageCanvas(region.box)
            region.paint(canvas, look, region.box, *region.arguments)
            if len(self._tiles) > 400:
                self._tiles.clear()
            tile = self._tiles[key] = canvas.image
        return tile

    def _round_mask(self, region: Region) -> Image.Image:
        size = (region.box[2] - region.box[0], region.box[3] - region.box[1])
        if size not in self._masks:
            mask = Image.new('L', size)
            ImageDraw.Draw(mask).ellipse((0, 0, size[0] - 1, size[1] - 1), fill=255)
            self._masks[size] = mask
        return self._masks[size]


@lru_cache(maxsize=4)
def _painter(style: Style) -> Painter:
    return Painter(style)


@lru_cache(maxsize=4)
def _layout(style: Style) -> TextLayout:
    return TextLayout(style)


def draw(view: View, style: Style) -> Image.Image:
    """The picture of a view, RGB 1280x720."""
    return _painter(style).draw(view)


def visible_lines(view: View, style: Style) -> list[Line]:
    """The lines of text that `draw` paints, as a reader sees them."""
    return _layout(style).lines(view)
