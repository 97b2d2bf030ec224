"""A training: a drawn network, a task and a learner in time.  Run it, step it by phase, look, capture."""

from __future__ import annotations

import time
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Phase
from engine.errors import RunError, UnknownName, Unstable, UsageError
from engine.kernels import lesson as kernels
from engine.network.network import Network
from engine.network.parts import Learner, Task
from engine.network.teaching import untrainable
from engine.runtime.training import criterion, ticks
from engine.runtime.training.chosen import learner_of, one_of
from engine.runtime.training.drawn import Drawn, Way
from engine.runtime.training.membranes import membranes
from engine.runtime.training.patterns import Lesson, Stage, lesson_of
from engine.runtime.training.shown import Answers as Answers
from engine.runtime.training.shown import Frame as Frame
from engine.runtime.training.shown import of_patterns, of_streams

State = dict[str, NDArray[Any]]
Floats = NDArray[np.float64]
ORDER = 61  # what the order of the patterns draws its luck for
AT_ONCE = 8_000_000
"""Numbers that the states of the patterns asked at one time may hold."""


class Training:
    """Trains a copy of `net`, which itself never changes.

    Args:
        net: the network; it holds the task and the learner.
        task: which task, by id or label, where there are several.
        learner: which learner, by id or label, where there are several; or a slug.
        seed: what the order of patterns and all chance follow from; the network's own where missing.
        state: a capture to continue from.

    Raises:
        NeuropilError: this learner cannot train this network on this task; the message says what and where.
    """

    def __init__(
        self,
        net: Network,
        task: Any = None,
        learner: Any = None,
        *,
        seed: int | None = None,
        state: State | None = None,
    ) -> None:
        self.base = net.copy()
        self.seed = int(net.seed if seed is None else seed)
        self.task: Task = one_of(self.base.tasks, task, "task")
        self.learner: Learner = learner_of(self.base, learner)
        for problem in untrainable(self.base, self.learner, self.task):
            raise UsageError(str(problem))
        self.model = registry.find(self.learner.model, "learner")
        hooks = self.model.hooks
        wants = {kernels.FORWARD}
        if self.model.recurrent:
            wants |= {kernels.LATERAL, kernels.FEEDBACK}
        if "feedback" in hooks:
            wants.add(kernels.FEEDBACK)
        runs = bool(self.model.runs)
        self.drawn = Drawn(self.base, self.task, self.model.trains_feedback, frozenset(wants), runs)
        neurons = tuple(registry.find(slug, "neuron") for slug in self.drawn.models)
        self.writer = kernels.Writer(self.model, neurons)
        sizes = self.drawn.size
        outputs = sizes[self.drawn.outputs] if self.task.outputs is not None else 0
        self.lesson: Lesson = lesson_of(self.task, sizes[self.drawn.inputs], outputs, self.seed)
        self.params = self._params()
        self.kernels = kernels.module(self.model, neurons)
        self.still = membranes(self.base, self.drawn, self.writer.states)
        self.columns = np.zeros((len(self.writer.fields), self.drawn.weight.size))
        self.columns[0] = self.drawn.weight
        for name, field in self.model.fields.items():
            start = field.init if not isinstance(field.init, str) else self.value(field.init)
            self.columns[self.writer.fields.index(name)] = start
        self.bias = self.drawn.bias.copy()
        self.counts = np.zeros(8, np.int64)
        self.step = 0
        self.epoch = 0
        self.batch_number = 0
        self.phase_number = 0
        self.tick = 0
        """The step of the stream that is being stepped; 0 for patterns that are no streams."""
        self.learned_at: int | None = None
        """The epoch before which the task was first found to be learned (see `criterion`)."""
        self.learned_after: int | None = None
        """The patterns that had been shown by then."""
        self.mastered: list[float] = []
        """Share right in the test of each stage right after its last epoch, where there are several."""
        self.seconds = 0.0
        """Seconds of one processor that the epochs of `run` took, questions not counted."""
        self._judged_at = -1
        self.size = self._size()
        self._record = self._streamed = np.zeros((0, 0, 0))
        self._desks: dict[int, tuple[Floats, Floats]] = {}
        if state is not None:
            self.restore(state)

    # -- numbers -----------------------------------------------------------------------------------

    def value(self, name: str) -> float:
        """A parameter of the learner as the kernels take it."""
        given = self.learner.params.get(name)
        return self.model.params[name].default if given is None else self.model.number(name, cast(Any, given))

    def _size(self) -> int:
        """How many patterns a batch has; streams come one by one."""
        return 1 if self.model.streams else min(max(1, int(self.value("batch"))), len(self.stage.inputs))

    def taught(self) -> tuple[Floats, Floats]:
        """The patterns of the present epoch, and the targets as its teacher sends them: `late` ones on."""
        inputs, targets = self.stage.inputs, self.stage.targets
        if late := int(self.value("late")):
            order, sent = self.order(), np.empty_like(targets)
            sent[order] = targets[np.roll(order, late)]
            return inputs, sent
        return inputs, targets

    @property
    def is_taught(self) -> bool:
        """Whether the teacher is heard; with one that is cut no weight changes."""
        return self.model.params["teacher"].options[int(self.value("teacher"))] != "cut"

    def _params(self) -> Floats:
        return np.array([self.value(name) for name in self.writer.params] or [0.0])

    def set(self, **values: float | str) -> None:
        """Turn parameters of the learner; acts from the next phase on."""
        for name, value in values.items():
            if name not in self.model.params:
                raise UnknownName(f"{self.model.slug} has no parameter {name!r}")
            self.learner.params[name] = value
        self.params[:] = self._params()

    @property
    def settling(self) -> Floats:
        """Step, tolerance and greatest number of steps of a settling phase."""
        found = [self.value(n) if n in self.model.params else 1.0 for n in self.model.settling]
        return np.array(found)

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases every batch goes through."""
        return self.model.phases

    @property
    def stage(self) -> Stage:
        """The patterns of the present epoch: a task may have stages, so many epochs each."""
        return self.lesson.stages[self.stage_number]

    @property
    def stage_number(self) -> int:
        """Which stage that is."""
        return min(self.epoch // self.lesson.epochs, len(self.lesson.stages) - 1)

    @property
    def notes(self) -> list[str]:
        """What this learner leaves out of what is drawn, and what did not go as it should."""
        found = []
        for id in self.drawn.idle:
            way = self.base.projections[id]
            found.append(
                f"{way.label}: {len(way)} synapses take no part; {self.model.label} has no use for them"
            )
        if self.counts[kernels.UNSETTLED]:
            found.append(
                f"{self.counts[kernels.UNSETTLED]} of {self.counts[kernels.SWITCHES]} phases did not "
                f"settle in {int(self.settling[2])} steps; raise n_max, or lower the weights"
            )
        return found

    @property
    def counted(self) -> dict[str, int]:
        """Multiply-accumulates, settling steps, unsettled phases, phases and patterns so far."""
        names = ("macs", "steps", "unsettled", "phases", "samples")
        return dict(zip(names, self.counts[:5].tolist(), strict=True))

    # -- time --------------------------------------------------------------------------------------

    def order(self) -> NDArray[np.int64]:
        """The order of the patterns in the present epoch: by seed and epoch alone."""
        luck = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, ORDER, self.epoch])))
        return luck.permutation(len(self.stage.inputs)).astype(np.int64)

    def run(self, epochs: int = 1, until: bool = False) -> Training:
        """Train for so many epochs; with `until` stop as soon as the task is found to be learned.

        Whether it is learned is asked on the way, at epochs that do not depend on how a run is divided
        (see `criterion`); `learned_at` keeps the first one.

        Raises:
            Unstable: a weight or a rate is no number any more; says which and when.
        """
        for _ in range(int(epochs)):
            if self.judge() and until:
                return self
            began = time.thread_time()
            self.run_epoch()
            self.seconds += time.thread_time() - began
            self._examine_stage()
        self.judge()
        return self

    def _examine_stage(self) -> None:
        """Ask about the stage that has just ended, while it is at its best."""
        stages, number = self.lesson.stages, len(self.mastered)
        if len(stages) > 1 and number < len(stages) and self.epoch == (number + 1) * self.lesson.epochs:
            asked = stages[number]
            self.mastered.append(criterion.judged(self, asked.test_inputs, asked.test_targets).right)

    def judge(self) -> bool:
        """Whether the task has been learned by now; asks if it is time to and nobody has asked yet."""
        if self.learned_at is None and self._judged_at != self.epoch and criterion.is_due(self):
            self._judged_at = self.epoch
            if self.is_learned():
                self.learned_at, self.learned_after = self.epoch, self.counted["samples"]
        return self.learned_at is not None

    @property
    def is_amid(self) -> bool:
        """Whether some phases of the present batch are done and others are not."""
        return bool(self.phase_number or self.tick)

    def run_epoch(self) -> None:
        """Train to the end of the present epoch."""
        present = self.epoch
        while self.is_amid:
            self.run_phase()
        if self.epoch > present:
            return  # the batch that was begun by hand was its last
        order, size = self.order(), self.size
        whole = order.size // size
        if self.batch_number < whole:
            self._batches(order[self.batch_number * size : whole * size], size)
            self.batch_number = whole
        if order.size % size and self.batch_number == whole:
            self._batches(order[whole * size :], order.size % size)
        self._next_epoch()

    def run_batch(self) -> None:
        """Train with one batch of patterns."""
        if self.model.streams and not self.is_amid:
            self._batches(self.rows(), 1)
            self.end_batch()
            return
        self.run_phase()
        while self.is_amid:
            self.run_phase()

    def run_phase(self) -> Phase:
        """Do the next phase of the present batch, of the present step of a stream, and return it."""
        if self.model.streams:
            return ticks.run_phase(self)
        rows = self.rows()
        S, M = self.desk(rows.size)
        done, number = self.phases[self.phase_number], self.phase_number
        self._kernel(S, M, *self.taught(), rows, number, number + 1, self.is_taught)
        self.phase_number += 1
        if self.phase_number == len(self.phases):
            self.phase_number = 0
            self.sound(S)
            self.end_batch()
        return done

    def end_batch(self) -> None:
        """The present batch is done."""
        self.batch_number += 1
        if self.batch_number * self.size >= len(self.stage.inputs):
            self._next_epoch()

    def rows(self) -> NDArray[np.int64]:
        """Which patterns the present batch holds."""
        return self.order()[self.batch_number * self.size : (self.batch_number + 1) * self.size]

    def desk(self, size: int) -> tuple[Floats, Floats]:
        """The states and what is told to all, for so many patterns at a time."""
        if size not in self._desks:
            self._desks[size] = self._blank(size), np.zeros((len(self.writer.told), size))
        return self._desks[size]

    def _blank(self, size: int) -> Floats:
        """States nothing has happened to yet."""
        S = np.zeros((len(self.writer.states), size, self.drawn.neurons))
        if self.model.runs:
            S[:] = self.still[:, None, :]
        return S

    def arrays(self, S: Floats, M: Floats) -> tuple[Any, ...]:
        """What every kernel takes."""
        d = self.drawn
        return (
            S, self.columns, self.params, M, d.areas, d.table, d.ipre, d.ipost, self.bias, d.ids, self.counts,
            self.seed, self.step,
        )  # fmt: skip

    def _kernel(
        self, S: Floats, M: Floats, X: Floats, Y: Floats, order: NDArray[np.int64], first: int = 0,
        last: int = 99, learn: bool = True,
    ) -> None:  # fmt: skip
        where = (self.drawn.rest, self.drawn.top, first, last, learn, self._record)
        self.step = int(self.kernels.epoch(*self.arrays(S, M), self.settling, X, Y, order, *where))

    def _batches(self, order: NDArray[np.int64], size: int) -> None:
        S, M = self.desk(1 if self.model.streams else size)
        self._kernel(S, M, *self.taught(), order, learn=self.is_taught)
        self.sound(S)

    def _next_epoch(self) -> None:
        self.epoch += 1
        self.batch_number = 0
        self.size = self._size()

    def sound(self, S: Floats) -> None:
        """Raise where a weight, a bias or a rate is no number any more."""
        if np.isfinite(self.columns[0]).all() and np.isfinite(self.bias).all():
            return
        for way in self.drawn.ways:
            bad = ~np.isfinite(self.columns[0, way.here])
            if bad.any():
                raise Unstable(
                    f"synapse {way.ids[bad][0]} of {way.label!r}: its weight is no number any more in epoch "
                    f"{self.epoch}, by {self.learner.label}; lower eta, or begin with smaller weights",
                    variable="weight", projection=way.projection, rule=self.learner.model,
                )  # fmt: skip
        row = int(np.flatnonzero(~np.isfinite(self.bias))[0])
        raise Unstable(
            f"neuron {self.drawn.ids[row]}: its bias is no number any more in epoch {self.epoch}, by "
            f"{self.learner.label}; lower eta",
            variable="bias", neuron=int(self.drawn.ids[row]), rule=self.learner.model,
        )  # fmt: skip

    # -- asking ------------------------------------------------------------------------------------

    def answers(self, inputs: Any = None, targets: Any = None, *, test: bool = True) -> Answers:
        """What the network says now to patterns: those of the test, of the training, or given ones."""
        if inputs is None:
            every = self.lesson.tests
            inputs = every.test_inputs if test else every.inputs
            targets = every.test_targets if test else every.targets
        X, Y = np.atleast_2d(np.asarray(inputs, np.float64)), np.atleast_2d(np.asarray(targets, np.float64))
        if self.model.streams:
            self.states_for(X, Y)
            top = slice(self.drawn.top, self.drawn.top + Y.shape[-1])
            return of_streams(self._streamed[:, :, top].copy(), Y)
        return of_patterns(self._outputs(X, Y), Y, self.lesson.declared.judged)

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

    def states_for(self, X: Floats, Y: Floats, through: int | None = None) -> dict[str, Floats]:
        """Every state after the phases up to the answer, or to number `through`; nothing is learned."""
        kept, step = self.counts.copy(), self.step
        last = next(k for k, p in enumerate(self.phases) if p.answer) if through is None else through
        size, fields = (1 if self.model.streams else len(X)), self.columns.copy()
        S = self._blank(size)
        self._told = np.zeros((len(self.writer.told), size))
        if self.model.streams:
            self._record = np.zeros((*Y.shape[:2], self.drawn.neurons))
        self._kernel(S, self._told, X, Y, np.arange(len(X)), 0, last + 1, False)
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
        X, Y = np.atleast_2d(np.asarray(X, np.float64)), np.atleast_2d(np.asarray(Y, np.float64))
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
            UsageError: this learner goes downhill in no energy.
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
        S[self.writer.state("x"), 0, : d.rest] = x
        target = np.atleast_1d(np.asarray(y, np.float64))
        S[self.writer.state("target"), 0, d.top : d.top + target.size] = target
        found = []
        for clamp in (False, True):
            if clamp:
                self.kernels.hold(*self.arrays(S, M))
            trace = np.zeros((steps or 50 * d.neurons) + 1)
            self.kernels.trail(*self.arrays(S, M), h, clamp, inc, ptr, share, trace)
            found.append(trace)
        return found[0], found[1]

    def is_learned(self) -> bool:
        """Whether the task's criterion is met now, by answers as they are judged (see `criterion`)."""
        return criterion.is_met(self)

    # -- looking -----------------------------------------------------------------------------------

    def weights(self, way: Way) -> Floats:
        """The weights of a way now, in the order of its ids."""
        found: Floats = self.columns[0, way.here]
        return found

    @property
    def network(self) -> Network:
        """The network as it now is, with the weights and biases it has learned."""
        net = self.base.copy()
        for way in self.drawn.ways:
            net.projections[way.projection].synapses.put("weight", way.ids, self.weights(way))
        for id in self.drawn.populations:
            rows = self.drawn.rows_of(id)
            if (self.bias[rows] != self.drawn.bias[rows]).any():
                trained = registry.find(net.populations[id].model, "neuron").trained
                net.set(int(id), **{trained["bias"]: self.bias[rows]})
        return net

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
            lives = self.drawn.areas[row, kernels.MODEL] >= 0 or model.is_relay
            found[self.drawn.rows_of(id)] = bool(self.model.runs) and lives and "x" not in model.in_time
        return found

    def frame(self) -> Frame:
        """What a view may see now."""
        rows = self.rows()
        S, _ = self.desk(rows.size)
        last = self.phases[self.phase_number - 1 - bool(self.tick and not self.phase_number)]
        states = {name: S[k].copy() for k, name in enumerate(self.writer.states)}
        weights = {way.projection: (way.ids, self.weights(way).copy()) for way in self.drawn.ways}
        return Frame(
            self.epoch, self.batch_number, last.name, last.colour, self.drawn.ids, states, weights, rows,
            self.stream, self.spikes, ticks.done(self),
        )  # fmt: skip

    # -- capture -----------------------------------------------------------------------------------

    def capture(self) -> State:
        """Everything the training needs to go on as if it had never stopped, as named arrays."""
        where = [
            self.step, self.epoch, self.batch_number, self.phase_number, self.size, self.seed, self.tick,
        ]  # fmt: skip
        S, M = self.desk(self.rows().size)
        found = {
            "training/where": np.array(where, np.int64), "training/columns": self.columns.copy(),
            "training/bias": self.bias.copy(), "training/counts": self.counts.copy(),
        }  # fmt: skip
        if self.learned_at is not None:
            found["training/learned"] = np.array([self.learned_at, self.learned_after], np.int64)
        if self.mastered:
            found["training/mastered"] = np.array(self.mastered)
        if self.is_amid:
            found |= {"training/states": S.copy(), "training/told": M.copy()}
        return found

    def restore(self, state: State) -> None:
        """Go back to a capture of a training of the same network, task and learner."""
        columns = state["training/columns"]
        if columns.shape != self.columns.shape:
            raise UsageError(
                f"the capture holds {columns.shape[1]} synapses with {columns.shape[0]} columns, not "
                f"{self.columns.shape[1]} with {self.columns.shape[0]}: another network or learner wrote it"
            )
        where = state["training/where"].tolist()
        self.step, self.epoch, self.batch_number, self.phase_number, self.size, self.seed = where[:6]
        self.tick = where[6] if len(where) > 6 else 0  # older captures stand between two streams
        self.columns[:], self.bias[:] = columns, state["training/bias"]
        self.counts[:] = state["training/counts"]
        learned = state.get("training/learned")
        self.learned_at, self.learned_after = (None, None) if learned is None else learned.tolist()
        self.mastered = state["training/mastered"].tolist() if "training/mastered" in state else []
        self._judged_at = -1
        if self.is_amid:
            S, M = self.desk(self.rows().size)
            S[:], M[:] = state["training/states"], state["training/told"]
