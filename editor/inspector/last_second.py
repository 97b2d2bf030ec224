"""What each card contributed over the last second of biological time, from what it contributed so far.

Qt-free.  Frames carry running sums; this remembers enough of them to take the difference.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

SPAN = 1000.0
"""Milliseconds looked back."""
Credit = dict[str, tuple[float, float]]


class LastSecond:
    """The sums of one projection over the last second, and their difference to now."""

    def __init__(self) -> None:
        self._of: object = None
        self._seen: deque[tuple[float, Credit]] = deque()

    def add(self, of: object, t: float, credit: Mapping[str, tuple[float, float]]) -> Credit:
        """Take in the sums of `of` at `t` (ms); returns what was added to them over the last second.

        Another projection, or a time before the last, begins anew.
        """
        if of != self._of or (self._seen and t < self._seen[-1][0]):
            self._of = of
            self._seen.clear()
        if not self._seen or t > self._seen[-1][0]:
            self._seen.append((t, dict(credit)))
        while len(self._seen) > 1 and self._seen[1][0] <= t - SPAN:
            self._seen.popleft()
        before = self._seen[0][1]
        return {
            slug: (max(0.0, up - up_then), max(0.0, down - down_then))
            for slug, (up, down) in credit.items()
            for up_then, down_then in [before.get(slug, (0.0, 0.0))]
        }
