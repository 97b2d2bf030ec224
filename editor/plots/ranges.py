"""How far a slider reaches over a parameter whose legal range may be vast, and how its steps are spread."""

from __future__ import annotations

import math
from dataclasses import dataclass

STEPS = 400
"""Places a slider has."""
DECADES = 2.0
"""How far a slider reaches to either side of a default above 0, in powers of ten."""
BEND = 3.0
"""A slider from 0 moves finely there: values go with this power of its place."""


@dataclass(frozen=True)
class Range:
    """The values a slider reaches, from `low` to `high`; spread by their logarithm, or by a power from 0."""

    low: float
    high: float
    is_log: bool

    def value(self, place: int) -> float:
        """The value at a place, 0 to `STEPS`, in three digits."""
        share = place / STEPS
        if place in (0, STEPS):
            return self.low if place == 0 else self.high
        if self.is_log:
            found = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        else:
            found = self.low + (self.high - self.low) * share**BEND
        return float(f"{found:.3g}")

    def place(self, value: float) -> int:
        """The place nearest to a value; an end for what lies beyond it."""
        held = min(max(value, self.low), self.high)
        if self.is_log:
            share = math.log(held / self.low) / math.log(self.high / self.low)
        else:
            share = ((held - self.low) / (self.high - self.low)) ** (1.0 / BEND)
        return round(share * STEPS)


def range_of(default: float, low: float, high: float) -> Range:
    """The useful part of a legal range around a default."""
    if low == 0.0 and high <= 1.0:
        return Range(0.0, high, False)
    if default > 0.0 and low >= 0.0:
        down, up = max(low, default * 10.0**-DECADES), min(high, default * 10.0**DECADES)
        if up > down > 0.0:
            return Range(down, up, True)
    if low == 0.0:
        return Range(0.0, high if math.isfinite(high) and high <= 100.0 else 1.0, False)
    reach = 10.0 * abs(default) or 1.0
    down, up = max(low, default - reach), min(high, default + reach)
    return Range(down, up if up > down else down + 1.0, False)
