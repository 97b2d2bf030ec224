"""Which of a model's ways to be said in NEST fits its parameters, and what even that one cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine import registry
from engine.declare import Declaration, InNest, State


def known(slug: str) -> type[Declaration] | None:
    """The model with this slug, None where this version has none."""
    return registry.find(slug) if registry.knows(slug) else None


def way_of(model: type[Declaration], given: Mapping[str, Any], where: str) -> tuple[InNest, list[str]]:
    """The first way to say a model with these parameters, else the nearest, and what it cannot say."""
    best: tuple[InNest, list[str]] | None = None
    for way in model.in_nest:
        said = {*way.names, *way.post, *way.only, *way.idle, *way.lists, *model.lists}
        trouble = [
            f"{where}: {model.slug} with {name} = {_shown(number)}"
            for name, number in given.items()
            if name not in said and not _is_default(model, name, number)
        ]
        trouble += [
            f"{where}: {model.slug} with {name} = {_shown(value(model, given, name))}"
            for name, wanted in way.only.items()
            if not _equal(value(model, given, name), wanted)
        ]
        if best is None or len(trouble) < len(best[1]):
            best = way, trouble
    assert best is not None, f"{model.slug} has no way into NEST"
    return best


def value(model: type[Declaration], given: Mapping[str, Any], name: str) -> Any:
    """What a parameter is, or where a state starts: as given, or as the model declares."""
    if name in given:
        return given[name]
    declared = model.states.get(name)
    if isinstance(declared, State):
        return value(model, given, declared.init) if isinstance(declared.init, str) else declared.init
    param = model.params[name]
    return param.options[int(param.default)] if param.options else param.default


def _is_default(model: type[Declaration], name: str, given: Any) -> bool:
    if name not in model.params and name not in model.states:
        return False
    return bool(np.all(_equal(given, value(model, {}, name))))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return bool(np.all(np.asarray(one) == other))


def _shown(number: Any) -> str:
    if isinstance(number, str):
        return number
    array = np.asarray(number)
    return f"{float(array):g}" if array.ndim == 0 else f"{array.min():g} to {array.max():g}"
