"""Painting over the circuit: stimulate, silence, lesion, strengthen, prune, connect neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.overlay.items import Brush as Tip
from editor.canvas.pointer import Pointer
from editor.drawing import placing
from editor.gestures.firing import fire
from editor.gestures.learned import weights_now
from editor.gestures.taken import Taken
from engine.network.edits import Edit, RemoveNeurons, RemoveSynapses, SetParams, SetSynapses, together

RADIUS = 34.0
"""px; `[` and `]` change it."""
STRENGTHENED = 1.25
"""What a dab does to a weight; with Alt it becomes so much weaker."""
NEAR = 90.0
"""um within which the brush connects neighbours."""
Ids = NDArray[np.int64]


class Stroke(Taken):
    """One stroke: each thing it touches is touched once; all of it is one step of the history."""

    def __init__(self, bench: Any, canvas: Any, start: Pointer, kind: str, radius: float) -> None:
        super().__init__(bench, canvas, start)
        self.kind = kind
        self.radius = radius
        self.touched: set[int] = set()
        self.neurons: list[Ids] = []
        self._gesture = bench.document.gesture(f"paint: {kind}")
        self._gesture.__enter__()
        self._dab(start)

    def move(self, pointer: Pointer) -> None:
        """Paint on."""
        self._dab(pointer)

    def end(self, pointer: Pointer) -> None:
        """Lift the brush."""
        if self.kind == "wire":
            self._wire()
        self._gesture.__exit__(None, None, None)
        self.canvas.items.clear()
        self.canvas.touch()
        self.is_over = True

    def cancel(self) -> None:
        """Lift the brush; what it has done can be undone."""
        self._gesture.__exit__(None, None, None)
        super().cancel()

    def _under(self, pointer: Pointer) -> dict[str, Any]:
        angle = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
        ring = np.column_stack(
            [pointer.x + self.radius * np.cos(angle), pointer.y + self.radius * np.sin(angle)]
        )
        return self.canvas.within(ring, is_lasso=True)  # type: ignore[no-any-return]

    def _dab(self, pointer: Pointer) -> None:
        self.canvas.items.brush = Tip(pointer.at, self.radius, self.kind)
        found = self._under(pointer)
        wanted = "synapse" if self.kind in ("strengthen", "prune") else "neuron"
        fresh = np.array([id for id in found[wanted].tolist() if id not in self.touched], np.int64)
        self.touched.update(fresh.tolist())
        if fresh.size:
            self._act(fresh)
        self.canvas.touch()

    def _act(self, ids: Ids) -> None:
        document = self.bench.document
        if self.kind == "stimulate":
            fire(self.bench, ids)
        elif self.kind == "silence":
            self.bench.do(SetParams(ids, {"enabled": bool(self.start.alt)}))
        elif self.kind == "wire":
            self.neurons.append(ids)
        elif self.kind == "lesion":
            self.bench.do(RemoveNeurons(ids))
        elif self.kind == "prune":
            self.bench.do(RemoveSynapses(ids))
        elif edit := strengthened(document, ids, 1.0 / STRENGTHENED if self.start.alt else STRENGTHENED):
            self.bench.do(edit)

    def _wire(self) -> None:
        """Wire what was touched to what lies near it."""
        chosen = np.unique(np.concatenate([np.zeros(0, np.int64), *self.neurons]))
        net = self.bench.network
        at = net.positions_of(chosen)[:, :2]
        for i, pre in enumerate(chosen.tolist()):
            near = np.hypot(*(at - at[i]).T) < NEAR
            near[i] = False
            if near.any():
                self.bench.do(
                    placing.wire(net, np.array([pre], np.int64), chosen[near], self.bench.coming.synapse)
                )


def strengthened(document: Any, ids: Ids, factor: float = STRENGTHENED) -> Edit | None:
    """The edit that scales the weights synapses have now, as far as their bounds allow."""
    edits: list[Edit] = []
    net = document.network
    owners = net.projection_of(ids)
    for owner in np.unique(owners[owners != 0]).tolist():
        record = net.projections[owner]
        mine = np.unique(ids[owners == owner])
        weights = weights_now(document, owner, mine)
        size = np.abs(weights)
        most = record.w_max if record.rules else np.inf
        scaled = np.clip(size * factor, min(record.w_min, most), most)
        scaled = np.maximum(scaled, size) if factor > 1.0 else np.minimum(scaled, size)
        edits.append(SetSynapses(mine, "weight", np.sign(weights) * scaled))
    return together(edits, "strengthen" if factor > 1.0 else "weaken") if edits else None
