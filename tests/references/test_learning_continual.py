# ruff: noqa: E501 - a row of a measure stays on its line
"""Continual learning: locality does not prevent forgetting; sparse codes, silent outputs and replay do.

Split digits, class-incremental: final accuracy over all ten classes, where remembering the last lesson alone is 20 %.
"""

from __future__ import annotations

import pytest

from engine import Training
from tests.learning import layered

RULES = {
    "backprop": (19.3, None, "linear", {}, {}),
    "chl": (19.4, "mirror", "linear", {"n_max": 8.0}, {}),
    "feedback_alignment": (19.2, ("normal", 0.0, 0.3), "linear", {}, {}),
    "predictive_coding": (19.3, "mirror", "linear", {}, {}),
    "burst": (19.0, ("normal", 0.0, 1.0), "logistic", {"eta": 5.0}, {}),
    "silent_outputs": (56.9, None, "linear", {}, {}),
    "backprop, replay": (75.6, None, "linear", {}, {"replay": 100.0}),
}


def final(rule: str, seed: int = 1, **task: float | str) -> float:
    _, feedback, output, params, more = RULES[rule]
    net = layered(
        [64, 32, 2 if task.get("heads") == "domain" else 10], "split_digits", rule.partition(",")[0], seed=seed, output=output,
        feedback=feedback, params={"eta": 0.1, "batch": 10, **params}, of_task={**more, **task},
    )  # fmt: skip
    return 100 * Training(net).run(50).answers().right


def sparse(epochs: float = 1.0) -> float:
    net = layered(
        [64, 1000, 10], "split_digits", "sparse_readout", output="linear", of_task={"epochs": epochs}
    )
    net.set(net.projection("W1"), frozen=True)
    net.set(net.projection("W2").ids, weight=0.0)
    return 100 * Training(net).run(5).answers().right


@pytest.mark.parametrize("rule", ["backprop", "chl", "feedback_alignment", "predictive_coding", "burst"])
def test_C1_no_rule_resists_forgetting_merely_by_being_local(rule, measured):
    found = final(rule)
    measured(
        "C1",
        f"split digits, class-incremental, {rule}",
        source=f"{RULES[rule][0]} %",
        ours=f"{found:.1f} %",
        tolerance="<= 30 %",
        kind="S",
    )
    assert found <= 30


@pytest.mark.parametrize(("rule", "away"), [("silent_outputs", 15), ("backprop, replay", 10)])
def test_C2_silent_outputs_and_replay_resist_forgetting(rule, away, measured):
    found = final(rule)
    measured(
        "C2",
        f"split digits, class-incremental, {rule}",
        source=f"{RULES[rule][0]} %",
        ours=f"{found:.1f} %",
        tolerance=f"{away} points",
        kind="S",
    )
    assert found == pytest.approx(RULES[rule][0], abs=away)


def test_C3_a_sparse_code_with_a_hebbian_readout_hardly_forgets(measured):
    found = sparse()
    measured(
        "C3",
        "split digits, sparse 1000 / 50, Hebbian readout (10 000 plastic weights)",
        source="89.3 +- 1.5 %",
        ours=f"{found:.1f} %",
        tolerance="5 points",
        kind="S",
    )
    assert found == pytest.approx(89.3, abs=5)


def test_C4_a_slow_synapse_helps_a_little_and_only_where_the_outputs_stay(measured):
    RULES.setdefault("metaplastic", (83.9, None, "linear", {}, {}))
    plain, slow = (
        sum(final(rule, seed, heads="domain") for seed in (1, 2)) / 2 for rule in ("backprop", "metaplastic")
    )
    classes = final("metaplastic")
    measured(
        "C4",
        "domain-incremental: BP, metaplastic rate; class-incremental metaplastic",
        source="80.1, 83.9 (CHL); 19.0 %",
        ours=f"{plain:.1f}, {slow:.1f}; {classes:.1f} %",
        tolerance="<= 30 % for classes",
        kind="S",
    )
    assert classes <= 30
    assert slow > 60


def test_S2_a_spike_that_runs_back_cannot_learn_exclusive_or(measured):
    rights = [
        Training(layered([2, 4, 1], "xor", "returning_spike", spread=1.0, seed=seed)).run(500).answers()
        for seed in range(6)
    ]
    solved = sum(answer.right == 1.0 for answer in rights)
    measured(
        "S2-A1",
        "xor 2-4-1 solved by the returning spike, 6 seeds",
        source="chance",
        ours=f"{solved}/6",
        tolerance="0",
        kind="Q",
    )
    assert solved == 0


def test_C5_what_was_learned_is_counted_before_it_is_forgotten(measured):
    from engine.analysis.ledger.course import lessons

    net = layered([64, 32, 10], "split_digits", output="linear", params={"eta": 0.1, "batch": 10})
    found = lessons(Training(net))
    just = sum(found.learned) / 5
    measured(
        "C5",
        "BP: just learned, forgetting, final",
        source="98.7, 99.2, 19.3 %",
        ours=f"{just:.1f}, {found.forgetting:.1f}, {found.final:.1f} %",
        tolerance="2, 3, 3 points",
        kind="S",
    )
    assert just == pytest.approx(98.7, abs=2)
    assert found.forgetting == pytest.approx(99.2, abs=3)
    assert found.final == pytest.approx(19.3, abs=3)


def test_C6_samples_to_ninety_per_cent_are_counted_or_none(measured):
    from engine.analysis.ledger.course import samples_to

    net = layered([64, 32, 10], "digits", output="linear", params={"eta": 0.2, "batch": 10})
    found = samples_to(Training(net), 0.9, 20_000)
    measured(
        "C6",
        "BP: samples to 90 % of the test",
        source="3660, 4890, 5290",
        ours=f"{found}",
        tolerance="2000-7000",
        kind="S",
    )
    assert found is not None
    assert 2000 <= found <= 7000
    assert samples_to(Training(net), 0.9, 400) is None
