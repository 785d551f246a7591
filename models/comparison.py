"""Designs are compared one after the other; what was measured is kept, so that a comparison goes on where it stopped."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import torch

Figures = dict[str, Any]


def compare(designs: Iterable[str], path: Path, measure: Callable[[str], Figures], table: Callable[[Sequence[Figures]], Iterable[str]], description: str | None) -> None:
    """The command of a comparison: measures the designs that it names, or all, on one core. Those with a line in `path` are left out; `--table` prints what stands there."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*', default=[])
    parser.add_argument('--table', action='store_true')
    options = parser.parse_args()
    torch.set_num_threads(1)
    known = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    if options.table:
        print('\n'.join(table(known)))
        return
    for name in options.names or designs:
        if name in {one['design'] for one in known}:
            continue
        result = measure(name)
        with path.open('a') as file:
            file.write(json.dumps(result) + '\n')
        print(json.dumps(result), flush=True)
