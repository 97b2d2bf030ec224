"""What is to be said of a training: what it leaves out of what is drawn, and what did not go as it should."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine import registry
from engine.counting import counted
from engine.kernels import lesson_words as words
from engine.network.declared import value_of

SAYS = {"logistic": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, np.inf), "clipped": (0.0, 1.0)}
"""Between which numbers the rates of a curve lie; a curve that is not here says anything."""


def of(training: Any) -> Iterator[str]:
    """A sentence for each thing, with its cure."""
    yield from _left_out(training)
    yield from _untaught(training)
    yield from _turned(training)
    yield from _beyond(training)
    yield from _numbers(training)
    if training.counts[words.UNSETTLED]:
        yield (
            f"{training.counts[words.UNSETTLED]} of {training.counts[words.SWITCHES]} phases did not "
            f"settle in {counted(int(training.settling[2]), 'step')}; raise n_max, or lower the weights"
        )


def _left_out(training: Any) -> Iterator[str]:
    """Projections that the learner has no use for, and those from neurons the input does not reach."""
    net, depth = training.base, training.drawn.shape.depth
    for id in training.drawn.idle:
        way = net.projections[id]
        yield f"{way.label}: {training.model.label} has no use for its {counted(len(way), 'synapse')}"
    for way in net.projections.values():
        if way.enabled and len(way) and way.post in depth and way.pre not in depth:
            label = net.populations[way.pre].label
            synapses = counted(len(way), "synapse")
            yield f"{way.label}: no use for its {synapses}; the input does not reach {label!r}"


def _untaught(training: Any) -> Iterator[str]:
    """A drawing that cannot learn, and neurons that no feedback reaches, where the learner teaches by it."""
    drawn, net = training.drawn, training.base
    if not any(way.plastic for way in drawn.ways):
        yield "no synapse learns: all are frozen or rest; let those go that are to learn"
    if not training.model.feedback_from:
        return
    back = [way.post for way in drawn.ways if way.kind == words.FEEDBACK]
    heard = np.unique(np.concatenate(back)) if back else np.empty(0, np.int64)
    for id in drawn.populations:
        if id in (drawn.inputs, drawn.outputs):
            continue
        rows = np.arange(drawn.neurons)[drawn.rows_of(id)]
        deaf = int((~np.isin(rows, heard)).sum())
        if deaf:
            yield (
                f"{net.populations[id].label}: no feedback synapse reaches {deaf} of "
                f"{counted(rows.size, 'neuron')}, so they are not taught; draw some"
            )


def _turned(training: Any) -> Iterator[str]:
    """Weights that learning turned against the sign of their neurons."""
    for place in training.drawn.ways:
        home = training.base.populations[training.base.projections[place.projection].pre]
        turned = int((training.weights(place) * home.sign < 0.0).sum())
        if turned:
            does = "excites (sign +1)" if home.sign > 0 else "inhibits (sign -1)"
            yield (
                f"{place.label}: {turned} of {counted(place.ids.size, 'weight')} turned against "
                f"{home.label!r}, which {does}; give it the sign 0, with which a learner may do so"
            )


def _curve_of(training: Any, id: int) -> str:
    """The curve of a population of rate neurons; "" of any other, and of the input."""
    population = training.base.populations[id]
    trained = getattr(registry.find(population.model, "neuron"), "trained", {})
    return str(value_of(population, trained["curve"])) if trained and id != training.drawn.inputs else ""


def _beyond(training: Any) -> Iterator[str]:
    """Targets that no target neuron can say, and rates that a learner takes for chances and that are none."""
    drawn, model = training.drawn, training.model
    if model.runs:
        return
    label = {id: training.base.populations[id].label for id in drawn.populations}
    if drawn.outputs is not None and not model.winners:
        low, high = SAYS.get(_curve_of(training, drawn.outputs), (-np.inf, np.inf))
        least = min(float(stage.targets.min()) for stage in training.lesson.stages)
        most = max(float(stage.targets.max()) for stage in training.lesson.stages)
        if least < low or most > high:
            yield (
                f"{label[drawn.outputs]}: targets go from {least:g} to {most:g} and its neurons say "
                f"{low:g} to {high:g}; scale the targets, or choose another curve"
            )
    for id in drawn.populations if model.by_chances else ():
        curve = _curve_of(training, id)
        if curve and SAYS.get(curve) != (0.0, 1.0):
            yield (
                f"{label[id]}: {training.model.label} takes rates for chances, from 0 to 1, which those of "
                f"{curve} neurons are not; choose logistic or clipped ones"
            )


def _numbers(training: Any) -> Iterator[str]:
    """Numbers of the learner that mean less with so few patterns than they say."""
    count, late, batch = (len(training.stage.inputs), *(int(training.value(n)) for n in ("late", "batch")))
    if late >= count:
        yield (
            f"targets come {counted(late, 'pattern')} late and an epoch has {count}: it is as if they came "
            f"{late % count} late; choose at most {count - 1}"
        )
    if training.model.streams and batch > 1:
        yield f"batch is {batch}, and streams are learned one by one; leave it at 1"
    elif batch > count:
        yield f"batch is {batch} and an epoch has {counted(count, 'pattern')}: weights change once an epoch"
