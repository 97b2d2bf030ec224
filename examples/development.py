"""The brain of *C. elegans* at eight ages (Witvliet et al. 2021), as networks that turn into each other.

The tables come from a `cect` wheel that the user fetched (see `engine.exchange.cect`).  Every cell of any
age is there from the beginning; going from age to age adds, removes and reweights synapses, one edit a step.
Neurons sit where `neurons.csv` has them; muscles, glia and others stand in a row below.
"""

import numpy as np

from engine import Network
from engine.exchange.cect import Age, turnover
from engine.network.edits import AddSynapses, Compound, RemoveSynapses, SetSynapses

from . import connectome

TITLE = "C. elegans: one brain, eight ages"
STRIP = "Anatomy: measured, of eight animals; they differ as individuals do, not only by age. Weights: ours."
PER_CONTACT = 1.6
OTHER = connectome.Kind("Muscles, glia and others", "Other", 0, (("layer", "3"),))


def build_ages(ages: list[Age]) -> Network:
    """All cells of all ages, wired as in the first."""
    net = Network(dt=0.5, seed=2021)
    net.title, net.notes = TITLE, STRIP
    cells = sorted({cell for age in ages for cell in age.cells})
    known = connectome.neurons()
    kind_of = {cell: known[cell][0] if cell in known else OTHER for cell in cells}
    below = [cell for cell in cells if cell not in known]
    place_of = {cell: known[cell][1] for cell in cells if cell in known}
    row = np.linspace(-300.0, -140.0, len(below)) if below else []
    place_of |= {
        cell: np.array([x, 75.0 + 6.0 * (i % 3), 0.0])
        for i, (cell, x) in enumerate(zip(below, row, strict=True))
    }
    populations = {}
    for kind in dict.fromkeys(kind_of.values()):
        names = [cell for cell in cells if kind_of[cell] == kind]
        model = "relay" if kind == OTHER else "iaf_cond_exp"
        populations[kind] = net.add_population(
            kind.label, model, positions=[place_of[cell] for cell in names], sign=kind.sign,
            group=kind.group, names=names, notes=dict(kind.notes),
        )  # fmt: skip
    joined = {(kind_of[a], kind_of[b]) for age in ages for a, b in age.chemical}
    for pre, post in sorted(joined, key=lambda ends: (ends[0].label, ends[1].label)):
        net.add_projection(f"{pre.label} to {post.label}", populations[pre], populations[post], w_max=80.0)
    net.apply(to_age(net, ages[0]))
    return net


def to_age(net: Network, age: Age) -> Compound:
    """The edit that gives a network from `build_ages` the wiring of an age: one step of the timeline."""
    cell_of, id_of = {}, {}
    for population in net.populations.values():
        for neuron, name in zip(population.neuron_ids.tolist(), population.names or [], strict=True):
            cell_of[neuron], id_of[name] = name, neuron
    missing = dict(age.chemical)
    lost, same, weights, edits = [], [], [], []
    for projection in net.projections.values():
        table, sign = projection.synapses, -1 if net.populations[projection.pre].sign < 0 else 1
        for synapse, pre, post, weight in zip(
            *(c.tolist() for c in (table.id, table.pre, table.post, table.weight)), strict=True
        ):
            count = missing.pop((cell_of[pre], cell_of[post]), 0)
            if not count:
                lost.append(synapse)
            elif weight != sign * PER_CONTACT * count:
                same.append(synapse)
                weights.append(sign * PER_CONTACT * count)
    if lost:
        edits.append(RemoveSynapses(np.array(lost)))
    if same:
        edits.append(SetSynapses(np.array(same), "weight", np.array(weights)))
    edits += _births(net, {(id_of[a], id_of[b]): count for (a, b), count in missing.items()})
    return Compound(tuple(edits), f"go to age {age.label}")


def _births(net: Network, pairs: dict[tuple[int, int], int]) -> list[AddSynapses]:
    """The synapses to be added, by projection."""
    if not pairs:
        return []
    pre, post = np.array(list(pairs)).T
    owners = net.population_of(pre), net.population_of(post)
    count = np.array(list(pairs.values()), float)
    edits = []
    for projection in net.projections.values():
        mine = (owners[0] == projection.pre) & (owners[1] == projection.post)
        if mine.any():
            sign = -1 if net.populations[projection.pre].sign < 0 else 1
            ids = net.ids.fresh(int(mine.sum()))
            edits.append(
                AddSynapses(projection.id, ids, pre[mine], post[mine], sign * PER_CONTACT * count[mine],
                            np.full(len(ids), 1.5))
            )  # fmt: skip
    return edits


def says(ages: list[Age], number: int) -> str:
    """A sentence for the timeline: how many pairs, and what happened since the age before."""
    age = ages[number]
    text = (
        f"Age {age.label}: {len(age.chemical)} pairs of cells joined by {sum(age.chemical.values())} synapses"
    )
    if number:
        t = turnover(ages[number - 1], age)
        text += f"; since the one before: {t.kept} kept, {t.lost} lost, {t.gained} gained"
        text += f", {t.stronger} stronger and {t.weaker} weaker"
    return text + "."
