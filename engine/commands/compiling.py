"""Before something runs its kernels are compiled, on every processor and with a bar to look at."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from engine.commands.console import Progress
from engine.kernels import recipes, warm_up
from engine.kernels.recipes import Recipe

if TYPE_CHECKING:
    from engine.network.network import Network

AT_ONCE = 4
"""Modules a child process compiles before it ends; starting one takes a second."""


def prepare(wanted: Iterable[Recipe], meanwhile: Callable[[], None] | None = None) -> int:
    """Compile the recipes that no cache holds, `meanwhile` doing something else; returns how many there were.

    Raises:
        ModelError: one does not compile; says which model and why.
    """
    missing = warm_up.missing(dict.fromkeys(wanted))
    parts = [missing[k : k + AT_ONCE] for k in range(0, len(missing), AT_ONCE)]
    progress = Progress(len(missing) + 1, "compile")
    done = 0
    try:
        with ThreadPoolExecutor(max(1, os.cpu_count() or 1)) as crew:
            compiled = crew.map(warm_up.compile_beside, parts)
            if meanwhile is not None:
                meanwhile()
            for part, _ in zip(parts, compiled, strict=True):
                done += len(part)
                progress.show(done, part[-1].about)
    finally:
        progress.end()
    return len(missing)


def prepare_for(network: Network) -> int:
    """Compile what a simulation of `network` needs; returns how many modules had to be."""
    kinds = {probe.every == "pre" for probe in network.probes.values()} | {False}
    return prepare(recipe for watched in kinds for recipe in recipes.of(network, watched))
