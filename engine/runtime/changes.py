"""Edits of a running simulation: between two blocks, whole or not at all, with the engine's own inverse.

Synapses and numbers change in place; whatever changes the layout builds a new circuit and carries over the
state of everything that is still there, by id.
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import numpy as np

from engine import registry
from engine.errors import EditRefused, UsageError
from engine.kernels.recipes import Recipe
from engine.kernels.recipes import of as recipes_of
from engine.kernels.stack import OWNER
from engine.kernels.warm_up import compile_beside, missing
from engine.network.edits import (
    AddSynapses,
    Compound,
    Edit,
    MoveNeurons,
    RemoveSynapses,
    Rename,
    SetNetwork,
    SetParams,
    SetSynapses,
    together,
)
from engine.network.parts import SWITCHES
from engine.runtime.circuit import Circuit
from engine.runtime.pathway import Pathway, steps
from engine.runtime.transplant import transplant

if TYPE_CHECKING:
    from engine.runtime.simulation import Simulation

_LAYOUT = {"sign", "passes", "dendritic", "astrocytes", "learns_from"}
"""Attributes that decide how arrays are laid out."""


def change(sim: Simulation, edit: Edit) -> Edit:
    """Apply an edit to the running arrays; call between blocks only.  Returns the edit that would undo it.

    Raises:
        EditRefused: nothing was changed.
    """
    if reason := edit.why_not(sim.base):
        raise EditRefused(reason)
    if isinstance(edit, Compound) and all(_is_light(sim, part) for part in edit.edits):
        inverses = [change(sim, part) for part in edit.edits]
        return together(inverses[::-1], edit.label)
    if not _is_light(sim, edit):
        return _rebuild(sim, edit)
    _commit(sim, edit)
    before = _held(sim, edit)
    inverse = edit.apply(sim.base)
    _follow(sim, edit, before)
    return inverse


class Preparation:
    """A heavy edit in stages: what it needs is compiled aside, then it is swapped in between two blocks."""

    def __init__(self, sim: Simulation, edit: Edit, recipes: list[Recipe]) -> None:
        self.sim, self.edit, self.recipes = sim, edit, recipes
        self.what = ", ".join(dict.fromkeys(filter(None, (recipe.label for recipe in recipes))))
        self._old: Circuit | None = None
        self._given_up = Event()

    def work(self) -> None:
        """Have a child process compile what is missing, and load it; on any thread."""
        compile_beside(self.recipes, given_up=self._given_up)
        for recipe in self.recipes:
            recipe.module()

    def abandon(self) -> None:
        """End the work, which fails; on any thread."""
        self._given_up.set()

    def swap(self) -> Edit:
        """Apply the edit; on the engine's thread, between two blocks.  Returns the inverse."""
        self._old = self.sim.circuit
        return change(self.sim, self.edit)

    def retire(self) -> None:
        """Let the old arrays go; on any thread."""
        self._old = None


def preparation(sim: Simulation, edit: Edit) -> Preparation | None:
    """The stages of an edit for which kernels are missing; None when it can be applied at once."""
    parts = edit.edits if isinstance(edit, Compound) else (edit,)
    if all(_is_light(sim, part) for part in parts):
        return None
    trial = sim.base.copy()
    try:
        edit.apply(trial)
    except EditRefused:
        return None  # refused at once, with the reason
    lacking = missing(recipes_of(trial, sim.eye))
    return Preparation(sim, edit, lacking) if lacking else None


def _pathway_of(sim: Simulation, ids: object) -> list[Pathway]:
    """The projections that hold some of these synapses."""
    return [way for way in sim.circuit.pathways.values() if (way.synapses.places(ids) >= 0).any()]


def _is_light(sim: Simulation, edit: Edit) -> bool:
    """Whether the running arrays can take the edit where they are."""
    circuit = sim.circuit
    if isinstance(edit, Rename):
        return True
    if isinstance(edit, MoveNeurons):
        return not _lengthens(sim, edit)
    if isinstance(edit, SetNetwork):
        return set(edit.values) <= {"title", "notes", "slow"}
    if isinstance(edit, SetParams):
        if any(name in _LAYOUT or name.endswith(".delay") or _is_late(name) for name in edit.values):
            return False
        if any(name.endswith(".speed") for name in edit.values) and _lengthens(sim, edit):
            return False
        return not (_chooses(sim, edit) or (edit.values.keys() & {"sigma", "substance"}))
    if isinstance(edit, AddSynapses):
        way = circuit.pathways.get(edit.projection)
        if way is None or edit.ids.size == 0:
            return False
        if OWNER in edit.columns and not way.stack.owned:
            return False
        longest = int(steps(edit.delay, sim.dt).max())
        return longest <= circuit.reach and way.projection.dendritic == 1.0
    if isinstance(edit, RemoveSynapses):
        known = sum(int((way.synapses.places(edit.ids) >= 0).sum()) for way in circuit.pathways.values())
        return known == int(np.count_nonzero(sim.base.projection_of(edit.ids)))
    if isinstance(edit, SetSynapses):
        return edit.column == "weight" and bool(_pathway_of(sim, edit.ids))
    return False


def _lengthens(sim: Simulation, edit: MoveNeurons | SetParams) -> bool:
    """Whether synapses that grow over a distance may then take longer than the running arrays hold."""
    if not any("speed" in card.params for way in sim.circuit.pathways.values() for card in way.stack.rules):
        return False
    trial = sim.base.copy()
    if edit.why_not(trial):
        return False  # refused, with the reason, when it is applied
    edit.apply(trial)
    return sim.circuit.outgrown_in(trial)


def _chooses(sim: Simulation, edit: SetParams) -> bool:
    """Whether the edit says which modulator a rule listens to."""
    choosers = {
        f"{card.slug}.{role.chosen_by}"
        for way in sim.circuit.pathways.values()
        for card in way.stack.rules
        for role in card.roles.values()
    }
    return bool(choosers & edit.values.keys())


def _is_late(name: str) -> bool:
    """Whether it says how long a spike stays findable: the `late` parameter of a card."""
    slug, _, param = name.partition(".")
    return registry.knows(slug, "rule") and getattr(registry.find(slug, "rule"), "late", "") == param != ""


def _commit(sim: Simulation, edit: Edit) -> None:
    """What was learned under the old circumstances is booked before they change."""
    now = sim.circuit.now
    if isinstance(edit, SetParams):
        for target in edit.targets.tolist():
            way = sim.circuit.pathways.get(target)
            if way is not None:
                way.sweep(now)
                if way.hearing is not None:
                    way.hearing.keep(now)
            for way in _listening(sim, target):
                way.sweep(now)
        owners = sim.base.population_of(edit.targets)
        for id in {*owners.tolist(), *edit.targets.tolist()}:
            for way in sim.circuit.learning_from(id):
                way.sweep(now)
    elif isinstance(edit, MoveNeurons):
        for way in sim.circuit.pathways.values():
            if way.hearing is not None or way.stack.learns_from_glia:
                way.sweep(now)
    elif isinstance(edit, AddSynapses):
        way = sim.circuit.pathways[edit.projection]
        way.sweep(now, way.post.population.rows(edit.post))
    elif isinstance(edit, RemoveSynapses | SetSynapses):
        for way in _pathway_of(sim, edit.ids):
            place = way.synapses.places(edit.ids)
            way.sweep(now, way.synapses.post[place[place >= 0]])
            sim.write_back(way, edit.ids)


def _listening(sim: Simulation, modulator: int) -> list[Pathway]:
    """The projections with a card that listens to a modulator."""
    ways = sim.circuit.pathways.values()
    return [way for way in ways if way.hearing is not None and modulator in way.hearing.ids]


def _held(sim: Simulation, edit: Edit) -> list[Pathway]:
    """The projections whose synapses the edit touches, found before they are gone."""
    if isinstance(edit, RemoveSynapses | SetSynapses):
        return _pathway_of(sim, edit.ids)
    return []


def _follow(sim: Simulation, edit: Edit, touched: list[Pathway]) -> None:
    """Bring the running arrays after an edit that the network has taken."""
    circuit = sim.circuit
    if isinstance(edit, AddSynapses):
        way = circuit.pathways[edit.projection]
        held = way.projection.synapses.take(edit.ids)
        if not held["id"].size:
            return  # its neurons are gone
        axon, dendrite = way.split(held["delay"])
        way.synapses.add(
            held["id"], way.pre.population.rows(held["pre"]), way.post.population.rows(held["post"]),
            held["weight"], axon, dendrite, circuit.now,
            way.given(edit.columns),
        )  # fmt: skip
        sim.engine_ids.pass_by(edit.ids)
        circuit.block = min(circuit.block, max(1, int((axon + dendrite).min())))
        touched = [way]
    elif isinstance(edit, RemoveSynapses):
        for way in touched:
            place = way.synapses.places(edit.ids)
            way.synapses.doomed[place[place >= 0]] = 255
            way.synapses.remove_doomed()
    elif isinstance(edit, SetSynapses):
        for way in touched:
            place = way.synapses.places(edit.ids)
            here = place >= 0
            way.synapses.weight[place[here]] = np.broadcast_to(edit.values, place.shape)[here]
        return  # no array has moved
    elif isinstance(edit, MoveNeurons):
        for way in circuit.pathways.values():
            circuit.territories(way)
            if way.hearing is not None:
                way.hearing.place()
    elif isinstance(edit, SetParams):
        _set(sim, edit)
        return
    for way in touched:
        circuit.bind_pathway(way)
    circuit.tables()


def _set(sim: Simulation, edit: SetParams) -> None:
    """Parameters and states of neurons, and numbers of things, as they run."""
    circuit = sim.circuit
    turned = not edit.values.keys().isdisjoint(SWITCHES)
    owners = sim.base.population_of(edit.targets)
    populations = {int(o) for o in owners if o} | {t for t in edit.targets.tolist() if t in circuit.cells}
    for id in populations:
        cells = circuit.cells[id]
        if set(edit.values) & set(cells.model.params):
            cells.set_params()
        whole = id in edit.targets.tolist()
        rows = np.arange(cells.n) if whole else cells.population.rows(edit.targets[owners == id])
        for name, value in edit.values.items():
            if name in cells.states and value is not None:
                mine = value if whole or not isinstance(value, np.ndarray) else value[owners == id]
                cells.states[name][rows] = mine
        if turned:
            cells.take_switches()
        cells.keep_now(circuit.now)
    rest = set(edit.targets.tolist()) - set(circuit.cells)
    for id in rest & set(circuit.pathways):
        circuit.pathways[id].set_params()
    rest -= set(circuit.pathways)
    for id in rest & set(circuit.tissues):
        circuit.tissues[id].set_params()
        for way in _listening(sim, id):
            assert way.hearing is not None
            way.hearing.set_params()
    rest -= set(edit.targets[owners != 0].tolist())
    if turned or rest - set(sim.base.inputs):  # a switch, a modulator, a probe: seldom, so everything
        circuit.bind()
        sim.recorder.bind(circuit)
    else:
        circuit.bind_numbers(neurons=bool(populations), inputs=bool(rest))
    sim.slowly.bind()


def _rebuild(sim: Simulation, edit: Edit) -> Edit:
    """A new circuit for a network of another shape, with the state of all that is still there."""
    old = sim.circuit
    for way in old.pathways.values():
        way.sweep(old.now)
    sim.sync()
    inverse = edit.apply(sim.base)
    try:
        new = Circuit(sim.base, old.now, sim.threads, sim.watched())
    except UsageError as trouble:  # a network that could not be run: what would be right stands in the words
        inverse.apply(sim.base)
        raise EditRefused(str(trouble)) from trouble
    except Exception:
        inverse.apply(sim.base)
        raise
    transplant(old, new)
    sim.tally.close()  # of the old circuit, while it is there
    sim.circuit = new
    sim.recorder.bind(new)
    sim.slowly.follow(old, new)
    return inverse
