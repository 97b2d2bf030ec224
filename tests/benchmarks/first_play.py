"""How long the first Play on a gallery circuit waits for its first spike when nothing is compiled yet.

    python -m tests.benchmarks.first_play [NAME ...] [--linger 0] [--warm] [--drawn]

Each circuit is opened in a process of its own in which nothing is compiled (with `--drawn` the canvas is;
with `--warm` it is the second time): the start page is shown, after `linger` seconds its card is pressed, and
Play at once.  Prints one line of JSON per circuit: seconds until the window is usable and, from Play, until
time passes, until the first spike in a frame, until the rules are there too and until the whole picture is
shown; the longest time the window did not answer before the card was pressed, while the circuit opened, and
after Play; and the processor time that the window and the children spent until the first spike.  By the clock
on the wall, so the load is printed too.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 240.0
"""Seconds after which a circuit is given up."""


class Watch:
    """Turns the window's loop and remembers how long it ever took to come back."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        self._turn = QApplication.processEvents
        self.longest = 0.0

    def until(self, is_so: Callable[[], bool], seconds: float = PATIENCE) -> float:
        """Turn until it is so, or the time is over; returns the seconds that took."""
        began = time.monotonic()
        while not is_so() and time.monotonic() - began < seconds:
            before = time.monotonic()
            self._turn()
            self.longest = max(self.longest, time.monotonic() - before)
            time.sleep(0.001)
        return time.monotonic() - began


def processor() -> tuple[float, float]:
    """Seconds of processor time that this process and its children have used so far."""
    used, own, tick = os.times(), str(os.getpid()), os.sysconf("SC_CLK_TCK")
    children = used.children_user + used.children_system
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if words[1] == own:
            children += (int(words[11]) + int(words[12])) / tick
    return used.user + used.system, children


def leave_to_children() -> None:
    """As the program does, where the program does."""
    with contextlib.suppress(ImportError):
        from editor.canvas.compiled import KERNELS

        KERNELS.leave_to_children()


def is_drawn(canvas: Any) -> bool:
    """Whether the canvas shows the whole picture of its circuit."""
    return canvas._picture is not None and canvas._picture.standing is not None


def play(name: str, linger: float) -> dict[str, Any]:
    """Open a circuit from the start page as a hand does, and play it at once."""
    from editor import app, caches
    from editor.foresight import Foresight
    from editor.settings import Settings
    from engine.live.ahead import Ahead

    caches.begin()
    leave_to_children()
    ahead = Ahead(besides=("editor.canvas.warm_up",))
    began = time.monotonic()
    window = app.open_window(settings=Settings())
    Foresight(window, ahead)
    window.start.finished.connect(caches.ready)
    watch = Watch()
    watch.until(lambda: not window.start.steps)
    usable = time.monotonic() - began
    watch.until(lambda: False, linger)
    starting, watch.longest = watch.longest, 0.0
    spikes, said = [0], set()

    def look(frame: Any) -> None:
        spikes[0] += len(frame.spikes)

    window.bridge.frame_ready.connect(look)
    asked = time.monotonic()
    window.middle.wanted.emit("example", name)
    pressed = time.monotonic()
    opening, watch.longest = pressed - asked, 0.0
    document = window.document
    document.play()
    before = processor()

    def is_ready() -> bool:
        if document.preparing:
            said.add(document.preparing)
        return not document.preparing

    moves = watch.until(lambda: (is_ready(), document.t > 0.0)[1])
    first = moves + watch.until(lambda: (is_ready(), spikes[0] > 0)[1], 20.0)
    spent = [round(now - then, 2) for now, then in zip(processor(), before, strict=True)]
    whole = first + watch.until(is_ready)
    watch.until(lambda: is_drawn(window.canvas), 60.0)
    drawn = time.monotonic() - pressed
    window.files.ask_leave = lambda title: "discard"  # type: ignore[method-assign]
    found = {
        "example": name, "moves": round(moves, 2), "first spike": round(first, 2) if spikes[0] else None,
        "rules": round(whole, 2), "picture": round(drawn, 2), "processor": spent,
        "longest": [round(each, 3) for each in (starting, opening, watch.longest)],
        "t": document.t, "said": sorted(said), "usable": round(usable, 2), "load": os.getloadavg()[0],
    }  # fmt: skip
    window.close()
    ahead.close()
    caches.ready()
    return found


def canvas_only() -> None:
    """Fill a cache with what the canvas needs."""
    from editor import app
    from editor.settings import Settings

    window = app.open_window(settings=Settings())
    app.settle(window, int(1000 * PATIENCE))
    window.close()


def main() -> None:
    """Measure what was asked for."""
    from editor.gallery import catalogue

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--linger", type=float, default=0.0)
    parser.add_argument("--warm", action="store_true")
    parser.add_argument("--drawn", action="store_true", help="the canvas is compiled already")
    parser.add_argument("--canvas", help="a folder to keep the compiled canvas in")
    parser.add_argument("--here", choices=["play", "canvas"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.here == "canvas":
        canvas_only()
        os._exit(0)
    if args.here == "play":
        print(json.dumps(play(args.names[0], args.linger)), flush=True)
        os._exit(0)
    with tempfile.TemporaryDirectory() as home:
        ready = Path(args.canvas or Path(home) / "canvas")
        if args.drawn and not ready.exists():
            child(ready, ["--here", "canvas"])
        for name in args.names or catalogue.names():
            empty = Path(home) / name
            if args.drawn:
                shutil.copytree(ready / "numba", empty / "numba", ignore=_engine)
            words = [name, "--here", "play", "--linger", str(args.linger)]
            said = [child(empty, words) for _ in range(1 + args.warm)][-1]
            print(said.stdout.strip() or said.stderr[-2000:], flush=True)
            shutil.rmtree(empty)


def _engine(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith(("kernels_", "runtime_"))]


def child(home: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run this file in a process of its own with its caches in a folder."""
    home.mkdir(exist_ok=True, parents=True)
    env = {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "NEUROPIL_CACHE": str(home / "neuropil"),
        "NEUROPIL_SETTINGS": str(home / "settings.json"), "NUMBA_CACHE_DIR": str(home / "numba"),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.benchmarks.first_play", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=3 * PATIENCE)


if __name__ == "__main__":
    main()
