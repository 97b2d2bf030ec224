"""Where everything lies in a `.neuropil`: the names of its entries, and what `about.json` says.

mimetype  about.json  network.json  tables/<table>/<column>.npy
layout.json (where the window looked)  run/<quantity>.npy (when saved mid-run)  preview.png
"""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any

from engine.errors import FileError
from engine.files.container import ABOUT

FORMAT = "neuropil"
VERSION = 1
"""The format this program writes; it reads this one and every earlier one."""
NETWORK = "network.json"
LAYOUT = "layout.json"
PREVIEW = "preview.png"
TABLES = "tables/"
RUN = "run/"
COLUMN = ".npy"
UNITS = {
    "time": "ms",
    "voltage": "mV",
    "current": "pA",
    "conductance": "nS",
    "capacitance": "pF",
    "rate": "Hz",
    "concentration": "uM",
    "length": "um",
}


@cache
def application() -> str:
    """The version of this program."""
    try:
        return metadata.version("neuropil")
    except metadata.PackageNotFoundError:
        return "0"


def about() -> dict[str, Any]:
    """What a new file says of itself, before the checksums."""
    return {"format": FORMAT, "version": VERSION, "application": application(), "units": UNITS}


def check_about(said: dict[str, Any]) -> None:
    """Refuse a file of another kind, of a later format, or in other units, before reading the rest.

    Raises:
        FileError: saying what wrote the file and what would read it.
    """
    version = said.get("version")
    if said.get("format") != FORMAT or type(version) is not int or version < 1:
        raise FileError("about.json does not say that this is a network", entry=ABOUT)
    if version > VERSION:
        raise FileError(
            f"this file was written by Neuropil {str(said.get('application', '?'))[:40]} "
            f"in format {version}; this is Neuropil {application()}, "
            f"which reads formats up to {VERSION}: please update",
            entry=ABOUT,
        )
    units = said.get("units")
    other = units if isinstance(units, dict) else {}
    for name, unit in UNITS.items():
        if other.get(name, unit) != unit:
            raise FileError(f"this file has {name} in {other[name]!r}; it must be {unit!r}", entry=ABOUT)


def table_entry(name: str) -> str:
    """The entry of a column of the network, such as "population-3/positions"."""
    return f"{TABLES}{name}{COLUMN}"


def run_entry(name: str) -> str:
    """The entry of a quantity of a run, such as "population/3/v"."""
    return f"{RUN}{name}{COLUMN}"
