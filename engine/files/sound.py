"""Whether a network from a file hangs together: no id twice, nothing that points at what is not there.

The kernels index arrays by what is checked here, so a network that passes can be run without fear of
reading beyond them.  Whether it makes sense (ranges, signs, units) is asked elsewhere, of every network.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.counting import counted
from engine.network import fit
from engine.network.parts import Input, Learner, Modulator, Population, Projection, Task
from engine.network.problems import some

if TYPE_CHECKING:
    from engine.network.network import Network


def faults(net: Network) -> Iterator[tuple[str, str]]:
    """Every fault, as the record it is in ("population-3", or "") and a sentence."""
    yield from _settings(net)
    yield from _ids(net)
    for population in net.populations.values():
        for reason in _population(population):
            yield f"population-{population.id}", reason
    for projection in net.projections.values():
        for reason in _projection(net, projection):
            yield f"projection-{projection.id}", reason
    instruments: list[Input | Modulator] = [*net.inputs.values(), *net.modulators.values()]
    for record in instruments:
        for reason in _instrument(net, record):
            yield f"{type(record).__name__.lower()}-{record.id}", reason
    lessons: list[Task | Learner] = [*net.tasks.values(), *net.learners.values()]
    for lesson in lessons:
        for reason in _teaching(lesson):
            yield f"{type(lesson).__name__.lower()}-{lesson.id}", reason


def _teaching(record: Task | Learner) -> Iterator[str]:
    yield from _finite(record.label, dict(record.params))
    if isinstance(record, Task):
        yield from _finite(record.label, dict(record.lists))


def _settings(net: Network) -> Iterator[tuple[str, str]]:
    if not 0.0 < net.dt < np.inf:
        yield "", f"dt is {net.dt} ms; the step must be longer than nothing"
    if net.seed < 0:
        yield "", f"seed is {net.seed}; it must be 0 or more"
    if net.sweep < 1:
        yield "", f"sweep is {net.sweep} steps; it must be 1 or more"
    if not 0.0 < net.slow < np.inf:
        yield "", f"slow is {net.slow}; it must be more than 0"


def _ids(net: Network) -> Iterator[tuple[str, str]]:
    """No id is given twice, and none is 0."""
    attached = (net.inputs, net.probes, net.modulators, net.tasks, net.learners)
    shelves = (net.populations, net.projections, *attached)
    records = np.array([id for shelf in shelves for id in shelf], np.int64)
    neurons = [population.neuron_ids for population in net.populations.values()]
    synapses = [projection.synapses.id for projection in net.projections.values()]
    ids = np.sort(np.concatenate([records, *neurons, *synapses]), kind="stable")
    if (ids == 0).any():
        yield "", "something has the id 0, which means none"
    twice = ids[1:][ids[1:] == ids[:-1]]
    if twice.size:
        yield "", f"the id {some(sorted(set(twice.tolist())))} is given to more than one thing"


def _population(population: Population) -> Iterator[str]:
    label = population.label
    if population.kind not in ("neuron", "astrocyte"):
        yield f'{label}: kind is {population.kind!r}; it must be "neuron" or "astrocyte"'
    if (np.diff(population.neuron_ids) <= 0).any():
        yield f"{label}: the neuron ids do not increase"
    params = {**population.params, **population.columns}
    reason = fit.neurons_misfit(population.neuron_ids, population.positions, params, population.names, label)
    if reason:
        yield reason


def _projection(net: Network, projection: Projection) -> Iterator[str]:
    label, table = projection.label, projection.synapses
    for side, home, neurons in (
        ("pre", projection.pre, table.pre),
        ("post", projection.post, table.post),
    ):
        population = net.populations.get(home)
        if population is None:
            yield f"{label}: its {side} population, {home}, is not in the file"
            continue
        stray = population.rows(neurons) < 0 if neurons.size else np.zeros(0, bool)
        if stray.any():
            yield f"{label}: {side} neuron {some(neurons[stray])} is not in {population.label!r}"
    ensheathing = projection.astrocytes
    if ensheathing is not None and ensheathing not in net.populations:
        yield f"{label}: its astrocytes, {ensheathing}, are not in the file"
    for name, column in (("weight", table.weight), ("delay", table.delay)):
        if reason := fit.finite_misfit(f"{label}: {name}", column):
            yield reason
    if table.delay.size and table.delay.min() < 0.0:
        yield f"{label}: a delay is {table.delay.min()} ms; it cannot be less than nothing"
    numbers = {name: getattr(projection, name) for name in ("w_min", "w_max", "dendritic")}
    yield from _finite(label, {**projection.transmission_params, **numbers})
    for use in projection.rules:
        yield from _finite(f"{label}: {use.slug}", dict(use.params))


def _instrument(net: Network, record: Input | Modulator) -> Iterator[str]:
    targets = record.sources if isinstance(record, Modulator) else record.targets
    gone = net.population_of(targets) == 0 if targets.size else np.zeros(0, bool)
    if gone.any():
        yield f"{record.label}: neuron {some(targets[gone])} is not in the file"
    values = dict(record.params)
    if isinstance(record, Input):
        values["weight"] = record.weight
        yield from _finite(record.label, dict(record.lists))
    for name, value in values.items():
        if isinstance(value, np.ndarray) and value.size != targets.size:
            many = f"{counted(value.size, 'number')} for {counted(targets.size, 'target')}"
            yield f"{record.label}: {name} has {many}"
    yield from _finite(record.label, {**values, "delay": record.delay})


def _finite(label: str, values: dict[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if not isinstance(value, str):
            numbers: NDArray[np.float64] = np.asarray(value, np.float64)
            if reason := fit.finite_misfit(f"{label}: {name}", numbers):
                yield reason
