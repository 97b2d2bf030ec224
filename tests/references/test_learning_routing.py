"""Conditional routing by the basal ganglia: interference, Parkinson's and Huntington's disease, and habit.

The stated figures do not say where a trial starts.  Here GPe starts at 0.6 with STN and GPi at rest beside
it, which gives the stated times to within a tenth.  All rates are rectified, those of the contents too, and
the two striatal cells of a gate have noise of their own: with either left out, low dopamine (.7) would
answer nearly always or nearly never.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import UnknownName, UsageError
from engine.runtime.routing import Routing

ASKED = (("colour", True), ("colour", False), ("word", False), ("word", True))
STATED = {
    "healthy": ({}, "1/0/0/103, 1/0/0/169, 1/0/0/94"),
    "dopamine .8": ({"dopamine": 0.8}, "1/0/0/283, .98/.02/0/377, 1/0/0/95"),
    "dopamine .7": ({"dopamine": 0.7}, ".31/.69/0/570, .33/.68/0/591, 1/0/0/96"),
    "dopamine .6": ({"dopamine": 0.6}, ".01/.99/0/-, .01/.99/0/-, 1/0/0/97"),
    "loss .5": ({"loss": 0.5}, "1/0/0/82, .57/0/.43/122, 1/0/0/94"),
    "loss .8": ({"loss": 0.8}, "1/0/0/77, .34/0/.67/111, 1/0/0/94"),
}


def stated(row):
    """The stated cells of a condition: accuracy, omission, intrusion, ms (NaN where none)."""
    return [[float(x) if x != "-" else np.nan for x in cell.split("/")] for cell in row.split(", ")]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(200, id="reduced"),
        pytest.param(400, id="complete", marks=pytest.mark.long),
    ],
)
def outcomes(request):
    return {
        name: {key: Routing(**how).trials(*key, count=request.param) for key in ASKED}
        for name, (how, _) in STATED.items()
    }


@pytest.mark.parametrize("name", STATED)
def test_S8_A1_every_condition_comes_out_as_stated(outcomes, measured, name):
    ours = [outcomes[name][key] for key in ASKED[:3]]
    measured(
        "S8-A1",
        f"{name}: accuracy/omission/intrusion/ms; colour congruent, incongruent, word",
        source=STATED[name][1],
        ours=", ".join(f"{o.accuracy:.2f}/{o.omission:.2f}/{o.intrusion:.2f}/{o.time:.0f}" for o in ours),
        tolerance="0.12, 12 % of the time",
        kind="S",
    )
    for found, want in zip(ours, stated(STATED[name][1]), strict=True):
        shares = np.array([found.accuracy, found.omission, found.intrusion])
        assert shares.sum() == pytest.approx(1.0, abs=1e-12)
        np.testing.assert_allclose(shares, want[:3], atol=0.12)
        if np.isfinite(want[3]):
            assert found.time == pytest.approx(want[3], rel=0.12)


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
    assert low[0].omission <= low[1].omission < low[2].omission < low[3].omission
    assert low[3].omission > 0.9
    assert max(one.intrusion for one in low) < 0.02
    assert all(outcomes[name]["word", False].accuracy > 0.98 for name in outcomes)  # habit survives


def test_S8_A4_loss_of_the_indirect_way_lets_words_in_and_is_fast(outcomes):
    half, most = outcomes["loss .5"]["colour", False], outcomes["loss .8"]["colour", False]
    assert 0.25 <= half.intrusion < most.intrusion
    assert half.omission == most.omission == 0.0
    assert most.time < half.time < outcomes["healthy"]["colour", False].time


def test_S8_A5_success_makes_one_transfer_of_two(measured):
    runs = np.array([Routing(seed=seed).transfers(200) for seed in range(20)])
    blocks = runs.mean(axis=0).reshape(-1, 25).mean(axis=1)
    wanted = [1.98, 1.67, 1.22, 1.04, 1.01, 1.00, 1.00, 1.00]
    measured(
        "S8-A5",
        "transfers a trial in blocks of 25",
        source=" ".join(f"{w:.2f}" for w in wanted),
        ours=" ".join(f"{b:.2f}" for b in blocks),
        tolerance="0.08",
        kind="S",
    )
    np.testing.assert_allclose(blocks, wanted, atol=0.08)
    assert Routing(dopamine=0.2).transfers(200)[-25:].mean() > 1.0


def test_the_gates_of_one_trial_can_be_watched():
    course = Routing().course("colour", False)
    assert list(course) == list(Routing().model.states)
    assert course["thalamus"].shape == (1000, 2)
    assert course["thalamus"][400, 0] > 0.5
    assert course["gpi"][400, 0] < course["gpi"][0, 0]


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(UsageError, match=r"dopamine of Basal ganglia is 3; it must be between 0 and 2"):
        Routing(dopamine=3.0)
    with pytest.raises(UsageError, match="between 0 and 1"):
        Routing(loss=1.5)
    with pytest.raises(UnknownName, match="did you mean 'dopamine'"):
        Routing(dopamin=1.0)
    with pytest.raises(UnknownName, match="it has colour, word"):
        Routing().trials("smell", True)
