"""Density: a million synapses as light on film, excitatory and inhibitory kept apart, then toned."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import BEYOND, JIT, over


@njit(**JIT)
def splat(film, x, y, pre, post, weight01, tone, shown, stride, top, bottom):
    """Expose `film` (2, height, width) to synapses: plane 0 excitatory and neutral, 1 inhibitory.

    A synapse leaves 0.25 to 1 on every pixel it crosses, by its weight.  Every `stride`-th synapse
    stands for its neighbours in the (Morton) order of the rows.
    """
    _, height, width = film.shape
    flat = film.reshape(-1)
    for i in range(0, pre.shape[0], stride):
        if shown[i] == 0:
            continue
        x1, y1 = float(x[pre[i]]), float(y[pre[i]])
        x2, y2 = float(x[post[i]]), float(y[post[i]])
        if not (abs(x1) + abs(y1) + abs(x2) + abs(y2) < BEYOND):
            continue
        dx = x2 - x1
        dy = y2 - y1
        n = np.int64(max(abs(dx), abs(dy))) + 1
        gx = dx / n
        gy = dy / n
        first, last = _clip(x1, gx, 0.0, float(width), 0.0, float(n))
        first, last = _clip(y1, gy, float(top), float(bottom), first, last)
        begin = max(0, math.floor(first))
        stop = min(n, math.ceil(last) + 1)
        step_x = np.int64(gx * 65536.0)
        step_y = np.int64(gy * 65536.0)
        at_x = np.int64(x1 * 65536.0) + step_x * begin
        at_y = np.int64(y1 * 65536.0) + step_y * begin
        while begin < stop and not (0 <= at_x >> 16 < width and top <= at_y >> 16 < bottom):
            begin += 1
            at_x += step_x
            at_y += step_y
        end_x = at_x + step_x * (stop - 1 - begin)
        end_y = at_y + step_y * (stop - 1 - begin)
        while begin < stop and not (0 <= end_x >> 16 < width and top <= end_y >> 16 < bottom):
            stop -= 1
            end_x -= step_x
            end_y -= step_y
        light = np.float32(stride) * (np.float32(0.25) + np.float32(0.75) * weight01[i])
        base = height * width if tone[i] == 1 else 0
        for _ in range(begin, stop):
            flat[np.uint64(base + (at_y >> 16) * width + (at_x >> 16))] += light
            at_x += step_x
            at_y += step_y


@njit(inline="always")
def _clip(start, slope, low, high, first, last):
    """Steps of a line between which it lies within low..high."""
    if slope > 1e-9:
        return max(first, (low - start) / slope), min(last, (high - start) / slope)
    if slope < -1e-9:
        return max(first, (high - start) / slope), min(last, (low - start) / slope)
    if start < low or start >= high:
        return 1.0, -1.0
    return first, last


@njit(**JIT)
def brightest(film, stride):
    """How much light the brightest half percent of the lit pixels got, from every `stride`-th pixel."""
    bins = np.zeros(256, np.int64)
    flat = film.reshape(-1)
    half = flat.shape[0] // 2
    lit = 0
    for at in range(0, half, stride):
        light = flat[at] + flat[half + at]
        if light > 0.0:
            bins[min(255, np.int64(16.0 * math.log2(1.0 + light)))] += 1
            lit += 1
    left = 0.995 * lit
    for k in range(256):
        left -= bins[k]
        if left <= 0:
            return 2.0 ** ((k + 1) / 16.0) - 1.0
    return 1.0


@njit(**JIT)
def tone(picture, film, rgb, alpha, exposure, grown, top, bottom):
    """Develop `film` onto a picture: log of the light picks the shade, its share of inhibition the hue.

    `rgb` and `alpha` (64 shades, 16 hues); `exposure` is the light that gives the last shade; the
    film is `grown` times smaller than the picture and is magnified smoothly.
    """
    width = picture.shape[1]
    _, rows, columns = film.shape
    flat = picture.reshape(-1)
    scale = 63.0 / math.log(1.0 + exposure)
    for y in range(top, bottom):
        fy = (y + 0.5) / grown - 0.5
        r0 = min(max(np.int64(math.floor(fy)), 0), rows - 1)
        r1 = min(r0 + 1, rows - 1)
        down = min(max(fy - r0, 0.0), 1.0)
        for x in range(width):
            if grown == 1:
                first = film[0, y, x]
                second = film[1, y, x]
            else:
                fx = (x + 0.5) / grown - 0.5
                c0 = min(max(np.int64(math.floor(fx)), 0), columns - 1)
                c1 = min(c0 + 1, columns - 1)
                right = min(max(fx - c0, 0.0), 1.0)
                first = (1.0 - down) * ((1.0 - right) * film[0, r0, c0] + right * film[0, r0, c1])
                first += down * ((1.0 - right) * film[0, r1, c0] + right * film[0, r1, c1])
                second = (1.0 - down) * ((1.0 - right) * film[1, r0, c0] + right * film[1, r0, c1])
                second += down * ((1.0 - right) * film[1, r1, c0] + right * film[1, r1, c1])
            light = first + second
            if light <= 0.0:
                continue
            shade = min(63, np.int64(scale * math.log(1.0 + light)))
            hue = np.int64(15.0 * second / light + 0.5)
            colour = np.int64(rgb[shade, hue])
            over(flat, y * width + x, colour & 0xFF00FF, colour & 0xFF00, np.int64(256.0 * alpha[shade, hue]))
