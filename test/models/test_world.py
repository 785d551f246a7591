"""Sessions and what is said about them."""

import random
from collections import Counter

import pytest

from text import snippets
from text.vocabulary import Names, is_held_out, pseudo_word
from vision.labels import ATTRIBUTES, labels_of
from world import dialogue, narration, screen_text, simulation
from world.session import Session

VISUAL_KINDS = frozenset(('debug_start', 'debug_stop', 'breakpoint', 'test_green', 'test_red', 'theme_light', 'theme_dark', 'side_show', 'side_hide', 'panel_open', 'panel_close'))
TEXTLESS = VISUAL_KINDS | {'terminal', 'server_stop', 'scroll'}


@pytest.fixture(scope='module')
def sessions() -> list[Session]:
    return [simulation.make_session(seed) for seed in range(150)]


def test_the_same_seed_gives_the_same_session() -> None:
    first, second = simulation.make_session(4), simulation.make_session(4)
    assert first.frames == second.frames
    assert first.turns == second.turns
    assert simulation.make_session(5).frames != first.frames


def test_lengths_and_turns_are_in_bounds(sessions: list[Session]) -> None:
    for session in sessions:
        assert 60 <= len(session.frames) <= 120
        assert [turn.frame for turn in session.turns] == sorted(turn.frame for turn in session.turns)
        for turn in session.turns:
            assert -1 <= turn.frame < len(session.frames)
            assert 0 < len(turn.text) <= narration.MAX_CHARS or turn.asked
            assert '{' not in turn.text or '{' in str(turn.slots)
            assert all(value in turn.text for value in turn.slots.values()), turn


def test_a_reply_follows_its_question(sessions: list[Session]) -> None:
    for session in sessions:
        for before, turn in zip([None, *session.turns], session.turns, strict=False):
            if turn.asked:
                assert before is not None and before.role == 'user' and before.frame == turn.frame


def test_names_in_replies_were_read_before_they_are_due(sessions: list[Session]) -> None:
    given = missing = 0
    for session in sessions:
        seen = ''
        texts = screen_text.deltas(session, random.Random(0), 0.0, 0.0)
        events = dict(session.events)
        for frame, lines in enumerate(texts):
            seen += '\n'.join(line.text for line in lines) + '\n'
            event = events.get(frame)
            if event and event.kind not in TEXTLESS:
                given += 1
                missing += not all(value in seen for value in event.slots.values())
    assert given > 500
    assert missing / given < 0.04


def test_text_evidence_is_not_complete_long_before_it_is_due(sessions: list[Session]) -> None:
    """A package is installed when the output says so; a commit when it is made."""
    for session in sessions[:60]:
        texts = screen_text.deltas(session, random.Random(0), 0.0, 0.0)
        for frame, event in session.events:
            if event.kind in ('browser', 'slide') and event.slots['title'].isascii() and len(event.slots['title']) < 30:
                before = [line.text for lines in texts[:frame] for line in lines]  # whole lines: an address has words of the title
                assert event.slots['title'] not in before
                assert any(event.slots['title'] in line.text for line in texts[frame])


def test_what_only_the_picture_shows_is_common(sessions: list[Session]) -> None:
    kinds = Counter(event.kind for session in sessions for _, event in session.events)
    share = sum(kinds[kind] for kind in VISUAL_KINDS) / kinds.total()
    assert share > 0.06
    missing = set(narration.NARRATION) - set(kinds) - {'scroll', 'chat', 'panel_close', 'test_red'}  # rare
    assert not missing, f'never happened in 150 sessions: {missing}'


@pytest.mark.parametrize('kind', ['test_green', 'test_red', 'theme_light', 'theme_dark'])
def test_visual_facts_leave_the_text_alone(sessions: list[Session], kind: str) -> None:
    found = 0
    for session in sessions:
        for frame, event in session.events:
            if event.kind == kind and frame > 0:
                before, after = session.frames[frame - 1], session.frames[frame]
                assert before.code == after.code and before.panel_lines == after.panel_lines and before.side_lines == after.side_lines
                assert labels_of(before, session.style) != labels_of(after, session.style)
                found += 1
    assert found


def test_modes(sessions: list[Session]) -> None:
    modes = Counter(session.mode for session in sessions)
    assert modes['narrate'] > modes['standing'] > 0
    quiet = simulation.make_session(11, mode='questions')
    instructions = [turn for turn in quiet.turns if turn.kind in ('narrate', 'standing')]
    if not instructions:
        assert all(turn.asked for turn in quiet.turns if turn.role == 'assistant')
    standing = [simulation.make_session(seed, mode='standing') for seed in range(40)]
    assert sum(any(turn.kind == 'alert' for turn in session.turns) for session in standing) > 20


def test_split_keeps_names_apart() -> None:
    train, test = Names(random.Random(1), 'train', 0.0), Names(random.Random(1), 'test', 0.0)
    assert not {train.pair() for _ in range(3000)} & {test.pair() for _ in range(3000)}
    assert any(is_held_out(pseudo_word(random.Random(seed))) for seed in range(60))


def test_code_defines_what_it_says() -> None:
    names = Names(random.Random(2), 'train')
    for language in ('py', 'ts', 'js', 'go', 'rs'):
        for _ in range(20):
            for snippet in (snippets.function(names, language), snippets.definition(names, language), snippets.import_of(names, language)):
                assert any(snippet.name in line for line in snippet.lines), snippet


def test_crop_starts_in_the_middle(sessions: list[Session]) -> None:
    for session in sessions[:40]:
        cut = simulation.crop(session, 25)
        assert cut.frames == session.frames[25:]
        assert cut.before == session.frames[24]
        assert all(turn.frame >= -1 for turn in cut.turns)
        for before, turn in zip([None, *cut.turns], cut.turns, strict=False):
            if turn.asked:
                assert before is not None and before.role == 'user'
                assert turn.kind == 'answer_none' or turn.evidence >= 0 or not turn.slots
        narrated = [(turn.frame + 25, turn.text) for turn in cut.turns if turn.kind in narration.NARRATION and turn.role == 'assistant']
        assert narrated == [(t.frame, t.text) for t in session.turns if t.frame >= 25 and t.kind in narration.NARRATION and t.role == 'assistant']


def test_recall_answers_are_in_the_rows(sessions: list[Session]) -> None:
    answers: Counter[str] = Counter()
    for session in sessions[:80]:
        for rows, question, answer, slots in dialogue.recall_examples(session, random.Random(session.seed)):
            assert [row[2] for row in rows] == sorted(row[2] for row in rows)
            known = '\n'.join(text for _, text, _ in rows)
            assert all(value in known and value in answer for value in slots.values())
            if question == 'Summarize what happened.':
                answers['summary'] += 1
                assert all(kind == 'guidance' for kind, _, _ in rows)
                assert len(answer) <= 160
            else:
                answers['none' if answer == dialogue.NOT_SEEN else 'answer'] += 1
    assert answers['summary'] == 80
    assert answers['answer'] > answers['none'] > 40


def test_labels_cover_every_attribute(sessions: list[Session]) -> None:
    for session in sessions[:20]:
        for view in session.frames[::9]:
            labels = labels_of(view, session.style)
            assert set(labels) == set(ATTRIBUTES)
            assert all(-1 <= value < ATTRIBUTES[name] for name, value in labels.items()), labels
