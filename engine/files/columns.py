"""One column of numbers as an `.npy` entry, whose header is read by us and believed only if it fits.

numpy's own reader unpickles on request, trusts shapes of 10**18 and evaluates the header; this one
knows twelve kinds of number, bounds every dimension, and wants the bytes it claims to be there.
(Format: numpy/lib/format.py, NEP 1.)
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from engine.errors import FileError
from engine.files.atomic import Buffer

KINDS = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8")
"""The kinds of number a file may hold."""
LONGEST = 1 << 40
DIMENSIONS = 8
HEADER = re.compile(
    rb"\{'descr': '([<>|=]?[A-Za-z]\d{0,3})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,20}(?:, ?\d{1,20})*,?)?)\),? ?\} *\n?"
)
MAGIC = b"\x93NUMPY"


def to_parts(array: np.ndarray[Any, Any], entry: str) -> list[Buffer]:
    """An array as the parts of an `.npy`: header, then its bytes, not copied when they lie in order.

    Raises:
        FileError: for anything that is not plain numbers (objects, text, records).
    """
    kind = array.dtype.newbyteorder("<").str if array.dtype.byteorder == ">" else array.dtype.str
    if kind not in KINDS:
        raise FileError(f"{entry} holds {array.dtype}, which a network file cannot keep", entry=entry)
    plain = np.ascontiguousarray(array, dtype=kind).reshape(array.shape)
    shape = ", ".join(str(size) for size in array.shape) + ("," if array.ndim == 1 else "")
    words = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}".encode()
    words += b" " * (-(len(MAGIC) + 4 + len(words) + 1) % 64) + b"\n"
    header = MAGIC + b"\1\0" + len(words).to_bytes(2, "little") + words
    return [header, plain.data.cast("B") if plain.nbytes else b""]


def from_bytes(held: np.ndarray[Any, Any], entry: str) -> np.ndarray[Any, Any]:
    """The array in the bytes of an `.npy` (uint8), as a view of them.

    Raises:
        FileError: with the byte, when the header is not one of ours or claims what is not there.
    """
    start = bytes(held[:12])
    if start[:6] != MAGIC or len(start) < 10:
        raise FileError(f"{entry} is not a column of numbers", entry=entry, offset=0)
    width = 2 if start[6:8] == b"\1\0" else 4 if start[6:8] in (b"\2\0", b"\3\0") else 0
    if not width:
        raise FileError(f"{entry} is in a version of .npy that is not known", entry=entry, offset=6)
    length = int.from_bytes(start[8 : 8 + width], "little")
    body = 8 + width + length
    if length > 1024 or body > len(held):
        raise FileError(f"{entry} claims a header of {length} bytes", entry=entry, offset=8)
    found = HEADER.fullmatch(bytes(held[8 + width : body]))
    if found is None:
        raise FileError(f"the header of {entry} cannot be read", entry=entry, offset=8 + width)
    kind = found[1].decode()
    if kind not in KINDS:
        raise FileError(
            f"{entry} holds {kind!r}; a network file holds plain numbers only", entry=entry, offset=8 + width
        )
    shape = tuple(int(size) for size in found[3].replace(b" ", b"").split(b",") if size)
    if len(shape) > DIMENSIONS or any(size > LONGEST for size in shape):
        raise FileError(f"{entry} claims the size {shape}", entry=entry, offset=8 + width)
    claimed = math.prod(shape) * int(kind[2:])
    if claimed != len(held) - body:
        raise FileError(
            f"{entry} claims {claimed} bytes of numbers and has {len(held) - body}",
            entry=entry, offset=body,
        )  # fmt: skip
    flags = held[body:]
    if kind == "|b1" and flags.size and flags.max() > 1:
        raise FileError(f"{entry} has a yes-or-no value that is neither", entry=entry, offset=body)
    numbers = np.frombuffer(held.data, dtype=kind, offset=body) if claimed else np.empty(0, kind)
    return numbers.reshape(shape, order="F" if found[2] == b"True" else "C")
