"""What a search proposes of a stream's rows, and what is shown of an answer."""

import pytest
import torch
from torch import Tensor

from config import REFERENCES, DecoderConfig, StreamConfig
from decoder.network import Decoder
from decoder.template import Evidence
from decoder.tokenizer import Tokenizer
from evaluation.asking import Asking, Row, shown
from recall.retriever import Retriever
from text.corpus import Corpus


class Indifferent(Retriever):
    def forward(self, question: Tensor, rows: Tensor) -> Tensor:
        return torch.zeros(len(rows))


@pytest.fixture
def asking(corpus: Corpus) -> Asking:
    return Asking(Indifferent(), corpus)


def row(seconds: float, text: str) -> Row:
    return Row(seconds, Evidence("screen", text, "terminal"))


ROWS = [row(1.0, "pip install flask"), row(3.0, "def total(items):"), row(4.0, "pip install flask"), row(90.0, "git status"), *(row(50.0 + i, f"line {i}") for i in range(40))]


class TestProposed:
    def test_each_text_once_where_it_stood_first_and_no_more_than_there_is_room_for(self, asking: Asking) -> None:
        proposed = asking.proposed(ROWS, "What does pip install?", 100.0)
        assert proposed[0] == ROWS[0]
        assert len(proposed) == len(REFERENCES)

    def test_of_rows_that_share_no_word_the_newest_come_first(self, asking: Asking) -> None:
        assert asking.proposed([row(1.0, "alpha"), row(20.0, "beta"), row(8.0, "gamma")], "Zebra?", 20.0)[0].evidence.text == "beta"

    def test_nothing_known_is_nothing_said(self, asking: Asking) -> None:
        answer = asking.answer(Decoder(DecoderConfig(layers=1)), Tokenizer.load(), [], "Which file?", 5.0)
        assert answer.is_abstaining and answer.text == StreamConfig.not_seen_reply and answer.moments == ()


class TestShown:
    def test_rows_that_the_sentence_lacks_and_the_time_of_the_first(self) -> None:
        answer = shown("They ran git status.", [row(90.0, "git status"), row(65.0, "on branch main")])
        assert (answer.text, answer.moments) == ("They ran git status. “on branch main” (1:30)", [90.0, 65.0])

    def test_a_search_alone_shows_its_best_rows(self, asking: Asking) -> None:
        answer = asking.by_rank(ROWS, "What does pip install?", 100.0)
        assert answer.text.startswith("“pip install flask”") and answer.moments is not None and answer.moments[0] == 1.0
