"""Windows of the desktop: files, settings, documents, spreadsheets, drawings."""

from __future__ import annotations

import textwrap

from screen.canvas import Box
from screen.view import Pane, PaneKind, Row
from world.developer import Step, World
from world.programs import parts
from world.programs.parts import Place, cut, rows_of


class Desktop(Place):
    """Windows of the system: files, settings, a spreadsheet, a drawing, a document, over a desk with other windows."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        margin = world.rng.randint(0, 120)
        super().__init__(world, box or (margin, margin // 2, 1280 - world.rng.randint(0, margin + 1), 700 - margin // 3))
        self.title = ''
        self.behind = tuple(rows_of(parts.lines(world, self.rng.choice(('output', 'code', 'prose')), 24, 80)))
        self.side: list[Row] = []
        self.rows: list[Row] = []
        self.kind: PaneKind = 'list'
        self.load()

    def load(self) -> None:
        raise NotImplementedError

    def panes(self) -> list[Pane]:
        found = [Pane('terminal', 'other', (20, 40, 900, 690), self.behind), self.bar((0, 0, 1280, 26), ['Activities', self.title, 'Mon 14:02'])]
        piece, box = cut(self.box, 'top', 30)
        found.append(Pane('tabs', 'other', piece, tuple(rows_of([self.title])), True))
        if self.side:
            piece, box = cut(box, 'left', 200)
            found.append(Pane('tree', 'other', piece, tuple(self.side), True))
        found.append(Pane(self.kind, 'other', box, tuple(self.rows), True))
        return found

    def enter(self) -> Step:
        yield from self.told('view', view=self.title)


class Files(Desktop):
    """A file manager."""

    def load(self) -> None:
        rng, names = self.rng, self.names
        self.title = rng.choice(('Documents', 'Downloads', self.world.project, names.word()))
        self.side = rows_of(['Recent', 'Starred', 'Home', 'Desktop', 'Documents', 'Downloads', 'Music', 'Pictures', 'Trash'])
        entries = [[rng.choice((names.word(), names.file('py'), f'{names.word()}.pdf', f'{names.word()}.zip')), f'{rng.randint(1, 900)} kB', f'{rng.randint(1, 28)} Mar 2026'] for _ in range(rng.randint(5, 18))]
        self.rows = rows_of(parts.aligned([['Name', 'Size', 'Modified'], *entries], 10))

    def go(self) -> Step:
        """Opens a folder."""
        self.load()
        yield from self.told('view', view=self.title)


class SystemSettings(Desktop):
    """Settings of the system."""

    def load(self) -> None:
        rng, world = self.rng, self.world
        pages = ['Network', 'Bluetooth', 'Background', 'Appearance', 'Notifications', 'Search', 'Sound', 'Power', 'Displays', 'Mouse & Touchpad', 'Keyboard', 'Printers', 'Accounts', 'Privacy']
        self.title, self.kind = rng.choice(pages), 'form'
        self.side = [Row(page, look='selected' if page == self.title else 'plain') for page in pages]
        self.options = {text: rng.random() < 0.5 for text in (parts.line(world, 'interface', 8, 44) for _ in range(rng.randint(4, 10)))}
        self.fill()

    def fill(self) -> None:
        self.rows = [Row(self.title, look='heading'), *(Row(text, mark='check' if is_on else 'box') for text, is_on in self.options.items())]

    def switch(self) -> Step:
        text = self.rng.choice(list(self.options))
        self.options[text] = not self.options[text]
        self.fill()
        yield from self.told('checked', label=text)

    def go(self) -> Step:
        self.load()
        yield from self.told('view', view=self.title)


class Spreadsheet(Desktop):
    """Cells: a value is typed into one."""

    def load(self) -> None:
        self.cells = parts.table(self.world, self.rng.randint(3, 6), self.rng.randint(6, 18))
        self.title = f'{"-".join(self.names.pair())}.{self.rng.choice(("xlsx", "ods", "csv"))}'
        self.formula = ''
        self.fill()

    def fill(self) -> None:
        letters = ['', *'ABCDEFG'[: len(self.cells[0])]]
        numbered = [[str(index), *row] for index, row in enumerate(self.cells, 1)]
        self.rows = [Row(f'fx    {self.formula}', look='input'), *rows_of(parts.aligned([letters, *numbered], 8))]

    def enter(self) -> Step:
        yield from self.told('open', file=self.title)

    def cell(self) -> Step:
        rng = self.rng
        text = rng.choice((f'=SUM(B2:B{rng.randint(3, 20)})', self.names.word().capitalize(), f'=AVERAGE(C1:C{rng.randint(2, 30)})', str(rng.randint(10, 9999)), f'={rng.choice("ABC")}2*{rng.randint(2, 9)}'))

        def show(so_far: str) -> None:
            self.formula = so_far
            self.fill()

        yield from self.typed(text, show)
        yield from self.told('typed', text=text)
        self.cells[rng.randint(1, len(self.cells) - 1)][-1] = text if not text.startswith('=') else str(rng.randint(10, 9999))
        self.fill()
        yield from self.pause(1, 3)


class Paper(Desktop):
    """A document, such as a PDF, paged through."""

    def load(self) -> None:
        self.title, self.kind = f'{"_".join(self.names.pair())}.{self.rng.choice(("pdf", "docx", "epub"))}', 'page'
        self.turn()

    def turn(self) -> None:
        self.rows = [Row(self.names.title(), look='heading'), *(Row(part) for text in parts.lines(self.world, 'prose', 14, 200) for part in textwrap.wrap(text, 90)), Row(f'{self.rng.randint(2, 300)} / {self.rng.randint(301, 700)}', look='dim')]

    def enter(self) -> Step:
        yield from self.told('open', file=self.title)

    def page(self) -> Step:
        """Turns pages: nothing to say."""
        for _ in range(self.rng.randint(1, 4)):
            self.turn()
            self.draw()
            yield from self.pause(2, 6)


class Drawing(Place):
    """Boxes with labels, as a diagram or a board has them; one after the other is added."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box or parts.FULL)
        self.title = f'{self.names.title()}'
        self.boxes: list[tuple[Box, list[str]]] = []
        for _ in range(self.rng.randint(0, 4)):
            self.place()

    def place(self) -> list[str]:
        rng, names = self.rng, self.names
        slot = len(self.boxes)
        left, top = 180 + slot % 4 * 260 + rng.randint(-20, 20), 90 + slot // 4 * 180 + rng.randint(-20, 20)
        head = rng.choice((names.type_name(), ' '.join(names.pair()), f'{names.word().capitalize()} Service', f'<<{names.word()}>>'))
        texts = [head, *(rng.choice((f'+ {names.function("ts")}()', f'- {names.variable("ts")}: {rng.choice(("int", "String"))}')) for _ in range(rng.choice((0, 0, 2, 4))))]
        self.boxes.append(((left, top, left + 210, top + 36 + 24 * (len(texts) - 1)), texts))
        return texts

    def panes(self) -> list[Pane]:
        canvas = Pane('page', 'other', self.box, ())
        tools = Pane('tree', 'other', cut(cut(self.box, 'top', 30)[1], 'left', 130)[0], tuple(rows_of(['Select', 'Rectangle', 'Ellipse', 'Arrow', 'Line', 'Text', 'Eraser', 'Library'])))
        heading = self.bar(cut(self.box, 'top', 30)[0], [self.title, 'File', 'Edit', 'View', 'Arrange', 'Extras', 'Help'])
        return [canvas, tools, heading, *(Pane('dialog', 'other', box, tuple(rows_of(texts))) for box, texts in self.boxes)]

    def enter(self) -> Step:
        yield from self.told('view', view=self.title)

    def add(self) -> Step:
        """A box appears and is labelled."""
        if len(self.boxes) >= 11:
            self.boxes = []
        texts = self.place()
        box = self.boxes[-1][0]

        def show(so_far: str) -> None:
            self.boxes[-1] = (box, [so_far])

        yield from self.typed(texts[0], show)
        self.boxes[-1] = (box, texts)
        yield from self.told('typed', text=texts[0])
