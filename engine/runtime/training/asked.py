"""Questions to a training: what the network says, what an update would be, where its energy goes.

Nothing is learned by a question, and none changes a later bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.counting import counted
from engine.errors import RunError, UsageError
from engine.kernels import lesson_words as words
from engine.network.given import numbers, wrong
from engine.runtime.training.drawn import Way
from engine.runtime.training.posed import Floats, Posed
from engine.runtime.training.shown import Answers, of_patterns, of_streams

AT_ONCE = 8_000_000
"""Numbers that the states of the patterns asked at one time may hold."""


class Asked(Posed):
    """A training that answers."""

    def answers(self, inputs: Any = None, targets: Any = None, *, test: bool = True) -> Answers:
        """What the network says now to patterns: those of the test, of the training, or given ones."""
        if inputs is None:
            every = self.lesson.tests
            inputs = every.test_inputs if test else every.inputs
            targets = every.test_targets if test else every.targets
        X, Y = self.patterns(inputs, targets)
        if self.model.streams:
            self.states_for(X, Y, taught=False)
            top = slice(self.drawn.top, self.drawn.top + Y.shape[-1])
            said = self._streamed[:, :, top].copy()
            return of_streams(said, Y, self.lesson.asked_from, self.lesson.kinds)
        return of_patterns(self._outputs(X, Y), Y, self.lesson.declared.judged)

    def patterns(self, inputs: Any, targets: Any) -> tuple[Floats, Floats]:
        """Inputs and targets, (patterns, neurons), or (streams, steps, neurons), as wide as the task's.

        Raises:
            UsageError: they are of another shape, or no numbers, or not as many of the one as of the other.
        """
        found, wide = [], (self.stage.inputs.shape[-1], self.stage.targets.shape[-1])
        streams, what = self.model.streams, "streams" if self.model.streams else "patterns"
        for name, given, width in zip(("inputs", "targets"), (inputs, targets), wide, strict=True):
            right = f"rows of {counted(width, 'number')}, one for each neuron"
            right = f"streams, each of {right}, a row a step" if streams else right
            rows = numbers(given, name, right)
            rows = rows[None] if rows.ndim == 1 + streams else rows  # one alone
            if rows.ndim != 2 + streams or rows.shape[-1] != width or not np.isfinite(rows).all():
                raise wrong(given, name, right)
            found.append(rows)
        X, Y = found
        if X.shape[:-1] != Y.shape[:-1]:
            told = [" of ".join(map(str, rows.shape[:-1])) for rows in found]
            steps = " steps" if streams else ""
            raise UsageError(f"{told[0]}{steps} inputs and {told[1]}{steps} targets; give as many of each")
        if not len(X):
            raise UsageError(f"there are no {what}; give one or more")
        if streams and X.shape[1] <= self.lesson.asked_from:
            most = self.lesson.asked_from
            raise UsageError(
                f"streams of {counted(X.shape[1], 'step')} end before step {most}, from which they are asked"
            )
        return X, Y

    def _outputs(self, X: Floats, Y: Floats) -> Floats:
        """The rates of the target population, asked in portions that memory holds."""
        portion = max(1, AT_ONCE // (len(self.writer.states) * self.drawn.neurons))
        top, step, found = slice(self.drawn.top, self.drawn.top + Y.shape[1]), self.step, []
        try:
            for first in range(0, len(X), portion):
                some = slice(first, first + portion)
                found.append(self.states_for(X[some], Y[some])["x"][:, top])
                self.step += 1  # the next portion has luck of its own
        finally:
            self.step = step
        return np.concatenate(found)

    def states_for(
        self, X: Floats, Y: Floats, through: int | None = None, *, taught: bool = True
    ) -> dict[str, Floats]:
        """Every state after the phases up to the answer, or to number `through`; nothing is learned.

        At the end of a stream its teacher has spoken, unless it is not `taught`.
        """
        kept, step = self.counts.copy(), self.step
        last = next(k for k, p in enumerate(self.phases) if p.answer) if through is None else through
        size, fields = (1 if self.model.streams else len(X)), self.columns.copy()
        S = self._blank(size)
        self._told = np.zeros((len(self.writer.told), size))
        if self.model.streams:
            self._record = np.zeros((*Y.shape[:2], self.drawn.neurons))
        self._kernel(S, self._told, X, Y, np.arange(len(X)), 0, last + 1, False, taught)
        self.counts[:], self.step = kept, step
        self.columns[:] = fields
        if self.model.streams:
            self._streamed, self._record = self._record, np.zeros((0, 0, 0))
        if not np.isfinite(S).all():
            raise RunError(f"{self.learner.label}: a rate is no number any more; lower eta, or the weights")
        self._asked = S
        return {name: S[k] for k, name in enumerate(self.writer.states)}

    def update_for(self, X: Any, Y: Any) -> Floats:
        """The change of every weight these patterns, or streams, would bring, which is not made."""
        X, Y = self.patterns(X, Y)
        if self.model.streams:
            return self._update_for_streams(X, Y)
        last = max(k for k, p in enumerate(self.phases) if p.does == "update")
        self.states_for(X, Y, last)
        return self.propose(self._asked, self._told)

    def _update_for_streams(self, X: Floats, Y: Floats) -> Floats:
        """As `update_for`, of the last of some streams: traces exist only while one runs."""
        kept = self.columns.copy(), self.bias.copy(), self.counts.copy(), self.step
        S, M = self.desk(1)
        before = S.copy()
        self._kernel(S, M, X, Y, np.arange(len(X)))
        found: Floats = self.columns[1].copy()
        S[:] = before
        self.columns[:], self.bias[:], self.counts[:], self.step = kept
        return found

    def states_now(self) -> tuple[Floats, Floats]:
        """A copy of the states, and of what was told to all, that the last question left behind."""
        return self._asked.copy(), self._told.copy()

    def redo(self, number: int, S: Floats, M: Floats) -> Floats:
        """The states after one phase more."""
        again, counts, step = S.copy(), self.counts.copy(), self.step
        none = np.zeros((S.shape[1], 0))
        rows = np.arange(S.shape[1])
        self._kernel(again, M, S[0, :, : self.drawn.rest].copy(), none, rows, number, number + 1, False)
        self.counts[:], self.step = counts, step
        return again

    def propose(self, S: Floats, M: Floats) -> Floats:
        """What the update hook makes of these states, which is not applied."""
        kept, counts = self.columns.copy(), self.counts.copy()
        self.kernels.update(*self.arrays(S, M), False)
        found: Floats = self.columns[1].copy()
        self.columns[:], self.counts[:] = kept, counts
        return found

    def energy_trail(self, x: Any, y: Any, steps: int = 0) -> tuple[Floats, Floats]:
        """The energy along both phases of one pattern, where neurons settle one by one, in order.

        The second phase holds the target and starts from where the first ended.  Each phase takes
        `steps` updates of single neurons; where missing, 50 for every neuron.

        Raises:
            UsageError: this learner goes downhill in no energy, or it is no such pattern.
        """
        if not hasattr(self.kernels, "trail"):
            raise UsageError(f"{self.model.label} declares no energy; choose a learner that has one")
        d, h = self.drawn, float(self.settling[0])
        inc = np.argsort(d.ipost, kind="stable")
        ptr = np.searchsorted(d.ipost[inc], np.arange(d.neurons + 1))
        pairs = set(zip(d.ipost.tolist(), d.ipre.tolist(), strict=True))
        mirrored = [(pre, post) in pairs for pre, post in zip(d.ipre.tolist(), d.ipost.tolist(), strict=True)]
        share = np.where(mirrored, 1.0, 2.0)
        S, M = np.zeros((len(self.writer.states), 1, d.neurons)), np.zeros((len(self.writer.told), 1))
        X, Y = self.patterns([x], [y])
        S[self.writer.state("x"), 0, : d.rest] = X[0]
        S[self.writer.state("target"), 0, d.top : d.top + Y.shape[1]] = Y[0]
        found = []
        for clamp in (False, True):
            if clamp:
                self.kernels.hold(*self.arrays(S, M))
            trace = np.zeros((steps or 50 * d.neurons) + 1)
            self.kernels.trail(*self.arrays(S, M), h, clamp, inc, ptr, share, trace)
            found.append(trace)
        return found[0], found[1]

    def weights(self, way: Way) -> Floats:
        """The weights of a way now, in the order of its ids."""
        found: Floats = self.columns[0, way.here]
        return found

    @property
    def answered(self) -> Floats:
        """What every neuron sent at each step of the streams asked last, (streams, steps, neurons)."""
        return self._streamed

    @property
    def stream(self) -> Floats:
        """What every neuron sent at each step of the stream asked last, (steps, neurons); spikes are 1."""
        found: Floats = self._streamed[-1] if len(self._streamed) else np.zeros((0, self.drawn.neurons))
        return found

    @property
    def spikes(self) -> NDArray[np.bool_]:
        """Which neurons send spikes: those that run by their own model and send nothing else, and relays."""
        found = np.zeros(self.drawn.neurons, np.bool_)
        for row, id in enumerate(self.drawn.populations):
            model = registry.find(self.base.populations[id].model, "neuron")
            lives = self.drawn.areas[row, words.MODEL] >= 0 or model.is_relay
            found[self.drawn.rows_of(id)] = bool(self.model.runs) and lives and "x" not in model.in_time
        return found
