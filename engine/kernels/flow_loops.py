"""Loops around what flows between two partners all the time: gap junctions, IP3, slow currents.

A flow is worked out from the states at the end of a step and acts on the steps that follow, until the next
time the presynaptic side has moved.
"""

from __future__ import annotations

from engine.declare import Transmission
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import resolver, statements


def sides(model: type[Transmission]) -> tuple[list[str], list[str]]:
    """What a flow reads of the pre and of the post side."""
    return sorted(model.read_of("pre")), sorted(model.read_of("post"))


def flow_arrays(model: type[Transmission], real: str) -> list[tuple[str, str]]:
    """The arrays of a flow: one entry per direction, sorted by the row it flows into."""
    pre, post = sides(model)
    arrays = [("ii", "int64"), ("ff", "float64"), ("pp", "float64"), ("pre", "int64"), ("post", "int64")]
    arrays += [("target", "int64"), ("lag", "int64"), ("way", "float64"), ("g", real)]
    arrays += [("tile_start", "int64"), ("ring", real)]
    return arrays + [(f"A_{n}", real) for n in pre] + [(f"B_{n}", real) for n in post]


def flow(model: type[Transmission], real: str) -> Kernel:
    """Lets a flow arrive in the steps until the next; `lag` counts from the step of the states."""
    pre, post = sides(model)
    rows = {
        "p": {n: f"p_{n}" for n in model.params},
        "pre": {n: f"a_{n}" for n in pre},
        "post": {n: f"b_{n}" for n in post},
        "syn": {"w": "w", "amount": "amount"},
    }
    each = [
        *[f"a_{n} = float64(A_{n}[pre[j]])" for n in pre],
        *[f"b_{n} = float64(B_{n}[post[j]])" for n in post],
        "w = float64(g[j])",
        "amount = 0.0",
        *statements(model, "flow", resolver(rows), "f"),
        "if amount != 0.0:",
        "    for e in range(lasting):",
        "        ring[((s0 - 1 + lag[j] + e) & mask) * width + target[j]] += way[j] * amount",
    ]
    body = [
        "mask, width, every, lasting = ii[0], ii[1], ii[2], ii[3]",
        "h = ff[0]",
        *[f"p_{n} = pp[{i}]" for i, n in enumerate(model.params)],
        "if (s0 - 1) % every == 0:",
        "    for j in range(tile_start[g0], tile_start[g1]):",
        *indent(each, 2),
    ]
    return Kernel("flow", tuple(flow_arrays(model, real)), tuple(body))
