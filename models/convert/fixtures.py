"""The miniature packs of test/fixtures, which the tests of the daemon run without Python.

Usage: python -m convert.fixtures
"""

from __future__ import annotations

import shutil
import tempfile
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


def vlm_packs(folder: Path, quantisations: list[str]) -> list[Path]:
    """The same of both general families."""
    torch.manual_seed(0)
    packs = []
    for make_one in (miniature_vlm.make_smolvlm, miniature_vlm.make_onevision):
        source = vlm.load(make_one(folder))
        steps, threshold = miniature_vlm.clip(), miniature_vlm.THRESHOLD
        packs += vlm.convert(source, folder / 'packs', quantisations, licence='MIT', master='f32', vision_precision='f32', steps=steps, threshold=threshold)
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
