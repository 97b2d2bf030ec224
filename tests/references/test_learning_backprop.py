# ruff: noqa: E501 - a row of a measure stays on its line
"""Back-propagation and its rivals of two phases: exact identities, and how many epochs the small tasks take.

Epochs are compared with independent implementations (50 seeds, plain arrays); no published table could be read.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine import Training
from engine.analysis.ledger.learning import compare, gradient
from tests.learning import layered, solved
from tests.references.seeds import seeds, shown


def mean_of(found):
    return float(np.mean([epoch for epoch in found if epoch is not None]))


def share(found):
    return f"{sum(epoch is not None for epoch in found)}/{len(found)}"


def test_S1_A1_the_update_is_the_gradient_by_central_differences(measured):
    luck = np.random.default_rng(3)
    X, Y = luck.uniform(0, 1, (4, 6)), luck.uniform(0, 1, (4, 3))
    lists = {"inputs": X.ravel(), "targets": Y.ravel()}
    for output, params in (("linear", {}), ("logistic", {"cost": "squared"}), ("logistic", {})):
        net = layered(
            [6, 5, 4, 3], "table", output=output, seed=3, params={"eta": 1.0, **params}, lists=lists
        )
        training = Training(net)
        update = training.update_for(X, Y)

        def cost(training=training, output=output, params=params):
            y = training.states_for(X, Y)["x"][:, training.drawn.top :]
            if output == "linear" or params:
                return 0.5 * ((Y - y) ** 2).sum() / len(X)
            return -(Y * np.log(y) + (1 - Y) * np.log(1 - y)).sum() / len(X)

        worst = 0.0
        for e in range(update.size):
            was, ends = training.columns[0, e], []
            for step in (1e-5, -1e-5):
                training.columns[0, e] = was + step
                ends.append(cost())
            training.columns[0, e] = was
            worst = max(worst, abs(update[e] + (ends[0] - ends[1]) / 2e-5))
        assert worst < 1e-8
        mine = gradient(training, X, Y, squared=bool(params))
        assert compare(update, mine).relative < 1e-12
        measured(
            "S1-A1", f"central difference, 6-5-4-3, {output} {params.get('cost', '')}", source="5.3e-11",
            ours=f"{worst:.1e}", tolerance="1e-8", kind="X",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("eta", "stated", "seeds"),
    [
        pytest.param(1.0, 141, range(20), id="reduced"),
        pytest.param(1.0, 141, range(50), id="complete", marks=pytest.mark.long),
        pytest.param(0.1, 871, range(50), id="complete, slow", marks=pytest.mark.long),
    ],
)
def test_S1_A2_exclusive_or_is_nearly_always_learned_by_four_hidden_neurons(eta, stated, seeds, measured):
    """The stated 50 of 50 are of other seeds; at eta 1 seed 33 is in a local minimum, three answers near 0.7."""
    found = solved([2, 4, 1], "xor", "backprop", seeds, 5000, spread=1.0, params={"eta": eta})
    measured(
        "S1-A2", f"xor 2-4-1 at eta {eta:g}: solved, mean epochs", source=f"50/50, {stated}",
        ours=f"{share(found)}, {mean_of(found):.0f}", tolerance="all but 1 in 50, 20 %", kind="S",
    )  # fmt: skip
    assert found.count(None) <= len(seeds) // 50
    assert mean_of(found) == pytest.approx(stated, rel=0.2)


@pytest.mark.parametrize(
    ("eta", "most", "seeds", "least", "highest"),
    [
        pytest.param(0.5, 2500, range(20), 10, 19, id="reduced"),
        pytest.param(0.1, 5000, range(50), 33, 43, id="complete, slow", marks=pytest.mark.long),
        pytest.param(1.0, 5000, range(50), 29, 41, id="complete", marks=pytest.mark.long),
    ],
)
def test_S1_A3_exclusive_or_is_not_always_learned_by_two_hidden_neurons(
    eta, most, seeds, least, highest, measured
):
    found = solved([2, 2, 1], "xor", "backprop", seeds, most, spread=1.0, params={"eta": eta})
    count = sum(epoch is not None for epoch in found)
    source = {0.1: "41 of 50", 1.0: "35 of 50"}.get(eta, "35-41 of 50")
    measured(
        "S1-A3", f"xor 2-2-1 at eta {eta:g}: solved", source=source, ours=share(found),
        tolerance=f"{least} to {highest}", kind="S",
    )  # fmt: skip
    assert least <= count <= highest


@seeds(1, 1, 3)
def test_S1_A4_digits_are_learned_in_twenty_epochs(seeds, measured):
    rights = []
    for seed in seeds:
        net = layered([64, 32, 10], "digits", output="linear", seed=seed, params={"eta": 0.2, "batch": 10})
        training = Training(net).run(20)
        rights.append(100 * training.answers().right)
        assert training.counted["macs"] / training.counted["samples"] == 5056
    measured(
        "S1-A4", "digits 64-32-10, test after 20 epochs, each seed", source="95.28 +- 0.83 %",
        ours=f"{shown(rights, '.2f')} %", tolerance="2.5 points", kind="S",
    )  # fmt: skip
    assert np.mean(rights) == pytest.approx(95.28, abs=2.5)


def generec(variant: str, seeds: range, most: int, sizes: list[int], task: str, eta: float = 0.1):
    mirror = variant in ("symmetric", "chl")
    return solved(
        sizes, task, "generec", seeds, most, spread=1.0, feedback="mirror" if mirror else ("uniform", -1, 1),
        params={"eta": eta, "variant": variant},
    )  # fmt: skip


def test_S5_A1_the_symmetric_midpoint_rule_is_contrastive_hebbian(measured):
    luck = np.random.default_rng(1)
    X, Y = luck.uniform(0, 1, (3, 4)), luck.uniform(0, 1, (3, 2))
    lists = {"inputs": X.ravel(), "targets": Y.ravel()}
    nets = [
        layered(
            [4, 5, 3, 2], "table", slug, seed=4, feedback="mirror", lists=lists, params={"eta": 1.0, **more}
        )
        for slug, more in (("generec", {"variant": "chl"}), ("movellan", {}))
    ]
    one, other = (Training(net).update_for(X, Y) for net in nets)
    worst = np.abs(one - other).max()
    measured(
        "S5-A1", "symmetric + midpoint against CHL", source="2.2e-16", ours=f"{worst:.1e}", tolerance="1e-12",
        kind="X",
    )  # fmt: skip
    assert worst < 1e-12
    assert np.abs(one).max() > 1e-3


STATED = {  # solved of 50 seeds, mean epochs
    "chl": (50, 279),
    "midpoint": (50, 350),
    "backprop": (50, 871),
    "symmetric": (50, 1137),
    "plain": (48, 1533),
}


TABLES = {  # sizes, most epochs, and by rule: eta, solved of so many seeds, mean epochs
    "xor": ([2, 2, 1], 5000, {
        "backprop": (0.1, 41, 50, 1266), "plain": (0.1, 33, 50, 2207), "symmetric": (0.1, 48, 50, 1550),
        "midpoint": (0.1, 49, 50, 641), "chl": (0.1, 50, 50, 409),
    }),
    "enc424": ([4, 2, 4], 5000, {
        "backprop": (0.1, 50, 50, 430), "plain": (0.1, 48, 50, 1192), "symmetric": (0.1, 41, 50, 595),
        "midpoint": (0.1, 50, 50, 657),
    }),
    "enc838": ([8, 3, 8], 3000, {
        "backprop": (1.0, 30, 30, 73.5), "midpoint": (0.5, 20, 20, 210.8),
    }),
    "sym4": ([4, 4, 1], 3000, {
        "backprop": (0.5, 20, 20, 122.8), "symmetric": (0.5, 20, 20, 133.1), "midpoint": (0.5, 20, 20, 79.8),
        "chl": (0.5, 20, 20, 45.8),
    }),
    "shift4": ([8, 16, 3], 3000, {
        "backprop": (0.25, 5, 5, 48.4), "midpoint": (0.25, 5, 5, 48.8), "chl": (0.25, 5, 5, 29.2),
    }),
}  # fmt: skip


def epochs_of(rule: str, seeds: range, most: int = 5000, sizes=(2, 4, 1), task="xor", eta: float = 0.1):
    if rule == "backprop":
        return solved(list(sizes), task, "backprop", seeds, most, spread=1.0, params={"eta": eta})
    return generec(rule, seeds, most, list(sizes), task, eta)


def test_S5_A2_contrastive_learning_is_the_fastest_on_exclusive_or(measured):
    found = {rule: epochs_of(rule, range(12), 3000) for rule in ("chl", "midpoint", "backprop")}
    means = {rule: mean_of(epochs) for rule, epochs in found.items()}
    for rule, mean in means.items():
        measured(
            "S5-A2", f"xor 2-4-1 at eta 0.1, {rule}, 12 seeds", source=f"{STATED[rule][1]}", ours=f"{mean:.0f}",
            tolerance="35 % (the mean of 12)", kind="S",
        )  # fmt: skip
        assert mean == pytest.approx(STATED[rule][1], rel=0.35)
    assert means["chl"] < means["midpoint"] < means["backprop"]


@pytest.mark.long
def test_S5_A2_the_five_rules_in_order_with_fifty_seeds(measured):
    means = {}
    for rule, (solves, epochs) in STATED.items():
        found = epochs_of(rule, range(50))
        means[rule] = mean_of(found)
        measured(
            "S5-A2", f"xor 2-4-1 at eta 0.1, {rule}", source=f"{solves}/50, {epochs}",
            ours=f"{share(found)}, {means[rule]:.0f}", tolerance="25 %", kind="S",
        )  # fmt: skip
        assert means[rule] == pytest.approx(epochs, rel=0.25)
    assert list(means) == sorted(means, key=means.__getitem__)
    assert 0.22 < means["chl"] / means["backprop"] < 0.45


@pytest.mark.long
@pytest.mark.parametrize(("task", "rule"), [(task, rule) for task in TABLES for rule in TABLES[task][2]])
def test_S5_A2_the_small_tasks_take_as_many_epochs_as_stated(task, rule, measured):
    sizes, most, rows = TABLES[task]
    eta, solves, of, epochs = rows[rule]
    found = epochs_of(rule, range(of), most, sizes, task, eta)
    reached = [epoch for epoch in found if epoch is not None]
    apart = float(np.std(reached, ddof=1)) / len(reached) ** 0.5  # one late seed in twenty moves the mean far
    measured(
        "S5-A2", f"{task} {'-'.join(map(str, sizes))} at eta {eta:g}, {rule}", source=f"{solves}/{of}, {epochs:g}",
        ours=f"{share(found)}, {mean_of(found):.0f} (median {np.median(reached):.0f})",
        tolerance="20 % of the seeds; of the epochs 35 %, or two standard errors", kind="S",
    )  # fmt: skip
    assert abs(len(reached) - solves) <= 0.2 * of
    assert abs(mean_of(found) - epochs) <= max(0.35 * epochs, 2.0 * apart)


@pytest.mark.long
def test_S5_A2_the_encoder_is_learned_faster_by_contrast_but_not_always(measured):
    contrast = generec("chl", range(50), 5000, [4, 2, 4], "enc424")
    back = solved([4, 2, 4], "enc424", "backprop", range(50), 5000, spread=1.0, params={"eta": 0.1})
    count = sum(epoch is not None for epoch in contrast)
    measured(
        "S5-A2", "enc424 at eta 0.1, CHL", source="43/50, 306", ours=f"{share(contrast)}, {mean_of(contrast):.0f}",
        tolerance="38-48 of 50, faster than BP", kind="S",
    )  # fmt: skip
    assert mean_of(contrast) < mean_of(back)
    assert 38 <= count <= 48


@seeds(2)
def test_S5_A3_plain_generec_aligns_its_feedback_by_itself(seeds, measured):
    from engine.analysis.ledger.learning import transport

    before, after = [], []
    for seed in seeds:
        net = layered(
            [4, 2, 4], "enc424", "generec", seed=seed, spread=1.0, feedback=("uniform", -1, 1),
            params={"variant": "plain", "eta": 0.1},
        )  # fmt: skip
        training = Training(net)
        before.append(transport(training))
        after.append(transport(training.run(2500)))
    measured(
        "S5-A3", "enc424, correlation of W with its feedback, each seed", source="about 0 to 0.89",
        ours=f"{shown(before, '.2f')} to {shown(after, '.2f')}", tolerance=">= 0.7 (their mean)", kind="S",
    )  # fmt: skip
    assert np.mean(after) >= 0.7


def energies(seed: int):
    luck = np.random.default_rng(seed)
    lists = {"inputs": luck.uniform(0, 1, 3), "targets": [1.0, 0.0]}
    net = layered(
        [3, 4, 2],
        "table",
        "movellan",
        feedback="mirror",
        seed=seed,
        spread=2.0,
        params={"dt": 1.0},
        lists=lists,
    )
    W = luck.normal(0, 1, (4, 4))
    W = W + W.T
    side = net.add_projection("Sideways", "L1", "L1")
    ids = net.population("L1").ids
    pairs = [(i, j) for i in range(4) for j in range(4) if i != j]
    pre, post = [ids[i] for i, _ in pairs], [ids[j] for _, j in pairs]
    net.add_synapses(side, pre, post, weight=[W[i, j] for i, j in pairs])
    training = Training(net)
    return training.energy_trail(lists["inputs"], lists["targets"], 400)


def test_S7_A1_every_asynchronous_step_goes_downhill(measured):
    trails = [energies(seed) for seed in range(50)]
    worst = max(float(np.diff(trail).max()) for pair in trails for trail in pair)
    below = sum(plus[-1] < minus[-1] - 1e-9 for minus, plus in trails)
    measured(
        "S7-A1", "greatest rise of the energy in a step, 50 nets of 9 neurons", source="3.6e-15",
        ours=f"{worst:.1e}", tolerance="1e-9", kind="X",
    )  # fmt: skip
    measured("S7-A2", "nets with J < 0", source="0 of 50", ours=f"{below} of 50", tolerance="0", kind="X")
    assert worst < 1e-9
    assert below == 0
    assert all(minus[-1] < minus[0] for minus, _ in trails)


def test_S7_A3_movellans_network_learns_exclusive_or_as_generec_does():
    same = {"spread": 1.0, "feedback": "mirror", "params": {"eta": 0.5}}
    one = solved([2, 4, 1], "xor", "movellan", range(4), 2000, **same)
    other = generec("chl", range(4), 2000, [2, 4, 1], "xor", 0.5)
    assert one == other


@pytest.mark.long
def test_S7_A4_digits_by_contrast_with_full_feedback(measured):
    rights = []
    for seed in range(1, 4):
        net = layered(
            [64, 32, 10], "digits", "movellan", feedback="mirror", seed=seed, params={"eta": 0.2, "batch": 10}
        )
        rights.append(100 * Training(net).run(20).answers().right)
    measured(
        "S7-A4", "digits, sigmoid, gamma 1", source="92.96 +- 2.12 %",
        ours=f"{np.mean(rights):.2f} +- {np.std(rights):.2f} %", tolerance="4 points", kind="S",
    )  # fmt: skip
    assert np.mean(rights) == pytest.approx(92.96, abs=4)
