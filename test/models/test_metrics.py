"""The tables of a pack's README say what metrics.json holds."""

import json
from pathlib import Path

from config import PACK
from evaluation.metrics import HEADLINE, tables, write_metrics

MARKS = "a\n<!-- metrics -->\nstale\n<!-- /metrics -->\nb\n<!-- detail -->\n<!-- /detail -->\n<!-- questions -->\n<!-- /questions -->\nc\n"


def test_figures_stand_in_their_tables_and_nothing_else_changes(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(MARKS)
    write_metrics(tmp_path, {"torch": {"stepF1": 0.5, "slotExactByClass": {"file": 0.75}}, "baselines": {"blind": {"stepF1": 0.41}, "random": {"stepF1": 0.3}}, "worthless": ["stepF1"]})
    write_metrics(tmp_path, {"recall": {"factRowFirst": 0.25}})
    text = (tmp_path / "README.md").read_text()
    assert "stale" not in text
    assert text.startswith("a\n") and "\nb\n" in text and text.endswith("\nc\n")
    assert "(worthless: solved blind) | ≥ 0.85 | – | 0.5 | 0.41 (sees nothing) |" in text
    assert "| exact names: files | 0.75 | – | – |" in text
    assert "| first row cited is right | 0.25 |" in text
    assert text.index("| 0.5 |") < text.index("\nb\n") < text.index("0.25 |")


def test_the_headline_is_what_rendered_videos_gave_and_else_what_pytorch_gave(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(MARKS)
    write_metrics(tmp_path, {"torch": {"stepF1": 0.5, "timeDiffSeconds": 0.4, "abstention": 0.9}})
    write_metrics(tmp_path, {"clips": {"stepF1": 0.45, "abstention": 0.8}})
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert {key: metrics[key] for key in HEADLINE if key in metrics} == {"stepF1": 0.45, "timeDiffSeconds": 0.4, "abstention": 0.8}
    assert next(iter(metrics)) == "stepF1"
    write_metrics(tmp_path, {"clips": {"stepF1": 0.6}})
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert (metrics["stepF1"], metrics["abstention"]) == (0.6, 0.9)


def test_the_shipped_tables_are_those_of_the_shipped_figures() -> None:
    metrics, text = json.loads((PACK / "metrics.json").read_text()), (PACK / "README.md").read_text()
    for mark, lines in tables(metrics).items():
        if f"<!-- {mark} -->" in text:
            assert lines in text
