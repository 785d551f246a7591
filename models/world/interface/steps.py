"""What the developer does with VS Code's interface, as steps: the table of the modules beside this one.

Steps in `HELD_OUT` play nothing in training; inside other steps, layouts that only the test split has hang on `interface.parts.is_new`. Steps in
`DISTRACTORS` never have an event: a menu that is left, a list that is scrolled, what the editor shows by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from world.developer import Step, World
from world.interface import changes, code, debug, forms, menus, messages, pages, pickers, trees

MODULES = (pickers, menus, code, debug, changes, trees, messages, forms, pages)
HELD_OUT: frozenset[str] = frozenset().union(*(module.HELD_OUT for module in MODULES))
DISTRACTORS: frozenset[str] = frozenset({'menu_left', 'hover_passing', 'spinner', 'code_notes', 'find_left', 'list_scrolled'})


def _kept(name: str, step: Callable[[World], Step]) -> Callable[[World], Step]:
    """The step, which plays nothing in training if it is held out."""

    def play(world: World) -> Step:
        if name not in HELD_OUT or world.names.split == 'test':
            yield from step(world)

    return play


STEPS: dict[str, tuple[float, Callable[[World], Step]]] = {
    name: (weight, _kept(name, step)) for module in MODULES for name, (weight, step) in module.STEPS.items()
}
