"""The words a model file is written in: parameters, states, traces, fields, and the kinds of model.

A model is one class in one file.  Its class keywords name it, its class attributes declare what it
keeps, and its static methods (*hooks*) are arithmetic on rows.  Everything else in the program is
read off the declaration: the palette card, the inspector, the file format, the compiled kernel.

Units are ms, mV, pA, nS, pF, Hz, uM and um everywhere.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any, ClassVar

from engine import parsing

SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")
INFINITY = float("inf")


@dataclass(frozen=True)
class Param:
    """A number the user may turn: default, unit, legal range, what it does and where it comes from."""

    default: float
    unit: str
    low: float
    high: float
    doc: str
    source: str = ""
    options: tuple[str, ...] = ()
    """Names of the choices; the value stored in a kernel is the index of the name."""
    name: str = ""
    is_whole: bool = False
    """Whether it counts something, so that only whole numbers make sense."""

    @property
    def is_choice(self) -> bool:
        """Whether the value is one of a few names rather than a number."""
        return bool(self.options)

    @property
    def shown_default(self) -> float | str:
        """The default as a user writes it: the name of a choice, or the number."""
        return self.options[int(self.default)] if self.options else self.default


@dataclass(frozen=True)
class State:
    """A quantity every neuron (or astrocyte) has: starts at `init`, a number or a parameter's name.

    `low` and `high` bound where it may be started by hand.
    """

    init: float | str
    unit: str
    doc: str
    name: str = ""
    low: float = -INFINITY
    high: float = INFINITY


@dataclass(frozen=True)
class Trace:
    """A memory of spikes, owned by the pre or the post neuron: +1 at a spike, decays with `tau`.

    With `nearest` (a flag, or the name of a parameter that is 0 or 1) a spike sets it to 1 instead.
    """

    owner: str
    tau: str
    doc: str
    nearest: bool | str = False
    name: str = ""


@dataclass(frozen=True)
class Field:
    """A quantity every synapse has; `slow` fields come back with an undo, fast ones restart at rest.

    `low` and `high` bound what a user may set it to.
    """

    init: float | str
    unit: str
    doc: str
    slow: bool = False
    name: str = ""
    low: float = -INFINITY
    high: float = INFINITY


SUBSTANCES = ("any", "dopamine", "acetylcholine", "noradrenaline", "serotonin")
"""What a modulator may be; "any" stands for whatever a rule waits for."""


@dataclass(frozen=True)
class Role:
    """A modulator that a rule listens to: its level decays with `tau` and is felt at the post neuron.

    Hooks read `mod.<name>`, the level above rest, and `mod.<name>_rest`, the level at rest; `on_release`
    also reads `mod.<name>_dose`, what this release is (0 when another substance is released).
    """

    substance: str
    tau: str
    doc: str
    chosen_by: str
    """The parameter that holds the id of the modulator; 0 stands for the one that fits."""
    has_area: bool = False
    """A release adds 1/tau, so that its area is 1 (as in NEST); otherwise it adds 1."""
    name: str = ""


@dataclass(frozen=True)
class Total:
    """A sum over all synapses onto one neuron that carry the card, counted just before a slow card acts."""

    of: str
    unit: str
    doc: str
    name: str = ""


LOCI: dict[str, Field] = {
    "P": Field(0.5, "", "Release probability: the presynaptic share of the weight.", True, "P", 0.0, 1.0),
    "q": Field(
        float("nan"), "", "Quantal amplitude: what the weight would be if release were sure.", True, "q", 0.0
    ),
}
"""What a synapse has besides its weight w = P q as soon as a card of its stack speaks of `syn.P` or `syn.q`.

P starts as the release probability of the transmission (where it names one), else as the `p_start` of a card
that has one; q as w/P.  A card adds to `syn.dP` and `syn.dq`; bounds hold for the product.
"""


@dataclass(frozen=True)
class Quantity:
    """What a rule knows about each pre or post neuron beyond its spikes, advanced at every step.

    `init` is a number, the name of a parameter, or that of a state of the neuron (its value at the start).
    With `of` it is another quantity or state of that neuron as it was `by` (the name of a parameter, ms) ago.
    """

    owner: str
    init: float | str
    unit: str
    doc: str
    of: str = ""
    by: str = ""
    name: str = ""


@dataclass(frozen=True)
class Series:
    """A list of numbers the user writes, such as spike times or the steps of a current."""

    unit: str
    doc: str
    low: float = -INFINITY
    high: float = INFINITY
    name: str = ""


def param(
    default: float,
    unit: str = "",
    limits: tuple[float, float] = (-INFINITY, INFINITY),
    doc: str = "",
    *,
    source: str = "",
    whole: bool = False,
) -> Any:
    """Declare a parameter with its default, unit, legal range (ends included) and one sentence.

    With `whole` it counts something, and only whole numbers are taken.
    """
    low, high = float(limits[0]), float(limits[1])
    return Param(float(default), unit, low, high, doc, source, is_whole=whole)


def choice(default: str, options: tuple[str, ...], doc: str = "", *, source: str = "") -> Any:
    """Declare a parameter that is one of a few names; a hook sees the index of the name."""
    return Param(float(options.index(default)), "", 0.0, len(options) - 1.0, doc, source, tuple(options))


def state(
    init: float | str,
    unit: str = "",
    doc: str = "",
    limits: tuple[float, float] = (-INFINITY, INFINITY),
) -> Any:
    """Declare a per-neuron quantity: `init` is a number or the name of a parameter, `limits` bound it."""
    return State(init, unit, doc, low=float(limits[0]), high=float(limits[1]))


def trace(owner: str, *, tau: str, doc: str = "", nearest: bool | str = False) -> Any:
    """Declare a decaying memory of the spikes of the `"pre"` or the `"post"` neuron."""
    if owner not in ("pre", "post"):
        raise TypeError(f'a trace belongs to "pre" or "post", not {owner!r}')
    return Trace(owner, tau, doc, nearest)


def quantity(owner: str, init: float | str = 0.0, unit: str = "", doc: str = "") -> Any:
    """Declare what a rule keeps of each `"pre"` or `"post"` neuron; `on_pre_neuron`, `on_neuron` move it."""
    if owner not in ("pre", "post"):
        raise TypeError(f'a quantity belongs to "pre" or "post", not {owner!r}')
    return Quantity(owner, init, unit, doc)


def lagged(owner: str, of: str, *, by: str, doc: str = "") -> Any:
    """Declare a quantity or state of the `"pre"` or `"post"` neuron as it was `by` (a parameter, ms) ago."""
    if owner not in ("pre", "post"):
        raise TypeError(f'a lagged quantity belongs to "pre" or "post", not {owner!r}')
    return Quantity(owner, 0.0, "", doc, of, by)


def field(
    init: float | str = 0.0,
    unit: str = "",
    doc: str = "",
    *,
    slow: bool = False,
    limits: tuple[float, float] = (-INFINITY, INFINITY),
) -> Any:
    """Declare a per-synapse quantity: `init` is a number or the name of a parameter, `limits` bound it."""
    return Field(init, unit, doc, slow, low=float(limits[0]), high=float(limits[1]))


def total(of: str, unit: str = "", doc: str = "") -> Any:
    """Declare a sum over a neuron's synapses, read by `on_slow` as `post.name`.

    `of` names a hook of the model, `of(syn, pre, post, p)`: one line that returns a synapse's share.
    """
    return Total(of, unit, doc)


def role(substance: str, *, tau: str = "", doc: str = "", chosen_by: str = "", has_area: bool = False) -> Any:
    """Declare a modulator that the rule listens to; without `tau` only its releases count, at once.

    Without `chosen_by` a parameter `<name>_from` is declared, by which the user names the modulator.
    """
    if substance not in SUBSTANCES:
        raise TypeError(f"a substance is one of {', '.join(SUBSTANCES)}, not {substance!r}")
    return Role(substance, tau, doc or substance.capitalize(), chosen_by, has_area)


def series(unit: str = "", doc: str = "", limits: tuple[float, float] = (-INFINITY, INFINITY)) -> Any:
    """Declare a list of numbers the user writes, with their legal range (ends included)."""
    return Series(unit, doc, float(limits[0]), float(limits[1]))


def where(condition: bool, yes: float, no: float) -> float:
    """`yes` if the condition holds, else `no`; in a kernel both are computed."""
    return yes if condition else no


def clip(x: float, low: float, high: float) -> float:
    """`x`, but no lower than `low` and no higher than `high`."""
    return min(max(x, low), high)


def uniform() -> float:
    """A random number in [0, 1); only inside a hook."""
    raise TypeError("uniform() has a value only inside a kernel")


def normal() -> float:
    """A standard normal random number; only inside a hook."""
    raise TypeError("normal() has a value only inside a kernel")


def poisson(mean: float) -> float:
    """A Poisson random number; only inside a hook."""
    raise TypeError("poisson() has a value only inside a kernel")


def binomial(n: float, p: float) -> float:
    """A binomial random number; only inside a hook."""
    raise TypeError("binomial() has a value only inside a kernel")


def transfer(net: float, curve: float) -> float:
    """The rate that a net input gives; only inside a hook of a learner."""
    raise TypeError("transfer() has a value only inside a kernel")


def slope(x: float, curve: float) -> float:
    """How steeply the rate rises where it is `x`; only inside a hook of a learner."""
    raise TypeError("slope() has a value only inside a kernel")


class Declaration:
    """What all kinds of model share; subclass one of the kinds below, never this."""

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
            return  # one of the kinds below
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
                cls.params[chooser] = Param(0.0, "", 0.0, 1e15, doc, "ours", name=chooser)

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
        return frozenset(
            node.attr
            for hook in cls.hooks
            for node in ast.walk(cls.source_of(hook))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == row
        )

    @classmethod
    def source_of(cls, hook: str) -> ast.FunctionDef:
        """The syntax tree of a hook, for the kernel writer and for the locality row."""
        text = textwrap.dedent(inspect.getsource(cls.hooks[hook]))
        tree = parsing.module(text).body[0]
        assert isinstance(tree, ast.FunctionDef)
        return tree

    @classmethod
    def keeps_loci(cls) -> bool:
        """Whether a hook speaks of `syn.P` or `syn.q`, or changes them: its synapses keep the two apart."""
        told = {end for name in LOCI for end in (name, f"d{name}")}
        return any(
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "syn"
            and node.attr in told
            for hook in cls.hooks
            for node in ast.walk(cls.source_of(hook))
        )


class Neuron(Declaration):
    """A neuron model: `derive` makes constants `k` once; each step `integrate`, `receive`, `fires`, `reset`.

    Rows: `n` the states, `p` the parameters, `k` the constants, `inp.ex` and `inp.in_` the summed
    weights that arrive now (signed), `inp.current` the current held since the last step (pA),
    `h` the step (ms).  What arrives over a receptor of its own is read under the name of that receptor, as
    `inp.nmda` (signed): a name in `receives` that no hook reads arrives as `inp.ex` and `inp.in_`.

    A model that must look more often than the network does says how often in `pace(n, p, k, h)`, one line
    that returns a number of parts; `substep` then runs that many times before `integrate`, with `h` a part.
    """

    kind = "neuron"
    hook_names = ("derive", "pace", "substep", "integrate", "receive", "fires", "reset")
    in_steps: ClassVar[tuple[str, ...]] = ("t_ref",)
    offers: ClassVar[tuple[str, ...]] = ()
    """What it has that some rules want (see `Rule.wants`), such as "lasting spike"."""
    receives: ClassVar[tuple[str, ...]] = ("current",)
    """Which transmissions reach it: "current", "conductance", a receptor of its own; () for none."""
    currents: ClassVar[tuple[str, ...]] = ()
    """Held currents of its own besides `inp.current`, such as one into a dendrite."""
    trained: ClassVar[Mapping[str, str]] = {}
    """How a learner sees it: its parameters that are the `curve` (a choice of logistic, linear, tanh, relu or
    rectified, clipped) and the `bias`; without them it has no rate to learn with."""
    plain: ClassVar[Mapping[str, Mapping[str, float]]] = {}
    """What else must hold for each curve, as a learner knows no more than curve and bias."""
    is_relay: ClassVar[bool] = False
    """Whether it repeats what its inputs give it and nothing else."""
    rest: ClassVar[float | str] = 0.0
    """The potential drawn as an empty disc: a number or the name of a parameter."""
    peak: ClassVar[float | str] = 1.0
    """The potential drawn as a full disc: a number or the name of a parameter."""
    shown: ClassVar[str] = "v"
    """The state that is drawn."""
    local: ClassVar[str] = "v"
    """The state that a synapse feels as the potential around it: what rules read as `post.local`."""
    events: ClassVar[tuple[str, ...]] = ()
    """States above 0 in a step in which something other than a spike reaches its synapses, such as a spike
    that ran back into the dendrite ("bap"), or a burst; the value is its size, read as `post.bap`."""
    learns_from: ClassVar[str] = ""
    """Which of them its synapses learn from, unless their projection says otherwise; "" for the spike."""
    local_mean: ClassVar[str] = ""
    """The state that is its average over the step (`post.local_mean`), where that differs; "" for itself."""
    refractory: ClassVar[str] = "r"
    """The state that counts the steps for which it cannot spike, where it has one."""
    held: ClassVar[str] = ""
    """The state that a clamp holds: the one that is drawn; "" where there is none."""

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        cls.held = cls.shown if cls.kind == "neuron" and cls.shown in cls.states and not cls.is_relay else ""


class Astrocyte(Neuron):
    """An astrocyte model, stepped every `every` ms; the synapses of its territory read it as `glia`.

    Transmissions and rules read any of its states and parameters by name, as they are at the time of the
    event: `glia.gamma`, `glia.alpha`, ...; `glia.present` is 1 where an astrocyte owns the synapse.  What
    its synapses released since the last time comes in as `inp.ex` (1 per spike, or what the transmission
    sets as `syn.released`), and what flows in from coupled astrocytes as `inp.flux`, per ms.
    """

    kind = "astrocyte"
    every: ClassVar[float] = 1.0
    aliases: ClassVar[Mapping[str, str]] = {}
    """Other names of its states and parameters, such as `{"ca": "ca_astro"}`."""

    @classmethod
    def offered(cls, name: str) -> str:
        """The state or parameter that others call `name`; "" when it has none."""
        own = cls.aliases.get(name, name)
        return own if own in cls.states or own in cls.params else ""


class Transmission(Declaration):
    """How a presynaptic spike becomes an amplitude.  `release(syn, glia, p, dt)` sets `syn.amount`.

    It may set `syn.released` too, what an astrocyte hears of it (1 unless it says otherwise).

    `dt` is the time since this synapse's last presynaptic spike (very large at the first).
    Without a `release` hook the amplitude is the weight.

    With `flow(pre, post, syn, p)` it carries no spikes: `syn.amount` is what flows into the post side all
    the time, a current (pA) into a neuron, a flux (per ms) into an astrocyte, from states of both sides.
    """

    kind = "transmission"
    hook_names = ("release", "flow")
    both_ways: ClassVar[bool] = False
    """Whether what flows into the post side leaves the pre side."""
    gives: ClassVar[str] = "current"
    """What arrives: "current", "conductance", another name that neurons list in `receives`, "gap", or "any"
    (whatever the neuron takes)."""
    unit: ClassVar[str] = ""
    """The unit of a weight, where it is neither pA nor, for conductances and gap junctions, nS."""
    carries: ClassVar[str] = ""
    """The state of the pre neuron that flows all the time, times the weight; "" for spikes."""
    probability: ClassVar[str] = ""
    """The parameter that is a release probability: where synapses have P and q of their own, they stand for
    that parameter and for `syn.w`."""
    event: ClassVar[str] = ""
    """What its arrival means to the other synapses of the neuron: the kind of event their cards may hear."""


EXCITABILITY = {"gain_ex": 1.0, "bias": 0.0}
"""What a card may change in the post neuron itself, and its start: the factor on all excitation that arrives,
and a current (pA) besides all others."""


class Rule(Declaration):
    """One card of the plasticity stack; subclass one of the five stages."""

    kind = "rule"
    in_steps: ClassVar[tuple[str, ...]] = ("delay", "update")
    stages = ("induction", "gate", "expression", "homeostasis", "structure")
    seeks: ClassVar[str] = ""
    """What it keeps at a set point: "rate" or nothing.

    Then plain functions say how: `set_point(p)` (Hz), `pace(p)` (ms in which it acts) and, where acting
    faster than a quarter of what it looks back over makes it swing, `looks_back(p)` (ms).
    """

    signs: ClassVar[str] = ""
    """The sign of the synapses it is made for, "excitatory" or "inhibitory"; on others it is remarked on."""
    signs_only: ClassVar[bool] = False
    """Whether it makes no sense on synapses of the other sign, so that a check names it as a problem."""
    wants: ClassVar[Mapping[str, str]] = {}
    """What its post neurons should offer (see `Neuron.offers`), and what goes wrong without it."""

    @classmethod
    def asks(cls, owner: str) -> tuple[str, ...]:
        """The states of the `"pre"` or `"post"` neuron that its hooks read, from their syntax trees."""
        return _asked(cls, owner)  # type: ignore[arg-type]


@cache
def _asked(card: type[Rule], owner: str) -> tuple[str, ...]:
    found = set(card.read_of(owner))
    for each in card.quantities.values():
        if each.owner == owner:
            starts = isinstance(each.init, str) and each.init not in card.params
            found |= {each.of} if each.of else ({str(each.init)} if starts else set())
    own = {*card.traces, *card.quantities, *card.totals, *EXCITABILITY, "spiked", "bap"}
    return tuple(sorted(found - own))


class Induction(Rule):
    """What did these two neurons just do?  `on_pre` and `on_post` add to `syn.dw`.

    A postsynaptic event that reaches the synapse weakened has a size below 1 (see `Neuron.events`): post
    traces grow by as much, and what `on_post` adds to `syn.dw` counts by as much, unless the rule reads it
    itself, as `post.bap`.
    `on_step(syn, pre, post, p, h)` does so at every step, or every `every` ms, while `awake(post, p)` says
    that the synapses of this neuron have something to do.  `on_neuron(post, p, h)` and
    `on_pre_neuron(pre, p, h)` move the quantities of each neuron once a step, after its threshold test: they
    read its states by name, `spiked` (how often it fired in this step) and its traces as they were before.
    In the other hooks a neuron is as its synapse knows it: `pre` an axonal delay ago, `post` a dendritic
    delay ago.
    `between(syn, p, dt)` is what goes on at the synapse by itself over the `dt` ms between two events;
    `on_late` is the presynaptic spike once more, `late` (a parameter, ms) after it came; `on_event` is an
    event of the kind `hears` at the postsynaptic neuron (see `Transmission.event`).
    With a `role` its hooks may also read `mod`, the levels at the time of the spike.
    """

    late: ClassVar[str] = ""
    """The parameter that says how long after the presynaptic spike `on_late` runs."""
    hears: ClassVar[str] = ""
    """The kind of event `on_event` answers."""

    stage = "induction"
    question = "What did the pair do?"
    hook_names = (
        "on_pre", "on_post", "on_step", "on_neuron", "on_pre_neuron", "awake",
        "on_late", "on_event", "between",
    )  # fmt: skip
    every: ClassVar[str] = ""
    """The parameter (ms) that says how often `on_step` is run; "" for every step."""


class Gate(Rule):
    """Does a third party agree?  Listens to modulators by `role`; several gates act from left to right.

    `on_change` intercepts `syn.dw`, what the cards to its left propose; `advance` adds to `syn.dw` what
    is released over `dt` ms (`mod` is as at their start), and `on_release` what a release does at once;
    both pass through the gates to the right.  `transmit` scales `syn.amount`, the amplitude on its way.
    Its fields are eligibility: what a synapse keeps until the third party comes; the canvas lets it shimmer.
    """

    stage = "gate"
    question = "Does a third party agree?"
    hook_names = ("on_change", "advance", "on_release", "transmit")


class Expression(Rule):
    """Where is the change stored?  `apply` moves `syn.dw` into `syn.w` and keeps the bounds.

    A card that consolidates (clock="slow") may move weights on by `on_slow`, as homeostasis does.
    """

    stage = "expression"
    question = "Where is it stored?"
    hook_names = ("apply", "on_slow")


class Homeostasis(Rule, clock="slow"):
    """Is the neuron too loud or too quiet?  `on_slow(syn, pre, post, p, dt)` every `update` ms.

    `on_neuron(post, p, dt)`, as often, may turn the neuron's own `post.gain_ex` (a factor on all excitation
    that arrives) and `post.bias` (pA) instead, and its own quantities.
    """

    stage = "homeostasis"
    question = "Too loud or too quiet?"
    hook_names = ("on_slow", "on_neuron")


class Structure(Rule, clock="slow"):
    """Should this synapse exist?  `on_slow` sets `syn.doomed`; `grow` and `form` make new ones.

    `on_slow(syn, pre, post, p, dt)` may draw chance, and reads memories of both neurons as they are now and
    sums over the neuron's synapses (`total`).

    `grow(el, p, h)` moves `el.z`, the elements of a neuron, over one step of `h` ms, reading `el.ca` (the
    calcium as NEST advances it), `el.ca0` and `el.ca1` (exact, at the start and the end of the step).

    `form(p)` is the rate (per ms) at which a vacant place for a contact fills, every `update` ms.  Each pair
    of neurons has `sites` places; a new synapse has `weight` and `delay`.  All four are parameters.

    `nearness(d, p)` is the relative chance of a partner at `d` um, at most 1; both `grow` and `form` heed it.
    A parameter `torus` that is not 0 is the side of a sheet that closes on itself, and `speed` (m/s) one that
    adds distance over speed to the delay.

    A plain function `fastest(p)` says how long (ms) its quickest process takes; looked at less than ten times
    as often, which the network can tell, its numbers are coarse.
    """

    why: ClassVar[str] = ""
    """What the log says of a synapse it removed; `{name}` stands for a parameter."""
    because: ClassVar[str] = "free ends met"
    """What the log says of a synapse it made."""
    spine: ClassVar[str] = ""
    """The field that says how mature a spine is, drawn close up: 0 a filopodium, 1 a mushroom."""
    head: ClassVar[str] = ""
    """The field that says how large its head is, which follows the weight."""

    stage = "structure"
    question = "Keep the synapse?"
    hook_names = ("on_slow", "grow", "form", "nearness")


class Modulator(Declaration):
    """A substance in the tissue: sources release it, it decays, rules that have a `role` for it read it.

    `release(n, inp, p)` sets `inp.dose` (any sign) from the spikes of its sources in this step: `inp.up` of
    those of sign + or none, with releases by hand, and `inp.down` of the inhibitory ones; `n` are its states.
    Without the hook every spike releases `amount`.  A parameter `sigma` (um) makes it a field in space: a
    source is felt as exp(-d^2 / (2 sigma^2)) at a distance d, everywhere alike with sigma 0.  A parameter
    `tonic` is the level at rest, in releases, and `substance` says which roles it fits.
    """

    kind = "modulator"
    hook_names = ("release",)


class Input(Declaration):
    """A stimulus.  `draw(inp, p, h)` sets `inp.count` (spikes now) or `inp.current` (pA from now on)."""

    kind = "input"
    hook_names = ("draw",)
    gives: ClassVar[str] = "spikes"
    """"spikes" (weighted by `weight`) or "current"."""
    channel: ClassVar[str] = ""
    """The name under which neurons read it (`inp.dendrite_current`), where that is not the usual one."""


@dataclass(frozen=True)
class Phase:
    """One stretch of the time a learner gives to a batch of patterns; see `phase`."""

    name: str
    does: str
    clamp: bool = False
    start: str = ""
    keep: tuple[tuple[str, str], ...] = ()
    sets: tuple[tuple[str, str | float], ...] = ()
    answer: bool = False
    colour: str = ""
    waits: bool = True


def phase(
    name: str,
    does: str,
    *,
    clamp: bool = False,
    start: str = "",
    keep: Mapping[str, str] | None = None,
    sets: Mapping[str, str | float] | None = None,
    answer: bool = False,
    colour: str = "",
    waits: bool = True,
) -> Phase:
    """Declare a phase.

    Args:
        name: what the strip on the timeline calls it.
        does: "forward" (depth by depth), "backward" (the other way), "settle" (all at once, until nothing
            moves), "judge" (one number for all), "trace" (synapses keep a memory) or "update" (they change).
        clamp: whether the target population is held at its targets.
        start: "rest" begins with every rate at 0, the name of a kept state with what was kept with it;
            otherwise it goes on from the phase before.
        keep: what each neuron remembers of it afterwards: state to write, state to copy.
        sets: what `m` says during it: a number, or the name of a parameter.
        answer: whether the rates at its end are what the network answers.
        colour: of the strip, "#rrggbb".
        waits: whether it cannot begin before everybody has ended the phase before: a global synchronisation.
    """
    if does not in ("forward", "backward", "settle", "judge", "trace", "update"):
        raise TypeError(f"phase {name!r}: it cannot do {does!r}")
    kept, told = tuple((keep or {}).items()), tuple((sets or {}).items())
    return Phase(name, does, clamp, start, kept, told, answer, colour, waits)


class Learner(Declaration):
    """An error-driven system that trains rate neurons on a task, a batch of patterns at a time.

    Hooks on synapses return what they add to a neuron: `forward(syn, pre, p)` to `n.net` of the post neuron,
    over synapses that lead away from the input; `feedback(syn, pre, p)` to `n.back` of the post neuron, over
    drawn feedback synapses; `backward(syn, post, p)` to `n.err` of the *pre* neuron, against the arrow, which
    no synapse does (foreign reads).  `update(syn, pre, post, p, m)` adds to `syn.dw`, the mean over the batch
    is added to the weight unless `store(syn, p)` says otherwise.

    Hooks on neurons: `fire(n, p, m)` in a forward phase, `teach` at the target population and then `blame` at
    the others in a backward phase, `receive` and `settle(n, p, m, h)` in every step of a settling phase,
    `clamp` where the target is held, `judge` returns what is averaged over the target population into
    `m.score`, `reward(m, p)` makes `m.reward` of it, `tune` sets `n.db`, the change of the bias.

    Every neuron has `x` (its rate), `net` (bias included), `back`, `err`, `target`, `bias`, `curve`, `top`
    (1 in the target population), `height` (how far below it), `kth` (see `winners`) and the declared states;
    every synapse `w`, `dw`, `height` (of its upper end) and the declared fields.
    """

    kind = "learner"
    hook_names = (
        "forward", "feedback", "backward", "fire", "teach", "blame", "receive", "settle", "clamp", "judge",
        "reward", "update", "trace", "store", "tune", "observe", "energy", "bond",
    )  # fmt: skip
    phases: ClassVar[tuple[Phase, ...]] = ()
    streams: ClassVar[bool] = False
    """Whether patterns are streams in time: every phase but the update is done at every step of one."""
    recurrent: ClassVar[bool] = False
    """Whether forward synapses of every kind, feedback and lateral ones too, carry its rates."""
    trains_feedback: ClassVar[bool] = False
    """Whether feedback synapses are changed as the others are."""
    layers: ClassVar[str] = ""
    """Why it needs layers, where it does."""
    feedback_from: ClassVar[str] = ""
    """Which feedback must be drawn: "step" (each population to the one before), "direct" (from the target
    population to every other), "symmetric" (as "step", with the weights of the forward synapses)."""
    feedback_weight: ClassVar[float | None] = None
    """The weight of the feedback synapses that are drawn for it; random ones where None."""
    teaches_hidden: ClassVar[bool] = True
    """Whether neurons between input and target learn too; if not, the input must lead straight to it."""
    winners: ClassVar[str] = ""
    """The parameter that says how many neurons of a population may stay active; `n.kth` is the least net."""
    luck: ClassVar[str] = ""
    """The parameter that turns the random numbers its hooks draw off where it is 0, if it has one."""
    assumption: ClassVar[str] = ""
    """What it takes for granted that biology would have to provide."""
    settling: ClassVar[tuple[str, str, str]] = ("dt", "tol", "n_max")
    """The parameters that say how it settles: step, tolerance and greatest number of steps."""

    eta = param(0.1, "", (0.0, 1e3), "Learning rate.")
    batch = param(1.0, "", (1.0, 1e6), "How many patterns are seen before the weights change.", whole=True)
    teacher = choice("heard", ("heard", "cut"), "With a teacher that is cut no weight changes.")
    late = param(0.0, "", (0.0, 1e6), "How many patterns late a target comes.", whole=True)


class Settling(Learner):
    """A learner whose rates relax: the parameters of settling, for all of them alike."""

    dt = param(0.2, "", (1e-3, 1.0), "The share of the way to its new rate a neuron goes in one step.")
    tol = param(1e-3, "", (0.0, 1.0), "Nothing moves where no rate changes by as much in one step.")
    n_max = param(200.0, "", (1.0, 1e6), "The most steps a phase may take.", whole=True)


@dataclass(frozen=True)
class Level:
    """A population a task draws above its input, and the synapses that lead to it; see `level`."""

    size: int = 0
    curve: str = ""
    weight: float | None = None
    within: bool = False
    frozen: bool = False
    biased: bool = True


def level(
    size: int = 0,
    curve: str = "",
    *,
    weight: float | None = None,
    within: bool = False,
    frozen: bool = False,
    biased: bool = True,
) -> Level:
    """Declare a population that a task is meant for.

    Args:
        size: how many neurons it has; 0 for as many as there are targets.
        curve: how their rate follows from their input; "" for the neuron's own default.
        weight: of every synapse that leads to it; small random ones where None.
        within: whether its neurons are joined to each other too.
        frozen: whether the synapses that lead to it keep their weights.
        biased: whether learning may change what its neurons get besides their input.
    """
    return Level(size, curve, weight, within, frozen, biased)


class Router(Declaration):
    """A circuit that decides which of its `sources` reaches its `destination`, by a gate for each of them.

    Its states are the rates of a gate, in the order in which they are drawn; the last is how far it is open.
    `gate(g, p, h)` moves them by one step of `h` ms: `g.cue` says whether it is asked for, `g.habit` whether
    it opens by itself, `g.luck` and `g.luck_too` are standard normal.  `arrive(m, p, h)` moves `m.active`,
    one content at the destination: `m.sent` comes through the gates, `m.others` is how active its rivals are.
    `learn(weight, p)` is what a stimulus and its answer are worth to each other after a success.
    Its parameters include `threshold`, at which a content is said, and `limit` (ms), how long one waits.
    """

    kind = "router"
    hook_names = ("gate", "arrive", "learn")
    sources: ClassVar[tuple[str, ...]] = ()
    """Areas a content may come from; the last is the one that habit prefers."""
    destination: ClassVar[str] = ""
    contents: ClassVar[tuple[str, ...]] = ()
    """What may stand at a source, by name."""
    halo: ClassVar[str] = ""
    """The parameter that is the level of a modulator around the gates; "" for none."""
    ways: ClassVar[tuple[tuple[str, str, int], ...]] = ()
    """Which state of a gate excites (1) or inhibits (-1) which: the wires that are drawn."""
    places: ClassVar[Mapping[str, tuple[float, float]]] = {}
    """Where each state is drawn, from left (0) to right (1) and from top (0) to bottom (1)."""


class Task(Declaration):
    """A set of patterns and targets; `patterns(p, luck, stored)` makes them.

    It returns a dict with "train" and, where they differ, "test": lists of (patterns, targets), one pair for
    each stage that is learned after the one before.  `luck` has uniform(low, high), normal(mean, sd),
    integers(n) and shuffled(list); `stored` is what `file` beside the module holds, or the user's lists.
    """

    kind = "task"
    file: ClassVar[str] = ""
    """The file of numbers that travels with it."""
    judged: ClassVar[str] = "within"
    """How an answer counts as right: "within" (0.4 of every target), "class" (the largest output) or
    "error" (mean distance)."""
    criterion: ClassVar[float] = 1.0
    """The share of right answers (or, for "error", the mean distance) at which it is learned."""
    streams: ClassVar[bool] = False
    """Whether its patterns are streams in time, which only a learner of streams can follow."""
    levels: ClassVar[tuple[Level, ...]] = ()
    """The populations it is meant for, target last; none: a middling one, and the target."""

    @staticmethod
    def sizes(p: Any) -> tuple[int | None, int | None]:
        """How many input and target neurons it takes; None for any number."""
        return None, None

    @staticmethod
    def patterns(p: Any, luck: Any, stored: Any) -> Mapping[str, Any]:
        """The patterns and targets."""
        raise TypeError("a task says what its patterns are")
