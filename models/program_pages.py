"""Browser windows and programs of forms and tables: pages, an app under development, code hosting, tools for requests and databases, documents."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import program_parts as parts
from canvas import Box
from developer import Step, World
from program_parts import Place, cut, rows_of
from scene import Pane, PaneKind, Row
from vocabulary import VERBS

STATUS = ('200 OK', '200 OK', '201 Created', '204 No Content', '301 Moved Permanently', '400 Bad Request', '401 Unauthorized', '403 Forbidden', '404 Not Found', '422 Unprocessable Entity', '500 Internal Server Error', '502 Bad Gateway')


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


class Reading(Browser):
    """Documentation, an article, a question with answers, results of a search."""

    def load(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        kind = self.choice(('docs', 'docs', 'article', 'question', 'search'), ('wiki',))
        title, word = names.title(), names.word()
        self.set_page(title, rng.choice((f'https://docs.{word}.dev/guide/{names.word()}', f'{word}.io/docs/{names.word()}', f'www.{word}.com/{names.word()}')))
        if kind == 'docs':
            self.header = [word.capitalize(), 'Docs', 'API', 'Blog', 'Search', f'v{names.version()}']
            self.left = [Row(text, rng.randint(0, 1), look='link' if index == 2 else 'plain') for index, text in enumerate(parts.labels(world, 5, 16))]
            self.right = [Row('On this page', look='dim'), *rows_of(parts.labels(world, 3, 8), 'link')]
            self.main = [Row(title, look='heading'), *self.prose(rng.randint(10, 24))]
        elif kind == 'question':
            self.set_page(title, f'stackoverflow.com/questions/{rng.randint(10000, 99999999)}')
            self.header = ['Stack Overflow', 'Products', 'Search...', 'Log in', 'Sign up']
            self.left = rows_of(['Home', 'Questions', 'Tags', 'Users', 'Companies', 'Unanswered'])
            self.main = [Row(title, look='heading'), Row(f'Asked {parts.ago(rng)}   Modified {parts.ago(rng)}   Viewed {rng.randint(1, 900)}k times', look='dim'), *self.prose(4), *rows_of(parts.code(world, 6), 'dim'), Row(f'{rng.randint(1, 40)} Answers', look='heading'), Row(str(rng.randint(1, 900))), *self.prose(8)]
        elif kind == 'search':
            query = f'{names.word()} {names.words(1, 2)} {rng.choice(("error", "example", "tutorial", ""))}'.strip()
            self.set_page(f'{query} - Search', f'www.{rng.choice(("google", "bing", "duckduckgo"))}.com/search?q={query.replace(" ", "+")}')
            self.main = [Row(query, look='input'), Row('All   Images   Videos   News   Maps', look='dim'), Row(f'About {rng.randint(1, 900)},000 results', look='dim')]
            for _ in range(rng.randint(3, 6)):
                self.main += [Row(f'https://{names.word()}.com > {names.word()}', look='dim'), Row(names.title(), look='link'), *self.paragraph(parts.lines(world, 'prose', 1, 140))]
        else:
            self.header = [word.capitalize(), *parts.labels(world, 3, 6)] if rng.random() < 0.6 else []
            self.main = [Row(title, look='heading'), Row(f'{parts.person(world).capitalize()} - {rng.randint(2, 20)} min read', look='dim'), *self.prose(rng.randint(12, 28))]
        if kind == 'wiki':
            self.left, self.right = rows_of(['Main page', 'Contents', 'Random article', 'Tools', *parts.labels(world, 3, 9)], 'link'), [Row(names.word().capitalize(), look='heading'), *rows_of(f'{names.word()}: {names.word()}' for _ in range(6))]

    def search(self) -> Step:
        """Types into the box of the page; results are listed below."""
        rng, names = self.rng, self.names
        query = ' '.join(names.pair()) + rng.choice(('', f' {names.word()}'))
        results = [names.title() for _ in range(rng.randint(3, 8))]

        def show(text: str, found: Sequence[str] = ()) -> None:
            self.over = [self.dialog([Row(text, look='input'), *(Row(result, look='selected' if index == 0 else 'plain') for index, result in enumerate(found))], 520, 0.2, 'popup', 'list')]

        yield from self.typed(query, show)
        yield from self.told('find', query=query)
        yield from self.pause(1, 3)
        show(query, results)
        yield from self.told('listed', first=results[0], second=results[1])
        yield from self.pause(1, 4)
        self.over = []
        yield from self.go()


class Hosting(Browser):
    """A repository's page, its issues and pull requests."""

    def load(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        self.owner, self.number = names.word(), rng.randint(2, 9999)
        self.repository = f'{self.owner}/{world.project if rng.random() < 0.4 else names.word()}'
        self.kind = rng.choice(('repository', 'issue', 'pull', 'pull', 'issues'))
        self.subject = parts.message(world)
        host = self.choice(('github.com', 'github.com', 'gitlab.com'), ('codeberg.org',))
        path = {'repository': '', 'issue': f'/issues/{self.number}', 'pull': f'/pull/{self.number}', 'issues': '/issues'}[self.kind]
        title = {'repository': self.repository, 'issues': f'Issues - {self.repository}'}.get(self.kind, f'{self.subject}')
        self.set_page(title, f'https://{host}/{self.repository}{path}')
        self.header = [self.repository, 'Code', f'Issues {rng.randint(1, 99)}', f'Pull requests {rng.randint(1, 40)}', 'Actions', 'Projects', 'Security', 'Insights']
        self.merge = rng.choice(('Merge pull request', 'Squash and merge', 'Rebase and merge', 'Merge'))
        self.is_open = True
        self.tab = 'Conversation'
        if self.kind == 'repository':
            self.right = [Row('About', look='heading'), *self.paragraph([parts.line(world, 'prose', 20, 60)]), *rows_of(['Readme', 'MIT license', f'{rng.randint(1, 900)} stars', f'{rng.randint(1, 90)} forks', 'Releases', 'Packages', 'Languages'])]
            files = [names.file(world.language) for _ in range(rng.randint(4, 12))]
            self.main = [Row(f'{world.branch}   {rng.randint(2, 40)} Branches   {rng.randint(1, 90)} Tags   Go to file   Code', look='dim'), *(Row(f'{file}        {parts.message(world)}', right=parts.ago(rng)) for file in files), Row('README', look='heading'), *self.prose(8)]
        elif self.kind == 'issues':
            self.main = [Row('is:issue is:open', look='input'), *(row for _ in range(rng.randint(4, 9)) for row in (Row(parts.message(world), right=str(rng.randint(1, 40)), look='link', mark='open'), Row(f'#{rng.randint(1, 9999)} opened {parts.ago(rng)} by {parts.person(world)}', 1, look='dim')))]
        else:
            self.conversation()

    def conversation(self) -> None:
        rng, world = self.rng, self.world
        state = 'Open' if self.is_open else 'Merged'
        self.main = [Row(f'{self.subject} #{self.number}', look='heading'), Row(f'{state}   {parts.person(world)} wants to merge {rng.randint(1, 12)} commits into {world.branch}' if self.kind == 'pull' else f'{state}   {parts.person(world)} opened this issue {parts.ago(rng)}', look='dim')]
        if self.kind == 'pull':
            self.main.append(Row(f'Conversation {rng.randint(0, 20)}   Commits {rng.randint(1, 9)}   Checks {rng.randint(1, 9)}   Files changed {rng.randint(1, 40)}'))
        self.main += [Row(f'{parts.person(world)} commented {parts.ago(rng)}', look='dim'), *self.prose(rng.randint(4, 9))]
        if self.kind == 'pull':
            self.main += [Row('All checks have passed', mark='pass'), Row('This branch has no conflicts with the base branch', mark='pass'), Row(self.merge, look='button')]
        self.main += [Row('Add a comment', look='dim'), Row('', look='input'), Row('Comment', look='button')]
        self.right = [row for name in ('Reviewers', 'Assignees', 'Labels', 'Projects', 'Milestone') for row in (Row(name, look='dim'), Row(rng.choice(('None yet', parts.person(world), 'bug', 'enhancement'))))]

    def files_changed(self) -> Step:
        """The tab of the changed files, and a comment on a line."""
        if self.kind != 'pull':
            yield from self.go()
            return
        rng, world = self.rng, self.world
        changes = [Row(('+ ' if index % 3 == 1 else '- ' if index % 7 == 2 else '  ') + text, look='ok' if index % 3 == 1 else 'error' if index % 7 == 2 else 'plain') for index, text in enumerate(parts.code(world, rng.randint(8, 18)))]
        heading = [Row(f'{self.subject} #{self.number}', look='heading'), Row('Files changed', look='heading'), Row(f'Showing {rng.randint(1, 20)} changed files with {rng.randint(1, 900)} additions', look='dim'), Row(self.names.file(world.language), look='link')]
        self.main = [*heading, *changes]
        yield from self.told('view', view='Files changed')
        yield from self.pause(2, 8)
        if rng.random() < 0.6:
            text = parts.line(world, 'prose', 12, 44)
            at = len(heading) + rng.randint(1, min(5, len(changes)))

            def show(so_far: str) -> None:
                self.main = [*heading, *changes[: at - len(heading)], Row(so_far, 1, look='input'), Row(label, 1, look='button'), *changes[at - len(heading) :]]

            label = rng.choice(('Add single comment', 'Start a review', 'Add review comment'))
            yield from self.typed(text, show)
            yield from self.told('typed', text=text)
            yield from self.pause(1, 3)
            self.main = [*heading, *changes[: at - len(heading)], Row(f'{parts.person(world)} now', 1, look='dim'), Row(text, 1), *changes[at - len(heading) :]]
            yield from self.told('button', label=label)

    def merge_it(self) -> Step:
        """Presses the button below a pull request and confirms."""
        if self.kind != 'pull' or not self.is_open:
            yield from self.go()
            return
        rest = [row for row in self.main if row.look not in ('button', 'input') and not row.mark]
        confirm = 'Confirm ' + self.merge.lower()
        self.main = [*rest[:8], Row(f'Merge pull request #{self.number}', look='input'), Row(confirm, look='button'), Row('Cancel', look='link')]
        yield from self.told('button', label=self.merge)
        yield from self.pause(1, 3)
        text = self.rng.choice(('Pull request successfully merged and closed', f'Merged into {self.world.branch}', "You're all set, the branch can be deleted"))
        self.is_open = False
        self.main = [*rest[:8], Row(text, look='heading'), Row('Delete branch', look='button')]
        yield from self.told('notification', text=text)

    def comment(self) -> Step:
        """Writes a comment, or a new issue."""
        text = parts.line(self.world, 'prose', 12, 44)
        kept = [row for row in self.main if row.look not in ('button', 'input')][: self.rng.randint(6, 12)]

        def show(so_far: str) -> None:
            self.main = [*kept, Row('Add a comment', look='dim'), Row(so_far, look='input'), Row('Comment', look='button')]

        yield from self.typed(text, show)
        yield from self.told('typed', text=text, field='Add a comment')
        yield from self.pause(1, 3)
        self.main = [*kept, Row(f'{parts.person(self.world)} commented now', look='dim'), Row(text), Row('Add a comment', look='dim'), Row('', look='input')]
        yield from self.told('button', label='Comment')


class WebApp(Browser):
    """An app under development: it reloads with new text, shows an error over the page, has forms and a login."""

    def load(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        self.name = rng.choice((names.word().capitalize(), ' '.join(names.pair()).title(), f'{names.word().capitalize()} App', 'Vite + React', 'Todo List', 'My Portfolio'))
        host = rng.choice(('localhost', 'localhost', '127.0.0.1'))
        self.set_page(self.name, f'{host}:{rng.choice((3000, 5173, 8000, 8080, 4200, rng.randint(1024, 9999)))}/{rng.choice(("", names.word()))}')
        self.header = [self.name, *parts.labels(world, 2, 6)] if rng.random() < 0.7 else []
        self.content()

    def content(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        kind = rng.choice(('list', 'table', 'cards', 'plain', 'dashboard'))
        self.main = [Row(rng.choice((self.name, names.title())), look='heading')]
        if kind == 'list':
            self.main += [Row(names.words(2, 4), mark=rng.choice(('box', 'check'))) for _ in range(rng.randint(2, 9))] + [Row('Add', look='button')]
        elif kind == 'table':
            self.main += rows_of(parts.aligned(parts.table(world, rng.randint(2, 4), rng.randint(3, 10)), 12))
        elif kind == 'cards':
            self.main += [row for _ in range(rng.randint(2, 5)) for row in (Row(names.title(), look='heading'), *self.paragraph(parts.lines(world, 'prose', 1, 120)), Row(parts.label(world), look='button'))]
        elif kind == 'dashboard':
            self.left = rows_of(['Dashboard', *parts.labels(world, 5, 10)])
            self.main += [Row('          '.join(f'{names.word().capitalize()} {rng.randint(1, 9999)}' for _ in range(3))), *rows_of(parts.aligned(parts.table(world, 4, rng.randint(5, 12)), 10))]
        else:
            self.main += self.prose(rng.randint(4, 16))

    def reload(self) -> Step:
        """After a change in the code the page shows another text."""
        rng, names = self.rng, self.names
        if rng.random() < 0.4:
            self.main, kept = [], self.main
            self.draw()
            yield None
            self.main = kept
        text = rng.choice((names.title(), f'{names.word().capitalize()}: {rng.randint(0, 99)}', f'Hello {names.word().capitalize()}!', f'Welcome to {names.word().capitalize()}', f'Count is {rng.randint(1, 40)}', f'Loading {names.word()}...'))
        at = rng.randint(0, len(self.main))
        self.main = [*self.main[:at], Row(text, look=rng.choice(('heading', 'plain', 'plain'))), *self.main[at + rng.choice((0, 1)) :]]
        if at > 8:
            self.main = [self.main[at], *self.main[:at], *self.main[at + 1 :]]
        yield from self.told('reload', text=text.rstrip('.'))

    def error(self) -> Step:
        """A compiler's error lies over the page until the code is mended."""
        rng, names = self.rng, self.names
        text = rng.choice((f"Failed to resolve import './{names.word()}'", f"Module not found: Can't resolve '{names.word()}'", f'{names.variable("ts")} is not defined', f'Unexpected token ({rng.randint(1, 90)}:{rng.randint(1, 40)})', 'Hydration failed because the server rendered HTML', f"Cannot read properties of undefined (reading '{names.word()}')"))
        heading = rng.choice(('Failed to compile', 'Unhandled Runtime Error', '[plugin:vite:import-analysis]', 'Compiled with problems:', '1 of 1 error', 'TemplateDoesNotExist'))
        rows = [Row(heading, look='heading'), Row(text, look='error'), Row(f'src/{names.file("ts")}:{rng.randint(1, 90)}:{rng.randint(1, 40)}', look='link'), *rows_of((f'{number:4} | {line}' for number, line in enumerate(parts.code(self.world, rng.randint(3, 7)), rng.randint(1, 60))), 'dim'), Row('Click outside or fix the code to dismiss.', look='dim')]
        self.over = [self.dialog(rows, rng.choice((620, 900)), 0.3)]
        yield from self.told('problem', message=text)
        yield from self.pause(2, 10)
        self.over = []
        yield from self.quietly()

    def form(self) -> Step:
        """Fields filled in one after the other, a choice, a box, and a button whose effect is seen."""
        rng, names, world = self.rng, self.names, self.world
        heading = rng.choice(('Sign up', 'Create account', 'Contact us', 'New project', 'Checkout', 'Edit profile', 'Add product', 'New issue', names.title()))
        makers = {'Name': lambda: ' '.join(names.pair()).title(), 'Email': lambda: f'{parts.person(world)}@{names.word()}.com', 'Title': names.title, 'Description': lambda: names.words(3, 6), 'Company': lambda: names.word().capitalize(), 'City': lambda: names.word().capitalize(), 'Price': lambda: f'{rng.randint(1, 900)}.99', 'Username': lambda: parts.person(world), 'Message': lambda: parts.line(world, 'prose', 12, 40), 'Phone': lambda: f'+{rng.randint(10, 99)} {rng.randint(100, 999)} {rng.randint(1000, 9999)}', names.word().capitalize(): names.word}
        fields = rng.sample(list(makers), rng.randint(2, 5))
        values = dict.fromkeys(fields, '')
        choice, options = rng.choice((('Country', ['Germany', 'France', 'Japan', 'Brazil', 'Canada', 'India']), ('Role', ['Admin', 'Editor', 'Viewer']), ('Plan', ['Free', 'Pro', 'Team', 'Enterprise']), ('Priority', ['Low', 'Medium', 'High']), ('Status', ['Draft', 'Published', 'Archived'])))
        box, is_checked = rng.choice(('Remember me', 'I agree to the terms', 'Send me updates', 'Make it public', 'Subscribe to the newsletter')), False
        button = rng.choice(('Submit', 'Save', 'Create', 'Send', 'Continue', 'Sign up', 'Add'))
        selected = ''
        kept = self.main

        def show() -> None:
            self.main = [Row(heading, look='heading'), *(row for field in fields for row in (Row(field, look='dim'), Row(values[field], look='input'))), Row(choice, look='dim'), Row(selected or 'Select...', look='input'), Row(box, mark='check' if is_checked else 'box'), Row(button, look='button')]

        show()
        yield from self.told('view', view=heading)
        yield from self.pause(1, 4)
        for field in fields[: rng.randint(1, 4)]:
            text = makers[field]()

            def typed(so_far: str, field: str = field) -> None:
                values[field] = so_far
                show()

            yield from self.typed(text, typed)
            yield from self.told('typed', text=text, field=field)
            yield from self.pause(1, 3)
        if rng.random() < 0.5:
            self.over = [self.popup(rows_of(options), self.box[0] + 60, self.box[1] + 300, 260)]
            self.draw()
            yield from self.pause(2, 3)
            self.over, selected = [], rng.choice(options)
            show()
            yield from self.told('selected', value=selected, field=choice)
            yield from self.pause(1, 3)
        if rng.random() < 0.4:
            is_checked = True
            show()
            yield from self.told('checked', label=box)
            yield from self.pause(1, 3)
        if rng.random() < 0.7:
            if rng.random() < 0.5:
                text = rng.choice(('Saved successfully', f'{names.word().capitalize()} was created', 'Thank you for your message', 'Invalid email address', f'{fields[0]} is required', 'Something went wrong'))
                self.main = [*self.main, Row(text, look='ok')] if rng.random() < 0.5 else [Row(text, look='heading'), *kept[:6]]
                yield from self.told('button', label=button)
            else:
                self.main = kept
                yield from self.told('button', label=button)
        else:
            self.main = kept
            yield from self.quietly()

    def login(self) -> Step:
        """A login page: a name and dots, and another page behind it."""
        rng, names = self.rng, self.names
        kept, header, left = self.main, self.header, self.left
        self.header, self.left = [], []
        user, button = parts.person(self.world), rng.choice(('Sign in', 'Log in', 'Login', 'Continue'))
        user = user if rng.random() < 0.5 else f'{user}@{names.word()}.com'

        def show(text: str, dots: int = 0) -> None:
            self.main = [Row(heading, look='heading'), Row(field, look='dim'), Row(text, look='input'), Row('Password', look='dim'), Row('•' * dots, look='input'), Row(button, look='button'), Row('Forgot password?', look='link')]

        heading, field = rng.choice(('Welcome back', f'Sign in to {self.name}', 'Log in to your account')), rng.choice(('Email', 'Username', 'Email address'))
        show('')
        yield from self.told('view', view=heading)
        yield from self.pause(1, 3)
        yield from self.typed(user, show)
        yield from self.told('typed', text=user, field=field)
        for dots in (3, 8):
            show(user, dots)
            self.draw()
            yield None
        yield from self.pause(1, 3)
        self.main, self.header, self.left = kept, header, left
        yield from self.told('button', label=button)


class CloudConsole(WebApp):
    """A console of services: a list of resources, wizards, states that change."""

    def load(self) -> None:
        rng, names, world = self.rng, self.names, self.world
        service = rng.choice(('Compute instances', 'Storage buckets', 'Functions', 'Load balancers', 'Kubernetes clusters', 'Databases'))
        self.name = service
        self.set_page(service, f'console.{names.word()}.com/{names.word()}/{names.hash(6)}')
        self.header = [names.word().capitalize(), 'Services', 'Search', f'{names.word()}-{rng.randint(1, 3)}', parts.person(world)]
        self.left = rows_of([service, *parts.labels(world, 6, 14)])
        self.main = [Row(service, look='heading'), Row('Create', look='button'), *rows_of(parts.aligned(parts.table(world, 4, rng.randint(4, 12)), 10))]


class ApiClient(Place):
    """A client for requests: method, address, headers, body and what comes back."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        rng, names = self.rng, self.names
        self.method, self.url, self.tab = 'GET', '', 'Params'
        self.collection = [Row(names.word().capitalize(), mark='open'), *(Row(f'{rng.choice(("GET", "POST", "PUT", "DEL"))} {rng.choice(VERBS)} {names.word()}', 1) for _ in range(rng.randint(3, 14)))]
        self.body: list[str] = []
        self.status = ''
        self.response: list[str] = []
        if rng.random() < 0.5:
            self.response = parts.lines(world, 'code', rng.randint(4, 16), 70)
        self.is_below = rng.random() < 0.6
        self.name = self.choice(('Postman', 'Insomnia', 'Thunder Client'), ('Hoppscotch',))

    def panes(self) -> list[Pane]:
        box = self.box
        piece, box = cut(box, 'top', 30)
        found = [self.bar(piece, [self.name, 'Workspaces', 'Explore', 'Environments'])]
        piece, box = cut(box, 'left', 230)
        found.append(Pane('tree', 'tree', piece, tuple(self.collection)))
        piece, box = cut(box, 'top', 36)
        found.append(self.bar(piece, [self.method, self.url or 'Enter URL or paste text', 'Send'], 'other', 'tabs'))
        side = 'bottom' if self.is_below else 'right'
        answer, box = cut(box, side, (box[3] - box[1]) // 2 if self.is_below else (box[2] - box[0]) // 2)
        piece, box = cut(box, 'top', 28)
        found.append(self.bar(piece, ['Params', 'Authorization', 'Headers (8)', 'Body', 'Scripts', 'Settings'], 'tabs', active=self.tab))
        found.append(Pane('editor', 'editor', box, tuple(rows_of(self.body)), first_line=1))
        piece, answer = cut(answer, 'top', 28)
        found.append(self.bar(piece, filter(None, ('Body', 'Cookies', 'Headers', self.status)), 'other'))
        found.append(Pane('editor', 'editor', answer, tuple(rows_of(self.response or ['Click Send to get a response'])), first_line=1))
        return found

    def enter(self) -> Step:
        yield from self.told('view', view=self.name)

    def request(self) -> Step:
        """Chooses a method, types an address, perhaps a body, and sends it."""
        rng, names = self.rng, self.names
        method = rng.choice(('GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH'))
        if method != self.method:
            self.over = [self.popup(rows_of(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']), self.box[0] + 240, self.box[1] + 66, 120)]
            self.draw()
            yield from self.pause(2, 3)
            self.over, self.method = [], method
            yield from self.told('selected', value=method)
            yield from self.pause(1, 3)
        url = rng.choice((f'http://localhost:{rng.randint(3000, 9000)}/api/{names.word()}', f'https://api.{names.word()}.com/v{rng.randint(1, 3)}/{names.word()}', f'{{{{base}}}}/{names.word()}/{rng.randint(1, 99)}'))

        def show(so_far: str) -> None:
            self.url = so_far

        yield from self.typed(url, show)
        yield from self.told('typed', text=url)
        yield from self.pause(1, 3)
        if method in ('POST', 'PUT', 'PATCH'):
            self.tab = 'Body'
            key, value = names.variable('ts'), names.word()
            self.body = ['{', f'  "{key}": "{value}"', '}']
            yield from self.told('code', line=f'"{key}": "{value}"')
            yield from self.pause(1, 3)
        self.status, self.response = '', ['Sending request...']
        yield from self.told('button', label='Send')
        yield from self.pause(0, 4)
        self.status = f'{rng.choice(("", "Status: "))}{rng.choice(STATUS)}'
        self.response = ['{', *(f'  "{names.variable("ts")}": {rng.choice((str(rng.randint(1, 999)), chr(34) + names.word() + chr(34), "true", "null"))},' for _ in range(rng.randint(1, 9))), '}']
        yield from self.told('output', line=self.status)


class DatabaseClient(Place):
    """Tables at the left, a query above, its result below."""

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        names = self.names
        self.tables = list(dict.fromkeys(names.variable('py') for _ in range(self.rng.randint(3, 16))))
        self.query: list[str] = ['']
        self.cells: list[list[str]] = []
        self.message = ''
        self.is_grid = self.rng.random() < 0.6
        if self.rng.random() < 0.6:
            self.cells = parts.table(world, self.rng.randint(2, 5), self.rng.randint(3, 12))
            self.query = [f'SELECT * FROM {self.rng.choice(self.tables)};']
        self.name = self.choice(('DBeaver', 'TablePlus', 'pgAdmin 4', 'DataGrip'), ('Beekeeper Studio',))

    def panes(self) -> list[Pane]:
        box = self.box
        piece, box = cut(box, 'top', 28)
        found = [self.bar(piece, [self.name, 'File', 'Edit', 'Navigate', 'Query', 'Window', 'Help'])]
        piece, box = cut(box, 'bottom', 24)
        found.append(self.bar(piece, filter(None, ('Connected', f'{(self.names.split == "test" and "staging") or "local"}@postgres', self.message)), 'statusBar', 'bar'))
        piece, box = cut(box, 'left', 220)
        found.append(Pane('tree', 'tree', piece, (Row('public', mark='open'), Row('Tables', 1, str(len(self.tables)), mark='open'), *rows_of(self.tables, level=2), Row('Views', 1, mark='closed'), Row('Functions', 1, mark='closed'))))
        piece, box = cut(box, 'bottom', (box[3] - box[1]) * 3 // 5)
        found.append(Pane('editor', 'editor', box, tuple(rows_of(self.query)), first_line=1))
        heading, piece = cut(piece, 'top', 26)
        found.append(self.bar(heading, ['Results', 'Messages', 'Explain', 'Execute'], 'other', active='Results'))
        found.append(Pane('list', 'other', piece, tuple(rows_of(parts.aligned(self.cells, 8) if self.is_grid else parts.aligned(self.cells, joint='|')) if self.cells else ())))
        return found

    def enter(self) -> Step:
        yield from self.told('view', view=self.name)

    def ask(self) -> Step:
        """Types a query and runs it."""
        rng, names = self.rng, self.names
        cells = parts.table(self.world, rng.randint(2, 5), rng.randint(2, 12))
        relation = rng.choice(self.tables)
        text = rng.choice((f'SELECT * FROM {relation};', f'SELECT {cells[0][0]} FROM {relation};', f"select * from {relation} where {cells[0][-1]} = '{names.word()}'", f'SELECT count(*) FROM {relation};', f'DELETE FROM {relation} WHERE id = {rng.randint(1, 99)};'))

        def show(so_far: str) -> None:
            self.query = [so_far]

        yield from self.typed(text, show)
        yield from self.told('code', line=text)
        yield from self.pause(1, 4)
        if rng.random() < 0.2:
            self.cells = []
            error = rng.choice((f'column "{names.word()}" does not exist', f'syntax error at or near "{names.word()}"'))
            self.message = f'ERROR: {error}'
            yield from self.told('problem', message=error)
            return
        self.cells, self.message = cells, f'{len(cells) - 1} rows in {rng.randint(1, 90)} ms'
        yield from self.told('listed', first=cells[1][0], second=cells[2][0])

    def expand(self) -> Step:
        """Unfolds a table in the tree."""
        relation = self.rng.choice(self.tables[:8])
        at = self.tables.index(relation)
        self.tables[at + 1 : at + 1] = [f'  {self.names.variable("py")} {kind}' for kind in ('int', 'text', 'timestamp')[: self.rng.randint(2, 3)]]
        yield from self.told('expanded', item=relation)
        yield from self.pause(1, 5)
        self.tables = [name for name in self.tables if not name.startswith('  ')]
        yield from self.quietly()


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
