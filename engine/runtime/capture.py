"""A capture: all run state as named arrays, so that saving, loading and continuing gives the same bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import RunError
from engine.runtime.circuit import Circuit

State = dict[str, NDArray[Any]]
_POOL = ("post", "ids", "weight")


def capture(circuit: Circuit) -> State:
    """Copies of every array that the future depends on; lazy state as it stands, with its history."""
    found: State = {"clock/step": np.array([circuit.now], np.int64)}
    found["clock/layout"] = np.array(circuit.layout, np.int64)
    for name, ring in circuit.rings.items():
        found[f"ring/{name}"] = ring.copy()
    for id, cells in circuit.cells.items():
        at = f"population/{id}"
        found[f"{at}/ids"] = np.array(cells.neuron_ids)
        for name, column in cells.states.items():
            found[f"{at}/state/{name}"] = column[: cells.n].copy()
        for name in ("forced", "silenced", "waiting", "tally"):
            found[f"{at}/{name}"] = getattr(cells, name).copy()
        for name, column in cells.recent.items():
            found[f"{at}/{name}"] = column.copy()
        found[f"{at}/recent_end"] = cells.exchange_ii[5:6].copy()
    for id, way in circuit.pathways.items():
        at, syn = f"projection/{id}", way.synapses
        found[f"{at}/row_head"], found[f"{at}/row_tail"] = syn.row_head.copy(), syn.row_tail.copy()
        for name, column in syn.segments.items():
            found[f"{at}/segment/{name}"] = column[: syn.used_segments].copy()
        for name, column in syn.traces.items():
            found[f"{at}/trace/{name}"] = column[: syn.used_segments].copy()
        for name in _POOL:
            found[f"{at}/pool/{name}"] = getattr(syn, name)[: syn.used].copy()
        for name, column in syn.columns.items():
            found[f"{at}/column/{name}"] = column[: syn.used].copy()
        for name, column in (*way.history.items(), *way.release.items()):
            found[f"{at}/history/{name}"] = column.copy()
        found[f"{at}/fresh"], found[f"{at}/pressure"] = way.fresh.copy(), way.pressure.copy()
        found[f"{at}/credit"], found[f"{at}/spilled"] = way.credit.copy(), way.spilled.copy()
        for i, elements in enumerate(circuit.elements[id]):
            for side in (0, 1):
                found[f"{at}/elements/{i}/z{side}"] = elements.z[side].copy()
                found[f"{at}/elements/{i}/calcium{side}"] = elements.calcium[side].copy()
            found[f"{at}/elements/{i}/step"] = np.array([elements.step], np.int64)
    return found


def layout_of(state: State) -> tuple[int, int, int]:
    """The room for delays of the circuit a state was taken from."""
    room, reach, axon = (int(n) for n in _get(state, "clock/layout"))
    return room, reach, axon


def restore(circuit: Circuit, state: State) -> None:
    """Put a capture back into a circuit of the same network; binds the kernels anew."""
    circuit.now = int(_get(state, "clock/step")[0])
    circuit.bad[:] = 0
    circuit.record["record"][0] = 0
    for name, ring in circuit.rings.items():
        _into(ring, state, f"ring/{name}")
    for id, cells in circuit.cells.items():
        at = f"population/{id}"
        if not np.array_equal(_get(state, f"{at}/ids"), cells.neuron_ids):
            raise RunError(
                f"this state belongs to another network: population {cells.label!r} has other neurons"
            )
        for name, column in cells.states.items():
            column[: cells.n] = _get(state, f"{at}/state/{name}")
        for name in ("forced", "silenced", "waiting", "tally"):
            _into(getattr(cells, name), state, f"{at}/{name}")
        for name, column in cells.recent.items():
            _into(column, state, f"{at}/{name}")
        cells.exchange_ii[5] = _get(state, f"{at}/recent_end")[0]
        cells.spike_count[:] = 0
    for id, way in circuit.pathways.items():
        at, syn = f"projection/{id}", way.synapses
        syn.row_head, syn.row_tail = (_get(state, f"{at}/{n}").copy() for n in ("row_head", "row_tail"))
        syn.segments = {n: _grown(_get(state, f"{at}/segment/{n}")) for n in syn.segments}
        syn.traces = {n: _grown(_get(state, f"{at}/trace/{n}")) for n in syn.traces}
        syn.used_segments = int(_get(state, f"{at}/segment/start").size)
        for name in _POOL:
            setattr(syn, name, _grown(_get(state, f"{at}/pool/{name}")))
        syn.columns = {n: _grown(_get(state, f"{at}/column/{n}")) for n in syn.columns}
        syn.used = int(_get(state, f"{at}/pool/ids").size)
        syn.doomed = np.zeros(syn.post.size, np.uint8)
        syn.watch = np.zeros(syn.post.size, np.int32)
        syn.version += 1
        for name, column in (*way.history.items(), *way.release.items()):
            _into(column, state, f"{at}/history/{name}")
        for name in ("fresh", "pressure", "credit", "spilled"):
            _into(getattr(way, name), state, f"{at}/{name}")
        for i, elements in enumerate(circuit.elements[id]):
            for side in (0, 1):
                elements.z[side] = _get(state, f"{at}/elements/{i}/z{side}").copy()
                elements.calcium[side] = _get(state, f"{at}/elements/{i}/calcium{side}").copy()
            elements.step = int(_get(state, f"{at}/elements/{i}/step")[0])
    circuit.bind()


def _get(state: State, name: str) -> NDArray[Any]:
    if name not in state:
        raise RunError(f"this state belongs to another network: it has no {name!r}")
    return state[name]


def _into(array: NDArray[Any], state: State, name: str) -> None:
    found = _get(state, name)
    if found.shape != array.shape:
        raise RunError(f"this state belongs to another network: {name!r} is {found.shape}, not {array.shape}")
    array[:] = found


def _grown(column: NDArray[Any]) -> NDArray[Any]:
    """A copy that owns its memory and is never empty, since an empty array has no address."""
    return column.copy() if column.size else np.zeros(1, column.dtype)
