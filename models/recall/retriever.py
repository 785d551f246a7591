"""The retriever: scores how likely each row is to answer a question, beside the words that both have.

Question and row become sums of learned vectors of hashed features (words, beginnings of words, pairs, shapes of numbers, where the row stands); each sum
goes through a small layer of its own, and their product is the score. So it knows that "Which port …" means a number behind a colon and "Which file …" a
row of the tabs, which no shared word tells. It proposes only: the decoder chooses among the rows.

Usage: python -m recall.retriever train    # three minutes; .runs/retriever.pt
       python -m recall.retriever export   # writes live-tiny/retriever.onnx and the `retriever` section of the manifest
       python -m recall.retriever measure  # ranks of the answering row on held-out examples, by words, by the retriever, by both
`features` is the reference for daemon/perception/rowFeatures.ts; test/golden/rowFeatures.json (python -m recall.retriever golden) binds the two.

Sums of vectors of words and pairs follow fastText (https://arxiv.org/abs/1607.01759), two encoders with one score DPR (https://arxiv.org/abs/2004.04906).
"""

from __future__ import annotations

import json
import random
import re
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import PACK, ROOT, RUNS, RetrieverTrainConfig, TextNetworkTrainConfig
from decoder.template import Evidence
from recall.examples import Recall, RecallExample
from recall.text_network import export_network, fit, layers, thinned
from text.corpus import Corpus, words_of
from text.vocabulary import Split

SHAPE = RetrieverTrainConfig()
CHECKPOINT = RUNS / 'retriever.pt'
GOLDEN = ROOT.parent / 'test' / 'golden' / 'rowFeatures.json'

# --- features -------------------------------------------------------------------------------------------------------------

TOKEN = re.compile(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\sA-Za-z0-9]|\s+')
LIMIT, SHARE = 1.2, 0.7  # of a score: it speaks for or against a row, and overrules no row that has the question's words; chosen on the development clips
PREFIX = 5  # letters of a word that its other forms share


def pieces_of(text: str) -> list[tuple[str, str]]:
    """(token, form): words (parts of identifiers) in lower case, numbers by their length as `#3`, every other sign for itself, a gap as a space. Its form
    is `a` of a word, `A` of one that begins with a capital, `#` of a number, and the sign itself of all others."""
    pieces: list[tuple[str, str]] = []
    for token in TOKEN.findall(text.strip()):
        if token.isspace():
            pieces.append((' ', ' '))
        elif '0' <= token[0] <= '9':
            pieces.append((f'#{len(token)}', '#'))
        elif 'a' <= token[0].lower() <= 'z' and token.isascii():
            pieces.append((token.lower(), 'A' if token[0].isupper() else 'a'))
        else:
            pieces.append((token, token))
    return pieces


def features(text: str, place: str, shape: TextNetworkTrainConfig = SHAPE) -> list[int]:
    """Buckets of a text's features, at most `max_features`. `place` is the region of a row, `guidance`, `question`, or `request`."""
    pieces = pieces_of(text)
    tokens = [token for token, _ in pieces if token != ' ']
    forms = ['^', *(form for _, form in pieces), '$']
    names = [f'@{place}', f'={len(tokens).bit_length()}', f'^{tokens[0] if tokens else ""}', f'${tokens[-1] if tokens else ""}']
    names += [f'~{"".join(forms[i : i + 3])}' for i in range(len(forms) - 2)]
    for before, token in zip(['', *tokens], tokens, strict=False):
        names.append(token)
        if len(token) > PREFIX:
            names.append(f'{token[:PREFIX]}*')
        names.append(f'{before} {token}')
    return [1 + zlib.crc32(name.encode()) % (shape.buckets - 1) for name in names[: shape.max_features]]


def place_of(row: Evidence) -> str:
    return 'guidance' if row.kind == 'guidance' else row.region


def padded(lists: Sequence[list[int]]) -> Tensor:
    """(n, longest), filled with 0."""
    length = max(1, max(map(len, lists)))
    return torch.tensor([[*one, *[0] * (length - len(one))] for one in lists])


# --- model ----------------------------------------------------------------------------------------------------------------


class Tower(nn.Module):
    """Buckets (n, k) → vectors (n, width)."""

    def __init__(self, embedding: nn.Embedding, shape: RetrieverTrainConfig) -> None:
        super().__init__()
        self.embedding = embedding
        self.layer = layers(shape)

    def forward(self, buckets: Tensor) -> Tensor:
        count = (buckets > 0).sum(1, keepdim=True).clamp(min=1).to(torch.float32)
        total = self.embedding(buckets).sum(1) / count.sqrt()
        return total + self.layer(total)


class Retriever(nn.Module):
    """Question (1, k) and rows (n, k) as buckets → scores (n,), in units of a search's score (a row that has all of a question's words has about 2)."""

    def __init__(self, shape: RetrieverTrainConfig = SHAPE) -> None:
        super().__init__()
        embedding = nn.Embedding(shape.buckets, shape.width, padding_idx=0)
        nn.init.normal_(embedding.weight, std=0.1)
        with torch.no_grad():
            embedding.weight[0] = 0
        self.question, self.rows = Tower(embedding, shape), Tower(embedding, shape)
        self.log_scale = nn.Parameter(torch.tensor(0.7))  # of the search's score against this one

    def forward(self, question: Tensor, rows: Tensor) -> Tensor:
        scores = (self.rows(rows) * self.question(question)).sum(1)
        return SHARE * LIMIT * torch.tanh(scores / self.log_scale.exp() / LIMIT)


def lexical(corpus: Corpus, question: str, rows: Sequence[Evidence]) -> list[float]:
    """What a full-text search gives: rare words count more, relative to the best row, and the share of the question's words."""
    asked = set(words_of(question))
    likeness = [corpus.likeness(asked, row.text) for row in rows]
    best = max([*likeness, 1e-9])
    return [value / best + len(asked & set(words_of(row.text))) / max(1, len(asked)) for value, row in zip(likeness, rows, strict=True)]


class Ranker:
    """The order in which a search proposes rows: by their words and by the retriever."""

    def __init__(self, model: Retriever, corpus: Corpus) -> None:
        self.model, self.corpus = model, corpus

    def __call__(self, question: str, rows: Sequence[Evidence]) -> list[int]:
        """Indices of the rows, best first; equals keep their order."""
        scores = zip(lexical(self.corpus, question, rows), scores_of(self.model, question, rows), strict=True)
        worth = [words + relevance for words, relevance in scores]
        return sorted(range(len(rows)), key=lambda row: -worth[row])


# --- training -------------------------------------------------------------------------------------------------------------


def examples(split: Split, seed: int) -> tuple[Corpus, Recall]:
    corpus = Corpus.load(split)
    return corpus, Recall(random.Random(seed), split, corpus)


def loss_of(model: Retriever, corpus: Corpus, batch: Sequence[RecallExample], rng: random.Random, config: RetrieverTrainConfig) -> Tensor:
    """Cross-entropy of the rows that answer among those of their example; where none does, a row that always scores 0 is the right one."""

    def place(row: Evidence) -> str:
        return 'other' if row.kind != 'guidance' and rng.random() < config.region_dropout else place_of(row)

    questions = model.question(padded([thinned(features(example.question, 'question'), rng, config.feature_dropout) for example in batch]))
    rows = model.rows(padded([thinned(features(row.text, place(row)), rng, config.feature_dropout) for example in batch for row in example.rows]))
    losses: list[Tensor] = []
    first = 0
    for example, question in zip(batch, questions, strict=True):
        count = len(example.rows)
        words = torch.tensor(lexical(corpus, example.question, example.rows))
        scores = rows[first : first + count] @ question + model.log_scale.exp() * words
        shares = F.log_softmax(torch.cat([scores, torch.zeros(1)]), 0)
        losses.append(-torch.logsumexp(shares[sorted(example.answer.relevant) or [count]], 0))
        first += count
    return torch.stack(losses).mean()


def train(config: RetrieverTrainConfig) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(config.seed)
    rng = random.Random(config.seed)
    corpus, recall = examples('train', config.seed)
    model = Retriever(config)

    def next_loss() -> Tensor:
        batch: list[RecallExample] = []
        while len(batch) < config.batch:
            example = recall.draw()
            if len(example.rows) > 1:
                batch.append(example)
        return loss_of(model, corpus, batch, rng, config)

    fit(model, config, next_loss, CHECKPOINT, lambda: f', scale {model.log_scale.exp().item():.2f}')


# --- measuring ------------------------------------------------------------------------------------------------------------


@torch.no_grad()
def scores_of(model: Retriever, question: str, rows: Sequence[Evidence]) -> list[float]:
    """One score for each row."""
    result: list[float] = model(padded([features(question, 'question')]), padded([features(row.text, place_of(row)) for row in rows])).tolist()
    return result


def best_score(model: Retriever, corpus: Corpus, question: str, rows: Sequence[Evidence]) -> float:
    """What the program's search gives the best row, which goes without words of grammar: those that the question shares, and the retriever's score."""
    words = ' '.join(word for word in words_of(question) if not corpus.is_common(word))
    return max(a + b for a, b in zip(lexical(corpus, words, rows), scores_of(model, question, rows), strict=True))


def measure(model: Retriever, count: int = 1500) -> dict[str, dict[str, float]]:
    """Share of held-out examples whose best row is first, and among the first three, by words, by the retriever and by both."""
    corpus, recall = examples('test', 5)
    hits: dict[str, dict[str, list[float]]] = {}
    for example in (recall.draw() for _ in range(count)):
        if not example.answer.relevant or len(example.rows) < 2:
            continue
        words, vectors = lexical(corpus, example.question, example.rows), scores_of(model, example.question, example.rows)
        for way, scores in (('words', words), ('retriever', vectors), ('both', [a + b for a, b in zip(words, vectors, strict=True)])):
            order = sorted(range(len(scores)), key=lambda i: -scores[i])
            kind = hits.setdefault(f'{example.kind} {way}', {'first': [], 'firstThree': []})
            kind['first'].append(order[0] in example.answer.relevant)
            kind['firstThree'].append(bool(example.answer.relevant.intersection(order[:3])))
    return {name: {which: round(sum(marks) / len(marks), 3) for which, marks in kind.items()} for name, kind in sorted(hits.items())}


def load(path: Path = CHECKPOINT) -> Retriever:
    model = Retriever()
    model.load_state_dict(torch.load(path, map_location='cpu', weights_only=True))
    return model.eval()


# --- export ---------------------------------------------------------------------------------------------------------------


def export(model: Retriever, pack: Path = PACK) -> None:
    export_network(model, pack, 'retriever', ('scores', 'rows'), {'buckets': SHAPE.buckets, 'maxFeatures': SHAPE.max_features}, RUNS)


def golden() -> dict[str, Any]:
    texts = [
        ('Which port does the server listen on?', 'question'), ('const maxItems = 12;', 'editor'), ('', 'other'), ('➜ npm run build', 'terminal'),
        ('HTTPServer.listen(8080, "0.0.0.0")', 'editor'), ('They ran npm test.', 'guidance'), ('snake_case_name == otherName2', 'editor'), ('Größe: 3½ MB', 'dialog'),
    ]  # fmt: skip
    manifest = {'buckets': SHAPE.buckets, 'maxFeatures': SHAPE.max_features}
    return {'manifest': manifest, 'texts': [{'text': text, 'place': place, 'features': features(text, place)} for text, place in texts]}


if __name__ == '__main__':
    match sys.argv[1:]:
        case ['train']:
            train(SHAPE)
        case ['measure']:
            print(json.dumps(measure(load()), indent=1))
        case ['export']:
            export(load())
        case ['golden']:
            GOLDEN.write_text(json.dumps(golden(), indent=1, ensure_ascii=False) + '\n')
        case _:
            raise SystemExit(__doc__)
