"""The reader's crop rule, its drawn lines, its decoding and its network's shapes.

With CODEALONG_REWRITE_GOLDEN=1 the crop fixture shared with the daemon's tests is written anew.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from random import Random

import numpy as np
import onnxruntime
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont

from config import ReaderTrainConfig
from reader.line_crop import Box, CropConfig, crop_line, luma, scale_of
from reader.line_damage import through_h264
from reader.line_text import ALPHABET, ICON, LineText
from reader.lines import CLASSES, LineConfig, LineMaker, Sample, _label
from reader.recogniser import FRAMES_PER_STEP, PACKED, STEP, Reader, collate, decode, edits, manifest_section
from screen import fonts

GOLDEN = Path(__file__).parent.parent / 'golden' / 'readerCrop.json'
REPOSITORY = Path(__file__).parent.parent.parent


has_fonts = {font.split for font in fonts.installed()} == {'train', 'test'}
needs_fonts = pytest.mark.skipif(not has_fonts, reason='the font packages of models/screen/fonts.json are not installed')


@pytest.fixture(scope='module')
def text() -> LineText:
    return LineText('test', REPOSITORY, max_files=200)


def fixture_picture() -> np.ndarray:
    """A few strokes and a ramp, drawn by arithmetic so that it needs no font."""
    y, x = np.mgrid[0:40, 0:90]
    paper = 30 + (x // 30) * 12
    ink = ((x % 7 < 2) & (y > 10) & (y < 26)) | ((y == 18) & (x % 11 < 6))
    red = np.where(ink, 220 - y, paper)
    return np.stack([red, np.where(ink, 180, paper), np.where(ink, 90 + x, paper + 5)], axis=-1).astype(np.uint8)


BOXES = (Box(8, 11, 60, 15), Box(0, 2.5, 40, 31), Box(70, 9, 20, 20), Box(20, 12, 9, 7.25))


def packed(values: np.ndarray) -> str:
    """-1..1 in 255 steps, base64."""
    return base64.b64encode(np.round((values + 1) * 127.5).astype(np.uint8).tobytes()).decode()


def test_crop_is_the_fixture_that_the_daemon_reproduces() -> None:
    gray, config = luma(fixture_picture()), CropConfig()
    crops = [crop_line(gray, box, config) for box in BOXES]
    if os.environ.get('CODEALONG_REWRITE_GOLDEN'):
        cases = [{'box': [b.x, b.y, b.width, b.height], 'width': c.shape[1], 'crop': packed(c)} for b, c in zip(BOXES, crops, strict=True)]
        about = 'Line crops, (value + 1) * 127.5 as bytes; written by test/models/test_reader.py'
        pixels = base64.b64encode(gray.tobytes()).decode()
        golden = {'about': about, 'manifest': manifest_section(), 'width': 90, 'height': 40, 'luma': pixels, 'cases': cases}
        GOLDEN.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + '\n')
    stored = json.loads(GOLDEN.read_text())
    assert base64.b64decode(stored['luma']) == gray.tobytes()
    for case, crop in zip(stored['cases'], crops, strict=True):
        kept = np.frombuffer(base64.b64decode(case['crop']), dtype=np.uint8).reshape(32, case['width']) / 127.5 - 1
        np.testing.assert_allclose(crop, kept, atol=0.009)  # one step of the packing
    assert stored['manifest'] == json.loads(json.dumps(manifest_section()))


def test_luma_is_that_of_pillow() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    np.testing.assert_array_equal(luma(rgb), np.asarray(Image.fromarray(rgb).convert('L')))


@pytest.mark.parametrize(('paper', 'ink'), [(20, 220), (250, 30), (120, 100)])
def test_normalised_ink_is_positive_on_any_theme(paper: int, ink: int) -> None:
    gray = np.full((30, 100), paper, dtype=np.uint8)
    gray[8:22, 20:80:9] = ink
    crop = crop_line(gray, Box(18, 7, 64, 16), CropConfig())
    assert crop.max() > 0.9
    assert abs(np.median(crop)) < 0.05


@needs_fonts
def test_centres_lie_on_their_characters(text: LineText) -> None:
    maker = LineMaker('train', text, CropConfig(), LineConfig())
    rng = Random(4)
    inside = total = 0
    for _ in range(40):
        sample = maker.sample(rng)
        assert len(sample.centres) == len(sample.text)
        assert '  ' not in sample.text
        assert set(sample.text) <= set(ALPHABET)
        assert sample.crop.shape[0] == 32
        assert sample.crop.shape[1] % maker.crop.stride == 0
        ink = np.abs(sample.crop).max(0)
        for sign, centre in zip(sample.text, sample.centres, strict=True):
            if sign.isalnum() and 0 <= centre < len(ink):
                total += 1
                inside += bool(ink[max(0, int(centre) - 8) : int(centre) + 9].max() > 0.2)
    assert inside / total > 0.97


@needs_fonts
def test_lines_are_the_same_for_the_same_seed(text: LineText) -> None:
    maker = LineMaker('train', text, CropConfig(), LineConfig())
    a, b = maker.sample(Random(7)), maker.sample(Random(7))
    assert a.text == b.text
    np.testing.assert_array_equal(a.crop, b.crop)


@needs_fonts
def test_splits_share_neither_fonts_nor_texts(text: LineText) -> None:
    train, test = (LineMaker(split, text, CropConfig(), LineConfig()) for split in ('train', 'test'))
    assert not {f for family in train.mono + train.ui for f in family} & {f for family in test.mono + test.ui for f in family}
    other = LineText('train', REPOSITORY, max_files=200)
    shared = set(filter(lambda line: len(line) > 40, text.code_lines)) & set(other.code_lines)
    assert len(shared) < 0.1 * len(text.code_lines)


@needs_fonts
def test_every_kind_of_line_is_drawn_also_through_a_video(text: LineText) -> None:
    maker = LineMaker('test', text, CropConfig(), LineConfig(h264_share=1.0))
    for kind in ('code', 'terminal', 'interface', 'slide'):
        samples = maker.samples(Random(3), 12, kind)
        assert len(samples) == 12
        assert sum(bool(sample.text) for sample in samples) >= 10
        assert all(ICON not in sample.text and sample.crop.std() > 0.02 for sample in samples)


def test_pictograms_are_read_as_nothing_and_gaps_as_one_space() -> None:
    drawn = f'{ICON} main.go   2 {ICON}'
    text, centres = _label(drawn, [float(n) for n in range(len(drawn))])
    assert text == 'main.go 2'
    assert centres == [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0]


def test_video_pictures_come_back_in_order_and_in_place() -> None:
    pictures = [Image.new('RGB', (1000 + 20 * n, 40 + n), (40 * n, 250 - 40 * n, 90)) for n in range(6)]
    for before, after in zip(pictures, through_h264(Random(1), pictures), strict=True):
        assert after.shape == (before.height, before.width, 3)
        assert np.abs(after[4:-4, 4:-4].astype(int) - np.asarray(before)[4:-4, 4:-4]).mean() < 12


def test_listed_families_are_free_and_pinned() -> None:
    families = fonts.families()
    assert {family['licence'] for family in families} <= fonts.FREE_LICENCES
    assert all(family['styles'] and family['version'].count('.') == 2 for family in families)
    assert len({family['package'] for family in families}) == len(families)


def test_collate_pads_with_paper_and_places_labels() -> None:
    narrow = Sample(np.ones((32, 16), dtype=np.float32), 'a', [9.0])
    wide = Sample(np.ones((32, 32), dtype=np.float32), 'b c', [2.0, 10.0, 30.0])
    batch = collate([narrow, wide], 4)
    assert batch.lines.shape == (2, 1, 32, 32)
    assert batch.lines[0, 0, :, 16:].abs().max() == 0
    assert batch.centres[0].nonzero().flatten().tolist() == [2]
    assert batch.centres[1, 7] == CLASSES['c']
    assert batch.frames.tolist() == [4, 8]
    odd = collate([Sample(np.ones((32, 18), dtype=np.float32), 'a', [9.0])], 2)
    assert odd.lines.shape[3] % STEP == 0
    assert odd.frames.tolist() == [9]
    assert batch.targets.tolist() == [CLASSES[c] for c in 'ab c']


def test_decoding_collapses_repeats_and_keeps_doubles() -> None:
    best = [0, CLASSES['l'], CLASSES['l'], 0, CLASSES['l'], CLASSES['o'], 0]
    probabilities = np.full((len(best), len(ALPHABET) + 1), 0.001, dtype=np.float32)
    probabilities[range(len(best)), best] = 0.9
    text, confidence = decode(probabilities)
    assert text == 'llo'
    assert confidence == pytest.approx(0.9)
    assert edits('llo', 'lo') == 1


def test_network_gives_a_class_per_stride_whatever_the_width() -> None:
    reader = Reader(ReaderTrainConfig(), len(ALPHABET) + 1).eval()
    assert sum(p.numel() for p in reader.parameters()) <= 1_100_000
    assert CropConfig().stride * FRAMES_PER_STEP == STEP
    for width in (16, 64, 500):
        assert reader(torch.zeros(2, 1, 32, width)).shape == (2, len(ALPHABET) + 1, width // 2)


def test_manifest_section_names_every_number_of_the_crop() -> None:
    section = manifest_section()
    assert section['alphabet'] == ALPHABET
    assert {'height', 'stride', 'widthFactor', 'padX', 'padY', 'minConfidence', 'stableFrames', 'segmenter'} <= set(section)


@pytest.mark.skipif(not PACKED.exists(), reason='the reader is not exported yet')
def test_shipped_reader_reads_a_plain_line() -> None:
    font_file = next((f for f in ('dejavu/DejaVuSansMono.ttf',) if Path(f'/usr/share/fonts/truetype/{f}').exists()), None)
    if font_file is None:
        pytest.skip('DejaVu Sans Mono is not installed')
    line = 'for index, value in enumerate(items):'
    font = ImageFont.truetype(f'/usr/share/fonts/truetype/{font_file}', 16)
    picture = Image.new('RGB', (500, 40), (30, 30, 30))
    ImageDraw.Draw(picture).text((20, 10), line, font=font, fill=(212, 212, 212))
    left, top, right, bottom = font.getbbox(line)
    box = Box(20 + left, 10 + top, right - left, bottom - top)
    crop = crop_line(luma(np.asarray(picture)), box, CropConfig())
    session = onnxruntime.InferenceSession(PACKED)
    (probabilities,) = session.run(None, {'lines': crop[None, None]})
    assert PACKED.stat().st_size <= 3.5 * 2**20
    assert edits(decode(probabilities[0])[0], line) <= 1
    assert scale_of(box, CropConfig()) > 0
