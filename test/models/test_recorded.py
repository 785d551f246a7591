"""Recordings become sequences: when a step is due, what is said of it, and that all rows find their frames."""

import base64
import json
import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from config import ASSISTANT, FRAME, DecoderConfig, DecoderTrainConfig
from decoder.network import Decoder
from decoder.tokenizer import Tokenizer
from evaluation.recordings import clips_of
from evaluation.truth import truth_json
from screen.view import ScreenLine
from training.data import batches, session_events
from training.parts import write_part
from training.recorded import Recorded, crop, load_recorded, load_recordings, recorded_example, recorded_examples, with_conversation
from training.train import losses_of

WIDTH = 8
STEPS = [
    {'kind': 'open', 'slots': {'file': 'zumel.ts'}, 'startMs': 0, 'endMs': 1200, 'dueMs': 1200},
    {'kind': 'side_hide', 'slots': {}, 'startMs': 2600, 'endMs': 3000, 'dueMs': 3000},
    {'kind': 'run_ok', 'slots': {'command': 'node never-read.ts'}, 'startMs': 4000, 'endMs': 5000, 'dueMs': 5000},
]
PLAIN = DecoderTrainConfig(condensed_fraction=0.0, crop_fraction=0.0, uninstructed_fraction=0.0)


def write(folder: Path, width: int = WIDTH, frames: int = 20) -> None:
    """A recording of ten seconds, of which the file's name is read a frame late and the command never."""
    told = {'video': 'story-1.mp4', 'durationMs': 10_000, 'steps': STEPS}
    (folder / 'story-1.events.json').write_text(json.dumps(told))
    (folder / 'story-2.events.json').write_text(json.dumps({**told, 'video': 'story-2.mp4', 'steps': []}))  # its frames were not printed
    with (folder / 'frames.jsonl').open('w') as file:
        for i in range(frames):
            rows = np.full((4, width), i // 2, '<f4')
            lines = [{'region': 'tabs', 'text': 'zumel.ts'}] if i == 5 else []
            file.write(json.dumps({'video': 'story-1.mp4', 'ptsMs': 500 * i, 'lines': lines, 'rows': base64.b64encode(rows.tobytes()).decode()}) + '\n')


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    write(tmp_path)
    (only,) = load_recorded(tmp_path)
    return only


def said(recorded: Recorded) -> list[tuple[int, str]]:
    frame, out = -1, []
    for event in session_events(recorded, recorded.deltas, PLAIN):
        frame += event.role == 'stream'
        if event.role == 'assistant':
            out.append((frame, event.text))
    return out


def told(recorded: Recorded) -> Recorded:
    """With a conversation that has an instruction at the start and no question."""
    for seed in range(100):
        drawn = with_conversation(recorded, random.Random(seed), 'narrate')
        if [turn.role for turn in drawn.turns] == ['user', *['assistant'] * len(STEPS)] and drawn.turns[0].frame == -1:
            return drawn
    raise AssertionError('no such conversation was drawn')


def test_a_frame_is_its_lines_and_rows(recorded: Recorded) -> None:
    assert recorded.rows.shape == (20, 4, WIDTH)
    assert recorded.rows[:, 0, 0].tolist() == [i // 2 for i in range(20)]
    assert recorded.frames == [i // 2 for i in range(20)]  # the same rows are the same picture
    assert recorded.deltas[5] == [ScreenLine('tabs', 'zumel.ts')]


def test_a_step_is_due_when_it_has_been_read(recorded: Recorded) -> None:
    # seen from frame 3 on but read on 5; without a name at once; never read: once it could have been
    assert [(frame, event.kind) for frame, event in recorded.events] == [(5, 'open'), (6, 'side_hide'), (11, 'run_ok')]


def test_names_are_told_as_they_were_read(recorded: Recorded) -> None:
    first, _, last = said(told(recorded))
    assert first[0] == 5
    assert '`zumel.ts`' in first[1]
    assert last[1] == 'Ran the program.'


def test_rows_stand_in_their_frames(recorded: Recorded) -> None:
    example = recorded_example(told(recorded), Tokenizer.load(), random.Random(0), PLAIN)
    assert example.features is not None
    assert example.encoded.ids.count(FRAME) == len(example.features) == 20 * 4
    assert example.encoded.targets.count(ASSISTANT) == len(STEPS)


def test_frames_without_news_may_be_left_out(recorded: Recorded) -> None:
    drawn = told(recorded)
    example = recorded_example(drawn, Tokenizer.load(), random.Random(0), replace(PLAIN, condensed_fraction=1.0))
    assert example.features is not None
    assert 4 * len(STEPS) <= example.encoded.ids.count(FRAME) == len(example.features) < 20 * 4
    assert example.encoded.targets.count(ASSISTANT) == len(STEPS)


def test_a_crop_begins_later(recorded: Recorded) -> None:
    cut = crop(told(recorded), 6)
    assert len(cut.frames) == len(cut.deltas) == len(cut.rows) == 14
    assert [frame for frame, _ in said(cut)] == [0, 5]
    assert cut.turns[0].frame == -1


def test_recordings_are_learned_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, DecoderConfig.width)
    tokenizer, model = Tokenizer.load(), Decoder(DecoderConfig(layers=1))
    config = replace(PLAIN, recorded_fraction=1.0, drill_fraction=0.0, recall_fraction=0.0)
    batch = next(batches(tokenizer, config, None, recorded=recorded_examples(tmp_path, tokenizer, config, DecoderConfig.width)))
    assert batch.kind == 'recorded'
    assert batch.is_projected
    model.projector.requires_grad_(True)
    losses_of(model, batch)[0].mean().backward()
    assert all(parameter.grad is None for part in (model.projector, model.simulator) for parameter in part.parameters())


def test_rows_of_another_width_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(AssertionError, match='another width'):
        recorded_examples(tmp_path, Tokenizer.load(), PLAIN, DecoderConfig.width)


def test_truth_is_due_to_the_millisecond(tmp_path: Path) -> None:
    write(tmp_path)
    session, *others = [clip for place, each in enumerate(load_recordings(tmp_path)) for clip in clips_of(each, place)]
    truth = truth_json([session, *others])
    assert [(step['atSeconds'], step['kind'], step['slots']) for step in truth['clips'][0]['steps']] == [
        (1.2, 'open', {'file': 'zumel.ts'}), (3.0, 'side_hide', {}), (5.0, 'run_ok', {'command': 'node never-read.ts'}),
    ]  # fmt: skip
    assert {clip.kind for clip in others} == {'standing', 'nothing'}
    standing = next(clip for clip in others if clip.kind == 'standing')
    assert standing.instruction
    assert {due.seconds for due in standing.requests} <= {1.2, 3.0, 5.0}


@pytest.mark.skipif(shutil.which('ffprobe') is None, reason='needs ffmpeg on the PATH')
def test_a_part_of_a_video_is_a_recording_of_its_own(tmp_path: Path) -> None:
    write(tmp_path)
    events = tmp_path / 'story-1.events.json'
    events.write_text(json.dumps({**json.loads(events.read_text()), 'width': 320, 'height': 240}))
    subprocess.run(['ffmpeg', '-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc=s=320x240:r=2:d=3', str(tmp_path / 'story-1.mp4')], check=True)
    write_part(events, 0)
    part, whole, _ = load_recordings(tmp_path)
    assert part.shows_part
    assert not whole.shows_part
    assert part.steps == whole.steps
    told = json.loads((tmp_path / 'story-1-part0.events.json').read_text())
    probed = subprocess.run(
        ['ffprobe', '-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', str(tmp_path / part.video)], check=True, capture_output=True, text=True
    )
    assert probed.stdout.strip() == f'{told["width"]},{told["height"]}'
    assert told['width'] <= 320 * 1.25 * 0.95 + 2


def test_of_a_part_only_what_brings_something_new_is_told(recorded: Recorded) -> None:
    assert [frame for frame, _ in said(replace(told(recorded), shows_part=True))] == [5, 6]
