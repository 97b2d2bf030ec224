"""Where the lines run: from the places of neurons to the strokes and terminals in view.

A synapse leaves its pre neuron, bows a little (two neurons that drive each other bow apart) and ends
just outside of its post neuron.  An autapse is a loop.  Synapses of one pair fan out.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import BEYOND, JIT
from editor.canvas.raster.records import DOUBLE_BAR, NO_TERMINAL


@njit(**JIT)
def lay_out(
    strokes, ends, rows, x, y, radius, ids, pre, post, weight01, tone, kind, fan, shown, hidden_too,
    rgb, alpha, width, terminal, terminal_kind, bend, line, ratio, casing, wide, high,
):  # fmt: skip
    """Fill `strokes` and `ends` for the synapses `rows` that may be seen; returns how many."""
    n = 0
    for k in range(rows.shape[0]):
        i = rows[k]
        if shown[i] == 0 and not hidden_too:
            continue
        p, q = pre[i], post[i]
        ax, ay, bx, by = float(x[p]), float(y[p]), float(x[q]), float(y[q])
        r_pre, r_post = float(radius[p]), float(radius[q])
        dx, dy = bx - ax, by - ay
        length = math.sqrt(dx * dx + dy * dy)
        loop = p == q
        if not length < BEYOND:
            continue
        pad = 0.2 * length + 12.0 * ratio + (8.0 * r_pre if loop else 0.0)
        if max(ax, bx) < -pad or min(ax, bx) > wide + pad:
            continue
        if max(ay, by) < -pad or min(ay, by) > high + pad:
            continue
        if not loop and length < 0.5:
            continue
        shade = np.int64(255.0 * max(0.0, min(1.0, float(weight01[i]))))
        tint = tone[i]
        gap = kind[i] == 1
        side = 1.0 if (ids[p] + ids[q]) & 1 == 0 else -1.0
        if loop:
            turn = -1.9 + 0.55 * fan[i] + 0.5 * side
            reach = (5.0 + 0.9 * fan[i]) * r_pre
            cx, cy = ax + reach * math.cos(turn), ay + reach * math.sin(turn)
            t0x, t0y = math.cos(turn - 0.95), math.sin(turn - 0.95)
            t1x, t1y = -math.cos(turn + 0.95), -math.sin(turn + 0.95)
            far = 1.0
            room = 4.0 * r_pre
        else:
            bow = bend * side * max(0.55, min(1.0, 90.0 * ratio / length))
            bow += side * 0.075 * fan[i]
            if gap:
                bow *= 0.35
            cx, cy = 0.5 * (ax + bx) - dy * bow, 0.5 * (ay + by) + dx * bow
            ex, ey = cx - ax, cy - ay
            e = math.sqrt(ex * ex + ey * ey) + 1e-9
            t0x, t0y = ex / e, ey / e
            ex, ey = bx - cx, by - cy
            e = math.sqrt(ex * ex + ey * ey) + 1e-9
            t1x, t1y = ex / e, ey / e
            far = max(0.45, min(1.0, 170.0 * ratio / length))
            room = length - r_pre - r_post - 2.0 * ratio
        if room < 1.0:
            continue
        size = min(float(terminal[tint, shade]) * line, 0.55 * room)
        stroke, end = strokes[n], ends[n]
        start = r_pre + 0.5 * ratio
        stroke.ax, stroke.ay = ax + t0x * start, ay + t0y * start
        stop = r_post + min(casing * line + 0.8 * ratio, 0.35 * room)
        tip_x, tip_y = bx - t1x * stop, by - t1y * stop
        behind = 0.8 * ratio
        if gap:
            behind = 0.0
        elif tint == 0:
            behind = 0.70 * size
        elif tint == 2:
            behind = 0.40 * size
        stroke.cx, stroke.cy = cx, cy
        stroke.bx, stroke.by = tip_x - t1x * behind, tip_y - t1y * behind
        stroke.begin, stroke.end = 0.0, 1.0
        breadth = float(width[tint, shade]) * line * math.sqrt(far)
        opacity = float(alpha[tint, shade]) * math.sqrt(far)
        stroke.width_begin, stroke.width_end = breadth, breadth
        stroke.alpha_begin, stroke.alpha_end = opacity, opacity
        stroke.rgb = rgb[tint, shade]
        stroke.row = i
        stroke.order = k
        end.x, end.y, end.dx, end.dy = tip_x, tip_y, t1x, t1y
        end.size = size
        end.alpha = min(1.0, opacity + 0.25)
        end.rgb = stroke.rgb
        end.kind = terminal_kind[tint] if size > 1.6 * ratio else NO_TERMINAL
        if gap:
            end.kind = DOUBLE_BAR
            end.x = 0.25 * (stroke.ax + stroke.bx) + 0.5 * cx
            end.y = 0.25 * (stroke.ay + stroke.by) + 0.5 * cy
            e = math.sqrt((stroke.bx - stroke.ax) ** 2 + (stroke.by - stroke.ay) ** 2) + 1e-9
            end.dx, end.dy = (stroke.bx - stroke.ax) / e, (stroke.by - stroke.ay) / e
            end.size = max(size, 5.0 * line)
        n += 1
    return n


@njit(**JIT)
def weak_to_strong(weight01):
    """Rows in the order of their weight, weakest first (256 classes, stable)."""
    n = weight01.shape[0]
    start = np.zeros(257, np.int64)
    shade = np.empty(n, np.uint8)
    for i in range(n):
        shade[i] = np.uint8(255.0 * max(0.0, min(1.0, float(weight01[i]))))
        start[np.int64(shade[i]) + 1] += 1
    for k in range(256):
        start[k + 1] += start[k]
    rows = np.empty(n, np.int32)
    for i in range(n):
        k = np.int64(shade[i])
        rows[start[k]] = i
        start[k] += 1
    return rows


@njit(**JIT)
def sample(x, y, pre, post, stride, width, height):
    """Count the sampled lines that touch the view, and sum their length inside of it, px."""
    count = 0
    total = 0.0
    for i in range(0, pre.shape[0], stride):
        x1, y1 = float(x[pre[i]]), float(y[pre[i]])
        dx, dy = float(x[post[i]]) - x1, float(y[post[i]]) - y1
        first, last = 0.0, 1.0
        for start, step, far in ((x1, dx, float(width)), (y1, dy, float(height))):
            if abs(step) < 1e-9:
                if start < 0.0 or start > far:
                    first = 2.0
            else:
                one, other = -start / step, (far - start) / step
                first = max(first, min(one, other))
                last = min(last, max(one, other))
        if first < last:
            count += 1
            total += math.sqrt(dx * dx + dy * dy) * (last - first)
    return count, total


@njit(**JIT)
def sorted_by(owner, n):
    """Rows sorted by their owner (0 to n - 1): where each owner's begin (n + 1), and the rows."""
    start = np.zeros(n + 1, np.int64)
    for i in range(owner.shape[0]):
        start[owner[i] + 1] += 1
    for k in range(n):
        start[k + 1] += start[k]
    rows = np.empty(owner.shape[0], np.int32)
    fill = start[:-1].copy()
    for i in range(owner.shape[0]):
        k = owner[i]
        rows[fill[k]] = i
        fill[k] += 1
    return start, rows
