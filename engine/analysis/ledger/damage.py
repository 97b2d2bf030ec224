"""The same damage for everybody: lesion a share of the units, cut the teaching signal, or delay it.

Each is an edit, so it happens to a running circuit, is undone like any other, and stands in the log.
"""

from __future__ import annotations

import numpy as np

from engine import registry
from engine.counting import counted
from engine.errors import EditRefused, UsageError
from engine.network.edits import Compound, Edit, RemoveNeurons, SetParams
from engine.network.network import Network


def lesion(net: Network, share: float = 0.1, seed: int = 0) -> Edit:
    """Remove a share of the units that synapses reach, drawn at random; the same seed draws the same ones.

    The input and target neurons of tasks are spared: without them there would be no task to do any more, and
    what is compared is how the rest bears it.

    Raises:
        UsageError: the share is not between 0 and 1.
        EditRefused: no neuron receives a synapse, or all that do belong to a task.
    """
    if not 0.0 < share < 1.0:
        raise UsageError(f"a lesion of {share:g}; the share must lie between 0 and 1, such as 0.1")
    reached = np.unique(
        np.concatenate([np.zeros(0, np.int64), *(p.synapses.post for p in net.projections.values())])
    )
    if not reached.size:
        raise EditRefused("there is nothing to lesion: no synapse reaches a neuron; draw some first")
    shown = {id for task in net.tasks.values() for id in (task.inputs, task.outputs)}
    reached = reached[~np.isin(net.population_of(reached), [id for id in shown if id is not None])]
    if not reached.size:
        raise EditRefused(
            "there is nothing to lesion: every neuron that synapses reach is input or target of a task, "
            "and those are spared; draw neurons between them first"
        )
    count = max(1, round(share * reached.size))
    drawn = np.random.Generator(np.random.Philox(key=[seed, 0x1E5])).choice(reached, count, replace=False)
    return Compound((RemoveNeurons(np.sort(drawn)),), f"lesion of {counted(count, 'neuron')}")


def mute_teachers(net: Network) -> Edit:
    """Let every modulator release nothing from now on, and no target reach a learner.

    Raises:
        EditRefused: neither modulator nor learner is there to be taught by.
    """
    edits: list[Edit] = [SetParams(np.array([id]), {"teacher": "cut"}) for id in net.learners]
    edits += [
        SetParams(np.array([modulator.id]), {"amount": 0.0})
        for modulator in net.modulators.values()
        if "amount" in registry.find(modulator.model, "modulator").params
    ]
    if not edits:
        raise EditRefused("there is no teaching signal to cut: the circuit has no modulator and no learner")
    return Compound(tuple(edits), "cut of the teaching signal")


def delay_teachers(net: Network, by: float, patterns: int = 1) -> Edit:
    """Let every modulator arrive `by` ms later than now, and every target of a learner so many `patterns`.

    Raises:
        EditRefused: neither modulator nor learner is there to be taught by.
    """
    if not net.modulators and not net.learners:
        raise EditRefused("there is no teaching signal to delay: the circuit has no modulator and no learner")
    edits = [SetParams(np.array([m.id]), {"delay": m.delay + by}) for m in net.modulators.values()]
    for id, learner in net.learners.items():
        edits.append(SetParams(np.array([id]), {"late": float(learner.params.get("late", 0.0)) + patterns}))
    return Compound(tuple(edits), "delay of the teaching signal")
