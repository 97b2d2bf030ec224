"""Whether a projection makes sense: its populations, its transmission, its bounds and its rules."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from engine import registry, units
from engine.declare import Rule
from engine.network import ends, suiting
from engine.network.declared import (
    carries,
    has_state,
    is_flow,
    is_plastic,
    model_of,
    number_of,
    param_problems,
    stage_of,
)
from engine.network.parts import Population, Projection, RuleUse
from engine.network.problems import Problem, Problems
from engine.network.sense.synapses import of_delays, of_fields, of_weights

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


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
    yield from of_pace(projection, rules, net.slow)
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


def of_pace(projection: Projection, rules: tuple[RuleUse, ...], slow: float) -> Problems:
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
