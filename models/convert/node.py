"""What only the daemon's own engine can do: store a decoder smaller, and run a pack. Called through Node; both are scripts of the repository."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config import ROOT


def _node(script: str, *arguments: str | Path) -> str:
    """@returns what it prints"""
    node = ROOT.parent / 'node_modules' / '.bin' / ('node.cmd' if os.name == 'nt' else 'node')
    command = [str(node), str(ROOT.parent / 'scripts' / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f'{script} ended with {done.returncode}: {done.stderr[-2000:]}'
    return done.stdout


def quantize(source: Path, target: Path, quantisation: str) -> None:
    _node('quantizeGguf.ts', source, target, quantisation)


def measure(packs: Sequence[Path]) -> list[dict[str, Any]]:
    """How the packs' fixtures come out on the daemon's own path, in one engine: `silences`, and how far all is from the reference."""
    return [json.loads(line) for line in _node('packParity.ts', *packs).splitlines()]
