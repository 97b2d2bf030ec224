"""What flows between neurons and astrocytes all the time, bound to the running arrays of a circuit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Astrocyte, Transmission
from engine.kernels import flow_loops, recipes
from engine.kernels.calls import Call
from engine.network import Projection
from engine.runtime.cells import Cells

if TYPE_CHECKING:
    from engine.runtime.circuit import Circuit

Ints = NDArray[np.int64]


def flowing(projection: Projection) -> type[Transmission] | None:
    """The transmission of a projection that carries no spikes but flows; None for one that carries them."""
    model = registry.find(projection.transmission, "transmission")
    assert issubclass(model, Transmission)
    return model if "flow" in model.hooks else None


def flow_call(circuit: Circuit, projection: Projection, model: type[Transmission], delay: Ints) -> Call:
    """The kernel of one projection's flow; `delay` is that of its synapses sorted by id, in steps."""
    table = projection.synapses.sorted()
    pre, post = circuit.cells[projection.pre], circuit.cells[projection.post]
    one, two = pre.population.rows(table["pre"]), post.population.rows(table["post"])
    both = ~(pre.is_off[one] | post.is_off[two])  # nothing flows from or to what is switched off
    one, two, delay, strength = one[both], two[both], delay[both], table["weight"][both]
    from_, into = one + pre.offset, two + post.offset
    # An astrocyte takes a flow as such, at its next step; a neuron as a current held until the next one, half
    # of that time early as far as the delay allows, so that on average it comes neither early nor late.
    into_glia = post.is_astrocyte
    every = max(pre.every, post.every) if into_glia else pre.every
    start = np.zeros_like(delay) if into_glia else np.maximum(delay + 1 - every // 2, 1)
    if model.both_ways:
        first, second = np.concatenate([one, one]), np.concatenate([two, two])
        target = np.concatenate([from_, into])
        way = np.repeat([-1.0, 1.0], one.size)
        start, wide = np.concatenate([start, start]), 2
    else:
        first, second, target, wide = one, two, into, 1
        way = np.ones(one.size)
    weight = np.concatenate([strength] * wide)
    order = np.argsort(target, kind="stable")
    given = projection.transmission_params
    params = [model.number(n, given.get(n, declared.default)) for n, declared in model.params.items()]  # type: ignore[arg-type]
    ii = [0 if into_glia else circuit.mask, circuit.width, every, 1 if into_glia else every]
    bound: dict[str, NDArray[Any]] = {
        "ii": np.array(ii, np.int64), "ff": np.array([circuit.dt]), "pp": np.array(params or [0.0]),
        "pre": first[order], "post": second[order], "target": target[order], "lag": start[order],
        "way": way[order], "g": (np.abs(weight) if model.both_ways else weight)[order].astype(circuit.real),
        "tile_start": np.searchsorted(target[order], circuit.bounds).astype(np.int64),
        "ring": circuit.flux if into_glia else circuit.rings["ring_cur"],
    }  # fmt: skip
    for letter, side, names in zip("AB", (pre, post), flow_loops.sides(model), strict=True):
        bound |= {f"{letter}_{name}": read(side, name) for name in names}
    module = recipes.Recipe("flow", (model.slug,), circuit.name).module()
    return Call(module, "flow", flow_loops.flow_arrays(model, circuit.name), **bound)


def read(cells: Cells, name: str) -> NDArray[Any]:
    """The state that a flow reads of a neuron or an astrocyte under a name."""
    model = cells.model
    own = model.offered(name) if issubclass(model, Astrocyte) else name
    return cells.states[own]
