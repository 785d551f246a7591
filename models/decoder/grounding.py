"""The grammar that guidance is generated under: plain words, and quotations of what was read or asked. Mirrors the daemon's (daemon/llm/groundedGrammar.ts).

    reply = item (" " item)*        item = (word | "`" span "`") [.,:;!?]?

A word is one of the pack's plain words, also with a capital first; a span is a run of whole words of one line (quoting.is_span), of at most 64 signs and without a
backtick. The automaton is deterministic: a state is what may follow, and inside a span the set of all places on the lines that were spelled so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from config import StreamConfig
from decoder.tokenizer import BYTE_OF, Tokenizer
from world.quoting import is_word

LONGEST_SPAN = 64
SLOT = 0  # in a sentence: a quotation with its quotes
QUOTE, SPACE, PUNCTUATION = ord('`'), ord(' '), frozenset(b'.,:;!?')


@dataclass(slots=True)
class Trie:
    """Texts as bytes that share their beginnings; `end` is the token that ends there, or 0 for a word."""

    next: dict[int, Trie] = field(default_factory=dict)
    end: int | None = None

    def add(self, text: bytes, end: int = 0) -> None:
        node = self
        for byte in text:
            node = node.next.setdefault(byte, Trie())
        node.end = end


def token_bytes(tokenizer: Tokenizer) -> dict[int, bytes]:
    """What each ordinary token spells."""
    return {token: bytes(BYTE_OF[sign] for sign in tokenizer.vocabulary[token]) for token in tokenizer.ordinary}


@lru_cache(maxsize=20_000)
def places(line: str) -> tuple[bytes, tuple[int, ...], frozenset[int]]:
    """A line as bytes, where a span of it may start, and where one may end (quoting.is_span)."""
    offset, starts, ends = 0, [], set()
    for i, sign in enumerate(line):
        before, behind = line[i - 1] if i else ' ', line[i + 1] if i + 1 < len(line) else ' '
        if sign != ' ' and (not is_word(before) if is_word(sign) else before == ' '):
            starts.append(offset)
        offset += len(sign.encode())
        if sign != ' ' and not (is_word(sign) and is_word(behind)):
            ends.add(offset)
    return line.encode(), tuple(starts), frozenset(ends)


@dataclass(frozen=True, slots=True)
class Span:
    """Inside a quotation: (line, place) of every way to read it so far."""

    at: tuple[tuple[int, int], ...]
    length: int
    behind: State


State = str | Trie | Span  # 'item': one must begin; 'behind': one has ended; 'mark': with a punctuation mark; a trie: inside a plain word, or inside the pack's sentences


class Grammar:
    """What one reply may be made of."""

    def __init__(self, plain: Trie, lines: Sequence[str], sentences: Trie | None = None) -> None:
        """`lines` as the decoder got them, and what was asked; `sentences` are all that may be said, SLOT standing for a quotation: without them, any of `plain` words."""
        self.plain = plain
        self.lines = [places(line) for line in dict.fromkeys(lines)]
        self.starts = tuple((i, start) for i, (_, starts, _) in enumerate(self.lines) for start in starts)
        self.is_list = sentences is not None
        self.start: State = sentences or 'item'

    def moves(self, state: State) -> dict[int, State]:
        """The bytes that may follow, with the states behind them."""
        if isinstance(state, Span):
            return self._in_span(state)
        if isinstance(state, Trie):
            inside: dict[int, State] = {byte: node for byte, node in state.next.items() if byte != SLOT}
            if SLOT in state.next and self.starts:
                inside[QUOTE] = Span(self.starts, 0, state.next[SLOT])
            return inside | self.moves('behind') if state.end is not None and not self.is_list else inside
        if state == 'item':
            words: dict[int, State] = dict(self.plain.next)
            return {**words, QUOTE: Span(self.starts, 0, 'behind')} if self.starts else words
        spaced: dict[int, State] = {SPACE: 'item'}
        return spaced if state == 'mark' else {**dict.fromkeys(PUNCTUATION, 'mark'), **spaced}

    def _in_span(self, span: Span) -> dict[int, State]:
        found: dict[int, list[tuple[int, int]]] = {}
        if span.length < LONGEST_SPAN:
            for line, place in span.at:
                text = self.lines[line][0]
                if place < len(text) and text[place] != QUOTE:
                    found.setdefault(text[place], []).append((line, place + 1))
        moves: dict[int, State] = {byte: Span(tuple(at), span.length + (byte & 0xC0 != 0x80), span.behind) for byte, at in found.items()}
        if span.length and any(place in self.lines[line][2] for line, place in span.at):
            moves[QUOTE] = span.behind
        return moves

    def after(self, state: State, text: bytes) -> State | None:
        """The state behind a text, or None if it breaks the grammar."""
        for byte in text:
            following = self.moves(state).get(byte)
            if following is None:
                return None
            state = following
        return state

    def may_end(self, state: State) -> bool:
        return state in ('behind', 'mark') if isinstance(state, str) else isinstance(state, Trie) and state.end is not None

    def allowed(self, state: State, tokens: Trie) -> Iterator[int]:
        """Every token that may come next: the mask over the vocabulary."""
        if tokens.end is not None:
            yield tokens.end
        if tokens.next:
            for byte, following in self.moves(state).items():
                if byte in tokens.next:
                    yield from self.allowed(following, tokens.next[byte])


class Grounding:
    """Collects what a stream shows and is asked, and gives the grammar of the reply that is due."""

    def __init__(self, tokenizer: Tokenizer, plain_words: Iterable[str], newest: int = StreamConfig.recent_lines, sentences: Iterable[str] = ()) -> None:
        """`sentences` with `{}` for a quotation, as the pack's manifest has them; without any, all of `plain_words` may be said."""
        self.newest = newest
        self.sentences: Trie | None = None
        for sentence in sentences:
            self.sentences = self.sentences or Trie()
            self.sentences.add(sentence.encode().replace(b'{}', bytes([SLOT])))
        self.spelled = token_bytes(tokenizer)
        self.tokens, self.plain = Trie(), Trie()
        for token, text in self.spelled.items():
            self.tokens.add(text, token)
        for word in plain_words:
            self.plain.add(word.encode())
            self.plain.add((word[:1].upper() + word[1:]).encode())

    def grammar(self, lines: Sequence[str], asked: Sequence[str]) -> Grammar:
        return Grammar(self.plain, [*lines[-self.newest :], *asked], self.sentences)
