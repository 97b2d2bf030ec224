"""Edits of every kind, drawn at random from what a network holds, with things that are gone among them.

The luck is given: hypothesis explores and shrinks, a seeded generator goes far.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

from engine.network import Network, Population, Projection, RuleUse
from engine.network import edits as every
from engine.network.edits import Compound, Edit, removal
from engine.network.ids import Ids
from engine.network.parts import Input, Learner, Modulator, Probe, Task

KINDS: list[type[Edit]] = sorted(
    {kind for kind in vars(every).values() if isinstance(kind, type) and issubclass(kind, Edit)} - {Edit},
    key=lambda kind: kind.__name__,
)
"""Every kind of edit there is, found where they are exported."""
GONE = 999_999


class Explored:
    """Luck from hypothesis, which tries the awkward first and makes a failing case small."""

    def __init__(self, data: Any) -> None:
        self.draw = data.draw

    def choose(self, options: list[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def several(self, options: list[Any], most: int) -> list[Any]:
        return self.draw(st.lists(st.sampled_from(options), max_size=most, unique=True)) if options else []

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def real(self, low: float, high: float) -> float:
        return self.draw(st.floats(low, high))

    def text(self) -> str:
        return self.draw(st.text(max_size=5))


class Seeded:
    """Luck from a seed, for long ways."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def choose(self, options: list[Any]) -> Any:
        return options[self.rng.integers(len(options))]

    def several(self, options: list[Any], most: int) -> list[Any]:
        count = int(self.rng.integers(min(most, len(options)) + 1))
        return [options[k] for k in self.rng.permutation(len(options))[:count]]

    def number(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))

    def real(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def text(self) -> str:
        return "".join(self.rng.choice(list("ab\u00e4 "), size=self.rng.integers(5)))


class Draw:
    """Draws the parts of an edit: things that are there, now and then one that is gone."""

    def __init__(self, net: Network, luck: Explored | Seeded) -> None:
        self.net, self.luck = net, luck
        self.choose, self.number, self.real, self.text = luck.choose, luck.number, luck.real, luck.text

    def flag(self) -> bool:
        return self.number(0, 1) == 1

    def one(self, shelf: Any) -> int:
        """The id of a record on a shelf, or one that is gone."""
        ids = list(shelf)
        return GONE if not ids or self.number(0, 19) == 0 else self.choose(ids)

    def some(self, ids: Any, most: int = 4) -> list[int]:
        """A few of these ids, in any order, perhaps one that is gone among them."""
        found = self.luck.several(np.asarray(ids).tolist(), most)
        return [*found, GONE] if self.number(0, 9) == 0 else found

    def at(self, count: int):
        return [[self.real(-500, 500) for _ in range(3)] for _ in range(count)]

    @property
    def neurons(self):
        return self.net.neuron_ids

    @property
    def synapses(self):
        return np.concatenate(
            [np.empty(0, np.int64), *(p.synapses.id for p in self.net.projections.values())]
        )

    def weights(self, projection: int, count: int):
        record = self.net.projections.get(projection)
        sign = (
            1
            if record is None or record.transmission == "gap_junction"
            else self.net.populations[record.pre].sign
        )
        return [(sign or 1) * self.real(0, 50) for _ in range(count)]


def add_population(d: Draw) -> Edit:
    count = d.number(0, 3)
    models = [("iaf_psc_exp", "neuron"), ("relay", "neuron"), ("astrocyte_li_rinzel", "astrocyte")]
    model, kind = d.choose(models)
    params = {"v_th": [-50.0 - k for k in range(count)], "tau_m": 12.0} if model == "iaf_psc_exp" else {}
    return every.AddPopulation(
        Population(
            d.net.ids.one(), d.text(), model, d.number(-1, 1), params, d.net.ids.fresh(count),
            np.array(d.at(count)).reshape(-1, 3), kind, d.flag(), d.text(), {"sign": d.text()}, d.flag(),
            [d.text() for _ in range(count)] if d.flag() else None,
        )
    )  # fmt: skip


def add_neurons(d: Draw) -> Edit:
    home, count = d.one(d.net.populations), d.number(0, 3)
    record = d.net.populations.get(home)
    params = {}
    if record is not None and record.model == "iaf_psc_exp" and d.flag():
        params["v_th"] = d.choose([-50.0, [-51.0] * count])
    names = tuple(d.text() for _ in range(count)) if d.flag() else None
    return every.AddNeurons(home, d.net.ids.fresh(count), np.array(d.at(count)).reshape(-1, 3), params, names)


def add_projection(d: Draw) -> Edit:
    pre, post = d.one(d.net.populations), d.one(d.net.populations)
    rules = d.choose([(), (RuleUse("stdp_pair", {"tau_pre": 30.0}),)])
    record = Projection(d.net.ids.one(), d.text(), pre, post, "current_exp", {}, rules, dendritic=0.5)
    if pre in d.net.populations and post in d.net.populations and d.flag():
        a, b = d.some(d.net.populations[pre].neuron_ids, 2), d.some(d.net.populations[post].neuron_ids, 2)
        count = min(len(a), len(b))
        sign = d.net.populations[pre].sign or 1
        weight = [sign * d.real(0, 50) for _ in range(count)]
        record.synapses.append(d.net.ids.fresh(count), a[:count], b[:count], weight, 1.0)
    return every.AddProjection(record)


def add_synapses(d: Draw, ids: Ids | None = None) -> Edit:
    projection = d.one(d.net.projections)
    record = d.net.projections.get(projection)
    pres = posts = d.neurons
    if record is not None:
        pres, posts = (d.net.populations[side].neuron_ids for side in (record.pre, record.post))
    pre, post = d.some(pres, 3), d.some(posts, 3)
    count = min(len(pre), len(post))
    columns = {}
    if record is not None and any(card.slug == "prune_weak" for card in record.rules) and d.flag():
        columns["weak_for"] = [float("nan") if d.flag() else d.real(0, 9) for _ in range(count)]
    new = d.net.ids.fresh(count) if ids is None else ids.fresh(count)
    delay = [d.real(0.1, 4.0) for _ in range(count)]
    return every.AddSynapses(
        projection, new, pre[:count], post[:count], d.weights(projection, count), delay, columns
    )


def set_synapses(d: Draw) -> Edit:
    projection = d.one(d.net.projections)
    record = d.net.projections.get(projection)
    ids = d.some(record.synapses.id if record is not None else d.synapses)
    column = d.choose(["weight", "delay", "weak_for"])
    if column == "weight":
        return every.SetSynapses(ids, column, d.weights(projection, len(ids)))
    values = [d.real(0.1, 4.0) for _ in ids]
    if column == "weak_for":
        values = [float("nan") if d.flag() else value for value in values]
    return every.SetSynapses(ids, column, values)


def move_synapses(d: Draw) -> Edit:
    target = d.one(d.net.projections)
    record = d.net.projections.get(target)
    fitting = [
        p.synapses.id
        for p in d.net.projections.values()
        if record is not None and (p.pre, p.post) == (record.pre, record.post)
    ]
    ids = np.concatenate(fitting) if fitting else d.synapses
    return every.MoveSynapses(d.some(ids), target)


OF_PROJECTIONS = [
    ("w_max", 500.0),
    ("dendritic", 0.0),
    ("frozen", True),
    ("enabled", False),
    ("stdp_pair.tau_pre", 33.0),
    ("stdp_pair.tau_pre", None),
    ("tau_rec", 500.0),
    ("astrocytes", None),
]


def set_params(d: Draw) -> Edit:
    which = d.number(0, 8)
    lif = [p for p in d.net.populations.values() if p.model == "iaf_psc_exp"]
    if which <= 2 and lif:
        population = d.choose(lif)
        value = d.choose([None, -53.0, "each"])
        if which == 0:
            each = [-51.0 - k for k in range(len(population))]
            return every.SetParams(population.id, {"v_th": each if value == "each" else value})
        ids = d.some(population.neuron_ids, 4)
        each = [d.real(-54, -40) for _ in ids]
        return every.SetParams(ids, {"v_th": each if value == "each" else value, "v": -60.0})
    if which == 8:
        values = {d.choose(["enabled", "frozen"]): d.flag(), "clamped": d.choose([None, False])}
        return every.SetParams(d.some(d.neurons, 4), values)
    if which == 3:
        values = {"passes": d.flag(), "group": d.text(), "frozen": d.flag(), "notes": {"a": d.text()}}
        record = d.net.populations.get(home := d.one(d.net.populations))
        if record is not None and d.flag():
            values["names"] = d.choose([None, tuple("x" for _ in range(len(record)))])
        return every.SetParams(home, values)
    if which == 4:
        name, value = d.choose(OF_PROJECTIONS)
        return every.SetParams(d.one(d.net.projections), {name: value})
    if which == 5:
        return every.SetParams(
            d.one(d.net.inputs), {"delay": d.real(0, 5), "enabled": d.flag(), "weight": 3.0}
        )
    if which == 6:
        return every.SetParams(d.one(d.net.probes), {"every": d.choose([0.5, 1.0, 2.0])})
    values = {"delay": d.real(0.1, 5), "amount": d.real(0, 9), "enabled": d.flag()}
    return every.SetParams(d.one(d.net.modulators), values)


def add_input(d: Draw) -> Edit:
    targets = d.some(d.neurons)
    rate = [d.real(0, 1e4) for _ in targets] if d.flag() else d.real(0, 1e4)
    return every.AddInput(
        Input(
            d.net.ids.one(),
            d.text(),
            "poisson",
            targets,
            {"rate": rate},
            {},
            d.real(-9, 9),
            d.real(0, 9),
            d.flag(),
        )
    )


def add_probe(d: Draw) -> Edit:
    if d.flag():
        return every.AddProbe(Probe(d.net.ids.one(), "spikes", d.some(d.neurons), 1.0, d.text()))
    return every.AddProbe(Probe(d.net.ids.one(), "weight", d.some(d.synapses), "pre", d.text()))


def set_targets(d: Draw) -> Edit:
    shelf = d.choose([d.net.inputs, d.net.probes, d.net.modulators])
    thing = d.one(shelf)
    targets = d.some(d.synapses if d.net.probes.get(thing, Probe(0, "v")).what == "weight" else d.neurons)
    record = d.net.inputs.get(thing)
    columns = {}
    if record is not None and record.model == "poisson" and d.flag():
        columns["rate"] = [d.real(0, 100) for _ in targets]
    return every.SetTargets(thing, targets, columns)


def set_rules(d: Draw) -> Edit:
    slugs = d.luck.several(["scaling", "stdp_pair", "prune_weak", "receptors"], 4)
    return every.SetRules(d.one(d.net.projections), tuple(RuleUse(slug, {}, d.flag()) for slug in slugs))


def set_network(d: Draw) -> Edit:
    values = {"seed": d.number(0, 99), "title": d.text(), "notes": d.text(), "sweep": d.number(1, 99)}
    values |= {"precision": d.choose(["single", "double"]), "dt": d.choose([0.1, 0.05])}
    names = d.luck.several(sorted(values), 6)
    return every.SetNetwork({name: values[name] for name in names})


def compound(d: Draw) -> Edit:
    return Compound(tuple(any_edit(d) for _ in range(d.number(0, 3))), d.text())


def delete(d: Draw) -> Edit:
    """What the delete key does with a mixed selection."""
    records = [
        id for shelf in (d.net.projections, d.net.inputs, d.net.probes, d.net.populations) for id in shelf
    ]
    things = d.some(np.array(records, np.int64), 1)
    return removal(d.net, [*d.some(d.neurons, 2), *d.some(d.synapses, 2), *things])


DRAWN: dict[type[Edit], Callable[[Draw], Edit]] = {
    every.AddInput: add_input,
    every.AddLearner: lambda d: every.AddLearner(
        Learner(d.net.ids.one(), d.text(), "backprop", {"eta": d.real(0.01, 1)}, d.flag())
    ),
    every.AddTask: lambda d: every.AddTask(
        Task(d.net.ids.one(), d.text(), "table", d.one(d.net.populations), None, {}, {})
    ),
    every.RemoveLearner: lambda d: every.RemoveLearner(d.one(d.net.learners)),
    every.RemoveTask: lambda d: every.RemoveTask(d.one(d.net.tasks)),
    every.AddModulator: lambda d: every.AddModulator(
        Modulator(d.net.ids.one(), d.text(), "diffuse", d.some(d.neurons), {"amount": d.real(0, 9)}, 1.0)
    ),
    every.AddNeurons: add_neurons,
    every.AddPopulation: add_population,
    every.AddProbe: add_probe,
    every.AddProjection: add_projection,
    every.AddSynapses: add_synapses,
    every.Compound: compound,
    every.MoveNeurons: lambda d: every.MoveNeurons(
        ids := d.some(d.neurons), np.array(d.at(len(ids))).reshape(-1, 3)
    ),
    every.MoveSynapses: move_synapses,
    every.RemoveInput: lambda d: every.RemoveInput(d.one(d.net.inputs)),
    every.RemoveModulator: lambda d: every.RemoveModulator(d.one(d.net.modulators)),
    every.RemoveNeurons: lambda d: every.RemoveNeurons(d.some(d.neurons)),
    every.RemovePopulation: lambda d: every.RemovePopulation(d.one(d.net.populations)),
    every.RemoveProbe: lambda d: every.RemoveProbe(d.one(d.net.probes)),
    every.RemoveProjection: lambda d: every.RemoveProjection(d.one(d.net.projections)),
    every.RemoveSynapses: lambda d: every.RemoveSynapses(d.some(d.synapses, 3)),
    every.Rename: lambda d: every.Rename(
        d.one({**d.net.populations, **d.net.projections, **d.net.probes}), d.text()
    ),
    every.SetNetwork: set_network,
    every.SetParams: set_params,
    every.SetRules: set_rules,
    every.SetSynapses: set_synapses,
    every.SetTargets: set_targets,
    every.SetTransmission: lambda d: every.SetTransmission(
        d.one(d.net.projections), "tsodyks_markram", {"tau_rec": d.real(1, 900)}
    ),
}


OFTEN = {
    every.AddPopulation: 1,
    every.AddNeurons: 6,
    every.AddProjection: 8,
    every.AddSynapses: 16,
    every.RemovePopulation: 1,
    every.RemoveProjection: 1,
    every.RemoveNeurons: 1,
}
"""How often a kind is drawn, where it is not twice in a round."""


def any_edit(d: Draw) -> Edit:
    """An edit of any kind, so weighted that a long history neither empties the network nor fills it."""
    if d.number(0, 99) == 0:
        return delete(d)
    kinds = [kind for kind in KINDS if kind is not Compound]
    return DRAWN[d.choose([kind for kind in kinds for _ in range(OFTEN.get(kind, 2))])](d)
