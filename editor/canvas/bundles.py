"""Bundles: when populations are small and far, one ribbon per pair of populations stands for its synapses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.geometry import Geometry
from editor.canvas.raster.records import ARROW, BAR, GLOW, ROUND, STROKE, TERMINAL, records
from editor.canvas.scene import SceneView
from editor.canvas.scene_parts import NEUTRAL
from editor.canvas.style import tone_rgb
from editor.window.theme import Theme, ramp

LARGEST_SHARE = 0.02
"""Pairs of populations with fewer than this share of the largest pair's synapses get the thinnest ribbon."""


@dataclass(frozen=True)
class Clusters:
    """Populations as discs in the tissue (um): middle, radius, how many neurons, tone of most."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    radius: NDArray[np.float64]
    count: NDArray[np.int64]
    tone: NDArray[np.int64]

    @classmethod
    def of(cls, view: SceneView) -> Clusters:
        """Find where the populations of a scene lie."""
        owner = view.neurons["population"].astype(np.int64)
        n = max(len(view.populations), int(owner.max()) + 1 if len(owner) else 0)
        count = np.bincount(owner, minlength=n)
        safe = np.maximum(count, 1)
        x = np.bincount(owner, view.neurons["x"], n) / safe
        y = np.bincount(owner, view.neurons["y"], n) / safe
        away = (view.neurons["x"] - x[owner]) ** 2 + (view.neurons["y"] - y[owner]) ** 2
        radius = np.sqrt(2.0 * np.bincount(owner, away, n) / safe)
        inhibitory = np.bincount(owner, view.neurons["tone"] == 1, n) > 0.5 * count
        neutral = np.bincount(owner, view.neurons["tone"] == 2, n) > 0.5 * count
        return cls(x, y, radius, count, np.where(inhibitory, 1, np.where(neutral, 2, 0)))

    def separable(self) -> float:
        """Radius (um) of a typical population when populations lie apart; 0 when they overlap."""
        real = np.flatnonzero(self.count > 0)
        if len(real) < 2:
            return 0.0
        d = np.hypot(self.x[real, None] - self.x[real], self.y[real, None] - self.y[real])
        room = 0.8 * (self.radius[real, None] + self.radius[real])
        apart = (d > room) | np.eye(len(real), dtype=bool)
        if apart.mean() < 0.98:
            return 0.0
        return float(np.average(self.radius[real], weights=self.count[real]))


def pairs(view: SceneView) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pre population, post population and number of synapses of each pair that has any."""
    owner = view.neurons["population"].astype(np.int64)
    n = int(owner.max()) + 1 if len(owner) else 1
    key = owner[view.synapses["pre"]] * n + owner[view.synapses["post"]]
    count = np.bincount(key, minlength=n * n).astype(np.float64)
    used = np.flatnonzero(count)
    return used // n, used % n, count[used]


def ribbons(geometry: Geometry, clusters: Clusters, theme: Theme) -> tuple[NDArray[Any], NDArray[Any]]:
    """Strokes and terminals of all bundles, thinnest first."""
    pre, post, count = pairs(geometry.view)
    if not len(pre):
        return np.empty(0, STROKE), np.empty(0, TERMINAL)
    order = np.argsort(count, kind="stable")
    pre, post, count = pre[order], post[order], count[order]
    ratio = geometry.scale.ratio
    x, y, radius = drawn_clusters(geometry, clusters)
    share = np.sqrt(np.maximum(count / count.max(), LARGEST_SHARE))
    width = (2.0 + 11.0 * share) * ratio
    tone = _tones(geometry.view, clusters)[pre]
    full = tone_rgb(theme)[tone]
    strokes, ends = records(STROKE, len(pre)), records(TERMINAL, len(pre))
    loop = pre == post
    dx, dy = x[post] - x[pre], y[post] - y[pre]
    length = np.maximum(np.hypot(dx, dy), 1e-6)
    side = np.where((pre + post) % 2 == 0, 1.0, -1.0)
    bow = 0.16 * side
    cx = 0.5 * (x[pre] + x[post]) - dy * bow
    cy = 0.5 * (y[pre] + y[post]) + dx * bow
    turn = -1.9
    cx = np.where(loop, x[pre] + 3.2 * radius[pre] * np.cos(turn), cx)
    cy = np.where(loop, y[pre] + 3.2 * radius[pre] * np.sin(turn), cy)
    t0x, t0y = _unit(cx - x[pre], cy - y[pre])
    t1x, t1y = _unit(x[post] - cx, y[post] - cy)
    t0x, t0y = np.where(loop, np.cos(turn - 0.5), t0x), np.where(loop, np.sin(turn - 0.5), t0y)
    t1x, t1y = np.where(loop, -np.cos(turn + 0.5), t1x), np.where(loop, -np.sin(turn + 0.5), t1y)
    gap = np.minimum(4.0 * ratio, 0.1 * length)
    size = np.minimum((6.0 + 1.25 * width / ratio) * ratio, np.where(loop, radius[pre], 0.4 * length))
    strokes["ax"], strokes["ay"] = x[pre] + t0x * (radius[pre] + gap), y[pre] + t0y * (radius[pre] + gap)
    strokes["cx"], strokes["cy"] = cx, cy
    tip_x, tip_y = x[post] - t1x * (radius[post] + gap), y[post] - t1y * (radius[post] + gap)
    behind = np.where(tone == 1, 0.8 * ratio, 0.70 * size)
    strokes["bx"], strokes["by"] = tip_x - t1x * behind, tip_y - t1y * behind
    strokes["end"] = 1.0
    strokes["width_begin"], strokes["width_end"] = 0.55 * width, width
    strokes["alpha_begin"], strokes["alpha_end"] = 0.38, 0.88
    strokes["rgb"] = full
    strokes["row"] = -1
    ends["x"], ends["y"], ends["dx"], ends["dy"] = tip_x, tip_y, t1x, t1y
    ends["size"], ends["rgb"], ends["alpha"] = size, full, 1.0
    ends["kind"] = np.array([ARROW, BAR, ROUND])[tone]
    return strokes, ends


def drawn_clusters(
    geometry: Geometry, clusters: Clusters
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Middles and radii of the populations in px."""
    zoom = geometry.scale.ratio
    neurons = geometry.view.neurons
    owner = neurons["population"].astype(np.int64)
    n = len(clusters.x)
    safe = np.maximum(np.bincount(owner, minlength=n), 1)
    x = np.bincount(owner, geometry.x, n) / safe
    y = np.bincount(owner, geometry.y, n) / safe
    away = (geometry.x - x[owner]) ** 2 + (geometry.y - y[owner]) ** 2
    radius = np.sqrt(2.0 * np.bincount(owner, away, n) / safe) + 3.0 * zoom
    return x, y, radius


def clouds(geometry: Geometry, clusters: Clusters, theme: Theme) -> NDArray[Any]:
    """Soft light behind each population, in its colour."""
    x, y, radius = drawn_clusters(geometry, clusters)
    real = clusters.count > 1
    colour = tone_rgb(theme)[_tones(geometry.view, clusters)]
    made = records(GLOW, int(real.sum()))
    made["x"], made["y"], made["radius"] = x[real], y[real], 1.55 * radius[real]
    made["alpha"] = 0.20 if theme.is_dark else 0.16
    made["rgb"] = colour[real]
    return made


def _tones(view: SceneView, clusters: Clusters) -> NDArray[np.int64]:
    """The tone of each population; those that are switched off have none."""
    off = np.zeros(len(clusters.tone), bool)
    off[: len(view.populations)] = [mark.is_off for mark in view.populations]
    return np.where(off, NEUTRAL, clusters.tone)


def faint(theme: Theme, share: float) -> NDArray[np.uint32]:
    """Colours of the tones, paled towards the background."""
    names = (theme.excitatory, theme.inhibitory, theme.neutral)
    return np.array([int(ramp(theme.background, name, share)) for name in names], np.uint32)


def _unit(
    dx: NDArray[np.float64], dy: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    length = np.maximum(np.hypot(dx, dy), 1e-9)
    return dx / length, dy / length
