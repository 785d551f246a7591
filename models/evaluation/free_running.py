"""Runs a decoder over held-out sessions the way the program does: its own replies stay in its cache, nothing of the truth is fed but frames and what the user says.

Beside the decoder as it is (`Sight()`) stand the baselines every score is read against: one that sees nothing and hears the clock alone, one that sees another
session, one without pictures, one without text, and one that says sentences of training at random.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from config import FRAME, DecoderConfig, DecoderTrainConfig, EvaluateConfig, StreamConfig
from decoder.grounding import Grounding
from decoder.network import Decoder
from decoder.streaming import Ending, Runner, Said
from decoder.template import Evidence, encode_stream
from decoder.tokenizer import Tokenizer
from evaluation.asking import Asking, Row
from evaluation.forced import Forced
from evaluation.scoring import KindClassifier, Score, core_slots, normal
from evaluation.truth import QUESTION_KINDS, Answer, Clip, ClipKind, Due, Heard, Question, Reply
from pack.read import load_vision
from recall.matcher import THRESHOLD, Matcher, judged
from screen.view import ScreenLine
from text.vocabulary import Split
from training.data import Example, session_events, simulated_features
from training.features import encode_session, load_features
from world import screen_text, simulation
from world.dialogue import WHENS, plain_words, sentences
from world.narration import fill
from world.session import Mode, Session, Turn

STREAM = StreamConfig()
EVALUATE = EvaluateConfig()
INSTRUCTIONS = ('narrate', 'quiet', 'standing')  # kinds of turns that say what is to be told from now on
IDLE_SEED, CALIBRATION_SEED = 700_000, 900_000
IDLE_SESSIONS = 10  # of a minute each
FRAMES = (60, 110)
RANDOM_SESSIONS = 60  # of training, whose sentences the random baseline says
HYSTERESIS = 0.1  # how much surer of speech than the threshold it must be on the frame after a reply (daemon/llm/speakPolicy.ts)
ECHO_SECONDS = 1.5
SAME_SECONDS = 8.0  # the same sentence is not said again within these (daemon/assistant/guidance.ts)
DRAWS = 40  # conversations that are tried until one has a single instruction from the start


# --- what is run on ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A session with what is due in it, the text a reader gives of it and the features of its frames (frames · frame_tokens, width)."""

    session: Session
    clip: Clip
    deltas: list[list[ScreenLine]]
    features: Tensor


def conversation(session: Session, mode: Mode, salt: str = '') -> Session:
    """The session with a conversation of the mode that has one instruction, from the start on."""
    for draw in range(DRAWS):
        told = simulation.with_dialogue(session, random.Random(f'{salt}{session.seed}/{mode}/{draw}'), mode)
        if has_one_instruction(told.turns, mode):
            return told
    return replace(session, mode=mode, turns=[])


def has_one_instruction(turns: Sequence[Turn], mode: Mode) -> bool:
    """Whether a conversation of the mode has its one instruction from the start on."""
    given = [turn for turn in turns if turn.kind in INSTRUCTIONS]
    return len(given) == 1 and given[0].frame == -1 and given[0].kind == mode


def questions_of(session: Session, most: int | None = None) -> Iterator[Question]:
    """Questions at random times of the session, with their answers."""
    asked = simulation.with_dialogue(session, random.Random(f'{session.seed}/questions'), 'questions').turns
    pairs = [(question, answer) for question, answer in pairwise(asked) if question.kind == 'question' and answer.asked and answer.kind in QUESTION_KINDS]
    for question, answer in islice(pairs, most):
        kind, fps = QUESTION_KINDS[answer.kind], STREAM.frame_rate_fps
        moment = answer.evidence / fps if kind == 'when' else None
        yield Question(question.frame / fps, kind, question.text, answer.text, dict(answer.slots), moment)


def whens_of(session: Session, most: int = 2) -> Iterator[Question]:
    """Questions at the end of the session for the time of a step whose name happens in no other."""
    rng, fps = random.Random(f'{session.seed}/whens'), STREAM.frame_rate_fps
    events = [(frame, event) for frame, event in session.events if event.kind in WHENS]
    names = [value for _, event in session.events for value in event.slots.values()]
    for frame, event in rng.sample(events, len(events)):
        asked = fill(rng.choice(WHENS[event.kind]), event.slots)
        named = [value for value in event.slots.values() if asked and value in asked]
        if not asked or not named or any(sum(value in other for other in names) > 1 for value in named):
            continue
        yield Question((len(session.frames) - 1) / fps, 'when', asked, '', {}, frame / fps)
        most -= 1
        if not most:
            return


def clip_of(session: Session, kind: ClipKind, questions: int | None = None, file: str = '') -> Clip:
    """What is due in a session whose conversation has one instruction."""
    fps = STREAM.frame_rate_fps
    due = [
        Due(turn.frame / fps, turn.kind, turn.text, core_slots(turn.kind, turn.slots))
        for turn in session.turns
        if turn.role == 'assistant' and not turn.asked
    ]
    instruction = next((turn.text for turn in session.turns if turn.kind == 'standing'), '')
    asked = (*questions_of(session, questions), *whens_of(session)) if kind == 'session' else ()
    is_standing = kind == 'standing'
    return Clip(len(session.frames) / fps, kind, () if is_standing else due, due if is_standing else (), asked, instruction, file)


def sessions_of(kind: ClipKind, count: int, split: Split = 'test', first_seed: int = 0, frames: tuple[int, int] = FRAMES) -> Iterator[Session]:
    """Sessions with a conversation of one instruction: narration, a standing request, or nothing to tell."""
    for seed in range(first_seed, first_seed + count):
        if kind == 'nothing':
            yield conversation(simulation.make_idle_session(IDLE_SEED + seed, split), 'narrate')
            continue
        played = simulation.make_session(seed, split, *frames, mode='narrate', is_held_out_style=True)
        told = conversation(played, 'narrate' if kind == 'session' else 'standing')
        if told.turns:
            yield told


# --- how it is run ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Manner:
    """How replies are made: from which share of silence on none is, as a rule and while a request is in force, under the grammar or not, and from which likelihood on it is shown."""

    threshold: float = STREAM.silence_threshold
    request_threshold: float = STREAM.request_silence_threshold  # in place of it while a request is in force
    is_grounded: bool = True
    min_likelihood: float = 0.0
    is_rank_alone: bool = False  # questions are answered with the best rows of the search

    def judged(self, said: Said, seconds: float, recent: Sequence[Reply]) -> Ending | Literal['withheld', 'repeated']:
        """What becomes of a reply: only a finished one is shown."""
        if said.ending != 'finished':
            return said.ending
        if not said.text.strip() or any(is_repeated(said.text, reply, seconds - reply.seconds) for reply in recent):
            return 'repeated'
        return 'withheld' if said.likelihood < self.min_likelihood else 'finished'


def is_repeated(text: str, earlier: Reply, ago: float) -> bool:
    """The same sentence, or, a moment later, another one about the same names (daemon/assistant/guidance.ts)."""
    names = text.split(STREAM.quote)[1::2]
    return normal(earlier.text) == normal(text) or (ago < ECHO_SECONDS and bool(names) and names == earlier.text.split(STREAM.quote)[1::2])


@dataclass(frozen=True)
class Sight:
    """What the decoder gets of the frames."""

    rows: Literal['own', 'mean', 'other'] = 'own'
    lines: Literal['own', 'none', 'other'] = 'own'


BASELINES = {
    'blind': Sight('mean', 'none'),
    'shuffled': Sight('other', 'other'),
    'rowsAblated': Sight('mean', 'own'),
    'linesAblated': Sight('own', 'none'),
}


@dataclass
class Played:
    """What was heard of a session, with the likelihood of each reply."""

    heard: Heard = field(default_factory=Heard)
    likelihoods: list[float] = field(default_factory=list)


class FreeRunning:
    """A fixed set of held-out sessions, requests and idle minutes to run a decoder on."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        sessions: int,
        features: Path | None = None,
        pack: Path | None = None,
        idle: int = IDLE_SESSIONS,
        split: Split = 'test',
        first_seed: int = 0,
        questions: int | None = None,
        asking: Asking | None = None,
        matcher: Matcher | None = None,
    ) -> None:
        """Rows are those of painted sessions: of a store (`python -m training.features --split test`) or as the encoder of `pack` gives them; else they are simulated.

        At most so many `questions` of a session are asked: of the rows (`asking`), as the program does, or in the stream. With a `matcher` the decoder narrates and what
        fulfils a request is heard, as the program does it; without, the decoder is told the request.
        """
        self.asking, self.matcher = asking, matcher
        self.tokenizer = tokenizer
        self.classifier = KindClassifier()
        self.grounding = Grounding(tokenizer, plain_words(), sentences=sentences())
        self.is_simulated = features is None and pack is None
        encoder = load_vision(pack) if pack else None
        stored = list(islice(load_features(features), sessions)) if features else []

        def features_of(session: Session) -> Tensor:
            if encoder is None:
                return simulated_features(session, DecoderConfig.vision_width, random.Random(session.seed))
            index, rows = encode_session(encoder, session)
            return torch.from_numpy(rows)[torch.from_numpy(index.astype('int64'))].flatten(0, 1).float()

        def held(session: Session, kind: ClipKind, seen: Tensor | None = None) -> Held:
            deltas = screen_text.deltas(session, random.Random(session.seed), EVALUATE.character_error_rate, EVALUATE.miss_rate)
            return Held(session, clip_of(session, kind, questions), deltas, features_of(session) if seen is None else seen)

        self.held: list[Held] = []
        for session, rows in stored:
            if (told := conversation(session, 'narrate')).turns:
                self.held.append(held(told, 'session', rows.flatten(0, 1).float()))
        counts: dict[ClipKind, int] = {} if stored else {'session': sessions, 'standing': sessions // 2, 'nothing': idle}
        for kind, count in counts.items():
            self.held += [held(session, kind) for session in sessions_of(kind, count, split, first_seed)]

    def rows(self, model: Decoder) -> list[Tensor]:
        """The decoder's rows of every session."""
        with torch.no_grad():
            return [model.rows(held.features, self.is_simulated) for held in self.held]

    def run(self, model: Decoder, manner: Manner | None = None, sight: Sight | None = None) -> Score:
        """Scores the decoder on all sessions."""
        return self.scored([played.heard for played in self.play(model, manner, sight)])

    def scored(self, heard: Sequence[Heard]) -> Score:
        score = Score(self.classifier)
        for held, said in zip(self.held, heard, strict=True):
            score.add(held.clip, said)
        return score

    def play(self, model: Decoder, manner: Manner | None = None, sight: Sight | None = None) -> list[Played]:
        """What the decoder says in every session."""
        manner, sight = manner or Manner(), sight or Sight()
        was_training = model.training
        model.eval()
        own = self.rows(model)
        n = STREAM.frame_tokens
        mean = torch.cat(own).unflatten(0, (-1, n)).mean(0)
        played = []
        for i, held in enumerate(self.held):
            other = next(j for j in [*range(i + 1, len(self.held)), *range(i + 1)] if self.held[j].clip.kind == held.clip.kind)
            count = len(held.deltas)
            rows = {'own': own[i], 'mean': mean.repeat(count, 1), 'other': cycled(own[other].unflatten(0, (-1, n)), count).flatten(0, 1)}[sight.rows]
            silent: list[list[ScreenLine]] = [[] for _ in range(count)]
            lines = {'own': held.deltas, 'none': silent, 'other': list(islice(cycle(self.held[other].deltas), count))}[sight.lines]
            played.append(self.play_one(model, held, rows, lines, manner))
        model.train(was_training)
        return played

    def play_one(self, model: Decoder, held: Held, rows: Tensor, lines: Sequence[Sequence[ScreenLine]], manner: Manner) -> Played:
        """One session, from its instruction to its last frame. Questions leave no trace in the stream, as the program answers them beside it."""
        runner = Runner(model, self.tokenizer, self.grounding if manner.is_grounded else None)
        request = held.clip.instruction if self.matcher and held.clip.kind == 'standing' else ''
        for turn in held.session.turns:
            if turn.frame == -1 and turn.kind in INSTRUCTIONS:
                runner.user(STREAM.instruction if request else turn.text)
        questions = list(held.clip.questions)
        played, n = Played(), STREAM.frame_tokens
        is_armed, threshold = True, manner.request_threshold if held.clip.kind == 'standing' else manner.threshold
        known: list[Row] = []
        for i, new in enumerate(lines):
            seconds = i / STREAM.frame_rate_fps
            known += [Row(seconds, Evidence('screen', line.text, line.region)) for line in new]
            silence = runner.frame(new, rows[i * n : (i + 1) * n])
            if silence >= threshold:
                is_armed = True
            elif is_armed or silence < threshold - HYSTERESIS:
                said = runner.speak()
                ending = manner.judged(said, seconds, [reply for reply in played.heard.replies if seconds - reply.seconds < SAME_SECONDS])
                if ending == 'finished' and request and not self.is_asked_for(request, said.text, played.heard):
                    is_armed = False
                elif ending == 'finished':
                    is_armed = False
                    played.heard.replies.append(Reply(seconds, said.text))
                    played.likelihoods.append(said.likelihood)
                    known.append(Row(seconds, Evidence('guidance', said.text)))
                else:  # nobody hears it, so the next frame may speak at once
                    runner.take_back()
                    played.heard.withheld += ending == 'withheld'
                    played.heard.ungrounded += ending == 'ungrounded'
                    played.heard.looping += ending in ('looping', 'cut')
            while questions and questions[0].seconds <= seconds:
                played.heard.answers.append(self.answer(runner, questions.pop(0), known, manner))
        return played

    def is_asked_for(self, request: str, sentence: str, heard: Heard) -> bool:
        """Whether a sentence fulfils the request, which most are told of once."""
        assert self.matcher is not None, 'somebody must judge'
        is_each_time, (share,) = judged(self.matcher, request, [sentence])
        return share >= THRESHOLD and (is_each_time or not heard.replies)

    def answer(self, runner: Runner, question: Question, known: Sequence[Row], manner: Manner) -> Answer:
        """Of the rows known so far, or in the stream, where it is forgotten at once."""
        if self.asking is None:
            return Answer(runner.ask_aside(question.text))
        if manner.is_rank_alone:
            return self.asking.by_rank(known, question.text, question.seconds)
        return self.asking.answer(runner.model, self.tokenizer, known, question.text, question.seconds)

    def forced(self, model: Decoder, thresholds: Sequence[float] = (0.0,)) -> dict[str, float]:
        """The teacher-forced metrics on the narrated sessions."""
        was_training = model.training
        model.eval()
        metrics, config = Forced(thresholds), DecoderTrainConfig()
        for held, rows in zip(self.held, self.rows(model), strict=True):
            if held.clip.kind != 'session':
                continue
            code = encode_stream(session_events(held.session, held.deltas, config), self.tokenizer, STREAM)
            example = Example(code, rows).cut(STREAM.context_tokens)
            metrics.add(model, example.encoded, rows[: example.encoded.ids.count(FRAME)])
        model.train(was_training)
        return metrics.summary()

    def at_random(self, seed: int = 0) -> Score:
        """Sentences and answers of training at random, as often as something is due."""
        rng = random.Random(seed)
        told: dict[str, list[str]] = {'session': [], 'standing': [], 'answer': []}
        for one in range(RANDOM_SESSIONS):
            session = simulation.make_session(one, 'train', *FRAMES, mode='narrate')
            for name, mode in (('session', 'narrate'), ('standing', 'standing'), ('answer', 'questions')):
                drawn = simulation.with_dialogue(session, rng, mode).turns  # type: ignore[arg-type]
                told[name] += [turn.text for turn in drawn if turn.role == 'assistant' and turn.asked == (name == 'answer')]
        told['nothing'] = told['session']
        frames = {kind: sum(len(held.deltas) for held in self.held if held.clip.kind == kind) for kind in ('session', 'standing')}
        dues = {'session': sum(len(held.clip.steps) for held in self.held), 'standing': sum(len(held.clip.requests) for held in self.held)}
        rates = {kind: dues[kind] / max(1, frames[kind]) for kind in frames}
        rates['nothing'] = rates['session']
        heard = []
        for held in self.held:
            kind = held.clip.kind
            spoken = [i for i in range(len(held.deltas)) if rng.random() < rates[kind]]
            replies = [Reply(i / STREAM.frame_rate_fps, rng.choice(told[kind])) for i in spoken]
            heard.append(Heard(replies, [Answer(rng.choice(told['answer'])) for _ in held.clip.questions]))
        return self.scored(heard)


def cycled(frames: Tensor, count: int) -> Tensor:
    """The first `count` frames, over and over where there are fewer."""
    return frames[torch.arange(count) % len(frames)]
