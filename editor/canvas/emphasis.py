"""What is under the pointer and in the selection: drawn in full while the rest is dimmed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from editor.canvas.columns import MISSING
from editor.canvas.scene import Scene

NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Emphasis:
    """Ids that stand out, and by how much the rest steps back (0 not at all, 1 fully)."""

    neurons: NDArray[np.int64] = field(default_factory=lambda: NOTHING)
    synapses: NDArray[np.int64] = field(default_factory=lambda: NOTHING)
    hovered_neuron: int = 0
    hovered_synapse: int = 0
    dim: float = 0.0

    @property
    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return bool(len(self.neurons) or len(self.synapses))

    def synapse_rows(self, scene: Scene, most: int = 4000) -> NDArray[np.int32]:
        """Rows of the synapses to draw on top: selected, hovered, and those of selected neurons."""
        rows = scene.synapses.rows(np.append(self.synapses, self.hovered_synapse))
        mine = scene.neurons.rows(np.append(self.neurons, self.hovered_neuron))
        mine = mine[mine != MISSING]
        if len(mine):
            rows = np.concatenate([rows, scene.synapses_of(mine)])
        rows = np.unique(rows[rows != MISSING])
        if len(rows) > most:
            strongest = np.argsort(-scene.synapses["weight01"][rows], kind="stable")[:most]
            rows = np.sort(rows[strongest])
        return rows[np.argsort(scene.synapses["weight01"][rows], kind="stable")].astype(np.int32)

    def bright_neurons(self, scene: Scene) -> NDArray[np.bool_]:
        """Which neurons (rows) keep their colour while the rest is dimmed."""
        bright = np.zeros(len(scene.neurons), bool)
        mine = scene.neurons.rows(np.append(self.neurons, self.hovered_neuron))
        bright[mine[mine != MISSING]] = True
        rows = self.synapse_rows(scene)
        bright[scene.synapses["pre"][rows]] = True
        bright[scene.synapses["post"][rows]] = True
        return bright
