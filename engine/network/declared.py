"""What the declarations of the models say about the values in a network: names, defaults, ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine import registry, units
from engine.declare import LOCI, Declaration, Field, Rule, State
from engine.errors import UnknownName, did_you_mean
from engine.network.columns import Value
from engine.network.parts import SWITCHES, Population, Projection, RuleUse
from engine.network.problems import Problem, Problems

Model = type[Declaration]

BELOW = (
    ("v_reset", "v_th"), ("v_th", "e_ex"), ("e_in", "v_th"), ("v_reset", "v_peak"), ("v_th", "v_peak"),
    ("v_th_rest", "v_peak"), ("v_th", "v_spike"), ("c", "v_th"),
    ("eta", "eps"), ("eta_pre", "eps_pre"),
    ("theta_d", "theta_p"), ("theta_minus", "theta_plus"), ("tau_rise", "tau_decay"),
)  # fmt: skip
"""Pairs of parameters of which the first must stay below the second, wherever a model has both."""
OR_EQUAL = {("theta_minus", "theta_plus")}
"""Pairs that may also be equal."""
_IF_GIVEN = {("eta_pre", "eps_pre")}
"""Pairs of which the second is 0 where it is not given."""
_ROUNDING = 1e-9
"""By how much what a run left behind may miss its limits."""


def model_of(slug: str, kind: str) -> Model | None:
    """The declaration, or None for a model this version does not have."""
    return registry.find(slug, kind) if registry.knows(slug, kind) else None


def is_list(slug: str, name: str) -> bool:
    """Whether `name` is a list the user writes out, such as the spike times of an input."""
    model = model_of(slug, "input") or model_of(slug, "task")
    return model is not None and name in model.lists


def default_of(population: Population, name: str) -> float:
    """The declared value of a parameter, or the declared start of a state, for neurons without an override.

    Raises:
        UnknownName: the model declares no such parameter or state.
    """
    if name in SWITCHES:
        return float(SWITCHES[name])
    model = registry.find(population.model, population.kind)
    if name in model.params:
        return model.params[name].default
    if name in model.states:
        start = model.states[name].init
        if not isinstance(start, str):
            return float(start)
        override = population.params.get(start)
        return override if isinstance(override, float) else default_of(population, start)
    known = (*model.params, *model.states)
    raise UnknownName(f"{population.model} has no parameter {name!r}{did_you_mean(name, known)}")


def value_of(population: Population, name: str) -> Value:
    """What the neurons of a population use for a parameter, or start a state from: override or declared.

    One number (or the name of a choice) for all, or an array with one number each.
    """
    if name in population.params:
        return population.params[name]
    model = registry.find(population.model, population.kind)
    start = model.states[name].init if name in model.states else None
    if isinstance(start, str):
        return value_of(population, start)
    if name in model.params and model.params[name].is_choice:
        return model.params[name].shown_default
    return default_of(population, name)


def slug_problems(slug: str, kind: str, place: str) -> Problems:
    """There is no model of that slug and kind."""
    try:
        registry.find(slug, kind)
    except UnknownName as error:
        yield Problem(place, str(error), "choose one that this version has")


def name_problems(
    slug: str, kind: str, names: Mapping[str, Any], place: str, states: bool = False
) -> Problems:
    """Parameters (or states) that the model does not declare."""
    model = model_of(slug, kind)
    if model is None:
        yield from slug_problems(slug, kind, place)
        return
    known = [*model.params, *(model.states if states else ()), *model.lists]
    has = f"it has {', '.join(known)}" if known else "it has none"
    for name in names:
        if name not in known:
            yield Problem(place, f"{slug} has no parameter {name!r}{did_you_mean(name, known)}", has)


def param_problems(
    slug: str, kind: str, params: Mapping[str, Any], place: str, states: bool = False
) -> Problems:
    """Parameters that are not declared, out of their range, or at odds with each other."""
    yield from name_problems(slug, kind, params, place, states)
    model = model_of(slug, kind)
    if model is None:
        return
    for name, value in params.items():
        if value is not None and name in model.params:
            yield from _range_problems(model, name, value, place)
        elif value is not None and name in model.states:
            if isinstance(value, str):
                yield Problem(place, f"{name} cannot be {value!r}", "give a number")
            else:
                yield from limit_problems(model.states[name], value, place)
    for lower, upper in BELOW:
        if (lower, upper) == ("v_reset", "v_th") and "v_peak" in model.params:
            continue  # a neuron that bursts is reset above the foot of its upswing
        if lower in model.params and upper in model.params:
            yield from _order_problems(model, lower, upper, params, place)


def _range_problems(model: Model, name: str, value: Any, place: str) -> Problems:
    declared = model.params[name]
    if isinstance(value, str):
        if value not in declared.options:
            right = f"choose one of {', '.join(declared.options)}" if declared.options else "give a number"
            yield Problem(place, f"{name} cannot be {value!r}{did_you_mean(value, declared.options)}", right)
        return
    numbers = np.asarray(value, np.float64)
    bad = ~((numbers >= declared.low) & (numbers <= declared.high))
    right = units.within(declared.low, declared.high, declared.unit)
    decays = {trace.tau for trace in model.traces.values()}
    if name in decays or (name.startswith("tau") and np.isinf(declared.low)):
        bad |= numbers <= 0.0
        right = "more than 0" if np.isinf(declared.low) or declared.low <= 0.0 else right
    if declared.is_whole:
        bad |= numbers != np.rint(numbers)
        right = f"a whole number, {right}"
    if bad.any():
        wrong = units.write(float(numbers[bad].flat[0]), declared.unit)
        yield Problem(place, f"{name} is {wrong}", f"it must be {right}")


def limit_problems(declared: State | Field, value: Any, place: str, ids: tuple[int, ...] = ()) -> Problems:
    """A state or a field outside what it can be; NaN stands for a value that is not given."""
    numbers = np.asarray(value, np.float64)
    bad = (numbers < declared.low - _ROUNDING) | (numbers > declared.high + _ROUNDING)
    if bad.any():
        wrong = units.write(float(numbers[bad].flat[0]), declared.unit)
        right = units.within(declared.low, declared.high, declared.unit)
        yield Problem(place, f"{declared.name} is {wrong}", f"it must be {right}", ids)


def _order_problems(model: Model, lower: str, upper: str, params: Mapping[str, Any], place: str) -> Problems:
    given = [params.get(name) for name in (lower, upper)]
    if any(isinstance(value, str) for value in given):
        return
    defaults = [model.params[name].default for name in (lower, upper)]
    one, other = (np.asarray(d if v is None else v, np.float64) for v, d in zip(given, defaults, strict=True))
    if one.ndim and other.ndim and one.shape != other.shape:
        return  # columns of different length are another problem
    one, other = np.broadcast_arrays(one, other)
    bad = ~((one <= other) if (lower, upper) in OR_EQUAL else (one < other))
    if (lower, upper) in _IF_GIVEN:
        bad &= other != 0.0
    if bad.any():
        unit = model.params[lower].unit
        shown = [units.write(float(side[bad].flat[0]), unit) for side in (one, other)]
        right = f"{lower} must {'not be above' if (lower, upper) in OR_EQUAL else 'be below'} {upper}"
        yield Problem(place, f"{lower} is {shown[0]} and {upper} is {shown[1]}", right)


def gives(projection: Projection) -> str:
    """What arrives over a projection: "current", "conductance", "gap" or "any"; "" for an unknown model."""
    model = model_of(projection.transmission, "transmission")
    return str(getattr(model, "gives", "")) if model is not None else ""


def carries(projection: Projection) -> str:
    """The state of the pre neuron that flows through its synapses, "" where spikes do."""
    model = model_of(projection.transmission, "transmission")
    return str(getattr(model, "carries", ""))


def actual_state(neuron: Model, name: str) -> str:
    """The state of a neuron model behind a name that rules use."""
    if name == "local_mean":
        return str(getattr(neuron, "local_mean", "") or getattr(neuron, "local", ""))
    return str(getattr(neuron, "local", "")) if name == "local" else name


def has_state(neuron: Model, name: str) -> bool:
    """Whether a neuron model has a state a rule can read, by its name or as `local`; relays have none."""
    return actual_state(neuron, name) in neuron.states and not getattr(neuron, "is_relay", False)


def usual_transmission(neuron: str) -> str:
    """The slug of the plainest transmission a neuron model takes."""
    model = model_of(neuron, "neuron")
    takes = tuple(getattr(model, "receives", ())) or ("current",)
    fitting = [
        m
        for m in registry.all("transmission")
        if getattr(m, "gives", "") == takes[0] and "flow" not in m.hooks
    ]
    return min(fitting, key=lambda m: (len(m.params), m.slug)).slug if fitting else "current_exp"


def is_gap(projection: Projection) -> bool:
    """Whether its rows are gap junctions: undirected, without sign and delay, the weight a conductance."""
    return gives(projection) == "gap"


def is_flow(projection: Projection) -> bool:
    """Whether it carries no spikes but lets something flow all the time."""
    model = model_of(projection.transmission, "transmission")
    return model is not None and "flow" in model.hooks


def weight_unit(projection: Projection) -> str:
    """The unit of its weights."""
    own = getattr(model_of(projection.transmission, "transmission"), "unit", "")
    return own or ("nS" if gives(projection) in ("conductance", "gap") else "pA")


def number_of(card: RuleUse, name: str) -> float:
    """What a card uses for a declared parameter, as a number."""
    model = registry.find(card.slug, "rule")
    given = card.params.get(name)
    return model.params[name].default if given is None or isinstance(given, str) else float(given)


def stage_of(slug: str) -> str:
    """The stage of a rule in the pipeline, "" for an unknown one."""
    model = model_of(slug, "rule")
    return model.stage if model is not None else ""


def is_plastic(rules: tuple[RuleUse, ...]) -> bool:
    """Whether a stack moves weights, and so keeps them within w_min and w_max."""
    return any(stage_of(card.slug) != "structure" for card in rules)


def born_with(projection: Projection, size: float) -> float:
    """The size of the weight of a new synapse: what a card asks for, within the bounds that rules keep."""
    return min(max(size, projection.w_min), projection.w_max) if is_plastic(projection.rules) else size


def in_pipeline_order(rules: tuple[RuleUse, ...]) -> tuple[RuleUse, ...]:
    """The cards sorted by stage, in the given order within a stage, unknown ones last."""
    places = {stage: number for number, stage in enumerate(Rule.stages)}
    return tuple(sorted(rules, key=lambda card: places.get(stage_of(card.slug), len(places))))


def declared_by(projection: Projection, what: str) -> set[str]:
    """The traces or fields that the transmission and the rules of a projection declare."""
    models = models_of(projection)
    found = {name for model in models for name in getattr(model, what)}
    if what == "fields" and any(model.keeps_loci() for model in models):
        waiting = [model for model in models if "on_change" in model.hooks]
        found |= {f"{name}_{end}" for model in waiting for name in model.fields for end in LOCI} | {*LOCI}
    return found


def models_of(projection: Projection) -> list[type[Declaration]]:
    """Its transmission and its rules, those that this version has."""
    models = [model_of(projection.transmission, "transmission")]
    models += [model_of(card.slug, "rule") for card in projection.rules]
    return [model for model in models if model is not None]
