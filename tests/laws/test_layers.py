"""Who may import whom, read off every file's syntax tree, lazy imports included."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import registry

ROOT = Path(__file__).resolve().parent.parent.parent
WINDOW = ("PySide6", "shiboken6", "pyqtgraph", "qtawesome", "qtpy")
MODEL_FOLDERS = [Path(*folder.split(".")) for folder in registry.FOLDERS]

# Lowest first.  A file may import its own layer and those above its line here, nothing below it.
LAYERS = (
    ("errors", "units", "counting", "parsing", "once", "legible"),
    ("declare", "arithmetic", "arithmetic_value", "by_hand"),
    ("neurons", "transmission", "rules", "glia", "modulators", "inputs", "learners", "tasks", "routers"),
    ("registry", "written"),
    ("network",),
    ("kernels",),
    ("runtime",),
    ("files", "exchange", "analysis"),
    ("live",),
    ("__init__", "bench", "commands"),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
# A string in the editor that is also a model's name but means something else: (file or folder, string).
HOMONYMS = {
    ("editor/canvas/", "receptors"),  # a column: the share of a synapse's receptors in place
    ("editor/drawing/placing.py", "rate"),  # a parameter that some inputs have
    ("editor/inspector/neuron_card.py", "rate"),  # how often the neurons fire
    ("editor/finding/by_property.py", "rate"),  # the same, asked for
    ("editor/transport/pausing.py", "rate"),  # the same, waited for
    ("editor/actions/pause.py", "rate"),
    ("editor/rule_editor/rehearsal.py", "poisson"),  # a chance that a hook may draw
}


def files(*folders: str) -> list[Path]:
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py"))


def names(paths) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module a file may import: at the top, inside functions, for types, by name as text."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for found in ast.walk(tree_of(path)):
        if isinstance(found, ast.Import):
            yield from ((found.lineno, alias.name) for alias in found.names)
        elif isinstance(found, ast.ImportFrom):
            base = ".".join(package[: len(package) - found.level + 1]) if found.level else ""
            module = ".".join(part for part in (base, found.module) if part)
            for alias in found.names:  # `from engine import live` imports engine.live
                yield found.lineno, f"{module}.{alias.name}"
        elif isinstance(found, ast.Call) and found.args:
            called = (
                found.func.attr if isinstance(found.func, ast.Attribute) else getattr(found.func, "id", "")
            )
            first = found.args[0]
            if called in ("import_module", "__import__", "resolve_name", "find_spec", "run_module"):
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield found.lineno, first.value
                elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                    yield found.lineno, str(first.values[0].value)


def of(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def layer(module: str) -> str:
    """The layer of `engine.x.y`; what is imported from the door itself is of the door's."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in RANK else "__init__"


def test_the_walk_sees_every_way_to_import(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    place = tmp_path / "engine" / "live" / "x.py"
    place.parent.mkdir(parents=True)
    place.write_text(
        "import a.b\nfrom c import d\nfrom . import e\nfrom ..runtime import f\n"
        "def late():\n    import PySide6.QtCore\n    import importlib\n"
        "    importlib.import_module('editor.x')\n"
        "    __import__('pyqtgraph')\n"
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from editor import app\n"
    )
    found = {module for _, module in imports(place)}
    assert {"a.b", "c.d", "engine.live.e", "engine.runtime.f", "PySide6.QtCore", "editor.x"} <= found
    assert {"pyqtgraph", "editor.app"} <= found


@pytest.mark.parametrize("name", names(files("engine")))
def test_the_engine_knows_no_window(name):
    wrong = [
        f"{name}:{line} imports {module}"
        for line, module in imports(ROOT / name)
        if of(module, *WINDOW, "editor", "examples", "tests")
    ]
    assert not wrong


@pytest.mark.parametrize(
    "name", names(p for f in MODEL_FOLDERS for p in files(str(f)) if p.stem != "__init__")
)
def test_a_model_file_imports_its_words_and_arithmetic_only(name):
    wrong = [
        f"{name}:{line} imports {module}"
        for line, module in imports(ROOT / name)
        if not of(module, "engine.declare", "math", "__future__")
    ]
    assert not wrong


@pytest.mark.parametrize(
    "name", names(p for f in MODEL_FOLDERS for p in files(str(f)) if p.stem != "__init__")
)
def test_a_model_file_declares_one_model(name):
    """What two models share is a beginning without a slug, in engine/declare/beginnings."""
    module = name.removesuffix(".py").replace("/", ".")
    assert [model.slug for model in registry.all() if model.__module__ == module] == [Path(name).stem]


@pytest.mark.parametrize("name", names(files("engine")))
def test_a_layer_imports_only_what_lies_below_it(name):
    inside = Path(name).relative_to("engine").parts[0].removesuffix(".py")
    assert inside in RANK, f"engine/{inside} has no place in the order of layers: give it one here"
    wrong = []
    for line, module in imports(ROOT / name):
        if not of(module, "engine") or module == "engine":
            continue
        other = layer(module)
        if RANK[other] > RANK[inside]:
            wrong.append(f"{name}:{line} imports {module}")
    assert not wrong


@pytest.mark.parametrize("name", names(files("examples")))
def test_an_example_imports_the_engine_only(name):
    """Of other examples too, but as a neighbour: installed, the folder has another name."""
    neighbours = {
        alias.name
        for found in ast.walk(tree_of(ROOT / name))
        if isinstance(found, ast.ImportFrom) and found.level == 1
        for alias in found.names
    }
    wrong = [
        f"{name}:{line} imports {module}"
        for line, module in imports(ROOT / name)
        if not of(module, "engine", "numpy")
        and module.split(".")[0] not in sys.stdlib_module_names
        and not (of(module, "examples") and module.rsplit(".")[-1] in neighbours)
    ]
    assert not wrong


def test_the_editor_modules_without_qt_are_those_typed_strictly():
    """pyproject.toml lists them, since mypy cannot know; a new one is added there, a gone one taken out."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        overrides = tomllib.load(stream)["tool"]["mypy"]["overrides"]
    listed = next(each["module"] for each in overrides if each.get("ignore_errors") is False)
    free = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in files("editor")
        if path.stem != "__init__" and not any(of(module, *WINDOW) for _, module in imports(path))
    }
    assert sorted(free - set(listed)) == [], "without Qt, but not typed strictly"
    assert sorted(set(listed) - free) == [], "typed strictly, but gone or with Qt"


def constants(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string of a file but its docstrings and the bare strings that comment on a name."""
    bare = {id(found.value) for found in ast.walk(tree) if isinstance(found, ast.Expr)}
    for found in ast.walk(tree):
        if isinstance(found, ast.Constant) and isinstance(found.value, str) and id(found) not in bare:
            yield found


@pytest.mark.parametrize("name", names(files("editor")))
def test_the_editor_knows_no_model_by_name(name):
    slugs = {model.slug for model in registry.all()}
    assert len(slugs) >= 15
    wrong = [
        f"{name}:{found.lineno} names {found.value!r}"
        for found in constants(tree_of(ROOT / name))
        if found.value in slugs and not is_homonym(name, found.value)
    ]
    assert not wrong


def is_homonym(name: str, string: str) -> bool:
    return any(name.startswith(place) and string == word for place, word in HOMONYMS)


def test_every_homonym_is_still_there():
    for place, word in HOMONYMS:
        inside = [name for name in names(files("editor")) if name.startswith(place)]
        assert any(word in {found.value for found in constants(tree_of(ROOT / name))} for name in inside)


@pytest.mark.parametrize("name", names(files("tests")))
def test_no_test_module_is_imported_by_another(name):
    """What several tests share has a room of its own, such as `tests/editor/a_window.py`."""
    wrong = [
        f"{name}:{line} imports {module}"
        for line, module in imports(ROOT / name)
        if any(part.startswith("test_") for part in module.split("."))
    ]
    assert not wrong


def test_no_file_calls_a_model_by_a_made_up_slug():
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,39}", model.slug) for model in registry.all())


@pytest.mark.parametrize("module", ["engine", "engine.commands", "editor.__main__", "editor.preflight"])
def test_importing_it_loads_no_qt(module):
    code = f"import sys, {module}; print([name for name in sys.modules if name.split('.')[0] in {WINDOW!r}])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
