"""Runs a protocol on one synapse: its two neurons, its rules and its glia, in a copy, and nothing else.

The circuit it is taken from is not touched.  Growth and pruning are left out: a synapse that is gone has no
strength to measure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine import registry
from engine.analysis.protocols.kinds import Protocol, Trial
from engine.errors import Cancelled, UsageError
from engine.network.edits import RemoveInput, RemoveProbe, RemoveSynapses, SetRules
from engine.network.network import Network
from engine.runtime.simulation import Simulation

LOOK = 2000.0
"""Milliseconds of a trial after which it is asked whether to go on."""


@dataclass(frozen=True)
class Outcome:
    """What one trial did: its place on the axis, the relative change of strength, and the curve."""

    x: float
    change: float
    series: str


def alone(net: Network, synapse: int) -> Network:
    """A copy in which only this synapse is left, with its two neurons free of every input.

    Raises:
        UsageError: there is no such synapse, or it joins a neuron to itself.
    """
    owner = int(net.projection_of([synapse])[0])
    if not owner:
        raise UsageError(f"there is no synapse {synapse}; select one")
    twin = net.copy()
    projection = twin.projections[owner]
    row = int(projection.synapses.rows([synapse])[0])
    if int(projection.synapses.pre[row]) == int(projection.synapses.post[row]):
        raise UsageError(
            "a protocol fires the two neurons of a synapse apart; this one joins a neuron to itself"
        )
    for id in list(twin.inputs):
        RemoveInput(id).apply(twin)
    for id in list(twin.probes):
        RemoveProbe(id).apply(twin)
    for other in list(twin.projections.values()):
        kept = tuple(use for use in other.rules if registry.find(use.slug, "rule").stage != "structure")
        if other.id == owner:
            SetRules(other.id, kept).apply(twin)
        ids = other.synapses.id
        gone = ids[ids != synapse]
        if gone.size:
            RemoveSynapses(gone).apply(twin)
    return twin


def induce(
    net: Network,
    synapse: int,
    protocol: Protocol,
    told: Callable[[float, list[Outcome]], bool] | None = None,
) -> list[Outcome]:
    """The outcome of every trial of a protocol on a synapse of `net`, each from the synapse as it now is.

    `told(share, outcomes so far)` is called as it goes on; it returns whether to go on.

    Raises:
        UsageError: the synapse cannot be used.
        Cancelled: `told` said no.
    """
    twin = alone(net, synapse)
    trials = protocol.trials()
    cost = np.cumsum([0.0, *(trial.lasts for trial in trials)])
    found: list[Outcome] = []

    def go_on(before: float, within: float = 0.0) -> None:
        if told is not None and not told(float((before + within) / cost[-1]), list(found)):
            raise Cancelled("the protocol was stopped")

    own = twin.slow
    for place, trial in enumerate(trials):
        twin.slow = trial.pace or own
        change = _one(twin, synapse, trial, partial(go_on, float(cost[place])))
        found.append(Outcome(trial.x, change, trial.series))
        go_on(float(cost[place + 1]))
    return found


def _one(net: Network, synapse: int, trial: Trial, go_on: Callable[[float], None]) -> float:
    """The relative change of strength in one trial."""
    projection = net.projections[int(net.projection_of([synapse])[0])]
    row = int(projection.synapses.rows([synapse])[0])
    pre, post = int(projection.synapses.pre[row]), int(projection.synapses.post[row])
    delay = float(projection.synapses.delay[row])
    dendrite = round(delay * projection.dendritic / net.dt) * net.dt
    events = [(t - (delay - dendrite), pre) for t in trial.pre] + [(t - dendrite, post) for t in trial.post]
    shift = max(0.0, net.dt - min((t for t, _ in events), default=net.dt))
    steps: dict[int, list[int]] = {}
    for t, neuron in events:
        steps.setdefault(max(1, round((t + shift) / net.dt)), []).append(neuron)
    sim = Simulation(net)
    if trial.silent:
        sim.poke("silence", [pre, post])

    def run_to(step: int) -> None:
        while sim.step < step:
            sim.advance(min(step, (sim.step // often + 1) * often) - sim.step)
            if sim.step % often == 0:
                go_on(sim.t)

    often = max(1, round(LOOK / net.dt))
    begins = round((trial.begins + shift) / net.dt) if trial.begins else 0
    start = _strength(sim, projection.id)
    for step in sorted({*steps, begins}):
        if step == begins:
            run_to(begins)
            start = _strength(sim, projection.id)
        if step in steps:
            run_to(step - 1)
            sim.poke("fire", steps[step])
    run_to(max([*steps, round(trial.lasts / net.dt)]))
    return _strength(sim, projection.id) / start - 1.0 if start else float("nan")


def _strength(sim: Simulation, projection: int) -> float:
    """The magnitude of the one synapse of a projection."""
    return float(abs(sim.synapses(projection)["weight"][0]))
