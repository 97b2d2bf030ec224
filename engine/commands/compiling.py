"""Before something runs its kernels are compiled, on every processor and with a bar to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from engine.commands.console import Progress
from engine.kernels import recipes, warm_up
from engine.kernels.crew import CREW, wait_for
from engine.kernels.recipes import Recipe

if TYPE_CHECKING:
    from engine.network.network import Network

PATIENCE = 3600.0
"""Seconds after which a module that is not compiled yet never will be."""


def prepare(wanted: Iterable[Recipe], meanwhile: Callable[[], None] | None = None) -> int:
    """Compile the recipes that no cache holds, `meanwhile` doing something else; returns how many there were.

    Raises:
        ModelError: one does not compile; says which model and why.
    """
    missing = warm_up.missing(dict.fromkeys(wanted))
    progress = Progress(len(missing) + 1, "compile")
    jobs = CREW.ask(missing)
    waiting = list(jobs)
    try:
        if meanwhile is not None:
            meanwhile()
        while waiting:
            job = waiting.pop(0)
            wait_for([job], PATIENCE, None)
            progress.show(sum(each.done.is_set() for each in jobs), job.recipe.about)
    finally:
        CREW.leave(waiting)
        CREW.join()
        progress.end()
    return len(missing)


def prepare_for(network: Network) -> int:
    """Compile what a simulation of `network` needs; returns how many modules had to be."""
    kinds = {probe.every == "pre" for probe in network.probes.values()} | {False}
    return prepare(recipe for watched in kinds for recipe in recipes.of(network, watched))
