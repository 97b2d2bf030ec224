"""Whether functions that numba keeps beside their source are compiled: asked before one is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def are_compiled(loops: tuple[Any, ...]) -> bool:
    """Whether each of these functions is compiled, here or on disk."""
    return all(loop.signatures or Path(loop.stats.cache_path, _index(loop)).is_file() for loop in loops)


def _index(loop: Any) -> str:
    """The file in which numba writes down what it has compiled of a function."""
    return str(loop._cache._cache_file._index_name)
