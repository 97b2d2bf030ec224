"""What a change of structure saves and what it costs: synapses, power, wire and how well a task is done.

A circuit is run as it stands, nothing learning, and its activity is paid for in tissue; the same circuit with
as many synapses removed at random is the control that tells pruning from luck.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.analysis.energy import ATP_IN_J, biology
from engine.analysis.ledger import accounts
from engine.network.network import Network
from engine.runtime.forming import distance
from engine.runtime.simulation import Simulation

Performance = Callable[[Simulation], float]


@dataclass(frozen=True)
class Efficiency:
    """One circuit in four numbers."""

    synapses: int
    watts: float
    """What spikes and vesicles cost per second (W); resting cells cost the same whatever the synapses."""
    wire: float
    """Lengths of all synapses together, straight from soma to soma (um)."""
    performance: float
    """How well the task is done, in the task's own measure."""

    @property
    def per_watt(self) -> float:
        """Performance for the power it takes."""
        return self.performance / self.watts if self.watts > 0.0 else float("inf")


def wire(net: Network) -> float:
    """Lengths of all synapses together (um)."""
    total = 0.0
    for projection in net.projections.values():
        table = projection.synapses
        ends = []
        for side, ids in ((projection.pre, table.pre), (projection.post, table.post)):
            population = net.populations[side]
            ends.append(population.positions[population.rows(ids)])
        total += float(distance(ends[0], ends[1]).sum()) if len(table) else 0.0
    return total


def efficiency(net: Network, seconds: float, performance: Performance) -> Efficiency:
    """Run a copy of the network, frozen, for so many seconds of biological time, and take its measure."""
    still = net.copy()
    for id in still.projections:
        still.set(id, frozen=True)
    sim = Simulation(still)
    sim.run(1000.0 * seconds)
    spent = biology(accounts.activity(still, sim.tally))
    return Efficiency(
        synapses=sum(len(p.synapses) for p in still.projections.values()),
        watts=spent.dynamic * ATP_IN_J.value / seconds,
        wire=wire(still),
        performance=float(performance(sim)),
    )


def pruned_at_random(net: Network, projection: Any, many: int, seed: int = 0) -> Network:
    """A copy of the network in which so many synapses of one projection, picked by lot, are gone."""
    left = net.copy()
    ids = np.sort(np.asarray(left.projections[int(getattr(projection, "id", projection))].synapses.id))
    gone = np.random.default_rng(seed).choice(ids, min(many, ids.size), replace=False)
    left.remove(gone)
    return left


def before_and_after(
    before: Network, after: Network, projection: Any, seconds: float, performance: Performance, seed: int = 0
) -> dict[str, Efficiency]:
    """A circuit before and after pruning, and the one before with as many synapses removed at random."""
    id = int(getattr(projection, "id", projection))
    many = len(before.projections[id].synapses) - len(after.projections[id].synapses)
    control = pruned_at_random(before, id, max(many, 0), seed)
    circuits = {"before": before, "after": after, "at random": control}
    return {name: efficiency(net, seconds, performance) for name, net in circuits.items()}
