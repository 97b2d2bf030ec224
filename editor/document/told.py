"""What the cards did to the synapses under the eye, as lines of the log: which card, when, by how much."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from editor.document.news import Line
from editor.drawing.next_drawn import label_of
from editor.inspector.meaning import unit_of

PERIOD = 0.5
"""Seconds of wall time of which the changes of one card at one synapse share a line."""


@dataclass
class _Sum:
    t: float
    change: float = 0.0
    count: int = 0


class Told:
    """Gathers what frames tell of single changes; `take` hands out lines now and then."""

    def __init__(self) -> None:
        self._sums: dict[tuple[int, str], _Sum] = {}
        self._step, self._t = -1, 0.0
        self._since = 0.0

    def take(self, frame: Any, network: Any) -> list[Line]:
        """Take in a frame; returns the lines that are due, in the order in which the changes came."""
        if frame.t < self._t:  # somebody went back in time
            self._sums, self._step = {}, round(frame.t / network.dt)
        self._t = frame.t
        for step, synapse, card, change in frame.told:
            if step > self._step:
                gathered = self._sums.setdefault((synapse, card), _Sum(step * network.dt))
                gathered.t, gathered.change = step * network.dt, gathered.change + change
                gathered.count += 1
        self._step = max((self._step, *(one[0] for one in frame.told)))
        if not self._sums or (frame.is_running and time.monotonic() - self._since < PERIOD):
            return []
        self._since = time.monotonic()
        lines = [_line(network, synapse, card, found) for (synapse, card), found in self._sums.items()]
        self._sums = {}
        return sorted((line for line in lines if line is not None), key=lambda line: line.t)


def _line(network: Any, synapse: int, card: str, found: _Sum) -> Line | None:
    owner = network.projections.get(int(network.projection_of([synapse])[0]))
    if owner is None:
        return None
    times = f" in {found.count} changes" if found.count > 1 else ""
    text = f"synapse {synapse}: {label_of(card)} {found.change:+.3g} {unit_of(network, owner)}{times}"
    return Line(found.t, text, (synapse,), "changed")
