"""What a live session asks of a simulation, written down so that a toy can stand in for it in a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from engine.live.frame import SPIKE
from engine.live.messages import State


class Simulating(Protocol):
    """A simulation as `engine.runtime.simulation` offers it; one thread uses it at a time.

    `prepare` is optional: it returns None for an edit that is quick, else something with `work()` (called
    on a helper thread), `swap()` (called between blocks, returns the inverse) and `retire()` (off-thread).
    So are `recorder`, whose `forget_before(step)` drops what has been read already, and `look_at(ids)` with
    `told()`, which say what each card did to the synapses under the user's eye.
    """

    dt: float
    base: Any
    """The network being run: its populations and projections are as they are now, its weights may lag."""

    @property
    def network(self) -> Any:
        """A copy of the network as it now is: grown, pruned, with the weights it learned; takes a while."""

    @property
    def step(self) -> int:
        """Whole steps since t = 0."""

    @property
    def t(self) -> float:
        """Biological time, ms."""

    def advance(self, steps: int) -> Any:
        """Run whole steps; raises `engine.errors.Unstable`."""

    def apply(self, edit: Any) -> Any:
        """Change the network and the run between blocks, return the inverse; raises EditRefused."""

    def poke(self, kind: str, ids: Any) -> Any:
        """Fire, silence or release by hand."""

    def capture(self) -> State:
        """Everything the run is doing, as named arrays of its own."""

    def restore(self, state: State) -> Any:
        """Continue from a capture of this network."""

    def sync(self) -> Any:
        """Bring the tables of `base` up to what the run did to them."""

    def drain_changes(self) -> Sequence[Any]:
        """Synapses grown and pruned since the last call, each with its `kind`, "grown" or "pruned"."""

    def spikes_since(self, step: int) -> tuple[Any, Any]:
        """Spikes after `step`: their steps and their neuron ids."""

    def record(self, probe: int) -> Any:
        """What a probe saw: a structured array with step, t, id and value."""

    def weights(self, projection: int) -> tuple[Any, Any]:
        """Synapse ids and weights now, computed without committing anything."""

    def neuron_view(self) -> tuple[Any, Any]:
        """Neuron ids, and the membrane potential of each from 0 (rest) to 1 (threshold)."""

    def quantities(self, name: str) -> Any:
        """A quantity such as "calcium"."""

    def credit(self) -> Any:
        """By projection: what each card of the stack contributed."""


Make = Callable[..., Any]
"""`make(network, state=None)` builds a simulation.

It may also have `bare(network)`, which gives a `Bare` when rules have to be compiled first.
"""


@dataclass(frozen=True)
class Bare:
    """A circuit that can run at once, because the rules that must be compiled first are left out.

    `undress` is the edit that left them out, `dress` the one that puts them back.
    """

    network: Any
    undress: Any
    dress: Any


def spikes_since(simulation: Simulating, step: int) -> Any:
    """The spikes after `step` as one array of (step, id), sorted by both."""
    when, ids = simulation.spikes_since(step)
    spikes = np.empty(len(when), SPIKE)
    spikes["step"], spikes["id"] = when, ids
    spikes.sort(order=("step", "id"))
    return spikes


def weights_of(simulation: Simulating, projection: int) -> tuple[Any, Any]:
    """Synapse ids and weights of a projection now; gap junctions have those of the network."""
    try:
        return simulation.weights(projection)
    except KeyError:
        table = simulation.base.projections[projection].synapses
        return table.id, table.weight


def forget_before(simulation: Simulating, step: int) -> None:
    """Let a simulation drop recordings up to `step`, which have been read."""
    recorder = getattr(simulation, "recorder", None)
    if recorder is not None:
        recorder.forget_before(step)
