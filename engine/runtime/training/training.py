"""A training: a drawn network, a task and a learner in time.  Run it, step it by phase, look, capture."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Phase
from engine.errors import UsageError
from engine.network.edits import SetParams
from engine.network.given import whole, wrong
from engine.network.network import Network
from engine.runtime.training import criterion, remarks, ticks
from engine.runtime.training.asked import Asked
from engine.runtime.training.shown import Answers as Answers
from engine.runtime.training.shown import Frame as Frame

State = dict[str, NDArray[Any]]


class Training(Asked):
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
        super().__init__(net, task, learner, seed)
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
        if state is not None:
            self.restore(state)

    # -- time --------------------------------------------------------------------------------------

    def run(self, epochs: int = 1, until: bool = False) -> Training:
        """Train for so many epochs; with `until` stop as soon as the task is found to be learned.

        Whether it is learned is asked on the way, at epochs that do not depend on how a run is divided
        (see `criterion`); `learned_at` keeps the first one.

        Raises:
            Unstable: a weight or a rate is no number any more; says which and when.
        """
        for _ in range(whole(epochs, "epochs", 0)):
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
        self._kernel(S, M, *self.taught(), rows, number, number + 1, self.is_taught, self.is_taught)
        self.phase_number += 1
        if self.phase_number == len(self.phases):
            self.phase_number = 0
            self.sound()
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

    def _batches(self, order: NDArray[np.int64], size: int) -> None:
        S, M = self.desk(1 if self.model.streams else size)
        self._kernel(S, M, *self.taught(), order, learn=self.is_taught, taught=self.is_taught)
        self.sound()

    def _next_epoch(self) -> None:
        self.epoch += 1
        self.batch_number = 0
        self.size = self._size()

    def is_learned(self) -> bool:
        """Whether the task's criterion is met now, by answers as they are judged (see `criterion`)."""
        return criterion.is_met(self)

    # -- looking -----------------------------------------------------------------------------------

    @property
    def notes(self) -> list[str]:
        """What this learner leaves out of what is drawn, and what did not go as it should."""
        return list(remarks.of(self))

    @property
    def network(self) -> Network:
        """The network as it now is, with the weights and biases it has learned.

        Raises:
            Unstable: one of them is no number any more; `restore` an earlier capture, or begin anew.
        """
        self.sound()
        net = self.base.copy()
        for way in self.drawn.ways:
            net.projections[way.projection].synapses.put("weight", way.ids, self.weights(way))
        for id in self.drawn.populations:
            rows = self.drawn.rows_of(id)
            if (self.bias[rows] != self.drawn.bias[rows]).any():
                trained = registry.find(net.populations[id].model, "neuron").trained
                learned = {trained["bias"]: self.bias[rows]}
                net.apply(SetParams(np.array([id]), learned, restoring=True))  # whatever the weights became
        return net

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
        if self.is_amid or self.lasting:
            found |= {"training/states": S.copy(), "training/told": M.copy()}
        return found

    def restore(self, state: State) -> None:
        """Go back to a capture of a training of the same network, task and learner."""
        needed = ("training/columns", "training/bias", "training/counts", "training/where")
        if not isinstance(state, Mapping) or any(name not in state for name in needed):
            raise wrong(state, "state", "what `capture` of a training returned")
        columns = state["training/columns"]
        if columns.shape != self.columns.shape:
            raise UsageError(
                f"the capture holds {columns.shape[1]} synapses with {columns.shape[0]} columns, not "
                f"{self.columns.shape[1]} with {self.columns.shape[0]}: another network or learner wrote it"
            )
        if state["training/bias"].shape != self.bias.shape or len(state["training/where"]) < 6:
            raise wrong(state, "state", "what `capture` of a training of this network returned")
        where = state["training/where"].tolist()
        self.step, self.epoch, self.batch_number, self.phase_number, self.size, self.seed = where[:6]
        self.tick = where[6] if len(where) > 6 else 0  # older captures stand between two streams
        self.columns[:], self.bias[:] = columns, state["training/bias"]
        self.counts[:] = state["training/counts"]
        learned = state.get("training/learned")
        self.learned_at, self.learned_after = (None, None) if learned is None else learned.tolist()
        self.mastered = state["training/mastered"].tolist() if "training/mastered" in state else []
        self._judged_at = -1
        if "training/states" in state:
            S, M = self.desk(self.rows().size)
            S[:], M[:] = state["training/states"], state["training/told"]
