"""What the pictures show is what is said to be visible."""

import random

import numpy as np
import pytest
from PIL import Image

from screen import render
from screen.canvas import HEIGHT, WIDTH
from screen.style import cropped, make_style
from world import simulation
from world.session import Session


class WithoutText(render.ImageCanvas):
    """Paints everything but the texts."""

    def text(self, x: float, y: float, text: str, font: object, colour: object) -> None:
        del x, y, text, font, colour


def paint(session: Session, frame: int, canvas: type[render.ImageCanvas], monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    monkeypatch.setattr(render, 'ImageCanvas', canvas)
    return np.asarray(render.Painter(session.style).draw(session.frames[frame])).astype(int)


@pytest.mark.parametrize('seed', range(12))
def test_lines_are_where_the_ink_is(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    session = simulation.make_session(seed, is_held_out_style=seed % 4 == 3)
    canvas = render.ImageCanvas
    for frame in random.Random(seed).sample(range(len(session.frames)), 3):
        whole = paint(session, frame, canvas, monkeypatch)
        bare = paint(session, frame, WithoutText, monkeypatch)
        ink = np.abs(whole - bare).max(2) > 24
        lines = render.visible_lines(session.frames[frame], session.style)
        assert lines
        claimed = np.zeros_like(ink)
        inkless = 0
        for line in lines:
            assert 0 <= line.x < WIDTH and 0 <= line.y < HEIGHT and line.text.strip() == line.text
            claimed[max(0, line.y - 3) : line.y + line.height + 4, max(0, line.x - 4) : line.x + line.width + 5] = True
            inkless += not ink[line.y : line.y + line.height, line.x : line.x + line.width + 1].any()
        assert inkless <= 0.03 * len(lines) + 1, 'a line is said to be where nothing was painted'
        assert (ink & ~claimed).sum() < 0.03 * ink.sum() + 60, 'text was painted where no line is said to be'


def test_size_and_repeatability() -> None:
    session = simulation.make_session(2)
    first = render.draw(session.frames[10], session.style)
    assert first.size == (WIDTH, HEIGHT) and first.mode == 'RGB'
    again = render.Painter(session.style).draw(session.frames[10])
    assert first.tobytes() == again.tobytes()


def changed_area(before: Image.Image, after: Image.Image) -> float:
    difference = np.abs(np.asarray(before).astype(int) - np.asarray(after).astype(int)).max(2) > 20
    return float(difference.mean())


@pytest.mark.parametrize(('kind', 'least'), [('debug_start', 0.005), ('debug_stop', 0.005), ('test_green', 0.003), ('test_red', 0.003), ('theme_light', 0.2), ('theme_dark', 0.2)])
def test_visual_facts_change_the_picture(kind: str, least: float) -> None:
    found = 0
    for seed in range(200):
        session = simulation.make_session(seed)
        for frame, event in session.events:
            if event.kind == kind and frame > 0:
                pictures = [render.draw(session.frames[index], session.style) for index in (frame - 1, frame)]
                assert changed_area(*pictures) > least
                found += 1
        if found >= 3:
            return
    raise AssertionError(f'{kind} never happened')


def test_held_out_looks_are_never_trained_on() -> None:
    trained = [make_style(seed) for seed in range(300)]
    held_out = [make_style(seed, True) for seed in range(300)]
    assert not {style.mono_font for style in trained} & {style.mono_font for style in held_out}
    assert not {style.sans_font for style in trained} & {style.sans_font for style in held_out}
    assert not any(style.is_side_right or style.is_panel_right for style in trained)
    assert any(style.is_side_right for style in held_out) and any(style.is_panel_right for style in held_out)
    assert len({style.theme for style in trained}) >= 8 and len({style.theme for style in held_out}) == 3


@pytest.mark.parametrize('seed', range(6))
def test_a_video_of_a_part_of_the_desktop_shows_and_tells_that_part(seed: int) -> None:
    session = simulation.make_session(seed)
    style = cropped(session.style, random.Random(seed))
    left, top, right, bottom = style.crop
    view = session.frames[-1]
    whole = set(render.visible_lines(view, session.style))
    shown = render.visible_lines(view, style)
    assert len(shown) < len(whole)
    for line in shown:
        assert left <= line.x and line.x + line.width <= right + 1 and top <= line.y + line.height and line.y <= bottom
        assert any(line.text in other.text and line.region == other.region for other in whole)
    picture = np.asarray(render.Painter(style).draw(view))
    assert picture.shape == (HEIGHT, WIDTH, 3)
    part = Image.fromarray(np.asarray(render.Painter(session.style).draw(view))).crop(style.crop)
    scale = min(WIDTH / part.width, HEIGHT / part.height)
    middle = picture[HEIGHT // 2, WIDTH // 2].astype(int)
    nearby = np.asarray(part)[part.height // 2 - 3 : part.height // 2 + 4, part.width // 2 - 3 : part.width // 2 + 4].astype(int)
    assert scale >= 1 and (nearby.min((0, 1)) - 40 <= middle).all() and (middle <= nearby.max((0, 1)) + 40).all()
