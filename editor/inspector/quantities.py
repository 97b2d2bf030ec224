"""What a field of the inspector holds: a value, several at once, how far a drag turns it, how it is written.

Qt-free.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from engine import units
from engine.declare import Param
from engine.errors import UsageError


class Mixed:
    """Several things are selected and this value differs between them."""

    def __repr__(self) -> str:
        return "MIXED"

    def __bool__(self) -> bool:
        return False


MIXED = Mixed()
Shown = float | str | Mixed


def common(values: Iterable[Any]) -> Shown:
    """The one value that all of these are, or MIXED; arrays count as all their numbers."""
    found: set[float | str] = set()
    for value in values:
        if isinstance(value, np.ndarray):
            if value.size and (value != value.flat[0]).any():
                return MIXED
            found.update(float(one) for one in value.flat[:1])
        else:
            found.add(value if isinstance(value, str) else float(value))
        if len(found) > 1:
            return MIXED
    return found.pop() if found else MIXED


def read(text: str, param: Param, *, any_size: bool = False) -> float:
    """The number a person typed for this parameter; raises UsageError with the range and the unit.

    With `any_size` the range is for somebody else to judge.
    """
    text = text.strip()
    if not text:
        raise UsageError(
            f"Write a number {_range(param)}, such as {units.write(param.default, param.unit)!r}"
        )
    low, high = (-math.inf, math.inf) if any_size else (param.low, param.high)
    return units.read(text, param.unit, low, high, spoken(param.name))


def _range(param: Param) -> str:
    return units.within(param.low, param.high, param.unit)


def write(value: Shown, param: Param) -> str:
    """The number as the field shows it, without its unit; nothing when it differs between things."""
    if isinstance(value, Mixed):
        return ""
    if isinstance(value, str):
        return value
    if value >= 1e12:
        return "∞"
    return units.write(value, "", 6)


def step(param: Param, value: float) -> float:
    """How much one px of a drag turns a value: a round hundredth of its size, or of its default's."""
    size = max(abs(value), 0.2 * abs(param.default))
    if size == 0.0 and math.isfinite(param.high) and math.isfinite(param.low):
        size = min((param.high - param.low) * 0.1, 100.0)
    if size == 0.0:
        size = 1.0
    return float(10.0 ** (math.floor(math.log10(size)) - 2))


def turned(param: Param, start: float, pixels: float) -> float:
    """Where a drag of so many px takes a value that was `start`; always a legal, round number."""
    one = step(param, start)
    value = start + round(pixels) * one
    digits = max(0, -math.floor(math.log10(one)))
    value = round(value, min(digits, 15))
    return min(max(value, param.low), param.high)


def spoken(name: str) -> str:
    """A parameter's name as one says it: `tau_pre` is "tau pre", `lambda_` is "lambda"."""
    return re.sub(r"_+", " ", name).strip()


def about(param: Param) -> str:
    """The tooltip of a parameter: what it does, its range, its default, where the default comes from."""
    default = param.shown_default
    shown = default if isinstance(default, str) else units.write(default, param.unit)
    if isinstance(default, float) and default >= 1e12:
        shown = "without end"
    lines = [param.doc, ""]
    if param.is_choice:
        lines.append(f"One of: {', '.join(param.options)}. Default: {shown}.")
    else:
        lines.append(f"{_range(param)[0].upper()}{_range(param)[1:]}. Default: {shown}.")
    if param.source:
        lines.append(f"Source: {param.source}.")
    lines.append(f"In files and scripts: {param.name}")
    return "\n".join(lines).strip()
