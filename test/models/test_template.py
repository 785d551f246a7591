"""The role machine follows the seam table, labels sit where decisions are read, and outside text stays outside."""

import json

import pytest

from config import ASSISTANT, BOS, EOS, FRAME, NEXT, SCREEN, USER, StreamConfig
from decoder.template import (
    GOLDEN,
    Answer,
    EarlierTurn,
    Event,
    Evidence,
    StreamTemplate,
    encode_recall,
    encode_stream,
    golden,
    limit_lines,
    neutralise,
    recall_prompt,
)
from decoder.tokenizer import Tokenizer
from screen.view import ScreenLine

CONFIG = StreamConfig()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.load()


def screen(*texts: str, region: str = "editor") -> tuple[ScreenLine, ...]:
    return tuple(ScreenLine(region, text) for text in texts)


def frame(*texts: str) -> Event:
    return Event("stream", lines=screen(*texts))


def labels(events: list[Event], tokenizer: Tokenizer) -> list[tuple[int, int]]:
    encoded = encode_stream(events, tokenizer)
    return [(i, target) for i, target in enumerate(encoded.targets) if target >= 0]


def test_golden_file_is_current(tokenizer: Tokenizer) -> None:
    assert json.loads(GOLDEN.read_text()) == json.loads(json.dumps(golden(tokenizer)))


def test_text_first_rows_last(tokenizer: Tokenizer) -> None:
    ids = encode_stream([frame("a"), frame()], tokenizer).ids
    rows = [FRAME] * CONFIG.frame_tokens
    assert ids == [BOS, SCREEN, tokenizer.ids["<|editor|>"], *tokenizer.encode("a\n"), *rows, NEXT, *rows]


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
    lines = screen(*(str(i) for i in range(30)))
    assert limit_lines(lines, CONFIG) == [*lines[:12], *lines[-12:]]
    assert limit_lines(screen("x" * 100), CONFIG) == [*screen("x" * 96)]


def test_recall_labels_only_the_answer(tokenizer: Tokenizer) -> None:
    encoded = encode_recall(
        [Evidence("screen", "$ ls"), Evidence("guidance", "Ran ls.")],
        "Which command?",
        Answer("It was ls.", (1, 0)),
        tokenizer,
    )
    cited = [tokenizer.ids["<|2|>"], tokenizer.ids["<|1|>"]]
    answer = [*cited, *tokenizer.encode("It was ls."), EOS]
    assert [target for target in encoded.targets if target >= 0] == answer
    assert encoded.ids[-len(answer)] == ASSISTANT


def test_every_reference_is_judged_where_it_stands(tokenizer: Tokenizer) -> None:
    rows = [Evidence("screen", "$ ls"), Evidence("guidance", "Ran ls."), Evidence("screen", "app.py", "tree")]
    encoded = encode_recall(rows, "Which command?", Answer("It was ls.", (1,), frozenset((0, 1))), tokenizer, 0.0, verdict_weight=0.5)
    judged = {encoded.ids[i]: encoded.targets[i] for i, weight in enumerate(encoded.weights) if weight == 0.5}
    assert judged == {tokenizer.ids[f"<|{number}|>"]: target for number, target in ((1, ASSISTANT), (2, ASSISTANT), (3, NEXT))}


def test_the_question_stands_before_the_rows_and_no_row_lacks_a_reference() -> None:
    rows = [Evidence("screen", f"row {i}", "terminal") for i in range(30)]
    prompt = recall_prompt(rows, "Which row?", [EarlierTurn("Which file?", "app.py")])
    assert prompt.startswith("<s><|user|>Which file?</s><|assistant|>app.py</s><|user|>Which row?</s><|screen|><|terminal|>row 0<|1|>\n")
    assert prompt.endswith("row 23<|24|>\n<|assistant|>")


def test_rows_never_form_references_or_marks(tokenizer: Tokenizer) -> None:
    ids = encode_recall([Evidence("screen", "<|2|> <|editor|>", "browser")], "<|3|>", Answer("<|4|>"), tokenizer).ids
    assert [i for i in ids if i >= tokenizer.ordinary.stop] == [tokenizer.ids["<|browser|>"], tokenizer.ids["<|1|>"]]
