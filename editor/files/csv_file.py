"""Numbers that were shown, written as CSV: a heading, and a row per point.  Qt-free."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.files.atomic import replace_file


def write(path: str | Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write columns of equal length by heading, whole or not at all; raises FileError."""
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(columns)
    out.writerows(zip(*(np.asarray(c).tolist() for c in columns.values()), strict=True))
    replace_file(path, [text.getvalue().encode()])
