"""What two neurons do to their synapse, drawn from the hooks of a rule that declares no window.

Rates: the change against the rate of the post neuron.  A voltage: the change against a held potential.
Spikes: the change by one pair, or by a pair again and again, against how often; of a rule that counts spikes
by itself, the change by two post spikes in a row against the time between them.  An astrocyte: the change by
a spike against what the astrocyte offers.  Qt-free.
"""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import numpy as np

from editor.inspector.curves import stand_in
from editor.inspector.curves.curve import (
    POINTS,
    Axes,
    Curve,
    Line,
    both_ways,
    crossings,
    drawn,
    reach_of,
    sampled,
)
from engine.declare import Induction

USUAL = 1.0
"""The rate at which rate neurons have been active for long."""
PRE_RATES = (2.0, 1.0, 0.5)
"""Presynaptic rates that are drawn."""
PRE_RATE = 10.0
"""Hz; how often a presynaptic spike arrives while the potential of the post neuron is held."""
LAG = 10.0
"""ms between the two spikes of a pair that comes again and again."""
OFTEN = 50.0
"""Hz; how often it comes at most."""
BEFORE, SLOW = 10.0, 500.0
"""Hz and ms; memories that last as long still tell how both neurons fired before the pairs began."""
ROW = 60.0
"""ms that two spikes in a row are apart at most."""
LONG = 1e12
"""ms in which everything comes to rest."""


def curve(model: type[Induction], p: SimpleNamespace, unit: str = "") -> Curve | None:
    """The natural curve of an induction; None when nothing here fits it."""
    if stand_in.astrocyte_reads(model):
        return _astrocyte(model, p, unit)
    before, after = model.asks("pre"), model.asks("post")
    if before and after:
        return _rates(model, p, unit)
    if after and not before:
        return _held(model, p, unit)
    if {"on_step", "between", "on_late", "on_event"} & set(model.hooks):
        return None
    if not model.traces and "spiked" in model.read_of("post"):
        return _in_a_row(model, p, unit)
    return _spikes(model, p, unit)


# -- rates -----------------------------------------------------------------------------------------


def _rates(model: type[Induction], p: SimpleNamespace, unit: str) -> Curve | None:
    """The change in one step against the post rate, after long activity at the usual rates."""
    scene = stand_in.rows(model, p)
    stand_in.put(scene["pre"], dict.fromkeys(model.asks("pre"), USUAL))
    stand_in.put(scene["post"], dict.fromkeys(model.asks("post"), USUAL))
    _settle(model, scene)
    step = stand_in.hook_of(model, "on_step")

    def change(pre: float, post: float) -> float:
        stand_in.put(scene["pre"], dict.fromkeys(model.asks("pre"), pre))
        stand_in.put(scene["post"], dict.fromkeys(model.asks("post"), post))
        step(scene)
        return stand_in.taken(scene["syn"])

    x = np.linspace(0.0, 2.0 * USUAL, POINTS)
    turns = crossings(x, sampled(partial(change, PRE_RATES[0]), x))
    if turns and turns[-1] < 0.2 * USUAL:
        x = x * (turns[-1] * 1.9 / x[-1])
    lines = [
        Line(sampled(partial(change, rate), x), name, shade=shade)
        for rate, name, shade in zip(PRE_RATES, ("pre at 2", "1", "0.5"), (1.0, 0.65, 0.4), strict=True)
    ]
    axes = Axes("rate of the post neuron", "stronger", "weaker", f"{unit} per step".strip(), "turns at")
    return drawn(axes, x, lines)


# -- a potential that is held ----------------------------------------------------------------------


def _held(model: type[Induction], p: SimpleNamespace, unit: str) -> Curve | None:
    """The change per second against the held potential, with presynaptic spikes at a steady rate."""

    def change(potential: float) -> float:
        scene = stand_in.rows(model, p)
        stand_in.put(scene["post"], dict.fromkeys(model.asks("post"), potential))
        for quantity in model.quantities.values():
            if quantity.owner == "post" and not quantity.of:
                start = quantity.init
                value = getattr(p, start, potential) if isinstance(start, str) else start
                setattr(scene["post"], quantity.name, float(value))
        _settle(model, scene)
        stand_in.put(scene["pre"], stand_in.memory(model, p, "pre", PRE_RATE))
        stand_in.hook_of(model, "on_pre")(scene)
        total = PRE_RATE * stand_in.taken(scene["syn"])
        if stand_in.hook_of(model, "awake")(scene) is not False:
            stand_in.hook_of(model, "on_step")(scene)
            total += 1000.0 * stand_in.taken(scene["syn"])
        return total

    held = [float(getattr(p, name)) for name, one in model.params.items() if one.unit == "mV"]
    if not held:
        return None
    room = max(0.35 * (max(held) - min(held)), 5.0)
    x = np.linspace(np.floor(min(held) - room), np.ceil(max(held) + room), POINTS)
    axes = Axes("held potential (mV)", "stronger", "weaker", f"{unit} per s".strip(), "turns at")
    return drawn(axes, x, [Line(sampled(change, x), f"pre at {PRE_RATE:g} Hz")])


def _settle(model: type[Induction], scene: stand_in.Rows) -> None:
    """Let the quantities of both neurons come to rest, with what they depend on held."""
    scene["h"] = LONG
    for _ in range(3):
        stand_in.hook_of(model, "on_pre_neuron")(scene)
        stand_in.hook_of(model, "on_neuron")(scene)
    for one in model.quantities.values():
        if one.of:
            row = scene[one.owner]
            setattr(row, one.name, getattr(row, one.of))
    scene["h"] = 1.0


# -- spikes ----------------------------------------------------------------------------------------


def _spikes(model: type[Induction], p: SimpleNamespace, unit: str) -> Curve | None:
    """The change by a pair: alone against its lag where that says all, else against how often it comes."""
    if all(_pair(model, p, lag) for lag in (LAG, -LAG)):
        reach = reach_of(lambda lag: _pair(model, p, lag), LAG, both=True)
        if reach is None:
            return None
        x = both_ways(reach)
        axes = Axes("t post − t pre (ms)", "stronger", "weaker", unit, is_two_sided=True)
        return drawn(axes, x, [Line(sampled(lambda lag: _pair(model, p, lag) if lag else 0.0, x))])
    return _often(model, p, unit)


def _often(model: type[Induction], p: SimpleNamespace, unit: str) -> Curve | None:
    """The change by each of many pairs of either order against how often they come."""
    x = np.linspace(0.01 * OFTEN, OFTEN, POINTS)
    lines = [
        Line(sampled(partial(_pair, model, p, lag), x), name, tint)
        for lag, name, tint in (
            (LAG, f"pre {LAG:g} ms first", "warm"),
            (-LAG, f"post {LAG:g} ms first", "cool"),
        )
    ]
    axes = Axes("pairs per second (Hz)", "stronger", "weaker", f"{unit} per pair".strip(), "turns at")
    return drawn(axes, x, lines)


def _pair(model: type[Induction], p: SimpleNamespace, lag: float, often: float = 0.0) -> float:
    """What a pair does to a half-maximal synapse, post `lag` ms after pre: one alone, or one of many."""
    scene = stand_in.rows(model, p)
    period = 1000.0 / often if often else LONG
    since_post, since_pre = (period - lag, lag) if lag > 0.0 else (-lag, period + lag)
    total = 0.0
    for hook, pre, post in (("on_pre", period, since_post), ("on_post", since_pre, period)):
        for owner, since in (("pre", pre), ("post", post)):
            held = stand_in.periodic(model, p, owner, period, since)
            if often:
                held |= stand_in.memory(model, p, owner, BEFORE, at_least=SLOW)
            stand_in.put(scene[owner], held)
        stand_in.hook_of(model, hook)(scene)
        total += stand_in.taken(scene["syn"])
    return total


def _in_a_row(model: type[Induction], p: SimpleNamespace, unit: str) -> Curve | None:
    """The change by two post spikes, LAG after a pre spike, against the time between the two."""

    def change(apart: float) -> float:
        scene = stand_in.rows(model, p)
        for one in model.quantities.values():
            start = getattr(p, one.init) if isinstance(one.init, str) else one.init
            setattr(scene[one.owner], one.name, float(start))
        spikes = {("pre", 0), ("post", round(LAG)), ("post", round(LAG + apart))}
        total = 0.0
        for step in range(round(LAG + apart) + 1):
            for owner in ("pre", "post"):
                scene[owner].spiked = float((owner, step) in spikes)
            stand_in.hook_of(model, "on_pre_neuron")(scene)
            stand_in.hook_of(model, "on_neuron")(scene)
            for owner in ("pre", "post"):
                if (owner, step) in spikes:
                    stand_in.hook_of(model, f"on_{owner}")(scene)
                    total += stand_in.taken(scene["syn"])
        return total

    x = np.arange(1.0, ROW + 1.0)
    axes = Axes("between two post spikes (ms)", "stronger", "weaker", unit, "turns at")
    return drawn(axes, x, [Line(sampled(change, x), f"pre {LAG:g} ms before")])


# -- an astrocyte ----------------------------------------------------------------------------------


def _astrocyte(model: type[Induction], p: SimpleNamespace, unit: str) -> Curve | None:
    """The change by a spike of each side against what the astrocyte offers."""
    name = stand_in.astrocyte_reads(model)[0]

    def change(hook: str, level: float) -> float:
        scene = stand_in.rows(model, p)
        scene["glia"] = stand_in.Still(present=1.0, **{name: level})
        for owner in ("pre", "post"):
            stand_in.count(model, p, scene, owner)
        stand_in.hook_of(model, hook)(scene)
        return stand_in.taken(scene["syn"])

    x = np.linspace(0.0, stand_in.span(model, p, stand_in.astrocyte_unit(name), 1.0), POINTS)
    lines = [
        Line(sampled(partial(change, hook), x), said, tint)
        for hook, said, tint in (("on_post", "a post spike", "warm"), ("on_pre", "a pre spike", "cool"))
        if hook in model.hooks
    ]
    axes = Axes(stand_in.astrocyte_words(name), "stronger", "weaker", f"{unit} per spike".strip(), "turns at")
    return drawn(axes, x, lines)
