"""Freezing and silencing single synapses: each gets what it lacks, a projection whose switch is its own.

A switch belongs to a projection, so that no kernel asks a synapse for one.  Synapses that are turned alone
move to a projection beside their own, alike in everything but the switch; ids, weights and traces go with
them.  Turned back they return, and a projection they leave empty goes.  Qt-free.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from editor.drawing.clippings import free_label
from editor.selection import Ids
from engine.counting import counted
from engine.network.edits import AddProjection, Edit, MoveSynapses, RemoveProjection, SetParams, together
from engine.network.parts import SWITCHES, Projection
from engine.network.table import SynapseTable

VERBS = {"frozen": ("freeze", "let go"), "enabled": ("silence", "let speak")}
"""What turning each switch of a synapse is called, and turning it back."""
ADDED = {"frozen": "frozen", "enabled": "silent"}
"""What the name of the projection says that synapses turned alone move to."""
DONE = {
    "freeze": "Froze {}; the others of the projection go on learning.",
    "let go": "Let {} go.",
    "silence": "Silenced {}; the others of the projection go on.",
    "let speak": "Let {} speak.",
}


@dataclass(frozen=True)
class Apart:
    """One switch of some synapses, without the others of their projections."""

    net: Any
    name: str
    synapses: Ids

    @property
    def why_not(self) -> str:
        """Why there is nothing to turn; "" where there is."""
        return "" if self._homes() else "No synapse is selected."

    @property
    def is_turned(self) -> bool:
        """Whether all of them are turned already, so that they are turned back."""
        homes = self._homes()
        return bool(homes) and all(
            getattr(self.net.projections[id], self.name) != SWITCHES[self.name] for id in homes
        )

    @property
    def verb(self) -> str:
        """What turning them now is called."""
        return VERBS[self.name][self.is_turned]

    @property
    def is_alike(self) -> bool:
        """Whether turning their whole projections would do the same."""
        value = SWITCHES[self.name] if self.is_turned else not SWITCHES[self.name]
        return all(
            len(mine) == len(record) and not self._returns(record, value)
            for record, mine in ((self.net.projections[id], mine) for id, mine in self._homes().items())
        )

    def offer(self) -> str:
        """What turning them now would do: "Freeze only this synapse"."""
        first, _, last = self.verb.partition(" ")
        what = (
            "only this synapse" if len(self.synapses) == 1 else f"only these {len(self.synapses):,} synapses"
        )
        return f"{first.capitalize()} {what} {last}".rstrip()

    def said(self) -> str:
        """What turning them now has done, once it is done."""
        return DONE[self.verb].format(counted(len(self.synapses), "synapse"))

    def edit(self) -> Edit:
        """Turn all of them, or back where all are turned."""
        value = SWITCHES[self.name] if self.is_turned else not SWITCHES[self.name]
        edits: list[Edit] = []
        for id, mine in self._homes().items():
            record = self.net.projections[id]
            if getattr(record, self.name) != value:
                edits += self._turn(record, mine, value)
        return together(edits, self._phrase(counted(len(self.synapses), "synapse")))

    def _phrase(self, what: str) -> str:
        """What is done to what: "let 3 synapses go"."""
        first, _, last = self.verb.partition(" ")
        return f"{first} {what} {last}".rstrip()

    def _turn(self, record: Projection, mine: Ids, value: bool) -> list[Edit]:
        beside = self._beside(record, value)
        if len(mine) == len(record) and not self._returns(record, value):
            return [SetParams(np.array([record.id], np.int64), {self.name: value})]
        edits: list[Edit] = []
        if beside is None:
            label = record.label.removesuffix(f", {ADDED[self.name]}")
            if value != SWITCHES[self.name]:
                label += f", {ADDED[self.name]}"
            alike = replace(
                record, id=self.net.ids.one(), label=free_label(self.net, label), synapses=SynapseTable(),
                transmission_params=dict(record.transmission_params),
            )  # fmt: skip
            beside = _turned(alike, self.name, value)
            edits.append(AddProjection(beside))
        edits.append(MoveSynapses(mine, beside.id))
        if len(mine) == len(record):
            edits.append(RemoveProjection(record.id))
        return edits

    def _returns(self, record: Projection, value: bool) -> bool:
        """Whether this is where synapses were moved to, and they would go back."""
        beside = self._beside(record, value)
        return beside is not None and record.label.startswith(f"{beside.label}, ")

    def _beside(self, record: Projection, value: bool) -> Projection | None:
        """The projection that is like this one in everything but the switch, if there is one."""
        wanted = _portrait(_turned(record, self.name, value))
        for other in self.net.projections.values():
            if other.id != record.id and _portrait(other) == wanted:
                return other  # type: ignore[no-any-return]
        return None

    def _homes(self) -> dict[int, Ids]:
        """The synapses by projection."""
        owners = self.net.projection_of(self.synapses)
        return {id: self.synapses[owners == id] for id in np.unique(owners[owners != 0]).tolist()}


def _turned(record: Projection, name: str, value: bool) -> Projection:
    """The record with a switch as it is to stand."""
    return replace(record, frozen=value) if name == "frozen" else replace(record, enabled=value)


def _portrait(record: Projection) -> tuple[Any, ...]:
    """All that two projections must have in common for a synapse to be the same in both."""
    params = tuple(sorted((name, _plain(value)) for name, value in record.transmission_params.items()))
    return (
        record.pre, record.post, record.transmission, params, record.rules, record.w_min, record.w_max,
        record.dendritic, record.astrocytes, record.learns_from, record.frozen, record.enabled,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return tuple(value.tolist()) if isinstance(value, np.ndarray) else value


def alone(bench: Any, name: str) -> Apart:
    """One switch of the synapses that are selected on a workbench."""
    return Apart(bench.network, name, bench.selection.synapses)
