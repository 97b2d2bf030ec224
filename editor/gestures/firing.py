"""Firing neurons by hand: a click on the lightning handle, or X; holding repeats."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QTimer

from editor.canvas.pointer import Pointer
from editor.gestures.taken import Taken

EVERY = 180
"""ms of wall time between two spikes while the handle is held."""


def fire(bench: Any, neurons: Any) -> None:
    """Make neurons spike at the next step; a circuit that stands still begins to run."""
    ids = np.asarray(neurons, np.int64)
    if not ids.size:
        return
    document = bench.document
    document.poke("fire", ids)
    if not document.is_running:
        document.play()


def meant(bench: Any, neuron: int) -> Any:
    """The neurons the handle of one means: all that are selected when it is one of them."""
    chosen = bench.neurons()
    return chosen if np.isin(neuron, chosen) else np.array([neuron], np.int64)


class Fire(Taken):
    """The lightning handle, or X, under the finger: its neurons fire now, and again while it is held."""

    def __init__(self, bench: Any, canvas: Any, start: Pointer, neurons: Any, handle: str = "") -> None:
        super().__init__(bench, canvas, start)
        self.neurons = neurons
        canvas.items.pressed_handle = handle.partition(":")[0]
        canvas.touch()
        self._again = QTimer(canvas)
        self._again.setInterval(EVERY)
        self._again.timeout.connect(self._fire)
        self._again.start()
        self._fire()

    def _fire(self) -> None:
        fire(self.bench, self.neurons)

    def end(self, pointer: Pointer) -> None:
        """Let go."""
        self._stop()
        self.is_over = True

    def cancel(self) -> None:
        """Let go."""
        self._stop()
        super().cancel()

    def _stop(self) -> None:
        self._again.stop()
        self._again.deleteLater()
        self.canvas.items.pressed_handle = ""
        self.canvas.touch()
