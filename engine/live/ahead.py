"""Kernels are compiled from the moment a circuit is opened or drawn into, not when it is first played.

Between opening a circuit and pressing Play somebody looks at it, and so between adding a rule and going on;
and while the start page is looked at for the very first time, what no circuit can do without is compiled
already, and what an example cannot do without as soon as somebody points at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from queue import Empty, SimpleQueue
from threading import Event, Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.kernels.crew import Crew, Job
    from engine.kernels.recipes import Recipe

# The kernels bring numba, which takes a third of a second: they are imported on the thread.

GLANCE = 0.5
"""Seconds between two looks at whether children still have something to do."""


def outline(network: Any) -> SimpleNamespace:
    """What decides which kernels a network needs, and no more: the network may change while this is read."""
    projections = {
        id: SimpleNamespace(
            transmission=each.transmission,
            rules=tuple(SimpleNamespace(slug=use.slug, enabled=use.enabled) for use in each.rules),
            pre=each.pre,
            post=each.post,
            astrocytes=each.astrocytes,
            learns_from=each.learns_from,
            synapses=SimpleNamespace(extra=frozenset(each.synapses.extra if each.astrocytes else ())),
        )
        for id, each in network.projections.items()
    }
    populations = {
        id: SimpleNamespace(model=each.model, sign=each.sign, params=dict(each.params))
        for id, each in network.populations.items()
    }
    return SimpleNamespace(
        precision=network.precision,
        populations=populations,
        projections=projections,
        probes=bool(network.probes),
        inputs={id: SimpleNamespace(model=each.model) for id, each in network.inputs.items()},
        modulators={id: SimpleNamespace(model=each.model) for id, each in network.modulators.items()},
    )


def by_need(wanted: Iterable[Recipe]) -> tuple[list[Recipe], list[Recipe]]:
    """What of these has to be compiled: first that without which the circuit cannot run, then its rules."""
    from engine.kernels.recipes import POOLS, Recipe
    from engine.kernels.warm_up import missing

    first: list[Recipe] = []
    later: list[Recipe] = []
    for recipe in missing(wanted):
        is_stack = recipe.kind == "stack"
        has_rules = recipe == POOLS or recipe.kind == "growth" or (is_stack and len(recipe.slugs) > 1)
        (later if has_rules else first).append(recipe)
        if is_stack and has_rules:
            first += missing([Recipe("stack", recipe.slugs[:1], recipe.real, recipe.options)])
    return list(dict.fromkeys(first)), later


class Ahead:
    """Has the crew compile what is likely to be wanted soon, until it is closed.

    Args:
        crew: who compiles; that of the process if not given.
        besides: modules with loops of their own (see `Recipe`) that are needed after what a circuit needs to
            run; those that have `PARTS` are compiled part by part.
        at_once: whether to begin now; otherwise with `begin` or the first circuit.  What it imports takes as
            long as a third of opening a window, and is worth that only if something has to be compiled.
    """

    def __init__(self, crew: Crew | None = None, besides: tuple[str, ...] = (), at_once: bool = True) -> None:
        self._crew = crew
        self._besides = besides
        self._begun = Event()
        self._is_closed = False
        if at_once:
            self._begun.set()
        self._seen: SimpleQueue[tuple[SimpleNamespace, str] | None] = SimpleQueue()
        self._jobs: list[Job] = []
        self._maybe: list[Job] = []
        self._thread = Thread(target=self._work, name="neuropil-ahead", daemon=True)
        self._thread.start()

    def begin(self) -> None:
        """See to what every circuit needs, if that was not begun already."""
        self._begun.set()

    def opened(self, network: Any) -> None:
        """A circuit was opened or drawn into: what it needs comes before what nobody asked for."""
        self._see(outline(network), "opened")

    def pointed_at(self, network: Any) -> None:
        """Somebody may open this circuit: without its first kernels it cannot run."""
        self._see(outline(network), "pointed at")

    def considered(self, network: Any, rule: str, projections: Iterable[int]) -> None:
        """Somebody looks at a rule that may come onto these projections: they would need it soon."""
        seen = outline(network)
        for id in projections:
            uses = seen.projections[id].rules
            if all(use.slug != rule for use in uses):
                seen.projections[id].rules = (*uses, SimpleNamespace(slug=rule, enabled=True))
        self._see(seen, "considered")

    def close(self, timeout: float = 10.0) -> None:
        """Give up what is not compiled yet."""
        self._is_closed = True
        self._seen.put(None)
        self._begun.set()
        self._thread.join(timeout)

    def _see(self, network: SimpleNamespace, how: str) -> None:
        self._seen.put((network, how))
        self._begun.set()

    def _work(self) -> None:
        self._begun.wait()
        if self._is_closed:
            return
        from engine.kernels import recipes
        from engine.kernels.crew import CREW, NEXT, NOW, SOME_DAY, SOON
        from engine.kernels.recipes import POOLS, Recipe
        from engine.kernels.warm_up import essentials, groundwork, in_parts, missing

        crew = CREW if self._crew is None else self._crew
        known: list[Recipe] = []
        later: list[Recipe] = []
        some_day: list[Job] = []
        if missing([Recipe("common", (), "float64")]):  # a first start: else most is there
            crew.stand_by()
            ground = groundwork()
            later = [POOLS, *(each for each in essentials() if each not in ground)]
            some_day = crew.ask(ground, SOON)
        for name in self._besides:
            *parts, whole = in_parts(name)
            if missing([whole]):
                some_day += crew.ask(missing(parts), NEXT) + crew.ask([whole], SOME_DAY)
        some_day += crew.ask(later, SOME_DAY)
        try:
            while True:
                try:
                    seen = self._seen.get(timeout=GLANCE if some_day else None)
                except Empty:
                    if all(job.done.is_set() for job in some_day):
                        crew.leave(some_day)
                        some_day = []
                        crew.stand_down()
                    continue
                if seen is None:
                    return
                network, how = seen
                wanted = recipes.of(network, watched=True)
                if how != "opened":
                    new = [each for each in wanted if each not in known]
                    self._consider(crew, by_need(new)[0] if how == "pointed at" else missing(new))
                elif wanted != known:
                    known = wanted
                    first, later = by_need(known)
                    asked = [*crew.ask(first, NOW), *crew.ask([*later, *missing([POOLS])], SOON)]
                    crew.leave(self._jobs)
                    self._jobs = asked
        finally:
            crew.leave([*self._jobs, *self._maybe, *some_day])
            crew.stand_down()
            crew.join()

    def _consider(self, crew: Crew, recipes: list[Recipe]) -> None:
        """Ask for these, and give up what was considered before but what a child is in the middle of."""
        from engine.kernels.crew import SOON

        asked = crew.ask(recipes, SOON)
        begun = [job for job in self._maybe if crew.is_at(job.recipe)]
        crew.leave(job for job in self._maybe if job not in begun)
        self._maybe = [*begun, *asked]
