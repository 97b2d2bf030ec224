"""Clicking, framing and lassoing: what is selected."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.canvas.pointer import Pointer
from editor.gestures.taken import Taken
from editor.selection import Selection


def click(selection: Selection, pointer: Pointer) -> None:
    """Select what is under the pointer; with Shift, as well or no longer; on nothing, nothing."""
    kind, _, id = pointer.hit.partition(":")
    if kind in ("input", "probe", "note") and id:
        found = {kind: [int(id)]}
    elif pointer.pick.kind in ("neuron", "astrocyte"):
        found = {"neuron": [pointer.pick.id]}
    elif pointer.pick.kind == "synapse":
        found = {"synapse": [pointer.pick.id]}
    else:
        if not pointer.shift:
            selection.clear()
        return
    for kind, ids in found.items():
        if pointer.shift:
            selection.toggle(kind, ids)
        else:
            selection.choose(**{kind: ids})


class Frame(Taken):
    """A rubber band, or with Ctrl a lasso, which also takes the synapses its line crosses."""

    def __init__(self, bench: Any, canvas: Any, start: Pointer, *, is_lasso: bool = False) -> None:
        super().__init__(bench, canvas, start)
        self.is_lasso = is_lasso
        self.path = [start.at]

    def move(self, pointer: Pointer) -> None:
        """Draw it as far as it goes, and say what it holds."""
        items = self.canvas.items
        if self.is_lasso:
            self.path.append(pointer.at)
            items.lasso = list(self.path)
        else:
            items.band = (self.start.at, pointer.at)
        self.canvas.touch()

    def inside(self, pointer: Pointer) -> dict[str, Any]:
        """Ids of what it holds, by kind."""
        if self.is_lasso:
            if len(self.path) < 3:
                return {}
            return self.canvas.within(np.array(self.path), is_lasso=True)  # type: ignore[no-any-return]
        return self.canvas.within_rect(self.start.at, pointer.at)  # type: ignore[no-any-return]

    def end(self, pointer: Pointer) -> None:
        """Select what is inside; with Shift, as well."""
        found = self.inside(pointer) if self.has_moved(pointer) else {}
        self.canvas.items.clear()
        self.is_over = True
        cells = np.concatenate(
            [found.get("neuron", np.zeros(0, np.int64)), found.get("astrocyte", np.zeros(0, np.int64))]
        )
        synapses = found.get("synapse", np.zeros(0, np.int64))
        selection = self.bench.selection
        if self.start.shift or pointer.shift:
            selection.add("neuron", cells)
            selection.add("synapse", synapses)
        else:
            selection.choose(neuron=cells, synapse=synapses)
