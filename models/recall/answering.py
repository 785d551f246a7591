"""Answers from rows as the program lets the decoder give them, and how they are counted.

Behind each row's reference the decoder says whether the row bears on the question: its verdict. The best rows by verdict are cited, of a list all that are
likelier than not; then comes the sentence, greedily. Whether anything is answered is decided by the first token behind the rows (the share of `not_seen_reply`
against all references) together with the retriever's best row. The program also holds the sentence to words it knows; that is not done here.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from config import ASSISTANT, EOS, NEXT, REFERENCES, StreamConfig
from decoder.network import Decoder
from decoder.streaming import Runner
from decoder.template import Answer, recall_prompt
from decoder.tokenizer import Tokenizer
from recall.examples import Recall, RecallExample
from recall.retriever import CHECKPOINT, Ranker, best_score, load
from recall.sessions import watched_examples
from text.corpus import Corpus
from world import simulation

STREAM = StreamConfig()
EXAMPLE_SEED = 77
LISTED = 0.5  # verdict from which a row belongs into a list
NEAR_BEST = 0.1  # share of the best verdict from which a row is cited beside it
SMALLEST_SHARE = 1e-6


@dataclass(frozen=True)
class Reply:
    """An answer with the share of "not seen" at its first token, and the verdicts on its rows as shares."""

    answer: Answer
    not_seen: float
    verdicts: tuple[float, ...] = ()


@torch.no_grad()
def answer(model: Decoder, tokenizer: Tokenizer, example: RecallExample, relevance: float | None = None, may_refuse: bool = True) -> Reply:
    """What the decoder says of an example's rows; `relevance` is the best row's by the retriever (None: the decoder decides alone)."""
    if not example.rows:
        return Reply(Answer(STREAM.not_seen_reply), 1.0)
    runner = Runner(model, tokenizer)
    references = [tokenizer.ids[reference] for reference in REFERENCES[: len(example.rows)]]
    ids = tokenizer.encode_markup(recall_prompt(example.rows, example.question, example.earlier))
    logits = runner.feed_all(ids)
    place = {token: at for at, token in enumerate(ids) if token in references}
    heard = torch.softmax(logits[[place[reference] for reference in references]], 1)
    verdicts = (heard[:, ASSISTANT] / (heard[:, ASSISTANT] + heard[:, NEXT])).tolist()
    silent = tokenizer.encode(STREAM.not_seen_reply)[0]
    not_seen = float(torch.softmax(logits[-1, [silent, *references]], 0)[0])
    is_list = example.question in STREAM.list_prompts.values() or example.question == STREAM.summary_prompt
    rows = judged(verdicts, is_list)
    if not rows or (may_refuse and not is_list and refuses(not_seen, relevance)):
        return Reply(Answer(STREAM.not_seen_reply), not_seen, tuple(verdicts))
    said = runner.feed([references[row] for row in (sorted(rows) if is_list else rows)])
    return Reply(Answer(tokenizer.decode(finish(runner, tokenizer, said)), tuple(rows)), not_seen, tuple(verdicts))


def judged(verdicts: Sequence[float], is_list: bool) -> list[int]:
    """Rows that bear on the question, the likeliest first (daemon/llm/recall.ts does the same)."""
    order = sorted(range(len(verdicts)), key=lambda row: -verdicts[row])
    if is_list:
        return [row for row in order if verdicts[row] >= LISTED][: STREAM.max_list_references]
    return [row for row in order if verdicts[row] >= NEAR_BEST * verdicts[order[0]]][: STREAM.max_references]


def refuses(not_seen: float, relevance: float | None) -> bool:
    """Whether a question stays without an answer."""
    if relevance is None:
        return not_seen >= STREAM.not_seen_threshold
    rule = STREAM.refusal
    return rule['bias'] + rule['notSeen'] * logit(not_seen) - rule['relevance'] * relevance >= 0


def logit(share: float) -> float:
    """Kept within what a float of the runtime can tell apart from 0 and 1."""
    share = min(max(share, SMALLEST_SHARE), 1 - SMALLEST_SHARE)
    return math.log(share / (1 - share))


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
            self.mark('sessionUnanswerableDeclined' if example.kind == 'session' else 'unanswerableDeclined', not given.rows)
            return
        self.mark('sessionAnswerableDeclined' if example.kind == 'session' else 'answerableDeclined', not given.rows)
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
        return sum(counter.count for name, counter in self.marks.items() if name.lower().endswith('answerabledeclined'))


@dataclass(frozen=True)
class HeldOut:
    """Examples of the test split: documents, names and wordings' fillings that training never draws. Ordered by words and, where one is trained, by the retriever."""

    examples: list[RecallExample]
    relevance: list[float | None]  # of each example's best row, words and retriever

    @classmethod
    def draw(cls, count: int, seed: int = EXAMPLE_SEED, sessions: int = 0) -> HeldOut:
        """`count` questions on mined and invented rows, and some on everything that each of so many held-out `sessions` has shown."""
        corpus = Corpus.load('test')
        retriever = load() if CHECKPOINT.exists() else None
        rng = random.Random(seed)
        recall = Recall(rng, 'test', corpus, retriever and Ranker(retriever, corpus))
        examples = [recall.draw() for _ in range(count)]
        for number in range(sessions):
            session = simulation.make_session(1000 * seed + number, 'test', 40, 120, is_held_out_style=True)
            examples += watched_examples(session, rng, recall.rank)
        return cls(examples, [best_score(retriever, corpus, one.question, one.rows) if retriever and one.rows else None for one in examples])


def measure(model: Decoder, tokenizer: Tokenizer, held_out: HeldOut, may_refuse: bool = True) -> RecallScore:
    score = RecallScore()
    for example, relevance in zip(held_out.examples, held_out.relevance, strict=True):
        score.add(example, answer(model, tokenizer, example, relevance, may_refuse))
    return score


def fit_refusal(model: Decoder, tokenizer: Tokenizer, held_out: HeldOut, wrongly: float = 0.05) -> dict[str, float]:
    """Logistic regression of "cannot be answered" on what decoder and retriever say; the bias is set so that `wrongly` of the answerable questions are refused."""
    asked = [(example, relevance) for example, relevance in zip(held_out.examples, held_out.relevance, strict=True) if example.kind in ('fact', 'when', 'none', 'session') and relevance is not None]
    x = torch.tensor([[logit(answer(model, tokenizer, example, None, False).not_seen), relevance or 0.0] for example, relevance in asked], dtype=torch.float64)
    y = torch.tensor([not example.answer.rows for example, _ in asked], dtype=torch.float64)
    mean, deviation = x.mean(0), x.std(0)
    inputs = torch.cat([(x - mean) / deviation, torch.ones(len(x), 1, dtype=torch.float64)], 1)
    weights = torch.zeros(3, dtype=torch.float64)
    for _ in range(30):  # Newton's method
        p = torch.sigmoid(inputs @ weights)
        hessian = inputs.T @ (inputs * (p * (1 - p))[:, None]) + 1e-3 * torch.eye(3, dtype=torch.float64)
        weights -= torch.linalg.solve(hessian, inputs.T @ (p - y))
    slopes = weights[:2] / deviation
    bias = -float(torch.quantile((x @ slopes)[y == 0], 1 - wrongly))
    return {'bias': round(bias, 3), 'notSeen': round(float(slopes[0]), 3), 'relevance': round(-float(slopes[1]), 3)}
