"""Spikes on their way: which synapses carry one now, and how far it has come."""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import JIT


@njit(**JIT)
def pick_rows(active, start, rows, ids, share):
    """Outgoing synapse rows of the active neurons; a fixed `share` of them, always the same ones."""
    limit = np.int64(share * 65536.0)
    n = 0
    for k in range(active.shape[0]):
        n += start[active[k] + 1] - start[active[k]]
    out = np.empty(n, np.int32)
    n = 0
    for k in range(active.shape[0]):
        for j in range(start[active[k]], start[active[k] + 1]):
            i = rows[j]
            if (ids[i] * 40503) & 0xFFFF < limit:
                out[n] = i
                n += 1
    return out[:n].copy()


@njit(**JIT)
def flights(active, start, rows, ids, kind, share, spike_at, delay, now, speed, shortest, arrival):
    """Spikes on their way: synapse row, place 0 to 1 (1 to 2 while it fades), and whether lengthened."""
    limit = np.int64(share * 65536.0)
    kept = spike_at.shape[1]
    n = 0
    for k in range(active.shape[0]):
        n += (start[active[k] + 1] - start[active[k]]) * kept
    out = np.empty(n, np.int32)
    at = np.empty(n, np.float64)
    is_long = np.empty(n, np.bool_)
    n = 0
    for k in range(active.shape[0]):
        for j in range(start[active[k]], start[active[k] + 1]):
            i = rows[j]
            if (ids[i] * 40503) & 0xFFFF >= limit or kind[i] != 0:
                continue
            true = float(delay[i]) / 1000.0 / max(speed, 1e-9)
            takes = max(true, shortest)
            for s in range(kept):
                age = now - spike_at[active[k], s]
                if age < 0.0 or age >= takes + arrival:
                    continue
                out[n] = i
                at[n] = age / takes if age < takes else 1.0 + (age - takes) / arrival
                is_long[n] = true < shortest
                n += 1
    return out[:n].copy(), at[:n].copy(), is_long[:n].copy()


@njit(**JIT)
def push_spikes(spike_at, rows, times):
    """Remember the last spikes of neurons, newest first."""
    for k in range(rows.shape[0]):
        row = rows[k]
        for j in range(spike_at.shape[1] - 1, 0, -1):
            spike_at[row, j] = spike_at[row, j - 1]
        spike_at[row, 0] = times[k]
