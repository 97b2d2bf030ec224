"""What the menus on the canvas do: place a thing at one spot, give a rule to one synapse or to all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtWidgets import QMenu

from editor import placing
from editor.clippings import free_label
from editor.gestures.putting import card_for, opposite
from editor.workbench import Workbench
from engine.network.edits import AddProjection, MoveSynapses, together
from engine.network.parts import RuleUse
from engine.network.table import SynapseTable


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


class Attached:
    """A rule for a whole projection, or for one synapse, which then gets a projection of its own."""

    def __init__(self, menu: QMenu, bench: Workbench, slug: str, projection: int, synapse: int) -> None:
        menu.setProperty(f"_{synapse}", self)  # lives as long as the menu
        self.bench, self.slug, self.projection, self.synapse = bench, slug, projection, synapse

    def do(self) -> None:
        """Attach it."""
        net = self.bench.network
        if not self.synapse:
            self.bench.do(placing.add_rule(net, self.slug, [self.projection]))
            return
        self.bench.do(only_this_one(net, self.slug, self.projection, self.synapse))


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
