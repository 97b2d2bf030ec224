"""What all kinds of model share: how a class in a file becomes a declaration, and what is read off it."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, ClassVar

from engine import parsing
from engine.declare.in_nest import InNest
from engine.declare.words import (
    INFINITY,
    LOCI,
    Field,
    Param,
    Quantity,
    Role,
    Series,
    State,
    Total,
    Trace,
)
from engine.once import lately

UNASKED = "our choice: 0 lets the program find the one that fits"
SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")


@cache
def text_of(function: Callable[..., Any]) -> str:
    """The lines of a function in its file, which is searched for them once."""
    return textwrap.dedent(inspect.getsource(function))


class Declaration:
    """What all kinds of model share; subclass one of its kinds, never this."""

    kind: ClassVar[str] = ""
    stage: ClassVar[str] = ""
    question: ClassVar[str] = ""
    slug: ClassVar[str] = ""
    label: ClassVar[str] = ""
    family: ClassVar[str] = ""
    clock: ClassVar[str] = "fast"
    formula: ClassVar[str] = ""
    usual: ClassVar[bool] = False
    """Whether a drawing begins with this one, among those of its kind or stage."""
    caveat: ClassVar[str] = ""
    """What it is easily mistaken for and is not; its card says so."""
    step_good: ClassVar[float] = INFINITY
    """The longest step (ms) of the network with which its numbers are good; a longer one is remarked on."""
    step_most: ClassVar[float] = INFINITY
    """The longest step (ms) it can be run with at all; a longer one is refused."""
    in_steps: ClassVar[tuple[str, ...]] = ()
    """Parameters (ms) that count as whole steps, rounded up; one between two steps is remarked on.

    What a rule names as `late`, or a lagged quantity as `by`, is one of them by itself.
    """
    shares: ClassVar[tuple[str, ...]] = ()
    """Fields that are parts of one whole: together they are at most 1."""
    presets: ClassVar[Mapping[str, Mapping[str, float | str]]] = {}
    in_nest: ClassVar[tuple[InNest, ...]] = ()
    """The ways to say it in NEST, none where NEST has nothing that is the same."""
    params: ClassVar[dict[str, Param]] = {}
    states: ClassVar[dict[str, State]] = {}
    traces: ClassVar[dict[str, Trace]] = {}
    fields: ClassVar[dict[str, Field]] = {}
    totals: ClassVar[dict[str, Total]] = {}
    quantities: ClassVar[dict[str, Quantity]] = {}
    lists: ClassVar[dict[str, Series]] = {}
    roles: ClassVar[dict[str, Role]] = {}
    hooks: ClassVar[dict[str, Callable[..., Any]]] = {}
    hook_names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(
        cls, slug: str = "", label: str = "", family: str = "", clock: str = "", **extra: Any
    ) -> None:
        super().__init_subclass__(**extra)
        if clock:
            cls.clock = clock
        if not slug:
            return  # a kind, not a model
        if not SLUG.fullmatch(slug):
            raise TypeError(f"{cls.__name__}: slug {slug!r} must match [a-z][a-z0-9_]{{0,39}}")
        cls.slug, cls.label, cls.family = slug, label or slug, family
        for collection, declared in (
            ("params", Param),
            ("states", State),
            ("traces", Trace),
            ("fields", Field),
            ("totals", Total),
            ("quantities", Quantity),
            ("lists", Series),
            ("roles", Role),
        ):
            found = {}
            for name, value in [item for base in reversed(cls.__mro__) for item in vars(base).items()]:
                if isinstance(value, declared):
                    found[name] = type(value)(**{**vars(value), "name": name})
            setattr(cls, collection, found)
        cls._name_modulators()
        known = {*cls.hook_names, *(summed.of for summed in cls.totals.values())}
        cls.hooks = {
            name: value.__func__
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, staticmethod) and name in known
        }
        for name, summed in cls.totals.items():
            if summed.of not in cls.hooks:
                raise TypeError(f"{cls.__name__}.{name}: it sums {summed.of!r}, which is not a hook")
        for name, declared_trace in cls.traces.items():
            if declared_trace.tau not in cls.params:
                raise TypeError(f"{cls.__name__}.{name}: tau {declared_trace.tau!r} is not a parameter")
        for name, late in cls.quantities.items():
            if late.by and (late.by not in cls.params or cls.params[late.by].high == INFINITY):
                raise TypeError(f"{cls.__name__}.{name}: {late.by!r} must be a parameter with a limit")

    @classmethod
    def _name_modulators(cls) -> None:
        """Every role has a parameter by which the user says which modulator plays it."""
        if cls.roles and cls.stage not in ("induction", "gate"):
            raise TypeError(f"{cls.__name__}: only an induction or a gate can listen to a modulator")
        for name, declared in cls.roles.items():
            if declared.tau and declared.tau not in cls.params:
                raise TypeError(f"{cls.__name__}.{name}: tau {declared.tau!r} is not a parameter")
            chooser = declared.chosen_by or f"{name}_from"
            cls.roles[name] = Role(**{**vars(declared), "chosen_by": chooser})
            if chooser not in cls.params:
                doc = f"Which modulator is the {declared.substance} (its id); 0: the one that fits."
                cls.params[chooser] = Param(0.0, "", 0.0, 1e15, doc, UNASKED, name=chooser)

    @classmethod
    def row(cls, **values: float | str) -> SimpleNamespace:
        """A parameter row with defaults filled in, for drawing a curve: `model.window(dt, p)`."""
        known = {name: declared.default for name, declared in cls.params.items()}
        given = {name: cls.number(name, value) for name, value in values.items()}
        return SimpleNamespace(**{**known, "w_min": 0.0, "w_max": 1.0, **given})

    @classmethod
    def number(cls, name: str, value: float | str) -> float:
        """The number a kernel sees for a parameter: choices become their index."""
        declared = cls.params.get(name)
        if declared is not None and isinstance(value, str):
            return float(declared.options.index(value))
        return float(value)

    @classmethod
    def about(cls) -> str:
        """The module's docstring: what it is, then the paper."""
        module = inspect.getmodule(cls)
        return inspect.cleandoc((module.__doc__ if module else "") or cls.__doc__ or "")

    @classmethod
    def read_of(cls, row: str) -> frozenset[str]:
        """The names its hooks read of a row: what a rule reads of the astrocyte is `read_of("glia")`."""
        return _read_of(cls, row)

    @classmethod
    def source_of(cls, hook: str) -> ast.FunctionDef:
        """The syntax tree of a hook, for the kernel writer and for the locality row."""
        tree = parsing.module(text_of(cls.hooks[hook])).body[0]
        assert isinstance(tree, ast.FunctionDef)
        return tree

    @classmethod
    def keeps_loci(cls) -> bool:
        """Whether a hook speaks of `syn.P` or `syn.q`, or changes them: its synapses keep the two apart."""
        return _keeps_loci(cls)


@lately
def _keeps_loci(card: type[Declaration]) -> bool:
    told = {end for name in LOCI for end in (name, f"d{name}")}
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "syn"
        and node.attr in told
        for hook in card.hooks
        for node in ast.walk(card.source_of(hook))
    )


@lately
def _read_of(model: type[Declaration], row: str) -> frozenset[str]:
    return frozenset(
        node.attr
        for hook in model.hooks
        for node in ast.walk(model.source_of(hook))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == row
    )
