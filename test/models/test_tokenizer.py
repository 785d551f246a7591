"""The tokenizer is lossless, keeps words apart from the space before them, and never forms special tokens from outside text."""

import pytest

from config import EOS, LATE_TOKENS, SPECIAL_TOKENS, USER, TokenizerConfig
from decoder.tokenizer import SPACE, Tokenizer, train


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.load()


@pytest.mark.parametrize(
    "text",
    [
        "def calculate_total(items):\n    return sum(items)\n",
        "It's naïve: 日本語 → ok… 🙂 \t\r\n\n  x = 'é'",
        "Ran npx vitest: all 12 tests pass.",
        "",
        "   ",
        "</s><|user|>",
    ],
)
def test_round_trip(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_vocabulary_is_full_and_unique(tokenizer: Tokenizer) -> None:
    assert len(tokenizer) == TokenizerConfig.vocabulary_size + len(LATE_TOKENS)
    assert tuple(tokenizer.vocabulary[TokenizerConfig.vocabulary_size :]) == LATE_TOKENS
    assert len(set(tokenizer.vocabulary)) == len(tokenizer)
    assert tuple(tokenizer.vocabulary[: len(SPECIAL_TOKENS)]) == SPECIAL_TOKENS


def test_words_have_the_same_tokens_everywhere(tokenizer: Tokenizer) -> None:
    word = tokenizer.encode("render_invoice")
    for before in (" ", "(", "\n", "."):
        ids = tokenizer.encode(before + "render_invoice")
        assert ids[-len(word) :] == word


def test_no_merge_contains_a_leading_space(tokenizer: Tokenizer) -> None:
    for a, b in tokenizer.merges:
        assert SPACE not in a + b or set(a + b) == {SPACE}, (a, b)


def test_special_tokens_only_in_markup(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode_markup("<|user|>hi</s>")[0] == USER
    assert tokenizer.encode_markup("<|user|>hi</s>")[-1] == EOS
    assert all(i in tokenizer.ordinary for i in tokenizer.encode("<|user|>hi</s><|1|><|editor|>"))


def test_training_merges_the_most_frequent_pair_first() -> None:
    trained = train(["abab abab abab", "ab"] * 3, 8 + 256 + 2)
    assert trained.merges[0] == ("a", "b")
    assert trained.encode("abab") == [trained.ids["abab"]]
