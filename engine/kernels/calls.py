"""Calls compiled kernels from compiled code: arrays packed as addresses, and the loop that drives a run.

A kernel is reached through the address of its entry and the address of its packed arrays, so one driver,
compiled once, runs any network; nothing returns to Python until the asked steps are done.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numba.np import arrayobj

fill_in: Any = arrayobj.populate_array


@intrinsic
def view(typing_context: Any, packed: Any, place: Any, dtype: Any) -> Any:
    """The array packed at a place (see `Call`); costs far less to compile than `numba.carray`."""
    kind = types.Array(dtype.dtype, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        i64 = ir.IntType(64)
        first = builder.inttoptr(arguments[0], i64.as_pointer())
        at = builder.mul(arguments[1], i64(2))
        address, size = (builder.load(builder.gep(first, [builder.add(at, i64(k))])) for k in (0, 1))
        data = builder.inttoptr(address, context.get_data_type(kind.dtype).as_pointer())
        return _array(context, builder, kind, data, size)

    return kind(types.int64, types.int64, dtype), generate


@intrinsic
def only(typing_context: Any, packed: Any, place: Any, dtype: Any) -> Any:
    """The first entry of the array packed at a place, where it is the only one that is read."""
    kind = dtype.dtype

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        i64 = ir.IntType(64)
        packed_at = builder.inttoptr(arguments[0], i64.as_pointer())
        address = builder.load(builder.gep(packed_at, [builder.mul(arguments[1], i64(2))]))
        return builder.load(builder.inttoptr(address, context.get_data_type(kind).as_pointer()))

    return kind(types.int64, types.int64, dtype), generate


@intrinsic
def part(typing_context: Any, array: Any, begin: Any, count: Any) -> Any:
    """So many entries of an array; both must lie within it, which nothing looks at, unlike a slice."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.make_array(array)(context, builder, arguments[0])
        return _array(context, builder, array, builder.gep(whole.data, [arguments[1]]), arguments[2])

    return array(array, types.int64, types.int64), generate


def _array(context: Any, builder: Any, kind: Any, data: Any, size: Any) -> Any:
    made = context.make_array(kind)(context, builder)
    width = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    fill_in(made, data, [size], [width], width, None)
    return made._getvalue()


@intrinsic
def _call(typing_context: Any, entry: Any, ctx: Any, s0: Any, s1: Any, g0: Any, g1: Any) -> Any:
    """Call a kernel's entry by its address."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        i64 = ir.IntType(64)
        function = builder.inttoptr(arguments[0], ir.FunctionType(ir.VoidType(), [i64] * 5).as_pointer())
        builder.call(function, arguments[1:])
        return context.get_dummy_value()

    i = types.int64
    return types.void(i, i, i, i, i, i), generate


call: Any = _call


class Call:
    """A kernel bound to its arrays, ready for the driver; keeps the arrays alive and their addresses true."""

    def __init__(
        self, module: ModuleType, kernel: str, arrays: Sequence[tuple[str, str]], **bound: np.ndarray
    ) -> None:
        self.entry = getattr(module, f"{kernel}_entry")
        self.kinds = {name: (2 * i, np.dtype(kind)) for i, (name, kind) in enumerate(arrays)}
        self.arrays: dict[str, np.ndarray] = {}
        self.ctx = np.zeros(2 * len(arrays), np.int64)
        self.address: tuple[int, int] = (self.entry.address, self.ctx.ctypes.data)
        """What the driver needs: the address of the entry and of the packed arrays."""
        missing = [name for name in self.kinds if name not in bound]
        if missing:
            raise TypeError(f"{kernel} needs {', '.join(missing)}")
        for name in self.kinds:
            self.bind(name, bound[name])

    def bind(self, name: str, array: np.ndarray) -> None:
        """Let the kernel use another array from the next call on."""
        self._pack(self.ctx, name, array)
        self.arrays[name] = array

    def _pack(self, ctx: np.ndarray, name: str, array: np.ndarray) -> None:
        at, kind = self.kinds[name]
        if array.dtype != kind or not array.flags.c_contiguous:
            raise TypeError(f"{name} must be a contiguous {kind}, not {array.dtype}")
        ctx[at], ctx[at + 1] = array.ctypes.data, max(array.size, 1)

    def __call__(self, s0: int, s1: int, g0: int, g1: int) -> None:
        """Run it now, for steps s0..s1-1 and target tiles g0..g1-1."""
        call_now(*self.address, s0, s1, g0, g1)

    def on(self, instead: dict[str, np.ndarray], s0: int, s1: int, g0: int, g1: int) -> None:
        """Run it now on other arrays in place of some of its own, which it leaves alone."""
        ctx = self.ctx.copy()
        for name, array in instead.items():
            self._pack(ctx, name, array)
        call_now(self.address[0], ctx.ctypes.data, s0, s1, g0, g1)


def table(calls: list[Call]) -> np.ndarray:
    """The addresses of some calls, (n, 2) int64, for the driver."""
    return np.array([c.address for c in calls], np.int64).reshape(-1, 2)


@njit(nogil=True, cache=True)
def call_now(entry: int, ctx: int, s0: int, s1: int, g0: int, g1: int) -> None:
    """One call."""
    call(entry, ctx, s0, s1, g0, g1)


@njit(nogil=True, cache=True)
def each(calls: np.ndarray, s0: int, s1: int, g0: int, g1: int) -> None:
    """Every call once."""
    for c in range(calls.shape[0]):
        call(calls[c, 0], calls[c, 1], s0, s1, g0, g1)


@njit(nogil=True, cache=True)
def before(
    inputs: np.ndarray, gaps: np.ndarray, neurons: np.ndarray, probes: np.ndarray,
    s0: int, s1: int, g0: int, g1: int,
) -> None:  # fmt: skip
    """Everything up to the threshold test of steps s0..s1-1, for the target tiles g0..g1-1."""
    each(inputs, s0, s1, g0, g1)
    if probes.shape[0] == 0 and gaps.shape[0] == 0:
        each(neurons, s0, s1, g0, g1)
        return
    for s in range(s0, s1):
        each(gaps, s, s + 1, g0, g1)
        each(neurons, s, s + 1, g0, g1)
        each(probes, s, s + 1, g0, g1)


@njit(nogil=True, cache=True)
def after(arrivals: np.ndarray, s0: int, s1: int, g0: int, g1: int) -> None:
    """Spikes of steps s0..s1-1 reach their synapses, step by step, so that blocks of any length agree."""
    for s in range(s0, s1):
        each(arrivals, s, s + 1, g0, g1)


@njit(nogil=True, cache=True)
def run(
    inputs: np.ndarray, gaps: np.ndarray, neurons: np.ndarray, probes: np.ndarray,
    exchange: np.ndarray, arrivals: np.ndarray, s0: int, s1: int, block: int, tiles: int, bad: np.ndarray,
) -> int:  # fmt: skip
    """Steps s0..s1-1 on one thread; returns the step it stopped at, earlier when something went wrong."""
    s = s0
    while s < s1:
        e = min(s + block, s1)
        before(inputs, gaps, neurons, probes, s, e, 0, tiles)
        each(exchange, s, e, 0, tiles)
        after(arrivals, s, e, 0, tiles)
        s = e
        if bad[0] != 0:
            break
    return s
