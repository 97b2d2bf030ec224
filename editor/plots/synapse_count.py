"""Synapse count: how many there are, how many were born and how many were pruned."""

from __future__ import annotations

import numpy as np

import pyqtgraph as pg  # isort: skip

from editor.plots.base import CurvesPlot, pen
from editor.plots.rings import Curves
from engine.live.frame import Frame
from engine.live.messages import Grown, Pruned, Restored

BORN, LOST, TOTAL = "grown", "pruned", "synapses"


class SynapseCount(CurvesPlot):
    """The number of synapses over the whole run, and births and deaths below it."""

    title = "Synapses"
    order = 50
    hint = "Structure rules grow and prune synapses: add one to a projection and press play."
    left = "synapses"
    bottom = ""
    whole_run = True

    def build(self) -> None:
        super().build()
        self.below = self.add_axes(1, left="so far")
        self.below.setXLink(self.main)
        self.view.ci.layout.setRowStretchFactor(0, 3)
        self.view.ci.layout.setRowStretchFactor(1, 2)
        self.turnover = Curves(self.room, whole_run=True)
        self.turnover_lines: dict[object, pg.PlotCurveItem] = {}
        self.born = self.lost = 0
        self.total = 0
        self._history: list[tuple[float, int, int]] = []

    def relearn(self) -> None:
        self.total = self.network.synapse_count

    def kept(self) -> tuple[Curves, ...]:
        return self.curves, self.turnover

    def hear(self, message: object) -> None:
        if isinstance(message, Grown):
            self.born += len(message.ids)
        elif isinstance(message, Pruned):
            self.lost += len(message.ids)
        elif isinstance(message, Restored):
            kept = [h for h in self._history if h[0] <= message.t]
            self.born, self.lost = kept[-1][1:] if kept else (0, 0)
            self._history = kept
            self.turnover.rewind(message.t)
            return
        else:
            return
        t = float(message.t)
        self._history.append((t, self.born, self.lost))
        if len(self._history) > 20_000:
            self._history = self._history[::2]

    def grow(self, frame: Frame) -> None:
        self.total = self.network.synapse_count if self.network is not None else self.total
        self.curves.add(frame.t, {TOTAL: float(self.total)})
        self.turnover.add(frame.t, {BORN: float(self.born), LOST: float(self.lost)})

    def draw(self) -> None:
        self.draw_curves(self.main, self.curves, self.lines, self.ghost)
        self.draw_curves(self.below, self.turnover, self.turnover_lines)
        self.say(
            [(n, self.colour_of(n)) for n in (TOTAL, BORN, LOST)],
            f"{self.total} now, +{self.born} \u2212{self.lost}",
        )

    def colour_of(self, name: object) -> str:
        return {BORN: self.theme.sprout, LOST: self.theme.retracting}.get(str(name), self.theme.excitatory)

    def recolour(self) -> None:
        super().recolour()
        for name, line in self.turnover_lines.items():
            line.setPen(pen(self.colour_of(name)))

    def forget(self) -> None:
        super().forget()
        self.turnover.clear()
        self.born = self.lost = 0
        self._history = []

    def is_empty(self) -> bool:
        return self.total == 0 and self.born == 0 and len(self.curves) < 2

    def table(self) -> dict[str, np.ndarray]:
        columns = super().table()
        if columns and len(self.turnover) == len(self.curves):
            columns.update({n: self.turnover.of(n) for n in self.turnover.names})
        return columns
