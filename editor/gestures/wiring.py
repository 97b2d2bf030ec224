"""Drawing synapses: from a neuron to another, on and on with Ctrl, or to where one is still missing."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor import placing
from editor.canvas.overlay.items import Preview, Reason, Ring
from editor.canvas.pointer import Pointer
from editor.gestures.taken import Taken
from editor.next_drawn import label_of
from engine import registry
from engine.network.edits import AddSynapses, Compound, Edit, RemoveSynapses


def why_not(bench: Any, pre: int, post: int) -> str:
    """Why no synapse of the next kind can run from one neuron to another; "" when it can."""
    net = bench.network
    owners = net.population_of([pre, post])
    if not owners.all():
        return "one of the two is gone"
    source, target = (net.populations[int(owner)] for owner in owners)
    if source.kind == "astrocyte":
        return "an astrocyte has no axon"
    gives = getattr(registry.find(bench.coming.synapse.transmission), "gives", "current")
    if pre == post and gives == "gap":
        return "a gap junction joins two neurons"
    if pre == post:
        return "hold Alt to wire a neuron to itself"
    if not bench.coming.fits(target.model):
        takes = ", ".join(getattr(registry.find(target.model), "receives", ())) or "nothing"
        return f"{label_of(target.model)} takes {takes}; choose another synapse at the chip"
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
        net, coming = self.bench.network, self.bench.coming
        placed = placing.neurons(net, coming, [[*pointer.um, 0.0]])
        if isinstance(placed, str):
            self.bench.say(placed, True)
            return
        document = self.bench.document
        with document.gesture("place and connect"):
            if not self.bench.do(placed):
                return
            self._make(int(net.neuron_ids.max()))


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

    def move(self, pointer: Pointer) -> None:
        """Show where it would run."""
        items = self.canvas.items
        items.clear()
        if not self.held:
            return
        neuron = int(pointer.pick.id) if pointer.pick.kind == "neuron" else 0
        if self.moves == "post":
            items.previews = [Preview(int(self.held["pre"]), neuron, pointer.at)]
        elif neuron:
            items.previews = [Preview(neuron, int(self.held["post"]), pointer.at)]
        if neuron:
            items.rings = [Ring(neuron)]
        self.canvas.touch()

    def end(self, pointer: Pointer) -> None:
        """Let it run to the neuron under the pointer; nowhere else."""
        self.canvas.items.clear()
        self.is_over = True
        if not self.held or pointer.pick.kind != "neuron" or not self.has_moved(pointer):
            return
        edit = rewired(self.bench, self.projection, self.held, self.moves, int(pointer.pick.id))
        if edit is not None:
            self.bench.do(edit)


def rewired(bench: Any, projection: int, held: dict[str, Any], moves: str, neuron: int) -> Edit | str | None:
    """The edit that moves one end of a synapse to another neuron."""
    net = bench.network
    ends = {"pre": int(held["pre"]), "post": int(held["post"])}
    if ends[moves] == neuron:
        return None
    ends[moves] = neuron
    one, other = (int(owner) for owner in net.population_of([ends["pre"], ends["post"]]))
    weight, delay = np.array([float(held["weight"])]), np.array([float(held["delay"])])
    record = net.projections[projection]
    parts: list[Edit] = [RemoveSynapses(np.array([int(held["id"])], np.int64))]
    pre, post = (np.array([ends[side]], np.int64) for side in ("pre", "post"))
    if (one, other) == (record.pre, record.post):
        parts.append(AddSynapses(projection, net.ids.fresh(1), pre, post, weight, delay))
        return Compound(tuple(parts), "rewire")
    if said := why_not(bench, ends["pre"], ends["post"]):
        return f"Not rewired: {said}."
    made = placing.wire(net, pre, post, bench.coming.synapse, "all_to_all")
    return made if isinstance(made, str) else Compound((*parts, made), "rewire")
