"""What the quantal plot remembers of one projection: pulses, when something changed, what was true.

Qt-free.  What came until the change is "before"; the last trials of each synapse since then are "now".
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.analysis import electrode, quanta
from engine.analysis.electrode import Measured
from engine.live.frame import Frame

LAST = 50
"""Trials of each synapse that count as now."""
MOST = 40_000
"""Pulses kept of either side of the change; the oldest go."""
CHANGED = 0.01
"""A true P or q that moves by this share has changed."""

Row = tuple[float, float, float]
"""A true P, q and n (means over the synapses watched)."""


class Watched:
    """Synapses of one projection that are recorded."""

    def __init__(
        self, record: Any, synapses: NDArray[np.int64], probes: tuple[int, ...], begun: float
    ) -> None:
        self.record, self.synapses, self.probes = record, synapses, probes
        self.label: str = record.label or f"projection {record.id}"
        self.begun = begun
        self.marked: float | None = None
        """When it was last seen as it had been before it changed (ms)."""
        self._seen = begun
        self.was: Row | None = None
        self.now: Row | None = None
        self._pulses: list[tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]] = []
        self.adopt(record)

    def adopt(self, record: Any) -> None:
        """The projection as it is after an edit."""
        self.record = record
        model = registry.find(record.transmission, "transmission")
        self.params = {
            name: model.number(name, record.transmission_params.get(name, one.default))
            for name, one in model.params.items()
        }
        self.is_by_chance = electrode.is_by_chance(record.transmission)
        self.rest = electrode.rest_of(self.params)

    # -- taking in -----------------------------------------------------------------------------------

    def take(self, frame: Frame, since: int) -> None:
        """Take in what a frame has after the step `since`."""
        for probe in self.probes:
            found = frame.samples_since(probe, since)
            mine = np.isin(found["id"], self.synapses)
            if mine.any():
                self._pulses.append(
                    (found["t"][mine].copy(), found["id"][mine].copy(), found["value"][mine].copy())
                )
        self._shorten()
        truth = self._truth(frame)
        if truth is None:
            return
        self.was = self.was or truth
        if self.marked is None and any(
            abs(a - b) > CHANGED * max(abs(a), 1e-12) for a, b in zip(self.was, truth, strict=True)
        ):
            self.marked = self._seen
        self.now, self._seen = truth, frame.t

    def rewind(self, t: float) -> None:
        """Forget what came after `t`."""
        self._pulses = [(a[a <= t], b[a <= t], c[a <= t]) for a, b, c in self._pulses]
        if self.marked is not None and self.marked > t:
            self.marked = None
        self.begun, self._seen = min(self.begun, t), min(self._seen, t)

    def mark(self, t: float) -> None:
        """From here on it is "now", and what was true until here is what was before."""
        self.marked, self.was = t, self.now

    def _truth(self, frame: Frame) -> Row | None:
        sites = float(math.floor(self.params.get("n", 1.0) + 0.5))
        loci = (frame.quantities.get("loci") or {}).get(self.record.id)
        if loci is not None:
            ids, P, q = loci
            mine = np.isin(ids, self.synapses)
            if mine.any() and np.isfinite(q[mine]).all():  # else P alone is known, that of the last spike
                return float(np.mean(P[mine])), float(np.mean(q[mine])) * abs(self.record.w_max), sites
        if self.record.id not in frame.weights:
            return None
        ids, weights = frame.weights[self.record.id]
        mine = np.isin(ids, self.synapses)
        if not mine.any():
            return None
        named = getattr(registry.find(self.record.transmission, "transmission"), "probability", "")
        return self.params.get(named, 1.0), float(np.abs(weights[mine]).mean()), sites

    def _shorten(self) -> None:
        total = sum(part[0].size for part in self._pulses)
        while len(self._pulses) > 1 and total > 2 * MOST:
            total -= self._pulses.pop(0)[0].size

    # -- giving out ----------------------------------------------------------------------------------

    def trials(self) -> NDArray[np.void]:
        """Every trial so far, by time."""
        if not self._pulses:
            return np.zeros(0, electrode.TRIAL)
        t, ids, values = (np.concatenate([part[k] for part in self._pulses]) for k in range(3))
        return electrode.trials(t, ids, values, self.rest, self.begun)

    def measured(self) -> tuple[Measured, Measured]:
        """What the trials before the change tell, and the last ones since."""
        found = self.trials()
        sites = self.params.get("n", math.nan) if self.is_by_chance else math.nan
        if self.marked is None:
            return electrode.measure(found, sites), Measured()
        is_before = found["t"] <= self.marked
        after = found[~is_before]
        order = np.lexsort((-after["t"], after["id"]))
        place = np.arange(after.size) - np.searchsorted(after["id"][order], after["id"][order])
        latest = after[np.sort(order[place < LAST])]
        return electrode.measure(found[is_before], sites), electrode.measure(latest, sites)

    def told(self, row: Row | None, interval: float) -> dict[str, float]:
        """What the model's own P, q and n come to, by quantity; pulses `interval` ms apart."""
        if row is None:
            return {}
        P, q, n = row
        found = {
            "P": P, "q": q, "n": n, "failures": 0.0, "inverse_cv2": math.inf,
            "mean": (n if self.is_by_chance else 1.0) * P * q,
            "paired_pulses": math.nan,
        }  # fmt: skip
        if self.is_by_chance:
            found["failures"] = float(quanta.failures(P, n))
            found["inverse_cv2"] = float(quanta.inverse_cv2(P, n))
        if self._has_release() and math.isfinite(interval):
            rec, fac = (self.params.get(name, 0.0) for name in ("tau_rec", "tau_fac"))
            found["paired_pulses"] = float(quanta.paired_pulses(P, rec, fac, interval))
        return found

    def _has_release(self) -> bool:
        return bool(getattr(registry.find(self.record.transmission, "transmission"), "probability", ""))
