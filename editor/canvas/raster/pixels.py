"""Single pixels: how a colour is laid over, or added to, what is already there.

A colour travels as two numbers, red with blue and green alone, so that three channels cost two
multiplications.  Opacity `a` runs from 0 to 256.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic as numba_intrinsic

intrinsic: Any = numba_intrinsic

JIT: dict[str, Any] = {"nogil": True, "cache": True, "boundscheck": False, "error_model": "numpy"}
"""How every kernel of the rasteriser is compiled.  No fastmath: equal input, equal pixels."""

OPAQUE = 0xFF000000

BEYOND = 1e9
"""Things farther away than this many px, or nowhere (NaN), are not drawn."""


@njit(inline="always")
def red_blue(rgb):
    """Red and blue of a colour 0xRRGGBB, in place."""
    return np.int64(rgb) & 0xFF00FF


@njit(inline="always")
def green(rgb):
    """Green of a colour 0xRRGGBB, in place."""
    return np.int64(rgb) & 0xFF00


@njit(inline="always")
def over(flat, at, rb, g, a):
    """Lay a colour over pixel `at` with opacity `a`."""
    at = np.uint64(at)  # unsigned: numba then leaves out the test for counting from the end
    old = np.int64(flat[at])
    old_rb = old & 0xFF00FF
    old_g = old & 0xFF00
    new_rb = (old_rb + (((rb - old_rb) * a + 0x800080) >> 8)) & 0xFF00FF
    new_g = (old_g + (((g - old_g) * a + 0x8000) >> 8)) & 0xFF00
    flat[at] = np.uint32(OPAQUE | new_rb | new_g)


@intrinsic
def over_two(typing_context, flat, at, beside, rgb, a, b):
    """Lay a colour 0xRRGGBB over two different pixels, with opacities `a` and `b`, in one go.

    The eight channels go abreast in 16 bits each; the sums wrap and come out as those of `over`.
    """

    def generate(context, builder, signature, arguments):
        pixels, place, other, colour, first, second = arguments
        view = context.make_array(signature.args[0])(context, builder, pixels)
        i32, places = ir.IntType(32), [builder.gep(view.data, [where]) for where in (place, other)]
        pair, bytes_, words = (ir.VectorType(ir.IntType(n), k) for n, k in ((32, 2), (8, 8), (16, 8)))

        def both(one, two):
            made = builder.insert_element(ir.Constant(pair, ir.Undefined), one, i32(0))
            return builder.insert_element(made, two, i32(1))

        def channels(two):
            return builder.zext(builder.bitcast(two, bytes_), words)

        def constant(kind, value):
            return ir.Constant(kind, [value] * kind.count)

        old = channels(both(*[builder.load(place) for place in places]))
        ink = channels(both(*[builder.trunc(colour, i32)] * 2))
        share = ir.Constant(words, ir.Undefined)
        for k, opacity in enumerate((first, second)):
            share = builder.insert_element(share, builder.trunc(opacity, words.element), i32(k))
        order = ir.Constant(ir.VectorType(i32, 8), [0] * 4 + [1] * 4)
        share = builder.shuffle_vector(share, share, order)
        moved = builder.mul(share, builder.sub(ink, old))
        total = builder.add(builder.add(builder.shl(old, constant(words, 8)), moved), constant(words, 128))
        new = builder.trunc(builder.lshr(total, constant(words, 8)), bytes_)
        new = builder.or_(builder.bitcast(new, pair), constant(pair, OPAQUE))
        for k, place in enumerate(places):
            builder.store(builder.extract_element(new, i32(k)), place)
        return context.get_dummy_value()

    i = types.int64
    return types.void(flat, i, i, i, i, i), generate


@njit(inline="always")
def add(flat, at, r, g, b, amount, dither):
    """Add light to pixel `at`: `amount` 0 to 65536 of (r, g, b); `dither` 0 to 65535 hides the steps."""
    at = np.uint64(at)
    old = np.int64(flat[at])
    new_r = min(255, ((old >> 16) & 255) + ((r * amount + dither) >> 16))
    new_g = min(255, ((old >> 8) & 255) + ((g * amount + dither) >> 16))
    new_b = min(255, (old & 255) + ((b * amount + dither) >> 16))
    flat[at] = np.uint32(OPAQUE | (new_r << 16) | (new_g << 8) | new_b)


@njit(inline="always")
def lay(flat, at, r, g, b, amount, dither):
    """Lay a colour over pixel `at` with opacity `amount` 0 to 65536, dithered like `add`."""
    at = np.uint64(at)
    old = np.int64(flat[at])
    old_r = (old >> 16) & 255
    old_g = (old >> 8) & 255
    old_b = old & 255
    new_r = old_r + (((r - old_r) * amount + dither) >> 16)
    new_g = old_g + (((g - old_g) * amount + dither) >> 16)
    new_b = old_b + (((b - old_b) * amount + dither) >> 16)
    flat[at] = np.uint32(OPAQUE | (new_r << 16) | (new_g << 8) | new_b)


@njit(inline="always")
def grain(x, y):
    """A number 0 to 65535 for a pixel, spread evenly over its neighbours (R2 sequence, Roberts 2018)."""
    return (x * 49471 + y * 37345) & 0xFFFF


@njit(**JIT)
def mix(out, under, above, share, top, bottom):
    """Write `share` (0 to 256) of picture `above` on picture `under` into `out`."""
    width = out.shape[1]
    result, first, last = out.reshape(-1), under.reshape(-1), above.reshape(-1)
    for place in range(top * width, bottom * width):
        at = np.uint64(place)
        low = np.int64(first[at])
        high = np.int64(last[at])
        if low == high:
            result[at] = np.uint32(low)
            continue
        rb = low & 0xFF00FF
        g = low & 0xFF00
        rb = (rb + ((((high & 0xFF00FF) - rb) * share + 0x800080) >> 8)) & 0xFF00FF
        g = (g + ((((high & 0xFF00) - g) * share + 0x8000) >> 8)) & 0xFF00
        result[at] = np.uint32(OPAQUE | rb | g)


@njit(**JIT)
def warp(out, source, ground, step, x0, y0, smooth, top, bottom):
    """Show `source` moved and magnified: pixel (x, y) of `out` is source pixel (x0, y0) + step (x, y).

    What lies outside of `source` is taken from `ground`.  With `smooth` four pixels are mixed.
    """
    width = out.shape[1]
    source_height, source_width = source.shape
    texels = source.reshape(-1)
    fixed_step = np.int64(step * 65536.0)
    shown, behind = out.reshape(-1), ground.reshape(-1)
    start_x = np.int64(np.floor((x0 + step * 0.5 - 0.5) * 65536.0))
    # columns that lie within the source
    first = min(width, max(0, -(start_x // fixed_step) if start_x < 0 else 0))
    last = min(width, max(first, (((source_width - 1) << 16) - 1 - start_x) // fixed_step + 1))
    for y in range(top, bottom):
        source_y = np.int64(np.floor((y0 + step * (y + 0.5) - 0.5) * 65536.0))
        row = source_y >> 16
        begin, stop = first, last
        if row < 0 or row >= source_height - 1:
            begin, stop = width, width
        line = y * width
        for x in range(begin):
            shown[np.uint64(line + x)] = behind[np.uint64(line + x)]
        down = (source_y >> 8) & 255
        source_x = start_x + fixed_step * begin
        if smooth:
            for x in range(begin, stop):
                right = (source_x >> 8) & 255
                at = np.uint64(row * source_width + (source_x >> 16))
                under = at + np.uint64(source_width)
                one = np.uint64(1)
                shown[np.uint64(line + x)] = _four(
                    texels[at], texels[at + one], texels[under], texels[under + one], right, down
                )
                source_x += fixed_step
        else:
            base = (row + (down >> 7)) * source_width
            for x in range(begin, stop):
                shown[np.uint64(line + x)] = texels[np.uint64(base + ((source_x + 32768) >> 16))]
                source_x += fixed_step
        for x in range(max(begin, stop), width):
            shown[np.uint64(line + x)] = behind[np.uint64(line + x)]


@njit(inline="always")
def _four(a, b, c, d, right, down):
    """Four pixels mixed: `right` and `down` are 0 to 255."""
    share_d = (right * down) >> 8
    share_b = right - share_d
    share_c = down - share_d
    share_a = 256 - right - share_c
    mask = 0xFF00FF
    rb = (np.int64(a) & mask) * share_a + (np.int64(b) & mask) * share_b
    rb += (np.int64(c) & mask) * share_c + (np.int64(d) & mask) * share_d
    g = (np.int64(a) & 0xFF00) * share_a + (np.int64(b) & 0xFF00) * share_b
    g += (np.int64(c) & 0xFF00) * share_c + (np.int64(d) & 0xFF00) * share_d
    return np.uint32(OPAQUE | (((rb + 0x800080) >> 8) & mask) | (((g + 0x8000) >> 8) & 0xFF00))
