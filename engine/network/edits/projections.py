# ruff: noqa: D102 - what `label`, `misfit`, `objection`, `advice` and `change` are, `Edit` says
"""Edits of projections, of their synapses and of their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.network import ends, fit, sense
from engine.network.columns import Value, distinct, floats, ints, parameters
from engine.network.declared import in_pipeline_order, is_gap
from engine.network.edits.base import NOTHING, Edit, together
from engine.network.grid import on_grid
from engine.network.parts import Projection, RuleUse
from engine.network.problems import Problems
from engine.network.table import FIXED

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


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

    def misfit(self, net: Circuit) -> str:
        return fit.projection_misfit(net, self.projection)

    def objection(self, net: Circuit) -> Problems:
        yield from sense.of_projection(net, self.projection)

    def change(self, net: Circuit) -> Edit:
        if self.projection.pre not in net.populations or self.projection.post not in net.populations:
            return NOTHING
        projection = self.projection.copy()
        table = projection.synapses
        lost = (net.population_of(table.pre) == 0) | (net.population_of(table.post) == 0)
        if lost.any():
            table.remove(table.id[lost])
        net.put(projection)
        return RemoveProjection(self.projection.id, restoring=True)


@dataclass(frozen=True, eq=False)
class RemoveProjection(Edit):
    """Remove a projection with its synapses."""

    projection: int

    @property
    def label(self) -> str:
        return "delete projection"

    def change(self, net: Circuit) -> Edit:
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

    def misfit(self, net: Circuit) -> str:
        projection = net.projections.get(self.projection)
        if projection is None:
            return ""
        fixed = {"pre": self.pre, "post": self.post, "weight": self.weight, "delay": self.delay}
        return fit.synapses_misfit(net, projection, self.ids, {**fixed, **self.columns})

    def objection(self, net: Circuit) -> Problems:
        projection = net.projections.get(self.projection)
        if projection is not None:
            yield from sense.of_weights(net, projection, self.ids, self.weight)
            yield from sense.of_delays(net, projection, self.ids, self.delay)
            yield from sense.of_columns(projection, self.ids, self.columns)
            if "astrocyte" in self.columns and not self.restoring:
                yield from ends.of_owners(net, projection, self.columns["astrocyte"])

    def advice(self, net: Circuit) -> Problems:
        projection = net.projections.get(self.projection)
        if projection is not None:
            yield from sense.of_grid(net, projection, self.ids, self.delay)

    def change(self, net: Circuit) -> Edit:
        projection = net.projections.get(self.projection)
        net.ids.pass_by(self.ids)
        if projection is None:
            return NOTHING
        alive = (net.population_of(self.pre) != 0) & (net.population_of(self.post) != 0)
        if not alive.any():
            return NOTHING
        rounds = not self.restoring and not is_gap(projection)
        delay = on_grid(self.delay, net.dt) if rounds else self.delay
        fixed: dict[str, NDArray[Any]] = {"pre": self.pre, "post": self.post, "weight": self.weight}
        rows = {"id": self.ids, **fixed, "delay": delay, **self.columns}
        if not alive.all():
            rows = {name: column[alive] for name, column in rows.items()}
        projection.synapses.add(rows)
        return RemoveSynapses(rows["id"], restoring=True)


@dataclass(frozen=True, eq=False)
class RemoveSynapses(Edit):
    """Remove synapses, of whichever projections; a probe on one stays and waits."""

    ids: NDArray[np.int64]

    def __post_init__(self) -> None:
        self.keep(ids=ints(self.ids))

    @property
    def label(self) -> str:
        return "disconnect" if self.ids.size == 1 else f"delete {self.ids.size} synapses"

    def change(self, net: Circuit) -> Edit:
        wanted = distinct(self.ids)
        owners = net.projection_of(wanted)
        undo: list[Edit] = []
        for id in np.unique(owners[owners != 0]).tolist():
            table = net.projections[id].synapses
            mine = wanted[owners == id]
            held = table.take(mine)
            ids, pre, post, weight, delay = (held.pop(name) for name in FIXED)
            extra = {name: column for name, column in held.items() if not np.isnan(column).all()}
            undo.append(AddSynapses(id, ids, pre, post, weight, delay, extra, restoring=True))
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

    def misfit(self, net: Circuit) -> str:
        if self.column in ("id", "pre", "post"):
            return (
                f"{self.column} of a synapse never changes; remove the synapse and add another in its place"
            )
        return fit.lengths_misfit("synapses to change", ids=self.ids, values=self.values) or (
            fit.finite_misfit(self.column, self.values, may_lack=self.column not in FIXED)
        )

    def objection(self, net: Circuit) -> Problems:
        asks = {"weight": sense.of_weights, "delay": sense.of_delays}.get(self.column)
        for projection, mine in self._parts(net):
            if asks is not None:
                yield from asks(net, projection, self.ids[mine], self.values[mine])
            elif self.column == "astrocyte" and not self.restoring:
                yield from ends.of_owners(net, projection, self.values[mine])
            else:
                ids, new = self.ids[mine], {self.column: self.values[mine]}
                yield from sense.of_columns(projection, ids, new)
                yield from sense.of_shares(projection, ids, {**projection.synapses.take(ids), **new})

    def advice(self, net: Circuit) -> Problems:
        for projection, mine in self._parts(net) if self.column == "delay" else ():
            yield from sense.of_grid(net, projection, self.ids[mine], self.values[mine])

    def _parts(self, net: Circuit) -> Iterator[tuple[Projection, NDArray[np.bool_]]]:
        """The projections concerned, each with which of the ids are its own."""
        owners = net.projection_of(self.ids)
        for id in np.unique(owners[owners != 0]).tolist():
            yield net.projections[id], owners == id

    def change(self, net: Circuit) -> Edit:
        kept_ids: list[NDArray[np.int64]] = []
        kept: list[NDArray[np.float64]] = []
        for projection, own in self._parts(net):
            mine, values = self.ids[own], self.values[own]
            if self.column == "delay" and not self.restoring and not is_gap(projection):
                values = on_grid(values, net.dt)
            held = projection.synapses.take(mine)
            kept_ids.append(mine)
            kept.append(held.get(self.column, np.full(mine.size, np.nan)))
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

    def misfit(self, net: Circuit) -> str:
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

    def objection(self, net: Circuit) -> Problems:
        target = net.projections.get(self.to_projection)
        for id in np.unique(net.projection_of(self.ids)).tolist() if target is not None else ():
            if id in net.projections and target is not None:
                held = net.projections[id].synapses.take(self.ids)
                yield from sense.of_weights(net, target, held["id"], held["weight"])
                yield from sense.of_delays(net, target, held["id"], held["delay"])

    def change(self, net: Circuit) -> Edit:
        target = net.projections.get(self.to_projection)
        if target is None:
            return NOTHING
        wanted = distinct(self.ids)
        owners = net.projection_of(wanted)
        undo: list[Edit] = []
        for id in np.unique(owners).tolist():
            if id in (0, target.id):
                continue
            source = net.projections[id].synapses
            mine = wanted[owners == id]
            target.synapses.add(source.take(mine))
            source.remove(mine)
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

    def objection(self, net: Circuit) -> Problems:
        projection = net.projections.get(self.projection)
        if projection is not None:
            yield from sense.of_rules(net, projection, self.rules)

    def change(self, net: Circuit) -> Edit:
        projection = net.projections.get(self.projection)
        if projection is None:
            return NOTHING
        was = projection.rules
        projection.rules = self.rules if self.restoring else in_pipeline_order(self.rules)
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

    def objection(self, net: Circuit) -> Problems:
        projection = net.projections.get(self.projection)
        if projection is not None:
            new = replace(projection, transmission=self.transmission, transmission_params=dict(self.params))
            yield from sense.of_projection(net, new)

    def change(self, net: Circuit) -> Edit:
        projection = net.projections.get(self.projection)
        if projection is None:
            return NOTHING
        was, params = projection.transmission, dict(projection.transmission_params)
        projection.transmission, projection.transmission_params = self.transmission, dict(self.params)
        return SetTransmission(self.projection, was, params, restoring=True)
