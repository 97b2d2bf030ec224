"""How much detail: chosen by how many px the synapses would paint, never by how many there are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from editor.canvas.geometry import Geometry
from editor.canvas.raster.layout import sample


class Detail(IntEnum):
    """The ways to draw synapses, from far to near."""

    BUNDLES = 0
    """Thick ribbons between populations."""
    DENSITY = 1
    """All synapses as light, toned."""
    HAIRLINES = 2
    """Straight lines of one px."""
    CURVES = 3
    """Curves with width and colour."""
    TERMINALS = 4
    """Curves with arrowheads and bars, growth cones, labels."""


@dataclass(frozen=True)
class Load:
    """What drawing every synapse in view would take (logical px)."""

    in_view: int
    """Synapses that touch the view (an estimate above 20,000)."""
    painted: float
    """Px of line in view."""
    crowding: float
    """Px of line per px of the tissue in view."""


SAMPLES = 20_000
ROW = 60.0
"""Px that a row of neurons takes across its length."""


def load_of(geometry: Geometry) -> Load:
    """Estimate the load from a sample of the synapses."""
    synapses = geometry.view.synapses
    total = len(synapses["pre"])
    if total == 0:
        return Load(0, 0.0, 0.0)
    stride = max(1, total // SAMPLES)
    count, length = sample(
        geometry.x, geometry.y, synapses["pre"], synapses["post"], stride, geometry.width, geometry.height
    )
    ratio = geometry.scale.ratio
    seen = (math.ceil(total / stride) and total / math.ceil(total / stride)) or 1.0
    painted = length * seen / ratio
    low_x, high_x = np.clip((geometry.x.min(), geometry.x.max()), 0, geometry.width) / ratio
    low_y, high_y = np.clip((geometry.y.min(), geometry.y.max()), 0, geometry.height) / ratio
    # neurons in a row have no height, and their synapses are not crowded for that
    area = max(ROW, high_x - low_x) * max(ROW, high_y - low_y)
    return Load(round(count * seen), painted, painted / area)


def choose(load: Load, geometry: Geometry, separable: float, current: Detail | None = None) -> Detail:
    """The detail for a load; `separable` px is the radius of populations that lie apart, 0 for none.

    The `current` detail is kept within a margin, so that a little zooming does not flicker.
    """
    ratio = geometry.scale.ratio

    def limit(value: float, boundary: Detail) -> float:
        """Stay: what is already nearer than the boundary may carry a quarter more."""
        if current is None:
            return value
        return value * (1.25 if current > boundary else 0.8)

    if load.painted > limit(9e6, Detail.DENSITY) or load.crowding > limit(9.0, Detail.DENSITY):
        is_small = 0.0 < separable / ratio < limit(60.0, Detail.BUNDLES)
        return Detail.BUNDLES if is_small and load.crowding > 6.0 else Detail.DENSITY
    if load.painted > limit(1e6, Detail.HAIRLINES) or load.in_view > limit(9000, Detail.HAIRLINES):
        return Detail.HAIRLINES
    if geometry.scale.neuron / ratio < limit(0.40, Detail.CURVES) and load.in_view > 400:
        return Detail.CURVES
    return Detail.TERMINALS
