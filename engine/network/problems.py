"""A problem says where it is, what is wrong and what would be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Problem:
    """One thing that makes no sense; `ids` are the neurons, synapses or records it is about."""

    place: str
    what: str
    cure: str = ""
    ids: tuple[int, ...] = ()

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.what}; {self.cure}" if self.cure else f"{place}{self.what}"


Problems = Iterator[Problem]


def first(problems: Problems) -> str:
    """The first problem as a sentence, or nothing when there is none."""
    return str(next(problems, ""))


def named(ids: ArrayLike) -> tuple[int, ...]:
    """Up to a hundred of the ids a problem is about."""
    return tuple(np.asarray(ids).ravel()[:100].tolist())


def some(ids: ArrayLike) -> str:
    """A few ids for a message: "4", "4, 5 and 7", "4, 5, 7 and 12 more"."""
    flat = np.asarray(ids).ravel()
    words = [str(one) for one in flat[:3].tolist()]
    if flat.size > 3:
        return ", ".join(words) + f" and {flat.size - 3} more"
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else "".join(words)
