"""Compiles every kernel of the canvas, so that no picture has to wait for it.

What the first start has not drawn is compiled by a child: a kernel compiled in the window holds it up.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np
from numba.core.dispatcher import Dispatcher

from editor.canvas import raster
from editor.canvas.camera import Camera
from editor.canvas.changes import Changes
from editor.canvas.detail import Detail
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry
from editor.canvas.picking import inside, pick, rectangle, synapse_at
from editor.canvas.picture import Picture
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import GAP_JUNCTION, ModulatorMark, PopulationMark
from editor.canvas.standing import Painter
from editor.theme import DARK, LIGHT
from engine.kernels.on_disk import are_compiled

WIDE, HIGH = 96, 64


def warm_up() -> None:
    """Draw a tiny circuit in every way there is; the compiled kernels stay on disk for the next start."""
    for theme in (DARK, LIGHT):
        scene, changes = _scene(), Changes()
        changes.born(scene, [20], 9.5)
        changes.died(scene, [21], 9.5)
        changes.reweighed(scene, scene.synapses.rows([22, 23]), np.array([0.1, -0.1], np.float32), 9.9)
        changes.spiked(scene, [1, 2], 9.9)
        for ratio in (1.0, 2.0):
            picture = Picture(scene, theme, WIDE, HIGH, ratio, changes)
            camera = Camera(20.0, 20.0, 1.0)
            for detail in Detail:
                picture.detail = detail
                picture.put(Painter().paint(picture.request(camera)), 10.0)
                emphasis = Emphasis(np.array([1]), dim=1.0)
                picture.compose(camera.panned(3.0, 2.0), emphasis, 10.0)
                picture.compose(Camera(camera.x, camera.y, 1.3 * camera.zoom), emphasis, 10.0)
        _pick(picture, camera)


def prepare() -> None:
    """Compile what is missing, for whoever compiles aside."""
    warm_up()


def is_ready() -> bool:
    """Whether every kernel is compiled, here or on disk."""
    return are_compiled(kernels())


def kernels() -> tuple[Any, ...]:
    """Every kernel of the canvas; those that are pasted into their callers are none."""
    modules = [import_module(f"{raster.__name__}.{each.name}") for each in iter_modules(raster.__path__)]
    found = [one for module in modules for one in vars(module).values() if isinstance(one, Dispatcher)]
    return tuple(dict.fromkeys(one for one in found if one.targetoptions.get("inline") != "always"))


def _scene() -> Scene:
    scene = Scene()
    scene.populations = [PopulationMark(1, "E"), PopulationMark(2, "I", -1)]
    at = np.array([[0.0, 0.0], [40.0, 0.0], [0.0, 40.0], [40.0, 40.0]])
    scene.add_neurons([1, 2, 3, 4], at, sign=np.array([1, 1, -1, 0]), population=np.array([0, 0, 1, 1]))
    scene.neurons.write("shape")[:] = [0, 1, 2, 0]
    for name in ("free_boutons", "free_spines", "calcium"):
        scene.neurons.write(name)[:] = 0.5
    scene.neurons.write("shimmer")[:] = 1.0
    ids = np.arange(20, 28)
    scene.add_synapses(ids, [1, 2, 3, 4, 1, 1, 2, 1], [2, 3, 4, 1, 1, 2, 1, 3], np.full(8, 0.6))
    scene.synapses.write("kind")[7] = GAP_JUNCTION
    scene.synapses.write("eligibility")[:] = 0.5
    scene.add_astrocytes([50, 51], [[10.0, 10.0], [30.0, 30.0]])
    scene.astrocytes.write("wave_at")[:] = 9.5
    scene.modulators = [ModulatorMark(60, "m", np.array([2]), 0.5, 9.8)]
    return scene


def _pick(picture: Picture, camera: Camera) -> None:
    geometry = Geometry.of(picture.scene.look(), picture.theme, camera, WIDE, HIGH, 1.0)
    pick(geometry, picture.theme, 60.0, 20.0)
    for y in range(0, HIGH, 4):  # down across a line, wherever it bends
        synapse_at(geometry, picture.theme, 0.5 * WIDE, float(y))
    inside(geometry, picture.theme, rectangle(0.0, 0.0, 90.0, 60.0), is_lasso=True)


if __name__ == "__main__":
    warm_up()
