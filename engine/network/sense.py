"""What makes no sense: values that a network could hold but that no circuit has.

Every function returns a sentence with place, cause and cure, or nothing when all is well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import registry, units
from engine.errors import did_you_mean
from engine.network.declared import (
    default_of,
    gives,
    in_pipeline_order,
    is_gap,
    is_list,
    is_plastic,
    model_of,
    params_objection,
    stage_of,
    unknown_model,
    value_of,
    weight_unit,
)
from engine.network.declared import names_objection as _names_objection
from engine.network.fit import some
from engine.network.parts import (
    ATTRIBUTES,
    Input,
    Modulator,
    Population,
    Probe,
    Projection,
    RuleUse,
    Thing,
)

if TYPE_CHECKING:
    from engine.network.network import Network

__all__ = [
    "default_of", "delays_advice", "delays_objection", "in_pipeline_order", "input_objection", "is_list",
    "modulator_objection", "names_objection", "network_objection", "on_grid", "params_objection",
    "population_objection", "probe_objection", "projection_objection", "record_objection", "rules_objection",
    "steps", "value_of", "weights_objection",
]  # fmt: skip
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


# -- populations -----------------------------------------------------------------------------------


def population_objection(population: Population) -> str:
    """A model that is not there, or parameters it does not allow."""
    return params_objection(
        population.model, population.kind, population.params, population.label, states=True
    )


def _sign_objection(net: Network, population: Population) -> str:
    for projection in net.projections.values():
        if projection.pre == population.id and not is_gap(projection):
            table = projection.synapses
            if reason := _dale(population, projection, table.id, table.weight):
                return reason
    return ""


# -- projections and synapses ----------------------------------------------------------------------


def projection_objection(net: Network, projection: Projection) -> str:
    """Populations, a transmission, rules, bounds or synapses that do not go together."""
    for side, id in (("pre", projection.pre), ("post", projection.post)):
        population = net.populations.get(id)
        if population is None:
            return f"{projection.label}: there is no population {id} to be its {side}; choose one that exists"
        if population.kind != "neuron":
            return (
                f"{projection.label}: {population.label!r} are astrocytes, and synapses join neurons; "
                "give them as astrocytes= of the projection"
            )
    if projection.astrocytes is not None:
        glia = net.populations.get(projection.astrocytes)
        if glia is None or glia.kind != "astrocyte":
            return f"{projection.label}: {projection.astrocytes} is not a population of astrocytes"
    return (
        _bounds_objection(projection)
        or unknown_model(projection.transmission, "transmission", projection.label)
        or params_objection(
            projection.transmission, "transmission", projection.transmission_params, projection.label
        )
        or _arrival_objection(net, projection)
        or rules_objection(net, projection, projection.rules)
        or delays_objection(net, projection, projection.synapses.id, projection.synapses.delay)
    )


def _bounds_objection(projection: Projection) -> str:
    if not 0.0 <= projection.w_min <= projection.w_max < math.inf:
        return (
            f"{projection.label}: w_min is {projection.w_min:g} and w_max {projection.w_max:g}; "
            "they bound the size of a weight, so 0 <= w_min <= w_max"
        )
    if not 0.0 <= projection.dendritic <= 1.0:
        return f"{projection.label}: dendritic is {projection.dendritic:g}; it must be between 0 and 1"
    return ""


def _arrival_objection(net: Network, projection: Projection) -> str:
    post = net.populations[projection.post]
    model = model_of(post.model, "neuron")
    what = gives(projection)
    if model is None or what in ("", "any"):
        return ""
    if what == "gap":
        for id in (projection.pre, projection.post):
            side = net.populations[id]
            neuron = model_of(side.model, "neuron")
            if neuron is not None and "v" not in neuron.states:
                return f"{projection.label}: neurons of {side.label!r} have no v, so no gap junction can join them"
        return ""
    takes = tuple(getattr(model, "receives", ()))
    if what in takes or getattr(model, "is_relay", False):
        return ""
    fitting = [m.slug for m in registry.all("transmission") if getattr(m, "gives", "") in (*takes, "any")]
    return (
        f"{projection.label}: {projection.transmission} gives a {what}, which {post.model} does not take; "
        f"choose {' or '.join(fitting) or 'another neuron model'}"
    )


def rules_objection(net: Network, projection: Projection, rules: tuple[RuleUse, ...]) -> str:
    """Rules that are not there, not allowed so, or that the synapses already break."""
    seen: set[str] = set()
    for card in rules:
        place = f"{projection.label}, {card.slug}"
        if reason := params_objection(card.slug, "rule", card.params, place):
            return reason
        if card.slug in seen:
            return f"{place}: the rule is in the stack twice; keep one"
        if stage_of(card.slug) == "expression" and any(stage_of(other) == "expression" for other in seen):
            return f"{place}: the stack already says where a change is stored; keep one expression"
        seen.add(card.slug)
    if rules and is_gap(projection):
        return f"{projection.label}: a gap junction carries no spikes, so no rule can act on it"
    candidate = projection.copy()
    candidate.rules = rules
    table = projection.synapses
    return weights_objection(net, candidate, table.id, table.weight)


def weights_objection(net: Network, projection: Projection, ids: Ints, weight: Floats) -> str:
    """Weights against the sign of their population, or beyond the bounds that rules keep."""
    if not weight.size:
        return ""
    unit = weight_unit(projection)
    if is_gap(projection):
        bad = weight < 0.0
        if bad.any():
            return (
                f"{projection.label}: gap junction {some(ids[bad])} has {weight[bad][0]:g} nS; "
                "a conductance is 0 or more"
            )
        return ""
    population = net.populations.get(projection.pre)
    if population is not None and (reason := _dale(population, projection, ids, weight)):
        return reason
    if is_plastic(projection.rules):
        bad = np.abs(weight) > projection.w_max
        if bad.any():
            size = float(np.abs(weight).max())
            return (
                f"{projection.label}: weight of synapse {some(ids[bad])} is {weight[bad][0]:g} {unit}, beyond "
                f"w_max = {projection.w_max:g}; raise w_max to at least {size:g}, or lower the weight"
            )
    return ""


def _dale(population: Population, projection: Projection, ids: Ints, weight: Floats) -> str:
    bad = weight * population.sign < 0.0
    if not bad.any():
        return ""
    does, sign = ("excites", "+") if population.sign > 0 else ("inhibits", "-")
    right = units.write(-float(weight[bad][0]), weight_unit(projection))
    return (
        f"{projection.label}: weight of synapse {some(ids[bad])} is {weight[bad][0]:g} {weight_unit(projection)}, "
        f"but {population.label!r} {does} (sign {sign}1); write {right}, or change the population's sign"
    )


def delays_objection(net: Network, projection: Projection, ids: Ints, delay: Floats) -> str:
    """Delays shorter than one step."""
    bad = delay < net.dt * (1.0 - 1e-9)
    if is_gap(projection) or not bad.any():
        return ""
    return (
        f"{projection.label}: delay of synapse {some(ids[bad])} is {delay[bad][0]:g} ms; "
        f"it must be at least one step, {net.dt:g} ms"
    )


def steps(delay: Any, dt: float) -> NDArray[np.int64]:
    """Delays (ms) as whole steps, rounded up."""
    return np.ceil(np.asarray(delay, np.float64) / dt - 1e-6).astype(np.int64)


def on_grid(net: Network, projection: Projection, delay: Floats) -> Floats:
    """Delays (ms) rounded up to whole steps; those already there stay as they are, to the bit."""
    if is_gap(projection):
        return delay
    off = _off_grid(net, delay)
    return np.where(off, np.round(steps(delay, net.dt) * net.dt, 9), delay) if off.any() else delay


def _off_grid(net: Network, delay: Floats) -> NDArray[np.bool_]:
    exact = delay / net.dt
    return np.abs(exact - np.round(exact)) > 1e-6


def delays_advice(net: Network, projection: Projection, ids: Ints, delay: Floats) -> str:
    """Delays that are rounded up to whole steps."""
    off = _off_grid(net, delay)
    if is_gap(projection) or not off.any():
        return ""
    after = on_grid(net, projection, delay)
    return (
        f"{projection.label}: delay of synapse {some(ids[off])} is {delay[off][0]:g} ms, between two steps "
        f"of {net.dt:g} ms; it becomes {after[off][0]:g} ms"
    )


# -- what is attached ------------------------------------------------------------------------------


def input_objection(net: Network, record: Input) -> str:
    """A stimulus that is not there, or numbers it does not allow."""
    place = record.label or record.model
    if reason := params_objection(record.model, "input", {**record.params, **record.lists}, place):
        return reason
    model = registry.find(record.model, "input")
    for name in model.lists:
        column = record.lists.get(name)
        if column is None or name != "times":
            continue
        if (np.diff(column) < 0.0).any() or (column < 0.0).any():
            return f"{place}: times must be 0 ms or later and in order; sort them"
    sizes = {name: record.lists[name].size for name in model.lists if name in record.lists}
    if len(set(sizes.values())) > 1:
        return f"{place}: " + ", ".join(f"{n} {name}" for name, n in sizes.items()) + "; give as many of each"
    if record.delay < 0.0:
        return f"{place}: delay is {record.delay:g} ms; it must be 0 or more"
    return ""


_OF_NEURONS = ("spikes", "rate", "ca", "calcium", "z", "elements", "free_boutons", "free_spines")
_OF_SYNAPSES = ("weight", "transmitted", "delay")


def probe_objection(net: Network, record: Probe) -> str:
    """A quantity its targets do not have, or a time between samples that is not whole steps."""
    place = record.label or "probe"
    homes = np.unique(net.population_of(record.targets))
    known: set[str] = set()
    if (homes != 0).any():
        known.update(_OF_NEURONS)
        for id in homes[homes != 0].tolist():
            population = net.populations[id]
            model = model_of(population.model, population.kind)
            if model is None:
                return ""
            known.update(model.states)
        known.update(name for p in net.projections.values() for name in _declared(p, "traces"))
        if record.every == "pre":
            return f'{place}: every="pre" is for synapses; give ms between samples, such as 1.0'
    else:
        known.update(_OF_SYNAPSES)
        wheres = np.unique(net.projection_of(record.targets))
        for id in wheres[wheres != 0].tolist():
            known.update(_declared(net.projections[id], "fields"))
        if not (wheres != 0).any():
            return ""
    if record.what not in known:
        near = did_you_mean(record.what, known) or f"; it can be {', '.join(sorted(known))}"
        return f"{place}: there is no {record.what!r} to record here{near}"
    return _every_objection(record, net.dt)


def _declared(projection: Projection, what: str) -> set[str]:
    found: set[str] = set()
    for slug, kind in (
        (projection.transmission, "transmission"),
        *((r.slug, "rule") for r in projection.rules),
    ):
        model = model_of(slug, kind)
        found.update(getattr(model, what) if model is not None else ())
    return found


def _every_objection(record: Probe, dt: float) -> str:
    place = record.label or "probe"
    if isinstance(record.every, str):
        return "" if record.every == "pre" else f'{place}: every is {record.every!r}; it takes ms, or "pre"'
    exact = record.every / dt
    if exact < 1.0 - 1e-6 or abs(exact - round(exact)) > 1e-6:
        return f"{place}: every is {record.every:g} ms; it must be whole steps of {dt:g} ms"
    return ""


def modulator_objection(net: Network, record: Modulator) -> str:
    """A substance that is not there, or numbers it does not allow."""
    if reason := params_objection(record.model, "modulator", record.params, record.label):
        return reason
    if record.delay < net.dt * (1.0 - 1e-9):
        return f"{record.label}: delay is {record.delay:g} ms; it must be at least one step, {net.dt:g} ms"
    return ""


# -- settings --------------------------------------------------------------------------------------


def names_objection(record: Thing, values: Mapping[str, Any], of_neurons: bool) -> str:
    """Parameters or attributes that a record does not have."""
    attributes = ATTRIBUTES[type(record)]
    rest = {name: value for name, value in values.items() if of_neurons or name not in attributes}
    if isinstance(record, Population):
        return _names_objection(record.model, record.kind, rest, record.label, states=True)
    if isinstance(record, Projection):
        cards = {card.slug: card for card in record.rules}
        for name in [name for name in rest if "." in name]:
            slug, _, param = name.partition(".")
            if slug not in cards:
                return f"{record.label}: there is no rule {slug!r} in its stack{did_you_mean(slug, cards)}"
            if reason := _names_objection(slug, "rule", {param: None}, f"{record.label}, {slug}"):
                return reason
            rest.pop(name)
        return _names_objection(record.transmission, "transmission", rest, record.label) if rest else ""
    if isinstance(record, Probe):
        unknown = next(iter(rest), "")
        return f"a probe has no {unknown!r}{did_you_mean(unknown, attributes)}" if rest else ""
    kind = "input" if isinstance(record, Input) else "modulator"
    return _names_objection(record.model, kind, rest, record.label) if rest else ""


def record_objection(net: Network, record: Thing) -> str:
    """Anything about a record, as it would become, that makes no sense."""
    if isinstance(record, Population):
        return population_objection(record) or _sign_objection(net, record)
    if isinstance(record, Projection):
        return projection_objection(net, record)
    if isinstance(record, Input):
        return input_objection(net, record)
    return probe_objection(net, record) if isinstance(record, Probe) else modulator_objection(net, record)


def network_objection(net: Network, values: Mapping[str, Any]) -> str:
    """Settings of the whole network that make no sense."""
    dt = values.get("dt", net.dt)
    if not 0.0 < dt < math.inf:
        return f"dt is {dt} ms; the step must be longer than nothing, such as 0.1"
    if values.get("precision", "double") not in ("double", "single"):
        return f'precision is {values["precision"]!r}; it must be "double" or "single"'
    for name, least in (("seed", 0), ("sweep", 1)):
        if values.get(name, least) < least:
            return f"{name} is {values[name]}; it must be {least} or more"
    if not 0.0 < values.get("slow", 1.0) < math.inf:
        return f"slow is {values['slow']}; it must be more than 0 (1 is the pace of life)"
    if dt == net.dt:
        return ""
    for projection in net.projections.values():
        table = projection.synapses
        short = table.delay < dt * (1.0 - 1e-9)
        if short.any() and not is_gap(projection):
            return (
                f"dt cannot be {dt:g} ms: {projection.label} has a delay of {table.delay[short][0]:g} ms "
                f"(synapse {some(table.id[short])}), shorter than one step; lengthen it first"
            )
    for probe in net.probes.values():
        if reason := _every_objection(probe, dt):
            return f"dt cannot be {dt:g} ms: {reason}"
    return ""
