"""A synapse and two neurons that stand in for real ones while a rule is drawn: rows, memories, hooks.

Qt-free.  What a curve does not speak of is 0: the rest of the brain is silent.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from editor.inspector.meaning import starts
from engine import registry
from engine.arithmetic_value import FUNCTIONS
from engine.by_hand import plain
from engine.declare import Declaration, Rule, State
from engine.once import once

Rows = dict[str, Any]


class Still(SimpleNamespace):
    """A row on which everything that nobody has set is 0."""

    def __getattr__(self, name: str) -> float:
        if name.startswith("__"):
            raise AttributeError(name)
        return 0.0


def put(row: Still, values: Mapping[str, float]) -> None:
    """Set what a row says."""
    for name, value in values.items():
        setattr(row, name, value)


def synapse(model: type[Declaration], p: SimpleNamespace, weight: float) -> Still:
    """A synapse of this weight that carries the rule, with P and q besides."""
    release = float(getattr(p, "p_start", 0.5))
    quantum = weight / release if release else 0.0
    return Still(**starts(model.fields, p), w=weight, P=release, q=quantum)


def half(p: SimpleNamespace) -> float:
    """The weight in the middle between the bounds."""
    return 0.5 * (float(p.w_min) + float(p.w_max))


def rows(model: type[Declaration], p: SimpleNamespace, weight: float | None = None) -> Rows:
    """All rows a hook may ask for, at rest; without an astrocyte."""
    return {
        "syn": synapse(model, p, half(p) if weight is None else weight),
        "pre": Still(),
        "post": Still(bap=1.0, gain_ex=1.0),
        "glia": Still(),
        "mod": Still(),
        "p": p,
        "h": 1.0,
        "dt": 1.0,
    }


def taken(syn: Still) -> float:
    """What was proposed for a synapse, as a change of its weight; takes it away."""
    change = syn.dw + syn.dP * syn.q + syn.dq * syn.P
    syn.dw = syn.dP = syn.dq = 0.0
    return float(change)


@once
def hook_of(model: type[Declaration], name: str) -> Callable[[Mapping[str, Any]], Any]:
    """A hook that takes its rows by name; it does nothing where the rule has none."""
    found = model.hooks.get(name)
    if found is None:
        return lambda given: None
    hook = plain(found)
    wanted = tuple(inspect.signature(hook).parameters)
    return lambda given: hook(*(given[one] for one in wanted))


@once
def reads(model: type[Declaration], row: str) -> frozenset[str]:
    """What the hooks of a rule read of a row."""
    return model.read_of(row)


def memory(
    model: type[Declaration], p: SimpleNamespace, owner: str, rate: float, at_least: float = 0.0
) -> dict[str, float]:
    """The mean of every memory of a neuron that fires at this rate (Hz) at random moments.

    Only of those that last `at_least` so many ms.
    """
    held = {}
    for name, trace in model.traces.items():
        tau = float(getattr(p, trace.tau))
        if trace.owner == owner and tau >= at_least:
            spikes = rate * tau / 1000.0
            held[name] = spikes / (1.0 + spikes) if is_nearest(trace.nearest, p) else spikes
    return held


def periodic(
    model: type[Declaration], p: SimpleNamespace, owner: str, period: float, since: float
) -> dict[str, float]:
    """Every memory of a neuron that fires every `period` ms, `since` ms after its last spike."""
    exp = FUNCTIONS["exp"]
    held = {}
    for name, trace in model.traces.items():
        if trace.owner == owner:
            tau = float(getattr(p, trace.tau))
            last = exp(-since / tau)
            held[name] = last if is_nearest(trace.nearest, p) else last / (1.0 - exp(-period / tau))
    return held


def fade(model: type[Declaration], p: SimpleNamespace, scene: Rows, dt: float) -> None:
    """Let `dt` ms pass for the memories of both neurons."""
    for name, trace in model.traces.items():
        row = scene[trace.owner]
        setattr(row, name, getattr(row, name) * FUNCTIONS["exp"](-dt / float(getattr(p, trace.tau))))


def count(model: type[Declaration], p: SimpleNamespace, scene: Rows, owner: str) -> None:
    """Count a spike in the memories of a neuron."""
    for name, trace in model.traces.items():
        if trace.owner == owner:
            held = 0.0 if is_nearest(trace.nearest, p) else getattr(scene[owner], name)
            setattr(scene[owner], name, held + 1.0)


def sum_up(model: type[Declaration], scene: Rows, many: float) -> None:
    """What the neuron sums over its synapses, with so many that fare like this one."""
    for name, total in model.totals.items():
        setattr(scene["post"], name, many * hook_of(model, total.of)(scene))


def is_nearest(nearest: bool | str, p: SimpleNamespace) -> bool:
    """Whether a memory knows the last spike only."""
    return bool(getattr(p, nearest)) if isinstance(nearest, str) else nearest


def owners(model: type[Declaration]) -> frozenset[str]:
    """The sides, "pre" and "post", whose spikes a rule remembers."""
    return frozenset(trace.owner for trace in model.traces.values())


def astrocyte_reads(model: type[Rule]) -> tuple[str, ...]:
    """What a rule reads of the astrocyte besides whether there is one."""
    return tuple(sorted(reads(model, "glia") - {"present"}))


def astrocyte_words(name: str) -> str:
    """What an astrocyte offers under this name, with its unit, for an axis."""
    words = min((state.doc.rstrip(".").partition(",")[0] for state in _offered(name)), key=len, default=name)
    words = words[:1].lower() + words[1:] if words[1:2].islower() else words
    unit = written(astrocyte_unit(name))
    return f"{words} ({unit})" if unit else words


def astrocyte_unit(name: str) -> str:
    """The unit of what an astrocyte offers under this name."""
    return next((state.unit for state in _offered(name)), "")


def _offered(name: str) -> list[State]:
    """The states that astrocytes offer under this name."""
    models: list[Any] = registry.all("astrocyte")
    return [model.states[own] for model in models if (own := model.offered(name)) in model.states]


def written(unit: str) -> str:
    """A unit as it is printed."""
    return unit.replace("u", "µ", 1) if unit.startswith("u") else unit


def span(model: type[Declaration], p: SimpleNamespace, unit: str, usual: float) -> float:
    """How far an axis of this unit goes: well beyond every parameter that is counted in it."""
    named = [abs(float(getattr(p, n))) for n, one in model.params.items() if one.unit == unit]
    return 2.5 * max(named, default=0.0) or usual
