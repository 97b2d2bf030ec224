"""What a change of structure saves and what it costs: synapses, power, wire and how well a task is done.

A circuit is run as it stands, nothing learning, and its activity is paid for in tissue; the same circuit with
as many synapses removed at random is the control that tells pruning from luck.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from math import nan

import numpy as np

from engine.analysis.energy import ATP_IN_J, biology
from engine.analysis.ledger import accounts
from engine.errors import Cancelled
from engine.network.network import Network
from engine.runtime.forming import distance
from engine.runtime.simulation import Simulation
from engine.runtime.training.training import Training

Performance = Callable[[Simulation], float]
"""How well a circuit that has run does its task, in the task's own measure."""
Told = Callable[[float], bool]
"""Told the share that is done; says whether anybody still wants to know."""
BEFORE, AFTER, CHANCE = "before", "after", "at random"
LOTS = 5
"""How often the control is drawn; what is said of it is the mean."""


@dataclass(frozen=True)
class Efficiency:
    """One circuit in four numbers."""

    synapses: float
    watts: float
    """What spikes and vesicles cost per second (W); resting cells cost the same whatever the synapses."""
    wire: float
    """Lengths of all synapses together, straight from soma to soma (um)."""
    performance: float
    """How well the task is done, in the task's own measure; NaN where the circuit has none."""

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


def examined(sim: Simulation) -> float:
    """Share of the test of its task that a network answers right, by its first learner."""
    net = sim.network
    learner = next((record.id for record in net.learners.values() if record.enabled), None)
    if not net.tasks or learner is None:
        return nan
    return float(Training(net, learner=learner).answers().right)


def wanted(share: float) -> bool:
    """Whoever is told goes on."""
    return True


def efficiency(
    net: Network, seconds: float, performance: Performance = examined, told: Told = wanted
) -> Efficiency:
    """Run a copy of the network, frozen, for so many seconds of biological time, and take its measure.

    Raises:
        Cancelled: whoever is told no longer wants to know.
    """
    still = net.copy()
    for id in still.projections:
        still.set(id, frozen=True)
    sim = Simulation(still)

    def tell(share: float) -> None:
        if not told(share):
            raise Cancelled("nobody wants to know any more")

    tell(0.0)
    sim.run(1000.0 * seconds, progress=tell)
    spent = biology(accounts.activity(still, sim.tally))
    return Efficiency(
        synapses=sum(len(p.synapses) for p in still.projections.values()),
        watts=spent.dynamic * ATP_IN_J.value / seconds,
        wire=wire(still),
        performance=float(performance(sim)),
    )


def lost(before: Network, after: Network) -> dict[int, int]:
    """How many synapses each projection has less than before; those that have no fewer are left out."""
    had = {id: len(each.synapses) for id, each in before.projections.items()}
    has = {id: len(each.synapses) for id, each in after.projections.items()}
    return {id: n - has.get(id, 0) for id, n in had.items() if n > has.get(id, 0)}


def pruned_at_random(net: Network, many: Mapping[int, int], seed: int = 0) -> Network:
    """A copy of the network in which so many synapses of each projection, picked by lot, are gone."""
    left = net.copy()
    luck = np.random.default_rng(seed)
    for projection, count in sorted(many.items()):
        ids = np.sort(np.asarray(left.projections[projection].synapses.id))
        left.remove(luck.choice(ids, min(count, ids.size), replace=False))
    return left


def before_and_after(
    before: Network,
    after: Network,
    seconds: float,
    performance: Performance = examined,
    *,
    seed: int = 0,
    lots: int = LOTS,
    told: Told = wanted,
) -> dict[str, Efficiency]:
    """A circuit before and after pruning, and the one before with as many synapses removed at random.

    The control is left out where no synapse was lost.

    Raises:
        Cancelled: whoever is told no longer wants to know.
    """
    many = lost(before, after)
    drawn = [pruned_at_random(before, many, seed + k) for k in range(lots)] if many else []
    circuits = [before, after, *drawn]

    def told_of(k: int) -> Told:
        return lambda share: told((k + share) / len(circuits))

    found = [efficiency(net, seconds, performance, told_of(k)) for k, net in enumerate(circuits)]
    answer = {BEFORE: found[0], AFTER: found[1]}
    if drawn:
        means = np.mean([astuple(one) for one in found[2:]], axis=0)
        answer[CHANCE] = Efficiency(*(float(mean) for mean in means))
    return answer
