"""Animals in their boxes beside the window: they learn, their goal is moved, and nobody stops the clock.

One animal learns, one lacks acetylcholine, one homeostasis, and from the first time the goal moves on a
frozen copy of the first goes on beside them, so that the time to recover can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.analysis.arena import Arena, animal, without
from engine.live.beside import AtWill

LONGEST = 6_000.0
"""ms after which a trial ends without the goal."""
TRAIL = 400
RATE = 3.0
"""How much faster these learn than the published animal, so that an afternoon is not needed."""
GOAL, RADIUS = (1.2, 0.0), 0.8
AS_BEFORE, BEFORE, IN_A_ROW = 1.5, 5, 3
"""Recovered is who took at most 1.5 times the median of five trials before the move, three times running."""


@dataclass
class Roamer:
    """One animal: where it is, where it was, and how long each trial took."""

    label: str
    arena: Arena
    latencies: list[tuple[int, float]] = field(default_factory=list)
    """(trial, ms)."""
    trial: int = 0


Trials = Sequence[tuple[int, float]]


def recovery(trials: Trials, usual: Trials, moved: int) -> float | None:
    """How long an animal went (ms) after the goal moved until it was as quick again as was usual before.

    Args:
        trials: (trial, ms) of the animal, oldest first.
        usual: those of the animal whose trials before the move are the measure.
        moved: the trial before which the goal moved.

    Returns:
        None while it has not recovered, or where nothing was learned before the move.
    """
    before = [ms for trial, ms in usual if trial < moved][-BEFORE:]
    if len(before) < BEFORE:
        return None
    quick, passed, running = AS_BEFORE * float(np.median(before)), 0.0, 0
    for _, ms in (one for one in trials if one[0] >= moved):
        passed += ms
        running = running + 1 if ms <= quick else 0
        if running == IN_A_ROW:
            return passed
    return None


@dataclass(frozen=True)
class Seen:
    """What there is to see of one animal; `path` (n, 2) has its newest point last."""

    label: str
    at: tuple[float, float]
    path: NDArray[np.float64]
    latencies: tuple[tuple[int, float], ...]
    weights: NDArray[np.float64]
    """Mean direction (121, 2) that each place drives the animal to, by its synapses."""
    recovered: float | None = None
    """ms it went after the goal last moved until it was as quick again as the learning animal had been."""


@dataclass(frozen=True)
class View:
    """Everything at one moment."""

    version: int
    goal: tuple[float, float]
    moved_at: tuple[int, ...]
    """Trials of the learning animal before which the goal was moved."""
    is_running: bool
    animals: tuple[Seen, ...]


class Outing(AtWill):
    """Runs the animals on a thread of its own."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__("neuropil-outing")
        self.goal = GOAL
        self.moved: list[int] = []
        self.roamers: list[Roamer] = []
        self._view = View(0, GOAL, (), False, ())
        self._ask(lambda: self._begin(seed))
        self._start()

    # -- from the window -----------------------------------------------------------------------------

    def move(self, goal: tuple[float, float]) -> None:
        """Move the goal, now, in the middle of whatever they do."""
        self._ask(lambda: self._move(goal))

    def look(self) -> View:
        """What there was to see when last something happened."""
        return self._view

    # -- on the thread -------------------------------------------------------------------------------

    def _go_on(self) -> None:
        for roamer in self.roamers:
            self._go(roamer)
        self._publish()

    def _begin(self, seed: int) -> None:
        """Build the animals; here, because their kernels may have to be compiled first."""
        whole = animal(seed, rate=RATE, keeps_rate=True)
        kinds = {
            "learns": whole,
            "without acetylcholine": animal(seed, 0.0, rate=RATE, keeps_rate=True),
            "without homeostasis": without(whole, "homeostasis"),
        }
        for label, net in kinds.items():
            if net is not None:
                arena = Arena(net, GOAL, radius=RADIUS)
                arena.begin()
                self.roamers.append(Roamer(label, arena))

    def _move(self, goal: tuple[float, float]) -> None:
        first = self.roamers[0]
        if not self.moved:
            self.roamers.append(Roamer("frozen copy", first.arena.frozen(), trial=first.trial))
        self.goal = goal
        self.moved.append(first.trial)
        for roamer in self.roamers:
            roamer.arena.goal = goal

    @staticmethod
    def _go(roamer: Roamer) -> None:
        arena = roamer.arena
        if arena.go_on(LONGEST):
            roamer.latencies.append((roamer.trial, arena.taken if arena.found else LONGEST))
            roamer.trial += 1
            arena.path.clear()
            arena.begin()
        del arena.path[:-TRAIL]

    def _publish(self) -> None:
        animals = tuple(
            Seen(
                roamer.label,
                (float(roamer.arena.at[0]), float(roamer.arena.at[1])),
                np.array([(x, y) for _, x, y in roamer.arena.path]).reshape(-1, 2),
                tuple(roamer.latencies),
                roamer.arena.leanings(),
                recovery(roamer.latencies, self.roamers[0].latencies, self.moved[-1]) if self.moved else None,
            )
            for roamer in self.roamers
        )
        self._view = View(self._view.version + 1, self.goal, tuple(self.moved), self._running, animals)
