"""Whether a model suits where it stands: the step, the sign of its synapses, the neurons and glia around.

Read off what models declare of themselves (`step_good`, `step_most`, `in_steps`, `signs`, `wants`, what they
read of astrocytes); no model is known by name.  A step that is too long is refused, as is a card that only
makes sense on synapses of the other sign; the rest is no fault and may still surprise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import registry, units
from engine.declare import Rule
from engine.network.columns import Value
from engine.network.declared import Model, model_of
from engine.network.grid import off_grid, steps
from engine.network.parts import Input, Learner, Modulator, Population, Probe, Projection, Task, Thing
from engine.network.problems import Problem, Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

_SLACK = 1.0 + 1e-9


@dataclass(frozen=True)
class Use:
    """A model in use: its place in words, its numbers, and the record it is part of."""

    place: str
    model: Model
    params: Mapping[str, Value]
    record: Thing

    def problem(self, what: str, cure: str) -> Problem:
        """A problem at this place."""
        return Problem(self.place, what, cure, (self.record.id,))


def uses(record: Thing) -> Iterator[Use]:
    """The models of a record that act: its own, or the transmission and every card that is switched on."""
    found: list[tuple[str, str, str, Mapping[str, Value]]] = []
    if isinstance(record, Projection):
        found.append((record.label, record.transmission, "transmission", record.transmission_params))
        found += [(f"{record.label}, {c.slug}", c.slug, "rule", c.params) for c in record.rules if c.enabled]
    elif isinstance(record, Population):
        found.append((record.label, record.model, record.kind, record.params))
    elif isinstance(record, Input | Modulator):
        found.append((record.label, record.model, type(record).__name__.lower(), record.params))
    else:
        assert isinstance(record, Probe | Task | Learner)
    for place, slug, kind, params in found:
        model = model_of(slug, kind)
        if model is not None:
            yield Use(place or slug, model, params, record)


# -- what is refused -------------------------------------------------------------------------------


def of_step(record: Thing, dt: float) -> Problems:
    """Models that cannot be run with so long a step."""
    for use in uses(record):
        if dt > use.model.step_most * _SLACK:
            what = f"{use.model.slug} cannot follow a step of {dt:g} ms"
            yield use.problem(what, f"choose dt at most {use.model.step_most:g} ms")


def of_sign_only(net: Circuit, projection: Projection) -> Problems:
    """Cards that make no sense on synapses of this sign."""
    yield from _of_sign(net, projection, only=True)


# -- what is remarked on ---------------------------------------------------------------------------


def remarks_on(net: Circuit, record: Thing) -> Problems:
    """What may surprise about the models of a record, where they stand."""
    for use in uses(record):
        yield from _coarse(use, net.dt)
        yield from _between(use, net.dt)
    if isinstance(record, Projection):
        yield from _of_sign(net, record, only=False)
        yield from _of_neurons(net, record)
        yield from _of_glia(record)


def _coarse(use: Use, dt: float) -> Problems:
    good = use.model.step_good
    if good * _SLACK < dt <= use.model.step_most * _SLACK:
        what = f"a step of {dt:g} ms is coarse for {use.model.slug}, whose numbers are good up to {good:g} ms"
        yield use.problem(what, f"choose dt at most {good:g} ms")


def _between(use: Use, dt: float) -> Problems:
    """Times that are counted in whole steps, and are none."""
    model = use.model
    nearest = {getattr(model, "late", ""), *(late.by for late in model.quantities.values())}
    for name in sorted({*model.in_steps, *nearest} & {*model.params}):
        given: Any = use.params.get(name, model.params[name].default)
        times = np.atleast_1d(np.asarray(given, np.float64))
        off = off_grid(times, dt)
        if off.any():
            worst = float(times[off][0])
            counts = round(worst / dt) if name in nearest else int(steps(worst, dt))
            told = units.write(worst, "ms")
            what = f"{name} is {told}, between two steps of {dt:g} ms"
            yield use.problem(what, f"it counts as {counts * dt:g} ms")


def _of_sign(net: Circuit, projection: Projection, only: bool) -> Problems:
    """Cards on synapses of a sign they are not made for."""
    here = sign(net, projection)
    for use in uses(projection) if here else ():
        meant = getattr(use.model, "signs", "")
        if not meant or meant == here or getattr(use.model, "signs_only", False) != only:
            continue
        cure = f"put it on {meant} ones" + ("" if only else ", unless you mean it")
        yield use.problem(f"it is made for {meant} synapses, and these are {here}", cure)


def sign(net: Circuit, projection: Projection) -> str:
    """Whether its synapses are "excitatory" or "inhibitory"; "" where that cannot be told."""
    pre = net.populations.get(projection.pre)
    weight = projection.synapses.weight
    signs = {pre.sign} if pre is not None and pre.sign else {*np.sign(weight[weight != 0.0]).tolist()}
    return {1: "excitatory", -1: "inhibitory"}.get(int(signs.pop()), "") if len(signs) == 1 else ""


def _of_neurons(net: Circuit, projection: Projection) -> Problems:
    """What a card wants of its post neurons, and their model does not offer."""
    post = net.populations.get(projection.post)
    neuron = None if post is None else model_of(post.model, "neuron")
    for use in uses(projection) if neuron is not None else ():
        for thing, otherwise in getattr(use.model, "wants", {}).items():
            if thing not in getattr(neuron, "offers", ()):
                fitting = [m.slug for m in registry.all("neuron") if thing in getattr(m, "offers", ())]
                assert neuron is not None
                what = f"{neuron.slug} has no {thing}, and without one {otherwise}"
                yield use.problem(what, f"choose {' or '.join(fitting) or 'another rule'}")


def _of_glia(projection: Projection) -> Problems:
    """Cards that read astrocytes where none ensheathe the synapses."""
    for use in uses(projection) if projection.astrocytes is None else ():
        read = sorted(use.model.read_of("glia") - {"present"})
        if read and issubclass(use.model, Rule):
            what = f"it reads {' and '.join(read)} of astrocytes, and these synapses have none"
            yield use.problem(what, "give the projection astrocytes, or take the card away")
