"""Every model there is, found by walking the model folders: nothing is listed by hand."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Literal, overload

from engine.declare import (
    Astrocyte,
    Declaration,
    Input,
    Learner,
    Modulator,
    Neuron,
    Router,
    Rule,
    Task,
    Transmission,
)
from engine.errors import UnknownName, nearest

FOLDERS = (
    "engine.neurons",
    "engine.transmission",
    "engine.rules.induction",
    "engine.rules.gate",
    "engine.rules.expression",
    "engine.rules.homeostasis",
    "engine.rules.structure",
    "engine.glia",
    "engine.modulators",
    "engine.inputs",
    "engine.learners",
    "engine.tasks",
    "engine.routers",
)

Model = type[Declaration]
SKETCHES = 16
"""Rules that are still being written of which the program knows: one is made at every pause in typing."""
_added: dict[str, Model] = {}
_offered: set[str] = set()


@cache
def _by_slug() -> dict[str, Model]:
    found: dict[str, Model] = {}
    for folder in FOLDERS:
        package = importlib.import_module(folder)
        for entry in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{folder}.{entry.name}")
            for value in vars(module).values():
                if (
                    isinstance(value, type)
                    and issubclass(value, Declaration)
                    and value.__module__ == module.__name__
                    and value.slug
                ):
                    if value.slug in found:
                        raise TypeError(f"two models are called {value.slug!r}: {module.__name__}")
                    found[value.slug] = value
    return found


def _place(model: Model) -> tuple[str, int, str, str]:
    stages = Rule.stages
    return (
        model.kind,
        stages.index(model.stage) if model.stage in stages else -1,
        model.family,
        model.label,
    )


def all(kind: str | None = None) -> list[Model]:
    """Every declared model of a kind, in the order a palette shows them."""
    added = [_added[slug] for slug in list(_offered)]
    return sorted((m for m in (*_by_slug().values(), *added) if kind in (None, m.kind)), key=_place)


def _known(slug: str) -> Model | None:
    return (_by_slug().get(slug) or _added.get(slug)) if isinstance(slug, str) else None


@overload
def find(slug: str, kind: Literal["neuron"]) -> type[Neuron]: ...
@overload
def find(slug: str, kind: Literal["astrocyte"]) -> type[Astrocyte]: ...
@overload
def find(slug: str, kind: Literal["transmission"]) -> type[Transmission]: ...
@overload
def find(slug: str, kind: Literal["rule"]) -> type[Rule]: ...
@overload
def find(slug: str, kind: Literal["modulator"]) -> type[Modulator]: ...
@overload
def find(slug: str, kind: Literal["input"]) -> type[Input]: ...
@overload
def find(slug: str, kind: Literal["learner"]) -> type[Learner]: ...
@overload
def find(slug: str, kind: Literal["task"]) -> type[Task]: ...
@overload
def find(slug: str, kind: Literal["router"]) -> type[Router]: ...
@overload
def find(slug: str, kind: str | None = None) -> Model: ...
def find(slug: str, kind: str | None = None) -> Model:
    """The declaration called `slug`.

    Raises:
        UnknownName: there is no such model of that kind; says which name is nearest.
    """
    model = _known(slug)
    if model is None or kind not in (None, model.kind):
        known = [m.slug for m in all(kind)]
        what = kind or "model"
        raise UnknownName(f"there is no {what} called {slug!r}{nearest(slug, known)}")
    return model


def knows(slug: str, kind: str | None = None) -> bool:
    """Whether a model of that slug (and kind) exists."""
    model = _known(slug)
    return model is not None and kind in (None, model.kind)


def add(model: Model, offered: bool = True) -> None:
    """Let a declaration that was not found in a folder be found by its slug, until the program ends.

    What is not `offered` is still being written: it stands in no list, and is forgotten after a few others.
    """
    if model.slug in _by_slug():
        return
    _added.setdefault(model.slug, model)
    if offered:
        _offered.add(model.slug)
    sketches = [slug for slug in list(_added) if slug not in _offered]
    for slug in sketches[:-SKETCHES]:
        _added.pop(slug, None)
