"""What a gesture shows while it is under way: bands, previews, rings, the reason why not.

No Qt.  Positions are logical px of the canvas unless they are called um.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]


@dataclass(frozen=True)
class Preview:
    """A synapse that does not exist yet: from a neuron (id) to a neuron (id) or to a place."""

    pre: int
    post: int = 0
    to: Point = (0.0, 0.0)
    sign: int = 1
    is_welcome: bool = True


@dataclass(frozen=True)
class Ring:
    """A ring around a neuron (id) that may, or may not, receive what is being dragged."""

    neuron: int
    is_welcome: bool = True


@dataclass(frozen=True)
class Reason:
    """A few words at the pointer: why not, or how many."""

    at: Point
    text: str
    is_refusal: bool = True


@dataclass(frozen=True)
class Brush:
    """The tip of a brush: what it would touch."""

    at: Point
    radius: float
    kind: str = "stimulate"


@dataclass(frozen=True, eq=False)
class Halves:
    """Neurons (ids) drawn as two half discs: what each was in one phase and is in another (0 to 1)."""

    ids: NDArray[np.int64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]
    left_ink: str
    right_ink: str

    @classmethod
    def of(cls, seen: Any, phases: Any) -> Halves | None:
        """The first pattern of a frame of a training, whose learner has these two phases; None without."""
        rates = seen.states["x"]
        if phases is None or phases.kept not in seen.states or not len(rates):
            return None
        return cls(seen.neurons, seen.states[phases.kept][0], rates[0], phases.first, phases.last)


@dataclass
class Items:
    """Everything a gesture may show; the canvas draws what is here, the gesture changes it."""

    band: tuple[Point, Point] | None = None
    """Two opposite corners of a rubber band."""
    lasso: list[Point] = field(default_factory=list)
    previews: list[Preview] = field(default_factory=list)
    rings: list[Ring] = field(default_factory=list)
    reason: Reason | None = None
    brush: Brush | None = None
    ghosts: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    """Places (n, 2) um where neurons would be put down."""
    ghost_sign: int = 1
    pending_synapses: list[tuple[int, int]] = field(default_factory=list)
    """Pairs of neuron ids whose synapse waits for the engine's receipt; drawn dashed."""
    pending_neurons: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    """Places (n, 2) um of neurons that wait for the engine's receipt; drawn dashed."""
    halves: Halves | None = None
    """The two phases of a training; stays until a run or another training takes its place."""
    handles_for: int = 0
    """The neuron (id) whose wiring and lightning handles are shown."""
    pressed_handle: str = ""

    def clear(self) -> None:
        """Show nothing of a gesture any more (what waits for a receipt stays)."""
        self.band = None
        self.lasso.clear()
        self.previews.clear()
        self.rings.clear()
        self.reason = None
        self.brush = None
        self.ghosts = np.zeros((0, 2))
        self.pressed_handle = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        few = (self.band, self.reason, self.brush)
        many = (self.lasso, self.previews, self.rings, self.ghosts, self.pending_synapses)
        return (
            not any(one is not None for one in few)
            and not any(len(some) for some in many)
            and not len(self.pending_neurons)
            and not self.handles_for
        )
