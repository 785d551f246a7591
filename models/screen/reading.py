"""The simulated reader: what a frame's lines read as, and which of them are given to the decoder as new text.

`ScreenTextTracker` is the reference of the emission rule; the daemon's text reader mirrors it (test/golden/screenText.json holds cases for both).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config import ScreenTextConfig, StreamConfig
from screen.view import Line, ScreenLine
from text.ascii import FOLDED

LOOK_ALIKES: dict[str, str] = {
    'l': '1I', '1': 'lI', 'I': 'l1', 'i': 'lj', 'O': '0Q', '0': 'O', 'o': 'ce', '.': ',', ',': '.', ':': ';', ';': ':', '-': '_', "'": '`"', '`': "'", '"': "'",
    'a': 'o', 'e': 'c', 'c': 'e', 't': 'f', 'f': 't', '(': '[{', ')': ']}', '{': '(', '}': ')', '[': '(', ']': ')', 'S': '5', '5': 'S', 'g': 'q', 'q': 'g', 'B': '8', '8': 'B',
    'C': 'c', 'u': 'v', 'v': 'u', 'n': 'h', 'h': 'b', 'Z': '2', '&': '6', '/': 'l', '|': 'l',
}  # fmt: skip
ICON_REGIONS = frozenset(('tree', 'tabs', 'dialog', 'statusBar', 'breadcrumbs', 'popup'))  # whose lines stand beside icons
ICON_RATES = (0.0, 0.0, 0.05, 0.2, 0.5)  # of those lines, drawn per reader: compression decides whether an icon is taken for a letter
ICONS_BEFORE = ('#', '=', '>', 'v', 'do', 'm', 'TS', 'JS', 'J', 'U', 'O', 'oo', '()', '(', '@', 'i', '0', 'x', '$')  # of files, folders, messages, marks
ICONS_BEHIND = ('x', 'X', 'o', 'O', '.', '>')  # that close a tab, mark it unsaved, unfold
NARROW_SHARE = 0.15  # of the videos have a side bar too narrow for its names
JUNK = ('o', 'x', 'X', 'O', 'oo', 'v', 'Q', 'C', '0', 'B', 'L', 'D', 'oc')  # what icons read as


# --- emission rule ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Track:
    """A line on screen, followed from frame to frame."""

    text: str
    x: float  # centre
    y: float
    stable: int = 1  # consecutive frames with this reading at this place
    missing: int = 0  # consecutive frames without it
    is_emitted: bool = False


class ScreenTextTracker:
    """Decides which lines of a frame are new text.

    A line is emitted once, on the frame where its text was read in `stable_frames` consecutive frames at the same place. A line that moved
    keeps its history (scrolled text is not new); one missing for `gone_frames` frames is forgotten. Two lines with the same text are two lines.
    """

    def __init__(self, config: ScreenTextConfig | None = None, stream: StreamConfig | None = None) -> None:
        self.config = config or ScreenTextConfig()
        self.stream = stream or StreamConfig()
        self._tracks: list[_Track] = []

    def process(self, lines: Iterable[Line]) -> list[str]:
        """Texts that are new with this frame, top to bottom then left to right, limited in number and length."""
        return [line.text for line in self.emit(lines)]

    def emit(self, lines: Iterable[Line]) -> list[ScreenLine]:
        """The same with the region of each."""
        free: dict[str, list[_Track]] = {}
        for track in self._tracks:
            free.setdefault(track.text, []).append(track)
        tracks: list[_Track] = []
        emitted: list[Line] = []
        unplaced: list[Line] = []

        def keep(track: _Track, line: Line) -> None:
            track.missing = 0
            tracks.append(track)
            if track.stable >= self.config.stable_frames and not track.is_emitted:
                track.is_emitted = True
                emitted.append(line)

        for line in lines:
            if not is_text(line.text):
                continue
            placed = self._at_same_place(free.get(line.text), line)
            if placed is None:
                unplaced.append(line)
                continue
            placed.stable = placed.stable + 1 if placed.missing == 0 else 1
            keep(placed, line)
        for line in unplaced:
            x, y = line.x + line.width / 2, line.y + line.height / 2
            candidates = free.get(line.text)
            moved = candidates.pop(0) if candidates else _Track(line.text, x, y)
            moved.x, moved.y, moved.stable = x, y, 1
            keep(moved, line)
        for unseen in free.values():
            for lost in unseen:
                lost.missing += 1
                if lost.missing < self.config.gone_frames:
                    tracks.append(lost)
        self._tracks = tracks
        return self._limit(reading_order(emitted, self.config.row_heights))

    def _at_same_place(self, candidates: list[_Track] | None, line: Line) -> _Track | None:
        if not candidates:
            return None
        x, y = line.x + line.width / 2, line.y + line.height / 2
        reach = self.config.same_place_heights * line.height
        for index, track in enumerate(candidates):
            if abs(track.x - x) < reach and abs(track.y - y) < reach:
                return candidates.pop(index)
        return None

    def _limit(self, lines: list[Line]) -> list[ScreenLine]:
        limits = self.stream
        if len(lines) > limits.max_lines:
            lines = lines[: limits.head_lines] + lines[limits.head_lines - limits.max_lines :]
        return [ScreenLine(line.region, line.text[: limits.max_line_chars]) for line in lines]


def is_text(text: str) -> bool:
    """Whether it has a letter or digit; the rest are marks and icons."""
    return any(char.isalnum() for char in text)


def reading_order(lines: Sequence[Line], row_heights: float) -> list[Line]:
    """Rows from top to bottom, each from left to right. A row is begun by its topmost line; lines whose centre is within `row_heights` line heights of it belong to it."""
    rest = sorted(lines, key=lambda line: (line.y + line.height / 2, line.x))
    ordered: list[Line] = []
    while rest:
        first = rest[0]
        limit = first.y + first.height / 2 + row_heights * first.height
        row = [line for line in rest if line.y + line.height / 2 < limit]
        ordered += sorted(row, key=lambda line: line.x)
        rest = rest[len(row) :]
    return ordered


# --- reading errors ----------------------------------------------------------------------------------------------------


def misread(text: str, rng: random.Random, character_error_rate: float) -> str:
    """The text with reading errors, most of them look-alikes."""
    out: list[str] = []
    for char in text:
        if char == ' ' or rng.random() >= character_error_rate:
            out.append(char)
            continue
        roll = rng.random()
        if char == 'm' and roll < 0.3:
            out.append('rn')
        elif char == '_' and roll < 0.6:
            out.append(' ' if roll < 0.3 else '')
        elif roll < 0.65:
            out.append(rng.choice(LOOK_ALIKES.get(char) or 'abcdefghijklmnopqrstuvwxyz._1'))
        elif roll < 0.85:
            pass
        else:
            out.append(char + rng.choice("il.,' "))
    return ''.join(out)


def beside_icon(text: str, region: str, rng: random.Random) -> str:
    """The line with an icon beside it taken for letters: behind the name of a tab, elsewhere mostly before the line."""
    gap = rng.choice(('', ' '))
    if rng.random() < (0.7 if region == 'tabs' else 0.15):
        return f'{text}{gap}{rng.choice(ICONS_BEHIND)}'
    return f'{rng.choice(ICONS_BEFORE)}{gap}{text}'


class Reader:
    """A reader with errors. The same line at the same place always reads the same, as it does for a real one on an unchanged picture."""

    def __init__(self, seed: int, character_error_rate: float, miss_rate: float) -> None:
        self.seed = seed
        self.character_error_rate = character_error_rate
        self.miss_rate = miss_rate
        habits = random.Random(f'{seed}/habits')
        is_faultless = character_error_rate <= 0 and miss_rate <= 0
        self.icon_rate = 0.0 if is_faultless else habits.choice(ICON_RATES)
        self.tree_chars = habits.randint(7, 22) if not is_faultless and habits.random() < NARROW_SHARE else 0
        self._groups: dict[int, tuple[tuple[Line, ...], list[Line]]] = {}
        self._lines: dict[Line, tuple[Line, ...]] = {}

    def read(self, groups: Iterable[tuple[Line, ...]]) -> list[Line]:
        """What is read of a frame, given as the lines of each of its regions (`TextLayout.groups`)."""
        found: list[Line] = []
        for group in groups:
            known = self._groups.get(id(group))
            if known is None:  # holds the group, so that its id stays taken
                known = self._groups[id(group)] = (group, [reading for line in group for reading in self._read_once(line)])
            found += known[1]
        return found

    def _read_once(self, line: Line) -> tuple[Line, ...]:
        reading = self._lines.get(line)
        if reading is None:
            reading = self._lines[line] = self._read(line)
        return reading

    def _read(self, line: Line) -> tuple[Line, ...]:
        text = ''.join(FOLDED.get(char, char) for char in line.text).encode('ascii', 'ignore').decode().strip()
        rate = self.character_error_rate
        if not text or not is_text(text):
            return ()
        if rate <= 0 and self.miss_rate <= 0:
            return (Line(text, line.x, line.y, line.width, line.height, line.region),)
        place = random.Random(f'{self.seed}/{line.text}/{line.x}/{line.y}')
        rng = place if place.random() < 0.12 else random.Random(f'{self.seed}/{line.text}')  # moved text mostly reads the same
        if rng.random() < self.miss_rate:
            return ()
        if line.region == 'tree' and 0 < self.tree_chars < len(text):
            text = text[: self.tree_chars].rstrip() + rng.choice(('...', '...', '..', '.'))
        text = misread(text, rng, rate)
        if line.region in ICON_REGIONS and rng.random() < self.icon_rate:
            text = beside_icon(text, line.region, rng)
        elif rng.random() < 0.004:
            text = f'{rng.choice(JUNK)} {text}'
        if not text or not is_text(text):
            return ()
        if rng.random() < 0.006 and ' ' in text:  # split at a space
            left, right = text.split(' ', 1)
            middle = line.width * (len(left) + 1) // (len(text) + 1)
            return (
                Line(left, line.x, line.y, middle, line.height, line.region),
                Line(right, line.x + middle, line.y, line.width - middle, line.height, line.region),
            )
        return (Line(text, line.x, line.y, line.width, line.height, line.region),)
