"""A browser window."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from screen.canvas import Box
from screen.view import Pane, Row
from world.developer import Step, World
from world.programs import parts
from world.programs.clients import STATUS
from world.programs.parts import Place, cut, rows_of


class Browser(Place):
    """Tabs, an address and a page of up to three columns; developer tools when they are open."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        rng = self.rng
        self.layout = self.choice(('tabs', 'tabs', 'tabs', 'bare'), ('address below',))
        self.tabs = [self.names.title()[:22] for _ in range(rng.randint(0, 5))]
        self.bookmarks = parts.labels(world, 4, 9) if rng.random() < 0.2 else []
        self.title, self.url = '', ''
        self.header: list[str] = []
        self.left: list[Row] = []
        self.main: list[Row] = []
        self.right: list[Row] = []
        self.tools: list[Row] = []  # developer tools
        self.tool_tab = ''
        self.tools_side = rng.choice(('bottom', 'right'))
        self.left_px, self.right_px = rng.randint(160, 260), rng.randint(150, 240)
        self.load()

    def load(self) -> None:
        """Fills in a page."""
        raise NotImplementedError

    def panes(self) -> list[Pane]:
        box = self.box
        found: list[Pane] = []
        tab = self.title[:30]
        bars = [([*self.tabs[:2], tab, *self.tabs[2:]], tab), ([self.url], ''), (self.bookmarks, '')]
        if self.layout == 'bare':
            bars = bars[1:]
        for texts, active in bars:
            if texts:
                piece, box = cut(box, 'bottom' if self.layout == 'address below' and texts == [self.url] else 'top', 30)
                found.append(self.bar(piece, texts, 'browser', 'tabs', active))
        if self.tool_tab:
            piece, box = cut(box, self.tools_side, (box[2] - box[0]) * 2 // 5 if self.tools_side == 'right' else (box[3] - box[1]) * 2 // 5)
            heading, piece = cut(piece, 'top', 26)
            found += [self.bar(heading, ['Elements', 'Console', 'Sources', 'Network', 'Application', 'Lighthouse'], 'browser', 'tabs', self.tool_tab), Pane('list', 'browser', piece, tuple(self.tools))]
        if self.header:
            piece, box = cut(box, 'top', 38)
            found.append(self.bar(piece, self.header, 'browser', 'bar'))
        for rows, side, px in ((self.left, 'left', self.left_px), (self.right, 'right', self.right_px)):
            if rows and box[2] - box[0] > 2 * px:
                piece, box = cut(box, side, px)
                found.append(Pane('page', 'browser', piece, tuple(rows)))
        self.main_box = box
        found.append(Pane('page', 'browser', box, tuple(self.main)))
        return found

    def enter(self) -> Step:
        if self.rng.random() < 0.2:  # an empty page first
            kept = self.title, self.header, self.left, self.main, self.right
            self.title, self.header, self.left, self.main, self.right = self.rng.choice(('Loading...', 'New Tab')), [], [], [], []
            self.draw()
            yield None
            self.title, self.header, self.left, self.main, self.right = kept
        yield from self.told('browser', title=self.title[:30].strip() if self.layout != 'bare' else self.title, url=self.url)

    # --- texts

    def set_page(self, title: str, url: str) -> None:
        self.title, self.url = title, url

    def paragraph(self, texts: Sequence[str]) -> list[Row]:
        """Running text, wrapped."""
        width = self.rng.choice((60, 76, 92))
        return [Row(part) for text in texts for part in textwrap.wrap(text, width)]

    def prose(self, count: int) -> list[Row]:
        """An article: headings, text, code, lists."""
        rows: list[Row] = []
        for text in parts.lines(self.world, 'prose', count, 200):
            if text.startswith(('```', '<', '|', '[![')):  # marks that a page does not show
                continue
            text = re.sub(r'\*\*|`|\[(?=[^\]]*\]\()|(?<=\])\([^)]*\)', '', text)
            if text.startswith('#'):
                rows += [Row(text.lstrip('# '), look='heading')]
            else:
                rows += [Row(text.strip(), look='dim')] if text.startswith('    ') else self.paragraph([text])
        return rows

    # --- steps that every page has

    def scroll(self) -> Step:
        """Moves down in the page."""
        for _ in range(self.rng.randint(1, 4)):
            self.main = [*self.main[self.rng.randint(1, 5) :], *rows_of(parts.lines(self.world, 'prose', 2, 90))]
            self.draw()
            yield from self.pause(1, 4)

    def go(self) -> Step:
        """Follows a link, or types an address."""
        if self.rng.random() < 0.3:
            url = self.url
            self.over = [self.popup(rows_of([url, *(f'{self.names.word()}.{self.rng.choice(("com", "dev", "org"))}/{self.names.word()}' for _ in range(self.rng.randint(2, 6)))]), self.box[0] + 100, self.box[1] + 64, 520)]
            self.draw()
            yield from self.pause(1, 3)
            self.over = []
        self.main, self.left, self.right, self.header, self.tools, self.tool_tab = [], [], [], [], [], ''
        self.load()
        yield from self.enter()

    def developer_tools(self) -> Step:
        """Elements, console, network: a tab opens, and what it shows is worth a word."""
        rng, names = self.rng, self.names
        tab = rng.choice(('Elements', 'Console', 'Console', 'Network', 'Network'))
        if not self.tool_tab:
            self.tools, self.tool_tab = rows_of(['Page   Workspace   Overrides']), 'Sources'
            self.draw()
            yield from self.pause(1, 3)
        self.tool_tab, self.tools = tab, []
        if tab == 'Elements':
            self.tools = [Row('<!DOCTYPE html>'), Row('<html lang="en">'), *(Row(f'<{rng.choice(("div", "section", "button", "ul", "main"))} class="{names.word()} {names.word()}">', rng.randint(1, 5)) for _ in range(rng.randint(6, 16))), Row('element.style {', look='dim'), Row(f'margin: {rng.randint(0, 64)}px;', 1)]
            yield from self.told('view', view='Elements')
            return
        if tab == 'Network':
            files = [rng.choice((f'{names.word()}.js', f'{names.word()}', f'{names.word()}.css', f'{names.word()}.json')) for _ in range(rng.randint(3, 10))]
            self.tools = rows_of(parts.aligned([['Name', 'Status', 'Type', 'Size', 'Time'], *([file, rng.choice(STATUS)[:3], rng.choice(('fetch', 'script', 'xhr', 'document')), f'{rng.randint(1, 900)} kB', f'{rng.randint(2, 900)} ms'] for file in files)], 8))
            yield from self.told('listed', first=files[0], second=files[1])
            return
        self.tools = [Row(text, right=f'{names.word()}.js:{rng.randint(1, 300)}') for text in parts.lines(self.world, 'output', rng.randint(0, 4), 60)]
        self.draw()
        yield from self.pause(2, 5)
        text = rng.choice((f"Uncaught TypeError: Cannot read properties of undefined (reading '{names.word()}')", f'Uncaught ReferenceError: {names.variable("ts")} is not defined', f'GET http://localhost:{rng.randint(3000, 9000)}/{names.word()} 404 (Not Found)', f'{names.word()}: {names.words(1, 3)}', f'{names.word()} {rng.randint(1, 999)}', f"{{{names.word()}: '{names.word()}', {names.word()}: {rng.randint(1, 99)}}}", 'Failed to load resource: net::ERR_CONNECTION_REFUSED'))
        self.tools.append(Row(text, right=f'{names.word()}.{rng.choice(("js", "tsx"))}:{rng.randint(1, 300)}', look='error' if 'Un' in text or 'Failed' in text or '404' in text else 'plain'))
        yield from self.told('output', line=text[:50].rsplit(' ', 1)[0] if len(text) > 50 else text)

    def tools_closed(self) -> Step:
        self.tool_tab, self.tools = '', []
        yield from self.quietly()

    def other_tab(self) -> Step:
        """A popup over the page that goes again: cookies, a newsletter, a menu."""
        rows = self.rng.choice(([Row('We value your privacy', look='heading'), *self.paragraph(['This site uses cookies to improve your experience.']), Row('Accept all', look='button'), Row('Reject', look='button')], [Row('Subscribe to our newsletter', look='heading'), Row('Your email', look='input'), Row('No thanks', look='link')], rows_of(parts.labels(self.world, 4, 9))))
        yield from self.peek(self.dialog(rows, 420, self.rng.choice((0.2, 0.5, 0.95))), 2, 6)
