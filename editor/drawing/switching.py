"""Switching off, freezing and clamping: what of a selection has which switch, and the edit that turns it.

Qt-free.  Of a synapse its projection is turned, with all of its synapses; `switching_apart` has one alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from editor.selection import NOTHING, Ids
from engine import registry
from engine.counting import counted
from engine.network.edits import Compound, Edit, SetParams
from engine.network.parts import SWITCHES, Population

LABELS = {
    "frozen": ("freeze", "let go"),
    "clamped": ("clamp", "let go"),
    "enabled": ("switch off", "switch on"),
}
"""What turning each switch is called, and turning it back."""
DONE = {"freeze": "Froze", "clamp": "Clamped", "switch off": "Switched off", "switch on": "Switched on"}
SWITCH_OF = {"freeze": "frozen", "clamp": "clamped", "switch_off": "enabled"}
"""Which switch an action turns, by its slug."""
LACKING = {
    "frozen": "Neurons and synapses can be frozen; none of them is selected.",
    "clamped": "No neuron with a potential is selected.",
    "enabled": "Nothing is selected that can be switched off.",
}
"""Why a switch cannot be turned."""


@dataclass(frozen=True)
class Turning:
    """One switch of everything selected that has it."""

    net: Any
    name: str
    neurons: Ids
    records: tuple[int, ...] = ()

    @property
    def why_not(self) -> str:
        """Why there is nothing to turn; "" where there is."""
        return "" if len(self.neurons) or self.records else LACKING[self.name]

    @property
    def is_turned(self) -> bool:
        """Whether all of it is turned already, so that it is turned back."""
        stands = [getattr(self.net.thing(id), self.name) for id in self.records]
        every = np.concatenate([np.array(stands, bool), *self._standing()])
        return bool(every.size) and bool((every != SWITCHES[self.name]).all())

    def _standing(self) -> list[Any]:
        """How the switch stands for the neurons, by population."""
        owners = self.net.population_of(self.neurons)
        found = []
        for id in np.unique(owners[owners != 0]).tolist():
            population = self.net.populations[id]
            column = np.broadcast_to(np.asarray(getattr(population, self.name)) != 0, (len(population),))
            found.append(column[population.rows(self.neurons[owners == id])])
        return found

    def edit(self) -> Edit:
        """Turn all of it, or back where all of it is turned."""
        value = SWITCHES[self.name] if self.is_turned else not SWITCHES[self.name]
        edits = [
            SetParams(ids, {self.name: value})
            for ids in (self.neurons, np.asarray(self.records, np.int64))
            if len(ids)
        ]
        return Compound(tuple(edits), LABELS[self.name][self.is_turned])

    def said(self) -> str:
        """What turning it now has done, once it is done: "Froze 3 neurons."."""
        verb = LABELS[self.name][self.is_turned]
        return f"Let {self.words} go." if verb == "let go" else f"{DONE[verb]} {self.words}."

    def offer(self) -> str:
        """What turning it now would do: "Freeze 3 neurons"."""
        verb = LABELS[self.name][self.is_turned]
        return f"Let {self.words} go" if verb == "let go" else f"{verb.capitalize()} {self.words}"

    @property
    def words(self) -> str:
        """What it is about: "3 neurons and all 320 synapses of A to B"."""
        found = []
        if len(self.neurons):
            kinds = {self.net.populations[id].kind for id in self._homes() if id}
            found.append(counted(len(self.neurons), kinds.pop() if len(kinds) == 1 else "neuron"))
        for id in self.records[:3]:
            record = self.net.thing(id)
            named = getattr(record, "label", "") or f"the probe of {getattr(record, 'what', '')}"
            if id in self.net.projections:
                named = f"{'the' if len(record) == 1 else 'all'} {counted(len(record), 'synapse')} of {named}"
            found.append(named)
        if len(self.records) > 3:
            found.append(f"{len(self.records) - 3} more")
        return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)

    def _homes(self) -> list[int]:
        return [int(id) for id in np.unique(self.net.population_of(self.neurons))]


def turning(bench: Any, name: str) -> Turning:
    """One switch of what is selected on a workbench."""
    net, chosen = bench.network, bench.selection
    neurons = bench.neurons()
    if name == "clamped" and len(neurons):
        owners = net.population_of(neurons)
        able = [id for id in np.unique(owners).tolist() if can_be_clamped(net.populations[id])]
        return Turning(net, name, neurons[np.isin(owners, able)])
    records: list[int] = []
    if name != "clamped":
        ways = net.projection_of(chosen.synapses) if len(chosen.synapses) else NOTHING
        records += [*chosen.ids("projection").tolist(), *np.unique(ways[ways != 0]).tolist()]
    if name == "enabled":
        for kind in ("input", "probe", "modulator"):
            records += chosen.ids(kind).tolist()
    alive = [id for id in dict.fromkeys(records) if (one := net.thing(id)) is not None and has(one, name)]
    return Turning(net, name, neurons, tuple(alive))


def has(record: Any, name: str) -> bool:
    """Whether a record can be turned; spikes are written down with or without a probe."""
    return hasattr(record, name) and getattr(record, "what", "") != "spikes"


def can_be_clamped(population: Population) -> bool:
    """Whether its neurons have a potential, or a rate, to hold."""
    return registry.knows(population.model) and bool(getattr(registry.find(population.model), "held", ""))
