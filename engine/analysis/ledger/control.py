"""Who steers the learning: who teaches, in how many numbers, how far that reaches, and who waits for whom.

Measured on a training: its teacher says something else, and whatever then changes otherwise has been reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels.hooks import reads

Floats = NDArray[np.float64]
NOBODY = "nobody"
BY_SUM = "one number for all"
BY_CLAMP = "target neurons, held at their targets"
BY_ERROR = "target neurons, by their errors"
BY_NUDGE = "target neurons, pulled to their targets"
BY_TARGET = "target neurons, told their targets"
ASKED = 16
"""Patterns whose teacher says something else, at most."""


@dataclass(frozen=True)
class Control:
    """`teacher` in words, `sources` of its signal (neurons, or 1 for a common number) and its `dimension`.

    `synapses` and `neurons` are those whose change depends on it; `waits` counts, for each batch, the global
    synchronisations: how often nobody goes on before everybody has finished.
    """

    teacher: str
    sources: int
    dimension: int
    synapses: int
    neurons: int
    waits: int


def control_of(training: Any) -> Control:
    """Who steers this training, as it is drawn and as its parameters now are."""
    stage, drawn = training.stage, training.drawn
    X, Y = stage.inputs[:ASKED], stage.targets[:ASKED]
    waits = _waits(training)
    if training.task.outputs is None:
        return Control(NOBODY, 0, 0, 0, 0, waits)
    reached = training.update_for(X, Y) != training.update_for(X, _otherwise(Y))
    told, by_wire = _ways(training, X, Y)
    size = int(drawn.size[drawn.outputs]) if by_wire and reached.any() else 0
    told = told if reached.any() else 0
    who = [*([BY_SUM] if told else []), *([_how(training.model)] if size else [])]
    neurons = np.unique(drawn.ipost[reached]).size
    sources = size + bool(told)
    return Control(" and ".join(who) or NOBODY, sources, size + told, int(reached.sum()), int(neurons), waits)


def _otherwise(Y: Floats) -> Floats:
    """Other targets of the same kind: what was high is low, and every number is another one."""
    return np.asarray(Y.max() + Y.min() - Y + 0.01 * (1.0 + np.arange(Y.shape[-1])), np.float64)


def _ways(training: Any, X: Floats, Y: Floats) -> tuple[int, bool]:
    """How many numbers told to all an update heeds, and whether the target neurons teach besides."""
    if training.model.streams:
        return 0, True
    states, told = [], []
    for targets in (Y, _otherwise(Y)):
        training.update_for(X, targets)
        S, M = training.states_now()
        states.append(S)
        told.append(M)
    plain = training.propose(states[0], told[0])
    heeded = (training.propose(states[0], told[1]) != plain).any()
    heard = [name for row, name in reads(training.model)["update"].reads if row == "m"]
    rows = [training.writer.told.index(name) for name in heard]
    said = sum(bool((told[0][row] != told[1][row]).any()) for row in rows)
    return said if heeded else 0, bool((training.propose(states[1], told[0]) != plain).any())


def _how(model: Any) -> str:
    """By what the target neurons teach, read off the phases and the hooks."""
    reading = {hook for hook, seen in reads(model).items() if ("n", "target") in seen.reads}
    if any(phase.clamp for phase in model.phases):
        return BY_CLAMP
    if "teach" in reading:
        return BY_ERROR
    return BY_NUDGE if "settle" in reading else BY_TARGET


def _waits(training: Any) -> int:
    """The phases that wait for the one before; in time all go on by themselves, but for a word to learn."""
    if training.model.streams:
        seen = reads(training.model)
        heard = {one for hook in ("trace", "update") if hook in seen for one in seen[hook].reads}
        return int(("m", "asked") in heard)
    return sum(phase.waits and phase.does != "update" for phase in training.phases[1:])
