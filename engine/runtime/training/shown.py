"""What a training shows: its answers to patterns, and a frame of its states for whoever draws them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """What the network said to a set of patterns, and how good that was.

    `error` is the mean distance from the targets, `right` the share of patterns answered rightly (by the
    task's own measure), `worst` the greatest distance of any output from its target.  The error of streams
    is the squared distance as a share of the variance of the targets.
    """

    outputs: Floats
    error: float
    right: float
    worst: float


@dataclass(frozen=True)
class Frame:
    """What a view may see of a training: never changed afterwards.

    `states` by name (`x` is the rate) hold (patterns of the batch, neurons) in the order of `neurons` (ids);
    `weights` by projection id hold (synapse ids, weights); `phase` is the phase that was done last.
    """

    epoch: int
    batch: int
    phase: str
    colour: str
    neurons: NDArray[np.int64]
    states: dict[str, Floats]
    weights: dict[int, tuple[NDArray[np.int64], Floats]]
    patterns: NDArray[np.int64]
