"""Everything about one record, as it is or would become."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.network import ends, suiting
from engine.network.declared import is_gap, model_of, param_problems
from engine.network.parts import Input, Learner, Population, Probe, Projection, Task, Thing
from engine.network.problems import Problem, Problems
from engine.network.sense.instruments import of_input, of_modulator, of_probe, of_times
from engine.network.sense.projections import of_projection, states_lacking
from engine.network.sense.synapses import of_sign
from engine.network.sense.teaching import of_learner, of_task

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


def of_record(net: Circuit, record: Thing) -> Problems:
    """Everything about a record, as it is or would become."""
    if not isinstance(record, Projection):
        yield from suiting.of_step(record, net.dt)
    if isinstance(record, Population):
        yield from of_population(record)
        for projection in net.projections.values():
            sides = [
                record if id == record.id else net.populations.get(id)
                for id in (projection.pre, projection.post)
            ]
            if record in sides:
                yield from states_lacking(projection, projection.rules, *sides)
            if projection.pre == record.id and not is_gap(projection):
                table = projection.synapses
                yield from of_sign(record, projection, table.id, table.weight)
    elif isinstance(record, Projection):
        yield from of_projection(net, record)
    elif isinstance(record, Input):
        yield from of_input(record)
        yield from ends.of_heard(net, record)
        yield from of_times(record, net.dt)
    elif isinstance(record, Probe):
        yield from of_probe(net, record)
    elif isinstance(record, Task):
        yield from of_task(net, record)
    elif isinstance(record, Learner):
        yield from of_learner(net, record)
    else:
        yield from of_modulator(net, record)


def of_population(population: Population) -> Problems:
    """A model that is not there, or parameters it does not allow."""
    yield from param_problems(
        population.model, population.kind, population.params, population.label, states=True
    )
    model = model_of(population.model, population.kind)
    if np.any(population.clamped) and model is not None and not getattr(model, "held", ""):
        what = f"{model.label} has no potential that could be clamped"
        yield Problem(population.label, what, "freeze it, or switch it off")
