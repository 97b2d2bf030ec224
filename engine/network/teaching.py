"""Why a learner cannot train what is drawn: no way to the target, no rates, feedback that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import declare, registry
from engine.network.declared import model_of, value_of
from engine.network.parts import Learner, Population, Projection, Task
from engine.network.problems import Problem, Problems
from engine.network.sense.teaching import of_learner, of_task
from engine.network.shape import Shape, shape

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


def untrainable(net: Circuit, learner: Learner, task: Task) -> Problems:
    """Why this learner cannot train what is drawn on this task."""
    yield from of_task(net, task)
    yield from of_learner(net, learner)
    if not registry.knows(learner.model, "learner") or task.inputs not in net.populations:
        return
    model = registry.find(learner.model, "learner")
    place = learner.label or learner.model
    found = shape(net, task)
    used = [id for id in found.depth if id in net.populations]
    hidden = [id for id in used if id not in (task.inputs, task.outputs)]
    above = [net.populations[id] for id in used if id != task.inputs]
    yield from _streams(model, place, task, above, bool(hidden))
    if task.outputs is not None and task.outputs not in found.depth:
        label = net.populations[task.outputs].label if task.outputs in net.populations else task.outputs
        what = f"no synapses lead from the input of {task.label!r} to {label!r}"
        off = [p.label for p in net.projections.values() if not p.enabled and p.pre in found.depth]
        cure = "wire them, over as many populations as you like"
        cure = f"switch {off[0]!r} on again, or {cure}" if off else cure
        yield Problem(place, what, cure, (task.id,))
        return
    if model.runs:
        yield from _alive(above, model, place)
    else:
        yield from _rates((net.populations[id] for id in used), place)
    for id in hidden if not model.teaches_hidden else ():
        what = f"it teaches the target only, and {net.populations[id].label!r} lies before it"
        cure = "wire the input straight to the target, or choose a learner that teaches hidden neurons"
        yield Problem(place, what, cure, (id,))
    yield from _switches((net.populations[id] for id in used), place)
    layers, feedback = model.layers, model.feedback_from
    if layers and found.lateral:
        way = net.projections[found.lateral[0]]
        what = f"it needs layers, and {way.label!r} joins neurons of one depth or leaps over one"
        cure, ids = "remove it, or choose a learner that settles", [way.id]
        if past := _past(net, found, way):
            what = f"it needs layers, and {past.label!r} leads past {net.populations[way.pre].label!r}"
            cure, ids = f"remove it or {way.label!r}, or choose a learner that settles", [past.id, way.id]
        yield Problem(place, what, cure, tuple(ids))
    if feedback:
        yield from _feedback(net, found, place, feedback, task)


def _past(net: Circuit, found: Shape, way: Projection) -> Projection | None:
    """The projection that leaps to where a lateral one leads from another population, if one does."""
    if way.pre == way.post:
        return None
    leaps = (net.projections[id] for id in found.forward if net.projections[id].post == way.post)
    return next(leaps, None)


def _streams(
    model: type[declare.Learner], place: str, task: Task, above: list[Population], has_hidden: bool
) -> Problems:
    """A learner of single patterns before a stream in time, or the other way round."""
    job = registry.find(task.model, "task") if registry.knows(task.model, "task") else model
    if model.streams == job.streams:
        return
    what = f"it learns from {_kind(model.streams)}, and {task.label or job.label!r} has {_kind(job.streams)}"
    cure = f"choose a learner of {_kind(job.streams)}, such as {_some_for(job.streams, above, has_hidden)}"
    yield Problem(place, what, cure, (task.id,))


def _kind(streams: bool) -> str:
    return "streams in time" if streams else "single patterns"


def _some_for(streams: bool, above: list[Population], has_hidden: bool) -> str:
    """Two learners of streams, or of single patterns, that can teach what is drawn; the usual one first."""
    models = [registry.find(model.slug, "learner") for model in registry.all("learner")]
    able = [m for m in models if m.streams == streams and (m.teaches_hidden or not has_hidden)]
    neurons = [model_of(population.model, "neuron") for population in above]
    fitting = [m for m in able if m.runs and not any(lacks(own, m) for own in neurons)] or able
    return " or ".join(model.label for model in sorted(fitting, key=lambda model: not model.usual)[:2])


def _switches(populations: Iterable[Population], place: str) -> Problems:
    """Switches that nothing can heed where a learner works out the rates of a population all at once."""
    for population in populations:
        apart = isinstance(population.frozen, np.ndarray)
        if apart or np.any(population.clamped) or not np.all(population.enabled):
            what = f"neurons of {population.label!r} are switched off, clamped, or frozen one by one"
            cure = "it works out all of their rates at once; let them go, or freeze the whole population"
            yield Problem(place, what, cure, (population.id,))


def _rates(populations: Iterable[Population], place: str) -> Problems:
    """Populations whose neurons have no rate to learn with."""
    for population in populations:
        model = model_of(population.model, "neuron")
        trained = getattr(model, "trained", {})
        if not getattr(model, "is_relay", False) and not trained:
            what = f"{population.label!r} ({population.model}) has no rate"
            cure = "give it rate neurons, or take it out of the way between input and target"
            yield Problem(place, what, cure, (population.id,))
        elif trained:
            curve = str(value_of(population, trained["curve"]))
            for name, wanted in getattr(model, "plain", {}).get(curve, {}).items():
                if not np.allclose(np.asarray(value_of(population, name), np.float64), wanted):
                    what = f"{name} of {population.label!r} is not {wanted:g}"
                    cure = f"a learner trains {curve} neurons with {name} = {wanted:g}"
                    yield Problem(place, what, cure, (population.id,))


def _alive(populations: Iterable[Population], learner: type[declare.Learner], place: str) -> Problems:
    """Populations that do not run by themselves in the way this learner needs."""
    for population in populations:
        model = model_of(population.model, "neuron")
        if missing := lacks(model, learner):
            told = ", ".join(missing)
            what = f"{population.label!r} ({population.model}) lacks what it works with ({told})"
            fitting = [each.label for each in registry.all("neuron") if not lacks(each, learner)]
            yield Problem(place, what, f"make it of {' or '.join(fitting)} neurons", (population.id,))


def lacks(model: Any, learner: type[declare.Learner]) -> list[str]:
    """What a neuron model does not offer a learner that lets it run: words to read, ways to be driven."""
    seen = getattr(model, "in_time", {})
    heard = {"ex", "in_", "current", *getattr(model, "receives", ()), *getattr(model, "currents", ())}
    found = [name for name in learner.reads_neurons if name not in seen]
    return found + [name for name in learner.runs if not seen or name not in heard]


def _feedback(net: Circuit, found: Shape, place: str, wanted: str, task: Task) -> Problems:
    """Feedback synapses that the learner needs and nobody drew, or that are not the mirror of the others."""
    back = [net.projections[id] for id in found.feedback]
    aims = {p.post for p in back if wanted != "direct" or p.pre == task.outputs}
    for id in found.forward:
        way = net.projections[id]
        if found.depth[way.pre] == 0:
            continue
        if way.pre not in aims:
            pre, post = (net.populations[side].label for side in (way.pre, way.post))
            source = net.populations[task.outputs].label if wanted == "direct" and task.outputs else post
            what = f"no feedback synapses lead from {source!r} to {pre!r}"
            mirror = " with the weights of " + repr(way.label) if wanted == "symmetric" else ""
            yield Problem(place, what, f"draw them{mirror}: net.add_feedback(...)", (way.id,))
        elif wanted == "symmetric" and not is_mirrored(net, way):
            what = f"it needs equal weights both ways, and the feedback of {way.label!r} has others"
            yield Problem(place, what, "give each feedback synapse its partner's weight", (way.id,))
    for id in found.lateral if wanted == "symmetric" else ():
        way = net.projections[id]
        if not is_mirrored(net, way):
            what = f"it needs equal weights both ways, and those of {way.label!r} differ"
            yield Problem(place, what, "give each synapse its partner's weight", (way.id,))


def is_mirrored(net: Circuit, way: Projection) -> bool:
    """Whether every synapse has a partner that runs the other way with the same weight."""
    there: dict[tuple[int, int], float] = {}
    for other in net.projections.values():
        if (other.pre, other.post) == (way.post, way.pre):
            t = other.synapses
            there.update(
                zip(zip(t.post.tolist(), t.pre.tolist(), strict=True), t.weight.tolist(), strict=True)
            )
    t = way.synapses
    mine = zip(zip(t.pre.tolist(), t.post.tolist(), strict=True), t.weight.tolist(), strict=True)
    return bool(all(pair in there and np.isclose(there[pair], w, 1e-9, 1e-12) for pair, w in mine))
