"""How learning went: samples to a criterion, and what was forgotten of each lesson by the end.

These train the training they are given; a run that never met the criterion is None, never averaged in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.runtime.training.criterion import judged


@dataclass(frozen=True)
class Continual:
    """Lessons one after the other: right answers in per cent.

    `learned` of each lesson right after it, `kept` of each at the end, `final` over all of them.
    """

    learned: tuple[float, ...]
    kept: tuple[float, ...]
    final: float

    @property
    def forgetting(self) -> float:
        """Points lost between learning a lesson and the end, on average over all but the last."""
        lost = [a - b for a, b in zip(self.learned[:-1], self.kept[:-1], strict=True)]
        return sum(lost) / len(lost) if lost else 0.0


def forgetting(training: Any) -> float:
    """Points lost of the earlier stages of a task since each was learned, on average; NaN before any."""
    number = min(training.stage_number, len(training.mastered))
    lost = [
        100.0 * (best - judged(training, stage.test_inputs, stage.test_targets).right)
        for best, stage in zip(training.mastered[:number], training.lesson.stages, strict=False)
    ]
    return sum(lost) / len(lost) if lost else float("nan")


def lessons(training: Any) -> Continual:
    """Train through every stage of a task, from wherever it stands, and ask after each and at the end."""
    stages, each = training.lesson.stages, training.lesson.epochs
    learned = []
    for number in range(len(stages)):
        while training.epoch < (number + 1) * each:
            training.run_epoch()
        learned.append(_right(training, stages[number]))
    kept = [_right(training, stage) for stage in stages]
    return Continual(tuple(learned), tuple(kept), 100.0 * training.answers().right)


def _right(training: Any, stage: Any) -> float:
    return 100.0 * float(training.answers(stage.test_inputs, stage.test_targets).right)


def samples_to(training: Any, share: float, most: int, every: int = 200) -> int | None:
    """Patterns seen until the share of right answers of the test is first reached, None within `most`.

    It asks every so many patterns, so the answer is no finer than that.
    """
    asked = training.counted["samples"]
    while training.counted["samples"] < most:
        training.run_batch()
        if training.counted["samples"] - asked >= every:
            asked = training.counted["samples"]
            if training.answers().right >= share:
                return int(asked)
    return None
