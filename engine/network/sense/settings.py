"""Whether settings make sense: those of the whole network, and names that nothing has."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import did_you_mean
from engine.network import suiting
from engine.network.declared import is_gap, name_problems
from engine.network.grid import is_whole
from engine.network.parts import ATTRIBUTES, SWITCHES, Input, Population, Probe, Projection, Thing
from engine.network.problems import Problem, Problems, named, some
from engine.network.sense.instruments import of_times
from engine.network.sense.projections import of_pace

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


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
        yield from of_pace(projection, projection.rules, values.get("slow", 1.0))
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
