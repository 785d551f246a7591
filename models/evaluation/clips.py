"""Measures a pack the way a user meets it: held-out sessions as H.264 videos, watched and asked about by the shipped program.

`python -m evaluation.evaluate clips` paints sessions of the test split in a style never trained on (1280x720, 2 pictures a second held to a 10 fps video) into a folder:
narrated ones with questions, standing requests, and minutes of nothing. `truth.json` beside them says what is due (scoring.py). Then `codealong bench quality FOLDER`
watches them in a fresh home folder and scores what comes back. With `--ablate vision` the pack is a copy whose encoder gives the mean rows for every picture, with
`--ungrounded` it speaks without grammar and nothing is withheld.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch

from config import PACK, ROOT, StreamConfig, VisionConfig
from evaluation.free_running import clip_of, sessions_of
from evaluation.metrics import write_metrics
from evaluation.truth import ClipKind, truth_json
from onnx_files import file_entry
from pack.export import MeanRows, write_vision
from screen.canvas import HEIGHT, WIDTH
from screen.render import Painter
from screen.video import h264_video
from screen.view import View
from vision.encoder import VisionEncoder, picture_of
from world.session import Session

STREAM = StreamConfig()
VIDEO_FPS = 10
QUALITY = 23  # of H.264
FIRST_SEED = 500_000  # test sessions seen by no other measurement
FRAMES = (70, 90)
QUESTIONS = 2  # of a clip
TRUTH = 'truth.json'
CLI = ('node', 'dist/cli.js')


def write_clip(session: Session, path: Path) -> None:
    """Paints every frame and encodes them with H.264, each held for its half second."""
    repeat = round(VIDEO_FPS / STREAM.frame_rate_fps)
    painter, painted, picture = Painter(session.style), None, b''
    with h264_video(path, (WIDTH, HEIGHT), VIDEO_FPS, QUALITY) as video:
        for view in session.frames:
            if view is not painted:
                painted, picture = view, painter.draw(view).convert('RGB').tobytes()
            for _ in range(repeat):
                video.write(picture)


def drawn(count: int, nothing_seconds: float) -> list[tuple[ClipKind, Session]]:
    """`count` narrated sessions, half as many with a standing request, and minutes of nothing."""
    clips: list[tuple[ClipKind, Session]] = [('session', session) for session in sessions_of('session', count, 'test', FIRST_SEED, FRAMES)]
    clips += [('standing', session) for session in sessions_of('standing', count // 2, 'test', FIRST_SEED + count, FRAMES)]
    left = nothing_seconds
    for session in sessions_of('nothing', math.ceil(nothing_seconds), 'test', FIRST_SEED):
        if left <= 0:
            break
        clips.append(('nothing', session))
        left -= len(session.frames) / STREAM.frame_rate_fps
    return clips


def make_clips(count: int, nothing_seconds: float, folder: Path) -> list[Session]:
    """Fills the folder, unless it has its truth, which is written last; the sessions."""
    clips = drawn(count, nothing_seconds)
    if not (folder / TRUTH).exists():
        folder.mkdir(parents=True, exist_ok=True)
        due = []
        for i, (kind, session) in enumerate(clips):
            due.append(clip_of(session, kind, QUESTIONS, f'{kind}-{i:02d}.mp4'))
            write_clip(session, folder / due[-1].file)
        (folder / TRUTH).write_text(json.dumps(truth_json(due), ensure_ascii=False, indent=1) + '\n')
    return [session for _, session in clips]


def measured(folder: Path, pack: Path, flags: Sequence[str] = ()) -> dict[str, Any]:
    """What the program says of the folder's clips."""
    command = [*CLI, 'bench', 'quality', str(folder), '--json', *(['--model', str(pack)] if pack != PACK else []), *flags]
    run = subprocess.run(command, cwd=ROOT.parent, env={**os.environ}, capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(f'{" ".join(command)} left with {run.returncode}: {run.stderr[-800:]}')
    summary: dict[str, Any] = json.loads(run.stdout)
    summary.pop('timeDiffSeconds', None)  # its meanDelaySeconds; here the name is LIVE's (forced.py)
    return summary


def ablated_copy(pack: Path, sessions: Iterable[Session], target: Path) -> Path:
    """A copy of the pack whose encoder answers every picture with the mean rows of the sessions' pictures."""
    shutil.copytree(pack, target)
    encoder, config = VisionEncoder(), VisionConfig()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    network = onnxruntime.InferenceSession(str(pack / 'vision.onnx'), options, providers=['CPUExecutionProvider'])
    total, count = np.zeros(0, np.float32), 0
    for session in sessions:
        painter = Painter(session.style)
        views: list[View] = [view for i, view in enumerate(session.frames) if i == 0 or view is not session.frames[i - 1]]
        for view in views[::3]:
            pixels = encoder.normalise(torch.from_numpy(picture_of(painter.draw(view), config).copy())[None]).numpy()
            rows = network.run(None, {'pixels': pixels})[0][0]
            total, count = rows if count == 0 else total + rows, count + 1
    write_vision(MeanRows(torch.from_numpy(total / count)), target / 'vision.onnx', config.height, config.width)
    manifest = json.loads((target / 'manifest.json').read_text())
    manifest['files']['vision'] = file_entry(target / 'vision.onnx')
    (target / 'manifest.json').write_text(json.dumps(manifest, indent=2))
    return target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('--clips', type=int, default=12, help='narrated ones; half as many standing requests come on top')
    parser.add_argument('--nothing', type=float, default=10.0, help='minutes in which nothing happens')
    parser.add_argument('--model', type=Path, default=PACK)
    parser.add_argument('--ablate', choices=('vision',))
    parser.add_argument('--ungrounded', action='store_true', help='without the grammar of replies, nothing withheld')
    parser.add_argument('--folder', type=Path, help='where the clips are kept; one that has its truth.json is used as it is')
    parser.add_argument('--transcript', type=Path, help='where to write everything that was said and due')
    parser.add_argument('--write', action='store_true', help="write metrics.json and the tables in the pack's README.md")


def evaluate_clips(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix='codealong-clips-') as temporary:
        folder = (options.folder or Path(temporary) / 'clips').resolve()
        sessions = make_clips(options.clips, options.nothing * 60, folder)
        pack = options.model if options.ablate is None else ablated_copy(options.model, sessions, Path(temporary) / 'ablated')
        flags = [*(['--ungrounded'] if options.ungrounded else []), *(['--transcript', str(options.transcript.resolve())] if options.transcript else [])]
        summary = measured(folder, pack, flags)
    print(json.dumps(summary, indent=1))
    if options.write:
        name = 'visionAblated' if options.ablate else 'clipsUngrounded' if options.ungrounded else 'clips'
        write_metrics(options.model, {name: summary})
