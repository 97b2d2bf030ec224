"""Weights: how they are spread now, and how they got there.

The histogram is redrawn five times a second; a million weights are sampled evenly for it.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.counting import counted

import pyqtgraph as pg  # isort: skip

from editor.plots.base import CurvesPlot, pen
from engine import registry
from engine.live.frame import Frame

BINS = 60
SAMPLE = 100_000
FOLLOWED = 10
"""Single synapses drawn over time when none is selected."""


class Weights(CurvesPlot):
    """A histogram of all weights, and single weights and means over the whole run."""

    title = "Weights"
    order = 30
    hint = "Draw a synapse: its weight and every other will be shown here."
    left = "|w|"
    whole_run = True
    watches = "synapse"
    rate = 5.0

    def build(self) -> None:
        super().build()
        self.main.setTitle(None)
        self.spread = self.add_axes(0, 1, left="synapses", bottom="|w|")
        self.view.ci.layout.setColumnStretchFactor(0, 3)
        self.view.ci.layout.setColumnStretchFactor(1, 2)
        self.bars = {
            sign: pg.PlotCurveItem([0.0, 1.0], [0.0], stepMode="center", fillLevel=0) for sign in (1, -1, 0)
        }
        for item in self.bars.values():
            self.spread.addItem(item)
        self.latest: dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        self.sign_of: dict[int, int] = {}
        self.label_by_id: dict[int, str] = {}
        self.chosen: tuple[int, ...] = ()
        self.plastic: set[int] = set()
        self._took_at = -1e9

    def watch(self, synapses: NDArray[np.int64]) -> None:
        """Which single synapses to draw over time (the selection); none: a few of the plastic ones."""
        self.chosen = tuple(np.unique(np.asarray(synapses, np.int64))[:FOLLOWED].tolist())

    def relearn(self) -> None:
        signs = {p.id: p.sign for p in self.network.populations.values()}
        self.label_by_id = {p.id: p.label for p in self.network.projections.values()}
        self.sign_of = {}
        self.plastic = set()
        for p in self.network.projections.values():
            gap = registry.knows(p.transmission) and registry.find(p.transmission).gives == "gap"
            self.sign_of[p.id] = 0 if gap else signs.get(p.pre, 1)
            if any(r.enabled for r in p.rules) and not p.rests:
                self.plastic.add(p.id)
            if p.id not in self.latest and len(p.synapses):
                self.latest[p.id] = (p.synapses.id.copy(), p.synapses.weight.copy())
        self.latest = {i: v for i, v in self.latest.items() if i in self.label_by_id}

    def grow(self, frame: Frame) -> None:
        now = time.monotonic()
        if not frame.weights or now - self._took_at < 0.25 / self.rate:
            return  # a million weights are not copied more often than they are drawn
        self._took_at = now
        for projection, (ids, weights) in frame.weights.items():
            self.latest[projection] = (np.array(ids), np.array(weights))
        values: dict[object, float] = {}
        for projection in sorted(self.plastic & set(self.latest)):
            ids, weights = self.latest[projection]
            if len(weights):
                values[("mean", projection)] = float(np.abs(weights).mean())
        values.update(self._single())
        if values:
            self.curves.add(frame.t, values)

    def _single(self) -> dict[object, float]:
        """The weights now of the synapses that are followed one by one."""
        found: dict[object, float] = {}
        room = FOLLOWED
        for projection in self.latest if self.chosen else sorted(self.plastic & set(self.latest)):
            ids, weights = self.latest[projection]
            if self.chosen:
                rows = np.flatnonzero(np.isin(ids, self.chosen))
            else:
                rows = np.unique(np.linspace(0, len(ids) - 1, min(room, len(ids))).astype(np.int64))
            for row in rows[:room].tolist():
                found[int(ids[row])] = float(abs(weights[row]))
            room -= len(rows)
            if room <= 0:
                break
        return found

    def draw(self) -> None:
        self.draw_curves(self.main, self.curves, self.lines, self.ghost)
        top = 0.0
        parts: dict[int, list[NDArray[np.float64]]] = {1: [], -1: [], 0: []}
        total = 0
        for projection, (_, weights) in self.latest.items():
            stride = max(1, len(weights) // SAMPLE)
            some = np.abs(weights[::stride])
            some = some[np.isfinite(some)]
            total += len(weights)
            if len(some):
                top = max(top, float(some.max()))
                parts[self.sign_of.get(projection, 1)].append(some)
        edges = np.linspace(0.0, top * 1.02 if top > 0 else 1.0, BINS + 1)
        for sign, item in self.bars.items():
            counts = np.zeros(BINS)
            if parts[sign]:
                counts = np.histogram(np.concatenate(parts[sign]), edges)[0].astype(np.float64)
            item.setData(edges, counts)
            item.setVisible(bool(parts[sign]))
        chips = [
            (f"mean, {self.label_by_id.get(name[1], '')}", self.colour_of(name))
            for name in self.curves.names
            if isinstance(name, tuple)
        ]
        self.say(chips[:5], counted(total, "synapse"))

    def colour_of(self, name: object) -> str:
        if isinstance(name, tuple):
            means = [n for n in self.curves.names if isinstance(n, tuple)]
            cycle = self.theme.curves
            return cycle[means.index(name) % len(cycle)] if name in means else cycle[0]
        return self.theme.muted

    def label_of(self, name: object) -> str:
        if isinstance(name, tuple):
            return f"mean of {self.label_by_id.get(name[1], name[1])}"
        return f"synapse {name}"

    def recolour(self) -> None:
        super().recolour()
        inks = {1: self.theme.excitatory, -1: self.theme.inhibitory, 0: self.theme.neutral}
        for sign, item in self.bars.items():
            item.setPen(pen(inks[sign]))
            fill = pg.mkColor(inks[sign])
            fill.setAlphaF(0.35)
            item.setBrush(fill)

    def forget(self) -> None:
        super().forget()
        self.latest = {}
        self._took_at = -1e9
        if self.network is not None:
            self.relearn()

    def is_empty(self) -> bool:
        return not any(len(w) for _, w in self.latest.values())

    def spread_table(self) -> dict[str, NDArray[Any]]:
        """Every weight as last seen: projection, synapse, weight."""
        if self.is_empty():
            return {}
        kept = [(p, i, w) for p, (i, w) in self.latest.items() if len(i)]
        return {
            "projection": np.concatenate([np.full(len(i), p) for p, i, _ in kept]),
            "synapse": np.concatenate([i for _, i, _ in kept]),
            "weight": np.concatenate([w for _, _, w in kept]),
        }

    def table(self) -> dict[str, NDArray[Any]]:
        return super().table() or self.spread_table()
