"""`prepare`: compiles, once, what the gallery computes and draws, so that nothing waits for it later."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from editor.canvas import warm_up as canvas
from editor.gallery import catalogue
from engine.kernels import recipes, warm_up

AT_ONCE = 6
"""Modules a child process compiles before it ends; starting one takes a second."""


def run(tell: Callable[[float, str], None]) -> dict[str, float]:
    """Compile everything; `tell` hears the share done and what was done.  Returns counts and seconds."""
    began = time.perf_counter()
    wanted = dict.fromkeys(warm_up.shipped())
    for example in catalogue.examples():
        network = example.build()
        for watched in (False, True):
            wanted |= dict.fromkeys(recipes.of(network, watched))
    missing = warm_up.missing(wanted)
    parts = [missing[k : k + AT_ONCE] for k in range(0, len(missing), AT_ONCE)]
    whole = len(parts) + 2
    with ThreadPoolExecutor(max(1, os.cpu_count() or 1)) as crew:
        done = crew.map(warm_up.compile_beside, parts)
        tell(0.5 / whole, "the canvas")
        canvas.warm_up()
        for k, (part, _) in enumerate(zip(parts, done, strict=True)):
            tell((k + 3) / whole, part[-1].about)
    return {
        "kernels": float(len(wanted)),
        "compiled": float(len(missing)),
        "seconds": time.perf_counter() - began,
    }
