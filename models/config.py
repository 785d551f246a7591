"""Every knob of the project's models, as dataclasses. One section per room; the command line of train.py is derived from them."""

from __future__ import annotations

from dataclasses import dataclass

# --- Simulated screen and vision encoder (world.py, render.py, screen.py, vision.py) ------------------------------------


@dataclass(frozen=True)
class ScreenTextConfig:
    """The rule by which lines that are read become text for the decoder; the manifest carries the same numbers."""

    stable_frames: int = 2  # consecutive frames with the same reading at the same place
    same_place_heights: float = 0.6  # centre may move this many line heights
    gone_frames: int = 2  # missing for this many frames = gone; back again = new
    row_heights: float = 0.5  # centres closer than this share a row
    max_lines: int = 12  # per frame
    head_lines: int = 4  # kept from the top when there are too many; the rest is the tail
    max_line_chars: int = 64
    min_confidence: float = 0.5
