"""The steps that act on VS Code's interface."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from screen.layout import TextLayout
from screen.style import make_style
from screen.view import Style, View
from text.vocabulary import Split
from world import narration
from world.developer import World
from world.interface import words
from world.interface.steps import DISTRACTORS, HELD_OUT, STEPS
from world.session import Event

SEEDS = range(30)


def played(name: str, seed: int, split: Split = "train") -> tuple[Style, list[View], list[tuple[int, Event]]]:
    """A step on its own, by a developer whom no camera covers: style, frames and events."""
    style = replace(make_style(seed), webcam="none")
    world = World(random.Random(f"{name}-{seed}"), split, style, 0.2)
    frames, events = [world.view()] * 3, []
    for event in STEPS[name][1](world):
        frames.append(world.view())
        if event is not None:
            events.append((len(frames) - 1, event))
    assert len(frames) < 400, "a step ends"
    return style, [*frames, world.view()], events


@pytest.mark.parametrize("name", STEPS)
def test_what_a_step_tells_stands_on_the_screen(name: str) -> None:
    for seed in SEEDS:
        style, frames, events = played(name, seed, "test" if seed % 3 == 0 or name in HELD_OUT else "train")
        layout = TextLayout(style)
        read: set[str] = set()
        due = dict(events)
        assert len(due) == len(events), "at most one event a frame"
        previous = None
        for frame, view in enumerate(frames):
            if view is not previous:
                read |= {line.text for line in layout.lines(view)}
                previous = view
            event = due.get(frame)
            if event is None:
                continue
            for slot, value in event.slots.items():
                assert value.strip() and value.isascii(), (seed, event)  # a reader gives ASCII
                assert any(value in text for text in read), (seed, frame, event.kind, slot, value)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_leaves_nothing_lying_over_the_window(name: str) -> None:
    for seed in range(8):
        _, frames, _ = played(name, seed, "test")
        assert frames[-1].app != "editor" or not frames[-1].panes


def test_steps_play_where_no_corpus_was_mined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(words, "PATH", tmp_path / "missing.json")
    words._interface.cache_clear()
    assert all(len(played(name, 1)[1]) > 3 for name in STEPS)
    words._interface.cache_clear()


def test_every_kind_of_event_can_be_narrated() -> None:
    kinds = {event.kind for name in STEPS for seed in range(6) for _, event in played(name, seed, "test")[2]}
    assert kinds <= set(narration.NARRATION), kinds - set(narration.NARRATION)
    assert len(kinds) > 35


def test_held_out_steps_are_never_in_training() -> None:
    assert set(STEPS) > HELD_OUT
    for name in HELD_OUT:
        for seed in range(5):
            _, frames, events = played(name, seed)
            assert not events and len(frames) == 4


def test_distractors_have_no_event() -> None:
    for name in DISTRACTORS:
        for seed in SEEDS:
            assert {event.kind for _, event in played(name, seed)[2]} == set()
