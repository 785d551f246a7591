"""Recorded tool output: what a recording must be, what a replay changes, and the steps that play it."""

import random
from collections import Counter

import pytest

from evaluation import scoring
from screen.style import make_style
from text.vocabulary import Names
from world import screen_text
from world.developer import World
from world.narration import NARRATION
from world.session import Event, Session
from world.tools import steps
from world.tools.replay import KINDS, Recording, Renamer, Replay, choose, recordings, replay, replay_all

EVERY = recordings('test')


def made(**more: object) -> Recording:
    """A recording of a test run that fails."""
    return {
        'tool': 'pytest',
        'command': 'pytest test_basket.py',
        'output': [
            'basket.py      3',
            'TestBasket BASKET basketball',
            'test_basket.py:3: in test_total_price',
            'FAILED test_basket.py::test_total_price - E0308: 3 failed in 0.12s at 10:20:30',
        ],
        'exit': 1,
        'kind': 'tests_fail',
        'slots': {'command': 'pytest test_basket.py', 'test': 'test_total_price', 'error': 'E0308'},
        'names': {'basket': 'stem', 'test_total_price': 'test:py'},
        'held_out': False,
        'project': 'pytest',
        **more,
    }


def test_a_recording_shows_what_it_names() -> None:
    for recording in EVERY:
        lines = [recording['command'], *recording['output']]
        assert recording['kind'] in KINDS
        assert recording['kind'] in NARRATION
        assert all(any(value in line for line in lines) for value in recording['slots'].values())
        assert all(value.isascii() and '`' not in value for value in recording['slots'].values()), 'a quote stands between backticks'
        for rerun in recording.get('reruns', ()):
            assert all(any(value in line for line in rerun['output']) for value in rerun['slots'].values())
            lines += rerun['output']
        lines += recording.get('log', ())
        assert len(recording['output']) <= 40
        assert all(len(line) <= 120 and line.isprintable() for line in lines)
        assert not any(place in line for line in lines for place in ('/root', '/tmp/rec', '.pyenv', '/work/'))
        whole = '\n'.join(lines).lower()
        assert all(name.lower() in whole for name in recording['names'])


def test_there_are_many_recordings_of_many_tools() -> None:
    tools = {each['tool'] for each in EVERY}
    held_out = {each['tool'] for each in EVERY if each['held_out']}
    assert len(EVERY) >= 250
    assert not held_out & {each['tool'] for each in recordings('train')}
    assert 1 / 12 < len(held_out) / len(tools) < 1 / 3
    kinds = Counter(each['kind'] for each in recordings('train'))
    assert all(kinds[kind] >= 3 for kind in KINDS), kinds


def test_a_replay_keeps_none_of_the_names() -> None:
    for recording in EVERY:
        names = Names(random.Random(recording['command']), 'train', pseudo_share=1.0)
        found = replay(recording, names, 'zzyzx')
        lines = [found.command, *found.output]
        whole = '\n'.join([*lines, *found.log])
        for name, kind in recording['names'].items():
            if kind in ('stem', 'word', 'project', 'message', 'commit'):
                assert not any(renamed in whole.split() for renamed in (name, name.capitalize())), name
        for value in found.slots.values():
            assert any(value in line for line in lines), (value, lines)
        for rerun in found.reruns:
            assert all(any(value in line for line in rerun.output) for value in rerun.slots.values())


def test_a_name_is_replaced_everywhere_by_the_same() -> None:
    for seed in range(30):
        names = Names(random.Random(seed), 'train')
        found = replay(made(), names, 'shop')
        stem = found.command.removeprefix('pytest test_').removesuffix('.py')
        table, cases, trace, failed = found.output
        assert stem != 'basket' and table.startswith(f'{stem}.py  ')
        assert cases.endswith(f' {stem.upper()} basketball')
        assert trace == f'test_{stem}.py:{table.split()[-1]}: in {found.slots["test"]}'
        assert failed.startswith(f'FAILED test_{stem}.py::{found.slots["test"]} - {found.slots["error"]}: {table.split()[-1]} failed')
        assert found.slots['error'].startswith('E') and len(found.slots['error']) == 5


def test_columns_stay_where_they_are() -> None:
    names = Names(random.Random(3), 'train')
    renamer = Renamer(names, 'shop', [made()])
    rows = [renamer.line(row) for row in (f'basket.py{" " * 31}12   alpha', f'other.py{" " * 33}7   beta')]
    assert rows[0].index('alpha') == rows[1].index('beta') == 45


def test_numbers_that_mean_something_stay() -> None:
    renamer = Renamer(Names(random.Random(1), 'train'), 'shop', [made()])
    for text in ('127.0.0.1', 'HTTP/1.1 404', '100%', '0 failed', '1 passed', 'utf8', 'x86_64'):
        assert renamer.text(text) == text
    for text in ('4711', '12:30:59', '2.7.18', 'E0308', '1a2b3c4', '0.25s'):
        fresh = renamer.text(text)
        assert fresh != text and fresh == renamer.text(text)


def test_commands_of_one_project_share_their_names() -> None:
    first, second = replay_all(
        [made(), made(command='cat basket.py', slots={'command': 'cat basket.py'}, kind='command')],
        Names(random.Random(5), 'train'),
        'shop',
    )
    assert first.command.removeprefix('pytest test_') == second.command.removeprefix('cat ')


def play(name: str, seed: int, split: str = 'train') -> Session:
    rng, style = random.Random(f'{name}-{seed}'), make_style(seed, False)
    world = World(rng, split, style, 0.3)  # type: ignore[arg-type]
    frames = [world.view()] * 3
    events: list[tuple[int, Event]] = []
    for event in steps.STEPS[name][1](world):
        frames.append(world.view())
        if event is not None:
            events.append((len(frames) - 1, event))
    return Session(seed, split, 'narrate', frames, [], style, events)  # type: ignore[arg-type]


@pytest.mark.parametrize('name', list(steps.STEPS))
def test_steps_end_and_say_what_can_be_read(name: str) -> None:
    """A terminal breaks long lines, and a panel may be three rows high: most names can be read, not all."""
    slots = unread = 0
    for seed in range(12):
        session = play(name, seed)
        assert 3 < len(session.frames) < 400
        assert session.events or name == 'real_watch'
        due = [frame for frame, _ in session.events]
        assert len(set(due)) == len(due)
        seen = ''
        for frame, lines in enumerate(screen_text.deltas(session, random.Random(0), 0.0, 0.0)):
            seen += '\n'.join(line.text for line in lines) + '\n'
            for at, event in session.events:
                if at == frame:
                    assert event.kind in NARRATION
                    slots += len(event.slots)
                    unread += sum(scoring.folded(value) not in seen for value in event.slots.values())
    assert unread <= slots * 0.25, (unread, slots)


@pytest.mark.parametrize('split', ['train', 'test'])
def test_held_out_tools_are_played_in_tests_only(split: str, monkeypatch: pytest.MonkeyPatch) -> None:
    played: Counter[bool] = Counter()

    def spy(some: list[Recording], names: Names, project: str) -> list[Replay]:
        played.update(each['held_out'] for each in some)
        return replay_all(some, names, project)

    monkeypatch.setattr(steps, 'replay_all', spy)
    monkeypatch.setattr(steps, 'replay', lambda recording, names, project: spy([recording], names, project)[0])
    for name in steps.STEPS:
        for seed in range(4):
            play(name, seed, split)
    assert (played[True] > 0) == (split == 'test')
    assert played[False] > 0
    assert any(choose(Names(random.Random(seed), 'test'), KINDS)['held_out'] for seed in range(40))
