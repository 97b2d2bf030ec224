"""Hairlines: one anti-aliased pixel per step, for tens of thousands of synapses seen from afar."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import BEYOND, JIT, green, over, over_two, red_blue


@njit(**JIT)
def hairline(flat, width, top, bottom, x1, y1, x2, y2, rb, g, alpha):
    """Draw one straight line, two pixels per step of its longer axis; alpha 0 to 256."""
    dx = x2 - x1
    dy = y2 - y1
    # two pixels per step are thinner across a diagonal: made up for by more ink
    long = max(abs(dx), abs(dy))
    if long < 0.01:
        return
    alpha = min(256, np.int64(alpha * math.sqrt(dx * dx + dy * dy) / long))
    if abs(dx) >= abs(dy):
        if x1 > x2:
            x1, y1, x2, y2, dx, dy = x2, y2, x1, y1, -dx, -dy
        slope = dy / dx
        first = max(0, math.ceil(x1 - 0.5))
        last = min(width, math.ceil(x2 - 0.5))
        if slope > 1e-6:
            first = max(first, math.floor(x1 + (top - 2 - y1) / slope))
            last = min(last, math.ceil(x1 + (bottom + 1 - y1) / slope))
        elif slope < -1e-6:
            first = max(first, math.floor(x1 + (bottom + 1 - y1) / slope))
            last = min(last, math.ceil(x1 + (top - 2 - y1) / slope))
        step = np.int64(slope * 65536.0)
        # counted from pixel 0, so that a band starts where the band above would have been
        place = np.int64((y1 + slope * (0.5 - x1) - 0.5) * 65536.0) + step * first
        # steps on which both pixels lie in the band; the few others are looked at one by one
        begin, stop = _inside(place, step, first, last, top, bottom - 2)
        for k in range(last - first - (stop - begin)):
            x = first + k if first + k < begin else stop + k - (begin - first)
            y = (place + step * (x - first)) >> 16
            below = (alpha * (((place + step * (x - first)) >> 8) & 255)) >> 8
            if top <= y < bottom:
                over(flat, y * width + x, rb, g, alpha - below)
            if top <= y + 1 < bottom:
                over(flat, (y + 1) * width + x, rb, g, below)
        place += step * (begin - first)
        for x in range(begin, stop):
            below = (alpha * ((place >> 8) & 255)) >> 8
            at = (place >> 16) * width + x
            over_two(flat, at, at + width, rb | g, alpha - below, below)
            place += step
        return
    if y1 > y2:
        x1, y1, x2, y2, dx, dy = x2, y2, x1, y1, -dx, -dy
    slope = dx / dy
    first = max(top, math.ceil(y1 - 0.5))
    last = min(bottom, math.ceil(y2 - 0.5))
    if slope > 1e-6:
        first = max(first, math.floor(y1 + (-2 - x1) / slope))
        last = min(last, math.ceil(y1 + (width + 1 - x1) / slope))
    elif slope < -1e-6:
        first = max(first, math.floor(y1 + (width + 1 - x1) / slope))
        last = min(last, math.ceil(y1 + (-2 - x1) / slope))
    step = np.int64(slope * 65536.0)
    place = np.int64((x1 + slope * (0.5 - y1) - 0.5) * 65536.0) + step * first
    begin, stop = _inside(place, step, first, last, 0, width - 2)
    for k in range(last - first - (stop - begin)):
        y = first + k if first + k < begin else stop + k - (begin - first)
        x = (place + step * (y - first)) >> 16
        right = (alpha * (((place + step * (y - first)) >> 8) & 255)) >> 8
        if 0 <= x < width:
            over(flat, y * width + x, rb, g, alpha - right)
        if 0 <= x + 1 < width:
            over(flat, y * width + x + 1, rb, g, right)
    place += step * (begin - first)
    for y in range(begin, stop):
        right = (alpha * ((place >> 8) & 255)) >> 8
        at = y * width + (place >> 16)
        over_two(flat, at, at + 1, rb | g, alpha - right, right)
        place += step


@njit(inline="always")
def _inside(place, step, first, last, low, high):
    """Steps of first..last on which `place` (16 bits of fraction) lies within low..high."""
    begin, stop = first, last
    while begin < stop and not low <= (place + step * (begin - first)) >> 16 <= high:
        begin += 1
    while stop > begin and not low <= (place + step * (stop - 1 - first)) >> 16 <= high:
        stop -= 1
    return begin, stop


@njit(**JIT)
def hairlines(picture, x, y, pre, post, weight01, tone, shown, rgb, alpha, fade, top, bottom):
    """Draw every synapse with `shown` as a straight hairline, in row order.

    `x`, `y` px of the neurons; `tone` picks a row of `rgb` and `alpha` (tone, 256 shades of weight);
    `fade` px is the length beyond which a line pales.
    """
    width = picture.shape[1]
    flat = picture.reshape(-1)
    for i in range(pre.shape[0]):
        if shown[i] == 0:
            continue
        x1, y1 = float(x[pre[i]]), float(y[pre[i]])
        x2, y2 = float(x[post[i]]), float(y[post[i]])
        if not (abs(x1) + abs(y1) + abs(x2) + abs(y2) < BEYOND):
            continue
        if max(y1, y2) < top - 1 or min(y1, y2) > bottom + 1:
            continue
        if max(x1, x2) < -1.0 or min(x1, x2) > width + 1.0:
            continue
        shade = np.int64(255.0 * max(0.0, min(1.0, float(weight01[i]))))
        a = alpha[tone[i], shade]
        square = (x2 - x1) ** 2 + (y2 - y1) ** 2
        if square > fade * fade:
            a *= max(0.62, math.sqrt(fade / math.sqrt(square)))
        ink = np.int64(a * 256.0)
        if ink > 0:
            colour = rgb[tone[i], shade]
            hairline(flat, width, top, bottom, x1, y1, x2, y2, red_blue(colour), green(colour), ink)
