"""When a task counts as learned: by the training alone, whoever runs it and in whatever portions.

The training is asked before an epoch, with the weights as they then stand, about all patterns that are to be
learned.  A learner without chance is asked before every epoch, and learned is the first one that meets the
task's criterion.  One with chance is asked before the first epoch and then each time so many whole epochs are
over as hold 2000 patterns or more; it answers every pattern 5 times, or as often as makes 200 answers, with
numbers drawn for this alone, and the mean error or the share right of all these answers is what must meet the
criterion: one lucky draw teaches nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.declare import Learner
from engine.kernels.hooks import reads
from engine.once import once
from engine.runtime.training.shown import Answers

WINDOW = 2000
"""Patterns between two questions to a learner with chance."""
DRAWS = 5
"""Answers to each pattern that such a learner gives, at least."""
LEAST = 200
"""Answers to all patterns together, at least."""
PURPOSE = 71  # what answers to be judged draw their luck for


@once
def draws_luck(learner: type[Learner]) -> bool:
    """Whether a hook of a learner draws random numbers."""
    return any(seen.draws for seen in reads(learner).values())


def has_chance(training: Any) -> bool:
    """Whether a training answers by chance now: its learner draws, and its luck is not turned off."""
    model = training.model
    return draws_luck(model) and not (model.luck and not training.value(model.luck))


def is_due(training: Any) -> bool:
    """Whether a training stands where it is asked: between two epochs, and for chance every so many."""
    if training.batch_number or training.is_amid:
        return False
    every = -(-WINDOW // len(training.lesson.stages[0].inputs)) if has_chance(training) else 1
    return bool(training.epoch % every == 0)


def judged(training: Any, inputs: Any = None, targets: Any = None, *, test: bool = False) -> Answers:
    """The answers to patterns as they are judged: for a learner with chance the means over several draws.

    The patterns are those to be learned; with `test` those of the test; or given ones.
    """
    if not has_chance(training):
        found: Answers = training.answers(inputs, targets, test=test)
        return found
    seed, drawn = training.seed, []
    count = len(inputs) if inputs is not None else training.lesson.count(test=test)
    try:
        for draw in range(max(DRAWS, -(-LEAST // count))):
            luck = np.random.SeedSequence([seed, PURPOSE, draw])
            training.seed = int(luck.generate_state(1, np.uint32)[0])
            drawn.append(training.answers(inputs, targets, test=test))
    finally:
        training.seed = seed
    outputs = np.mean([one.outputs for one in drawn], axis=0)
    error, right = (float(np.mean([getattr(one, name) for one in drawn])) for name in ("error", "right"))
    return Answers(outputs, error, right, max(one.worst for one in drawn))


def is_met(training: Any) -> bool:
    """Whether the criterion of the task is met by what a training would answer now."""
    declared, found = training.lesson.declared, judged(training)
    if declared.judged == "error":
        return bool(found.error <= declared.criterion)
    return bool(found.right >= declared.criterion)
