"""The same race with several seeds: mean, spread and how many; runs that did not learn stand apart.

The first seed is the network's own and begins with the weights as they are drawn.  Every other seed deals the
drawn weights of each projection anew among its synapses, and the biases of each population among its neurons;
feedback that mirrors its forward synapses goes on doing so.  The order of the patterns, what a task draws and
all chance follow from the seed as well.  Every learner begins with the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.analysis.ledger.comparison import joules_of
from engine.analysis.ledger.course import forgetting
from engine.errors import NeuropilError, UsageError
from engine.network.declared import model_of, value_of
from engine.network.network import Network
from engine.network.shape import shape
from engine.runtime.training.chosen import one_of
from engine.runtime.training.criterion import judged
from engine.runtime.training.training import Training

PURPOSE = 73  # what dealing weights anew draws its luck for


@dataclass(frozen=True)
class Run:
    """One learner with one seed; `samples` and `joules` (by way to pay) are None where it did not learn.

    `right` is the share right in the test, or of the learned patterns where the task has no test; `forgotten`
    is in points, NaN without stages.  `trouble` says why it could not go on, if it could not.
    """

    seed: int
    learned_at: int | None = None
    samples: int | None = None
    joules: dict[str, float] | None = None
    right: float = float("nan")
    error: float = float("nan")
    forgotten: float = float("nan")
    trouble: str = ""


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation (of a sample) of `n` numbers; NaN where there are too few."""

    mean: float
    sd: float
    n: int


def spread(values: Sequence[float]) -> Spread:
    """Mean, spread and n of those values that are numbers."""
    found = np.array([value for value in values if np.isfinite(value)])
    mean = float(found.mean()) if found.size else float("nan")
    return Spread(mean, float(found.std(ddof=1)) if found.size > 1 else float("nan"), int(found.size))


@dataclass(frozen=True)
class Repeated:
    """All runs of one learner, of so many epochs each; `is_tested` says whether `right` is of a test."""

    learner: int
    label: str
    model: str
    epochs: int
    is_tested: bool
    runs: tuple[Run, ...] = ()

    @property
    def learned(self) -> tuple[Run, ...]:
        """The runs that met the criterion."""
        return tuple(run for run in self.runs if run.learned_at is not None)

    @property
    def samples(self) -> Spread:
        """Patterns to the criterion, of the runs that met it."""
        return spread([float(run.samples) for run in self.learned if run.samples is not None])

    @property
    def right(self) -> Spread:
        """Share right at the end, of all runs."""
        return spread([run.right for run in self.runs])

    @property
    def forgotten(self) -> Spread:
        """Points forgotten of the earlier stages, of all runs."""
        return spread([run.forgotten for run in self.runs])

    def joules(self) -> dict[str, Spread]:
        """Joules to the criterion by way to pay, of the runs that met it."""
        paid = [run.joules for run in self.learned if run.joules is not None]
        return {way: spread([joules[way] for joules in paid]) for way in (paid[0] if paid else ())}


@dataclass(frozen=True)
class Progress:
    """How far it is: epochs done of all there are, and what is known of each learner by now."""

    done: int
    total: int
    learners: tuple[Repeated, ...]


def repeat(
    net: Network,
    epochs: int,
    seeds: int = 5,
    learners: Sequence[int] | None = None,
    task: int | None = None,
    told: Callable[[Progress], bool] | None = None,
) -> tuple[Repeated, ...]:
    """Train every learner for so many epochs with several seeds.

    Args:
        net: the network with its task and learners; it is copied.
        epochs: of every run.
        seeds: how many; they count on from the network's own.
        learners: ids of the learners; all enabled ones where missing.
        task: which task, where there are several.
        told: called before every epoch with the progress; False ends it, with the runs that are complete.

    Raises:
        UsageError: there is nothing to repeat.
    """
    if seeds < 1 or epochs < 1:
        raise UsageError(f"{seeds} seeds of {epochs} epochs are none; give at least 1 of both")
    chosen = [r for r in net.learners.values() if (r.enabled if learners is None else r.id in learners)]
    if not chosen:
        raise UsageError("no learner is switched on, so there is nothing to repeat; add one")
    found = [Repeated(r.id, r.label, r.model, epochs, False) for r in chosen]
    total = seeds * len(chosen) * epochs
    for k in range(seeds):
        dealt = net.copy() if k == 0 else dealt_anew(net, net.seed + k, task)
        for place, record in enumerate(chosen):
            began = (k * len(chosen) + place) * epochs
            try:
                training = Training(dealt, task, record.id, seed=net.seed + k)
                for epoch in range(epochs):
                    if told is not None and not told(Progress(began + epoch, total, tuple(found))):
                        return tuple(found)
                    training.run(1)
                run, is_tested = _measured(training), training.lesson.is_tested
            except NeuropilError as error:
                run, is_tested = Run(net.seed + k, trouble=str(error)), found[place].is_tested
            found[place] = replace(found[place], is_tested=is_tested, runs=(*found[place].runs, run))
    if told is not None:
        told(Progress(total, total, tuple(found)))
    return tuple(found)


def _measured(training: Training) -> Run:
    answers = judged(training, test=True)
    joules = None
    if training.learned_after is not None:
        joules = {cost.label: cost.joules * training.learned_after for cost in joules_of(training).costs}
    return Run(
        training.seed, training.learned_at, training.learned_after, joules, answers.right, answers.error,
        forgetting(training),
    )  # fmt: skip


# -- dealing weights anew --------------------------------------------------------------------------


def dealt_anew(net: Network, seed: int, task: int | None = None) -> Network:
    """A copy whose weights and biases are those of `net` in another order, projection by projection."""
    made = net.copy()
    shaped = shape(made, one_of(made.tasks, task, "task"))
    for id in sorted((*shaped.forward, *shaped.lateral)):
        synapses = made.projections[id].synapses
        luck = np.random.default_rng([seed, PURPOSE, id])
        ids = np.sort(synapses.id)
        synapses.put("weight", ids, luck.permutation(_weights(made, id)[1]))
    for id in sorted(shaped.feedback):
        _deal_feedback(net, made, id, sorted(shaped.forward), np.random.default_rng([seed, PURPOSE, id]))
    for id in sorted(shaped.depth):
        _deal_biases(made, id, np.random.default_rng([seed, PURPOSE, id]))
    return made


def _weights(net: Network, projection: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The pairs (pre, post) of a projection and their weights, by increasing id."""
    table = net.projections[projection].synapses.sorted()
    return np.column_stack([table["pre"], table["post"]]), table["weight"]


def _deal_feedback(
    net: Network, made: Network, projection: int, forward: list[int], luck: np.random.Generator
) -> None:
    """Weights of feedback: those of the synapses it mirrors, if it did; else in another order."""
    pairs, weights = _weights(net, projection)
    synapses = made.projections[projection].synapses
    ids = np.sort(synapses.id)
    for id in forward:
        theirs, drawn = _weights(net, id)
        _, now = _weights(made, id)
        place = {(post, pre): k for k, (pre, post) in enumerate(theirs.tolist())}
        rows = [place.get((pre, post), -1) for pre, post in pairs.tolist()]
        if -1 not in rows and np.array_equal(drawn[rows], weights):
            synapses.put("weight", ids, now[rows])
            return
    synapses.put("weight", ids, luck.permutation(weights))


def _deal_biases(made: Network, population: int, luck: np.random.Generator) -> None:
    record = made.populations[population]
    trained = getattr(model_of(record.model, "neuron"), "trained", {})
    if "bias" in trained:
        biases = np.broadcast_to(value_of(record, trained["bias"]), len(record))
        if np.ptp(biases):
            made.set(int(population), **{trained["bias"]: luck.permutation(biases)})
