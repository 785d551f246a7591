"""What is said about each kind of event, with its names between backticks, and what is said when the names could not be read.

`NARRATION` is the closed list of kinds: whatever program a step happens in, it is told as one of these. A phrasing quotes the names of the event; all its
other words are plain (`plain_words`), so the program can make sure that every name was read on screen.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from world.session import Event

MAX_CHARS = 120
LONGEST_NAME = 60  # of a quoted name; the rest is left out at a word's end

NARRATION: dict[str, tuple[str, ...]] = {
    # files and code
    'open': ('Opened `{file}`.', 'Now looking at `{file}`.', 'Switched to `{file}`.', 'The file `{file}` is open now.'),
    'create': ('Created a new file `{file}`.', 'Added the new file `{file}`.', 'A new file `{file}` was created.'),
    'saved': ('Saved `{file}`.', 'The file `{file}` was saved.'),
    'function': ('Wrote the function `{function}`.', 'Added a function called `{function}`.', 'Defined the function `{function}`.'),
    'type': ('Defined the type `{type}`.', 'Added the type `{type}`.', 'Wrote the definition of `{type}`.'),
    'import': ('Imported `{module}`.', 'Added an import of `{module}`.'),
    'value': ('Set `{name}` to `{value}`.', 'Added `{name}` with the value `{value}`.'),
    'change': ('Changed `{name}` to `{value}`.', 'The value of `{name}` is now `{value}`.'),
    'code': ('Wrote the line `{line}`.', 'Added `{line}` to the code.', 'Typed the code `{line}`.'),
    'rename': ('Renamed `{old}` to `{new}`.', '`{old}` is now called `{new}`.'),
    'find': ('Searched for `{query}`.', 'Looked for `{query}`.'),
    'scroll': ('Scrolled {direction} in the file.', 'Scrolled {direction}.'),
    'completions': ('Suggestions appeared: `{first}`, `{second}`.', 'The editor suggests `{first}` and `{second}`.', 'Suggestions appeared, among them `{first}`.'),
    'completed': ('Accepted the suggestion `{entry}`.', 'Took `{entry}` from the suggestions.'),
    'hover': ('A hover explains `{text}`.', 'The hover shows `{text}`.'),
    'problem': ('A problem is reported: `{message}`.', 'The editor reports `{message}`.'),
    'merge_conflict': ('There is a merge conflict in `{file}`.', '`{file}` has a merge conflict.'),
    'cell': ('Ran the cell: `{line}`.', 'The cell shows `{line}`.'),
    # terminal and tools
    'command': ('Ran `{command}`.', 'Ran the command `{command}`.', 'Executed `{command}`.'),
    'run_ok': ('Ran `{command}`.', 'Ran `{command}` successfully.', 'The program ran with `{command}`.'),
    'run_error': ('Ran `{command}` and got `{error}`.', '`{command}` stopped with `{error}`.', 'There is an error after `{command}`: `{error}`.'),
    'build_ok': ('Built the project with `{command}`.', 'The build with `{command}` succeeded.'),
    'build_error': ('The build with `{command}` failed: `{error}`.', '`{command}` failed to build: `{error}`.'),
    'tests_run': ('The tests are running.', 'Started the tests.'),
    'tests_pass': ('Ran `{command}`: all `{count}` tests pass.', '`{command}` passed with `{count}` tests.', 'All `{count}` tests pass with `{command}`.'),
    'tests_fail': ('Ran `{command}`: `{test}` fails with `{error}`.', '`{test}` fails with `{error}`.', 'The test `{test}` failed with `{error}`.', 'The test `{test}` failed.'),
    'install': ('Installed `{package}` with `{tool}`.', 'Added the package `{package}` with `{tool}`.', 'Installed `{package}`.'),
    'commit': ('Committed `{message}`.', 'Made the commit `{message}`.', 'Committed with the message `{message}`.'),
    'branch': ('Created the branch `{branch}`.', 'Switched to the branch `{branch}`.'),
    'push': ('Pushed the commits to `{branch}`.', 'Synchronised the changes with `{branch}`.', 'Pushed `{branch}`.'),
    'server_start': ('Started the server on port `{port}` with `{command}`.', '`{command}` serves on port `{port}`.', 'The server runs on port `{port}`.'),
    'server_stop': ('Stopped the server.', 'The server was stopped.'),
    'output': ('The output shows `{line}`.', 'It printed `{line}`.', 'The program says `{line}`.'),
    'waiting': ('Waiting: `{line}`.', 'It is still waiting: `{line}`.'),
    # interface
    'typed': ('Typed `{text}`.', 'Entered `{text}` as `{field}`.', 'Typed `{text}` into the field `{field}`.'),
    'selected': ('Selected `{value}`.', 'Set `{field}` to `{value}`.', 'Chose `{value}` for `{field}`.'),
    'checked': ('Switched `{label}`.', 'Ticked `{label}`.'),
    'button': ('Pressed `{label}`.', 'Clicked on `{label}`.'),
    'palette': ('Ran the editor command `{command}`.', 'Chose `{command}` in the command palette.'),
    'menu': ('Chose `{entry}` in the menu.', 'Picked `{entry}` from the context menu.'),
    'status': ('The status bar shows `{text}` now.', 'Used `{text}` in the status bar.'),
    'view': ('Opened the view `{view}`.', 'The view `{view}` is shown now.', 'Now looking at `{view}`.'),
    'expanded': ('Unfolded `{item}`.', 'Expanded `{item}`.'),
    'listed': ('A list appeared: `{first}`, `{second}`.', 'Now listed: `{first}` and `{second}`.', 'Now listed: `{first}`.'),
    'notification': ('A message appeared: `{text}`.', 'A notification says `{text}`.'),
    'closed': ('Closed `{name}`.', '`{name}` was closed.'),
    'chat': ('Somebody writes in the chat: `{text}`.', 'The chat says `{text}`.'),
    'test_explorer': ('`{passed}` tests passed in the test view.', 'The test view shows `{passed}` tests passed.'),
    # other windows
    'terminal': ('Switched to a full terminal.', 'Now in a terminal window.'),
    'browser': ('Switched to the browser: `{title}`.', 'Looking at the page `{title}`.', 'The browser shows `{title}`.'),
    'reload': ('The page shows `{text}` now.', 'The preview was updated: `{text}`.'),
    'slide': ('A slide: `{title}`.', 'A slide is shown: `{title}`.'),
    # debugger and what mostly the picture shows
    'debug_start': ('Started debugging.', 'The debugger is running now.'),
    'debug_pause': ('Stopped at the breakpoint in `{name}`.', 'The program pauses at `{name}` in `{file}`.', 'Stopped at the breakpoint in `{file}`.'),
    'debug_continue': ('Let the program continue.', 'The program continues.'),
    'debug_stop': ('Debugging stopped.', 'The debugger was stopped.'),
    'breakpoint': ('Set a breakpoint in `{file}`.', 'A breakpoint was set in `{file}`.'),
    'test_green': ('The tests turned green.', 'The test bar is green now.'),
    'test_red': ('The tests turned red.', 'The test bar is red now.'),
    'theme_light': ('Switched to a light theme.', 'The theme is light now.'),
    'theme_dark': ('Switched to a dark theme.', 'The theme is dark now.'),
    'side_show': ('Opened the side bar.', 'The side bar is shown again.'),
    'side_hide': ('Closed the side bar.', 'The side bar was hidden.'),
    'panel_open': ('Opened the panel.', 'The panel was opened.'),
    'panel_close': ('Closed the panel.', 'The panel was closed.'),
}  # fmt: skip
LESS: dict[str, tuple[str, ...]] = {  # the kind alone; a kind whose phrasings name nothing needs none
    'open': ('Opened a file.',), 'create': ('Created a new file.',), 'saved': ('Saved the file.',), 'function': ('Wrote a function.',), 'type': ('Defined a type.',),
    'import': ('Added an import.',), 'value': ('Set a value.',), 'change': ('Changed a value.',), 'code': ('Wrote some code.',), 'rename': ('Renamed something in the code.',),
    'find': ('Searched for something.',), 'completions': ('Suggestions appeared.',), 'completed': ('Accepted a suggestion.',), 'hover': ('A hover appeared.',),
    'problem': ('A problem is reported.',), 'merge_conflict': ('There is a merge conflict.',), 'cell': ('Ran a cell.',), 'command': ('Ran a command in the terminal.',),
    'run_ok': ('Ran the program.',), 'run_error': ('The program stopped with an error.',), 'build_ok': ('Built the project.',), 'build_error': ('The build failed.',),
    'tests_pass': ('All tests pass.',), 'tests_fail': ('A test failed.',), 'install': ('Installed a package.',), 'commit': ('Made a commit.',), 'branch': ('Switched to another branch.',),
    'push': ('Pushed the commits.',), 'server_start': ('The server runs.',), 'output': ('The program printed something.',), 'waiting': ('The program is waiting.',),
    'typed': ('Typed something into a field.',), 'selected': ('Selected something.',), 'checked': ('Switched an option.',), 'button': ('Pressed a button.',),
    'palette': ('Chose a command in the command palette.',), 'menu': ('Chose an entry in the menu.',), 'status': ('Used the status bar.',), 'view': ('Opened another view.',),
    'expanded': ('Unfolded an entry.',), 'listed': ('A list appeared.',), 'notification': ('A message appeared.',), 'closed': ('Closed a message.',), 'chat': ('Somebody writes in the chat.',),
    'test_explorer': ('The test view shows a result.',), 'browser': ('Switched to the browser.',), 'reload': ('The page was updated.',), 'slide': ('A slide is shown.',),
    'scroll': ('Scrolled in the file.',), 'debug_pause': ('The program stopped at a breakpoint.',), 'breakpoint': ('Set a breakpoint.', 'A breakpoint was set.'),
}  # fmt: skip
DIRECTIONS = ('up', 'down')  # the only slot values that never stand on screen


def fill(template: str, slots: dict[str, str]) -> str | None:
    """The template with its slots, or None if a slot is missing. A slot that ends with a full stop ends the sentence."""
    try:
        text = template.format(**slots)
    except KeyError:
        return None
    return text[:-1] if text.endswith('..') and not text.endswith('...') else text


def used(template: str, slots: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in slots.items() if f'{{{name}}}' in template}


def shortened(name: str) -> str:
    """A name as it is quoted: backticks would end it, and what is too long is cut at a word's end."""
    name = name.replace('`', '').strip()
    if len(name) <= LONGEST_NAME:
        return name
    return name[: LONGEST_NAME + 1].rpartition(' ')[0].rstrip() or name[:LONGEST_NAME]


def narrate(rng: random.Random, event: Event) -> tuple[str, dict[str, str]]:
    """One sentence about an event and the names it quotes, at most MAX_CHARS characters."""
    slots = {name: shortened(value) for name, value in event.slots.items()}
    first, *others = NARRATION[event.kind]
    rng.shuffle(others)
    order = [*others, first] if rng.random() < 0.4 else [first, *others]
    for template in order:
        text = fill(template, slots)
        if text and len(text) <= MAX_CHARS:
            return text, used(template, slots)
    return say_less(rng, event.kind), {}


def say_less(rng: random.Random, kind: str) -> str:
    """A sentence about a kind of event without any names."""
    return rng.choice(LESS.get(kind) or [text for text in NARRATION[kind] if '{' not in text])


def words_of_templates(templates: Iterable[str]) -> list[str]:
    """The words that stand outside the names, lower case."""
    words = {word for template in templates for word in re.findall(r'[a-z]+', re.sub(r'`?{\w+}`?', ' ', template).lower())}
    return sorted(words)


def sentences_of(templates: Iterable[str]) -> list[str]:
    """Templates as the pack's manifest has them: `{}` for a quotation with its quotes."""
    spelled = [template.replace('{direction}', direction) for template in templates for direction in (DIRECTIONS if '{direction}' in template else ('',))]
    return sorted({re.sub(r'`{\w+}`', '{}', template) for template in spelled})


def templates() -> list[str]:
    """Every phrasing."""
    return [template for table in (NARRATION, LESS) for variants in table.values() for template in variants]
