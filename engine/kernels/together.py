"""Threads that run a circuit side by side: each works on its own target tiles, and they meet twice a block.

Nothing here returns to Python before the asked steps are done: a handing-over through Python took longer
than a block of most circuits does.  Whoever comes last to a meeting does what is for one alone, and lets the
others go on.  Those that wait look again and again for a moment, then leave the processor to others between
two looks, then sleep between them.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic as numba_intrinsic
from numpy.typing import NDArray

from engine.kernels.calls import after, before, each

intrinsic: Any = numba_intrinsic

CAME, TURN, STOPS = 0, 16, 32
"""Where in a gate it stands how many have come, how often it has opened, and whether all stop: far apart, so
that who counts does not disturb who looks."""
GATE = 48
"""Numbers of a gate."""
LOOKS, OFFERS = 1000, 4000
"""Looks at a gate until a thread that waits begins to offer its processor, and offers until it sleeps."""
NAP = 50
"""us of sleep between two looks."""


@intrinsic
def _one_more(typing_context: Any, gate: Any, place: Any) -> Any:
    """Add one to a number that other threads add to as well; returns what it was before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.make_array(gate)(context, builder, arguments[0])
        at = builder.gep(whole.data, [arguments[1]])
        return builder.atomic_rmw("add", at, ir.IntType(64)(1), "seq_cst")

    return types.int64(gate, types.int64), generate


@intrinsic
def _look(typing_context: Any, gate: Any, place: Any) -> Any:
    """A number that another thread may write meanwhile, and all that it wrote before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.make_array(gate)(context, builder, arguments[0])
        return builder.load_atomic(builder.gep(whole.data, [arguments[1]]), "seq_cst", 8)

    return types.int64(gate, types.int64), generate


@intrinsic
def _show(typing_context: Any, gate: Any, place: Any, number: Any) -> Any:
    """Write a number for other threads to see, and with it all that was written before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.make_array(gate)(context, builder, arguments[0])
        at = builder.gep(whole.data, [arguments[1]])
        builder.store_atomic(arguments[2], at, "seq_cst", 8)
        return context.get_dummy_value()

    return types.void(gate, types.int64, types.int64), generate


@intrinsic
def _ask_system(typing_context: Any, entry: Any, number: Any) -> Any:
    """Call a function of the operating system that takes a whole number, or nothing."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        i32 = ir.IntType(32)
        function = builder.inttoptr(arguments[0], ir.FunctionType(ir.VoidType(), [i32]).as_pointer())
        builder.call(function, [builder.trunc(arguments[1], i32)])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@njit(nogil=True, cache=True)
def is_last(gate: NDArray[np.int64], many: int, patience: NDArray[np.int64]) -> bool:
    """Come to the gate: the last of `many` does what is to be done and opens it; the others wait for that.

    Nobody waits any longer once all stop.
    """
    turn = _look(gate, TURN)
    if _one_more(gate, CAME) == many - 1:
        return True
    looks = 0
    while _look(gate, TURN) == turn and _look(gate, STOPS) == 0:
        looks += 1
        if looks > patience[0] + OFFERS:
            _ask_system(patience[2], patience[3])
        elif looks > patience[0]:
            _ask_system(patience[1], 0)
    return False


@njit(nogil=True, cache=True)
def open_gate(gate: NDArray[np.int64]) -> None:
    """Let those that wait go on."""
    _show(gate, CAME, 0)
    _show(gate, TURN, _look(gate, TURN) + 1)


@njit(nogil=True, cache=True)
def share(
    inputs: np.ndarray, gaps: np.ndarray, neurons: np.ndarray, probes: np.ndarray,
    exchange: np.ndarray, arrivals: np.ndarray, s0: int, s1: int, block: int, tiles: int,
    bad: np.ndarray, gate: np.ndarray, many: int, patience: np.ndarray, g0: int, g1: int,
) -> int:  # fmt: skip
    """Steps s0..s1-1 of the tiles g0..g1-1, one of `many` shares; returns the step all stopped at.

    Where something flows between neurons, or is looked at in every step, `block` must be 1.
    """
    none = inputs[:0]
    s = s0
    while s < s1:
        e = min(s + block, s1)
        if gaps.shape[0] or probes.shape[0]:
            before(inputs, gaps, none, none, s, e, g0, g1)
            if is_last(gate, many, patience):
                open_gate(gate)
            elif _look(gate, STOPS) != 0:
                break
            each(neurons, s, e, g0, g1)
        else:
            before(inputs, gaps, neurons, none, s, e, g0, g1)
        if is_last(gate, many, patience):
            each(probes, s, e, 0, tiles)
            each(exchange, s, e, 0, tiles)
            open_gate(gate)
        elif _look(gate, STOPS) != 0:
            break
        after(arrivals, s, e, g0, g1)
        s = e
        if is_last(gate, many, patience):
            gate[STOPS] = bad[0]
            open_gate(gate)
        if _look(gate, STOPS) != 0:
            break
    return s


def _patience(many: int) -> NDArray[np.int64]:
    """How long to look, and the addresses of what the system offers to those that wait."""
    if sys.platform == "win32":
        system: Any = ctypes.WinDLL("kernel32")
        offer, nap, how_long = system.SwitchToThread, system.Sleep, 0
    else:
        system = ctypes.CDLL(None)
        offer, nap, how_long = system.sched_yield, system.usleep, NAP
    looks = LOOKS if many <= (os.cpu_count() or 1) else 0
    entries = [int(ctypes.cast(f, ctypes.c_void_p).value or 0) for f in (offer, nap)]
    return np.array([looks, *entries, how_long], np.int64)


def run(
    called: Mapping[str, NDArray[np.int64]], s0: int, s1: int, block: int, tiles: int, bad: NDArray[np.int64],
    owned: Sequence[tuple[int, int]],
) -> int:  # fmt: skip
    """Steps s0..s1-1, one thread for each range of tiles in `owned`; returns the step it stopped at.

    `called` are the tables of calls, by stage; all stop after the block in which a kernel wrote into `bad`.
    """
    tables = [called[stage] for stage in ("inputs", "gaps", "neurons", "probes", "exchange", "arrivals")]
    gate, many = np.zeros(GATE, np.int64), len(owned)
    common = *tables, s0, s1, block, tiles, bad, gate, many, _patience(many)
    work: Any = share
    begun: list[threading.Thread] = []
    try:
        for mine in owned[1:]:
            thread = threading.Thread(target=work, args=(*common, *mine), name="neuropil-tile", daemon=True)
            thread.start()
            begun.append(thread)
        return int(work(*common, *owned[0]))
    except BaseException:  # no more threads, or somebody interrupts: those that wait for the others go home
        gate[STOPS] = 1
        raise
    finally:
        for thread in begun:
            thread.join()
