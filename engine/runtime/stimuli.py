"""Inputs as the running engine keeps them: which rows they reach, with what weight, at which steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Input as InputModel
from engine.errors import UsageError
from engine.kernels import loops, recipes
from engine.kernels.calls import Call
from engine.kernels.drawing import BINS, ODDS, mixed_of
from engine.network import Input


def on_grid(times: NDArray[np.float64], dt: float, where: str) -> NDArray[np.int64]:
    """Times (ms) as whole steps; a time between two steps is refused."""
    exact = np.asarray(times, np.float64) / dt
    whole = np.rint(exact)
    off = np.abs(exact - whole) > 1e-6
    if off.any():
        worst = float(np.asarray(times)[off][0])
        raise UsageError(
            f"{where}: {worst:g} ms lies between two steps of {dt:g} ms; "
            f"write {float(np.rint(worst / dt) * dt):g} ms or use a shorter step"
        )
    return whole.astype(np.int64)


def stimulus_call(
    given: Input, rows: NDArray[np.int64], ids: NDArray[np.int64], keep: NDArray[np.int64],
    relayed: NDArray[np.bool_], bounds: NDArray[np.int64], rings: dict[str, NDArray[Any]],
    mask: int, width: int, dt: float, seed: int, real: str,
) -> Call:  # fmt: skip
    """The kernel of one input.

    `rows` is the row in the whole network of each target that exists, increasing, `ids` their neuron ids and
    `keep` their places among the targets the user gave; `relayed` marks relays, to which a spike is a spike
    whatever it weighs; `bounds` is the first row of every target tile, and the end.
    """
    model = registry.find(given.model, "input")
    assert issubclass(model, InputModel)
    where = f"input {given.label or given.model!r}"
    lists = {name: np.asarray(given.lists.get(name, []), np.float64) for name in model.lists}
    times = on_grid(lists.get("times", np.zeros(0)), dt, where)
    values = next((column for name, column in lists.items() if name != "times"), np.zeros(times.size))
    order = np.argsort(times, kind="stable")
    shared = all(np.ndim(given.params.get(n, 0.0)) == 0 for n in model.params)
    params = {}
    for name, declared in model.params.items():
        value: Any = given.params.get(name, declared.default)
        value = model.number(name, value) if isinstance(value, str) else value
        column = np.asarray(value, np.float64)
        column = (
            column[keep] if column.ndim else np.broadcast_to(column, (1 if shared else max(rows.size, 1),))
        )
        params[f"P_{name}"] = np.ascontiguousarray(column if column.size else np.zeros(1))
    weight = np.asarray(given.weight, np.float64)
    weights = (weight[keep] if weight.ndim else np.full(rows.size, float(weight))).copy()
    weights[relayed] = 1.0
    if model.channel:
        own = rings.get(f"ring_{model.channel}")
        if own is None:
            raise UsageError(f"{where}: none of its targets has what it acts on ({model.channel})")
        rings = {**rings, "ring_ex": own, "ring_in": own, "ring_cur": own}
    hold = 1
    if "P_hold" in params:
        hold = max(1, int(np.rint(params["P_hold"][0] / dt)))
    delay = int(on_grid(np.array([given.delay]), dt, where)[0])
    ii = np.array(
        [0, mask, width, seed, given.id, times.size, hold, int(shared), delay, int(given.enabled)], np.int64
    )
    return Call(
        recipes.Recipe("input", (model.slug,), real).module(), "give",
        loops.stimulus_arrays(model, real), ii=ii, ff=np.array([dt]),
        index=_filled(rows), ids=_filled(ids), weight=_filled(weights),
        tile_start=np.searchsorted(rows, bounds).astype(np.int64),
        mixed=_filled(mixed_of(seed, given.id, np.ascontiguousarray(ids, np.int64))),
        words=np.zeros(max(ids.size, 1), np.int64), odds=np.zeros(bounds.size * ODDS, np.int64),
        starts=np.zeros(bounds.size * BINS, np.uint8),
        list_step=_filled(times[order]), list_value=_filled(values[order] if values.size else values),
        **rings, **params,
    )  # fmt: skip


def _filled(array: NDArray[Any]) -> NDArray[Any]:
    """The array, or one zero: an empty array has no address."""
    return np.ascontiguousarray(array) if array.size else np.zeros(1, array.dtype)
