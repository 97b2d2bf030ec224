"""Where pictures of one shape stand side by side, so that each is as large as can be.

Qt-free.
"""

from __future__ import annotations

GAP = 10.0
"""Between two pictures, px."""
Box = tuple[float, float, float, float]


def boxes(count: int, wide: float, high: float, shape: float, head: float = 0.0) -> list[Box]:
    """The boxes (left, top, width, height) of so many pictures in a room of `wide` by `high` px.

    `shape` is the width over the height of what is pictured, `head` the px of height in every box that its
    words take.  All boxes are of one size; a last row of fewer stands in the middle.
    """
    if count < 1:
        return []
    columns = max(range(1, count + 1), key=lambda c: (_scale(count, c, wide, high, shape, head), -c))
    rows = -(-count // columns)
    each = (high - GAP * (rows - 1)) / rows
    found = []
    width = (wide - GAP * (columns - 1)) / columns
    for row in range(rows):
        here = min(columns, count - row * columns)
        begin = 0.5 * (wide - here * width - (here - 1) * GAP)
        found += [(begin + k * (width + GAP), row * (each + GAP), width, each) for k in range(here)]
    return found


def _scale(count: int, columns: int, wide: float, high: float, shape: float, head: float) -> float:
    """How high a picture of this shape comes out in so many columns."""
    rows = -(-count // columns)
    width = (wide - GAP * (columns - 1)) / columns
    height = (high - GAP * (rows - 1)) / rows - head
    return max(0.0, min(width / shape, height))
