"""Small marks: the terminals of synapses, arcs around neurons, glows, and the neurons themselves.

Each mark is a distance: pixels nearer than its outline are covered, the half px around it softly.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import BEYOND, JIT, add, grain, green, lay, over, red_blue
from editor.canvas.raster.records import ARROW, BAR, CIRCLE, DIAMOND, DOUBLE_BAR, NO_TERMINAL


@njit(inline="always")
def _is_near(x, y, reach, width, top, bottom):
    """Whether a mark touches the rows that are drawn; one that is nowhere (NaN) does not."""
    if not (abs(x) < BEYOND and abs(y) < BEYOND and reach < BEYOND):
        return False
    return y + reach >= top and y - reach <= bottom and x + reach >= 0.0 and x - reach <= width


@njit(**JIT)
def terminals(picture, ends, extra, alpha, top, bottom):
    """Draw terminals (records `TERMINAL`), each grown by `extra` px; `alpha` scales their opacity."""
    width = picture.shape[1]
    flat = picture.reshape(-1)
    for i in range(ends.shape[0]):
        end = ends[i]
        size = float(end.size)
        opacity = 256.0 * alpha * end.alpha
        if end.kind == NO_TERMINAL or opacity < 1.0:
            continue
        x0, y0, tx, ty = float(end.x), float(end.y), float(end.dx), float(end.dy)
        reach = size + extra + 2.0
        if not _is_near(x0, y0, reach, width, top, bottom):
            continue
        rb, g = red_blue(end.rgb), green(end.rgb)
        for y in range(max(top, math.floor(y0 - reach)), min(bottom, math.ceil(y0 + reach) + 1)):
            for x in range(max(0, math.floor(x0 - reach)), min(width, math.ceil(x0 + reach) + 1)):
                dx = x + 0.5 - x0
                dy = y + 0.5 - y0
                back = -(dx * tx + dy * ty)
                side = abs(dx * ty - dy * tx)
                if end.kind == ARROW:
                    edge = 0.906 * side - 0.423 * back
                    notch = 0.842 * (back - 0.74 * size) - 0.539 * side
                    d = max(max(edge, notch), -back)
                elif end.kind == BAR:
                    d = max(abs(back - 0.8) - max(0.9, 0.16 * size), side - 0.62 * size)
                elif end.kind == DOUBLE_BAR:
                    d = max(abs(abs(back) - 0.30 * size) - max(0.6, 0.09 * size), side - 0.55 * size)
                else:
                    d = math.sqrt((back - 0.4 * size) ** 2 + side * side) - 0.42 * size
                cover = min(1.0, 0.5 + extra - d)
                if cover > 0.0:
                    over(flat, y * width + x, rb, g, np.int64(opacity * cover))


@njit(inline="always")
def _outline(shape, dx, dy, radius):
    """Signed distance of a point from the outline of a neuron, negative inside."""
    if shape == CIRCLE:
        return math.sqrt(dx * dx + dy * dy) - radius
    dx = abs(dx)
    dy = abs(dy)
    if shape == DIAMOND:
        turned = 0.70710678
        dx, dy = abs(dx - dy) * turned, (dx + dy) * turned
        half, corner = 0.94 * radius, 0.18 * radius
    else:
        half, corner = 0.88 * radius, 0.30 * radius
    qx = dx - half + corner
    qy = dy - half + corner
    away = math.sqrt(max(qx, 0.0) ** 2 + max(qy, 0.0) ** 2)
    return away + min(max(qx, qy), 0.0) - corner


@njit(**JIT)
def discs(picture, neurons, top, bottom):
    """Draw neurons (records `DISC`): casing, rim, fill and a core whose area is the filled share."""
    width = picture.shape[1]
    flat = picture.reshape(-1)
    for i in range(neurons.shape[0]):
        disc = neurons[i]
        x0, y0, radius = float(disc.x), float(disc.y), float(disc.radius)
        reach = (radius if disc.shape == CIRCLE else 1.35 * radius) + disc.casing + 0.5
        if not _is_near(x0, y0, reach, width, top, bottom):
            continue
        square = reach * reach
        opacity = 256.0 * disc.alpha
        inner = radius - disc.rim
        core = inner * math.sqrt(max(0.0, min(1.0, float(disc.core))))
        blur = 0.5 + 0.10 * radius
        fill_rb, fill_g = red_blue(disc.fill_rgb), green(disc.fill_rgb)
        core_rb, core_g = red_blue(disc.core_rgb), green(disc.core_rgb)
        rim_rb, rim_g = red_blue(disc.rim_rgb), green(disc.rim_rgb)
        casing_rb, casing_g = red_blue(disc.casing_rgb), green(disc.casing_rgb)
        for y in range(max(top, math.floor(y0 - reach)), min(bottom, math.ceil(y0 + reach) + 1)):
            dy = y + 0.5 - y0
            for x in range(max(0, math.floor(x0 - reach)), min(width, math.ceil(x0 + reach) + 1)):
                dx = x + 0.5 - x0
                if dx * dx + dy * dy > square:
                    continue
                d = _outline(disc.shape, dx, dy, radius)
                at = y * width + x
                outside = disc.casing + 0.5 - d
                if outside <= 0.0:
                    continue
                if d > -0.5 and disc.casing > 0.0:
                    over(flat, at, casing_rb, casing_g, np.int64(0.85 * opacity * min(1.0, outside)))
                cover = min(1.0, 0.5 - d)
                if cover <= 0.0:
                    continue
                rb, g = fill_rb, fill_g
                if disc.core > 0.0:
                    share = np.int64(256.0 * max(0.0, min(1.0, (core - radius - d) / blur + 0.5)))
                    rb = (rb + (((core_rb - rb) * share + 0x800080) >> 8)) & 0xFF00FF
                    g = (g + (((core_g - g) * share + 0x8000) >> 8)) & 0xFF00
                if disc.hatch != 0 and ((x + y + 4096) // max(2, np.int64(0.45 * radius))) % 2 == 0:
                    rb, g = rim_rb, rim_g
                share = np.int64(256.0 * max(0.0, min(1.0, d + disc.rim + 0.5)))
                rb = (rb + (((rim_rb - rb) * share + 0x800080) >> 8)) & 0xFF00FF
                g = (g + (((rim_g - g) * share + 0x8000) >> 8)) & 0xFF00
                over(flat, at, rb, g, np.int64(opacity * cover))


@njit(**JIT)
def glows(picture, lights, adds, top, bottom):
    """Draw soft light around points (records `GLOW`): added on dark grounds, laid over on light ones."""
    width = picture.shape[1]
    flat = picture.reshape(-1)
    for i in range(lights.shape[0]):
        light = lights[i]
        radius = float(light.radius)
        strength = 65536.0 * light.alpha
        x0, y0 = float(light.x), float(light.y)
        if strength < 300.0 or radius < 0.5:
            continue
        if not _is_near(x0, y0, radius, width, top, bottom):
            continue
        rgb = np.int64(light.rgb)
        r, g, b = rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255
        inverse = 1.0 / (radius * radius)
        for y in range(max(top, math.floor(y0 - radius)), min(bottom, math.ceil(y0 + radius))):
            dy = y + 0.5 - y0
            half = radius * radius - dy * dy
            if half <= 0.0:
                continue
            half = math.sqrt(half)
            for x in range(max(0, math.floor(x0 - half)), min(width, math.ceil(x0 + half))):
                dx = x + 0.5 - x0
                k = 1.0 - (dx * dx + dy * dy) * inverse
                if k > 0.0:
                    amount = np.int64(strength * k * k * k)
                    if adds:
                        add(flat, y * width + x, r, g, b, amount, grain(x, y))
                    else:
                        lay(flat, y * width + x, r, g, b, amount, grain(x, y))


@njit(**JIT)
def arcs(picture, rings, adds, top, bottom):
    """Draw parts of rings (records `ARC`): vacant elements, calcium ticks, expanding waves."""
    width = picture.shape[1]
    flat = picture.reshape(-1)
    full = 2.0 * math.pi
    for i in range(rings.shape[0]):
        ring = rings[i]
        radius, half, soft = float(ring.radius), 0.5 * ring.width, max(0.5, float(ring.soft))
        x0, y0 = float(ring.x), float(ring.y)
        reach = radius + half + soft + 1.0
        if ring.alpha <= 0.0 or ring.sweep == 0.0:
            continue
        if not _is_near(x0, y0, reach, width, top, bottom):
            continue
        whole = abs(ring.sweep) >= full - 1e-3
        rgb = np.int64(ring.rgb)
        r, g, b = rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255
        hole = radius - half - soft - 1.0
        for y in range(max(top, math.floor(y0 - reach)), min(bottom, math.ceil(y0 + reach) + 1)):
            dy = y + 0.5 - y0
            for x in range(max(0, math.floor(x0 - reach)), min(width, math.ceil(x0 + reach) + 1)):
                dx = x + 0.5 - x0
                square = dx * dx + dy * dy
                if hole > 0.0 and square < hole * hole:
                    continue
                distance = math.sqrt(square)
                cover = min(1.0, 0.5 + (half - abs(distance - radius)) / (2.0 * soft))
                if cover <= 0.0:
                    continue
                if not whole:
                    turn = (math.atan2(dy, dx) - ring.start) % full
                    beyond = turn - ring.sweep
                    if beyond > 0.0:
                        gap = min(beyond, full - turn) * distance
                        cover *= max(0.0, 1.0 - gap)
                if soft > 0.5:
                    cover = cover * cover * (3.0 - 2.0 * cover)
                amount = np.int64(65536.0 * ring.alpha * cover)
                if amount > 0:
                    if adds:
                        add(flat, y * width + x, r, g, b, amount, grain(x, y))
                    else:
                        lay(flat, y * width + x, r, g, b, amount, grain(x, y))
