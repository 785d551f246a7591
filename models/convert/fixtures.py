"""The miniature packs of test/fixtures, which the tests of the daemon run without Python.

Usage: python -m convert.fixtures
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from config import ROOT
from convert import miniature_vlm, vlm
from convert.miniature import MiniatureConfig, clip, make
from convert.videollm import Sources, convert

FIXTURES = ROOT.parent / 'test' / 'fixtures'


def miniature_packs(folder: Path, config: MiniatureConfig, quantisations: list[str]) -> list[Path]:
    """Makes a miniature below `folder` and converts it, as a person would the published checkpoints."""
    make(folder, config)
    sources = Sources(folder / 'base', folder / 'adapter', folder / 'vision')
    return convert(sources, folder / 'packs', quantisations, master='f32', vision_precision='f32', steps=clip(), name='videollm-miniature')


@dataclass(frozen=True)
class Case:
    """A family's miniature with a policy, and whether the stream stands still between changes. The seed is one with which it speaks."""

    make: Callable[[Path], Path]
    policy: str
    every_frame: bool = True
    is_still: bool = False
    seed: int = 0


# Every family, every policy, and a model that is asked about every frame and only where much changes.
CASES = [
    Case(miniature_vlm.make_smolvlm, 'probe', every_frame=False, is_still=True, seed=2),
    Case(miniature_vlm.make_onevision, 'scores'),
    Case(miniature_vlm.make_internvl, 'probe'),
]
CHANGE = Case(miniature_vlm.make_smolvlm, 'change', is_still=True)


def vlm_packs(folder: Path, quantisations: list[str], cases: Sequence[Case] = CASES) -> list[Path]:
    """The same of general families."""
    packs = []
    for case in cases:
        torch.manual_seed(case.seed)
        source = vlm.load(case.make(folder))
        policy = source.policy(case.policy, every_frame=case.every_frame)
        steps, threshold = miniature_vlm.clip(is_still=case.is_still), miniature_vlm.THRESHOLD
        packs += vlm.convert(source, folder / 'packs', quantisations, licence='MIT', master='f32', vision_precision='f32', policy=policy, steps=steps, threshold=threshold)
    return packs


def main() -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        for pack in (*miniature_packs(Path(folder), MiniatureConfig(), ['f32']), *vlm_packs(Path(folder), ['f32'])):
            target = FIXTURES / pack.name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(pack, target)
            print(f'{target}: {sum(file.stat().st_size for file in target.iterdir()) / 1e6:.1f} MB')


if __name__ == '__main__':
    main()
