"""Kernels are compiled from the moment a circuit is opened, not when it is first played.

Between opening a circuit and pressing Play somebody looks at it; and while the start page is looked at for
the very first time, what no circuit can do without is compiled already.
"""

from __future__ import annotations

from collections.abc import Iterable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.kernels.crew import Crew, Job
    from engine.kernels.recipes import Recipe

# The kernels bring numba, which takes a third of a second: they are imported on the thread.

GLANCE = 0.5
"""Seconds between two looks at whether children still have something to do."""


def by_need(wanted: Iterable[Recipe]) -> tuple[list[Recipe], list[Recipe]]:
    """What of these has to be compiled: first that without which the circuit cannot run, then its rules."""
    from engine.kernels.recipes import Recipe
    from engine.kernels.warm_up import missing

    first: list[Recipe] = []
    later: list[Recipe] = []
    for recipe in missing(wanted):
        has_rules = recipe.kind == "growth" or (recipe.kind == "stack" and len(recipe.slugs) > 1)
        (later if has_rules else first).append(recipe)
        if recipe.kind == "stack" and has_rules:
            first += missing([Recipe("stack", recipe.slugs[:1], recipe.real, recipe.options)])
    return list(dict.fromkeys(first)), later


class Ahead:
    """Has the crew compile what is likely to be wanted soon, until it is closed.

    Args:
        crew: who compiles; that of the process if not given.
    """

    def __init__(self, crew: Crew | None = None) -> None:
        self._crew = crew
        self._opened: SimpleQueue[list[Recipe] | None] = SimpleQueue()
        self._jobs: list[Job] = []
        self._thread = Thread(target=self._work, name="neuropil-ahead", daemon=True)
        self._thread.start()

    def opened(self, network: Any) -> None:
        """A circuit was opened: what it needs comes before everything that nobody asked for."""
        from engine.kernels import recipes

        self._opened.put(recipes.of(network, watched=True))

    def close(self, timeout: float = 10.0) -> None:
        """Give up what is not compiled yet."""
        self._opened.put(None)
        self._thread.join(timeout)

    def _work(self) -> None:
        from engine.kernels.crew import CREW, NOW, SOME_DAY, SOON
        from engine.kernels.recipes import Recipe
        from engine.kernels.warm_up import essentials, missing

        crew = CREW if self._crew is None else self._crew
        some_day: list[Job] = []
        if missing([Recipe("common", (), "float64")]):  # a first start: else most is there
            crew.stand_by()
            some_day = crew.ask(missing(essentials()), SOME_DAY)
        try:
            while True:
                try:
                    wanted = self._opened.get(timeout=GLANCE if some_day else None)
                except Empty:
                    if all(job.done.is_set() for job in some_day):
                        crew.leave(some_day)
                        some_day = []
                        crew.stand_down()
                    continue
                if wanted is None:
                    return
                first, later = by_need(wanted)
                asked = [*crew.ask(first, NOW), *crew.ask(later, SOON)]
                crew.leave(self._jobs)
                self._jobs = asked
        finally:
            crew.leave([*self._jobs, *some_day])
            crew.stand_down()
            crew.join()
