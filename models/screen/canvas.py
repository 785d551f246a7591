"""What regions of the screen are drawn on, and with which colours and fonts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from screen import fonts
from screen.fonts import Font
from screen.style import Colour, Theme, theme_of
from screen.view import Style

WIDTH, HEIGHT = 1280, 720
DEBUG_ORANGE: Colour = (0xCC, 0x66, 0x33)
GREEN: Colour = (0x2E, 0xA0, 0x43)
RED: Colour = (0xD1, 0x24, 0x2F)
MENUS = ('File', 'Edit', 'Selection', 'View', 'Go', 'Run', 'Terminal', 'Help')
PANELS = ('PROBLEMS', 'OUTPUT', 'DEBUG CONSOLE', 'TERMINAL')

Box = tuple[int, int, int, int]  # left, top, right, bottom


class Canvas(Protocol):
    """What regions draw on. Coordinates are those of the whole picture; y of a text is its top."""

    def rectangle(self, box: Box, fill: Colour, outline: Colour | None = None) -> None: ...

    def ellipse(self, box: Box, fill: Colour) -> None: ...

    def text(self, x: float, y: float, text: str, font: Font, colour: Colour) -> None: ...

    def code(self, x: float, y: float, text: str, font: Font, theme: Theme) -> None: ...


@dataclass(frozen=True, slots=True)
class Look:
    """Style of the moment: which theme is on and how far the window is zoomed."""

    style: Style
    is_alternate: bool
    zoom: float

    @property
    def theme(self) -> Theme:
        return theme_of(self.style, self.is_alternate)

    def px(self, length: int) -> int:
        return round(length * self.zoom)

    def interface(self, extra: int = 0) -> Font:
        return fonts.load(self.style.sans_font, self.px(self.style.interface_px + extra))

    def mono(self) -> Font:
        return fonts.load(self.style.mono_font, self.px(self.style.code_px))


def gutter_px(look: Look) -> int:
    """Width of the gutter: breakpoint column, line numbers, gap."""
    return round(look.px(20) + 3 * look.mono().width('0') + look.px(look.style.gutter_gap_px))


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with a share of `second`."""
    a, b = first, second
    return (round(a[0] + (b[0] - a[0]) * share), round(a[1] + (b[1] - a[1]) * share), round(a[2] + (b[2] - a[2]) * share))


def on_colour(background: Colour) -> Colour:
    """A text colour that can be read on a background."""
    return (30, 30, 30) if sum(background) > 400 else (235, 235, 235)
