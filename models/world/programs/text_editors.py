"""Text editors of the terminal."""

from __future__ import annotations

from screen.canvas import Box
from screen.view import Pane, Row
from text import snippets, terminal
from text.vocabulary import LANGUAGE_NAMES
from world.developer import Step, World
from world.programs import parts
from world.programs.editing import Editing
from world.programs.parts import cut, rows_of


class TextEditor(Editing):
    """A full-screen editor of the terminal, in the manner of vi, of Emacs, of nano or of Helix."""

    flavours: tuple[str, ...] = ('vim', 'vim', 'neovim', 'neovim')

    def __init__(self, world: World, box: Box | None = None) -> None:
        super().__init__(world, box)
        rng = self.rng
        self.flavour = rng.choice(self.flavours)
        self.mode = 'NORMAL'
        self.command = ''
        self.region = rng.choice(('editor', 'editor', 'editor', 'terminal'))
        self.has_numbers = rng.random() < 0.7 and self.flavour not in ('nano',)
        self.bufferline = self.flavour == 'neovim' and rng.random() < 0.6
        self.tree_px = 0
        self.second: tuple[str, list[str]] | None = None  # another window: heading and lines
        self.below: list[Row] = []  # quickfix, diagnostics
        self.is_side_by_side = rng.random() < 0.6
        self.is_terminal_tabbed = rng.random() < 0.3

    def status_texts(self) -> list[str]:
        world = self.world
        position = f'{max(self.marked, 0) + 1},{len(world.file)}'
        match self.flavour:
            case 'neovim':
                return [self.mode, world.branch, world.file, 'utf-8', world.language, f'{min(99, 1 + self.top)}%', position.replace(',', ':')]
            case 'emacs':
                return [f'-:**-  {world.file}', 'All' if len(world.lines) < 30 else f'{min(99, self.top + 2)}%', f'L{max(self.marked, 0) + 1}', f'({LANGUAGE_NAMES[world.language]})']
            case 'helix':
                return [self.mode[:3], world.file, '1 sel', position.replace(',', ':')]
            case _:
                return [world.file, position, 'All' if len(world.lines) < 30 else 'Top']

    def panes(self) -> list[Pane]:
        world, box = self.world, self.box
        found: list[Pane] = []
        if self.is_terminal_tabbed:
            piece, box = cut(box, 'top', 26)
            found.append(self.bar(piece, [f'{self.flavour} {world.file}', '~ zsh']))
        if self.flavour == 'emacs':
            piece, box = cut(box, 'top', 26)
            found.append(self.bar(piece, ['File', 'Edit', 'Options', 'Buffers', 'Tools', LANGUAGE_NAMES[world.language], 'Help']))
        elif self.flavour == 'nano':
            piece, box = cut(box, 'top', 26)
            found.append(self.bar(piece, ['GNU nano 7.2', world.file, 'Modified' if self.mode == 'INSERT' else ''][:3], 'terminal', 'bar'))
            piece, box = cut(box, 'bottom', 2 * self.row_px('terminal') + 12)
            found.append(Pane('terminal', 'terminal', piece, tuple(rows_of(['^G Help      ^O Write Out  ^W Where Is   ^K Cut        ^T Execute', '^X Exit      ^R Read File  ^\\ Replace    ^U Paste      ^J Justify']))))
        elif self.bufferline:
            piece, box = cut(box, 'top', 28)
            found.append(self.bar(piece, world.tabs, 'tabs', active=world.file))
        piece, box = cut(box, 'bottom', self.row_px('terminal') + 10)
        found.append(Pane('terminal', 'terminal', piece, (Row(self.command),)))
        piece, box = cut(box, 'bottom', 24)
        found.append(self.bar(piece, filter(None, self.status_texts()), 'statusBar', 'bar'))
        if self.below:
            piece, box = cut(box, 'bottom', min(len(self.below) * self.row_px('terminal') + 16, (box[3] - box[1]) // 2))
            found.append(Pane('terminal', 'terminal', piece, tuple(self.below)))
        if self.tree_px:
            piece, box = cut(box, 'left', self.tree_px)
            found.append(Pane('tree', 'tree', piece, tuple(parts.tree(world, self.fitting(piece, 'tree'), self.seed))))
        if self.second:
            side = 'right' if self.is_side_by_side else 'bottom'
            piece, box = cut(box, side, (box[2] - box[0]) // 2 if side == 'right' else (box[3] - box[1]) // 2)
            heading, piece = cut(piece, 'bottom', 22)
            found.append(self.bar(heading, [self.second[0]], 'statusBar'))
            found.append(Pane('editor', self.region, piece, tuple(rows_of(self.second[1][: self.fitting(piece, 'editor')])), first_line=1 if self.has_numbers else -1))
        rows = self.code_rows(box)
        if self.flavour in ('vim', 'neovim') and not self.has_numbers:
            rows += tuple(rows_of(['~'] * (self.fitting(box, 'editor') - len(rows))))
        found.append(Pane('editor', self.region, box, rows, first_line=self.top + 1 if self.has_numbers else -1))
        return found

    def enter(self) -> Step:
        """By a command in a shell that fills the screen, or at once."""
        world = self.world
        program = {'vim': self.rng.choice(('vim', 'vi')), 'neovim': 'nvim', 'emacs': 'emacs -nw', 'nano': 'nano', 'helix': 'hx'}[self.flavour]
        if self.rng.random() < 0.4:
            shown = [Row(text) for text in world.terminal[-20:]] or [Row(world.prompt)]
            for length in snippets.typing_chunks(self.rng, f'{program} {world.file}', 10):
                pane = Pane('terminal', 'terminal', self.box, (*shown, Row(world.prompt + f'{program} {world.file}'[:length])))
                world.set(app='panes', panes=(pane,), popup=None, notification=())
                yield None
            yield None
        yield from self.told('open', file=world.file)

    def write(self) -> Step:
        self.mode = 'INSERT'
        if self.flavour in ('vim', 'neovim'):
            self.command = '-- INSERT --'
        self.draw()
        yield None
        yield from super().write()
        yield from self.pause(0, 2)
        self.mode, self.command = 'NORMAL', ''
        self.draw()
        yield None

    def typed_command(self, text: str) -> Step:
        def show(so_far: str) -> None:
            self.command = so_far

        yield from self.typed(text, show, self.rng.choice((4, 8)))
        yield None
        yield from self.pause(0, 2)

    def save(self) -> Step:
        world, rng = self.world, self.rng
        command = {'nano': f'File Name to Write: {world.file}', 'emacs': 'C-x C-s', 'helix': ':write'}.get(self.flavour, rng.choice((':w', ':w', ':wa', ':w!')))
        yield from self.typed_command(command)
        count = len(world.lines)
        self.command = {'nano': f'[ Wrote {count} lines ]', 'emacs': f'Wrote {world.file}', 'helix': f"'{world.file}' written, {count}L {count * 27}B"}.get(self.flavour, f'"{world.file}" {count}L, {count * 27}B written')
        yield from self.told('saved', file=world.file)

    def open(self) -> Step:
        """By a command, by a finder over the code, or in the tree at the left."""
        world, rng, names = self.world, self.rng, self.names
        name = self.another_file()
        way = rng.choice(('command', 'finder', 'tree')) if self.flavour in ('vim', 'neovim', 'helix') else 'command'
        if way == 'command':
            lead = {'emacs': 'Find file: ~/', 'nano': 'File to insert: ', 'helix': ':o '}.get(self.flavour, rng.choice((':e ', ':e ', ':tabe ', ':find ')))
            yield from self.typed_command(lead + name)
            self.command = '' if rng.random() < 0.5 else f'"{name}" {rng.randint(3, 200)}L, {rng.randint(90, 9000)}B'
        elif way == 'finder':
            heading = rng.choice(('Find Files', 'Telescope find_files', 'Live Grep', 'Buffers'))
            files = [name, *(names.file(world.language) for _ in range(rng.randint(4, 14)))]
            for length in snippets.typing_chunks(rng, name[: rng.randint(2, 5)], 2):
                rows = [Row(heading, look='dim'), Row('> ' + name[:length], look='input'), *(Row(f'{world.folder.get(file) or names.word()}/{file}', look='selected' if file == name else 'plain') for file in files)]
                self.over = [self.dialog(rows, rng.choice((420, 640, 800)), region='popup', kind='list')]
                self.draw()
                yield from self.pause(1, 2)
            self.over = []
        else:
            self.tree_px = rng.randint(190, 270)
            self.draw()
            yield from self.pause(1, 3)
            if rng.random() < 0.5:
                self.tree_px = 0
        self.show_file(name)
        yield from self.told('open', file=name)

    def find(self) -> Step:
        query = self.names.word()
        hits = [row for row in self.visible() if query in self.world.lines[row]]
        yield from self.typed_command({'emacs': 'I-search: ', 'nano': 'Search: '}.get(self.flavour, '/') + query)
        if hits:
            self.marked = hits[0]
        else:
            self.command = {'nano': f'[ "{query}" not found ]', 'emacs': f'Failing I-search: {query}'}.get(self.flavour, f'E486: Pattern not found: {query}' if self.rng.random() < 0.5 else f'/{query}  [1/{self.rng.randint(1, 9)}]')
        yield from self.told('find', query=query)

    def substitute(self) -> Step:
        """Replaces a name everywhere with a command."""
        world, rng = self.world, self.rng
        defined = [name for row, name in snippets.defined_names(world.lines) if len(name) > 3 and row in self.visible()]
        if not defined or self.flavour == 'nano':
            yield from self.save()
            return
        old, new = rng.choice(defined), self.names.function(world.language)
        command = f'Query replace {old} with: {new}' if self.flavour == 'emacs' else rng.choice((f':%s/{old}/{new}/g', f':%s/{old}/{new}/gc', f':lua vim.lsp.buf.rename("{new}")'))
        yield from self.typed_command(command)
        world.files[world.file] = [text.replace(old, new) for text in world.lines]
        self.command = f'{rng.randint(2, 9)} substitutions on {rng.randint(2, 9)} lines'
        yield from self.told('rename', old=old, new=new)

    def split(self) -> Step:
        """A second window with another file, which goes again."""
        if self.second:
            name, self.second = self.second[0], None
            yield from self.typed_command({'emacs': 'C-x 1'}.get(self.flavour, ':q'))
            self.command = ''
            yield from self.told('closed', name=name)
            return
        if self.flavour == 'nano':
            return
        name = self.another_file()
        yield from self.typed_command(f'Find file in other window: ~/{name}' if self.flavour == 'emacs' else f':{self.rng.choice(("vs", "sp", "vsplit", "split"))} {name}')
        self.command, self.second = '', (name, self.world.files[name])
        yield from self.told('open', file=name)

    def quickfix(self) -> Step:
        """A list of places below, of a compiler or a search."""
        rng, names, world = self.rng, self.names, self.world
        texts = [parts.line(world, 'interface', 10, 44) if rng.random() < 0.4 else f'undefined: {names.variable(world.language)}' for _ in range(rng.randint(2, 6))]
        yield from self.typed_command({'emacs': 'M-x compile'}.get(self.flavour, rng.choice((':copen', ':make', ':lua vim.diagnostic.setqflist()'))))
        self.below = [Row(f'{rng.choice(list(world.files))}|{rng.randint(1, 200)} col {rng.randint(1, 50)}| {text}') for text in texts]
        self.command = ''
        yield from self.told('problem', message=texts[0])
        yield from self.pause(2, 6)
        self.below = []
        self.draw()
        yield None

    def hover(self) -> Step:
        """What the language server tells about a name, or what is wrong with a line."""
        rng, names, world = self.rng, self.names, self.world
        row = rng.choice(self.visible() or [0])
        signature = rng.choice((f'(function) {names.function(world.language)}({names.word()}: str)', f'func {names.function("go")}({names.word()} int) error', f'class {names.type_name()}', f'(variable) {names.variable(world.language)}: int'))
        popup = self.popup([Row(signature), *rows_of(parts.lines(world, 'prose', rng.randint(0, 4), 60))], *self.point(row, 8), width=rng.randint(380, 520), kind='hover')
        self.over = [popup]
        yield from self.told('hover', text=signature)
        yield from self.pause(1, 5)
        self.over = []
        self.draw()
        yield None

    def shell(self) -> Step:
        """Runs a command from within: its output takes the screen until a key is pressed."""
        run = self.rng.choice((terminal.tests_pass, terminal.tests_fail))(self.names, self.world.language) if self.rng.random() < 0.5 else terminal.other_command(self.names)
        yield from self.typed_command(f':!{run.command}')
        self.below = rows_of([f':!{run.command}', *run.output, '', 'Press ENTER or type command to continue'])
        yield from self.told(run.kind, **parts.named(run))
        yield from self.pause(1, 5)
        self.below, self.command = [], ''
        self.draw()
        yield None


class OtherTextEditor(TextEditor):
    flavours = ('emacs', 'emacs', 'nano')


class HelixEditor(TextEditor):
    flavours = ('helix',)
