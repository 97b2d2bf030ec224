"""What is done to the two neurons of a synapse in each trial of a protocol."""

from __future__ import annotations

from collections.abc import Sequence

from engine.analysis.protocols.kinds import Trial
from engine.analysis.protocols.published import (
    AFTER,
    BEFORE,
    DARK,
    INSIDE,
    LAGS,
    LIGHT,
    OUTSIDE,
    RATES,
    SPIKES,
)

FOLLOWS, ASTRAY, ALONE = "post follows by 5 ms", "post out of step", "pre alone"
"""What the postsynaptic neuron does while pulses are given: nobody controlled it in the slice."""
REARED_FOR = 300_000.0
REARED_AT = {LIGHT: 10.0, DARK: 1.0}
"""How long (ms), and how fast (Hz), the neuron fired before dark rearing is tested: our choice."""
AN_HOUR_A_SECOND = 3600.0


def pairs() -> list[Trial]:
    """Sixty pairs at 1 Hz for each lag."""
    pre = _regular(60, 1000.0, 200.0)
    return [_trial(lag, pre, [t + lag for t in pre]) for lag in LAGS]


def ramp() -> list[Trial]:
    """Sixty pairs at each rate, in both orders."""
    found = []
    for series, lag in ((BEFORE, 10.0), (AFTER, -10.0)):
        for rate in RATES:
            pre = _regular(60, 1000.0 / rate)
            found.append(_trial(rate, pre, [t + lag for t in pre], series))
    return found


def triplets() -> list[Trial]:
    """60 triplets at 1 Hz: the one kind has two presynaptic spikes, the other two postsynaptic ones."""
    found = []
    for gap in (5.0, 10.0, 15.0, 20.0, 30.0):
        middle = _regular(60, 1000.0, 200.0)
        around = [t + side for t in middle for side in (-gap, gap)]
        found.append(_trial(gap, middle, around, OUTSIDE))
        found.append(_trial(gap, around, middle, INSIDE))
    return found


def bursts_of_pairs() -> list[Trial]:
    """Five pairs at 10 Hz, fifteen times, every four seconds."""
    pre = [100.0 + 4000.0 * k + 100.0 * i for k in range(15) for i in range(5)]
    return [_trial(lag, pre, [t + lag for t in pre]) for lag in (-100.0, -50.0, -10.0, 10.0, 50.0, 100.0)]


def bursts_of_spikes() -> list[Trial]:
    """One presynaptic spike with one to three postsynaptic ones at 50 Hz, sixty times, every ten seconds."""
    pre = _regular(60, 10_000.0, 200.0)
    lags = {3: (-90.0, -50.0, -30.0, -10.0, 10.0, 50.0), 2: (-30.0, 10.0), 1: (-10.0, 10.0)}
    return [
        _trial(lag, pre, [t + lag + 20.0 * k for t in pre for k in range(count)], SPIKES[count])
        for count, some in lags.items()
        for lag in some
    ]


def tetanus() -> list[Trial]:
    """900 pulses at one rate, or 100 Hz for a second, three times 20 s apart."""
    found = []
    for series in (FOLLOWS, ASTRAY, ALONE):
        found += [_pulses(rate, 900, series) for rate in (1.0, 3.0, 10.0, 50.0)]
        fast = [100.0 + 20_000.0 * k + 10.0 * i for k in range(3) for i in range(100)]
        found.append(_trial(100.0, fast, _answers(fast, 10.0, series), series))
    return found


def theta() -> list[Trial]:
    """Ten bursts of four at 100 Hz, at several intervals (s)."""
    found = []
    for apart in (0.1, 0.2, 1.0, 2.0):
        pre = [100.0 + 1000.0 * apart * burst + 10.0 * i for burst in range(10) for i in range(4)]
        found.append(_trial(apart, pre, _answers(pre, 10.0, FOLLOWS)))
    return found


def dark() -> list[Trial]:
    """Pulses at several rates to a neuron that fired much before, and to one that fired little."""
    found = []
    for series, before in REARED_AT.items():
        past = _regular(int(REARED_FOR * before / 1000.0) - 1, 1000.0 / before)
        for rate in (1.0, 2.0, 10.0, 20.0, 100.0):
            test = _pulses(rate, 900 if rate <= 2.0 else 120, ASTRAY)
            pre, post = ([t + REARED_FOR for t in some] for some in (test.pre, test.post))
            found.append(_trial(rate, pre, [*past, *post], series, begins=REARED_FOR))
    return found


def ttx() -> list[Trial]:
    """No spike at all for hours, of which slow rules pass one in a second."""
    return [
        Trial(hours, (), (), 1000.0 * hours, silent=True, pace=AN_HOUR_A_SECOND)
        for hours in (0.0, 6.0, 12.0, 24.0, 48.0)
    ]


def _regular(count: int, apart: float, start: float = 100.0) -> list[float]:
    return [start + k * apart for k in range(count)]


def _trial(
    x: float, pre: Sequence[float], post: Sequence[float], series: str = "", begins: float = 0.0
) -> Trial:
    last = max([*pre, *post, 0.0])
    return Trial(x, tuple(sorted(pre)), tuple(sorted(post)), last + 500.0, series, begins=begins)


def _pulses(rate: float, count: int, series: str) -> Trial:
    """Pulses at a rate (Hz) and what the other side does meanwhile."""
    pre = _regular(count, 1000.0 / rate)
    return _trial(rate, pre, _answers(pre, 1000.0 / rate, series), series)


def _answers(pre: Sequence[float], apart: float, series: str) -> list[float]:
    """Postsynaptic spikes to pulses `apart` ms: none, one 5 ms after each, or as many that pass every lag.

    Those that pass every lag come evenly, with a beat between the two sides.
    """
    if series == ALONE:
        return []
    if series == FOLLOWS:
        return [t + 5.0 for t in pre]
    return [t + 3.0 + 0.013 * apart * k for k, t in enumerate(pre)]
