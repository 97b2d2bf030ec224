# ruff: noqa: E501 - a row of a measure stays on its line
"""Continual learning: locality does not prevent forgetting; sparse codes, silent outputs and replay do.

Split digits, class-incremental: final accuracy over all ten classes, where remembering the last lesson alone is 20 %.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine import Training, registry
from engine.analysis.ledger.course import lessons, samples_to
from tests.learning import layered
from tests.references.seeds import seeds, shown

NUDGED = {"n_max": 15.0, "dt": 0.5, "beta": 0.5}
RULES = {  # feedback, output, parameters, of the task
    "backprop": (None, "linear", {}, {}),
    "chl": ("mirror", "linear", {"n_max": 8.0}, {}),
    "feedback_alignment": (("normal", 0.0, 0.3), "linear", {}, {}),
    "predictive_coding": ("mirror", "linear", {}, {}),
    "burst": (("normal", 0.0, 1.0), "logistic", {"eta": 5.0}, {}),
    "generec": ("mirror", "logistic", {"variant": "chl"}, {}),
    "equilibrium_propagation": ("mirror", "clipped", NUDGED, {}),
    "metaplastic": (None, "linear", {}, {}),
    "metaplastic_contrast": ("mirror", "linear", {"n_max": 8.0}, {}),
    "silent_outputs": (None, "linear", {}, {}),
    "backprop, replay": (None, "linear", {}, {"replay": 100.0}),
    "backprop, readout only": (None, "linear", {}, {}),
}
LOCAL = ["backprop", "chl", "feedback_alignment", "predictive_coding", "burst"]
STATED = {  # class-incremental: final, forgetting, just learned; domain-incremental: final, forgetting
    "backprop": (19.3, 99.2, 98.7, 80.1, 23.8),
    "chl": (19.4, 99.2, 98.8, 80.2, 23.7),
    "generec": (19.5, 99.7, 99.3, 82.8, 20.6),
    "feedback_alignment": (19.2, 99.2, 98.5, 81.3, 22.5),
    "predictive_coding": (19.3, 99.1, 98.6, 80.5, 23.3),
    "equilibrium_propagation": (19.8, 95.4, 96.1, 80.5, 23.4),
    "burst": (19.0, 99.2, 98.3, 80.9, 22.7),
    "backprop, readout only": (17.9, 94.6, 93.6, 78.1, 17.5),
    "metaplastic_contrast": (19.0, 98.6, 97.9, 83.9, 15.6),
    "silent_outputs": (56.9, 32.9, 83.2, 80.1, 23.8),
    "backprop, replay": (75.6, 26.8, 97.0, 88.8, 11.0),
}


def course(rule: str, seed: int = 1, **task: float | str) -> Training:
    """A network that is to learn five pairs of digits, one pair after the other."""
    feedback, output, params, more = RULES[rule]
    net = layered(
        [64, 32, 2 if task.get("heads") == "domain" else 10], "split_digits", rule.partition(",")[0], seed=seed, output=output,
        hidden="clipped" if output == "clipped" else "logistic", feedback=feedback,
        params={"eta": 0.1, "batch": 10, **params}, of_task={**more, **task},
    )  # fmt: skip
    if rule.endswith("readout only"):
        net.set(net.projection("W1"), frozen=True)
    return Training(net)


def final(rule: str, seed: int = 1, **task: float | str) -> float:
    return 100 * course(rule, seed, **task).run(50).answers().right


@pytest.mark.long
@pytest.mark.parametrize("heads", ["class", "domain"])
@pytest.mark.parametrize("rule", STATED)
def test_C7_what_each_rule_keeps_of_five_lessons(rule, heads, measured):
    found = [lessons(course(rule, seed, heads=heads)) for seed in (1, 2, 3)]
    ends, lost = ([getattr(one, what) for one in found] for what in ("final", "forgetting"))
    just = np.mean([one.learned for one in found])
    stated = STATED[rule][:3] if heads == "class" else STATED[rule][3:]
    away = 15 if rule in ("silent_outputs", "backprop, replay") else 8
    measured(
        "C7", f"split digits, {heads}-incremental, {rule}: final, each seed; forgetting, just learned",
        source=f"{stated[0]}; {', '.join(map(str, stated[1:]))} %",
        ours=f"{shown(ends)}; {np.mean(lost):.1f}, {just:.1f} %", tolerance=f"{away} points of the means", kind="S",
    )  # fmt: skip
    assert np.mean(ends) == pytest.approx(stated[0], abs=away)
    assert np.mean(lost) == pytest.approx(stated[1], abs=away)
    if heads == "class":
        assert just == pytest.approx(stated[2], abs=away)


def sparse(seed: int, epochs: float = 1.0) -> float:
    net = layered(
        [64, 1000, 10],
        "split_digits",
        "sparse_readout",
        seed=seed,
        output="linear",
        of_task={"epochs": epochs},
    )
    net.set(net.projection("W1"), frozen=True)
    net.set(net.projection("W2").ids, weight=0.0)
    return 100 * Training(net).run(5).answers().right


@pytest.mark.parametrize("rule", LOCAL)
def test_C1_no_rule_resists_forgetting_merely_by_being_local(rule, measured):
    found = final(rule)
    measured(
        "C1",
        f"split digits, class-incremental, {rule}",
        source=f"{STATED[rule][0]} %",
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
        source=f"{STATED[rule][0]} %",
        ours=f"{found:.1f} %",
        tolerance=f"{away} points",
        kind="S",
    )
    assert found == pytest.approx(STATED[rule][0], abs=away)


@seeds(1, 1, 3)
def test_C3_a_sparse_code_with_a_hebbian_readout_hardly_forgets(seeds, measured):
    found = [sparse(seed) for seed in seeds]
    measured(
        "C3",
        "split digits, sparse 1000 / 50, Hebbian readout (10 000 plastic weights), each seed",
        source="89.3 +- 1.5 %",
        ours=f"{shown(found)} %",
        tolerance="5 points",
        kind="S",
    )
    assert np.mean(found) == pytest.approx(89.3, abs=5)


def test_C4_a_slow_synapse_helps_a_little_and_only_where_the_outputs_stay(measured):
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


@seeds(1, 1, 3)
def test_C6_samples_to_ninety_per_cent_are_counted_or_none(seeds, measured):
    found = []
    for seed in seeds:
        net = layered([64, 32, 10], "digits", output="linear", seed=seed, params={"eta": 0.2, "batch": 10})
        found.append(samples_to(Training(net), 0.9, 20_000))
    measured(
        "C6",
        "BP: samples to 90 % of the test, each seed",
        source="3660, 4890, 5290",
        ours=", ".join(map(str, found)),
        tolerance="2000-7000",
        kind="S",
    )
    assert all(one is not None and 2000 <= one <= 7000 for one in found)
    assert samples_to(Training(net), 0.9, 400) is None


MIRRORED = {"generec": "logistic", "movellan": "logistic", "equilibrium_propagation": "clipped"}
SETTLES = {"generec": {"n_max": 30.0}, "movellan": {"n_max": 30.0}, "equilibrium_propagation": NUDGED}
BY_OTHER_MEANS = ("sparse_readout", "silent_outputs")
"""A code that does not overlap, and outputs that do not learn while silent."""


def drawn_for(slug: str, heads: str) -> Training:
    """A network for five short lessons, with what this learner needs."""
    wants = registry.find(slug, "learner").feedback_from
    feedback = {"symmetric": "mirror", "direct": "direct", "step": ("normal", 0.0, 0.3)}.get(wants)
    output = MIRRORED.get(
        slug, "logistic" if slug in ("burst", "reward_penalty", "returning_spike") else "linear"
    )
    own = {} if slug in ("burst", "sparse_readout", "frequency_gated") else {"eta": 0.1}
    net = layered(
        [64, 1000 if slug == "sparse_readout" else 32, 2 if heads == "domain" else 10], "split_digits", slug, seed=1,
        output=output, hidden="clipped" if output == "clipped" else "logistic",
        feedback="mirror" if slug in MIRRORED else feedback, params={**own, **SETTLES.get(slug, {})},
        of_task={"heads": heads, "epochs": 3.0 if slug == "silent_outputs" else 1.0},
    )  # fmt: skip
    if slug == "sparse_readout":
        net.set(net.projection("W1"), frozen=True)
        net.set(net.projection("W2").ids, weight=0.0)
    return Training(net)


@pytest.mark.parametrize("slug", [m.slug for m in registry.all("learner") if not m.streams])
def test_C8_every_learner_of_patterns_goes_through_the_lessons_and_none_that_learns_them_keeps_them(
    slug, measured
):
    """What the panel says of all learners; who stays at chance has nothing to forget."""
    found = {heads: lessons(drawn_for(slug, heads)) for heads in ("class", "domain")}
    told = [
        f"{np.mean(one.learned):.0f}, {one.forgetting:.0f}, {one.final:.0f} % ({heads})"
        for heads, one in found.items()
    ]
    measured(
        "C8", f"five short lessons, {slug}: just learned, forgetting, final", source="chance 10, 50 %",
        ours="; ".join(told), tolerance="classes: <= 30 % where learned, but for a sparse code and silent outputs",
        kind="S",
    )  # fmt: skip
    for one in found.values():
        assert np.isfinite([*one.learned, *one.kept, one.final]).all()
        assert all(0.0 <= share <= 100.0 for share in (*one.learned, *one.kept, one.final))
    assert found["domain"].final >= 40.0
    if slug in BY_OTHER_MEANS:
        assert found["class"].final > 30.0
    elif np.mean(found["class"].learned) > 60.0:
        assert found["class"].final <= 30.0
