"""Quantities at the edge: text with a unit becomes a number, a number becomes text with a unit.

Inside the program every quantity is a plain float in ms, mV, pA, nS, pF, Hz, uM or um.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation

from engine.errors import UsageError

_PREFIXES = {"f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "": 0, "k": 3, "M": 6, "G": 9}
_BASES = {
    "s": "time", "V": "voltage", "A": "current", "S": "conductance", "F": "capacitance",
    "Hz": "frequency", "M": "concentration", "m": "length", "Ohm": "resistance",
}  # fmt: skip
_SECONDS = {"min": Decimal(60), "h": Decimal(3600), "d": Decimal(86400)}
_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*")
_MICRO = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u2126": "Ohm", "\u03a9": "Ohm", "\u2212": "-"})


def read(
    text: str | float,
    unit: str = "",
    low: float = -math.inf,
    high: float = math.inf,
    what: str = "",
) -> float:
    """The number in `unit` that a person wrote: `read("20 us", "ms")` is 0.02.

    A bare number is taken to be in `unit` already.  `low` and `high` (ends included, in `unit`) are the
    legal range and `what` names the quantity in the message.  Raises UsageError.
    """
    value = float(text) if isinstance(text, int | float) else _parse(text, unit, what)
    place = f"{what}: " if what else ""
    if not math.isfinite(value):
        raise UsageError(f"{place}{text!s} is not a finite number; write one such as {_example(unit)!r}")
    if not low <= value <= high:
        raise UsageError(f"{place}{write(value, unit)} is {_outside(value, low, high, unit)}")
    return value


def write(value: float, unit: str = "", digits: int = 6) -> str:
    """The text of a number and its unit, to `digits` significant figures: `write(0.3, "nS")` is "0.3 nS"."""
    number = f"{float(value) + 0.0:.{digits}g}"
    if "e+0" in number and abs(float(number)) < 1e6:  # 1500 pA, whatever the digits, is not 1.5e+03 pA
        number = f"{float(number):.0f}"
    return f"{number} {unit}" if unit else number


def within(low: float, high: float, unit: str = "") -> str:
    """A legal range in words: "between 1 and 500 ms", "at least 0 pA", "any number"."""
    if math.isinf(low) and math.isinf(high):
        return "any number"
    if math.isinf(high):
        return f"at least {write(low, unit)}"
    if math.isinf(low):
        return f"at most {write(high, unit)}"
    return f"between {write(low)} and {write(high, unit)}"


def _outside(value: float, low: float, high: float, unit: str) -> str:
    return f"out of range; it must be {within(low, high, unit)}"


def _example(unit: str) -> str:
    return write(0.3, unit)


def _parse(text: str, unit: str, what: str) -> float:
    place = f"{what}: " if what else ""
    found = _NUMBER.fullmatch(str(text).translate(_MICRO))
    if found is None:
        raise UsageError(
            f"{place}cannot read {text!r} as a quantity; write a number such as {_example(unit)!r}"
        )
    digits, given = found.groups()
    try:
        number = Decimal(digits)
    except InvalidOperation as error:
        raise UsageError(f"{place}cannot read {digits!r} as a number; write {_example(unit)!r}") from error
    if given in ("", unit):
        return float(number)
    if given == "%" and unit == "":
        return float(number.scaleb(-2))
    factor = _factor(given, unit)
    if factor is None:
        wanted = f"in {unit}" if unit else "without a unit"
        raise UsageError(
            f"{place}{given!r} is not a unit this can have; write it {wanted}, such as {_example(unit)!r}"
        )
    return float(number * factor)


def is_number(text: str) -> bool:
    """Whether a text is a bare number, as in the cell of a table."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _scale(unit: str) -> tuple[str, Decimal] | None:
    """The dimension of a simple unit and its size in the base unit, or None for any other text."""
    if unit in _SECONDS:
        return "time", _SECONDS[unit]
    for base in ("Ohm", "Hz", "s", "V", "A", "S", "F", "M", "m"):
        prefix = unit[: len(unit) - len(base)]
        if unit.endswith(base) and prefix in _PREFIXES:
            return _BASES[base], Decimal(1).scaleb(_PREFIXES[prefix])
    return None


def _factor(given: str, wanted: str) -> Decimal | None:
    """What turns a number in `given` into one in `wanted`; None when they measure different things."""
    wanted = wanted.translate(_MICRO)
    if given == wanted:
        return Decimal(1)
    one, other = _scale(given), _scale(wanted)
    if one is None or other is None or one[0] != other[0]:
        return None
    return one[1] / other[1]
