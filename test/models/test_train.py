"""A training run: the same seed gives the same losses, several processes make one step, a run goes on where it stopped."""

import json
from dataclasses import replace
from pathlib import Path

import torch

from config import DecoderTrainConfig
from training import train

CONFIG = DecoderTrainConfig(name='trial', recall_fraction=0.0, drill_fraction=0.3, most_steps=6, log_steps=1, tokens_per_batch=400, warmup_steps=2, device='cpu')


def losses(folder: Path, name: str = 'trial') -> list[float]:
    entries = map(json.loads, (folder / f'{name}.jsonl').read_text().splitlines())
    return [entry['losses']['all'] for entry in entries if entry['event'] == 'losses']


def test_the_same_seed_gives_the_same_losses(tmp_path: Path) -> None:
    for name in ('first', 'second'):
        train.run_phase(replace(CONFIG, name=name), 0, tmp_path)
    assert losses(tmp_path, 'first') == losses(tmp_path, 'second')
    train.run_phase(replace(CONFIG, name='third', seed=1), 0, tmp_path)
    assert losses(tmp_path, 'third') != losses(tmp_path, 'first')


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    train.run_phase(replace(CONFIG, most_steps=3), 0, tmp_path)
    train.run_phase(CONFIG, 0, tmp_path)
    assert len(losses(tmp_path)) == 6
    state = torch.load(tmp_path / 'trial.pt', weights_only=True)
    assert state['progress']['step'] == 6


def test_processes_average_their_gradients(tmp_path: Path) -> None:
    train.train_decoder(replace(CONFIG, processes=2, most_steps=3), tmp_path)
    train.run_phase(replace(CONFIG, name='alone', most_steps=3), 0, tmp_path)
    both, alone = (torch.load(tmp_path / f'{name}.pt', weights_only=True) for name in ('trial', 'alone'))
    assert both['progress']['step'] == 3
    assert both['progress']['tokens'] % 2 == 0
    weight = 'blocks.0.qkv.weight'
    assert not torch.equal(both['model'][weight], alone['model'][weight])
