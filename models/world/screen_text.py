"""What of a simulated session reaches the decoder as text: the lines that are new with each frame, read with errors."""

from __future__ import annotations

import random
from collections.abc import Sequence

from config import REGIONS
from screen.layout import TextLayout
from screen.reading import Reader, ScreenTextTracker, is_text, misread
from screen.view import Line, ScreenLine
from world.session import Session


def deltas(
    session: Session, rng: random.Random, character_error_rate: float, miss_rate: float, unrest: float = 0.0, mistaken: float = 0.2
) -> list[list[ScreenLine]]:
    """Per frame of the session, the lines newly given to the decoder. `rng` only chooses the reader's errors.

    `unrest` is the share of frames on which something that has long been there is given once more, read otherwise: compression, a caret, a pointer, a
    selection that moves over a line. `mistaken` is the share of the regions that a reader with faults calls otherwise throughout the video.
    """
    layout = TextLayout(session.style)
    reader = Reader(rng.randrange(2**31), character_error_rate, miss_rate)
    tracker = ScreenTextTracker()
    if session.before is not None:
        for _ in range(tracker.config.stable_frames):
            tracker.process(reader.read(layout.groups(session.before)))
    called = mistaken_regions(rng, mistaken) if miss_rate > 0 else {}
    given: list[list[ScreenLine]] = []
    previous, repeats = None, 0
    lines: list[Line] = []
    for view in session.frames:
        if view is previous:
            repeats += 1
        else:
            lines, repeats = reader.read(layout.groups(view)), 0
            previous = view
        is_settled = repeats >= max(tracker.config.stable_frames, tracker.config.gone_frames)  # nothing can change any more
        new = [] if is_settled else tracker.emit(lines)
        if lines and unrest and rng.random() < unrest:
            new = [*new, *read_anew(rng, lines)]
        given.append([ScreenLine(_called(rng, called, line.region), line.text) for line in new if not is_line_number(line)])
    return given


def is_line_number(line: ScreenLine) -> bool:
    """The numbers beside an editor's lines are no news (the daemon's screenTextTracker.ts)."""
    return line.region == 'editor' and line.text.isdigit()


def read_anew(rng: random.Random, lines: Sequence[Line]) -> list[ScreenLine]:
    """A few lines that stand there, often of one region, with other errors than before, or fragments of them."""
    found = []
    if rng.random() < 0.5:
        region = rng.choice(sorted({line.region for line in lines}))
        lines = [line for line in lines if line.region == region]
    for line in rng.sample(lines, min(len(lines), rng.choice((1, 1, 1, 2, 2, 4, 8)))):
        text = misread(line.text, rng, 0.08)
        if rng.random() < 0.3:
            first = rng.randrange(len(text)) if text else 0
            text = text[first : first + rng.randint(1, 12)].strip()
        if text and text != line.text and is_text(text):
            found.append(ScreenLine(line.region, text))
    return found


def _called(rng: random.Random, called: dict[str, str], region: str) -> str:
    if called and rng.random() < 0.04:  # `called` is empty for a reader without faults
        return rng.choice(REGIONS)
    return called.get(region, region)


def mistaken_regions(rng: random.Random, share: float) -> dict[str, str]:
    """What a reader that knows little of layouts calls some of the regions of one video: mostly 'other'."""
    return {region: 'other' if rng.random() < 0.6 else rng.choice(REGIONS) for region in REGIONS if rng.random() < share}
