"""Strokes: anti-aliased curves with a width that may taper, crisp like ink or soft like light.

A quadratic curve is cut into short segments; neighbours meet on the line that halves their angle,
so no pixel is painted twice and a translucent stroke has no beads.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import BEYOND, JIT, add, grain, green, lay, over, red_blue

INK, LIGHT_OVER, LIGHT_ADDED, RAILS_OVER, RAILS_ADDED = 0, 1, 2, 3, 4
"""How a stroke is painted: crisp; soft, laid over; soft, added; two soft rails, laid over; added."""

FLATNESS = 0.06
"""How far, in px, the segments may leave the true curve."""


@njit(inline="always")
def _span(y, ax, ay, bx, by, tx, ty, reach, m0x, m0y, m1x, m1y, width):
    """Pixels of row `y` that a segment may touch: first, and one past the last."""
    py = y + 0.5 - ay
    long = 1.5 * reach
    if abs(ty) < 1e-4:
        if abs(tx * py) > reach:
            return 0, 0
        low = min(ax, bx) - long
        high = max(ax, bx) + long
    else:
        middle = ax + tx / ty * py
        half = reach / abs(ty)
        low = middle - half
        high = middle + half
    if m0x > 1e-6:
        low = max(low, ax - m0y / m0x * py)
    elif m0x < -1e-6:
        high = min(high, ax - m0y / m0x * py)
    elif m0y * py < 0.0:
        return 0, 0
    qy = y + 0.5 - by
    if m1x > 1e-6:
        high = min(high, bx - m1y / m1x * qy)
    elif m1x < -1e-6:
        low = max(low, bx - m1y / m1x * qy)
    elif m1y * qy >= 0.0:
        return 0, 0
    low = min(max(low, -1.0), width + 1.0)
    high = min(max(high, -1.0), width + 1.0)
    return max(0, math.ceil(low - 0.5)), min(width, math.ceil(high - 0.5))


@njit(**JIT)
def _ink(flat, width, top, bottom, ax, ay, bx, by, m0x, m0y, m1x, m1y, h0, h1, a0, a1, rb, g):
    """One crisp segment; h0 and h1 are half widths, a0 and a1 opacities of 0 to 256."""
    dx = bx - ax
    dy = by - ay
    length = math.sqrt(dx * dx + dy * dy)
    if length < 1e-3:
        return
    tx = dx / length
    ty = dy / length
    # how wide a pixel is, seen across the line: 1 for level lines, 1.41 for diagonal ones
    pixel = abs(tx) + abs(ty)
    scale = 65536.0 / pixel
    reach = max(h0, h1) + 0.5 * pixel
    first = max(top, math.floor(min(ay, by) - 1.5 * reach))
    last = min(bottom - 1, math.floor(max(ay, by) + 1.5 * reach) + 1)
    widen = (h1 - h0) / length
    fade = (a1 - a0) / length
    across_step = np.int64(-ty * scale)
    half_step = np.int64(widen * tx * scale)
    alpha_step = np.int64(fade * tx * 65536.0)
    for y in range(first, last + 1):
        low, high = _span(y, ax, ay, bx, by, tx, ty, reach, m0x, m0y, m1x, m1y, width)
        if low >= high:
            continue
        fx = low + 0.5 - ax
        fy = y + 0.5 - ay
        along = tx * fx + ty * fy
        across = np.int64((tx * fy - ty * fx) * scale)
        half = np.int64((h0 + widen * along) * scale)
        alpha = np.int64((a0 + fade * along) * 65536.0)
        at = y * width + low
        for _ in range(low, high):
            cover = min((half + 32768 - abs(across)) >> 8, min(256, half >> 7))
            if cover > 0:
                a = (alpha * cover) >> 24
                if a > 0:
                    over(flat, at, rb, g, min(a, 256))
            across += across_step
            half += half_step
            alpha += alpha_step
            at += 1


@njit(**JIT)
def _light(flat, width, top, bottom, ax, ay, bx, by, m0x, m0y, m1x, m1y, h0, h1, a0, a1, r, g, b, manner):
    """One soft segment: brightest in its middle, or in two rails beside it."""
    dx = bx - ax
    dy = by - ay
    length = math.sqrt(dx * dx + dy * dy)
    if length < 1e-3:
        return
    tx = dx / length
    ty = dy / length
    reach = max(h0, h1)
    first = max(top, math.floor(min(ay, by) - 1.5 * reach))
    last = min(bottom - 1, math.floor(max(ay, by) + 1.5 * reach) + 1)
    widen = (h1 - h0) / length
    fade = (a1 - a0) / length
    rails = manner >= RAILS_OVER
    adds = manner in (LIGHT_ADDED, RAILS_ADDED)
    for y in range(first, last + 1):
        low, high = _span(y, ax, ay, bx, by, tx, ty, reach, m0x, m0y, m1x, m1y, width)
        fy = y + 0.5 - ay
        for x in range(low, high):
            fx = x + 0.5 - ax
            along = tx * fx + ty * fy
            half = h0 + widen * along
            if half <= 0.0:
                continue
            q = (tx * fy - ty * fx) / half
            q *= q
            if q >= 1.0:
                continue
            shade = 6.75 * q * (1.0 - q) * (1.0 - q) if rails else (1.0 - q) * (1.0 - q)
            amount = np.int64((a0 + fade * along) * shade * 256.0)
            if amount > 0:
                if adds:
                    add(flat, y * width + x, r, g, b, amount, grain(x, y))
                else:
                    lay(flat, y * width + x, r, g, b, amount, grain(x, y))


@njit(inline="always")
def _point(ax, ay, cx, cy, bx, by, t):
    u = 1.0 - t
    return u * u * ax + 2.0 * t * u * cx + t * t * bx, u * u * ay + 2.0 * t * u * cy + t * t * by


@njit(inline="always")
def _ends(t):
    """Opacity of light near the two ends of its stroke, so that it does not stop with an edge."""
    return min(1.0, min(t * 12.0 + 0.25, (1.0 - t) * 12.0))


@njit(**JIT)
def strokes(picture, lines, manner, extra_width, alpha, top, bottom):
    """Draw curves (records `STROKE`) in order; `extra_width` px are added, `alpha` scales opacity."""
    width = picture.shape[1]
    flat = picture.reshape(-1)
    for i in range(lines.shape[0]):
        line = lines[i]
        a_begin = 256.0 * alpha * line.alpha_begin
        a_end = 256.0 * alpha * line.alpha_end
        if max(a_begin, a_end) < 1.0 or line.end <= line.begin:
            continue
        ax, ay = float(line.ax), float(line.ay)
        cx, cy = float(line.cx), float(line.cy)
        bx, by = float(line.bx), float(line.by)
        if not (abs(ax) + abs(ay) + abs(cx) + abs(cy) + abs(bx) + abs(by) < BEYOND):
            continue
        h_begin = 0.5 * (line.width_begin + extra_width)
        h_end = 0.5 * (line.width_end + extra_width)
        pad = max(h_begin, h_end) + 1.0
        if not pad < BEYOND:
            continue
        if max(ay, max(by, cy)) < top - pad or min(ay, min(by, cy)) > bottom + pad:
            continue
        if max(ax, max(bx, cx)) < -pad or min(ax, min(bx, cx)) > width + pad:
            continue
        rb, green_ = red_blue(line.rgb), green(line.rgb)
        r, g, b = np.int64(line.rgb) >> 16 & 255, np.int64(line.rgb) >> 8 & 255, np.int64(line.rgb) & 255
        part = float(line.end - line.begin)
        bow_x = cx - 0.5 * (ax + bx)
        bow_y = cy - 0.5 * (ay + by)
        bow = math.sqrt(bow_x * bow_x + bow_y * bow_y)
        n = min(64, max(1, math.ceil(part * math.sqrt(0.5 * bow / FLATNESS))))
        if manner != INK:
            n = max(n, 6)
        step = part / n
        x1, y1 = _point(ax, ay, cx, cy, bx, by, line.begin)
        x2, y2 = _point(ax, ay, cx, cy, bx, by, line.begin + step)
        long = math.sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2) + 1e-9
        ux, uy = (x2 - x1) / long, (y2 - y1) / long
        m0x, m0y = ux, uy
        for k in range(n):
            x3, y3, wx, wy = x2, y2, ux, uy
            if k < n - 1:
                x3, y3 = _point(ax, ay, cx, cy, bx, by, line.begin + step * (k + 2))
                long = math.sqrt((x3 - x2) ** 2 + (y3 - y2) ** 2) + 1e-9
                wx, wy = (x3 - x2) / long, (y3 - y2) / long
            m1x, m1y = ux + wx, uy + wy
            s0, s1 = k / n, (k + 1) / n
            h0 = h_begin + (h_end - h_begin) * s0
            h1 = h_begin + (h_end - h_begin) * s1
            a0 = a_begin + (a_end - a_begin) * s0
            a1 = a_begin + (a_end - a_begin) * s1
            if manner == INK:
                _ink(flat, width, top, bottom, x1, y1, x2, y2, m0x, m0y, m1x, m1y, h0, h1, a0, a1, rb, green_)
            else:
                a0 *= _ends(s0)
                a1 *= _ends(s1)
                _light(
                    flat, width, top, bottom, x1, y1, x2, y2, m0x, m0y, m1x, m1y, h0, h1, a0, a1,
                    r, g, b, manner,
                )  # fmt: skip
            x1, y1, x2, y2, m0x, m0y, ux, uy = x2, y2, x3, y3, m1x, m1y, wx, wy
