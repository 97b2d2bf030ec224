"""What a neuron wears: colours, core and rim from its sign, its potential and its last spike."""

from __future__ import annotations

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import JIT
from editor.canvas.raster.records import DIAMOND

GREY, HATCHED, CLAMPED, DISABLED, FROZEN, MUTE = 1, 2, 4, 8, 16, 32
"""Flags of a neuron: unwired or unknown; sign unknown; its potential held; switched off; held as it is; what
it would release is switched off."""


@njit(**JIT)
def dress(
    made, x, y, radius, tone, shape, flags, v, lit, bright, dim, rim, casing, tone_colour, rest, hot, grey,
    modulatory, ground, px, wide, high,
):  # fmt: skip
    """Fill `made` (records `DISC`) with the neurons in view; returns how many."""
    n = 0
    for i in range(x.shape[0]):
        r = float(radius[i])
        pad = 1.4 * r + casing + 2.0
        if x[i] < -pad or x[i] > wide + pad or y[i] < -pad or y[i] > high + pad:
            continue
        disc = made[n]
        n += 1
        full = tone_colour[tone[i]]
        if shape[i] == DIAMOND and flags[i] & MUTE == 0:
            full = modulatory
        if flags[i] & (GREY | DISABLED) != 0:
            full = grey
        filled = max(0.0, min(1.0, float(v[i])))
        # a neuron too small for a core shows its potential by its fill alone
        tiny = max(0.0, min(1.0, (4.6 * px - r) / (2.4 * px)))
        fill = _blend(rest, full, 0.10 + 0.16 * filled + tiny * (0.42 + 0.32 * filled))
        core = _blend(rest, full, 0.42 + 0.50 * tiny + (0.38 - 0.30 * tiny) * filled)
        edge = full
        spark = float(lit[i]) ** 0.8
        if spark > 0.004:
            fill = _blend(fill, hot, spark)
            core = _blend(core, hot, min(1.0, 1.25 * spark))
            edge = _blend(edge, hot, 0.35 * spark)
        back = 0.0 if bright[i] else dim
        if flags[i] & DISABLED != 0:
            back = max(back, 0.5)
        if back > 0.0:
            fill = _blend(fill, ground, back)
            core = _blend(core, ground, back)
            edge = _blend(edge, ground, back)
        disc.x, disc.y, disc.radius = x[i], y[i], radius[i]
        disc.rim = min(rim, 0.45 * r)
        disc.casing = min(casing, 0.55 * r) * (1.0 - 0.6 * tiny)
        disc.core = filled
        disc.alpha = 1.0
        disc.fill_rgb, disc.core_rgb, disc.rim_rgb, disc.casing_rgb = fill, core, edge, ground
        disc.shape = shape[i]
        disc.hatch = 1 if flags[i] & HATCHED != 0 else 0
    return n


@njit(inline="always")
def _blend(one, other, share):
    low, high = np.int64(one), np.int64(other)
    a = np.int64(256.0 * share)
    rb = (low & 0xFF00FF) + ((((high & 0xFF00FF) - (low & 0xFF00FF)) * a + 0x800080) >> 8)
    g = (low & 0xFF00) + ((((high & 0xFF00) - (low & 0xFF00)) * a + 0x8000) >> 8)
    return np.uint32((rb & 0xFF00FF) | (g & 0xFF00))
