"""The tables of a pack's README say what metrics.json holds."""

import json
from pathlib import Path

from config import PACK
from metrics import GUIDANCE, QUESTIONS, lines_of, write_metrics


def test_figures_stand_in_their_tables_and_nothing_else_changes(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("a\n<!-- metrics -->\nold\n<!-- /metrics -->\nb\n<!-- questions -->\n<!-- /questions -->\nc\n")
    write_metrics(tmp_path, "torch", {"stepRecall": 0.5})
    write_metrics(tmp_path, "recall", {"factRowFirst": 0.25})
    text = (tmp_path / "README.md").read_text()
    assert "old" not in text
    assert text.startswith("a\n") and "\nb\n" in text and text.endswith("\nc\n")
    assert "| steps found (-1 s … +3 s of the due time) | 0.5 |" in text
    assert "| first row cited is right | 0.25 |" in text
    assert text.index("0.5 |") < text.index("\nb\n") < text.index("0.25 |")
    assert set(json.loads((tmp_path / "metrics.json").read_text())) == {"torch", "recall"}


def test_the_shipped_tables_are_those_of_the_shipped_figures() -> None:
    metrics, text = json.loads((PACK / "metrics.json").read_text()), (PACK / "README.md").read_text()
    for table in (GUIDANCE, QUESTIONS):
        if any(column in metrics for column in table.columns):
            assert lines_of(table, metrics) in text
