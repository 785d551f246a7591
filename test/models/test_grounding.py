"""Guidance can only be what its grammar allows: plain words, and what was read or asked, word by word."""

import random
import re

import pytest
import torch

from config import EOS, FRAME, NEXT, DecoderConfig
from decoder.grounding import Grammar, Grounding, State
from decoder.network import Decoder
from decoder.streaming import CANDIDATES, Runner, choose, is_looping
from decoder.tokenizer import Tokenizer
from screen.view import ScreenLine
from world.dialogue import plain_words
from world.narration import NARRATION
from world.quoting import is_span

LINES = ["src/app.py", "def load_items(path, n=5):", "$ pytest -x --lf", "func Test(a) { // it's a `tick`", "4 passed in 0.32s", "naïve = 日本"]


@pytest.fixture(scope="module")
def grounding() -> Grounding:
    return Grounding(Tokenizer.load(), plain_words())


def is_whole(grammar: Grammar, text: str) -> bool:
    state = grammar.after(grammar.start, text.encode())
    return state is not None and grammar.may_end(state)


def is_grounded(text: str, lines: list[str], plain: set[str]) -> bool:
    """The grammar, said in another way."""
    parts = text.split("`")
    quoted, unquoted = parts[1::2], "`".join(parts[::2])
    if len(parts) % 2 == 0 or not re.fullmatch(r"(?:`|[A-Za-z]+)[.,:;!?]?(?: (?:`|[A-Za-z]+)[.,:;!?]?)*", unquoted):
        return False
    words = re.findall(r"[A-Za-z]+", unquoted)
    spans = [any(is_span(line, m.start(), m.end()) for line in lines for m in re.finditer(f"(?=({re.escape(one)}))", line) for m in [re.compile(re.escape(one)).match(line, m.start())] if m) for one in quoted]
    return all(spans) and all(quoted) and all(word in plain or word[0].lower() + word[1:] in plain for word in words)


class TestGrammar:
    @pytest.mark.parametrize(
        "text",
        ["Opened `app.py`.", "Ran `pytest -x`: all `4` tests pass.", "Ran `pytest -x --lf`.", "Ran `--lf`.", "Wrote the function `load_items`.", "The tests pass", "Opened `Test(a)`.", "Opened `naïve`.", "Opened `日本`."],
    )
    def test_what_was_read_may_be_said(self, grounding: Grounding, text: str) -> None:
        assert is_whole(grounding.grammar(LINES, []), text)

    @pytest.mark.parametrize(
        "text",
        ["Opened `app.ts`.", "Opened app.py.", "Opened `pp.py`.", "Opened `app.p`.", "Opened `src app.py`.", "Opened `src/app.py def`.", "Opened  `app.py`.", "Opened `app.py`", "Opened `app.py` `", "", "Opened ``.", " Opened.",
         "Ran `-x` and `lf --x`.", "Ran ` pytest`.", "Ran `pytest `.", "Zebra.", "Opened..", "Opened `a `tick`.", "`4`passed"],
    )  # fmt: skip
    def test_nothing_else_may(self, grounding: Grounding, text: str) -> None:
        is_complete = text == "Opened `app.py`"
        assert is_whole(grounding.grammar(LINES, []), text) == is_complete

    def test_a_pack_may_have_a_list_of_sentences(self) -> None:
        grounding = Grounding(Tokenizer.load(), plain_words(), sentences=["Ran {}.", "Ran {}: all {} tests pass.", "All tests pass."])
        grammar = grounding.grammar(["$ pytest -x", "3 failed"], [])
        assert all(is_whole(grammar, text) for text in ("Ran `pytest -x`.", "Ran `pytest`: all `3` tests pass.", "All tests pass."))
        assert not any(is_whole(grammar, text) for text in ("Ran `pytest` pass.", "Ran `npm`.", "Ran.", "All tests pass", "Ran pytest."))
        assert not grounding.grammar([], []).after(grammar.start, b"Ran `")

    def test_only_the_newest_lines_count_and_what_was_asked_always_does(self, grounding: Grounding) -> None:
        lines = ["oldest", *(f"line {i}" for i in range(grounding.newest))]
        assert not is_whole(grounding.grammar(lines, []), "Opened `oldest`.")
        assert is_whole(grounding.grammar(lines, ["Tell me when they open oldest."]), "Opened `oldest`.")

    def test_a_quotation_has_at_most_64_signs(self, grounding: Grounding) -> None:
        words = "ab " * 30
        assert is_whole(grounding.grammar([words], []), f"Opened `{words[:62]}`.")
        assert not is_whole(grounding.grammar([words], []), f"Opened `{words[:65]}`.")

    def test_every_phrasing_can_be_said(self, grounding: Grounding) -> None:
        grammar = grounding.grammar(["name 12"], [])
        for phrasings in NARRATION.values():
            for text in phrasings:
                said = re.sub(r"\{direction\}", "down", text)
                assert is_whole(grammar, re.sub(r"\{\w+\}", "name 12", said)), text


class TestMask:
    def test_the_mask_is_what_the_grammar_lets_through(self, grounding: Grounding) -> None:
        grammar = grounding.grammar(LINES, [])
        for text in ("", "Op", "Opened", "Opened ", "Opened `", "Opened `app", "Opened `app.", "Opened `app.py`", "Opened `app.py`."):
            state = grammar.after(grammar.start, text.encode())
            assert state is not None
            let_through = {token for token, spelled in grounding.spelled.items() if grammar.after(state, spelled) is not None}
            assert set(grammar.allowed(state, grounding.tokens)) == let_through

    def test_random_walks_end_in_grounded_sentences(self, grounding: Grounding) -> None:
        rng, tokenizer, plain = random.Random(1), Tokenizer.load(), set(plain_words())
        ended = 0
        for _ in range(60):
            grammar = grounding.grammar(LINES, [])
            state: State = grammar.start
            tokens: list[int] = []
            for _ in range(40):
                if grammar.may_end(state):
                    ended += 1
                    assert is_grounded(tokenizer.decode(tokens), LINES, plain), tokenizer.decode(tokens)
                token = rng.choice(list(grammar.allowed(state, grounding.tokens)))
                following = grammar.after(state, grounding.spelled[token])
                assert following is not None
                tokens.append(token)
                state = following
        assert ended > 200

    def test_the_likeliest_allowed_token_is_chosen_however_unlikely(self, grounding: Grounding) -> None:
        grammar = grounding.grammar(LINES, [])
        allowed = list(grammar.allowed(grammar.start, grounding.tokens))
        logits = torch.zeros(len(Tokenizer.load()))
        logits[EOS] = 9.0  # may not come first
        logits[allowed] = -50.0
        logits[allowed[7]] = -40.0
        assert len(logits) - len(allowed) > CANDIDATES
        assert choose(logits, grammar, grammar.start, grounding) == allowed[7]


@pytest.fixture
def runner(grounding: Grounding) -> Runner:
    torch.manual_seed(0)
    runner = Runner(Decoder(DecoderConfig()).eval(), Tokenizer.load(), grounding)
    runner.user("Tell me when main.rs opens.")
    runner.frame([ScreenLine("editor", line) for line in LINES], torch.zeros(4, DecoderConfig.width))
    return runner


class TestSpeaking:
    def test_an_untrained_decoder_invents_nothing(self, runner: Runner) -> None:
        said = runner.speak()
        assert 0 < said.likelihood < 1
        text = said.text if said.ending == "finished" else said.text.rpartition(" ")[0]
        if text.count("`") % 2 == 0:
            assert is_grounded(text, [*LINES, "Tell me when main.rs opens."], set(plain_words())), text
        runner.take_back()

    def test_taking_back_leaves_no_trace(self, runner: Runner) -> None:
        before = runner.length, runner.template.role
        runner.speak()
        runner.take_back()
        assert (runner.length, runner.template.role) == before
        first = runner.frame([], torch.zeros(4, DecoderConfig.width))
        again = Runner(runner.model, runner.tokenizer)
        again.user("Tell me when main.rs opens.")
        again.frame([ScreenLine("editor", line) for line in LINES], torch.zeros(4, DecoderConfig.width))
        assert again.frame([], torch.zeros(4, DecoderConfig.width)) == pytest.approx(first, abs=1e-5)

    def test_a_full_window_drops_the_oldest_frames(self) -> None:
        """In a decoder of one layer, what stays is what it makes of the instruction and the rest alone."""
        torch.manual_seed(0)
        config = DecoderConfig(layers=1, context_tokens=320)
        rows = torch.randn(40, 4, config.width)
        runner = Runner(Decoder(config).eval(), Tokenizer.load())
        runner.user("Narrate.")
        for row in rows:
            runner.frame([], row)
        kept = len(runner.spans)
        assert kept < 40 and runner.length <= config.context_tokens
        alone = Runner(runner.model, runner.tokenizer)
        alone.feed(runner.tokenizer.encode_markup("<s><|user|>Narrate.</s>"))
        for row in rows[-kept:]:
            alone.feed([NEXT, *[FRAME] * 4], row)
        assert alone.length == runner.length
        assert torch.allclose(runner.feed([NEXT]), alone.feed([NEXT]), atol=1e-4)


class TestLoops:
    def test_the_same_phrase_three_times(self) -> None:
        assert is_looping([1, 2, 3, 4, 5, 6] + [7, 8, 9] * 3)
        assert not is_looping([7, 8, 9] * 2)
        assert not is_looping([5] * 8)
        assert is_looping([5] * 9)
        assert not is_looping([1, 2] * 4)
        assert is_looping([1, 2] * 5)
