"""What happens to drawn lines on their way into a video: overlays, resizing, compression, palettes, blur.

H.264 is the real encoder: lines are laid out on sheets, each a frame of one short video, because starting an encoder for
every line would cost more than training on it.
"""

from __future__ import annotations

import io
import subprocess
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Rgb = NDArray[np.uint8]  # (H, W, 3)
Colour = tuple[int, int, int]
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom

_FILTERS = (
    Image.Resampling.BILINEAR,
    Image.Resampling.BICUBIC,
    Image.Resampling.BOX,
    Image.Resampling.LANCZOS,
    Image.Resampling.HAMMING,
)
_SHEET = (1280, 720)


def decorate(rng: Random, image: Image.Image, box: Rectangle, colour: Colour, is_interface: bool) -> None:
    """Underlines, squiggles, cursors, frames and pointers, as editors and desktops put them on lines."""
    left, top, right, bottom = box
    pen = ImageDraw.Draw(image)
    kind = rng.random()
    if kind < 0.05:  # link or tab underline
        y = bottom + rng.uniform(0, 2)
        pen.line((left, y, rng.uniform(left, right), y), fill=colour)
    elif kind < 0.10:  # error squiggle
        start = rng.uniform(left, right)
        zigzag = [(start + k * 2, bottom + 1 + k % 2 * 2) for k in range(rng.randint(6, 40))]
        pen.line(zigzag, fill=colour)
    elif kind < 0.15:  # text cursor
        x = round(rng.uniform(left, right + 3))
        pen.rectangle((x, top - 2, x + rng.randint(0, 1), bottom + 2), fill=colour)
    elif kind < (0.24 if is_interface else 0.18):  # frame of a field, button or matching bracket
        grow = rng.uniform(2, 5)
        x0 = left - grow if rng.random() < 0.6 else rng.uniform(left, right)
        pen.rectangle((x0, top - grow, max(x0, right + rng.uniform(2, 12)), bottom + grow), outline=colour)
    elif kind < 0.27:
        pointer(rng, pen, rng.uniform(left, right), rng.uniform(top - 4, bottom), rng.uniform(9, 19))


def pointer(rng: Random, pen: ImageDraw.ImageDraw, x: float, y: float, size: float) -> None:
    """A mouse arrow with its tip at x, y, or the beam over text."""
    light, dark = (255, 255, 255), (0, 0, 0)
    fill, edge = (light, dark) if rng.random() < 0.6 else (dark, light)
    if rng.random() < 0.3:
        pen.line((x, y - size / 2, x, y + size / 2), fill=fill)
        for end in (y - size / 2, y + size / 2):
            pen.line((x - 2, end, x + 2, end), fill=fill)
        return
    outline = ((0, 0), (0, 1), (0.23, 0.78), (0.4, 1.15), (0.56, 1.08), (0.4, 0.72), (0.7, 0.7))
    pen.polygon([(x + dx * size * 0.85, y + dy * size * 0.85) for dx, dy in outline], fill=fill, outline=edge)


def resize(rng: Random, image: Image.Image, line_height: float, smallest: float) -> tuple[Image.Image, float]:
    """Half of the pictures at another size, no line lower than `smallest` pixels. -> picture, its scale"""
    if rng.random() < 0.5:
        return image, 1.0
    low = min(1.0, max(0.5, smallest / line_height))
    factor = rng.uniform(low, 1.0) if rng.random() < 0.65 else rng.uniform(1.0, 1.8)
    width, height = max(8, round(image.width * factor)), max(8, round(image.height * factor))
    return image.resize((width, height), rng.choice(_FILTERS)), factor


def spoil(rng: Random, image: Image.Image) -> Rgb:
    """JPEG as in web pictures and motion JPEG, palettes with and without dithering as in GIFs, blur, noise."""
    if rng.random() < 0.1:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.8)))
    damage = rng.random()
    if damage < 0.25:
        stream = io.BytesIO()
        image.save(stream, 'JPEG', quality=rng.randint(22, 90), subsampling=rng.choice((0, 2, 2)))
        image = Image.open(stream).convert('RGB')
    elif damage < 0.55:
        palette = image.quantize(rng.choice((16, 32, 64, 128, 256, 256)), method=Image.Quantize.FASTOCTREE)
        dithering = rng.choice((Image.Dither.NONE, Image.Dither.FLOYDSTEINBERG))
        image = image.quantize(palette=palette, dither=dithering).convert('RGB')
    rgb = np.asarray(image, dtype=np.uint8)
    if rng.random() < 0.1:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(1, 6), rgb.shape)
        rgb = np.clip(rgb + noise, 0, 255).astype(np.uint8)
    return rgb


def through_h264(rng: Random, pictures: list[Image.Image]) -> list[Rgb]:
    """The pictures after H.264 with 4:2:0 colours at a quality of screen recordings. Needs the program ffmpeg."""
    sheets, places = _lay_out(pictures)
    raw = b''.join(sheet.tobytes() for sheet in sheets)
    form = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', f'{_SHEET[0]}x{_SHEET[1]}']
    preset, quality = rng.choice(('superfast', 'veryfast')), rng.randint(20, 34)
    codec = f'-c:v libx264 -preset {preset} -crf {quality} -pix_fmt yuv420p -threads 1'.split()
    coded = _ffmpeg([*form, '-r', '10', '-i', '-', *codec, '-f', 'matroska', '-'], raw)
    decoded = _ffmpeg(['-i', '-', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], coded)
    frames = np.frombuffer(decoded, dtype=np.uint8).reshape(-1, _SHEET[1], _SHEET[0], 3)
    return [frames[sheet, y : y + image.height, x : x + image.width] for image, (sheet, x, y) in zip(pictures, places, strict=True)]


def _ffmpeg(arguments: list[str], data: bytes) -> bytes:
    command = ['ffmpeg', '-hide_banner', '-loglevel', 'error', '-threads', '1', *arguments]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def _lay_out(pictures: list[Image.Image]) -> tuple[list[Image.Image], list[tuple[int, int, int]]]:
    """Pictures in rows on as many sheets as they need. Raises ValueError for one larger than a sheet. -> sheets, (sheet, x, y) of each picture"""
    width, height = _SHEET
    sheets: list[Image.Image] = []
    places: list[tuple[int, int, int]] = []
    x = y = row = 0
    for image in pictures:
        if image.width > width or image.height > height:
            raise ValueError(f'a picture of {image.width} x {image.height} pixels does not fit on a sheet of {width} x {height}')
        if x + image.width > width:
            x, y, row = 0, y + row, 0
        if not sheets or y + image.height > height:
            sheets.append(Image.new('RGB', _SHEET))
            x = y = row = 0
        sheets[-1].paste(image, (x, y))
        places.append((len(sheets) - 1, x, y))
        x, row = x + image.width, max(row, image.height)
    return sheets, places
