"""What the delete key does: one edit that removes whatever is selected, and probes left without a target."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from engine.counting import counted
from engine.network.columns import distinct
from engine.network.edits.base import NOTHING, Compound, Edit
from engine.network.edits.instruments import RemoveInput, RemoveModulator, RemoveProbe
from engine.network.edits.populations import RemoveNeurons, RemovePopulation
from engine.network.edits.projections import RemoveProjection, RemoveSynapses
from engine.network.edits.teaching import RemoveLearner, RemoveTask
from engine.network.parts import Input, Learner, Modulator, Population, Probe, Projection, Task

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

_REMOVE: dict[type, Callable[[int], Edit]] = {
    Population: RemovePopulation,
    Projection: RemoveProjection,
    Input: RemoveInput,
    Probe: RemoveProbe,
    Modulator: RemoveModulator,
    Task: RemoveTask,
    Learner: RemoveLearner,
}


def removal(net: Circuit, ids: ArrayLike) -> Edit:
    """The edit that removes neurons, synapses and things in any mixture; ids already gone are passed over."""
    wanted = distinct(ids)
    neurons = wanted[net.population_of(wanted) != 0]
    synapses = wanted[net.projection_of(wanted) != 0]
    things = [record for id in wanted.tolist() if (record := net.thing(id)) is not None]

    homes = {record.id for record in things if isinstance(record, Population)}
    whole = [p for p in net.projections.values() if p.id in wanted or homes & {p.pre, p.post}]
    gone = [synapses, *net.incident(neurons).values(), *(projection.synapses.id for projection in whole)]
    lost = np.concatenate(gone)
    orphans = [
        probe.id
        for probe in net.probes.values()
        if probe.id not in wanted and probe.targets.size and np.isin(probe.targets, lost).all()
    ]
    parts: list[tuple[Edit, int, str]] = []
    if synapses.size:
        parts.append((RemoveSynapses(synapses), synapses.size, "synapse"))
    if neurons.size:
        parts.append((RemoveNeurons(neurons), neurons.size, "neuron"))
    for kind, edit in _REMOVE.items():
        of_kind = [record for record in things if isinstance(record, kind)]
        parts.extend((edit(record.id), len(of_kind), kind.__name__.lower()) for record in of_kind)
    if not parts:
        return NOTHING
    many = {noun: number for _, number, noun in parts}
    label = "delete " + " and ".join(counted(number, noun) for noun, number in many.items())
    edits = [*(RemoveProbe(id) for id in orphans), *(edit for edit, _, _ in parts)]
    return edits[0] if len(edits) == 1 else Compound(tuple(edits), label)
