"""A document whose edits are kept, that may crash, and what a start then asks about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.files.load import load
from engine.files.recovered import Offer, offers
from engine.files.recovery import Recovery
from engine.network.edits import AddPopulation, Compound, SetNetwork
from engine.network.network import Network
from engine.network.parts import Population
from tests.faults.circuit import rich


class Document:
    """What the editor is to a recovery: a network that edits change, each of them kept."""

    def __init__(
        self, home: Path, path: Path | None = None, network: Network | None = None, **more: Any
    ) -> None:
        self.net = network or (load(path)[0] if path else rich())
        self.recovery = Recovery(path or "", "Worm", folders=[home], every=0.0, **more)
        if path is None or more:
            self.recovery.autosave(self.net)

    def edit(self, title: str) -> None:
        """Change the title, and add a population, so that no edit can be missing unnoticed."""
        added = AddPopulation(Population(self.net.ids.one(), title, "relay"))
        edit = Compound((SetNetwork({"title": title}), added))
        self.recovery.append("edit", edit)
        edit.apply(self.net)

    def crash(self) -> Network:
        """What a killed program leaves; returns the network as it was then."""
        self.recovery.abandon()
        return self.net


def ask(home: Path) -> list[Offer]:
    """What a start asks about."""
    return [offer for offer in offers([home]) if offer.is_offered]


def only(home: Path) -> Offer:
    (offer,) = ask(home)
    return offer
