"""Examples of answering from rows: the answer is among the rows exactly when something is cited, and a decoder that knows nothing is at chance."""

import random
import re
from dataclasses import replace

import pytest
import torch
from conftest import DOCUMENTS

from config import REFERENCES, REGIONS, DecoderConfig, StreamConfig
from decoder.network import Decoder
from decoder.template import Answer, Evidence, recall_prompt
from decoder.tokenizer import Tokenizer
from recall.answering import HeldOut, RecallScore, Reply, answer, fit_refusal, judged, measure, refuses
from recall.examples import Recall, RecallExample, close_to, plain_words
from recall.facts import facts_of_line
from recall.families import FAMILIES, family_fact
from recall.sessions import session_examples, watched_examples
from recall.surroundings import PANES, surroundings
from recall.wordings import expand
from text.corpus import Corpus, Document, words_of
from text.vocabulary import Names
from world.dialogue import NOT_SEEN
from world.simulation import make_session

STREAM = StreamConfig()


@pytest.fixture(scope="module")
def examples(corpus: Corpus) -> list[RecallExample]:
    recall = Recall(random.Random(1), "train", corpus)
    return [recall.draw() for _ in range(600)]


def test_a_document_belongs_to_one_split() -> None:
    copies = [Document("prose", [f"Line {i}"]) for i in range(400)]
    train, test = (Corpus(copies, split).by_kind["prose"] for split in ("train", "test"))
    assert len(train) + len(test) == 400
    assert 10 < len(test) < 80


def test_answers_cite_rows_that_exist_and_nothing_else_is_cited(examples: list[RecallExample]) -> None:
    kinds = {example.kind for example in examples}
    assert kinds == {"fact", "when", "none", "list", "title", "summary"}
    for example in examples:
        assert len(example.rows) <= len(REFERENCES)
        assert all(0 <= row < len(example.rows) for row in example.answer.rows)
        assert set(example.answer.rows) <= example.answer.relevant
        assert (example.answer.text == NOT_SEEN) == (not example.answer.rows)
    declined = sum(example.answer.text == NOT_SEEN for example in examples) / len(examples)
    assert 0.1 < declined < 0.35


def test_the_answer_is_copied_from_a_cited_row(examples: list[RecallExample]) -> None:
    plain = set(plain_words())
    checked = 0
    for example in examples:
        if not example.answer.rows:
            continue
        source = " ".join([example.question, *(example.rows[row].text for row in example.answer.relevant)])
        known = plain | set(re.findall(r"\w+", source.lower()))
        unknown = [word for word in re.findall(r"\w+", example.answer.text.lower()) if word not in known]
        checked += 1
        assert len(unknown) <= 3, (example.question, example.answer.text, unknown)  # words that the reading cut off
        if not unknown:
            checked += 1
    assert checked > 600


def test_a_row_that_answers_has_no_twin_that_is_not_cited(examples: list[RecallExample]) -> None:
    for example in examples:
        cited = {example.rows[row].text for row in example.answer.relevant}
        others = [row.text for i, row in enumerate(example.rows) if i not in example.answer.relevant]
        assert sum(text in cited for text in others) == 0 or example.kind in ("list", "when"), (example.question, cited)


def test_rows_of_a_question_come_best_hit_first(corpus: Corpus, examples: list[RecallExample]) -> None:
    ranks = [example.answer.rows[0] for example in examples if example.kind == "when" and len(example.rows) > 4]
    assert sum(rank == 0 for rank in ranks) > 0.5 * len(ranks)
    assert any(rank > 0 for rank in ranks)
    asked = {"terminal", "font"}
    assert corpus.likeness(asked, "Controls the size of the terminal font.") > corpus.likeness(asked, "A font.") > 0
    assert corpus.likeness({"permission"}, "the permissions") > 0
    assert corpus.likeness(asked, "Nothing of it") == 0


def test_screens_ask_for_a_kind_of_line_that_only_the_answer_is(corpus: Corpus) -> None:
    recall = Recall(random.Random(7), "train", corpus)
    drawn = [recall.screening() for _ in range(300)]
    shared, positions = 0, set()
    for example in drawn:
        assert len(example.rows) <= len(REFERENCES)
        assert (example.answer.text == NOT_SEEN) == (not example.answer.rows)
        if not example.answer.rows:
            continue
        positions.add(example.answer.rows[0])
        shared += bool(set(words_of(example.question)) & set(words_of(example.rows[example.answer.rows[0]].text)))
    answered = sum(bool(example.answer.rows) for example in drawn)
    assert 0.6 < answered / len(drawn) < 0.9
    assert shared < 0.6 * answered
    assert len(positions) > 12


def test_panes_that_might_answer_stay_away() -> None:
    corpus = Corpus([Document(document.kind, [*document.lines, f"Number {i}"]) for document in DOCUMENTS for i in range(4)], "train")
    rng = random.Random(2)
    names = Names(rng, "train")
    kinds = close_to("file open", "tree")
    for _ in range(40):
        assert not {row.region for row in surroundings(rng, names, corpus, kinds, 20) if row.region == "breadcrumbs"}
    assert {pane.name for pane in PANES if pane.answers & kinds} >= {"tabs", "side bar"}
    for pane in PANES:
        assert all(region in REGIONS for region, _ in pane.make(rng, names, corpus)), pane.name


def test_the_rank_that_is_given_orders_the_rows_of_a_question(corpus: Corpus) -> None:
    longest = Recall(random.Random(3), "train", corpus, rank=lambda _, rows: sorted(range(len(rows)), key=lambda row: -len(rows[row].text)))
    for _ in range(20):
        example = longest.ranked(longest.screening())
        lengths = [len(row.text) for row in example.rows]
        assert lengths == sorted(lengths, reverse=True)


def test_every_family_can_be_asked_about(corpus: Corpus) -> None:
    rng = random.Random(0)
    names = Names(rng, "train")
    for family in FAMILIES:
        fact = family_fact(rng, names, family)
        assert fact.question
        assert not re.search(r"[\[\]|]|\{\w+\}", fact.question.replace(fact.text, "")) or any(sign in fact.text for sign in "[]|{}"), fact.question


def test_wordings_are_many() -> None:
    rng = random.Random(0)
    names = Names(rng, "train")
    wordings = {re.sub(r"\W+", " ", expand(rng, rng.choice(family.questions))) for family in FAMILIES for _ in range(60)}
    assert len(wordings) > 1500
    asked = {facts_of_line(rng, "help", "  -f, --force    overwrite existing files").question for _ in range(80)}
    assert len(asked) > 50
    assert names


def test_sessions_give_questions_on_marked_rows() -> None:
    found = [example for seed in range(12) for example in session_examples(make_session(seed), random.Random(seed))]
    assert len(found) > 15
    assert any(row.region == "terminal" for example in found for row in example.rows)
    for example in found:
        for row in example.answer.rows:
            assert not example.slots or any(value in example.rows[row].text for value in example.slots)


def test_score_tells_right_rows_from_wrong_ones() -> None:
    rows = [Evidence("screen", "PORT=3000", "editor"), Evidence("screen", "PORT=4000", "terminal")]
    example = RecallExample(rows, "Which port?", Answer("It is 4000.", (1,), frozenset((1,))), "fact", ("4000",))
    none = RecallExample(rows, "Who is it?", Answer(NOT_SEEN), "none")
    right, wrong = RecallScore(), RecallScore()
    right.add(example, Reply(example.answer, 0.0))
    right.add(none, Reply(none.answer, 1.0))
    wrong.add(example, Reply(Answer("It is 3000.", (0,)), 0.0))
    wrong.add(none, Reply(Answer("It is 3000.", (0,)), 0.0))
    assert right.summary() == {"answerableDeclined": 0.0, "factNames": 1.0, "factRowAny": 1.0, "factRowFirst": 1.0, "unanswerableDeclined": 1.0, "examples": 2}
    assert wrong.summary() == {"answerableDeclined": 0.0, "factNames": 0.0, "factRowAny": 0.0, "factRowFirst": 0.0, "unanswerableDeclined": 0.0, "examples": 2}


def test_an_untrained_decoder_chooses_by_chance(examples: list[RecallExample]) -> None:
    torch.manual_seed(3)
    model, tokenizer = Decoder(DecoderConfig()).eval(), Tokenizer.load()
    long = [example for example in examples if example.kind == "fact" and len(example.rows) >= 12][:12]
    score = measure(model, tokenizer, HeldOut(long, [None] * len(long)), may_refuse=False).summary()
    assert score["factRowFirst"] < 0.4
    assert score["factNames"] < 0.1
    reply = answer(model, tokenizer, long[0], may_refuse=False)
    assert all(row < len(long[0].rows) for row in reply.answer.rows)
    assert len(tokenizer.encode_markup(recall_prompt(long[0].rows, long[0].question))) < STREAM.context_tokens


def test_rows_are_cited_by_verdict() -> None:
    assert judged([0.08, 0.9, 0.5, 0.44], False) == [1, 2, 3]  # no more than an answer cites, and none ten times less likely
    assert judged([0.002, 0.03], False) == [1]  # a question has a best row
    assert judged([0.6, 0.4, 0.9], True) == [2, 0]
    assert judged([0.1, 0.2], True) == []


def test_refusal_is_fitted_to_what_decoder_and_retriever_say(examples: list[RecallExample], monkeypatch: pytest.MonkeyPatch) -> None:
    from recall import answering

    asked = [example for example in examples if example.kind in ("fact", "when", "none")][:200]
    rng = random.Random(4)
    relevance = [rng.gauss(1.0 if example.answer.rows else -1.0, 0.7) for example in asked]
    shares = {id(example): min(0.99, max(0.01, rng.gauss(0.3 if example.answer.rows else 0.6, 0.15))) for example in asked}
    monkeypatch.setattr(answering, "answer", lambda model, tokenizer, example, *_: Reply(example.answer, shares[id(example)]))
    rule = fit_refusal(Decoder(DecoderConfig()), Tokenizer.load(), HeldOut(asked, list(relevance)), wrongly=0.1)
    assert rule["notSeen"] > 0 and rule["relevance"] > 0
    monkeypatch.setattr(answering, "STREAM", replace(STREAM, refusal=rule))
    refused = [refuses(shares[id(example)], score) for example, score in zip(asked, relevance, strict=True)]
    wrong = [is_refused for example, is_refused in zip(asked, refused, strict=True) if example.answer.rows]
    right = [is_refused for example, is_refused in zip(asked, refused, strict=True) if not example.answer.rows]
    assert 0.05 < sum(wrong) / len(wrong) < 0.15
    assert sum(right) / len(right) > 0.8
    assert refuses(0.6, None) and not refuses(0.4, None)


def test_questions_on_a_whole_session_are_answered_by_what_was_on_screen_and_told() -> None:
    """Rows in the order of a search; the ones that count hold every name of the answer, and none does where the answer was not seen."""
    by_length = lambda _, rows: sorted(range(len(rows)), key=lambda row: len(rows[row].text))  # noqa: E731
    answered, refused = 0, 0
    for seed in range(25):
        for example in watched_examples(make_session(seed), random.Random(seed), by_length):
            lengths = [len(row.text) for row in example.rows]
            assert lengths == sorted(lengths)
            assert len(lengths) <= len(REFERENCES)
            assert bool(example.answer.rows) == (example.answer.text != NOT_SEEN)
            assert all(slot in example.rows[row].text for row in example.answer.relevant for slot in example.slots)
            answered += bool(example.answer.rows)
            refused += not example.answer.rows
    assert min(answered, refused) > 10
