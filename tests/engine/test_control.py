"""Who steers a learner is measured: the teacher says something else, and what then changes was reached."""

from __future__ import annotations

import pytest

from engine import Training
from engine.analysis.ledger import control
from engine.analysis.ledger.control import control_of
from tests.learning import layered

FORWARD, BACK = 4 * 5 + 5 * 4, 4 * 5


def steered(learner: str, feedback=None, params=None) -> control.Control:
    return control_of(
        Training(layered([4, 5, 4], "enc424", learner, feedback=feedback, spread=1.0, params=params))
    )


@pytest.mark.parametrize(
    ("learner", "feedback", "expected"),
    [
        ("backprop", None, control.Control(control.BY_ERROR, 4, 4, FORWARD, 9, 1)),
        ("generec", "mirror", control.Control(control.BY_CLAMP, 4, 4, FORWARD + BACK, 9, 1)),
        ("equilibrium_propagation", "mirror", control.Control(control.BY_NUDGE, 4, 4, FORWARD + BACK, 9, 2)),
        ("predictive_coding", "mirror", control.Control(control.BY_CLAMP, 4, 4, FORWARD + BACK, 9, 0)),
        ("burst", ("uniform", -1, 1), control.Control(control.BY_ERROR, 4, 4, FORWARD, 9, 1)),
        ("reward_penalty", None, control.Control(control.BY_SUM, 1, 1, FORWARD, 9, 1)),
        ("sparse_readout", None, control.Control(control.BY_TARGET, 4, 4, 5 * 4, 4, 0)),
        ("returning_spike", None, control.Control(control.NOBODY, 0, 0, 0, 0, 0)),
    ],
)
def test_who_teaches_in_how_many_numbers_and_how_far_it_reaches(learner, feedback, expected):
    assert steered(learner, feedback) == expected


def test_a_parameter_that_changes_who_teaches_changes_what_is_said():
    both = steered("reward_penalty", params={"output": "delta"})
    assert (both.sources, both.dimension) == (5, 5)
    assert control.BY_SUM in both.teacher
    assert control.BY_ERROR in both.teacher


def test_patterns_in_time_wait_for_nobody_and_asking_leaves_the_training_as_it_was():
    small = {"steps": 40.0, "size": 5.0, "puff": 30.0}
    net = layered([5, 1], "eyeblink", "cerebellar", spread=1.0, of_task=small)
    one, other = Training(net).run(1), Training(net).run(1)
    found = control_of(one)
    assert (found.waits, found.dimension, found.neurons) == (0, 1, 1)
    assert 0 < found.synapses <= 5
    one.run(1), other.run(1)
    assert one.columns.tobytes() == other.columns.tobytes()
    assert one.counted == other.counted


def test_only_what_is_trained_is_reached():
    net = layered([4, 5, 4], "enc424", "backprop", spread=1.0)
    net.set(net.projection("W1"), frozen=True)
    assert control_of(Training(net)).synapses == 5 * 4
