"""A circuit before and after being weighed beside the window: how far that is, what came out, how to stop it.

Qt-free; whoever began it looks at it a few times a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan

from editor.aside import Aside
from editor.document.history import Side
from engine.analysis.efficiency import Efficiency, Performance, before_and_after, examined
from engine.errors import NeuropilError
from engine.network.network import Network
from engine.runtime.simulation import Simulation

SECONDS = 2.0
"""Biological seconds each circuit is run for."""
TEST = "Share of the test of its task that it answers right."


@dataclass(frozen=True)
class Measure:
    """How well a circuit does its task: a sentence, and the function of a simulation that has run."""

    says: str = TEST
    of: Performance = examined

    def __call__(self, sim: Simulation) -> float:
        """The measure; NaN where the circuit was changed so much that it means nothing."""
        try:
            return self.of(sim)
        except (NeuropilError, LookupError, ValueError):
            return nan


@dataclass(frozen=True)
class Weighed:
    """News for the ledger: the moments compared (ms), how far it is, and what came out."""

    before: float
    after: float | None = None
    share: float | None = None
    """How much is done, while it is being done."""
    found: Mapping[str, Efficiency] = field(default_factory=dict)
    says: str = TEST


class Weighing(Aside):
    """Before, after and the control."""

    stopped = "the comparison was stopped"

    def __init__(self, before: Side, after: Side, measure: Measure) -> None:
        super().__init__("neuropil-weighing")
        self.before, self.after, self.measure = before, after, measure
        self.found: dict[str, Efficiency] = {}
        self._start()

    def news(self) -> Weighed:
        """How far it is."""
        share = None if self.is_done else self.share
        return Weighed(self.before.t, self.after.t, share, self.found, self.measure.says)

    def work(self) -> None:
        self.found = before_and_after(
            learned(self.before), learned(self.after), SECONDS, self.measure, told=self._told
        )


def learned(side: Side) -> Network:
    """The network of a moment, with what its run had grown, pruned and learned by then."""
    if side.state is None or "training/where" in side.state:
        kept: Network = side.network
        return kept
    return Simulation(side.network, state=side.state).network
