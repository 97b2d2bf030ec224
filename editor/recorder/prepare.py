"""`prepare`: compiles, once, what the gallery computes and draws, so that nothing waits for it later."""

from __future__ import annotations

import time

from editor.canvas import warm_up as canvas
from editor.gallery import catalogue
from engine.commands import compiling
from engine.kernels import recipes, warm_up


def run() -> dict[str, float]:
    """Compile everything that is not yet; returns counts and seconds."""
    began = time.perf_counter()
    wanted = dict.fromkeys(warm_up.shipped())
    for example in catalogue.examples():
        network = example.build()
        for watched in (False, True):
            wanted |= dict.fromkeys(recipes.of(network, watched))
    compiled = compiling.prepare(wanted, canvas.warm_up)
    return {
        "modules": float(len(wanted)),
        "compiled": float(compiled),
        "seconds": time.perf_counter() - began,
    }
