"""One word, two things: which synapses change when one neuron fires, and which when the network errs once.

A spike that runs back into its dendrite reaches the inputs of the neuron that fired.  An error that is
propagated back reaches whatever the learner lets it reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis.ledger.learning import reached_by_spike, touched


@dataclass(frozen=True)
class Reach:
    """Ids of the synapses a spike of `neuron` reaches, those one error changes, and how many there are."""

    neuron: int
    spike: NDArray[np.int64]
    error: NDArray[np.int64]
    total: int
    """Synapses of the network that learns."""
    around: int
    """Synapses of the network the spike is in: the same, or all others where the neuron is not in it."""


def reach(training: Any, neuron: int | None = None) -> Reach:
    """How far both come in what is drawn: of one neuron, else the first of the target population.

    The error is that of the pattern with the most active inputs, as no synapse learns from a silent one.
    """
    drawn, stage = training.drawn, training.stage
    if neuron is None:
        neuron = int(drawn.ids[drawn.top if training.task.outputs is not None else -1])
    spike = _joined(reached_by_spike(training.base, neuron))
    flat = stage.inputs.reshape(len(stage.inputs), -1)
    row = int(np.argmax((flat != 0.0).sum(axis=1)))
    error = _joined(touched(training, stage.inputs[row : row + 1], stage.targets[row : row + 1]))
    total = int(sum(way.ids.size for way in drawn.ways))
    is_among = bool((drawn.ids == neuron).any())
    return Reach(neuron, spike, error, total, total if is_among else training.base.synapse_count - total)


def end_beside(training: Any) -> int | None:
    """The last neuron of a chain beside the network that learns; None where nothing else is drawn."""
    net, learns = training.base, set(training.drawn.populations)
    ways = list(net.projections.values())
    begins, ends = {way.pre for way in ways}, {way.post for way in ways}
    found = [id for id in sorted(ends - begins - learns) if id in net.populations]
    return int(net.populations[found[0]].neuron_ids[-1]) if found else None


def _joined(found: dict[int, NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([*found.values(), np.zeros(0, np.int64)])
