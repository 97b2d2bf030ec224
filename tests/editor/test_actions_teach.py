"""One word, two things: what a spike reaches and what an error changes, on a chain, through the window."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from editor.canvas.teaching import STAYS, WHOLE
from editor.gallery import catalogue
from editor.ledger.page import page
from editor.window.theme import DARK
from engine import Network, Training
from engine.analysis.ledger import accounts, comparison
from engine.analysis.ledger.reach import reach
from engine.runtime.tally import Tally
from tests.editor.a_window import opened
from tests.learning import layered

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def chain(learner="backprop"):
    """A, B, C and D, one neuron each, which are to hand on what A says."""
    net = Network(seed=1)
    cells = [
        net.add_population(name, "rate_unit", size=1, sign=0, positions=[[120.0 * at, 0.0, 0.0]])
        for at, name in enumerate("ABCD")
    ]
    for one, two in pairwise(cells):
        way = net.add_projection(f"{one.label} to {two.label}", one, two, transmission="current_exp")
        net.add_synapses(way, pre=one.ids, post=two.ids, weight=1.0, delay=1.0)
    net.add_task("Hand on", "table", cells[0], cells[-1], lists={"inputs": [0.0, 1.0], "targets": [0.0, 1.0]})
    net.set_learner(learner)
    return net


def test_a_spike_touches_one_synapse_of_a_chain_and_an_error_all_three():
    found = reach(Training(chain()))
    assert found.spike.size == 1
    assert found.error.size == found.total == 3
    middle = chain().population("B").ids[0]
    assert reach(Training(chain()), int(middle)).spike.size == 1


def test_the_action_lights_the_synapses_one_after_the_other_and_counts_them(qtbot):
    window = opened(qtbot)
    window.bring_canvas()
    window.files.new()
    window.document.replace(chain())
    heard = []
    window.say = lambda words, bad=False: heard.append(words)
    window.perform("one_spike_one_error")
    first, second = window.canvas.changes.waves.alive
    assert (len(first.synapses), len(second.synapses)) == (1, 3)
    assert first.way == second.way == WHOLE
    assert second.begin > first.begin
    assert "reaches 1 of 3" in heard[-1]
    assert "changes 3 of 3" in heard[-1]
    waves, now = window.canvas.changes.waves, window.canvas.clock()
    assert waves.words(first.begin) == "One spike of D: 1 of 3 synapses"
    assert waves.words(second.begin) == "One error under Back-propagation: 3 of 3 synapses"
    assert not waves.words(second.begin + STAYS)
    assert waves.is_active(now)
    window.close()


def test_the_chain_of_the_gallery_shows_both_on_two_networks(qtbot):
    window = opened(qtbot)
    window.bring_canvas()
    window.files.new()
    net = catalogue.find("one_word_two_things").build()
    window.document.replace(net)
    window.perform("one_spike_one_error")  # nothing is selected: the spike is one of the chain that spikes
    first, second = window.canvas.changes.waves.alive
    assert first.synapses.tolist() == net.projection("C to D").ids.tolist()
    below = [net.projection(f"Rate {a} to Rate {b}").ids.tolist() for a, b in pairwise("ABCD")]
    assert sorted(second.synapses.tolist()) == sorted(np.ravel(below).tolist())
    window.close()


def test_the_ledger_counts_both():
    training = Training(chain())
    training.run(2)
    row = comparison.row_of(training, "Back-propagation")
    assert (row.by_error, row.by_spike) == (3, 1)
    ledger = accounts.of(chain(), Tally())
    html = page(ledger, DARK, "", [row])
    assert "changed by one error" in html
    assert np.isfinite(row.alignment)


def test_a_lesion_spares_what_a_task_shows_and_says_so_where_nothing_else_is(qtbot):
    window = opened(qtbot)
    window.bring_canvas()
    window.files.new()
    heard = []
    window.bench.say = lambda words, bad=False: heard.append((words, bad))
    for sizes, left in (([3, 2], 5), ([3, 4, 2], 8)):
        lists = {"inputs": [0.0, 0.0, 1.0], "targets": [1.0, 0.0]}
        window.document.replace(layered(sizes, "table", lists=lists))
        window.perform("lesion")
        assert window.document.network.neuron_count == left
    [(words, bad)] = heard
    assert "input or target of a task, and those are spared" in words
    assert bad
    window.close()
