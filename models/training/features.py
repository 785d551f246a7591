"""The feature store: painted sessions with the encoder's rows, for training and measuring the decoder on real rows.

    python -m training.features --sessions 3000                                   # .runs/features; resumes
    python -m training.features --sessions 60 --split test --folder .runs/features-test
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from config import PACK, RUNS, DecoderTrainConfig, VisionTrainConfig
from pack.read import load_vision
from screen.render import Painter
from screen.view import View
from text.vocabulary import Split
from vision.encoder import VisionEncoder, load_encoder, picture_of
from world import simulation
from world.session import Session

FEATURE_SEED = 10_000_000  # feature stores use session seeds from here on


@torch.no_grad()
def write_features(encoder: VisionEncoder, sessions: int, folder: Path, split: Split = 'train', shard: int = 50) -> None:
    """Paints `sessions` sessions and encodes them with a fused encoder into `folder`, one file per `shard`; files that exist are kept, so it can be stopped and resumed.

    Each file is a pickled list of (Session, index, rows): `rows` float16 (distinct frames, frame_tokens, feature_width) and `index` int16 (frames,), so that
    rows[index] are the features of every frame. The sessions ride along, so a later change of the generator does not spoil a store.
    """
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    encoder = encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    rng = random.Random(FEATURE_SEED)
    lengths = [rng.choice((20, 30, 50, 80, 110)) for _ in range(sessions)]
    for first in range(0, sessions, shard):
        path = folder / f'{split}-{first:05d}.pkl'
        if path.exists():
            continue
        stored = []
        for offset, frames in enumerate(lengths[first : first + shard]):
            session = simulation.make_session(FEATURE_SEED + first + offset, split, frames, frames + frames // 4)
            if split == 'train':
                session = simulation.partly_shown(session, random.Random(f'part-{session.seed}'), DecoderTrainConfig.part_fraction)
            stored.append((session, *encode_session(encoder, session)))
        temporary = path.with_suffix('.tmp')
        temporary.write_bytes(pickle.dumps(stored))
        temporary.replace(path)
        print(f'{path.name}  {time.process_time():.0f} CPU s', flush=True)


@torch.no_grad()
def encode_session(encoder: VisionEncoder, session: Session, size: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """(index, rows) of a session: rows of its distinct pictures, and which of them each frame shows."""
    painter = Painter(session.style)
    places: dict[View, int] = {}
    index = np.array([places.setdefault(view, len(places)) for view in session.frames], np.int16)
    pictures = [picture_of(painter.draw(view), encoder.config) for view in places]
    rows = [encoder(encoder.normalise(torch.from_numpy(np.stack(pictures[i : i + size])))) for i in range(0, len(pictures), size)]
    return index, torch.cat(rows).numpy().astype(np.float16)


def load_features(path: Path, rng: random.Random | None = None) -> Iterator[tuple[Session, Tensor]]:
    """(session, features float16 (frames, frame_tokens, feature_width)) of every stored session, file by file.

    With an `rng` the files come in random order and each session gets a fresh conversation (`simulation.with_dialogue`), so a store can be used many times.
    """
    files = sorted(path.glob('*.pkl'))
    if rng is not None:
        rng.shuffle(files)
    for file in files:
        for session, index, rows in pickle.loads(file.read_bytes()):
            features = torch.from_numpy(rows)[torch.from_numpy(index.astype(np.int64))]
            yield (simulation.with_dialogue(session, rng) if rng is not None else session), features


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--sessions', type=int, default=3000)
    parser.add_argument('--split', choices=('train', 'test'), default='train')
    parser.add_argument('--folder', type=Path, default=RUNS / 'features')
    parser.add_argument('--name', default=VisionTrainConfig.name, help='of the run that trained the encoder; without one, the encoder of the pack')
    options = parser.parse_args()
    trained = RUNS / options.name / 'checkpoint.pt'
    encoder = load_encoder(trained).fused() if trained.exists() else load_vision(PACK)
    write_features(encoder, options.sessions, options.folder, options.split)


if __name__ == '__main__':
    main()
