"""Cases of what was due and what was said, with the figures they give: test/golden/scoring.json, which scoring.py and the program are tested against.

Usage: python -m evaluation.scoring_cases  # writes the file
"""

from __future__ import annotations

import json
from typing import Any

from config import ROOT, StreamConfig
from evaluation.scoring import KindClassifier, Score, is_named, match
from evaluation.truth import Answer, Clip, Due, Heard, Question, QuestionKind, Reply, clip_json, definitions, heard_json

NOT_SEEN = StreamConfig.not_seen_reply
GOLDEN = ROOT.parent / 'test' / 'golden' / 'scoring.json'

PHRASINGS = [
    ('open', 'Opened `{file}`.'), ('open', 'Now looking at `{file}`.'), ('open', 'Opened a file.'),
    ('command', 'Ran `{command}`.'), ('run_ok', 'Ran `{command}`.'), ('run_ok', 'Ran `{command}` successfully.'), ('command', 'Ran a command in the terminal.'),
    ('tests_fail', 'Ran `{command}`: `{test}` fails with `{error}`.'), ('side_hide', 'Closed the side bar.'),
]  # fmt: skip

MATCHING: dict[str, tuple[list[float], list[float]]] = {
    'nothing': ([], []),
    'nothing said': ([1.0], []),
    'the edges of the window': ([10.0, 20.0, 30.0, 40.0], [9.0, 18.999, 33.0, 43.001]),
    'the nearest of two replies': ([10.0], [9.5, 10.5, 12.0]),
    'late rather than early': ([10.0, 11.0], [10.5]),
    'as many as possible before the least delay': ([10.0, 12.0], [11.5, 12.0]),
    'a chain': ([1.0, 3.0, 5.0], [3.0, 5.0, 8.0]),
    'a chain with one reply too few': ([1.0, 3.0, 5.0], [3.5, 5.5]),
    'two steps at once': ([4.0, 4.0, 4.5], [4.0, 4.5, 4.5]),
    'a burst for one step': ([4.0], [3.0, 3.5, 4.0, 4.5, 5.0, 5.5]),
}
KINDS = [
    'Opened `app.py`.', 'Opened app.py.', 'Opened a file.', 'Ran `npm test`.', 'Ran `npm test` successfully.', 'Ran a command in the terminal.',
    'Ran `pytest -x`: `test_a` fails with `KeyError`.', 'Closed  the side bar.', 'closed the side bar.', '', 'Opened.', 'Opened `a (b) [c].txt`.',
]  # fmt: skip
SLOTS = [
    ('Opened `app.py`.', 'app.py'), ('Opened `my app.py`.', 'app.py'), ('Opened app.py.', 'app.py'), ('Opened myapp.py.', 'app.py'), ('Opened app.pyi.', 'app.py'), ('Ran `pytest  -x`: `t` fails.', 'pytest -x'),
    ('Ran pytest -x.', '-x'), ('Set a to 12.', '12'), ('Set a to 112.', '12'), ('Set `a` to 12.', '12'), ('It says "a b".', '"a b"'), ('An open ` quote', 'quote'), ('Nothing', ''),
]  # fmt: skip


def step(seconds: float, kind: str, **slots: str) -> Due:
    sentence = next((text for other, text in PHRASINGS if other == kind), '')
    return Due(seconds, kind, sentence.format(**slots) if slots else sentence, slots)


def asked(kind: QuestionKind, expected: str, moment: float | None = None, **slots: str) -> Question:
    return Question(20.0, kind, 'Which one?', expected, slots, moment)


OPENED = [step(5.0, 'open', file='app.py'), step(20.0, 'command', command='npm test'), step(40.0, 'tests_fail', command='pytest', test='test_a', error='KeyError')]
CASES: dict[str, list[tuple[Clip, Heard]]] = {
    'nothing to count': [],
    'all right': [(Clip(60.0, steps=OPENED), Heard([Reply(5.0, 'Opened `app.py`.'), Reply(20.5, 'Ran `npm test`.'), Reply(41.0, 'Ran `pytest`: `test_a` fails with `KeyError`.')]))],
    'nothing said': [(Clip(60.0, steps=OPENED), Heard(withheld=2, ungrounded=1, looping=1))],
    'less said, and wrong names': [(Clip(60.0, steps=OPENED), Heard([Reply(5.5, 'Opened a file.'), Reply(19.0, 'Ran `npm tset`.'), Reply(43.0, 'Ran `pytest`: `test_b` fails with `KeyError`.')]))],
    'wrong kind with the right name': [(Clip(60.0, steps=OPENED), Heard([Reply(5.5, 'Ran `app.py`.'), Reply(20.0, 'Closed the side bar.'), Reply(40.0, 'Something `test_a` odd.')]))],
    'said again, and out of nothing': [
        (
            Clip(60.0, steps=OPENED),
            Heard([Reply(5.0, 'Opened `app.py`.'), Reply(6.0, 'Now looking at `app.py`.'), Reply(14.5, 'Opened app.py.'), Reply(16.5, 'Opened `app.py`.'), Reply(50.0, 'Opened `b.py`.'), Reply(59.0, 'Opened `b.py`.')]),
        )
    ],
    'two clips': [
        (Clip(30.0, steps=[step(3.0, 'side_hide')]), Heard([Reply(2.0, 'Closed the side bar.')])),
        (Clip(30.0, steps=[step(3.0, 'side_hide'), step(9.0, 'run_ok', command='make')]), Heard([Reply(12.0, 'Ran `make`.'), Reply(13.0, 'Ran `make`.')], withheld=1)),
    ],
    'nothing happens': [(Clip(300.0, 'nothing'), Heard([Reply(10.0, 'Opened `a`.'), Reply(100.0, 'Opened `a`.')])), (Clip(300.0, 'nothing'), Heard())],
    'the open file, told where nothing happens': [
        (Clip(120.0, 'nothing', steps=[step(1.0, 'open', file='app.py')]), Heard([Reply(1.5, 'Opened `app.py`.'), Reply(2.0, 'Opened `app.py`.'), Reply(70.0, 'Opened `app.py`.')])),
        (Clip(120.0, 'nothing', steps=[step(1.0, 'open', file='app.py')]), Heard([Reply(4.5, 'Opened `app.py`.')])),
    ],
    'requests': [
        (Clip(60.0, 'standing', requests=[step(20.0, 'alert', command='make')], instruction='Tell me.'), Heard([Reply(20.0, 'They ran `make`.')])),
        (Clip(60.0, 'standing', requests=[step(20.0, 'alert')], instruction='Tell me.'), Heard([Reply(19.5, 'Now.'), Reply(20.5, 'Now.')])),
        (Clip(60.0, 'standing', requests=[step(20.0, 'alert')], instruction='Tell me.'), Heard([Reply(19.0, 'Now.'), Reply(21.0, 'Now.')])),
        (Clip(60.0, 'standing', requests=[step(20.0, 'alert')], instruction='Tell me.'), Heard([Reply(21.0, 'Now.'), Reply(50.0, 'Now.')])),
        (Clip(60.0, 'standing', requests=[step(20.0, 'alert', command='make')], instruction='Tell me.'), Heard([Reply(23.5, 'They ran `make`.')])),
        (Clip(60.0, 'standing', requests=[step(20.0, 'alert'), step(30.0, 'alert')], instruction='Tell me.'), Heard([Reply(20.0, 'Now.'), Reply(25.0, 'Now.'), Reply(30.0, 'Now.')])),
        (Clip(60.0, 'standing', instruction='Tell me.'), Heard()),
        (Clip(60.0, 'standing', instruction='Tell me.'), Heard([Reply(3.0, 'Now.')])),
    ],
    'questions': [
        (
            Clip(
                60.0,
                steps=[],
                questions=[
                    asked('past', 'They ran npm test.', command='npm test'), asked('past', 'They ran npm test.', command='npm test'), asked('past', 'They ran npm test.', command='npm test'),
                    asked('current', 'Yes, the tests pass.'), asked('current', 'Yes, the tests pass.'), asked('next', 'They run make.', command='make'),
                    asked('when', 'At 0:12.', 12.0), asked('when', 'At 0:12.', 12.0), asked('when', 'At 0:12.', 12.0), asked('when', 'At 1:02:05.', 3725.0),
                    asked('unanswerable', NOT_SEEN), asked('unanswerable', NOT_SEEN), asked('unanswerable', NOT_SEEN),
                ],
            ),
            Heard(
                answers=[
                    Answer('The command was `npm test`.'), Answer('They ran npm tests.'), Answer(NOT_SEEN),
                    Answer('Yes, the  tests pass.'), Answer('No, a test fails.'), Answer('Then make runs.'),
                    Answer('That was at 0:14.'), Answer('It was 14.5 seconds in.'), Answer('Somewhere.', moments=[13.0, 40.0]), Answer('At 1:02:04.'),
                    Answer(NOT_SEEN), Answer('', is_abstaining=True), Answer('They ran make.'),
                ]
            ),
        )
    ],
}  # fmt: skip


def golden() -> dict[str, Any]:
    cases = []
    for name, clips in CASES.items():
        score = Score(KindClassifier(PHRASINGS))
        for clip, heard in clips:
            score.add(clip, heard)
        cases.append({'name': name, 'clips': [{**clip_json(clip), **heard_json(heard)} for clip, heard in clips], 'expected': score.summary()})
    truth = {**definitions(), 'phrasings': [{'kind': kind, 'text': text} for kind, text in PHRASINGS]}
    return {
        'note': 'Written by models/evaluation/scoring_cases.py. Pairs are (due, said); the seconds of a when are those that it asks for.',
        'truth': truth,
        'matching': [{'name': name, 'due': due, 'said': said, 'pairs': match(due, said)} for name, (due, said) in MATCHING.items()],
        'kinds': [{'text': text, 'kinds': sorted(KindClassifier(PHRASINGS).kinds(text))} for text in KINDS],
        'slots': [{'text': text, 'value': value, 'isRight': is_named(value, text)} for text, value in SLOTS],
        'cases': cases,
    }


if __name__ == '__main__':
    GOLDEN.write_text(json.dumps(golden(), ensure_ascii=False, indent=1) + '\n')
    print(f'{len(CASES)} cases -> {GOLDEN}')
