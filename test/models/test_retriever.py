"""The retriever: its features, that it learns which kind of row answers, and that its file says the same as the model."""

import json
import random
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from config import RetrieverTrainConfig
from decoder.template import Evidence
from recall import retriever
from recall.examples import Recall
from recall.retriever import LIMIT, SHAPE, SHARE, Ranker, Retriever, features, golden, loss_of, padded, pieces_of, scores_of
from text.corpus import Corpus

ROWS = [Evidence("screen", "port: 8080", "editor"), Evidence("guidance", "They ran npm test."), Evidence("screen", "", "other")]


def test_pieces_keep_the_form_of_what_they_forget() -> None:
    assert pieces_of("HTTPServer2 a_b") == [("http", "A"), ("server", "A"), ("#1", "#"), (" ", " "), ("a", "a"), ("_", "_"), ("b", "a")]
    assert features("port 8080", "editor") == features("port 9229", "editor")
    assert features("port 8080", "editor") != features("port 80", "editor")
    assert features("a", "editor") != features("a", "tabs")


def test_features_are_buckets_and_bounded() -> None:
    buckets = features("word " * 200, "editor")
    assert len(buckets) == SHAPE.max_features
    assert all(0 < bucket < SHAPE.buckets for bucket in buckets)


def test_the_shared_fixture_is_current() -> None:
    assert golden() == json.loads(retriever.GOLDEN.read_text())


def test_padding_changes_no_score() -> None:
    torch.manual_seed(0)
    model = Retriever().eval()
    alone = [scores_of(model, "Which port?", [row])[0] for row in ROWS]
    assert scores_of(model, "Which port?", ROWS) == pytest.approx(alone, abs=1e-6)
    assert all(abs(score) <= LIMIT * SHARE for score in alone)


def test_it_learns_what_answers(corpus: Corpus) -> None:
    torch.manual_seed(0)
    rng = random.Random(0)
    config = RetrieverTrainConfig(feature_dropout=0.0)
    recall = Recall(rng, "train", corpus)
    batch = [example for example in (recall.draw() for _ in range(60)) if example.answer.relevant and len(example.rows) > 1][:24]
    model = Retriever(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(12):
        loss = loss_of(model, corpus, batch, rng, config)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_the_order_is_that_of_words_and_meaning(corpus: Corpus) -> None:
    torch.manual_seed(0)
    order = Ranker(Retriever().eval(), corpus)("Which port is it?", ROWS)
    assert sorted(order) == [0, 1, 2]
    assert order[0] == 0


def test_the_packed_file_gives_the_scores_of_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"files": {}}')
    monkeypatch.setattr(retriever, "RUNS", tmp_path)
    model = Retriever().eval()
    retriever.export(model, tmp_path)
    session = onnxruntime.InferenceSession(str(tmp_path / "retriever.onnx"), providers=["CPUExecutionProvider"])
    texts = padded([features("Which port?", "question"), *(features(row.text, retriever.place_of(row)) for row in ROWS)])
    scores = session.run(None, {"texts": texts.numpy().astype(np.float32)})[0]
    assert scores == pytest.approx(scores_of(model, "Which port?", ROWS), abs=2e-3)
    assert json.loads(manifest.read_text())["retriever"] == {"buckets": SHAPE.buckets, "maxFeatures": SHAPE.max_features}
