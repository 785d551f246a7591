"""A simulated coding session: what happened, what the screen showed, what was said about it.

`make_session(seed)` plays a scripted developer in a small world (files, tabs, terminal, browser, slides) and records one `View`
of the screen per sampled frame (2 a second) and the conversation turns that belong to it. Nothing is painted here: `render.py` turns a view
into lines of text with boxes, or into a picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Role = Literal["user", "assistant"]
App = Literal["editor", "terminal", "browser", "slide"]
TestBar = Literal["none", "green", "red"]


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text a reader would see as one line; box in pixels of the 1280x720 picture."""

    text: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said. It happens after the decision at frame index `frame` (-1: before the first frame)."""

    frame: int
    role: Role
    text: str
    kind: str
    slots: dict[str, str] = field(default_factory=dict)  # names in the text that must be copied exactly
    asked: bool = False  # a reply to the user turn just before it


@dataclass(frozen=True, slots=True)
class Popup:
    """Something laid over the window: a quick pick, find box, rename box, hover, menu, suggestion list or notification."""

    kind: str
    lines: tuple[str, ...]
    row: int = 0  # editor row it is attached to (rename, hover, menu, suggest)
    column: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """All that decides the picture of one frame, apart from the session's `Style`."""

    app: App = "editor"
    project: str = ""
    language: str = ""
    tabs: tuple[str, ...] = ()
    active_tab: int = 0
    is_dirty: bool = False
    breadcrumb: tuple[str, ...] = ()
    side_view: str = "explorer"  # explorer | search | scm | debug | testing | extensions | hidden
    side_lines: tuple[tuple[int, str], ...] = ()  # (indentation level, text)
    code: tuple[str, ...] = ()  # visible lines of the active file
    first_line: int = 0  # index in the file of code[0]
    cursor: tuple[int, int] = (0, 0)  # row relative to first_line, column
    breakpoints: tuple[int, ...] = ()  # rows relative to first_line
    execution_row: int = -1  # row where the debugger stands, -1 none
    panel: str = "hidden"  # TERMINAL | PROBLEMS | OUTPUT | DEBUG CONSOLE | hidden
    panel_lines: tuple[str, ...] = ()
    terminal_state: str = "none"  # none typing run pass fail ok error: for the encoder's training only, never drawn
    popup: Popup | None = None
    notification: tuple[str, ...] = ()
    is_debugging: bool = False
    test_bar: TestBar = "none"
    is_alternate_theme: bool = False
    branch: str = "main"
    problems: tuple[int, int] = (0, 0)  # errors, warnings
    mouse: tuple[int, int] | None = None
    zoom: float = 1.0
    url: str = ""
    title: str = ""
    body: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Style:
    """Looks of one session: themes (by index in render.THEMES), fonts, sizes and which parts of the window exist."""

    seed: int = 0
    held_out: bool = False
    theme: int = 0
    alternate_theme: int = 1
    mono_font: str = ""
    sans_font: str = ""
    code_px: int = 16
    interface_px: int = 13
    line_spacing: float = 1.35


@dataclass(slots=True)
class Session:
    """Frames and turns of one simulated video. `mode` is narrate, standing, quiet or questions."""

    seed: int
    mode: str
    frames: list[View]
    turns: list[Turn]
    style: Style
    split: str = "train"
