"""Published checkpoints become packs that compute the same: parts of the conversion, and the whole of it on a miniature, through the daemon's engine."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import jsonschema
import numpy as np
import pytest
import torch

pytest.importorskip("peft", reason="the libraries of the published checkpoints are not installed")

import onnxruntime
import peft
from tokenizers import Tokenizer
from transformers import (
    InternVLConfig,
    InternVLForConditionalGeneration,
    InternVLVisionConfig,
    LlamaForCausalLM,
    Qwen2Config,
)

from config import ROOT
from convert import published
from convert.calibrate import calibrated_threshold
from convert.checkpoint import Checkpoint, read_config
from convert.families import FAMILIES, family_of
from convert.fixtures import CASES, CHANGE, FIXTURES, miniature_packs, vlm_packs
from convert.gguf_decoder import reorder, rope_base
from convert.gguf_tokenizer import pre_tokenizer_of, read_vocabulary
from convert.lora import MergedCheckpoint, scale_of
from convert.miniature import MiniatureConfig, make, make_tokenizer
from convert.node import measure
from convert.picture import GOLDEN, golden
from convert.policies import KINDS, policy_of, questions_of
from convert.siglip import write_onnx
from convert.videollm import Sources, check_base, load_unmerged, token_ids

SCHEMA = json.loads((ROOT / "manifest.schema.json").read_text())
UNTRAINED = MiniatureConfig(width=32, layers=1, heads=2, kv_heads=1, steps=1, vision_layers=1)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    folder = tmp_path_factory.mktemp("miniature")
    make(folder, UNTRAINED)
    return Sources(folder / "base", folder / "adapter", folder / "vision")


@pytest.fixture(scope="module")
def merged(sources: Sources) -> MergedCheckpoint:
    return MergedCheckpoint(Checkpoint(sources.base), sources.adapter)


def test_merging_is_what_peft_merges(sources: Sources, merged: MergedCheckpoint) -> None:
    model = load_unmerged(sources)
    assert isinstance(model, peft.PeftModel)
    whole = model.merge_and_unload().state_dict()
    base = Checkpoint(sources.base)
    changed = set()
    for name in base.names:
        torch.testing.assert_close(merged.tensor(name), whole[name], rtol=0, atol=1e-6)
        if not torch.equal(merged.tensor(name), base.tensor(name)):
            changed.add(name.split(".")[-2])
    assert changed == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "lm_head"}


def test_the_adapter_has_the_published_keys(sources: Sources) -> None:
    names = Checkpoint(sources.adapter, "adapter_model").names
    assert {name for name in names if "layers" not in name} == {
        *(f"base_model.model.connector.{layer}.{kind}" for layer in (0, 2) for kind in ("weight", "bias")),
        *(f"base_model.model.lm_head.{kind}.weight" for kind in ("lora_A", "lora_B", "base_layer")),
    }
    assert "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight" in names


def test_another_base_is_refused(sources: Sources, tmp_path: Path) -> None:
    make(tmp_path, MiniatureConfig(width=64, layers=1, heads=2, kv_heads=1, steps=1, vision_layers=1))
    other = MergedCheckpoint(Checkpoint(tmp_path / "base"), sources.adapter)
    with pytest.raises(AssertionError, match="another base"):
        other.tensor("model.layers.0.self_attn.q_proj.weight")
    ids = token_ids(Tokenizer.from_file(str(sources.base / "tokenizer.json")))
    with pytest.raises(AssertionError, match="not that of Meta-Llama-3"):
        check_base({"model_type": "llama", "vocab_size": published.LLAMA3_VOCABULARY}, ids)
    with pytest.raises(AssertionError, match="mistral"):
        check_base({"model_type": "mistral"}, ids)


@pytest.mark.parametrize("form", [{"use_dora": True}, {"rank_pattern": {"a": 4}}, {"bias": "all"}, {"fan_in_fan_out": True}])
def test_other_forms_of_lora_are_refused(form: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="merged otherwise"):
        scale_of({"r": 8, "lora_alpha": 16, **form})


def test_the_scale_of_an_adapter() -> None:
    assert scale_of({"r": 128, "lora_alpha": 256}) == 2.0
    assert scale_of({"r": 16, "lora_alpha": 16, "use_rslora": True}) == 4.0


def test_stretched_positions_are_refused() -> None:
    assert rope_base({"rope_theta": 500000.0}) == 500000.0
    assert rope_base({"rope_parameters": {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 1000000.0}}) == 1000000.0
    with pytest.raises(AssertionError, match="llama3"):
        rope_base({"rope_theta": 500000.0, "rope_scaling": {"rope_type": "llama3", "factor": 8.0}})


def test_rows_of_a_head_are_put_in_pairs() -> None:
    rows = torch.arange(8.0).view(8, 1).repeat(1, 3)
    assert reorder(rows, 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]
    assert reorder(torch.arange(8.0), 2).tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


def test_the_placeholder_has_no_place_in_the_vocabulary(sources: Sources, merged: MergedCheckpoint) -> None:
    size = merged.shape("lm_head.weight")[0]
    assert published.PLACEHOLDER in json.loads((sources.tokenizer / "tokenizer.json").read_text())["added_tokens"][-1]["content"]
    vocabulary = read_vocabulary(sources.tokenizer, size, bos=published.BEGIN, eos=published.END)
    assert len(vocabulary.tokens) == size and published.PLACEHOLDER not in vocabulary.tokens
    assert vocabulary.pre_tokenizer == "llama-bpe"
    assert vocabulary.kinds[vocabulary.eos] == gguf.TokenType.CONTROL


def test_a_tokenizer_that_splits_otherwise_is_refused() -> None:
    stored = json.loads(make_tokenizer(420).to_str())
    stored["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = r"\w+|\s+"
    for split in (stored["pre_tokenizer"], None):
        with pytest.raises(AssertionError, match=r"has no name in llama\.cpp"):
            pre_tokenizer_of({"pre_tokenizer": split})


def test_a_threshold_keeps_the_decisions() -> None:
    reference = [0.1, 0.6, 0.7, 0.8, 0.9]
    assert calibrated_threshold(reference, reference, 0.725) == 0.725
    lower = [value - 0.2 for value in reference]
    threshold = calibrated_threshold(reference, lower, 0.725)
    assert [value < threshold for value in lower] == [value < 0.725 for value in reference]
    assert threshold == pytest.approx(0.55)


def test_pictures_of_the_golden_file_are_those_of_pillow() -> None:
    assert json.loads(GOLDEN.read_text()) == golden()


@pytest.mark.parametrize("name", ["videollm", "smolvlm", "onevision", "internvl"])
def test_the_fixtures_of_the_daemon_fit_the_schema(name: str) -> None:
    jsonschema.validate(json.loads((FIXTURES / f"{name}-miniature-f32" / "manifest.json").read_text()), SCHEMA)


@pytest.mark.parametrize("text", [{"rope_parameters": {"rope_type": "default", "mrope_section": [16, 24, 24]}}, {"rope_scaling": {"type": "mrope"}}])
def test_positions_in_several_planes_are_refused_with_the_reason(text: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="M-RoPE"):
        family_of({"model_type": "qwen2_5_vl", "text_config": text})


def test_other_models_are_refused_with_what_is_not_known() -> None:
    with pytest.raises(AssertionError, match="is not converted; smolvlm, llava_onevision, internvl are"):
        family_of({"model_type": "internvl_chat"})
    with pytest.raises(AssertionError, match="internlm2 is not converted; llama, qwen2 are"):
        family_of({"model_type": "internvl", "text_config": {"model_type": "internlm2"}})


def test_a_family_has_every_seam() -> None:
    for family in FAMILIES.values():
        assert set(family.seams) == set(published.SEAMS)


# Largest and mean difference of a probability of silence; random weights feel each rounding far more than trained ones do.
TOLERANCES = {"f32": (0.005, 0.002), "q8_0": (0.1, 0.03), "q4_K_M": (0.5, 0.15)}


@dataclass(frozen=True)
class Measured:
    """A pack, and how the daemon's own path compares with its reference."""

    folder: Path
    report: dict[str, Any]

    @property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.folder / "manifest.json").read_text())
        return manifest


def measured(packs: list[Path]) -> list[Measured]:
    """All in one engine: starting it takes longer than a miniature does."""
    return [Measured(*each) for each in zip(packs, measure(packs), strict=True)]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Measured]:
    """256 is the narrowest width that llama.cpp stores as q4_K_M."""
    folder = tmp_path_factory.mktemp("packs")
    made = miniature_packs(folder, MiniatureConfig(width=256, steps=60), list(TOLERANCES))
    return dict(zip(TOLERANCES, measured(made), strict=True))


@pytest.mark.parametrize("quantisation", TOLERANCES)
def test_a_converted_pack_does_in_the_daemon_what_the_published_loop_does(packs: dict[str, Measured], quantisation: str) -> None:
    manifest, report = packs[quantisation].manifest, packs[quantisation].report
    jsonschema.validate(manifest, SCHEMA)
    assert manifest["decoder"]["quantisation"] == quantisation
    largest, mean = TOLERANCES[quantisation]
    assert report["rows"] < 1e-3
    assert report["probability"] < largest and report["meanProbability"] < mean
    assert report["sameLengths"] == report["steps"]
    assert report["sameDecisions"] >= report["frames"] - (0 if quantisation == "f32" else 2)
    assert report["replies"] >= 10
    assert report["sameReplies"] >= (report["replies"] if quantisation == "f32" else 0.6 * report["replies"])


def test_what_is_stored_is_quantised_but_for_what_decides(packs: dict[str, Measured]) -> None:
    types = {tensor.name: tensor.tensor_type.name for tensor in gguf.GGUFReader(packs["q4_K_M"].folder / "decoder.gguf").tensors}
    assert types["blk.0.attn_q.weight"] == "Q4_K"
    assert types["output.weight"] == "Q6_K" and types["token_embd.weight"] == "Q8_0"
    stored = {tensor.name: tensor for tensor in gguf.GGUFReader(packs["f32"].folder / "decoder.gguf").tensors}
    assert {tensor.tensor_type.name for tensor in stored.values()} == {"F32"}
    assert np.isfinite(np.asarray(stored["output.weight"].data)).all()


def test_the_miniature_is_a_model_of_transformers(sources: Sources) -> None:
    config = read_config(sources.base)
    assert config["architectures"] == ["LlamaForCausalLM"]
    assert LlamaForCausalLM.from_pretrained(sources.base).config.tie_word_embeddings is False


GENERAL = [(case, quantisation) for case in CASES for quantisation in ("f32", "q8_0")] + [(CHANGE, "f32")]


@pytest.fixture(scope="module")
def general(tmp_path_factory: pytest.TempPathFactory) -> list[Measured]:
    folder = tmp_path_factory.mktemp("general")
    return measured([*vlm_packs(folder, ["f32", "q8_0"]), *vlm_packs(folder / "change", ["f32"], [CHANGE])])


@pytest.mark.parametrize("index", range(len(GENERAL)), ids=[f"{case.make.__name__}-{case.policy}-{quantisation}" for case, quantisation in GENERAL])
def test_general_models_do_in_the_daemon_what_they_do_in_transformers(general: list[Measured], index: int) -> None:
    case, quantisation = GENERAL[index]
    manifest, report = general[index].manifest, general[index].report
    jsonschema.validate(manifest, SCHEMA)
    assert manifest["stream"]["policy"]["kind"] == case.policy
    assert manifest["decoder"]["quantisation"] == quantisation
    is_exact = quantisation == "f32"
    assert report["rows"] < 1e-3
    assert report["probability"] < (0.005 if is_exact else 0.06)
    assert report["sameLengths"] == report["steps"]
    assert report["replies"] >= 5
    assert report["sameReplies"] == report["replies"] or not is_exact


def test_policies_are_those_of_the_schema() -> None:
    schema = {**SCHEMA["properties"]["stream"]["properties"]["policy"], "$defs": SCHEMA["$defs"]}
    for family in FAMILIES.values():
        for kind in KINDS:
            for every_frame in (False, True):
                policy = policy_of(kind, family, ["Yes"], ["No"], every_frame=every_frame)
                jsonschema.validate(policy, schema)
                assert ("rowChange" in policy) == (kind == "change" or not every_frame)
                assert all(family.end in question for question in questions_of(policy))
    with pytest.raises(AssertionError, match="policy always is not known; probe, change, scores are"):
        policy_of("always", FAMILIES["smolvlm"], ["Yes"], ["No"])


def test_a_whole_frame_of_internvl_is_one_tile_of_256_rows(tmp_path: Path) -> None:
    """The published size, with weights as narrow as they can be."""
    vision = InternVLVisionConfig(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
    text = Qwen2Config(vocab_size=32, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, num_key_value_heads=1, pad_token_id=None)
    config = InternVLConfig(vision_config=vision.to_dict(), text_config=text.to_dict(), image_token_id=0)
    model = InternVLForConditionalGeneration._from_config(config, attn_implementation="eager").eval()
    family = FAMILIES["internvl"]
    pixels = torch.randn(2, 3, 448, 448)
    with torch.no_grad():
        expected = family.features(model, pixels)
        rows = family.rows(model).eval()
        torch.testing.assert_close(rows(pixels), expected, rtol=0, atol=1e-5)
    assert expected.shape == (2, 256, 8)
    write_onnx(rows, tmp_path / "vision.onnx", 448, 448)
    session = onnxruntime.InferenceSession(tmp_path / "vision.onnx")
    torch.testing.assert_close(torch.from_numpy(session.run(None, {"pixels": pixels.numpy()})[0]), expected, rtol=0, atol=1e-5)
