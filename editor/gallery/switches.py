"""Switches of a whole network: freeze its anatomy, flip the signs nobody knows, arrange it in layers.

No Qt.  Each gives an edit (one undo step) and changes nothing itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import registry
from engine.network.edits import Compound, Edit, MoveNeurons, SetParams, SetRules, SetSynapses

if TYPE_CHECKING:
    from engine.network import Network
    from engine.network.parts import Input, Population, Projection


def structural(net: Network) -> list[Projection]:
    """The projections whose stack grows or prunes synapses, switched on or off."""
    return [p for p in net.projections.values() if any(_is_structural(use.slug) for use in p.rules)]


def is_frozen(net: Network) -> bool:
    """Whether nothing grows or prunes: every structure card is switched off."""
    return not any(use.enabled and _is_structural(use.slug) for p in structural(net) for use in p.rules)


def freeze(net: Network, on: bool) -> Compound:
    """Switch every structure card off (or on again); weights go on learning either way."""
    edits: list[Edit] = []
    for projection in structural(net):
        rules = tuple(
            replace(use, enabled=not on) if _is_structural(use.slug) else use for use in projection.rules
        )
        if rules != projection.rules:
            edits.append(SetRules(projection.id, rules))
    return Compound(tuple(edits), "freeze the anatomy" if on else "let it rewire")


def unknown(net: Network) -> list[Population]:
    """The populations whose sign nobody knows."""
    return [p for p in net.populations.values() if p.notes.get("sign") == "unknown"]


def sign_of_unknown(net: Network) -> int:
    """How they are treated now: +1, -1, or 0 when they differ or there are none."""
    signs = {p.sign for p in unknown(net)}
    return signs.pop() if len(signs) == 1 else 0


def treat_unknown_as(net: Network, sign: int) -> Compound:
    """Let the neurons of unknown sign excite (+1) or inhibit (-1): their weights turn with them."""
    edits: list[Edit] = []
    for population in unknown(net):
        if population.sign == sign:
            continue
        mine = np.array([population.id], np.int64)
        edits.append(SetParams(mine, {"sign": 0}))  # bound by neither while the weights turn
        for projection in net.projections.values():
            table = projection.synapses
            if projection.pre == population.id and len(table) and not _is_gap(projection):
                edits.append(SetSynapses(table.id.copy(), "weight", sign * np.abs(table.weight)))
        edits.append(SetParams(mine, {"sign": sign}))
    does = "excite" if sign > 0 else "inhibit"
    return Compound(tuple(edits), f"let neurons of unknown sign {does}")


def by_hand(net: Network) -> list[Input]:
    """Inputs that are switched off: a button gives them for as long as it is held."""
    return [i for i in net.inputs.values() if not i.enabled and len(i.targets)]


def has_layers(net: Network) -> bool:
    """Whether the populations say in which layer they belong."""
    return any(p.notes.get("layer") for p in net.populations.values())


def in_layers(net: Network) -> MoveNeurons:
    """Put the populations in columns, one layer after the other."""
    from engine.analysis import layouts  # compiled code: not needed to open a window

    return MoveNeurons(*layouts.arrange(net, "layered"))


def places_of(net: Network) -> MoveNeurons:
    """The edit that brings every neuron back to where it is now."""
    ids = np.concatenate([np.zeros(0, np.int64), *(p.neuron_ids for p in net.populations.values())])
    at = np.concatenate([np.zeros((0, 3)), *(p.positions for p in net.populations.values())])
    return MoveNeurons(ids, at)


def _is_structural(slug: str) -> bool:
    return registry.find(slug, "rule").stage == "structure"


def _is_gap(projection: Projection) -> bool:
    return getattr(registry.find(projection.transmission, "transmission"), "gives", "") == "gap"
