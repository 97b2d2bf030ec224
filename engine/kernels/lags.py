"""How much of a memory is left after some steps, from a table: most spikes come soon after each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic as numba_intrinsic
from numpy.typing import NDArray

from engine.kernels.maths import compiled, exp, inlined

LAGS = 2048
"""Steps that a table holds: 16 KiB, so that two of them stay beside the processor."""

intrinsic: Any = numba_intrinsic
uint64: Any = np.uint64


@inlined
def kept(table: Any, steps: int, h: float, tau: float) -> float:
    """exp(-steps h / tau), looked up where the table reaches; the bits are the same."""
    if 0 <= steps < table.size:
        return table[uint64(steps)]  # type: ignore[no-any-return]
    return exp(-(steps) * h / tau)


@compiled
def write_down(table: Any, h: float, tau: float) -> None:
    """What `fill` does."""
    for steps in range(table.size):
        table[steps] = exp(-(steps) * h / tau)


def fill(table: NDArray[np.float64], h: float, tau: float) -> None:
    """Write the table of a memory of `tau` ms for steps of `h` ms."""
    write_down(table, h, tau)


@intrinsic
def fetch(typing_context: Any, array: Any, place: Any) -> Any:
    """Ask the memory for an entry of an array that will be read soon; nothing waits for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = builder.gep(view.data, [arguments[1]])
        byte = ir.IntType(8).as_pointer()
        i32 = ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, i32, i32, i32])
        )
        builder.call(function, [builder.bitcast(address, byte), i32(0), i32(3), i32(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate
