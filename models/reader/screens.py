"""Painted screens with the region of each of their lines: what the region classifier learns from.

    python -m reader.screens 12            # .runs/regions/train-000.mp4 … with truth; a video that is there is kept
    python -m reader.screens 2 --split test
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import TypedDict

from PIL import Image

from config import RUNS, DecoderTrainConfig
from screen.render import Painter, visible_lines
from screen.video import h264_video
from text.vocabulary import Split
from world import simulation

FOLDER = RUNS / 'regions'
SCREENS = 200  # of a video
FRAME_RATE_FPS = 2
VIEWS = 2  # of a session at most
SIZES = ((854, 480), (960, 540), (1280, 720), (1280, 720), (1280, 720), (1366, 768), (1600, 900), (1920, 1080))
QUALITIES = (18, 23, 28, 33)  # of H.264, from good to poor
SEED = 20_000_000  # sessions of screens use seeds from here on


class PaintedLine(TypedDict):
    """Box: x, y, width, height in pixels of the video."""

    text: str
    region: str
    box: tuple[int, int, int, int]


def write_screens(name: str, seed: int, split: Split, folder: Path = FOLDER) -> None:
    """A video of SCREENS unlike screens, one each half second, and NAME.json: for each the lines as text, box in pixels of the video, and region.

    Size and quality are those of the video; styles are held out where the split is.
    """
    rng = random.Random(f'screens-{split}-{seed}')
    (width, height), quality = rng.choice(SIZES), rng.choice(QUALITIES)
    truth: list[list[PaintedLine]] = []
    session_seed = SEED + 1000 * seed
    with h264_video(folder / f'{name}.mp4', (width, height), FRAME_RATE_FPS, quality) as video:
        while len(truth) < SCREENS:
            session_seed += 1
            session = simulation.make_session(session_seed, split, 12, 40, mode='quiet', is_held_out_style=split == 'test')
            session = simulation.partly_shown(session, rng, DecoderTrainConfig.part_fraction)
            painter = Painter(session.style)
            views = [view for i, view in enumerate(session.frames) if i == 0 or view is not session.frames[i - 1]]
            for view in rng.sample(views, min(VIEWS, len(views), SCREENS - len(truth))):
                picture = painter.draw(view).convert('RGB')
                across, down = width / picture.width, height / picture.height
                video.write(picture.resize((width, height), Image.Resampling.LANCZOS).tobytes())
                truth.append([
                    {'text': line.text, 'region': line.region, 'box': (round(line.x * across), round(line.y * down), round(line.width * across), round(line.height * down))}
                    for line in visible_lines(view, session.style)
                ])  # fmt: skip
    (folder / f'{name}.json').write_text(json.dumps({'width': width, 'height': height, 'quality': quality, 'screens': truth}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('videos', type=int)
    parser.add_argument('--split', choices=('train', 'test'), default='train')
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for seed in range(options.videos):
        name = f'{options.split}-{seed:03d}'
        if not (FOLDER / f'{name}.json').exists():
            write_screens(name, seed, options.split)
            print(name, flush=True)


if __name__ == '__main__':
    main()
