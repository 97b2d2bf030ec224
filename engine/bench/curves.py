"""Cost against size: what a second of biology costs as a circuit grows, beside the expected law."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from engine import Simulation
from engine.bench import circuits, numbers

STDP = ("stdp_pair", numbers.STDP)
SCALING = ("scaling", {"target": 10.0})
LAW = {
    "neurons": "neurons + events",
    "synapses": "events",
    "plastic synapses": "events",
    "rate": "neurons + events",
    "rules": "events, and slow ticks",
    "threads": "the same work",
}
"""What the cost should be proportional to as one thing grows."""
DRIVES = (0.0, 380.0, 500.0, 700.0)
"""pA that make a balanced circuit silent, or fire more and more."""
LINEAR = 1.2
"""The most a cost may grow as a power of what was expected; above it something is worse than proportional.

Caches that no longer hold a larger circuit make it cost more than in proportion, but not as its square.
"""


def powers(rows: list[dict[str, Any]]) -> dict[str, float]:
    """By curve, as which power of what was expected the cost grew from its least to its greatest point."""
    found: dict[str, float] = {}
    for curve in dict.fromkeys(row["curve"] for row in rows):
        mine = [row for row in rows if row["curve"] == curve]
        points = sorted(zip(_expected(mine), (row["cost"] for row in mine), strict=True))
        (low, little), (high, much) = points[0], points[-1]
        if high > 1.1 * low:
            found[curve] = math.log(much / little) / math.log(high / low)
    return found


def _expected(rows: list[dict[str, Any]]) -> list[float]:
    """What each point would cost if a neuron step had one price and an event another: those that fit best."""
    events = np.array([row["events"] for row in rows])
    done = np.stack([np.array([row["work"] for row in rows]) - events, events], axis=1)
    cost = np.array([row["cost"] for row in rows])
    fits = []
    for used in ([0, 1], [0], [1]):
        prices = np.linalg.lstsq(done[:, used], cost, rcond=None)[0]
        if (prices >= 0.0).all():
            fits.append(done[:, used] @ prices)
    best = min(fits, key=lambda fit: float(np.square(fit - cost).sum()))
    return [float(each) for each in best]


class Curves:
    """Each circuit of a series runs a little; the table of all is the answer."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.rows: list[dict[str, Any]] = []
        self.facts: dict[str, Any] = {}

    def go(self) -> float:
        """Measure every point of every curve; returns the CPU seconds all of it took."""
        begin, self.rows = time.process_time(), []
        n = self.n
        for part in (8, 4, 2, 1):
            self._point("neurons", n // part, n // part, 100 * n // 4000 or 10, [])
        for part in (8, 4, 2, 1):
            self._point("synapses", part, n, max(10, n // 10 // part), [])
        for part in (8, 4, 2, 1):
            self._point("plastic synapses", part, n, max(10, n // 10 // part), [STDP])
        for drive in DRIVES:
            self._point("rate", drive, n, n // 10, [STDP], drive=drive)
        for count, rules in enumerate(([], [STDP], [STDP, SCALING])):
            self._point("rules", count, n, n // 10, rules)
        for threads in (1, 2):
            self._point("threads", threads, n, n // 10, [STDP], threads)
        return time.process_time() - begin

    def _point(
        self, curve: str, at: float, n: int, k: int, rules: list[Any], threads: int = 1,
        drive: float = numbers.BALANCED["i_e"],
    ) -> None:  # fmt: skip
        net = circuits.balanced(n, rules, k=k, drive=drive)
        sim = Simulation(net, threads=threads)
        sim.run(50.0)
        step, costs = sim.step, []
        clock = time.perf_counter if threads > 1 or curve == "threads" else time.process_time
        for _ in range(3):
            begin = clock()
            sim.run(50.0)
            costs.append((clock() - begin) / 0.05)
        spikes = len(sim.spikes_since(step)[0]) / 0.15
        events = spikes * net.synapse_count / n
        work = 1000.0 / net.dt * n + events
        self.rows.append(
            {
                "curve": curve, "at": at, "neurons": n, "synapses": net.synapse_count, "cost": min(costs),
                "events": events, "work": work, "each": 1e9 * min(costs) / work, "law": LAW[curve],
            }
        )  # fmt: skip

    def end(self) -> dict[str, Any]:
        """The points of all curves."""
        return {"curves": self.rows}
