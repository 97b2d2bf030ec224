"""Reads the wiring of *C. elegans* (Varshney et al. 2011) and its neurons; see data/celegans/SOURCES.md.

Populations are class (the first role listed) by transmitter, so each has one sign; where the transmitter is
not known the sign is not either, and glutamate as exciting is a guess: in the worm it also inhibits.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TABLES = Path(__file__).parent / "data" / "celegans"
CLASSES = {"sensory": "Sensory", "interneuron": "Inter", "motor": "Motor"}
ROLL = np.deg2rad(20.0)
"""The body is turned by this much about its long axis: from the side, left hides right."""
MUSCLE = "BWM"


@dataclass(frozen=True)
class Kind:
    """A population: what it is called, its class, its sign and how well that is known."""

    label: str
    group: str
    sign: int
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Wiring:
    """Neurons with a kind and a place each, and how many contacts join which pair."""

    names: list[str]
    kinds: list[Kind]
    positions: np.ndarray
    """(n, 3) um: along the body with the head at the left, down its side, and through it."""
    chemical: list[tuple[int, int, int]]
    """Rows of pre and post, and the number of synapses."""
    electrical: list[tuple[int, int, int]]

    @property
    def wired(self) -> int:
        """How many neurons have recorded wiring."""
        return len(
            {i for a, b, _ in self.chemical + self.electrical for i in (a, b)} - {self.names.index(MUSCLE)}
        )


def read() -> Wiring:
    """The wiring as published, but for three gap junctions of a neuron with itself, which carry nothing."""
    rows, pairs = _table("neurons.csv"), _table("varshney2011_connections.csv")
    named = {end for pair in pairs for end in (pair["pre"], pair["post"])}
    names = [row["name"] for row in rows]
    kinds = [_kind(row) if row["name"] in named else UNWIRED for row in rows]
    places = _places(rows)
    names.append(MUSCLE)
    kinds.append(
        Kind("Body-wall muscle", "Muscle", 0, (("layer", "3"), ("note", "all muscles taken together")))
    )
    places = np.vstack([places, [60.0, places[:, 1].min() - 10.0, 0.0]])
    row_of = {name: i for i, name in enumerate(names)}
    found: dict[str, list[tuple[int, int, int]]] = {"chemical": [], "electrical": []}
    for pair in pairs:
        ends = row_of[pair["pre"]], row_of[pair["post"]]
        if pair["kind"] == "chemical" or ends[0] != ends[1]:
            found[pair["kind"]].append((*ends, int(pair["count"])))
    return Wiring(names, kinds, places, found["chemical"], found["electrical"])


def neurons() -> dict[str, tuple[Kind, np.ndarray]]:
    """Every neuron by name: its kind, whether its wiring was recorded here or not, and its place."""
    rows = _table("neurons.csv")
    return {row["name"]: (_kind(row), place) for row, place in zip(rows, _places(rows), strict=True)}


def _places(rows: list[dict[str, str]]) -> np.ndarray:
    at = np.array([[float(row[c]) for c in ("x_um", "y_um", "z_um")] for row in rows])
    side = -at[:, 2] * np.cos(ROLL) + at[:, 0] * np.sin(ROLL)
    depth = at[:, 2] * np.sin(ROLL) + at[:, 0] * np.cos(ROLL)
    return np.column_stack([at[:, 1], side, depth])


UNWIRED = Kind("No recorded wiring", "Unwired", 0, (("wiring", "unknown"), ("layer", "4")))


def _table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _kind(row: dict[str, str]) -> Kind:
    group = CLASSES.get(row["role"].split("/")[0], "Inter")  # two neurons have no recorded role
    layer = (("layer", str(list(CLASSES.values()).index(group))),)
    first, sign = row["transmitters"].split("/")[0], int(row["sign_guess"])
    if sign < 0:
        return Kind(f"{group}, GABA", group, -1, layer)
    if sign == 0:
        told = (("sign", "unknown"), ("note", "treated as exciting; there is a switch"))
        return Kind(f"{group}, sign unknown", group, +1, layer + told)
    if first == "Glutamate":
        told = (("sign", "guess"), ("note", "exciting is a guess: worm glutamate also inhibits"))
        return Kind(f"{group}, glutamate", group, +1, layer + told)
    return Kind(f"{group}, ACh", group, +1, layer)
