"""The cards of the plasticity stack: a rule belongs to one of five stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engine.declare.declaration import Declaration
from engine.once import once

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
    @once
    def asks(cls, owner: str) -> tuple[str, ...]:
        """The states of the `"pre"` or `"post"` neuron that its hooks read, from their syntax trees."""
        found = set(cls.read_of(owner))
        for each in cls.quantities.values():
            if each.owner == owner:
                starts = isinstance(each.init, str) and each.init not in cls.params
                found |= {each.of} if each.of else ({str(each.init)} if starts else set())
        own = {*cls.traces, *cls.quantities, *cls.totals, *EXCITABILITY, "spiked", "bap"}
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
    """What the log says of a synapse it made; `{name}` stands for a parameter."""
    spine: ClassVar[str] = ""
    """The field that says how mature a spine is, drawn close up: 0 a filopodium, 1 a mushroom."""
    head: ClassVar[str] = ""
    """The field that says how large its head is, which follows the weight."""

    stage = "structure"
    question = "Keep the synapse?"
    hook_names = ("on_slow", "grow", "form", "nearness")
