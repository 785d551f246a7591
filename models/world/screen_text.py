"""What of a simulated session reaches the decoder as text: the lines that are new with each frame, read with errors."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from config import REGIONS, ROOT
from screen.layout import TextLayout
from screen.reading import Reader, ScreenTextTracker, is_text, misread
from screen.view import Line, ScreenLine
from world.session import Session

MISTAKES: dict[str, dict[str, int]] = json.loads((ROOT / 'reader' / 'region_mistakes.json').read_text())  # of true regions: how often each was told
LONE_MISTAKES = 0.06  # share of the lines that are taken for another region, each for itself


def deltas(
    session: Session, rng: random.Random, character_error_rate: float, miss_rate: float, unrest: float = 0.0, mistaken: float = 0.1
) -> list[list[ScreenLine]]:
    """Per frame of the session, the lines newly given to the decoder. `rng` only chooses the reader's errors.

    `unrest` is the share of frames on which something that has long been there is given once more, read otherwise: compression, a caret, a pointer, a
    selection that moves over a line. `mistaken` is the share of the regions that are called otherwise throughout the video.
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
    if called and rng.random() < LONE_MISTAKES:  # `called` is empty for a reader without faults
        return _mistaken_for(rng, region)
    return called.get(region, region)


def mistaken_regions(rng: random.Random, share: float) -> dict[str, str]:
    """What the region classifier calls the regions of one video: some are taken for another throughout."""
    return {region: _mistaken_for(rng, region) if rng.random() < share else region for region in REGIONS}


def _mistaken_for(rng: random.Random, region: str) -> str:
    """Another region, as often as the classifier takes this one for it (`python -m reader.regions evaluate`), or any."""
    told = MISTAKES.get(region)
    if not told or rng.random() < 0.25:
        return rng.choice(REGIONS)
    return rng.choices(list(told), list(told.values()))[0]
