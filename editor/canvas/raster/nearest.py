"""What lies under the pointer: brute force over all neurons and synapses, a few ms for a million."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import JIT


@njit(**JIT)
def nearest_disc(x, y, radius, slack, px, py):
    """Row of the neuron whose outline is nearest to (px, py) and at most `slack` px away; -1 for none."""
    best = -1
    least = slack
    for i in range(x.shape[0]):
        dx = x[i] - px
        dy = y[i] - py
        reach = radius[i] + least
        if dx * dx + dy * dy < reach * reach:
            least = math.sqrt(dx * dx + dy * dy) - radius[i]
            best = i
    return best


@njit(**JIT)
def near_lines(x, y, radius, pre, post, fan, bend, reach, px, py, out):
    """Rows of synapses whose curve may pass within `reach` px of (px, py); at most as `out` holds."""
    n = 0
    for i in range(pre.shape[0]):
        x1, y1 = x[pre[i]], y[pre[i]]
        x2, y2 = x[post[i]], y[post[i]]
        dx, dy = x2 - x1, y2 - y1
        # a curve leaves its chord by half of its bow: a box first, it is cheap
        share = 0.5 * (bend + 0.075 * fan[i])
        pad = reach + share * (abs(dx) + abs(dy))
        if pre[i] == post[i]:
            pad = reach + 18.0 * radius[pre[i]]
        if px < min(x1, x2) - pad or px > max(x1, x2) + pad:
            continue
        if py < min(y1, y2) - pad or py > max(y1, y2) + pad:
            continue
        length = math.sqrt(dx * dx + dy * dy)
        if length > 0.0:
            across = ((px - x1) * dy - (py - y1) * dx) / length
            if abs(across) > reach + share * length:
                continue
        if n == out.shape[0]:
            return n
        out[n] = i
        n += 1
    return n


@njit(**JIT)
def distance_to_curves(lines, px, py, out):
    """Distance (px) of (px, py) from each curve (records `STROKE`), and where on the curve (0 to 1)."""
    for i in range(lines.shape[0]):
        line = lines[i]
        least = 1e18
        at = 0.0
        x1, y1 = float(line.ax), float(line.ay)
        for k in range(1, 17):
            t = k / 16.0
            u = 1.0 - t
            x2 = u * u * line.ax + 2.0 * t * u * line.cx + t * t * line.bx
            y2 = u * u * line.ay + 2.0 * t * u * line.cy + t * t * line.by
            dx, dy = x2 - x1, y2 - y1
            square = dx * dx + dy * dy
            s = 0.0
            if square > 0.0:
                s = min(1.0, max(0.0, ((px - x1) * dx + (py - y1) * dy) / square))
            away = (x1 + s * dx - px) ** 2 + (y1 + s * dy - py) ** 2
            if away < least:
                least = away
                at = (k - 1 + s) / 16.0
            x1, y1 = x2, y2
        out[i, 0] = math.sqrt(least)
        out[i, 1] = at


@njit(**JIT)
def crossed(lines, corners, closed):
    """Which curves (records `STROKE`) cross, or lie inside of, a polygon (n, 2) px."""
    n = corners.shape[0]
    hit = np.zeros(lines.shape[0], np.bool_)
    last = n if closed else n - 1
    for i in range(lines.shape[0]):
        line = lines[i]
        x1, y1 = float(line.ax), float(line.ay)
        for k in range(1, 13):
            t = k / 12.0
            u = 1.0 - t
            x2 = u * u * line.ax + 2.0 * t * u * line.cx + t * t * line.bx
            y2 = u * u * line.ay + 2.0 * t * u * line.cy + t * t * line.by
            for c in range(last):
                e = (c + 1) % n
                if _crosses(x1, y1, x2, y2, corners[c, 0], corners[c, 1], corners[e, 0], corners[e, 1]):
                    hit[i] = True
                    break
            if hit[i]:
                break
            x1, y1 = x2, y2
        if not hit[i] and closed:
            hit[i] = _contains(corners, x1, y1)
    return hit


@njit(**JIT)
def contained(x, y, corners):
    """Which points lie inside of a polygon (n, 2) px."""
    hit = np.zeros(x.shape[0], np.bool_)
    for i in range(x.shape[0]):
        hit[i] = _contains(corners, float(x[i]), float(y[i]))
    return hit


@njit(inline="always")
def _contains(corners, x, y):
    inside = False
    n = corners.shape[0]
    for c in range(n):
        x1, y1 = corners[c, 0], corners[c, 1]
        x2, y2 = corners[(c + 1) % n, 0], corners[(c + 1) % n, 1]
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@njit(inline="always")
def _crosses(ax, ay, bx, by, cx, cy, dx, dy):
    first = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    second = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    third = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
    fourth = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
    return (first > 0.0) != (second > 0.0) and (third > 0.0) != (fourth > 0.0)
