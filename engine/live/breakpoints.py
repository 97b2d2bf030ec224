"""Reasons to pause by itself: a synapse pruned or grown, a weight past a value, a rate out of its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Look(Protocol):
    """What a breakpoint may ask of the run; looking changes nothing."""

    changes: Sequence[Any]

    def weights(self, projection: int) -> tuple[Any, Any]:
        """The synapse ids of a projection and their weights now."""

    def rate(self, population: int) -> float | None:
        """Spikes per neuron and second at the end of a bin; None between the ends of bins."""


@dataclass(frozen=True)
class WhenPruned:
    """Pause when a synapse is pruned: of one projection, or of any."""

    projection: int | None = None

    def step(self, look: Look) -> int | None:
        """The first step at which it happened."""
        return _first(look.changes, "pruned", self.projection)

    def why(self) -> str:
        """What to tell the user."""
        return "a synapse was pruned"


@dataclass(frozen=True)
class WhenGrown:
    """Pause when a synapse grows: of one projection, or of any."""

    projection: int | None = None

    def step(self, look: Look) -> int | None:
        """The first step at which it happened."""
        return _first(look.changes, "grown", self.projection)

    def why(self) -> str:
        """What to tell the user."""
        return "a synapse grew"


@dataclass(frozen=True)
class WhenWeight:
    """Pause when the size of a weight passes `above` or falls below `below` (pA or nS).

    Of one synapse, or of any of the projection.
    """

    projection: int
    above: float = float("inf")
    below: float = -1.0
    synapse: int | None = None

    def holds(self, look: Look) -> bool:
        """Whether it is so now."""
        ids, weights = look.weights(self.projection)
        sizes = np.abs(weights if self.synapse is None else weights[np.asarray(ids) == self.synapse])
        return bool((sizes > self.above).any() or (sizes < self.below).any())

    def why(self) -> str:
        """What to tell the user."""
        which = "a weight" if self.synapse is None else f"the weight of synapse {self.synapse}"
        if self.above < float("inf") and self.below > 0.0:
            return f"{which} left {self.below:g} to {self.above:g}"
        if self.above < float("inf"):
            return f"{which} passed {self.above:g}"
        return f"{which} fell below {self.below:g}"


@dataclass(frozen=True)
class WhenRate:
    """Pause when the rate of a population (Hz, over the last second) leaves `low` to `high`."""

    population: int
    low: float = 0.0
    high: float = float("inf")

    def holds(self, look: Look) -> bool:
        """Whether it is so now."""
        rate = look.rate(self.population)
        return rate is not None and not self.low <= rate <= self.high

    def why(self) -> str:
        """What to tell the user."""
        return f"a rate left {self.low:g} to {self.high:g} Hz"


Breakpoint = WhenPruned | WhenGrown | WhenWeight | WhenRate


def _first(changes: Sequence[Any], kind: str, projection: int | None) -> int | None:
    steps = [c.step for c in changes if c.kind == kind and projection in (None, c.projection)]
    return min(steps, default=None)
