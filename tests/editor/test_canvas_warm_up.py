"""The canvas is compiled before it is needed: all of it, and what the first start did not draw by a child."""

import subprocess
import sys
import threading

import pytest

from editor import app
from editor.canvas import layers, warm_up
from editor.canvas.standing import Painter
from editor.canvas.widget import CanvasWidget
from editor.theme import DARK
from engine.kernels.recipes import Recipe
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
    names = {kernel.__name__ for kernel in warm_up.kernels()}
    assert {"strokes", "map_territories", "warp", "near_lines"} <= names


def test_astrocytes_are_drawn_beside_the_window_until_their_kernels_are_there(qtbot, monkeypatch):
    canvas = CanvasWidget(DARK)
    qtbot.addWidget(canvas)
    canvas.resize(200, 150)
    canvas.scene.add_neurons([1, 2], [[0.0, 0.0], [40.0, 0.0]])
    canvas.scene.add_astrocytes([50, 51], [[10.0, 10.0], [30.0, 30.0]])
    painters = []
    paint = Painter.paint

    def noted(painter, request):
        painters.append(threading.current_thread() is threading.main_thread())
        return paint(painter, request)

    monkeypatch.setattr(Painter, "paint", noted)
    monkeypatch.setattr(layers, "are_compiled", lambda loops: False)
    canvas.show()
    qtbot.waitUntil(lambda: canvas._picture is not None and canvas._picture.standing is not None)
    assert not any(painters)
    assert not layers.waits_for_territories(0)
    monkeypatch.setattr(layers, "are_compiled", lambda loops: True)
    assert not layers.waits_for_territories(2)
    canvas.hide()


def test_a_child_can_be_told_to_do_it():
    recipe = Recipe("loops", (warm_up.__name__,), "float64")
    assert Recipe.from_json(recipe.to_json()).module() is warm_up
    assert recipe.is_ready()


def closed_at_once(*_):
    raise KeyboardInterrupt


def test_the_program_asks_for_what_is_missing_of_it(monkeypatch):
    asked = []
    monkeypatch.setattr(app, "Ahead", lambda **given: asked.append(given) or Ahead())
    monkeypatch.setattr(app, "application", lambda: type("App", (), {"exec": lambda self: 0})())
    monkeypatch.setattr(app, "open_window", closed_at_once)
    with pytest.raises(KeyboardInterrupt):
        app.run()
    assert asked == [{"besides": (warm_up.__name__,)}]
