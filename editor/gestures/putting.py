"""Putting things down: neurons, rows and discs of them, astrocytes, inputs, probes, sources and notes."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.canvas.pointer import Pointer
from editor.drawing import placing
from editor.drawing.next_drawn import NextDrawn
from editor.drawing.usual import usual
from editor.gestures.selecting import Frame
from editor.gestures.taken import Taken
from editor.palette.cards import PROBE, Card
from engine import registry

APART = 42.0
"""um between neurons placed in a row."""


def signed(coming: NextDrawn, pointer: Pointer) -> NextDrawn:
    """What comes next, turned inhibitory by Alt: in another population, since it has the sign."""
    return opposite(coming) if pointer.alt else coming


def opposite(coming: NextDrawn) -> NextDrawn:
    """What comes next, of the other sign."""
    return NextDrawn(coming.neuron, -coming.sign, 0, coming.size, coming.synapse)


class Putting(Taken):
    """Neurons that are put down where the button is let go of; subclasses say where they stand."""

    most: int | None = None
    """How many of them are shown beforehand; None for all."""

    def places(self, pointer: Pointer) -> Any:
        """Where they will stand, um."""
        raise NotImplementedError

    def put(self, coming: NextDrawn, places: Any) -> None:
        """Make them."""
        raise NotImplementedError

    def move(self, pointer: Pointer) -> None:
        """Show where they will stand."""
        self.canvas.items.ghosts = self.places(pointer)[: self.most, :2]
        self.canvas.items.ghost_sign = signed(self.bench.coming, pointer).sign
        self.canvas.touch()

    def end(self, pointer: Pointer) -> None:
        """Put them down."""
        self.canvas.items.clear()
        self.is_over = True
        self.put(signed(self.bench.coming, pointer), self.places(pointer))


class PlaceNeurons(Putting):
    """A click places one neuron, a drag a row of them."""

    def places(self, pointer: Pointer) -> Any:
        one, other = np.array(self.start.um), np.array(pointer.um)
        count = 1 + int(np.hypot(*(other - one)) // APART) if self.has_moved(pointer) else 1
        share = np.linspace(0.0, 1.0, count)[:, None] if count > 1 else np.zeros((1, 1))
        return np.column_stack([one + share * (other - one), np.zeros(count)])

    def put(self, coming: NextDrawn, places: Any) -> None:
        self.bench.put(coming, places)


class StampPopulation(Putting):
    """A click stamps a population, a drag one as large as the circle drawn."""

    most = 2000

    def places(self, pointer: Pointer) -> Any:
        coming = self.bench.coming
        if not self.has_moved(pointer):
            return placing.disc(coming.size, self.start.um)
        radius = float(np.hypot(pointer.um[0] - self.start.um[0], pointer.um[1] - self.start.um[1]))
        size = int(np.clip((radius / (placing.SPACING * 0.62)) ** 2, 1, 100_000))
        return placing.disc(size, self.start.um)

    def put(self, coming: NextDrawn, places: Any) -> None:
        self.bench.do(placing.neurons(self.bench.network, coming, places, joins=False))


class Attach(Frame):
    """A click gives what is under the pointer an input, a probe or a source; a drag all in the frame."""

    def __init__(self, bench: Any, canvas: Any, start: Pointer, kind: str) -> None:
        super().__init__(bench, canvas, start)
        self.kind = kind

    def end(self, pointer: Pointer) -> None:
        """Attach it, or place it on empty canvas together with what it needs."""
        found = self.inside(pointer) if self.has_moved(pointer) else {}
        self.canvas.items.clear()
        self.is_over = True
        neurons = found.get("neuron", np.zeros(0, np.int64))
        none = np.zeros(0, np.int64)
        synapses = found.get("synapse", none) if self.kind == PROBE else none
        if not found and pointer.pick.kind == "neuron":
            neurons = np.array([pointer.pick.id], np.int64)
        elif not found and pointer.pick.kind == "synapse":
            synapses = np.array([pointer.pick.id], np.int64)
        card = card_for(self.bench.coming, self.kind)
        net, coming = self.bench.network, self.bench.coming
        if len(neurons) or len(synapses):
            self.bench.do(
                placing.attach(net, card, coming, neurons=neurons, synapses=synapses, projections=[])
            )
        else:
            self.bench.do(placing.place(net, card, coming, pointer.um))


def card_for(coming: NextDrawn, kind: str) -> Card:
    """The card of that kind chosen in the palette, or the usual one."""
    chosen, slug = coming.attached
    if kind == PROBE:
        return Card(PROBE, PROBE, "Probe", "", "")
    if chosen != kind or not registry.knows(slug):
        slug = usual(kind)
    model = registry.find(slug)
    return Card(kind, slug, model.label, model.family, "")


class PlaceAstrocyte(Taken):
    """A click places an astrocyte; its territory follows."""

    def end(self, pointer: Pointer) -> None:
        """Put it down."""
        self.is_over = True
        card = card_for(self.bench.coming, "astrocyte")
        self.bench.do(placing.place(self.bench.network, card, self.bench.coming, pointer.um))
