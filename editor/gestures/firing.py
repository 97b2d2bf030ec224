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


class Fire(Taken):
    """The lightning handle under the finger."""

    def __init__(self, bench: Any, canvas: Any, start: Pointer, neuron: int) -> None:
        super().__init__(bench, canvas, start)
        chosen = bench.neurons()
        self.neurons = chosen if np.isin(neuron, chosen) else np.array([neuron], np.int64)
        canvas.items.pressed_handle = f"fire:{neuron}"
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
