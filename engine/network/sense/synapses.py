"""Whether synapses make sense: weights, delays, and the columns their models declare."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import units
from engine.declare import LOCI
from engine.errors import did_you_mean
from engine.network.declared import declared_by, is_gap, is_plastic, limit_problems, models_of, weight_unit
from engine.network.grid import off_grid
from engine.network.parts import Population, Projection
from engine.network.problems import Problem, Problems, named, some

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def of_weights(net: Circuit, projection: Projection, ids: Ints, weight: Floats) -> Problems:
    """Weights against the sign of their population, or beyond the bounds that rules keep."""
    if not weight.size:
        return
    if is_gap(projection):
        bad = weight < 0.0
        if bad.any():
            what = f"gap junction {some(ids[bad])} has {weight[bad][0]:g} nS"
            yield Problem(projection.label, what, "a conductance is 0 or more", named(ids[bad]))
        return
    population = net.populations.get(projection.pre)
    if population is not None:
        yield from of_sign(population, projection, ids, weight)
    with np.errstate(over="ignore"):  # the bound as single precision has it
        most = max(projection.w_max, float(np.float32(projection.w_max)))
    bad = np.abs(weight) > most
    if bad.any() and is_plastic(projection.rules):
        unit = weight_unit(projection)
        size = f"{weight[bad][0]:g} {unit}"
        what = f"weight of synapse {some(ids[bad])} is {size}, beyond w_max = {projection.w_max:g}"
        cure = f"raise w_max to at least {np.abs(weight).max():g}, or lower the weight"
        yield Problem(projection.label, what, cure, named(ids[bad]))


def of_sign(population: Population, projection: Projection, ids: Ints, weight: Floats) -> Problems:
    """Dale's law: a neuron excites everywhere or inhibits everywhere."""
    bad = weight * population.sign < 0.0
    if bad.any():
        does = "excites (sign +1)" if population.sign > 0 else "inhibits (sign -1)"
        unit = weight_unit(projection)
        size = f"{weight[bad][0]:g} {unit}"
        what = f"weight of synapse {some(ids[bad])} is {size}, but {population.label!r} {does}"
        cure = f"write {units.write(-float(weight[bad][0]), unit)}, or change the population's sign"
        yield Problem(projection.label, what, cure, named(ids[bad]))


def of_delays(net: Circuit, projection: Projection, ids: Ints, delay: Floats) -> Problems:
    """Delays shorter than one step."""
    bad = delay < net.dt * (1.0 - 1e-9)
    if bad.any() and not is_gap(projection):
        what = f"delay of synapse {some(ids[bad])} is {delay[bad][0]:g} ms"
        yield Problem(projection.label, what, f"it must be at least one step, {net.dt:g} ms", named(ids[bad]))


def of_columns(projection: Projection, ids: Ints, columns: Mapping[str, Floats]) -> Problems:
    """Named columns that no model of the projection declares as a field, or outside what a field can be."""
    known = declared_by(projection, "fields") | {"astrocyte"}
    for name in columns:
        if name not in known:
            what = f"its synapses have no {name!r}{did_you_mean(name, known)}"
            yield Problem(projection.label, what, f"they have {', '.join(sorted(known)) or 'no fields'}")
    yield from of_fields(projection, ids, columns)


def of_fields(projection: Projection, ids: Ints, columns: Mapping[str, Floats]) -> Problems:
    """Fields of synapses outside what they can be, and shares of one whole that are more than it."""
    for model in models_of(projection):
        place = projection.label if model.kind == "transmission" else f"{projection.label}, {model.slug}"
        for name in columns.keys() & ({*model.fields} | ({*LOCI} if model.keeps_loci() else set())):
            yield from limit_problems(model.fields.get(name) or LOCI[name], columns[name], place)
    yield from of_shares(projection, ids, columns)


def of_shares(projection: Projection, ids: Ints, columns: Mapping[str, Floats]) -> Problems:
    """Fields that are shares of one whole, and together more than it."""
    for model in models_of(projection):
        parts = [columns[name] for name in model.shares if name in columns]
        over = np.nansum(parts, axis=0) > 1.0 + 1e-9 if parts else np.zeros(0, bool)
        if over.any():
            told = " and ".join(f"{n} {columns[n][over][0]:g}" for n in model.shares if n in columns)
            what = f"synapse {some(ids[over])} has {told}"
            cure = f"{' and '.join(model.shares)} are shares of one whole, at most 1 together"
            yield Problem(projection.label, what, cure, named(ids[over]))


def of_grid(net: Circuit, projection: Projection, ids: Ints, delay: Floats) -> Problems:
    """Delays between two steps, which count as the later one; a remark, no fault."""
    off = off_grid(delay, net.dt)
    if off.any() and not is_gap(projection):
        what = (
            f"delay of synapse {some(ids[off])} is {delay[off][0]:g} ms, between two steps of {net.dt:g} ms"
        )
        later = math.ceil(delay[off][0] / net.dt) * net.dt
        yield Problem(projection.label, what, f"it counts as {later:g} ms", named(ids[off]))
