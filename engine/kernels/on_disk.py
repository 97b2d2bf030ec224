"""Whether functions that numba keeps beside their source are compiled: asked before one is called."""

from __future__ import annotations

from typing import Any


def are_compiled(loops: tuple[Any, ...]) -> bool:
    """Whether each of these functions is compiled, here or on disk and from the source as it now is."""
    return all(loop.signatures or loop._cache._cache_file._load_index() for loop in loops)
