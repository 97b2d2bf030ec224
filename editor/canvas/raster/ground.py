"""The ground a circuit is drawn on: a soft vignette and a grid of dots that stays with the tissue."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import JIT, OPAQUE, grain, green, over, red_blue


@njit(**JIT)
def vignette(picture, centre, edge, top, bottom):
    """Fill a picture with colour `centre` fading to `edge`, dithered so that no rings show."""
    height, width = picture.shape
    r0, g0, b0 = float(centre >> 16 & 255), float(centre >> 8 & 255), float(centre & 255)
    r1, g1, b1 = float(edge >> 16 & 255), float(edge >> 8 & 255), float(edge & 255)
    middle_x = 0.5 * width
    middle_y = 0.48 * height
    inverse = 1.0 / (0.62 * width) ** 2
    for y in range(top, bottom):
        dy = y + 0.5 - middle_y
        for x in range(width):
            dx = x + 0.5 - middle_x
            share = min(1.0, math.sqrt((dx * dx + dy * dy) * inverse))
            noise = grain(x, y) / 65536.0
            r = np.int64(r0 + (r1 - r0) * share + noise)
            g = np.int64(g0 + (g1 - g0) * share + noise)
            b = np.int64(b0 + (b1 - b0) * share + noise)
            picture[y, x] = np.uint32(OPAQUE | r << 16 | g << 8 | b)


@njit(**JIT)
def dots(picture, x0, y0, pitch, radius, rgb, alpha, top, bottom):
    """Draw a square grid of dots, one of them at (x0, y0) px; pitch and radius in px, alpha 0 to 1."""
    width = picture.shape[1]
    flat = picture.reshape(-1)
    rb, g = red_blue(rgb), green(rgb)
    reach = radius + 0.5
    first_row = math.ceil((top - reach - y0) / pitch)
    last_row = math.floor((bottom + reach - y0) / pitch)
    first_column = math.ceil((-reach - x0) / pitch)
    last_column = math.floor((width + reach - x0) / pitch)
    for row in range(first_row, last_row + 1):
        cy = y0 + row * pitch
        for column in range(first_column, last_column + 1):
            cx = x0 + column * pitch
            for y in range(max(top, math.floor(cy - reach)), min(bottom, math.ceil(cy + reach) + 1)):
                for x in range(max(0, math.floor(cx - reach)), min(width, math.ceil(cx + reach) + 1)):
                    dx = x + 0.5 - cx
                    dy = y + 0.5 - cy
                    cover = min(1.0, reach - math.sqrt(dx * dx + dy * dy))
                    if cover > 0.0:
                        over(flat, y * width + x, rb, g, np.int64(256.0 * alpha * cover))
