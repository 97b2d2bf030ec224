"""What a NEST script is written on: what is known of the circuit so far, arrays, losses and remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.declare import Declaration, InNest
from engine.exchange.nest.frame import Raw
from engine.exchange.nest.wording import value

if TYPE_CHECKING:
    from engine.network.network import Network


@dataclass
class Sheet:
    """Collects, while a circuit is gone through once, what does not fit into one line of the script."""

    net: Network
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    """The numbers of the archive beside the script."""
    lost: list[str] = field(default_factory=list)
    """What NEST has no words for."""
    notes: list[str] = field(default_factory=list)
    """What NEST does otherwise."""
    row: dict[int, int] = field(default_factory=dict)
    """The number of the first neuron of each population that is written."""
    kept: dict[int, tuple[str, dict[str, float]]] = field(default_factory=dict)
    """What NEST keeps in the neurons of a population for the rules that reach it, and whose wish it is."""
    learned: dict[int, str] = field(default_factory=dict)
    """The projections that learn, and what their synapses are called."""
    watched: dict[int, str] = field(default_factory=dict)
    """The probes of synapses, and what the synapses they are on are called."""
    is_late: bool = False
    """Whether an input does something in the first step."""

    def named(
        self, way: InNest, model: type[Declaration], given: Mapping[str, Any], key: str
    ) -> dict[str, Any]:
        """Everything a model says to NEST, under its names there; arrays go into the archive."""
        params: dict[str, Any] = dict(way.fixed)
        for name, called in way.names.items():
            if name not in model.params and name not in model.states:
                continue  # the bounds of a projection, which are no parameters
            number = value(model, given, name)
            for one in (called,) if isinstance(called, str) else called:
                params[one] = self.number(number, f"{key}_{name}")
        return params

    def number(self, number: Any, key: str) -> Any:
        """A number, or where it is found in the archive."""
        if np.ndim(number) == 0:
            return float(number)
        array = np.asarray(number, np.float64)
        if array.size and bool(np.all(array == array[0])):
            return float(array[0])
        self.arrays[key] = array
        return Raw(f'data["{key}"].tolist()')

    def rows(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers of these neurons among those that are written, and their places among `ids`."""
        found = np.full(ids.size, -1, np.int64)
        for id, first in self.row.items():
            rows = self.net.populations[id].rows(ids)
            found = np.where(rows >= 0, first + rows, found)
        places = np.flatnonzero(found >= 0)
        return found[places], places
