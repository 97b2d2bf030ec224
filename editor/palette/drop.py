"""Cards dropped on the canvas: which one it is, and the edit it makes there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QMimeData

from editor.canvas.pointer import Pointer
from editor.drawing import around, placing
from editor.drawing.placing import Answer
from editor.drawing.workbench import Workbench
from editor.palette import cards
from editor.palette.cards import Card
from editor.selection import NOTHING

ATTACHED = ("rule", "input", "modulator", cards.PROBE)
"""Kinds of card that can be dropped on something that is there already."""

AROUND = {"astrocyte": around.astrocyte, "modulator": around.modulator}
"""Kinds of card that reach a synapse they are dropped on from beside it."""


def card_in(payload: object) -> Card | None:
    """The card that is being dragged, if it is one of the palette."""
    if not isinstance(payload, QMimeData) or not payload.hasFormat(cards.MIME):
        return None
    return cards.decode(bytes(payload.data(cards.MIME).data()))


def edit_at(bench: Workbench, card: Card, pointer: Pointer) -> Answer:
    """The edit that dropping a card here makes, or why it makes none."""
    net, pick = bench.network, pointer.pick
    if pick.kind == "synapse" and card.kind in AROUND:
        return AROUND[card.kind](net, card.slug, np.array([pick.id], np.int64), pointer.um)
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
