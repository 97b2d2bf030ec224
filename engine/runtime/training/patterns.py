"""The patterns of a task as arrays: made once from the task, its luck and the numbers stored with it."""

from __future__ import annotations

import csv
import inspect
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry, units
from engine.counting import counted
from engine.declare import Task as Declared
from engine.errors import UsageError
from engine.network.given import numbers
from engine.network.parts import Task

Floats = NDArray[np.float64]
PURPOSE = 59


class Luck:
    """Random numbers for making patterns, which follow from the seed and nothing else."""

    def __init__(self, seed: int) -> None:
        self._luck = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, PURPOSE])))

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A number between `low` and `high`."""
        return float(self._luck.uniform(low, high))

    def normal(self, mean: float = 0.0, sd: float = 1.0) -> float:
        """A normal number."""
        return float(self._luck.normal(mean, sd))

    def integers(self, n: int) -> int:
        """A whole number below `n`."""
        return int(self._luck.integers(n))

    def shuffled(self, values: list[Any]) -> list[Any]:
        """The values in another order."""
        return [values[k] for k in self._luck.permutation(len(values))]


@dataclass
class Stage:
    """What is learned at one time, and what is asked about it."""

    inputs: Floats
    targets: Floats
    test_inputs: Floats
    test_targets: Floats


@dataclass
class Lesson:
    """The stages of a task, one after the other, and the task's declaration with its parameters."""

    declared: type[Declared]
    params: Any
    stages: list[Stage]
    probe: Floats
    """Patterns that only look: laid out by the task, to see what neurons prefer."""
    is_tested: bool = False
    """Whether the patterns of its test are others than those that are learned."""
    asked_from: int = 0
    """The step of a stream with which its teacher begins, and from which its answer counts."""

    @property
    def epochs(self) -> int:
        """How many epochs each stage lasts before the next one begins."""
        return max(1, int(getattr(self.params, "epochs", 1)))

    @property
    def tests(self) -> Stage:
        """Everything that is ever asked, in one."""
        return Stage(*(np.concatenate([getattr(s, n) for s in self.stages]) for n in vars(self.stages[0])))

    @cached_property
    def kinds(self) -> Floats:
        """The targets there are of streams that are judged by class, (kinds, targets); empty for others."""
        if not (self.declared.streams and self.declared.judged == "class"):
            return np.zeros((0, 0))
        asked = [s.targets[:, self.asked_from :].mean(axis=1) for s in self.stages]
        found: Floats = np.unique(np.concatenate(asked), axis=0)
        return found

    def count(self, *, test: bool) -> int:
        """How many patterns there are to be learned, or to be tested with."""
        return sum(len(s.test_inputs if test else s.inputs) for s in self.stages)


def lesson_of(task: Task, n_in: int, n_out: int, seed: int) -> Lesson:
    """The patterns of a task for populations of these sizes.

    Raises:
        UsageError: there are no patterns, or one is not a number.
    """
    declared = registry.find(task.model, "task")
    params = declared.row(**{k: v for k, v in task.params.items() if isinstance(v, float | str)})
    stored: Mapping[str, Any] = _stored(declared)
    if declared.lists:
        sizes = {"inputs": n_in, "targets": n_out}
        stored = {k: v.reshape(-1, sizes[k]) if sizes[k] else v for k, v in task.lists.items()}
    made = declared.patterns(params, Luck(seed), stored)
    train, test = made["train"], made.get("test", made["train"])
    stages = []
    for one, other in zip(train, test, strict=True):
        stages.append(Stage(*(np.ascontiguousarray(side, np.float64) for side in (*one, *other))))
    for stage in stages:
        for name, array in vars(stage).items():
            size = n_in if name.endswith("inputs") else n_out
            if not len(array):
                raise UsageError(f"{task.label}: it has no patterns; give it some")
            if array.shape[-1] != size:
                what = f"{task.label}: {array.shape[-1]} {name} for {counted(size, 'neuron')}"
                raise UsageError(f"{what}; give the population as many neurons as the task has numbers")
            if not np.isfinite(array).all():
                row = int(np.argwhere(~np.isfinite(array))[0, 0])
                raise UsageError(f"{task.label}: pattern {row} holds a value that is no number; leave it out")
    probe = np.array(made.get("probe", []), np.float64)
    begins = _asked_from(task, declared, params, stages)
    return Lesson(declared, params, stages, probe, "test" in made, begins)


def _asked_from(task: Task, declared: type[Declared], params: Any, stages: list[Stage]) -> int:
    """When the teacher of streams begins; before that no target is shown to anybody."""
    steps = int(stages[0].inputs.shape[1])
    if declared.marks and (at := int(getattr(params, declared.marks))) >= steps:
        what = f"{task.label}: {declared.marks} is at step {at} and a stream has {steps}"
        raise UsageError(f"{what}; choose less than {steps}")
    if not declared.asked:
        return 0
    last = int(getattr(params, declared.asked))
    if last > steps:
        what = f"{task.label}: {declared.asked} is {last} steps and a stream has {steps}"
        raise UsageError(f"{what}; choose at most {steps}")
    for stage in stages:
        stage.targets[:, : steps - last] = stage.test_targets[:, : steps - last] = 0.0
    return steps - last


def _stored(declared: type[Declared]) -> Mapping[str, Any]:
    if not declared.file:
        return {}
    with np.load(Path(inspect.getfile(declared)).with_name(declared.file), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def table(path: str | Path, n_in: int, n_out: int) -> dict[str, Floats]:
    """The user's own patterns from a CSV or NPY file: `n_in` inputs and then `n_out` targets in each row.

    Raises:
        UsageError: it is no such file, or its rows have another length, or hold no numbers.
    """
    rows = rows_of(path)
    if rows.shape[1] != n_in + n_out:
        raise UsageError(
            f"{path}: its rows have {counted(rows.shape[1], 'number')}; {n_in} inputs and "
            f"{counted(n_out, 'target')} make {n_in + n_out}"
        )
    return {"inputs": rows[:, :n_in].ravel(), "targets": rows[:, n_in:].ravel()}


def rows_of(path: str | Path) -> Floats:
    """The rows of numbers of a CSV or NPY file, whatever they are.

    Cells stand between commas, or between tabs or semicolons where the first line has such.  A first line in
    which no cell is a number is a heading, and left out.

    Raises:
        UsageError: it is no such file, or its rows differ in length, or hold something that is no number.
    """
    path = Path(path)
    right = "a table is rows of numbers"
    try:
        if path.suffix.lower() == ".npy":
            rows = numbers(np.load(path, allow_pickle=False), str(path), "rows of numbers")
            named = list(range(1, len(rows) + 1 if rows.ndim else 1))
        elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
            rows, named = _rows_of_text(path)
        else:
            raise UsageError(f"{path}: a table is a .csv or a .npy file")
    except UsageError:
        raise
    except (OSError, ValueError, EOFError, csv.Error) as error:
        raise UsageError(f"{path}: {error}; {right}") from error
    if rows.ndim != 2 or not rows.size:
        raise UsageError(f"{path}: it holds {rows.shape} numbers; {right}, of one length")
    if not np.isfinite(rows).all():
        row = int(np.argwhere(~np.isfinite(rows))[0, 0])
        raise UsageError(f"{path}: row {named[row]} holds no number; fill it in")
    return rows


def _rows_of_text(path: Path) -> tuple[Floats, list[int]]:
    """The numbers of a text file, and the line each row stands on."""
    lines = path.read_text("utf-8-sig").splitlines()
    first = next((line for line in lines if line.strip()), "")
    mark = next((mark for mark in "\t;" if mark in first), ",")
    cells = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    kept = [(at, row) for at, row in enumerate(cells, 1) if any(row)]
    if kept and not any(units.is_number(cell) for cell in kept[0][1]):
        kept.pop(0)
    for at, row in kept:
        if len(row) != len(kept[0][1]):
            raise UsageError(
                f"{path}: row {at} has {counted(len(row), 'number')}, the first {len(kept[0][1])}"
            )
        odd = next((cell for cell in row if not units.is_number(cell)), None)
        if odd is not None:
            what = (
                f"holds {reprlib.repr(odd)}, which is no number" if odd else "has a cell with nothing in it"
            )
            cure = "write a number; a heading is one line, above all others, and holds no number at all"
            raise UsageError(f"{path}: row {at} {what}; {cure}")
    return np.array([row for _, row in kept], np.float64), [at for at, _ in kept]
