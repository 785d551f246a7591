"""What the developer does in the side bar, the panel and the status bar: tests, debugger, source control, problems, search, trees, messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import snippets
from developer import Step, World
from interface_parts import (
    Places,
    columns,
    dialog,
    in_panel,
    is_new,
    leave_side,
    menu,
    moving,
    near,
    over,
    places,
    quick_pick,
    seen,
    select,
    show_side,
    side,
    status_item,
    toast,
    typing,
    visible_name,
    way_to,
)
from interface_words import BUTTONS, COMMANDS, SPINNERS, TREE_MENU, messages, pick, some, titles
from scene import Event, Mark, Pane, Row
from vocabulary import ERRORS, VERBS

# --- tests and debugger -----------------------------------------------------------------------------------------------------


def testing(world: World) -> Step:
    """The tree of tests is unfolded and run; a failure is looked at."""
    yield from world.to_editor()
    yield from show_side(world, 'testing')
    rng, names, at = world.rng, world.names, places(world)
    joint = '_' if world.language in ('py', 'rs') else ' '
    tests = [joint.join((rng.choice(('test', 'should', 'it')) if joint == ' ' else 'test', *names.pair(VERBS))) for _ in range(rng.randint(2, 9))]
    suites = [world.file, *rng.sample(list(world.files), min(3, len(world.files)))]
    marks: dict[str, Mark] = dict.fromkeys(tests, 'box')
    times: dict[str, str] = {}
    has_times = at.side[2] - at.side[0] > 200 and rng.random() < 0.6
    heading, is_top = rng.choice(('TESTING', 'TEST EXPLORER', 'Test Explorer')), rng.random() < 0.5

    def draw(summary: str, is_open: bool) -> Pane:
        head = [Row(heading, look='dim')]
        if is_top:
            head.append(Row('Filter (e.g. text, !exclude, @tag)', look='input'))
        if summary:
            head.append(Row(summary, look='ok' if summary.split('/')[0] == str(len(tests)) else 'plain'))
        rows = [Row(world.project, 1, mark='open'), Row(suites[0], 2, mark='open' if is_open else 'closed')]
        if is_open:
            rows += [Row(test, 3, right=times.get(test, ''), mark=marks[test]) for test in tests]
        return side(at, [*head, *rows, *[Row(suite, 2, mark='closed') for suite in suites[1:]]])

    pane = draw('', False)
    world.show(pane)
    yield None
    yield Event('view', seen(pane, view=heading))
    yield from world.pause(1, 3)
    pane = world.put(pane, draw('', True))
    yield None
    yield Event('expanded', seen(pane, item=suites[0]))
    for _ in range(rng.choice((1, 1, 2))):
        yield from world.pause(1, 4)
        marks |= dict.fromkeys(tests, 'run')
        times.clear()
        pane = world.put(pane, draw('', True))
        yield Event('tests_run', {})
        yield from world.pause(1, rng.choice((2, 4, 8)))
        failed = [test for test in tests if rng.random() < rng.choice((0, 0, 0.3))]
        for index, test in enumerate(tests):
            marks[test] = 'fail' if test in failed else 'pass'
            times[test] = f'{rng.randint(1, 9)}.{rng.randint(0, 9)}ms' if has_times else ''
            if index % 3 == 2 and len(tests) < 7:
                pane = world.put(pane, draw('', True))
                yield None
        good = len(tests) - len(failed)
        count = f'{good}/{len(tests)}'
        wording = (f'{count} tests passed ({100 * good // len(tests)}%)', f'{count} passed ({100 * good // len(tests)}%)', f'{count} ({100 * good // len(tests)}%)', f'{count}')
        pane = world.put(pane, draw(rng.choice(wording), True))
        yield None
        yield Event('test_explorer', seen(pane, passed=count))
        if failed and rng.random() < 0.7:
            yield from _failure(world, at, pane, failed[0])
    yield from world.pause(1, 4)
    leave_side(world, pane)
    yield None


def _failure(world: World, at: Places, pane: Pane, test: str) -> Step:
    """The message of a failed test, in a window inside the editor."""
    rng, names = world.rng, world.names
    yield from world.pause(1, 3)
    error = rng.choice(ERRORS[world.language])
    message = rng.choice((f'{error}: {names.words(2, 4)}', f'assert {rng.randint(1, 50)} == {rng.randint(51, 99)}', f'Expected {rng.randint(1, 50)} but received {rng.randint(51, 99)}', f"{error}: '{names.word()}'"))
    top = at.editor[1] + rng.randint(2, 5) * at.line_px
    rows = [Row(message, look='error'), *[Row(f'{name}:{rng.randint(1, 99)}', look='dim') for name in rng.sample(list(world.files), min(2, len(world.files)))]]
    rows.append(Row(f'Test run at {rng.randint(1, 12)}:{rng.randint(10, 59)}:{rng.randint(10, 59)} PM', look='dim'))
    peeked = over('form', 'other', (at.editor[0], top, at.editor[2], min(at.editor[3], top + 12 + len(rows) * (at.row_px + 2))), rows)
    world.show(peeked)
    yield None
    yield Event('tests_fail', {**seen(pane, test=test), **({'error': error} if error in message else {'error': message})})
    yield from world.pause(2, 5)
    world.hide(peeked)
    yield None


def debugging(world: World) -> Step:
    """A breakpoint, the start, the stop there, steps, and the end."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    if world.values['is_debugging']:
        world.set(is_debugging=False)
        yield Event('debug_stop', {})
        yield from world.pause(1, 2)
    rows = [row for row in world.visible_rows() if world.lines[row].strip()]
    if not rows:
        return
    row = rng.choice(rows)
    if rng.random() < 0.8:
        world.breakpoints.setdefault(world.file, set()).add(row)
        yield Event('breakpoint', {'file': world.file})
        yield from world.pause(1, 4)
    if not world.values['panel']:
        world.set(panel='DEBUG CONSOLE')
        yield Event('panel_open', {})
    world.other_panel_lines = tuple(rng.sample((f"Launching '{world.project}'", 'Loading configuration...', f'Process {rng.randint(1000, 9999)} launched', 'Debugger attached.', 'Starting: dlv dap', f'Loaded symbols: {names.word()}.dll'), rng.randint(0, 2)))
    world.set(is_debugging=True, panel='DEBUG CONSOLE', side_view='debug')
    yield Event('debug_start', {})
    yield from world.pause(0, 3)
    if not world.values['is_side_bar_shown']:
        world.set(is_side_bar_shown=True)
        yield Event('side_show', {})
    at = places(world)
    defined = [name for _, name in snippets.defined_names(world.lines)] or [names.function(world.language)]
    function = rng.choice(defined)
    variables = {names.variable(world.language): rng.choice((str(rng.randint(0, 99)), repr(names.word()), 'None', 'true', f'({rng.randint(1, 9)}) [...]')) for _ in range(rng.randint(2, 6))}
    scope, watch = rng.choice(('Locals', 'Local', 'Scope: Local')), rng.random() < 0.5

    def draw(line: int, frame: str) -> Pane:
        shown = [Row('RUN AND DEBUG', look='dim', right=configuration), Row('VARIABLES', look='heading', mark='open'), Row(scope, 1, mark='open')]
        shown += [Row(f'{name} = {value}' if world.language != 'js' else f'{name}: {value}', 2) for name, value in variables.items()]
        shown += [Row('Globals', 1, mark='closed'), Row('WATCH', look='heading', mark='open' if watch else 'closed')]
        shown += [Row(f'{next(iter(variables))}: {next(iter(variables.values()))}', 1)] if watch else []
        shown += [Row('CALL STACK', look='heading', mark='open', right='Paused on breakpoint' if at.side[2] - at.side[0] > 240 else '')]
        shown += [Row(frame, 1, right=f'{line + 1}:{1}'), *([Row('main', 1)] if frame != 'main' else []), Row('BREAKPOINTS', look='heading', mark='open'), Row(world.file, 1, mark='dot', right=str(row + 1))]
        return side(at, [replace(each, look='plain') if each.look == 'heading' else each for each in shown])

    configuration = rng.choice(('', '', 'Python File' if world.language == 'py' else 'Launch', 'Launch Program')) if at.side[2] - at.side[0] > 200 else ''
    world.cursor = (row, 0)
    pane = draw(row, function)
    middle = (at.editor[0] + at.editor[2]) // 2
    bar = over('bar', 'other', (middle - 90, at.window[1] + 4, middle + 90, at.window[1] + 30), [])
    world.show(pane, bar)
    yield None
    yield Event('debug_pause', {**seen(pane, name=function), 'file': world.file})
    for _ in range(rng.randint(0, 4)):
        yield from world.pause(1, 3)
        row_now = min(len(world.lines) - 1, world.cursor[0] + rng.randint(1, 2))
        world.cursor = (row_now, 0)
        world.reveal(row_now)
        variables[rng.choice(list(variables))] = str(rng.randint(0, 999))
        if rng.random() < 0.2:
            variables[names.variable(world.language)] = repr(names.word())
        pane = world.put(pane, draw(row_now, function))
    yield from world.pause(1, 3)
    if rng.random() < 0.3:
        named = visible_name(world)
        if named:
            value = f'{named[2]} = {rng.randint(1, 999)}'
            card = near(at, named[0], named[1], [Row(value), *[Row(f'{name}: {value}', 1) for name, value in list(variables.items())[:3]]])
            world.show(card)
            yield None
            yield Event('hover', {'text': value})
            yield from world.pause(1, 3)
            world.hide(card)
    if rng.random() < 0.7:
        world.put(pane, side(at, [Row('RUN AND DEBUG', look='dim'), Row('VARIABLES'), Row('WATCH'), Row('CALL STACK', right='Running'), Row('BREAKPOINTS'), Row(world.file, 1, mark='dot')]))
        yield Event('debug_continue', {})
        yield from world.pause(0, 3)
        line = rng.choice((names.sentence(), f'{names.word()}: {rng.randint(1, 999)}', f'{names.word()} = {names.word()}'))
        if world.style.has_minimap or len(line) < 40:
            world.other_panel_lines = (*world.other_panel_lines, line)
            yield None
            yield Event('output', {'line': line} if len(line) < 48 else {})
    yield from world.pause(0, 3)
    world.set(panes=(), is_debugging=False, side_view='explorer')
    world.other_panel_lines = (*world.other_panel_lines, rng.choice((f'Process exited with status {rng.choice((0, 0, 1))}', f'The program exited with code {rng.choice((0, 0, 1))} (0x0).', 'Detaching and terminating target process')))
    yield Event('debug_stop', {})
    yield None


def breakpoint_list(world: World) -> Step:
    """Breakpoints come and go, one with a condition."""
    yield from world.to_editor()
    rng = world.rng
    rows = [row for row in world.visible_rows() if world.lines[row].strip() and row not in world.breakpoints.get(world.file, ())]
    if not rows:
        return
    row = rng.choice(rows)
    world.breakpoints.setdefault(world.file, set()).add(row)
    yield Event('breakpoint', {'file': world.file})
    yield from world.pause(1, 3)
    if rng.random() < 0.5:
        at, condition = places(world), f'{world.names.word()} {rng.choice(("==", ">", "!="))} {rng.randint(0, 99)}'
        hint = rng.choice(('Expression', 'Hit Count', 'Log Message'))

        def box(text: str) -> Pane:
            return near(at, row - world.top, 0, [Row(f'{hint}  {text}', look='input'), Row("Break when expression evaluates to true. 'Enter' to accept, 'Escape' to cancel.", look='dim')], 'form')

        pane = box('')
        world.show(pane)
        yield None
        pane = yield from typing(world, pane, condition, box)
        yield None
        yield Event('typed', seen(pane, text=condition, field=hint))
        world.hide(pane)
        yield None


# --- source control ----------------------------------------------------------------------------------------------------------


def source_control(world: World) -> Step:
    """Changes are staged, described, committed and pushed."""
    yield from world.to_editor()
    yield from show_side(world, 'scm')
    rng, names, at = world.rng, world.names, places(world)
    changed = rng.sample(list(world.files), min(len(world.files), rng.randint(1, 6)))
    letters = {name: rng.choice('MMMUAD') for name in changed}
    staged: list[str] = []
    lead = rng.choice(('', '', 'fix: ', 'feat: ', 'Add ', 'Update '))
    message = f'{lead}{rng.choice(VERBS)} {names.words(1, 3)}'
    hint = f"Message ({rng.choice(('Ctrl', '⌘'))}+Enter to commit on \"{world.branch}\")" if rng.random() < 0.7 else 'Message'
    graph = [f'{rng.choice(VERBS).capitalize()} {names.words(1, 3)}' for _ in range(rng.randint(0, 5))]

    def draw(text: str, button: str = 'Commit', is_busy: bool = False) -> Pane:
        rows = [Row('SOURCE CONTROL', look='dim'), *([Row('CHANGES')] if graph else []), Row(text or hint, look='input'), Row(button + ('...' if is_busy else ''), look='button')]
        for name, files in (('Staged Changes', staged), ('Changes', [name for name in changed if name not in staged])):
            if files:
                rows += [Row(name, right=str(len(files)), mark='open'), *[Row(f'{file}  {world.folder.get(file, "")}'.strip(), 1, right=letters[file]) for file in files]]
        if graph:
            rows += [Row('GRAPH', right='Auto'), *[Row(text, 1, mark='dot') for text in graph]]
        return side(at, rows)

    pane = draw('')
    world.show(pane)
    yield None
    yield Event('view', {'view': 'SOURCE CONTROL'} if seen(pane, view='SOURCE CONTROL') else {})
    yield from world.pause(1, 4)
    if rng.random() < 0.4:  # looks at what was changed
        old, new = f'{names.word()} = {rng.randint(1, 99)}', f'{names.word()} = {rng.randint(1, 99)}'
        middle = (at.editor[0] + at.editor[2]) // 2
        halves = [Pane('editor', 'editor', box, tuple(Row(line) for line in [*world.lines[:5], each, *world.lines[5:30]]), is_overlay=True, first_line=1) for box, each in (((at.editor[0], at.editor[1], middle, at.editor[3]), old), ((middle, at.editor[1], at.editor[2], at.editor[3]), new))]
        world.show(*halves)
        yield from world.pause(3, 6)
        world.hide(*halves)
        yield None
    for name in changed if rng.random() < 0.3 else changed[: rng.randint(0, 2)]:
        staged.append(name)
        if rng.random() < 0.6:
            pane = world.put(pane, draw(''))
            yield from world.pause(1, 2)
    pane = yield from typing(world, pane, message, draw)
    yield from world.pause(1, 3)
    shown = seen(pane, message=message)
    if rng.random() < 0.4:
        pane = world.put(pane, draw(message, is_busy=True))
        yield None
    left = [name for name in changed if staged and name not in staged]
    changed[:], staged[:] = left, []
    graph[:0] = [message] if graph else []
    button = rng.choice(('Sync Changes 1', 'Publish Branch', 'Sync Changes', 'Push 1 commit'))
    pane = world.put(pane, draw('', button))
    yield None
    yield Event('commit', shown)
    yield from world.pause(1, 4)
    if rng.random() < 0.6:
        if rng.random() < 0.4:
            yield Event('button', seen(pane, label=button))
        pane = world.put(pane, draw('', button, is_busy=True))
        if rng.random() < 0.3:
            question = f'This action will pull and push commits from and to "origin/{world.branch}".'
            asked = dialog(at, [Row(question), Row('OK', look='button'), Row("OK, Don't Show Again", look='button'), Row('Cancel', look='button')])
            world.show(asked)
            yield from world.pause(2, 3)
            world.hide(asked)
            yield Event('button', {'label': 'OK'})
        yield from world.pause(1, 4)
        pane = world.put(pane, draw(''))
        yield None
        yield Event('push', {'branch': world.branch})
    yield from world.pause(0, 3)
    leave_side(world, pane)
    yield None


def branches(world: World) -> Step:
    """A branch is chosen, or made, from the picker behind the status bar."""
    yield from world.to_editor()
    rng, names, at = world.rng, world.names, places(world)
    first, second = names.pair()
    branch = rng.choice((f'feature/{first}-{second}', f'{first}-{second}', f'fix/{first}', 'develop', f'{names.word()}/{first}'))
    others = [f'{rng.choice(("", "origin/", "feature/"))}{names.word()}' for _ in range(rng.randint(2, 7))]
    is_created = rng.random() < 0.5
    rows = [Row('Create new branch...'), Row('Create new branch from...'), Row('Checkout detached...'), *[Row(name, right=f'{rng.randint(2, 23)} {rng.choice(("hours", "days", "weeks"))} ago') for name in ([*others] if is_created else [branch, *others])]]
    pane = quick_pick(at, '', rows, hint=rng.choice(('Select a branch or tag to checkout', 'Select a branch to checkout')))
    world.show(pane)
    yield from world.pause(2, 4)
    if is_created:
        pane = yield from moving(world, pane, ['Create new branch...'])
        pane = world.put(pane, quick_pick(at, '', [Row("Please provide a new branch name (Press 'Enter' to confirm)", look='dim')], hint='Branch name'))
        pane = yield from typing(world, pane, branch, lambda part: quick_pick(at, part, [Row("Please provide a new branch name (Press 'Enter' to confirm)", look='dim')]))
        yield None
    else:
        pane = yield from moving(world, pane, way_to(rng, [row.text for row in rows], branch))
    world.hide(pane)
    world.branch = branch
    yield None
    yield Event('branch', {'branch': branch})


def merge_conflict(world: World) -> Step:
    """Both sides of a merge stand in the file; one is accepted."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    row = max(world.top, min(world.top + rng.randint(1, 6), len(world.lines)))
    ours, theirs = snippets.statement(names, world.language).lines, snippets.statement(names, world.language).lines
    choices = ('Accept Current Change', 'Accept Incoming Change', 'Accept Both Changes')
    lens = ' | '.join((*choices, 'Compare Changes'))
    block = [lens, '<<<<<<< HEAD (Current Change)', *ours, '=======', *theirs, f'>>>>>>> {names.word()} (Incoming Change)']
    world.lines[row:row] = block
    world.cursor = (row, 0)
    world.top = max(0, row - 3)
    world.set(is_dirty=False, problems=(1, 0))
    yield None
    yield Event('merge_conflict', {'file': world.file})
    yield from world.pause(2, 8)
    choice = rng.choice(choices)
    kept = {choices[0]: ours, choices[1]: theirs}.get(choice, (*ours, *theirs))
    world.lines[row : row + len(block)] = kept
    world.set(is_dirty=True, problems=(0, 0))
    yield None
    yield Event('button', {'label': choice} if len(lens) < columns(places(world)) else {})
    world.save()


# --- problems and search -------------------------------------------------------------------------------------------------------


def _message(world: World, name: str) -> tuple[str, str]:
    """A problem with a name, and where it comes from."""
    rng = world.rng
    known = {
        'py': ((f'"{name}" is not defined', 'Pylance'), (f'Import "{name}" could not be resolved', 'Pylance'), (f'"{name}" is not accessed', 'Pylance'), (f'Undefined name `{name}`', 'Ruff(F821)'), (f'"{name}" is possibly unbound', 'Pylance')),
        'go': ((f'undefined: {name}', 'compiler(UndeclaredName)'), (f'"{name}" imported and not used', 'compiler(UnusedImport)'), (f'declared and not used: {name}', 'compiler')),
        'rs': ((f'cannot find value {name} in this scope', 'rust-analyzer(E0425)'), (f'unused variable: {name}', 'rustc'), ('mismatched types', 'rust-analyzer(E0308)')),
    }.get(world.language, ((f"Cannot find name '{name}'.", 'ts(2304)'), (f"'{name}' is declared but its value is never read.", 'ts(6133)'), (f"Property '{name}' does not exist on type '{{}}'.", 'ts(2339)'), (f"'{name}' is not defined.", 'eslint(no-undef)'), (f"Parameter '{name}' implicitly has an 'any' type.", 'ts(7006)')))  # fmt: skip
    return rng.choice(known)


FIXES = ('Add import', 'Add missing import', 'Remove unused declaration', 'Declare missing function', 'Fix this problem', 'Fix all auto-fixable problems', 'Infer parameter types from usage', 'Disable rule for this line', 'Change spelling', 'Extract to constant in enclosing scope', 'Extract to function in module scope', 'Move to a new file', 'Generate docstring', 'Convert to template string', 'Show documentation', 'Add all missing imports', 'Implement missing members', 'Wrap in Some', 'Quick Fix: rename to match')


def quick_fix(world: World) -> Step:
    """A squiggle is hovered, the light bulb's menu opened and a fix taken."""
    yield from world.to_editor()
    rng, at, named = world.rng, places(world), visible_name(world)
    if named is None:
        return
    row, column, name = named
    message, source = _message(world, name)
    world.set(problems=(rng.randint(1, 3), rng.randint(0, 4)))
    card = near(at, row, column, [Row(f'{message}  {source}'), Row('View Problem (Alt+F8)   Quick Fix... (Ctrl+.)', look='link')])
    world.show(card)
    yield None
    yield Event('problem', {'message': message})
    yield from world.pause(2, 4)
    world.hide(card)
    if rng.random() < 0.6:
        x, y = at.code_at(row + 1, max(0, column - 2))
        entries = [f"Import '{name}' from '{world.names.word()}'", *some(world, FIXES, rng.randint(3, 6))]
        rng.shuffle(entries)
        pane = menu(at, x, y, [[('Quick Fix', '')], [(entry, '') for entry in entries]])
        world.show(pane)
        yield from world.pause(2, 3)
        entry = rng.choice(entries)
        pane = yield from moving(world, pane, way_to(rng, entries, entry))
        world.hide(pane)
        if rng.random() < 0.5:
            line = snippets.import_of(world.names, world.language).lines[0]
            world.lines.insert(world.top, line)
            world.set(is_dirty=True)
            yield Event('menu', {'entry': entry})
            yield from world.pause(1, 2)
            if len(line) < columns(at):
                yield Event('code', {'line': line})
        else:
            yield Event('menu', {'entry': entry})
    world.set(problems=(0, rng.randint(0, 2)))
    yield None


def problems_panel(world: World) -> Step:
    """The list of problems, file by file; one is gone to."""
    yield from world.to_editor()
    rng = world.rng
    if not world.values['panel']:
        world.set(panel='PROBLEMS')
        yield Event('panel_open', {})
    world.set(panel='PROBLEMS')
    world.other_panel_lines = ()
    at, rows, told = places(world), [], ''
    for file in [world.file, *rng.sample(list(world.files), min(2, len(world.files)))]:
        found = [_message(world, world.names.variable(world.language)) for _ in range(rng.randint(1, 3))]
        told = told or found[0][0]
        rows += [Row(f'{file}  {world.folder[file]}'.strip(), right=str(len(found)), mark='open'), *[Row(f'{message}  {source} [Ln {rng.randint(1, 90)}, Col {rng.randint(1, 40)}]', 1, mark='fail') for message, source in found]]
    world.set(problems=(len(rows) - 3, 0))
    pane = in_panel(at, 'PROBLEMS', rows)
    world.show(pane)
    yield None
    yield Event('problem', seen(pane, message=told))
    yield from world.pause(2, 6)
    if rng.random() < 0.5:
        world.put(pane, select(pane, pane.rows[min(2, len(pane.rows) - 1)].text))
        world.cursor = (min(len(world.lines) - 1, world.top + rng.randint(0, 8)), 0)
        yield from world.pause(1, 3)
    world.set(panes=(), problems=(0, 0))
    yield None


def find_replace(world: World) -> Step:
    """The find widget with its second field: a text is replaced everywhere."""
    yield from world.to_editor()
    at, named = places(world), visible_name(world)
    if named is None:
        return
    old, new = named[2], world.names.variable(world.language)
    count = sum(line.count(old) for line in world.lines)
    box = (max(at.editor[0] + 20, at.editor[2] - 430), at.editor[1], at.editor[2] - 16, at.editor[1] + 18 + 2 * (at.row_px + 12))

    def draw(text: str, replaced: str, found: str) -> Pane:
        return over('form', 'popup', box, [Row(text or 'Find', right=found, look='input'), Row(replaced or 'Replace', look='input')])

    pane = draw('', '', '')
    world.show(pane)
    yield None
    pane = yield from typing(world, pane, old, lambda part: draw(part, '', f'1 of {count}' if part == old else '? of ?'))
    yield None
    yield Event('find', {'query': old})
    pane = yield from typing(world, pane, new, lambda part: draw(old, part, f'1 of {count}'))
    yield from world.pause(1, 3)
    world.files[world.file] = [line.replace(old, new) for line in world.lines]
    world.set(is_dirty=True)
    pane = world.put(pane, draw(old, new, 'No results'))
    yield None
    yield Event('change', {'name': old, 'value': new})
    yield from world.pause(1, 3)
    world.hide(pane)
    yield None


def search_view(world: World) -> Step:
    """Search in all files, with what may be replaced and where to look."""
    yield from world.to_editor()
    yield from show_side(world, 'search')
    rng, names, at = world.rng, world.names, places(world)
    query = names.word() if rng.random() < 0.6 else names.function(world.language)
    replaced = names.word() if rng.random() < 0.4 else ''
    has_places = rng.random() < 0.4
    files = rng.sample(list(world.files), min(len(world.files), rng.randint(1, 5)))
    hits = {file: [f'{names.word()}{rng.choice((" = ", "(", ".", ": "))}{query}{rng.choice((")", "", ";", "()"))}' for _ in range(rng.randint(1, 4))] for file in files}
    total = sum(map(len, hits.values()))

    def draw(text: str, with_hits: bool = False, second: str = '') -> Pane:
        rows = [Row('SEARCH', look='dim'), Row(text or 'Search', look='input')]
        if replaced:
            rows.append(Row(second or 'Replace', look='input'))
        if has_places:
            rows += [Row('files to include', look='dim'), Row('*.ts, src/**/include', look='input'), Row('files to exclude', look='dim')]
        if with_hits:
            rows.append(Row(f'{total} results in {len(files)} files - Open in editor', look='dim'))
            rows += [row for file, lines in hits.items() for row in (Row(file, right=str(len(lines)), mark='open'), *[Row(line, 1) for line in lines])]
        return side(at, rows)

    pane = draw('')
    world.show(pane)
    yield from world.pause(1, 2)
    pane = yield from typing(world, pane, query, draw)
    pane = world.put(pane, draw(query, True))
    yield None
    yield Event('find', seen(pane, query=query))
    yield from world.pause(2, 5)
    if replaced:
        pane = yield from typing(world, pane, replaced, lambda part: draw(query, True, part))
        yield None
        yield Event('typed', seen(pane, text=replaced))
    leave_side(world, pane)
    if not replaced and rng.random() < 0.5 and files[0] != world.file:
        world.open_file(files[0])
        yield None
        yield Event('open', {'file': files[0]})
    else:
        yield None


# --- trees ----------------------------------------------------------------------------------------------------------------------


def explorer_file(world: World) -> Step:
    """A file is made, renamed, moved or deleted in the explorer's tree."""
    yield from world.to_editor()
    yield from show_side(world, 'explorer')
    rng, at = world.rng, places(world)
    folders = [name for name in sorted(set(world.folder.values())) if name] or ['src']
    what = rng.choice(('create', 'create', 'folder', 'rename', 'delete', 'move'))
    known = sorted(world.files)
    victim = rng.choice([name for name in known if name != world.file])
    made = world.add_file(is_empty=True) if what == 'create' else ''

    def draw(field: str = '', at_row: str = '', is_open: bool = True) -> Pane:
        rows = [Row('EXPLORER', look='dim'), Row(world.project.upper(), mark='open')]
        for folder in folders:
            rows.append(Row(folder, 1, mark='open' if is_open else 'closed'))
            rows += [Row(name, 2) for name in known if is_open and world.folder[name] == folder]
        rows += [Row(name, 1) for name in known if world.folder[name] not in folders]
        index = next((i for i, row in enumerate(rows) if row.text == at_row), 2)
        if field:
            rows[index : index + (what == 'rename')] = [Row(field + '  ', 2, look='input')]
        elif at_row:
            rows[index] = replace(rows[index], look='selected')
        return side(at, [*rows, Row('OUTLINE', mark='closed'), Row('TIMELINE', mark='closed')], is_tree=True)

    pane = draw()
    world.show(pane)
    yield from world.pause(1, 3)
    if what in ('create', 'folder', 'rename'):
        text = made or (rng.choice(('components', 'routes', 'services', world.names.word())) if what == 'folder' else world.names.file(world.language))
        pane = yield from typing(world, pane, text, lambda part: draw(part, victim if what == 'rename' else ''))
        yield None
        shown = seen(pane, name=text)
        if what == 'create':
            world.hide(pane)
            world.open_file(made)
            yield None
            yield Event('create', {'file': made})
            return
        if what == 'folder':
            folders.append(text)
            world.put(pane, draw())
            yield None
            yield Event('create', {'file': text} if shown else {})
        else:
            old = {'old': victim} if any(row.text == victim for row in draw().rows) else {}
            known[known.index(victim)] = text
            world.files[text], world.folder[text] = world.files.pop(victim), world.folder.pop(victim)
            world.tabs = [text if name == victim else name for name in world.tabs]
            world.put(pane, draw())
            yield None
            yield Event('rename', {**old, 'new': text} if shown and old else {})
    else:
        pane = world.put(pane, draw('', victim))
        yield from world.pause(1, 2)
        folder = rng.choice(folders)
        question, buttons = {
            'delete': (f"Are you sure you want to delete '{victim}'?", rng.choice((('Move to Trash', 'Cancel'), ('Move to Recycle Bin', 'Cancel'), ('Delete', 'Cancel')))),
            'move': (f"Are you sure you want to move '{victim}' into '{folder}'?", ('Move', 'Cancel')),
        }[what]
        asked = dialog(at, [Row(question), Row('You can restore this file from the Trash.' if what == 'delete' else 'Do not ask me again', look='dim'), *[Row(text, look='button') for text in buttons]])
        world.show(asked)
        yield from world.pause(2, 3)
        if rng.random() < 0.2:
            world.hide(asked)
            yield Event('button', {'label': 'Cancel'})
        else:
            if what == 'delete':
                known.remove(victim)
            else:
                world.folder[victim] = folder
            if what == 'delete' and len(world.files) > 3 and victim not in world.tabs:
                del world.files[victim]
            world.hide(asked)
            world.put(pane, draw())
            yield Event('button', {'label': buttons[0]})
    yield from world.pause(1, 2)
    world.set(panes=())
    yield None


def explorer_fold(world: World) -> Step:
    """Folders of the tree are opened and closed, and the list goes up and down."""
    yield from world.to_editor()
    yield from show_side(world, 'explorer')
    rng, names, at = world.rng, world.names, places(world)
    folders = list(dict.fromkeys(['.github', '.vscode', 'node_modules', 'public', 'src', 'tests', 'venv', names.word(), names.word(), names.word()]))
    folders = sorted(rng.sample(folders, rng.randint(3, len(folders))))
    inside = {folder: [names.file(world.language) for _ in range(rng.randint(2, 6))] for folder in folders}
    loose = [*world.files, 'README.md', 'package.json', '.gitignore', 'LICENSE', 'Dockerfile', 'tsconfig.json', 'requirements.txt'][: rng.randint(3, 14)]
    opened: set[str] = set()
    section = rng.choice(('', 'OUTLINE', 'TIMELINE'))
    symbols = [Row(name, 1) for _, name in snippets.defined_names(world.lines)] if section == 'OUTLINE' else [Row(f'{rng.choice(("File Saved", "Undo / Redo", rng.choice(VERBS) + " " + names.word()))}', 1, right=f'{rng.randint(1, 23)} hrs') for _ in range(6)]

    def draw(start: int = 0, unfolded: str = '') -> Pane:
        rows = [row for folder in folders for row in [Row(folder, 1, mark='open' if folder in opened else 'closed'), *([Row(name, 2) for name in inside[folder]] if folder in opened else [])]]
        rows += [Row(name, 1) for name in loose]
        tail = [Row('OUTLINE', mark='open' if unfolded == 'OUTLINE' else 'closed'), *(symbols if unfolded == 'OUTLINE' else []), Row('TIMELINE', mark='open' if unfolded == 'TIMELINE' else 'closed'), *(symbols if unfolded == 'TIMELINE' else [])]
        room = max(4, at.rows(at.side) - len(tail) - 3)
        return side(at, [Row('EXPLORER', look='dim'), Row(world.project.upper(), mark='open'), *rows[start : start + room], *tail], is_tree=True)

    pane = draw()
    world.show(pane)
    yield from world.pause(2, 3)
    for folder in rng.sample(folders, min(len(folders), rng.randint(1, 3))):
        opened.add(folder)
        pane = world.put(pane, draw())
        yield None
        yield Event('expanded', seen(pane, item=folder))
        yield from world.pause(1, 3)
    if section and symbols:
        pane = world.put(pane, draw(0, section))
        yield None
        yield Event('expanded', seen(pane, item=section))
        yield from world.pause(1, 4)
    for start in range(rng.randint(0, 4)):
        pane = world.put(pane, draw(start * 2))
        yield None
    if rng.random() < 0.4:
        opened.clear()
        pane = world.put(pane, draw())
        yield from world.pause(1, 3)
    world.hide(pane)
    yield None


TREES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ('DOCKER', ('CONTAINERS', 'IMAGES', 'REGISTRIES', 'NETWORKS', 'VOLUMES', 'CONTEXTS', 'HELP AND FEEDBACK'), 'container'),
    ('CONTAINER EXPLORER', ('CONTAINERS', 'IMAGES', 'NETWORKS', 'VOLUMES'), 'container'),
    ('DATABASE', ('localhost', 'Databases', 'Tables', 'Views', 'Functions', 'Users', 'Query History'), 'table'),
    ('CONNECTIONS', ('Local', 'Staging', 'Production', 'Tables', 'Stored Procedures', 'Security'), 'table'),
    ('SQLTOOLS', ('CONNECTIONS', 'QUERY HISTORY', 'BOOKMARKS', 'Tables', 'Columns'), 'table'),
    ('AZURE', ('RESOURCES', 'Azure subscription 1', 'App Services', 'Function App', 'Storage accounts', 'Virtual machines', 'WORKSPACE'), 'resource'),
    ('AWS', ('EXPLORER', 'Lambda', 'S3', 'CloudFormation', 'DynamoDB', 'EC2', 'ECS'), 'resource'),
    ('KUBERNETES', ('CLUSTERS', 'minikube', 'Namespaces', 'Nodes', 'Workloads', 'Deployments', 'Pods', 'Network', 'Storage', 'HELM REPOS'), 'pod'),
    ('MONGODB', ('CONNECTIONS', 'localhost:27017', 'Documents', 'Schema', 'Indexes', 'PLAYGROUNDS'), 'table'),
    ('GITHUB', ('PULL REQUESTS', 'Local Pull Request Branches', 'Waiting For My Review', 'Assigned To Me', 'Created By Me', 'ISSUES', 'My Issues'), 'issue'),
    ('MAVEN', ('Lifecycle', 'Plugins', 'Dependencies', 'Favorites', 'Profiles'), 'package'),
    ('NPM SCRIPTS', ('package.json', 'build', 'dev', 'test', 'lint', 'preview'), 'package'),
    ('REMOTE EXPLORER', ('SSH', 'WSL TARGETS', 'DEV VOLUMES', 'Dev Containers', 'TUNNELS'), 'host'),
    ('GITLENS', ('COMMITS', 'BRANCHES', 'REMOTES', 'STASHES', 'TAGS', 'WORKTREES', 'CONTRIBUTORS'), 'issue'),
    ('SPRING BOOT DASHBOARD', ('APPS', 'BEANS', 'ENDPOINT MAPPINGS', 'PROPERTIES'), 'package'),
)  # fmt: skip


def extension_tree(world: World) -> Step:
    """The tree of an extension: unfolded level by level, refreshed, with a menu on an entry."""
    yield from world.to_editor()
    yield from show_side(world, 'extensions')
    rng, names, at = world.rng, world.names, places(world)
    title, roots, kind = pick(world, TREES)

    def leaf() -> str:
        return {
            'container': f'{names.word()}:{rng.choice(("latest", "alpine", names.version()))}  {rng.choice(("Up 2 hours", "Exited (0) 3 days ago", ""))}'.strip(),
            'table': rng.choice((f'{names.word()}s', '_'.join(names.pair()), f'{names.word()} (varchar)')),
            'resource': '-'.join(names.pair()), 'pod': f'{names.word()}-{names.hash(8)}', 'issue': f'#{rng.randint(1, 900)} {rng.choice(VERBS)} {names.word()}', 'package': f'{names.word()}-{names.word()} {names.version()}', 'host': f'{names.word()}.{names.word()}.com',
        }[kind]  # fmt: skip

    shown = list(roots[: rng.randint(2, len(roots))])
    children: dict[str, list[str]] = {root: [leaf() for _ in range(rng.randint(1, 7))] for root in shown}
    opened: list[str] = []

    def draw(chosen: str = '', is_loading: bool = False) -> Pane:
        rows = [Row(title, look='dim')]
        for root in shown:
            rows.append(Row(root, mark='open' if root in opened else 'closed', look='selected' if root == chosen else 'plain'))
            if root in opened:
                rows += [Row('Loading...', 1, look='dim')] if is_loading and root == opened[-1] else [Row(text, 1, mark=rng_marks[text], look='selected' if text == chosen else 'plain') for text in children[root]]
        return side(at, rows)

    rng_marks: dict[str, Mark] = {text: rng.choice(('box', 'closed', 'run', 'pass')) for texts in children.values() for text in texts}
    pane = draw()
    world.show(pane)
    yield None
    yield Event('view', seen(pane, view=title))
    yield from world.pause(1, 4)
    for root in rng.sample(shown, min(len(shown), rng.randint(1, 3))):
        opened.append(root)
        if rng.random() < 0.4:
            pane = world.put(pane, draw(is_loading=True))
            yield from world.pause(1, 2)
        pane = world.put(pane, draw())
        yield None
        yield Event('expanded', seen(pane, item=root))
        if len(children[root]) > 3 and rng.random() < 0.5:
            yield Event('listed', seen(pane, first=children[root][0], second=children[root][1]))
        yield from world.pause(1, 4)
    if rng.random() < 0.6:
        text = rng.choice(children[opened[-1]])
        pane = world.put(pane, draw(text))
        row = next((i for i, row in enumerate(pane.rows) if row.text == text), 3)
        entries = [(entry, key) for entry, key in rng.choice(TREE_MENU)[: rng.randint(3, 9)]]
        choice = menu(at, at.side[0] + rng.randint(60, 140), at.side[1] + (row + 1) * at.row_px, [entries])
        world.show(choice)
        yield from world.pause(2, 3)
        entry = rng.choice(entries)[0]
        choice = yield from moving(world, choice, way_to(rng, [text for text, _ in entries], entry))
        world.hide(choice)
        if entry.startswith(('Remove', 'Delete', 'Drop')):
            children[opened[-1]].remove(text)
        pane = world.put(pane, draw())
        yield Event('menu', {'entry': entry})
        yield from world.pause(1, 3)
    leave_side(world, pane)
    yield None


# --- panel and status bar -----------------------------------------------------------------------------------------------------


def output_panel(world: World) -> Step:
    """Output of an extension, or the forwarded ports."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    if not world.values['panel']:
        world.set(panel='OUTPUT')
        yield Event('panel_open', {})
    at = places(world)
    if rng.random() < 0.3:
        ports = [str(rng.randint(1024, 9999)) for _ in range(rng.randint(1, 3))]
        pane = in_panel(at, 'PORTS', [Row('Port    Forwarded Address    Running Process', look='dim'), *[Row(f'{port}    localhost:{port}    {names.word()}') for port in ports], Row('Add Port', look='button')])
        world.show(pane)
        yield None
        yield Event('listed', seen(pane, first=f'localhost:{ports[0]}'))
    else:
        clock = f'{rng.randint(10, 23)}:{rng.randint(10, 59)}'
        lines = [rng.choice((f'[{rng.choice(("Info", "Debug", "Error", "Trace"))} - {clock}:{rng.randint(10, 59)}] {names.words(2, 5)}', f'2025-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} {clock} [info] {names.words(2, 6)}', f'> {names.word()} {names.word()}', names.sentence())) for _ in range(rng.randint(2, 8))]
        pane = in_panel(at, 'OUTPUT', [Row(line) for line in lines], is_terminal=True)
        world.show(pane)
        yield None
        yield Event('output', seen(pane, line=lines[-1]) if len(lines[-1]) < columns(at) - 4 else {})
    yield from world.pause(2, 6)
    world.hide(pane)
    world.set(panel='TERMINAL')
    if not world.terminal:
        world.terminal.append(world.prompt)
    yield None


def task(world: World) -> Step:
    """A task builds the project in a terminal of its own."""
    yield from world.to_editor()
    rng, names = world.rng, world.names
    yield from world.to_terminal()
    command = rng.choice(('npm run build', 'tsc -p tsconfig.json', 'make', f'make {names.word()}', 'cargo build', 'go build ./...', 'mvn package', 'dotnet build', 'gradle build', f'npm run {names.word()}'))
    world.terminal.clear()
    world.terminal += [rng.choice((f' *  Executing task: {command} ', f'> Executing task: {command} <', f'Executing task: {command}')), '']
    world.set(terminal_state='typing')
    for _ in range(rng.randint(0, 4)):
        world.terminal.append(rng.choice((f'Compiling {names.word()} v{names.version()}', f'[{rng.randint(1, 99)}%] Building {names.word()}', f'{names.word()}/{world.file}', f'src/{names.word()}.c -> {names.word()}.o')))
        yield from world.pause(1, 3)
    is_bad = rng.random() < 0.35
    error = rng.choice((f'error: {names.words(2, 4)}', f'{world.file}({rng.randint(1, 99)},{rng.randint(1, 40)}): error TS{rng.randint(2000, 2999)}: {names.words(2, 3)}', f'undefined reference to {names.word()}'))
    world.terminal += [error, ' *  The terminal process failed to launch (exit code: 1).'] if is_bad else [rng.choice(('Build succeeded.', f'built in {rng.randint(1, 20)}.{rng.randint(0, 99)}s', 'BUILD SUCCESS', 'Finished'))]
    world.terminal.append(rng.choice((' *  Terminal will be reused by tasks, press any key to close it. ', 'Press any key to close the terminal.')))
    world.set(terminal_state='error' if is_bad else 'ok')
    yield None
    yield Event('build_error', {'command': command, **({'error': error} if len(error) < columns(places(world)) else {})}) if is_bad else Event('build_ok', {'command': command})
    yield from world.pause(1, 4)
    world.terminal[:] = [world.prompt]


def status_bar(world: World) -> Step:
    """An entry of the status bar is clicked, or says something new."""
    yield from world.to_editor()
    rng, at, names = world.rng, places(world), world.names
    port = rng.choice((5500, 5501, 3000, rng.randint(1024, 9999)))
    before, after = rng.choice((
        ('Go Live', f'Port : {port}'), (f'Port : {port}', 'Go Live'), ('Prettier', 'Prettier: formatted'), ('Select Interpreter', f"3.{rng.randint(8, 14)}.{rng.randint(0, 9)} ('.venv': venv)"), ('Watch Sass', 'Watching...'), ('No Kernel', f'Python 3.{rng.randint(8, 14)}'),
        ('Plain Text', 'Python'), ('CRLF', 'LF'), ('Screen Reader Optimized', 'Ready'), ('Sign in', f'{names.word()}@{names.word()}'), ('Debug', 'Release'), (f'{names.word()} (stopped)', f'{names.word()} (running)'), ('Not connected', f'Connected: {names.word()}'), ('Discovering Tests', f'{rng.randint(2, 90)} tests'),
    ))  # fmt: skip
    pane = status_item(at, before)
    world.show(pane)
    yield from world.pause(2, 4)
    if rng.random() < 0.3:
        pane = world.put(pane, status_item(at, pick(world, SPINNERS)))
        yield from world.pause(1, 3)
    pane = world.put(pane, status_item(at, after))
    yield None
    yield Event('status', {'text': after})
    if 'Port' in after and rng.random() < 0.7:
        said = f'Server is Started at port : {port}'
        shown = toast(at, said, ("Don't show again",) if rng.random() < 0.3 else (), 'Live Server' if rng.random() < 0.3 else '')
        world.show(shown)
        yield None
        yield Event('notification', {'text': said})
        yield from world.pause(1, 6)
    yield from world.pause(1, 5)
    world.set(panes=())
    yield None


def notice(world: World) -> Step:
    """A message with buttons: answered, closed, or gone by itself."""
    yield from world.to_editor()
    rng, at = world.rng, places(world)
    text = rng.choice(messages(world))
    if at.width(text) > at.window[2] - at.window[0] - 120:
        return
    buttons = rng.choice(BUTTONS) if rng.random() < 0.7 else ()
    source = world.names.word().capitalize() if rng.random() < 0.4 else ''
    pane = dialog(at, [Row(text), *[Row(button, look='button') for button in buttons]]) if is_new(world) and buttons else toast(at, text, buttons, source)
    world.show(pane)
    yield None
    yield Event('notification', {'text': text})
    yield from world.pause(2, 5)
    if buttons and rng.random() < 0.7:
        button = rng.choice(buttons)
        pane = world.put(pane, replace(pane, rows=tuple(replace(row, look='selected') if row.text == button else row for row in pane.rows)))
        yield None
        world.hide(pane)
        yield Event('button', {'label': button})
        return
    world.hide(pane)
    if rng.random() < 0.3:
        yield Event('closed', {})
    else:
        yield None


def progress(world: World) -> Step:
    """A message that counts up until the work is done."""
    yield from world.to_editor()
    rng, at, names = world.rng, places(world), world.names
    what = names.word()
    lead = rng.choice((f"Installing extension '{what}'", f'Downloading {what}', f'Cloning {what}', f'Creating environment {what}', f'Building image {what}', f'Deploying to {what}', f'Running tests in {what}'))
    percent, pane = 0, toast(at, f'{lead}...')
    world.show(pane)
    yield None
    yield Event('notification', {'text': f'{lead}...'})
    while percent < 100:
        percent = min(100, percent + rng.randint(12, 50))
        pane = world.put(pane, toast(at, f'{lead}...', (), '', '') if rng.random() < 0.3 else toast(at, f'{lead}: {percent}%'))
        yield from world.pause(1, 2)
    done = rng.choice((f'{what} was installed.', f'Finished: {lead}', f'{what} is ready.', f'Successfully finished {what}'))
    pane = world.put(pane, toast(at, done))
    yield None
    yield Event('notification', {'text': done})
    yield from world.pause(1, 5)
    world.hide(pane)
    yield None


# --- distractors ------------------------------------------------------------------------------------------------------------------


def spinner(world: World) -> Step:
    """The status bar is busy; counts at the views change."""
    if world.app != 'editor':
        return
    rng, at = world.rng, places(world)
    pane = status_item(at, pick(world, SPINNERS))
    badge = over('bar', 'other', (at.window[0] + 20, at.window[1] + 160, at.window[0] + 44, at.window[1] + 180), [Row(str(rng.randint(1, 40)))])
    world.show(pane, *([badge] if world.style.activity_px and rng.random() < 0.5 else []))
    for _ in range(rng.randint(1, 4)):
        yield from world.pause(1, 3)
        pane = world.put(pane, status_item(at, pick(world, SPINNERS)))
    world.set(panes=())
    yield None


def code_notes(world: World) -> Step:
    """Blame at a line's end, lenses above functions, hints inside calls: they come and go by themselves."""
    if world.app != 'editor' or not world.visible_rows():
        return
    rng, names, at = world.rng, world.names, places(world)
    what = rng.choice(('blame', 'lens', 'inlay'))
    if what == 'blame':
        for _ in range(rng.randint(1, 3)):
            row = rng.choice(world.visible_rows())
            world.cursor = (row, len(world.lines[row]))
            text = f'{rng.choice(("You", names.word().capitalize()))}, {rng.randint(2, 11)} {rng.choice(("minutes", "hours", "days", "months"))} ago * {rng.choice(VERBS)} {names.words(1, 3)}'
            x, y = at.code_at(row - world.top, len(world.lines[row]) + 4)
            pane = over('editor', 'editor', (x, y - 4, max(x + 10, min(at.editor[2], x + at.width(text) * 3 // 2)), y + at.line_px - 4), [Row(text, look='dim')])
            world.show(pane)
            yield from world.pause(2, 4)
            world.hide(pane)
        yield None
        return
    before = list(world.lines)
    if what == 'lens':
        for row, _ in reversed(snippets.defined_names(before)):
            world.lines.insert(row, rng.choice((f'{rng.randint(0, 9)} references', 'Run | Debug', f'{rng.randint(1, 9)} usages', 'run test | debug test', f'You, {rng.randint(2, 9)} days ago | 1 author')))
    else:
        world.files[world.file] = [line.replace('(', f'({names.word()}: ', 1) if line.strip().endswith((')', ');')) else line for line in before]
    yield from world.pause(2, 5)
    world.files[world.file] = before
    yield None


def find_left(world: World) -> Step:
    """The find widget, or a list of open editors, opened and closed at once."""
    if world.app != 'editor':
        return
    rng, at = world.rng, places(world)
    if rng.random() < 0.5:
        pane = over('form', 'popup', (at.editor[2] - 380, at.editor[1], at.editor[2] - 16, at.editor[1] + at.row_px + 22), [Row('Find', right='No results', look='input')])
    else:
        pane = quick_pick(at, '', [Row(name) for name in world.tabs] if rng.random() < 0.5 else [Row(entry, right=key) for entry, key in some(world, COMMANDS, 8)], hint=rng.choice(('', '>', 'Search files by name')))
    world.show(pane)
    yield from world.pause(1, 4)
    world.hide(pane)
    yield None


def list_scrolled(world: World) -> Step:
    """A long list in the side bar goes up and down under the pointer."""
    if world.app != 'editor' or not world.values['is_side_bar_shown']:
        return
    rng, at = world.rng, places(world)
    rows = [Row(text, rng.choice((1, 1, 2)), mark=rng.choice(('closed', '', ''))) for text in titles(world, 40)]
    pane = side(at, rows)
    world.show(pane)
    place = 0
    for _ in range(rng.randint(2, 6)):
        place = max(0, min(30, place + rng.randint(-3, 6)))
        pane = world.put(pane, side(at, rows[place:]))
        yield from world.pause(1, 2)
    world.hide(pane)
    yield None


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'testing': (1.6, testing),
    'debugging': (1.6, debugging),
    'breakpoint_list': (0.6, breakpoint_list),
    'source_control': (1.2, source_control),
    'branches': (0.5, branches),
    'merge_conflict': (0.5, merge_conflict),
    'quick_fix': (0.9, quick_fix),
    'problems_panel': (0.6, problems_panel),
    'find_replace': (0.6, find_replace),
    'search_view': (0.6, search_view),
    'explorer_file': (1.2, explorer_file),
    'explorer_fold': (0.9, explorer_fold),
    'extension_tree': (1.0, extension_tree),
    'output_panel': (0.6, output_panel),
    'task': (0.6, task),
    'status_bar': (0.8, status_bar),
    'notice': (0.9, notice),
    'progress': (0.5, progress),
    'spinner': (0.5, spinner),
    'code_notes': (0.6, code_notes),
    'find_left': (0.4, find_left),
    'list_scrolled': (0.4, list_scrolled),
}
HELD_OUT: frozenset[str] = frozenset({'breakpoint_list', 'output_panel', 'progress', 'list_scrolled'})
