"""Whether tasks and learners make sense: patterns that do not fit, models that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import declare, registry
from engine.counting import counted
from engine.network.declared import param_problems
from engine.network.parts import Learner, Task
from engine.network.problems import Problem, Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


def of_task(net: Circuit, task: Task) -> Problems:
    """A task that is not there, populations that are gone, patterns of another size than the populations."""
    place = task.label or task.model
    yield from param_problems(task.model, "task", {**task.params, **task.lists}, place)
    if not registry.knows(task.model, "task"):
        return
    wanted = _sizes(registry.find(task.model, "task"), task)
    sides = (("inputs", "input", task.inputs), ("targets", "target", task.outputs))
    for (name, side, id), size in zip(sides, wanted, strict=True):
        if id is None:
            if size:
                cure = f"name the population that is to learn them: {name}=..."
                yield Problem(place, f"it has no {side} population", cure, (task.id,))
            continue
        population = net.populations.get(id)
        if population is None:
            yield Problem(place, f"its {side} population, {id}, is gone", "choose another", (task.id,))
        elif size is not None and size != len(population):
            has = counted(len(population), "neuron")
            what = f"{task.model} has {counted(size, name[:-1])} and {population.label!r} has {has}"
            yield Problem(
                place, what, f"give the population {counted(size, 'neuron')}", (task.id, population.id)
            )
    yield from _table(net, task)


def _table(net: Circuit, task: Task) -> Problems:
    """Columns of a table that do not divide into rows of the size of their population."""
    rows = {}
    for name, id in (("inputs", task.inputs), ("targets", task.outputs)):
        column = task.lists.get(name)
        population = net.populations.get(id) if id is not None else None
        if column is None or population is None or not len(population):
            continue
        if column.size % len(population):
            what = f"{column.size} {name} do not make rows of {len(population)} for {population.label!r}"
            yield Problem(task.label, what, "give one number per neuron and pattern", (task.id,))
            return
        rows[name] = column.size // len(population)
    if len(set(rows.values())) > 1:
        what = " and ".join(f"{counted(count, 'pattern')} of {name}" for name, count in rows.items())
        yield Problem(task.label, f"it has {what}", "give as many of each", (task.id,))


def _sizes(model: type[declare.Task], task: Task) -> tuple[int | None, int | None]:
    row = model.row(
        **{k: v for k, v in task.params.items() if k in model.params and isinstance(v, float | str)}
    )
    return model.sizes(row)


def of_learner(net: Circuit, learner: Learner) -> Problems:
    """A learner that is not there, or parameters it does not allow."""
    yield from param_problems(learner.model, "learner", learner.params, learner.label or learner.model)
