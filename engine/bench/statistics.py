"""Rates and regularity of spikes, and ratios of interleaved measurements."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def described(when: ArrayLike, who: ArrayLike, span: float, neurons: int) -> dict[str, Any]:
    """Mean rate (Hz) and mean CV of the intervals of the spikes at `when` (ms) of neurons `who`."""
    t, ids = np.asarray(when, np.float64), np.asarray(who)
    order = np.lexsort((t, ids))
    t, ids = t[order], ids[order]
    rate = t.size / max(neurons, 1) / (span / 1000.0) if span else 0.0
    gap = np.diff(t)[ids[1:] == ids[:-1]] if t.size else np.zeros(0)
    owner = ids[1:][ids[1:] == ids[:-1]] if t.size else ids
    found = []
    if owner.size:
        _, first, count = np.unique(owner, return_index=True, return_counts=True)
        for begin, many in zip(first.tolist(), count.tolist(), strict=True):
            if many >= 3:
                mine = gap[begin : begin + many]
                found.append(float(mine.std() / mine.mean()) if mine.mean() else 0.0)
    return {"rate": rate, "cv": float(np.mean(found)) if found else None}


def quartiles(values: ArrayLike) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile."""
    low, middle, high = np.percentile(np.asarray(values, np.float64), [25, 50, 75])
    return float(low), float(middle), float(high)


def ratios(ours: ArrayLike, theirs: ArrayLike) -> NDArray[np.float64]:
    """Ours over theirs, turn by turn, as far as both went."""
    a, b = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    size = min(a.size, b.size)
    return np.asarray(a[:size] / np.maximum(b[:size], 1e-12))
