"""How loud each population is: spikes per neuron and second, counted in bins of biological time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BIN = 100.0
"""Length of a bin, ms."""
BINS = 10
"""Whole bins that a rate is averaged over."""


class Rates:
    """Spike counts of the last bins for every population; the bins lie on a grid that starts at t = 0."""

    def __init__(self, network: Any) -> None:
        self.steps = max(1, round(BIN / network.dt))
        self.dt = float(network.dt)
        self._first = 0
        self._counts: list[dict[int, int]] = [{}]
        self.begin(network, 0)

    def begin(self, network: Any, step: int) -> None:
        """Forget the past and count from `step`."""
        self.refer(network)
        self._first = step // self.steps
        self._counts = [{}]
        self._start = step

    def refer(self, network: Any) -> None:
        """Ask `network` from now on who belongs where."""
        self._network = network
        self._sizes = {id: len(population) for id, population in network.populations.items()}

    def add(self, spikes: NDArray[Any]) -> None:
        """Count spikes (fields `step` and `id`), which must come in order of time."""
        if not spikes.size:
            return
        bins = (spikes["step"] - 1) // self.steps  # step k ends at k dt: it belongs to the bin it ends in
        owners = self._network.population_of(spikes["id"])
        for place in np.unique(bins).tolist():
            here, counts = np.unique(owners[bins == place], return_counts=True)
            row = self._row(place)
            for owner, count in zip(here.tolist(), counts.tolist(), strict=True):
                row[owner] = row.get(owner, 0) + count

    def hz(self, step: int) -> dict[int, float]:
        """The rate of each population over the whole bins before `step`; over what there is, at first."""
        last = step // self.steps  # the bin that has not ended
        begun = max(self._start, (last - BINS) * self.steps)
        ended = last * self.steps
        if ended <= begun:  # not one whole bin yet
            begun, ended = self._start, step
        seconds = (ended - begun) * self.dt / 1000.0
        totals: dict[int, int] = {}
        for place in range(begun // self.steps, -(-ended // self.steps)):
            offset = place - self._first
            if 0 <= offset < len(self._counts):
                for owner, count in self._counts[offset].items():
                    totals[owner] = totals.get(owner, 0) + count
        return {
            id: totals.get(id, 0) / (size * seconds) if size and seconds > 0 else 0.0
            for id, size in self._sizes.items()
        }

    def to_bin_end(self, step: int) -> int:
        """Steps from `step` to the end of its bin."""
        return int(self.steps - step % self.steps)

    def _row(self, place: int) -> dict[int, int]:
        while self._first + len(self._counts) <= place:
            self._counts.append({})
        while len(self._counts) > BINS + 2:
            del self._counts[0]
            self._first += 1
        return self._counts[max(place - self._first, 0)]
