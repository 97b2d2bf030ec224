"""Whether what is attached makes sense: inputs, probes, modulators."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine import units
from engine.declare import EXCITABILITY
from engine.errors import did_you_mean
from engine.network.declared import declared_by, model_of, param_problems
from engine.network.grid import is_whole, off_grid
from engine.network.parts import Input, Modulator, Probe
from engine.network.problems import Problem, Problems
from engine.network.sense.synapses import Ints

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


def of_input(record: Input) -> Problems:
    """A stimulus that is not there, or numbers it does not allow."""
    place = record.label or record.model
    yield from param_problems(record.model, "input", {**record.params, **record.lists}, place)
    times = record.lists.get("times")
    if times is not None and ((times < 0.0).any() or (np.diff(times) < 0.0).any()):
        yield Problem(place, "its times are before 0 ms or out of order", "sort them")
    model = model_of(record.model, "input")
    for name, column in record.lists.items():
        declared = model.lists.get(name) if model is not None else None
        if declared is not None and not ((column >= declared.low) & (column <= declared.high)).all():
            worst = column[~((column >= declared.low) & (column <= declared.high))][0]
            what = f"one of its {name} is {units.write(float(worst), declared.unit)}"
            cure = f"they must be {units.within(declared.low, declared.high, declared.unit)}"
            yield Problem(place, what, cure)
    sizes = {name: column.size for name, column in record.lists.items()}
    if len(set(sizes.values())) > 1:
        has = " and ".join(f"{size} {name}" for name, size in sizes.items())
        yield Problem(place, f"it has {has}", "give as many of each")
    if not 0.0 <= record.delay < math.inf:
        yield Problem(place, f"delay is {record.delay:g} ms", "it must be 0 or more")


def of_times(record: Input, dt: float) -> Problems:
    """Times at which a stimulus acts that lie between two steps; nothing rounds them."""
    given = {"delay": np.array([record.delay]), "times": record.lists.get("times", np.zeros(0))}
    for name, times in given.items():
        off = off_grid(times, dt)
        if off.any():
            worst = float(times[off][0])
            what = f"{name}: {worst:g} ms lies between two steps of {dt:g} ms"
            cure = f"write {round(worst / dt) * dt:g} ms or use a shorter step"
            yield Problem(record.label or record.model, what, cure, (record.id,))


_OF_NEURONS = {"spikes", "rate", "ca", "calcium", "z", "elements", "free_boutons", "free_spines"}
_OF_SYNAPSES = {"weight", "transmitted", "delay"}


def of_probe(net: Circuit, record: Probe) -> Problems:
    """A quantity its targets do not have, or a time between samples that is not whole steps."""
    place = record.label or "probe"
    if record.what == "spikes" and not record.enabled:
        yield Problem(place, "spikes are written down with or without it", "remove it", (record.id,))
    known = recordable(net, record.targets)
    if known and record.what not in known:
        what = f"there is no {record.what!r} to record here{did_you_mean(record.what, known)}"
        yield Problem(place, what, f"it can be {', '.join(sorted(known))}", (record.id,))
    if isinstance(record.every, str):
        if record.every != "pre":
            yield Problem(place, f"every is {record.every!r}", 'it takes ms, or "pre"', (record.id,))
        elif (net.population_of(record.targets) != 0).any():
            yield Problem(place, 'every="pre" is for synapses', "give ms between samples, such as 1.0")
    elif not is_whole(record.every, net.dt):
        cure = f"it must be whole steps of {net.dt:g} ms"
        yield Problem(place, f"every is {record.every:g} ms", cure, (record.id,))


def recordable(net: Circuit, targets: Ints) -> set[str]:
    """What a probe on these neurons or synapses can record; empty when that cannot be told."""
    homes = np.unique(net.population_of(targets))
    wheres = np.unique(net.projection_of(targets))
    known: set[str] = set()
    for id in homes[homes != 0].tolist():
        population = net.populations[id]
        model = model_of(population.model, population.kind)
        if model is None:
            return set()
        known.update(_OF_NEURONS, model.states)
        for projection in net.projections.values():
            if id in (projection.pre, projection.post):
                known.update(
                    declared_by(projection, "traces"), declared_by(projection, "quantities"), EXCITABILITY
                )
    for id in wheres[wheres != 0].tolist():
        known.update(_OF_SYNAPSES, declared_by(net.projections[id], "fields"))
    return known


def of_modulator(net: Circuit, record: Modulator) -> Problems:
    """A substance that is not there, or numbers it does not allow."""
    yield from param_problems(record.model, "modulator", record.params, record.label)
    if not net.dt * (1.0 - 1e-9) <= record.delay < math.inf:
        what = f"delay is {record.delay:g} ms"
        yield Problem(record.label, what, f"it must be at least one step, {net.dt:g} ms", (record.id,))
