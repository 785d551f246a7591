"""The teacher-forced metrics on decoders whose decisions are known, what is run on, and how it is judged."""

import math
from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from config import ASSISTANT, EOS, FRAME, NEXT, DecoderConfig, StreamConfig
from decoder.network import Decoder, LayerCache
from decoder.streaming import Said
from decoder.template import Event, encode_stream
from decoder.tokenizer import Tokenizer
from evaluation.evaluate import Trial, calibrate, worthless
from evaluation.forced import Forced, turns_of
from evaluation.free_running import BASELINES, FreeRunning, Held, Manner, Played, Sight, conversation, sessions_of
from evaluation.truth import Answer, Heard, Reply
from screen.view import ScreenLine
from world.simulation import make_session

STREAM = StreamConfig()
CERTAIN = 20.0


class Scripted(Decoder):
    """Says at each position of a frame's last row what `speaks` has for it, and elsewhere the token that it was told to."""

    def __init__(self, ids: list[int], targets: list[int], speaks: dict[int, bool]) -> None:
        super().__init__(DecoderConfig(layers=1, context_tokens=512))
        self.eval()
        self.script = dict(enumerate(targets))
        self.speaks, self.frames = speaks, [i for i, token in enumerate(ids) if token == FRAME and ids[i + 1 : i + 2] != [FRAME]]

    def embed(self, ids: Tensor, rows: Tensor | None = None) -> Tensor:
        return ids.unsqueeze(-1).float()

    def forward(self, x: Tensor, caches: list[LayerCache] | None = None) -> Tensor:
        """Hidden states are (token, position, how many frames so far): enough to look the answer up."""
        assert caches is not None
        past = caches[0].length
        is_whole = past == 0
        seen = sum(1 for frame in self.frames if frame < past)
        out = []
        tokens = x[0, :, 0].tolist()
        for i, token in enumerate(tokens):
            if token == FRAME and tokens[i + 1 : i + 2] != [FRAME]:
                out.append([-1.0, float(seen)])
                seen += 1
            else:
                out.append([float(past + i) if is_whole else 0.0, 0.0])
        caches[0].length = past + len(tokens)
        return torch.tensor([out])

    def logits(self, hidden: Tensor) -> Tensor:
        out = torch.zeros(len(hidden), self.config.vocabulary_size)
        for i, (position, frame) in enumerate(hidden.tolist()):
            token = (ASSISTANT if self.speaks.get(int(frame), False) else NEXT) if position < 0 else self.script[int(position)]
            out[i, token] = CERTAIN
        return out


def frame(*lines: str) -> Event:
    return Event("stream", lines=tuple(ScreenLine("editor", line) for line in lines))


EVENTS = [Event("user", "Narrate."), frame("a"), frame("b"), frame("c"), Event("assistant", "Opened one."), frame("d"), frame(), frame(), frame(), Event("assistant", "Opened two."), frame()]


def forced(speaks: list[int], wrong: int | None = None) -> dict[str, float]:
    """Metrics of a decoder that speaks at these frames; `wrong` is a word of the first reply that it has wrong."""
    code = encode_stream(EVENTS, Tokenizer.load(), STREAM)
    targets = list(code.targets)
    if wrong is not None:
        targets[turns_of(code)[0][0].words[wrong]] = NEXT
    model = Scripted(code.ids, targets, dict.fromkeys(speaks, True))
    metrics = Forced()
    metrics.add(model, code, torch.zeros(8 * STREAM.frame_tokens, model.config.width))
    return metrics.summary()


class TestForced:
    def test_a_turn_is_its_frames_and_the_words_after_them(self) -> None:
        code = encode_stream(EVENTS, Tokenizer.load(), STREAM)
        turns, frames = turns_of(code)
        words = [len(Tokenizer.load().encode(text)) + 1 for text in ("Opened one.", "Opened two.")]
        assert [(len(turn.frames), len(turn.words)) for turn in turns] == [(3, words[0]), (4, words[1])]
        assert [code.targets[turn.words[-1]] for turn in turns] == [EOS, EOS]
        assert len(frames) == 8 and all(code.ids[one.last] == FRAME for one in frames)

    def test_all_right(self) -> None:
        found = forced([2, 6])
        assert (found["timeDiffSeconds"], found["fluency"], found["lmCorrectness"]) == (0.0, 1.0, 1.0)
        assert found["lmPerplexity"] == pytest.approx(1.0, abs=1e-3)

    def test_early_counts_the_frames_before(self) -> None:
        words = len(Tokenizer.load().encode("Opened one.")) + 1
        found = forced([0, 6])
        assert found["timeDiffSeconds"] == pytest.approx((2 / STREAM.frame_rate_fps + 0) / 2)
        assert found["fluency"] == pytest.approx((1 / (3 + words) + 1) / 2, abs=1e-3)

    def test_late_counts_the_frames_after_as_if_nothing_had_been_said(self) -> None:
        words, others = (len(Tokenizer.load().encode(text)) + 1 for text in ("Opened one.", "Opened two."))
        found = forced([4, 6])  # the first turn's reply comes two frames late, and the second turn is two early
        assert found["timeDiffSeconds"] == pytest.approx((2 + 2) / STREAM.frame_rate_fps / 2)
        assert found["fluency"] == pytest.approx((2 / (3 + words) + 2 / (4 + others)) / 2, abs=1e-3)

    def test_never_counts_as_many_frames_as_could_have_come(self) -> None:
        found = forced([])  # of the first turn two (it has three frames), of the last one none
        assert found["timeDiffSeconds"] == pytest.approx(2 / STREAM.frame_rate_fps / 2)

    def test_correct_are_the_words_before_the_first_wrong_one(self) -> None:
        words = len(Tokenizer.load().encode("Opened one.")) + 1
        found = forced([2, 6], wrong=1)
        assert found["lmCorrectness"] == pytest.approx((1 / words + 1) / 2, abs=1e-3)
        assert found["fluency"] == pytest.approx((4 / (3 + words) + 1) / 2, abs=1e-3)
        assert found["lmPerplexity"] > math.e


@pytest.fixture(scope="module")
def running() -> FreeRunning:
    return FreeRunning(Tokenizer.load(), 2, idle=1)


class TestHeldOut:
    def test_conversations_have_one_instruction_from_the_start(self) -> None:
        for mode in ("narrate", "standing"):
            told = conversation(make_session(3, "test"), mode)
            assert [(turn.frame, turn.kind) for turn in told.turns if turn.kind in ("narrate", "standing", "quiet")] == [(-1, mode)]

    def test_only_the_open_file_is_due_where_nothing_happens(self, running: FreeRunning) -> None:
        idle = [held for held in running.held if held.clip.kind == "nothing"]
        assert idle and all([step.kind for step in held.clip.steps] == ["open"] and not held.clip.questions for held in idle)
        assert [session.seed for session in sessions_of("nothing", 2)] == [session.seed for session in sessions_of("nothing", 2)]

    def test_dues_are_those_of_the_conversation(self, running: FreeRunning) -> None:
        for held in running.held:
            unasked = [turn for turn in held.session.turns if turn.role == "assistant" and not turn.asked]
            if held.clip.kind == "session":
                assert [step.seconds for step in held.clip.steps] == [turn.frame / STREAM.frame_rate_fps for turn in unasked]
            elif held.clip.kind == "standing":
                assert len(held.clip.requests) == len(unasked) and held.clip.instruction


class TestFreeRunning:
    def test_a_decoder_that_never_speaks_finds_nothing_and_says_nothing_false(self, running: FreeRunning) -> None:
        torch.manual_seed(0)
        found = running.run(Decoder(DecoderConfig(layers=1)), Manner(0.0, 0.0)).summary()
        assert (found["stepRecall"], found["falsePerMinute"], found["standingRequests"]) == (0.0, 0.0, 0.0)

    def test_the_baselines_get_what_they_are_called_after(self, running: FreeRunning, monkeypatch: pytest.MonkeyPatch) -> None:
        torch.manual_seed(0)
        model = Decoder(DecoderConfig(layers=1)).eval()
        seen: dict[str, list[tuple[int, Tensor]]] = {}

        def noted(_: FreeRunning, model: Decoder, held: Held, rows: Tensor, lines: Sequence[Sequence[ScreenLine]], manner: Manner) -> Played:
            seen[name].append((sum(map(len, lines)), rows))
            return Played()

        monkeypatch.setattr(FreeRunning, "play_one", noted)
        for name, sight in {"own": Sight(), **BASELINES}.items():
            seen[name] = []
            running.play(model, Manner(), sight)
        assert all(count > 0 for count, _ in seen["own"]) and not any(count for count, _ in (*seen["blind"], *seen["linesAblated"]))
        assert all(torch.equal(rows[:4], rows[4:8]) for _, rows in (*seen["blind"], *seen["rowsAblated"]))
        assert all(torch.equal(mine[1], theirs[1]) for mine, theirs in zip(seen["own"], seen["linesAblated"], strict=True))
        assert all(mine[1].shape == theirs[1].shape and not torch.equal(mine[1], theirs[1]) for mine, theirs in zip(seen["own"][:2], seen["shuffled"][:2], strict=True))

    def test_random_sentences_are_worth_little(self, running: FreeRunning) -> None:
        assert running.at_random().summary()["exactSteps"] < 0.3

    def test_what_nobody_shall_hear(self) -> None:
        manner, earlier = Manner(min_likelihood=0.5), [Reply(3.0, "Opened `a`.")]
        assert manner.judged(Said("Opened `b`.", 0.6, "finished"), 12.0, earlier) == "finished"
        assert manner.judged(Said("Opened `b`.", 0.4, "finished"), 12.0, earlier) == "withheld"
        assert manner.judged(Said("Opened  `a`.", 0.6, "finished"), 12.0, earlier) == "repeated"
        assert manner.judged(Said("Saved `a`.", 0.6, "finished"), 12.0, earlier) == "finished"
        assert manner.judged(Said("Saved `a`.", 0.6, "finished"), 4.0, earlier) == "repeated"
        assert manner.judged(Said("Opened `b`", 0.9, "cut"), 12.0, earlier) == "cut"
        assert manner.judged(Said("", 0.9, "finished"), 12.0, earlier) == "repeated"


class TestVerdicts:
    def test_a_task_that_is_nearly_solved_blind_is_worthless(self) -> None:
        figures = {"stepF1": 0.9, "slotExact": 0.5, "questionAccuracyByKind": {"current": 0.5, "past": 0.0}}
        baselines = {"blind": {"stepF1": 0.2, "slotExact": 0.1, "questionAccuracyByKind": {"current": 0.4}}, "random": {"stepF1": 0.73}, "rowsAblated": {"slotExact": 0.5}}
        assert worthless(figures, baselines) == ["stepF1", "questionAccuracyByKind.current"]

    def test_calibration_takes_the_calm_pair_with_the_most_steps(self, running: FreeRunning, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of a decoder that babbles, likely only where a step is due, at every threshold."""

        def play(self: FreeRunning, model: Decoder, manner: Manner, sight: Sight | None = None) -> list[Played]:
            played = []
            for held in self.held:
                due = [(Reply(step.seconds, step.sentence), 0.9) for step in held.clip.steps] if manner.threshold >= 0.5 else []
                babble = [(Reply(float(i), "Closed the panel."), 0.2) for i in range(0, int(held.clip.seconds), 5)]
                said = [one for one in [*due, *babble] if one[1] >= manner.min_likelihood]
                heard = Heard([reply for reply, _ in said], [Answer("")] * len(held.clip.questions))
                played.append(Played(heard, [likelihood for _, likelihood in said]))
            return played

        monkeypatch.setattr(FreeRunning, "play", play)
        best = calibrate(Decoder(DecoderConfig(layers=1)), running)[0]
        assert best.manner.threshold >= 0.5 and 0.2 < best.manner.min_likelihood <= 0.9
        assert (best.summary["stepF1"], best.summary["falsePerMinute"]) == (1.0, 0.0)

    def test_who_says_little_of_nothing_goes_before_who_finds_more(self) -> None:
        calm, finds_more, babbles = (Trial(Manner(), figures) for figures in ({"stepF1": 0.5, "falsePerMinute": 0.5}, {"stepF1": 0.9, "falsePerMinute": 0.6}, {"stepF1": 0.95, "falsePerMinute": 3.0}))
        assert sorted([babbles, finds_more, calm], key=lambda trial: trial.rank, reverse=True) == [calm, finds_more, babbles]
        exact = Trial(Manner(), {"stepF1": 0.501, "exactSteps": 0.3, "falsePerMinute": 0.1})
        assert exact.rank > calm.rank
