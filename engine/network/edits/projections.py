"""Edits of projections, of their synapses and of their rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.network import fit, sense
from engine.network.edits.base import NOTHING, Edit, together
from engine.network.parts import Projection, RuleUse, Value, floats, ints, parameters
from engine.network.table import FIXED

if TYPE_CHECKING:
    from engine.network.network import Network


def _columns(table: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float64]]:
    """The named columns among the columns of some synapses, those without any value left out."""
    return {
        name: column for name, column in table.items() if name not in FIXED and not np.isnan(column).all()
    }


@dataclass(frozen=True, eq=False)
class AddProjection(Edit):
    """Add a projection, with its synapses if it has any."""

    projection: Projection
    carries = {"projection": Projection}

    def __post_init__(self) -> None:
        self.keep(projection=self.projection.copy())

    @property
    def label(self) -> str:
        return f"add {self.projection.label}"

    def misfit(self, net: Network) -> str:
        return fit.projection_misfit(net, self.projection)

    def objection(self, net: Network) -> str:
        return sense.projection_objection(net, self.projection)

    def change(self, net: Network) -> Edit:
        if self.projection.pre not in net.populations or self.projection.post not in net.populations:
            return NOTHING
        net.put(self.projection.copy())
        return RemoveProjection(self.projection.id, restoring=True)


@dataclass(frozen=True, eq=False)
class RemoveProjection(Edit):
    """Remove a projection with its synapses."""

    projection: int

    @property
    def label(self) -> str:
        return "delete projection"

    def change(self, net: Network) -> Edit:
        projection = net.projections.pop(self.projection, None)
        return NOTHING if projection is None else AddProjection(projection, restoring=True)


@dataclass(frozen=True, eq=False)
class AddSynapses(Edit):
    """Add synapses to a projection; delays are rounded up to whole steps.

    Those whose neurons are gone are passed over.  `columns` holds slow fields by name, NaN for none.
    """

    projection: int
    ids: NDArray[np.int64]
    pre: NDArray[np.int64]
    post: NDArray[np.int64]
    weight: NDArray[np.float64]
    delay: NDArray[np.float64]
    columns: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keep(
            ids=ints(self.ids),
            pre=ints(self.pre),
            post=ints(self.post),
            weight=floats(self.weight),
            delay=floats(self.delay),
            columns={name: floats(values) for name, values in self.columns.items()},
        )

    @property
    def label(self) -> str:
        return "connect"

    def misfit(self, net: Network) -> str:
        projection = net.projections.get(self.projection)
        return "" if projection is None else fit.synapses_misfit(net, projection, self)

    def objection(self, net: Network) -> str:
        projection = net.projections.get(self.projection)
        if projection is None:
            return ""
        return sense.weights_objection(net, projection, self.ids, self.weight) or sense.delays_objection(
            net, projection, self.ids, self.delay
        )

    def advice(self, net: Network) -> str:
        projection = net.projections.get(self.projection)
        return "" if projection is None else sense.delays_advice(net, projection, self.ids, self.delay)

    def change(self, net: Network) -> Edit:
        projection = net.projections.get(self.projection)
        net.ids.pass_by(self.ids)
        if projection is None:
            return NOTHING
        alive = (net.population_of(self.pre) != 0) & (net.population_of(self.post) != 0)
        if not alive.any():
            return NOTHING
        delay = self.delay if self.restoring else sense.on_grid(net, projection, self.delay)
        columns: Any = (self.ids, self.pre, self.post, self.weight, delay)
        extra: Mapping[str, Any] = self.columns
        if not alive.all():
            columns = tuple(column[alive] for column in columns)
            extra = {name: column[alive] for name, column in extra.items()}
        projection.synapses.append(*columns, extra)
        return RemoveSynapses(columns[0], restoring=True)


@dataclass(frozen=True, eq=False)
class RemoveSynapses(Edit):
    """Remove synapses, of whichever projections; a probe on one stays and waits."""

    ids: NDArray[np.int64]

    def __post_init__(self) -> None:
        self.keep(ids=ints(self.ids))

    @property
    def label(self) -> str:
        return "disconnect" if self.ids.size == 1 else f"delete {self.ids.size} synapses"

    def change(self, net: Network) -> Edit:
        wanted = np.unique(self.ids)
        owners = net.projection_of(wanted)
        undo: list[Edit] = []
        for id in np.unique(owners[owners != 0]).tolist():
            table = net.projections[id].synapses
            mine = wanted[owners == id]
            held = table.take(mine)
            fixed: Any = [held[name] for name in FIXED]
            undo.append(AddSynapses(id, *fixed, _columns(held), restoring=True))
            table.remove(mine)
        return together(undo) if undo else NOTHING


@dataclass(frozen=True, eq=False)
class SetSynapses(Edit):
    """Give synapses new weights, delays or values of a named field (NaN for none)."""

    ids: NDArray[np.int64]
    column: str
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        ids, values = ints(self.ids), floats(self.values)
        if values.size == 1 and ids.size != 1:
            values = floats(np.repeat(values, ids.size))
        self.keep(ids=ids, values=values)

    @property
    def label(self) -> str:
        return f"change {self.column}"

    def misfit(self, net: Network) -> str:
        if self.column in ("id", "pre", "post"):
            return (
                f"{self.column} of a synapse never changes; remove the synapse and add another in its place"
            )
        return fit.lengths_misfit("synapses to change", ids=self.ids, values=self.values) or (
            fit.finite_misfit(self.column, self.values) if self.column in FIXED else ""
        )

    def objection(self, net: Network) -> str:
        return self._ask(net, {"weight": sense.weights_objection, "delay": sense.delays_objection})

    def advice(self, net: Network) -> str:
        return self._ask(net, {"delay": sense.delays_advice})

    def _ask(self, net: Network, question: Mapping[str, Any]) -> str:
        if self.column not in question:
            return ""
        owners = net.projection_of(self.ids)
        for id in np.unique(owners[owners != 0]).tolist():
            mine = owners == id
            projection = net.projections[id]
            if reason := question[self.column](net, projection, self.ids[mine], self.values[mine]):
                return str(reason)
        return ""

    def change(self, net: Network) -> Edit:
        owners = net.projection_of(self.ids)
        kept_ids: list[NDArray[np.int64]] = []
        kept: list[NDArray[np.float64]] = []
        for id in np.unique(owners[owners != 0]).tolist():
            projection = net.projections[id]
            mine = self.ids[owners == id]
            values = self.values[owners == id]
            if self.column == "delay" and not self.restoring:
                values = sense.on_grid(net, projection, values)
            held = projection.synapses.take(mine)
            kept_ids.append(mine)
            kept.append(held.get(self.column, np.full(mine.size, np.nan)))  # type: ignore[arg-type]
            projection.synapses.put(self.column, mine, values)
        if not kept:
            return NOTHING
        return SetSynapses(np.concatenate(kept_ids), self.column, np.concatenate(kept), restoring=True)


@dataclass(frozen=True, eq=False)
class MoveSynapses(Edit):
    """Move synapses to another projection between the same populations; ids, weights and fields stay."""

    ids: NDArray[np.int64]
    to_projection: int

    def __post_init__(self) -> None:
        self.keep(ids=ints(self.ids))

    @property
    def label(self) -> str:
        return "change rules of one synapse" if self.ids.size == 1 else "change rules of synapses"

    def misfit(self, net: Network) -> str:
        target = net.projections.get(self.to_projection)
        if target is None:
            return ""
        for id in np.unique(net.projection_of(self.ids)).tolist():
            source = net.projections.get(id)
            if source is not None and (source.pre, source.post) != (target.pre, target.post):
                return (
                    f"synapses of {source.label!r} cannot move to {target.label!r}: "
                    "it joins other populations; choose a projection between the same two"
                )
        return ""

    def objection(self, net: Network) -> str:
        target = net.projections.get(self.to_projection)
        if target is None:
            return ""
        for id in np.unique(net.projection_of(self.ids)).tolist():
            if id in net.projections:
                held = net.projections[id].synapses.take(self.ids)
                ids, weight, delay = (held[name] for name in ("id", "weight", "delay"))
                reason = sense.weights_objection(net, target, ids, weight)
                if reason := reason or sense.delays_objection(net, target, ids, delay):
                    return reason
        return ""

    def change(self, net: Network) -> Edit:
        target = net.projections.get(self.to_projection)
        if target is None:
            return NOTHING
        wanted = np.unique(self.ids)
        owners = net.projection_of(wanted)
        undo: list[Edit] = []
        for id in np.unique(owners).tolist():
            if id in (0, target.id):
                continue
            source = net.projections[id].synapses
            mine = wanted[owners == id]
            held = source.take(mine)
            source.remove(mine)
            fixed: Any = [held[name] for name in FIXED]
            target.synapses.append(*fixed, _columns(held))
            undo.append(MoveSynapses(mine, id, restoring=True))
        return together(undo) if undo else NOTHING


@dataclass(frozen=True, eq=False)
class SetRules(Edit):
    """Give a projection another stack of rules; they are put in the order of the pipeline."""

    projection: int
    rules: tuple[RuleUse, ...]

    def __post_init__(self) -> None:
        self.keep(rules=tuple(self.rules))

    @property
    def label(self) -> str:
        return "change rules"

    def objection(self, net: Network) -> str:
        projection = net.projections.get(self.projection)
        return "" if projection is None else sense.rules_objection(net, projection, self.rules)

    def change(self, net: Network) -> Edit:
        projection = net.projections.get(self.projection)
        if projection is None:
            return NOTHING
        was = projection.rules
        projection.rules = self.rules if self.restoring else sense.in_pipeline_order(self.rules)
        return SetRules(self.projection, was, restoring=True)


@dataclass(frozen=True, eq=False)
class SetTransmission(Edit):
    """Let a projection's spikes arrive by another transmission, with its parameters."""

    projection: int
    transmission: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keep(params=parameters(self.params))

    @property
    def label(self) -> str:
        return "change transmission"

    def objection(self, net: Network) -> str:
        projection = net.projections.get(self.projection)
        if projection is None:
            return ""
        new = projection.copy()
        new.transmission, new.transmission_params = self.transmission, dict(self.params)
        return sense.projection_objection(net, new)

    def change(self, net: Network) -> Edit:
        projection = net.projections.get(self.projection)
        if projection is None:
            return NOTHING
        was, params = projection.transmission, dict(projection.transmission_params)
        projection.transmission, projection.transmission_params = self.transmission, dict(self.params)
        return SetTransmission(self.projection, was, params, restoring=True)
