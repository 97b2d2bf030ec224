"""The things a written rule declares, read from its definition: parameters, traces, fields and their kin."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from typing import Any

from engine import registry
from engine.declare import SUBSTANCES, Field, Param, Quantity, Role, Total, Trace, Transmission
from engine.errors import ModelError, did_you_mean
from engine.written.words import (
    MOST_THINGS,
    NAME,
    SETTINGS,
    SHARE,
    SIGNS,
    Definition,
    number,
    one_of,
    settings_of,
    text,
    things,
)

LATEST = 1000.0
"""ms; how long ago a rule may look back at most: every step of it is kept for every neuron."""
MOST_OPTIONS = 12
Declared = dict[str, Any]
"""What has been declared so far, by name."""


def declared(definition: Definition) -> Declared:
    """Everything the tables of a definition declare.

    Raises:
        ModelError: says which part, which name, what is wrong and what would be right.
    """
    body: Declared = {}
    for name, given in things(definition, "params"):
        body[name] = _param(name, given)
    for name, given in things(definition, "traces", body):
        body[name] = _trace(name, given, body)
    for name, given in things(definition, "fields", body):
        body[name] = _field(name, given, body)
    kept = things(definition, "quantities", body)
    own = [name for name, _ in kept]
    for name, given in kept:
        body[name] = _quantity(name, given, body, own, str(definition.get("stage", "")))
    for name, given in things(definition, "totals", body):
        body[name] = Total(f"{name}{SHARE}", text(given, "unit"), text(given, "doc"))
    for name, given in things(definition, "roles", body):
        body[name] = _role(name, given, body)
    for name, one in body.items():
        if isinstance(one, Total) and one.of in body:
            raise ModelError(f"totals: {one.of} is what a synapse adds to {name}; rename the other")
    return body


def presets(definition: Definition, body: Declared) -> dict[str, dict[str, float | str]]:
    """Sets of numbers by name.

    Raises:
        ModelError: one sets what is no parameter, or beyond its limits.
    """
    given = definition.get("presets", {})
    if not isinstance(given, Mapping) or not all(isinstance(one, Mapping) for one in given.values()):
        raise ModelError("presets of a written rule are described by name")
    if len(given) > MOST_THINGS:
        raise ModelError(f"{len(given)} presets; at most {MOST_THINGS}")
    found: dict[str, dict[str, float | str]] = {}
    for label, values in given.items():
        where = f"preset {label}"
        found[str(label)] = {}
        for name, value in values.items():
            one = body.get(name)
            if not isinstance(one, Param):
                known = [other for other, each in body.items() if isinstance(each, Param)]
                raise ModelError(f"{where}: {name!r} is not a parameter{did_you_mean(str(name), known)}")
            if one.is_choice:
                found[str(label)][name] = one_of(f"{where}, {name}", str(value), one.options, "choice")
                continue
            amount = number("preset", f"{label}, {name}", values, name, 0.0)
            if not one.low <= amount <= one.high:
                raise ModelError(
                    f"{where}: {name} is {amount:g}; it must be between {one.low:g} and {one.high:g}"
                )
            found[str(label)][name] = amount
    return found


def settings(definition: Definition, body: Declared) -> dict[str, str]:
    """The settings that are not formulas, checked against what they name.

    Raises:
        ModelError: one of another stage, or one that names nothing.
    """
    stage = str(definition.get("stage", ""))
    given, known = definition.get("settings", {}), settings_of(stage)
    if not isinstance(given, Mapping):
        raise ModelError("settings of a written rule are described by name")
    for name, value in given.items():
        if name not in known:
            near = did_you_mean(str(name), known)
            raise ModelError(f"{stage} has no setting {name!r}{near}; it has {', '.join(known)}")
        if not isinstance(value, str):
            raise ModelError(f"setting {name} is a text, not {value!r}")
        if value.strip():
            _check(SETTINGS[name].kind, f"{SETTINGS[name].label} ({name})", value.strip(), body)
    return {str(name): value.strip() for name, value in given.items() if value.strip()}


# -- one by one ------------------------------------------------------------------------------------


def _param(name: str, given: Mapping[str, Any]) -> Param:
    takes = [one.strip() for one in text(given, "takes").split(",") if one.strip()]
    source = text(given, "source") or "written here"
    if takes and takes != ["whole"]:
        return _choice(name, given, takes, source)
    low, high = (number("parameter", name, given, key, d) for key, d in (("low", -1e12), ("high", 1e12)))
    default = number("parameter", name, given, "default", 0.0)
    if not low <= default <= high:
        raise ModelError(f"parameter {name}: {default:g} is not between {low:g} and {high:g}")
    if takes and default != math.floor(default):
        raise ModelError(f"parameter {name}: {default:g} is not a whole number, and it takes only those")
    return Param(
        default, text(given, "unit"), low, high, text(given, "doc"), source, is_whole=takes == ["whole"]
    )


def _choice(name: str, given: Mapping[str, Any], options: list[str], source: str) -> Param:
    if len(options) < 2 or len(options) > MOST_OPTIONS or len(set(options)) < len(options):
        raise ModelError(
            f"parameter {name}: takes is {', '.join(options)!r}; write whole, or two to {MOST_OPTIONS} names"
        )
    default = given.get("default", options[0])
    one_of(f"parameter {name}", str(default), tuple(options), "choice")
    return Param(
        float(options.index(str(default))),
        "",
        0.0,
        len(options) - 1.0,
        text(given, "doc"),
        source,
        tuple(options),
    )


def _param_of(where: str, name: str, body: Declared, what: str = "") -> Param:
    found = body.get(name)
    if not isinstance(found, Param):
        known = [other for other, one in body.items() if isinstance(one, Param)]
        raise ModelError(f"{where}: {what}{name!r} is not a parameter{did_you_mean(name, known)}")
    return found


def _tau_of(kind: str, name: str, given: Mapping[str, Any], body: Declared) -> str:
    """The name of the parameter a trace or a role decays with."""
    tau = str(given.get("tau", ""))
    found = _param_of(f"{kind} {name}", tau, body, "tau ")
    if found.low <= 0.0:
        raise ModelError(
            f"{kind} {name}: {tau} may be {found.low:g}; a time constant needs a lower limit above 0"
        )
    return tau


def _owner(kind: str, name: str, given: Mapping[str, Any]) -> str:
    owner = given.get("owner")
    if owner not in ("pre", "post"):
        raise ModelError(f'{kind} {name}: owner is {owner!r}; it must be "pre" or "post"')
    return str(owner)


def _trace(name: str, given: Mapping[str, Any], body: Declared) -> Trace:
    owner, nearest = _owner("trace", name, given), given.get("nearest", False)
    if isinstance(nearest, str) and nearest:
        switch = _param_of(f"trace {name}", nearest, body, "nearest is yes, nothing or a parameter; ")
        if not (switch.low >= 0.0 and switch.high <= 1.0):
            raise ModelError(f"trace {name}: {nearest} switches it, so it must stay between 0 and 1")
    return Trace(
        owner,
        _tau_of("trace", name, given, body),
        text(given, "doc"),
        nearest if isinstance(nearest, str) and nearest else bool(nearest),
    )


def _field(name: str, given: Mapping[str, Any], body: Declared) -> Field:
    init: float | str
    if isinstance(given.get("init"), str):
        init = str(given["init"])
        _param_of(f"field {name}", init, body, "init is a number or a parameter; ")
    else:
        init = number("field", name, given, "init", 0.0)
    low, high = (number("field", name, given, key, d) for key, d in (("low", -math.inf), ("high", math.inf)))
    if not isinstance(init, str) and not low <= init <= high:
        raise ModelError(f"field {name}: it starts at {init:g}, which is not between {low:g} and {high:g}")
    return Field(
        init, text(given, "unit"), text(given, "doc"), bool(given.get("slow", False)), low=low, high=high
    )


def states() -> list[str]:
    """What the neurons of some model have, by the names rules use."""
    found = {name for model in registry.all("neuron") for name in model.states}
    return sorted(found | {"local", "local_mean"})


def _quantity(name: str, given: Mapping[str, Any], body: Declared, own: list[str], stage: str) -> Quantity:
    owner, where = _owner("quantity", name, given), f"quantity {name}"
    if owner == "pre" and stage != "induction":
        raise ModelError(f"{where}: {stage} looks after the post neuron; owner must be post")
    unit, doc = text(given, "unit"), text(given, "doc")
    of, by = text(given, "of"), text(given, "by")
    if of or by:
        known = [*own, *states()]
        if of not in known or of == name:
            near = did_you_mean(of, known)
            raise ModelError(f"{where}: of is {of!r}, which is no quantity and no state of a neuron{near}")
        _is_time(where, by, body, "by says how long ago; ")
        return Quantity(owner, 0.0, unit, doc, of, by)
    start = given.get("init", 0.0)
    if not isinstance(start, str):
        return Quantity(owner, number("quantity", name, given, "init", 0.0), unit, doc)
    known = [*(other for other, one in body.items() if isinstance(one, Param)), *states()]
    if start not in known:
        near = did_you_mean(start, known)
        raise ModelError(f"{where}: init {start!r} is no number, parameter or state of a neuron{near}")
    return Quantity(owner, start, unit, doc)


def _role(name: str, given: Mapping[str, Any], body: Declared) -> Role:
    substance = one_of(f"role {name}", text(given, "substance"), SUBSTANCES, "substance")
    tau = _tau_of("role", name, given, body) if given.get("tau") else ""
    if f"{name}_from" in body:
        raise ModelError(
            f"role {name}: {name}_from says which modulator plays it; call the other thing differently"
        )
    doc = text(given, "doc") or substance.capitalize()
    return Role(substance, tau, doc, "", bool(given.get("area", False)))


# -- settings --------------------------------------------------------------------------------------


def events() -> tuple[str, ...]:
    """The kinds of event that some transmission brings to the other synapses of a neuron."""
    brought = (one.event for one in registry.all("transmission") if issubclass(one, Transmission))
    return tuple(sorted({event for event in brought if event}))


def wanted(told: str) -> tuple[str, str]:
    """What a rule wants of its post neurons, and what goes wrong without it."""
    thing, _, otherwise = (one.strip() for one in told.partition(":"))
    return thing, otherwise or "it learns something else"


def _is_offered(where: str, value: str) -> None:
    known = {thing for one in registry.all("neuron") for thing in getattr(one, "offers", ())}
    one_of(where, wanted(value)[0], tuple(sorted(known)), "thing that neurons offer")


def _is_time(where: str, value: str, body: Declared, what: str = "") -> None:
    ago = _param_of(where, value, body, what)
    if not (ago.low >= 0.0 and ago.high <= LATEST):
        raise ModelError(
            f"{where}: {value} may be {ago.low:g} to {ago.high:g}; it must stay between 0 and {LATEST:g} ms"
        )


def _is_field(where: str, value: str, body: Declared) -> None:
    if not isinstance(body.get(value), Field):
        known = [name for name, one in body.items() if isinstance(one, Field)]
        raise ModelError(f"{where}: {value!r} is not a field{did_you_mean(value, known)}")


def _is_sentence(where: str, value: str, body: Declared) -> None:
    """Only `{name}` and `{name:.2g}` of parameters: a sentence is filled in by Python's own formatting."""
    try:
        pieces = list(string.Formatter().parse(value))
    except ValueError as error:
        raise ModelError(f"{where}: {error}; {{name}} stands for a parameter") from error
    for _, name, form, turned in pieces:
        if name is None:
            continue
        if not NAME.fullmatch(name) or turned or (form and not _is_plain(form)):
            raise ModelError(
                f"{where}: write {{name}} or {{name:g}} for a parameter, and nothing else in {{}}"
            )
        _param_of(where, name, body)


def _is_plain(form: str) -> bool:
    body = form.removeprefix(".")
    digits = body.rstrip("efg")
    return len(body) - len(digits) <= 1 and len(digits) <= 1 and (not digits or digits.isdecimal())


def _check(kind: str, where: str, value: str, body: Declared) -> None:
    """Refuse a setting that does not fit; a formula is read with the hooks."""
    match kind:
        case "param":
            _is_time(where, value, body)
        case "field":
            _is_field(where, value, body)
        case "event":
            one_of(where, value, events(), "event")
        case "sign":
            one_of(where, value, SIGNS, "sign")
        case "offer":
            _is_offered(where, value)
        case "sentence":
            _is_sentence(where, value, body)
