"""The words in which a model declares what it has: parameters, states, traces, fields, roles and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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

    `low` and `high` bound where it may be started by hand.  In a learner of streams `slow` ones are kept
    from one stream to the next, and the others start anew.
    """

    init: float | str
    unit: str
    doc: str
    name: str = ""
    low: float = -INFINITY
    high: float = INFINITY
    slow: bool = False


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
    *,
    slow: bool = False,
) -> Any:
    """Declare a per-neuron quantity: `init` is a number or the name of a parameter, `limits` bound it."""
    return State(init, unit, doc, low=float(limits[0]), high=float(limits[1]), slow=slow)


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
