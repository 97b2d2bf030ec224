"""What an electrophysiologist measures at a synapse: failures, variability, the ratio of paired pulses.

The classical test of where learning is stored: a change of release probability P moves all three, a change of
the quantal amplitude q moves none.  Fuhrmann et al. (2002) doi:10.1152/jn.00258.2001.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.analysis import electrode

Floats = NDArray[np.float64]

INTERVAL = 50.0
"""Between the two pulses of a test, ms."""
KINDS = [
    ("id", np.int64), ("pre", np.int64), ("post", np.int64), ("P", np.float64), ("q", np.float64),
    ("n", np.float64), ("failures", np.float64), ("inverse_cv2", np.float64), ("paired_pulses", np.float64),
]  # fmt: skip


def failures(P: Any, n: Any = 1.0) -> Floats:
    """The share of first spikes that release nothing from `n` sites."""
    found: Floats = (1.0 - np.asarray(P, np.float64)) ** np.asarray(n, np.float64)
    return found


def inverse_cv2(P: Any, n: Any = 1.0) -> Floats:
    """1/CV2 of the first amplitude: n P / (1 - P); infinite where release is sure."""
    P = np.asarray(P, np.float64)
    with np.errstate(divide="ignore"):
        found: Floats = np.asarray(n, np.float64) * P / (1.0 - P)
    return found


def paired_pulses(P: Any, tau_rec: float, tau_fac: float, interval: float) -> Floats:
    """The mean second amplitude over the first, `interval` ms apart; 1 without short-term plasticity."""
    P = np.asarray(P, np.float64)
    kept = math.exp(-interval / tau_fac) if tau_fac > 0.0 else 0.0
    left = math.exp(-interval / tau_rec) if tau_rec > 0.0 else 0.0
    found: Floats = (1.0 + (1.0 - P) * kept) * (1.0 - P * left)
    return found


def measured(amplitudes: Any) -> dict[str, float]:
    """Mean, failures and 1/CV2 of amplitudes that were recorded, such as a "transmitted" probe's."""
    values = np.abs(np.asarray(amplitudes, np.float64))
    if not values.size:
        return {"mean": math.nan, "failures": math.nan, "inverse_cv2": math.nan}
    mean, variance = float(values.mean()), float(values.var())
    return {
        "mean": mean,
        "failures": float((values == 0.0).mean()),
        "inverse_cv2": mean * mean / variance if variance > 0.0 else math.inf,
    }


def of_projection(sim: Any, projection: Any, interval: float = INTERVAL) -> NDArray[np.void]:
    """P, q, sites n, failures, 1/CV2 and paired-pulse ratio of every synapse, as a simulation now has it."""
    table = sim.synapses(projection)
    return of_record(
        sim.base.projections[int(projection)], {name: table[name] for name in table.dtype.names}, interval
    )


def of_record(record: Any, table: Mapping[str, Any], interval: float = INTERVAL) -> NDArray[np.void]:
    """The same of some rows of a projection's table: id, pre, post, weight, and P and q where it has them.

    Where learning does not keep P and q apart, P is the release probability of the transmission (1 where it
    has none) and q the weight.  `interval` is that of the two pulses (ms).  A transmission without chance
    delivers its mean each time: it never fails and does not vary, whatever P is.
    """
    model = registry.find(record.transmission, "transmission")
    named = getattr(model, "probability", "")
    given = {
        name: model.number(name, record.transmission_params.get(name, declared.default))
        for name, declared in model.params.items()
    }
    found = np.zeros(len(table["id"]), KINDS)
    for name in ("id", "pre", "post"):
        found[name] = table[name]
    found["P"], found["q"] = given.get(named, 1.0), table["weight"]
    if "P" in table:
        apart = np.isfinite(table["P"]) & np.isfinite(table["q"])
        found["P"] = np.where(apart, table["P"], found["P"])
        found["q"] = np.where(apart, np.sign(table["weight"]) * table["q"], found["q"])
    found["n"] = math.floor(given.get("n", 1.0) + 0.5)
    is_by_chance = electrode.is_by_chance(record.transmission)
    found["failures"] = failures(found["P"], found["n"]) if is_by_chance else 0.0
    found["inverse_cv2"] = inverse_cv2(found["P"], found["n"]) if is_by_chance else math.inf
    found["paired_pulses"] = 1.0
    if named:
        found["paired_pulses"] = paired_pulses(
            found["P"], given.get("tau_rec", 0.0), given.get("tau_fac", 0.0), interval
        )
    return found
