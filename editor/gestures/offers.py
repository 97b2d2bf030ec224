"""What the menus on the canvas do: place a thing at one spot, give a rule to one synapse or to all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from editor.canvas.picking import Pick
from editor.drawing import around, placing
from editor.drawing.clippings import free_label
from editor.drawing.workbench import Workbench
from editor.gestures.putting import card_for, opposite
from editor.palette.cards import Card
from editor.selection import NOTHING, Ids
from engine.network.edits import AddProjection, MoveSynapses, together
from engine.network.parts import RuleUse
from engine.network.table import SynapseTable


@dataclass(frozen=True)
class Petal:
    """One choice of the ring: its name, and what it does."""

    label: str
    act: Callable[[], None]


class Here:
    """Places things at one spot."""

    def __init__(self, bench: Workbench, at: tuple[float, float]) -> None:
        self.bench, self.at = bench, at

    def neuron(self) -> None:
        """One neuron of the kind that comes next."""
        self.bench.put(self.bench.coming, [[*self.at, 0.0]])

    def inhibitory(self) -> None:
        """One that inhibits."""
        coming = self.bench.coming
        self.bench.put(coming if coming.sign < 0 else opposite(coming), [[*self.at, 0.0]])

    def population(self) -> None:
        """A population of them."""
        self.bench.do(placing.population(self.bench.network, self.bench.coming, self.at))

    def _card(self, kind: str) -> None:
        card = card_for(self.bench.coming, kind)
        self.bench.do(placing.place(self.bench.network, card, self.bench.coming, self.at))

    def input(self) -> None:
        """An input with a relay that passes it on."""
        self._card("input")

    def astrocyte(self) -> None:
        """An astrocyte."""
        self._card("astrocyte")

    def modulator(self) -> None:
        """A modulator with its source."""
        self._card("modulator")


def petals(bench: Workbench, at: tuple[float, float]) -> list[Petal]:
    """What the ring around the pointer offers to place there (um)."""
    here = Here(bench, at)
    return [
        Petal("Neuron", here.neuron),
        Petal("Inhibitory neuron", here.inhibitory),
        Petal("Population", here.population),
        Petal("Input", here.input),
        Petal("Astrocyte", here.astrocyte),
        Petal("Modulator", here.modulator),
    ]


class Attached:
    """A rule for whole projections, or for one synapse, which then gets a projection of its own."""

    def __init__(
        self, bench: Workbench, words: str, slug: str, projections: list[int], synapse: int = 0
    ) -> None:
        self.bench, self.words, self.slug = bench, words, slug
        self.projections, self.synapse = projections, synapse

    def do(self) -> None:
        """Attach it."""
        net = self.bench.network
        if self.synapse:
            self.bench.do(only_this_one(net, self.slug, self.projections[0], self.synapse))
        else:
            self.bench.do(placing.add_rule(net, self.slug, self.projections))


class Wrapped:
    """An astrocyte for one synapse, for all of its projection, or for none."""

    def __init__(
        self, bench: Workbench, words: str, slug: str, synapses: Ids, at: tuple[float, float]
    ) -> None:
        self.bench, self.words, self.slug, self.synapses, self.at = bench, words, slug, synapses, at

    def do(self) -> None:
        """Place it."""
        bench = self.bench
        if len(self.synapses):
            bench.do(around.astrocyte(bench.network, self.slug, self.synapses, self.at))
        else:
            card = Card("astrocyte", self.slug, "", "", "")
            bench.do(placing.place(bench.network, card, bench.coming, self.at))


def wrapped_by(bench: Workbench, slug: str, pick: Pick, at: tuple[float, float]) -> list[Wrapped]:
    """What an astrocyte dropped at a place (um) may be meant for; [] when that is no question."""
    record = bench.network.projections.get(int(bench.network.projection_of([pick.id])[0]))
    if pick.kind != "synapse" or record is None or len(record.synapses) < 2:
        return []
    every = record.synapses.id.copy()
    return [
        Wrapped(bench, f"All {len(every):,} of {record.label}", slug, every, at),
        Wrapped(bench, "Only this one", slug, np.array([pick.id], np.int64), at),
        Wrapped(bench, "None: it only stands here", slug, NOTHING, at),
    ]


def meant_by(bench: Workbench, slug: str, pick: Pick) -> list[Attached]:
    """What a rule dropped on a synapse or a neuron may be meant for; [] when that is no question."""
    net = bench.network
    if pick.kind == "synapse":
        owner = int(net.projection_of([pick.id])[0])
        record = net.projections.get(owner)
        if record is None or len(record.synapses) < 2 or any(use.slug == slug for use in record.rules):
            return []
        every = f"All {len(record.synapses):,} of {record.label}"
        return [
            Attached(bench, every, slug, [owner]),
            Attached(bench, "Only this one", slug, [owner], pick.id),
        ]
    if pick.kind != "neuron":
        return []
    home = int(net.population_of([pick.id])[0])
    found = [
        record
        for record in net.projections.values()
        if home in (record.pre, record.post) and all(use.slug != slug for use in record.rules)
    ]
    choices = [
        Attached(bench, f"All {len(record.synapses):,} of {record.label}", slug, [record.id])
        for record in found
    ]
    if len(found) > 1:
        total = sum(len(record.synapses) for record in found)
        words = f"All {total:,} in and out of {net.populations[home].label}"
        choices.append(Attached(bench, words, slug, [record.id for record in found]))
    return choices


def only_this_one(net: Any, slug: str, projection: int, synapse: int) -> Any:
    """The edit that moves one synapse to a projection of its own, with one rule more."""
    record = net.projections[projection]
    if any(use.slug == slug for use in record.rules):
        return f"{slug} is already in the stack."
    own = replace(
        record, id=net.ids.one(), label=free_label(net, f"{record.label}, one"),
        rules=(*record.rules, RuleUse(slug)), synapses=SynapseTable(),
        transmission_params=dict(record.transmission_params),
    )  # fmt: skip
    moved = MoveSynapses(np.array([synapse], np.int64), own.id)
    return together([AddProjection(own), moved], "give one synapse a rule of its own")
