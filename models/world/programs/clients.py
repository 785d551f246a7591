"""Tools for requests and databases."""

from __future__ import annotations

from screen.canvas import Box
from screen.view import Pane, Row
from text.vocabulary import VERBS
from world.developer import Step, World
from world.programs import parts
from world.programs.parts import Place, cut, rows_of

STATUS = ('200 OK', '200 OK', '201 Created', '204 No Content', '301 Moved Permanently', '400 Bad Request', '401 Unauthorized', '403 Forbidden', '404 Not Found', '422 Unprocessable Entity', '500 Internal Server Error', '502 Bad Gateway')


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
