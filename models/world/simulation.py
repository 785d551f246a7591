"""Simulated coding sessions: what the screen showed and what was said about it.

`make_session(seed)` plays a scripted developer (developer.py), records one `View` of the screen per sampled frame (2 a second), and
composes a conversation about it (dialogue.py). Nothing is painted here: `screen/render.py` turns a view into lines of text with boxes or into a picture,
`screen_text.py` into the text a decoder receives.

    python -m world.simulation 7                  # prints session 7 as the decoder sees it
    python -m world.simulation 7 40 frame.png     # paints its frame 40
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

from screen.style import cropped, make_style
from screen.view import View
from text.vocabulary import Split
from world import dialogue, steps
from world.developer import Step, World
from world.interface import steps as interface_steps
from world.programs import steps as program_steps
from world.session import Event, Mode, Session, Turn
from world.tools import steps as tool_steps

Steps = dict[str, tuple[float, Callable[[World], Step]]]
TABLES = (steps, tool_steps, interface_steps, program_steps)
STARTS: tuple[Callable[[World], Step], ...] = program_steps.START
STEPS: Steps = {name: step for table in TABLES for name, step in table.STEPS.items()}
HELD_OUT: frozenset[str] = frozenset().union(*(table.HELD_OUT for table in TABLES))
DISTRACTORS: Steps = {name: STEPS[name] for name in ('mouse', 'hover', 'cursor', 'zoom', 'idle', *sorted(interface_steps.DISTRACTORS | program_steps.DISTRACTORS))}
ELSEWHERE = 0.4  # how much less often than its weight a step happens that needs another program than the one on screen
HELD_OUT_GAIN = 3.0  # how much more often than its weight a held-out step happens in test sessions


def steps_of(split: Split) -> Steps:
    """The steps of a split: those held out happen in tests only, and there more often."""
    if split == 'test':
        return {name: (weight * (HELD_OUT_GAIN if name in HELD_OUT else 1.0), play) for name, (weight, play) in STEPS.items()}
    return {name: step for name, step in STEPS.items() if name not in HELD_OUT}


MODES: dict[Mode, float] = {'narrate': 0.62, 'standing': 0.29, 'quiet': 0.05, 'questions': 0.04}


def make_session(
    seed: int,
    split: Split = 'train',
    min_frames: int = 60,
    max_frames: int = 110,
    mode: Mode | None = None,
    is_held_out_style: bool = False,
    pseudo_share: float | None = None,
) -> Session:
    """Session `seed` of a split; the same arguments always give the same session.

    Names never overlap between splits (text/vocabulary.py). `pseudo_share` is the share of invented words: 0.3 in training, 0.1 in test.
    """
    rng = random.Random(f'{split}-{seed}')
    style = make_style(seed, is_held_out_style)
    if pseudo_share is None:
        pseudo_share = 0.3 if split == 'train' else 0.1
    world = World(rng, split, style, pseudo_share)
    target = rng.randint(min_frames, max_frames)
    opening = rng.choice(STARTS) if rng.random() < 0.4 else open_file
    frames, events = _play(rng, world, target, steps_of(split), opening)
    mode = mode or rng.choices(list(MODES), list(MODES.values()))[0]
    turns = dialogue.compose(rng, mode, frames, events)
    return Session(seed, split, mode, frames, turns, style, events)


def make_idle_session(seed: int, split: Split = 'test', min_frames: int = 100, max_frames: int = 140) -> Session:
    """A session in which nothing happens that a viewer would mention, once the open file was: pointer, hovers, caret, zoom, waiting."""
    rng = random.Random(f'idle-{split}-{seed}')
    style = make_style(seed, split == 'test')
    world = World(rng, split, style, 0.1)
    frames, events = _play(rng, world, rng.randint(min_frames, max_frames), DISTRACTORS, open_file)
    return Session(seed, split, 'narrate', frames, dialogue.compose(rng, 'narrate', frames, events), style, events)


def partly_shown(session: Session, rng: random.Random, share: float) -> Session:
    """The session, or, with this probability, its picture cut to a part of the desktop, as some videos are."""
    return replace(session, style=cropped(session.style, rng)) if rng.random() < share else session


def open_file(world: World) -> Step:
    """It begins in the editor: the file that is open is worth a word as soon as its name was read."""
    yield None
    yield Event('open', {'file': world.file})
    yield from world.pause(1, 4)


def _play(rng: random.Random, world: World, target: int, steps: Steps, opening: Callable[[World], Step]) -> tuple[list[View], list[tuple[int, Event]]]:
    """Runs an opening and then steps until `target` frames are recorded. How often a step happens differs from session to session."""
    frames: list[View] = []
    events: list[tuple[int, Event]] = []

    def record(step: Step) -> None:
        for event in step:
            frames.append(world.view())
            if event is not None:
                events.append((len(frames) - 1, event))

    record(opening(world))
    names = list(steps)
    weights = [steps[name][0] * math.exp(rng.gauss(0.0, 1.0)) for name in names]
    haste = rng.choice((2, 4, 6, 9))  # of the developer: frames between two steps
    previous = ''
    in_editor = [weight * (ELSEWHERE if name in program_steps.STEPS else 1.0) for name, weight in zip(names, weights, strict=True)]
    elsewhere = [weight * (1.0 if name in program_steps.STEPS else ELSEWHERE) for name, weight in zip(names, weights, strict=True)]
    while len(frames) < target:
        name = rng.choices(names, in_editor if world.app == 'editor' else elsewhere)[0]
        if name == previous:
            continue
        previous = name
        record(steps[name][1](world))
        for _ in range(rng.randint(1, haste)):
            frames.append(world.view())
    frames = frames[: target + 8]
    return frames, [(frame, event) for frame, event in events if frame < len(frames)]


def with_dialogue(session: Session, rng: random.Random, mode: Mode | None = None) -> Session:
    """The same frames and events with a new conversation."""
    mode = mode or rng.choices(list(MODES), list(MODES.values()))[0]
    return replace(session, mode=mode, turns=dialogue.compose(rng, mode, session.frames, session.events))


def turns_from(turns: list[Turn], first_frame: int) -> list[Turn]:
    """The turns of a session that is cut before `first_frame`: the instructions in force, and what is said later of what is seen later."""
    instructions = ('narrate', 'quiet', 'standing')
    given = [turn for turn in turns if turn.kind in instructions and turn.frame < first_frame]
    kept = [replace(turn, frame=-1) for turn in given if turn.frame == given[-1].frame]
    later = [turn for turn in turns if turn.frame >= first_frame]
    for index, turn in enumerate(later):
        answer = turn if turn.asked else later[index + 1] if index + 1 < len(later) and later[index + 1].asked else None
        if answer is not None and answer.kind != 'answer_none' and answer.evidence < first_frame:
            continue
        kept.append(replace(turn, frame=turn.frame - first_frame, evidence=max(-1, turn.evidence - first_frame)))
    return kept


def crop(session: Session, first_frame: int) -> Session:
    """The session from `first_frame` on, as a decoder sees it after older positions were evicted.

    Text on screen before the cut counts as read and is not given again. The instructions in force are kept, before the first frame; other earlier turns
    and answers whose evidence lies before the cut are dropped, with their questions.
    """
    turns = turns_from(session.turns, first_frame)
    events = [(frame - first_frame, event) for frame, event in session.events if frame >= first_frame]
    before = session.frames[first_frame - 1] if first_frame else session.before
    return replace(session, frames=session.frames[first_frame:], turns=turns, events=events, first_frame=session.first_frame + first_frame, before=before)


if __name__ == '__main__':
    import sys

    from screen import render
    from world import screen_text

    shown = make_session(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    if len(sys.argv) > 3:
        render.draw(shown.frames[int(sys.argv[2])], shown.style).save(sys.argv[3])
        sys.exit()
    said: dict[int, list[Turn]] = {}
    for each in shown.turns:
        said.setdefault(each.frame, []).append(each)
    for index, texts in enumerate([[], *screen_text.deltas(shown, random.Random(0), 0.0, 0.0)], start=-1):
        for text in texts:
            print(f'{index:4d}  {text[0]:12} {text[1]}')
        for each in said.get(index, []):
            print(f'{index:4d}  >> {each.role}: {each.text}   [{each.kind}]')
