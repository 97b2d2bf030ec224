"""Compiles every kernel of the canvas, so that no picture has to wait for it.

Children do it before anything is drawn in full: a kernel compiled in the window holds it up.  It is cut into
parts, so that a child is never long at it when something more urgent is asked for.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from editor.canvas.camera import Camera
from editor.canvas.changes import Changes
from editor.canvas.compiled import kernels
from editor.canvas.detail import Detail, load_of
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry
from editor.canvas.layers import Territories, draw_ground, draw_synapses, draw_territories
from editor.canvas.picking import inside, pick, rectangle, synapse_at
from editor.canvas.picture import Picture
from editor.canvas.raster.layout import sorted_by, weak_to_strong
from editor.canvas.raster.marks import arcs, discs, glows, terminals
from editor.canvas.raster.records import ARC, DISC, GLOW, STROKE, TERMINAL, records
from editor.canvas.raster.strokes import INK, strokes
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import GAP_JUNCTION, ModulatorMark, PopulationMark
from editor.canvas.standing import Painter
from editor.window.theme import DARK, LIGHT
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
        _pick(_geometry(scene))


def prepare(part: str = "") -> None:
    """Compile what is missing, or one of the `PARTS` of it, for whoever compiles aside."""
    if part:
        PARTS[part](_geometry(_scene()), np.zeros((HIGH, WIDE), np.uint32))
    else:
        warm_up()


def is_ready(part: str = "") -> bool:
    """Whether every kernel is compiled, here or on disk; or those of a part."""
    return are_compiled(kernels(part) if part else kernels())


def _strokes(geometry: Geometry, picture: np.ndarray) -> None:
    strokes(picture, records(STROKE, 0), INK, 0.0, 1.0, 0, HIGH)


def _marks(geometry: Geometry, picture: np.ndarray) -> None:
    discs(picture, records(DISC, 0), 0, HIGH)
    glows(picture, records(GLOW, 0), False, 0, HIGH)
    arcs(picture, records(ARC, 0), False, 0, HIGH)
    terminals(picture, records(TERMINAL, 0), 0.0, 1.0, 0, HIGH)


def _layout(geometry: Geometry, picture: np.ndarray) -> None:
    geometry.lines(DARK, weak_to_strong(geometry.view.synapses["weight01"]))
    load_of(geometry)
    sorted_by(geometry.view.synapses["pre"], len(geometry.x))


def _hairlines(geometry: Geometry, picture: np.ndarray) -> None:
    draw_synapses(picture, geometry, DARK, Detail.HAIRLINES)


def _density(geometry: Geometry, picture: np.ndarray) -> None:
    draw_synapses(picture, geometry, DARK, Detail.DENSITY)


def _ground(geometry: Geometry, picture: np.ndarray) -> None:
    draw_ground(picture, DARK, geometry.camera, 1.0)


def _territories(geometry: Geometry, picture: np.ndarray) -> None:
    found = Territories.of(geometry.view)
    assert found is not None
    draw_territories(picture, DARK, geometry, found)


def _nearest(geometry: Geometry, picture: np.ndarray) -> None:
    _pick(geometry)


PARTS: dict[str, Callable[[Geometry, np.ndarray], None]] = {
    "strokes": _strokes,
    "marks": _marks,
    "layout": _layout,
    "hairlines": _hairlines,
    "ground": _ground,
    "territories": _territories,
    "density": _density,
    "nearest": _nearest,
}
"""What compiles most of the modules of the rasteriser, by their names; `warm_up` then does the rest."""


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


def _geometry(scene: Scene) -> Geometry:
    return Geometry.of(scene.look(), DARK, Camera(20.0, 20.0, 1.0), WIDE, HIGH, 1.0)


def _pick(geometry: Geometry) -> None:
    pick(geometry, DARK, 60.0, 20.0)
    for y in range(0, HIGH, 4):  # down across a line, wherever it bends
        synapse_at(geometry, DARK, 0.5 * WIDE, float(y))
    inside(geometry, DARK, rectangle(0.0, 0.0, 90.0, 60.0), is_lasso=True)


if __name__ == "__main__":
    warm_up()
