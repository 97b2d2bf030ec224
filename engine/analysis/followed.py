"""What a run shows of its own slowness: how strong its first synapses become, and how many are left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.analysis.slowness import Slowness, half_time, survival_half_time
from engine.declare import Structure
from engine.network.network import Network
from engine.network.parts import Projection, RuleUse
from engine.runtime.simulation import Simulation

ROOM = 2000
"""Moments kept; when there are more, every other one goes."""
LEAST = 0.01
"""A change of the mean weight by less than this share is none yet."""
FINE, MOST = 10, 400
"""Slow ticks that half of an enlargement must take to be measured, and ticks watched for it."""


class Followed:
    """The synapses of the beginning: their mean weight and the share that is left, moment by moment."""

    def __init__(self) -> None:
        self.slow = 1.0
        self.learning: dict[int, NDArray[np.int64]] = {}
        """By projection that learns: the synapses of the beginning."""
        self.turning = np.empty(0, np.int64)
        """Those that structure may take away."""
        self.points: list[tuple[float, float, float]] = []
        """(t in ms, mean weight or NaN, share left)."""
        self._means: dict[int, float] = {}
        self._left = 1.0

    @property
    def has_begun(self) -> bool:
        """Whether it follows anything."""
        return bool(self.learning) or self.turning.size > 0

    def begin(self, net: Network) -> None:
        """Follow the synapses that are there now."""
        self.slow = net.slow
        turning = [np.empty(0, np.int64)]
        for projection in net.projections.values():
            ids = np.array(projection.synapses.id, np.int64)
            stages = {registry.find(use.slug, "rule").stage for use in enabled(projection)}
            if projection.frozen or not ids.size:
                continue
            if "induction" in stages:
                self.learning[projection.id] = ids
            if "structure" in stages:
                turning.append(ids)
        self.turning = np.concatenate(turning)

    def look(self, net: Network) -> None:
        """Synapses came or went."""
        self.slow = net.slow
        if self.turning.size:
            self._left = float((net.projection_of(self.turning) != 0).mean())

    def add(self, t: float, weights: Mapping[int, tuple[Any, Any]]) -> None:
        """A moment of the run, with the weights that were looked at."""
        for id, first in self.learning.items():
            if id in weights:
                ids, values = weights[id]
                mine = np.abs(np.asarray(values)[np.isin(ids, first)])
                if mine.size:
                    self._means[id] = float(mine.mean())
        if self.points and t <= self.points[-1][0]:
            return
        mean = float(np.mean(list(self._means.values()))) if self._means else nan
        self.points.append((t, mean, self._left))
        if len(self.points) > ROOM:
            self.points = self.points[::2]

    def rewind(self, t: float) -> None:
        """What came after `t` (ms) was given up."""
        self.points = [point for point in self.points if point[0] <= t]

    def slowness(self, enlargement: float = nan) -> Slowness:
        """Both half-times as far as they can be told by now; infinite where nothing has changed."""
        if len(self.points) < 2:
            return Slowness(inf, inf, self.slow, enlargement)
        t, mean, left = np.array(self.points).T
        known = np.isfinite(mean)
        functional = inf
        if known.sum() > 1:
            seen = mean[known]
            if abs(seen[-1] - seen[0]) > LEAST * max(abs(seen[0]), 1e-300):
                functional = half_time(t[known], seen)
        structural = survival_half_time(t, left) if left[-1] < 1.0 else inf
        return Slowness(functional, structural, self.slow, enlargement)


def enabled(projection: Projection) -> list[RuleUse]:
    """The cards of a projection that are switched on."""
    return [use for use in projection.rules if use.enabled]


def with_heads(net: Network) -> RuleUse | None:
    """The first card of a network whose spines have heads."""
    for projection in net.projections.values():
        for use in enabled(projection):
            card = registry.find(use.slug, "rule")
            if issubclass(card, Structure) and card.head:
                return use
    return None


def nothing() -> None:
    """Whoever is asked goes on."""


def enlargement(use: RuleUse, slow: float = 1.0, go_on: Callable[[], object] = nothing) -> float:
    """Half-time (ms of life) with which the head of one lasting spine follows its synapse, twice as strong.

    It is measured on a synapse of its own, first with structure as compressed as asked; where the slow clock
    of the card is too coarse to see it, with less and less.  NaN where the head does not follow.  `go_on` is
    called at every tick, and may raise Cancelled.
    """
    card = registry.find(use.slug, "rule")
    assert issubclass(card, Structure)
    update = float(use.params.get("update", card.params["update"].default))
    while True:
        seen = _follow(use, card, slow, update, go_on)
        if seen[-1] <= 1.0 + LEAST:
            return nan
        ticks = half_time(np.arange(seen.size + 1), [*seen, 2.0])
        if ticks >= FINE or slow <= 1.0:
            return ticks * update * slow
        slow = max(slow / 10.0, 1.0)


def _follow(
    use: RuleUse, card: type[Structure], slow: float, update: float, go_on: Callable[[], object]
) -> NDArray[np.float64]:
    """Heads tick by tick, from 1 on, of a synapse whose weight is 2."""
    net = Network(dt=min(1.0, update), seed=1)
    net.slow = slow
    cells = net.add_population("Cells", "relay", size=2, sign=+1)
    way = net.add_projection("Way", cells, cells, rules=[use], w_max=1e9)
    ids = net.add_synapses(way, cells.ids[:1], cells.ids[1:], weight=2.0, delay=net.dt)
    net.set(ids, **{card.head: 1.0, card.spine: 1.0})
    sim, seen = Simulation(net), [1.0]
    for _ in range(MOST):
        go_on()
        sim.run(update)
        heads = sim.synapses(way)[card.head]
        if not heads.size or seen[-1] > 1.9:
            break
        seen.append(float(heads[0]))
    return np.array(seen)
