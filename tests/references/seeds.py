"""How many seeds a statistical measure takes: a few in every run, five or more under the marker `long`.

A measure that is judged seed by seed fails when two seeds in a row are outside its tolerance; one seed alone
must be inside.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest


def seeds(first: int = 1, reduced: int = 1, complete: int = 5) -> pytest.MarkDecorator:
    """The argument `seeds`: from `first` on, `reduced` of them in every run, `complete` in a long one."""
    return pytest.mark.parametrize(
        "seeds",
        [
            pytest.param(range(first, first + reduced), id="reduced"),
            pytest.param(range(first, first + complete), id="complete", marks=pytest.mark.long),
        ],
    )


def holds(inside: Sequence[bool]) -> bool:
    """Whether no two seeds in a row are outside the tolerance (a single seed: whether it is inside)."""
    if len(inside) == 1:
        return bool(inside[0])
    return all(one or other for one, other in pairwise(inside))


def shown(values: Iterable[float], form: str = ".1f") -> str:
    """The values as a row of the table: each of up to five, otherwise mean, spread and number."""
    found = list(values)
    if len(found) <= 5:
        return " ".join(f"{value:{form}}" for value in found)
    mean = sum(found) / len(found)
    spread = (sum((value - mean) ** 2 for value in found) / (len(found) - 1)) ** 0.5
    return f"{mean:{form}} +- {spread:{form}} (n {len(found)})"
