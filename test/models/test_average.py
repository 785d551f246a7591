"""The mean of checkpoints."""

import pytest
import torch

from training.average import mean


def test_every_weight_is_the_mean_of_its_namesakes():
    one = {'a': torch.tensor([0.0, 4.0]), 'b': torch.tensor([[1.0]])}
    other = {'a': torch.tensor([2.0, 0.0]), 'b': torch.tensor([[3.0]])}
    averaged = mean([one, other])
    assert averaged['a'].tolist() == [1.0, 2.0]
    assert averaged['b'].tolist() == [[2.0]]
    assert averaged['a'].dtype == torch.float32
    assert one['a'].tolist() == [0.0, 4.0]


def test_unlike_networks_have_none():
    with pytest.raises(AssertionError, match='unlike'):
        mean([{'a': torch.zeros(1)}, {'b': torch.zeros(1)}])
