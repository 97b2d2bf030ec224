"""Tasks and the learners that are taught by them: phases, settling, and what a task draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.declare.declaration import Declaration
from engine.declare.words import (
    choice,
    param,
)


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
    `m.score`, `reward(m, p)` makes `m.reward` of it, `tune` sets `n.db`, the change of the bias.  In a
    stream `m.asked` is 1 while the teacher speaks (see `Task.asked`) and 0 before, and where nobody teaches.

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
    runs: ClassVar[Mapping[str, str]] = {}
    """What drives neurons that run by their own model, step by step of a stream: by what their hooks read of
    `inp` a state of this learner; {} for a learner that makes rates of their net input itself.  Then `x` is 1
    in a step in which a neuron spikes (or what it sends instead), `fired` how often it did in this stream,
    and `fire` comes after the neuron."""
    reads_neurons: ClassVar[tuple[str, ...]] = ()
    """The words under which it reads such neurons, as `n.psi` (see `Neuron.in_time`)."""
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
    by_chances: ClassVar[bool] = False
    """Whether it takes rates for chances, so that they must lie between 0 and 1."""
    luck: ClassVar[str] = ""
    """The parameter that turns the random numbers its hooks draw off where it is 0, if it has one."""
    assumption: ClassVar[str] = ""
    """What it takes for granted that biology would have to provide."""
    settling: ClassVar[tuple[str, str, str]] = ("dt", "tol", "n_max")
    """The parameters that say how it settles: step, tolerance and greatest number of steps."""

    eta = param(
        0.1,
        "",
        (0.0, 1e3),
        "Learning rate.",
        source="our choice: a usual rate for networks of this size; a card that needs another has its own",
    )
    batch = param(
        1.0,
        "",
        (1.0, 1e6),
        "How many patterns are seen before the weights change.",
        whole=True,
        source="our choice: one pattern at a time, as a synapse meets them",
    )
    teacher = choice(
        "heard",
        ("heard", "cut"),
        "With a teacher that is cut no weight changes.",
        source="our choice: heard: cutting it is what the switch is for",
    )
    late = param(
        0.0,
        "",
        (0.0, 1e6),
        "How many patterns late a target comes.",
        whole=True,
        source="our choice: at once: delaying it is what the knob is for",
    )


class Settling(Learner):
    """A learner whose rates relax: the parameters of settling, for all of them alike."""

    dt = param(
        0.2,
        "",
        (1e-3, 1.0),
        "The share of the way to its new rate a neuron goes in one step.",
        source="our choice: a fifth of a time constant: settles without ringing",
    )
    tol = param(
        1e-3,
        "",
        (0.0, 1.0),
        "Nothing moves where no rate changes by as much in one step.",
        source="our choice: a thousandth of a full rate",
    )
    n_max = param(
        200.0,
        "",
        (1.0, 1e6),
        "The most steps a phase may take.",
        whole=True,
        source="our choice: forty time constants",
    )


@dataclass(frozen=True)
class Level:
    """A population a task draws above its input, and the synapses that lead to it; see `level`."""

    size: int = 0
    curve: str = ""
    weight: float | None = None
    within: bool = False
    frozen: bool = False
    biased: bool = True
    preset: str = ""


def level(
    size: int = 0,
    curve: str = "",
    *,
    weight: float | None = None,
    within: bool = False,
    frozen: bool = False,
    biased: bool = True,
    preset: str = "",
) -> Level:
    """Declare a population that a task is meant for.

    Args:
        size: how many neurons it has; 0 for as many as there are targets.
        curve: how their rate follows from their input; "" for the neuron's own default.
        weight: of every synapse that leads to it; small random ones where None.
        within: whether its neurons are joined to each other too.
        frozen: whether the synapses that lead to it keep their weights.
        biased: whether learning may change what its neurons get besides their input.
        preset: which parameters its neurons have, where their model has a preset of this name.
    """
    return Level(size, curve, weight, within, frozen, biased, preset)


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
    """How an answer counts as right: "within" (0.4 of every target), "class" (the largest output; of streams,
    the target that the sum of all outputs is most like) or "error" (mean distance)."""
    criterion: ClassVar[float] = 1.0
    """The share of right answers (or, for "error", the mean distance) at which it is learned."""
    streams: ClassVar[bool] = False
    """Whether its patterns are streams, in steps of 1 ms, which only a learner of streams can follow."""
    asked: ClassVar[str] = ""
    """The parameter that says for how many steps at the end of a stream its teacher speaks and its answer
    counts; "" for all of them."""
    marks: ClassVar[str] = ""
    """The parameter that names a step of its streams, which must lie within them."""
    in_spikes: ClassVar[bool] = False
    """Whether the patterns are spikes, so that relays, spiking neurons and a readout are drawn for it."""
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
