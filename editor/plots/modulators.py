"""Modulators: how much of each substance is in the tissue, over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.plots.base import CurvesPlot
from engine.live.frame import Frame


class Modulators(CurvesPlot):
    """The concentration of every modulator."""

    title = "Modulators"
    order = 60
    hint = "Give neurons a modulator to release, and a projection a rule that waits for it."
    left = "concentration"
    wants = ("modulator",)
    """Quantities a frame must carry for this plot."""

    @classmethod
    def concerns(cls, network: Any) -> bool:
        return bool(network.modulators)

    def relearn(self) -> None:
        self.labels.clear()
        self.labels.update({m.id: str(m.label) for m in self.network.modulators.values()})

    def advice(self) -> str:
        return "Press play: what is released is drawn here." if self.labels else self.hint

    def grow(self, frame: Frame) -> None:
        values = {
            i: float(np.asarray(n).ravel()[0])
            for i, n in (frame.quantities.get("modulator") or {}).items()
            if i in self.labels
        }
        if values:
            self.curves.add(frame.t, values)

    def build(self) -> None:
        super().build()
        self.labels: dict[int, str] = {}

    def colour_of(self, name: object) -> str:
        place = self.curves.names.index(name) if name in self.curves.names else 0
        cycle = (self.theme.modulatory, *self.theme.astrocytes)
        return cycle[place % len(cycle)]

    def label_of(self, name: object) -> str:
        return self.labels.get(int(str(name)), str(name))
