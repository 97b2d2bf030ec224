"""What a network is made of: populations, projections, inputs, probes, modulators, tasks and learners.

These are plain records.  Arrays in them are read-only and are replaced, never written into, so a copy of
a network can share them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import written
from engine.network.columns import Value, ints, parameter, parameters, places
from engine.network.columns import floats as floats
from engine.network.table import SynapseTable

_NO_IDS = ints([])
_NO_PLACES = places([])

Switch = bool | NDArray[np.float64]
"""Whether something holds: for all neurons, or 1 or 0 for each."""
SWITCHES = {"enabled": True, "frozen": False, "clamped": False}
"""The switches of neurons, and how each stands unless somebody turns it."""


def switch(name: str, value: Any) -> Switch:
    """A switch of neurons as it is kept: one for all wherever all agree; None is how it stands by itself."""
    if value is None or not np.size(value):
        return SWITCHES[name]
    column = np.asarray(value, np.float64) != 0.0
    return bool(column.flat[0]) if bool((column == column.flat[0]).all()) else floats(column)


@dataclass
class Population:
    """Neurons (or astrocytes) that share a model and a sign.

    `sign` is +1, -1 or 0 (none: astrocytes, or sources bound by no sign); `params` holds only what
    differs from the model's defaults, and initial values of its states; `neuron_ids` increase.

    Three switches, for all or for each: a neuron that is not `enabled` is out of the circuit, at rest, deaf
    and silent; one that is `frozen` stays in the state it is in, without a spike; one that is `clamped` keeps
    its potential (or its rate) where it stands, while everything else of it goes on, spikes too.
    """

    id: int
    label: str
    model: str
    sign: int = 1
    params: dict[str, Value] = field(default_factory=dict)
    neuron_ids: NDArray[np.int64] = field(default_factory=lambda: _NO_IDS)
    positions: NDArray[np.float64] = field(default_factory=lambda: _NO_PLACES)
    kind: str = "neuron"
    passes: bool = False
    group: str = ""
    notes: dict[str, str] = field(default_factory=dict)
    frozen: Switch = False
    names: list[str] | None = None
    enabled: Switch = True
    clamped: Switch = False

    def __post_init__(self) -> None:
        self.neuron_ids, self.params = ints(self.neuron_ids), parameters(self.params)
        for name in SWITCHES:
            self.give(name, getattr(self, name))
        if self.positions.flags.writeable:
            self.positions = places(self.positions)

    def __len__(self) -> int:
        return int(self.neuron_ids.size)

    def rows(self, ids: ArrayLike) -> NDArray[np.int64]:
        """The row of each neuron id, -1 where it is not of this population."""
        wanted = np.atleast_1d(np.asarray(ids, np.int64))
        if not self.neuron_ids.size:
            return np.full(wanted.shape, -1, np.int64)
        first, last = int(self.neuron_ids[0]), int(self.neuron_ids[-1])
        if last - first + 1 == self.neuron_ids.size:  # an unbroken range, which needs no search
            return np.where((wanted >= first) & (wanted <= last), wanted - first, -1)
        place = np.minimum(np.searchsorted(self.neuron_ids, wanted), self.neuron_ids.size - 1)
        return np.where(self.neuron_ids[place] == wanted, place, -1).astype(np.int64)

    def given(self, name: str) -> Value | Switch | None:
        """What neurons have under a name: a switch, or what differs from the default; None without."""
        found: Switch = getattr(self, name) if name in SWITCHES else False
        return found if name in SWITCHES else self.params.get(name)

    def give(self, name: str, value: Value | Switch) -> None:
        """Keep a value, or a number for each neuron, under a name."""
        if name in SWITCHES:
            setattr(self, name, switch(name, value))
        else:
            self.params[name] = parameter(value, name)

    @property
    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Everything that is one number each: parameters, starts and switches."""
        every = {**self.params, **{name: getattr(self, name) for name in SWITCHES}}
        return {name: value for name, value in every.items() if isinstance(value, np.ndarray)}

    def copy(self) -> Population:
        """An independent record; read-only arrays are shared."""
        names = None if self.names is None else list(self.names)
        return replace(self, params=dict(self.params), notes=dict(self.notes), names=names)


@dataclass(frozen=True)
class RuleUse:
    """One card of a projection's stack: which rule, with which parameters, switched on or off.

    A rule written in the program travels with its card: `written` is its definition, "" for a model file's.
    """

    slug: str
    params: Mapping[str, float | str] = field(default_factory=dict)
    enabled: bool = True
    written: str = ""

    def __post_init__(self) -> None:
        if not self.written:
            object.__setattr__(self, "written", written.text_of(self.slug))


@dataclass
class Projection:
    """Every synapse from one population to another that shares transmission and rules.

    `pre` and `post` are population ids, `w_min` and `w_max` the bounds of |weight| that rules keep,
    `dendritic` the share of the delay that is dendritic (1 as in NEST, 0 all axonal), `astrocytes` the
    population that ensheathes the synapses, and `frozen` switches every rule off.  `learns_from` is what its
    rules take for a postsynaptic spike: "" what the post neurons say, "spike", or one of their `events`.
    One that is not `enabled` delivers nothing and learns nothing.
    """

    id: int
    label: str
    pre: int
    post: int
    transmission: str = "current_exp"
    transmission_params: dict[str, Value] = field(default_factory=dict)
    rules: tuple[RuleUse, ...] = ()
    w_min: float = 0.0
    w_max: float = 100.0
    dendritic: float = 1.0
    astrocytes: int | None = None
    frozen: bool = False
    learns_from: str = ""
    synapses: SynapseTable = field(default_factory=SynapseTable)
    enabled: bool = True

    def __len__(self) -> int:
        return len(self.synapses)

    @property
    def rests(self) -> bool:
        """Whether all its rules rest: it is frozen, or out of the circuit."""
        return self.frozen or not self.enabled

    def copy(self) -> Projection:
        """An independent record; the synapses are shared until one of the two changes."""
        return replace(
            self, transmission_params=dict(self.transmission_params), synapses=self.synapses.copy()
        )


@dataclass
class Input:
    """A stimulus given to some neurons: `targets` are neuron ids, `params` numbers or one number each.

    `lists` holds what the user wrote out (spike times in ms, current steps in pA), `weight` is what a
    spike of it carries, `delay` (ms) is added to its times.
    """

    id: int
    label: str
    model: str
    targets: NDArray[np.int64] = field(default_factory=lambda: _NO_IDS)
    params: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    weight: Value = 1.0
    delay: float = 0.0
    enabled: bool = True

    def __post_init__(self) -> None:
        self.targets, self.params = ints(self.targets), parameters(self.params)
        self.lists = {name: floats(values) for name, values in self.lists.items()}
        self.weight = parameter(self.weight)

    def copy(self) -> Input:
        """An independent record; read-only arrays are shared."""
        return replace(self, params=dict(self.params), lists=dict(self.lists))


@dataclass
class Probe:
    """An electrode: records `what` of `targets` (neuron or synapse ids) every so many ms, or `"pre"`.

    While it is not `enabled` it writes nothing down.
    """

    id: int
    what: str
    targets: NDArray[np.int64] = field(default_factory=lambda: _NO_IDS)
    every: float | str = 1.0
    label: str = ""
    enabled: bool = True

    def __post_init__(self) -> None:
        self.targets = ints(self.targets)

    def copy(self) -> Probe:
        """An independent record; read-only arrays are shared."""
        return replace(self)


@dataclass
class Modulator:
    """A substance in the tissue: spikes of `sources` release it, rules that wait for it read it.

    While it is not `enabled` nothing is released, neither by spikes nor by hand nor at rest.
    """

    id: int
    label: str
    model: str
    sources: NDArray[np.int64] = field(default_factory=lambda: _NO_IDS)
    params: dict[str, Value] = field(default_factory=dict)
    delay: float = 1.0
    enabled: bool = True

    def __post_init__(self) -> None:
        self.sources, self.params = ints(self.sources), parameters(self.params)

    def copy(self) -> Modulator:
        """An independent record; read-only arrays are shared."""
        return replace(self, params=dict(self.params))


@dataclass
class Task:
    """What a network is to learn: patterns clamped to a population, and the targets of another.

    `inputs` and `outputs` are population ids (`outputs` None where nothing is taught), `params` those of the
    task, `lists` the numbers of a table the user gave, one row after the other.
    """

    id: int
    label: str
    model: str
    inputs: int
    outputs: int | None = None
    params: dict[str, Value] = field(default_factory=dict)
    lists: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.params = parameters(self.params)
        self.lists = {name: floats(values) for name, values in self.lists.items()}

    def copy(self) -> Task:
        """An independent record; read-only arrays are shared."""
        return replace(self, params=dict(self.params), lists=dict(self.lists))


@dataclass
class Learner:
    """How the network learns its task; several are the runners of a race, each on a copy of the network."""

    id: int
    label: str
    model: str
    params: dict[str, Value] = field(default_factory=dict)
    enabled: bool = True

    def __post_init__(self) -> None:
        self.params = parameters(self.params)

    def copy(self) -> Learner:
        """An independent record."""
        return replace(self, params=dict(self.params))


Instrument = Input | Probe | Modulator
"""What is attached to neurons or synapses."""
Thing = Population | Projection | Input | Probe | Modulator | Task | Learner
"""Anything in a network that has an id of its own and is not a neuron or a synapse."""


def draft(record: Thing) -> Thing:
    """A copy to try values on; it shares the synapses of a projection, which are only to be read."""
    if isinstance(record, Projection):
        return replace(record, transmission_params=dict(record.transmission_params))
    return record.copy()


def targets_of(record: Instrument) -> NDArray[np.int64]:
    """What an input, a probe or a modulator is attached to."""
    return record.sources if isinstance(record, Modulator) else record.targets


def _or_none(kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else kind(value)


ATTRIBUTES: dict[type, dict[str, Callable[[Any], Any]]] = {
    Population: {
        "sign": int, "passes": bool, "group": str, "notes": dict, "names": _or_none(list),
        **{name: partial(switch, name) for name in SWITCHES},
    },
    Projection: {
        "w_min": float, "w_max": float, "dendritic": float, "astrocytes": _or_none(int), "frozen": bool,
        "learns_from": str, "enabled": bool,
    },
    Input: {"weight": parameter, "delay": float, "enabled": bool},
    Probe: {
        "what": str, "every": lambda value: value if isinstance(value, str) else float(value),
        "enabled": bool,
    },
    Modulator: {"delay": float, "enabled": bool},
    Task: {"inputs": int, "outputs": _or_none(int)},
    Learner: {"enabled": bool},
}  # fmt: skip
"""What can be set on each kind of record besides the parameters of its model, and how it is kept."""
