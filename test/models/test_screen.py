"""The rule by which read lines become text for the decoder, and the simulated reader.

The table below is also written to test/golden/screenText.json, which the daemon's tracker is tested with.
Rewrite it with UPDATE_GOLDEN=1.
"""

import json
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config import ScreenTextConfig, StreamConfig
from screen import reading
from screen.layout import TextLayout
from screen.view import Line
from world import screen_text, simulation

GOLDEN = Path(__file__).parents[1] / 'golden' / 'screenText.json'


def at(text: str, x: int = 100, y: int = 100, height: int = 20) -> Line:
    return Line(text, x, y, 10 * len(text), height)


@dataclass
class Case:
    """Lines of each frame and the texts each frame gives. `unsure` lists readings below the confidence limit."""

    name: str
    frames: list[list[Line]]
    emitted: list[list[str]]
    unsure: list[str] = field(default_factory=list)


def column(count: int, top: int = 0) -> list[Line]:
    return [at(f'line {row}', 100, top + 30 * row) for row in range(count)]


CASES = [
    Case('a line is given once, when it was read twice', [[at('a = 1')]] * 4, [[], ['a = 1'], [], []]),
    Case(
        'a line being typed waits until it rests',
        [[at('def f')], [at('def foo')], [at('def foo():')], [at('def foo():')]],
        [[], [], [], ['def foo():']],
    ),
    Case(
        'scrolled lines are not new',
        [column(3), column(3), [at(line.text, line.x, line.y - 60) for line in column(3)] + [at('below', 100, 90)]] + [[at('below', 100, 90)]] * 2,
        [[], ['line 0', 'line 1', 'line 2'], [], ['below'], []],
    ),
    Case('missed for one frame is not gone', [[at('x1')], [at('x1')], [], [at('x1')], [at('x1')]], [[], ['x1'], [], [], []]),
    Case('gone for two frames and back is new', [[at('x1')], [at('x1')], [], [], [at('x1')], [at('x1')]], [[], ['x1'], [], [], [], ['x1']]),
    Case('a missed reading breaks the run of two', [[at('x1')], [], [at('x1')], [at('x1')]], [[], [], [], ['x1']]),
    Case(
        'the same text in two places is two lines',
        [[at('$ ls', 100, 100)], [at('$ ls', 100, 100)], *[[at('$ ls', 100, 100), at('$ ls', 100, 300)]] * 2],
        [[], ['$ ls'], [], ['$ ls']],
    ),
    Case('a small jitter is the same place', [[at('ok 1', 100, 100)], [at('ok 1', 106, 109)]], [[], ['ok 1']]),
    Case('a line that moves waits until it rests', [[at('ok 1', 100, y)] for y in (100, 130, 160)] + [[at('ok 1', 100, 160)]], [[], [], [], ['ok 1']]),
    Case('marks without letter or digit are dropped', [[at('---'), at('>', 300), at('é', 500)]] * 2, [[], ['é']]),
    Case('unsure readings are dropped', [[at('sure'), at('unsure', 400)]] * 2, [[], ['sure']], ['unsure']),
    Case(
        'too many lines keep their head and tail',
        [column(30)] * 2,
        [[], [f'line {row}' for row in (*range(12), *range(18, 30))]],
    ),
    Case('long lines lose their end', [[at('x' * 100 + 'end')]] * 2, [[], ['x' * 96]]),
    Case(
        'rows from the top, each from the left',
        [[at('right', 600, 104), at('below', 100, 140), at('left', 100, 108), at('middle', 300, 100)]] * 2,
        [[], ['left', 'middle', 'right', 'below']],
    ),
]


@pytest.mark.parametrize('case', CASES, ids=lambda case: case.name)
def test_emission(case: Case) -> None:
    tracker = reading.ScreenTextTracker()
    emitted = [tracker.process([line for line in frame if line.text not in case.unsure]) for frame in case.frames]
    assert emitted == case.emitted


def golden() -> dict[str, object]:
    rule, stream = ScreenTextConfig(), StreamConfig()
    return {
        'about': 'Lines per frame and the texts they give; written by test/models/test_screen.py',
        'config': {
            'stableFrames': rule.stable_frames,
            'samePlaceHeights': rule.same_place_heights,
            'goneFrames': rule.gone_frames,
            'rowHeights': rule.row_heights,
            'minConfidence': rule.min_confidence,
            'maxLines': stream.max_lines,
            'headLines': stream.head_lines,
            'maxLineChars': stream.max_line_chars,
        },
        'cases': [
            {
                'name': case.name,
                'frames': [
                    [
                        {'text': line.text, 'box': [line.x, line.y, line.width, line.height], 'confidence': 0.3 if line.text in case.unsure else 0.9}
                        for line in frame
                    ]
                    for frame in case.frames
                ],
                'emitted': case.emitted,
            }
            for case in CASES
        ],
    }


def test_golden_file() -> None:
    text = json.dumps(golden(), indent=1, ensure_ascii=False) + '\n'
    if os.environ.get('UPDATE_GOLDEN'):
        GOLDEN.write_text(text)
    assert GOLDEN.read_text() == text, 'test/golden/screenText.json is stale: run with UPDATE_GOLDEN=1'


def test_a_clean_reader_reads_what_is_there() -> None:
    session = simulation.make_session(5)
    groups = TextLayout(session.style).groups(session.frames[0])
    read = reading.Reader(1, 0.0, 0.0).read(groups)
    expected = [line.text for group in groups for line in group if line.text.isascii() and reading.is_text(line.text)]
    assert [line.text for line in read if line.text in expected] == expected


def test_the_same_crop_reads_the_same() -> None:
    lines = [tuple(at('function parseItems(list) {', 100, 30 * row) for row in range(6))]
    reader = reading.Reader(3, 0.1, 0.1)
    assert reader.read(lines) == reader.read(lines)
    assert reading.Reader(3, 0.1, 0.1).read(lines) == reader.read(lines)
    assert reading.Reader(4, 0.1, 0.1).read(lines) != reader.read(lines)


def test_error_rates_are_about_what_is_asked() -> None:
    rng = random.Random(1)
    text = ''.join(rng.choice('abcdefgl_.(0O ') for _ in range(20_000))
    wrong = sum(a != b for a, b in zip(text.split(' '), reading.misread(text, rng, 0.02).split(' '), strict=False))
    assert wrong > 0
    assert reading.misread(text, rng, 0.0) == text
    lines = tuple(at(f'text{number}', 0, number) for number in range(3000))
    missed = len(lines) - len(reading.Reader(1, 0.0, 0.05).read([lines]))
    assert 0.03 < missed / len(lines) < 0.07


def test_a_crop_does_not_repeat_what_was_on_screen() -> None:
    session = next(s for seed in range(50) if len((s := simulation.make_session(seed, mode='narrate')).frames) > 60)
    whole = screen_text.deltas(session, random.Random(0), 0.0, 0.0)
    cropped = screen_text.deltas(simulation.crop(session, 30), random.Random(0), 0.0, 0.0)
    assert len(cropped) == len(whole) - 30
    assert cropped[4:] == whole[34:], 'after the first frames a crop reads as the whole does'


def test_icons_are_read_as_letters_in_some_videos() -> None:
    tabs = tuple(Line(name, 10 + 150 * i, 5, 120, 16, "tabs") for i, name in enumerate(("parse.py", "lexer.py", "README.md", "setup.cfg")))
    read = {seed: [line.text for line in reading.Reader(seed, 0.0001, 0.0001).read((tabs,))] for seed in range(40)}
    marred = [seed for seed, texts in read.items() if texts != [line.text for line in tabs]]
    assert 4 < len(marred) < 36
    assert all(any(line.text in text for text in read[seed]) for seed in marred for line in tabs if len(read[seed]) == len(tabs))


def test_a_narrow_side_bar_cuts_its_names() -> None:
    tree = (Line("ConversationController.test.ts", 10, 40, 200, 16, "tree"),)
    found = [reading.Reader(seed, 0.0001, 0.0001).read((tree,)) for seed in range(60)]
    cut = [lines[0].text for lines in found if lines and lines[0].text.endswith(".") and "test.ts" not in lines[0].text]
    assert 2 < len(cut) < 20
    assert all("Conver" in text for text in cut)
