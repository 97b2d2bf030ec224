"""Morton order: sorts lines so that those drawn one after another touch the same part of the picture.

Morton (1966), A computer oriented geodetic data base and a new technique in file sequencing, IBM.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def codes(x: NDArray[np.float32], y: NDArray[np.float32], bits: int = 12) -> NDArray[np.int64]:
    """The Morton code of points: the bits of x and y, taken in turns."""
    return _interleave(_cells(x, bits)) | _interleave(_cells(y, bits)) << 1


def order_of_lines(
    x: NDArray[np.float32], y: NDArray[np.float32], pre: NDArray[np.int32], post: NDArray[np.int32]
) -> NDArray[np.int64]:
    """The order in which to draw the lines from neurons `pre` to neurons `post`."""
    if not len(pre):
        return np.zeros(0, np.int64)
    place = codes(x, y)
    middle = codes(0.5 * (x[pre] + x[post]), 0.5 * (y[pre] + y[post]), 6)
    return np.argsort(middle << 24 | place[pre], kind="stable")


def _cells(values: NDArray[np.float32], bits: int) -> NDArray[np.int64]:
    low, high = float(values.min()), float(values.max())
    share = (values - low) * ((2**bits - 1) / max(high - low, 1e-9))
    return np.asarray(share, np.int64)


def _interleave(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    spread = cells & 0xFFFF
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | spread << shift) & mask
    return spread
