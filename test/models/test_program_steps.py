"""Steps in programs beyond the editor: every one plays, says what can be read, and leaves held-out ones out of training."""

import random
from collections.abc import Iterator

import pytest

import narration
import program_steps
import render
from config import REGIONS
from developer import Step, World
from program_parts import OPTIONAL
from scene import Event, View
from style import make_style
from vocabulary import Split

SEEDS = range(30)
SPLITS: tuple[Split, ...] = ("train", "test")
TEXTLESS = {"scroll"}


def play(world: World, step: Step) -> Iterator[tuple[View, Event | None]]:
    for event in step:
        yield world.view(), event


def is_read(world: World, views: list[View], value: str) -> bool:
    return any(value in line.text for view in dict.fromkeys(views) for line in render.visible_lines(view, world.style))


@pytest.mark.parametrize("name", [*program_steps.STEPS, *range(len(program_steps.START))])
def test_every_step_plays_and_its_names_can_be_read(name: str | int) -> None:
    step = program_steps.STEPS[name][1] if isinstance(name, str) else program_steps.START[name]
    for seed in SEEDS:
        split = SPLITS[seed % 2]
        world = World(random.Random(f"{split}-{seed}"), split, make_style(seed), 0.3)
        views: list[View] = [world.view()]
        for view, event in play(world, step(world)):
            views.append(view)
            assert len(views) < 1200
            assert all(pane.region in REGIONS and pane.box[0] < pane.box[2] and pane.box[1] < pane.box[3] for pane in view.panes)
            if event is None:
                continue
            assert event.kind in narration.NARRATION
            for slot, value in event.slots.items():
                assert value, event
                assert event.kind in TEXTLESS or is_read(world, views, value), (seed, event, slot)


def test_weights_and_held_out_steps() -> None:
    assert all(weight > 0 for weight, _ in program_steps.STEPS.values())
    assert set(program_steps.STEPS) >= program_steps.HELD_OUT
    share = len(program_steps.HELD_OUT) / len(program_steps.STEPS)
    assert 0.1 < share < 0.25


def test_optional_names_are_those_of_known_kinds() -> None:
    assert all(names for names in OPTIONAL.values())
