"""Slides, cards and whatever lies over a video: chat, captions, sponsors, messages of the system, cuts to something else."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from screen.canvas import HEIGHT, WIDTH, Box
from screen.view import Pane, Row, View
from world.developer import Step, World
from world.programs import parts
from world.programs.parts import FULL, Place, rows_of, told
from world.session import Event

CHAT = """hello from {place}|nice!|lol|what theme is that?|which editor is this?|can you zoom in a bit|first|is this live?|you forgot a semicolon|try restarting the server|great stream|why not use {word}?|audio is low|{word} is better|gg|W|does this work on windows?|typo in {word}
what font is that|love this series|how do I install {word}?|{number} viewers|wait what|missing import|rip|thanks for the explanation|can you share the repo?|do you use {word}?|good morning|I had the same error|refresh the page""".replace('\n', '|').split('|')
CAPTIONS = """so now we are going to {verb} the {word}|and as you can see|the next thing we want to do|let's go ahead and run this|if you take a look at the {word}|this is going to give us an error|that looks good|all right|so what I'm going to do is|we need to {verb} our {word} first
make sure that you save the file|and then we just pass in the {word}|before we go on|I already have a {word} here|so that's pretty much it|let me know in the comments|this one is really important""".replace('\n', '|').split('|')


def phrase(world: World, texts: list[str]) -> str:
    """One of the sentences, with words filled in."""
    names, rng = world.names, world.rng
    return rng.choice(texts).format(place=rng.choice(('Berlin', 'India', 'Brazil', 'Texas', 'Japan', 'Poland')), word=names.word(), number=rng.randint(3, 900), verb=rng.choice(('add', 'change', 'test', 'update', 'build')))


# --- slides -----------------------------------------------------------------------------------------------------------------------


class Deck(Place):
    """Slides: titles, points that come one by one, code, boxes with labels; shown full screen or in a program with thumbnails."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box or FULL)
        rng = self.rng
        self.layout = self.choice(('full', 'full', 'full', 'program'), ('notes',))
        self.footer = rng.choice((f'{self.names.word().capitalize()} {rng.randint(2019, 2026)}', f'{parts.person(world)} | {self.names.word()}.dev', '')) if rng.random() < 0.5 else ''
        self.number, self.count = rng.randint(1, 20), rng.randint(21, 60)
        self.kind = 'slide' if rng.random() < 0.7 else 'page'
        self.thumbnails = [self.names.title() for _ in range(rng.randint(4, 12))]
        self.fill()

    def fill(self) -> None:
        """Another slide; its points are hidden at first."""
        rng, names, world = self.rng, self.names, self.world
        self.title = names.title() if rng.random() < 0.7 else parts.line(world, 'prose', 8, 40)
        self.number += 1
        self.points: list[str] = []
        self.code: list[str] = []
        self.boxes: list[tuple[Box, str]] = []
        match rng.choice(('points', 'points', 'points', 'title', 'code', 'diagram', 'picture')):
            case 'points':
                self.points = [names.words(2, 6).capitalize() if rng.random() < 0.5 else parts.line(world, 'prose', 8, 50) for _ in range(rng.randint(2, 6))]
            case 'title':
                self.points = [parts.person(world).capitalize()] if rng.random() < 0.5 else []
            case 'code':
                self.code = parts.code(world, rng.randint(4, 14))
            case 'diagram':
                for index in range(rng.randint(2, 6)):
                    left, top = 110 + index % 3 * 370 + rng.randint(-20, 20), 240 + index // 3 * 190
                    self.boxes.append(((left, top, left + rng.randint(180, 280), top + 60), rng.choice((names.word().capitalize(), names.type_name(), f'{names.word()} service'))))
            case _:
                pass
        self.point_count = rng.choice((0, 0, len(self.points)))

    def panes(self) -> list[Pane]:
        box = self.box
        found: list[Pane] = []
        if self.layout != 'full':
            piece, box = parts.cut(box, 'top', 30)
            found.append(self.bar(piece, ['File', 'Edit', 'View', 'Insert', 'Format', 'Slide', 'Arrange', 'Present'], 'other'))
            piece, box = parts.cut(box, 'left', 200)
            found.append(Pane('list', 'other', piece, tuple(Row(f'{number}  {text}') for number, text in enumerate(self.thumbnails, 1))))
            if self.layout == 'notes':
                piece, box = parts.cut(box, 'bottom', 110)
                found.append(Pane('form', 'other', piece, (Row('Click to add speaker notes', look='dim'),)))
        left, top, right, bottom = box
        found.append(Pane('slide', 'slide', box, ()))
        heading_top = top + (60 if self.points or self.code or self.boxes else (bottom - top) // 3)
        lead = self.rng_mark
        found.append(Pane('slide', 'slide', (left + 60, heading_top, right - 20, heading_top + 70), (Row(self.title, look='heading'),)))
        if self.points:
            found.append(Pane('slide', 'slide', (left + 80, heading_top + 110, right - 20, bottom - 40), tuple(Row(f'{lead}{text}') for text in self.points[: self.point_count])))
        if self.code:
            found.append(Pane('editor', 'slide', (left + 90, heading_top + 100, right - 90, bottom - 50), tuple(rows_of(self.code))))
        found += [Pane('dialog', 'slide', place, (Row(text),)) for place, text in self.boxes[: max(1, self.point_count or len(self.boxes))]]
        if self.footer or self.layout == 'full':
            found.append(self.bar((left, bottom - 30, right, bottom), filter(None, (self.footer, f'{self.number} / {self.count}')), 'slide', 'bar') if self.footer else Pane('slide', 'slide', (right - 90, bottom - 44, right, bottom), (Row(str(self.number)),)))
        return found

    @property
    def rng_mark(self) -> str:
        """What stands before a point, the same on all slides."""
        return ('', '• ', '- ', '> ')[int(self.seed * 4)]

    def enter(self) -> Step:
        yield from self.told('slide', title=self.title)
        yield from self.points_come()

    def points_come(self) -> Step:
        """The points appear one by one: nothing to say."""
        while self.point_count < len(self.points):
            yield from self.pause(2, 6)
            self.point_count += 1
            self.draw()
            yield None

    def next(self) -> Step:
        self.fill()
        yield from self.told('slide', title=self.title)
        yield from self.points_come()


# --- over whatever is on the screen ----------------------------------------------------------------------------------------------------


def over(world: World, step: Step, pane: Callable[[], Pane | None], said: Callable[[], Event | None] = lambda: None) -> Step:
    """A step with a pane laid over it; what the pane tells is said on frames on which the step says nothing."""
    recent: deque[View] = deque(maxlen=40)
    for event in step:
        beneath, laid = world.panes, pane()
        if laid is not None:
            world.show(laid)
        if not recent or world.view() is not recent[-1]:
            recent.append(world.view())
        yield parts.event(world, event.kind, event.slots, recent) if event else said()
        world.set(panes=beneath)


class Stream:
    """The chat of a livestream at an edge: messages roll by, and now and then one is pinned."""

    def __init__(self, world: World) -> None:
        rng = world.rng
        self.world = world
        width, height = rng.randint(210, 330), rng.randint(160, 460)
        left = rng.choice((4, WIDTH - width - 4))
        top = rng.choice((40, HEIGHT - height - 30))
        self.box: Box = (left, top, left + width, top + height)
        self.messages: list[str] = []
        self.pinned = ''
        self.age = 0
        self.pane: Pane | None = None

    def __call__(self) -> Pane:
        world, rng = self.world, self.world.rng
        self.age += 1
        if self.pane is None or rng.random() < 0.25:
            self.messages = [*self.messages, f'{parts.person(world)}: {phrase(world, CHAT)}'][-(self.box[3] - self.box[1] - 40) // 26 :]
            if not self.pinned and rng.random() < 0.04:
                self.pinned, self.age = phrase(world, CHAT).strip('?!'), 0
            elif self.pinned and self.age > 12:
                self.pinned = ''
            heading = [Row('Live chat', look='dim')] if int(self.box[0]) % 2 else []
            pinned = [Row(self.pinned, look='selected')] if self.pinned else []
            self.pane = Pane('list', 'other', self.box, (*heading, *pinned, *rows_of(self.messages)), True)
        return self.pane

    def said(self) -> Event | None:
        """On the second frame of a pinned message; one that is asked of everybody is worth a word."""
        return parts.event(self.world, 'chat', {'text': self.pinned}) if self.pinned and self.age == 1 else None


def streamed(step: Callable[[World], Step]) -> Callable[[World], Step]:
    """The step within a livestream."""

    def play(world: World) -> Step:
        stream = Stream(world)
        yield from over(world, step(world), stream, stream.said)

    return play


def captioned(step: Callable[[World], Step]) -> Callable[[World], Step]:
    """The step with captions burnt in: they change all the time and say nothing."""

    def play(world: World) -> Step:
        rng = world.rng
        left, top = rng.choice((200, 300)), rng.choice((610, 640))
        shown: list[Pane | None] = [None]

        def caption() -> Pane | None:
            if rng.random() < 0.3:
                rows = rows_of(phrase(world, CAPTIONS) for _ in range(rng.choice((1, 1, 2))))
                shown[0] = Pane('hover', 'other', (left, top, WIDTH - left, top + 14 + len(rows) * 26), tuple(rows), True) if rng.random() < 0.85 else None
            return shown[0]

        yield from over(world, step(world), caption)

    return play


def zoomed(step: Callable[[World], Step]) -> Callable[[World], Step]:
    """The step on a screen that is zoomed in, so that only a part of most lines is seen."""

    def play(world: World) -> Step:
        before = world.values['zoom']
        world.set(zoom=world.rng.choice((1.4, 1.6, 1.9)))
        yield from step(world)
        world.set(zoom=before)

    return play


def passing(world: World, *panes: Pane) -> Step:
    """Panes that come, stay for a while and go: nothing to say."""
    beneath = world.panes
    world.show(*panes)
    yield from world.pause(2, 8)
    world.set(panes=beneath)
    yield None


def corner(world: World, width: int, height: int) -> Box:
    left, top = world.rng.choice((12, WIDTH - width - 12)), world.rng.choice((12, HEIGHT - height - 36))
    return (left, top, left + width, top + height)


def subscribe(world: World) -> Step:
    """An invitation to subscribe, a sponsor, a link in the description, a shortcut shown big."""
    rng, names = world.rng, world.names
    rows = rng.choice((
        [Row('Subscribe', look='button'), Row(f'{names.word().capitalize()} Coding  {rng.randint(1, 900)}K subscribers')],
        [Row('SPONSOR', look='dim'), Row(f'{names.word().capitalize()}: {names.words(3, 5)}', look='heading'), Row(f'Use code {names.word().upper()}{rng.randint(10, 50)} for {rng.randint(5, 50)}% off')],
        [Row('Link in the description')], [Row('Like & Subscribe')], [Row(f'Part {rng.randint(1, 30)}: {names.title()}')], [Row(f'@{names.word()}dev'), Row('Follow for more')],
        [Row(rng.choice(('Ctrl + S', 'Ctrl + Shift + P', 'Cmd + K', 'Alt + Enter', 'Ctrl + C')))],
    ))  # fmt: skip
    yield from passing(world, Pane('dialog', 'other', corner(world, rng.randint(240, 420), 30 + 34 * len(rows)), tuple(rows), True))


def system_message(world: World) -> Step:
    """A message of the system or of another program in a corner."""
    rng, names = world.rng, world.names
    sender = rng.choice(('Slack', 'Mail', 'Calendar', 'Discord', 'System', 'Updates', 'Battery', names.word().capitalize()))
    text = rng.choice((f'{parts.person(world)}: {names.words(2, 5)}', 'Updates are ready to install', f'Meeting in {rng.randint(2, 30)} minutes', f'Screenshot saved to {names.word()}', 'Battery low', f'Connected to {names.word().capitalize()}', f'{names.word().capitalize()} has finished downloading', parts.line(world, 'interface', 12, 40)))
    width = rng.randint(320, 430)
    top = rng.choice((16, 34, HEIGHT - 130))
    pane = Pane('dialog', 'dialog', (WIDTH - width - 12, top, WIDTH - 12, top + 84), (Row(sender, look='dim', right=rng.choice(('now', '', '1m ago'))), Row(text)), True)
    beneath = world.panes
    world.show(pane)
    yield from told(world, 'notification', text=text)
    yield from world.pause(3, 10)
    world.set(panes=beneath)
    yield None


def popups(world: World) -> Step:
    """A calculator, a menu, a volume mark, a menu of the desk: they come and go."""
    rng = world.rng
    rows = rng.choice((
        [Row(f'{rng.randint(2, 99)} x {rng.randint(2, 99)}', look='input'), Row('7   8   9   /'), Row('4   5   6   x'), Row('1   2   3   -'), Row('0   .   =   +')],
        rows_of(parts.labels(world, 4, 12)), [Row(f'Volume {rng.randint(0, 100)}%')], rows_of(['New Folder', 'Paste', 'Open in Terminal', 'Change Background...', 'Display Settings']),
        [Row('Alt+Tab', look='dim'), *rows_of(('Code', 'Terminal', 'Firefox', 'Files')[: rng.randint(2, 4)])],
    ))  # fmt: skip
    width, height = rng.randint(200, 320), 20 + 30 * len(rows)
    left, top = rng.randint(0, WIDTH - width), rng.randint(0, max(1, HEIGHT - height))
    yield from passing(world, Pane('menu', 'popup', (left, top, left + width, top + height), tuple(rows), True))


def cut_away(world: World) -> Step:
    """The video cuts to something else for a moment and back: a face, a black screen, a title, another picture."""
    rng, names = world.rng, world.names
    kept = {name: world.values[name] for name in ('app', 'panes')}
    card = rng.choice(((), (), (Row(names.title(), look='heading'),), (Row(rng.choice(('A few moments later', 'Meanwhile...', '5 minutes later', 'Spoiler: it did not work')), look='heading'),), (Row(f'{names.word().capitalize()}'), Row(names.words(3, 5)))))
    panes = [Pane(rng.choice(('slide', 'page', 'terminal')), 'other', FULL, ())]
    if card:
        panes.append(Pane('slide', 'other', (rng.randint(60, 500), rng.randint(100, 500), WIDTH, HEIGHT), card))
    world.set(app='panes', panes=tuple(panes))
    yield from world.pause(1, 6)
    world.set(**kept)
    yield None


def cut_to_place(place: type[Place]) -> Callable[[World], Step]:
    """A cut to another program for less than a second and back: too short to be read."""

    def play(world: World) -> Step:
        kept = {name: world.values[name] for name in ('app', 'panes')}
        place(world).draw()
        yield None
        world.set(**kept)
        yield None

    return play


def webcam(world: World) -> Step:
    """The speaker's picture grows over a part of the screen and shrinks again."""
    rng = world.rng
    width, height = rng.choice(((420, 300), (640, 720), (300, 300)))
    left, top = rng.choice((0, WIDTH - width)), rng.choice((0, HEIGHT - height))
    yield from passing(world, Pane(rng.choice(('slide', 'list')), 'other', (left, top, left + width, top + height), (), True))


def card(world: World) -> Step:
    """A title card or a countdown before it begins: nothing to say."""
    rng, names = world.rng, world.names
    channel = f'{names.word().capitalize()} {rng.choice(("Coding", "Dev", "Academy", "Codes", "TV"))}'
    lines = rng.choice(([channel], [names.title(), f'with {parts.person(world).capitalize()}'], [channel, f'Episode {rng.randint(2, 90)}'], ['Starting soon', channel], ['Thanks for watching!', 'Subscribe'], ['Be right back']))
    counts = rng.random() < 0.3
    seconds = rng.randint(20, 299)
    place = (rng.randint(120, 420), rng.randint(180, 340), WIDTH, HEIGHT)
    for step in range(rng.randint(4, 14)):
        rows = [Row(lines[0], look='heading'), *rows_of(lines[1 : 1 + step // 2])]
        if counts:
            rows.append(Row(f'{(seconds - step // 2) // 60:02}:{(seconds - step // 2) % 60:02}'))
        world.set(app='panes', panes=(Pane('slide', 'other', FULL, ()), Pane('slide', 'other', place, tuple(rows))), popup=None, notification=())
        yield None


def idle(world: World) -> Step:
    """Nothing happens for up to half a minute, but for the pointer."""
    for _ in range(world.rng.choice((4, 10, 20, 60))):
        if world.rng.random() < 0.08:
            world.set(mouse=(world.rng.randint(40, 1240), world.rng.randint(40, 690)))
        yield None
    world.set(mouse=None)
