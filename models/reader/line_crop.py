"""From a picture and a line's box to the reader's input: the reference for daemon/perception/lineCrop.ts.

Both sides must agree to the last step, or the shipped reader sees other lines than it was trained on;
test/golden/readerCrop.json holds one worked example that both test suites reproduce.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Gray = NDArray[np.uint8]  # (H, W), luma 0..255
Crop = NDArray[np.float32]  # (height, W), about -1..1, paper near 0, ink positive


@dataclass(frozen=True)
class CropConfig:
    """How a line box becomes the network's input. Written into the manifest as it is."""

    height: int = 32
    stride: int = 2  # input columns per output frame; widths are multiples of it
    width_factor: float = 1.3  # widens letters, so that `ll` in a narrow font still spans three frames
    pad_y: float = 0.1  # share of the box height added above and below
    pad_x: float = 4.0  # picture pixels added left and right
    low_percentile: float = 0.005
    high_percentile: float = 0.995
    minimum_contrast: float = 12.0  # of 255; fainter lines are not amplified further
    minimum_width: int = 16


@dataclass(frozen=True)
class SegmenterConfig:
    """How the daemon finds lines; unit h = the usual line height on the screen. @source the reading study, on real clips."""

    gradient_threshold: int = 22  # of 255, largest channel difference across three pixels
    first_gap_px: int = 9
    gap_heights: float = 1.3  # pieces closer than this are one line
    max_stroke_heights: float = 1.9  # longer vertical runs are rules, guides or cursors
    max_stroke_extra_px: int = 4
    min_line_height_px: int = 5
    max_line_height_px: int = 60
    usual_height_percentile: float = 0.7
    grow_below: float = 0.9  # boxes lower than this share of the usual height grow to it
    long_line: float = 16.0  # lines longer than this many of their heights have tall letters, so that
    most_growth: float = 1.25  # they grow no further than this: they are small text, not low letters


@dataclass(frozen=True)
class Box:
    """A line's rectangle in picture pixels; may be fractional and may reach past the picture."""

    x: float
    y: float
    width: float
    height: float


def luma(rgb: NDArray[np.uint8]) -> Gray:
    """Luma as Pillow computes it for mode L, and the daemon in daemon/media/pixels.ts. (H, W, 3) -> (H, W)"""
    r, g, b = (rgb[..., c].astype(np.uint32) for c in range(3))
    return ((19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16).astype(np.uint8)


def scale_of(box: Box, config: CropConfig) -> float:
    """Input columns per picture pixel of this box."""
    return config.height / (box.height * (1 + 2 * config.pad_y)) * config.width_factor


def resample(gray: Gray, box: Box, config: CropConfig) -> Crop:
    """The padded box, resized by a triangle filter; outside the picture its edge pixels repeat. -> (height, W) of 0..255"""
    scale = scale_of(box, config)
    columns = (box.width + 2 * config.pad_x) * scale
    width = max(config.minimum_width, math.ceil(columns / config.stride) * config.stride)
    left, top = box.x - config.pad_x, box.y - config.pad_y * box.height
    right, bottom = left + width / scale, top + box.height * (1 + 2 * config.pad_y)
    margin = 3 + math.ceil((bottom - top) / config.height)  # the filter's reach
    x0, y0 = math.floor(left) - margin, math.floor(top) - margin
    x1, y1 = math.ceil(right) + margin, math.ceil(bottom) + margin
    xs = np.clip(np.arange(x0, x1), 0, gray.shape[1] - 1)
    ys = np.clip(np.arange(y0, y1), 0, gray.shape[0] - 1)
    region = Image.fromarray(gray[np.ix_(ys, xs)].astype(np.float32))
    window = (left - x0, top - y0, right - x0, bottom - y0)
    resized = region.resize((width, config.height), Image.Resampling.BILINEAR, box=window)
    return np.asarray(resized, dtype=np.float32)


def normalise(crop: Crop, config: CropConfig) -> Crop:
    """Paper (the median) becomes 0, ink positive, full contrast 1; clipped to -1..1."""
    histogram = np.bincount(np.clip(crop, 0, 255).astype(np.int32).ravel(), minlength=256)
    cumulated = np.cumsum(histogram)

    def percentile(share: float) -> int:
        return int(np.searchsorted(cumulated, share * crop.size, side='left'))

    paper = percentile(0.5)
    above = percentile(config.high_percentile) - paper
    below = paper - percentile(config.low_percentile)
    contrast = max(above, below, config.minimum_contrast)
    sign = -1.0 if below > above else 1.0
    return np.clip((crop - paper) * (sign / contrast), -1, 1).astype(np.float32)


def crop_line(gray: Gray, box: Box, config: CropConfig) -> Crop:
    """The reader's input for one line. -> (height, W), W a multiple of the stride"""
    return normalise(resample(gray, box, config), config)
