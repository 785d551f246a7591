"""Puts models/ on the import path and keeps PyTorch on one thread."""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "models"))
torch.set_num_threads(1)
