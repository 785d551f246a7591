"""Pictures into a video."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def h264_video(path: Path, size: tuple[int, int], frame_rate_fps: int, quality: int) -> Iterator[IO[bytes]]:
    """Takes pictures one behind the other, each width x height x 3 bytes of RGB. `quality` is H.264's crf. Raises RuntimeError when ffmpeg fails."""
    width, height = size
    command = [
        'ffmpeg', '-loglevel', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', f'{width}x{height}', '-r', str(frame_rate_fps), '-i', '-',
        '-c:v', 'libx264', '-preset', 'veryfast', '-crf', str(quality), '-pix_fmt', 'yuv420p', str(path),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None, 'it was asked for'
        yield process.stdin
    if process.returncode != 0:
        raise RuntimeError(f'ffmpeg failed on {path}')
