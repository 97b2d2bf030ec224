"""Draws populations one after the other, all to all: the usual thing to learn with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from engine.network.network import Network
    from engine.network.views import PopulationView


def draw_layers(
    net: Network,
    sizes: Sequence[int],
    *,
    model: str,
    weight: Any = None,
    feedback: Any = None,
    output: str = "logistic",
    names: Sequence[str] = (),
) -> list[PopulationView]:
    """Draw populations of these sizes side by side, each joined all to all to the next.

    Args:
        net: where to.
        sizes: how many neurons each has, input first.
        model: a neuron model with a `curve`.
        weight: of the synapses, as `wire` takes it; normal with the variance 1 / fan-in where it is None.
        feedback: None, "mirror" (back with the same weights), or weights as `wire` takes them.
        output: the curve of the last population.
        names: what the populations are called.
    """
    called = list(names) or [f"Layer {k}" for k in range(len(sizes))]
    found = []
    for k, (size, name) in enumerate(zip(sizes, called, strict=True)):
        wide = int(np.ceil(np.sqrt(size))) if size > 12 else 1
        rows = np.arange(size)
        tall = -(-size // wide)
        at = np.column_stack([
            300.0 * k + 22.0 * (rows % wide), 22.0 * (rows // wide - (tall - 1) / 2), np.zeros(size)
        ])  # fmt: skip
        params = {"curve": output} if k == len(sizes) - 1 else {}
        found.append(net.add_population(name, model, size=size, sign=0, params=params, positions=at))
    for pre, post in pairwise(found):
        way = net.add_projection(f"{pre.label} to {post.label}", pre, post)
        net.wire(way, "all_to_all", weight=("normal", 0.0, len(pre) ** -0.5) if weight is None else weight)
        if feedback is not None and pre is not found[0]:
            label = f"{post.label} to {pre.label}"
            net.add_feedback(way, weight=None if feedback == "mirror" else feedback, label=label)
    return found
