"""What a simulated session is made of: frames, what happened in them, and the turns of a conversation about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

from screen.view import WHOLE, Style, View
from text.vocabulary import Split

Role = Literal['user', 'assistant']
Mode = Literal['narrate', 'standing', 'quiet', 'questions']


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said, after the decision at frame index `frame` (-1: before the first frame)."""

    frame: int
    role: Role
    text: str
    kind: str
    slots: dict[str, str] = field(default_factory=dict)  # names in the text that were copied from the screen; unasked, they stand between backticks
    less: str = ''  # what is said instead when a name could not be read
    asked: bool = False  # a reply to the user turn just before it
    evidence: int = -1  # of an answer: the frame that showed what it says; -1 none


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: what kind, and the names a narration of it must copy."""

    kind: str
    slots: dict[str, str]


class Conversation(Protocol):
    """What a training sequence needs to know of a session, simulated or recorded; a frame is anything that differs where the picture does."""

    __dataclass_fields__: ClassVar[dict[str, Any]]  # a dataclass: sequences are made of changed copies

    @property
    def mode(self) -> Mode: ...
    @property
    def frames(self) -> Sequence[object]: ...
    @property
    def turns(self) -> list[Turn]: ...
    @property
    def shows_part(self) -> bool: ...


@dataclass(slots=True)
class Session:
    """Frames (2 a second) and turns of one simulated video."""

    seed: int
    split: Split
    mode: Mode
    frames: list[View]
    turns: list[Turn]
    style: Style
    events: list[tuple[int, Event]]  # (due frame, event), said or not
    first_frame: int = 0  # after `crop`: how many frames were cut off
    before: View | None = None  # after `crop`: the view before frames[0]; what it showed counts as read

    @property
    def shows_part(self) -> bool:
        """Whether the video shows a part of the desktop only."""
        return self.style.crop != WHOLE
