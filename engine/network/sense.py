"""What makes no sense: values that a network could hold but that no circuit has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import registry, units
from engine.declare import EXCITABILITY, LOCI, Declaration, Rule
from engine.errors import did_you_mean
from engine.network import ends, suiting, teaching
from engine.network.declared import (
    carries,
    has_state,
    is_flow,
    is_gap,
    is_plastic,
    limit_problems,
    model_of,
    name_problems,
    number_of,
    param_problems,
    stage_of,
    weight_unit,
)
from engine.network.grid import is_whole, off_grid
from engine.network.parts import (
    ATTRIBUTES,
    SWITCHES,
    Input,
    Learner,
    Modulator,
    Population,
    Probe,
    Projection,
    RuleUse,
    Task,
    Thing,
)
from engine.network.problems import Problem, Problems, named, some

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def of_record(net: Circuit, record: Thing) -> Problems:
    """Everything about a record, as it is or would become."""
    if not isinstance(record, Projection):
        yield from suiting.of_step(record, net.dt)
    if isinstance(record, Population):
        yield from of_population(record)
        for projection in net.projections.values():
            sides = [
                record if id == record.id else net.populations.get(id)
                for id in (projection.pre, projection.post)
            ]
            if record in sides:
                yield from states_lacking(projection, projection.rules, *sides)
            if projection.pre == record.id and not is_gap(projection):
                table = projection.synapses
                yield from _of_sign(record, projection, table.id, table.weight)
    elif isinstance(record, Projection):
        yield from of_projection(net, record)
    elif isinstance(record, Input):
        yield from of_input(record)
        yield from ends.of_heard(net, record)
        yield from of_times(record, net.dt)
    elif isinstance(record, Probe):
        yield from of_probe(net, record)
    elif isinstance(record, Task):
        yield from teaching.of_task(net, record)
    elif isinstance(record, Learner):
        yield from teaching.of_learner(net, record)
    else:
        yield from of_modulator(net, record)


def of_population(population: Population) -> Problems:
    """A model that is not there, or parameters it does not allow."""
    yield from param_problems(
        population.model, population.kind, population.params, population.label, states=True
    )
    model = model_of(population.model, population.kind)
    if np.any(population.clamped) and model is not None and not getattr(model, "held", ""):
        what = f"{model.label} has no potential that could be clamped"
        yield Problem(population.label, what, "freeze it, or switch it off")


# -- projections and synapses ----------------------------------------------------------------------


def of_projection(net: Circuit, projection: Projection) -> Problems:
    """Populations, a transmission, rules, bounds or synapses that do not go together."""
    place = projection.label
    for side, id in (("pre", projection.pre), ("post", projection.post)):
        population = net.populations.get(id)
        if population is None:
            yield Problem(place, f"there is no population {id} to be its {side}", "choose one that exists")
        elif population.kind != "neuron" and not is_flow(projection):
            cure = "name them as the astrocytes of the projection instead"
            yield Problem(place, f"{population.label!r} are astrocytes, and synapses join neurons", cure)
    if projection.astrocytes is not None:
        glia = net.populations.get(projection.astrocytes)
        if glia is None or glia.kind != "astrocyte":
            what = f"{projection.astrocytes} is not a population of astrocytes"
            yield Problem(place, what, "choose one, or None")
        else:
            yield from ends.of_glia(projection, glia)
    if not 0.0 <= projection.w_min <= projection.w_max < math.inf:
        what = f"w_min is {projection.w_min:g} and w_max {projection.w_max:g}"
        yield Problem(place, what, "they bound the size of a weight, so 0 <= w_min <= w_max")
    if not 0.0 <= projection.dendritic <= 1.0:
        yield Problem(place, f"dendritic is {projection.dendritic:g}", "it must be between 0 and 1")
    transmission, params = projection.transmission, projection.transmission_params
    yield from param_problems(transmission, "transmission", params, place)
    yield from ends.of_arrival(net, projection)
    yield from ends.of_event(net, projection)
    yield from of_rules(net, projection, projection.rules)
    yield from of_delays(net, projection, projection.synapses.id, projection.synapses.delay)
    yield from of_fields(projection, projection.synapses.id, projection.synapses.extra)


def of_rules(net: Circuit, projection: Projection, rules: tuple[RuleUse, ...]) -> Problems:
    """Rules that are not there, not allowed so, or that the synapses already break."""
    seen: set[str] = set()
    for card in rules:
        place = f"{projection.label}, {card.slug}"
        yield from param_problems(card.slug, "rule", card.params, place)
        if card.slug in seen:
            yield Problem(place, "the rule is in the stack twice", "keep one")
        elif stage_of(card.slug) == "expression" and any(stage_of(other) == "expression" for other in seen):
            yield Problem(place, "the stack already says where a change is stored", "keep one expression")
        seen.add(card.slug)
    yield from _of_pace(projection, rules, net.slow)
    sides = [net.populations.get(projection.pre), net.populations.get(projection.post)]
    yield from states_lacking(projection, rules, *sides)
    if rules and is_flow(projection):
        what = f"{projection.transmission} carries no spikes, so no rule can act on it"
        yield Problem(projection.label, what, "leave its stack empty")
    if is_plastic(rules) and projection.w_min == projection.w_max:
        what = f"w_min and w_max are both {projection.w_max:g}, so its rules have no room"
        yield Problem(projection.label, what, "let w_min be below w_max, or empty the stack")
    candidate = replace(projection, rules=rules)
    yield from suiting.of_step(candidate, net.dt)
    yield from of_weights(net, candidate, projection.synapses.id, projection.synapses.weight)


def states_lacking(
    projection: Projection, rules: tuple[RuleUse, ...], pre: Population | None, post: Population | None
) -> Problems:
    """What flows, or what a rule reads of its neurons, and their model does not have."""
    asked = [(projection.label, "pre", name) for name in filter(None, [carries(projection)])]
    for card in rules:
        model = model_of(card.slug, "rule")
        if model is not None and issubclass(model, Rule):
            place = f"{projection.label}, {card.slug}"
            asked += [(place, side, name) for side in ("pre", "post") for name in model.asks(side)]
    for place, side, name in asked:
        population = pre if side == "pre" else post
        neuron = None if population is None else model_of(population.model, population.kind)
        if neuron is None or (population is not None and population.kind != "neuron"):
            continue  # another problem
        if not has_state(neuron, name):
            wanted = "the local potential" if name in ("local", "local_mean") else f"the state {name!r}"
            what = f"it needs {wanted} of its {side} neurons, and {neuron.slug} has none"
            fitting = [m.slug for m in registry.all("neuron") if has_state(m, name)]
            yield Problem(place, what, f"choose {' or '.join(fitting[:6]) or 'another rule'}")


def _of_pace(projection: Projection, rules: tuple[RuleUse, ...], slow: float) -> Problems:
    """Compressed slow time that comes too near the time over which the same rule looks at spikes."""
    for card in rules if slow > 1.0 else ():
        model = model_of(card.slug, "rule")
        if model is None or model.clock != "slow":
            continue
        looks = {trace.tau for trace in model.traces.values()}
        taus = {
            name: number_of(card, name) for name in model.params if name.startswith("tau") or name in looks
        }
        longest = max(looks, key=lambda name: taus[name], default="")
        for name in taus if longest else ():
            if name in looks or taus[name] / slow >= 10.0 * taus[longest]:
                continue
            acts, read = units.write(taus[name] / slow, "ms"), units.write(taus[longest], "ms")
            what = (
                f"at slow = {slow:g}, {name} acts as {acts}, but it looks at spikes over {longest} = {read}"
            )
            most = max(taus[name] / (10.0 * taus[longest]), 1.0)
            cure = f"{name} must stay ten times longer; choose slow at most {most:g}"
            yield Problem(f"{projection.label}, {card.slug}", what, cure, (projection.id,))


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
        yield from _of_sign(population, projection, ids, weight)
    with np.errstate(over="ignore"):
        most = max(
            projection.w_max, float(np.float32(projection.w_max))
        )  # the bound as single precision has it
    bad = np.abs(weight) > most
    if bad.any() and is_plastic(projection.rules):
        unit = weight_unit(projection)
        size = f"{weight[bad][0]:g} {unit}"
        what = f"weight of synapse {some(ids[bad])} is {size}, beyond w_max = {projection.w_max:g}"
        cure = f"raise w_max to at least {np.abs(weight).max():g}, or lower the weight"
        yield Problem(projection.label, what, cure, named(ids[bad]))


def _of_sign(population: Population, projection: Projection, ids: Ints, weight: Floats) -> Problems:
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
    known = _declared(projection, "fields") | {"astrocyte"}
    for name in columns:
        if name not in known:
            what = f"its synapses have no {name!r}{did_you_mean(name, known)}"
            yield Problem(projection.label, what, f"they have {', '.join(sorted(known)) or 'no fields'}")
    yield from of_fields(projection, ids, columns)


def of_fields(projection: Projection, ids: Ints, columns: Mapping[str, Floats]) -> Problems:
    """Fields of synapses outside what they can be, and shares of one whole that are more than it."""
    for model in _models(projection):
        place = projection.label if model.kind == "transmission" else f"{projection.label}, {model.slug}"
        for name in columns.keys() & ({*model.fields} | ({*LOCI} if model.keeps_loci() else set())):
            yield from limit_problems(model.fields.get(name) or LOCI[name], columns[name], place)
    yield from of_shares(projection, ids, columns)


def of_shares(projection: Projection, ids: Ints, columns: Mapping[str, Floats]) -> Problems:
    """Fields that are shares of one whole, and together more than it."""
    for model in _models(projection):
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


# -- what is attached ------------------------------------------------------------------------------


def of_input(record: Input) -> Problems:
    """A stimulus that is not there, or numbers it does not allow."""
    place = record.label or record.model
    yield from param_problems(record.model, "input", {**record.params, **record.lists}, place)
    times = record.lists.get("times")
    if times is not None and ((times < 0.0).any() or (np.diff(times) < 0.0).any()):
        yield Problem(place, "its times are before 0 ms or out of order", "sort them")
    model = model_of(record.model, "input")
    for name, column in record.lists.items():
        declared = model.lists.get(name) if model is not None else None
        if declared is not None and not ((column >= declared.low) & (column <= declared.high)).all():
            worst = column[~((column >= declared.low) & (column <= declared.high))][0]
            what = f"one of its {name} is {units.write(float(worst), declared.unit)}"
            cure = f"they must be {units.within(declared.low, declared.high, declared.unit)}"
            yield Problem(place, what, cure)
    sizes = {name: column.size for name, column in record.lists.items()}
    if len(set(sizes.values())) > 1:
        has = " and ".join(f"{size} {name}" for name, size in sizes.items())
        yield Problem(place, f"it has {has}", "give as many of each")
    if not 0.0 <= record.delay < math.inf:
        yield Problem(place, f"delay is {record.delay:g} ms", "it must be 0 or more")


def of_times(record: Input, dt: float) -> Problems:
    """Times at which a stimulus acts that lie between two steps; nothing rounds them."""
    given = {"delay": np.array([record.delay]), "times": record.lists.get("times", np.zeros(0))}
    for name, times in given.items():
        off = off_grid(times, dt)
        if off.any():
            worst = float(times[off][0])
            what = f"{name}: {worst:g} ms lies between two steps of {dt:g} ms"
            cure = f"write {round(worst / dt) * dt:g} ms or use a shorter step"
            yield Problem(record.label or record.model, what, cure, (record.id,))


_OF_NEURONS = {"spikes", "rate", "ca", "calcium", "z", "elements", "free_boutons", "free_spines"}
_OF_SYNAPSES = {"weight", "transmitted", "delay"}


def of_probe(net: Circuit, record: Probe) -> Problems:
    """A quantity its targets do not have, or a time between samples that is not whole steps."""
    place = record.label or "probe"
    if record.what == "spikes" and not record.enabled:
        yield Problem(place, "spikes are written down with or without it", "remove it", (record.id,))
    known = recordable(net, record.targets)
    if known and record.what not in known:
        what = f"there is no {record.what!r} to record here{did_you_mean(record.what, known)}"
        yield Problem(place, what, f"it can be {', '.join(sorted(known))}", (record.id,))
    if isinstance(record.every, str):
        if record.every != "pre":
            yield Problem(place, f"every is {record.every!r}", 'it takes ms, or "pre"', (record.id,))
        elif (net.population_of(record.targets) != 0).any():
            yield Problem(place, 'every="pre" is for synapses', "give ms between samples, such as 1.0")
    elif not is_whole(record.every, net.dt):
        cure = f"it must be whole steps of {net.dt:g} ms"
        yield Problem(place, f"every is {record.every:g} ms", cure, (record.id,))


def recordable(net: Circuit, targets: Ints) -> set[str]:
    """What a probe on these neurons or synapses can record; empty when that cannot be told."""
    homes = np.unique(net.population_of(targets))
    wheres = np.unique(net.projection_of(targets))
    known: set[str] = set()
    for id in homes[homes != 0].tolist():
        population = net.populations[id]
        model = model_of(population.model, population.kind)
        if model is None:
            return set()
        known.update(_OF_NEURONS, model.states)
        for projection in net.projections.values():
            if id in (projection.pre, projection.post):
                known.update(
                    _declared(projection, "traces"), _declared(projection, "quantities"), EXCITABILITY
                )
    for id in wheres[wheres != 0].tolist():
        known.update(_OF_SYNAPSES, _declared(net.projections[id], "fields"))
    return known


def _declared(projection: Projection, what: str) -> set[str]:
    """The traces or fields that the transmission and the rules of a projection declare."""
    models = _models(projection)
    found = {name for model in models for name in getattr(model, what)}
    if what == "fields" and any(model.keeps_loci() for model in models):
        waiting = [model for model in models if "on_change" in model.hooks]
        found |= {f"{name}_{end}" for model in waiting for name in model.fields for end in LOCI} | {*LOCI}
    return found


def _models(projection: Projection) -> list[type[Declaration]]:
    """Its transmission and its rules, those that this version has."""
    models = [model_of(projection.transmission, "transmission")]
    models += [model_of(card.slug, "rule") for card in projection.rules]
    return [model for model in models if model is not None]


def of_modulator(net: Circuit, record: Modulator) -> Problems:
    """A substance that is not there, or numbers it does not allow."""
    yield from param_problems(record.model, "modulator", record.params, record.label)
    if not net.dt * (1.0 - 1e-9) <= record.delay < math.inf:
        what = f"delay is {record.delay:g} ms"
        yield Problem(record.label, what, f"it must be at least one step, {net.dt:g} ms", (record.id,))


# -- settings --------------------------------------------------------------------------------------


def of_names(record: Thing, values: Mapping[str, Any], of_neurons: bool = False) -> Problems:
    """Names of values that a record, or a neuron, does not have."""
    attributes = ATTRIBUTES[type(record)]
    own = SWITCHES if of_neurons else attributes
    rest = {name: value for name, value in values.items() if name not in own}
    if isinstance(record, Projection):
        cards = {card.slug: card for card in record.rules}
        for name in [name for name in rest if "." in name]:
            rest.pop(name)
            slug, _, param = name.partition(".")
            if slug in cards:
                yield from name_problems(slug, "rule", {param: None}, f"{record.label}, {slug}")
            else:
                what = f"there is no rule {slug!r} in its stack{did_you_mean(slug, cards)}"
                yield Problem(record.label, what, f"it has {', '.join(cards) or 'none'}")
    if not rest:
        return
    if isinstance(record, Probe):
        for name in rest:
            what = f"a probe has no {name!r}{did_you_mean(name, attributes)}"
            yield Problem(record.label, what, f"it has {', '.join(attributes)}")
    elif isinstance(record, Population):
        yield from name_problems(record.model, record.kind, rest, record.label, states=True)
    else:
        slug = record.transmission if isinstance(record, Projection) else record.model
        kind = "transmission" if isinstance(record, Projection) else type(record).__name__.lower()
        yield from name_problems(slug, kind, rest, record.label)


def of_network(net: Circuit, values: Mapping[str, Any]) -> Problems:
    """Settings of the whole network that make no sense."""
    if not 0.0 < values.get("dt", net.dt) < math.inf:
        yield Problem("network", f"dt is {values['dt']} ms", "a step takes time, such as 0.1 ms")
        return
    if values.get("precision", "double") not in ("double", "single"):
        yield Problem("network", f"precision is {values['precision']!r}", 'it must be "double" or "single"')
    for name, least in (("seed", 0), ("sweep", 1)):
        if values.get(name, least) < least:
            yield Problem("network", f"{name} is {values[name]}", f"it must be {least} or more")
    if not 0.0 < values.get("slow", 1.0) < math.inf:
        yield Problem("network", f"slow is {values['slow']}", "it must be more than 0; 1 is the pace of life")
    for projection in net.projections.values():
        yield from _of_pace(projection, projection.rules, values.get("slow", 1.0))
    dt = values.get("dt", net.dt)
    for record in net.records() if dt != net.dt else ():
        yield from suiting.of_step(record, dt)
        if isinstance(record, Input):
            yield from of_times(record, dt)
    for projection in net.projections.values() if dt != net.dt else ():
        table = projection.synapses
        short = table.delay < dt * (1.0 - 1e-9)
        if short.any() and not is_gap(projection):
            what = f"a step of {dt:g} ms is longer than the {table.delay[short][0]:g} ms of synapse"
            cure = f"lengthen the delays first, or keep dt at most {table.delay.min():g} ms"
            yield Problem(projection.label, f"{what} {some(table.id[short])}", cure, named(table.id[short]))
    for probe in net.probes.values() if dt != net.dt else ():
        if not isinstance(probe.every, str) and not is_whole(probe.every, dt):
            what = f"every is {probe.every:g} ms, which is not whole steps of {dt:g} ms"
            yield Problem(probe.label or "probe", what, "change it first, or choose another dt", (probe.id,))
    for modulator in net.modulators.values() if dt != net.dt else ():
        if modulator.delay < dt * (1.0 - 1e-9):
            what = f"a step of {dt:g} ms is longer than its delay, {modulator.delay:g} ms"
            yield Problem(modulator.label, what, "lengthen the delay first", (modulator.id,))
