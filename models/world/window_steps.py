"""What the developer does with windows: browser, slides, menus, messages, what only the picture shows, and movements that mean nothing."""

from __future__ import annotations

from screen.style import is_light
from screen.view import Popup, TestBar
from text.vocabulary import ERRORS, VERBS
from world.developer import Step, World
from world.session import Event

PALETTE = """Format Document|Reload Window|Toggle Word Wrap|Organize Imports|Close All Editors|Git: Pull|Git: Push|Python: Select Interpreter
Preferences: Open Settings|Toggle Line Comment|Fold All|Unfold All|Show All Commands|Change Language Mode|Duplicate Selection
Transform to Uppercase|Sort Lines Ascending|Trim Trailing Whitespace|Insert Snippet|Clear Editor History|Git: Stash|Git: Fetch|Reveal in Explorer
Docker: Add Docker Files|Run Build Task|Developer: Toggle Developer Tools|Extensions: Install Extensions|Toggle Screencast Mode""".replace('\n', '|').split('|')
MENU = """Go to Definition|Go to References|Peek|Find All References|Find All Implementations|Rename Symbol|Change All Occurrences|Format Document
Refactor...|Source Action...|Cut|Copy|Paste|Command Palette...|Go to Test|Run Test|Debug Test|Open to the Side|Copy Path|Extract Method""".replace('\n', '|').split('|')


# --- other windows and interface parts ---------------------------------------------------------------------------


def step_browser(world: World) -> Step:
    names, rng = world.names, world.rng
    word = names.word()
    url = rng.choice((f'docs.{word}.dev', f'github.com/{word}/{names.word()}', f'{word}.io/guide', f'localhost:{rng.randint(3000, 9000)}/{word}', f'https://www.{word}.com/{names.word()}', f'127.0.0.1:{rng.randint(3000, 9000)}', f'stackoverflow.com/questions/{rng.randint(1000, 99999)}'))
    title = names.title()
    world.set(app='browser', url=url, title=title, body=tuple(names.sentence() for _ in range(rng.randint(3, 12))), popup=None)
    yield None
    yield Event('browser', {'title': title, 'url': url})
    yield from world.pause(1, 8)
    if rng.random() < 0.4:
        body = list(world.values['body'])  # type: ignore[call-overload]
        world.set(body=tuple(body[2:]) + tuple(names.sentence() for _ in range(3)))
        yield from world.pause(1, 4)
    if rng.random() < 0.7:
        yield from world.to_editor()


def step_slide(world: World) -> Step:
    title = world.names.title()
    world.set(app='slide', title=title, body=tuple(world.names.words(2, 5) for _ in range(world.rng.randint(0, 5))), popup=None)
    yield None
    yield Event('slide', {'title': title})
    yield from world.pause(1, 8)
    if world.rng.random() < 0.6:
        yield from world.to_editor()


def step_palette(world: World) -> Step:
    """Chooses a command in the command palette."""
    yield from world.to_editor()
    rng = world.rng
    command = rng.choice(PALETTE) if rng.random() < 0.5 else f'{world.names.word().capitalize()}: {rng.choice(VERBS).capitalize()} {world.names.word().capitalize()}'
    typed = '>' + command.split()[-1].lower()[: rng.randint(2, 6)]
    rest = rng.sample(PALETTE, 4)
    world.set(popup=Popup('quickPick', ('>', *rest, command)))
    yield from world.pause(1, 2)
    world.set(popup=Popup('quickPick', (typed, command, *rest[:2])))
    yield from world.pause(2, 3)
    world.set(popup=Popup('quickPick', ('>' + command, command)))
    yield None
    yield None
    world.set(popup=None)
    yield Event('palette', {'command': command})


def step_menu(world: World) -> Step:
    """Chooses an entry of a context menu; the chosen one stays alone for a moment as the menu's tooltip."""
    yield from world.to_editor()
    rng = world.rng
    entries = rng.sample(MENU, 6)
    rows = world.visible_rows()
    if not rows:
        return
    row = rng.choice(rows) - world.top
    world.set(popup=Popup('menu', tuple(entries), row, rng.randint(4, 20)), mouse=None)
    yield from world.pause(2, 4)
    chosen = rng.choice(entries)
    world.set(popup=None, notification=(f'Running {chosen}',))
    yield None
    yield Event('menu', {'entry': chosen})
    yield from world.pause(1, 3)
    world.set(notification=())


def step_notification(world: World) -> Step:
    """A message in the corner."""
    yield from world.to_editor()
    names, rng = world.names, world.rng
    text = rng.choice((names.words(3, 6).capitalize() + '.', f'Server is started at port : {rng.randint(1024, 9999)}', f'{names.type_name()} {rng.choice(("added", "created", "removed", "updated"))} successfully!', f'Cannot {rng.choice(VERBS)} {names.word()}: {rng.choice(ERRORS[world.language])}', f'Do you want to install the {names.word()} extension?'))
    world.set(notification=(text, *rng.choice(((), ('Yes   No',), ('Open Settings',), ('Source: ' + names.word(),)))))
    yield None
    yield Event('notification', {'text': text})
    yield from world.pause(2, 8)
    world.set(notification=())


def step_test_explorer(world: World) -> Step:
    """Runs the tests from the Testing view: the text there gives the count, the picture the colour."""
    yield from world.to_editor()
    if not world.values['is_side_bar_shown']:
        world.set(is_side_bar_shown=True)
        yield Event('side_show', {})
    total = world.rng.randint(2, 40)
    passed = total if world.rng.random() < 0.6 else world.rng.randint(0, total - 1)
    tests = tuple((2, f'test_{"_".join(world.names.pair(VERBS))}') for _ in range(3))
    world.set(side_view='testing', test_bar='none')
    world.side_override = ((0, 'TESTING'), (1, world.file), *tests)
    yield from world.pause(2, 4)
    summary = f'{passed}/{total} tests passed ({100 * passed // total}%)'
    world.side_override = ((0, 'TESTING'), (1, summary), (1, world.file), *tests)
    yield None
    yield Event('test_explorer', {'passed': f'{passed}/{total}'})
    yield from world.pause(1, 4)
    world.side_override = None
    world.set(side_view='explorer')
    yield None


def step_problems(world: World) -> Step:
    """Looks at the PROBLEMS or OUTPUT panel."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    panel = rng.choice(('PROBLEMS', 'OUTPUT', 'DEBUG CONSOLE'))
    message = names.words(3, 6).capitalize()
    world.other_panel_lines = (f'{world.file}', f'{message} [Ln {rng.randint(1, 60)}, Col {rng.randint(1, 40)}]') if panel == 'PROBLEMS' else tuple(f'[{names.word()}] {names.words(2, 5)}' for _ in range(rng.randint(1, 5)))
    if world.values['panel'] == '':
        world.set(panel=panel, problems=(1, 0) if panel == 'PROBLEMS' else (0, 0))
        yield Event('panel_open', {})
    world.set(panel=panel)
    yield from world.pause(3, 6)


# --- what only the picture shows ------------------------------------------------------------------------------------


def step_debug(world: World) -> Step:
    yield from world.to_editor()
    started = not world.values['is_debugging']
    world.set(is_debugging=started)
    yield Event('debug_start' if started else 'debug_stop', {})


def step_breakpoint(world: World) -> Step:
    yield from world.to_editor()
    rows = [row for row in world.visible_rows() if world.lines[row].strip()]
    if not rows:
        return
    row = world.rng.choice(rows)
    world.breakpoints.setdefault(world.file, set()).add(row)
    yield Event('breakpoint', {})


def step_test_bar(world: World) -> Step:
    yield from world.to_editor()
    now = world.values['test_bar']
    colour: TestBar = world.rng.choice([c for c in ('green', 'red') if c != now])
    world.set(test_bar=colour)
    yield Event(f'test_{colour}', {})


def step_theme(world: World) -> Step:
    yield from world.to_editor()
    alternate = not world.values['is_alternate_theme']
    world.set(is_alternate_theme=alternate)
    yield Event('theme_light' if is_light(world.style, alternate) else 'theme_dark', {})


def step_side_bar(world: World) -> Step:
    yield from world.to_editor()
    shown = not world.values['is_side_bar_shown']
    world.set(is_side_bar_shown=shown)
    yield Event('side_show' if shown else 'side_hide', {})


def step_panel(world: World) -> Step:
    """Opens an empty panel, or closes it."""
    yield from world.to_editor()
    if world.values['panel']:
        world.set(panel='')
        yield Event('panel_close', {})
        return
    world.terminal = [world.prompt]
    world.set(panel='TERMINAL', terminal_state='none')
    yield Event('panel_open', {})


# --- distractors: nothing to say -------------------------------------------------------------------------------------


def step_mouse(world: World) -> Step:
    for _ in range(world.rng.randint(2, 8)):
        world.set(mouse=(world.rng.randint(80, 1200), world.rng.randint(60, 660)))
        yield None
    if world.rng.random() < 0.6:
        world.set(mouse=None)


def step_hover(world: World) -> Step:
    rows = world.visible_rows()
    if world.app != 'editor' or not rows:
        return
    row = world.rng.choice(rows)
    lines = (f'(function) {world.names.function(world.language)}()', world.names.sentence())
    world.set(popup=Popup(world.rng.choice(('hover', 'suggest')), lines, row - world.top, world.rng.randint(0, 20)))
    yield from world.pause(1, 5)
    world.set(popup=None)
    yield None


def step_cursor(world: World) -> Step:
    rows = world.visible_rows()
    if world.app != 'editor' or not rows:
        return
    for _ in range(world.rng.randint(1, 4)):
        row = world.rng.choice(rows)
        world.cursor = (row, len(world.lines[row]))
        yield from world.pause(1, 3)


def step_zoom(world: World) -> Step:
    world.set(zoom=1.25 if world.values['zoom'] == 1.0 else 1.0)
    yield None


def step_idle(world: World) -> Step:
    yield from world.pause(2, world.rng.choice((6, 12, 30, 60)))
