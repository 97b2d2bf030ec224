"""The camera: which part of the tissue is on the canvas, and how large."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

CLOSEST, FARTHEST = 200.0, 1e-4
"""Limits of the zoom, logical px per um."""


@dataclass(frozen=True)
class Camera:
    """The um at the middle of the view and the logical px that one um takes.

    Logical px are those of the window; a screen of device pixel ratio 2 has two pictured px to
    each, which is `ratio` wherever it matters.
    """

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0

    def to_px(self, um: ArrayLike, width: float, height: float) -> NDArray[np.float64]:
        """Where places in the tissue (..., 2 or 3) um are seen, (..., 2) px from the top left."""
        at = np.asarray(um, dtype=np.float64)[..., :2]
        return np.asarray((at - (self.x, self.y)) * self.zoom + (0.5 * width, 0.5 * height))

    def to_um(self, px: ArrayLike, width: float, height: float) -> NDArray[np.float64]:
        """Which places in the tissue (..., 2) um are seen at (..., 2) px."""
        at = np.asarray(px, dtype=np.float64)[..., :2]
        return np.asarray((at - (0.5 * width, 0.5 * height)) / self.zoom + (self.x, self.y))

    def panned(self, dx: float, dy: float) -> Camera:
        """The camera after the picture was dragged by (dx, dy) px."""
        return replace(self, x=self.x - dx / self.zoom, y=self.y - dy / self.zoom)

    def zoomed(self, factor: float, px: ArrayLike, width: float, height: float) -> Camera:
        """The camera `factor` times closer, with what is at `px` staying where it is."""
        zoom = float(np.clip(self.zoom * factor, FARTHEST, CLOSEST))
        held = self.to_um(px, width, height)
        away = (np.asarray(px, dtype=np.float64) - (0.5 * width, 0.5 * height)) / zoom
        return Camera(float(held[0] - away[0]), float(held[1] - away[1]), zoom)

    def towards(self, goal: Camera, share: float) -> Camera:
        """The camera `share` of the way to `goal`; zoom moves by equal ratios, so it looks even."""
        zoom = self.zoom * (goal.zoom / self.zoom) ** share
        # the place both cameras show at the same px must not move while zooming
        part = share if abs(goal.zoom / self.zoom - 1.0) < 1e-9 else (
            (1.0 / self.zoom - 1.0 / zoom) / (1.0 / self.zoom - 1.0 / goal.zoom)
        )  # fmt: skip
        return Camera(self.x + (goal.x - self.x) * part, self.y + (goal.y - self.y) * part, zoom)

    def is_near(self, goal: Camera) -> bool:
        """Whether the two show the same picture to within a tenth of a px."""
        moved = max(abs(self.x - goal.x), abs(self.y - goal.y)) * goal.zoom
        return moved < 0.1 and abs(self.zoom / goal.zoom - 1.0) < 2e-4


def fit(um: ArrayLike, width: float, height: float, *, margin: float = 0.10, closest: float = 4.0) -> Camera:
    """The camera that shows all places (n, 2 or 3) um with a margin, at most `closest` px per um."""
    at = np.asarray(um, dtype=np.float64).reshape(-1, np.asarray(um).shape[-1] if np.size(um) else 2)[:, :2]
    if len(at) == 0:
        return Camera(0.0, 0.0, 1.0)
    low, high = at.min(axis=0), at.max(axis=0)
    middle = 0.5 * (low + high)
    room = (1.0 - 2.0 * margin) * np.array([width, height])
    zoom = float(np.min(room / np.maximum(high - low, 1e-9)))
    zoom = float(np.clip(zoom, FARTHEST, min(closest, CLOSEST)))
    return Camera(float(middle[0]), float(middle[1]), zoom)
