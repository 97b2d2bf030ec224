"""What frames tell of single contacts: releases that failed, transmitter in clefts, spikes that run back.

Kept beside the columns of the scene and only of what a circuit has, so that a circuit without pays nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.columns import MISSING, Columns
from editor.canvas.compiled import quick
from editor.canvas.raster.flights import push_spikes
from editor.canvas.scene_parts import LONGEST_MEMORY, NEVER, SPIKES_KEPT
from engine import registry

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FULL, FAINT = 1100.0, 5.0
"""Transmitter (uM) in a cleft just after a release (Clements et al. 1992, doi:10.1126/science.1359647), and
what is hardly seen."""
MOST_KEPT = 256
"""Frames of which the releases are remembered at most."""

_SPIKES: dict[str, tuple[str, object]] = {
    "step": ("f8", NEVER),
    "at": ("f8", NEVER),
    "arrived": ("f8", np.nan),
}


@dataclass(frozen=True)
class Releases:
    """What spikes released at synapses (ids): when each spike left (wall-clock s), and how many vesicles."""

    ids: Ints
    at: Floats
    vesicles: Floats


@dataclass(frozen=True)
class Clouds:
    """How full of transmitter each cleft is (see `fullness`): of its own, and of what spilled there."""

    ids: Ints
    own: Floats
    around: Floats


@dataclass(frozen=True)
class Dendrites:
    """Neurons (ids, increasing) into whose dendrite a spike runs: for how long (ms), which share arrives."""

    ids: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    takes: Floats = field(default_factory=lambda: np.zeros(0))
    share: Floats = field(default_factory=lambda: np.zeros(0))


def fullness(transmitter: Floats) -> Floats:
    """How much of a concentration (uM) is seen, 0 to 1: its logarithm between `FAINT` and `FULL`."""
    return np.asarray(np.clip(np.log1p(transmitter / FAINT) / np.log1p(FULL / FAINT), 0.0, 1.0))


def dendrites_of(network: Any) -> Dendrites:
    """The dendrites of a network, by what the models of its neurons declare of the way back."""
    ids, takes, share = [np.zeros(0, np.int64)], [np.zeros(0)], [np.zeros(0)]
    for population in network.populations.values():
        model: Any = registry.find(population.model) if has_dendrite(population.model) else None
        if model is None or not len(population.neuron_ids):
            continue
        params, n = dict(population.params), len(population.neuron_ids)
        each = {name: value for name, value in params.items() if isinstance(value, np.ndarray)}
        rows = range(n) if each else range(1)
        found = [
            model.way_back(model.row(**(params | {name: value[k] for name, value in each.items()})))
            for k in rows
        ]
        ids.append(np.asarray(population.neuron_ids, np.int64))
        takes.append(np.broadcast_to([one[0] for one in found], (n,)).astype(np.float64))
        share.append(np.broadcast_to([one[1] for one in found], (n,)).astype(np.float64))
    whole = np.concatenate(ids)
    order = np.argsort(whole)
    return Dendrites(whole[order], np.concatenate(takes)[order], np.concatenate(share)[order])


def has_dendrite(model: str) -> bool:
    """Whether spikes of this neuron model run back into a dendrite."""
    return registry.knows(model) and bool(getattr(registry.find(model), "runs_back", ""))


class Contacts:
    """The contacts of one scene, filled by `Intake`, and the dendrites, filled by `Follower`."""

    def __init__(self) -> None:
        """Know of none."""
        self.dendrites = Dendrites()
        self.facing: tuple[object, Floats] = (None, np.zeros((0, 2)))
        """Which way each dendrite points, and what that was found for; see `dendrites.facing`."""
        self.forget()

    def forget(self) -> None:
        """The run begins anew, or goes back."""
        self.spikes = Columns(_SPIKES, dict.fromkeys(_SPIKES, SPIKES_KEPT))
        """The last spikes of neurons that are followed, newest first: which one an outcome is of."""
        self.told: dict[int, tuple[Ints, Ints]] = {}
        """By projection whose spikes may fail: synapse ids, and the steps of the spikes that were told of."""
        self._released: list[Releases] = []
        self.clouds: dict[int, Clouds] = {}

    def follow(self, neurons: Ints) -> None:
        """Keep the spikes of these neurons from now on."""
        new = neurons[self.spikes.rows(neurons) == MISSING]
        if len(new):
            self.spikes.append(new)

    def spiked(self, ids: Ints, steps: Ints, at: Floats) -> None:
        """Neurons spiked at these steps, seen at these wall-clock times; in order."""
        if not len(self.spikes):
            return
        rows = self.spikes.rows(ids)
        known = rows != MISSING
        if known.any():
            rows = rows[known]
            push = quick(push_spikes)
            push(self.spikes.write("step"), rows, steps[known].astype(np.float64))
            push(self.spikes.write("at"), rows, np.ascontiguousarray(at[known], np.float64))
            push(self.spikes.write("arrived"), rows, np.full(len(rows), np.nan))

    def released(self, new: Releases) -> None:
        """Spikes that released this much, or nothing, are on their way."""
        until = float(new.at.max(initial=NEVER)) - LONGEST_MEMORY
        self._released = [one for one in self._released if float(one.at.max()) > until][1 - MOST_KEPT :]
        if len(new.ids):
            self._released.append(new)

    def seen_at(self, neurons: Ints, steps: Ints) -> Floats:
        """When the spikes of neurons at these steps were seen (wall-clock s); long ago where never."""
        rows = self.spikes.rows(neurons)
        same = (self.spikes["step"][rows] == steps[:, None]) & (rows != MISSING)[:, None]
        return np.asarray(np.where(same, self.spikes["at"][rows], NEVER).max(axis=1, initial=NEVER))

    def arrived(self, neurons: Ints, steps: Ints, share: Floats) -> None:
        """Spikes of these steps have arrived in the dendrites, these shares of them."""
        rows = self.spikes.rows(neurons)
        known = rows != MISSING
        rows, steps, share = rows[known], steps[known], share[known]
        same = np.abs(self.spikes["step"][rows] - steps[:, None]) <= 1.0
        column = self.spikes.write("arrived")
        column[rows] = np.where(same, share[:, None], column[rows])

    def releases(self, scene: Any, now: float) -> tuple[NDArray[np.int32], Floats, Floats]:
        """Synapses (rows) that were told of of late, when each spike left, and the vesicles it released."""
        if not self._released:
            return np.zeros(0, np.int32), np.zeros(0), np.zeros(0)
        ids, at, vesicles = (
            np.concatenate([getattr(one, name) for one in self._released])
            for name in ("ids", "at", "vesicles")
        )
        rows = scene.synapses.rows(ids)
        known = (rows != MISSING) & (now - at < LONGEST_MEMORY)
        return rows[known], at[known], vesicles[known]

    def clouds_of(self, scene: Any, least: float = 0.02) -> tuple[NDArray[np.int32], Floats, Floats]:
        """Rows of the synapses with transmitter around, how much is their own, and how much spilled there."""
        found = [(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))]
        for one in self.clouds.values():
            seen = (one.own > least) | (one.around > least)
            if seen.any():
                found.append((one.ids[seen], one.own[seen], one.around[seen]))
        ids, own, around = (np.concatenate(part) for part in zip(*found, strict=True))
        rows = scene.synapses.rows(ids)
        known = rows != MISSING
        return rows[known], own[known], around[known]
