"""A sitting beside the window: a subject answers trial after trial, and a healthy one answers the same.

Both get the same contents and the same noise, so that only their settings tell them apart.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.declare import Router
from engine.live.beside import AtWill
from engine.runtime.routing import Trials, checked

Floats = NDArray[np.float64]
BLOCK, HOLD = 10.0, 250.0
"""ms between two looks, and for which an answer stays before the next trial; both as the subject counts."""
KEPT = 200
"""Trials of which the times are kept."""
FAST = float("inf")


@dataclass(frozen=True)
class Answer:
    """What came of a trial: "right", "wrong" or "none", and after how many ms (NaN for none)."""

    trial: int
    verdict: str
    time: float


@dataclass(frozen=True)
class Subject:
    """One who answers, at one moment."""

    label: str
    gates: Mapping[str, Floats]
    """Rates by name, of the gate of each source."""
    active: Floats
    """How active each content is at the destination."""
    said: int
    """The number of the content said in this trial; -1 while none is."""
    verdict: str
    """Of this trial: "right", "wrong" or "none"; "" while it goes on."""
    answers: tuple[Answer, ...]
    """Since the last change, the newest last."""
    counts: Mapping[str, int]
    """How many there were of each verdict since then."""

    @property
    def mean_time(self) -> float:
        """Mean ms to a right answer, of the answers kept; NaN where there is none."""
        times = [answer.time for answer in self.answers if answer.verdict == "right"]
        return float(np.mean(times)) if times else float("nan")


@dataclass(frozen=True)
class View:
    """Everything at one moment."""

    version: int
    is_running: bool
    trial: int
    t: float
    """ms since the trial began."""
    shown: tuple[int, ...]
    """The number of the content at each source."""
    asked: int
    values: Mapping[str, float]
    """The settings of the first subject."""
    subjects: tuple[Subject, ...]
    """As set, and healthy."""


class Pair:
    """A subject and a healthy one, trial after trial; knows nothing of clocks."""

    LABELS = ("as set", "healthy")

    def __init__(self, model: type[Router], seed: int = 1) -> None:
        self.model = model
        self._values = {name: each.default for name, each in model.params.items()}
        self._seed, self._asks, self._agree = seed, 0, False
        self.restart()

    def restart(self) -> None:
        """Begin anew with the first trial."""
        self._luck = np.random.default_rng(self._seed)
        self._trial = 0
        self._forget()
        self._begin()

    def turn(self, values: Mapping[str, float]) -> None:
        """Change settings of the first subject, in the middle of its trial."""
        self._values.update(values)
        for name, value in values.items():
            getattr(self._trials.p, name)[0, 0] = value
        self._forget()

    def ask(self, source: int, agree: bool) -> None:
        """Begin trials in which another source is asked for, or all sources say the same."""
        self._asks, self._agree = source, agree
        self._forget()
        self._begin()

    def go_on(self, ms: float) -> None:
        """Go on with the trial, or with the rest after it."""
        if self._trials.is_over:
            self._rest(ms)
        else:
            self._answer(ms)

    def view(self, version: int = 0, is_running: bool = False) -> View:
        """What there is to see."""
        trials = self._trials
        shown = tuple(trials.shown[0].tolist())
        subjects = tuple(self._subject(i) for i in range(len(self.LABELS)))
        return View(
            version, is_running, self._trial, trials.t, shown, trials.asked, dict(self._values), subjects
        )

    def _rest(self, ms: float) -> None:
        self._held += ms
        if self._held >= HOLD:
            self._begin()

    def _answer(self, ms: float) -> None:
        self._trials.go_on(ms)
        if self._trials.is_over and not self._is_mixed:
            self._count()

    def _forget(self) -> None:
        """Count anew, without the trial that is on: part of it went by before the change."""
        self._is_mixed = True
        self._answers: list[list[Answer]] = [[] for _ in self.LABELS]
        self._counts = [dict.fromkeys(("right", "wrong", "none"), 0) for _ in self.LABELS]

    def _begin(self) -> None:
        many = len(self.model.contents)
        right = int(self._luck.integers(many))
        other = right if self._agree else int((right + self._luck.integers(1, many)) % many)
        shown = [right if source == self._asks else other for source in range(len(self.model.sources))]
        self._trials = Trials(
            self.model, [self._values, {}], [shown, shown], self._asks, self._luck, alike=True
        )
        self._trial += 1
        self._held = 0.0
        self._is_mixed = False

    def _count(self) -> None:
        times = self._trials.times.tolist()
        for i, verdict in enumerate(self._trials.verdicts()):
            self._counts[i][verdict] += 1
            self._answers[i].append(Answer(self._trial, verdict, times[i]))
            del self._answers[i][:-KEPT]

    def _subject(self, i: int) -> Subject:
        trials = self._trials
        waits = trials.said[i] < 0 and trials.t < trials.p.limit[i, 0]
        return Subject(
            self.LABELS[i],
            {name: getattr(trials.gates, name)[i].copy() for name in self.model.states},
            trials.active[i].copy(),
            int(trials.said[i]),
            "" if waits else trials.verdicts()[i],
            tuple(self._answers[i]),
            dict(self._counts[i]),
        )


class Sitting(AtWill):
    """Runs the trials of a pair on a thread of its own."""

    def __init__(self, model: type[Router], seed: int = 1) -> None:
        super().__init__("neuropil-sitting")
        self.model = model
        self._pair = Pair(model, seed)
        self._pace = 1.0
        self._view = self._pair.view()
        self._start()

    # -- from the window -----------------------------------------------------------------------------

    def restart(self) -> None:
        """Begin anew with the first trial."""
        self._ask(self._pair.restart)

    def turn(self, values: Mapping[str, float]) -> None:
        """Change settings of the first subject, now; raises where they cannot be meant."""
        known = checked(self.model, values)
        self._ask(lambda: self._pair.turn(known))

    def ask(self, source: int, agree: bool) -> None:
        """Which source is asked for from now on, and whether all sources say the same."""
        self._ask(lambda: self._pair.ask(source, agree))

    def set_pace(self, pace: float) -> None:
        """How many ms pass in a ms of the clock; `FAST` for as many as can be."""
        self._ask(lambda: self._set_pace(pace))

    def look(self) -> View:
        """What there was to see when last something happened."""
        return self._view

    # -- on the thread -------------------------------------------------------------------------------

    def _go_on(self) -> None:
        begun = time.perf_counter()
        self._pair.go_on(FAST if self._pace == FAST else BLOCK)
        self._publish()
        self._wait(BLOCK / self._pace / 1000.0 - (time.perf_counter() - begun))

    def _wait(self, seconds: float) -> None:
        """Let the time pass, or do what is asked for meanwhile."""
        if seconds > 0.0:
            try:
                wish = self._asked.get(timeout=seconds)
            except queue.Empty:
                return
            self._do(wish)

    def _publish(self) -> None:
        self._view = self._pair.view(self._view.version + 1, self._running)

    def _set_pace(self, pace: float) -> None:
        self._pace = pace
