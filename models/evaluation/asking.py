"""Questions asked of what a stream has shown so far, answered from its rows as the program answers them (daemon/assistant/retrieval.ts, citations.ts), about.

Rows are the lines that the decoder got and what it said. The search proposes those that share words with the question, that the retriever holds for likely, and that
are near in time; the decoder chooses among them. What is shown are its sentence, the rows cited and the time of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config import REFERENCES, StreamConfig
from decoder.network import Decoder
from decoder.template import Answer as Cited
from decoder.template import Evidence
from decoder.tokenizer import Tokenizer
from evaluation.truth import Answer
from recall import answering
from recall.examples import RecallExample
from recall.retriever import CHECKPOINT, Retriever, best_score, lexical, load, scores_of
from text.corpus import PATH, Corpus

STREAM = StreamConfig()
NEAR, HALF_SECONDS = 0.75, 4.0  # what a row gains by being new, and when half of that is left
LONGEST_ANSWER = 200  # signs, rows included


@dataclass(frozen=True)
class Row:
    """A row with the time of the frame that brought it."""

    seconds: float
    evidence: Evidence


@dataclass(frozen=True)
class Asking:
    """The search, and what it needs."""

    retriever: Retriever
    corpus: Corpus

    @classmethod
    def ready(cls) -> Asking | None:
        """None before corpus and retriever have been made (text/corpus.py, recall/retriever.py)."""
        return cls(load(), Corpus.load('test')) if CHECKPOINT.exists() and PATH.exists() else None

    def proposed(self, rows: Sequence[Row], question: str, now: float) -> list[Row]:
        """The rows that a sequence has room for, best first; each text once, where it stood first."""
        first: dict[str, Row] = {}
        for row in rows:
            first.setdefault(row.evidence.text, row)
        known = list(first.values())
        if not known:
            return []
        evidence = [row.evidence for row in known]
        scores = zip(lexical(self.corpus, question, evidence), scores_of(self.retriever, question, evidence), strict=True)
        worth = [words + relevance + NEAR * 0.5 ** ((now - row.seconds) / HALF_SECONDS) for (words, relevance), row in zip(scores, known, strict=True)]
        order = sorted(range(len(known)), key=lambda i: -worth[i])
        return [known[i] for i in order[: len(REFERENCES)]]

    def answer(self, model: Decoder, tokenizer: Tokenizer, rows: Sequence[Row], question: str, now: float) -> Answer:
        """What the decoder says of the rows that the search proposes."""
        proposed = self.proposed(rows, question, now)
        if not proposed:
            return Answer(STREAM.not_seen_reply, True, ())
        evidence = [row.evidence for row in proposed]
        example = RecallExample(evidence, question, Cited(''), 'fact')
        reply = answering.answer(model, tokenizer, example, best_score(self.retriever, self.corpus, question, evidence)).answer
        return shown(reply.text, [proposed[i] for i in reply.rows]) if reply.rows else Answer(reply.text, True, ())

    def by_rank(self, rows: Sequence[Row], question: str, now: float) -> Answer:
        """The best rows of the search and no word of a decoder: what it must beat."""
        proposed = self.proposed(rows, question, now)
        return shown('', proposed[: STREAM.max_references]) if proposed else Answer(STREAM.not_seen_reply, True, ())


def shown(sentence: str, cited: Sequence[Row]) -> Answer:
    """The sentence, the cited rows that it does not contain, as far as there is room, and the time of the first."""
    text = sentence
    for row in cited:
        if row.evidence.text not in text and (not text or len(text) + len(row.evidence.text) < LONGEST_ANSWER):
            text = f'{text} “{row.evidence.text}”'.strip()
    minutes, seconds = divmod(int(cited[0].seconds), 60)
    return Answer(f'{text} ({minutes}:{seconds:02d})', moments=[row.seconds for row in cited])
