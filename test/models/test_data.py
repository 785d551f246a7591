"""Training sequences say only what can be known, and batches keep rows and placeholders together."""

import random
from dataclasses import replace
from itertools import islice

import pytest

from config import ASSISTANT, FRAME, DecoderConfig, DecoderTrainConfig, StreamConfig
from decoder.tokenizer import Tokenizer
from text.corpus import Corpus
from training.data import (
    BRIEF_FRAMES,
    BRIEF_MODES,
    batches,
    brief_examples,
    eventful_frames,
    keep_frames,
    picture_state,
    simulated_features,
    stream_example,
    with_default_instruction,
)
from world import screen_text, simulation
from world.session import Session

CONFIG = replace(DecoderTrainConfig(), tokens_per_batch=800)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.load()


def test_batches_are_bounded_and_have_a_row_for_each_placeholder(
    tokenizer: Tokenizer, corpus: Corpus
) -> None:
    kinds = set()
    for batch in islice(batches(tokenizer, CONFIG, corpus), 24):
        kinds.add(batch.kind)
        assert batch.ids.shape == batch.targets.shape == batch.weights.shape
        assert batch.ids.shape[1] <= StreamConfig.context_tokens
        rows = 0 if batch.features is None else len(batch.features)
        assert rows == int((batch.ids == FRAME).sum())
        assert not (batch.weights[batch.targets < 0] > 0).any()
    assert {"stream", "recall"} <= kinds


def test_a_corpus_is_only_needed_for_recall(tokenizer: Tokenizer) -> None:
    config = replace(CONFIG, recall_fraction=0.0)
    assert next(batches(tokenizer, config, None)).kind in ("stream", "drill")
    with pytest.raises(AssertionError, match="corpus"):
        next(batches(tokenizer, replace(config, recall_fraction=1.0, drill_fraction=0.0), None))


def test_answers_with_unread_names_are_not_learned(tokenizer: Tokenizer) -> None:
    session = next(
        s
        for s in (simulation.make_session(seed, mode="questions") for seed in range(50))
        if any(t.asked and t.slots for t in s.turns)
    )
    unread = replace(
        session,
        turns=[
            replace(t, slots={"x": "\x00never"}) if t.asked and t.slots else t
            for t in session.turns
        ],
    )
    config = replace(CONFIG, crop_fraction=0.0, screen_weight=0.0)

    def learned(s: Session) -> int:
        code = stream_example(s, tokenizer, random.Random(1), config).encoded
        return sum(
            weight > 0 and token != ASSISTANT
            for weight, token in zip(code.weights, code.targets, strict=True)
        )

    assert learned(unread) < learned(session)


def test_no_instruction_means_narrate() -> None:
    for seed in range(20):
        quiet = with_default_instruction(
            simulation.make_session(seed, mode="questions"), random.Random(0), 1.0
        )
        assert quiet.turns[0].kind == "quiet"


def test_features_tell_picture_states_apart() -> None:
    session = simulation.make_session(3)
    features = simulated_features(session, DecoderConfig.vision_width).unflatten(
        0, (len(session.frames), -1)
    )
    states = [picture_state(view, session.style) for view in session.frames]
    for i, j in ((0, k) for k in range(1, len(states))):
        assert (states[i] == states[j]) == bool((features[i] == features[j]).all())


def test_condensed_sessions_keep_every_event() -> None:
    session = simulation.make_session(7, mode="narrate")
    deltas = screen_text.deltas(session, random.Random(0), 0.0, 0.0)
    kept = eventful_frames(session, deltas, random.Random(0), 0.0)
    short = keep_frames(session, kept)
    assert len(short.frames) < len(session.frames)
    assert [turn.text for turn in short.turns] == [turn.text for turn in session.turns]
    assert [line for i in kept for line in deltas[i]] == [
        line for lines in deltas for line in lines
    ]
    for before, after in zip(session.turns, short.turns, strict=True):
        assert (
            after.frame == -1
            or short.frames[after.frame] == session.frames[before.frame]
        )


def test_brief_conversations_keep_what_happens_and_little_else(tokenizer: Tokenizer) -> None:
    session = simulation.make_session(6, "train", *BRIEF_FRAMES)
    happening = {frame for frame, _ in session.events}
    examples = list(brief_examples(session, tokenizer, random.Random(6), CONFIG))
    counts = [example.encoded.ids.count(FRAME) // StreamConfig.frame_tokens for example in examples]
    assert len(counts) == len(BRIEF_MODES)
    assert all(len(happening) <= count < len(session.frames) // 2 for count in counts)
    spoken = [sum(target == ASSISTANT for target in example.encoded.targets) for example in examples]
    assert max(spoken) >= len(happening) / 2  # one of them narrates
