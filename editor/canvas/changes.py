"""What is happening right now: births, deaths, changed weights and spikes, as functions of wall-clock time.

Nothing here reads a clock: every call is told `now` (s), so a test can step through an animation.
When more than 200 things of a kind happen within a second they merge into a shimmer with a count.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from editor.canvas.columns import MISSING, Columns
from editor.canvas.compiled import quick
from editor.canvas.raster.flights import push_spikes
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import LONGEST_MEMORY, SYNAPSE_COLUMNS
from editor.canvas.teaching import Waves

FLASH = 0.15
"""A spike decays with this time constant, s."""
GROW, ARRIVE, SETTLE = 0.90, 0.45, 0.45
"""A sprout advances, then the new synapse lights up, then the standing picture takes over."""
RETRACT, GHOST = 0.90, 1.00
"""A pruned synapse retracts, then leaves a ghost."""
HALO = 0.55
"""The halo of a changed weight decays with this time constant, s; it rises in `HALO_RISE`."""
HALO_RISE = 0.06
LINGERS = 0.5
"""What a spike does where it arrives is over after this, s."""
SHIMMER = 0.6
"""The shimmer of merged events decays with this time constant, s."""
SHORTEST_FLIGHT = 0.240
"""No spike in flight takes less wall time than this."""
FASTEST_WITH_FLIGHTS = 4.0
"""Above this speed (times real time) spikes in flight are not shown."""
MERGE_ABOVE = 200
"""Events of one kind per second beyond which they merge."""


class Kind(IntEnum):
    """What can happen to a synapse."""

    BIRTH = 0
    DEATH = 1
    POTENTIATION = 2
    DEPRESSION = 3


class _Rate:
    """Counts the events of the last second."""

    def __init__(self) -> None:
        self._events: deque[tuple[float, int]] = deque()
        self._sum = 0

    def add(self, n: int, now: float) -> None:
        self._events.append((now, n))
        self._sum += n

    def per_second(self, now: float) -> int:
        while self._events and self._events[0][0] <= now - 1.0:
            self._sum -= self._events.popleft()[1]
        return self._sum


@dataclass(frozen=True)
class Lively:
    """What is alive at one moment: ids with their progress."""

    ids: NDArray[np.int64]
    progress: NDArray[np.float64]
    """Births: 0 to 1 advancing, 1 to 2 arriving, above 2 settling.  Deaths: 0 to 1 retracting, to 2 ghost."""


class Changes:
    """Everything that is being animated, and until when."""

    def __init__(self) -> None:
        """Begin with nothing happening."""
        self._births: dict[int, float] = {}
        self._shown: dict[int, int] = {}
        self._deaths: dict[int, float] = {}
        self.graves = Columns(SYNAPSE_COLUMNS)
        """Pruned synapses while they are still drawn; `pre` and `post` are set when drawn."""
        self._ends: dict[int, tuple[int, int]] = {}
        self._halos: dict[int, tuple[float, float, float]] = {}
        self._rates = tuple(_Rate() for _ in Kind)
        self._merged = tuple(_Rate() for _ in Kind)
        self._shimmer_at = -math.inf
        self._last_spike = -math.inf
        self.waves = Waves()
        self.longest_flight = SHORTEST_FLIGHT

    # ---- what happened ---------------------------------------------------------------------------

    def born(self, scene: Scene, ids: ArrayLike, now: float) -> None:
        """Animate the birth of synapses that are already in the scene."""
        new = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        new = new[scene.synapses.rows(new) != MISSING]
        drawn = self._admit(scene, Kind.BIRTH, new, scene.synapses.rows(new), now)
        for i in drawn.tolist():
            self._births[i] = now
        scene.show_synapses(drawn, False)

    def died(self, scene: Scene, ids: ArrayLike, now: float) -> None:
        """Take synapses out of the scene and let them retract; ids that are gone are skipped."""
        gone = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        gone = gone[scene.synapses.rows(gone) != MISSING]
        drawn = self._admit(scene, Kind.DEATH, gone, scene.synapses.rows(gone), now)
        if len(drawn):
            rows = scene.synapses.rows(drawn)
            columns = {name: scene.synapses[name][rows] for name in SYNAPSE_COLUMNS}
            self.graves.append(drawn, **columns)
            neuron = scene.neurons["id"]
            pre, post = neuron[columns["pre"]].tolist(), neuron[columns["post"]].tolist()
            for i, a, b in zip(drawn.tolist(), pre, post, strict=True):
                self._deaths[i] = now
                self._ends[i] = (a, b)
                self._births.pop(i, None)
                self._halos.pop(i, None)
        scene.remove_synapses(gone)

    def reweighed(self, scene: Scene, rows: NDArray[np.int32], by: NDArray[np.float32], now: float) -> None:
        """Give synapses (rows) whose weight changed `by` a share of the full weight their halo."""
        for kind, chosen in ((Kind.POTENTIATION, by > 0.0), (Kind.DEPRESSION, by < 0.0)):
            mine = np.flatnonzero(chosen & (np.abs(by) > 1e-4))
            if not len(mine):
                continue
            mine = mine[np.argsort(-np.abs(by[mine]), kind="stable")]
            ids = scene.synapses["id"][rows[mine]]
            drawn = self._admit(scene, kind, ids, rows[mine], now)
            for i, change in zip(drawn.tolist(), by[mine[: len(drawn)]].tolist(), strict=True):
                size, since, began = self._halos.get(i, (0.0, now, now))
                self._halos[i] = (size * math.exp(-(now - since) / HALO) + change, now, began)

    def spiked(self, scene: Scene, ids: ArrayLike, when: ArrayLike) -> None:
        """Let neurons flash; `when` is the wall-clock time of each spike, in order."""
        rows = scene.neurons.rows(ids)
        times = np.broadcast_to(np.asarray(when, dtype=np.float64), rows.shape)
        known = rows != MISSING
        if known.any():
            quick(push_spikes)(scene.neurons.write("spike_at"), rows[known], times[known].copy())
            self._last_spike = max(self._last_spike, float(times[known].max()))

    def forget(self, scene: Scene) -> None:
        """Stop every animation at once: after a restore, or when another circuit is opened."""
        scene.show_synapses(np.array([i for i in self._births if i not in self._shown], np.int64), True)
        self._births.clear()
        self._shown.clear()
        self._deaths.clear()
        self._ends.clear()
        self._halos.clear()
        self.graves = Columns(SYNAPSE_COLUMNS)
        if len(scene.neurons):
            scene.neurons.write("spike_at")[:] = -1e18
            scene.neurons.write("shimmer")[:] = 0.0
        scene.contacts.forget()
        self._last_spike = -math.inf
        self.waves.send(())
        self._rates = tuple(_Rate() for _ in Kind)
        self._merged = tuple(_Rate() for _ in Kind)

    # ---- what is to be drawn ---------------------------------------------------------------------

    def advance(self, scene: Scene, now: float) -> None:
        """Let go of what is over; call once per frame before drawing."""
        arrived = [i for i, t in self._births.items() if now - t >= GROW + ARRIVE and i not in self._shown]
        if arrived:
            scene.show_synapses(np.array(arrived, np.int64), True)
            self._shown.update(dict.fromkeys(arrived, scene.looks))
        for i in [i for i, t in self._births.items() if now - t >= GROW + ARRIVE + SETTLE]:
            del self._births[i]
            self._shown.pop(i, None)
        over = [i for i, t in self._deaths.items() if now - t >= RETRACT + GHOST]
        if over:
            self.graves.remove(self.graves.rows(np.array(over, np.int64)))
            for i in over:
                del self._deaths[i], self._ends[i]
        for i in [i for i, h in self._halos.items() if now - h[1] > HALO * 6.0]:
            del self._halos[i]

    def births(self, now: float, seen_looks: int = -1) -> Lively:
        """Synapses being born, with their progress.

        Those that a standing picture of `seen_looks` (see `Scene.looks`) shows already are left to it.
        """
        mine = {i: t for i, t in self._births.items() if self._shown.get(i, seen_looks + 1) > seen_looks}
        return self._lively(mine, now, GROW, ARRIVE)

    def deaths(self, now: float) -> Lively:
        """Synapses being pruned, with their progress."""
        return self._lively(self._deaths, now, RETRACT, GHOST)

    def dying(self, scene: Scene) -> tuple[dict[str, NDArray[Any]], NDArray[np.bool_]]:
        """The columns of the pruned synapses, and which still have both of their neurons."""
        columns = {name: self.graves[name] for name in self.graves.names()}
        ends = np.array([self._ends[i] for i in columns["id"].tolist()], np.int64).reshape(-1, 2)
        pre, post = scene.neurons.rows(ends[:, 0]), scene.neurons.rows(ends[:, 1])
        known = (pre != MISSING) & (post != MISSING)
        columns["pre"], columns["post"] = np.where(known, pre, 0), np.where(known, post, 0)
        return columns, known

    def halos(self, now: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Changed synapses (ids), and the signed size of their halos now: the change, fading."""
        ids = np.fromiter(self._halos, np.int64, len(self._halos))
        halo = np.array(list(self._halos.values()), np.float64).reshape(-1, 3)
        rise = np.clip((now - halo[:, 2]) / HALO_RISE, 0.35, 1.0)
        return ids, halo[:, 0] * rise * np.exp(-np.maximum(now - halo[:, 1], 0.0) / HALO)

    def shimmer(self, scene: Scene, now: float) -> NDArray[np.float32]:
        """Merged events per neuron and kind, fading: (neurons, 4)."""
        fade = np.float32(math.exp(-max(0.0, now - self._shimmer_at) / SHIMMER))
        return np.asarray(scene.neurons["shimmer"] * fade)

    def counts(self, now: float) -> dict[Kind, int]:
        """Events of the last second of each kind that is merged now."""
        return {
            kind: self._rates[kind].per_second(now) for kind in Kind if self._merged[kind].per_second(now)
        }

    def is_active(self, now: float) -> bool:
        """Whether anything still moves, so that the canvas must be painted again."""
        if self._births or self._deaths or self._halos or self.waves.is_active(now):
            return True
        if now - self._last_spike < max(6.0 * FLASH, self.longest_flight + LINGERS):
            return True
        return any(rate.per_second(now) for rate in self._merged) or now - self._shimmer_at < 4.0 * SHIMMER

    @property
    def last_spike(self) -> float:
        """Wall-clock time of the latest spike; minus infinity when there was none."""
        return self._last_spike

    # ---- inside ----------------------------------------------------------------------------------

    def _lively(self, since: dict[int, float], now: float, first: float, second: float) -> Lively:
        ids = np.fromiter(since, np.int64, len(since))
        age = now - np.fromiter(since.values(), np.float64, len(since))
        return Lively(ids, np.where(age < first, age / first, 1.0 + (age - first) / second))

    def _admit(
        self, scene: Scene, kind: Kind, ids: NDArray[np.int64], rows: NDArray[np.int32], now: float
    ) -> NDArray[np.int64]:
        """Those of some events that are drawn one by one (the first ones); the rest shimmers."""
        if not len(ids):
            return ids
        rate = self._rates[kind]
        room = max(0, MERGE_ABOVE - rate.per_second(now))
        rate.add(len(ids), now)
        if len(ids) <= room:
            return ids
        self._merged[kind].add(len(ids) - room, now)
        fade = np.float32(math.exp(-max(0.0, now - self._shimmer_at) / SHIMMER))
        glow = scene.neurons.write("shimmer")
        glow *= fade
        self._shimmer_at = now
        np.add.at(glow[:, int(kind)], scene.synapses["post"][rows[room:]], 1.0)
        return ids[:room]


def flash(spike_at: NDArray[np.float64], now: float) -> NDArray[np.float32]:
    """How bright each neuron's last spike still is, 1 at the spike, falling with `FLASH`."""
    age = np.minimum(now - spike_at[:, 0], LONGEST_MEMORY)
    lit = np.where((age >= 0.0) & (age < 8.0 * FLASH), np.exp(-age / FLASH), 0.0)
    return lit.astype(np.float32)


def flight_time(delay: ArrayLike, speed: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Wall time (s) a spike is seen in flight for a delay (ms), and whether that is lengthened.

    `speed` is biological time over wall time.
    """
    true = np.asarray(delay, dtype=np.float64) / 1000.0 / max(speed, 1e-9)
    return np.maximum(true, SHORTEST_FLIGHT), true < SHORTEST_FLIGHT


def ease(share: ArrayLike) -> NDArray[np.float64]:
    """Slow at both ends: 0 to 1."""
    t = np.clip(np.asarray(share, dtype=np.float64), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
