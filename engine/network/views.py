"""What `add_population` and its sisters give back: a name for a thing in a network, read afresh each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import UnknownName
from engine.network.columns import ints
from engine.network.ids import IdView
from engine.network.parts import Input, Learner, Modulator, Population, Probe, Projection, RuleUse, Task
from engine.network.table import SynapseTable

if TYPE_CHECKING:
    from engine.network.network import Network

T = TypeVar("T", Population, Projection, Input, Probe, Modulator, Task, Learner)


class View(IdView, Generic[T]):
    """One thing of one network; `record` is what the network holds now, and gone things raise UnknownName."""

    __slots__ = ("id", "network")

    def __init__(self, network: Network, id: int) -> None:
        self.network = network
        self.id = id

    @property
    def record(self) -> T:
        """The record in the network; read it, change it through `network.set` or an edit."""
        found = self.network.thing(self.id)
        if found is None:
            raise UnknownName(f"{type(self).__name__} {self.id} is no longer in the network")
        return found  # type: ignore[return-value]

    @property
    def label(self) -> str:
        """The name people see."""
        return self.record.label

    @property
    def params(self) -> dict[str, Any]:
        """The parameters that differ from the model's defaults."""
        record = self.record
        if isinstance(record, Projection):
            return record.transmission_params
        return {} if isinstance(record, Probe) else record.params

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and self.network is other.network and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __int__(self) -> int:
        return self.id

    __index__ = __int__

    def __repr__(self) -> str:
        if self.network.thing(self.id) is None:
            return f"<{type(self).__name__} {self.id}, gone>"
        return f"<{type(self).__name__} {self.id} {self.label!r}, {len(self)} ids>"


class PopulationView(View[Population]):
    """A population: `exc.ids` its neurons, `exc[3]`, `exc[:10]` some of them."""

    __slots__ = ()

    @property
    def ids(self) -> NDArray[np.int64]:  # type: ignore[override]
        """The ids of its neurons, increasing."""
        return self.record.neuron_ids

    @property
    def positions(self) -> NDArray[np.float64]:
        """Where its neurons are, (n, 3) um."""
        return self.record.positions

    @property
    def model(self) -> str:
        """The slug of its model."""
        return self.record.model

    @property
    def sign(self) -> int:
        """+1 excites, -1 inhibits, 0 is bound by neither."""
        return self.record.sign


class ProjectionView(View[Projection]):
    """A projection: `ids` its synapses, sorted."""

    __slots__ = ()

    @property
    def ids(self) -> NDArray[np.int64]:  # type: ignore[override]
        """The ids of its synapses, increasing."""
        return ints(self.record.synapses.sorted()["id"])

    @property
    def synapses(self) -> SynapseTable:
        """The table of its synapses; rows in no particular order."""
        return self.record.synapses

    @property
    def pre(self) -> PopulationView:
        """The presynaptic population."""
        return PopulationView(self.network, self.record.pre)

    @property
    def post(self) -> PopulationView:
        """The postsynaptic population."""
        return PopulationView(self.network, self.record.post)

    @property
    def rules(self) -> tuple[RuleUse, ...]:
        """The stack of rules, in pipeline order."""
        return self.record.rules

    def __len__(self) -> int:
        return len(self.record.synapses)


class InputView(View[Input]):
    """An input: `ids` the neurons it is given to."""

    __slots__ = ()

    @property
    def ids(self) -> NDArray[np.int64]:  # type: ignore[override]
        """The neurons it is given to."""
        return self.record.targets


class ProbeView(View[Probe]):
    """A probe: `ids` what it records, neurons or synapses."""

    __slots__ = ()

    @property
    def ids(self) -> NDArray[np.int64]:  # type: ignore[override]
        """The neurons or synapses it records."""
        return self.record.targets

    @property
    def what(self) -> str:
        """The quantity it records."""
        return self.record.what


class ModulatorView(View[Modulator]):
    """A modulator: `ids` the neurons whose spikes release it."""

    __slots__ = ()

    @property
    def ids(self) -> NDArray[np.int64]:  # type: ignore[override]
        """The neurons whose spikes release it."""
        return self.record.sources


class TaskView(View[Task]):
    """A task: `ids` the neurons its patterns are clamped to."""

    __slots__ = ()

    @property
    def ids(self) -> NDArray[np.int64]:  # type: ignore[override]
        """The neurons its patterns are clamped to; none when their population is gone."""
        population = self.network.populations.get(self.record.inputs)
        return ints([]) if population is None else population.neuron_ids

    @property
    def model(self) -> str:
        """The slug of its declaration."""
        return self.record.model


class LearnerView(View[Learner]):
    """A learner; it holds no neurons of its own."""

    __slots__ = ()

    @property
    def ids(self) -> NDArray[np.int64]:  # type: ignore[override]
        """None: a learner trains whatever is drawn."""
        return ints([])

    @property
    def model(self) -> str:
        """The slug of its declaration."""
        return self.record.model


VIEWS: dict[type, type[View[Any]]] = {
    Population: PopulationView,
    Projection: ProjectionView,
    Input: InputView,
    Probe: ProbeView,
    Modulator: ModulatorView,
    Task: TaskView,
    Learner: LearnerView,
}
"""The view of each kind of record."""
