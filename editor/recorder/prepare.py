"""`prepare`: compiles, once, what the program computes and draws, so that nothing waits for it later."""

from __future__ import annotations

import time

from editor.canvas import warm_up as canvas
from editor.gallery import catalogue
from engine.commands import compiling
from engine.kernels import recipes, warm_up
from engine.kernels.recipes import POOLS

BEGIN = ("worm", "one_lif", "stdp_window")
"""Circuits a user meets first: their kernels are compiled even where not everything is asked for."""

BARELY = ("common", "derive", "neuron", "input")
"""Kinds of modules of which every one is compiled in any case."""


def run(everything: bool = False) -> dict[str, float]:
    """Compile what a user meets first, or all that is shipped and shown; returns counts and seconds."""
    began = time.perf_counter()
    shipped = warm_up.shipped()
    wanted = dict.fromkeys([POOLS, *(r for r in shipped if everything or r.kind in BARELY)])
    for name in catalogue.names() if everything else BEGIN:
        network = catalogue.find(name).build()
        for watched in (False, True):
            wanted |= dict.fromkeys(recipes.of(network, watched))
    compiled = compiling.prepare(wanted, canvas.warm_up)
    return {
        "modules": float(len(wanted)),
        "compiled": float(compiled),
        "seconds": time.perf_counter() - began,
    }
