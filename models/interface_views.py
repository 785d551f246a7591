"""Views in the side bar and the panel."""

from __future__ import annotations

from collections.abc import Callable

from developer import Step, World

STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {}
HELD_OUT: frozenset[str] = frozenset()
