"""Parts of recorded videos as recordings of their own: most screencasts show a piece of the desktop.

    python -m training.parts .runs/recorded [--each 2]     # videos and events, beside the whole ones; then `codealong bench frames` of them all

What happens stays the same; steps of which the part shows nothing new are not told (`Recorded.shows_part`).
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
from pathlib import Path

SHARES = (0.45, 0.95)  # of the width and of the height that a part shows
SCALES = (0.75, 1.0, 1.0, 1.25)
QUALITIES = (20, 25, 30)  # of H.264, from good to poor


def even(pixels: float) -> int:
    """A size that H.264 takes."""
    return 2 * round(pixels / 2)


def is_part(events: Path) -> bool:
    return bool(json.loads(events.read_text()).get('isPart', False))


def write_part(events: Path, number: int) -> None:
    """One part of a recording, beside it: VIDEO-partN.mp4 and its events."""
    folder = events.parent
    told = json.loads(events.read_text())
    rng = random.Random(f'{told["video"]}/{number}')
    width, height = (even(rng.uniform(*SHARES) * told[side]) for side in ('width', 'height'))
    left, top = (rng.choice((0, rng.uniform(0, 1), 1)) * (told[side] - size) for side, size in (('width', width), ('height', height)))
    scale = rng.choice(SCALES)
    name = f'{Path(told["video"]).stem}-part{number}.mp4'
    looks = f'crop={width}:{height}:{int(left)}:{int(top)},scale={even(width * scale)}:{even(height * scale)}:flags=lanczos'
    source = folder / told['video']
    encoding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', str(rng.choice(QUALITIES)), '-pix_fmt', 'yuv420p']
    subprocess.run(['ffmpeg', '-loglevel', 'error', '-y', '-i', str(source), '-vf', looks, '-an', *encoding, str(folder / name)], check=True)
    part = {**told, 'video': name, 'width': even(width * scale), 'height': even(height * scale), 'isPart': True}
    (folder / f'{Path(name).stem}.events.json').write_text(json.dumps(part, indent=2) + '\n')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('recordings', type=Path)
    parser.add_argument('--each', type=int, default=2)
    options = parser.parse_args()
    for events in sorted(options.recordings.glob('*.events.json')):
        for number in range(0 if is_part(events) else options.each):
            write_part(events, number)


if __name__ == '__main__':
    main()
