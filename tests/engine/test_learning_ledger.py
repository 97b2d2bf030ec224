"""What the ledger says of a learner is computed: reads by poison, weight transport, energy in rows, who is touched."""
# ruff: noqa: E501 - a row of a measure stays on its line

from __future__ import annotations

import numpy as np
import pytest

from engine import Training, registry
from engine.analysis.ledger import learning as ledger
from tests.learning import layered

X, Y = [[1.0, 0.0, 1.0, 0.0]], [[1.0, 0.0]]
FEEDBACK = {"": None, "step": ("uniform", -1, 1), "symmetric": "mirror", "direct": "direct"}


def training_of(learner: str) -> Training:
    model = registry.find(learner, "learner")
    feedback = FEEDBACK[model.feedback_from]
    lists = {"inputs": X[0], "targets": Y[0]}
    params = {model.winners: 2.0} if model.winners else {}
    sizes = [4, 5, 3, 2] if model.teaches_hidden else [4, 2]
    return Training(
        layered(sizes, "table", learner, feedback=feedback, lists=lists, spread=1.0, params=params)
    )


AT_ONCE = [model for model in registry.all("learner") if not model.streams]
LOCAL = [model.slug for model in AT_ONCE if "backward" not in model.hooks]
GLOBAL = [model.slug for model in AT_ONCE if "backward" in model.hooks]
"""Every learner there is of single patterns; those of streams are poisoned in tests/laws/test_every_learner.py."""


@pytest.mark.parametrize("learner", LOCAL)
def test_a_local_rule_computes_the_same_change_with_everything_else_poisoned(learner, measured):
    training = training_of(learner)
    same, moved = [], 0
    for way in training.drawn.ways:
        for synapse in way.ids[:4].tolist() if way.plastic else ():
            clean, dirty = ledger.poisoned(training, synapse, X, Y)
            same.append(clean == dirty and np.isfinite(dirty))
            moved += clean != 0.0
    assert all(same)
    assert moved
    assert ledger.reads_of(training).is_local
    measured(
        "L1", f"poison test, {learner}", source="bit-identical", ours="bit-identical", tolerance="0", kind="X"
    )


@pytest.mark.parametrize("learner", GLOBAL)
def test_whoever_sends_errors_against_the_arrows_fails_the_poison_test_in_every_hidden_synapse(
    learner, measured
):
    training = training_of(learner)
    for way in training.drawn.ways[:2]:
        clean, dirty = ledger.poisoned(training, int(way.ids[0]), X, Y)
        assert np.isfinite(clean)
        assert np.isnan(dirty)
    clean, dirty = ledger.poisoned(training, int(training.drawn.ways[2].ids[0]), X, Y)
    assert clean == dirty  # the output's own error is its own
    measured(
        "L1", f"poison test, {learner}, hidden synapse", source="NaN", ours="NaN", tolerance="-", kind="X"
    )


def test_asking_for_poison_leaves_the_training_as_it_was():
    training = training_of("backprop")
    before = training.columns.copy()
    ledger.poisoned(training, int(training.drawn.ways[0].ids[0]), X, Y)
    assert training.columns.tolist() == before.tolist()


def test_a_hidden_synapse_of_the_digits_reads_twenty_foreign_numbers_under_back_propagation(measured):
    net = layered([64, 32, 10], "digits", output="linear")
    training = Training(net)
    way = training.drawn.ways[0]
    found = ledger.foreign_of(training, int(way.ids[5]))
    reads = ledger.reads_of(training)
    measured(
        "L2",
        "foreign reads of a hidden synapse, 64-32-10",
        source="20",
        ours=f"{found}",
        tolerance="0",
        kind="X",
    )
    measured(
        "L2",
        "weights read by another pathway",
        source="320",
        ours=f"{reads.transported}",
        tolerance="0",
        kind="X",
    )
    assert found == 20
    assert reads.transported == 320
    assert not reads.is_local


def test_what_is_read_comes_from_the_hooks():
    assert ledger.reads_of(training_of("reward_penalty")).counts["bcastS"] == 1
    assert ledger.reads_of(training_of("generec")).counts == {
        "pre": 2, "post": 2, "own": 0, "comp": 0, "bcastS": 0, "bcastV": 0, "foreign": 0,
    }  # fmt: skip
    aligned = ledger.reads_of(training_of("feedback_alignment"))
    assert aligned.counts["bcastV"] > 0
    assert aligned.feedback == 5 * 3 + 3 * 2


def test_weight_transport_is_a_correlation_that_is_measured():
    assert ledger.transport(training_of("backprop")) == 1.0
    assert ledger.transport(training_of("movellan")) == pytest.approx(1.0)
    assert abs(ledger.transport(training_of("feedback_alignment"))) < 0.6


def test_energy_stands_in_rows_that_are_never_added(measured):
    net = layered([64, 32, 10], "digits", output="linear", params={"eta": 0.2, "batch": 10})
    training = Training(net).run(20)
    stage = training.stage
    bill = ledger.energy(training, stage.inputs, stage.targets, seconds=0.5, samples=4600)
    rows = {cost.label: cost.joules for cost in bill.costs}
    digital, part, whole = (
        rows["Ideal digital"],
        rows["Tissue, share of each axon"],
        rows["Tissue, whole axons"],
    )
    measured(
        "L3",
        "BP, ideal digital, a sample",
        source="2.3e-8 J",
        ours=f"{digital:.2g} J",
        tolerance="5 %",
        kind="N",
    )
    measured(
        "L3",
        "BP, tissue, share of each axon",
        source="5.4e-11 J",
        ours=f"{part:.2g} J",
        tolerance="30 %",
        kind="N",
    )
    measured(
        "L3", "BP, tissue, whole axons", source="1.0e-8 J", ours=f"{whole:.2g} J", tolerance="30 %", kind="N"
    )
    assert digital == pytest.approx(2.3e-8, rel=0.05)
    assert part == pytest.approx(5.4e-11, rel=0.3)
    assert whole == pytest.approx(1.0e-8, rel=0.3)
    assert rows["This computer"] == pytest.approx(0.5 * 10.0 / 28740)
    assert bill.to_criterion("Ideal digital") == pytest.approx(digital * 4600)
    assert bill.notes == ("no tissue is known to compute this",)


def test_one_spike_touches_the_inputs_of_one_neuron_and_one_error_touches_all(measured):
    net = layered([1, 1, 1, 1], "table", spread=1.0, lists={"inputs": [1.0], "targets": [1.0]})
    training = Training(net)
    last = int(net.population("L3").ids[0])
    by_spike = ledger.reached_by_spike(net, last)
    by_error = ledger.touched(training, [[1.0]], [[1.0]])
    counts = [sum(ids.size for ids in found.values()) for found in (by_spike, by_error)]
    measured(
        "L4",
        "chain A B C D: synapses changed by a spike, by an error",
        source="1, 3",
        ours=f"{counts[0]}, {counts[1]}",
        tolerance="0",
        kind="X",
    )
    assert list(by_spike) == [net.projection("W3").id]
    assert counts == [1, 3]
    middle = ledger.reached_by_spike(net, int(net.population("L1").ids[0]))
    assert list(middle) == [net.projection("W1").id]


def test_a_phase_in_which_errors_come_back_over_synapses_is_charged_and_one_against_the_arrows_is_not():
    spikes = {}
    for learner, feedback in (("backprop", None), ("feedback_alignment", ("uniform", -1, 1))):
        training = Training(layered([2, 4, 1], "xor", learner, spread=1.0, feedback=feedback))
        whole = ledger.energy(training, training.stage.inputs, training.stage.targets).costs[-1]
        spikes[learner] = float(whole.how.split()[0])
    assert spikes["feedback_alignment"] == pytest.approx(2.0 * spikes["backprop"], abs=1.0)
