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
    is the squared distance as a share of the variance of the targets, or the share answered wrongly where
    they are judged by class.
    """

    outputs: Floats
    error: float
    right: float
    worst: float


def of_patterns(outputs: Floats, targets: Floats, judged: str) -> Answers:
    """How good answers to single patterns are; `judged` as in `engine.declare.Task`."""
    far = np.abs(outputs - targets)
    if judged == "class":
        right = np.argmax(outputs, axis=1) == np.argmax(targets, axis=1)
    else:
        right = (far <= 0.4).all(axis=1)
    return Answers(outputs, float(far.mean()), float(right.mean()), float(far.max()))


def of_streams(outputs: Floats, targets: Floats, first: int, kinds: Floats) -> Answers:
    """How good answers to streams are from step `first` on; by class where there are `kinds` of targets."""
    said, meant = outputs[:, first:], targets[:, first:]
    worst = float(np.abs(said - meant).max())
    if len(kinds):
        right = float(is_likest(said.sum(axis=1), meant.mean(axis=1), kinds).mean())
        return Answers(outputs, 1.0 - right, right, worst)
    wrong = float(((said - meant) ** 2).mean() / max(float(meant.var()), 1e-300))
    return Answers(outputs, wrong, float(wrong < 0.1), worst)


def is_likest(said: Floats, meant: Floats, kinds: Floats) -> NDArray[np.bool_]:
    """Whether each answer is more like its own kind of target than like any other; silence is like none."""
    alike = said @ (kinds / np.linalg.norm(kinds, axis=1, keepdims=True)).T
    own = (np.abs(meant[:, None] - kinds[None]) < 1e-9).all(axis=2)
    found: NDArray[np.bool_] = alike.max(axis=1, where=own, initial=-np.inf) > alike.max(
        axis=1, where=~own, initial=-np.inf
    )
    return found


@dataclass(frozen=True)
class Frame:
    """What a view may see of a training: never changed afterwards.

    `states` by name (`x` is the rate) hold (patterns of the batch, neurons) in the order of `neurons` (ids);
    `weights` by projection id hold (synapse ids, weights); `phase` is the phase that was done last;
    `ticks` how many steps of a stream are done, 0 between two streams and for patterns that are none.
    `stream` is what every neuron sent at each step of the stream asked last, (steps, neurons): a spike is 1
    where `spiking` says that a neuron sends spikes.
    """

    epoch: int
    batch: int
    phase: str
    colour: str
    neurons: NDArray[np.int64]
    states: dict[str, Floats]
    weights: dict[int, tuple[NDArray[np.int64], Floats]]
    patterns: NDArray[np.int64]
    stream: Floats
    spiking: NDArray[np.bool_]
    ticks: int = 0
