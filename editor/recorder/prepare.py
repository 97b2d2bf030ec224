"""`prepare`: compiles, once, what the gallery computes and draws, so that nothing waits for it later."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from editor.canvas.detail import Detail
from editor.canvas.render import Renderer
from editor.gallery import catalogue
from editor.recorder.stage import Stage
from editor.theme import DARK
from engine import Network, Simulation
from engine.kernels import recipes, warm_up

SIZE = (320, 200)
AT_ONCE = 6
"""Modules a child process compiles before it ends; starting one takes a second."""


def run(tell: Callable[[float, str], None]) -> dict[str, float]:
    """Compile everything; `tell` hears the share done and what is being done.  Returns counts and seconds."""
    began = time.perf_counter()
    networks = {example.title: example.build() for example in catalogue.examples()}
    wanted = dict.fromkeys(warm_up.shipped())
    for network in networks.values():
        for watched in (False, True):
            wanted |= dict.fromkeys(recipes.of(network, watched))
    missing = warm_up.missing(wanted)
    parts = [missing[k : k + AT_ONCE] for k in range(0, len(missing), AT_ONCE)]
    whole, done = len(parts) + len(networks), 0
    with ThreadPoolExecutor(max(1, os.cpu_count() or 1)) as crew:
        for part, _ in zip(parts, crew.map(warm_up.compile_beside, parts), strict=True):
            done += 1
            tell(done / whole, part[-1].about)
    for title, network in networks.items():
        show(network)
        done += 1
        tell(done / whole, title)
    return {
        "kernels": float(len(wanted)),
        "compiled": float(len(missing)),
        "seconds": time.perf_counter() - began,
    }


def show(network: Network) -> None:
    """Run a circuit a little and draw it at every level of detail, which compiles the canvas."""
    simulation = Simulation(network)
    stage = Stage(network, DARK, SIZE, simulation=simulation)
    for now in stage.run(10.0 * simulation.dt, 25):
        stage.renderer.pixels(now)
    for detail in Detail:
        Renderer(stage.scene, *SIZE, detail=detail).pixels()
