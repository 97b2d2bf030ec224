"""The ledger of a race: rows from the trainings themselves, sentences that follow from the rows."""

import dataclasses
import time

import pytest

from editor.ledger.page import columns, page
from editor.theme import DARK
from engine.analysis.ledger import accounts, comparison
from engine.analysis.ledger.accounts import CONTRADICTED, DEPENDS, SUPPORTED
from engine.live.race import Race
from engine.runtime.tally import Tally
from tests.engine.test_race import layered


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
    free = dataclasses.replace(rival, switches=0)
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
