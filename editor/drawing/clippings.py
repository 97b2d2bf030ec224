"""Pieces of a circuit, cut out and put in again: copy, paste and duplicate, as one edit each.

Qt-free.  A clipping holds the neurons, the synapses among them, and the inputs given to them only, as
values: it stays good when what it was cut from is gone, and can be pasted into another circuit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.selection import Ids
from engine.counting import counted
from engine.network.edits import (
    AddInput,
    AddNeurons,
    AddPopulation,
    AddProjection,
    AddSynapses,
    Compound,
    Edit,
)
from engine.network.network import Network
from engine.network.parts import SWITCHES, Input, Population, Projection


@dataclass
class Clipping:
    """Cut-out populations (with only the chosen neurons), projections among them, and their inputs."""

    populations: list[Population] = field(default_factory=list)
    whole: set[int] = field(default_factory=set)
    """Populations of which everything was taken."""
    projections: list[tuple[Projection, dict[str, NDArray[Any]]]] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many neurons it holds."""
        return sum(len(population) for population in self.populations)


def clip(net: Network, neurons: Ids) -> Clipping:
    """Cut out these neurons with what runs among them; the network is not changed."""
    made = Clipping()
    owners = net.population_of(neurons)
    for id in np.unique(owners[owners != 0]).tolist():
        population = net.populations[id]
        rows = np.sort(population.rows(neurons[owners == id]))
        made.populations.append(_some(population, rows))
        if len(rows) == len(population):
            made.whole.add(id)
    chosen = {population.id for population in made.populations}
    for projection in net.projections.values():
        if projection.pre in chosen and projection.post in chosen:
            table = projection.synapses
            inside = np.isin(table.pre, neurons) & np.isin(table.post, neurons)
            if inside.any():
                columns = {name: np.array(table[name][inside]) for name in table.names}
                made.projections.append((projection.copy(), columns))
    made.inputs = [
        one.copy() for one in net.inputs.values() if len(one.targets) and np.isin(one.targets, neurons).all()
    ]
    return made


def _some(population: Population, rows: NDArray[np.int64]) -> Population:
    params = {
        name: value[rows] if isinstance(value, np.ndarray) else value
        for name, value in population.params.items()
    }
    names = [population.names[row] for row in rows] if population.names else None
    some = replace(
        population.copy(),
        params=params,
        names=names,
        neuron_ids=population.neuron_ids[rows],
        positions=population.positions[rows],
    )
    for name, column in population.columns.items():
        if name in SWITCHES:
            some.give(name, column[rows])
    return some


def paste(
    net: Network, clipping: Clipping, shift: tuple[float, float], verb: str = "paste"
) -> tuple[Edit, Ids]:
    """The edit that puts a clipping in, moved by `shift` (um), and the ids of its new neurons.

    Some of a population, or all of one with a single neuron, join the population they came from where it
    still is; a whole population becomes another one.
    """
    edits: list[Edit] = []
    ids: dict[int, int] = {}
    homes: dict[int, int] = {}
    for population in clipping.populations:
        fresh = net.ids.fresh(len(population))
        ids.update(zip(population.neuron_ids.tolist(), fresh.tolist(), strict=True))
        at = population.positions + np.array([*shift, 0.0])
        is_whole = population.id in clipping.whole and len(population) > 1
        home = net.populations.get(population.id)
        if (
            home is not None
            and home.model == population.model
            and home.sign == population.sign
            and not is_whole
        ):
            homes[population.id] = home.id
            turned = {name: getattr(population, name) for name in SWITCHES}
            params = {n: v for n, v in {**population.params, **turned}.items() if not isinstance(v, str)}
            edits.append(
                AddNeurons(home.id, fresh, at, params, tuple(population.names) if population.names else None)
            )
        else:
            homes[population.id] = net.ids.one()
            label = free_label(net, population.label)
            twin = replace(
                population.copy(), id=homes[population.id], label=label, neuron_ids=fresh, positions=at
            )
            edits.append(AddPopulation(twin))
    for projection, rows in clipping.projections:
        edits.append(_synapses(net, projection, rows, ids, homes, edits))
    for one in clipping.inputs:
        targets = np.array([ids[id] for id in one.targets.tolist()], np.int64)
        edits.append(AddInput(replace(one.copy(), id=net.ids.one(), targets=targets)))
    label = f"{verb} {counted(clipping.count, 'neuron')}"
    return Compound(tuple(edits), label), np.array(sorted(ids.values()), np.int64)


def _synapses(
    net: Network,
    projection: Projection,
    rows: dict[str, NDArray[Any]],
    ids: dict[int, int],
    homes: dict[int, int],
    edits: list[Edit],
) -> Edit:
    """New synapses among the new neurons: in the old projection when both ends stayed, else in a twin."""
    count = len(rows["id"])
    fresh = net.ids.fresh(count)
    pre = np.array([ids[id] for id in rows["pre"].tolist()], np.int64)
    post = np.array([ids[id] for id in rows["post"].tolist()], np.int64)
    home = net.projections.get(projection.id)
    stays = home is not None and home.pre == homes[projection.pre] and home.post == homes[projection.post]
    target = projection.id
    if not stays:
        target = net.ids.one()
        twin = replace(
            projection.copy(),
            id=target,
            label=free_label(net, projection.label),
            pre=homes[projection.pre],
            post=homes[projection.post],
            synapses=type(projection.synapses)(),
            astrocytes=projection.astrocytes if projection.astrocytes in net.populations else None,
        )
        edits.append(AddProjection(twin))
    columns = {name: rows[name] for name in rows if name not in ("id", "pre", "post", "weight", "delay")}
    return AddSynapses(target, fresh, pre, post, rows["weight"], rows["delay"], columns)


def free_label(net: Network, label: str) -> str:
    """The label itself, or with the first number that makes it unlike every other."""
    taken = {record.label for shelf in (net.populations, net.projections) for record in shelf.values()}
    if label not in taken:
        return label
    base = label.rstrip("0123456789").rstrip()
    return next(f"{base} {number}" for number in range(2, len(taken) + 3) if f"{base} {number}" not in taken)
