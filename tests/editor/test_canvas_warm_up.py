"""The canvas is compiled before it is needed: all of it, and what the first start did not draw by a child."""

import json
import subprocess
import sys

import pytest

from editor import app
from editor.canvas import compiled, warm_up
from engine.kernels.recipes import Recipe
from engine.kernels.warm_up import in_parts
from engine.live.ahead import Ahead

CALLED = """
import pkgutil, sys
from importlib import import_module
from numba.core.dispatcher import Dispatcher
from editor import canvas
from editor.canvas.warm_up import warm_up
warm_up()
left = set()
for each in pkgutil.iter_modules(canvas.__path__):
    module = sys.modules.get(f"editor.canvas.{each.name}")
    for name, one in vars(module).items() if module else ():
        if isinstance(one, Dispatcher) and not one.signatures:
            left.add(name)
print(sorted(left))
"""


def test_it_calls_every_kernel_that_the_canvas_calls():
    """A kernel it forgets would hold up the window when somebody first pans, zooms or points at a synapse."""
    said = subprocess.run([sys.executable, "-c", CALLED], capture_output=True, text=True, timeout=300)
    assert said.stdout.strip() == "[]", said.stderr


def test_once_it_has_run_it_is_ready_and_knows_every_kernel():
    warm_up.prepare()
    assert warm_up.is_ready()
    names = {kernel.__name__ for kernel in compiled.kernels()}
    assert {"strokes", "map_territories", "warp", "near_lines"} <= names


INNER = {"_ink", "_light", "hairline", "_bins", "_near_neurons"}
"""Kernels that only others call: where those come from disk they are in them."""

PARTS = """
import json
from editor.canvas import warm_up
from editor.canvas.compiled import kernels
late = set()
for part in warm_up.PARTS:
    warm_up.prepare(part)
    late |= {each.__name__ for each in kernels(part) if not each.signatures}
before = {each: list(each.signatures) for part in warm_up.PARTS for each in kernels(part)}
warm_up.prepare()
again = {each.__name__ for each, were in before.items() if list(each.signatures) != were}
print(json.dumps([sorted(late), sorted(again)]))
"""


def test_a_part_compiles_the_module_it_is_named_after_as_pictures_call_it():
    said = subprocess.run([sys.executable, "-c", PARTS], capture_output=True, text=True, timeout=300)
    assert not said.returncode, said.stderr
    late, again = json.loads(said.stdout)
    assert set(late) <= INNER
    assert again == ["hairlines"], "a spike lights them up with numbers of another kind"


def test_the_parts_are_asked_for_before_the_whole():
    *parts, whole = in_parts(warm_up.__name__)
    assert [each.options for each in parts] == [(name,) for name in warm_up.PARTS]
    assert whole == Recipe("loops", (warm_up.__name__,), "float64")
    assert all(each.is_ready() for each in (*parts, whole)) == warm_up.is_ready()


def test_a_child_can_be_told_to_do_it():
    recipe = Recipe("loops", (warm_up.__name__,), "float64")
    assert Recipe.from_json(recipe.to_json()).module() is warm_up
    assert recipe.is_ready()


def closed_at_once(*_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("is_warm", [False, True])
def test_the_program_asks_for_what_is_missing_of_it(monkeypatch, is_warm):
    asked = []
    monkeypatch.setattr(app.caches, "are_warm", lambda: is_warm)
    kernels = compiled.Kernels()
    monkeypatch.setattr(app, "KERNELS", kernels)
    monkeypatch.setattr(app, "Ahead", lambda **given: asked.append(given) or Ahead())
    monkeypatch.setattr(app, "application", lambda: type("App", (), {"exec": lambda self: 0})())
    monkeypatch.setattr(app, "open_window", closed_at_once)
    with pytest.raises(KeyboardInterrupt):
        app.run()
    assert asked == [{"besides": (warm_up.__name__,), "at_once": not is_warm}]
    assert not kernels._are_here, "and leaves it to children"
