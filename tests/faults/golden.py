"""The files of every format there ever was, and the program that made the last of them.

`python -m tests.faults.golden` writes the golden file of the present format when there is none yet, and what
is in it as JSON beside it.  Neither is ever written again: what was once saved must open for ever.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from engine.files.layout import VERSION
from engine.files.load import Loaded, load_all
from engine.files.save import save
from engine.network.network import Network
from tests.faults.circuit import Pretended, rich

FOLDER = Path(__file__).parent / "golden"


def everything() -> Network:
    """A network that uses every kind of record and column a file can have."""
    net = rich()
    exc = net.population("Pyramidal")
    glia = net.add_astrocytes("Glia", size=2, positions=[[0.0, 0.0, 5.0], [40.0, 0.0, 5.0]])
    tripartite = net.add_projection(
        "Wrapped", exc, exc, "tsodyks_markram", params={"u": 0.4}, astrocytes=glia, dendritic=0.0, w_max=90.0
    )
    net.add_synapses(tripartite, exc.ids[:2], exc.ids[2:4], weight=[12.5, 30.0], delay=2.0)
    projection = net.projections[tripartite.id]
    projection.synapses.put("memory", projection.synapses.id[:1], 0.25)  # the other has no value: NaN
    net.add_input("step_current", exc.ids[:2], times=[0.0, 5.0], amplitudes=[100.0, 250.0], enabled=False)
    net.unknown["entries"] = {"plans.json": {"next": "2031"}}
    return net


def described(loaded: Loaded) -> dict[str, Any]:
    """What is in a file, as values that can be written down."""
    description, tables = loaded.network.canonical()
    state = loaded.state or {}
    return {
        "description": description,
        "tables": {name: _digest(column) for name, column in sorted(tables.items())},
        "state": {name: _digest(column) for name, column in sorted(state.items())},
        "layout": loaded.layout,
        "preview": (loaded.preview or b"").decode("latin-1"),
        "kept": loaded.network.unknown.get("entries"),
    }


def _digest(column: np.ndarray[Any, Any]) -> str:
    plain = np.ascontiguousarray(column)
    return f"{plain.dtype.str} {plain.shape} {hashlib.sha256(plain.tobytes()).hexdigest()[:24]}"


def main() -> None:
    """Write the golden file of the present format, once."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"format_{VERSION}.neuropil"
    if path.exists():
        raise SystemExit(f"{path} exists; it stays as it is")
    simulation = Pretended(everything())
    simulation.run(1.0)
    save(simulation, path, layout={"camera": [1.0, -2.5, 0.75], "folded": []}, preview=b"\x89PNG, pretended")
    words = json.dumps(described(load_all(path)), indent=1, sort_keys=True, ensure_ascii=False)
    path.with_suffix(".json").write_text(words + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
