"""Whether a state may be put into a circuit: a file can hold anything, and kernels check nothing.

Everything a kernel uses as an index or follows as a chain is held within its bounds before it is let in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.declare import EXCITABILITY

if TYPE_CHECKING:
    from engine.runtime.cells import Cells
    from engine.runtime.circuit import Circuit
    from engine.runtime.pathway import Pathway

State = dict[str, NDArray[Any]]
LAST_STEP = 1 << 61
MOST_ROOM = 1 << 22


class _Finding(Exception):
    """What is wrong, found while looking."""


def layout_fault(state: State) -> str:
    """What is wrong with the clock of a state, which decides how a circuit is laid out; "" for nothing."""
    try:
        step = _array(state, "clock/step", np.dtype(np.int64), 1)
        layout = _array(state, "clock/layout", np.dtype(np.int64), 3)
        _array(state, "clock/engine_ids", np.dtype(np.int64), 1)
    except _Finding as finding:
        return str(finding)
    if not 0 <= int(step[0]) < LAST_STEP:
        return f"clock/step is {int(step[0])}"
    if (layout < 0).any() or (layout > MOST_ROOM).any() or layout[0] < 1:
        return f"clock/layout is {layout.tolist()}"
    ring = state.get("ring/ring_ex")
    kept = max((column.size for name, column in state.items() if name.endswith("/recent_step")), default=0)
    if ring is None or layout[1] > ring.size or layout[2] > max(int(layout[1]), kept):
        return f"clock/layout {layout.tolist()} asks for more room than the state brings"
    return ""


def fault(circuit: Circuit, state: State) -> str:
    """Why this state cannot be put into this circuit; "" when it can."""
    try:
        if found := layout_fault(state):
            return found
        for name, ring in circuit.rings.items():
            _array(state, f"ring/{name}", ring.dtype, ring.size)
        for id, cells in circuit.cells.items():
            _cells(f"population/{id}", cells, state)
        for id, tissue in circuit.tissues.items():
            at = f"modulator/{id}"
            _between(_array(state, f"{at}/hand", np.dtype(np.int64), 1), 0, MOST_ROOM, f"{at}/hand")
            for name in tissue.states:
                _array(state, f"{at}/state/{name}", np.dtype(np.float64), 1)
        for id, way in circuit.pathways.items():
            _pathway(f"projection/{id}", way, state, int(state["clock/step"][0]))
            for i, elements in enumerate(circuit.elements[id]):
                for side in (0, 1):
                    for name in ("z", "calcium"):
                        at = f"projection/{id}/elements/{i}/{name}{side}"
                        _array(state, at, np.dtype(np.float64), elements.z[side].size)
                at = f"projection/{id}/elements/{i}/step"
                _between(_array(state, at, np.dtype(np.int64), 1), 0, LAST_STEP, at)
        for name in ("slow/spike_step", "slow/spike_row"):
            _array(state, name, np.dtype(np.int64), None)
        if state["slow/spike_step"].size != state["slow/spike_row"].size:
            return "slow/spike_step and slow/spike_row differ in length"
        _between(state["slow/spike_row"], 0, circuit.width, "slow/spike_row")
    except _Finding as finding:
        return str(finding)
    return ""


def _array(state: State, name: str, kind: np.dtype[Any], size: int | None) -> NDArray[Any]:
    if name not in state:
        raise _Finding(f"it has no {name!r}")
    found = state[name]
    if found.dtype != kind or found.ndim != 1 or (size is not None and found.size != size):
        wanted = "" if size is None else f" of {size}"
        raise _Finding(f"{name!r} is {found.dtype} {found.shape}, not {kind}{wanted}")
    return found


def _between(values: NDArray[Any], low: int, high: int, name: str) -> None:
    """Every value at least `low` and below `high`."""
    if values.size and (int(values.min()) < low or int(values.max()) >= high):
        raise _Finding(
            f"{name!r} reaches from {int(values.min())} to {int(values.max())}, outside {low} to {high - 1}"
        )


def _cells(at: str, cells: Cells, state: State) -> None:
    ids = _array(state, f"{at}/ids", np.dtype(np.int64), cells.n)
    if not np.array_equal(ids, cells.neuron_ids):
        raise _Finding(f"population {cells.label!r} has other neurons")
    for name, column in cells.states.items():
        _array(state, f"{at}/state/{name}", column.dtype, cells.n)
    for name in ("forced", "silenced", "waiting", "tally"):
        column = getattr(cells, name)
        _array(state, f"{at}/{name}", column.dtype, column.size)
    for name in EXCITABILITY:
        if f"{at}/{name}" in state:
            _array(state, f"{at}/{name}", np.dtype(np.float64), max(cells.n, 1))
    room = cells.recent["recent_index"].size
    if cells.is_relay and np.size(state.get(f"{at}/recent_index", ())) == room // 2:
        room //= 2  # as earlier versions saved them
    for name, column in cells.recent.items():
        _array(state, f"{at}/{name}", column.dtype, room if name == "recent_index" else column.size)
    for name, column in cells.of_glia().items():
        if f"{at}/{name}" in state:
            _array(state, f"{at}/{name}", column.dtype, column.size)
    _between(state[f"{at}/recent_index"], 0, max(cells.n, 1), f"{at}/recent_index")
    for name in ("recent_start", "recent_count"):
        _between(state[f"{at}/{name}"], 0, room + 1, f"{at}/{name}")
    _between(_array(state, f"{at}/recent_end", np.dtype(np.int64), 1), 0, room, f"{at}/recent_end")


def _pathway(at: str, way: Pathway, state: State, now: int) -> None:
    syn = way.synapses
    rows = syn.row_head.size
    pool = _array(state, f"{at}/pool/ids", np.dtype(np.int64), None).size
    for name in ("post", "weight"):
        _array(state, f"{at}/pool/{name}", getattr(syn, name).dtype, pool)
    for name, column in syn.columns.items():
        _array(state, f"{at}/column/{name}", column.dtype, pool)
    _between(state[f"{at}/pool/post"], 0, max(way.post.n, 1), f"{at}/pool/post")
    segments = _array(state, f"{at}/segment/start", np.dtype(np.int64), None).size
    for name, column in syn.segments.items():
        _array(state, f"{at}/segment/{name}", column.dtype, segments)
    for name, column in syn.traces.items():
        _array(state, f"{at}/trace/{name}", column.dtype, segments)
    get = {name: state[f"{at}/segment/{name}"].astype(np.int64) for name in syn.segments}
    _between(get["start"], 0, pool + 1, f"{at}/segment/start")
    _between(get["count"], 0, pool + 1, f"{at}/segment/count")
    _between(get["room"], 0, pool + 1, f"{at}/segment/room")
    if (get["count"] > get["room"]).any() or (get["start"] + get["room"] > pool).any():
        raise _Finding(f"{at}/segment reaches beyond its pool")
    _between(get["row"], 0, rows, f"{at}/segment/row")
    _between(get["axon"], 0, MOST_ROOM, f"{at}/segment/axon")
    _between(get["dendrite"], 0, way.reach + 1, f"{at}/segment/dendrite")
    _between(get["last"], -(1 << 60), now + 1, f"{at}/segment/last")
    _between(get["seen"], 0, now + 1, f"{at}/segment/seen")
    _chains(at, state, get["next"], rows, segments)
    for name, column in way.past.items():
        _array(state, f"{at}/history/{name}", column.dtype, column.size)
    for name in ("hist_count", "mod_count", "heard_count"):
        if f"{at}/history/{name}" in state:
            _between(state[f"{at}/history/{name}"], 0, LAST_STEP, f"{at}/history/{name}")
    if way.hearing is not None:
        _between(state[f"{at}/history/mod_chan"], 0, way.hearing.channels + 1, f"{at}/history/mod_chan")
    for name in ("fresh", "pressure", "credit", "spilled"):
        column = getattr(way, name)
        _array(state, f"{at}/{name}", column.dtype, column.size)


def _chains(at: str, state: State, following: NDArray[np.int64], rows: int, segments: int) -> None:
    """No segment follows two others and none a head, so a chain that begins at a head ends."""
    heads = _array(state, f"{at}/row_head", np.dtype(np.int32), rows)
    tails = _array(state, f"{at}/row_tail", np.dtype(np.int32), rows)
    for name, column in (("row_head", heads), ("row_tail", tails)):
        _between(column, -1, max(segments, 1), f"{at}/{name}")
    _between(following, -1, max(segments, 1), f"{at}/segment/next")
    targets = np.concatenate([following[following >= 0], heads[heads >= 0].astype(np.int64)])
    if np.unique(targets).size != targets.size:
        raise _Finding(f"{at}: the chains of segments run into each other")
