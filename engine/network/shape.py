"""The shape of what is drawn, seen from the input of a task: how deep things lie, which way synapses run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.network.parts import Task

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


@dataclass
class Shape:
    """How what is drawn looks from the input of a task.

    `depth` by population (0 for the input; the shortest way there), `forward`, `feedback` and `lateral` the
    projections that run deeper, shallower, and within one depth or past one.
    """

    depth: dict[int, int] = field(default_factory=dict)
    forward: list[int] = field(default_factory=list)
    feedback: list[int] = field(default_factory=list)
    lateral: list[int] = field(default_factory=list)


def shape(net: Circuit, task: Task) -> Shape:
    """How deep the populations lie that the input reaches, and which way the projections between them run."""
    found = Shape({task.inputs: 0})
    edge = [task.inputs]
    while edge:
        reached = []
        for projection in net.projections.values():
            if (
                projection.enabled
                and len(projection)
                and projection.pre in edge
                and projection.post not in found.depth
                and projection.pre != task.outputs
            ):
                found.depth[projection.post] = found.depth[projection.pre] + 1
                reached.append(projection.post)
        edge = reached
    for id, projection in net.projections.items():
        if projection.pre not in found.depth or projection.post not in found.depth:
            continue
        if not (projection.enabled and len(projection)):
            continue
        step = found.depth[projection.post] - found.depth[projection.pre]
        kind = found.forward if step == 1 else found.feedback if step < 0 else found.lateral
        kind.append(id)
    return found
