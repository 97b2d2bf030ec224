# ruff: noqa: E501 - a row of a measure stays on its line
"""Learners told by one number, or over a wire of their own: familiarity, area 7a, the cerebellum, and e-prop in time.

Sizes and constants are ours where the papers could not be read; stated values are of independent implementations.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Training
from engine.analysis.ledger.learning import gradient
from tests.learning import layered


def familiar(shown: int, seed: int, learner: str, params: dict[str, float]) -> Training:
    net = Network(seed=seed)
    luck = np.random.default_rng(seed)
    seen = net.add_population("Input", "rate_unit", size=100, sign=0)
    sheet = net.add_population("Novelty", "rate_unit", size=20, sign=0, params={"curve": "relu"})
    decision = net.add_population("Decision", "rate_unit", size=1, sign=0, params={"curve": "linear"})
    for population in (sheet, decision):
        net.set(population, frozen=True)
    net.wire(net.add_projection("W", seen, sheet), "all_to_all", weight=luck.normal(0, 0.1, 2000))
    read = net.add_projection("Read", sheet, decision)
    net.wire(read, "all_to_all", weight=1 / 20)
    net.set(read, frozen=True)
    net.set(net.add_feedback(read, weight=1.0, label="Inhibition"), frozen=True)
    net.add_task("Familiarity", "familiarity", seen, decision, {"shown": float(shown)})
    net.set_learner(learner, params)
    return Training(net)


GATED = {"eta": 0.6 / 100}
BACK = {"eta": 0.12, "cost": "squared"}


def mistaken(training: Training) -> float:
    """The share mistaken at the best threshold, per cent."""
    stage = training.lesson.stages[0]
    old = training.answers(stage.inputs, stage.targets).outputs[:, 0]
    new = training.answers(stage.test_inputs, stage.test_targets).outputs[:, 0]
    levels = np.unique(np.concatenate([old, new]))
    return 100 * min(((old > level).mean() + (new <= level).mean()) / 2 for level in levels)


def test_S3_A1_a_gate_by_error_memorises_as_well_as_back_propagation(measured):
    gated = np.mean([mistaken(familiar(100, seed, "frequency_gated", GATED).run(30)) for seed in range(3)])
    free = np.mean(
        [mistaken(familiar(100, s, "frequency_gated", {**GATED, "gated": 0.0}).run(30)) for s in range(3)]
    )
    back = np.mean([mistaken(familiar(100, seed, "backprop", BACK).run(30)) for seed in range(3)])
    measured(
        "S3-A1",
        "100 patterns: gated, BP, ungated",
        source="3.1, 3.0, 2.0 %",
        ours=f"{gated:.1f}, {back:.1f}, {free:.1f} %",
        tolerance="gated within 1.5 x BP",
        kind="S",
    )
    assert gated <= 1.5 * back
    assert free <= gated  # said in the text: on this task the gate earns nothing but its end
    assert gated < 6


def test_S3_A2_the_change_follows_the_error_and_points_along_the_gradient(measured):
    training = familiar(100, 1, "frequency_gated", GATED)
    stage = training.stage
    update = training.update_for(stage.inputs, stage.targets)
    ideal = gradient(training, stage.inputs, stage.targets)
    way = training.drawn.ways[0]
    cos = float(
        update[way.here]
        @ ideal[way.here]
        / np.linalg.norm(update[way.here])
        / np.linalg.norm(ideal[way.here])
    )
    errors, sizes = [], []
    for pattern, target in zip(stage.inputs, stage.targets, strict=True):
        errors.append(float(training.answers([pattern], [target]).outputs[0, 0]))
        sizes.append(float(np.abs(training.update_for([pattern], [target])).sum()))
    together = float(np.corrcoef(errors, sizes)[0, 1])
    measured(
        "S3-A2",
        "cosine to the gradient; correlation of error and change",
        source="0.84-0.85; 0.967",
        ours=f"{cos:.3f}; {together:.3f}",
        tolerance="> 0.8; > 0.9",
        kind="S",
    )
    assert cos > 0.8
    assert together > 0.9


def area7a(learner: str, seed: int, params: dict[str, float | str], most: int) -> Training:
    net = layered([96, 8, 8], "area7a", learner, seed=seed, params=params)
    luck = np.random.default_rng(seed)
    for name, spread in (("W1", 0.15), ("W2", 0.3)):
        ids = net.projection(name).ids
        net.set(ids, weight=luck.normal(0, spread, ids.size))
    training = Training(net)
    stage = training.stage
    while training.epoch < most:
        training.run(50)  # windows of 2000 presentations
        if np.mean([training.answers(stage.inputs, stage.targets).error for _ in range(1)]) < 0.05:
            break
    return training


def test_S4_A1_one_reward_for_all_learns_where_the_head_looks_in_many_more_trials(measured):
    back = [area7a("backprop", seed, {"eta": 0.05}, 2000) for seed in range(3)]
    reward = [area7a("reward_penalty", seed, {"eta": 0.1}, 10000) for seed in range(3)]
    counts = [[t.epoch * 40 for t in group] for group in (back, reward)]
    ratio = float(np.median(counts[1]) / np.median(counts[0]))
    errors = [float(np.mean([t.answers().error for t in group])) for group in (back, reward)]
    measured(
        "S4-A1",
        "presentations to mean error 0.05: BP, A_R-P (3 seeds)",
        source="4600, 157000 (ratio 34)",
        ours=f"{np.median(counts[0]):.0f}, {np.median(counts[1]):.0f} (ratio {ratio:.0f})",
        tolerance="ratio 15-80, < 400000",
        kind="S",
    )
    measured(
        "S4-A2",
        "test mean error: BP, A_R-P",
        source=".107, .129",
        ours=f"{errors[0]:.3f}, {errors[1]:.3f}",
        tolerance="<= 1.35 x BP",
        kind="S",
    )
    assert max(counts[1]) < 400_000
    assert 15 <= ratio <= 80
    assert errors[1] <= 1.35 * errors[0]


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


def test_S4_A4_its_weights_still_work_without_chance(measured):
    training = area7a("reward_penalty", 2, {"eta": 0.1}, 10000)
    training.set(sampled=0.0)
    stage = training.stage
    error = training.answers(stage.inputs, stage.targets).error
    measured(
        "S4-A4",
        "A_R-P weights run by their probabilities",
        source=".041",
        ours=f"{error:.3f}",
        tolerance="<= 0.06",
        kind="S",
    )
    assert error <= 0.06


def test_S4_A6_gain_fields_are_planar_and_more_so_before_anything_is_learned(measured):
    from engine.analysis.ledger.learning import gain_fields

    learned, fresh = [], []
    for seed in range(3):
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
        found[penalty] = sum(run.epoch < 10000 for run in runs)
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


def test_S9_the_pause_comes_a_lag_before_the_climbing_fibre_and_moves_with_it(measured):
    def dip(lag: float) -> int:
        net = Network(seed=1)
        fibres = net.add_population("Granule", "rate_unit", size=200, sign=0)
        cell = net.add_population("Purkinje", "rate_unit", size=1, sign=0, params={"curve": "linear"})
        net.wire(net.add_projection("PF", fibres, cell), "all_to_all", weight=0.05)
        net.add_task("Puff", "eyeblink", fibres, cell)
        net.set_learner("cerebellar", {"eta": 0.0005, "lag": lag})
        training = Training(net)
        before = training.answers().outputs[0, :, 0]
        return int(np.argmin(training.run(10).answers().outputs[0, :, 0] - before))

    pause, sooner = dip(100.0), dip(50.0)
    measured(
        "S9-A1",
        "Purkinje pause, climbing fibre at 400 ms",
        source="300 ms",
        ours=f"{pause} ms",
        tolerance="15 ms (a smooth window, not a box)",
        kind="N",
    )
    assert pause == pytest.approx(300, abs=15)
    assert sooner == pytest.approx(350, abs=15)


def spiking(seed: int, random: bool = False, readout: bool = False, size: int = 60) -> Training:
    net = Network(seed=seed)
    luck = np.random.default_rng(seed)
    noise = net.add_population("Noise", "relay", size=20, sign=0)
    cells = net.add_population("Cells", "alif", size=size, sign=0)
    out = net.add_population("Out", "leaky_readout", size=1, sign=0)
    ways = [net.add_projection("In", noise, cells), net.add_projection("Within", cells, cells)]
    net.wire(ways[0], "all_to_all", weight=luck.normal(0, 20**-0.5, 20 * size))
    net.wire(ways[1], "all_to_all", weight=luck.normal(0, size**-0.5, size * (size - 1)))
    read = net.add_projection("Out", cells, out)
    net.wire(read, "all_to_all", weight=luck.normal(0, 0.2 * size**-0.5, size))
    net.add_feedback(read, weight=("normal", 0.0, size**-0.5) if random else None)
    for way in ways if readout else ():
        net.set(way, frozen=True)
    net.add_task("Sines", "sines", noise, out, {"steps": 300.0})
    net.set_learner("eprop", {"eta": 0.003})
    return Training(net)


def test_X5_eprop_learns_a_melody_online(measured):
    full, read = spiking(1), spiking(1, readout=True)
    before = full.answers().error
    after, plain = full.run(100).answers().error, read.run(100).answers().error
    measured(
        "X5-A1",
        "sines, 60 spiking neurons, 100 trials: nMSE before, e-prop, readout only",
        source="1.03, .017, .115 (100 neurons, 200-300 trials)",
        ours=f"{before:.2f}, {after:.3f}, {plain:.3f}",
        tolerance="< 0.3, and below the readout alone",
        kind="S",
    )
    assert after < 0.3
    assert after < plain
    assert after < before / 4
