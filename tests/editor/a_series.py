"""A developmental series of three ages, as the wheel it comes in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path


def three_ages(folder: Path) -> Path:
    """Three cells that are wired a little differently at each age."""
    path = folder / "cect-0.whl"
    with zipfile.ZipFile(path, "w") as bundle:
        for n, count in enumerate([1, 2, 0], 1):
            matrix = [[0, count, 1], [0, 0, 0], [0, 0, 0]]
            table = {"nodes": ["AVAL", "AVBL", "DD1"], "connections": {"Generic_CS": matrix}}
            bundle.writestr(f"cect/cache/WitvlietDataReader{n}.json", json.dumps(table))
    return path
