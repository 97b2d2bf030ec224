# ruff: noqa: E501 - a row of a measure stays on its line
"""One reward for all in area 7a: how long it takes, how well it points, and what its hidden neurons come to look like.

Sizes and constants are ours where the paper could not be read; stated values are of independent implementations.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from engine import Training
from engine.analysis.ledger.learning import gain_fields
from engine.runtime.training.criterion import judged
from engine.runtime.training.patterns import Luck
from tests.learning import layered
from tests.references.seeds import seeds


def area7a(learner: str, seed: int, params: dict[str, float | str], most: int, hidden: int = 8) -> Training:
    """Trained until the mean error is 0.05, or for so many epochs of 40 presentations."""
    net = layered([96, hidden, 8], "area7a", learner, seed=seed, params=params)
    luck = np.random.default_rng(seed)
    for name, spread in (("W1", 0.15), ("W2", 0.3)):
        ids = net.projection(name).ids
        net.set(ids, weight=luck.normal(0, spread, ids.size))
    training = Training(net)
    return training.run(most, until=True) if most else training


AREA = {  # by hidden neurons: presentations of BP, A_R-P and the hybrid, and their mean errors in the test
    8: ((4600, 157_000, 238_000), (0.107, 0.129, 0.128)),
    16: ((3100, 162_000, 152_000), (0.104, 0.128, 0.121)),
}


@pytest.mark.parametrize(
    ("hidden", "seeds"),
    [
        pytest.param(8, range(3), id="reduced"),
        pytest.param(8, range(10), id="complete, 8", marks=pytest.mark.long),
        pytest.param(16, range(10), id="complete, 16", marks=pytest.mark.long),
    ],
)
def test_S4_A1_one_reward_for_all_learns_where_the_head_looks_in_many_more_trials(hidden, seeds, measured):
    back = [area7a("backprop", seed, {"eta": 0.05}, 2000, hidden) for seed in seeds]
    reward = [area7a("reward_penalty", seed, {"eta": 0.1}, 10000, hidden) for seed in seeds]
    counts = [[t.epoch * 40 for t in group] for group in (back, reward)]
    ratio = float(np.median(counts[1]) / np.median(counts[0]))
    errors = [float(np.mean([judged(t, test=True).error for t in group])) for group in (back, reward)]
    reached = sum(t.is_learned() for t in reward)
    told, erred = AREA[hidden]
    measured(
        "S4-A1",
        f"{hidden} hidden, median presentations to mean error 0.05: BP, A_R-P; seeds that get there",
        source=f"{told[0]}, {told[1]} (ratio {told[1] / told[0]:.0f}); 10 of 10",
        ours=f"{np.median(counts[0]):.0f}, {np.median(counts[1]):.0f} (ratio {ratio:.0f}); "
        f"{reached} of {len(seeds)}",
        tolerance="ratio 15-80, 9 of 10 within 400000",
        kind="S",
    )
    measured(
        "S4-A2",
        f"{hidden} hidden, test mean error: BP, A_R-P ({len(seeds)} seeds)",
        source=f"{erred[0]}, {erred[1]}",
        ours=f"{errors[0]:.3f}, {errors[1]:.3f}",
        tolerance="<= 1.35 x BP",
        kind="S",
    )
    assert reached >= 0.9 * len(seeds)
    assert 15 <= ratio <= 80
    assert errors[1] <= 1.35 * errors[0]


@pytest.mark.long
@pytest.mark.parametrize("hidden", AREA)
def test_S4_A7_hidden_neurons_by_reward_and_outputs_by_error(hidden, measured):
    hybrid = [
        area7a("reward_penalty", seed, {"eta": 0.1, "output": "delta"}, 10000, hidden) for seed in range(10)
    ]
    reached, error = (
        sum(t.is_learned() for t in hybrid),
        np.mean([judged(t, test=True).error for t in hybrid]),
    )
    told, erred = AREA[hidden]
    measured(
        "S4-A7",
        f"{hidden} hidden, hybrid: median presentations; test mean error; seeds that get there",
        source=f"{told[2]}; {erred[2]}; 10 of 10",
        ours=f"{np.median([t.epoch * 40 for t in hybrid]):.0f}; {error:.3f}; {reached} of 10",
        tolerance="9 of 10; 0.03",
        kind="S",
    )
    assert reached >= 9
    assert error == pytest.approx(erred[2], abs=0.03)


def test_S4_A3_without_the_penalty_it_does_not_learn(measured):
    training = area7a("reward_penalty", 1, {"eta": 0.1, "penalty": 0.0}, 5000)
    error = training.answers(test=False).error
    measured(
        "S4-A3",
        "lambda 0 within 200 000 presentations",
        source="0/5 learn",
        ours=f"error {error:.3f}",
        tolerance="> 0.05",
        kind="S",
    )
    assert training.epoch == 5000


def interchanged(seed: int) -> tuple[float, float]:
    """The training error of A_R-P's weights run without chance, and of BP's run by chance."""
    quiet = area7a("reward_penalty", seed, {"eta": 0.1}, 10000)
    quiet.set(sampled=0.0)
    back = area7a("backprop", seed, {"eta": 0.05}, 2000)
    by_chance = area7a("reward_penalty", seed, {}, 0)
    by_chance.columns[0], by_chance.bias[:] = back.columns[0], back.bias
    return judged(quiet).error, judged(by_chance).error


@seeds(2, 1, 10)
def test_S4_A4_its_weights_still_work_without_chance(seeds, measured):
    quiet, by_chance = np.mean([interchanged(seed) for seed in seeds], axis=0)
    measured(
        "S4-A4",
        f"A_R-P weights run by their probabilities, BP weights run by chance ({len(seeds)} seeds)",
        source=".041, .101",
        ours=f"{quiet:.3f}, {by_chance:.3f}",
        tolerance="<= 0.05, 0.07-0.15",
        kind="S",
    )
    assert quiet <= 0.05
    assert 0.07 <= by_chance <= 0.15


@seeds(0, 3, 10)
def test_S4_A6_gain_fields_are_planar_and_more_so_before_anything_is_learned(seeds, measured):
    learned, fresh = [], []
    for seed in seeds:
        fresh += [field.planar for field in gain_fields(area7a("reward_penalty", seed, {"eta": 0.1}, 0))]
        learned += [
            field.planar for field in gain_fields(area7a("reward_penalty", seed, {"eta": 0.1}, 10000))
        ]
    measured(
        "S4-A6",
        "median planar R2 of eye-modulated hidden neurons: A_R-P, untrained",
        source=".76, 1.00",
        ours=f"{np.median(learned):.2f} (n {len(learned)}), {np.median(fresh):.2f} (n {len(fresh)})",
        tolerance=">= 0.6, untrained higher",
        kind="S",
    )
    assert np.median(learned) >= 0.6
    assert np.median(fresh) > np.median(learned)


@pytest.mark.long
def test_S4_A5_too_little_and_too_much_penalty_both_fail(measured):
    found = {}
    for penalty in (0.0, 0.003, 0.01, 0.03, 0.1):
        runs = [area7a("reward_penalty", seed, {"eta": 0.1, "penalty": penalty}, 10000) for seed in range(5)]
        found[penalty] = sum(run.is_learned() for run in runs)
    measured(
        "S4-A5",
        "lambda 0, .003, .01, .03, .1: seeds that learn",
        source="0, 4, 5, 0, 0 of 5",
        ours=f"{list(found.values())}",
        tolerance="inverted U",
        kind="S",
    )
    assert found[0.01] >= 4
    assert found[0.0] <= 1
    assert found[0.1] <= 1


WAYS = {"BP": ("backprop", {"eta": 0.05}, 2000), "A_R-P": ("reward_penalty", {"eta": 0.1}, 10000),
        "hybrid": ("reward_penalty", {"eta": 0.1, "output": "delta"}, 10000)}  # fmt: skip
CENTRES = [-40.0 + 80.0 * k / 7.0 for k in range(8)]


class Noted(Luck):
    """Luck that remembers what it said."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.said: list[float] = []

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        self.said.append(super().uniform(low, high))
        return self.said[-1]


def places(training: Training, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Offset and slope of the 32 eye neurons, and where the head points in each pattern of the test (deg)."""
    luck = Noted(seed)
    made = training.lesson.declared.patterns(training.lesson.params, luck, {})
    assert np.array_equal(made["test"][0][0], training.stage.test_inputs)
    gauges, rows = np.array(luck.said[:64]).reshape(32, 2), np.array(luck.said[64:]).reshape(-1, 2, 2)
    return gauges, rows.sum(axis=1)[-len(training.stage.test_inputs) :]


def pointed(training: Training, seed: int) -> float:
    """How far the answers of the test, by probabilities where there are such, point from the head (deg).

    Four neurons of each axis say by how many marks it is passed: -64, -32, 0, 32 or 64 deg.  An answer that is
    all right is 12.2 deg away in the mean, for the head points anywhere in a square of 32 deg.
    """
    _, head = places(training, seed)
    X, chance = training.stage.test_inputs, "sampled" in training.writer.params
    if chance:
        training.set(sampled=0.0)
    said = training.states_for(X, np.zeros((len(X), 8)))["x"][:, training.drawn.top :]
    if chance:
        training.set(sampled=1.0)
    at = -64.0 + 32.0 * said.reshape(-1, 2, 4).sum(axis=2)
    return float(np.hypot(*(at - head).T).mean())


def widths(training: Training, seed: int) -> Iterator[float]:
    """Of each hidden neuron the share of the retina over which it is above half of its peak, eyes straight on."""
    gauges, _ = places(training, seed)
    grid = np.linspace(-40.0, 40.0, 17)
    felt = np.clip(gauges[:, 0], 0.0, 1.0)
    X = [
        np.concatenate([
            [np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 15.0**2) for cx in CENTRES for cy in CENTRES], felt,
        ])
        for x in grid for y in grid
    ]  # fmt: skip
    states = training.states_for(np.array(X), np.zeros((len(X), 8)))
    rates = states.get("chance", states["x"])[:, training.drawn.rest : training.drawn.top]
    yield from (rates > 0.5 * rates.max(axis=0)).mean(axis=0)


FIELDS = {  # by hidden neurons and way: degrees, share modulated by the eye, planar R2, width
    8: {"BP": (15.6, 0.66, 0.82, 0.65), "A_R-P": (21.8, 0.28, 0.76, 0.64), "hybrid": (18.4, 0.38, 0.63, 0.49)},
    16: {"BP": (14.6, 0.90, 0.91, 0.58), "A_R-P": (21.8, 0.41, 0.77, 0.44), "hybrid": (18.0, 0.37, 0.76, 0.56)},
}  # fmt: skip


@pytest.mark.parametrize(
    ("hidden", "ways", "seeds"),
    [
        pytest.param(8, ["BP", "A_R-P"], range(2), id="reduced"),
        pytest.param(8, list(WAYS), range(5), id="complete, 8", marks=pytest.mark.long),
        pytest.param(16, list(WAYS), range(5), id="complete, 16", marks=pytest.mark.long),
    ],
)
def test_S4_A8_it_points_nearly_as_well_and_its_neurons_are_wide_and_moved_by_the_eye(
    hidden, ways, seeds, measured
):
    """The share that the eye moves is larger here in every way: how the stated one was asked for is not known.

    Ours is of the range over nine eye positions, up to 30 deg, at the retinal place a neuron likes best.
    """
    shares = {}
    for way in ways:
        learner, params, most = WAYS[way]
        found = [area7a(learner, seed, params, most, hidden) for seed in seeds]
        fields = [field.planar for training in found for field in gain_fields(training)]
        width = np.mean(
            [w for training, seed in zip(found, seeds, strict=True) for w in widths(training, seed)]
        )
        degrees = np.mean([pointed(training, seed) for training, seed in zip(found, seeds, strict=True)])
        shares[way] = len(fields) / (hidden * len(seeds))
        told = FIELDS[hidden][way]
        for number, what, value, form, tolerance in (
            (8, "test error, decoded, deg", degrees, ".1f", "20 %"),
            (
                9,
                "share of hidden neurons that the eye moves by > .1",
                shares[way],
                ".2f",
                "BP the most; not the level",
            ),
            (10, "median planar R2 of those", np.median(fields), ".2f", ">= 0.6"),
            (11, "share of the retina above half of the peak", width, ".2f", "0.15"),
        ):
            measured(
                f"S4-A{number}", f"{hidden} hidden, {way}: {what} ({len(seeds)} seeds)", source=f"{told[number - 8]:g}",
                ours=f"{value:{form}}", tolerance=tolerance, kind="S",
            )  # fmt: skip
        assert degrees == pytest.approx(told[0], rel=0.2)
        assert np.median(fields) >= 0.6
        assert width == pytest.approx(told[3], abs=0.15)
    assert all(shares["BP"] > share for way, share in shares.items() if way != "BP")


def test_S4_A12_before_anything_is_learned_gain_fields_are_planar_for_weights_small_and_large(measured):
    found = {}
    for spread in (0.15, 0.6):
        fields = []
        for seed in range(10):
            training = area7a("backprop", seed, {}, 0)
            training.columns[0, training.drawn.ways[0].here] *= spread / 0.15
            fields += [field.planar for field in gain_fields(training)]
        found[spread] = float(np.median(fields))
    measured(
        "S4-A12", "untrained, weights of sd .15 and .6: median planar R2", source="1.00, 0.99",
        ours=", ".join(f"{value:.2f}" for value in found.values()), tolerance="0.03", kind="S",
    )  # fmt: skip
    assert found[0.15] == pytest.approx(1.00, abs=0.03)
    assert found[0.6] == pytest.approx(0.99, abs=0.03)
