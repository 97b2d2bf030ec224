"""What a weight means: how far one spike moves this neuron at rest ("45 pA = 0.3 mV at rest").

Qt-free.  The neuron model's own hooks are run, as plain Python, for one spike; no model is known by name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from engine import registry, units
from engine.by_hand import asked, neuron_step, plain
from engine.declare import Declaration
from engine.kernels.hooks import channels

STEP = 0.1
LONGEST = 60.0
"""ms; by then every postsynaptic potential a person would call fast has peaked."""

MOVING = {"integrate", "derivatives"}
"""The hooks of which a membrane has one at least."""
NO_GLIA = SimpleNamespace(gamma=0.0, alpha=0.0)
LONG_AGO = 1e12


def weight_unit(model: type[Declaration] | None, transmission: type[Declaration] | None) -> str:
    """The unit in which a synapse of this transmission onto this neuron model is weighed."""
    if own := getattr(transmission, "unit", ""):
        return str(own)
    gives = getattr(transmission, "gives", "current")
    if gives == "any":
        receives = getattr(model, "receives", ("current",)) if model is not None else ("current",)
        gives = receives[0] if receives else "current"
    if gives != "current":
        return "nS"
    of: Any = model
    return "mV" if of is not None and _jumps(of) else "pA"


def unit_of(net: Any, projection: Any) -> str:
    """The unit in which the weights of a projection are counted."""
    return weight_unit(*models_of(net, projection))


def models_of(net: Any, projection: Any) -> tuple[Any, Any]:
    """The neuron model its spikes reach and the transmission, None where this version does not know them."""
    post = net.populations.get(projection.post)
    model = registry.find(post.model) if post is not None and registry.knows(post.model) else None
    slug = projection.transmission
    return model, registry.find(slug) if registry.knows(slug) else None


def response(
    model: type[Declaration],
    params: Mapping[str, float],
    weight: float,
    transmission: type[Declaration] | None = None,
    transmission_params: Mapping[str, float] | None = None,
) -> float:
    """The furthest one spike of this weight moves `v`, in mV; infinite when it fires the neuron from rest.

    NaN when the model has no membrane or the question makes no sense (a gap junction, the wrong receptor).
    """
    gives = getattr(transmission, "gives", "current")
    fits = gives == "any" or gives in getattr(model, "receives", ())
    if not fits or getattr(model, "is_relay", False) or not MOVING & set(model.hooks):
        return math.nan
    if transmission is not None:
        weight = first_amount(transmission, transmission_params or {}, weight)
    of: Any = model
    return _response(of, tuple(sorted(params.items())), round(weight, 12), gives)


def way_to_spike(model: type[Declaration], params: Mapping[str, float]) -> float:
    """How far the drawn potential is from rest to a spike (mV)."""
    row = model.row(**_known(model, params))
    rest, peak = (
        getattr(row, end) if isinstance(end, str) else end
        for end in (getattr(model, "rest", 0.0), getattr(model, "peak", math.inf))
    )
    return abs(float(peak) - float(rest))


def first_amount(transmission: type[Declaration], params: Mapping[str, float], weight: float) -> float:
    """What the first spike after a long rest delivers, of a synapse of this weight."""
    hook = transmission.hooks.get("release")
    if hook is None:
        return weight
    p = transmission.row(**_known(transmission, params))
    syn = SimpleNamespace(w=weight, amount=weight, **starts(transmission.fields, p))
    try:
        plain(hook)(syn, NO_GLIA, p, LONG_AGO)
    except (ArithmeticError, ValueError):
        return math.nan
    return float(syn.amount)


@lru_cache(maxsize=512)
def _response(model: Any, params: tuple[tuple[str, float], ...], weight: float, own: str = "") -> float:
    if "v" not in model.states:
        return math.nan
    try:
        return _furthest(model, dict(params), weight, own)
    except (ArithmeticError, ValueError, AttributeError, NameError):
        return math.nan  # an unstable or half-written model has no meaningful answer; the field shows none


def _arriving(model: Any) -> SimpleNamespace:
    """Nothing arrives, at any of the receptors a neuron reads."""
    return SimpleNamespace(ex=0.0, in_=0.0, current=0.0, **dict.fromkeys(channels(model), 0.0))


def _furthest(model: Any, params: dict[str, float], weight: float, own: str) -> float:
    p = model.row(**_known(model, params))
    k = SimpleNamespace()
    if "derive" in model.hooks:
        plain(model.hooks["derive"])(p, k, STEP)
    step = neuron_step(model, STEP)
    fires = asked(model, "fires", False)
    struck, quiet = (SimpleNamespace(**starts(model.states, p, params)) for _ in range(2))
    silence = _arriving(model)
    spike = _arriving(model)
    if own in channels(model):
        setattr(spike, own, weight)
    else:
        spike.ex, spike.in_ = max(weight, 0.0), min(weight, 0.0)
    furthest = 0.0
    for number in range(int(LONGEST / STEP)):
        step(struck, p, k, spike if number == 0 else silence)
        step(quiet, p, k, silence)
        if fires(n=struck, p=p, k=k, h=STEP):
            return math.nan if fires(n=quiet, p=p, k=k, h=STEP) else math.inf
        moved = struck.v - quiet.v
        if not math.isfinite(moved):
            return math.nan
        if abs(moved) > abs(furthest):
            furthest = moved
        elif number > 5 and abs(moved) < 0.5 * abs(furthest):
            break
    return furthest


@lru_cache(maxsize=128)
def _jumps(model: Any) -> bool:
    """Whether a weight is itself a jump of the membrane, in mV."""
    if not MOVING & set(model.hooks) or "v" not in model.states:
        return False
    try:
        p, k = model.row(), SimpleNamespace()
        if "derive" in model.hooks:
            plain(model.hooks["derive"])(p, k, STEP)
        after = []
        for weight in (0.0, 1.0):
            n = SimpleNamespace(**starts(model.states, p))
            arriving = _arriving(model)
            arriving.ex = weight
            neuron_step(model, STEP)(n, p, k, arriving)
            after.append(n.v)
    except (ArithmeticError, ValueError, AttributeError, NameError):
        return False
    return bool(abs(after[1] - after[0] - 1.0) < 1e-9)


def _known(model: type[Declaration], params: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in params.items() if name in model.params}


def starts(
    declared: Mapping[str, Any], p: SimpleNamespace, given: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Where each declared state or field begins: a number, or the value of a parameter."""
    given = given or {}
    return {
        name: float(
            given[name] if name in given else getattr(p, one.init) if isinstance(one.init, str) else one.init
        )
        for name, one in declared.items()
    }


def in_words(
    weight: float,
    model: type[Declaration] | None,
    params: Mapping[str, float],
    transmission: type[Declaration] | None = None,
    transmission_params: Mapping[str, float] | None = None,
) -> str:
    """The weight with its meaning: "45 pA = 0.24 mV at rest"."""
    unit = weight_unit(model, transmission)
    said = units.write(weight, unit, 4)
    if getattr(transmission, "gives", "") == "gap":
        return f"{said} = {units.write(weight, 'pA')} for each mV of difference"
    moved = math.nan if model is None else response(model, params, weight, transmission, transmission_params)
    if math.isnan(moved):
        return said
    if math.isinf(moved):
        return f"{said}: one spike fires it from rest"
    return f"{said} = {units.write(float(f'{moved:+.2g}'), 'mV')} at rest"
