"""The region classifier: what it learns from lies on painted lines, and what is shipped is what was trained."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from config import PACK, REGIONS
from reader import regions, screens
from reader.regions import LOOKS, OUTSIDE, SHAPE, SIGNS, ReadScreen, RegionClassifier, collate, load_screens, region_at, right_share, varied
from world.screen_text import MISTAKES

LINES = (
    screens.PaintedLine(text="def total(rows):", region="editor", box=(100, 40, 160, 16)),
    screens.PaintedLine(text="EXPLORER", region="tree", box=(10, 40, 80, 16)),
)


def screen(seed: int, lines: int = 12) -> ReadScreen:
    """Lines at the left in a tree, lines at the right in an editor."""
    rng = np.random.default_rng(seed)
    features = rng.random((lines, LOOKS + SIGNS)).astype(np.float32)
    features[:, LOOKS:] = rng.integers(32, 127, (lines, SIGNS))
    is_left = features[:, 0] < 0.5
    return ReadScreen(features, np.where(is_left, REGIONS.index("tree"), REGIONS.index("editor")))


def test_a_read_line_is_where_the_painted_line_is_on_which_most_of_it_lies() -> None:
    assert region_at((104, 42, 150, 14), LINES) == REGIONS.index("editor")
    assert region_at((0, 41, 100, 14), LINES) == REGIONS.index("tree")
    assert region_at((400, 300, 90, 14), LINES) == OUTSIDE


def test_screens_are_those_of_the_split_with_their_truth(tmp_path: Path) -> None:
    row = {"lines": [{"text": "x", "box": [104, 42, 150, 14]}], "features": base64.b64encode(np.ones(LOOKS + SIGNS, np.float32).tobytes()).decode()}
    read = [{**row, "video": "train-000.mp4"}, {"video": "test-000.mp4", "lines": [], "features": ""}, {**row, "video": "test-000.mp4"}]
    (tmp_path / "read.jsonl").write_text("".join(json.dumps(each) + "\n" for each in read))
    (tmp_path / "test-000.json").write_text(json.dumps({"screens": [[], LINES]}))
    (tmp_path / "train-000.json").write_text(json.dumps({"screens": [[]]}))
    (only,) = load_screens("test", tmp_path)
    assert only.regions.tolist() == [REGIONS.index("editor")] and only.features.shape == (1, LOOKS + SIGNS)
    assert load_screens("train", tmp_path)[0].regions.tolist() == [OUTSIDE]


def test_screens_vary_but_their_lines_keep_their_regions() -> None:
    rng = np.random.default_rng(0)
    original = screen(1)
    spoilt = [varied(original, rng, SHAPE) for _ in range(20)]
    assert any(len(each.regions) < len(original.regions) for each in spoilt) and all(len(each.regions) for each in spoilt)
    kept = varied(original, rng, replace(SHAPE, dropped_lines=0.0))
    assert kept.regions.tolist() == original.regions.tolist() and not np.array_equal(kept.features, original.features)


def test_lines_that_fill_up_a_batch_do_not_count() -> None:
    torch.manual_seed(0)
    model = RegionClassifier().eval()
    short, long = screen(1, 5), screen(2, 30)
    features, mask, _ = collate([short, long])
    alone = model(torch.from_numpy(short.features)[None])[0]
    assert torch.allclose(model(features, mask)[0, :5], alone, atol=1e-4)


def test_it_learns() -> None:
    torch.manual_seed(0)
    model, examples = RegionClassifier(), [screen(seed) for seed in range(60)]
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3)
    before, _ = right_share(model, examples)
    for step in range(40):
        features, mask, truth = collate(examples[step % 4 * 15 :][:15])
        loss = torch.nn.functional.cross_entropy(model(features, mask).flatten(0, 1), truth.flatten(), ignore_index=OUTSIDE)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    after, mistakes = right_share(model, examples)
    assert after > max(0.85, before) and sum(mistakes.values()) == round((1 - after) * 60 * 12)


def test_the_packed_file_gives_the_scores_of_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    monkeypatch.setattr(regions, "RUNS", tmp_path)
    (tmp_path / "manifest.json").write_text('{"files": {}}')
    model = RegionClassifier().eval()
    regions.export(model, tmp_path)
    session = onnxruntime.InferenceSession(str(tmp_path / "regions.onnx"), providers=["CPUExecutionProvider"])
    for lines in (1, 7):
        features = screen(3, lines).features
        assert session.run(None, {"lines": features})[0] == pytest.approx(model(torch.from_numpy(features)[None])[0].detach().numpy(), abs=2e-2)
    assert json.loads((tmp_path / "manifest.json").read_text())["regions"] == {"labels": list(REGIONS)}


def test_the_shipped_labels_and_mistakes_are_those_of_the_template() -> None:
    assert json.loads((PACK / "manifest.json").read_text())["regions"]["labels"] == list(REGIONS)
    assert set(MISTAKES) == set(REGIONS) and all(true not in told and set(told) <= set(REGIONS) for true, told in MISTAKES.items())
