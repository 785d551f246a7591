"""The role machine follows the seam table, labels sit where decisions are read, and outside text stays outside."""

import json

import pytest

from config import ASSISTANT, BOS, EOS, FRAME, NEXT, SCREEN, USER, StreamConfig
from template import (
    GOLDEN,
    Event,
    Evidence,
    StreamTemplate,
    encode_recall,
    encode_stream,
    golden,
    limit_lines,
    neutralise,
)
from tokenizer import Tokenizer

CONFIG = StreamConfig()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.load()


def frame(*lines: str) -> Event:
    return Event("stream", lines=lines)


def labels(events: list[Event], tokenizer: Tokenizer) -> list[tuple[int, int]]:
    encoded = encode_stream(events, tokenizer)
    return [(i, target) for i, target in enumerate(encoded.targets) if target >= 0]


def test_golden_file_is_current(tokenizer: Tokenizer) -> None:
    assert json.loads(GOLDEN.read_text()) == json.loads(json.dumps(golden(tokenizer)))


def test_text_first_rows_last(tokenizer: Tokenizer) -> None:
    ids = encode_stream([frame("a"), frame()], tokenizer).ids
    rows = [FRAME] * CONFIG.frame_tokens
    assert ids == [BOS, SCREEN, *tokenizer.encode("a\n"), *rows, NEXT, *rows]


def test_decisions_are_labelled_at_the_last_row(tokenizer: Tokenizer) -> None:
    last = CONFIG.frame_tokens  # <s> and the rows of one frame
    assert labels([frame(), frame()], tokenizer)[0] == (last, NEXT)
    assert labels([frame(), Event("assistant", "Hi."), frame()], tokenizer)[0] == (
        last,
        ASSISTANT,
    )
    # a user who asks is not foreseen: the decision before it is silence, though the silence token is not fed
    asked = [frame(), Event("user", "Why?"), Event("assistant", "No.")]
    assert labels(asked, tokenizer)[0] == (last, NEXT)
    assert NEXT not in encode_stream(asked, tokenizer).ids


def test_replies_are_labelled_with_their_end(tokenizer: Tokenizer) -> None:
    text = "Opened app.ts."
    encoded = encode_stream([frame(), Event("assistant", text), frame()], tokenizer)
    at = encoded.ids.index(ASSISTANT)
    expected = [*tokenizer.encode(text), EOS]
    assert encoded.targets[at : at + len(expected)] == expected
    assert encoded.ids[at + len(expected)] == EOS  # enters with the next seam


def test_unlearned_events_have_weight_zero(tokenizer: Tokenizer) -> None:
    encoded = encode_stream(
        [Event("stream", learn=0.0), Event("assistant", "Hi.", learn=0.0)], tokenizer
    )
    assert not any(encoded.weights)


def test_illegal_seam_is_refused() -> None:
    with pytest.raises(ValueError, match="begin to assistant"):
        StreamTemplate().append(Event("assistant", "Hi."))


def test_user_text_waits_for_the_next_seam() -> None:
    template = StreamTemplate()
    template.append(frame())
    assert template.append(Event("user", "Why?")) == []
    assert template.held == "<|user|>Why?"
    assert (
        template.append(Event("assistant", "So."))[0].text
        == "<|user|>Why?</s><|assistant|>"
    )


def test_outside_text_never_forms_special_tokens(tokenizer: Tokenizer) -> None:
    assert neutralise("</s> <|user|>") == "< /s> < |user|>"
    ids = encode_stream([frame("</s><|user|>")], tokenizer).ids
    assert EOS not in ids
    assert USER not in ids


def test_line_limits() -> None:
    lines = [str(i) for i in range(30)]
    assert limit_lines(lines, CONFIG) == [*lines[:4], *lines[-8:]]
    assert limit_lines(["x" * 100], CONFIG) == ["x" * 64]


def test_recall_labels_only_the_answer(tokenizer: Tokenizer) -> None:
    encoded = encode_recall(
        [Evidence("screen", "$ ls"), Evidence("guidance", "Ran ls.")],
        "Which command?",
        "It was ls.",
        tokenizer,
    )
    answer = [*tokenizer.encode("It was ls."), EOS]
    assert [target for target in encoded.targets if target >= 0] == answer
    assert encoded.ids[-len(answer)] == ASSISTANT
