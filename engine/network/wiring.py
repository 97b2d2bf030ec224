"""Wiring a projection: a pattern of synapses with weights and delays, as an edit still to be applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.counting import counted
from engine.errors import UsageError, did_you_mean
from engine.network import patterns, reading
from engine.network.columns import fixed
from engine.network.declared import is_gap, is_plastic
from engine.network.edits import AddSynapses
from engine.network.given import number, wrong
from engine.network.luck import Luck
from engine.network.parts import Projection

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def plan(
    net: Circuit,
    record: Projection,
    rule: str,
    weight: Any,
    delay: Any,
    autapses: bool = False,
    multapses: bool = False,
    **params: Any,
) -> AddSynapses:
    """The edit that makes the synapses of a pattern; only new ids are taken from the network.

    Chance follows from the network's seed, the projection's id and how many synapses it has, so that
    wiring twice gives two different draws and wiring again from the start gives the same.
    """
    if rule == "explicit":
        if set(params) != {"pre", "post"}:
            raise UsageError("explicit needs pre= and post=, ids of neurons, and nothing else")
        return pairs(net, record, params["pre"], params["post"], weight, delay)
    pre, post = net.populations[record.pre], net.populations[record.post]
    sides = patterns.Sides(
        len(pre), len(post), pre.positions, post.positions, pre.id == post.id, autapses, multapses
    )
    luck = Luck(net.seed, f"wiring {rule}", record.id, len(record))
    rows = patterns.draw(rule, sides, luck, **params)
    drawn = fixed(pre.neuron_ids[rows[0]]), fixed(post.neuron_ids[rows[1]])
    return _synapses(net, record, *drawn, weight, delay, {})


def pairs(
    net: Circuit,
    record: Projection,
    pre: Any,
    post: Any,
    weight: Any,
    delay: Any,
    columns: dict[str, Any] | None = None,
) -> AddSynapses:
    """The edit that joins the first pre to the first post neuron and so on; one neuron is joined to all."""
    sides = [reading.neurons(net, pre, record.label), reading.neurons(net, post, record.label)]
    size = max(side.size for side in sides) if all(side.size for side in sides) else 0
    if any(side.size not in (1, size) for side in sides):
        raise UsageError(
            f"{record.label}: {sides[0].size} pre and {counted(sides[1].size, 'post neuron')}; "
            "give as many of each, or one on one side"
        )
    first, second = (np.broadcast_to(side, (size,)) if size else side[:0] for side in sides)
    return _synapses(net, record, first, second, weight, delay, columns or {})


def _synapses(
    net: Circuit, record: Projection, pre: Ints, post: Ints, weight: Any, delay: Any, columns: dict[str, Any]
) -> AddSynapses:
    size = pre.size
    key = (record.id, len(record))
    gap = is_gap(record)
    sign = 1 if gap else net.populations[record.pre].sign
    most = record.w_max if is_plastic(record.rules) else np.inf
    low, high = (0.0 if sign > 0 else -most), (0.0 if sign < 0 else most)
    weights = amounts(weight, size, Luck(net.seed, "weight", *key), "weight", low, high, sign)
    delays = amounts(delay, size, Luck(net.seed, "delay", *key), "delay", 0.0 if gap else net.dt)
    extra = {name: amounts(value, size, Luck(net.seed, name, *key), name) for name, value in columns.items()}
    return AddSynapses(record.id, net.ids.fresh(size), pre, post, fixed(weights), fixed(delays), extra)


def amounts(
    spec: Any,
    size: int,
    luck: Luck,
    what: str,
    low: float = -np.inf,
    high: float = np.inf,
    sign: int = 0,
) -> Floats:
    """Weights or delays from a number, an array, or ("normal" | "lognormal" | "uniform", a, b).

    normal: mean and standard deviation; lognormal: mean and standard deviation of the logarithm, the
    size of a weight that takes the `sign` of its population; uniform: from a to b.  What falls outside
    `low` to `high` is drawn again, so the distribution is cut off there.  A number or an array is kept.
    """
    if not _is_distribution(spec):
        try:
            if np.asarray(spec).dtype.kind in "SU":
                raise TypeError("texts are no numbers")
            given = np.asarray(spec, np.float64)
        except (TypeError, ValueError, OverflowError) as error:
            raise wrong(spec, what, "a number or one for each") from error
        if given.ndim > 1 or (given.ndim == 1 and given.size not in (1, size)):
            many = f"{counted(given.size, 'number')} for {counted(size, 'synapse')}"
            raise UsageError(f"{what}: {many}; give one, or one for each")
        return np.array(np.broadcast_to(given.reshape(-1) if given.ndim else given, (size,)))
    name, a, b = spec[0], number(spec[1], f"{what}: {spec[0]}"), number(spec[2], f"{what}: {spec[0]}")
    if name not in ("normal", "lognormal", "uniform"):
        near = did_you_mean(str(name), ("normal", "lognormal", "uniform"))
        raise UsageError(f"{what}: there is no distribution {name!r}{near}; use normal, lognormal or uniform")
    if not (np.isfinite(a) and np.isfinite(b)) or (b < a if name == "uniform" else b < 0.0):
        right = "a from and a to, in that order" if name == "uniform" else "a mean and a spread of 0 or more"
        raise UsageError(f"{what}: {name} cannot have {a} and {b}; it takes {right}")
    drawn = np.empty(size)
    open_ = np.ones(size, np.bool_)
    for _ in range(100):
        count = int(open_.sum())
        if not count:
            return drawn
        if name == "uniform":
            drawn[open_] = a + (b - a) * luck.uniform(count)
        else:
            values = a + b * luck.normal(count)
            drawn[open_] = values if name == "normal" else np.exp(values) * (sign or 1)
        open_ = (drawn < low) | (drawn > high)
    if open_.any():
        raise UsageError(
            f"{what}: {name} of {a} and {b} falls almost nowhere between {low:g} and {high:g}; "
            "mind the sign of the population and w_max of the projection"
        )
    return drawn


def _is_distribution(spec: Any) -> bool:
    return isinstance(spec, tuple | list) and len(spec) == 3 and isinstance(spec[0], str)
