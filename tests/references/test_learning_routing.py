"""Conditional routing by the basal ganglia: interference, Parkinson's and Huntington's disease, and habit."""

from __future__ import annotations

import numpy as np
import pytest

from engine.runtime.training.routing import Routing

STATED = {
    "healthy": ({}, "1/0/0/103, 1/0/0/169, 1/0/0/94"),
    "dopamine .8": ({"dopamine": 0.8}, "1/0/0/283, .98/.02/0/377, 1/0/0/95"),
    "dopamine .7": ({"dopamine": 0.7}, ".31/.69/0/570, .33/.68/0/591, 1/0/0/96"),
    "dopamine .6": ({"dopamine": 0.6}, ".01/.99/0/-, .01/.99/0/-, 1/0/0/97"),
    "loss .5": ({"loss": 0.5}, "1/0/0/82, .57/0/.43/122, 1/0/0/94"),
    "loss .8": ({"loss": 0.8}, "1/0/0/77, .34/0/.67/111, 1/0/0/94"),
}


@pytest.fixture(scope="module")
def outcomes():
    asked = (("colour", True), ("colour", False), ("word", True), ("word", False))
    return {
        name: {key: Routing(**how).trials(*key, count=200) for key in asked}
        for name, (how, _) in STATED.items()
    }


def test_S8_A1_every_condition_is_written_down(outcomes, measured):
    for name, (_, stated) in STATED.items():
        said = ", ".join(
            f"{o.accuracy:.2f}/{o.omission:.2f}/{o.intrusion:.2f}/{o.time:.0f}"
            for key, o in outcomes[name].items() if key != ("word", True)
        )  # fmt: skip
        measured(
            "S8-A1",
            f"{name}: accuracy/omission/intrusion/ms; colour congruent, incongruent, word",
            source=stated,
            ours=said,
            tolerance="order of conditions; times are shorter, the start is not stated",
            kind="Q",
        )
        assert all(abs(o.accuracy + o.omission + o.intrusion - 1.0) < 1e-12 for o in outcomes[name].values())


def test_S8_A2_words_disturb_colours_and_colours_do_not_disturb_words(outcomes, measured):
    healthy = outcomes["healthy"]
    colour = healthy["colour", False].time - healthy["colour", True].time
    word = healthy["word", False].time - healthy["word", True].time
    measured(
        "S8-A2",
        "interference: colour, word",
        source="66, < 5 ms",
        ours=f"{colour:.0f}, {word:.1f} ms",
        tolerance="45-90, < 5",
        kind="S",
    )
    assert 45 <= colour <= 90
    assert abs(word) < 5


def test_S8_A3_low_dopamine_slows_then_stops_and_does_not_intrude(outcomes):
    low = [
        outcomes[name]["colour", False] for name in ("healthy", "dopamine .8", "dopamine .7", "dopamine .6")
    ]
    assert low[0].time < low[1].time < low[2].time
    assert low[3].omission > 0.9
    assert max(one.intrusion for one in low) < 0.02
    assert all(outcomes[name]["word", False].accuracy > 0.98 for name in outcomes)  # habit survives


def test_S8_A4_loss_of_the_indirect_way_lets_words_in_and_is_fast(outcomes):
    half, most = outcomes["loss .5"]["colour", False], outcomes["loss .8"]["colour", False]
    assert 0.25 <= half.intrusion < most.intrusion
    assert half.omission == most.omission == 0.0
    assert most.time < half.time < outcomes["healthy"]["colour", False].time


def test_S8_A5_success_makes_one_transfer_of_two(measured):
    blocks = Routing().internalised(200).reshape(-1, 25).mean(axis=1)
    measured(
        "S8-A5",
        "transfers a trial in blocks of 25",
        source="1.98 1.67 1.22 1.04 1.01 1.00 1.00 1.00",
        ours=" ".join(f"{b:.2f}" for b in blocks),
        tolerance="2 at first, 1 at last",
        kind="S",
    )
    assert blocks[0] > 1.9
    assert (np.diff(blocks) <= 0).all()
    assert blocks[-1] == 1.0
    assert Routing(dopamine=0.2).internalised(200)[-25:].mean() > 1.0


def test_the_gates_of_one_trial_can_be_watched():
    course = Routing().course("colour", False)
    assert course.thalamus.shape == (1000, 2)
    assert course.thalamus[400, 0] > 0.5
    assert course.gpi[400, 0] < course.gpi[0, 0]


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ValueError, match="between 0 and 2"):
        Routing(dopamine=3.0)
    with pytest.raises(ValueError, match="it is a share"):
        Routing(loss=1.5)
