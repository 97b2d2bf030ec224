"""Numbers that name things: one space of ids for everything in a network, and views of several ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.network.columns import fixed, ints


class Ids:
    """A counter that never gives an id twice: the editor's counts up from 1, the engine's down from -1."""

    __slots__ = ("furthest", "next", "step")

    def __init__(self, next: int = 1, step: int = 1, furthest: int = 0) -> None:
        self.next = next
        self.step = step
        self.furthest = furthest
        """No id beyond this has ever been in use."""

    def fresh(self, count: int = 1) -> NDArray[np.int64]:
        """The next `count` ids."""
        new = self.next + self.step * np.arange(count, dtype=np.int64)
        self.next += self.step * count
        return fixed(new)

    def one(self) -> int:
        """The next id."""
        return int(self.fresh(1)[0])

    def pass_by(self, ids: ArrayLike) -> None:
        """Count on from beyond `ids`, which somebody else gave; those the other way do not matter."""
        used = np.asarray(ids, np.int64)
        if used.size:
            self.furthest = self.step * max(self.furthest * self.step, int((used * self.step).max()))
            self.next = self.step * max(self.next * self.step, self.furthest * self.step + 1)

    def copy(self) -> Ids:
        """A counter that goes on from the same place."""
        return Ids(self.next, self.step, self.furthest)


class IdView:
    """Some ids, in order; indexing takes a number, a slice, an array of places or a mask and gives a view.

    `ids` is the int64 array.  Numpy functions, `len` and iteration (over plain ints) work on it.
    """

    __slots__ = ("ids",)

    def __init__(self, ids: ArrayLike) -> None:
        self.ids = ints(ids)

    def __getitem__(self, place: Any) -> IdView:
        return IdView(self.ids[np.asarray(place) if isinstance(place, list) else place])

    def __len__(self) -> int:
        return int(self.ids.size)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.ids, dtype=dtype) if copy else np.asarray(self.ids, dtype=dtype)

    def __int__(self) -> int:
        if self.ids.size != 1:
            raise ValueError(f"{self!r} is not one id")
        return int(self.ids[0])

    __index__ = __int__

    def __contains__(self, one: object) -> bool:
        return one in self.ids

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IdView) and np.array_equal(self.ids, other.ids)

    def __hash__(self) -> int:
        return hash(self.ids.tobytes())

    def __repr__(self) -> str:
        return f"<ids {np.array2string(self.ids, threshold=8)}>"
