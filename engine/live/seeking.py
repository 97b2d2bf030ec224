"""Running to the exact step where something happens: a spike, a synapse born or pruned, a breakpoint.

Slices are run whole; when something of interest lies inside one, its start is put back and run again only
that far.  The same bits come out however often a stretch is run, so this is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.live.messages import StepKind
from engine.live.news import News
from engine.live.past import Kept, Past
from engine.live.simulating import weights_of

LIMITS: dict[str, float] = {"dt": 0.0, "spike": 10_000.0, "change": 600_000.0}
"""How long (ms of biological time) to look for something before giving up."""
FIRST, MOST = 8, 2048
"""Steps run at a stretch while looking: few at first, then more."""


class Seeking:
    """Advances the run and says why it must pause, if it must; owned by the engine's thread."""

    def __init__(self, past: Past, news: News) -> None:
        self._past = past
        self._news = news
        self.breakpoints: tuple[Any, ...] = ()
        self._kind: StepKind | None = None
        self._from = 0
        self._stretch = FIRST
        self._holding: set[Any] = set()  # breakpoints on a condition that is so already

    # What a breakpoint may ask:

    @property
    def changes(self) -> Sequence[Any]:
        """Synapses grown and pruned in the slice just run."""
        return self._news.changes

    def weights(self, projection: int) -> tuple[Any, Any]:
        """Synapse ids and weights now; none when the projection is gone."""
        if projection not in self._past.simulation.base.projections:
            return (), _NONE
        return weights_of(self._past.simulation, projection)

    def rate(self, population: int) -> float | None:
        """Hz at the end of a bin, else None."""
        step = self._past.simulation.step
        rates = self._news.rates
        if step % rates.steps:
            return None
        return rates.hz(step).get(population)

    # ------------------------------------------------------------------------------------------

    @property
    def is_stepping(self) -> bool:
        """Whether the run is on its way to the next spike or change only."""
        return self._kind is not None

    def set_breakpoints(self, breakpoints: tuple[Any, ...]) -> None:
        """Pause when one of these happens."""
        self.breakpoints = tuple(breakpoints)
        self.arm()

    def arm(self) -> None:
        """Take note of conditions that are so already: only becoming so pauses."""
        self._holding = {each for each in self.breakpoints if hasattr(each, "holds") and each.holds(self)}

    def begin(self, kind: StepKind | None) -> None:
        """Start to run: until told otherwise (None), or until the next thing of a kind."""
        self._kind = kind
        self._from = self._past.simulation.step
        self._stretch = FIRST
        self.arm()

    def end(self) -> None:
        """The run stands still."""
        self._kind = None

    def due(self, step: int) -> int:
        """Steps to run now regardless of the speed asked for; 0 when that decides."""
        if self._kind is None:
            return 0
        if self._kind == "dt":
            return 1
        left = self._from + round(LIMITS[self._kind] / self._past.simulation.dt) - step
        return max(1, min(self._stretch, left))

    def advance(self, steps: int) -> str | None:
        """Run `steps` steps, or fewer when there is reason to pause, which is returned."""
        simulation = self._past.simulation
        start = simulation.step
        before = self._past.capture(with_network=False) if self._is_careful else None
        simulation.advance(steps)
        self._news.changes = simulation.drain_changes()
        if before is None:
            return "" if self._kind == "dt" else None
        self._stretch = min(2 * self._stretch, MOST)
        stop, why = self._first(start, before, simulation.step)
        if stop is None:
            self.arm()
            if self._kind and simulation.step - self._from >= round(LIMITS[self._kind] / simulation.dt):
                return "" if self._kind == "dt" else f"no {self._kind} in {LIMITS[self._kind] / 1000:g} s"
            return None
        if stop != simulation.step:
            self._go(before, stop)
        self.arm()
        return why

    @property
    def _is_careful(self) -> bool:
        return bool(self.breakpoints) or self._kind in ("spike", "change")

    def _first(self, start: int, before: Kept, end: int) -> tuple[int | None, str]:
        """The first step after `start` at which there is reason to pause, and the reason."""
        simulation = self._past.simulation
        found: list[tuple[int, str]] = []
        if self._kind == "spike":
            when, _ = simulation.spikes_since(start)
            if len(when):
                found.append((int(min(when)), ""))
        if self._kind == "change" and self.changes:
            found.append((min(change.step for change in self.changes), ""))
        became = []
        for each in self.breakpoints:
            if hasattr(each, "holds"):
                if each not in self._holding and each.holds(self):
                    became.append(each)
            elif (step := each.step(self)) is not None:
                found.append((step, each.why()))
        found.extend((self._when(each, before, start, end), each.why()) for each in became)
        if not found:
            return None, ""
        return min(found, key=lambda one: one[0])

    def _when(self, condition: Any, before: Kept, start: int, end: int) -> int:
        """A step at which a condition that holds at `end` but not at `start` begins to hold."""
        low, high = start, end
        while high - low > 1:
            middle = (low + high) // 2
            self._go(before, middle)
            low, high = (low, middle) if condition.holds(self) else (middle, high)
        return high

    def _go(self, before: Kept, step: int) -> None:
        """Stand at `step`, having begun again from `before`."""
        self._past.rewind(before)
        simulation = self._past.simulation
        simulation.advance(step - before.step)
        self._news.changes = simulation.drain_changes()


_NONE = np.empty(0)
