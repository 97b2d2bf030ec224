"""What was measured when a protocol was run on a real synapse: points with the text each number was read in.

Numbers marked `MEMORY` were not found in a text that could be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, nan

from engine.analysis.protocols.kinds import Point

MEMORY = "from memory of the paper"

LAGS = (-100.0, -60.0, -40.0, -25.0, -15.0, -10.0, -5.0, 5.0, 10.0, 15.0, 25.0, 40.0, 60.0, 100.0)
RATES = (0.1, 10.0, 20.0, 40.0, 50.0)
BEFORE, AFTER = "pre 10 ms before post", "post 10 ms before pre"
OUTSIDE, INSIDE = "post, pre, post", "pre, post, pre"
LIGHT, DARK = "reared in light", "reared in the dark"
SPIKES = {1: "one spike", 2: "two spikes", 3: "three spikes"}
"""Names of the curves by the number of postsynaptic spikes in a burst."""

Rows = Sequence[tuple[float, float, float]]


def _by_series(rows: Mapping[str, Rows]) -> tuple[Point, ...]:
    """Points of rows (x, change, standard error) under the name of their curve."""
    return tuple(Point(*told, series) for series, some in rows.items() for told in some)


BI_POO = tuple(Point(lag, 0.777 * exp(-lag / 16.8) if lag > 0 else -0.273 * exp(lag / 33.7)) for lag in LAGS)
"""The curve fitted to Bi & Poo (1998), not their cells; see `library`."""

SJOSTROM = _by_series(
    {
        BEFORE: [(0.1, -0.04, 0.05), (10.0, 0.14, 0.10), (20.0, 0.29, 0.14), (40.0, 0.53, 0.11),
                 (50.0, 0.56, 0.26)],
        AFTER: [(0.1, -0.29, 0.08), (10.0, -0.41, 0.11), (20.0, -0.34, 0.10), (40.0, 0.56, 0.32),
                (50.0, 0.75, 0.19)],
    }
)  # fmt: skip
"""As in the analysis of Graupner & Brunel (2012)."""

WANG = _by_series(
    {OUTSIDE: [(5.0, 0.33, 0.04), (10.0, 0.34, 0.04)], INSIDE: [(5.0, -0.01, 0.04), (10.0, 0.03, 0.04)]}
)
"""Half width, change and standard error, as in the tables that published models were fitted to."""

NEVIAN = _by_series(
    {
        SPIKES[3]: [(-90.0, 0.00, 0.09), (-50.0, -0.32, 0.05), (-30.0, -0.02, 0.12),
                    (-10.0, 0.42, 0.19), (10.0, 1.01, 0.22), (50.0, -0.08, 0.11)],
        SPIKES[2]: [(-30.0, -0.28, 0.12), (10.0, 0.95, 0.31)],
        SPIKES[1]: [(-10.0, -0.20, 0.07), (10.0, 0.04, 0.08)],
    }
)  # fmt: skip
"""Lag of the first spike of the burst; the numbers of the text of the results of Nevian & Sakmann (2006)."""

KIRKWOOD = _by_series(
    {
        LIGHT: [(1.0, -0.159, 0.034), (10.0, 0.049, 0.038), (20.0, 0.083, 0.025), (100.0, 0.209, 0.021)],
        DARK: [(1.0, -0.060, 0.023), (2.0, -0.029, 0.045), (10.0, 0.155, 0.055), (20.0, 0.177, 0.030),
               (100.0, 0.198, nan)],
    }
)  # fmt: skip
"""Pulses per second; as in a public script that draws both curves and names no paper; see `library`."""

REARED_IN_LIGHT = tuple(Point(p.x, p.y, p.error) for p in KIRKWOOD if p.series == LIGHT and p.x != 20.0)
"""The same animals reared in light, for the rates that a tetanus is tried at."""

TURRIGIANO = (Point(48.0, 0.90),)
"""Hours of silence; from memory of Turrigiano et al. (1998)."""
