"""Answers from rows as the program lets the decoder give them, and how they are counted.

The first token decides whether anything is answered: the share of `not_seen_reply` against all references that exist. Then references follow as long as
another one is likelier than a word, then the sentence, greedily. The program also holds the sentence to words it knows; that is not done here.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from config import EOS, REFERENCES, StreamConfig
from corpus import Corpus
from decoder import Decoder
from recall import Recall, RecallExample
from retriever import CHECKPOINT, Ranker, load
from streaming import Runner
from template import Answer, recall_prompt
from tokenizer import Tokenizer

STREAM = StreamConfig()
EXAMPLE_SEED = 77


@dataclass(frozen=True)
class Reply:
    """An answer with the share of "not seen" at its first token."""

    answer: Answer
    not_seen: float


@torch.no_grad()
def answer(model: Decoder, tokenizer: Tokenizer, example: RecallExample, threshold: float = STREAM.not_seen_threshold) -> Reply:
    """What the decoder says of an example's rows."""
    runner = Runner(model, tokenizer)
    references = [tokenizer.ids[reference] for reference in REFERENCES[: len(example.rows)]]
    logits = runner.feed(tokenizer.encode_markup(recall_prompt(example.rows, example.question, example.earlier)))
    silent = tokenizer.encode(STREAM.not_seen_reply)[0]
    first = torch.softmax(logits[[silent, *references]], 0)
    not_seen = float(first[0])
    if not_seen >= threshold:
        return Reply(Answer(STREAM.not_seen_reply), not_seen)
    is_list = example.question in STREAM.list_prompts.values() or example.question == STREAM.summary_prompt
    most = STREAM.max_list_references if is_list else STREAM.max_references
    rows: list[int] = []
    while len(rows) < min(most, len(references)):
        free = [token for i, token in enumerate(references) if i not in rows]
        share = torch.softmax(logits, 0)
        if rows and float(share[free].sum()) < 0.5:
            break
        token = free[int(share[free].argmax())]
        rows.append(references.index(token))
        logits = runner.feed([token])
    return Reply(Answer(tokenizer.decode(finish(runner, tokenizer, logits)), tuple(rows)), not_seen)


def finish(runner: Runner, tokenizer: Tokenizer, logits: Tensor) -> list[int]:
    """The words after the references, greedily."""
    tokens: list[int] = []
    while len(tokens) < STREAM.max_reply_tokens:
        words = logits[: tokenizer.ordinary.stop]
        token = int(words.argmax())
        if token == EOS:
            break
        tokens.append(token)
        logits = runner.feed([token])
    return tokens


@dataclass
class Counter:
    """A mean of marks."""

    total: float = 0.0
    count: int = 0

    def add(self, mark: float) -> None:
        self.total += mark
        self.count += 1


@dataclass
class RecallScore:
    """Means over examples; a rate that nothing was counted for is left out."""

    marks: dict[str, Counter] = field(default_factory=dict)

    def mark(self, name: str, value: float) -> None:
        self.marks.setdefault(name, Counter()).add(value)

    def add(self, example: RecallExample, reply: Reply) -> None:
        expected, given = example.answer, reply.answer
        if not expected.rows:
            self.mark('unanswerableDeclined', not given.rows)
            return
        self.mark('answerableDeclined', not given.rows)
        first = bool(given.rows) and given.rows[0] in expected.relevant
        if example.kind == 'list':
            found = len(expected.relevant.intersection(given.rows))
            self.mark('listRowsFound', found / min(len(expected.relevant), STREAM.max_list_references))
            if given.rows:
                self.mark('listRowsRight', found / len(given.rows))
            return
        name = {'when': 'when', 'title': 'title', 'summary': 'summary', 'session': 'session'}.get(example.kind, 'fact')
        if name == 'summary':
            self.mark('summaryRowsFound', len(expected.relevant.intersection(given.rows)) / len(expected.relevant))
        else:
            self.mark(f'{name}RowFirst', first)
            self.mark(f'{name}RowAny', bool(expected.relevant.intersection(given.rows[: STREAM.max_references])))
        if example.slots and name != 'when':
            self.mark(f'{name}Names', sum(slot in given.text for slot in example.slots) / len(example.slots))

    def summary(self) -> dict[str, float]:
        return {name: round(counter.total / counter.count, 3) for name, counter in sorted(self.marks.items())} | {'examples': self.examples}

    @property
    def examples(self) -> int:
        return sum(self.marks[name].count for name in ('unanswerableDeclined', 'answerableDeclined') if name in self.marks)


def held_out(count: int, seed: int = EXAMPLE_SEED) -> list[RecallExample]:
    """Examples of the test split: documents, names and wordings' fillings that training never draws; ordered by words and, where one is trained, by the retriever."""
    corpus = Corpus.load('test')
    recall = Recall(random.Random(seed), 'test', corpus, Ranker(load(), corpus) if CHECKPOINT.exists() else None)
    return [recall.draw() for _ in range(count)]


def measure(model: Decoder, tokenizer: Tokenizer, examples: Iterable[RecallExample], threshold: float = STREAM.not_seen_threshold) -> RecallScore:
    score = RecallScore()
    for example in examples:
        score.add(example, answer(model, tokenizer, example, threshold))
    return score
