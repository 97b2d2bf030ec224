"""Which generated kernels a network needs: plain names from which each module can be written anew.

A recipe travels to another process as JSON, so that a child can compile what this process will import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from engine import registry, written
from engine.declare import Astrocyte, Declaration, Input, Modulator, Neuron, Rule, Transmission
from engine.kernels import (
    flow_loops,
    fuse,
    growth_loops,
    loops,
    neuron_loops,
    release_loops,
    shared_loops,
)
from engine.kernels.eager_loops import EagerLoops
from engine.kernels.fuse import Kernel
from engine.kernels.stack import OWNER

COMMON: dict[str, Callable[[str], tuple[Kernel, ...]]] = {
    "probe": lambda real: (shared_loops.probe(real),),
    "glia": lambda real: (shared_loops.keep(real), shared_loops.gather(real)),
    "release": lambda real: (release_loops.tally(), release_loops.hear()),
    "maths": lambda real: (shared_loops.maths(),),
    "chance": lambda real: (shared_loops.chance(),),
}
"""Small loops that go with no model, by what a network must have to need them; all need the exchange.

"maths" and "chance" run nowhere: with them the functions that hooks call are compiled, once for all kernels.
"""


KEPT = 512
"""Stacks and texts that are remembered: a circuit may have hundreds of projections of the same kind."""


@lru_cache(KEPT)
def _stack(models: tuple[type[Declaration], ...], real: str, options: tuple[str, ...]) -> EagerLoops:
    """A transmission and its rules; what they find out about their cards is found out once."""
    transmission, *rules = models
    assert issubclass(transmission, Transmission)
    cards = tuple(rule for rule in rules if issubclass(rule, Rule))
    switches = ("glia", "watched", "event", "owned", "unsigned")
    return EagerLoops(transmission, cards, real, *(name in options for name in switches))


@lru_cache(KEPT)
def _kernels(
    kind: str, models: tuple[type[Declaration], ...], real: str, options: tuple[str, ...]
) -> tuple[Kernel, ...]:
    """The kernels of a recipe whose models have been found."""
    if kind == "stack":
        return _stack(models, real, options).kernels()
    if kind == "common":
        return COMMON[options[0]](real) if options else (shared_loops.exchange(),)
    (model,) = models
    if kind == "flow":
        assert issubclass(model, Transmission)
        return (flow_loops.flow(model, real),)
    if kind == "growth":
        return growth_loops.kernels(model)
    if issubclass(model, Modulator):
        return (release_loops.emit(model),)
    if issubclass(model, Input):
        return (loops.stimulus(model, real),)
    assert issubclass(model, Neuron)
    if kind == "derive":
        return (loops.derive(model),)
    return (neuron_loops.neuron(model, "shared" in options, real),)


@dataclass(frozen=True)
class Recipe:
    """One generated module; or ("loops") one of ours, or a part of it, with `prepare()` and `is_ready()`.

    `kind` is "derive", "neuron", "input", "modulator", "stack", "flow", "growth" or "common"; `slugs` are the
    models it is written from; `options` what else decides its text ("shared", "glia", "watched", "unsigned").
    """

    kind: str
    slugs: tuple[str, ...]
    real: str
    options: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """What the module is made of, in words: the first part of its name."""
        return " ".join([self.kind, *self.slugs, self.real, *self.options])

    @property
    def label(self) -> str:
        """What waits for it, in a person's words: the last of its models; "" where all circuits do."""
        if self.kind == "loops":
            return LOOPS.get(self.slugs[0], "")
        return str(registry.find(self.slugs[-1]).label) if self.slugs else ""

    def stack(self) -> EagerLoops:
        """The stack a "stack" recipe describes."""
        return _stack(self._models(), self.real, self.options)

    def _models(self) -> tuple[type[Declaration], ...]:
        kinds = ("transmission", *("rule",) * len(self.slugs)) if self.kind == "stack" else (None,)
        return tuple(registry.find(slug, kind) for slug, kind in zip(self.slugs, kinds, strict=False))

    def kernels(self) -> tuple[Kernel, ...]:
        """The module's kernels as text."""
        return _kernels(self.kind, self._models(), self.real, self.options)

    def module(self) -> ModuleType:
        """The imported module: compiled now, or taken from the cache."""
        if self.kind == "loops":
            own = import_module(self.slugs[0])
            own.prepare(*self.options)
            return own
        return fuse.compiled(self.about, self.kernels())

    def is_ready(self) -> bool:
        """Whether importing it takes no compilation."""
        if self.kind == "loops":
            return bool(import_module(self.slugs[0]).is_ready(*self.options))
        return fuse.may_be_cached(self.about) and fuse.is_cached(self.about, self.kernels())

    def to_json(self) -> dict[str, Any]:
        """Plain values; rules written in the program travel with what they are made of."""
        return {**asdict(self), "written": [text for slug in self.slugs if (text := written.text_of(slug))]}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Recipe:
        """The recipe that `to_json` wrote."""
        for text in values.get("written", ()):
            written.learn(text)
        return cls(values["kind"], tuple(values["slugs"]), values["real"], tuple(values["options"]))


DRIVER = Recipe("loops", ("engine.kernels.driver",), "float64")
"""The loops that call every kernel, which are the same for all circuits."""


POOLS = Recipe("loops", ("engine.runtime.pools",), "float64")
"""The loops through which synapses come and go: for rules of structure, and for whoever draws into a run."""
LOOPS = {POOLS.slugs[0]: "growth and pruning"}
"""What loops of our own are for, where it is not every circuit."""


def derive(model: str) -> Recipe:
    """The kernel that computes the constants of a population; always in double precision."""
    return Recipe("derive", (model,), "float64")


def neuron(model: str, params: Iterable[Any], real: str) -> Recipe:
    """The kernel of a population; neurons that differ in a parameter read it one by one."""
    shared = not any(isinstance(value, np.ndarray) for value in params)
    return Recipe("neuron", (model,), real, ("shared",) if shared else ())


def stack(
    transmission: str,
    rules: Iterable[str],
    real: str,
    glia: bool,
    watched: bool,
    event: bool = False,
    owned: bool = False,
    unsigned: bool = False,
) -> Recipe:
    """The kernels of a projection; `rules` in pipeline order."""
    given = {"glia": glia, "watched": watched, "event": event, "owned": glia and owned, "unsigned": unsigned}
    options = tuple(name for name, is_so in given.items() if is_so)
    return Recipe("stack", (transmission, *rules), real, options)


def alone(rule: type[Rule]) -> list[Recipe]:
    """What a rule needs by itself: the kernels of synapses that carry it, and those that make some."""
    found = [stack("current_exp", (rule.slug,), "float64", glia=True, watched=False)]
    return found + ([Recipe("growth", (rule.slug,), "float64")] if growth_loops.makes_synapses(rule) else [])


def owns(projection: Any) -> bool:
    """Whether some synapses of a projection name an astrocyte of their own."""
    return OWNER in projection.synapses.extra


def is_unsigned(projection: Any, pre: Any) -> bool:
    """Whether its spikes come from neurons without a sign; what flows has one number for both."""
    return not pre.sign and not registry.find(projection.transmission, "transmission").carries


def learns_from(projection: Any, post: Any) -> str:
    """The event of the post neurons that a projection learns from; "" for their spikes."""
    chosen = str(projection.learns_from or getattr(post, "learns_from", ""))
    return chosen if chosen in getattr(post, "events", ()) else ""


def in_order(rules: Iterable[Any]) -> list[Any]:
    """The enabled cards of a stack (each with `slug` and `enabled`), in pipeline order."""
    stages = Rule.stages
    return sorted(
        (use for use in rules if use.enabled),
        key=lambda use: stages.index(registry.find(use.slug, "rule").stage),
    )


def of(network: Any, watched: bool = False) -> list[Recipe]:
    """Everything a simulation of `network` will import."""
    real = "float32" if network.precision == "single" else "float64"
    is_glial = any(
        issubclass(registry.find(population.model), Astrocyte) for population in network.populations.values()
    )
    has = {"probe": network.probes, "glia": is_glial, "release": network.modulators}
    found = [DRIVER, Recipe("common", (), real)]
    found += [Recipe("common", (), real, (group,)) for group, is_needed in has.items() if is_needed]
    for population in network.populations.values():
        model = registry.find(population.model)
        own = [value for name, value in population.params.items() if name in model.params]
        found += [derive(population.model), neuron(population.model, own, real)]
    found += [Recipe("input", (given.model,), real) for given in network.inputs.values()]
    found += [Recipe("modulator", (given.model,), real) for given in network.modulators.values()]
    for projection in network.projections.values():
        found += of_projection(network, projection, projection.rules, watched)
    return list(dict.fromkeys(found))


def of_projection(network: Any, projection: Any, rules: Iterable[Any], watched: bool = False) -> list[Recipe]:
    """What a projection of `network` will import under these rules (each with `slug` and `enabled`)."""
    real = "float32" if network.precision == "single" else "float64"
    if "flow" in registry.find(projection.transmission).hooks:
        return [Recipe("flow", (projection.transmission,), real)]
    slugs = [use.slug for use in in_order(rules)]
    whole = stack(
        projection.transmission,
        slugs,
        real,
        projection.astrocytes is not None,
        watched,
        bool(learns_from(projection, registry.find(network.populations[projection.post].model))),
        owns(projection),
        is_unsigned(projection, network.populations[projection.pre]),
    )
    found = [whole]
    for rule in (registry.find(slug, "rule") for slug in slugs):
        found += [Recipe("growth", (rule.slug,), real)] if growth_loops.makes_synapses(rule) else []
        found += [POOLS] if rule.stage == "structure" else []
    return found
