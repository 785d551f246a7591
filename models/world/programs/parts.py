"""What the programs beyond the editor's window are made of: texts, boxes, and a place that fills the screen with panes.

A `Place` is a program (an IDE, a full-screen text editor, a browser ...) that rebuilds its panes from its fields after every action. Steps are
its methods (steps.py); one place may stand beside others in the same picture.
"""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from config import StreamConfig
from screen import render
from screen.canvas import HEIGHT, WIDTH, Box
from screen.view import Pane, PaneKind, Row, RowLook, View
from text import snippets
from text.corpus import Corpus
from text.terminal import ToolRun
from text.vocabulary import VERBS, Split
from world.developer import Step, World
from world.session import Event

FULL: Box = (0, 0, WIDTH, HEIGHT)

LABELS = """New|Open|Save|Save all|Export|Import|Share|Filter|Sort|Refresh|Run|Stop|Edit|Delete|Duplicate|Rename|Settings|Help|Overview|Details|History|Activity|Members|Billing|Usage|Logs|Metrics|Alerts|Search|Upload
Download|Preview|Publish|Archive|Cancel|Apply|Close|Next|Back|Finish|Sign in|Sign up|Sign out|Add item|Remove|Reset|Copy link|View all|Show more|Learn more|Get started|Documentation|Pricing|Blog|Community|Support|Contact|About""".replace('\n', '|').split('|')
PEOPLE = ('alex', 'sam', 'maria', 'jon', 'kim', 'lea', 'omar', 'nina', 'tom', 'yuki', 'ravi', 'eva', 'max', 'priya', 'leo', 'ana')


# --- texts ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _corpus(split: Split) -> Corpus | None:
    """The real texts of the machine that trains; none where they were not collected."""
    try:
        return Corpus.load(split)
    except FileNotFoundError:
        return None


def document(world: World, kind: str) -> list[str]:
    """The lines of one real document, or invented ones."""
    corpus = _corpus(world.names.split)
    if corpus is None:
        return [world.names.sentence() for _ in range(world.rng.randint(6, 24))]
    return corpus.document(world.rng, kind).lines


def lines(world: World, kind: str, count: int, longest: int = 90) -> list[str]:
    """So many real lines, from one place in a document as far as it goes."""
    found: list[str] = []
    while len(found) < count:
        texts = document(world, kind)
        found += [text[:longest] for text in texts[world.rng.randrange(len(texts)) :]]
    return found[:count]


def line(world: World, kind: str, low: int = 8, high: int = 44) -> str:
    """One real line that can be quoted: printable, neither long nor short, without wide gaps."""
    for _ in range(8):
        text = ' '.join(world.rng.choice(document(world, kind)).split()).strip(' .,:;#*-|>=')
        if low <= len(text) <= high and text.isascii() and '`' not in text and sum(char.isalpha() for char in text) > len(text) // 2:
            return text
    return world.names.words(2, 4).capitalize()[:high].strip()


def label(world: World) -> str:
    """A short name of a button, tab or entry."""
    return world.rng.choice(LABELS) if world.rng.random() < 0.5 else line(world, 'interface', 4, 22)


def labels(world: World, low: int, high: int) -> list[str]:
    """Different ones."""
    return list(dict.fromkeys(label(world) for _ in range(world.rng.randint(low, high))))


def code(world: World, rows: int, language: str = '') -> list[str]:
    """Source text: half of it real."""
    if world.rng.random() < 0.5:
        return lines(world, 'code', rows, 100)
    language = language or world.language
    return snippets.source_file(world.names, f'x.{language}', language, rows)[:rows]


def person(world: World) -> str:
    return world.rng.choice(PEOPLE) if world.rng.random() < 0.5 else world.names.word() + world.rng.choice(('', str(world.rng.randint(1, 99))))


def table(world: World, columns: int, rows: int) -> list[list[str]]:
    """Cells of a result, the heading first; every column has one kind of values."""
    rng, names = world.rng, world.names
    makers: list[tuple[str, Callable[[], str]]] = [
        (rng.choice(('name', 'title', 'label', names.word())), lambda: ' '.join(names.pair())),
        (rng.choice(('email', 'contact')), lambda: f'{person(world)}@{names.word()}.com'),
        (rng.choice(('status', 'state')), lambda: rng.choice(('active', 'pending', 'done', 'failed', 'open', 'closed'))),
        (rng.choice(('created', 'updated', 'date')), lambda: f'20{rng.randint(18, 26)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}'),
        (rng.choice(('price', 'total', 'amount', names.word())), lambda: f'{rng.randint(1, 900)}.{rng.randint(0, 99):02}'),
        (rng.choice(('count', 'size', names.word())), lambda: str(rng.randint(1, 9999))),
        (names.variable('py'), names.word),
        (rng.choice(('city', 'region', names.word())), lambda: names.word().capitalize()),
    ]
    rest = rng.sample(makers[1:], min(columns - 1, len(makers) - 1))
    chosen = [makers[0], *rest]
    return [[name for name, _ in chosen], *([make() for _, make in chosen] for _ in range(rows))]


def aligned(cells: Sequence[Sequence[str]], gap: int = 4, joint: str = ' ') -> list[str]:
    """A table as text for a monospaced font; a joint such as '|' between the columns."""
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    separator = ' ' * gap if joint == ' ' else f' {joint} '
    return [separator.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


# --- boxes ------------------------------------------------------------------------------------------------------------------


def cut(box: Box, side: str, px: int) -> tuple[Box, Box]:
    """A piece of a box at one of its sides (left, top, right, bottom), and the rest."""
    left, top, right, bottom = box
    match side:
        case 'left':
            return (left, top, left + px, bottom), (left + px, top, right, bottom)
        case 'right':
            return (right - px, top, right, bottom), (left, top, right - px, bottom)
        case 'top':
            return (left, top, right, top + px), (left, top + px, right, bottom)
        case _:
            return (left, bottom - px, right, bottom), (left, top, right, bottom - px)


def centred(box: Box, width: int, height: int, lift: float = 0.5) -> Box:
    """A box in the middle of another; `lift` says how far down."""
    width, height = min(width, box[2] - box[0] - 8), min(height, box[3] - box[1] - 8)
    left, top = (box[0] + box[2] - width) // 2, box[1] + int((box[3] - box[1] - height) * lift)
    return (left, top, left + width, top + height)


def some_window(world: World) -> Box:
    """Where a program's window is: mostly the whole screen."""
    rng = world.rng
    roll = rng.random()
    if roll < 0.65:
        return FULL
    if roll < 0.8:
        margin = rng.choice((8, 20, 40))
        return (margin, margin, WIDTH - margin, HEIGHT - margin)
    if roll < 0.9:
        return (0, rng.choice((22, 26)), WIDTH, HEIGHT - rng.choice((0, 0, 48)))
    return (rng.randint(0, 120), rng.randint(0, 60), WIDTH - rng.randint(0, 120), HEIGHT - rng.randint(0, 60))


# --- places ---------------------------------------------------------------------------------------------------------------------


def rows_of(texts: Iterable[str], look: RowLook = 'plain', level: int = 0) -> list[Row]:
    return [Row(text, level, look=look) for text in texts]


class Place:
    """A program on the screen. Its fields say what it shows; `draw` rebuilds the picture."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        self.world, self.rng, self.names = world, world.rng, world.names
        self.box = box or some_window(world)
        self.beside: list[Place] = []  # what else is on the screen, behind
        self.over: list[Pane] = []  # popups and dialogs
        self.seed = self.rng.random()  # of what is drawn at random but stays the same
        self.recent: deque[View] = deque(maxlen=4)  # what was drawn last, the newest at the end
        self.is_test = world.names.split == 'test'

    def panes(self) -> list[Pane]:
        """Everything the program shows, from back to front, without what lies over it."""
        raise NotImplementedError

    def enter(self) -> Step:
        """The program comes on the screen."""
        self.draw()
        yield None

    # --- drawing

    def draw(self) -> None:
        behind = [pane for place in self.beside for pane in place.panes()]
        self.world.set(app='panes', panes=(*behind, *self.panes(), *self.over), popup=None, notification=())
        self.recent.append(self.world.view())

    def bar(self, box: Box, texts: Iterable[str], region: str = 'other', kind: PaneKind = 'tabs', active: str = '') -> Pane:
        """Texts beside each other."""
        return Pane(kind, region, box, tuple(Row(text, look='selected' if text == active else 'plain') for text in texts))

    def row_px(self, kind: PaneKind) -> int:
        """Height of one row of a pane, about."""
        style, zoom = self.world.style, float(self.world.values['zoom'])  # type: ignore[arg-type]
        height = style.line_px if kind in ('editor', 'terminal') else style.interface_px + 9
        return max(8, int((height + {'page': 2, 'slide': 21}.get(kind, 0)) * zoom))

    def fitting(self, box: Box, kind: PaneKind) -> int:
        """How many rows fit."""
        return max(2, (box[3] - box[1] - 10) // self.row_px(kind))

    def choice(self, common: Sequence[str], held_out: Sequence[str] = ()) -> str:
        """One of the layouts; some are only for sessions of the test split."""
        return self.rng.choice((*common, *held_out) if self.is_test else common)

    # --- what a step does

    def told(self, kind: str, **slots: str) -> Step:
        """Draws, and says on the second frame what happened."""
        self.draw()
        yield None
        yield self.event(kind, **slots)

    def shown(self, kind: str, **slots: str) -> Step:
        """Draws, and says at once what only the picture shows."""
        self.draw()
        yield self.event(kind, **slots)

    def quietly(self) -> Step:
        """Draws what nobody would mention."""
        self.draw()
        yield None

    def event(self, kind: str, **slots: str) -> Event | None:
        """The event with the names that can be read; none when a name it needs is cut off."""
        return event(self.world, kind, slots, self.recent)

    def typed(self, text: str, show: Callable[[str], None], speed: int = 10) -> Step:
        """Types into something: `show` gets what stands there so far. It stands there completely with the next frame."""
        for length in snippets.typing_chunks(self.rng, text, self.rng.choice((speed // 2, speed, speed * 2))):
            show(text[:length])
            self.draw()
            if length < len(text):
                yield None

    def pause(self, low: int, high: int) -> Step:
        yield from self.world.pause(low, high)

    def popup(self, rows: Sequence[Row], x: int, y: int, width: int = 260, kind: PaneKind = 'menu', region: str = 'popup') -> Pane:
        """A small box at a point, kept inside the program."""
        height = min(len(rows) * self.row_px(kind) + 14 + sum(self.row_px(kind) // 2 for row in rows if row.look in ('button', 'input')), self.box[3] - self.box[1] - 20)
        left, top = max(self.box[0], min(x, self.box[2] - width)), max(self.box[1], min(y, self.box[3] - height))
        return Pane(kind, region, (left, top, left + width, top + height), tuple(rows), True)

    def dialog(self, rows: Sequence[Row], width: int = 0, lift: float = 0.4, region: str = 'dialog', kind: PaneKind = 'dialog') -> Pane:
        """A box in the middle of the program."""
        width = width or self.rng.randint(380, 620)
        height = sum(self.row_px(kind) + (9 if row.look in ('button', 'input') else 0) for row in rows) + 20
        return Pane(kind, region, centred(self.box, width, height, lift), tuple(rows), True)

    def peek(self, pane: Pane, low: int, high: int) -> Step:
        """A popup that comes and goes: nothing to say."""
        self.over.append(pane)
        self.draw()
        yield from self.pause(low, high)
        self.over.remove(pane)
        self.draw()
        yield None


OPTIONAL = {'typed': ('field',), 'selected': ('field',), 'browser': ('url',), 'completions': ('second',), 'listed': ('second',), 'debug_pause': ('name', 'file'), 'closed': ('name',), 'saved': ('file',), 'push': ('branch',), 'tests_fail': ('error',)}


def event(world: World, kind: str, slots: Mapping[str, str], before: Iterable[View] = ()) -> Event | None:
    """An event with the slots that stand on the screen, or stood there in the views before; none when one that it needs does not."""
    views = (world.view(), *reversed(list(before)))
    known = {name: value for name, value in slots.items() if value and any(_can_be_read(world, view, value) for view in views)}
    missing = set(slots) - set(known) - set(OPTIONAL.get(kind, ()))
    return None if missing else Event(kind, known)


def _can_be_read(world: World, view: View, value: str) -> bool:
    """Whether whole words of a line are the value, before the line is cut."""
    return any(_stands_in(value, line.text[: StreamConfig.max_line_chars]) for line in render.visible_lines(view, world.style))


def _stands_in(value: str, text: str) -> bool:
    """Whether whole words of a line are the value."""
    return value in text and re.search(rf'(?<!\w){re.escape(value)}(?!\w)', text) is not None


def told(world: World, kind: str, **slots: str) -> Step:
    """The same as `Place.told` for what is laid over anything."""
    yield None
    yield event(world, kind, slots)


def named(run: ToolRun) -> dict[str, str]:
    """The names of a tool's run that are told."""
    return {'error' if name == 'message' and run.kind == 'run_error' else name: value for name, value in run.slots.items() if name != 'output'}


# --- pieces that several programs have ---------------------------------------------------------------------------------------------


def tree(world: World, rows: int, seed: float) -> list[Row]:
    """A project tree: folders, open and closed, and files, with the usual ones around."""
    rng = random.Random(seed)
    found = [Row(world.project, mark='open')]
    for folder in sorted(set(world.folder.values())):
        if folder:
            found.append(Row(folder, 1, mark='open'))
        found += [Row(name, 2 if folder else 1, look='selected' if name == world.file else 'plain') for name in sorted(world.files) if world.folder[name] == folder]
    usual = ['.gitignore', 'README.md', 'LICENSE', 'Dockerfile', 'Makefile', 'package.json', 'tsconfig.json', 'pyproject.toml', '.env', 'docker-compose.yml', 'requirements.txt', 'go.mod', 'Cargo.toml', '.editorconfig']
    extra = [*(Row(name, 1, mark='closed') for name in rng.sample(('node_modules', 'dist', '.venv', 'target', '.git', 'assets', 'migrations', 'static'), 3)), *(Row(name, 1) for name in rng.sample(usual, rng.randint(3, 7)))]
    found += [*extra, Row(rng.choice(('External Libraries', 'Scratches and Consoles', 'OUTLINE', 'Bookmarks')), 0, mark='closed')]
    return found[:rows]


def message(world: World) -> str:
    """What a commit, a title of an issue or a task says."""
    lead = world.rng.choice(('', '', 'fix: ', 'feat: ', 'docs: ', 'Add ', 'Fix ', 'Support '))
    verb, noun = world.names.pair(VERBS)
    return f'{lead}{verb} {noun} {world.names.words(1, 2)}' if lead.endswith(': ') or not lead else f'{lead}{noun} {world.names.words(1, 3)}'


def ago(rng: random.Random) -> str:
    return rng.choice((f'{rng.randint(2, 59)} minutes ago', f'{rng.randint(2, 23)} hours ago', f'{rng.randint(2, 30)} days ago', 'yesterday', 'last month', f'{rng.randint(2, 9)} years ago'))
