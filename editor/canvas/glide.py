"""Neurons on their way to new places: an arrangement is seen happening, not only its result."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from editor.canvas.changes import ease
from editor.canvas.scene import Scene

LASTS = 0.45
"""How long neurons glide, s."""


def places(scene: Scene) -> dict[str, NDArray[np.float64]]:
    """Ids of all neurons and astrocytes, and where they are drawn (um)."""
    tables = (scene.neurons, scene.astrocytes)
    ids = np.concatenate([table["id"] for table in tables])
    return {"id": ids, "at": scene.places()}


@dataclass(frozen=True)
class Glide:
    """Some neurons between two places since a moment (wall-clock time, s)."""

    ids: NDArray[np.int64]
    start: NDArray[np.float64]
    stop: NDArray[np.float64]
    since: float

    @classmethod
    def of(cls, before: dict[str, NDArray[np.float64]], scene: Scene, now: float) -> Glide | None:
        """What moved since `before` (see `places`); None when nothing did."""
        after = places(scene)
        common, first, second = np.intersect1d(before["id"], after["id"], return_indices=True)
        start, stop = before["at"][first], after["at"][second]
        moved = (start != stop).any(axis=1)
        if not moved.any():
            return None
        return cls(common[moved].astype(np.int64), start[moved], stop[moved], now)

    def still(self, scene: Scene) -> Glide | None:
        """The same glide after the scene was brought up to date: who is gone or was moved on is left out."""
        after = places(scene)
        _, mine, found = np.intersect1d(self.ids, after["id"], return_indices=True)
        same = np.isclose(after["at"][found], self.stop[mine], rtol=1e-5, atol=0.01).all(axis=1)
        rows = mine[same]
        if not len(rows):
            return None
        return replace(self, ids=self.ids[rows], start=self.start[rows], stop=self.stop[rows])

    def show(self, scene: Scene, now: float) -> bool:
        """Draw the neurons where they are at this moment; True when they have arrived."""
        share = (now - self.since) / LASTS
        if share >= 1.0:
            scene.move_neurons(self.ids, self.stop)
            return True
        scene.move_neurons(self.ids, self.start + (self.stop - self.start) * float(ease(share)))
        return False
