"""What is exported is what PyTorch computes: weights, tokenizer, ONNX rows, manifest, parity fixture."""

import json
from dataclasses import replace
from pathlib import Path

import gguf
import jsonschema
import numpy as np
import onnxruntime
import pytest
import torch

from blob import Blob
from config import PACK, ROOT, DecoderConfig, VisionConfig
from decoder.network import Decoder, start_with_induction
from decoder.streaming import Runner
from decoder.template import Event
from decoder.tokenizer import Tokenizer
from onnx_files import file_entry
from pack.export import MeanRows, PictureToRows, store_precision, tensors_of, write_gguf, write_vision
from pack.parity import MAGIC
from pack.read import load_pack, load_vision
from screen.view import ScreenLine
from vision.encoder import VisionEncoder

SCHEMA = json.loads((ROOT / "manifest.schema.json").read_text())


def decoder() -> Decoder:
    torch.manual_seed(0)
    model = Decoder(DecoderConfig())
    start_with_induction(model)
    return model.eval()


def test_gguf_holds_weights_and_tokenizer(tmp_path: Path) -> None:
    model, tokenizer = decoder(), Tokenizer.load()
    store_precision(model)
    write_gguf(model, tokenizer, tmp_path / "decoder.gguf")
    reader = gguf.GGUFReader(tmp_path / "decoder.gguf")
    expected = tensors_of(model)
    assert {tensor.name for tensor in reader.tensors} == set(expected)
    for tensor in reader.tensors:
        stored = np.asarray(tensor.data, dtype=np.float32).reshape(
            expected[tensor.name].shape
        )
        np.testing.assert_array_equal(
            stored, expected[tensor.name].numpy(), err_msg=tensor.name
        )
    tokens = reader.get_field("tokenizer.ggml.tokens")
    assert tokens is not None
    assert tokens.contents() == tokenizer.vocabulary
    merges = reader.get_field("tokenizer.ggml.merges")
    assert merges is not None
    assert len(merges.contents()) == len(tokenizer.ordinary) - 256
    kinds = reader.get_field("tokenizer.ggml.token_type")
    assert kinds is not None
    marked = [i for i, kind in enumerate(kinds.contents()) if kind == gguf.TokenType.CONTROL]
    assert marked == [i for i in range(len(tokenizer)) if i not in tokenizer.ordinary]


def test_stored_precision_is_idempotent() -> None:
    model = decoder()
    store_precision(model)
    before = model.embedding.weight.clone()
    store_precision(model)
    assert torch.equal(before, model.embedding.weight)


def test_vision_file_gives_the_rows_of_pytorch(tmp_path: Path) -> None:
    model, config = decoder(), VisionConfig()
    module = PictureToRows(VisionEncoder().eval().fused(), model.projector)
    write_vision(module, tmp_path / "vision.onnx", config.height, config.width)
    session = onnxruntime.InferenceSession(
        str(tmp_path / "vision.onnx"), providers=["CPUExecutionProvider"]
    )
    pixels = torch.randn(3, 3, config.height, config.width)
    rows = session.run(None, {"pixels": pixels.numpy()})[0]
    assert rows.shape == (3, config.frame_tokens, model.config.width)
    with torch.no_grad():
        np.testing.assert_allclose(rows, module(pixels).numpy(), atol=1e-4)


def test_ablated_vision_ignores_the_picture(tmp_path: Path) -> None:
    rows = torch.randn(4, 192)
    write_vision(MeanRows(rows), tmp_path / "vision.onnx", 144, 256)
    session = onnxruntime.InferenceSession(
        str(tmp_path / "vision.onnx"), providers=["CPUExecutionProvider"]
    )
    out = session.run(
        None, {"pixels": np.random.rand(2, 3, 144, 256).astype(np.float32)}
    )[0]
    np.testing.assert_array_equal(out, np.stack([rows.numpy()] * 2))


def test_a_pack_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    model = decoder()
    store_precision(model)
    write_gguf(model, Tokenizer.load(), tmp_path / "decoder.gguf")
    encoder = VisionEncoder().eval().fused()
    with torch.no_grad():
        for parameter in encoder.parameters():  # equal tensors would be stored once, under one of their names
            parameter.add_(0.01 * torch.randn_like(parameter))
    write_vision(PictureToRows(encoder, model.projector), tmp_path / "vision.onnx", 144, 256)
    again = load_pack(tmp_path)
    for name, parameter in model.named_parameters():
        if not name.startswith("simulator"):
            assert torch.equal(parameter, again.get_parameter(name)), name
    pixels = torch.randn(1, 3, 144, 256)
    assert torch.equal(load_vision(tmp_path)(pixels), encoder(pixels))


def test_a_pack_without_late_tokens_is_extended_at_the_end(tmp_path: Path) -> None:
    model, tokenizer = decoder(), Tokenizer.load()
    old = Decoder(replace(DecoderConfig(), vocabulary_size=tokenizer.ordinary.stop))
    with torch.no_grad():
        old.embedding.weight.copy_(model.embedding.weight[: tokenizer.ordinary.stop])
    store_precision(old)
    write_gguf(old, tokenizer, tmp_path / "decoder.gguf")
    write_vision(PictureToRows(VisionEncoder().eval().fused(), old.projector), tmp_path / "vision.onnx", 144, 256)
    again = load_pack(tmp_path).embedding.weight
    assert len(again) == len(tokenizer)
    assert torch.equal(again[: tokenizer.ordinary.stop], old.embedding.weight)
    assert float(again[tokenizer.ordinary.stop :].detach().std()) > 0.01


def test_equal_bytes_are_stored_once() -> None:
    blob = Blob()
    first = blob.add(np.zeros(8, np.uint8))
    assert blob.add(np.ones(3, np.uint8)) != first
    assert blob.add(np.zeros(8, np.uint8)) == first


@pytest.mark.skipif(
    not (PACK / "manifest.json").exists(), reason="no pack was exported yet"
)
class TestShippedPack:
    manifest: dict[str, dict[str, dict[str, object]]]

    @pytest.fixture(autouse=True)
    def read(self) -> None:
        self.manifest = json.loads((PACK / "manifest.json").read_text())

    def test_manifest_fits_the_schema_and_the_files(self) -> None:
        jsonschema.validate(self.manifest, SCHEMA)
        for entry in self.manifest["files"].values():
            assert file_entry(PACK / str(entry["path"])) == entry
        assert (
            sum(int(str(entry["bytes"])) for entry in self.manifest["files"].values())
            < 20e6
        )

    def test_parity_fixture_is_of_this_pack_and_needs_the_rows(self) -> None:
        content = json.loads((PACK / "parity.json").read_text())
        assert content["magic"] == MAGIC
        assert content["decoderSha256"] == self.manifest["files"]["decoder"]["sha256"]
        assert content["visionSha256"] == self.manifest["files"]["vision"]["sha256"]
        streams = content["streams"]
        texts = [
            [frame["lines"] for frame in streams[name]["frames"]]
            for name in ("debugging", "notDebugging")
        ]
        assert texts[0] == texts[1]
        last = [streams[name]["frames"][-1] for name in ("debugging", "notDebugging")]
        assert last[0]["picture"] != last[1]["picture"]
        assert abs(last[0]["silence"] - last[1]["silence"]) > 0.1

    def test_decoder_file_reproduces_the_fixture(self) -> None:
        """Loads the GGUF back into PyTorch and runs the narration stream on the stored rows."""
        content = json.loads((PACK / "parity.json").read_text())
        blob = (PACK / "parity.bin").read_bytes()
        model, tokenizer = load_pack(PACK).eval(), Tokenizer.load()
        runner = Runner(model, tokenizer)
        stream = content["streams"]["narration"]
        runner.template.append(Event("user", stream["instruction"]))
        count = content["rows"]["count"] * content["rows"]["width"]
        for frame in stream["frames"]:
            rows = torch.frombuffer(
                bytearray(blob), dtype=torch.float32, count=count, offset=frame["rows"]
            ).view(-1, content["rows"]["width"])
            lines = [ScreenLine(**line) for line in frame["lines"]]
            assert abs(runner.frame(lines, rows) - frame["silence"]) < 1e-3
            if "reply" in frame:
                assert runner.reply() == frame["reply"]["text"]
