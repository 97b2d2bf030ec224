# ruff: noqa: E501 - a row of a measure stays on its line
"""Learners told by one number, or over a wire of their own: familiarity, area 7a, the cerebellum, and e-prop in time.

Sizes and constants are ours where the papers could not be read; stated values are of independent implementations.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Training
from engine.analysis.ledger.learning import gradient
from tests.references.seeds import seeds, shown


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


def memorised(how: str, count: int, seed: int) -> float:
    """The share mistaken (%) after 30 epochs, gated by error, by that of another pattern, or not; or by BP."""
    if how == "backprop":
        return mistaken(familiar(count, seed, "backprop", BACK).run(30))
    free = {"gated": 0.0} if how == "ungated" else {}
    training = familiar(count, seed, "frequency_gated", {**GATED, **free})
    if how != "gated by another":
        return mistaken(training.run(30))
    X, luck = training.stage.inputs, np.random.default_rng(seed)
    for _ in range(30):
        for i, j in zip(luck.permutation(count), luck.permutation(count), strict=True):
            y, other = (float(training.answers([X[k]], [[0.0]]).outputs[0, 0]) for k in (i, j))
            # the error is the answer less the target, so this target gives it the error of the other
            training.columns[0] += training.update_for([X[i]], [[y - other]])
    return mistaken(training)


STATED = {  # 50, 100 and 150 patterns; gated, BP, gated by another, ungated
    50: (0.25, 0.47, 1.33, 0.05),
    100: (3.1, 3.0, 7.7, 2.0),
    150: (8.6, 7.1, 14.5, 8.7),
}


@pytest.mark.parametrize(
    ("shown", "seeds", "others"),
    [
        pytest.param(100, range(3), range(1), id="reduced"),
        *(pytest.param(n, range(5), range(5), id=f"complete, {n}", marks=pytest.mark.long) for n in STATED),
    ],
)
def test_S3_A1_a_gate_by_error_memorises_as_well_as_back_propagation(shown, seeds, others, measured):
    ways = ("gated", "backprop", "ungated")
    gated, back, free = (np.mean([memorised(how, shown, seed) for seed in seeds]) for how in ways)
    wrong = np.mean([memorised("gated by another", shown, seed) for seed in others])
    measured(
        "S3-A1",
        f"{shown} patterns, mistaken: gated, BP, gated by another, ungated ({len(seeds)} seeds)",
        source=", ".join(f"{value:g}" for value in STATED[shown]) + " %",
        ours=f"{gated:.2f}, {back:.2f}, {wrong:.2f}, {free:.2f} %",
        tolerance="at 100: gated within 1.5 x BP, another's 1.8 x gated",
        kind="S",
    )
    if shown == 100:
        assert gated <= 1.5 * back
        assert wrong >= 1.8 * gated
        assert free <= gated  # said in the text: on this task the gate earns nothing but its end
    assert gated < 2 * STATED[shown][0] + 0.5


@seeds(0, 2, 5)
def test_S3_A3_one_exposure_makes_a_pattern_familiar(seeds, measured):
    errors, levels = [], []
    for seed in seeds:
        training = familiar(20, seed, "frequency_gated", {"eta": 1.0 / 100}).run(1)
        stage = training.stage
        errors.append(mistaken(training))
        levels.append([
            training.answers(X, Y).outputs.mean()
            for X, Y in ((stage.inputs, stage.targets), (stage.test_inputs, stage.test_targets))
        ])  # fmt: skip
    old, new = np.mean(levels, axis=0)
    measured(
        "S3-A3",
        f"20 patterns seen once: mistaken; response to familiar, to novel ({len(seeds)} seeds)",
        source="2.4 %; .057, .382",
        ours=f"{np.mean(errors):.1f} %; {old:.3f}, {new:.3f}",
        tolerance="1-4 %; 25 %",
        kind="S",
    )
    assert 1.0 <= np.mean(errors) <= 4.0
    assert [old, new] == pytest.approx([0.057, 0.382], rel=0.25)


def along(seed: int) -> tuple[float, float]:
    """Cosine of the first update to the gradient, and the correlation of a pattern's error with its change."""
    training = familiar(100, seed, "frequency_gated", GATED)
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
    return cos, float(np.corrcoef(errors, sizes)[0, 1])


@seeds(1)
def test_S3_A2_the_change_follows_the_error_and_points_along_the_gradient(seeds, measured):
    cos, together = np.transpose([along(seed) for seed in seeds])
    measured(
        "S3-A2",
        "cosine to the gradient; correlation of error and change, each seed",
        source="0.84-0.85; 0.967",
        ours=f"{shown(cos, '.3f')}; {shown(together, '.3f')}",
        tolerance="0.8-0.9; > 0.9",
        kind="S",
    )
    assert ((cos > 0.8) & (cos < 0.9)).all()
    assert (together > 0.9).all()


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


@pytest.mark.parametrize(
    ("size", "trials", "bound"),
    [
        pytest.param(60, 100, 0.3, id="reduced"),
        pytest.param(100, 300, 0.05, id="complete", marks=pytest.mark.long),
    ],
)
def test_X5_eprop_learns_a_melody_online(size, trials, bound, measured):
    ways = {"e-prop": {}, "readout only": {"readout": True}}
    if bound < 0.1:  # a short run is too little for the weights to align
        ways["random feedback"] = {"random": True}
    made = {how: spiking(1, size=size, **more) for how, more in ways.items()}
    before = made["e-prop"].answers().error
    after = {how: one.run(trials).answers().error for how, one in made.items()}
    if "random feedback" in made:  # its steps do not shrink, and from trial to trial it comes and goes
        found = [made["random feedback"].run(10).answers().error for _ in range(10)]
        after["random feedback"] = float(np.median(found))
    measured(
        "X5-A1",
        f"sines, {size} neurons, {trials} trials: nMSE before; {', '.join(after)}",
        source="1.03; .017, .115, .018 (100 neurons; 300, 200, 200 trials)",
        ours=f"{before:.2f}; {shown(after.values(), '.3f')}",
        tolerance=f"e-prop < {bound}, and below the readout alone; random feedback < 1/4 of before (median)",
        kind="S",
    )
    plain = after.pop("readout only")
    assert after["e-prop"] < min(bound, before / 4)
    assert after["e-prop"] < plain
    assert after.get("random feedback", 0.0) < before / 4
