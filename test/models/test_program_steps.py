"""Steps in programs beyond the editor: every one plays, says what can be read, and leaves held-out ones out of training."""

import random
import re
from collections.abc import Iterator

import pytest

from config import REGIONS
from screen import render
from screen.style import make_style
from screen.view import View
from text.vocabulary import Split
from world import narration, simulation
from world.developer import Step, World
from world.programs import steps
from world.programs.parts import OPTIONAL
from world.session import Event

SEEDS = range(30)
SPLITS: tuple[Split, ...] = ("train", "test")
NAMED = {kind: set(re.findall(r"{(\w+)}", " ".join(texts))) | set(OPTIONAL.get(kind, ())) for kind, texts in narration.NARRATION.items()}


def play(simulated: World, step: Step) -> Iterator[tuple[View, Event | None]]:
    for event in step:
        yield simulated.view(), event


def is_read(simulated: World, views: list[View], value: str) -> bool:
    different = [view for before, view in zip([None, *views], views, strict=False) if view is not before]
    return any(value in line.text for view in reversed(different) for line in render.visible_lines(view, simulated.style))


@pytest.mark.parametrize("name", [*steps.STEPS, *range(len(steps.START))])
def test_every_step_plays_and_its_names_can_be_read(name: str | int) -> None:
    step = steps.STEPS[name][1] if isinstance(name, str) else steps.START[name]
    for seed in SEEDS:
        split = SPLITS[seed % 2]
        simulated = World(random.Random(f"{split}-{seed}"), split, make_style(seed), 0.3)
        views: list[View] = [simulated.view()]
        for view, event in play(simulated, step(simulated)):
            views.append(view)
            assert len(views) < 1200
            assert all(pane.region in REGIONS and pane.box[0] < pane.box[2] and pane.box[1] < pane.box[3] for pane in view.panes)
            if event is None:
                continue
            assert set(event.slots) <= NAMED[event.kind], event
            for slot, value in event.slots.items():
                assert value, event
                assert is_read(simulated, views, value), (seed, event, slot)


def test_weights_and_held_out_steps() -> None:
    assert all(weight > 0 for weight, _ in steps.STEPS.values())
    assert set(steps.STEPS) >= steps.HELD_OUT
    share = len(steps.HELD_OUT) / len(steps.STEPS)
    assert 0.1 < share < 0.25


def test_held_out_steps_are_never_in_training() -> None:
    assert not steps.HELD_OUT & set(simulation.steps_of("train"))


@pytest.mark.parametrize("name", sorted(steps.DISTRACTORS))
def test_distractors_say_nothing(name: str) -> None:
    for seed in SEEDS:
        simulated = World(random.Random(seed), "test", make_style(seed), 0.3)
        assert all(event is None for _, event in play(simulated, steps.STEPS[name][1](simulated)))
