"""Until the kernels of the canvas are compiled the window shows sketches, and compiles nothing itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor

from editor.canvas import compiled, plainly
from editor.canvas.compiled import KERNELS, Kernels, quick
from editor.canvas.picture import Picture
from editor.canvas.raster.flights import push_spikes
from editor.canvas.raster.nearest import contained, crossed, distance_to_curves
from editor.canvas.raster.records import STROKE
from editor.canvas.standing import Painter
from editor.canvas.widget import CanvasWidget
from editor.gallery import portrait
from editor.window.theme import DARK
from engine.kernels import on_disk
from tests.editor.a_window import circuit


@pytest.fixture
def lacking(monkeypatch):
    """The kernels are still to be compiled, by children that never come to it; emptied, they are there."""
    missing = [True]
    monkeypatch.setattr(on_disk, "are_compiled", lambda loops: not missing)
    monkeypatch.setattr(compiled, "GLANCE", 0.0)
    KERNELS.leave_to_children()
    yield missing
    missing.clear()
    while not KERNELS.are_here():
        pass


@pytest.fixture
def canvas(qtbot):
    made = CanvasWidget(DARK)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.set_network(circuit())
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.hide()


def colours(image, name):
    """How many px of an image have exactly this colour."""
    found = np.frombuffer(image.convertToFormat(image.Format.Format_RGB32).constBits(), np.uint32)
    return int((found & 0xFFFFFF == QColor(name).rgb() & 0xFFFFFF).sum())


def test_a_sketch_is_shown_until_the_kernels_are_there_and_then_the_picture(
    lacking, canvas, qtbot, monkeypatch
):
    drawn = []
    paint, compose = Painter.paint, Picture.compose
    monkeypatch.setattr(Painter, "paint", lambda *a: drawn.append("standing") or paint(*a))
    monkeypatch.setattr(Picture, "compose", lambda *a: drawn.append("frame") or compose(*a))
    before = canvas.paints
    neurons = canvas.scene.neurons["id"]
    canvas.changes.spiked(canvas.scene, neurons[:3].copy(), np.full(3, canvas.clock()))
    at = canvas.place_of(int(neurons[5]))
    image = canvas.grab().toImage()
    assert canvas.paints > before
    assert drawn == []
    assert colours(image, DARK.soma_rest) > 100, "bodies at rest"
    assert colours(image, DARK.soma_spiking) > 10, "bodies that spike"
    assert canvas.pick(at).id == neurons[5], "a sketch can be worked with"
    whole = canvas.within_rect((0.0, 0.0), (600.0, 400.0))
    assert set(whole["neuron"]) == set(neurons.tolist())
    lacking.clear()
    qtbot.waitUntil(lambda: "frame" in drawn and canvas._picture.standing is not None)


def test_the_synapses_of_a_sketch_can_be_picked_lassoed_and_stand_out(lacking, canvas):
    scene, changed = canvas.scene, canvas.grab().toImage()
    row = int(np.argmax(scene.synapses["weight01"]))
    synapse = int(scene.synapses["id"][row])
    pre, post = (
        canvas.place_of(int(scene.neurons["id"][scene.synapses[end][row]])) for end in ("pre", "post")
    )
    at = (0.6 * pre.x() + 0.4 * post.x(), 0.6 * pre.y() + 0.4 * post.y())
    found = canvas.pick(QPointF(*at))
    assert found.kind == "synapse"
    assert found.distance < 0.5
    if found.id == synapse:
        assert found.at == pytest.approx(0.4, abs=0.05)
    around = [(at[0] + dx, at[1] + dy) for dx, dy in ((-3, -3), (3, -3), (3, 3), (-3, 3))]
    assert synapse in canvas.within(around, is_lasso=True)["synapse"]
    canvas.select(synapses=[synapse])
    assert canvas.grab().toImage() != changed
    scene.synapses.write("shown")[:] = 0
    canvas.touch()
    assert canvas.pick(QPointF(*at)).kind != "synapse"


def test_plain_lines_and_the_kernels_agree_on_straight_ones():
    luck = np.random.default_rng(5)
    lines = luck.uniform(0.0, 100.0, (200, 4))
    shape = np.array([(20.0, 20.0), (80.0, 30.0), (60.0, 90.0)])
    strokes = np.zeros(200, STROKE)
    for k, name in enumerate(("ax", "ay", "bx", "by")):
        strokes[name] = lines[:, k]
    strokes["cx"], strokes["cy"] = (lines[:, 0] + lines[:, 2]) / 2, (lines[:, 1] + lines[:, 3]) / 2
    assert (plainly.crossed(lines, shape) == crossed(strokes, shape, True)).all()
    away = np.empty((200, 2))
    distance_to_curves(strokes, 50.0, 40.0, away)
    plain, _ = plainly.nearest(lines, 50.0, 40.0)
    np.testing.assert_allclose(plain, away[:, 0], atol=1e-4)


def test_what_children_have_compiled_is_loaded_on_a_thread(lacking, monkeypatch):
    at = []
    monkeypatch.setattr(
        "editor.canvas.warm_up.prepare",
        lambda: at.append((threading.current_thread().name, quick(push_spikes))),
    )
    assert not KERNELS.are_here()
    assert quick(push_spikes) is push_spikes.py_func
    lacking.clear()
    while not KERNELS.are_here():
        pass
    assert at == [("neuropil-canvas-kernels", push_spikes)], "which itself calls them compiled"


def test_what_is_on_disk_at_the_start_is_drawn_with_at_once(lacking):
    lacking.clear()
    kernels = Kernels()
    kernels.leave_to_children()
    assert kernels.are_here()
    assert kernels._thread is None


def test_where_nobody_compiles_them_the_window_does_in_the_end(lacking, monkeypatch, caplog):
    monkeypatch.setattr(compiled, "PATIENCE", 0.0)
    monkeypatch.setattr("editor.canvas.warm_up.prepare", lambda: None)
    kernels = Kernels()
    kernels.leave_to_children()
    with caplog.at_level("ERROR"):
        while not kernels.are_here():
            pass


def test_the_cards_of_the_start_page_are_sketches_meanwhile(lacking, qapp):
    size = QSize(250, 140)
    plain = portrait.of_network(circuit(), size, DARK)
    assert plain.size() == size * portrait.RATIO
    assert colours(plain, DARK.soma_spiking) > 10
    assert portrait.is_sketchy()
    lacking.clear()
    while portrait.is_sketchy():
        pass
    assert portrait.of_network(circuit(), size, DARK) != plain


def test_edge_by_edge_a_polygon_holds_what_the_kernel_says():
    random = np.random.default_rng(3)
    x, y = random.uniform(0.0, 10.0, (2, 500)).astype(np.float32)
    for many in (3, 4, 9):
        corners = random.uniform(0.0, 10.0, (many, 2))
        assert (plainly.contained(x, y, corners) == contained(x, y, corners)).all()


WINDOW = """
import json, sys, threading, time
import numba.core.compiler as compiler
from editor import app
from editor.canvas.compiled import KERNELS, WARM_UP
from editor.foresight import Foresight
from editor.settings import Settings
from engine.live.ahead import Ahead

here = []
extra = compiler.CompilerBase.compile_extra

def noted(self, function):
    here.append(f"{threading.current_thread().name}: {function.__module__}.{function.__qualname__}")
    return extra(self, function)

compiler.CompilerBase.compile_extra = noted

KERNELS.leave_to_children()
ahead = Ahead(besides=(WARM_UP,))
window = app.open_window(settings=Settings())
Foresight(window, ahead)
turn = app.QApplication.processEvents
while window.start.steps:
    turn()
for _ in range(50):
    turn()
page = window.middle.start_page
sketched = len(page._sketched)
window.middle.wanted.emit("example", "one_lif")
window.document.play()
end = time.monotonic() + 500.0
sketches = [0]
draw = window.canvas._sketch.draw
def counted(*given):
    sketches[0] += 1
    draw(*given)
window.canvas._sketch.draw = counted
while window.document.t == 0.0 and time.monotonic() < end:
    turn()
had = KERNELS._are_here
while (not KERNELS.are_here() or window.canvas._picture.standing is None) and time.monotonic() < end:
    turn()
window.files.ask_leave = lambda title: "discard"
print(json.dumps({
    "cards": sketched, "sketches": sketches[0], "whole first": had, "here": here,
    "whole": window.canvas._picture.standing is not None,
}), flush=True)
window.close()
ahead.close()
"""


@pytest.mark.slow
def test_with_empty_caches_the_windows_process_compiles_nothing(tmp_path):
    """From the start page over the first Play to the whole picture."""
    env = {**os.environ, "NEUROPIL_CACHE": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    said = subprocess.run(
        [sys.executable, "-c", WINDOW], env=env, capture_output=True, text=True, timeout=580
    )
    assert not said.returncode, said.stderr
    told = json.loads(said.stdout.splitlines()[-1])
    assert told["cards"] > 0
    assert told["sketches"] > 0
    assert not told["whole first"], "time passes before the picture is whole"
    assert told["whole"]
    assert told["here"] == []
