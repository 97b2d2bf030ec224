"""What people give to the door of a network: views, labels, lists and numbers become ids and records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import registry
from engine.counting import counted
from engine.errors import UnknownName, UsageError
from engine.network.columns import Value, floats, ints, parameter, places
from engine.network.declared import is_list
from engine.network.given import numbers, whole, wrong
from engine.network.ids import IdView
from engine.network.parts import RuleUse, Task
from engine.network.views import View

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

Some = View[Any] | IdView | ArrayLike
"""Things with ids: a view, an array, a list or one id."""
Rules = Iterable[RuleUse | str | tuple[str, Mapping[str, Any]]]
"""A stack of rules: slugs, (slug, parameters) pairs or cards."""


def one(net: Circuit, thing: Any, kind: str) -> int:
    """The id of one population or projection, from a view, an id or a label."""
    shelf: Mapping[int, Any] = net.populations if kind == "population" else net.projections
    if isinstance(thing, str):
        return net.labelled(thing, shelf, kind)
    if isinstance(thing, View) and thing.network is not net and thing.id not in shelf:
        raise UsageError(f"{thing!r} is not of this network; find its own with {kind}(label)")
    try:
        id = int(thing)
    except (TypeError, ValueError, OverflowError) as error:
        raise UsageError(f"{thing!r} is not a {kind}; give what add_{kind} returned, or its label") from error
    if isinstance(thing, float | np.floating) and thing != id:
        raise UsageError(f"{thing!r} is not a {kind}; give what add_{kind} returned, or its label")
    if id not in shelf:
        raise UnknownName(f"there is no {kind} with the id {id}")
    return id


def ids(some: Any) -> NDArray[np.int64]:
    """The ids that a view, an array, a list of such or a number stands for."""
    if isinstance(some, IdView):
        return ints(some.ids)
    if isinstance(some, list | tuple):
        parts = [np.atleast_1d(np.asarray(part)) for part in some]
        flat = np.concatenate(parts) if parts else np.empty(0, np.int64)
    else:
        flat = np.atleast_1d(np.asarray(some))
    if flat.size and flat.dtype.kind not in "iu":
        raise UsageError(f"{some!r} are not ids; give a view, or whole numbers")
    return ints(flat)


def of_things(some: Any) -> NDArray[np.int64]:
    """As `ids`, but a view stands for the thing itself, not for what is in it."""
    return ints(some.id) if isinstance(some, View) else ids(some)


def neurons(net: Circuit, some: Any, place: str) -> NDArray[np.int64]:
    """The ids of neurons that exist; raises UnknownName for others, as nobody can mean them."""
    found = ids(some)
    lost = found[net.population_of(found) == 0]
    if lost.size:
        raise UnknownName(f"{place}: there is no neuron with the id {lost[0]}")
    return found


def positions(given: Any, size: int | None, place: str) -> tuple[int, NDArray[np.float64] | None]:
    """How many neurons are asked for, and where, from a size or positions or both."""
    try:
        at = None if given is None else places(given)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from error
    count = (1 if at is None else len(at)) if size is None else whole(size, f"{place}: size", 0)
    if at is not None and len(at) != count:
        many = f"{counted(len(at), 'position')} for {counted(count, 'neuron')}"
        raise UsageError(f"{place}: {many}; give one for each")
    return count, at


def cards(rules: Rules) -> tuple[RuleUse, ...]:
    """A stack of rules as cards."""
    if isinstance(rules, str) or not isinstance(rules, Iterable):
        raise wrong(rules, "rules", 'a list of slugs or (slug, parameters) pairs, such as ["stdp_pair"]')
    stack = []
    for rule in rules:
        if isinstance(rule, RuleUse):
            stack.append(rule)
            continue
        slug, params = (rule, {}) if isinstance(rule, str) else _pair(rule)
        kept = {name: parameter(value, f"{slug}: {name}") for name, value in params.items()}
        stack.append(RuleUse(slug, {name: _single(value, slug, name) for name, value in kept.items()}))
    return tuple(stack)


def _pair(rule: Any) -> tuple[str, Mapping[str, Any]]:
    match rule:
        case (str() as slug, Mapping() as params):
            return slug, params
    raise UsageError(f'{rule!r} is not a rule; give a slug such as "stdp_pair", or a (slug, parameters) pair')


def _single(value: Value, slug: str, name: str) -> float | str:
    if isinstance(value, np.ndarray):
        raise UsageError(f"{slug}: {name} is one number for all synapses; give a single one")
    return value


def called(model: str) -> str:
    """What a model calls itself, or its slug with spaces where this version has none of that name."""
    return registry.find(model).label if registry.knows(model) else model.replace("_", " ")


def columns(net: Circuit, task: Task, values: Mapping[str, Any]) -> dict[str, NDArray[np.float64]]:
    """The columns of a table among these values, one row after the other.

    Raises:
        UsageError: they are no numbers, or rows that are not as wide as their population.
    """
    found = {}
    for name, id in (("inputs", task.inputs), ("targets", task.outputs)):
        if values.get(name) is None or not is_list(task.model, name):
            continue
        population = net.populations.get(id) if id is not None else None
        each = f"{counted(len(population), 'number')}, one for each neuron" if population else "numbers"
        right = f"rows of {each}"
        rows = numbers(values[name], name, right)
        if rows.ndim > 2 or (rows.ndim == 2 and population and rows.shape[1] != len(population)):
            raise UsageError(f"{name} has the shape {rows.shape}; it takes {right}")
        found[name] = floats(rows, name)
    return found
