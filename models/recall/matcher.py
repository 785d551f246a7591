"""The matcher: tells whether a sentence of guidance fulfils a standing request ("Tell me when the tests pass."), and whether it is to be told each time.

The stream's decoder has learned to speak up for a request, hardly to tell requests apart; what it says unasked is right far more often. So it narrates, and
this decides which of its sentences somebody waits for. Request and sentence become sums of learned vectors of hashed features (recall/retriever.py), whose product
tells what kinds of things they are; what one has and the other has not is counted with a learned weight for each feature, so that a request for
`main.py` is not fulfilled by another file.

Usage: python -m recall.matcher train    # four minutes; .runs/matcher.pt
       python -m recall.matcher measure  # on requests in words, and on names, that are not in training
       python -m recall.matcher export   # writes live-tiny/matcher.onnx and the `matcher` section of the manifest
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import PACK, RUNS, MatcherTrainConfig
from recall.retriever import features, padded
from recall.text_network import export_network, fit, layers, thinned
from text.vocabulary import Split
from world import simulation
from world.dialogue import ALERTS, ASKING, EVERY_TIME, FIRST_TIME, INSTRUCTIONS, NEXT_STEP
from world.narration import LESS, NARRATION, fill, shortened
from world.session import Event
from world.wishes import RELATED, WISHES, Wish

SHAPE = MatcherTrainConfig()
CHECKPOINT = RUNS / 'matcher.pt'
THRESHOLD = 0.5

# --- model ----------------------------------------------------------------------------------------------------------------


class Matcher(nn.Module):
    """Request (1, k) and sentences (n, k) as buckets → logits (1 + n,): that it is to be told each time; that each sentence fulfils it."""

    def __init__(self, shape: MatcherTrainConfig = SHAPE) -> None:
        super().__init__()
        self.embedding = nn.Embedding(shape.buckets, shape.width, padding_idx=0)
        nn.init.normal_(self.embedding.weight, std=0.1)
        with torch.no_grad():
            self.embedding.weight[0] = 0
        self.request, self.sentence = layers(shape), layers(shape)
        self.again = nn.Linear(shape.width, 1)
        # Of a feature: that both have it; that the request alone has it; that the sentence alone has it.
        self.weights = nn.Embedding(shape.buckets, 3, padding_idx=0)
        nn.init.zeros_(self.weights.weight)
        self.bias = nn.Parameter(torch.tensor(-2.0))

    def summed(self, buckets: Tensor) -> Tensor:
        count = (buckets > 0).sum(1, keepdim=True).clamp(min=1).to(torch.float32)
        return self.embedding(buckets).sum(1) / count.sqrt()

    def forward(self, request: Tensor, sentences: Tensor) -> Tensor:
        return torch.cat([self.each_time(request), self.fulfilled(request.expand(sentences.shape[0], -1), sentences)])

    def each_time(self, requests: Tensor) -> Tensor:
        """Of requests, (n, k) → (n,)."""
        asked = self.summed(requests)
        return self.again(asked + self.request(asked))[:, 0]

    def fulfilled(self, requests: Tensor, sentences: Tensor) -> Tensor:
        """Of pairs, (n, k) and (n, l) → (n,)."""
        asked, said = self.summed(requests), self.summed(sentences)
        product = ((asked + self.request(asked)) * (said + self.sentence(said))).sum(1)
        shared = (requests[:, :, None] == sentences[:, None, :]).to(torch.float32)
        of_request, of_sentence = self.weights(requests), self.weights(sentences)
        has, lacks = shared.amax(2), 1 - shared.amax(2)
        spare = 1 - shared.amax(1)
        counted = (has * of_request[:, :, 0]).sum(1) + (lacks * of_request[:, :, 1]).sum(1) + (spare * of_sentence[:, :, 2]).sum(1)
        return product + counted + self.bias


# --- examples -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A request: the kinds of events it waits for, and the names that they must have."""

    text: str
    kinds: tuple[str, ...]
    named: tuple[str, ...]
    is_each_time: bool

    def is_fulfilled_by(self, event: Event) -> bool:
        names = [value.lower() for value in event.slots.values()]
        return event.kind in self.kinds and all(any(name.lower() in value for value in names) for name in self.named)


class Requests:
    """Draws requests, and instructions, with sentences some of which fulfil them."""

    def __init__(self, rng: random.Random, split: Split, sessions: int, first_seed: int = 0) -> None:
        self.rng, self.split = rng, split
        self.events = [event for seed in range(first_seed, first_seed + sessions) for _, event in simulation.make_session(seed, split, 60, 110, mode='narrate').events]
        self.by_kind: dict[str, list[Event]] = {}
        for event in self.events:
            self.by_kind.setdefault(event.kind, []).append(event)

    def draw(self, sentences: int) -> tuple[Asked, list[tuple[str, bool]]]:
        """A request, and so many sentences with whether each fulfils it: half of them are about events of its kinds."""
        asked, about = self.request()
        said: list[tuple[str, bool]] = []
        while len(said) < sentences:
            roll = self.rng.random()
            event = self.rng.choice(self.events)
            if about is not None and roll < 0.3:
                event = about
            elif asked.kinds and roll < 0.5:
                event = self.rng.choice(self.by_kind.get(self.rng.choice(asked.kinds)) or self.events)
            elif roll < 0.8 and (related := self.related(asked)):
                event = self.rng.choice(related)
            elif roll < 0.9:  # rare kinds as well
                event = self.rng.choice(self.by_kind[self.rng.choice(list(self.by_kind))])
            is_fulfilled = asked.is_fulfilled_by(event)
            text = self.sentence(event)
            if any(shortened(name).lower() not in text.lower() for name in asked.named):
                is_fulfilled = False  # of a sentence without the name nobody knows
            said.append((self.misread(text), is_fulfilled))
        return asked, said

    def related(self, asked: Asked) -> list[Event]:
        """Events of one kind that is easily taken for what was asked for."""
        kinds = [kind for group in RELATED if set(group) & set(asked.kinds) for kind in group if kind not in asked.kinds and kind in self.by_kind]
        return self.by_kind[self.rng.choice(kinds)] if kinds else []

    def request(self) -> tuple[Asked, Event | None]:
        """A request, and an event that fulfils it if it is about a certain one."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.06:
            return Asked(rng.choice(NEXT_STEP), tuple(NARRATION), (), False), None
        if roll < 0.09:
            return Asked(rng.choice(INSTRUCTIONS['narrate']), tuple(NARRATION), (), True), None
        if roll < 0.11:
            return Asked(rng.choice(INSTRUCTIONS['quiet']), (), (), False), None
        wish: Wish = rng.choice(WISHES)
        clause = rng.choice(wish.phrased(self.split))
        slots = re.findall(r'{(\w+)}', clause)
        event = None
        named: tuple[str, ...] = ()
        if slots:
            fitting = [one for kind in wish.kinds for one in self.by_kind.get(kind, ()) if all(one.slots.get(slot) for slot in slots)]
            if not fitting:
                return self.request()
            event = rng.choice(fitting)
            named = tuple(event.slots[slot] for slot in slots)
            clause = clause.format(**event.slots)
        is_each_time = rng.random() < 0.35
        asking = rng.choice(ASKING) if rng.random() < 0.7 else 'Tell me'  # as the program puts it
        text = f'{asking} {rng.choice(EVERY_TIME if is_each_time else FIRST_TIME)} {clause}{rng.choice((".", ".", ""))}'
        return Asked(text if rng.random() < 0.8 else text.lower(), wish.kinds, named, is_each_time), event

    def sentence(self, event: Event) -> str:
        """One that says as much as can be said of the event, sometimes no name."""
        slots = {name: shortened(value) for name, value in event.slots.items()}
        templates = list(NARRATION[event.kind])
        if self.rng.random() < 0.1:
            templates = [*LESS.get(event.kind, templates)]
        elif self.rng.random() < 0.1:
            templates = [reply for alert in ALERTS if alert.kinds[0] == event.kind for reply in (*alert.replies, alert.less)] or templates
        self.rng.shuffle(templates)
        filled = (fill(template, slots) for template in templates)
        return next((text for text in filled if text), None) or self.rng.choice(LESS.get(event.kind) or NARRATION[event.kind])

    def misread(self, text: str) -> str:
        """Now and then a sign of a name as a reader may take it for another."""
        if self.rng.random() >= 0.1 or '`' not in text:
            return text
        parts = text.split('`')
        name = parts[1]
        if name:
            at = self.rng.randrange(len(name))
            parts[1] = name[:at] + self.rng.choice('lI1oO0-_.ceaun') + name[at + 1 :]
        return '`'.join(parts)


# --- training -------------------------------------------------------------------------------------------------------------


def encoded(drawn: Sequence[tuple[Asked, list[tuple[str, bool]]]], rng: random.Random, dropout: float = 0.0) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Requests and sentences pair by pair, (n, k) and (n, l), whether each is fulfilled, and whether it is to be told each time."""
    requests, sentences, fulfilled, again = [], [], [], []
    for asked, said in drawn:
        request = thinned(features(asked.text, 'request', SHAPE), rng, dropout)
        for text, is_fulfilled in said:
            requests.append(request)
            sentences.append(thinned(features(text, 'guidance', SHAPE), rng, dropout))
            fulfilled.append(float(is_fulfilled))
            again.append(float(asked.is_each_time))
    return padded(requests), padded(sentences), torch.tensor(fulfilled), torch.tensor(again)


def loss_of(model: Matcher, batch: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
    requests, sentences, fulfilled, again = batch
    return F.binary_cross_entropy_with_logits(model.fulfilled(requests, sentences), fulfilled) + 0.2 * F.binary_cross_entropy_with_logits(model.each_time(requests), again)


def train(config: MatcherTrainConfig) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(config.seed)
    rng = random.Random(config.seed)
    drawing = Requests(rng, 'train', config.sessions)
    model = Matcher(config)

    def next_loss() -> Tensor:
        return loss_of(model, encoded([drawing.draw(config.sentences) for _ in range(config.batch)], rng, config.feature_dropout))

    fit(model, config, next_loss, CHECKPOINT)


# --- measuring ------------------------------------------------------------------------------------------------------------


def judged(model: Matcher, request: str, sentences: Sequence[str]) -> tuple[bool, list[float]]:
    """Whether a request is to be told each time, and how likely each sentence fulfils it."""
    with torch.no_grad():
        logits = model(padded([features(request, 'request', SHAPE)]), padded([features(text, 'guidance', SHAPE) for text in sentences]))
    again, *fulfilled = torch.sigmoid(logits).tolist()
    return again >= 0.5, fulfilled


def measure(model: Matcher, count: int = 1500) -> dict[str, float]:
    """Shares on held-out wordings and names: of what fulfils, that is found; of what is found, that fulfils; of requests, whose repeating is right."""
    drawing = Requests(random.Random(7), 'test', 150)
    found = right = due = again = 0
    for asked, said in (drawing.draw(8) for _ in range(count)):
        is_again, shares = judged(model, asked.text, [text for text, _ in said])
        again += is_again == asked.is_each_time
        for share, (_, is_fulfilled) in zip(shares, said, strict=True):
            due += is_fulfilled
            found += share >= THRESHOLD
            right += is_fulfilled and share >= THRESHOLD
    return {'recall': right / due, 'precision': right / max(1, found), 'eachTime': again / count}


def load(path: Path = CHECKPOINT) -> Matcher:
    model = Matcher()
    model.load_state_dict(torch.load(path, map_location='cpu', weights_only=True))
    return model.eval()


# --- export ---------------------------------------------------------------------------------------------------------------


def export(model: Matcher, pack: Path = PACK) -> None:
    export_network(model, pack, 'matcher', ('logits', 'texts'), {'buckets': SHAPE.buckets, 'maxFeatures': SHAPE.max_features, 'threshold': THRESHOLD}, RUNS)


if __name__ == '__main__':
    match sys.argv[1:]:
        case ['train']:
            train(SHAPE)
        case ['measure']:
            print(json.dumps(measure(load()), indent=1))
        case ['export']:
            export(load())
        case _:
            raise SystemExit(__doc__)
