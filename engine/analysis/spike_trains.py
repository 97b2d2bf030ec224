"""Spike trains in numbers: rates, regularity, coincidence, and a raster binned for drawing.

A spike train is two arrays of equal length: times in ms (sorted) and neuron ids.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Times = NDArray[np.float64]
Ints = NDArray[np.int64]


def rates(t: ArrayLike, neuron: ArrayLike, ids: ArrayLike, start: float, stop: float) -> Times:
    """Mean rate of each neuron in `ids` over (start, stop] ms: float64, Hz."""
    _, who, wanted = _train(t, neuron, start, stop, ids)
    if stop <= start:
        raise ValueError(f"a rate needs time: stop {stop} ms is not after start {start} ms")
    order = np.argsort(wanted, kind="stable")
    at = np.searchsorted(wanted[order], who)
    many = np.bincount(order[at], minlength=len(wanted))
    return np.asarray(many * (1000.0 / (stop - start)), np.float64)


def intervals(t: ArrayLike, neuron: ArrayLike, one: int) -> Times:
    """Times between successive spikes of one neuron: float64, ms."""
    mine = np.asarray(t, np.float64)[np.asarray(neuron, np.int64) == one]
    return np.diff(np.sort(mine))


def cv(t: ArrayLike, neuron: ArrayLike, ids: ArrayLike) -> Times:
    """How irregular each neuron's spikes are: standard deviation of its intervals over their mean.

    0 is a clock, 1 is as irregular as radioactive decay.  NaN where there are fewer than two intervals.
    Softky & Koch (1993) J. Neurosci. 13:334, doi:10.1523/JNEUROSCI.13-01-00334.1993.
    """
    when = np.asarray(t, np.float64)
    who = np.asarray(neuron, np.int64)
    wanted = np.asarray(ids, np.int64)
    order = np.lexsort((when, who))
    when, who = when[order], who[order]
    begin, end = np.searchsorted(who, wanted), np.searchsorted(who, wanted, side="right")
    answer = np.full(len(wanted), np.nan)
    for i, (first, last) in enumerate(zip(begin, end, strict=True)):
        gaps = np.diff(when[first:last])
        if len(gaps) > 1 and gaps.mean() > 0:
            answer[i] = gaps.std() / gaps.mean()
    return answer


def population_rate(
    t: ArrayLike, neuron: ArrayLike, ids: ArrayLike, start: float, stop: float, width: float
) -> tuple[Times, Times]:
    """Rate of a population in bins of `width` ms: bin centres (ms) and mean rate per neuron (Hz)."""
    when, _, wanted = _train(t, neuron, start, stop, ids)
    bins = max(1, round((stop - start) / width))
    many, edges = np.histogram(when, bins=bins, range=(start, stop))
    seconds = (stop - start) / bins / 1000.0
    return (edges[:-1] + edges[1:]) / 2.0, many / (max(len(wanted), 1) * seconds)


def raster_image(
    t: ArrayLike, row: ArrayLike, rows: int, start: float, stop: float, columns: int
) -> NDArray[np.uint16]:
    """How many spikes fall on each pixel of a raster: uint16 (rows, columns), row 0 first.

    `row` is the row each spike is drawn on; spikes outside (start, stop] or the rows are left out.
    """
    when, at = np.asarray(t, np.float64), np.asarray(row, np.int64)
    inside = (when > start) & (when <= stop) & (at >= 0) & (at < rows)
    column = np.ceil((when[inside] - start) * (columns / (stop - start))).astype(np.int64) - 1
    key = at[inside] * columns + np.clip(column, 0, columns - 1)
    many = np.bincount(key, minlength=rows * columns)[: rows * columns]
    return np.minimum(many, 65535).astype(np.uint16).reshape(rows, columns)


def synchrony(
    t: ArrayLike, neuron: ArrayLike, ids: ArrayLike, start: float, stop: float, width: float = 5.0
) -> float:
    """How much neurons fire together: variance of the summed count over that of independent neurons.

    1 when independent, up to the number of neurons when all fire as one; NaN without spikes.
    """
    when, who, wanted = _train(t, neuron, start, stop, ids)
    bins = max(1, round((stop - start) / width))
    rows = np.searchsorted(np.sort(wanted), who)
    counts = raster_image(when, rows, max(len(wanted), 1), start, stop, bins).astype(np.float64)
    alone = counts.var(axis=1).sum()
    return float(counts.sum(axis=0).var() / alone) if alone > 0 else float("nan")


def _train(
    t: ArrayLike, neuron: ArrayLike, start: float, stop: float, ids: ArrayLike
) -> tuple[Times, Ints, Ints]:
    """The spikes of these neurons in (start, stop], and the ids as an array."""
    when, who = np.asarray(t, np.float64), np.asarray(neuron, np.int64)
    wanted = np.atleast_1d(np.asarray(ids, np.int64))
    kept = (when > start) & (when <= stop) & np.isin(who, wanted)
    return when[kept], who[kept], wanted
