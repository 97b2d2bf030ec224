"""The neurons of a training that run by their own model: where they start, their parameters and constants."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.network.network import Network
from engine.runtime.cells import Cells

STEP = 1.0
"""How long a step of a stream is, ms."""


def membranes(net: Network, drawn: Any, states: tuple[str, ...]) -> NDArray[np.float64]:
    """The states of a training before anything happens, (state, neuron).

    `drawn` lays the neurons out, `states` names the rows (see `engine.kernels.lesson_neurons`).
    """
    found = np.zeros((len(states), drawn.neurons))
    for id in drawn.populations:
        population = net.populations[id]
        if population.model not in drawn.models or id == drawn.inputs:
            continue
        cells, here, slug = (
            Cells(population, 0, 0, STEP, 1, 1, np.float64),
            drawn.rows_of(id),
            population.model,
        )
        given: dict[str, Any] = {f"{slug}.h": STEP}
        for name in cells.model.states:
            given[f"{slug}.{name}"] = given[f"{slug}.first.{name}"] = cells.start(name)
        given |= {f"{slug}.p.{name}": column for name, column in cells.params.items()}
        given |= {f"{slug}.k.{name}": column for name, column in cells.consts.items()}
        for name, value in given.items():
            found[states.index(name), here] = value
    return found
