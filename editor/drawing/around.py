"""What reaches a synapse from around it: an astrocyte that wraps it, a modulator that its rules listen to.

Qt-free.  Every function returns an edit, or the reason in words why there is none; nothing is changed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from editor.drawing.clippings import free_label
from editor.drawing.next_drawn import label_of
from editor.drawing.placing import Answer, with_source
from editor.drawing.usual import usual
from editor.selection import Ids
from engine import registry
from engine.declare import Rule
from engine.network.columns import places
from engine.network.edits import (
    AddModulator,
    AddNeurons,
    AddPopulation,
    Compound,
    Edit,
    SetParams,
    SetRules,
    SetSynapses,
    together,
)
from engine.network.network import Network
from engine.network.parts import Modulator, Population, Projection, RuleUse

Place = tuple[float, float]
ASIDE = 70.0
"""um from a synapse to the neuron that releases a modulator over it."""


def astrocyte(net: Network, slug: str, synapses: Ids, at: Place) -> Answer:
    """Place an astrocyte that wraps these synapses of one projection, and no others of it."""
    record = _projection(net, synapses)
    if record is None:
        return f"{label_of(slug)} needs a synapse: drop it on one."
    glia = net.populations.get(record.astrocytes or 0)
    cell = net.ids.fresh(1)
    edits: list[Edit] = []
    if glia is not None and glia.model == slug:
        edits.append(AddNeurons(glia.id, cell, places([[*at, 0.0]])))
    else:
        label = free_label(net, label_of(slug))
        made = Population(
            net.ids.one(), label, slug, 0, neuron_ids=cell, positions=places([[*at, 0.0]]), kind="astrocyte"
        )
        edits += [AddPopulation(made), SetParams(np.array([record.id]), {"astrocytes": made.id})]
        others = np.setdiff1d(record.synapses.id, synapses)
        if len(others):
            edits.append(SetSynapses(others, "astrocyte", np.zeros(len(others))))
    edits.append(SetSynapses(synapses, "astrocyte", np.full(len(synapses), float(cell[0]))))
    return together(edits, f"wrap with {label_of(slug)}")


def modulator(net: Network, slug: str, synapses: Ids, at: Place) -> Answer:
    """Place a modulator with its source beside a synapse, and let the rules of its projection wait for it."""
    record = _projection(net, synapses)
    if record is None:
        return f"{label_of(slug)} needs a synapse: drop it on one."
    source, released = with_source(net, slug, (at[0], at[1] + ASIDE))
    heard = _listening(record, released)
    if isinstance(heard, str):
        return heard
    edits = [AddPopulation(source), AddModulator(released), SetRules(record.id, heard)]
    return Compound(tuple(edits), f"let {label_of(slug)} reach it")


def _projection(net: Network, synapses: Ids) -> Projection | None:
    owners = np.unique(net.projection_of(synapses))
    return net.projections.get(int(owners[0])) if len(owners) == 1 else None


def _listening(record: Projection, released: Modulator) -> tuple[RuleUse, ...] | str:
    """A stack whose first free role is played by a modulator; where no card has one a gate comes in."""
    for k, use in enumerate(record.rules):
        model = registry.find(use.slug, "rule")
        for role in model.roles.values():
            if not use.params.get(role.chosen_by):
                chosen = replace(use, params={**use.params, role.chosen_by: float(released.id)})
                return (*record.rules[:k], chosen, *record.rules[k + 1 :])
    gate = registry.find(usual("rule", "gate"), "rule")
    if any(use.slug == gate.slug for use in record.rules):
        return f"{record.label}: every card that listens has its modulator; choose another in the inspector."
    role = next(iter(gate.roles.values()))
    own = RuleUse(gate.slug, {role.chosen_by: float(released.id)})
    place = next((k for k, use in enumerate(record.rules) if _stage(use) > _stage(own)), len(record.rules))
    return (*record.rules[:place], own, *record.rules[place:])


def _stage(use: RuleUse) -> int:
    return Rule.stages.index(registry.find(use.slug, "rule").stage)
