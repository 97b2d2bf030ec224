"""The edit that a card makes where it is dropped: a neuron here, an input on these, a rule on that.

Qt-free.  Every function returns an edit, or the reason in words why there is none; nothing is changed.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from editor.drawing import teaching
from editor.drawing.clippings import free_label
from editor.drawing.next_drawn import NextDrawn, NextSynapse, label_of
from editor.drawing.usual import usual
from editor.inspector.subjects import population_row
from editor.palette.cards import PROBE, WIRING, Card
from editor.selection import Ids
from engine import registry
from engine.errors import UsageError
from engine.network.columns import places
from engine.network.edits import (
    AddInput,
    AddModulator,
    AddNeurons,
    AddPopulation,
    AddProbe,
    AddProjection,
    AddSynapses,
    Compound,
    Edit,
    SetRules,
    together,
)
from engine.network.luck import Luck
from engine.network.network import Network
from engine.network.parts import Input, Modulator, Population, Probe, Projection, RuleUse
from engine.network.patterns import PATTERNS, Sides, draw

Answer = Edit | str

SPACING = 45.0
"""um between the neurons of a stamped population."""
ROOM = 2.0
"""How far above its first weight a projection lets weights grow."""
PATTERN_DEFAULTS: dict[str, Any] = {
    "p": 0.1, "n": 10, "k": 4, "profile": "gaussian", "p0": 0.5, "scale": 100.0,
}  # fmt: skip

NOUN = {1: "Excitatory", -1: "Inhibitory"}


def neurons(net: Network, coming: NextDrawn, at: ArrayLike, *, joins: bool = True) -> Answer:
    """Place neurons of the kind that comes next at these positions (um).

    They join the population chosen for single neurons if it fits; otherwise they are a population.
    """
    positions = places(at)
    model = registry.find(coming.neuron, "neuron")
    home = net.populations.get(coming.population)
    if joins and home is not None and home.model == model.slug and home.sign == coming.sign:
        return AddNeurons(home.id, net.ids.fresh(len(positions)), positions)
    label = model.label if getattr(model, "is_relay", False) else NOUN[coming.sign]
    record = Population(
        net.ids.one(), free_label(net, label), model.slug, coming.sign,
        neuron_ids=net.ids.fresh(len(positions)), positions=positions,
    )  # fmt: skip
    return AddPopulation(record)


def population(net: Network, coming: NextDrawn, middle: tuple[float, float], size: int = 0) -> Answer:
    """Stamp a population around a point: a disc of evenly spread neurons."""
    return neurons(net, coming, disc(size or coming.size, middle), joins=False)


def disc(size: int, middle: tuple[float, float], spacing: float = SPACING) -> Any:
    """Positions of `size` neurons in a sunflower around a point."""
    k = np.arange(size, dtype=np.float64)
    radius = spacing * 0.62 * np.sqrt(k)
    angle = k * np.pi * (3.0 - np.sqrt(5.0))
    return np.column_stack([middle[0] + radius * np.cos(angle), middle[1] + radius * np.sin(angle), 0.0 * k])


def place(net: Network, card: Card, coming: NextDrawn, at: tuple[float, float]) -> Answer:
    """Drop a card on empty canvas."""
    if card.kind == "neuron":
        taken = NextDrawn(card.slug, coming.sign, 0)
        return neurons(net, taken, [[*at, 0.0]])
    if card.kind == "astrocyte":
        label = free_label(net, label_of(card.slug))
        cell = Population(
            net.ids.one(), label, card.slug, 0, neuron_ids=net.ids.fresh(1), positions=places([[*at, 0.0]]),
            kind="astrocyte",
        )  # fmt: skip
        return AddPopulation(cell)
    if card.kind == "modulator":
        source, released = with_source(net, card.slug, at)
        return together([AddPopulation(source), AddModulator(released)], f"add {card.label}")
    if card.kind == "task":
        return teaching.task(net, card.slug, at)
    if card.kind == "learner":
        return teaching.learner(net, card.slug)
    if card.kind == "input":
        return _with_target(net, card, coming, at)
    where = {"rule": "a synapse or a projection", PROBE: "a neuron or a synapse"}.get(
        card.kind, "two neurons"
    )
    return f"{card.label} needs {where}: drop it on one, or select one first."


def attach(
    net: Network, card: Card, coming: NextDrawn, *, neurons: Ids, synapses: Ids, projections: Iterable[int]
) -> Answer:
    """Drop a card on things: give neurons an input, a projection a rule, a synapse a probe."""
    if card.kind == "rule":
        owners = np.unique(net.projection_of(synapses)).tolist() if len(synapses) else []
        return add_rule(net, card.slug, [*projections, *(id for id in owners if id)])
    if card.kind == PROBE:
        return probe(net, neurons, synapses)
    if card.kind == "input":
        return stimulus(net, card.slug, neurons)
    if card.kind == "modulator":
        return source(net, card.slug, neurons)
    if card.kind == "task":
        return teaching.task(net, card.slug)
    if card.kind == "learner":
        return teaching.learner(net, card.slug)
    if card.kind == "transmission":
        return "Select a projection and choose how its spikes arrive in the inspector."
    return f"{card.label} cannot be attached to what is selected."


def add_rule(net: Network, slug: str, projections: list[int]) -> Answer:
    """Give projections a rule they do not have yet."""
    edits: list[Edit] = []
    for id in dict.fromkeys(projections):
        record = net.projections.get(id)
        if record is not None and all(use.slug != slug for use in record.rules):
            edits.append(SetRules(id, (*record.rules, RuleUse(slug))))
    if not projections:
        return f"{label_of(slug)} needs a projection: select one, or a synapse of it."
    if not edits:
        return f"{label_of(slug)} is already in the stack."
    return Compound(tuple(edits), f"add {label_of(slug)}")


def probe(net: Network, neurons: Ids, synapses: Ids) -> Answer:
    """Record the first quantity that these neurons, or these synapses, have."""
    if len(neurons):
        owner = int(net.population_of(neurons[:1])[0])
        model = registry.find(net.populations[owner].model) if owner else None
        relay = getattr(model, "is_relay", False)
        what = "spikes" if model is None or relay or not model.states else next(iter(model.states))
        return AddProbe(Probe(net.ids.one(), what, neurons))
    if len(synapses):
        return AddProbe(Probe(net.ids.one(), "weight", synapses))
    return "A probe needs a neuron or a synapse: drop it on one, or select one first."


FEW = 20
"""Fewer neurons than this are looked at in slow motion."""
BRISK, EASY = 3.0, 0.9
"""mV that a spike of an input moves a neuron by: few neurons then fire 150 times a second, so that one sees
it at a hundredth of real time, many 20 times, as they would."""


def stimulus(net: Network, slug: str, neurons: Ids) -> Answer:
    """Give neurons an input, strong enough to be seen."""
    if not len(neurons):
        return f"{label_of(slug)} needs neurons: drop it on some, or select some first."
    model = registry.find(slug, "input")
    record = Input(net.ids.one(), _free_input_label(net, model.label), slug, neurons)
    if getattr(model, "gives", "spikes") == "spikes":
        owner = int(net.population_of(neurons[:1])[0])
        post = net.populations[owner]
        effect = BRISK if len(neurons) < FEW else EASY
        nearly = NextSynapse(usual("transmission"), effect=effect)
        record.weight = nearly.weight(post.model, population_row(post))
    return AddInput(record)


def source(net: Network, slug: str, neurons: Ids) -> Answer:
    """Let neurons release a modulator."""
    if not len(neurons):
        return f"{label_of(slug)} needs neurons that release it: drop it on some, or select some first."
    model = registry.find(slug, "modulator")
    taken = {record.label for record in net.modulators.values()}
    label = model.label if model.label not in taken else f"{model.label} {len(taken) + 1}"
    return AddModulator(Modulator(net.ids.one(), label, slug, neurons))


def projection_for(net: Network, pre: int, post: int, coming: NextSynapse) -> tuple[Projection, Edit | None]:
    """The projection a new synapse of this kind belongs to, and the edit that adds it if it is new."""
    stack = tuple(use.slug for use in coming.rules)
    for record in net.projections.values():
        same = (record.pre, record.post, record.transmission) == (pre, post, coming.transmission)
        if same and tuple(use.slug for use in record.rules) == stack:
            return record, None
    one, other = net.populations[pre], net.populations[post]
    size = coming.weight(other.model, population_row(other))
    record = Projection(
        net.ids.one(), free_label(net, f"{one.label} to {other.label}"), pre, post, coming.transmission,
        rules=coming.rules, w_max=float(f"{ROOM * size:.3g}"),
    )  # fmt: skip
    return record, AddProjection(record)


def wire(
    net: Network,
    pre: Ids,
    post: Ids,
    coming: NextSynapse,
    pattern: str = "all_to_all",
    params: dict[str, Any] | None = None,
    *,
    is_exact: bool = False,
) -> Answer:
    """Wire neurons to neurons with a pattern; as many projections as there are pairs of populations.

    Where neurons are wired among themselves their synapses share what the next one would do (see `shared`),
    unless `is_exact`.
    """
    pre, post = np.unique(pre), np.unique(post)
    pre_homes, post_homes = net.population_of(pre), net.population_of(post)
    edits: list[Edit] = []
    made = 0
    for one in np.unique(pre_homes[pre_homes != 0]).tolist():
        for other in np.unique(post_homes[post_homes != 0]).tolist():
            sides = pre[pre_homes == one], post[post_homes == other]
            parts = _wire_pair(net, *sides, coming, pattern, params, is_exact=is_exact)
            if isinstance(parts, str):
                return parts
            made += sum(len(edit.ids) for edit in parts if isinstance(edit, AddSynapses))
            edits += parts
    if not made:
        return "The pattern makes no synapse between these."
    return Compound(tuple(edits), "connect" if made == 1 else f"connect {made:,} synapses")


TOGETHER = 5.0
"""mV that all the synapses a neuron gets from neurons wired among themselves do at most together.  A hundred
usual neurons, a tenth of the pairs wired, fire 36 times a second with it, 130 with 12 mV and 270 unshared."""


def shared(effect: float, synapses: int, targets: int) -> float:
    """How far each of so many synapses onto so many neurons moves its target (mV): `effect`, or its share."""
    return min(effect, float(f"{TOGETHER * targets / max(synapses, 1):.2g}"))


def _wire_pair(
    net: Network,
    pre: Ids,
    post: Ids,
    coming: NextSynapse,
    pattern: str,
    params: dict[str, Any] | None,
    *,
    is_exact: bool,
) -> list[Edit] | str:
    one, other = net.population_of(pre[:1])[0], net.population_of(post[:1])[0]
    record, added = projection_for(net, int(one), int(other), coming)
    sides = Sides(
        len(pre), len(post), net.positions_of(pre), net.positions_of(post), np.array_equal(pre, post)
    )
    try:
        rows = draw(pattern, sides, Luck(net.seed, f"wiring {pattern}", record.id, len(record)),
                    **pattern_params(pattern, sides, params))  # fmt: skip
    except UsageError as refusal:
        return str(refusal)
    first, second = pre[rows[0]], post[rows[1]]
    if pattern != "one_to_one":
        apart = first != second
        first, second = first[apart], second[apart]
    if not len(first):
        return []
    target = net.populations[int(other)]
    if not is_exact and np.intersect1d(pre, post).size:
        coming = replace(coming, effect=shared(coming.effect, len(first), len(np.unique(second))))
    size = coming.weight(target.model, population_row(target))
    if added is not None:
        record = replace(record, w_max=float(f"{ROOM * size:.3g}"))
        added = AddProjection(record)
    elif record.rules and record.w_max > 0.0:
        size = min(size, record.w_max)
    sign = net.populations[int(one)].sign or 1
    gap = getattr(registry.find(coming.transmission), "gives", "") == "gap"
    weight = np.full(len(first), size if gap else sign * size)
    delay = np.full(len(first), max(coming.delay, net.dt))
    synapses = AddSynapses(record.id, net.ids.fresh(len(first)), first, second, weight, delay)
    return [added, synapses] if added is not None else [synapses]


def pattern_params(pattern: str, sides: Sides, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """The numbers a pattern takes, sensible ones where none are given."""
    names = [
        name for name, one in inspect.signature(PATTERNS[pattern]).parameters.items()
        if one.kind is inspect.Parameter.KEYWORD_ONLY
    ]  # fmt: skip
    params = {name: PATTERN_DEFAULTS[name] for name in names if name in PATTERN_DEFAULTS}
    if "n" in params:
        room = {"fixed_in": sides.pre, "fixed_out": sides.post}.get(pattern, sides.pre * sides.post)
        params["n"] = max(1, min(params["n"], room - (1 if sides.same else 0)))
    return {**params, **(given or {})}


def with_source(net: Network, slug: str, at: tuple[float, float]) -> tuple[Population, Modulator]:
    """A modulator that is put down comes with a neuron that releases it."""
    label = label_of(slug)
    record = Population(
        net.ids.one(), free_label(net, f"{label} source"), usual("neuron"),
        neuron_ids=net.ids.fresh(1), positions=places([[*at, 0.0]]),
    )  # fmt: skip
    return record, Modulator(net.ids.one(), label, slug, record.neuron_ids)


def _with_target(net: Network, card: Card, coming: NextDrawn, at: tuple[float, float]) -> Answer:
    """A spike input on empty canvas comes with a relay that passes its spikes on."""
    model = registry.find(card.slug, "input")
    relays = [one.slug for one in registry.all("neuron") if getattr(one, "is_relay", False)]
    if getattr(model, "gives", "spikes") != "spikes" or not relays:
        return f"{card.label} needs neurons: drop it on some, or select some first."
    record = Population(
        net.ids.one(), free_label(net, card.label), relays[0], coming.sign,
        neuron_ids=net.ids.fresh(1), positions=places([[*at, 0.0]]),
    )  # fmt: skip
    given = Input(net.ids.one(), _free_input_label(net, card.label), card.slug, record.neuron_ids)
    if "rate" in model.params:
        given.params = {"rate": 20.0}
    return together([AddPopulation(record), AddInput(given)], f"add {card.label}")


def _free_input_label(net: Network, label: str) -> str:
    taken = {record.label for record in net.inputs.values()}
    return label if label not in taken else f"{label} {len(taken) + 1}"


def is_pattern(card: Card) -> bool:
    """Whether a card wires many at once."""
    return card.kind == WIRING
