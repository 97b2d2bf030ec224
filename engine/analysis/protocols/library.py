"""The protocols there are: what is done to the two neurons of a synapse, and what was measured then.

A protocol is a list of trials; each has a place on the axis, forced spikes of both neurons, and perhaps a
published outcome.  Lags are of the moments at which the two spikes reach the synapse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import exp

MEMORY = "from memory of the paper"


@dataclass(frozen=True)
class Trial:
    """One run of a protocol: `x` on the axis, spike times (ms) of both sides, and how long it lasts (ms).

    `pre` are the times at which presynaptic spikes reach the synapse, `post` the same for postsynaptic ones.
    `series` names the curve it belongs to; `silent` stops both neurons and every input meanwhile.
    """

    x: float
    pre: tuple[float, ...]
    post: tuple[float, ...]
    lasts: float
    series: str = ""
    silent: bool = False
    label: str = ""


@dataclass(frozen=True)
class Point:
    """A published outcome: relative change of strength, its standard error (0: not known), the curve."""

    x: float
    y: float
    error: float = 0.0
    series: str = ""


@dataclass(frozen=True)
class Protocol:
    """A published way to change a synapse."""

    slug: str
    label: str
    what: str
    source: str
    axis: str
    trials: Callable[[], list[Trial]]
    points: tuple[Point, ...] = ()
    logarithmic: bool = False
    remark: str = ""
    shows: tuple[str, ...] = field(default=())
    """Names of the curves, in order."""


def _regular(count: int, apart: float, start: float = 100.0) -> list[float]:
    return [start + k * apart for k in range(count)]


def _trial(x: float, pre: Sequence[float], post: Sequence[float], series: str = "", label: str = "") -> Trial:
    last = max([*pre, *post, 0.0])
    return Trial(x, tuple(sorted(pre)), tuple(sorted(post)), last + 500.0, series, label=label)


LAGS = (-100.0, -60.0, -40.0, -25.0, -15.0, -10.0, -5.0, 5.0, 10.0, 15.0, 25.0, 40.0, 60.0, 100.0)
RATES = (0.1, 10.0, 20.0, 40.0, 50.0)
BEFORE, AFTER = "pre 10 ms before post", "post 10 ms before pre"


def _pairs() -> list[Trial]:
    pre = _regular(60, 1000.0, 200.0)
    return [_trial(lag, pre, [t + lag for t in pre]) for lag in LAGS]


def _ramp() -> list[Trial]:
    found = []
    for series, lag in ((BEFORE, 10.0), (AFTER, -10.0)):
        for rate in RATES:
            pre = _regular(60, 1000.0 / rate)
            found.append(_trial(rate, pre, [t + lag for t in pre], series))
    return found


def _triplets() -> list[Trial]:
    """60 triplets at 1 Hz: the one kind has two presynaptic spikes, the other two postsynaptic ones."""
    found = []
    for gap in (5.0, 10.0, 15.0, 20.0, 30.0):
        middle = _regular(60, 1000.0, 200.0)
        around = [t + side for t in middle for side in (-gap, gap)]
        found.append(_trial(gap, middle, around, "post, pre, post"))
        found.append(_trial(gap, around, middle, "pre, post, pre"))
    return found


def _bursts() -> list[Trial]:
    """Five pairs at 10 Hz, fifteen times, every four seconds."""
    pre = [100.0 + 4000.0 * k + 100.0 * i for k in range(15) for i in range(5)]
    return [_trial(lag, pre, [t + lag for t in pre]) for lag in (-100.0, -50.0, -10.0, 10.0, 50.0, 100.0)]


def _tetanus() -> list[Trial]:
    """Both neurons together: 1 Hz for 900 pulses, 10 Hz, 100 Hz for a second, three times 20 s apart."""
    slow, ten = _regular(900, 1000.0), _regular(300, 100.0)
    fast = [100.0 + 20_000.0 * k + 10.0 * i for k in range(3) for i in range(100)]
    return [
        _trial(x, pre, [t + 5.0 for t in pre], label=label)
        for x, pre, label in (
            (1.0, slow, "900 at 1 Hz"),
            (10.0, ten, "300 at 10 Hz"),
            (100.0, fast, "3 x 1 s"),
        )
    ]


def _theta() -> list[Trial]:
    """Bursts of four at 100 Hz, five a second; one train has ten bursts, and one to four trains are given."""
    found = []
    for trains in (1, 2, 3, 4):
        pre = [
            100.0 + 10_000.0 * k + 200.0 * burst + 10.0 * i
            for k in range(trains)
            for burst in range(10)
            for i in range(4)
        ]
        found.append(_trial(float(trains), pre, [t + 5.0 for t in pre]))
    return found


def _dark() -> list[Trial]:
    """A rate of the postsynaptic neuron, held for a minute, while the presynaptic one fires at 10 Hz.

    Pulses are spread evenly, with a beat between the two that passes through every lag.
    """
    found = []
    for rate in (1.0, 3.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0):
        pre = [t for t in _regular(600, 100.0)]
        apart = 1000.0 / rate * 1.013
        found.append(_trial(rate, pre, _regular(int(60_000.0 / apart), apart, 103.0)))
    return found


def _ttx() -> list[Trial]:
    """No spike at all for a while."""
    return [
        Trial(hours, (), (), seconds * 1000.0, silent=True)
        for hours, seconds in ((0.0, 1.0), (0.1, 30.0), (0.25, 75.0), (0.5, 150.0), (1.0, 300.0))
    ]


_MEASURED = {
    BEFORE: ((-0.04, 0.05), (0.14, 0.10), (0.29, 0.14), (0.53, 0.11), (0.56, 0.26)),
    AFTER: ((-0.29, 0.08), (-0.41, 0.11), (-0.34, 0.10), (0.56, 0.32), (0.75, 0.19)),
}
"""Change and its standard error at each of `RATES`, as in the analysis of Graupner & Brunel (2012)."""
_SJOSTROM = tuple(
    Point(rate, *measured, series)
    for series, values in _MEASURED.items()
    for rate, measured in zip(RATES, values, strict=True)
)


_TRIPLETS = {
    "post, pre, post": ((5.0, 0.33, 0.04), (10.0, 0.34, 0.04)),
    "pre, post, pre": ((5.0, -0.01, 0.04), (10.0, 0.03, 0.04)),
}
"""Half width, change and standard error, as in the tables that published models were fitted to."""
_WANG = tuple(Point(*told, series) for series, values in _TRIPLETS.items() for told in values)


def _bi_poo() -> tuple[Point, ...]:
    return tuple(
        Point(lag, 0.777 * exp(-lag / 16.8) if lag > 0 else -0.273 * exp(lag / 33.7)) for lag in LAGS
    )


PROTOCOLS: tuple[Protocol, ...] = (
    Protocol(
        "pair", "Pairs at 1 Hz", "Sixty pairs, one a second, for lags from -100 to 100 ms.",
        f"window of Bi & Poo (1998) J. Neurosci. 18:10464; amplitudes {MEMORY} (Bi & Wang 2002)",
        "t post - t pre (ms)", _pairs, _bi_poo(),
    ),
    Protocol(
        "ramp", "Pairs at rising rates", "Sixty pairs, 10 ms apart, at 0.1 to 50 Hz, in both orders.",
        "Sjostrom, Turrigiano & Nelson (2001) Neuron 32:1149, doi:10.1016/S0896-6273(01)00542-6",
        "pairs per second", _ramp, _SJOSTROM, shows=(BEFORE, AFTER),
    ),
    Protocol(
        "triplet", "Triplets", "Sixty triplets, one a second, with one or two spikes on either side.",
        "Wang, Gerkin, Nauen & Bi (2005) Nat. Neurosci. 8:187, doi:10.1038/nn1387",
        "half width of the triplet (ms)", _triplets, _WANG, shows=tuple(_TRIPLETS),
        remark="Numbers as models since Pfister & Gerstner (2006) were fitted to; the paper was not read.",
    ),
    Protocol(
        "burst", "Bursts of pairs", "Five pairs at 10 Hz, fifteen times, four seconds apart.",
        "Markram, Lubke, Frotscher & Sakmann (1997) Science 275:213, doi:10.1126/science.275.5297.213;"
        f" counts {MEMORY}",
        "t post - t pre (ms)", _bursts,
        remark="Published in words: up at +10 ms, down at -10 ms, nothing at 100 ms.",
    ),
    Protocol(
        "tetanus", "Tetanus and low frequency", "900 pulses at 1 Hz, 300 at 10 Hz, or 3 x 1 s at 100 Hz.",
        "Dudek & Bear (1992) PNAS 89:4363, doi:10.1073/pnas.89.10.4363;"
        f" tetanus of Bliss & Lomo (1973), {MEMORY}",
        "pulses per second", _tetanus, logarithmic=True,
        remark="Published in words: 1 Hz weakens, 100 Hz strengthens. Here post fires 5 ms after each pulse.",
    ),
    Protocol(
        "theta_burst", "Theta bursts", "Bursts of four at 100 Hz, five a second, ten to a train.",
        f"Larson & Lynch (1986) Science 232:985, doi:10.1126/science.3704635, {MEMORY}",
        "trains", _theta, remark="Published in words: each train strengthens, and the later ones less.",
    ),
    Protocol(
        "dark_rearing", "Postsynaptic rates", "Pre at 10 Hz, post held at 1 to 40 Hz for a minute.",
        f"Kirkwood, Rioult & Bear (1996) Nature 381:526, doi:10.1038/381526a0, {MEMORY}",
        "postsynaptic rate (Hz)", _dark,
        remark="Published in words: the rate from which it strengthens is lower after rearing in the dark.",
    ),
    Protocol(
        "ttx", "Silence (TTX)", "No spike at all, for up to five minutes of slow time.",
        f"Turrigiano et al. (1998) Nature 391:892, doi:10.1038/36103: 190 % after 48 h, {MEMORY}",
        "silence, in units of five minutes", _ttx,
        remark="48 hours are not waited for: how far it comes in five minutes follows from tau_sc.",
    ),
)  # fmt: skip
BY_SLUG = {protocol.slug: protocol for protocol in PROTOCOLS}
