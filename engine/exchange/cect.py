"""One brain at eight ages: the developmental series of Witvliet et al. (2021), from a wheel the user fetched.

Witvliet et al. (2021) Nature 596:257-261, doi:10.1038/s41586-021-03778-8 (CC BY-NC-ND: not bundled).
The PyPI package `cect` carries its tables; `pip download --no-deps cect` fetches it.  It is opened as a zip
and read as JSON: nothing of it is imported or run.
"""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import FileError

Pair = tuple[str, str]
TABLES = re.compile(r"cect/cache/WitvlietDataReader(\d)\.json")
STAGES = re.compile(r"cect/data/witvliet_2020_(\d) ([\w ]+)\.xlsx")
LARGEST = 32_000_000
"""Bytes of one table that we are ready to read; they have about one million."""
FETCH = "fetch it with: pip download --no-deps cect"


@dataclass(frozen=True)
class Age:
    """The wiring of one animal: which cell reaches which, with how many synapses."""

    number: int
    stage: str
    """"L1", "L2", "L3" or "adult"."""
    cells: tuple[str, ...]
    chemical: dict[Pair, int]
    electrical: dict[Pair, int]

    @property
    def label(self) -> str:
        """What a timeline says: "3, L1"."""
        return f"{self.number}, {self.stage}" if self.stage else str(self.number)


@dataclass(frozen=True)
class Turnover:
    """What happened to the joined pairs from one age to the next."""

    kept: int
    lost: int
    gained: int
    stronger: int
    """Of the kept ones, those with more synapses than before; `weaker`: with fewer."""
    weaker: int


def read_ages(wheel: str | Path) -> list[Age]:
    """Every age in a `cect` wheel, youngest first; raises `FileError` naming the entry."""
    path = Path(wheel)
    try:
        with zipfile.ZipFile(path) as bundle:
            names = bundle.namelist()
            stages = {m[1]: m[2].strip() for name in names if (m := STAGES.fullmatch(name))}
            tables = sorted((m[1], name) for name in names if (m := TABLES.fullmatch(name)))
            ages = [_read(bundle, name, int(n), stages.get(n, "")) for n, name in tables]
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}; {FETCH}", path.name) from None
    except zipfile.BadZipFile:
        raise FileError(f"{path.name} is not a wheel (a zip file); {FETCH}", path.name) from None
    if not ages:
        raise FileError(f"{path.name} has no tables of Witvliet 2021; {FETCH}", path.name)
    return ages


def turnover(before: Age, after: Age) -> Turnover:
    """Count pairs kept, lost and gained by chemical synapses, and how the kept ones changed."""
    a, b = before.chemical, after.chemical
    kept = a.keys() & b.keys()
    return Turnover(
        kept=len(kept),
        lost=len(a.keys() - b.keys()),
        gained=len(b.keys() - a.keys()),
        stronger=sum(b[pair] > a[pair] for pair in kept),
        weaker=sum(b[pair] < a[pair] for pair in kept),
    )


def _read(bundle: zipfile.ZipFile, name: str, number: int, stage: str) -> Age:
    if bundle.getinfo(name).file_size > LARGEST:
        raise FileError(f"{name} is larger than {LARGEST} bytes and is not read", entry=name)
    try:
        table = json.loads(bundle.read(name))
        cells = tuple(str(cell) for cell in table["nodes"])
        chemical = _pairs(cells, table["connections"].get("Generic_CS", []))
        electrical = _pairs(cells, table["connections"].get("Generic_GJ", []))
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise FileError(f"{name} is damaged: {error}", entry=name) from None
    joined = {tuple(sorted(pair)): count for pair, count in electrical.items()}  # listed from both ends
    return Age(number, stage, cells, chemical, {(a, b): n for (a, b), n in joined.items()})


def _pairs(cells: tuple[str, ...], matrix: list[Any]) -> dict[Pair, int]:
    """The entries of a square table that are not nought."""
    if matrix and any(len(row) != len(cells) for row in [*matrix, matrix]):
        raise ValueError(f"the table is not {len(cells)} by {len(cells)}")
    return {
        (cells[i], cells[j]): int(count)
        for i, row in enumerate(matrix)
        for j, count in enumerate(row)
        if count
    }
