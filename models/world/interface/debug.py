"""The testing view and the debugger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from screen.view import Mark, Pane, Row
from text import snippets
from text.vocabulary import ERRORS, VERBS
from world.developer import Step, World
from world.interface.parts import (
    Places,
    leave_side,
    moving,
    near,
    over,
    places,
    quick_pick,
    seen,
    show_side,
    side,
    typing,
    visible_name,
    way_to,
)
from world.session import Event


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
        marks |= dict.fromkeys(tests if rng.random() < 0.7 else rng.sample(tests, 1), 'run')
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
    target = rng.choice(suites)
    if rng.random() < 0.3 and target != world.file:  # goes to a test
        world.open_file(target)
        yield None
        yield Event('open', {'file': target})
    else:
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


CONFIGURATIONS = {
    'py': ('debugpy', ('Python File', 'Module', 'Django', 'Flask', 'FastAPI', 'Remote Attach')),
    'go': ('go', ('Go: Launch Package', 'Go: Attach to local process', 'Go: Connect to server')),
    'rs': ('lldb', ('LLDB', 'CodeLLDB: Launch', 'C++ (GDB/LLDB)')),
}


def launch_file(world: World) -> Step:
    """The debugger has no configuration yet: a kind is picked and launch.json opens."""
    yield from world.to_editor()
    yield from show_side(world, 'debug')
    rng, at = world.rng, places(world)
    kind, choices = CONFIGURATIONS.get(world.language, ('node', ('Node.js', 'Web App (Chrome)', 'Web App (Edge)', 'VS Code Extension Development')))
    pane = side(at, [Row('RUN AND DEBUG', look='dim'), Row('Run and Debug', look='button'), Row('To customize Run and Debug'), Row('create a launch.json file.', look='link'), Row('Show all automatic debug configurations.', look='link'), Row('BREAKPOINTS', mark='open')])
    world.show(pane)
    yield None
    yield Event('view', seen(pane, view='RUN AND DEBUG'))
    yield from world.pause(2, 4)
    asked = quick_pick(at, '', [Row(choice) for choice in choices], hint=rng.choice(('Select debugger', 'Select a debug configuration')))
    world.show(asked)
    yield from world.pause(2, 3)
    choice = rng.choice(choices)
    asked = yield from moving(world, asked, way_to(rng, choices, choice))
    world.hide(asked)
    yield Event('selected', {'value': choice})
    leave_side(world, pane)
    name = 'launch.json'
    is_new_file = name not in world.files
    world.files[name] = ['{', '    "version": "0.2.0",', '    "configurations": [', '        {', f'            "name": "{choice}",', f'            "type": "{kind}",', f'            "request": "{rng.choice(("launch", "attach"))}",', f'            "program": "${{workspaceFolder}}/{world.file}",', '            "console": "integratedTerminal"', '        }', '    ]', '}']
    world.folder[name] = '.vscode'
    world.open_file(name)
    yield None
    yield Event('create' if is_new_file else 'open', {'file': name})
    yield from world.pause(1, 4)


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    'testing': (1.6, testing),
    'debugging': (1.6, debugging),
    'launch_file': (0.4, launch_file),
    'breakpoint_list': (0.6, breakpoint_list),
}
HELD_OUT = frozenset({'breakpoint_list'})
