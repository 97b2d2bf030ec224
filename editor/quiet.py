"""Silence: a run in which nothing has spiked for a while, so that the canvas can say so and offer an input.

Qt-free.  Wall time, not that of the circuit: it is the user who waits.
"""

from __future__ import annotations

import numpy as np

from editor.selection import Ids
from engine.live.frame import Frame
from engine.network.network import Network

PATIENCE = 2.0
"""Seconds of wall time without a spike."""
SAID = "Nothing has spiked for two seconds."
OFFERED = "Give it an input"


class Quiet:
    """Listens to the frames of a run."""

    def __init__(self) -> None:
        """Begin to listen."""
        self._since = float("inf")
        self._step = -1

    def hear(self, frame: Frame, now: float) -> bool:
        """Whether nothing has spiked for so long, by a frame that came at `now` (s)."""
        is_silent = frame.is_running and not len(frame.spikes_since(self._step))
        self._step = frame.step
        self._since = min(self._since, now) if is_silent else float("inf")
        return now - self._since >= PATIENCE

    def start_over(self) -> None:
        """Something was done about it: wait for as long again."""
        self._since = float("inf")


def without_input(net: Network) -> Ids:
    """The neurons that no synapse reaches, which must be driven from outside; all where each is reached."""
    cells = [one.neuron_ids for one in net.populations.values() if one.kind != "astrocyte"]
    every = np.concatenate([*cells, np.empty(0, np.int64)])
    reached = [one.synapses.post for one in net.projections.values()]
    alone = np.setdiff1d(every, np.concatenate([*reached, np.empty(0, np.int64)]))
    return alone if len(alone) else every
