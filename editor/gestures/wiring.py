"""Drawing synapses: from a neuron to another, on and on with Ctrl, or to where one is still missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from editor.canvas.overlay.items import Preview, Reason, Ring
from editor.canvas.pointer import Pointer
from editor.drawing import placing
from editor.drawing.clippings import free_label
from editor.drawing.next_drawn import label_of
from editor.gestures.learned import weights_now
from editor.gestures.taken import Taken
from engine import registry
from engine.network import ends as two_ends
from engine.network.edits import AddProjection, AddSynapses, Compound, Edit, RemoveSynapses
from engine.network.parts import Projection
from engine.network.table import SynapseTable


def why_not(bench: Any, pre: int, post: int) -> str:
    """Why no synapse of the next kind can run from one neuron to another; "" when it can."""
    said = misfit(bench.network, pre, post, bench.coming.synapse.transmission)
    return f"{said}; choose another synapse at the chip" if " takes " in said else said


def misfit(net: Any, pre: int, post: int, transmission: str) -> str:
    """Why no synapse of a kind of transmission can run from one neuron to another; "" when it can."""
    owners = net.population_of([pre, post])
    if not owners.all():
        return "one of the two is gone"
    source, target = (net.populations[int(owner)] for owner in owners)
    model = registry.find(transmission)
    if source.kind == "astrocyte" and "flow" not in model.hooks:
        return "an astrocyte has no axon"
    gives = getattr(model, "gives", "current")
    if "flow" in model.hooks and pre != post:
        drawn = Projection(0, model.label, source.id, target.id, transmission)
        return next((problem.what for problem in two_ends.of_arrival(net, drawn)), "")
    if pre == post and gives == "gap":
        return "a gap junction joins two neurons"
    if pre == post:
        return "hold Alt to wire a neuron to itself"
    receives = getattr(registry.find(target.model), "receives", ())
    if gives not in ("any", "gap") and gives not in receives:
        return f"{label_of(target.model)} takes {', '.join(receives) or 'nothing'}"
    return ""


class Wire(Taken):
    """A synapse being drawn from a neuron."""

    def __init__(self, bench: Any, canvas: Any, start: Pointer, pre: int, keeps: bool = False) -> None:
        super().__init__(bench, canvas, start)
        self.pre = pre
        self.keeps = keeps
        """Whether the next synapse starts at the same neuron."""
        self.pressed_at = start.at

    def _target(self, pointer: Pointer) -> int:
        id = int(pointer.pick.id) if pointer.pick.kind in ("neuron", "astrocyte") else 0
        return 0 if id == self.pre and not pointer.alt and not self.has_moved(pointer) else id

    def _refusal(self, post: int, pointer: Pointer) -> str:
        said = why_not(self.bench, self.pre, post)
        return "" if said.startswith("hold Alt") and pointer.alt else said

    def move(self, pointer: Pointer) -> None:
        """Show the synapse as far as it has come, and whether what is under it may receive it."""
        items = self.canvas.items
        items.clear()
        net = self.bench.network
        owner = int(net.population_of([self.pre])[0])
        sign = net.populations[owner].sign if owner else 1
        post = self._target(pointer)
        said = self._refusal(post, pointer) if post else ""
        items.previews = [Preview(self.pre, 0 if said else post, pointer.at, sign or 1, not said)]
        if post:
            items.rings = [Ring(post, not said)]
        elif self.has_moved(pointer):  # let go here, and there will be a neuron
            items.ghosts = np.array([pointer.um])
            items.ghost_sign = self.bench.coming.sign
        if said:
            items.reason = Reason(pointer.at, said)
        self.canvas.touch()

    def end(self, pointer: Pointer) -> None:
        """Make the synapse, say why not, or offer what could be placed here."""
        post = self._target(pointer)
        if not post and not self.has_moved(pointer):
            self.keeps = True  # a click on the handle: the next click chooses the target
            self.pressed_at = pointer.at
            return
        if post:
            said = self._refusal(post, pointer)
            if said:
                self.bench.say(f"No synapse: {said}.", True)
            else:
                self._make(post)
            if pointer.ctrl and not said:
                self.keeps = True
                self.canvas.items.clear()
                return
        elif not self.keeps or self.has_moved(pointer):
            self._offer(pointer)
        self.canvas.items.clear()
        self.canvas.touch()
        self.is_over = True

    def _make(self, post: int) -> None:
        pre, targets = np.array([self.pre], np.int64), np.array([post], np.int64)
        pattern = "one_to_one" if self.pre == post else "all_to_all"
        self.bench.do(placing.wire(self.bench.network, pre, targets, self.bench.coming.synapse, pattern))

    def _offer(self, pointer: Pointer) -> None:
        """Dropped on nothing: a neuron there, wired to this one, as one step."""
        coming = self.bench.coming
        with self.bench.document.gesture("place and connect"):
            placed = self.bench.put(coming, [[*pointer.um, 0.0]])
            if len(placed) and (said := why_not(self.bench, self.pre, int(placed[0]))):
                self.bench.say(f"No synapse: {said}.", True)
            elif len(placed):
                self._make(int(placed[0]))


class Rewire(Taken):
    """The end of a synapse under the hand: it goes to another neuron and keeps its weight and delay."""

    def __init__(self, bench: Any, canvas: Any, start: Pointer, synapse: int, end: str) -> None:
        super().__init__(bench, canvas, start)
        self.synapse = synapse
        self.moves = end
        """"pre" or "post": the end that moves."""
        owner = int(bench.network.projection_of([synapse])[0])
        self.projection = owner
        held = bench.network.projections[owner].synapses.take([synapse]) if owner else {}
        self.held = {name: column[0] for name, column in held.items() if len(column)}
        self.sign = 1
        self.transmission = ""
        if self.held:
            record = bench.network.projections[owner]
            self.sign = bench.network.populations[record.pre].sign or 1
            self.transmission = record.transmission
            self.held["weight"] = weights_now(bench.document, owner, [synapse])[0]

    def move(self, pointer: Pointer) -> None:
        """Show where it would run."""
        items = self.canvas.items
        items.clear()
        if not self.held:
            return
        neuron = int(pointer.pick.id) if pointer.pick.kind == "neuron" else 0
        pre, post = int(self.held["pre"]), int(self.held["post"])
        said = ""
        if neuron:
            ends = (pre, neuron) if self.moves == "post" else (neuron, post)
            said = misfit(self.bench.network, *ends, self.transmission)
            items.rings = [Ring(neuron, not said)]
        if said:
            items.reason = Reason(pointer.at, said)
        if self.moves == "post":
            items.previews = [Preview(pre, 0 if said else neuron, pointer.at, self.sign, not said)]
        elif neuron and not said:
            items.previews = [Preview(neuron, post, pointer.at, self.sign)]
        else:
            items.previews = [Preview(post, 0, pointer.at, 0, is_welcome=False)]
        self.canvas.touch()

    def end(self, pointer: Pointer) -> None:
        """Let it run to the neuron under the pointer; nowhere else."""
        self.canvas.items.clear()
        self.is_over = True
        if not self.held or pointer.pick.kind != "neuron" or not self.has_moved(pointer):
            return
        edit = rewired(self.bench, self.projection, self.held, self.moves, int(pointer.pick.id))
        if edit is not None and self.bench.do(edit) and isinstance(edit, Compound):
            made = [one.ids for one in edit.edits if isinstance(one, AddSynapses)]
            self.bench.selection.choose(synapse=np.concatenate(made))


def rewired(bench: Any, projection: int, held: dict[str, Any], moves: str, neuron: int) -> Edit | str | None:
    """The edit that moves one end of a synapse to another neuron; weight, delay and rules stay what they are.

    Between other populations it belongs to another projection of the same kind, made if there is none.
    """
    net = bench.network
    ends = {"pre": int(held["pre"]), "post": int(held["post"])}
    if ends[moves] == neuron:
        return None
    ends[moves] = neuron
    one, other = (int(owner) for owner in net.population_of([ends["pre"], ends["post"]]))
    record = net.projections[projection]
    if said := misfit(net, ends["pre"], ends["post"], record.transmission):
        return f"Not rewired: {said}."
    parts: list[Edit] = [RemoveSynapses(np.array([int(held["id"])], np.int64))]
    if (one, other) != (record.pre, record.post):
        label = f"{net.populations[one].label} to {net.populations[other].label}"
        params = dict(record.transmission_params)
        fresh = replace(
            record, id=net.ids.one(), label=free_label(net, label), pre=one, post=other,
            transmission_params=params, synapses=SynapseTable(),
        )  # fmt: skip
        alike = [kept for kept in net.projections.values() if _kind(kept) == _kind(fresh)]
        record = alike[0] if alike else fresh
        parts += [] if alike else [AddProjection(fresh)]
    weight, delay = float(held["weight"]), np.array([float(held["delay"])])
    if getattr(registry.find(record.transmission), "gives", "") != "gap":
        weight = abs(weight) * (net.populations[one].sign or 1)
    pre, post = (np.array([ends[side]], np.int64) for side in ("pre", "post"))
    parts.append(AddSynapses(record.id, net.ids.fresh(1), pre, post, np.array([weight]), delay))
    return Compound(tuple(parts), "rewire")


def _kind(record: Projection) -> tuple[Any, ...]:
    return record.pre, record.post, record.transmission, record.transmission_params, record.rules
