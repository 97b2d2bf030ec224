"""The learners of a race beside each other: what each reads, who steers it, what it cost, how far it came.

One row per learner, every number from its own training; runs that did not reach the criterion stand apart and
are never averaged with those that did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.analysis.ledger.accounts import CONTRADICTED, DEPENDS, SUPPORTED, Claim, Figure
from engine.analysis.ledger.control import Control, control_of
from engine.analysis.ledger.course import forgetting
from engine.analysis.ledger.learning import Cost, Energy, Reads, energy, reads_of, transport
from engine.analysis.ledger.reach import reach
from engine.counting import counted
from engine.runtime.training.criterion import judged

CHARGED = 64
"""Patterns whose activity is charged, at most."""


@dataclass(frozen=True)
class Row:
    """One learner: `samples` is how many patterns it took to the criterion, None where it was not reached."""

    learner: int
    label: str
    model: str
    assumption: str
    reads: Reads
    alignment: float
    """Correlation of each weight with the feedback its error came over; NaN where there is none."""
    phases: int
    settling: float
    """Steps a settling phase took, on average."""
    macs: float
    """Multiply-accumulates per pattern."""
    costs: tuple[Cost, ...]
    """Joules per pattern, three ways that are never added."""
    epoch: int
    error: float
    """Of the patterns that are to be learned, as is `right`; the two below are of the test."""
    right: float
    test_error: float
    """NaN where the task has no test of its own."""
    test_right: float
    forgotten: float
    """Points lost of each earlier stage since it was learned; NaN before there is one."""
    control: Control
    learned_at: int | None
    samples: int | None
    by_error: int = 0
    """Synapses that one error at the output changes."""
    by_spike: int = 0
    """Synapses that one spike of a target neuron reaches when it runs back: its own inputs."""

    @property
    def switches(self) -> int:
        """Global synchronisations in every batch."""
        return self.control.waits

    @property
    def is_local(self) -> bool:
        """Whether no update reads what no drawn synapse brings."""
        return self.reads.is_local

    def to_criterion(self, cost: Cost) -> float | None:
        """Joules to the criterion."""
        return None if self.samples is None else cost.joules * self.samples


def joules_of(training: Any) -> Energy:
    """What a pattern costs a training, by the activity of some of the patterns it learns."""
    every = training.lesson.tests
    X, Y = every.inputs[:CHARGED], every.targets[:CHARGED]
    return energy(training, X, Y, seconds=training.seconds, samples=training.learned_after)


def row_of(training: Any, label: str, control: Control | None = None) -> Row:
    """The row of a training; `control` where it is known from an earlier row of the same."""
    paid, steps, lesson = joules_of(training), training.counted, training.lesson
    learned = judged(training)
    tested = judged(training, test=True) if lesson.is_tested else None
    settles = sum(phase.does == "settle" for phase in training.phases)
    batches = steps["phases"] / max(1, settles) if settles else 0
    near = None if training.model.streams else reach(training)
    return Row(
        learner=training.learner.id,
        label=label,
        model=training.learner.model,
        assumption=training.model.assumption,
        reads=reads_of(training),
        alignment=transport(training),
        phases=len(training.phases),
        settling=steps["steps"] / (settles * batches) if settles and batches else 0.0,
        macs=paid.macs,
        costs=paid.costs,
        epoch=training.epoch,
        error=learned.error,
        right=learned.right,
        test_error=tested.error if tested is not None else float("nan"),
        test_right=tested.right if tested is not None else float("nan"),
        forgotten=forgetting(training),
        control=control_of(training) if control is None else control,
        learned_at=training.learned_at,
        samples=training.learned_after,
        by_error=near.error.size if near is not None else 0,
        by_spike=near.spike.size if near is not None else 0,
    )


def claims(rows: Sequence[Row]) -> list[Claim]:
    """The sentences of the mission's table that a race can answer, one set for each side.

    The one side are the learners that read what no drawn synapse brings; the other are their rivals.
    """
    error = [row for row in rows if not row.is_local]
    rivals = [row for row in rows if row.is_local]
    found = []
    if rivals:
        found += [_local(rivals), _cheap(rivals, error), _asynchronous(rivals), _decentralised(rivals)]
    if error:
        found += [_global(error), _expensive(error, rivals), _central(error)]
    return found


def _names(rows: Sequence[Row]) -> str:
    return ", ".join(row.label for row in rows)


def _local(rivals: list[Row]) -> Claim:
    told = [row for row in rivals if row.reads.counts["bcastS"] or row.reads.counts["bcastV"]]
    keys = tuple(f"reads{row.learner}" for row in rivals)
    if told:
        why = f"No update reads a foreign weight, but {_names(told)} needs numbers from outside the pair."
        return Claim("Learning rules", "Biology", "local: timing and transmitter", DEPENDS, why, keys)
    why = "Every update reads its two neurons, their memory and its own weight."
    return Claim("Learning rules", "Biology", "local: timing and transmitter", SUPPORTED, why, keys)


def _cheapest(rows: list[Row]) -> tuple[float, Row] | None:
    """Who of those that reached the criterion took the fewest multiply-accumulates, and how many."""
    there = [(row.macs * row.samples, row) for row in rows if row.samples is not None]
    return min(there, key=lambda pair: pair[0]) if there else None


def _took(macs: float, row: Row) -> str:
    return (
        f"{row.label} took {macs:,.0f} multiply-accumulates to the criterion ({100 * row.right:.0f} % right)"
    )


UNREACHED = "Not every side has reached the criterion yet, so there is nothing to compare."


def _cheap(rivals: list[Row], error: list[Row]) -> Claim:
    keys = tuple(f"macs{row.learner}" for row in (*rivals, *error))
    ours, theirs = _cheapest(rivals), _cheapest(error)
    if ours is None or theirs is None:
        return Claim("Energy", "Biology", "low-power", DEPENDS, UNREACHED, keys)
    if ours[0] > theirs[0]:
        why = (
            f"On a computer not: {_took(*ours)}, the least of the rivals and {ours[0] / theirs[0]:.3g} times "
            f"as many as {theirs[1].label}. What tissue saves, it saves by being tissue."
        )
        return Claim("Energy", "Biology", "low-power", CONTRADICTED, why, keys)
    why = f"{_took(*ours)}, {ours[0] / theirs[0]:.2g} of those of {theirs[1].label}."
    return Claim("Energy", "Biology", "low-power", SUPPORTED, why, keys)


def _asynchronous(rivals: list[Row]) -> Claim:
    keys = tuple(f"switches{row.learner}" for row in rivals)
    waiting = [row for row in rivals if row.switches]
    if not waiting:
        why = "No update waits for a phase of the whole network."
        return Claim("Energy", "Biology", "asynchronous", SUPPORTED, why, keys)
    verdict = DEPENDS if len(waiting) < len(rivals) else CONTRADICTED
    why = f"{_names(waiting)}: every update waits until a phase of the whole network has ended."
    return Claim("Energy", "Biology", "asynchronous", verdict, why, keys)


def _decentralised(rivals: list[Row]) -> Claim:
    keys = tuple(f"switches{row.learner}" for row in rivals)
    steered = [row for row in rivals if row.switches or row.reads.counts["bcastS"]]
    if steered:
        why = f"{_names(steered)}: a common signal (a phase, or a reward) reaches every synapse."
        return Claim("Control", "Biology", "decentralised", DEPENDS, why, keys)
    return Claim("Control", "Biology", "decentralised", SUPPORTED, "Nothing is told to all.", keys)


def _global(error: list[Row]) -> Claim:
    most = max(error, key=lambda row: row.reads.counts["foreign"])
    why = (
        f"{most.label}: an update reads {most.reads.counts['foreign']:.3g} foreign numbers on average, and "
        f"{most.reads.transported:,} weights are read by somebody else's pathway."
    )
    keys = tuple(f"reads{row.learner}" for row in error)
    return Claim(
        "Learning rules", "Back-propagation", "changes follow a global error signal", SUPPORTED, why, keys
    )


def _expensive(error: list[Row], rivals: list[Row]) -> Claim:
    keys = tuple(f"macs{row.learner}" for row in (*error, *rivals))
    says = "computationally expensive"
    if not rivals:
        return Claim("Energy", "Back-propagation", says, DEPENDS, "Add a rival to compare it with.", keys)
    mine, theirs = _cheapest(error), _cheapest(rivals)
    if mine is None or theirs is None:
        return Claim("Energy", "Back-propagation", says, DEPENDS, UNREACHED, keys)
    if mine[0] <= theirs[0]:
        why = f"Not here: {_took(*mine)}; {_took(*theirs)}, the least of the rivals."
        return Claim("Energy", "Back-propagation", says, CONTRADICTED, why, keys)
    why = f"{_took(*mine)}; {_took(*theirs)}."
    return Claim("Energy", "Back-propagation", says, SUPPORTED, why, keys)


def _central(error: list[Row]) -> Claim:
    keys = tuple(f"switches{row.learner}" for row in error)
    why = "The backward pass waits for the forward pass, and each layer for the one above it."
    return Claim("Control", "Back-propagation", "errors are propagated centrally", SUPPORTED, why, keys)


def figures(rows: Sequence[Row]) -> dict[str, Figure]:
    """The numbers behind the sentences, by key."""
    found: dict[str, Figure] = {}
    for row in rows:
        counts = row.reads.counts
        said = ", ".join(f"{counts[name]:.3g} {name}" for name in counts if counts[name])
        samples = (
            "not learned yet" if row.samples is None else f"learned after {counted(row.samples, 'pattern')}"
        )
        for key, label, value, unit, how in (
            ("reads", "foreign reads per update", counts["foreign"], "", said),
            (
                "switches",
                "global synchronisations per batch",
                float(row.switches),
                "",
                f"{row.phases} phases",
            ),
            ("macs", "multiply-accumulates per pattern", row.macs, "", samples),
        ):
            name = f"{key}{row.learner}"
            found[name] = Figure(name, f"{row.label}: {label}", value, unit, how)
    return found
