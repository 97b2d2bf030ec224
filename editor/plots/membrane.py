"""Membrane: the potential of the neurons that carry a probe, with a stroke where they fired.

Where no probe is of a potential and nothing is selected it shows what the first probe of neurons is of.
Values come from the probes of the frame where it has them, otherwise from the share of the way to
threshold that every frame has of every neuron.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import pyqtgraph as pg  # isort: skip

from editor.plots.base import CurvesPlot, pen
from editor.plots.rings import Curves, Spikes
from engine import registry
from engine.live.frame import Frame

MOST = 8
"""Curves at once; more cannot be told apart."""
DENSEST = 200
"""Moments of one frame that are drawn; a probe may have seen more."""
PEAK = 14.0
"""mV above threshold up to which a spike is drawn: an integrate-and-fire neuron has no peak of its own."""


class Membrane(CurvesPlot):
    """v of the probed neurons over time."""

    title = "Membrane"
    order = 20
    hint = "Drag a probe onto a neuron, or select up to eight neurons, to see their membranes."
    left = "v (mV)"
    room = 16384
    watches = "neuron"

    def build(self) -> None:
        super().build()
        self.spikes = Spikes(50_000)
        self.chosen: NDArray[np.int64] = np.zeros(0, np.int64)
        self.probed: NDArray[np.int64] = np.zeros(0, np.int64)
        self.sampled: set[int] = set()
        """Neurons of which a probe has told the potential itself; what a frame shows of them is coarser."""
        self.what, self.unit = "v", "mV"
        """The quantity that is shown."""
        self.rest: dict[int, tuple[float, float]] = {}
        self.names: dict[int, str] = {}
        self.threshold = pg.InfiniteLine(-55.0, angle=0)
        self.main.addItem(self.threshold, ignoreBounds=True)
        self.threshold.hide()

    def watch(self, neurons: NDArray[np.int64]) -> None:
        """Which neurons to show besides the probed ones (the selection)."""
        self.chosen = np.unique(np.asarray(neurons, np.int64))[:MOST]
        self.relearn()

    def relearn(self) -> None:
        if self.network is None:
            return
        self._choose(*self._shown())
        probes = [p.targets for p in self.network.probes.values() if p.what == self.what]
        known = [p.neuron_ids for p in self.network.populations.values()]
        everyone = np.concatenate([np.zeros(0, np.int64), *known])
        wanted = np.concatenate([np.zeros(0, np.int64), *probes, self.chosen])
        there = np.array([i for i in dict.fromkeys(wanted.tolist()) if i in everyone], np.int64)
        spread = np.linspace(0, len(there) - 1, min(len(there), MOST)).round().astype(np.int64)
        self.probed = there[spread]  # of many, some from the first to the last
        self.rest, self.names = {}, {}
        for population in self.network.populations.values():
            for row in np.flatnonzero(np.isin(population.neuron_ids, self.probed)):
                neuron = int(population.neuron_ids[row])
                self.rest[neuron] = _rest_and_threshold(population, int(row))
                own = population.names[row] if population.names else ""
                self.names[neuron] = own or f"{population.label} {row + 1}"
        gone = [n for n in self.curves.names if n not in self.probed]
        if gone:
            self.forget()
        limits = {high for _, high in self.rest.values()}
        self.threshold.setVisible(len(limits) == 1 and self.what == "v")
        if len(limits) == 1:
            self.threshold.setValue(limits.pop())

    def _shown(self) -> tuple[str, str]:
        """The quantity to show, and its unit: the potential, or else what the first probe is of."""
        probes = self.network.probes.values()
        if len(self.chosen) or any(probe.what == "v" for probe in probes):
            return "v", "mV"
        for probe in probes:
            for id in np.unique(self.network.population_of(probe.targets)).tolist():
                population = self.network.populations.get(id)
                if population is not None and registry.knows(population.model):
                    state: Any = getattr(registry.find(population.model), "states", {}).get(probe.what)
                    if state is not None:
                        return probe.what, state.unit
        return "v", "mV"

    def _choose(self, what: str, unit: str) -> None:
        if (what, unit) != (self.what, self.unit):
            self.what, self.unit = what, unit
            self.forget()
            self.main.setLabel("left", f"{what} ({unit})" if unit else what)

    def advice(self) -> str:
        return "Press play: the membrane is drawn here." if len(self.probed) else self.hint

    def grow(self, frame: Frame) -> None:
        new = self.new_spikes(frame)
        mine = np.isin(new["id"], self.probed)
        dt = getattr(self.network, "dt", 0.1)
        self.spikes.add(new["step"][mine] * dt, new["id"][mine])
        last = float(self.curves.t[-1]) if len(self.curves) else -np.inf
        values = self._from_probes(frame, last if frame.t >= last else -np.inf)
        if self.what == "v" and len(self.probed) and len(frame.ids):
            place = np.minimum(np.searchsorted(frame.ids, self.probed), len(frame.ids) - 1)
            for neuron, row in zip(self.probed.tolist(), place.tolist(), strict=True):
                if neuron not in self.sampled and frame.ids[row] == neuron and neuron in self.rest:
                    low, high = self.rest[neuron]
                    values.setdefault(frame.t, {})[neuron] = low + float(frame.v01[row]) * (high - low)
        for t in sorted(values):
            self.curves.add(t, values[t])

    def _from_probes(self, frame: Frame, last: float) -> dict[float, dict[object, float]]:
        """What probes of the quantity saw after `last` ms: by time, the values by neuron."""
        values: dict[float, dict[object, float]] = {}
        for probe in self.network.probes.values():
            seen = frame.samples.get(probe.id)
            if probe.what != self.what or seen is None or not len(seen):
                continue
            fresh = seen[np.isin(seen["id"], self.probed) & (seen["t"] > last)]
            for neuron in set(np.unique(fresh["id"]).tolist()) - self.sampled:
                self.curves.blank(neuron)
                self.sampled.add(neuron)
            times = np.unique(fresh["t"])
            if len(times) > DENSEST:
                fresh = fresh[np.isin(fresh["t"], times[:: -(-len(times) // DENSEST)])]
            rows = zip(fresh["t"].tolist(), fresh["id"].tolist(), fresh["value"].tolist(), strict=True)
            for t, neuron, value in rows:
                values.setdefault(t, {})[neuron] = value
        return values

    def points(self, name: object, curves: Curves) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        t, v = super().points(name, curves)
        known = np.isfinite(v) | curves.gaps  # others may have been seen between
        t, v = t[known], v[known]
        mine = self.spikes.t[self.spikes.neuron == name]
        mine = mine[(mine > (t[0] if len(t) else 0.0)) & (mine <= self.t)]
        if not len(mine) or not len(t) or self.what != "v":
            return t, v
        low, high = self.rest.get(int(str(name)), (-70.0, -55.0))
        stroke_t = np.repeat(mine, 3)
        stroke_v = np.tile([high, high + PEAK, low], len(mine))
        when, value = np.concatenate([t, stroke_t]), np.concatenate([v, stroke_v])
        order = np.argsort(when, kind="stable")
        return when[order], value[order]

    def label_of(self, name: object) -> str:
        return self.names.get(int(str(name)), str(name))

    def forget(self) -> None:
        super().forget()
        self.spikes.clear()
        self.sampled.clear()

    def recolour(self) -> None:
        super().recolour()
        self.threshold.setPen(pen(self.theme.muted, 0.6, dashed=True))

    def table(self) -> dict[str, NDArray[Any]]:
        columns = super().table()
        head = f"{self.what}_{self.unit}".rstrip("_")
        return {name if name == "t_ms" else f"{head} {name}": values for name, values in columns.items()}


def _rest_and_threshold(population: Any, row: int) -> tuple[float, float]:
    """Where v01 is 0 and 1 for one neuron, mV: what its model calls rest and peak."""
    model: Any = registry.find(population.model)

    def value(named: float | str, default: float) -> float:
        if not isinstance(named, str):
            return float(named)
        declared = model.params.get(named)
        given = population.params.get(named, declared.default if declared else default)
        return float(given) if np.ndim(given) == 0 else float(np.asarray(given)[row])

    return value(getattr(model, "rest", "e_l"), -70.0), value(getattr(model, "peak", "v_th"), -55.0)
