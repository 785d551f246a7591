"""Pages that stand in an editor tab: settings, forms, extensions, previews."""

from __future__ import annotations

from collections.abc import Callable

from developer import Step, World

STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {}
HELD_OUT: frozenset[str] = frozenset()
