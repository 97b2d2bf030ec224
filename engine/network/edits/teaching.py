# ruff: noqa: D102 - what `label`, `misfit`, `objection`, `advice` and `change` are, `Edit` says
"""Edits of what a network is to learn and how: tasks and learners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.network import fit, sense
from engine.network.edits.base import NOTHING, Edit
from engine.network.parts import Learner, Task
from engine.network.problems import Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


@dataclass(frozen=True, eq=False)
class AddTask(Edit):
    """Give the network something to learn."""

    task: Task
    carries = {"task": Task}

    def __post_init__(self) -> None:
        self.keep(task=self.task.copy())

    @property
    def label(self) -> str:
        return f"add {self.task.label or 'task'}"

    def misfit(self, net: Circuit) -> str:
        return fit.teaching_misfit(net, self.task)

    def objection(self, net: Circuit) -> Problems:
        yield from sense.of_record(net, self.task)

    def change(self, net: Circuit) -> Edit:
        net.put(self.task.copy())
        return RemoveTask(self.task.id, restoring=True)


@dataclass(frozen=True, eq=False)
class RemoveTask(Edit):
    """Take a task away; what was learned stays."""

    task: int

    @property
    def label(self) -> str:
        return "delete task"

    def change(self, net: Circuit) -> Edit:
        record = net.tasks.pop(self.task, None)
        return NOTHING if record is None else AddTask(record, restoring=True)


@dataclass(frozen=True, eq=False)
class AddLearner(Edit):
    """Say how the network learns."""

    learner: Learner
    carries = {"learner": Learner}

    def __post_init__(self) -> None:
        self.keep(learner=self.learner.copy())

    @property
    def label(self) -> str:
        return f"learn by {self.learner.label or self.learner.model}"

    def misfit(self, net: Circuit) -> str:
        return fit.teaching_misfit(net, self.learner)

    def objection(self, net: Circuit) -> Problems:
        yield from sense.of_record(net, self.learner)

    def change(self, net: Circuit) -> Edit:
        net.put(self.learner.copy())
        return RemoveLearner(self.learner.id, restoring=True)


@dataclass(frozen=True, eq=False)
class RemoveLearner(Edit):
    """Take a learner away; what it learned stays."""

    learner: int

    @property
    def label(self) -> str:
        return "delete learner"

    def change(self, net: Circuit) -> Edit:
        record = net.learners.pop(self.learner, None)
        return NOTHING if record is None else AddLearner(record, restoring=True)
