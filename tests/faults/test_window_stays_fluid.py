"""P15: the window stays fluid whatever the engine does: no kernel holds the interpreter, and pictures go on.

Nothing here is judged by the clock on the wall: what the engine lets through is counted, and compared with
what a plain load of the same kind lets through in the same moment.
"""

from __future__ import annotations

import ast
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest
from PySide6.QtCore import QTimer

import editor
import engine
from editor.canvas.raster.pixels import JIT
from engine import Network, Simulation
from engine.kernels import recipes
from engine.kernels.warm_up import compile_beside
from tests.editor.a_window import opened, show

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

BLOCK = 1 << 18


def busy(synapses: int, rules: tuple[str, ...] = ("stdp_pair",), rate: float = 8000.0) -> Network:
    """A circuit of so many synapses whose neurons fire at random."""
    net = Network(dt=0.1, seed=5)
    size = max(100, round((synapses / 100) ** 0.5) * 20)
    exc = net.add_population("E", "iaf_psc_exp", size)
    ee = net.add_projection("E to E", exc, exc, rules=list(rules), w_max=20.0)
    net.wire(ee, "fixed_total", n=synapses, weight=("uniform", 0.1, 2.0), delay=1.5)
    net.add_input("poisson", exc, rate=rate, weight=30.0)
    return net


OVERLOADS: dict[str, tuple[Callable[[int], Network], int]] = {
    "static": (lambda n: busy(n, ()), 0),
    "plastic": (busy, 0),
    "plastic, high rates": (lambda n: busy(n, rate=40_000.0), 0),
    "plastic and pruned": (lambda n: busy(n, ("stdp_pair", "prune_weak")), 0),
    "small and fast": (lambda n: busy(2000), 0),
    "plastic, the other core taken": (busy, 1),
}
"""What the engine has to do, by name: a circuit of so many synapses, and plain loads beside it."""


@contextmanager
def loads(many: int) -> Iterator[None]:
    """So many threads that compute without end and hold no interpreter lock while they do."""
    enough = threading.Event()

    def spin() -> None:
        block = np.ones(BLOCK)
        while not enough.is_set():
            np.sqrt(block, out=block)

    threads = [threading.Thread(target=spin, daemon=True) for _ in range(many)]
    for thread in threads:
        thread.start()
    yield
    enough.set()
    for thread in threads:
        thread.join()


# -- no kernel holds the interpreter ---------------------------------------------------------------------


def turns_during(work: Callable[[], object]) -> int:
    """How often another thread gets to run while this one works; each turn asks for the interpreter anew."""
    turns, enough = [0], threading.Event()

    def turn() -> None:
        while not enough.wait(0.0005):
            turns[0] += 1

    beside = threading.Thread(target=turn, daemon=True)
    beside.start()
    while not turns[0]:
        time.sleep(0.0005)
    before = turns[0]
    work()
    found = turns[0] - before
    enough.set()
    beside.join()
    return found


def let_through(work: Callable[[], object]) -> float:
    """Share of another thread's turns that are left to it, of those beside a thread that waits as long."""
    shares = []
    for _ in range(3):
        began = time.perf_counter()
        beside = turns_during(work)
        span = time.perf_counter() - began
        shares.append(beside / max(turns_during(lambda span=span: time.sleep(span)), 1))
    return statistics.median(shares)


def long_enough(advance: Callable[[int], object]) -> int:
    """Steps (or rounds) that take the tenth of a second in which a picture would be late six times."""
    steps = 16
    while True:
        began = time.perf_counter()
        advance(steps)
        if time.perf_counter() - began > 0.1:
            return steps
        steps *= 2


@pytest.mark.parametrize("name", ["static", "plastic", "plastic and pruned"])
def test_the_engine_lets_other_threads_run_while_it_computes(name: str) -> None:
    net = OVERLOADS[name][0](20_000)
    compile_beside(recipes.of(net, watched=True))
    sim = Simulation(net, eye=True)
    sim.advance(10)
    steps = long_enough(sim.advance)
    assert let_through(lambda: sim.advance(steps)) > 0.2


@numba.njit  # type: ignore[untyped-decorator]
def selfish(rounds: int) -> float:
    """Holds the interpreter as long as it computes."""
    total = 0.0
    for k in range(rounds * 10_000):
        total += (k % 7) ** 0.5
    return total


def test_a_kernel_that_held_the_interpreter_would_be_noticed() -> None:
    selfish(1)
    rounds = long_enough(selfish)
    assert let_through(lambda: selfish(rounds)) < 0.2


def test_every_compiled_function_lets_go_of_the_interpreter() -> None:
    """The entries that are called by address run inside one of these."""
    kept = []
    for package in (engine, editor):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            text = path.read_text("utf-8")
            if "jit(" in text or "vectorize(" in text:
                kept += [f"{path.name}:{line}" for line in holding(ast.parse(text))]
    assert kept == []
    assert JIT["nogil"] is True


def holding(tree: ast.AST) -> Iterator[int]:
    """Lines where something is compiled that keeps the interpreter, and is not part of what calls it."""
    compilers = ("njit", "jit", "vectorize", "guvectorize")
    called = {id(each.func): each for each in ast.walk(tree) if isinstance(each, ast.Call)}
    for each in ast.walk(tree):
        if getattr(each, "id", getattr(each, "attr", "")) in compilers:
            given = called[id(each)].keywords if id(each) in called else []
            says = {word.arg: getattr(word.value, "value", getattr(word.value, "id", "")) for word in given}
            if says.get("nogil") is not True and says.get("inline") != "always" and says.get(None) != "JIT":
                yield each.lineno  # type: ignore[attr-defined]


# -- pictures go on --------------------------------------------------------------------------------------


@contextmanager
def ticking(window: Any) -> Iterator[list[int]]:
    """Ask for a picture sixty times a second, and count those that were painted."""
    painted = [0]
    paint = window.canvas._paint

    def noted() -> None:
        paint()
        painted[0] += 1

    window.canvas._paint = noted
    timer = QTimer()
    timer.timeout.connect(window.canvas.update)
    timer.start(16)
    yield painted
    timer.stop()
    window.canvas._paint = paint


def pictures_left(window: Any, qtbot: Any, painted: list[int], beside: int, pairs: int, ms: int) -> float:
    """Share of the pictures painted beside the engine, of those beside plain loads, pair by pair."""
    document, shares = window.document, []

    def counted() -> int:
        before = painted[0]
        qtbot.wait(ms)
        return painted[0] - before

    for _ in range(pairs):
        document.play()
        qtbot.waitUntil(lambda: document.is_running)
        with loads(beside):
            running = counted()
        document.pause()
        qtbot.waitUntil(lambda: not document.is_running and not document.live.in_flight)
        with loads(beside + 1):
            plain = counted()
        shares.append(running / max(plain, 1))
    return statistics.median(shares)


def kept_fluid(name: str, qtbot: Any, synapses: int, pairs: int, ms: int) -> float:
    make, beside = OVERLOADS[name]
    net = make(synapses)
    compile_beside(recipes.of(net, watched=True))
    window = opened(qtbot)
    window.bring_canvas()
    show(window, net)
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: window.document.is_running and window.document.t > 1.0)
    try:
        with ticking(window) as painted:
            return pictures_left(window, qtbot, painted, beside, pairs, ms)
    finally:
        window.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plastic", "plastic, the other core taken"])
def test_the_window_paints_while_the_engine_runs_as_fast_as_it_can(name: str, qtbot: Any) -> None:
    """At least a third of the pictures that it paints while nothing runs but plain loads take as much."""
    assert kept_fluid(name, qtbot, 20_000, 3, 300) > 1 / 3


@pytest.mark.long
@pytest.mark.parametrize("name", OVERLOADS)
def test_the_window_paints_through_every_overload(name: str, qtbot: Any) -> None:
    assert kept_fluid(name, qtbot, 1_000_000, 20, 3000) > 1 / 3
