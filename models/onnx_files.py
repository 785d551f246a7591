"""ONNX files of a pack: with their weights in half precision, and what the manifest says of them."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def halve(model: onnx.ModelProto) -> onnx.ModelProto:
    """Stores large weights as float16 with a cast in front; the runtime folds the cast when it loads the file."""
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or math.prod(weight.dims) < 64:
            continue
        name = weight.name
        half = numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f'{name}.half')
        weight.CopyFrom(half)
        casts.append(helper.make_node('Cast', [half.name], [name], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)
    onnx.checker.check_model(model)
    return model


def file_entry(path: Path) -> dict[str, Any]:
    with path.open('rb') as file:
        sha256 = hashlib.file_digest(file, 'sha256').hexdigest()
    return {'path': path.name, 'sha256': sha256, 'bytes': path.stat().st_size}


def ship(raw: Path, pack: Path, name: str, section: dict[str, Any]) -> None:
    """Puts a network into a pack as NAME.onnx with halved weights, and writes its section of the manifest, where there is one already."""
    packed, manifest_path = pack / f'{name}.onnx', pack / 'manifest.json'
    pack.mkdir(exist_ok=True)
    onnx.save(halve(onnx.load(raw)), packed)
    if manifest_path.exists():
        manifest = json.loads(manifest_path.read_text())
        manifest['files'][name], manifest[name] = file_entry(packed), section
        manifest_path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + '\n')
