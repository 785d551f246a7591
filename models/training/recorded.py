"""Sessions recorded in the real editor → training sequences, as the program itself read them.

    node scripts/recordSessions.mjs 1000 200 models/.runs/recorded        # from the top of the repository: videos and what happens in them
    node dist/cli.js bench frames models/.runs/recorded/*.mp4 > models/.runs/recorded/frames.jsonl
    python -m training.train decoder --resume-pack live-tiny --recorded-folder .runs/recorded --recorded-fraction 0.1 ...

A folder holds NAME.events.json of each video and one frames.jsonl for all. The rows in it are those that the pack's projector gave: they fit the decoder of
that pack, or one that goes on from it with the same encoder.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from config import DecoderTrainConfig, EvaluateConfig, ScreenTextConfig, StreamConfig
from decoder.template import limit_lines
from decoder.tokenizer import Tokenizer
from screen.view import ScreenLine
from training.data import Drawn, Example, encode_session, with_default_instruction
from world import dialogue
from world.narration import DIRECTIONS, shortened
from world.quoting import as_read
from world.session import Event, Mode, Turn
from world.simulation import MODES, turns_from

STREAM = StreamConfig()
FRAMES = 'frames.jsonl'
LATEST = round(EvaluateConfig.late_seconds * STREAM.frame_rate_fps)  # frames in which the names of a step must have been read


@dataclass(frozen=True)
class Recording:
    """What happened in a video, each step with the moment from which on it can be seen."""

    video: str
    seconds: float
    steps: tuple[tuple[float, Event], ...]
    shows_part: bool = False  # of the window (training/parts.py)


@dataclass(slots=True)
class Recorded:
    """A recording as the program gave it to its decoder, with a conversation about it."""

    video: str
    mode: Mode
    frames: list[int]  # which of its pictures each frame shows
    turns: list[Turn]
    events: list[tuple[int, Event]]
    deltas: list[list[ScreenLine]]
    rows: Tensor  # (frames, frame_tokens, width of the decoder)
    shows_part: bool


# --- what lies in the folder ----------------------------------------------------------------------------------------------


def load_recordings(folder: Path) -> list[Recording]:
    """What `scripts/recordSessions.mjs` wrote, by name."""
    return [recording_of(json.loads(path.read_text())) for path in sorted(folder.glob('*.events.json'))]


def recording_of(told: dict[str, Any]) -> Recording:
    steps = tuple((step['dueMs'] / 1000, Event(step['kind'], dict(step['slots']))) for step in told['steps'])
    return Recording(told['video'], told['durationMs'] / 1000, steps, told.get('isPart', False))


@dataclass(frozen=True)
class GivenFrame:
    """A line of frames.jsonl; `rows` is the base64 of float32."""

    seconds: float
    lines: list[ScreenLine]
    rows: str


def load_frames(path: Path) -> dict[str, list[GivenFrame]]:
    """What `codealong bench frames` printed, by video."""
    frames: dict[str, list[GivenFrame]] = {}
    with path.open() as file:
        for line in file:
            given = json.loads(line)
            lines = [ScreenLine(each['region'], each['text']) for each in given['lines']]
            frames.setdefault(given['video'], []).append(GivenFrame(given['ptsMs'] / 1000, lines, given['rows']))
    return frames


def rows_of(text: str) -> Tensor:
    """(frame_tokens, width of the decoder)"""
    flat = np.frombuffer(base64.b64decode(text), '<f4')
    return torch.from_numpy(flat.reshape(STREAM.frame_tokens, -1).copy())


def load_recorded(folder: Path) -> list[Recorded]:
    """Every recording whose frames were printed."""
    frames = load_frames(folder / FRAMES)
    return [recorded_of(recording, frames[recording.video]) for recording in load_recordings(folder) if recording.video in frames]


def recorded_of(recording: Recording, given: Sequence[GivenFrame]) -> Recorded:
    pictures: dict[str, int] = {}
    deltas = [frame.lines for frame in given]
    return Recorded(
        recording.video,
        'narrate',
        [pictures.setdefault(frame.rows, len(pictures)) for frame in given],
        [],
        events_of(recording, [frame.seconds for frame in given], deltas),
        deltas,
        torch.stack([rows_of(frame.rows) for frame in given]),
        recording.shows_part,
    )


# --- when a step is told --------------------------------------------------------------------------------------------------


def events_of(recording: Recording, times: Sequence[float], deltas: Sequence[Sequence[ScreenLine]]) -> list[tuple[int, Event]]:
    """The steps with the frames on which their evidence has been read; no two on one frame."""
    events: list[tuple[int, Event]] = []
    for seconds, event in recording.steps:
        first = next((i for i, time in enumerate(times) if time >= seconds), len(times))
        due = read_at(event, first, deltas)
        while any(due == frame for frame, _ in events):
            due += 1
        if due < len(times):
            events.append((due, event))
    return sorted(events, key=lambda timed: timed[0])


def read_at(event: Event, first: int, deltas: Sequence[Sequence[ScreenLine]]) -> int:
    """The frame on which all names of an event have been read that can be seen from frame `first` on; what names nothing is due at once."""
    names = [shortened(value) for value in event.slots.values() if value not in DIRECTIONS]
    if not names:
        return first
    soonest = first + ScreenTextConfig.stable_frames - 1
    visible = [line.text for lines in deltas[:soonest] for line in limit_lines(lines, STREAM)]
    for frame in range(soonest, min(first + LATEST + 1, len(deltas))):
        visible += [line.text for line in limit_lines(deltas[frame], STREAM)]
        newest = visible[::-1][: STREAM.recent_lines]
        if all(as_read(name, newest) for name in names):
            return frame
    return soonest


# --- sequences ------------------------------------------------------------------------------------------------------------


def with_conversation(recorded: Recorded, rng: random.Random, mode: Mode) -> Recorded:
    """The same recording with a new conversation. Nobody asks which file is open: that only a view tells."""
    turns = dialogue.compose(rng, mode, [None] * len(recorded.frames), recorded.events)
    return replace(recorded, mode=mode, turns=turns)


def crop(recorded: Recorded, first: int) -> Recorded:
    """The recording from frame `first` on, as `simulation.crop` does it."""
    events = [(frame - first, event) for frame, event in recorded.events if frame >= first]
    turns = turns_from(recorded.turns, first)
    return replace(recorded, frames=recorded.frames[first:], turns=turns, events=events, deltas=recorded.deltas[first:], rows=recorded.rows[first:])


def recorded_example(recorded: Recorded, tokenizer: Tokenizer, rng: random.Random, config: DecoderTrainConfig) -> Example:
    """One recording as a stream, sometimes from its middle; its features are rows."""
    if rng.random() < config.crop_fraction and len(recorded.frames) > 20:
        recorded = crop(recorded, rng.randrange(1, len(recorded.frames) // 2))
    recorded = with_default_instruction(recorded, rng, config.uninstructed_fraction)
    deltas = recorded.deltas if config.has_text else [[] for _ in recorded.deltas]
    _, kept, encoded = encode_session(recorded, deltas, tokenizer, rng, config)
    rows = recorded.rows[kept].flatten(0, 1)
    return Example(encoded, rows if config.has_pictures else torch.zeros_like(rows))


def recorded_examples(folder: Path, tokenizer: Tokenizer, config: DecoderTrainConfig, width: int) -> Drawn:
    """Draws a recording of the folder with a new conversation each time. `width` is the decoder's."""
    all_recorded = load_recorded(folder)
    assert all_recorded, f'{folder} holds no recording with its frames'
    assert widths(all_recorded) == {width}, f'the rows in {folder} are those of a decoder of another width'

    def draw(rng: random.Random) -> Example:
        mode = rng.choices(list(MODES), list(MODES.values()))[0]
        return recorded_example(with_conversation(rng.choice(all_recorded), rng, mode), tokenizer, rng, config)

    return draw


def widths(recorded: Iterable[Recorded]) -> set[int]:
    return {each.rows.shape[-1] for each in recorded}
