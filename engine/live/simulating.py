"""What a live session asks of a simulation, written down so that a toy can stand in for it in a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from engine.live.messages import State


class Simulating(Protocol):
    """A simulation as `engine.runtime.simulation` offers it; one thread uses it at a time.

    `prepare` is optional: it returns None for an edit that is quick, else something with `work()` (called
    on a helper thread), `swap()` (called between blocks, returns the inverse) and `retire()` (off-thread).
    """

    dt: float

    @property
    def network(self) -> Any:
        """The network as it now is, grown and pruned."""

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

    def preview(self, edit: Any) -> Any:
        """Try values without recording them."""

    def poke(self, kind: str, ids: Any) -> Any:
        """Fire, silence or release by hand."""

    def capture(self) -> State:
        """Everything the run is doing, as named arrays of its own."""

    def restore(self, state: State) -> Any:
        """Continue from a capture of this network."""

    def drain_changes(self) -> Sequence[Any]:
        """Synapses grown and pruned since the last call; those grown have a `pre`."""

    def spikes_since(self, step: int) -> Any:
        """Spikes after `step`: a structured array with `step` and `id`."""

    def weights(self, projection: int) -> tuple[Any, Any]:
        """Synapse ids and weights now, computed without committing anything."""

    def neuron_view(self) -> tuple[Any, Any]:
        """Neuron ids, and the membrane potential of each from 0 (rest) to 1 (threshold)."""

    def quantities(self, name: str) -> Any:
        """A quantity such as "calcium"."""

    def credit(self) -> Any:
        """By projection: what each card of the stack contributed."""


Make = Callable[..., Any]
"""`make(network, state=None)` builds a simulation."""


def simulate(threads: int = 1) -> Make:
    """The real simulation, imported only when somebody runs something."""

    def make(network: Any, state: State | None = None) -> Any:
        from engine.runtime.simulation import Simulation

        return Simulation(network, threads=threads, state=state)

    return make
