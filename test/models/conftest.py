"""Puts models/ on the import path, keeps PyTorch on one thread, and gives a corpus so small that no machine has to be mined for it."""

import sys
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "models"))
torch.set_num_threads(1)

from text.corpus import Corpus, Document  # noqa: E402

DOCUMENTS = [
    Document("interface", ["Controls whether the minimap is shown.", "Controls the size of the terminal font in pixels.", "Open Settings", "Toggle Word Wrap", "Unable to save the file."]),
    Document("code", ["def total_price(items):", "    tax_rate = 0.19", "    return items * tax_rate", "import decimal", "class Basket:", "    limit: 12"]),
    Document("prose", ["# Getting started", "The cache is a folder for downloads.", "Install the package first.", "License: MIT"]),
    Document("output", ["git status", "On branch main", "2 files changed", "nothing to commit"]),
    Document("help", ["tool --help", "  -f, --force    overwrite existing files", "  -q, --quiet    print errors only"]),
]


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """Which split a document belongs to follows from its text, so several copies are offered."""
    copies = [Document(document.kind, [*document.lines, f"Number {i}"]) for document in DOCUMENTS for i in range(40)]
    return Corpus(copies, "train")
