"""How slow is structure: half-times of strengthening and of turnover in one run, beside those of life.

Synapses strengthen within minutes and are replaced over months.  A run compresses the slow ones by the factor
`slow` of its network; what is said here of life is with that factor taken out again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, log, nan

import numpy as np
from numpy.typing import ArrayLike

SECOND = 1000.0
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86400 * SECOND
YEAR = 365.25 * DAY
WORDS = (
    (2 * YEAR, YEAR, "years"), (2 * DAY, DAY, "days"), (2 * HOUR, HOUR, "h"), (2 * MINUTE, MINUTE, "min"),
    (SECOND, SECOND, "s"), (0.0, 1.0, "ms"),
)  # fmt: skip
"""From how many ms on a time is told in a unit, the ms of that unit, and its name."""


def in_words(ms: float) -> str:
    """A time as one says it, three digits of it: "7.52 s", "29 min", "152 days"."""
    if not isfinite(ms):
        return "for ever"
    size, word = next((size, word) for least, size, word in WORDS if ms >= least)
    return f"{rounded(ms / size)} {word}"


def rounded(value: float, digits: int = 3) -> str:
    """A number with so many digits that count, thousands apart: "1.52", "1,230,000"."""
    kept = float(f"{value:.{digits}g}")
    return f"{kept:,.0f}" if abs(kept) >= 1000.0 else f"{kept:g}"


def compression(slow: float) -> str:
    """What a factor of slow time does, for a corner of a picture; "" where nothing is compressed."""
    if slow == 1.0:
        return ""
    return f"structure ×{rounded(slow, 6)}  ·  1 s here = {in_words(slow * SECOND)}"


@dataclass(frozen=True)
class Band:
    """A process and how long it takes in life, from `low` to `high` ms."""

    process: str
    low: float
    high: float
    source: str
    quantity: str = ""
    """What of `Slowness` a run shows of it, such as "functional"."""


BANDS = (
    Band("spike timing window", 10.0, 50.0, "Bi & Poo 1998, from memory of the paper"),
    Band("eligibility", 0.2 * SECOND, 10 * SECOND, "Gerstner et al. 2018, from memory of the paper"),
    Band("onset of potentiation", 10 * SECOND, 10 * MINUTE, "Petersen et al. 1998, from memory of the paper",
         "functional"),
    Band("spine enlargement", MINUTE, HOUR, "Matsuzaki et al. 2004, from memory of the paper: minutes, and "
         "about half an hour as the spine life cycle has it", "enlargement"),
    Band("synaptic scaling", 12 * HOUR, 48 * HOUR, "Turrigiano et al. 1998, from memory of the paper"),
    Band("growth of elements", HOUR, 10 * DAY, "Butz & van Ooyen 2013, from memory of the paper"),
    Band("transient spines", DAY, 8 * DAY, "Holtmaat et al. 2005: persistent are those of 8 days or more"),
    Band("persistent spines", 90 * DAY, 800 * DAY, "Grutzendler et al. 2002: half-life above 13 months",
         "turnover"),
)  # fmt: skip
"""The axis from milliseconds to years."""


def half_time(t: ArrayLike, y: ArrayLike) -> float:
    """When a quantity has covered half of the way from its first to its last value (ms from the first)."""
    when, values = np.asarray(t, np.float64), np.asarray(y, np.float64)
    way = values[-1] - values[0]
    if way == 0.0:
        return inf
    share = (values - values[0]) / way
    after = int(np.argmax(share >= 0.5))
    if after == 0:
        return 0.0
    here = (0.5 - share[after - 1]) / (share[after] - share[after - 1])
    return float(when[after - 1] + here * (when[after] - when[after - 1]) - when[0])


def survival_half_time(t: ArrayLike, alive: ArrayLike) -> float:
    """When half of those that were there at first are gone (ms); beyond the end it goes on as at the end.

    `alive` is the share that is left at each time; its second half says how it goes on.
    """
    when, left = np.asarray(t, np.float64) - np.asarray(t, np.float64)[0], np.asarray(alive, np.float64)
    if left.min() <= 0.5:
        after = int(np.argmax(left <= 0.5))
        here = (left[after - 1] - 0.5) / (left[after - 1] - left[after])
        return float(when[after - 1] + here * (when[after] - when[after - 1]))
    late = when >= when[-1] / 2
    x, y = when[late] - when[late].mean(), np.log(left[late])
    spread = float((x**2).sum())
    loss = -float((x * y).sum()) / spread if spread > 0.0 else 0.0
    return float(when[-1] + log(left[-1] / 0.5) / loss) if loss > 0.0 else inf


@dataclass(frozen=True)
class Slowness:
    """Two half-times of one run (ms of the run), and the factor by which its structure was compressed.

    `enlargement` is the half-time of heads that follow their synapse, in ms of life; NaN: not measured.
    """

    functional: float
    structural: float
    slow: float = 1.0
    enlargement: float = nan

    @property
    def turnover(self) -> float:
        """Half-time of turnover in life, ms."""
        return self.structural * self.slow

    @property
    def is_known(self) -> bool:
        """Whether the run has shown both."""
        return isfinite(self.functional) and isfinite(self.structural) and self.functional > 0.0

    @property
    def compressed(self) -> float:
        """Structural over functional, as seen on the canvas."""
        return self.structural / self.functional

    @property
    def in_life(self) -> float:
        """Structural over functional, uncompressed."""
        return self.compressed * self.slow


def threefold(measure: Callable[[float, float], Slowness], fold: float = 3.0) -> tuple[float, float, float]:
    """The uncompressed ratio as it is, and the least and the greatest when both sides vary by `fold`.

    `measure(functional, structural)` runs the circuit with its functional and its structural time constants
    multiplied so.
    """
    found = [measure(f, s).in_life for f in (1 / fold, fold) for s in (1 / fold, fold)]
    return measure(1.0, 1.0).in_life, min(found), max(found)


def on_the_axis(found: Slowness) -> list[tuple[str, float, float, str]]:
    """Rows for one logarithmic axis of time in life: what is known, then what was measured (ms)."""
    rows = [(band.process, band.low, band.high, band.source) for band in BANDS]
    measured = (
        ("enlargement, in a copy", found.enlargement),
        ("strengthening, this run", found.functional),
        ("turnover, this run", found.turnover),
    )
    return rows + [(name, ms, ms, "measured") for name, ms in measured if isfinite(ms)]


def said(found: Slowness, varied: tuple[float, float] | None = None) -> str:
    """The ratio in a sentence: uncompressed, as it seems, and when everything varies threefold.

    `varied` is what runs with varied constants showed; without them half-times go with their constants.
    """
    if not found.is_known:
        waits = [
            text
            for ms, text in (
                (found.functional, "nothing has become stronger or weaker"),
                (found.structural, "no synapse of the beginning is gone"),
            )
            if not isfinite(ms) or ms <= 0.0
        ]
        return f"Not known yet: {' and '.join(waits)}."
    ratio = found.in_life
    least, most = varied or (ratio / 9.0, ratio * 9.0)
    how = "measured in copies" if varied else "as half-times go with their constants"
    seems = f", which seems {rounded(found.compressed)} here" if found.slow != 1.0 else ""
    return (
        f"Half of the strengthening takes {in_words(found.functional)}, half of the turnover "
        f"{in_words(found.turnover)} of life: {rounded(ratio)} times as long{seems}. "
        f"With all time constants varied threefold, {rounded(least)} to {rounded(most)} times ({how})."
    )
