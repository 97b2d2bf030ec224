"""How long an edit of a running circuit waits for its answer, and how evenly the window is drawn meanwhile.

    python -m tests.benchmarks.latency [--synapses 1000000] [--edits 300] [--seconds 5]

Prints one line of JSON per measure: the wait of an edit headless and with the window (P13), and the gaps
between pictures of the window under six overloads (P15).  All by the clock on the wall, so the machine
should be otherwise idle; its load is printed with the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from engine.live import messages as say
from engine.live.session import LiveSession
from engine.network.edits import SetSynapses
from engine.network.network import Network

CORES = os.cpu_count() or 1


def busy(synapses: int, rules: tuple[str, ...] = ("stdp_pair",), rate: float = 8000.0) -> Network:
    """A circuit of so many synapses whose neurons fire at random."""
    net = Network(dt=0.1, seed=5)
    size = max(100, round((synapses / 100) ** 0.5) * 20)
    exc = net.add_population("E", "iaf_psc_exp", size)
    ee = net.add_projection("E to E", exc, exc, rules=list(rules), w_max=20.0)
    net.wire(ee, "fixed_total", n=synapses, weight=("uniform", 0.1, 2.0), delay=1.5)
    net.add_input("poisson", exc, rate=rate, weight=30.0)
    return net


def figures(name: str, ms: list[float], **more: Any) -> None:
    """Print what came out."""
    many = np.array(ms)
    told = {f"p{q}": round(float(np.percentile(many, q)), 2) for q in (50, 95, 99)}
    told["max"] = round(float(many.max()), 2)
    print(json.dumps({"measure": name, "n": len(ms), **told, **more, "load": os.getloadavg()[0]}), flush=True)


def headless(net: Network, edits: int) -> None:
    """Send one edit after another to an engine that runs as fast as it can."""
    ids = next(iter(net.projections.values())).synapses.id
    session = LiveSession(net, speed=None, threads=CORES)
    session.start()
    session.send(say.Play())
    luck, waits = np.random.default_rng(1), []
    said: list[Any] = []
    for number in range(-5, edits):
        time.sleep(1 / 60)
        begin = time.perf_counter()
        session.send(say.Apply(number, SetSynapses([int(luck.choice(ids))], "weight", [1.0])))
        while not any(isinstance(m, say.Applied) and m.number == number for m in said):
            time.sleep(0.0005)
            said = session.read()
        if number >= 0:  # before, it was built and compiled
            waits.append(1000 * (time.perf_counter() - begin))
    session.stop()
    figures("edit to answer, headless (ms)", waits, synapses=len(ids))


def opened(net: Network) -> tuple[Any, Any]:
    """A window on a circuit that runs as fast as it can, and its application."""
    from editor import app
    from editor.main_window import MainWindow
    from editor.settings import Settings
    from editor.window import style
    from editor.window.theme import DARK

    application = app.application()
    style.wear(application, DARK)
    window = MainWindow(Settings())
    window.files.ask_leave = lambda title: "discard"  # type: ignore[method-assign]
    window.resize(1200, 800)
    window.show()
    window.bring_canvas()
    window.document.replace(net)
    window.show_document()
    window.set_speed(None)
    window.document.play()
    _until(application, lambda: window.document.is_running and window.document.t > 1.0)
    return application, window


def _until(application: Any, is_so: Callable[[], bool], seconds: float = 180.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        application.processEvents()
        time.sleep(0.0005)
        if time.monotonic() > end:
            raise TimeoutError


def in_window(net: Network, edits: int) -> None:
    """Edit by the document, as the hand does, and wait until the answer has come to the window."""
    application, window = opened(net)
    ids = next(iter(net.projections.values())).synapses.id
    luck, waits = np.random.default_rng(1), []
    for _ in range(edits):
        begin = time.perf_counter()
        window.document.do(SetSynapses([int(luck.choice(ids))], "weight", [1.0]))
        _until(application, lambda: not window.document.live.in_flight)
        waits.append(1000 * (time.perf_counter() - begin))
    figures("edit to answer, window (ms)", waits, synapses=len(ids))
    window.close()


def overloads(synapses: int) -> Iterator[tuple[str, Network, int]]:
    """What the engine has to do meanwhile, and how many plain threads spin beside it."""
    yield "static", busy(synapses, ()), 0
    yield "plastic", busy(synapses), 0
    yield "plastic, high rates", busy(synapses, rate=40_000.0), 0
    yield "plastic and pruned", busy(synapses, ("stdp_pair", "prune_weak")), 0
    yield "small and fast", busy(2000), 0
    yield "plastic, the other core taken", busy(synapses), 1


def gaps(name: str, net: Network, spinning: int, seconds: float) -> None:
    """Time between two paintings of the canvas while the engine does all it can."""
    application, window = opened(net)
    painted: list[float] = []
    paint = window.canvas._paint

    def noted() -> None:
        paint()
        painted.append(time.perf_counter())

    window.canvas._paint = noted
    enough = threading.Event()
    block = np.ones(1 << 20)

    def spin() -> None:
        while not enough.is_set():
            np.sqrt(block, out=block)  # lets go of the interpreter while it works

    beside = [threading.Thread(target=spin, daemon=True) for _ in range(spinning)]
    for thread in beside:
        thread.start()
    turns = [time.perf_counter()]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.0002)
        turns.append(time.perf_counter())
    enough.set()
    for thread in beside:
        thread.join()
    window.close()
    figures("gap between pictures (ms)", (1000 * np.diff(painted)).tolist(), overload=name)
    long = [gap for gap in (1000 * np.diff(turns)).tolist() if gap > 2.0]
    figures("window busy at one go, over 2 ms (ms)", long, overload=name)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--synapses", type=int, default=1_000_000)
    parser.add_argument("--edits", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--only", choices=["headless", "window", "gaps"])
    args = parser.parse_args()
    net = busy(args.synapses)
    if args.only in (None, "headless"):
        headless(net, args.edits)
    if args.only in (None, "window"):
        in_window(net, args.edits)
    if args.only in (None, "gaps"):
        for name, circuit, spinning in overloads(args.synapses // 5):
            gaps(name, circuit, spinning, args.seconds)


if __name__ == "__main__":
    main()
