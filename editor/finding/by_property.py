"""Finding by property: `rate > 20 Hz`, `degree >= 10 and model = izhikevich`, `weight > 5 pA`.

Qt-free.  Conditions are joined by "and"; all are about neurons, or all about synapses.  A rate is that of a
neuron's population over the last second, a weight counts without its sign, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.gestures.learned import weights_now
from editor.inspector.meaning import unit_of
from engine import registry, units
from engine.counting import counted
from engine.errors import UsageError, did_you_mean
from engine.network.declared import value_of
from engine.network.parts import SWITCHES, Population, Projection

OPERATORS: dict[str, Callable[..., Any]] = {
    ">=": np.greater_equal, "<=": np.less_equal, "!=": np.not_equal, "==": np.equal,
    ">": np.greater, "<": np.less, "=": np.equal,
}  # fmt: skip
_WRITTEN = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!="})
_CONDITION = re.compile(r"\s*([A-Za-z_][\w .]*?)\s*(>=|<=|!=|==|>|<|=)\s*(.*?)\s*", re.DOTALL)
_ASKS = re.compile(r"\w\s*(?:>=|<=|!=|[=>]|<(?!-))")
OF_NEURONS = ("model", "population", "group", "sign", "name", "rate", "degree", "fan_in", "fan_out", "x", "y")
OF_SYNAPSES = ("weight", "delay", "projection", "pre", "post", "transmission", "rule")
WHOLE = ("model", "population", "group", "sign", "rate")
"""What all neurons of a population share, so that whole populations are found."""
SIGNS = {1: ("excitatory", "+1", "1"), -1: ("inhibitory", "-1"), 0: ("none", "0")}
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Condition:
    """One comparison: a property, an operator and what was written on the right of it."""

    name: str
    operator: str
    value: str

    def __str__(self) -> str:
        return f"{self.name} {self.operator} {self.value}"

    def of_words(self, *words: str) -> bool:
        """Whether it holds of something with any of these names."""
        if self.operator not in ("=", "==", "!="):
            raise UsageError(f"{self.name} is a name; ask with = or !=, such as '{self.name} = {words[0]}'")
        is_one = self.value.lower() in {word.lower() for word in words}
        return is_one == (self.operator != "!=")

    def of_switch(self, stands: Any) -> Any:
        """Whether it holds of switches that stand so."""
        if self.value.lower() not in (*YES, *NO):
            raise UsageError(f"{self.name} is yes or no; ask '{self.name} = yes'")
        same = (np.asarray(stands) != 0) == (self.value.lower() in YES)
        return same if self.operator != "!=" else ~same

    def of_numbers(self, numbers: Any, unit: str) -> Any:
        """Whether it holds of numbers counted in a unit; raises UsageError for what is no such quantity."""
        return OPERATORS[self.operator](numbers, units.read(self.value, unit, what=self.name))


@dataclass(frozen=True)
class Found:
    """What a question found: ids of one kind, among how many, and the question as it was understood."""

    kind: str
    ids: NDArray[np.int64]
    among: int
    question: str

    @property
    def words(self) -> str:
        """What it found in words, such as "3 neurons with degree >= 10"."""
        if not len(self.ids):
            return f"None of {counted(self.among, self.kind)} has {self.question}"
        return f"{counted(len(self.ids), self.kind)} with {self.question}"


def is_question(text: str) -> bool:
    """Whether somebody asks for a property, rather than for a name."""
    return bool(_ASKS.search(text.translate(_WRITTEN)))


def conditions(text: str) -> list[Condition]:
    """The comparisons of a question; raises UsageError for what is none."""
    found = []
    for part in re.split(r"\s+and(?:\s+|$)|,", text.translate(_WRITTEN).strip(), flags=re.IGNORECASE):
        if re.search(r"\s+or\s+", part, re.IGNORECASE):
            raise UsageError("conditions are joined by 'and' only; ask one after the other instead of 'or'")
        if not part.strip():
            raise UsageError("a condition is missing beside 'and'; write one such as 'rate > 20 Hz'")
        read = _CONDITION.fullmatch(part)
        if read is None:
            raise UsageError(f"cannot read {part.strip()!r} as a condition; write one such as 'rate > 20 Hz'")
        name = re.sub(r"\s+", "_", read[1].strip())
        name = name.lower() if name.lower() in (*OF_NEURONS, *OF_SYNAPSES, *SWITCHES) else name
        if not read[3]:
            raise UsageError(f"{name} {read[2]} what? Write a value, such as '{name} {read[2]} 10'")
        found.append(Condition(name, read[2], read[3]))
    return found


def ask(document: Any, text: str) -> Found:
    """Find what a question asks for.

    Raises:
        UsageError: it cannot be answered; the words say why and what would be right.
    """
    asked, net = conditions(text), document.network
    said = " and ".join(map(str, asked))
    of_synapses = [one.name for one in asked if one.name in OF_SYNAPSES]
    if of_synapses:
        other = [one.name for one in asked if one.name not in (*OF_SYNAPSES, *SWITCHES)]
        if other:
            both = f"{of_synapses[0]} is of synapses and {other[0]} of neurons"
            raise UsageError(f"{both}; ask for one of them")
        ids = [record.synapses.id[mask] for record, mask in _synapses(document, asked)]
        return Found("synapse", _sorted(ids), net.synapse_count, said)
    _check_names(net, asked)
    kept = [(population, _neurons(document, population, asked)) for population in net.populations.values()]
    if all(one.name in WHOLE for one in asked):
        whole = [population.id for population, mask in kept if len(mask) and mask.all()]
        return Found("population", np.array(whole, np.int64), len(kept), said)
    ids = [population.neuron_ids[mask] for population, mask in kept]
    return Found("neuron", _sorted(ids), net.neuron_count, said)


def _sorted(ids: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.sort(np.concatenate([np.empty(0, np.int64), *ids]))


def _params(population: Population) -> dict[str, Any]:
    known = registry.knows(population.model, population.kind)
    return dict(registry.find(population.model, population.kind).params) if known else {}


def _check_names(net: Any, asked: list[Condition]) -> None:
    """Every property exists somewhere, and every quantity is of its unit somewhere."""
    params = [_params(population) for population in net.populations.values()]
    known = [*OF_NEURONS, *OF_SYNAPSES, *SWITCHES, *dict.fromkeys(name for each in params for name in each)]
    for one in asked:
        if one.name not in known:
            near = did_you_mean(one.name, known)
            some = f"; ask for {', '.join((*OF_NEURONS[5:7], *OF_SYNAPSES[:2]))}, or a parameter"
            raise UsageError(f"nothing here has a {one.name!r}{near or some}")


def _neurons(document: Any, population: Population, asked: list[Condition]) -> Mask:
    mask = np.ones(len(population), bool)
    for one in asked:
        mask &= np.broadcast_to(np.asarray(_holds(document, population, one), bool), mask.shape)
    return mask


def _holds(document: Any, population: Population, one: Condition) -> Any:
    """Whether a condition holds of a population, or of each of its neurons."""
    net, name = document.network, one.name
    if name in SWITCHES:
        return one.of_switch(getattr(population, name))
    if name == "model":
        label = registry.find(population.model, population.kind).label if _params(population) else ""
        return one.of_words(population.model, label or population.model)
    if name == "sign":
        return one.of_words(*SIGNS[population.sign])
    if name in ("population", "group"):
        return one.of_words(population.label if name == "population" else population.group)
    if name == "name":
        return [one.of_words(own) for own in population.names or [""] * len(population)]
    if name == "rate":
        rates = getattr(document.frame, "rates", None)
        if not rates:
            raise UsageError("rates are known once the circuit has run for a while; press play first")
        return population.id in rates and one.of_numbers(rates[population.id], "Hz")
    if name in ("degree", "fan_in", "fan_out"):
        return one.of_numbers(_degree(net, population, name), "")
    if name in ("x", "y"):
        return one.of_numbers(population.positions[:, "xy".index(name)], "um")
    declared = _params(population).get(name)
    if declared is None:
        return False
    value = value_of(population, name)
    return one.of_words(value) if isinstance(value, str) else one.of_numbers(value, declared.unit)


def _degree(net: Any, population: Population, name: str) -> NDArray[np.int64]:
    """How many synapses each neuron has: onto it, from it, or both."""
    count = np.zeros(len(population), np.int64)
    for record in net.projections.values():
        for side, home, wanted in (("pre", record.pre, "fan_out"), ("post", record.post, "fan_in")):
            if home == population.id and name in (wanted, "degree"):
                rows = population.rows(getattr(record.synapses, side))
                count += np.bincount(rows[rows >= 0], minlength=len(population))
    return count


def _synapses(document: Any, asked: list[Condition]) -> Iterator[tuple[Projection, Mask]]:
    """Every projection with the synapses that meet all conditions."""
    refused: list[str] = []
    records = [record for record in document.network.projections.values() if len(record)]
    for record in records:
        mask = np.ones(len(record), bool)
        try:
            for one in asked:
                mask &= np.broadcast_to(np.asarray(_of_synapses(document, record, one), bool), mask.shape)
        except UsageError as refusal:  # a weight in pA asked of conductances: these are not meant
            refused.append(str(refusal))
            continue
        yield record, mask
    if refused and len(refused) == len(records):
        raise UsageError(refused[0])


def _of_synapses(document: Any, record: Projection, one: Condition) -> Any:
    net, name = document.network, one.name
    if name in SWITCHES:
        return one.of_switch(getattr(record, name, SWITCHES[name]))
    if name == "weight":
        ids = record.synapses.id
        weights = np.abs(weights_now(document, record.id, ids))
        return one.of_numbers(weights[np.argsort(np.argsort(ids))], unit_of(net, record))
    if name == "delay":
        return one.of_numbers(record.synapses.delay, "ms")
    if name == "rule":
        return one.of_words(*[word for use in record.rules for word in (use.slug, _label(use.slug))] or [""])
    if name == "transmission":
        return one.of_words(record.transmission, _label(record.transmission))
    if name == "projection":
        return one.of_words(record.label)
    home = net.populations.get(getattr(record, name))
    return one.of_words(home.label if home is not None else "")


def _label(slug: str) -> str:
    return registry.find(slug).label if registry.knows(slug) else slug
