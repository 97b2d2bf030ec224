"""Whether what a projection carries suits both its ends, and the astrocytes around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Astrocyte
from engine.errors import did_you_mean
from engine.network.declared import gives, is_flow, model_of
from engine.network.parts import Input, Population, Projection
from engine.network.problems import Problem, Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


def of_glia(projection: Projection, glia: Population) -> Problems:
    """What the transmission or a rule reads of astrocytes that do not have it."""
    astrocyte = model_of(glia.model, "astrocyte")
    if astrocyte is None or not issubclass(astrocyte, Astrocyte):
        return
    cards = [(projection.transmission, "transmission"), *((use.slug, "rule") for use in projection.rules)]
    for slug, kind in cards:
        model = model_of(slug, kind)
        wanted = sorted(set() if model is None else model.read_of("glia") - {"present"})
        if lacking := [name for name in wanted if not astrocyte.offered(name)]:
            others = [
                m.slug for m in registry.all() if issubclass(m, Astrocyte) and all(map(m.offered, wanted))
            ]
            what = f"{slug} reads {' and '.join(lacking)} of astrocytes, which {glia.model} does not offer"
            cure = f"use {' or '.join(others)}" if others else "use an astrocyte that does"
            yield Problem(projection.label, what, f"{cure}, or set the astrocytes to None")


def of_heard(net: Circuit, record: Input) -> Problems:
    """Spikes of negative weight for astrocytes, which hear transmitter and nothing less than none."""
    model = model_of(record.model, "input")
    weight = np.asarray(record.weight, np.float64)
    if getattr(model, "gives", "") != "spikes" or not (weight < 0.0).any():
        return
    homes = net.population_of(record.targets)
    glia = [id for id in np.unique(homes[homes != 0]).tolist() if net.populations[id].kind == "astrocyte"]
    if (np.broadcast_to(weight, homes.shape)[np.isin(homes, glia)] < 0.0).any():
        told = f"weight is {weight.min():g}, and astrocytes hear what is released, 0 or more"
        yield Problem(record.label or record.model, told, "write a weight of 0 or more")


def of_owners(net: Circuit, projection: Projection, owners: NDArray[np.float64]) -> Problems:
    """Astrocytes of single synapses that are not the projection's; 0 is none, NaN that of the territory."""
    glia = None if projection.astrocytes is None else net.populations.get(projection.astrocytes)
    named = owners[~np.isnan(owners) & (owners != 0.0)]
    if glia is None:
        lost = named
    else:
        lost = named[(named != np.rint(named)) | (glia.rows(named.astype(np.int64)) < 0)]
    if lost.size:
        told = f"{lost[0]:g} is no astrocyte of {'nobody' if glia is None else repr(glia.label)}"
        yield Problem(
            projection.label, told, "name one of the projection's astrocytes by its id, or 0 for none"
        )


def of_arrival(net: Circuit, projection: Projection) -> Problems:
    """What the transmission gives or reads, the two sides cannot take or do not have."""
    what = gives(projection)
    sides = [net.populations.get(id) for id in (projection.pre, projection.post)]
    if is_flow(projection):
        yield from _of_flow(projection, sides)
        return
    model = None if sides[1] is None else model_of(sides[1].model, "neuron")
    if sides[1] is None or model is None or what in ("", "any") or getattr(model, "is_relay", False):
        return
    takes = tuple(getattr(model, "receives", ()))
    if what not in takes:
        fitting = [m.slug for m in registry.all("transmission") if getattr(m, "gives", "") in (*takes, "any")]
        article = "an" if what[0] in "aeiou" else "a"
        told = f"{projection.transmission} gives {article} {what}, which {sides[1].model} does not take"
        yield Problem(projection.label, told, f"choose {' or '.join(fitting) or 'another neuron model'}")


def _of_flow(projection: Projection, sides: list[Population | None]) -> Problems:
    """States that a flow reads and a side does not have, or a side it cannot flow into."""
    flow = registry.find(projection.transmission, "transmission")
    cure = "choose another transmission, or another model for them"
    for name, side in zip(("pre", "post"), sides, strict=True):
        model = None if side is None else model_of(side.model, side.kind)
        if side is None or model is None:
            continue
        offered = getattr(model, "offered", lambda one, model=model: one if one in model.states else "")
        lacking = sorted(one for one in flow.read_of(name) if not offered(one))
        if "v" in lacking or (getattr(model, "is_relay", False) and (lacking or name == "post")):
            told = f"neurons of {side.label!r} have no membrane, so no {flow.label.lower()} can join them"
            yield Problem(projection.label, told, cure)
        elif lacking:
            told = f"{flow.slug} reads {' and '.join(lacking)}, which {side.label!r} ({side.model}) lacks"
            yield Problem(projection.label, told, cure)
        elif name == "post" and side.kind == "astrocyte" and gives(projection) != "gap":
            told = f"{flow.slug} is a current into neurons, and {side.label!r} are astrocytes"
            yield Problem(projection.label, told, "let it end on neurons")


def of_event(net: Circuit, projection: Projection) -> Problems:
    """Learning from something the post neurons do not have."""
    post = net.populations.get(projection.post)
    model = None if post is None else model_of(post.model, post.kind)
    known = ("spike", *getattr(model, "events", ()))
    if model is not None and projection.learns_from and projection.learns_from not in known:
        what = f"its post neurons have no {projection.learns_from!r} to learn from"
        cure = f"choose {' or '.join(known)}, or leave it to them"
        yield Problem(projection.label, f"{what}{did_you_mean(projection.learns_from, known)}", cure)
