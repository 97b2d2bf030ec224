"""Puts tasks and learners into a circuit: what a card of the palette draws when it is used.

Qt-free.  A task on a canvas without rate neurons brings a layered network of its size; a learner that needs
feedback synapses draws those that are missing.  Everything is one edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Learner as DeclaredLearner
from engine.declare import Level, level
from engine.network import SynapseTable
from engine.network.columns import Value, places
from engine.network.edits import AddPopulation, AddProjection, AddSynapses, Edit, RemoveTask, together
from engine.network.edits.teaching import AddLearner, AddTask
from engine.network.network import Network
from engine.network.parts import Learner, Population, Projection, Task
from engine.network.shape import shape
from engine.network.teaching import lacks, untrainable

APART = 300.0
"""um between two layers."""
PITCH = 36.0
"""um between two neurons of a layer."""
Answer = Edit | str


def rate_model() -> str:
    """The neuron model learners train: the first with a curve and a bias."""
    return next(m.slug for m in registry.all("neuron") if {"curve", "bias"} <= set(m.params))


def spiking_models() -> tuple[str, str, str]:
    """What is drawn for a task in spikes: the neuron that repeats them, the one that spikes, the readout.

    The two are such as one learner can let run beside each other.
    """
    relay = next(m.slug for m in registry.all("neuron") if getattr(m, "is_relay", False))
    pairs = (_alive(registry.find(m.slug, "learner")) for m in registry.all("learner"))
    spikes, readout = next(pair for pair in pairs if all(pair))
    return relay, spikes, readout


def _alive(learner: type[DeclaredLearner]) -> tuple[str, str]:
    """The neurons that spike and the readout that a learner can let run; "" where there are none."""
    neurons = [registry.find(m.slug, "neuron") for m in registry.all("neuron")]
    fitting = [own for own in neurons if learner.runs and not lacks(own, learner)]
    spikes, readout = (
        next((own.slug for own in fitting if ("x" in own.in_time) is is_readout), "")
        for is_readout in (False, True)
    )
    return spikes, readout


def trainable(net: Network) -> list[Population]:
    """The populations that learners can train, and relays that lead to such as run by their own model."""
    found, relays = [], []
    for population in net.populations.values():
        model = registry.find(population.model) if registry.knows(population.model) else None
        if model is None:
            continue
        if {"curve", "bias"} <= set(model.params) or getattr(model, "in_time", {}):
            found.append(population)
        elif getattr(model, "is_relay", False):
            relays.append(population)
    alive = {p.id for p in found if registry.find(p.model, "neuron").in_time}
    before = {way.pre for way in net.projections.values() if way.post in alive}
    return [*(p for p in relays if p.id in before), *found]


def task(net: Network, slug: str, at: tuple[float, float] = (0.0, 0.0)) -> Answer:
    """Give the circuit a task in the place of the one it had; where nothing could, draw a network."""
    model = registry.find(slug, "task")
    edits: list[Edit] = [RemoveTask(id) for id in net.tasks]
    there = trainable(net)
    if there:
        ends = ends_of(net, there)
        if isinstance(ends, str):
            return f"{model.label}: {ends}"
        record = Task(net.ids.one(), model.label, slug, ends[0], ends[1])
        return together([*edits, AddTask(record)], f"add {model.label}")
    inputs, targets = model.sizes(model.row())
    levels = model.levels or usual_levels(inputs or 4)
    drawn, ends = layers(net, inputs or 4, levels, targets or 1, at, model.in_spikes)
    record = Task(net.ids.one(), model.label, slug, *ends)
    edits += [*drawn, AddTask(record)]
    edits += fitting_learner(net, edits, record)
    return together(edits, f"draw a network for {model.label}")


def fitting_learner(net: Network, drawn: list[Edit], job: Task) -> list[Edit]:
    """The first learner that can train what these edits draw, the usual one first; none if one is there."""
    then = net.copy()
    then.ids = net.ids
    for edit in drawn:
        edit.apply(then)
    if any(_can_train(then, own, job) for own in net.learners.values()):
        return []
    for model in sorted(registry.all("learner"), key=lambda model: not model.usual):
        record = Learner(net.ids.one(), model.label, model.slug)
        edits = [*_feedback(then, job, registry.find(model.slug, "learner")), AddLearner(record)]
        trial = then.copy()
        for edit in edits:
            edit.apply(trial)
        if _can_train(trial, record, job):
            return edits
    return []


def _can_train(net: Network, record: Learner, job: Task) -> bool:
    return not any(True for _ in untrainable(net, record, job))


def usual_levels(inputs: int) -> tuple[Level, ...]:
    """What is drawn above so many inputs where a task does not say it: one population, and the target."""
    return level(hidden_size(inputs)), level()


def hidden_size(inputs: int) -> int:
    """How many hidden neurons are drawn for so many inputs."""
    return 4 if inputs <= 4 else 16 if inputs <= 16 else 32


def ends_of(net: Network, there: list[Population]) -> tuple[int, int] | str:
    """The population nothing leads to and the one that leads nowhere, or what is missing."""
    ids = {p.id for p in there}
    ways = [p for p in net.projections.values() if p.pre in ids and p.post in ids and p.pre != p.post]
    begins = [i for i in ids if not any(w.post == i for w in ways)]
    ends = [i for i in ids if not any(w.pre == i for w in ways)]
    old = next(iter(net.tasks.values()), None)
    if old is not None and old.inputs in ids and old.outputs in ids:
        return old.inputs, int(old.outputs or 0)
    if len(begins) != 1 or len(ends) != 1 or begins == ends:
        return "draw rate neurons in layers first, so that one population is the input and another the target"
    return begins[0], ends[0]


def layers(
    net: Network,
    inputs: int,
    levels: tuple[Level, ...],
    targets: int,
    at: tuple[float, float],
    in_spikes: bool = False,
) -> tuple[list[Edit], tuple[int, int]]:
    """An input and the levels above it around a point, wired all to all; with small random weights mostly.

    With `in_spikes` a relay, spiking neurons and a readout stand where rate neurons would.
    """
    relay, within, last = spiking_models() if in_spikes else (rate_model(),) * 3
    transmission = _transmission(within)
    luck = np.random.Generator(np.random.Philox(key=[net.seed, 0x7EAC]))
    hidden = [f"Hidden {k}" if len(levels) > 2 else "Hidden" for k in range(1, len(levels))]
    edits: list[Edit] = []
    layers: list[Population] = []
    left = at[0] - APART * len(levels) / 2
    for k, (name, one) in enumerate(zip(("Input", *hidden, "Target"), (level(inputs), *levels), strict=True)):
        size = one.size or targets
        where = _grid(size) + np.array([left + APART * k, at[1]])
        slug = relay if not k else last if k == len(levels) else within
        model = registry.find(slug, "neuron")
        own: dict[str, Value] = {**model.presets.get(one.preset, {})}
        own |= {model.trained["curve"]: one.curve} if one.curve else {}
        record = Population(
            net.ids.one(), _free(net, name), slug, 0, own, neuron_ids=net.ids.fresh(size),
            positions=places(np.column_stack([where, np.zeros(size)])), frozen=not one.biased,
        )  # fmt: skip
        layers.append(record)
        edits.append(AddPopulation(record))
    for (pre, post), above in zip(pairwise(layers), levels, strict=True):
        for source in (pre, post) if above.within else (pre,):
            weight = _weights(luck, source, post, above.weight)
            edits += _wired(net, source, post, transmission, weight, frozen=above.frozen)
    return edits, (layers[0].id, layers[-1].id)


def _weights(
    luck: np.random.Generator, pre: Population, post: Population, alike: float | None
) -> NDArray[np.float64]:
    """The weights of every pair: all alike, or small random ones where that is None."""
    size = len(pre), len(post)
    return luck.normal(0.0, len(pre) ** -0.5, size) if alike is None else np.full(size, alike)


def _wired(
    net: Network,
    one: Population,
    two: Population,
    transmission: str,
    weight: NDArray[np.float64],
    label: str = "",
    frozen: bool = False,
) -> list[Edit]:
    """A projection with a synapse of every neuron of `one` onto every other neuron of `two`."""
    record = Projection(
        net.ids.one(),
        label or f"{one.label} to {two.label}",
        one.id,
        two.id,
        transmission,
        synapses=SynapseTable(),
        frozen=frozen,
    )
    pre, post = np.meshgrid(one.neuron_ids, two.neuron_ids, indexing="ij")
    others = pre != post
    pre, post, weight = pre[others], post[others], weight[others]
    delay = np.full(pre.size, max(1.0, net.dt))
    synapses = AddSynapses(record.id, net.ids.fresh(pre.size), pre, post, weight, delay)
    return [AddProjection(record), synapses]


def _transmission(model: str) -> str:
    receives = registry.find(model, "neuron").receives
    fitting = [m for m in registry.all("transmission") if getattr(m, "gives", "") in receives and not m.hooks]
    return next((m.slug for m in fitting if m.usual), fitting[0].slug)


def _grid(size: int) -> NDArray[np.float64]:
    """A square of neurons where there are many, a column where there are few; around (0, 0), read by rows."""
    side = round(size**0.5)
    across = side if size > 12 and side * side == size else (1 if size <= 12 else 4)
    down = -(-size // across)
    k = np.arange(size)
    pitch = PITCH if size <= 40 else PITCH * 0.72
    x, y = (k % across) - (across - 1) / 2, (down - 1) / 2 - k // across
    return np.column_stack([x, y]) * pitch


def _free(net: Network, label: str) -> str:
    taken = {p.label for p in net.populations.values()}
    return (
        label
        if label not in taken
        else next(f"{label} {n}" for n in range(2, 10_000) if f"{label} {n}" not in taken)
    )


def learner(net: Network, slug: str) -> Answer:
    """Let one more learner run, with the feedback synapses it needs if they are not drawn yet."""
    model = registry.find(slug, "learner")
    if not net.tasks:
        return f"{model.label} needs a task: use one of the palette first."
    if any(record.model == slug for record in net.learners.values()):
        return f"{model.label} is among the learners already."
    record = Learner(net.ids.one(), model.label, slug)
    job = next(iter(net.tasks.values()))
    edits = [*_feedback(net, job, model), AddLearner(record)]
    return together(edits, f"learn by {model.label}")


def _feedback(net: Network, job: Task, model: type[DeclaredLearner]) -> list[Edit]:
    """The feedback synapses a learner needs and nobody drew: mirrored, step by step, or direct."""
    wanted = model.feedback_from
    if not wanted:
        return []
    found = shape(net, job)
    there = {net.projections[id].post for id in found.feedback}
    luck = np.random.Generator(np.random.Philox(key=[net.seed, 0xFEED]))
    edits: list[Edit] = []
    for id in found.forward:
        way = net.projections[id]
        low, high = net.populations[way.pre], net.populations[way.post]
        if found.depth[low.id] == 0 or low.id in there:
            continue
        source = net.populations[job.outputs] if wanted == "direct" and job.outputs is not None else high
        label = f"{source.label} back to {low.label}"
        if wanted == "symmetric":
            table = way.synapses.sorted()
            back = Projection(
                net.ids.one(), label, high.id, low.id, way.transmission, synapses=SynapseTable()
            )
            ids = net.ids.fresh(len(table["id"]))
            drawn = AddSynapses(back.id, ids, table["post"], table["pre"], table["weight"], table["delay"])
            edits += [AddProjection(back), drawn]
        else:
            weight = _weights(luck, source, low, model.feedback_weight)
            edits += _wired(net, source, low, way.transmission, weight, label)
    return edits


def troubles(net: Network) -> dict[int, str]:
    """By learner: why it cannot train what is drawn; "" where it can."""
    job = next(iter(net.tasks.values()), None)
    if job is None:
        return {}
    return {
        id: "; ".join(str(p) for p in untrainable(net, record, job)) for id, record in net.learners.items()
    }


def learned(net: Network, after: Network, label: str) -> Edit | None:
    """The edit that gives the drawn network the weights and biases a runner has learned."""
    from engine.network.edits import SetParams, SetSynapses

    edits: list[Edit] = []
    for id, projection in after.projections.items():
        mine = net.projections.get(id)
        if mine is None:
            continue
        ids = projection.synapses.id
        here = mine.synapses.has(ids)
        new, old = projection.synapses.weight[here], mine.synapses.take(ids[here])["weight"]
        changed = new != old
        if changed.any():
            edits.append(SetSynapses(ids[here][changed], "weight", new[changed]))
    for id, population in after.populations.items():
        bias: Any = population.params.get("bias")
        if (
            id in net.populations
            and bias is not None
            and not np.array_equal(bias, net.populations[id].params.get("bias", 0.0))
        ):
            edits.append(SetParams(np.array([id]), {"bias": bias}))
    return together(edits, f"keep what {label} learned") if edits else None


@dataclass(frozen=True)
class Passing:
    """What passes over some projections in a phase: `turn` counts from 0, all of one turn pass together."""

    projections: tuple[int, ...]
    turn: int
    way: int
    """1 with the arrows, -1 against them, 0 to all at once."""
    role: str
    locked: bool = False


def passing(net: Network, job: Task, model: type[Any], phase: Any) -> list[Passing]:
    """What a phase of a learner sends where, in the order in which it is sent.

    Values run with the arrows, depth by depth; errors run back over drawn feedback synapses where the learner
    has some, and else against the arrows, which only a lock on every weight allows; a reward reaches all.
    """
    found = shape(net, job)
    forward = _by_depth(net, found, found.forward)
    if phase.does == "forward":
        return [Passing(ids, turn, 1, "excitatory") for turn, ids in enumerate(forward)]
    if phase.does == "judge":
        return [Passing(tuple(found.forward), 0, 0, "modulatory")]
    if phase.does == "settle":
        ways = [Passing(tuple(found.forward), 0, 1, "excitatory")]
        return [*ways, Passing(tuple(found.feedback), 0, 1, "inhibitory")] if found.feedback else ways
    if phase.does != "backward":
        return []
    if "backward" in model.hooks:
        upper = [tuple(i for i in ids if found.depth[net.projections[i].pre] > 0) for ids in forward[::-1]]
        return [Passing(ids, turn, -1, "danger", True) for turn, ids in enumerate(upper) if ids]
    back = _by_depth(net, found, found.feedback)[::-1]
    return [Passing(ids, turn, 1, "danger") for turn, ids in enumerate(back)]


def _by_depth(net: Network, found: Any, projections: list[int]) -> list[tuple[int, ...]]:
    depths = sorted({found.depth[net.projections[id].pre] for id in projections})
    return [tuple(id for id in projections if found.depth[net.projections[id].pre] == d) for d in depths]


@dataclass(frozen=True)
class TwoPhases:
    """The state that remembers the first phase of a learner; the colours of that phase and of the last."""

    kept: str
    first: str
    last: str


def two_phases(model: type[Any]) -> TwoPhases | None:
    """What a neuron of this learner remembers of the first phase; None for one that remembers nothing."""
    for phase in model.phases:
        kept = next((new for new, old in phase.keep if old == "x"), "")
        if kept:
            later = [p for p in model.phases if p.does == "settle" and p is not phase]
            return TwoPhases(kept, phase.colour, later[-1].colour if later else phase.colour)
    return None
