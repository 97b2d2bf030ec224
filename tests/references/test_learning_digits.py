# ruff: noqa: E501 - a row of a measure stays on its line
"""One architecture and every rule: digits of 8 x 8 through 64-32-10 neurons, for 20 epochs and three seeds.

Stated values are of independent implementations with other splits and other initial weights; three of their seeds
resolve about a point and a half.  The reward-penalty rule stands apart: there one class is drawn at the output, and
the networks drawn here have ten outputs that are drawn each for itself.  The dendritic microcircuit has no learner.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine import Training
from engine.analysis.ledger.learning import energy
from engine.runtime.training.criterion import judged
from tests.learning import layered
from tests.references.seeds import seeds, shown

EQUAL = {"output": "clipped", "hidden": "clipped", "feedback": "mirror"}
MIRROR = {"output": "linear", "feedback": "mirror"}
STEPS = {"n_max": 15.0, "dt": 0.5, "beta": 0.5}
TABLE = {  # how it is drawn, its parameters; stated after 20 epochs, their spread, and after 5
    "backprop": ({"output": "linear"}, {"eta": 0.2}, 95.28, 0.83, 91.6),
    "chl, gamma .05": (MIRROR, {"eta": 0.2, "gamma": 0.05, "n_max": 8.0}, 95.19, 0.98, 91.9),
    "chl, gamma .3": (MIRROR, {"eta": 0.2, "gamma": 0.3, "n_max": 8.0}, 93.70, 2.74, 91.3),
    "predictive_coding": (MIRROR, {"eta": 0.2}, 94.35, 1.37, 91.4),
    "equilibrium_propagation": (EQUAL, {"eta": 0.2, **STEPS}, 96.30, 1.37, 91.2),
    "generec, plain": (
        {"feedback": ("normal", 0.0, 0.3)},
        {"eta": 0.2, "variant": "plain"},
        96.02,
        0.42,
        92.6,
    ),
    "generec, midpoint": (
        {"feedback": ("normal", 0.0, 0.3)},
        {"eta": 0.2, "variant": "midpoint"},
        95.09,
        1.81,
        94.2,
    ),
    "generec, symmetric": ({"feedback": "mirror"}, {"eta": 0.2, "variant": "symmetric"}, 95.83, 1.55, 93.8),
    "generec, chl": ({"feedback": "mirror"}, {"eta": 0.2, "variant": "chl"}, 92.96, 2.12, 93.9),
    "feedback_alignment": (
        {"output": "linear", "feedback": ("normal", 0.0, 0.3)},
        {"eta": 0.1},
        90.83,
        1.67,
        88.6,
    ),
    "burst": ({"feedback": ("normal", 0.0, 1.0)}, {"eta": 5.0}, 94.26, 0.80, 87.2),
    "backprop, readout only": ({"output": "linear"}, {"eta": 0.1}, 80.74, 7.14, 60.1),
}


def right(rule: str, seed: int) -> tuple[float, float]:
    """Right answers of the test (%) after 5 and after 20 epochs."""
    drawn, params, *_ = TABLE[rule]
    net = layered(
        [64, 32, 10], "digits", rule.partition(",")[0], seed=seed, params={"batch": 10.0, **params}, **drawn
    )
    if rule.endswith("readout only"):
        net.set(net.projection("W1"), frozen=True)
    training = Training(net).run(5)
    early = 100 * training.answers().right
    return early, 100 * training.run(15).answers().right


@pytest.mark.long
@pytest.mark.parametrize("rule", TABLE)
def test_every_rule_learns_digits_as_well_as_stated(rule, measured):
    _, _, stated, spread, early = TABLE[rule]
    five, twenty = np.transpose([right(rule, seed) for seed in (1, 2, 3)])
    away = max(3.0, 2 * spread)
    measured(
        "Digits", f"64-32-10, {rule}: test after 20 epochs, each seed (after 5, mean)",
        source=f"{stated:.2f} +- {spread:.2f} % ({early})", ours=f"{shown(twenty)} % ({five.mean():.1f})",
        tolerance=f"{away:.1f} points of the mean", kind="S",
    )  # fmt: skip
    assert twenty.mean() == pytest.approx(stated, abs=away)


def sparse(seed: int) -> float:
    """Right answers of the test (%) after every picture was seen once by a fixed expansion of 1000, 50 of them active."""
    net = layered([64, 1000, 10], "digits", "sparse_readout", seed=seed, output="linear")
    net.set(net.projection("W1"), frozen=True)
    net.set(net.projection("W2").ids, weight=0.0)
    return 100 * Training(net).run(1).answers().right


@seeds(1, 1, 3)
def test_a_sparse_expansion_remembers_the_mean_of_each_digit(seeds, measured):
    found = [sparse(seed) for seed in seeds]
    measured(
        "Digits", "64-1000-10, 50 active, Hebbian readout (10 000 plastic weights): test after 1 epoch, each seed",
        source="89.44 +- 2.00 %", ours=f"{shown(found)} %", tolerance="4.0 points of the mean", kind="S",
    )  # fmt: skip
    assert np.mean(found) == pytest.approx(89.44, abs=4.0)


@pytest.mark.long
def test_reward_alone_teaches_digits_slowly_where_every_output_tries_for_itself(measured):
    """Far below the stated 88 %: that network draws one class and is right or not, which cannot be drawn here.

    Ten outputs that try each for itself share one reward of a mean over ten, of which nine are nearly always right.
    """
    found = []
    for seed in (1, 2, 3):
        net = layered([64, 32, 10], "digits", "reward_penalty", seed=seed, params={"eta": 0.05})
        found.append(100 * judged(Training(net).run(80), test=True).right)
    measured(
        "Digits", "64-32-10, reward_penalty, ten outputs that try each for itself: test after 80 epochs, each seed",
        source="88.06 +- 3.38 % with one class drawn of ten; 39.91 % by reward alone", ours=f"{shown(found)} %",
        tolerance="> 20 %, twice chance", kind="Q",
    )  # fmt: skip
    assert np.mean(found) > 20


OWN = {rule.partition(",")[0]: rule for rule in reversed(TABLE) if not rule.endswith("readout only")}


@pytest.mark.parametrize("learner", OWN)
def test_a_race_at_the_rates_of_the_cards_is_fair(learner, measured):
    """Who adds a learner to a race and turns nothing gets a rate by which it learns, above the readout alone."""
    drawn, params, *_, early = TABLE[OWN[learner]]
    given = {name: value for name, value in params.items() if name != "eta"}
    net = layered([64, 32, 10], "digits", learner, seed=11, params={"batch": 10.0, **given}, **drawn)
    found = 100 * Training(net).run(5).answers().right
    floor = TABLE["backprop, readout only"][-1]
    measured(
        "Digits", f"64-32-10, {learner} at the rate of its card: test after 5 epochs", source=f"{early} % at the best rate",
        ours=f"{found:.1f} %", tolerance=f"> {floor} %, the readout alone", kind="S",
    )  # fmt: skip
    assert found > floor


PAID = {  # joules a sample in tissue: the share of each axon, and whole axons
    "backprop": (5.4e-11, 1.0e-8),
    "chl, gamma .05": (1.1e-10, 2.0e-8),
    "generec, chl": (1.1e-10, 2.0e-8),
    "predictive_coding": (5.4e-11, 1.0e-8),
    "equilibrium_propagation": (1.6e-10, 3.1e-8),
}


@pytest.mark.parametrize("rule", PAID)
def test_L3_every_phase_that_takes_spikes_of_its_own_is_paid_in_tissue(rule, measured):
    drawn, params, *_ = TABLE[rule]
    net = layered(
        [64, 32, 10], "digits", rule.partition(",")[0], seed=1, params={"batch": 10.0, **params}, **drawn
    )
    training = Training(net).run(3)
    paid = energy(training, training.stage.inputs, training.stage.targets).costs[-2:]
    for cost, stated in zip(paid, PAID[rule], strict=True):
        if rule != "backprop":
            measured("L3", f"{rule}: {cost.label}, a sample", source=f"{stated:.1e} J", ours=f"{cost.joules:.1e} J",
                     tolerance="30 %", kind="N")  # fmt: skip
        assert cost.joules == pytest.approx(stated, rel=0.3)
