"""How fast a run goes: biological time against the clock on the wall, never faster than asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import perf_counter

PRESETS: tuple[float | None, ...] = (0.001, 0.01, 0.1, 1.0, None)
"""Speeds offered to the user: 1/1000, 1/100, 1/10, real time, as fast as possible."""
SLICE = 0.005
"""Seconds of wall time worked at a stretch before messages are read."""
REST = 1 / 120
"""Seconds of wall time that a run which is where it should be waits: it goes on twice for each picture.

A message ends the wait, so an edit does not feel it.
"""
PATIENCE = 0.25
"""Seconds behind the wall clock after which the debt is forgotten and the user told."""
MEMORY = 1.0
"""Seconds over which the achieved speed is measured."""


class Pace:
    """A throttle: how many steps are due now, how long until the next, and what is really reached.

    `ratio` is biological time per wall time, None for as fast as possible; `dt` is in ms.
    """

    def __init__(
        self, dt: float, ratio: float | None = 1.0, clock: Callable[[], float] = perf_counter
    ) -> None:
        self.dt = dt
        self.clock = clock
        self._ratio = ratio
        self._anchor = (clock(), 0)
        self._seen: deque[tuple[float, int]] = deque()
        self._cost = SLICE
        self._complained = -1e9

    @property
    def ratio(self) -> float | None:
        """Biological time per wall time; None for as fast as possible."""
        return self._ratio

    def set_ratio(self, ratio: float | None, step: int) -> None:
        """Go at another speed from `step` on."""
        if ratio is not None and not ratio > 0.0:
            raise ValueError(f"speed is {ratio}; it must be above 0, or None for as fast as possible")
        self._ratio = ratio
        self.start(step)

    def start(self, step: int) -> None:
        """Begin to count from `step`, now."""
        self._anchor = (self.clock(), step)
        self._seen.clear()
        self._seen.append(self._anchor)

    def due(self, step: int) -> int:
        """How many steps to run now, 0 when the run is where it should be: at most one slice's worth."""
        if self._ratio is None:
            return self.most
        return max(0, min(self.most, self._should_be() - step))

    @property
    def most(self) -> int:
        """How many steps fit in one slice, as far as is known."""
        return max(1, int(SLICE / self._cost))

    def wait(self, step: int) -> float:
        """Seconds until there is something to run again; 0 when there is already."""
        if self._ratio is None or self._should_be() > step:
            return 0.0
        wall, start = self._anchor
        ahead = (step + 1 - start) * self.dt / (1000.0 * self._ratio) - (self.clock() - wall)
        return max(ahead, REST)  # steps shorter than that are run several at a time

    def note(self, step: int, steps: int, seconds: float) -> None:
        """Remember that `steps` steps up to `step` took `seconds`."""
        if steps > 0:
            cost = seconds / steps
            self._cost = max(1e-7, cost if cost < self._cost else 0.7 * self._cost + 0.3 * cost)
        now = self.clock()
        self._seen.append((now, step))
        while len(self._seen) > 2 and self._seen[1][0] < now - MEMORY:
            self._seen.popleft()

    @property
    def achieved(self) -> float:
        """Biological time per wall time, measured over the last second or so."""
        if len(self._seen) < 2:
            return 0.0
        (earlier, first), (later, last) = self._seen[0], self._seen[-1]
        return (last - first) * self.dt / 1000.0 / (later - earlier) if later > earlier else 0.0

    def fallen_behind(self, step: int) -> float | None:
        """The speed reached, at most once a second, when the run is far behind; the debt is forgotten."""
        if self._ratio is None:
            return None
        debt = (self._should_be() - step) * self.dt / 1000.0 / self._ratio
        if debt < PATIENCE:
            return None
        now = self.clock()
        self._anchor = (now, step)
        if now - self._complained < MEMORY:
            return None
        self._complained = now
        return self.achieved

    def _should_be(self) -> int:
        wall, start = self._anchor
        assert self._ratio is not None
        return start + int((self.clock() - wall) * 1000.0 * self._ratio / self.dt + 1e-9)
