"""What a sentence may quote: words that stand together on one line, as it was read.

Guidance takes its names from the text that the decoder was given, reading errors and all, so that nothing has to be invented and nothing can be. The same
rule stands in the daemon's grammar of a reply (`daemon/llm/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from config import StreamConfig
from world.session import Turn

SHORTEST_HEAD = 10  # of a name that a line shows only the beginning of
SHORTEST_DOTTED_HEAD = 5  # the same, with dots in the place of the rest
SIGNS_PER_ERROR = 7  # a name may be read with one error for so many signs
SHORTEST_BESIDE_ICON = 4  # a shorter name may as well be a part of another word


def is_word(sign: str) -> bool:
    return sign.isalnum() or sign == '_'


def is_span(line: str, start: int, end: int) -> bool:
    """Whether line[start:end] is whole words: it goes through none, and begins with a word or where one could begin."""
    cuts_first = start > 0 and is_word(line[start - 1]) and is_word(line[start])
    cuts_last = end < len(line) and is_word(line[end - 1]) and is_word(line[end])
    begins = is_word(line[start]) or start == 0 or line[start - 1] == ' '
    return begins and not cuts_first and not cuts_last and line[end - 1] != ' ' and line[start] != ' '


def as_read(name: str, lines: Sequence[str]) -> str | None:
    """What stands on a line in the place of `name`, newest line first: the name, its head where a line was cut, or the name with reading errors."""
    for line in lines:
        start = line.find(name)
        while start >= 0:
            if is_span(line, start, start + len(name)):
                return name
            start = line.find(name, start + 1)
    for line in lines:
        if found := head_in(name, line):
            return found
    for line in lines:
        found = beside_icon(name, line) or misread_in(name, line)
        if found:
            return found
    return None


def head_in(name: str, line: str) -> str | None:
    """The beginning of a name with which a line ends; it may be shorter where dots stand in the place of the rest."""
    kept = line.rstrip('.')
    shortest = SHORTEST_HEAD if len(line) - len(kept) < 2 else SHORTEST_DOTTED_HEAD
    start = line.find(name[:shortest]) if len(name) > shortest else -1
    return kept[start:] if start >= 0 and name.startswith(kept[start:]) and is_span(line, start, len(kept)) else None


def beside_icon(name: str, line: str) -> str | None:
    """The name with the sign that sticks to it, as an icon next to it reads."""
    start = line.find(name) if len(name) >= SHORTEST_BESIDE_ICON else -1
    if start < 0:
        return None
    first, end = start, start + len(name)
    while first > 0 and is_word(line[first - 1]):
        first -= 1
    while end < len(line) and is_word(line[end]):
        end += 1
    return line[first:end] if end - first == len(name) + 1 and is_span(line, first, end) else None


def misread_in(name: str, line: str) -> str | None:
    """The words of a line that are nearest to a name, if they differ by few signs."""
    allowed = len(name) // SIGNS_PER_ERROR
    if not allowed or len(line) < len(name) - allowed or len(set(name) - set(line)) > allowed:
        return None
    # semi-global alignment: costs[j] = (errors, start) of the best match of the name that ends before line[j]
    costs = [(0, j) for j in range(len(line) + 1)]
    for i, sign in enumerate(name, 1):
        row = [(i, 0)]
        for j, other in enumerate(line, 1):
            replaced = (costs[j - 1][0] + (sign != other), costs[j - 1][1])
            row.append(min(replaced, (costs[j][0] + 1, costs[j][1]), (row[j - 1][0] + 1, row[j - 1][1])))
        costs = row
    end = min(range(len(line) + 1), key=lambda j: costs[j][0])
    errors, start = costs[end]
    while start < end and line[start] == ' ':
        start += 1
    while end > start and line[end - 1] == ' ':
        end -= 1
    return line[start:end] if errors <= allowed and start < end and is_span(line, start, end) else None


def told_as_read(turn: Turn, lines: Iterable[str]) -> str:
    """The sentence of a turn with its names as they were read; without any when one of them was not."""
    newest = list(lines)[::-1][: StreamConfig.recent_lines]
    text = turn.text
    for name in turn.slots.values():
        if f'`{name}`' not in text:  # no name: the direction of scrolling
            continue
        read = as_read(name, newest)
        if not read or '`' in read:
            return turn.less
        text = text.replace(f'`{name}`', f'`{read}`')
    return text
