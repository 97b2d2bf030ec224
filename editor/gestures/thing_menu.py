"""The menu of a thing on the canvas: what a right click offers to a neuron, a synapse, or an instrument."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QMenu

from editor.canvas.pointer import Pointer
from editor.drawing.switching import SWITCH_OF, turning
from editor.drawing.switching_apart import alone
from editor.gestures.selecting import click

CHIPS = ("input", "probe", "note")
"""What is attached, and drawn beside the circuit."""
OFFERS = {
    "input": ("rename", "delete", "switch_off"),
    "probe": ("rename", "delete", "switch_off"),
    "note": ("delete",),
    "synapse": ("delete", "freeze_synapses", "silence_synapses", "freeze", "switch_off"),
}
"""What is offered to a thing of each kind, by the slugs of actions; to neurons, and elsewhere, `USUAL`."""
ALONE = {"freeze_synapses": "frozen", "silence_synapses": "enabled"}
"""Which switch an action turns of single synapses; no line where their projection's does the same."""
USUAL = (
    "choose_sources", "wire_to_targets", "select_incoming", "select_outgoing",
    "copy", "duplicate", "delete", "freeze", "clamp", "switch_off",
)  # fmt: skip


def menu_of(canvas: Any, bench: Any, pointer: Pointer) -> QMenu:
    """The menu of what is under the pointer, which is selected unless it is already."""
    kind, id = meant(pointer)
    if kind and not bench.selection.has(kind, id):
        click(bench.selection, pointer)
    menu, menus = QMenu(canvas), canvas.window().menus
    menus.show_what_is_possible(menu)
    menu.setToolTipsVisible(True)
    for slug in OFFERS.get(kind, USUAL):
        action, switch = menus.actions[slug], SWITCH_OF.get(slug)
        if slug in ALONE and alone(bench, ALONE[slug]).is_alike:
            continue
        if kind == "synapse" and (switch or slug in ALONE):  # the words say which are turned: it, or all
            found = alone(bench, ALONE[slug]) if slug in ALONE else turning(bench, switch or "")
            said = menu.addAction(action.icon(), found.offer())
            said.setEnabled(action.isEnabled())
            said.setToolTip(action.toolTip())
            said.triggered.connect(action.trigger)
        else:
            menu.addAction(action)
    return menu


def meant(pointer: Pointer) -> tuple[str, int]:
    """The kind and the id of the thing under the pointer: a chip before what lies beneath it."""
    chip, _, id = pointer.hit.partition(":")
    if chip in CHIPS and id:
        return chip, int(id)
    kinds = {"neuron": "neuron", "astrocyte": "neuron", "synapse": "synapse"}
    return kinds.get(pointer.pick.kind, ""), pointer.pick.id
