"""A race: several learners on copies of one drawn network, same patterns, same order, same first weights.

Runs on a thread of its own, all runners abreast, epoch by epoch; a window looks at it whenever it likes and
never waits.  A race of one is a training.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from engine.analysis.ledger.comparison import Row, row_of
from engine.analysis.ledger.control import Control
from engine.analysis.ledger.learning import GainField
from engine.errors import NeuropilError
from engine.live.beside import Beside
from engine.live.insight import Insight, Trails, Updates, gains, insight, trails, updates
from engine.network.network import Network
from engine.runtime.training.criterion import judged
from engine.runtime.training.ticks import run_to_update
from engine.runtime.training.training import Training

TURN = 0.03
"""Seconds of wall time all runners together may take between two looks."""
MOST = 100_000
"""Epochs after which a race ends by itself."""
SELDOM = 1.0
"""Seconds between two looks at what the ledger says, while it runs."""
SHARE = 0.1
"""Share of its time a race may spend on looking closer (see `engine.live.insight`)."""
OFTEN = 0.15
"""Seconds between two such looks, at least."""
KEPT = 4000
"""Points of a curve; when there are more, every second one goes."""


@dataclass
class Runner:
    """One learner of a race: how far it is, its curve, and what stopped it, if anything."""

    learner: int
    label: str
    model: str
    training: Training | None = None
    epochs: list[int] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)
    learned_at: int | None = None
    """The epoch before which the task was first found to be learned, by the training itself."""
    samples: int = 0
    trouble: str = ""
    seconds: float = 0.0
    """Seconds its training took so far, of one processor."""
    control: Control | None = None
    """Who steers it, as last measured."""
    insights: list[Insight] = field(default_factory=list)
    """Closer looks, a few each second."""
    untrained: tuple[GainField, ...] = ()
    """How its hidden neurons answered to eye positions before it learned; () without a probe for it."""
    gains: tuple[GainField, ...] = ()
    """How they do now."""
    trails: tuple[Trails, ...] = ()
    """The energy of both phases now, for a few patterns; () for a learner that goes downhill in none."""
    updates: Updates | None = None
    """What the pattern that is shown would change, beside the gradient; only while somebody compares them."""

    @property
    def is_running(self) -> bool:
        """Whether it can go on."""
        return self.training is not None and not self.trouble


@dataclass(frozen=True)
class Look:
    """What a window sees of a race at one moment."""

    version: int
    epoch: int
    is_running: bool
    runners: tuple[Runner, ...]
    frames: dict[int, Any]
    """By learner: the frame of its training (`engine.runtime.training.training.Frame`)."""
    rows: tuple[Row, ...] = ()
    """What the ledger says of each runner; looked at about once a second."""


class Race(Beside):
    """The runners of a network: every enabled learner, or those named.

    What is asked is done by the thread in the order in which it was asked; nothing here makes a window wait.

    Args:
        net: the network with one task; it is copied.
        task: which task, where there are several.
        learners: ids of the learners that run; all enabled ones where missing.
    """

    def __init__(self, net: Network, task: int | None = None, learners: list[int] | None = None) -> None:
        super().__init__("neuropil-race")
        self.network = net.copy()
        self.task = task
        chosen = [
            record
            for record in self.network.learners.values()
            if (record.id in learners if learners is not None else record.enabled)
        ]
        self.runners = [Runner(record.id, record.label, record.model) for record in chosen]
        self.epoch = 0
        self.wanted = False
        """Whether it was asked to run and has not been asked to stop, nor come to its end."""
        self._until = 0
        self._compared = 0
        self._chunk = 1
        self._seen = Look(0, 0, False, (), {})
        self._rows: tuple[Row, ...] = ()
        self._rowed = -1e9
        self._next = -1e9
        self._ask(self._begin)  # on the thread: kernels may have to be compiled first
        self._start()

    # -- from the window -----------------------------------------------------------------------------

    def play(self, epochs: int = MOST) -> None:
        """Run, for so many epochs more at most."""
        self.wanted = True
        self._ask(lambda: self._play(epochs))

    def pause(self) -> None:
        """Stop after the epochs that are being run."""
        self.wanted = False
        self._ask(lambda: self._play(0))

    def begin(self) -> None:
        """Set every runner to the start, with the drawn weights."""
        self.wanted = False
        self._ask(self._begin)

    def step_phase(self) -> None:
        """Do the next phase of the present batch, or step of a stream, of every runner, and stand still."""
        self.wanted = False
        self._ask(lambda: self._step(Training.run_phase))

    def step_to_update(self) -> None:
        """Do all phases of the present stream of every runner but the update, and stand still."""
        self.wanted = False
        self._ask(lambda: self._step(run_to_update))

    def compare(self, learner: int) -> None:
        """Look at what this runner would change beside the gradient, from now on; 0 for none of them."""
        self._ask(lambda: self._compare(learner))

    def set(self, learner: int, **values: float | str) -> None:
        """Turn parameters of a runner while it runs."""
        self._ask(lambda: self._set(learner, values))

    def learned(self, learner: int, told: Callable[[Network | None], None]) -> None:
        """Hand `told` the network with what a runner has learned so far; called on the race's thread."""
        self._ask(lambda: told(self._learned(learner)))

    def examine(self, learner: int, what: Callable[[Training], Any], told: Callable[[Any], None]) -> None:
        """Hand `told` what a function makes of a training, None where it cannot; on the race's thread."""
        self._ask(lambda: told(self._examined(learner, what)))

    def look(self) -> Look:
        """What there was to see when last something changed; nothing in it is changed afterwards."""
        return self._seen

    def is_idle(self) -> bool:
        """Whether everything asked has been done and nothing runs."""
        return self._asked.unfinished_tasks == 0 and not self._seen.is_running

    # -- on the thread -------------------------------------------------------------------------------

    @property
    def _is_going(self) -> bool:
        return self.epoch < self._until

    def _publish(self) -> None:
        frames = {r.learner: r.training.frame() for r in self.runners if r.training is not None}
        going = self.epoch < self._until
        self._look_closer(going)
        copies = tuple(
            replace(
                r,
                epochs=list(r.epochs),
                errors=list(r.errors),
                rights=list(r.rights),
                insights=list(r.insights),
            )
            for r in self.runners
        )
        if not going or time.monotonic() - self._rowed > SELDOM:
            rows = [self._row(runner, going) for runner in self.runners]
            self._rows = tuple(row for row in rows if row is not None)
            self._rowed = time.monotonic()
        self._seen = Look(self._seen.version + 1, self.epoch, going, copies, frames, self._rows)

    @staticmethod
    def _row(runner: Runner, going: bool) -> Row | None:
        """What the ledger says of a runner; who steers it is measured anew only while the race stands."""
        if not runner.is_running:
            return None
        try:
            row = row_of(runner.training, runner.label, runner.control if going else None)
        except NeuropilError as error:
            runner.trouble = str(error)
            return None
        runner.control = row.control
        return row

    def _look_closer(self, going: bool) -> None:
        """Have a closer look at every runner, where it is time or the race stands still."""
        began = time.monotonic()
        if began < self._next and going:
            return
        for runner in self.runners:
            if not runner.is_running or runner.training is None:
                continue
            runner.gains, runner.trails = gains(runner.training), trails(runner.training)
            runner.updates = updates(runner.training) if runner.learner == self._compared else None
            found = insight(runner.training, runner.trails)
            if runner.insights and runner.insights[-1].epoch == found.epoch:
                runner.insights.pop()
            runner.insights.append(found)
            if len(runner.insights) > KEPT:
                del runner.insights[1:-1:2]
        took = time.monotonic() - began
        self._next = began + max(OFTEN, took / SHARE)

    def _play(self, epochs: int) -> None:
        able = any(runner.is_running for runner in self.runners)
        self.wanted = self.wanted and able
        self._until = min(self.epoch + epochs, MOST) if able else self.epoch

    def _begin(self) -> None:
        self.epoch = self._until = 0
        for runner in self.runners:
            runner.epochs, runner.errors, runner.rights, runner.insights = [], [], [], []
            runner.learned_at, runner.trouble, runner.samples, runner.seconds = None, "", 0, 0.0
            runner.updates = None
            try:
                runner.training = Training(self.network, self.task, runner.learner)
                runner.untrained = gains(runner.training)
                self._look_at(runner)
            except NeuropilError as error:
                runner.training, runner.trouble = None, str(error)

    def _compare(self, learner: int) -> None:
        self._compared = learner

    def _step(self, does: Callable[[Training], object]) -> None:
        self._until = self.epoch
        for runner in self.runners:
            if runner.is_running and runner.training is not None:
                try:
                    does(runner.training)
                    runner.training.judge()
                    runner.learned_at = runner.training.learned_at
                    self.epoch = self._until = max(self.epoch, runner.training.epoch)
                except NeuropilError as error:
                    runner.trouble = str(error)

    def _set(self, learner: int, values: dict[str, float | str]) -> None:
        self.network.learners[learner].params.update(values)
        for runner in self.runners:
            if runner.learner == learner and runner.training is not None:
                runner.training.set(**values)

    def _examined(self, learner: int, what: Callable[[Training], Any]) -> Any:
        for runner in self.runners:
            if runner.learner == learner and runner.is_running and runner.training is not None:
                try:
                    return what(runner.training)
                except NeuropilError:
                    return None
        return None

    def _learned(self, learner: int) -> Network | None:
        for runner in self.runners:
            if runner.learner == learner and runner.training is not None:
                return runner.training.network
        return None

    def _go_on(self) -> None:
        """A few epochs of every runner, then a look at each."""
        began = time.perf_counter()
        lesson = self._lesson_left()
        chunk = min(self._chunk, self._until - self.epoch, lesson)
        for runner in self.runners:
            if not runner.is_running or runner.training is None:
                continue
            try:
                runner.training.run(chunk)
                self._look_at(runner)
            except NeuropilError as error:
                runner.trouble = str(error)
        able = [r.training.epoch for r in self.runners if r.is_running and r.training is not None]
        self.epoch = max(able, default=self.epoch)
        if not able:
            self._until = self.epoch
        took = time.perf_counter() - began
        if chunk == lesson:
            self._next = -1e9  # what was just learned is at its best now
        self._chunk = max(1, min(1000, int(chunk * min(2.0, TURN / max(took, 1e-6)))))
        if self.epoch >= self._until:
            self.wanted = False
        self._publish()

    def _lesson_left(self) -> int:
        """Epochs until the present lesson ends, where the task has several; else more than are ever run."""
        for runner in self.runners:
            if runner.training is not None and len(runner.training.lesson.stages) > 1:
                each = runner.training.lesson.epochs
                return each - runner.training.epoch % each
        return MOST + 1

    @staticmethod
    def _look_at(runner: Runner) -> None:
        """Add a point to the curve of a runner."""
        training = runner.training
        assert training is not None
        training.judge()
        found = judged(training)
        runner.epochs.append(training.epoch)
        runner.errors.append(found.error)
        runner.rights.append(found.right)
        runner.samples = training.counted["samples"]
        runner.seconds, runner.learned_at = training.seconds, training.learned_at
        if len(runner.epochs) > KEPT:
            for curve in (runner.epochs, runner.errors, runner.rights):
                del curve[1:-1:2]
