"""What follows from a model alone is worked out once: a cache whose types stay those of the function."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

LATEST = 1024


def once(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which remembers its answers for ever; its arguments must be hashable, as classes are."""
    return cast("Callable[P, R]", cache(function))


def lately(function: Callable[P, R]) -> Callable[P, R]:
    """The same where models come and go, as rules do while they are written: only the latest are kept."""
    return cast("Callable[P, R]", lru_cache(LATEST)(function))
