"""Looks of simulated windows: colour themes, fonts and layout, drawn once per session."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from screen.view import WHOLE, Style

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one editor theme."""

    background: Colour
    side: Colour
    activity: Colour
    tab_bar: Colour
    active_tab: Colour
    text: Colour
    dim: Colour
    keyword: Colour
    string: Colour
    panel: Colour
    status: Colour

    @property
    def is_light(self) -> bool:
        return sum(self.background) > 380


def _theme(colours: str) -> Theme:
    parsed = [(int(c[:2], 16), int(c[2:4], 16), int(c[4:], 16)) for c in colours.split()]
    return Theme(*parsed)


# background side activity tab-bar active-tab text dim keyword string panel status
THEMES = tuple(
    _theme(colours)
    for colours in (
        '1e1e1e 252526 333333 252526 1e1e1e d4d4d4 858585 569cd6 ce9178 181818 007acc',
        '1f1f1f 181818 181818 181818 1f1f1f cccccc 6e7681 569cd6 ce9178 181818 0078d4',
        '282c34 21252b 21252b 21252b 282c34 abb2bf 5c6370 c678dd 98c379 21252b 3d6fa8',
        '272822 1e1f1c 272822 1e1f1c 272822 f8f8f2 90908a f92672 e6db74 1e1f1c 5a5a4a',
        '282a36 21222c 343746 191a21 282a36 f8f8f2 6272a4 ff79c6 f1fa8c 21222c 6d4fa0',
        '0d1117 010409 0d1117 010409 0d1117 c9d1d9 6e7681 ff7b72 a5d6ff 010409 21262d',
        '1a1b26 16161e 16161e 16161e 1a1b26 a9b1d6 565f89 bb9af7 9ece6a 16161e 16161e',
        '011627 011627 011627 01111d 0b2942 d6deeb 5f7e97 c792ea ecc48d 011627 0b253a',
        'ffffff f3f3f3 2c2c2c ececec ffffff 222222 777777 0000ff a31515 ffffff 007acc',
        'ffffff f8f8f8 f8f8f8 f8f8f8 ffffff 3b3b3b 6e7681 0000ff a31515 f8f8f8 005fb8',
        'fdf6e3 eee8d5 ddd6c1 d9d2c2 fdf6e3 586e75 93a1a1 859900 2aa198 fdf6e3 586e75',
        'ffffff f6f8fa ffffff f6f8fa ffffff 24292f 6e7781 cf222e 0a3069 f6f8fa 57606a',
    )
)
HELD_OUT_THEMES = tuple(
    _theme(colours)
    for colours in (
        '002b36 00212b 003847 004052 002b36 93a1a1 586e75 859900 2aa198 002b36 2a6f80',
        '2e3440 2e3440 3b4252 3b4252 434c5e d8dee9 7b88a1 81a1c1 a3be8c 272c36 5e81ac',
        'fafafa eaeaeb eaeaeb eaeaeb ffffff 383a42 a0a1a7 a626a4 50a14f fafafa 526fff',
    )
)


# File names of fonts in fonts.json; the held-out ones never appear in training.
MONO_FONTS = (
    'DejaVuSansMono.ttf',
    'FiraCode-Regular.ttf',
    'JetBrainsMono-Regular.ttf',
    'JetBrainsMono-Medium.ttf',
    'NotoSansMono-Regular.ttf',
    'Cousine-Regular.ttf',
    'Inconsolata.otf',
    'mononoki-Regular.ttf',
    'OxygenMono-Regular.ttf',
)
SANS_FONTS = (
    'DejaVuSans.ttf',
    'Inter-Regular.otf',
    'Roboto-Regular.ttf',
    'OpenSans-Regular.ttf',
    'NotoSans-Regular.ttf',
    'Lato-Regular.ttf',
    'Arimo-Regular.ttf',
)
HELD_OUT_MONO_FONTS = ('Hermit-medium.otf', 'LeagueMono-Regular.otf')
HELD_OUT_SANS_FONTS = ('Carlito-Regular.ttf', 'Cabin-Regular.otf')


def make_style(seed: int, is_held_out: bool = False) -> Style:
    """The looks of session `seed`. Held-out looks (themes, fonts, mirrored layouts) are only for testing."""
    rng = random.Random(seed * 7919 + 13)
    themes = HELD_OUT_THEMES if is_held_out else THEMES
    theme = rng.randrange(len(themes))
    others = [i for i, other in enumerate(themes) if other.is_light != themes[theme].is_light]
    code_px = rng.choice((12, 13, 14, 15, 16, 17, 18, 20, 22))
    interface_px = rng.choice((11, 12, 13, 13, 14, 15))
    title_kind = rng.choice(('menu', 'menu', 'centred', 'none'))
    return Style(
        seed=seed,
        is_held_out=is_held_out,
        theme=theme,
        alternate_theme=rng.choice(others),
        colour_shift=(rng.randint(-5, 5), rng.randint(-5, 5), rng.randint(-5, 5)),
        mono_font=rng.choice(HELD_OUT_MONO_FONTS if is_held_out else MONO_FONTS),
        sans_font=rng.choice(HELD_OUT_SANS_FONTS if is_held_out else SANS_FONTS),
        code_px=code_px,
        interface_px=interface_px,
        line_px=round(code_px * rng.choice((1.25, 1.35, 1.5))),
        title_px=0 if title_kind == 'none' else interface_px * 2 + rng.choice((2, 6, 10)),
        title_kind=title_kind,
        activity_px=rng.choice((0, 36, 48, 48)),
        side_px=rng.choice((180, 220, 260, 300, 340)),
        is_side_right=is_held_out and rng.random() < 0.6,
        is_panel_right=is_held_out and rng.random() < 0.4,
        panel_fraction=rng.choice((0.28, 0.35, 0.42)),
        tab_px=interface_px * 2 + rng.choice((4, 9)),
        crumb_px=rng.choice((0, interface_px + 9, interface_px + 9)),
        status_px=interface_px + rng.choice((7, 10)),
        gutter_gap_px=rng.choice((10, 20, 22, 24, 26, 28, 30)) + code_px // 2,
        has_minimap=rng.random() < 0.4,
        webcam=rng.choice(('none', 'none', 'none', 'none', 'bottom', 'top')),
        webcam_px=rng.randint(100, 170),
        margin_px=rng.choice((0, 0, 0, 0, 16, 28)),
        test_bar_place=rng.choice(('editor', 'panel', 'side')),
        test_bar_px=rng.choice((18, 24, 32)),
    )


def cropped(style: Style, rng: random.Random) -> Style:
    """The style of a video that shows a part of the desktop, as recordings for a documentation do."""
    width, height = rng.randint(560, 1200), rng.randint(330, 690)
    left = rng.choice((0, rng.randint(0, WHOLE[2] - width)))
    top = rng.choice((0, rng.randint(0, WHOLE[3] - height), rng.randint(0, WHOLE[3] - height)))
    return replace(style, crop=(left, top, left + width, top + height))


def theme_of(style: Style, is_alternate: bool) -> Theme:
    """The colours in use: the session's own theme or its alternate."""
    themes = HELD_OUT_THEMES if style.is_held_out else THEMES
    return themes[style.alternate_theme if is_alternate else style.theme]


def is_light(style: Style, is_alternate: bool) -> bool:
    return theme_of(style, is_alternate).is_light
