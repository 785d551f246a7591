"""What guidance quotes: names as they were read, whole words of one line."""

import random
import re
from dataclasses import replace

import pytest

from config import DecoderTrainConfig
from screen.style import cropped
from training.data import session_events
from world import narration, screen_text, simulation
from world.quoting import as_read, is_span, told_as_read
from world.session import Turn


@pytest.mark.parametrize(
    ('name', 'lines', 'expected'),
    [
        ('app.py', ['src > app.py'], 'app.py'),
        ('app.py', ['myapp.py'], None),
        ('--watch', ['$ npx vitest --watch'], '--watch'),
        ('main', ['func main() {'], 'main'),
        ('test_total_price', ['FAILED test_total_prlce - E'], 'test_total_prlce'),
        ('npm run build -- --mode production', ['$ npm run build -- --mo'], 'npm run build -- --mo'),
        ('demo_test.go', ['> demo_t...'], 'demo_t'),
        ('mobile_test.go', ['mobile'], None),
        ('hello_world.swift', ['hello_world.swiftx'], 'hello_world.swiftx'),
        ('main.go', ['main.gox'], 'main.gox'),
        ('main', ['domain'], None),
        ('abc', ['abd'], None),
        ('total', ['total 1', 'total 2'], 'total'),
    ],
)
def test_a_name_is_quoted_as_it_was_read(name: str, lines: list[str], expected: str | None) -> None:
    assert as_read(name, lines) == expected


def test_a_sentence_says_less_when_one_of_its_names_was_not_read() -> None:
    turn = Turn(3, 'assistant', 'Renamed `old_name` to `new_name`.', 'rename', {'old': 'old_name', 'new': 'new_name'}, 'Renamed something in the code.')
    assert told_as_read(turn, ['def old_name():', 'def new_name():']) == turn.text
    assert told_as_read(turn, ['def old_name():']) == turn.less


def test_what_the_decoder_learns_to_quote_stood_on_one_of_the_lines_it_was_given() -> None:
    quotes = 0
    for seed in range(30):
        session = simulation.make_session(seed, mode='narrate')
        given: list[str] = []
        for event in session_events(session, screen_text.deltas(session, random.Random(seed), 0.02, 0.05, 0.1), DecoderTrainConfig()):
            given += [line.text for line in event.lines] if event.role == 'stream' else [event.text] if event.role == 'user' else []
            if event.role != 'assistant' or '`' not in event.text:
                continue
            for quote in event.text.split('`')[1::2]:
                starts = [(line, found.start()) for line in given for found in re.finditer(re.escape(quote), line)]
                assert any(is_span(line, start, start + len(quote)) for line, start in starts), (quote, event.text)
                quotes += 1
    assert quotes > 100


def test_beside_the_edge_of_the_picture_nothing_is_told() -> None:
    """A part of the desktop: what is told follows something new that the decoder was given."""
    told = 0
    for seed in range(20):
        session = simulation.make_session(seed, mode='narrate')
        session = replace(session, style=cropped(session.style, random.Random(seed)))
        recent: list[int] = []
        before = ''
        for event in session_events(session, screen_text.deltas(session, random.Random(seed), 0.0, 0.0), DecoderTrainConfig()):
            if event.role == 'stream':
                recent = [*recent[-2:], len(event.lines)]
            elif event.role == 'assistant' and before == 'stream':
                told += 1
                assert any(recent)
            before = event.role
    assert told > 40


def test_every_kind_can_be_told_without_its_names() -> None:
    for kind in narration.NARRATION:
        assert '`' not in narration.say_less(random.Random(0), kind)


def test_words_outside_quotes_are_plain() -> None:
    plain = set(narration.words_of_templates(narration.templates()))
    for seed in range(20):
        for _, event in simulation.make_session(seed).events:
            text, _ = narration.narrate(random.Random(seed), event)
            outside = ' '.join(text.split('`')[::2])
            words = {word.strip('.,:').lower() for word in outside.split() if word.strip('.,:')}
            assert words <= plain | {'up', 'down'}, text
