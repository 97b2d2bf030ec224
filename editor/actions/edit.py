"""Actions that change the circuit: undo, copy, delete, rename."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.actions import action
from engine.counting import counted
from engine.network.edits import (
    Compound,
    Edit,
    RemoveInput,
    RemoveModulator,
    RemoveNeurons,
    RemovePopulation,
    RemoveProbe,
    RemoveProjection,
    RemoveSynapses,
)

SHIFT = (36.0, 36.0)
"""um a paste or a duplicate is moved by."""


def nothing_selected(window: Any) -> str:
    """Why something that needs a selection is not possible."""
    return "Nothing is selected." if window.selection.is_empty else ""


def no_neurons(window: Any) -> str:
    """Why something that needs neurons is not possible."""
    return "" if len(window.bench.neurons()) else "No neurons are selected."


def nothing_to_undo(window: Any) -> str:
    """Why there is no undo."""
    return "" if window.document.history.undo_label else "Nothing has been done yet."


def nothing_to_redo(window: Any) -> str:
    """Why there is no redo."""
    return "" if window.document.history.redo_label else "Nothing was undone."


def nothing_copied(window: Any) -> str:
    """Why there is no paste."""
    return "" if window.bench.clipping is not None else "Nothing was copied."


@action("Undo", "Edit", "Ctrl+Z", icon="fa6s.rotate-left", why_not=nothing_to_undo, repeats=True)
def undo(window: Any) -> None:
    """Take back the last thing that was done, a run included."""
    window.document.undo()


@action(
    "Redo",
    "Edit",
    ("Ctrl+Shift+Z", "Ctrl+Y"),
    icon="fa6s.rotate-right",
    why_not=nothing_to_redo,
    repeats=True,
)
def redo(window: Any) -> None:
    """Do again what was taken back."""
    window.document.redo()


@action("Cut", "Edit", "Ctrl+X", icon="fa6s.scissors", group=1, why_not=no_neurons)
def cut(window: Any) -> None:
    """Copy the selected neurons with their synapses, and delete them."""
    copy(window)
    delete(window)


@action("Copy", "Edit", "Ctrl+C", icon="fa6s.copy", group=1, why_not=no_neurons)
def copy(window: Any) -> None:
    """Copy the selected neurons with the synapses and inputs among them."""
    window.bench.copy()


@action("Paste", "Edit", "Ctrl+V", icon="fa6s.paste", group=1, why_not=nothing_copied)
def paste(window: Any) -> None:
    """Put in what was copied, a little to the side."""
    window.bench.paste(SHIFT)


@action("Duplicate", "Edit", "Ctrl+D", icon="fa6s.clone", group=1, why_not=no_neurons, words="clone again")
def duplicate(window: Any) -> None:
    """Copy and paste in one; again repeats the offset, wherever the last copy was moved to."""
    window.bench.duplicate(SHIFT)


@action(
    "Delete",
    "Edit",
    ("Delete", "Backspace"),
    icon="fa6s.trash",
    group=2,
    why_not=nothing_selected,
    words="remove",
)
def delete(window: Any) -> None:
    """Remove everything that is selected, with the synapses that hang on it."""
    edits = removals(window.selection, window.document.network)
    notes = set(window.selection.ids("note").tolist())
    if edits and not window.bench.do(Compound(tuple(edits), label_of(window))):
        return
    if notes:
        kept = [one for one in window.document.layout.get("notes", []) if one.get("id") not in notes]
        window.document.pin(kept, f"delete {counted(len(notes), 'note')}")
        window.middle.show_notes(window.document.layout)
    window.selection.clear()


def removals(selection: Any, net: Any) -> list[Edit]:
    """The edits that remove a selection, the dependent things first."""
    edits: list[Edit] = []
    for kind, removal in (("probe", RemoveProbe), ("input", RemoveInput), ("modulator", RemoveModulator)):
        edits += [removal(id) for id in selection.ids(kind).tolist()]
    if len(synapses := selection.ids("synapse")):
        edits.append(RemoveSynapses(synapses))
    edits += [RemoveProjection(id) for id in selection.ids("projection").tolist()]
    whole = [id for id in selection.ids("population").tolist() if id in net.populations]
    if len(neurons := selection.ids("neuron")):
        owners = net.population_of(neurons)
        for id in np.unique(owners[owners != 0]).tolist():
            if id not in whole and int((owners == id).sum()) == len(net.populations[id]):
                whole.append(id)  # nothing of it would be left
        rest = neurons[~np.isin(owners, whole)]
        if len(rest):
            edits.append(RemoveNeurons(rest))
    edits += [RemovePopulation(id) for id in whole]
    return edits


def label_of(window: Any) -> str:
    """What the undo of a deletion is called."""
    kinds = window.selection.kinds
    count = window.selection.count
    if len(kinds) == 1:
        return f"delete {counted(count, kinds[0])}"
    return f"delete {counted(count, 'thing')}"


@action("Rename", "Edit", "F2", icon="fa6s.i-cursor", group=2, why_not=nothing_selected)
def rename(window: Any) -> None:
    """Give what is selected another name, in the heading of its card."""
    window.rename_selected()
