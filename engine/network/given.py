"""A number, a count, a text, a switch as people give it, or a sentence that says what it must be."""

from __future__ import annotations

import os
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import UsageError

MOST = 2**63
"""Counts and seeds are kept in 64 bits."""


def number(value: Any, what: str, right: str = "a number") -> float:
    """One real number, NaN and infinities too; raises UsageError for texts, lists and what else is none."""
    if not isinstance(value, str | bytes | complex) and not (isinstance(value, np.ndarray) and value.ndim):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    raise wrong(value, what, right)


def numbers(values: Any, what: str, right: str = "numbers") -> NDArray[np.float64]:
    """Real numbers in an array of their own shape; raises UsageError for texts and for ragged rows."""
    try:
        found = np.asarray(values)
        if found.dtype.kind not in "biufO":
            raise TypeError("texts, dates and complex numbers are no real ones")
        return found.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise wrong(values, what, right + if_ragged(values)) from error


def if_ragged(values: Any) -> str:
    """What is added where rows differ in length, which is what is wrong with them."""
    try:
        lengths = {len(row) for row in values if not isinstance(row, str)}
    except TypeError:
        return ""
    return f", in rows of one length; these have {min(lengths)} to {max(lengths)}" if len(lengths) > 1 else ""


def whole(value: Any, what: str, least: int | None = None) -> int:
    """One whole number that 64 bits hold, at least `least`; raises UsageError for everything else."""
    right = "a whole number" if least is None else f"a whole number, {least} or more"
    found = number(value, what, right)
    if not abs(found) < MOST or found != round(found) or (least is not None and found < least):
        raise UsageError(f"{what} is {reprlib.repr(value)}; it must be {right}")
    return int(value)


def text(value: Any, what: str) -> str:
    """One text; raises UsageError for everything else, and for half a character, which no file can hold."""
    if not isinstance(value, str) or any("\ud800" <= one <= "\udfff" for one in value):
        raise wrong(value, what, "text")
    return str(value)


def switch(value: Any, what: str) -> bool:
    """True or False; raises UsageError for everything else."""
    if isinstance(value, bool | np.bool_) or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    raise wrong(value, what, "True or False")


def texts(values: Any, what: str) -> list[str]:
    """Several texts; raises UsageError for everything else, one text among it."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise wrong(values, what, "a list of texts")
    return [text(value, what) for value in values]


def named(values: Any, what: str) -> dict[str, Any]:
    """Values by name, None for none; raises UsageError for everything else."""
    if values is not None and not isinstance(values, Mapping):
        raise wrong(values, what, "a dict of values by name")
    return {text(name, f"a name in {what}"): value for name, value in (values or {}).items()}


def path(value: Any, what: str = "path") -> str:
    """Where a file is; raises UsageError for what is no path."""
    try:
        return os.fsdecode(value)
    except TypeError as error:
        raise wrong(value, what, "text or a Path") from error


def wrong(value: Any, what: str, right: str) -> UsageError:
    """What is said of a value that cannot be meant; a long one is cut short."""
    return UsageError(f"{what} cannot be {reprlib.repr(value)}; it takes {right}")
