"""The ledger of a race: rows from the trainings themselves, sentences that follow from the rows."""

import dataclasses
import time
from html import escape
from math import isnan

import pytest

from editor.ledger import learners
from editor.ledger.page import columns, page
from editor.window.theme import DARK
from engine import Training
from engine.analysis.ledger import accounts, comparison
from engine.analysis.ledger.accounts import CONTRADICTED, DEPENDS, SUPPORTED
from engine.analysis.ledger.repeats import Repeated, Run
from engine.live.race import Race
from engine.runtime.tally import Tally
from tests.engine.a_race import layered
from tests.learning import layered as drawn_layers


@pytest.fixture(scope="module")
def raced():
    net = layered(learners=("backprop", "reward_penalty"))
    race = Race(net)
    race.play(400)
    end = time.monotonic() + 60
    while not race.is_idle() and time.monotonic() < end:
        time.sleep(0.01)
    look = race.look()
    race.close()
    return look


def by_model(rows):
    return {row.model: row for row in rows}


def test_back_propagation_reads_foreign_weights_and_reward_penalty_one_number(raced):
    rows = by_model(raced.rows)
    assert rows["backprop"].reads.counts["foreign"] > 0
    assert not rows["backprop"].is_local
    assert rows["backprop"].reads.transported == 4  # the weights from the hidden neurons to the target
    assert rows["backprop"].alignment == 1.0
    assert rows["reward_penalty"].is_local
    assert rows["reward_penalty"].reads.counts["bcastS"] >= 1


def test_costs_are_measured_per_pattern_and_joules_come_only_with_the_criterion(raced):
    for row in raced.rows:
        assert row.macs > 0
        assert len(row.costs) == 4
        if row.samples is None:
            assert row.to_criterion(row.costs[0]) is None
        else:
            assert row.to_criterion(row.costs[1]) == pytest.approx(row.costs[1].joules * row.samples)


def said(rows, side, says):
    return next(c for c in comparison.claims(rows) if c.side == side and says in c.says)


def test_the_sentences_turn_with_the_numbers(raced):
    rows = by_model(raced.rows)
    error, rival = rows["backprop"], rows["reward_penalty"]
    cheap = dataclasses.replace(rival, macs=1.0, samples=1)
    dear = dataclasses.replace(rival, macs=1e9, samples=10**6)
    learned = dataclasses.replace(error, samples=1000)
    assert said([learned, cheap], "Biology", "low-power").verdict == SUPPORTED
    assert said([learned, dear], "Biology", "low-power").verdict == CONTRADICTED
    assert said([learned, dear], "Back-propagation", "expensive").verdict == CONTRADICTED
    assert said([learned, cheap], "Back-propagation", "expensive").verdict == SUPPORTED
    unlearned = dataclasses.replace(rival, samples=None)
    assert said([learned, unlearned], "Biology", "low-power").verdict == DEPENDS
    thrifty = dataclasses.replace(unlearned, macs=1.0)
    assert said([learned, thrifty], "Back-propagation", "expensive").verdict == DEPENDS, "it never got there"
    slow = dataclasses.replace(rival, macs=0.5 * error.macs, samples=10_000)
    assert said([learned, slow], "Back-propagation", "expensive").verdict == CONTRADICTED, (
        "though less each time"
    )
    why = said([learned, slow], "Back-propagation", "expensive").why
    assert f"{100 * slow.right:.0f} % right" in why
    free = dataclasses.replace(rival, control=dataclasses.replace(rival.control, waits=0))
    assert said([learned, free], "Biology", "asynchronous").verdict == SUPPORTED


def test_every_sentence_has_its_numbers_and_the_page_and_the_csv_carry_every_learner(raced):
    net = layered()
    ledger = accounts.beside(
        accounts.of(net, Tally()), comparison.claims(raced.rows), comparison.figures(raced.rows)
    )
    for claim in ledger.claims:
        assert set(claim.figures) <= set(ledger.figures), claim.says
    text = page(ledger, DARK, "", raced.rows)
    table = columns(ledger, raced.rows)
    for row in raced.rows:
        assert row.label in text
        assert any(row.label in str(what) for what in table["what"])
    assert len({(c.row, c.side, c.says) for c in ledger.claims}) == len(ledger.claims), "no sentence twice"


def test_every_figure_on_the_page_is_in_the_table_as_it_is(raced):
    repeats = [
        Repeated(
            row.learner, row.label, row.model, 9, True, (Run(1, 2, 8, {"Ideal digital": 1e-9}, 0.9), Run(2))
        )
        for row in raced.rows
    ]
    found = learners.columns(raced.rows, repeats)
    by_name = dict(zip(found["what"], found["value"], strict=True))
    assert len(by_name) == len(found["what"]), "no figure stands twice"
    html = learners.table(raced.rows, {one.learner: one for one in repeats}, DARK)
    for row in raced.rows:
        for line in learners.lines(raced.rows):
            assert escape(line.text) in html
            assert escape(learners.cell(line, row)) in html
            value = line.value(row)
            is_missing = value is None or (isinstance(value, float) and isnan(value))
            assert by_name[f"{row.label}: {line.group.lower()}: {line.text}"] == ("" if is_missing else value)
        assert by_name[f"{row.label}: runs that learned"] == 1
        assert by_name[f"{row.label}: runs"] == 2
        assert by_name[f"{row.label}: Ideal digital, until learned, mean"] == 1e-9
        assert by_name[f"{row.label}: right, test patterns, n"] == 1
        for key in ("reads", "dimension", "assumption", "global synchronisations", "weights read by others"):
            assert any(key in name for name in by_name if name.startswith(row.label))
    assert "1 of 2; 1 not averaged in" in html
    by_how = dict(zip(found["what"], found["how"], strict=True))
    for row in raced.rows:
        assert by_how[f"{row.label}: joules, never added: Ideal digital, per pattern"] == row.costs[1].how


def test_right_answers_are_of_the_test_where_a_task_has_one_and_forgetting_where_it_has_stages():
    net = layered_digits()
    training = Training(net)
    row = comparison.row_of(training, "Back-propagation")
    assert row.test_right == training.answers().right
    assert row.right == training.answers(test=False).right
    assert isnan(row.forgotten), "nothing has been learned"
    training.run(3)
    row = comparison.row_of(training, "Back-propagation")
    stages = training.lesson.stages
    now = [training.answers(stage.test_inputs, stage.test_targets).right for stage in stages[:2]]
    assert len(training.mastered) == 3
    lost = [100 * (best - at) for best, at in zip(training.mastered, now, strict=False)]
    at_end = training.lesson.epochs * len(stages)
    assert training.stage_number == 3
    third = training.answers(stages[2].test_inputs, stages[2].test_targets).right
    lost.append(100 * (training.mastered[2] - third))
    assert row.forgotten == pytest.approx(sum(lost) / 3)
    assert row.forgotten > 20
    portions = Training(net)
    for _ in range(3):
        portions = Training(net, state=portions.run(1).capture())
    assert comparison.row_of(portions, "Back-propagation").forgotten == row.forgotten
    assert training.run(at_end).mastered[:3] == portions.mastered
    assert len(training.mastered) == len(stages)


def layered_digits():
    return drawn_layers(
        [64, 16, 10],
        "split_digits",
        output="linear",
        params={"eta": 0.1, "batch": 10.0},
        of_task={"epochs": 1.0},
    )
