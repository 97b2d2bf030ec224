"""Our side of the workloads that need the window: worm, canvas and start; see `engine.bench.side`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from editor.canvas.render import framed
from editor.canvas.scene import Scene
from editor.canvas.standing import Painter
from editor.window.theme import DARK
from engine import Simulation
from engine.bench.side import serve
from engine.bench.statistics import described

SIZE = (1600, 1000)


class Worm:
    """The worm runs on, and is drawn if that was asked for."""

    def __init__(self, want: dict[str, Any]) -> None:
        from editor.gallery import catalogue
        from editor.recorder.stage import Stage

        network = catalogue.find("worm").build()
        self.sim, self.span = Simulation(network), want["span"]
        self.neurons = network.neuron_count
        self.facts = {"synapses": network.synapse_count}
        self.sim.run(200.0)
        self.since = self.sim.step
        self.stage = None
        if want["variant"] == "drawn":
            self.stage = Stage(network, DARK, SIZE, simulation=self.sim)

    def go(self) -> float:
        """CPU seconds per second of its life."""
        begin, at = time.process_time(), self.sim.t
        if self.stage is None:
            self.sim.run(self.span)
        else:
            for _ in self.stage.run(self.span, 30):
                self.stage.renderer.pixels(self.stage.now)
        return 1000.0 * (time.process_time() - begin) / (self.sim.t - at)

    def end(self) -> dict[str, Any]:
        """Rate and regularity."""
        when, who = self.sim.spikes_since(self.since)
        span = (self.sim.step - self.since) * self.sim.dt
        return described(when * self.sim.dt, who, span, self.neurons)


class Canvas:
    """The synapse layer of a scene in which every synapse has a new look each time."""

    def __init__(self, want: dict[str, Any]) -> None:
        variant = want["variant"]
        n = int(variant.replace(",", "")) if variant else want["n"]
        neurons = max(200, round(n**0.5 * 10))
        random = np.random.default_rng(5)
        self.scene = Scene()
        ids = np.arange(1, neurons + 1)
        side = neurons**0.5 * 60.0
        sign = np.where(random.random(neurons) < 0.8, 1, -1)
        self.scene.add_neurons(ids, random.random((neurons, 2)) * side, sign=sign)
        pre, post = random.integers(1, neurons + 1, (2, n))
        self.scene.add_synapses(np.arange(n) + neurons + 1, pre, post, random.random(n), full=1.0)
        self.random, self.painter = random, Painter()
        self.camera = framed(self.scene, *SIZE)
        self.facts: dict[str, Any] = {"synapses": n}
        for _ in range(2):
            self.go()

    def go(self) -> float:
        """Milliseconds of CPU to draw them all anew."""
        from editor.canvas.standing import Request

        column = self.scene.synapses.write("weight")
        column[:] = self.random.permutation(column)
        self.scene.looks += 1
        request = Request(self.scene.look(), self.camera, *SIZE, 1.0, DARK)
        begin = time.process_time()
        standing = self.painter.paint(request)
        took = time.process_time() - begin
        self.detail = standing.detail.name.lower()
        return 1000.0 * took

    def end(self) -> dict[str, Any]:
        """The level of detail that was chosen for so many."""
        return {"detail": self.detail}


OPEN = """
from editor import caches
caches.begin()
import editor.app as app
from editor.canvas.compiled import KERNELS, WARM_UP
from editor.foresight import Foresight
from editor.settings import Settings
from engine.live.ahead import Ahead
KERNELS.leave_to_children()
ahead = Ahead(besides=(WARM_UP,), at_once=not caches.are_warm())
window = app.open_window(settings=Settings())
Foresight(window, ahead)
assert app.settle(window, 60_000)
caches.ready()
import os, time
print(time.process_time(), flush=True)
ahead.close()
os._exit(0)
"""


class Start:
    """The window opens in a process of its own, with kernels on disk or with none."""

    def __init__(self, want: dict[str, Any]) -> None:
        self.cold = want["variant"] == "cold cache"
        self.facts: dict[str, Any] = {}
        if not self.cold:
            self.go()

    def go(self) -> float:
        """CPU seconds of the new process until the window is usable."""
        with tempfile.TemporaryDirectory() as empty:
            env = dict(os.environ, NEUROPIL_SETTINGS=str(Path(empty) / "settings.json"))
            if self.cold:
                env |= {"NEUROPIL_CACHE": empty, "NUMBA_CACHE_DIR": str(Path(empty) / "numba")}
            said = subprocess.run([sys.executable, "-c", OPEN], env=env, capture_output=True, text=True)
        if said.returncode:
            raise RuntimeError(said.stderr)
        return float(said.stdout.split()[-1])

    def end(self) -> dict[str, Any]:
        """Nothing more."""
        return {}


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    serve({"worm": Worm, "canvas": Canvas, "start": Start}[wanted["name"]](wanted))
