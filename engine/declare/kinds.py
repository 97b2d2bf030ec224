"""The kinds of model a circuit is made of besides cards of plasticity: neurons, glia, synapses, sources."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any, ClassVar

from engine.declare.declaration import Declaration


class Neuron(Declaration):
    """A neuron model: `derive` makes constants `k` once; each step `integrate`, `receive`, `fires`, `reset`.

    Rows: `n` the states, `p` the parameters, `k` the constants, `inp.ex` and `inp.in_` the summed
    weights that arrive now (signed), `inp.current` the current held since the last step (pA),
    `h` the step (ms).  What arrives over a receptor of its own is read under the name of that receptor, as
    `inp.nmda` (signed): a name in `receives` that no hook reads arrives as `inp.ex` and `inp.in_`.

    What has no exact solution is declared as `derivatives(n, p, k, inp, dn)`, which sets `dn.v` to dV/dt
    (1/ms) for each state it moves; fourth-order Runge-Kutta integrates it before `integrate`, where `was.v`
    is what `n.v` was before.  Other states it reads move meanwhile as `decay(n, p, k, inp, h)` says, exactly:
    it is called for each half, while the integrated states stand at the beginning.  Neither may draw chance.

    A model that must look more often than the network does says how often in `pace(n, p, k, h)`, one line
    that returns a number of parts; the derivatives are then integrated part by part, and `substep` runs after
    each, with `h` a part.
    """

    kind = "neuron"
    hook_names = (
        *("derive", "pace", "substep", "integrate", "receive", "fires", "reset"),
        *("derivatives", "decay"),
    )
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
    in_time: ClassVar[Mapping[str, str | float]] = {}
    """How a learner sees it that lets neurons run by their own model: by the learner's word a state, a
    parameter or a constant of `derive`, or a number.  `x` is what it sends, where that is not its spike."""
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
    runs_back: ClassVar[str] = ""
    """Which of its events is a spike that ran back into its dendrite: such a neuron is drawn with one, and
    `way_back(p)` says how long (ms) the spike runs to the synapses and which share of it arrives, at rest."""
    held: ClassVar[str] = ""
    """The state that a clamp holds: the one that is drawn; "" where there is none."""

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        cls.held = cls.shown if cls.kind == "neuron" and cls.shown in cls.states and not cls.is_relay else ""

    @classmethod
    def spikes(cls) -> bool:
        """Whether it ever spikes: a neuron of rates declares that it does not."""
        return cls.is_relay or ast.unparse(cls.source_of("fires").body[-1]) != "return False"


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
    outcome: ClassVar[str] = ""
    """The field that says how many vesicles the last spike released, 0 where it failed; "" where none can."""
    chance: ClassVar[str] = ""
    """The field that was the release probability at the last spike, where it differs from spike to spike."""
    cleft: ClassVar[str] = ""
    """The field that is the transmitter in the cleft (uM) just after the last spike; it fades at the rate
    (1/s) that `clearance(glia, p)` gives."""
    clearance: ClassVar[Any] = None
    """What empties a cleft, where there is one: a function of its astrocyte and the parameters (1/s)."""
    around: ClassVar[str] = ""
    """What of its astrocyte is transmitter (uM) that has spilled over from other clefts."""
    event: ClassVar[str] = ""
    """What its arrival means to the other synapses of the neuron: the kind of event their cards may hear."""


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
