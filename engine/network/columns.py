"""Columns of numbers as a network keeps them: flat, of one kind, and never written into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import UsageError
from engine.network.given import if_ragged, named, whole, wrong

Value = float | str | NDArray[np.float64]
"""A parameter: one number (or the name of a choice) for all, or one number each."""


def ints(values: ArrayLike) -> NDArray[np.int64]:
    """A read-only flat int64 array; the argument is never changed."""
    return _flat(values, np.int64)


def floats(values: ArrayLike, what: str = "a column") -> NDArray[np.float64]:
    """A read-only flat float64 array; the argument is never changed.  Raises UsageError for other things."""
    try:
        if np.asarray(values).dtype.kind not in "biufO":
            raise TypeError("texts, dates and complex numbers are no real ones")
        return _flat(values, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise wrong(values, what, "numbers" + if_ragged(values)) from error


def places(values: ArrayLike) -> NDArray[np.float64]:
    """Read-only positions, (n, 3) um; two columns get z = 0."""
    try:
        at: NDArray[np.float64] = np.array(values, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise wrong(values, "positions", "numbers, (n, 3) in um") from error
    if not at.size:
        at = np.empty((0, 3))
    if at.ndim == 1:
        at = at[np.newaxis]
    if at.ndim == 2 and at.shape[1] == 2:
        at = np.column_stack([at, np.zeros(len(at))])
    if at.ndim != 2 or at.shape[1] != 3:
        raise UsageError(f"positions are (n, 3) in um, not {at.shape}")
    return fixed(at)


def fixed(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, made read-only."""
    array.flags.writeable = False
    return array


def _flat(values: ArrayLike, kind: type) -> NDArray[Any]:
    if (
        isinstance(values, np.ndarray)
        and values.dtype == kind
        and values.ndim == 1
        and not values.flags.writeable
    ):
        return values
    return fixed(np.array(values, kind).reshape(-1))


def parameters(values: Mapping[str, Any] | None) -> dict[str, Value]:
    """Parameters as they are kept: floats, names of choices, and read-only float64 arrays."""
    return {name: parameter(value, name) for name, value in named(values, "params").items()}


def parameter(value: Any, name: str = "a value") -> Value:
    """One parameter as it is kept; raises UsageError for what is no number, no choice and no column."""
    if isinstance(value, str):
        return value
    try:
        return float(value) if np.ndim(value) == 0 else floats(value, name)
    except (TypeError, ValueError, OverflowError) as error:
        raise wrong(value, name, "a number, or one number each") from error


def setting(value: Any, name: str = "a value") -> Any:
    """A value of an edit as it is kept: switches, texts and None as they are, numbers as parameters."""
    if isinstance(value, np.bool_ | np.integer):
        return value.item()
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return whole(value, name)
    if isinstance(value, Mapping):
        return dict(value)
    return parameter(value, name)


def distinct(ids: ArrayLike) -> NDArray[np.int64]:
    """Each id once, increasing; quick where they are that already."""
    flat = np.asarray(ids, np.int64).ravel()
    if flat.size < 2 or bool((flat[1:] > flat[:-1]).all()):
        return flat
    flat = np.sort(flat)
    first = np.ones(flat.size, np.bool_)
    first[1:] = flat[1:] > flat[:-1]
    return fixed(flat[first])
