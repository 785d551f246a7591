"""Guards the folders of models/: who may import whom."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

import pytest

from config import ROOT

# Folder (or file on top) -> what it may import. What is not listed is forbidden; every folder may import config.
TABLE = {
    'config': '',
    'blob': '',
    'onnx_files': '',
    'comparison': '',
    'text': '',
    'screen': 'text',
    'world': 'text screen world/interface world/programs world/tools',
    'world/interface': 'text screen world',
    'world/programs': 'text screen world',
    'world/tools': 'text screen world',
    'decoder': 'screen world',
    'vision': 'comparison text screen world',
    'reader': 'onnx_files text screen world',
    'recall': 'onnx_files text screen world decoder',
    'pack': 'blob onnx_files screen world decoder vision recall',
    'convert': 'blob onnx_files',
    'training': 'text screen world decoder vision recall pack',
    'evaluation': 'onnx_files comparison text screen world decoder vision recall pack training',
}


def read_sources() -> dict[str, str]:
    """Texts of all modules by their names with slashes."""
    files = (path.relative_to(ROOT) for path in ROOT.rglob('*.py'))
    return {path.with_suffix('').as_posix(): (ROOT / path).read_text() for path in files if not any(part.startswith('.') for part in path.parts)}


def room_of(module: str) -> str:
    """The longest folder of the table that a module lies in."""
    path = PurePosixPath(module)
    return next((str(folder) for folder in (path, *path.parents) if str(folder) in TABLE), module)


def imports_of(sources: dict[str, str]) -> dict[str, set[str]]:
    """Which modules each module imports, those imported inside functions too."""
    found: dict[str, set[str]] = {module: set() for module in sources}
    for module, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f'{node.module}.{name.name}' for name in node.names] + [str(node.module)]
            found[module] |= {name for name in (name.replace('.', '/') for name in names) if name in sources}
    return found


def violations(sources: dict[str, str]) -> list[str]:
    """Every import that the table forbids, as a sentence."""
    edges = [(module, room_of(module), to, room_of(to)) for module, imports in imports_of(sources).items() for to in sorted(imports)]
    return [f'{module} imports {to}: {room} may not import {other}' for module, room, to, other in edges if other not in (room, 'config', *TABLE[room].split())]


def test_the_table_lets_later_folders_import_earlier_ones() -> None:
    assert violations({'text/a': '', 'screen/b': 'from text.a import c', 'screen/d': 'from screen import b', 'config': '', 'text/e': 'import config'}) == []


@pytest.mark.parametrize('form', ['from screen.b import c', 'from screen import b', 'import screen.b as c', 'def late():\n    from screen import b'])
def test_every_form_of_import_is_seen(form: str) -> None:
    assert violations({'text/a': form, 'screen/b': ''}) == ['text/a imports screen/b: text may not import screen']


def test_kinds_of_steps_do_not_know_each_other() -> None:
    sources = {'world/interface/a': 'from world.programs import b', 'world/programs/b': 'from world import c', 'world/c': ''}
    assert violations(sources) == ['world/interface/a imports world/programs/b: world/interface may not import world/programs']


def test_imports_are_where_the_table_allows_them() -> None:
    sources = read_sources()
    assert {room_of(module) for module in sources} == set(TABLE)
    assert violations(sources) == []


def test_no_module_imports_itself_through_others() -> None:
    with pytest.raises(CycleError):
        TopologicalSorter({'a': {'b'}, 'b': {'a'}}).prepare()
    TopologicalSorter(imports_of(read_sources())).prepare()
