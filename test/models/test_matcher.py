"""The matcher: what its examples say, that it learns which sentences fulfil a request, that its file says the same as the model, and what the shipped one knows."""

import random
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from config import PACK, MatcherTrainConfig
from recall import matcher
from recall.matcher import SHAPE, Asked, Matcher, Requests, encoded, judged, loss_of, padded
from recall.retriever import features
from world.dialogue import INSTRUCTIONS
from world.narration import NARRATION
from world.session import Event
from world.wishes import WISHES


@pytest.fixture(scope='module')
def drawing() -> Requests:
    return Requests(random.Random(3), 'train', 12)


def weighted() -> Matcher:
    """One that counts features, as an untrained one does not."""
    model = Matcher().eval()
    torch.nn.init.normal_(model.weights.weight, std=0.3)
    with torch.no_grad():
        model.weights.weight[0] = 0
    return model


def shipped(request: str, *sentences: str) -> tuple[bool, list[float]]:
    session = onnxruntime.InferenceSession(PACK / 'matcher.onnx')
    texts = padded([features(request, 'request', SHAPE), *(features(text, 'guidance', SHAPE) for text in sentences)])
    (logits,) = session.run(None, {'texts': texts.numpy().astype(np.float32)})
    again, *fulfilled = 1 / (1 + np.exp(-logits))
    return bool(again >= 0.5), list(fulfilled)


def test_wishes_are_for_kinds_that_are_told_and_keep_a_clause_for_measuring() -> None:
    for wish in WISHES:
        assert set(wish.kinds) <= set(NARRATION)
        assert wish.phrased('train')
        assert not set(wish.phrased('train')) & set(wish.phrased('test'))


def test_a_request_waits_for_its_kinds_and_its_names() -> None:
    asked = Asked('Tell me when main.py is opened.', ('open', 'create'), ('main.py',), False)
    assert asked.is_fulfilled_by(Event('open', {'file': 'src/Main.py'}))
    assert not asked.is_fulfilled_by(Event('open', {'file': 'other.py'}))
    assert not asked.is_fulfilled_by(Event('saved', {'file': 'main.py'}))


def test_what_is_drawn_fulfils_and_does_not(drawing: Requests) -> None:
    drawn = [drawing.draw(8) for _ in range(150)]
    share = np.mean([is_fulfilled for _, said in drawn for _, is_fulfilled in said])
    assert 0.25 < share < 0.75
    for asked, said in drawn:
        if asked.text in INSTRUCTIONS['quiet']:
            assert not any(is_fulfilled for _, is_fulfilled in said)
        if asked.text in INSTRUCTIONS['narrate']:
            assert all(is_fulfilled for _, is_fulfilled in said)


def test_it_learns(drawing: Requests) -> None:
    torch.manual_seed(0)
    model = Matcher(MatcherTrainConfig())
    batch = encoded([drawing.draw(8) for _ in range(16)], random.Random(0))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(15):
        loss = loss_of(model, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]


def test_the_file_says_the_same_as_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher, 'RUNS', tmp_path)
    torch.manual_seed(1)
    model = weighted()
    matcher.export(model, tmp_path / 'pack')
    session = onnxruntime.InferenceSession(tmp_path / 'pack' / 'matcher.onnx')
    for sentences in (['Opened `a.py`.'], ['Ran `ls`.', 'Opened `main.py` in the editor.', 'The tests pass now.', '']):
        texts = padded([features(text, 'guidance', SHAPE) for text in ['Tell me when main.py is open.', *sentences]])
        (logits,) = session.run(None, {'texts': texts.numpy().astype(np.float32)})
        with torch.no_grad():
            expected = model(texts[:1], texts[1:])
        assert logits == pytest.approx(expected.numpy(), abs=5e-3)


def test_padding_changes_nothing() -> None:
    torch.manual_seed(0)
    model = weighted()
    request, sentences = 'Tell me when they commit.', ['Committed `a`.', 'Ran `git push origin some-long-branch-name --force`.']
    alone = [judged(model, request, [sentence])[1][0] for sentence in sentences]
    assert judged(model, request, sentences)[1] == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize(
    ('request_text', 'fulfilled', 'other'),
    [
        ('Tell me when the tests pass.', 'Ran `npm test`: all `12` tests pass.', 'Ran `npm test`: `adds` fails with `AssertionError`.'),
        ('Tell me when he opens server.ts.', 'Opened `server.ts`.', 'Opened `client.py`.'),
        ('Tell me when there is an error.', '`node app.js` stopped with `TypeError`.', 'Opened `app.js`.'),
        ('Tell me when a package is installed.', 'Installed `zod` with `npm`.', 'Ran `npm run dev`.'),
        ('Narrate the coding session.', 'Opened `app.js`.', ''),
        ('Stay silent.', '', 'Opened `app.js`.'),
    ],
)
def test_the_shipped_one_tells_requests_apart(request_text: str, fulfilled: str, other: str) -> None:
    _, (share, not_asked) = shipped(request_text, fulfilled, other)
    assert not fulfilled or share >= matcher.THRESHOLD
    assert not other or not_asked < matcher.THRESHOLD


def test_the_shipped_one_knows_what_is_told_each_time() -> None:
    assert shipped('Tell me whenever they open a file.', 'Opened `a.py`.')[0]
    assert not shipped('Tell me when they open a file.', 'Opened `a.py`.')[0]
