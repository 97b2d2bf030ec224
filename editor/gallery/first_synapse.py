"""Your first synapse: six steps on the live canvas, each of which passes when it is done.

No Qt.  The tour only looks: it is shown the network and the frames, and never changes either, so whatever
route the user takes (mouse, menu, keyboard) counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

STRENGTHENED = 0.005
"""By which share a weight must have risen to be called strengthened."""


@dataclass(frozen=True)
class Step:
    """One thing to do: a title, how to do it, what happens when it is done."""

    title: str
    how: str
    praise: str
    is_done: Callable[[Tour], bool]


class Tour:
    """The state of the guided tour; call `look` on every change and every frame."""

    def __init__(self) -> None:
        self.place = 0
        """Which step is next; equals `len(STEPS)` when all are done."""
        self.neurons = 0
        self.wired: tuple[int, int] | None = None
        """Pre and post neuron of the first synapse."""
        self.synapse: int | None = None
        self.is_running = False
        self.pre_fired = 0
        self.post_fired = 0
        self.first_weight = 0.0
        self.weight = 0.0
        self._step = -1

    @property
    def step(self) -> Step | None:
        """The step to do now, or None when the tour is over."""
        return STEPS[self.place] if self.place < len(STEPS) else None

    @property
    def is_over(self) -> bool:
        """Whether every step is done."""
        return self.place >= len(STEPS)

    def look(self, network: Any, frame: Any = None) -> bool:
        """Take in how things are; returns whether a step passed just now."""
        self._look_at_network(network)
        if frame is not None:
            self._look_at_frame(frame)
        before = self.place
        while not self.is_over and STEPS[self.place].is_done(self):
            self.place += 1
        return self.place > before

    def skip(self) -> None:
        """Go on without doing this step."""
        self.place = min(self.place + 1, len(STEPS))

    def _look_at_network(self, network: Any) -> None:
        self.neurons = sum(len(p.neuron_ids) for p in network.populations.values() if p.kind == "neuron")
        if self.synapse is not None and not any(
            self.synapse in p.synapses for p in network.projections.values()
        ):
            self.synapse = self.wired = None  # it was deleted or undone: wire another
        if self.synapse is None:
            for projection in network.projections.values():
                table = projection.synapses
                other = np.flatnonzero(table.pre != table.post)
                if len(other):
                    row = other[0]
                    self.synapse = int(table.id[row])
                    self.wired = int(table.pre[row]), int(table.post[row])
                    self.first_weight = self.weight = abs(float(table.weight[row]))
                    self.pre_fired = self.post_fired = 0
                    break

    def _look_at_frame(self, frame: Any) -> None:
        self.is_running = bool(frame.is_running)
        if frame.step < self._step:
            self._step = frame.step
        if self.wired is not None:
            fresh = frame.spikes_since(self._step)["id"]
            self.pre_fired += int((fresh == self.wired[0]).sum())
            self.post_fired += int((fresh == self.wired[1]).sum())
            for ids, weights in frame.weights.values():
                row = np.flatnonzero(ids == self.synapse)
                if len(row):
                    self.weight = abs(float(weights[row[0]]))
        self._step = max(self._step, frame.step)

    @property
    def gain(self) -> float:
        """By which share the first synapse is stronger than it was."""
        return self.weight / self.first_weight - 1.0 if self.first_weight > 0 else 0.0


STEPS = (
    Step(
        "Place a neuron",
        "Double-click the canvas, or drag the first card of the palette onto it.",
        "A neuron: its disc fills as it nears its threshold.",
        lambda tour: tour.neurons >= 1,
    ),
    Step(
        "Place a second one",
        "Anywhere to the right of the first.",
        "Two neurons that know nothing of each other.",
        lambda tour: tour.neurons >= 2,
    ),
    Step(
        "Wire them",
        "Hover over the first neuron; drag the handle that appears to the second.",
        "A synapse. It carries pair STDP: it will change with what the two neurons do.",
        lambda tour: tour.synapse is not None,
    ),
    Step(
        "Press play",
        "The space bar, or the button below the canvas.",
        "Time runs. Nothing fires yet: nobody has given a reason.",
        lambda tour: tour.is_running,
    ),
    Step(
        "Fire the first neuron",
        "Point at it and press X a few times, or click its lightning handle.",
        "Three spikes in a row fire the neuron it was wired to.",
        lambda tour: tour.pre_fired >= 1 and tour.post_fired >= 1,
    ),
    Step(
        "Watch it strengthen",
        "Keep firing the first neuron, and look at the synapse: a warm halo, a wider line.",
        "Pre before post: the synapse is stronger. That is learning, and Ctrl+Z takes any of it back.",
        lambda tour: tour.gain > STRENGTHENED,
    ),
)
"""The tour, in order."""
