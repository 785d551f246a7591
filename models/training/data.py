"""Simulated sessions → training sequences: streams, recall examples, copy drills, and batches of them. Recorded ones: recorded.py.

Nothing is stored: sessions come fresh from the generator, so no sequence is seen twice. Rows of frames are either drawn from
the view's coarse state through a fixed random code (`simulated_features`, cheap, no picture is painted) or are the encoder's
features of painted frames (`features.load_features`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor

from config import FRAME, PAD, DecoderConfig, DecoderTrainConfig, StreamConfig
from decoder.network import Decoder, linear_fit
from decoder.template import Encoded, Event, encode_recall, encode_stream, limit_lines, push_reply, push_text
from decoder.tokenizer import Tokenizer
from recall.examples import Rank, Recall, RecallExample
from recall.sessions import session_examples, watched_examples
from screen.view import ScreenLine, Style, View
from text.corpus import Corpus
from text.vocabulary import Names
from training.features import load_features
from vision.labels import ATTRIBUTES, labels_of
from world import screen_text, simulation
from world.dialogue import INSTRUCTIONS
from world.quoting import told_as_read
from world.session import Conversation, Mode, Session, Turn

STREAM = StreamConfig()
Told = TypeVar('Told', bound=Conversation)
READER_NOISE = (
    (0.0, 0.0, 0.0, 0.0), (0.005, 0.01, 0.03, 0.05), (0.005, 0.02, 0.1, 0.1), (0.01, 0.02, 0.25, 0.1), (0.02, 0.04, 0.15, 0.25), (0.03, 0.05, 0.35, 0.5),
)  # fmt: skip  (character error rate, miss rate, unrest, share of mistaken regions), drawn per session


@dataclass
class Example:
    """One sequence; `features` (frame placeholders, vision_width) in their order, None when it has no frames."""

    encoded: Encoded
    features: Tensor | None = None

    def cut(self, length: int) -> Example:
        """The first `length` positions, or a few less."""
        code = self.encoded
        if len(code.ids) <= length:
            return self
        while code.ids[:length].count(FRAME) % STREAM.frame_tokens:  # never inside a frame
            length -= 1
        ids = code.ids[:length]
        features = None if self.features is None else self.features[: ids.count(FRAME)]
        return Example(Encoded(ids, code.targets[:length], code.weights[:length]), features)


# --- streams --------------------------------------------------------------------------------------------------------------


def session_events(session: Conversation, deltas: Sequence[Sequence[ScreenLine]], config: DecoderTrainConfig) -> Iterator[Event]:
    """The conversation of a session as template events, with the loss weight of each decision and reply. What is said unasked quotes names as they were read."""
    quotable: list[str] = []  # lines that the decoder was given, and what it was asked
    said_before: list[str] = []
    turns: dict[int, list[Turn]] = {}
    for turn in session.turns:
        turns.setdefault(turn.frame, []).append(turn)

    def said(turn: Turn) -> Event:
        weight, text = config.reply_weight, turn.text
        if turn.asked:
            known = '\n'.join(quotable + said_before)
            weight = config.rare_weight if all(value in known for value in turn.slots.values()) else 0.0
        elif turn.role == 'assistant':
            text = told_as_read(turn, quotable)
            weight = config.rare_weight if turn.kind == 'alert' else config.less_weight if text != turn.text and text == turn.less else config.reply_weight
        (quotable if turn.role == 'user' else said_before).append(text)
        return Event(turn.role, text, learn=weight)

    yield from map(said, turns.get(-1, []))
    for i, lines in enumerate(deltas):
        quotable += [line.text for line in limit_lines(lines, STREAM)]
        is_new = any(deltas[max(0, i - 2) : i + 1])
        now = [turn for turn in turns.get(i, []) if not session.shows_part or turn.role == 'user' or turn.asked or is_new]  # beside the picture's edge nothing is seen of a step
        speaks = bool(now) and now[0].role == 'assistant'
        yield Event('stream', lines=tuple(lines), learn=config.speak_weight if speaks else config.stream_weight)
        yield from map(said, now)


def with_default_instruction(session: Told, rng: random.Random, share: float) -> Told:
    """Makes "no instruction" mean "narrate": silent sessions get one that asks for silence, some narrated ones lose theirs."""
    turns = session.turns
    if session.mode == 'questions':
        turns = [Turn(-1, 'user', rng.choice(INSTRUCTIONS['quiet']), 'quiet'), *turns]
    elif session.mode == 'narrate' and turns and turns[0].kind == 'narrate' and turns[0].frame == -1 and rng.random() < share:
        turns = turns[1:]
    return replace(session, turns=turns)


# --- rows -----------------------------------------------------------------------------------------------------------------


def picture_state(view: View, style: Style) -> tuple[tuple[str, int], ...]:
    """What a look at the picture tells, as small whole numbers by name: the labels that the encoder is trained with."""
    return tuple((name, value) for name, value in sorted(labels_of(view, style).items()) if value >= 0 and name != 'cursor_row')


@lru_cache(maxsize=4096)
def code_vectors(name: str, value: int, width: int) -> Tensor:
    """A fixed random direction for "attribute `name` has this value" for each frame token: (frame_tokens, width)."""
    generator = torch.Generator().manual_seed(random.Random(f'{name}/{value}').randrange(2**31))
    return torch.randn(STREAM.frame_tokens, width, generator=generator) / len(ATTRIBUTES) ** 0.5


def simulated_features(session: Session, width: int, rng: random.Random | None = None) -> Tensor:
    """Features as an encoder that sees the picture's state might give them: (frames · frame_tokens, width).

    With `rng`, some attributes stay unread for the whole session and noise is added, as a real encoder would have it.
    """
    hidden: set[str] = set()
    if rng is not None:
        hidden = {name for name in ATTRIBUTES if rng.random() < 0.1}
    codes: dict[tuple[tuple[str, int], ...], Tensor] = {}
    rows = []
    for view in session.frames:
        state = picture_state(view, session.style)
        if state not in codes:
            codes[state] = torch.stack([code_vectors(*item, width) for item in state if item[0] not in hidden]).sum(0)
        rows.append(codes[state])
    features = torch.cat(rows)
    return features if rng is None else features + 0.2 * torch.randn_like(features)


def eventful_frames(session: Conversation, deltas: Sequence[Sequence[ScreenLine]], rng: random.Random, idle_share: float = 0.25) -> list[int]:
    """Indices of the frames that bring something (text, a change of the picture, a turn), and a share of the others."""
    spoken = {turn.frame for turn in session.turns}
    frames = session.frames
    return [i for i in range(len(frames)) if deltas[i] or i in spoken or i == 0 or frames[i] != frames[i - 1] or rng.random() < idle_share]


def keep_frames(session: Told, kept: Sequence[int]) -> Told:
    """The session with only the frames `kept`; every frame with a turn must be among them."""
    place = {-1: -1} | {frame: i for i, frame in enumerate(kept)}
    turns = [replace(turn, frame=place[turn.frame]) for turn in session.turns if turn.frame in place]
    return replace(session, frames=[session.frames[i] for i in kept], turns=turns)


def stream_example(
    session: Session, tokenizer: Tokenizer, rng: random.Random, config: DecoderTrainConfig, features: Tensor | None = None
) -> Example:
    """One session as a stream, sometimes from its middle. `features` (frames, frame_tokens, width) replace the simulated ones."""
    if rng.random() < config.crop_fraction and len(session.frames) > 20:
        first = rng.randrange(1, len(session.frames) // 2)
        session = simulation.crop(session, first)
        features = None if features is None else features[first:]
    session = with_default_instruction(session, rng, config.uninstructed_fraction)
    session, kept, encoded = encode_session(session, read_lines(session, rng, config), tokenizer, rng, config)
    rows = simulated_rows(session, rng, config) if features is None else features[kept].flatten(0, 1).float()
    return Example(encoded, rows)


def encode_session(
    session: Told, deltas: Sequence[Sequence[ScreenLine]], tokenizer: Tokenizer, rng: random.Random, config: DecoderTrainConfig
) -> tuple[Told, list[int], Encoded]:
    """The session with the frames that are kept, which these are, and its tokens: sometimes most frames that bring nothing are left out."""
    kept = list(range(len(session.frames)))
    if rng.random() < config.condensed_fraction:
        kept = eventful_frames(session, deltas, rng)
        session, deltas = keep_frames(session, kept), [deltas[i] for i in kept]
    return session, kept, encode_stream(session_events(session, deltas, config), tokenizer, STREAM, config.screen_weight)


def read_lines(session: Session, rng: random.Random, config: DecoderTrainConfig) -> list[list[ScreenLine]]:
    """What a reader with some faults gives of each frame."""
    deltas = screen_text.deltas(session, rng, *rng.choice(READER_NOISE))
    return deltas if config.has_text else [[] for _ in deltas]


def simulated_rows(session: Session, rng: random.Random, config: DecoderTrainConfig) -> Tensor:
    rows = simulated_features(session, DecoderConfig.vision_width, rng)
    return rows if config.has_pictures else torch.zeros_like(rows)


BRIEF_MODES: tuple[Mode, ...] = ('standing', 'standing', 'standing', 'narrate')
BRIEF_FRAMES = (80, 160)


def brief_examples(session: Session, tokenizer: Tokenizer, rng: random.Random, config: DecoderTrainConfig) -> Iterator[Example]:
    """Several conversations about one session, of which little is left but the frames on which something happens.

    A stream is mostly silence: a request is fulfilled once in a thousand tokens, and what it has to do with the screen is learned from the fulfilled ones.
    """
    deltas = read_lines(session, rng, config)
    happening = {frame for frame, _ in session.events} | {0}
    for mode in BRIEF_MODES:
        told = with_default_instruction(simulation.with_dialogue(session, rng, mode), rng, config.uninstructed_fraction)
        spoken = {turn.frame for turn in told.turns if turn.frame >= 0}
        others = {i for i, lines in enumerate(deltas) if rng.random() < (config.brief_text_share if lines else config.brief_still_share)}
        kept = sorted(happening | spoken | others)
        brief, texts = keep_frames(told, kept), [deltas[i] for i in kept]
        encoded = encode_stream(session_events(brief, texts, config), tokenizer, STREAM, config.screen_weight)
        yield Example(encoded, simulated_rows(brief, rng, config))


def long_example(tokenizer: Tokenizer, config: DecoderTrainConfig) -> Example:
    """One narrated stream that fills most of the window."""
    session = simulation.make_session(0, 'train', 120, 140, mode='narrate')
    return stream_example(session, tokenizer, random.Random(0), config).cut(STREAM.context_tokens)


# --- drills ---------------------------------------------------------------------------------------------------------------


def drill_example(tokenizer: Tokenizer, rng: random.Random) -> Example:
    """Copying and association on invented names, to keep the induction circuit busy while the rest is learned."""
    out = Encoded()

    def markup(text: str) -> None:
        push_text(out, tokenizer.encode_markup(text), 0.0, tokenizer)

    names = Names(rng, 'train')
    kind = rng.random()
    if kind < 0.5:
        if kind < 0.2:
            tokens = [rng.choice(tokenizer.ordinary) for _ in range(rng.randint(4, 20))]
        elif kind < 0.3:  # repeated syllables must not start a loop
            few = [rng.choice(tokenizer.ordinary) for _ in range(rng.randint(1, 3))]
            tokens = [rng.choice(few) for _ in range(rng.randint(2, 12))]
        else:
            tokens = tokenizer.encode(' '.join(names.function(rng.choice(('py', 'ts'))) for _ in range(rng.randint(1, 4))))
        markup('<s><|screen|>')
        push_text(out, tokens, 0.0, tokenizer)
        markup('<|next|>' * rng.randint(0, 2) + '<|assistant|>')
        push_reply(out, tokens, 1.0)
    else:
        pairs = [(names.word(), names.function(rng.choice(('py', 'ts')))) for _ in range(rng.randint(1, 6))]
        markup('<s><|screen|>')
        for key, value in pairs:
            markup(rng.choice(('{} {}\n', '{}: {}\n', '{}({})\n', '{} = {}\n')).format(key, value))
        for key, value in rng.sample(pairs, min(len(pairs), 3)):
            markup(f'<|user|>{key}</s><|assistant|>')
            push_reply(out, tokenizer.encode(value), 1.0)
            markup('</s>')
    return Example(out)


# --- batches --------------------------------------------------------------------------------------------------------------


@dataclass
class Batch:
    """Right-padded sequences: ids, targets, weights are (B, T); features (placeholders in the batch, width)."""

    ids: Tensor
    targets: Tensor
    weights: Tensor
    features: Tensor | None
    kind: str

    def to(self, device: torch.device) -> Batch:
        features = None if self.features is None else self.features.to(device)
        return Batch(self.ids.to(device), self.targets.to(device), self.weights.to(device), features, self.kind)

    @property
    def is_simulated(self) -> bool:
        return self.kind != 'picture'

    @property
    def is_projected(self) -> bool:
        """Whether the features are rows of the decoder already, as the program gave them."""
        return self.kind == 'recorded'


def collate(examples: Sequence[Example], kind: str) -> Batch:
    length = max(len(example.encoded.ids) for example in examples)

    def padded(rows: list[list[int]] | list[list[float]], fill: float, dtype: torch.dtype) -> Tensor:
        return torch.tensor([[*row, *[fill] * (length - len(row))] for row in rows], dtype=dtype)

    features = [example.features for example in examples if example.features is not None]
    return Batch(
        padded([example.encoded.ids for example in examples], PAD, torch.long),
        padded([example.encoded.targets for example in examples], -1, torch.long),
        padded([example.encoded.weights for example in examples], 0.0, torch.float32),
        torch.cat(features) if features else None,
        kind,
    )


FRAME_CLASSES = {10: 1.0, 18: 1.5, 30: 2.0, 50: 2.0, 80: 1.5, 120: 0.8, 180: 0.5}  # frames of a stream: weight of batches of that length
POOL = 4  # batches made of one pool of examples, grouped by length so that little is padding

Stored = Callable[[random.Random], tuple[Session, Tensor]]
Drawn = Callable[[random.Random], Example]


def batches(
    tokenizer: Tokenizer, config: DecoderTrainConfig, corpus: Corpus | None, stored: Stored | None = None, rank: Rank | None = None, recorded: Drawn | None = None
) -> Iterator[Batch]:
    """Endless training batches of one kind each: stream, brief, recall (from `corpus`, ordered by `rank`), drill, stream with the encoder's features (`stored`), or `recorded`."""
    rng = random.Random(config.seed)
    recall = None if corpus is None else Recall(rng, 'train', corpus, rank, config.rank_doubt)
    ready: dict[str, list[Batch]] = {}
    while True:
        kind, frames = draw_kind(rng, config, stored is not None), rng.choices(list(FRAME_CLASSES), list(FRAME_CLASSES.values()))[0]
        key = f'{kind}-{frames}' if kind == 'stream' else kind
        if not ready.get(key):
            ready[key] = pooled(tokenizer, rng, config, kind, frames, stored, recall, recorded)
        yield ready[key].pop()


def draw_kind(rng: random.Random, config: DecoderTrainConfig, has_pictures: bool) -> str:
    draw = rng.random()
    if draw < config.drill_fraction:
        return 'drill'
    if draw < config.drill_fraction + config.recall_fraction:
        return 'recall'
    if draw < config.drill_fraction + config.recall_fraction + config.recorded_fraction:
        return 'recorded'
    if rng.random() < config.brief_fraction:
        return 'brief'
    return 'picture' if has_pictures and rng.random() < config.feature_fraction else 'stream'


def pooled(
    tokenizer: Tokenizer,
    rng: random.Random,
    config: DecoderTrainConfig,
    kind: str,
    frames: int,
    stored: Stored | None,
    recall: Recall | None,
    recorded: Drawn | None,
) -> list[Batch]:
    """About POOL batches of one kind, in random order."""
    examples: list[Example] = []
    tokens = 0
    while tokens < POOL * config.tokens_per_batch:
        new: list[Example] = []
        if kind == 'drill':
            new = [drill_example(tokenizer, rng)]
        elif kind == 'recall':
            assert recall is not None, 'recall batches need the corpus'
            new = recall_examples(tokenizer, rng, config, recall)
        elif kind == 'recorded':
            assert recorded is not None, 'recorded batches need a folder of recordings'
            new = [recorded(rng)]
        elif kind == 'picture' and stored is not None:
            session, features = stored(rng)
            new = [stream_example(session, tokenizer, rng, config, features)]
        elif kind == 'brief':
            new = list(brief_examples(played(rng, config, simulation.make_session, *BRIEF_FRAMES), tokenizer, rng, config))
        else:
            make = simulation.make_idle_session if rng.random() < config.idle_fraction else simulation.make_session
            new = [stream_example(played(rng, config, make, frames, frames + frames // 4), tokenizer, rng, config)]
        examples += [example.cut(STREAM.context_tokens) for example in new]
        tokens += sum(len(example.encoded.ids) for example in new)
    examples.sort(key=lambda example: len(example.encoded.ids))
    out: list[Batch] = []
    group: list[Example] = []
    for example in examples:
        if group and (len(group) + 1) * len(example.encoded.ids) > 1.2 * config.tokens_per_batch:
            out.append(collate(group, kind))
            group = []
        group.append(example)
    out.append(collate(group, kind))
    rng.shuffle(out)
    return out


def played(rng: random.Random, config: DecoderTrainConfig, make: Callable[..., Session], min_frames: int, max_frames: int) -> Session:
    """A new session of training; some videos show a part of the desktop."""
    return simulation.partly_shown(make(rng.randrange(2**31), 'train', min_frames=min_frames, max_frames=max_frames), rng, config.part_fraction)


def recall_examples(tokenizer: Tokenizer, rng: random.Random, config: DecoderTrainConfig, recall: Recall) -> list[Example]:
    """Questions on rows: one of the corpus, or those of one simulated session."""
    roll = 3 * rng.random()  # a session gives about three
    if roll < config.session_recall_fraction + config.watched_recall_fraction:
        session = simulation.make_session(rng.randrange(2**31), 'train', min_frames=40, max_frames=160)
        drawn = list(session_examples(session, rng) if roll < config.session_recall_fraction else watched_examples(session, rng, recall.rank))
    else:
        drawn = [recall.draw()]
    weights = (config.reply_weight, config.verdict_weight, config.choice_weight)
    return [Example(encode_recall(one.rows, one.question, one.answer, tokenizer, *weights, earlier=one.earlier, besides=besides(one, rng))) for one in drawn]


def besides(example: RecallExample, rng: random.Random) -> list[int]:
    """Rows that are named after the right ones though they do not bear on the question, in a quarter of the answers that have room for one."""
    room = STREAM.max_references - len(example.answer.rows)
    wrong = [row for row in range(len(example.rows)) if row not in example.answer.relevant]
    if example.kind not in ('fact', 'when') or room < 1 or not wrong or rng.random() < 0.75:
        return []
    return rng.sample(wrong, min(len(wrong), rng.randint(1, room)))


def stored_sessions(folder: Path) -> Stored:
    """Sessions whose painted frames were encoded (`python -m training.features`), endlessly, each time with a new conversation."""
    source: Iterator[tuple[Session, Tensor]] = iter(())

    def draw(rng: random.Random) -> tuple[Session, Tensor]:
        nonlocal source
        item = next(source, None)
        if item is None:
            source = load_features(folder, rng)
            item = next(source)
        return item

    return draw


def _new_views(session: Session) -> list[int]:
    """Indices of the frames that show another view than the one before."""
    return [i for i, view in enumerate(session.frames) if i == 0 or view is not session.frames[i - 1]]


def _seen_and_simulated(model: Decoder, stored: Stored, sessions: int, seed: int) -> tuple[Tensor, Tensor]:
    """Of every view of some sessions: the encoder's features and the simulated ones, both (views, frame_tokens, vision_width)."""
    rng = random.Random(seed)
    seen: list[Tensor] = []
    simulated: list[Tensor] = []
    for _ in range(sessions):
        session, features = stored(rng)
        first = _new_views(session)
        seen.append(features[first].float())
        simulated.append(simulated_features(session, model.config.vision_width).unflatten(0, (-1, model.config.frame_tokens))[first])
    return torch.cat(seen), torch.cat(simulated)


@torch.no_grad()
def fit_projector(model: Decoder, stored: Stored, sessions: int = 300, seed: int = 0) -> float:
    """Fits the projector so that encoder features give the rows the decoder already knows from simulated states."""
    seen, simulated = _seen_and_simulated(model, stored, sessions, seed)
    return model.projector.fit(seen, model.simulator(simulated))


@torch.no_grad()
def fit_simulator(model: Decoder, stored: Stored, sessions: int = 200, seed: int = 0, ridge: float = 1e-3) -> float:
    """Sets the simulator so that simulated states give the rows that projector and encoder give for the painted pictures; the share of variance explained.

    The other way round than `fit_projector`: a decoder that comes from a pack knows its encoder's rows, and the simulator is in no pack.
    """
    seen, simulated = _seen_and_simulated(model, stored, sessions, seed)
    fitted = linear_fit(simulated.flatten(0, 1), model.projector(seen).flatten(0, 1), ridge)
    model.simulator.weight.copy_(fitted.weight.T)
    model.simulator.bias.copy_(fitted.y_mean - fitted.x_mean @ fitted.weight)
    return fitted.explained(fitted.weight)
