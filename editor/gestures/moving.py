"""Dragging neurons to another place: one step of the history, however far they went."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.canvas.pointer import Pointer
from editor.gestures.taken import Taken
from engine.network.edits import MoveNeurons


class Move(Taken):
    """Neurons under the hand; the circuit learns of it when they are let go."""

    def __init__(self, bench: Any, canvas: Any, start: Pointer) -> None:
        super().__init__(bench, canvas, start)
        chosen = bench.neurons()
        self.ids = chosen if np.isin(start.pick.id, chosen) else np.array([start.pick.id], np.int64)
        self.at = bench.network.positions_of(self.ids)

    def _moved(self, pointer: Pointer) -> Any:
        at = self.at.copy()
        at[:, 0] += pointer.um[0] - self.start.um[0]
        at[:, 1] += pointer.um[1] - self.start.um[1]
        return at

    def move(self, pointer: Pointer) -> None:
        """Show where they would be."""
        if self.has_moved(pointer):
            self.canvas.items.ghosts = self._moved(pointer)[:, :2]
            self.canvas.touch()

    def end(self, pointer: Pointer) -> None:
        """Put them down there."""
        self.canvas.items.clear()
        self.is_over = True
        if self.has_moved(pointer):
            self.bench.do(MoveNeurons(self.ids, self._moved(pointer)))
