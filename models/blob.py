"""The data file beside a parity fixture: arrays one after the other, each where four bytes divide its place."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Blob:
    """Bytes of parity.bin; equal contents are stored once."""

    data: bytearray = field(default_factory=bytearray)
    places: dict[bytes, int] = field(default_factory=dict)

    def add(self, array: np.ndarray) -> int:
        """Offset of the array's bytes."""
        raw = array.tobytes()
        if raw not in self.places:
            self.data += b'\0' * (-len(self.data) % 4)
            self.places[raw] = len(self.data)
            self.data += raw
        return self.places[raw]
