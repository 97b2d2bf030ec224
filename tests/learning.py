"""Layered networks for the tests of learners, all to all, with the feedback a learner wants.

Of rate units; for a learner that lets neurons run, of relays, spiking neurons and a readout.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import Network, registry
from engine.network.teaching import lacks
from engine.runtime.training import Training


def layered(
    sizes: list[int],
    task: str = "xor",
    learner: str = "backprop",
    *,
    seed: int = 1,
    output: str = "logistic",
    hidden: str = "logistic",
    spread: float | None = None,
    feedback: Any = None,
    params: dict[str, Any] | None = None,
    of_task: dict[str, Any] | None = None,
    biased: bool = True,
    lists: dict[str, Any] | None = None,
) -> Network:
    """A network of these sizes; `feedback` is "mirror", "direct" or weights as `wire` takes them.

    Weights and biases are uniform within `spread`, or normal with the variance 1 / fan-in where it is None.
    """
    net = Network(seed=seed)
    luck = np.random.default_rng(seed)
    pops = []
    lives = alive(learner)
    for k, n in enumerate(sizes):
        if lives:
            model = "relay" if not k else lives[k == len(sizes) - 1]
            pops.append(net.add_population(f"L{k}", model, size=n, sign=0))
            continue
        own: dict[str, Any] = {"curve": output if k == len(sizes) - 1 else hidden}
        if k and biased and spread is not None:
            own["bias"] = luck.uniform(-spread, spread, n)
        pops.append(net.add_population(f"L{k}", "rate_unit", size=n, sign=0, params=own))
    ways = []
    for k in range(len(sizes) - 1):
        way = net.add_projection(f"W{k + 1}", pops[k], pops[k + 1])
        size = sizes[k] * sizes[k + 1]
        weight = (
            luck.normal(0, sizes[k] ** -0.5, size) if spread is None else luck.uniform(-spread, spread, size)
        )
        net.wire(way, "all_to_all", weight=weight)
        ways.append(way)
    for k, way in enumerate(ways[1:], 1):
        if feedback == "direct":
            back = net.add_projection(f"B{k}", pops[-1], pops[k])
            net.wire(back, "all_to_all", weight=luck.normal(0, sizes[-1] ** -0.5, sizes[-1] * sizes[k]))
        elif feedback is not None:
            net.add_feedback(way, weight=None if feedback == "mirror" else feedback, label=f"B{k}")
    net.add_task("Task", task, pops[0], pops[-1], of_task, lists)
    net.set_learner(learner, params)
    return net


def alive(learner: str) -> tuple[str, str] | None:
    """The neurons between and the target neurons of a learner that lets them run; None for the others."""
    model = registry.find(learner, "learner")
    if not model.runs:
        return None
    fitting = [own for own in registry.all("neuron") if own.in_time and not lacks(own, model)]
    spikes = next(own.slug for own in fitting if "x" not in own.in_time)
    return spikes, next((own.slug for own in fitting if "x" in own.in_time), spikes)


def solved(
    sizes: list[int], task: str, learner: str, seeds: range, most: int, **rest: Any
) -> list[int | None]:
    """The epoch in which each seed met the criterion, None where none did."""
    found: list[int | None] = []
    for seed in seeds:
        training = Training(layered(sizes, task, learner, seed=seed, **rest)).run(most, until=True)
        found.append(training.epoch if training.is_learned() else None)
    return found
