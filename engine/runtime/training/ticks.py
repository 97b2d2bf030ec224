"""A stream stepped by hand: the phases of each of its steps one by one, and at its end the update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.declare import Phase

if TYPE_CHECKING:
    from engine.runtime.training.training import Training


def run_phase(training: Training) -> Phase:
    """Do the next phase of the present step of a stream, or the update, which comes last; and return it."""
    number = training.phase_number
    done = training.phases[number]
    S, M = training.desk(1)
    if done.does == "update":
        if training.is_taught:
            training.kernels.update(*training.arrays(S, M), True)
        training.phase_number = training.tick = 0
        training.sound()
        training.end_batch()
        return done
    inputs, targets = training.taught()
    where = (training.drawn.rest, training.drawn.top, training.tick, number, number + 1)
    shown = (training.timing(taught=training.is_taught), inputs, targets, training.rows())
    training.step = int(training.kernels.tick(*training.arrays(S, M), *shown, *where))
    training.phase_number += 1
    if training.phases[training.phase_number].does == "update" and training.tick + 1 < length(training):
        training.tick, training.phase_number = training.tick + 1, 0
    return done


def run_to_update(training: Training) -> None:
    """Do everything of the present stream but the update, which is the next phase then."""
    while training.phases[training.phase_number].does != "update":
        run_phase(training)


def length(training: Training) -> int:
    """How many steps a stream has; 0 where patterns are no streams."""
    return int(training.stage.inputs.shape[1]) if training.model.streams else 0


def done(training: Training) -> int:
    """How many steps of the present stream are done or begun; 0 between two streams."""
    return training.tick + bool(training.phase_number) if training.model.streams else 0
