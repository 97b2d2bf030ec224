"""Silence: a run in which nothing has spiked for a while, so that the canvas can say so and offer a way on.

Qt-free.  It is the user who waits, so wall time counts first.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from editor.selection import Ids
from editor.transport.timeline import clock
from engine import registry
from engine.live.frame import Frame
from engine.network.network import Network

PATIENCE = 2.0
"""Seconds without a spike: those the user waits, and where something drives the circuit its own as well."""
SAID = "Nothing has spiked for two seconds."
GIVE = ("input", "Give it an input")
AGAIN = ("again", "Play it again")


class Quiet:
    """Listens to the frames of a run."""

    def __init__(self) -> None:
        """Begin to listen."""
        self._since = float("inf")
        self._step = -1
        self._last: float | None = None
        """When something spiked last, ms."""

    def hear(self, frame: Frame, now: float, net: Network) -> tuple[str, tuple[str, str]] | None:
        """What to say of a silence and what to offer, by a frame that came at `now` (s); None for nothing."""
        if frame.step < self._step:
            self._last = None
        new = frame.spikes_since(self._step)
        self._step = frame.step
        if len(new):
            self._last = float(new["step"].max()) * net.dt
        is_silent = frame.is_running and not len(new)
        self._since = min(self._since, now) if is_silent else float("inf")
        if now - self._since < PATIENCE or not can_spike(net):
            return None
        if net.inputs and frame.t - (self._last or 0.0) < 1000.0 * PATIENCE:
            return None  # a circuit that is driven may rest: in slow motion two seconds are nothing to it
        if self._last is None:
            return SAID, GIVE
        return f"Nothing has spiked since {clock(self._last)}.", AGAIN if net.inputs else GIVE

    def start_over(self) -> None:
        """Something was done about it: wait for as long again."""
        self._since = float("inf")


def can_spike(net: Network) -> bool:
    """Whether there is a neuron that spikes: neurons of rates never do."""
    models = {one.model for one in net.populations.values() if one.kind == "neuron"}
    return any(_spikes(model) for model in models)


@cache
def _spikes(model: str) -> bool:
    return not registry.knows(model, "neuron") or registry.find(model, "neuron").spikes()


def without_input(net: Network) -> Ids:
    """The neurons that no synapse reaches, which must be driven from outside; all where each is reached."""
    cells = [one.neuron_ids for one in net.populations.values() if one.kind != "astrocyte"]
    every = np.concatenate([*cells, np.empty(0, np.int64)])
    reached = [one.synapses.post for one in net.projections.values()]
    alone = np.setdiff1d(every, np.concatenate([*reached, np.empty(0, np.int64)]))
    return alone if len(alone) else every
