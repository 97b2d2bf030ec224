"""Picking: what lies under the pointer, in a rectangle or in a lasso."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from editor.canvas import plainly
from editor.canvas.compiled import KERNELS, quick
from editor.canvas.geometry import Geometry
from editor.canvas.raster.nearest import (
    contained,
    crossed,
    distance_to_curves,
    near_lines,
    nearest_disc,
)
from editor.window.theme import Theme

NEURON_REACH = 7.0
"""A neuron is under the pointer up to this many logical px outside of its outline."""
SYNAPSE_REACH = 15.0
"""A synapse is under the pointer up to this many logical px from its curve: 30 px wide to the mouse."""
MOST_CANDIDATES = 60_000


@dataclass(frozen=True)
class Pick:
    """What is under the pointer: `kind` "neuron", "synapse", "astrocyte" or "" for nothing.

    `at` is the place on a synapse, 0 at its pre and 1 at its post end; `distance` in logical px.
    """

    kind: str = ""
    id: int = 0
    at: float = 0.0
    distance: float = 0.0

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing under the pointer."""
        return not self.kind


def pick(geometry: Geometry, theme: Theme, x: float, y: float, *, synapses: bool = True) -> Pick:
    """What is under (x, y), px of the picture: a neuron before an astrocyte before a synapse."""
    found = neuron_at(geometry, x, y)
    if not found.is_nothing:
        return found
    found = astrocyte_at(geometry, x, y)
    if not found.is_nothing:
        return found
    return synapse_at(geometry, theme, x, y) if synapses else Pick()


def neuron_at(geometry: Geometry, x: float, y: float) -> Pick:
    """The neuron under (x, y) px."""
    ratio = geometry.scale.ratio
    row = quick(nearest_disc)(geometry.x, geometry.y, geometry.radius, NEURON_REACH * ratio, x, y)
    if row < 0:
        return Pick()
    away = float(np.hypot(geometry.x[row] - x, geometry.y[row] - y) - geometry.radius[row])
    return Pick("neuron", int(geometry.view.neurons["id"][row]), 0.0, max(0.0, away) / ratio)


def astrocyte_at(geometry: Geometry, x: float, y: float) -> Pick:
    """The astrocyte whose soma is under (x, y) px."""
    glia = geometry.view.astrocytes
    if not len(glia["x"]):
        return Pick()
    gx, gy = geometry.project(glia["x"], glia["y"])
    reach = np.full(len(gx), 7.0 * geometry.scale.neuron)
    row = quick(nearest_disc)(gx, gy, reach, 4.0 * geometry.scale.ratio, x, y)
    return Pick("astrocyte", int(glia["id"][row])) if row >= 0 else Pick()


def synapse_at(geometry: Geometry, theme: Theme, x: float, y: float) -> Pick:
    """The synapse whose curve, or line on a sketch, passes nearest to (x, y) px, if it is near enough."""
    if not KERNELS.are_here():
        return _sketched_at(geometry, x, y)
    columns = geometry.view.synapses
    ratio = geometry.scale.ratio
    reach = SYNAPSE_REACH * ratio
    room = np.empty(min(len(columns["pre"]), MOST_CANDIDATES), np.int32)
    if not len(room):
        return Pick()
    n = near_lines(
        geometry.x, geometry.y, geometry.radius, columns["pre"], columns["post"], columns["fan"],
        theme.sizes.bend, reach, x, y, room,
    )  # fmt: skip
    lines, _ = geometry.lines(theme, room[:n])
    if not len(lines):
        return Pick()
    found = np.empty((len(lines), 2))
    distance_to_curves(lines, x, y, found)
    # of lines that are equally near, the thicker one
    k = int(np.argmin(found[:, 0] - 0.5 * lines["width_begin"]))
    if found[k, 0] > reach:
        return Pick()
    return Pick(
        "synapse", int(columns["id"][lines["row"][k]]), float(found[k, 1]), float(found[k, 0]) / ratio
    )


def _sketched_at(geometry: Geometry, x: float, y: float) -> Pick:
    ratio = geometry.scale.ratio
    rows = plainly.sketched(geometry)
    if not len(rows):
        return Pick()
    away, at = plainly.nearest(plainly.ends(geometry, rows), x, y)
    # of lines that are equally near, the stronger one
    k = int(np.argmin(away - ratio * geometry.view.synapses["weight01"][rows]))
    if away[k] > SYNAPSE_REACH * ratio:
        return Pick()
    return Pick("synapse", int(geometry.view.synapses["id"][rows[k]]), float(at[k]), float(away[k]) / ratio)


def inside(
    geometry: Geometry, theme: Theme, corners: ArrayLike, *, is_lasso: bool = False
) -> dict[str, NDArray[np.int64]]:
    """Ids of all neurons, astrocytes and synapses in a polygon (n, 2) px.

    A rectangle takes the synapses whose both ends it holds; a lasso also those its line crosses.
    """
    shape = np.ascontiguousarray(corners, dtype=np.float64)
    is_whole = KERNELS.are_here()
    holds = contained if is_whole else plainly.contained
    neurons = holds(geometry.x, geometry.y, shape)
    glia = geometry.view.astrocytes
    gx, gy = geometry.project(glia["x"], glia["y"])
    columns = geometry.view.synapses
    rows = np.flatnonzero(neurons[columns["pre"]] & neurons[columns["post"]])
    if is_lasso and not is_whole:
        drawn = plainly.sketched(geometry)
        rows = np.union1d(rows, drawn[plainly.crossed(plainly.ends(geometry, drawn), shape)])
    elif is_lasso and len(columns["pre"]) <= MOST_CANDIDATES:
        every = np.arange(len(columns["pre"]), dtype=np.int32)
        lines, _ = geometry.lines(theme, every)
        hit = crossed(lines, shape, True)
        rows = np.union1d(rows, lines["row"][hit])
    return {
        "neuron": geometry.view.neurons["id"][neurons].copy(),
        "astrocyte": glia["id"][holds(gx, gy, shape)].copy(),
        "synapse": columns["id"][rows].copy(),
    }


def rectangle(x1: float, y1: float, x2: float, y2: float) -> NDArray[np.float64]:
    """The corners of a rectangle."""
    return np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], np.float64)
