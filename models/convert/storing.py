"""From one converted checkpoint to packs: the decoder stored in every wanted quantisation, all else shared."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from convert.node import quantize
from convert.reference import Shown, Step
from onnx_files import file_entry

FILES = {'decoder': 'decoder.gguf', 'vision': 'vision.onnx', 'parity': 'parity.json', 'parityData': 'parity.bin'}


def store(work: Path, packs: Path, name: str, quantisations: Sequence[str], master: str) -> Iterator[tuple[str, Path]]:
    """Every quantisation with its folder, which holds all but the manifest. `work` has the decoder in `master` and the other files; it goes at the end."""
    for quantisation in quantisations:
        pack = packs / f'{name}-{quantisation}'
        pack.mkdir(exist_ok=True)
        if quantisation == master:
            shutil.copyfile(work / FILES['decoder'], pack / FILES['decoder'])
        else:
            quantize(work / FILES['decoder'], pack / FILES['decoder'], quantisation)
        for file in work.iterdir():
            if file.name != FILES['decoder']:
                (pack / file.name).unlink(missing_ok=True)
                os.link(file, pack / file.name)
        yield quantisation, pack
    shutil.rmtree(work)


def files_of(pack: Path) -> dict[str, Any]:
    """The manifest's section: size and hash of every file that is there."""
    return {name: file_entry(pack / file) for name, file in FILES.items() if (pack / file).exists()}


def write_manifest(pack: Path, manifest: dict[str, Any]) -> None:
    (pack / 'manifest.json').write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + '\n')


def pictures_in(folder: Path) -> list[Step]:
    """Pictures in the order of their names, as frames."""
    return [Shown(np.asarray(Image.open(file).convert('RGB'))) for file in sorted(folder.iterdir()) if file.suffix.lower() in ('.png', '.jpg', '.jpeg')]
