"""Byte-level BPE with the GPT-2 alphabet and pre-tokenizer, trained on generated sessions.

Usage: python -m decoder.tokenizer    # trains on TokenizerConfig.sessions sessions, writes tokenizer.json

Ids equal those of llama.cpp for `tokenizer.ggml.model = gpt2`, `tokenizer.ggml.pre = gpt-2`.
No merge contains the leading space: a word then has the same tokens after a space, a bracket or a
line start, and the decoder can copy it from any of those places to any other.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import regex

from config import LATE_TOKENS, SPECIAL_TOKENS, TokenizerConfig
from world import dialogue, screen_text, simulation

# https://github.com/openai/gpt-2/blob/master/src/encoder.py (pattern), as in llama.cpp's LLAMA_VOCAB_PRE_TYPE_GPT2
WORD = regex.compile(r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""")
SPECIAL = regex.compile('|'.join(regex.escape(token) for token in (*SPECIAL_TOKENS, *LATE_TOKENS)))

Pair = tuple[str, str]


def byte_alphabet() -> dict[int, str]:
    """GPT-2's byte → printable character map, in id order."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + i) for i, byte in enumerate(rest)}


CHARACTER_OF = byte_alphabet()
BYTE_OF = {character: byte for byte, character in CHARACTER_OF.items()}
SPACE = CHARACTER_OF[32]


@dataclass
class Tokenizer:
    """Text ↔ ids. `vocabulary` is specials, bytes, merges, late tokens; `merges` are in rank order."""

    vocabulary: list[str]
    merges: list[Pair]
    ids: dict[str, int] = field(init=False)
    ranks: dict[Pair, int] = field(init=False)
    _cache: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.ids = {token: i for i, token in enumerate(self.vocabulary)}
        self.ranks = {pair: i for i, pair in enumerate(self.merges)}

    def __len__(self) -> int:
        return len(self.vocabulary)

    @property
    def ordinary(self) -> range:
        """Ids that text can have: neither special nor late."""
        return range(len(SPECIAL_TOKENS), len(self.vocabulary) - len(LATE_TOKENS))

    def encode(self, text: str) -> list[int]:
        """Ids of outside text: the strings of special tokens are ordinary characters here."""
        out: list[int] = []
        for word in WORD.findall(text):
            ids = self._cache.get(word)
            if ids is None:
                ids = self._encode_word(word)
                if len(self._cache) < 300_000:
                    self._cache[word] = ids
            out += ids
        return out

    def encode_markup(self, text: str) -> list[int]:
        """Ids of template text: special tokens are recognised (llama.cpp's `parse_special`)."""
        out: list[int] = []
        start = 0
        for match in SPECIAL.finditer(text):
            out += self.encode(text[start : match.start()])
            out.append(self.ids[match.group()])
            start = match.end()
        return out + self.encode(text[start:])

    def decode(self, ids: Iterable[int]) -> str:
        """Text of the ids, special tokens left out."""
        data = bytes(
            BYTE_OF[character]
            for i in ids
            if i in self.ordinary
            for character in self.vocabulary[i]
        )
        return data.decode('utf8', 'replace')

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        merges = [' '.join(pair) for pair in self.merges]
        path.write_text(json.dumps({'merges': merges}, ensure_ascii=False, indent=0) + '\n')

    @classmethod
    def load(cls, path: Path = TokenizerConfig.path) -> Tokenizer:
        merges = [tuple(line.split(' ')) for line in json.loads(path.read_text())['merges']]
        return cls.from_merges([(a, b) for a, b in merges])

    @classmethod
    def from_merges(cls, merges: list[Pair]) -> Tokenizer:
        return cls([*SPECIAL_TOKENS, *CHARACTER_OF.values(), *(a + b for a, b in merges), *LATE_TOKENS], merges)

    def _encode_word(self, word: str) -> list[int]:
        pieces = [CHARACTER_OF[byte] for byte in word.encode()]
        never = len(self.ranks)
        while len(pieces) > 1:
            pairs = pairwise(pieces)
            rank, i = min((self.ranks.get(pair, never), i) for i, pair in enumerate(pairs))
            if rank == never:
                break
            pieces[i : i + 2] = [pieces[i] + pieces[i + 1]]
        return [self.ids[piece] for piece in pieces]


def may_merge(pair: Pair) -> bool:
    """Spaces merge only with spaces (indentation); see the module docstring."""
    joined = pair[0] + pair[1]
    return SPACE not in joined or set(joined) == {SPACE}


def train(texts: Iterable[str], vocabulary_size: int) -> Tokenizer:
    """Greedy BPE on word counts; stops at `vocabulary_size` or when no pair occurs twice."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(WORD.findall(text))
    words = [
        ([CHARACTER_OF[byte] for byte in word.encode()], n) for word, n in sorted(counts.items()) if n > 1
    ]
    pair_counts: Counter[Pair] = Counter()
    words_with: defaultdict[Pair, set[int]] = defaultdict(set)

    def count(index: int, sign: int) -> None:
        pieces, n = words[index]
        for pair in pairwise(pieces):
            if may_merge(pair):
                pair_counts[pair] += sign * n
                if sign > 0:
                    words_with[pair].add(index)

    for index in range(len(words)):
        count(index, +1)
    merges: list[Pair] = []
    taken = set(CHARACTER_OF.values())
    while len(SPECIAL_TOKENS) + 256 + len(merges) < vocabulary_size and pair_counts:
        best, n = max(pair_counts.items(), key=lambda item: (item[1], item[0]))
        if n < 2:
            break
        del_pair = best[0] + best[1] in taken  # another pair already spells this token
        if not del_pair:
            merges.append(best)
            taken.add(best[0] + best[1])
            for index in list(words_with[best]):
                count(index, -1)
                words[index][0][:] = join_pair(words[index][0], best)
                count(index, +1)
        del pair_counts[best]
    return Tokenizer.from_merges(merges)


def join_pair(pieces: list[str], pair: Pair) -> list[str]:
    """`pieces` with every non-overlapping occurrence of `pair` joined, left to right."""
    out: list[str] = []
    i = 0
    while i < len(pieces):
        if i + 1 < len(pieces) and (pieces[i], pieces[i + 1]) == pair:
            out.append(pieces[i] + pieces[i + 1])
            i += 2
        else:
            out.append(pieces[i])
            i += 1
    return out


def training_texts(sessions: int) -> Iterator[str]:
    """What the tokenizer is trained on: screen text as the reader delivers it, and all turns."""
    for seed in range(sessions):
        session = simulation.make_session(seed, 'train')
        yield from (turn.text for turn in session.turns)
        for lines in screen_text.deltas(session, random.Random(seed), 0.005, 0.0):
            yield from (line.text for line in lines)
        for _, question, answer, _ in dialogue.recall_examples(session, random.Random(seed)):
            yield from (question, answer)


def main() -> None:
    config = TokenizerConfig()
    texts = list(training_texts(config.sessions))
    tokenizer = train(texts, config.vocabulary_size)
    tokenizer.save(config.path)
    sample = texts[:: max(1, len(texts) // 20_000)]
    ratio = sum(map(len, sample)) / sum(len(tokenizer.encode(text)) for text in sample)
    print(f'{len(tokenizer)} entries, {ratio:.2f} characters a token -> {config.path}')


if __name__ == '__main__':
    main()
