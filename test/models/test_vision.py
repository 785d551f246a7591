"""The encoder, its pictures and its feature store."""

import pickle
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from config import VisionConfig
from screen.render import Painter
from training.features import encode_session, load_features
from vision.encoder import VisionEncoder, batch, picture_of, samples
from vision.labels import ATTRIBUTES
from world import simulation


@pytest.fixture(scope='module')
def encoder() -> VisionEncoder:
    torch.manual_seed(0)
    return VisionEncoder().eval()


def test_shapes_and_size(encoder: VisionEncoder) -> None:
    config = encoder.config
    rows = encoder(torch.randn(2, 3, config.height, config.width))
    assert rows.shape == (2, config.frame_tokens, config.feature_width)
    assert 0.8e6 < sum(p.numel() for p in encoder.parameters()) < 1.8e6


def test_a_picture_does_not_depend_on_its_batch(encoder: VisionEncoder) -> None:
    pixels = torch.randn(4, 3, 144, 256)
    with torch.no_grad():
        assert torch.allclose(encoder(pixels)[1:2], encoder(pixels[1:2]), atol=1e-4)


def test_fused_norms_change_nothing(encoder: VisionEncoder) -> None:
    trained = VisionEncoder()
    trained.train()
    for _ in range(3):
        trained(torch.randn(4, 3, 144, 256))  # moves the running statistics away from their start
    trained.eval()
    pixels = torch.randn(2, 3, 144, 256)
    with torch.no_grad():
        assert torch.allclose(trained(pixels), trained.fused()(pixels), atol=1e-3)


@pytest.mark.parametrize(('size', 'bars'), [((1280, 720), 0), ((1024, 768), 32), ((640, 360), 0)])
def test_pictures_are_area_averages_on_black(size: tuple[int, int], bars: int) -> None:
    image = Image.new('RGB', size, (200, 100, 50))
    picture = picture_of(image, VisionConfig())
    assert picture.shape == (144, 256, 3)
    assert (picture[:, :bars] == 0).all()
    assert (picture[:, bars : 256 - bars] == (200, 100, 50)).all()


def test_area_average_is_exact() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    expected = image.reshape(144, 5, 256, 5, 3).mean((1, 3))
    assert np.abs(picture_of(Image.fromarray(image), VisionConfig()) - expected).max() <= 1


def test_samples_have_labels() -> None:
    source = samples(VisionConfig(), 3, 'train', False, 4, 0.5)
    pictures, labels = batch(source, 8)
    assert pictures.shape == (8, 144, 256, 3) and pictures.dtype == torch.uint8
    assert set(labels) == set(ATTRIBUTES)


def test_feature_store(encoder: VisionEncoder, tmp_path: Path) -> None:
    session = simulation.make_session(1, 'train', 12, 14)
    index, rows = encode_session(encoder, session)
    assert len(index) == len(session.frames) and rows.dtype == np.float16
    (tmp_path / 'train-00000.pkl').write_bytes(pickle.dumps([(session, index, rows)]))
    ((loaded, features),) = load_features(tmp_path)
    assert loaded.turns == session.turns
    assert features.shape == (len(session.frames), 4, 192)
    picture = picture_of(Painter(session.style).draw(session.frames[-1]), encoder.config)
    with torch.no_grad():
        expected = encoder(encoder.normalise(torch.from_numpy(picture)[None]))[0]
    assert torch.allclose(features[-1].float(), expected, atol=2e-2)
    ((redressed, _),) = load_features(tmp_path, random.Random(3))
    assert redressed.frames == session.frames
