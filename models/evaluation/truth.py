"""What was due in a clip and what was said about it, and the JSON of both: `truth.json` of a folder of rendered clips, which `codealong bench quality` reads too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from config import EvaluateConfig, StreamConfig
from world.narration import LESS, NARRATION

STREAM = StreamConfig()
EVALUATE = EvaluateConfig()
REQUEST_EARLY_SECONDS = 0.5  # a sampled frame
REPEAT_SECONDS = 10.0  # the same sentence again within these is redundant
WHEN_SECONDS = 2.0

ClipKind = Literal['session', 'standing', 'nothing']
QuestionKind = Literal['past', 'current', 'next', 'when', 'unanswerable']

SLOT_CLASSES = {  # by the name of the slot; all others are text
    'file': 'file', 'folder': 'file', 'path': 'file',
    'function': 'symbol', 'type': 'symbol', 'module': 'symbol', 'name': 'symbol', 'symbol': 'symbol', 'old': 'symbol', 'new': 'symbol', 'test': 'symbol', 'branch': 'symbol',
    'command': 'command', 'tool': 'command', 'entry': 'command',
    'package': 'package', 'error': 'error',
}  # fmt: skip
QUESTION_KINDS: dict[str, QuestionKind] = {  # by the kind of the answering turn
    'answer': 'past', 'answer_now': 'current', 'answer_state': 'current', 'answer_next': 'next', 'answer_when': 'when', 'answer_none': 'unanswerable',
}  # fmt: skip


# --- what was due ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """A step, or the moment a standing request waits for (kind 'alert')."""

    seconds: float
    kind: str
    sentence: str = ''
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Asked at `seconds`; `moment` is what a "when" asks for."""

    seconds: float
    kind: QuestionKind
    text: str
    expected: str
    slots: Mapping[str, str] = field(default_factory=dict)
    moment: float | None = None


@dataclass(frozen=True)
class Clip:
    """Of a session and of nothing its steps are due (of nothing the open file at most), of a standing request (`instruction`) its `requests`."""

    seconds: float
    kind: ClipKind = 'session'
    steps: Sequence[Due] = ()
    requests: Sequence[Due] = ()
    questions: Sequence[Question] = ()
    instruction: str = ''
    file: str = ''


# --- what was said --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reply:
    """Something the model said; `seconds` is the presentation time of the frame it was said at."""

    seconds: float
    text: str


@dataclass(frozen=True)
class Answer:
    """`moments` are the times of the rows cited, where the program gives them."""

    text: str
    is_abstaining: bool = False
    moments: Sequence[float] | None = None


@dataclass
class Heard:
    """All that was said about one clip; answers in the order of its questions. What was rolled back is only counted."""

    replies: list[Reply] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    withheld: int = 0
    ungrounded: int = 0
    looping: int = 0


def all_phrasings() -> list[tuple[str, str]]:
    """(kind, sentence) of everything narration can say."""
    return [(kind, phrasing) for table in (NARRATION, LESS) for kind, phrasings in table.items() for phrasing in phrasings]


# --- JSON -----------------------------------------------------------------------------------------------------------------------


def truth_json(clips: Iterable[Clip]) -> dict[str, Any]:
    """What a folder of rendered clips says about itself."""
    return {**definitions(), 'clips': [clip_json(clip) for clip in clips]}


def definitions() -> dict[str, Any]:
    return {
        'format': 1,
        'window': {
            'earlySeconds': EVALUATE.early_seconds,
            'lateSeconds': EVALUATE.late_seconds,
            'requestEarlySeconds': REQUEST_EARLY_SECONDS,
            'repeatSeconds': REPEAT_SECONDS,
            'whenSeconds': WHEN_SECONDS,
        },
        'notSeenReply': STREAM.not_seen_reply,
        'slotClasses': SLOT_CLASSES,
        'phrasings': [{'kind': kind, 'text': text} for kind, text in all_phrasings()],
    }


def clip_json(clip: Clip) -> dict[str, Any]:
    def due_json(due: Due) -> dict[str, Any]:
        return {'atSeconds': due.seconds, 'kind': due.kind, 'sentence': due.sentence, 'slots': dict(due.slots)}

    return {
        'file': clip.file,
        'seconds': clip.seconds,
        'kind': clip.kind,
        **({'instruction': clip.instruction} if clip.instruction else {}),
        'steps': [due_json(due) for due in clip.steps],
        'requests': [due_json(due) for due in clip.requests],
        'questions': [
            {
                'atSeconds': one.seconds, 'kind': one.kind, 'text': one.text, 'expected': one.expected, 'slots': dict(one.slots),
                **({} if one.moment is None else {'seconds': one.moment}),
            }
            for one in clip.questions
        ],
    }  # fmt: skip


def heard_json(heard: Heard) -> dict[str, Any]:
    def answer_json(answer: Answer) -> dict[str, Any]:
        moments = {} if answer.moments is None else {'seconds': list(answer.moments)}
        return {'text': answer.text, **({'abstained': True} if answer.is_abstaining else {}), **moments}

    return {
        'replies': [{'seconds': reply.seconds, 'text': reply.text} for reply in heard.replies],
        'answers': [answer_json(answer) for answer in heard.answers],
        'withheld': heard.withheld, 'ungrounded': heard.ungrounded, 'looping': heard.looping,
    }  # fmt: skip
