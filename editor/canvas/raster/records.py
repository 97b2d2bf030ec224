"""What a kernel is given to draw: one record per stroke, terminal, disc, glow, arc.

Records are structured numpy arrays, so that one row holds all there is to know of one thing and a
kernel writes `stroke.width_end` for it.  Positions and lengths are px from the top left corner,
opacities 0 to 1, colours 0xRRGGBB.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

STROKE = np.dtype(
    [
        # a quadratic curve: pre end, control point, post end
        ("ax", "f4"),
        ("ay", "f4"),
        ("cx", "f4"),
        ("cy", "f4"),
        ("bx", "f4"),
        ("by", "f4"),
        # the part that is drawn: 0 is the pre end, 1 the post end
        ("begin", "f4"),
        ("end", "f4"),
        # width and opacity at the two ends of that part
        ("width_begin", "f4"),
        ("width_end", "f4"),
        ("alpha_begin", "f4"),
        ("alpha_end", "f4"),
        ("rgb", "u4"),
        ("row", "i4"),
        ("order", "i4"),
    ]
)
"""One curve with its width; `row` is the synapse it draws, -1 for none; `order` its place in the request."""

TERMINAL = np.dtype(
    [
        ("x", "f4"),
        ("y", "f4"),
        ("dx", "f4"),
        ("dy", "f4"),
        ("size", "f4"),
        ("alpha", "f4"),
        ("rgb", "u4"),
        ("kind", "i4"),
    ]
)
"""The end of a synapse: its tip, the unit direction it points in, its length."""

ARROW, BAR, ROUND, DOUBLE_BAR, NO_TERMINAL = 0, 1, 2, 3, 4

DISC = np.dtype(
    [
        ("x", "f4"),
        ("y", "f4"),
        ("radius", "f4"),
        ("rim", "f4"),
        ("casing", "f4"),
        ("core", "f4"),
        ("alpha", "f4"),
        ("fill_rgb", "u4"),
        ("rim_rgb", "u4"),
        ("core_rgb", "u4"),
        ("casing_rgb", "u4"),
        ("shape", "i4"),
        ("hatch", "i4"),
    ]
)
"""A neuron: fill, rim, a core whose area is its membrane potential, a casing that cuts lines off."""

CIRCLE, DIAMOND, SQUARE = 0, 1, 2

GLOW = np.dtype([("x", "f4"), ("y", "f4"), ("radius", "f4"), ("alpha", "f4"), ("rgb", "u4")])
"""Light around a point."""

ARC = np.dtype(
    [
        ("x", "f4"),
        ("y", "f4"),
        ("radius", "f4"),
        ("width", "f4"),
        ("start", "f4"),
        ("sweep", "f4"),
        ("alpha", "f4"),
        ("soft", "f4"),
        ("rgb", "u4"),
    ]
)
"""Part of a ring: start and sweep in radians, clockwise from 3 o'clock; `soft` px of blur."""


def records(dtype: np.dtype[Any], n: int, **columns: object) -> NDArray[Any]:
    """Make `n` records and fill the named columns."""
    made = np.zeros(n, dtype=dtype)
    for name, values in columns.items():
        made[name] = values
    return made
