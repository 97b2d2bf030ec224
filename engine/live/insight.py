"""What a look at a training tells beyond its error: how its update lies to the gradient, and what it answers.

Nothing here changes the training: it goes on as if nobody had looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis.ledger.course import forgetting
from engine.analysis.ledger.learning import (
    FORWARD,
    Against,
    GainField,
    compare,
    gain_fields,
    gradient,
    transport,
)
from engine.errors import NeuropilError
from engine.runtime.training import ticks

Floats = NDArray[np.float64]
ASKED = 400
"""Patterns asked at most about classes, and in each lesson."""
COMPARED = 32
"""Patterns an update is compared with the gradient on, at most; fewer where the network is large."""
SETTLED = 4
"""Patterns the energy is followed on, at most."""
WORK = 2_000_000
"""Patterns times synapses that such a comparison may take."""
POINTS = 300
"""Points of a curve of energy, at most."""


@dataclass(frozen=True)
class Shown:
    """A pattern, its target and the answer to it: a number per neuron, or a row of them for every step."""

    inputs: Floats
    target: Floats
    answer: Floats
    ticks: int = 0
    """How many steps of a stream are done, where it is being stepped."""
    spikes: Floats | None = None
    """What the neurons below the target sent at every step, where those are spikes, (steps, neurons)."""


@dataclass(frozen=True)
class Trails:
    """The energy of a pattern while neurons settle one by one: freely, then with the answer held."""

    updates: Floats
    """How many neurons were updated until each point, of each phase."""
    free: Floats
    held: Floats

    @property
    def gap(self) -> float:
        """How much higher the energy ends where the answer is held."""
        return float(self.held[-1] - self.free[-1])


@dataclass(frozen=True)
class Part:
    """One projection's share in such a comparison: its label, and the degrees between the two."""

    label: str
    angle: float


@dataclass(frozen=True)
class Updates:
    """What one pattern would change in each forward synapse: by the learner, and by the gradient.

    Xie & Seung (2003) Neural Comput. 15:441-454, doi:10.1162/089976603762552988, drew the two beside each
    other; both are for the same pattern and the same weights, those the training has now.
    """

    epoch: int
    pattern: int
    neurons: NDArray[np.int64]
    states: dict[str, Floats]
    """By name, of this pattern alone: (1, neurons), as in a frame of the training."""
    ids: NDArray[np.int64]
    own: Floats
    ideal: Floats
    angle: float
    """Degrees between the two over all these synapses."""
    ratio: float
    """The length of the learner's update over that of the gradient, with the learning rate divided out."""
    parts: tuple[Part, ...]
    """The same angle projection by projection, from the input on."""


@dataclass(frozen=True)
class Insight:
    """What a look found in an epoch; NaN and empty where there is no such thing."""

    epoch: int
    angle: float
    """Degrees between the update and minus the gradient, over the synapses below the target population."""
    alignment: float
    """Correlation of each weight with the feedback its error comes over."""
    shown: Shown | None
    classes: tuple[float, ...] = ()
    """Share right of the patterns of each class, where answers are judged by class."""
    stages: tuple[float, ...] = ()
    """Share right in the test of each lesson, where there are several."""
    lesson: int = 0
    """Which lesson is being learned, from 0."""
    forgotten: float = float("nan")
    """Points lost of each earlier lesson since it was learned, on average."""
    gap: float = float("nan")
    """How much higher the energy ends with the target held than without, on average; NaN without an energy.

    Below zero the two phases have ended in different basins.
    """


def insight(training: Any, followed: Sequence[Trails] = ()) -> Insight:
    """Look at a training, whose energy was followed on some patterns (see `trails`)."""
    return Insight(
        training.epoch, angle(training), transport(training), shown(training), classes(training),
        stages(training), training.stage_number, forgetting(training), gap(followed),
    )  # fmt: skip


def angle(training: Any) -> float:
    """Degrees between the update of a few patterns and minus the gradient; NaN where either is missing.

    Counted over the trained synapses below the target population; over all of them where there are none.
    """
    drawn = training.drawn
    if training.model.streams or training.task.outputs is None:
        return float("nan")
    every = [way for way in drawn.ways if way.plastic and way.kind == FORWARD]
    top = range(drawn.top, drawn.top + drawn.size[drawn.outputs])
    ways = [way for way in every if int(way.post[0]) not in top] or every
    size = sum(way.ids.size for way in every)
    if not size:
        return float("nan")
    stage = training.stage
    count = int(np.clip(WORK // size, 2, COMPARED))
    rows = np.unique(np.linspace(0, len(stage.inputs) - 1, count).astype(np.int64))
    X, Y = stage.inputs[rows], stage.targets[rows]
    try:
        update, ideal = training.update_for(X, Y), gradient(training, X, Y)
    except NeuropilError:
        return float("nan")  # the training itself says what is wrong, when it comes to it
    return _degrees(compare(*(np.concatenate([side[way.here] for way in ways]) for side in (update, ideal))))


def updates(training: Any) -> Updates | None:
    """What one pattern would change, beside the gradient; None where there is no such thing.

    It is the first pattern of the batch that is being stepped; the first of all at other times, so that the
    numbers of one look can be compared with those of the next.
    """
    if training.model.streams or training.task.outputs is None:
        return None
    drawn = training.drawn
    ways = [way for way in drawn.ways if way.plastic and way.kind == FORWARD]
    row = int(training.rows()[0]) if training.is_amid else 0
    X, Y = training.stage.inputs[[row]], training.stage.targets[[row]]
    try:
        found, ideal = training.update_for(X, Y), gradient(training, X, Y)
    except NeuropilError:
        return None  # the training itself says what is wrong, when it comes to it
    S, _ = training.states_now()
    states = {name: S[k] for k, name in enumerate(training.writer.states)}
    if not ways:
        return None
    whole = compare(*(np.concatenate([side[way.here] for way in ways]) for side in (found, ideal)))
    rate = float(training.value("eta")) or 1.0
    return Updates(
        training.epoch, row, drawn.ids, states, np.concatenate([way.ids for way in ways]),
        np.concatenate([found[way.here] for way in ways]), np.concatenate([ideal[way.here] for way in ways]),
        _degrees(whole), whole.length / rate / whole.gradient if whole.gradient else float("nan"),
        tuple(Part(way.label, _degrees(compare(found[way.here], ideal[way.here]))) for way in ways),
    )  # fmt: skip


def _degrees(found: Against) -> float:
    """The angle of a comparison; NaN where one side is nothing."""
    return found.angle if found.length and found.gradient else float("nan")


def shown(training: Any) -> Shown | None:
    """The first pattern of the batch that was trained last, or of the one that comes, and the answer now."""
    stage, drawn = training.stage, training.drawn
    rows = training.rows()
    if not rows.size or training.task.outputs is None:
        return None
    x, y = stage.inputs[rows[0]], stage.targets[rows[0]]
    if training.counted["samples"] and not training.model.streams:
        states, _ = training.desk(rows.size)
        x = states[training.writer.state("x"), 0, : drawn.rest].copy()
        y = states[training.writer.state("target"), 0, drawn.top : drawn.top + len(y)].copy()
    try:
        answer = training.answers(x[None], y[None]).outputs[0]
    except NeuropilError:
        return None
    between = training.spikes
    between[: drawn.rest] = False
    spikes = training.stream[:, between].copy() if between.any() else None
    return Shown(np.array(x), np.array(y), np.array(answer), ticks.done(training), spikes)


def classes(training: Any) -> tuple[float, ...]:
    """The share right of each class over the test, () where answers are not judged by class."""
    if training.lesson.declared.judged != "class" or training.model.streams:
        return ()
    tests = training.lesson.tests
    step = max(1, -(-len(tests.test_inputs) // ASKED))
    X, Y = tests.test_inputs[::step], tests.test_targets[::step]
    said, meant = np.argmax(training.answers(X, Y).outputs, axis=1), np.argmax(Y, axis=1)
    found = []
    for which in range(Y.shape[1]):
        mine = meant == which
        found.append(float((said[mine] == which).mean()) if mine.any() else float("nan"))
    return tuple(found)


def gains(training: Any) -> tuple[GainField, ...]:
    """How every hidden neuron answers to eye positions, () where the task has no probe for it."""
    if not training.lesson.probe.size or training.model.streams:
        return ()
    try:
        return tuple(gain_fields(training, least=0.0))
    except NeuropilError:
        return ()


def trails(training: Any) -> tuple[Trails, ...]:
    """The energy of both phases for a few patterns, () for a learner that goes downhill in none."""
    if not hasattr(training.kernels, "trail") or training.task.outputs is None:
        return ()
    stage, found = training.stage, []
    for x, y in zip(stage.inputs[:SETTLED], stage.targets[:SETTLED], strict=True):
        free, held = training.energy_trail(x, y)
        at = np.unique(np.linspace(0, len(free) - 1, POINTS).astype(np.int64))
        found.append(Trails(at.astype(float), free[at], held[at]))
    return tuple(found)


def stages(training: Any) -> tuple[float, ...]:
    """The share right in the test of every lesson of a task, () where it has one lesson."""
    every = training.lesson.stages
    if len(every) < 2:
        return ()
    return tuple(float(training.answers(s.test_inputs[:ASKED], s.test_targets[:ASKED]).right) for s in every)


def gap(followed: Sequence[Trails]) -> float:
    """How much higher these energies end with the target held than without, on average; NaN of none."""
    return float(np.mean([one.gap for one in followed])) if followed else float("nan")
