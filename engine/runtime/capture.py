"""A capture: all run state as named arrays, so that saving, loading and continuing gives the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.declare import EXCITABILITY
from engine.errors import RunError
from engine.network.given import wrong
from engine.runtime.circuit import Circuit
from engine.runtime.soundness import fault, layout_fault
from engine.runtime.synapses import RUNS

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
        for name in ("forced", "silenced", "waiting", "tally", *EXCITABILITY):
            found[f"{at}/{name}"] = getattr(cells, name).copy()
        for name, column in cells.recent.items():
            found[f"{at}/{name}"] = column.copy()
        found[f"{at}/recent_end"] = cells.exchange_ii[5:6].copy()
        for name, column in cells.of_glia().items():
            found[f"{at}/{name}"] = column.copy()
    for id, tissue in circuit.tissues.items():
        found[f"modulator/{id}/hand"] = tissue.hand.copy()
        for name, column in tissue.states.items():
            found[f"modulator/{id}/state/{name}"] = column.copy()
    for id, way in circuit.pathways.items():
        at, syn = f"projection/{id}", way.synapses
        found |= {f"{at}/{name}": column for name, column in syn.laid_out().items()}
        for name in RUNS:
            found[f"{at}/segment/{name}"] = syn.segments[name][: syn.used_segments].copy()
        for name, column in syn.traces.items():
            found[f"{at}/trace/{name}"] = column[: syn.used_segments].copy()
        found[f"{at}/pool/weight"] = syn.weight[: syn.used].copy()
        for name, column in syn.columns.items():
            found[f"{at}/column/{name}"] = column[: syn.used].copy()
        for name, column in way.past.items():
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
    """The room for delays of the circuit a state was taken from; raises RunError when it makes no sense."""
    if not isinstance(state, Mapping):
        raise wrong(state, "state", "what `capture` or `load` returned")
    if found := layout_fault(state):
        raise RunError(f"this state cannot be used: {found}")
    room, reach, axon = (int(n) for n in state["clock/layout"])
    return room, reach, axon


def restore(circuit: Circuit, state: State) -> None:
    """Put a capture back into a circuit of the same network; binds the kernels anew.

    Raises:
        RunError: it is not of this network, or damaged; the circuit is as it was.
    """
    if found := fault(circuit, state):
        raise RunError(f"this state does not fit this network: {found}")
    circuit.now = int(state["clock/step"][0])
    circuit.bad[:] = 0
    circuit.record["record"][0] = 0
    for name, ring in circuit.rings.items():
        ring[:] = state[f"ring/{name}"]
    for id, cells in circuit.cells.items():
        at = f"population/{id}"
        for name, column in cells.states.items():
            column[: cells.n] = state[f"{at}/state/{name}"]
        for name in ("forced", "silenced", "waiting", "tally"):
            getattr(cells, name)[:] = state[f"{at}/{name}"]
        for name, start in EXCITABILITY.items():  # older files have none
            getattr(cells, name)[:] = state.get(f"{at}/{name}", start)
        recent = {name: state[f"{at}/{name}"] for name in cells.recent}
        if recent["recent_index"].size == cells.recent["recent_index"].size:
            for name, column in cells.recent.items():
                column[:] = recent[name]
            cells.exchange_ii[5] = state[f"{at}/recent_end"][0]
        else:  # an earlier version gave relays half the room
            findable = range(circuit.now - int(cells.exchange_ii[7]) + 1, circuit.now + 1)
            cells.recall(recent, findable, np.arange(max(cells.n, 1)))
        cells.spike_count[:] = 0
        cells.keep_all()
        for name, column in cells.of_glia().items():
            if f"{at}/{name}" in state:  # a state of an earlier version does not bring it
                column[:] = state[f"{at}/{name}"]
    for id, tissue in circuit.tissues.items():
        tissue.hand[:] = state[f"modulator/{id}/hand"]
        for name, column in tissue.states.items():
            column[:] = state[f"modulator/{id}/state/{name}"]
    for id, way in circuit.pathways.items():
        at, syn = f"projection/{id}", way.synapses
        syn.row_head, syn.row_tail = (state[f"{at}/{n}"].copy() for n in ("row_head", "row_tail"))
        syn.segments = {n: _grown(state[f"{at}/segment/{n}"]) for n in syn.segments}
        syn.traces = {n: _grown(state[f"{at}/trace/{n}"]) for n in syn.traces}
        syn.used_segments = int(state[f"{at}/segment/start"].size)
        for name in _POOL:
            setattr(syn, name, _grown(state[f"{at}/pool/{name}"]))
        syn.columns = {n: _grown(state[f"{at}/column/{n}"]) for n in syn.columns}
        syn.used = int(state[f"{at}/pool/ids"].size)
        syn.doomed = np.zeros(syn.post.size, np.uint8)
        syn.watch = np.zeros(syn.post.size, np.uint8)
        syn.version += 1
        for name, column in way.past.items():
            column[:] = state[f"{at}/history/{name}"]
        for name in ("fresh", "pressure", "credit", "spilled"):
            getattr(way, name)[:] = state[f"{at}/{name}"]
        way.vesicles[:] = 0
        for i, elements in enumerate(circuit.elements[id]):
            for side in (0, 1):
                elements.z[side] = state[f"{at}/elements/{i}/z{side}"].copy()
                elements.calcium[side] = state[f"{at}/elements/{i}/calcium{side}"].copy()
            elements.step = int(state[f"{at}/elements/{i}/step"][0])
            elements.forget_looks()
    circuit.bind()


def _grown(column: NDArray[Any]) -> NDArray[Any]:
    """A copy that owns its memory and is never empty, since an empty array has no address."""
    return column.copy() if column.size else np.zeros(1, column.dtype)
