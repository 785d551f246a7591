"""A PEFT adapter merged into its base, in float32, one tensor at a time: W + scale · B · A.

The names are those of https://github.com/huggingface/peft (`base_model.model.` before the base's own, `.lora_A.weight` and `.lora_B.weight`
behind a module's); what an adapter saves whole (`modules_to_save`) stands there under its own name, and a copy of an adapted output layer
as `.base_layer.weight`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor

from convert.checkpoint import Checkpoint, read_config

PREFIX = 'base_model.model.'


class MergedCheckpoint:
    """The base's tensors by the base's names, with the adapter merged in."""

    def __init__(self, base: Checkpoint, adapter_folder: Path) -> None:
        self.base = base
        self.adapter = Checkpoint(adapter_folder, 'adapter_model')
        self.config = read_config(adapter_folder, 'adapter_config.json')
        self.scale = scale_of(self.config)
        self._check_that_all_is_used()

    def __contains__(self, name: str) -> bool:
        return name in self.base

    def shape(self, name: str) -> tuple[int, ...]:
        return self.base.shape(name)

    def tensor(self, name: str) -> Tensor:
        module = PREFIX + name.removesuffix('.weight')
        copy = f'{module}.base_layer.weight'
        weight = self.adapter.tensor(copy) if copy in self.adapter else self.base.tensor(name)
        if f'{module}.lora_A.weight' not in self.adapter:
            return weight
        a, b = self.adapter.tensor(f'{module}.lora_A.weight'), self.adapter.tensor(f'{module}.lora_B.weight')
        assert (b.shape[0], a.shape[1]) == weight.shape, f'{name} is {tuple(weight.shape)}, and its adapter is for {b.shape[0]} x {a.shape[1]}: another base'
        return weight + self.scale * (b @ a)

    def saved(self, module: str) -> dict[str, Tensor]:
        """Tensors of a module that the adapter holds whole, such as the connector, by their names within it."""
        prefix = f'{PREFIX}{module}.'
        found = {name.removeprefix(prefix): self.adapter.tensor(name) for name in self.adapter.names if name.startswith(prefix)}
        assert found, f'the adapter holds no {module}'
        return found

    def _check_that_all_is_used(self) -> None:
        whole = tuple(f'{PREFIX}{module}.' for module in self.config.get('modules_to_save') or ())
        for name in self.adapter.names:
            module = name.removeprefix(PREFIX).removesuffix('.weight').removesuffix('.base_layer').removesuffix('.lora_A').removesuffix('.lora_B')
            assert name.startswith(whole or '\0') or f'{module}.weight' in self.base, f'{name} of the adapter has no place in the base: another base'


def scale_of(config: dict[str, Any]) -> float:
    """What B · A is multiplied with. Refuses the forms of LoRA that are merged otherwise."""
    for form in ('use_dora', 'fan_in_fan_out', 'rank_pattern', 'alpha_pattern', 'lora_bias'):
        assert not config.get(form), f'an adapter with {form} is merged otherwise'
    assert config.get('bias', 'none') == 'none', 'an adapter with biases is merged otherwise'
    rank: float = config['r']
    return float(config['lora_alpha']) / (rank**0.5 if config.get('use_rslora') else rank)
