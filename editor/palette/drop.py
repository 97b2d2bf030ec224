"""Cards dropped on the canvas, and the plainest gesture: click selects, drag moves the view."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QMimeData

from editor import placing
from editor.canvas.pointer import PanGesture, Pointer
from editor.palette import cards
from editor.palette.cards import Card
from editor.placing import Answer
from editor.selection import NOTHING
from editor.workbench import Workbench

ATTACHED = ("rule", "input", "modulator", cards.PROBE)
"""Kinds of card that can be dropped on something that is there already."""
STILL = 4.0
"""px a press may move and still be a click."""


def card_in(payload: object) -> Card | None:
    """The card that is being dragged, if it is one of the palette."""
    if not isinstance(payload, QMimeData) or not payload.hasFormat(cards.MIME):
        return None
    return cards.decode(bytes(payload.data(cards.MIME).data()))


def edit_at(bench: Workbench, card: Card, pointer: Pointer) -> Answer:
    """The edit that dropping a card here makes, or why it makes none."""
    net, pick = bench.network, pointer.pick
    if card.kind in ATTACHED and pick.kind in ("neuron", "synapse"):
        ids = np.array([pick.id], np.int64)
        chosen = bench.neurons()
        if pick.kind == "neuron" and np.isin(pick.id, chosen):
            ids = chosen  # dropped on one of the selected: all of them are meant
        return placing.attach(
            net,
            card,
            bench.coming,
            neurons=ids if pick.kind == "neuron" else NOTHING,
            synapses=ids if pick.kind == "synapse" else NOTHING,
            projections=[],
        )
    if card.kind in ("transmission", cards.WIRING):
        return f"Choose {card.label} and wire neurons, or select sources (1) and targets (2)."
    return placing.place(net, card, bench.coming, pointer.um)


class PlainGesture(PanGesture):
    """Selects on a click, takes cards from the palette, moves the view when dragged."""

    hint = "Click selects  ·  Drag moves the view  ·  Drop a card to place it"

    def __init__(self, bench: Workbench) -> None:
        """Work with these hands."""
        super().__init__()
        self.bench = bench
        self._pressed: tuple[float, float] | None = None

    def begin(self, canvas: Any, pointer: Pointer) -> None:
        """A button was pressed."""
        super().begin(canvas, pointer)
        self._pressed = pointer.at

    def end(self, canvas: Any, pointer: Pointer) -> None:
        """The button was let go: a click selects what is there."""
        super().end(canvas, pointer)
        start, self._pressed = self._pressed, None
        if start is None or abs(pointer.x - start[0]) + abs(pointer.y - start[1]) > STILL:
            return
        selection, kind = self.bench.selection, pointer.pick.kind
        if kind not in ("neuron", "synapse", "astrocyte"):
            if not pointer.shift:
                selection.clear()
            return
        kind = "neuron" if kind == "astrocyte" else kind
        if pointer.shift:
            selection.toggle(kind, [pointer.pick.id])
        else:
            selection.choose(**{kind: [pointer.pick.id]})

    def hover(self, canvas: Any, pointer: Pointer) -> None:
        """Let what is under the pointer stand out."""
        canvas.hover_at(pointer)

    def drag_over(self, canvas: Any, pointer: Pointer, payload: object) -> bool:
        """Welcome a card that can be dropped here."""
        card = card_in(payload)
        if card is None:
            return False
        canvas.hover_at(pointer)
        return not isinstance(edit_at(self.bench, card, pointer), str)

    def drop(self, canvas: Any, pointer: Pointer, payload: object) -> bool:
        """Make the edit of the card, or say why not."""
        card = card_in(payload)
        if card is None:
            return False
        return self.bench.do(edit_at(self.bench, card, pointer))
