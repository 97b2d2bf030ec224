"""What the window and the running engine say to each other, and nothing else passes between them.

Every message is a frozen value.  Steps are whole numbers of dt since t = 0; a *timeline* is a number that
grows each time an older moment is restored, so that news from a future that was given up can be dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.network.edits import from_json

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
State = dict[str, NDArray[Any]]
"""A capture: named arrays that say everything about what a simulation is doing."""

StepKind = Literal["dt", "spike", "change"]
"""How far one press of the step button goes: one dt, the next spike, the next synapse born or pruned."""


class Edit(Protocol):
    """A change of a network, as `engine.network.edits` makes them."""

    label: str

    def apply(self, net: Any) -> Any:
        """Change `net` and return the edit that undoes it."""


# -- to the engine ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Apply:
    """Change the running network; answered by `Applied` or `Refused` with the same number."""

    number: int
    edit: Any


@dataclass(frozen=True)
class Preview:
    """Try a value while a knob is turned; taken back before the next edit, or by a preview of None.

    Only the newest waiting preview of a knob is used.
    """

    edit: Any | None


@dataclass(frozen=True)
class Play:
    """Run from here, until told otherwise."""


@dataclass(frozen=True)
class Pause:
    """Stop at the end of this block; answered by `Paused`."""


@dataclass(frozen=True)
class Step:
    """Run for one dt, to the next spike, or to the next synapse that grows or is pruned, then pause."""

    kind: StepKind = "dt"


@dataclass(frozen=True)
class SetSpeed:
    """Biological time per wall time: 1.0 is real time, None is as fast as possible."""

    ratio: float | None


@dataclass(frozen=True)
class Capture:
    """Ask for everything the simulation is doing; answered by `Captured` with the same tag."""

    tag: int


@dataclass(frozen=True)
class Restore:
    """Continue from `state` on `network` (None: from t = 0), as a new timeline.

    `edition` is that of the capture (-1: unknown).  With `repeats`, what was done after that moment is done
    again, each thing at its step, until somebody does something else.
    """

    state: State | None
    network: Any
    timeline: int
    edition: int = -1
    repeats: bool = False


@dataclass(frozen=True)
class Poke:
    """Do something to neurons or synapses by hand: "fire", "silence", "unsilence", "release"."""

    kind: str
    ids: Ints

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poke) and self.kind == other.kind and np.array_equal(self.ids, other.ids)

    def __hash__(self) -> int:
        return hash((self.kind, np.asarray(self.ids).tobytes()))


QUICK = frozenset(("released", "clefts", "returned"))
"""Quantities that change with every spike: where they are wanted, every frame has them anew."""


@dataclass(frozen=True)
class Watch:
    """Which weights the window wants in its frames: projection ids, or None for all in turn.

    `quantities` are further ones wanted in each frame, such as "calcium", "boutons", "modulator"; of
    `synapses` it wants to know what each card did.
    """

    projections: tuple[int, ...] | None = None
    quantities: tuple[str, ...] = ()
    synapses: tuple[int, ...] = ()


@dataclass(frozen=True)
class PauseWhen:
    """Pause by itself when one of these happens; replaces what was asked before."""

    breakpoints: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Stop:
    """End the thread."""


# -- from the engine -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """The simulation is built and waits at `step`."""

    step: int
    t: float
    dt: float
    timeline: int = 0


@dataclass(frozen=True)
class Preparing:
    """A heavy change is being made ready beside the run; `what` finishes "preparing ..."."""

    number: int
    what: str
    timeline: int = 0


@dataclass(frozen=True)
class Applied:
    """The receipt of an edit: at which step it took effect, and the edit that undoes it there."""

    number: int
    step: int
    t: float
    inverse: Any
    timeline: int = 0


@dataclass(frozen=True)
class Refused:
    """The receipt of an edit that was not possible; nothing changed."""

    number: int
    why: str
    timeline: int = 0


@dataclass(frozen=True)
class Repeated:
    """An edit of an old timeline that was repeated at its step after a restore."""

    edit: Any
    inverse: Any
    step: int
    t: float
    timeline: int = 0


@dataclass(frozen=True)
class Noted:
    """A cause that no receipt is due for took effect at `step`: a preview, a poke, rules made ready."""

    step: int
    message: Preview | Poke | Apply
    timeline: int = 0


@dataclass(frozen=True, eq=False)
class Grown:
    """Synapses that a rule grew: one entry per synapse in each array (pA or nS, ms)."""

    projection: int
    ids: Ints
    pre: Ints
    post: Ints
    weight: Floats
    delay: Floats
    rule: str
    why: str
    step: int
    t: float
    timeline: int = 0
    columns: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Pruned:
    """Synapses that a rule took away, and why."""

    projection: int
    ids: Ints
    rule: str
    why: str
    step: int
    t: float
    timeline: int = 0


@dataclass(frozen=True, eq=False)
class Captured:
    """What the simulation was doing at `step`; pass `state` back in a `Restore`."""

    tag: int
    step: int
    t: float
    state: State | None
    """None: at rest at t = 0."""
    edition: int = -1
    timeline: int = 0
    previews: tuple[Any, ...] = ()
    """Edits that were being tried at that moment: to be previewed again by who repeats the run."""


@dataclass(frozen=True)
class Restored:
    """An older moment is in place; everything after this message belongs to `timeline`."""

    step: int
    t: float
    timeline: int


@dataclass(frozen=True)
class Paused:
    """The run stands still at `step`; `why` names the breakpoint or the trouble, or is empty."""

    step: int
    t: float
    why: str = ""
    timeline: int = 0
    plays: int = 0
    """How many times the engine had been told to play or step by then."""


@dataclass(frozen=True)
class Ran:
    """What happened between two pauses: weights that differ, synapses grown and pruned, spikes."""

    start: int
    stop: int
    weights: int
    grown: int
    pruned: int
    spikes: int
    timeline: int = 0


@dataclass(frozen=True)
class Behind:
    """The machine cannot keep the speed asked for; `ratio` is what it reaches."""

    ratio: float
    asked: float
    timeline: int = 0


@dataclass(frozen=True)
class Failed:
    """Something went wrong; the run is paused at the last good step.

    `where` says what was being done; `neuron`, `projection`, `rule`, `variable` and `value` are filled in
    when the numbers themselves ran away.
    """

    error: str
    where: str
    step: int
    t: float
    neuron: int | None = None
    projection: int | None = None
    rule: str = ""
    variable: str = ""
    value: float | None = None
    trace: str = ""
    timeline: int = 0
    is_over: bool = False
    """Whether the engine's thread has ended because of it."""


def to_record(message: Any) -> tuple[str, Any]:
    """A cause as a journal keeps it: a kind ("edit", "preview", "poke", "restore") and JSON values."""
    match message:
        case Apply(_, edit):
            return "edit", edit.to_json()
        case Preview(edit):
            return "preview", None if edit is None else edit.to_json()
        case Poke(kind, ids):
            return "poke", {"kind": kind, "ids": np.asarray(ids, np.int64).tolist()}
        case Restore():
            return "restore", {"timeline": message.timeline}
        case _:
            raise TypeError(f"{type(message).__name__} does not change what is computed")


def from_record(kind: str, body: Any) -> Apply | Preview | Poke | None:
    """The cause that `to_record` wrote; None for a kind that says nothing a run can repeat."""
    if kind == "edit":
        return Apply(0, from_json(body))
    if kind == "preview":
        return Preview(None if body is None else from_json(body))
    if kind == "poke":
        return Poke(str(body["kind"]), np.asarray(body["ids"], np.int64))
    return None


ToEngine = (
    Apply | Preview | Play | Pause | Step | SetSpeed | Capture | Restore | Poke | Watch | PauseWhen | Stop
)
FromEngine = (
    Ready
    | Preparing
    | Applied
    | Refused
    | Repeated
    | Noted
    | Grown
    | Pruned
    | Captured
    | Restored
    | Paused
    | Ran
    | Behind
    | Failed
)
