"""truth.json of a folder of sessions recorded in the real editor, for `codealong bench quality FOLDER`.

    python -m evaluation.recordings FOLDER

A recording in which something happens is narrated and asked about; one in two carries a standing request too; the others show nothing worth a word.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from config import StreamConfig
from evaluation.free_running import DRAWS, has_one_instruction
from evaluation.scoring import core_slots
from evaluation.truth import QUESTION_KINDS, Clip, Due, Question, truth_json
from training.recorded import Recording, load_recordings
from world import dialogue
from world.narration import narrate
from world.session import Turn

STREAM = StreamConfig()
QUESTIONS = 2  # of a recording
AFTER_SECONDS = 2.0  # of a step: when somebody asks


def clips_of(recording: Recording, place: int) -> Iterator[Clip]:
    """`place` among the recordings decides whether it is watched with a standing request, too."""
    seconds, video = recording.seconds, recording.video
    if not recording.steps:
        yield Clip(seconds, 'nothing', file=video)
        return
    yield Clip(seconds, 'session', steps_of(recording), (), tuple(questions_of(recording)), '', video)
    if place % 2 == 0 and (standing := standing_of(recording)) is not None:
        yield standing


def steps_of(recording: Recording) -> list[Due]:
    steps = []
    for index, (seconds, event) in enumerate(recording.steps):
        text, slots = narrate(random.Random(f'{recording.video}/{index}'), event)
        steps.append(Due(seconds, event.kind, text, core_slots(event.kind, slots)))
    return steps


def questions_of(recording: Recording) -> Iterator[Question]:
    """Questions on what has happened, a little after some of its steps."""
    rng = random.Random(f'{recording.video}/questions')
    for index in sorted(rng.sample(range(len(recording.steps)), min(QUESTIONS, len(recording.steps)))):
        seconds = min(recording.steps[index][0] + AFTER_SECONDS, recording.seconds)
        past = [(frame_of(due), event) for due, event in recording.steps if due <= seconds]
        asked = dialogue.ask(rng, past, None)
        yield Question(seconds, QUESTION_KINDS[asked.kind], asked.question, asked.answer, asked.slots)


def standing_of(recording: Recording) -> Clip | None:
    """The recording watched with one request; None when no such conversation was drawn."""
    events = [(frame_of(seconds), event) for seconds, event in recording.steps]
    frames = [None] * (frame_of(recording.seconds) + 1)
    for draw in range(DRAWS):
        turns = dialogue.compose(random.Random(f'{recording.video}/{draw}'), 'standing', frames, events)
        if has_one_instruction(turns, 'standing'):
            return Clip(recording.seconds, 'standing', (), requests_of(recording, turns), (), turns[0].text, recording.video)
    return None


def requests_of(recording: Recording, turns: list[Turn]) -> list[Due]:
    moments = {frame_of(seconds): seconds for seconds, _ in recording.steps}
    return [Due(moments[turn.frame], turn.kind, turn.text, core_slots(turn.kind, turn.slots)) for turn in turns if turn.kind == 'alert']


def frame_of(seconds: float) -> int:
    """The first sampled frame that shows what is there from `seconds` on."""
    return math.ceil(seconds * STREAM.frame_rate_fps)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    clips = [clip for place, recording in enumerate(load_recordings(folder)) for clip in clips_of(recording, place)]
    if not clips:
        sys.exit(f'{folder} holds no recording.')
    (folder / 'truth.json').write_text(json.dumps(truth_json(clips), ensure_ascii=False, indent=1) + '\n')
    print(f'{len(clips)} clips -> {folder / "truth.json"}')


if __name__ == '__main__':
    main()
