"""What the declarations of the models say about the values in a network: names, defaults, ranges.

Functions that object return a sentence with place, cause and cure, or nothing when all is well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry, units
from engine.declare import Declaration, Rule
from engine.errors import UnknownName, did_you_mean
from engine.network.parts import Population, Projection, RuleUse, Value

Model = type[Declaration]

_BELOW = (
    ("v_reset", "v_th"), ("v_th", "e_ex"), ("e_in", "v_th"), ("v_reset", "v_peak"), ("v_th", "v_peak"),
    ("eta", "eps"), ("theta_d", "theta_p"), ("theta_minus", "theta_plus"),
)  # fmt: skip
"""Pairs of parameters where the first must stay below the second, wherever a model has both."""


def unknown_model(slug: str, kind: str, place: str) -> str:
    """There is no model of that slug and kind."""
    try:
        registry.find(slug, kind)
    except UnknownName as error:
        return f"{place}: {error}"
    return ""


def model_of(slug: str, kind: str) -> Model | None:
    """The declaration, or None for a model this version does not have."""
    return registry.find(slug, kind) if registry.knows(slug, kind) else None


def is_list(slug: str, name: str) -> bool:
    """Whether `name` is a list the user writes out, such as the spike times of an input."""
    model = model_of(slug, "input")
    return model is not None and name in model.lists


def default_of(population: Population, name: str) -> float:
    """The declared value of a parameter, or the declared start of a state, for neurons without an override.

    Raises:
        UnknownName: the model declares no such parameter or state.
    """
    model = registry.find(population.model, population.kind)
    if name in model.params:
        return model.params[name].default
    if name in model.states:
        start = model.states[name].init
        if not isinstance(start, str):
            return float(start)
        override = population.params.get(start)
        if override is not None and not isinstance(override, str | np.ndarray):
            return override
        return default_of(population, start)
    known = (*model.params, *model.states)
    raise UnknownName(f"{population.model} has no parameter {name!r}{did_you_mean(name, known)}")


def value_of(population: Population, name: str) -> Value:
    """What the neurons of a population use for a parameter or start a state from: override or declared.

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


def names_objection(slug: str, kind: str, names: Mapping[str, Any], place: str, states: bool = False) -> str:
    """A parameter (or state) the model does not declare."""
    if reason := unknown_model(slug, kind, place):
        return reason
    model = registry.find(slug, kind)
    known = [*model.params, *(model.states if states else ()), *model.lists]
    for name in names:
        if name not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            return f"{place}: {slug} has no parameter {name!r}{did_you_mean(name, known) or f'; {has}'}"
    return ""


def params_objection(
    slug: str, kind: str, params: Mapping[str, Any], place: str, states: bool = False
) -> str:
    """A parameter that is not declared, out of its range, or at odds with another one."""
    if reason := names_objection(slug, kind, params, place, states):
        return reason
    model = registry.find(slug, kind)
    decays = {trace.tau for trace in model.traces.values()}
    for name, value in params.items():
        declared = model.params.get(name)
        if value is None:
            continue
        if isinstance(value, str):
            if declared is None or value not in declared.options:
                options = declared.options if declared is not None else ()
                right = f"one of {', '.join(options)}" if options else "a number"
                return (
                    f"{place}: {name} cannot be {value!r}; it must be {right}{did_you_mean(value, options)}"
                )
            continue
        numbers = np.asarray(value, np.float64)
        if declared is None:
            continue
        bad = (numbers < declared.low) | (numbers > declared.high)
        if name in decays or (name.startswith("tau") and np.isinf(declared.low)):
            bad |= numbers <= 0.0
        if bad.any():
            wrong = units.write(float(numbers[bad].flat[0]), declared.unit)
            return (
                f"{place}: {name} is {wrong}; it must be {_range(declared.low, declared.high, declared.unit)}"
            )
    return _order_objection(model, params, place)


def _range(low: float, high: float, unit: str) -> str:
    if np.isinf(low) and np.isinf(high):
        return "longer than 0"
    return units.within(low, high, unit)


def _order_objection(model: Model, params: Mapping[str, Any], place: str) -> str:
    for lower, upper in _BELOW:
        if lower not in model.params or upper not in model.params:
            continue
        one, other = (
            np.asarray(params[n] if params.get(n) is not None else model.params[n].default, np.float64)
            for n in (lower, upper)
        )
        bad = np.broadcast_arrays(one, other, one >= other)
        if bad[2].any():
            unit = model.params[lower].unit
            shown = [units.write(float(side[bad[2]].flat[0]), unit) for side in bad[:2]]
            return f"{place}: {lower} is {shown[0]} and {upper} is {shown[1]}; {lower} must be below {upper}"
    return ""


def gives(projection: Projection) -> str:
    """What arrives over a projection: "current", "conductance", "gap" or "any"; "" for an unknown model."""
    model = model_of(projection.transmission, "transmission")
    return str(getattr(model, "gives", "")) if model is not None else ""


def is_gap(projection: Projection) -> bool:
    """Whether its rows are gap junctions: undirected, without sign and delay, the weight a conductance."""
    return projection.transmission == "gap_junction" or gives(projection) == "gap"


def weight_unit(projection: Projection) -> str:
    """The unit of its weights."""
    return "nS" if gives(projection) in ("conductance", "gap") else "pA"


def is_plastic(rules: tuple[RuleUse, ...]) -> bool:
    """Whether a stack moves weights (and so keeps them within w_min and w_max)."""
    return any(stage_of(card.slug) != "structure" for card in rules)


def stage_of(slug: str) -> str:
    """The stage of a rule in the pipeline, "" for an unknown one."""
    model = model_of(slug, "rule")
    return model.stage if model is not None else ""


def in_pipeline_order(rules: tuple[RuleUse, ...]) -> tuple[RuleUse, ...]:
    """The cards sorted by stage, in the given order within a stage, unknown ones last."""
    places = {stage: number for number, stage in enumerate(Rule.stages)}
    return tuple(sorted(rules, key=lambda card: places.get(stage_of(card.slug), len(places))))


def numbers(value: Value, size: int) -> NDArray[np.float64]:
    """One number each, from one number for all or from an array."""
    return np.broadcast_to(np.asarray(value, np.float64), (size,))
