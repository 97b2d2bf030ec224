"""JSON read strictly and written so that equal contents give equal bytes.

Refused, with the byte: numbers that are not finite, a name given twice, text that is not UTF-8, and
anything nested or numerous enough to exhaust the reader, which is counted before it is read.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

import msgspec
import numpy as np

from engine.errors import FileError
from engine.files.archive import LIMITS, Limits

TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # half of a pair that stands for one character


def to_bytes(value: Any, entry: str = "") -> bytes:
    """The canonical text of a value: sorted names, one item a line, finite numbers only.

    Raises:
        FileError: for what JSON cannot say (an infinite number, a thing that is not data).
    """
    try:
        text = json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
        return (text + "\n").encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise FileError(f"{entry or 'this'} cannot be written as JSON: {error}", entry=entry) from error


def from_bytes(raw: bytes, entry: str = "", limits: Limits = LIMITS) -> Any:
    """The value in a JSON text.

    Raises:
        FileError: with the byte within the entry where that is known.
    """
    if len(raw) > limits.json:
        raise FileError(f"{entry} has {len(raw)} bytes; at most {limits.json} are read", entry=entry)
    _count(raw, entry, limits)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise FileError(f"{entry} is not text", entry=entry, offset=error.start) from error

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise FileError(f"{entry} gives {twice[:80]!r} twice in one place", entry=entry)
        return found

    def finite(digits: str) -> float:
        number = float(digits)
        if not math.isfinite(number):
            raise FileError(f"{entry} holds a number out of range, {digits[:40]}", entry=entry)
        return number

    def whole(digits: str) -> int:
        if len(digits) > 20:
            raise FileError(f"{entry} holds a number out of range, {digits[:40]}", entry=entry)
        return int(digits)

    def refuse(word: str) -> NoReturn:
        raise FileError(f"{entry} holds {word}, which is not a number", entry=entry)

    try:
        value = json.loads(
            text, object_pairs_hook=once, parse_float=finite, parse_int=whole, parse_constant=refuse
        )
        if HALF.search(raw):
            _whole_characters(raw, entry)
    except FileError:
        raise
    except json.JSONDecodeError as error:
        place = len(text[: error.pos].encode())
        raise FileError(f"{entry} is not JSON: {error.msg}", entry=entry, offset=place) from error
    except (RecursionError, ValueError) as error:
        raise FileError(f"{entry} is not JSON: {error}", entry=entry) from error
    return value


def _whole_characters(raw: bytes, entry: str) -> None:
    """Refuse half a character, which could not be written again; msgspec's reader notices."""
    try:
        msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise FileError(f"{entry} holds half a character", entry=entry) from error


def _count(raw: bytes, entry: str, limits: Limits) -> None:
    """Refuse what is too deep or too much, by counting brackets and commas outside text."""
    bare = np.frombuffer(TEXT.sub(b'""', raw), np.uint8)
    opens = (bare == ord("[")) | (bare == ord("{"))
    closes = (bare == ord("]")) | (bare == ord("}"))
    many = int(opens.sum()) + int((bare == ord(",")).sum())
    if many > limits.values:
        raise FileError(f"{entry} holds {many} values; at most {limits.values} are read", entry=entry)
    deep, step = 0, 1 << 16
    for start in range(0, len(bare), step):
        part = slice(start, start + step)
        depth = deep + np.cumsum(opens[part].astype(np.int32) - closes[part])
        if int(depth.max()) > limits.depth:
            raise FileError(f"{entry} is nested more than {limits.depth} deep", entry=entry, offset=start)
        deep = int(depth[-1])
