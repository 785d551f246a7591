"""Measures a pack the way a user meets it: held-out sessions as H.264 videos through the real command line.

`python evaluate.py clips` paints sessions of the test split in a style never trained on (1280x720, 2 pictures a second held to a
10 fps video), runs `codealong watch FILE --speed max --json` and `codealong ask` on each with a fresh home folder, and scores what
comes back. With `--ablate vision` the same runs are made with a copy of the pack whose encoder gives the mean rows for every picture.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch

import world
from config import PACK, ROOT, StreamConfig, VisionConfig
from export import MeanRows, file_entry, write_vision
from metrics import write_metrics
from render import Painter
from scene import Session, Turn, View
from scoring import KindClassifier, Reply, Score
from vision import VisionEncoder, picture_of

STREAM = StreamConfig()
VIDEO_FPS = 10
FIRST_SEED = 500_000  # test sessions seen by no other measurement
CLI = ('node', 'dist/cli.js')


@dataclass(frozen=True)
class Clip:
    session: Session
    file: Path

    @property
    def seconds(self) -> float:
        return len(self.session.frames) / STREAM.frame_rate_fps


def write_clip(session: Session, path: Path) -> None:
    """Paints every frame and encodes them with H.264 (crf 23), each held for its half second."""
    repeat = round(VIDEO_FPS / STREAM.frame_rate_fps)
    command = [
        'ffmpeg', '-loglevel', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '1280x720', '-r', str(VIDEO_FPS), '-i', '-',
        '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p', str(path),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert process.stdin is not None
    painter, painted, picture = Painter(session.style), None, b''
    for view in session.frames:
        if view is not painted:
            painted, picture = view, painter.draw(view).convert('RGB').tobytes()
        for _ in range(repeat):
            process.stdin.write(picture)
    process.stdin.close()
    if process.wait() != 0:
        raise RuntimeError(f'ffmpeg failed on {path}')


def make_clips(count: int, folder: Path) -> list[Clip]:
    """Narrated test sessions with held-out names and looks."""
    clips = []
    for i in range(count):
        session = world.make_session(FIRST_SEED + i, 'test', 70, 90, mode='narrate', is_held_out_style=True)
        clips.append(Clip(session, folder / f'clip-{i:02d}.mp4'))
        if not clips[-1].file.exists():
            write_clip(session, clips[-1].file)
    return clips


def run_program(arguments: list[str], home: Path, pack: Path) -> str:
    """Standard output of one call of the command line."""
    environment = {**os.environ, 'CODEALONG_HOME': str(home)}
    command = [*CLI, *arguments, '--json', *(['--model', str(pack)] if pack != PACK else [])]
    run = subprocess.run(command, cwd=ROOT.parent, env=environment, capture_output=True, text=True, timeout=900)
    if run.returncode != 0:
        raise RuntimeError(f'{" ".join(command)} left with {run.returncode}: {run.stderr[-800:]}')
    return run.stdout


def replies_of(output: str) -> list[Reply]:
    events = [json.loads(line) for line in output.splitlines() if line.startswith('{')]
    return [Reply(event['atMs'] / 1000, event['text']) for event in events if event.get('kind') == 'guidance']


def questions_of(session: Session) -> Iterator[tuple[Turn, Turn]]:
    """Questions of the session with their answers."""
    for question, answer in zip(session.turns, session.turns[1:], strict=False):
        if question.kind == 'question' and answer.asked:
            yield question, answer


def score_pack(clips: list[Clip], pack: Path) -> tuple[Score, dict[str, Any]]:
    """Watches every clip and asks its questions; each clip in a home of its own."""
    score, classifier = Score(), KindClassifier()
    watched_seconds = 0.0
    transcript: list[dict[str, object]] = []
    for clip in clips:
        with tempfile.TemporaryDirectory(prefix='codealong-') as home:
            began = time.monotonic()
            replies = replies_of(run_program(['watch', str(clip.file), '--speed', 'max'], Path(home), pack))
            watched_seconds += time.monotonic() - began
            score.add_session(clip.session.turns, replies, clip.seconds, classifier)
            for question, answer in questions_of(clip.session):
                at = f'{(question.frame + 1) / STREAM.frame_rate_fps:.1f}'
                result = json.loads(run_program(['ask', str(clip.file), question.text, '--at', at], Path(home), pack))
                text = STREAM.not_seen_reply if result.get('abstained') else str(result['answer'])
                score.add_answer(text, answer.text, answer.slots.values())
                transcript.append({'clip': clip.file.name, 'question': question.text, 'expected': answer.text, 'answer': text})
            told: list[dict[str, object]] = [{'clip': clip.file.name, 'seconds': reply.seconds, 'said': reply.text} for reply in replies]
            told += [
                {'clip': clip.file.name, 'seconds': turn.frame / STREAM.frame_rate_fps, 'due': turn.text}
                for turn in clip.session.turns
                if turn.role == 'assistant' and not turn.asked
            ]
            transcript += sorted(told, key=lambda entry: float(str(entry['seconds'])))
    speed = sum(clip.seconds for clip in clips) / watched_seconds
    return score, {'speed': round(speed, 2), 'transcript': transcript}


def ablated_copy(pack: Path, clips: list[Clip], target: Path) -> Path:
    """A copy of the pack whose encoder answers every picture with the mean rows of the clips' pictures."""
    shutil.copytree(pack, target)
    encoder, config = VisionEncoder(), VisionConfig()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    network = onnxruntime.InferenceSession(str(pack / 'vision.onnx'), options, providers=['CPUExecutionProvider'])
    total, count = np.zeros(0, np.float32), 0
    for clip in clips:
        painter = Painter(clip.session.style)
        views: list[View] = [view for i, view in enumerate(clip.session.frames) if i == 0 or view is not clip.session.frames[i - 1]]
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
    parser.add_argument('--clips', type=int, default=12)
    parser.add_argument('--model', type=Path, default=PACK)
    parser.add_argument('--ablate', choices=('vision',))
    parser.add_argument('--folder', type=Path, help='where the clips are kept; those that exist are not made again')
    parser.add_argument('--transcript', type=Path, help='where to write everything that was said and due')
    parser.add_argument('--write', action='store_true', help="write metrics.json and the table in the pack's README.md")


def evaluate_clips(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix='codealong-clips-') as folder:
        clips = make_clips(options.clips, (options.folder or Path(folder)).resolve())
        pack = options.model if options.ablate is None else ablated_copy(options.model, clips, Path(folder) / 'ablated')
        score, extra = score_pack(clips, pack)
    transcript = extra.pop('transcript')
    if options.transcript:
        options.transcript.write_text(json.dumps(transcript, ensure_ascii=False, indent=1))
    summary = {'clips': len(clips), 'minutes': round(score.seconds / 60, 1), **score.summary(), **extra}
    print(json.dumps(summary, indent=1))
    for kind, (steps, hits, exact) in sorted(score.by_kind.items()):
        print(f'{kind:15} steps {steps:3d}  found {hits:3d}  exact {exact:3d}')
    if options.write:
        write_metrics(options.model, 'visionAblated' if options.ablate else 'clips', summary)
