"""What the curves of a training may show: of all learners in a race, or of the one that is watched.

Qt-free.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from engine import registry
from engine.live.race import Runner

ANSWERS = 4
"""Answers to a stream that are drawn over each other, from before learning until now."""
MODULATED = 0.1
"""What an answer must move by with the eye to count as modulated."""


@dataclass(frozen=True)
class Curve:
    """One line: what tells it apart, its name, its place among the colours, and its points."""

    key: tuple[int, int]
    label: str
    place: int
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True)
class View:
    """One choice: a name, the label of the axis, how curves come of runners, and what is said below them."""

    slug: str
    text: str
    axis: str
    curves: Callable[[Sequence[Runner], Runner | None], list[Curve]]
    sentence: str = ""
    missing: str = ""
    """What is said where there is nothing of the kind."""
    tells: Callable[[Runner], str] = lambda watched: ""
    """What is said of the watched learner before the sentence."""
    bottom: str = "epoch"
    """The label of the axis below."""
    is_progress: bool = False
    """Whether there is nothing more to see once all have learned."""
    is_picture: bool = False
    """Whether the gain fields of the watched learner stand in place of curves."""


def _plain(name: str) -> Callable[[Sequence[Runner], Runner | None], list[Curve]]:
    def curves(runners: Sequence[Runner], watched: Runner | None) -> list[Curve]:
        return [
            Curve((r.learner, 0), r.label, place, r.epochs, getattr(r, name))
            for place, r in enumerate(runners)
        ]

    return curves


def _looked(name: str) -> Callable[[Sequence[Runner], Runner | None], list[Curve]]:
    def curves(runners: Sequence[Runner], watched: Runner | None) -> list[Curve]:
        found = []
        for place, r in enumerate(runners):
            y = [getattr(i, name) for i in r.insights]
            if not all(map(math.isnan, y)):
                found.append(Curve((r.learner, 0), r.label, place, [i.epoch for i in r.insights], y))
        return found

    return curves


def _lessons(runners: Sequence[Runner], watched: Runner | None) -> list[Curve]:
    seen = [i for i in watched.insights if i.stages] if watched is not None else []
    if watched is None or not seen:
        return []
    x = [i.epoch for i in seen]
    return [
        Curve((watched.learner, 1 + k), f"{watched.label}, lesson {k + 1}", k, x, [i.stages[k] for i in seen])
        for k in range(len(seen[0].stages))
    ]


def _told_forgotten(watched: Runner) -> str:
    lost = watched.insights[-1].forgotten if watched.insights else math.nan
    return "" if math.isnan(lost) else f"Forgotten so far: {lost:.0f} points of each earlier lesson. "


def _answers(runners: Sequence[Runner], watched: Runner | None) -> list[Curve]:
    """Answers of the first target neuron to the stream that comes, from before learning until now."""
    looks = watched.insights if watched is not None else []
    seen = [(i.epoch, i.shown) for i in looks if i.shown is not None and i.shown.answer.ndim > 1]
    if watched is None or not seen:
        return []
    last = seen[-1][1]
    seen = [one for one in seen if np.array_equal(one[1].inputs, last.inputs)]  # of one stream, among several
    ms, found = list(range(len(last.answer))), []
    for place, k in enumerate(dict.fromkeys(np.linspace(0, len(seen) - 1, ANSWERS).round().astype(int))):
        epoch, one = seen[k]
        label = f"epoch {epoch:,}"
        found.append(Curve((watched.learner, 200 + place), label, place, ms, one.answer[:, 0].tolist()))
    return [*found, Curve((watched.learner, 299), "target", ANSWERS, ms, last.target[:, 0].tolist())]


def _no_curves(runners: Sequence[Runner], watched: Runner | None) -> list[Curve]:
    return []


def _energies(runners: Sequence[Runner], watched: Runner | None) -> list[Curve]:
    if watched is None or not watched.trails:
        return []
    found, id = watched.trails[0], watched.learner
    then = found.updates + found.updates[-1]
    return [
        Curve((id, 100), "settling freely", 0, found.updates.tolist(), found.free.tolist()),
        Curve((id, 101), "with the answer held", 1, then.tolist(), found.held.tolist()),
    ]


def _gap(watched: Runner) -> str:
    if not watched.trails:
        return ""
    gap = watched.trails[0].gap
    if gap < 0.0:
        return f"Gap {gap:.3f}: the second phase ended in a different basin. "
    return f"Gap {gap:.3f}. "


def _planar(watched: Runner) -> str:
    """The median of how planar the neurons that move with the eye are, before and now."""
    said = []
    for name, fields in (("before learning", watched.untrained), ("now", watched.gains)):
        moved = [field.planar for field in fields if field.span > MODULATED]
        planar = f", median R\u00b2 {median(moved):.2f}" if moved else ""
        said.append(f"{len(moved)} of {len(fields)} move with the eye {name}{planar}")
    return "; ".join(said) + ". "


VIEWS = (
    View("errors", "error", "error", _plain("errors"), is_progress=True),
    View("rights", "share right", "share right", _plain("rights"), is_progress=True),
    View(
        "angles", "angle to the gradient", "angle to the gradient (deg)", _looked("angle"),
        "0 is the gradient itself, 90 tells nothing of it; over the synapses below the target population.",
        "None of these learners has a gradient to be compared with.",
    ),
    View(
        "alignments", "alignment of feedback", "alignment of feedback", _looked("alignment"),
        "Correlation of each weight with the feedback its error comes over: 1 where it is the same weight.",
        "None of these learners sends anything back over drawn synapses.",
    ),
    View(
        "gaps", "gap of the energies", "energy, held minus free", _looked("gap"),
        "How much higher the network ends with its answer held; below zero in another basin.",
        "None of these learners goes downhill in an energy.",
    ),
    View(
        "lessons", "right in each lesson", "share right", _lessons,
        "In the measured comparison of all learners on this kind of task, none resisted forgetting merely by "
        "being local. What resisted were sparse codes that do not overlap, output units that do not learn "
        "while silent, slow synapses (a little) and replay.",
        "This task has one lesson only; one that comes in lessons shows what is forgotten.",
        _told_forgotten,
    ),
    View(
        "answers", "time course", "answer", _answers,
        "What the first target neuron says to one stream, before it learned, on the way, and now.",
        "This task has single patterns, which take no time; one of streams shows its answers step by step.",
        bottom="time (ms)",
    ),
    View(
        "energies", "energy", "energy", _energies,
        "For the first pattern, neurons are updated one by one, freely and then with the answer held. Every "
        "update goes downhill, and learning closes the gap between the two ends.",
        "The watched learner goes downhill in no energy.",
        _gap, "neurons updated",
    ),
    View(
        "gains", "gain fields", "", _no_curves,
        "A circle is the answer at one of nine eye positions. Planar fields are no evidence of learning: "
        "those before it are the most planar.",
        "This task has no eye positions to look at gain fields with.",
        _planar, is_picture=True,
    ),
)  # fmt: skip
"""In the order in which they are offered."""


def values_of(record: Any) -> dict[str, Any]:
    """Every parameter of a learner's record: what was set, and the defaults of the rest."""
    model = registry.find(record.model, "learner")
    return {name: record.params.get(name, param.shown_default) for name, param in model.params.items()}
