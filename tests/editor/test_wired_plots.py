"""The plots show what is selected, and what a probe has seen, of the circuit that runs in the window."""

import numpy as np
import pytest

from editor.palette import cards
from editor.plots.membrane import Membrane
from editor.plots.weights import Weights
from tests.editor.a_window import circuit, opened, show

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot):
    made = opened(qtbot)
    made.bring_canvas()
    made.plots.fill()
    yield made
    made.close()


def plot(window, kind):
    at = window.plots.kinds.index(kind)
    window.plots.bar.setCurrentIndex(at)
    return window.plots.plots[at]


def run(window, qtbot, until):
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: window.document.t > until)
    window.document.pause()
    qtbot.waitUntil(
        lambda: not window.document.is_answering and not window.document.is_running, timeout=150_000
    )


def test_the_membrane_of_a_selected_neuron_is_drawn(window, qtbot):
    show(window, circuit())
    neuron = window.document.network.neuron_ids[3:4]
    window.selection.choose(neuron=neuron)
    membrane = plot(window, Membrane)  # made after the selection
    run(window, qtbot, 20.0)
    assert membrane.curves.names == (int(neuron[0]),)
    window.selection.clear()
    assert not len(membrane.probed)


def test_a_probe_gives_the_membrane_its_potential_step_by_step(window, qtbot):
    net = circuit()
    first = net.populations[1].neuron_ids[:1]
    net.add_probe(first, "v", every=0.5)
    show(window, net)
    membrane = plot(window, Membrane)
    run(window, qtbot, 50.0)
    t, v = membrane.curves.t, membrane.curves.of(int(first[0]))
    assert membrane.sampled == {int(first[0])}
    np.testing.assert_allclose(np.mod(t, 0.5), 0.0, atol=1e-6)
    assert (v < -50.0).all()
    assert np.ptp(v) > 1.0


def test_the_weight_of_a_selected_synapse_is_drawn_alone(window, qtbot):
    show(window, circuit())
    weights = plot(window, Weights)
    _, inhibitory = window.document.network.projections.values()  # of which nothing is pruned
    one = int(inhibitory.synapses.id[4])
    window.selection.choose(synapse=np.array([one]))
    assert weights.chosen == (one,)
    run(window, qtbot, 20.0)
    assert [name for name in weights.curves.names if isinstance(name, int)] == [one]


def shown(window):
    bar = window.plots.bar
    return {bar.tabText(at) for at in range(bar.count()) if bar.isTabVisible(at)}


def test_plots_that_have_nothing_to_do_with_the_circuit_wait_in_a_menu(window, qtbot):
    bar, more = window.plots.bar, window.plots.more
    window.plots.fill()
    window.files.new()
    waiting = {entry.text(): entry for entry in more.menu().actions()}
    assert {"Training", "Routing", "Arena", "Modulators"} == set(waiting)
    assert not shown(window) & set(waiting)
    assert {"Raster", "Weights", "Ledger"} <= shown(window)
    waiting["Arena"].trigger()
    assert bar.tabText(bar.currentIndex()) == "Arena"
    assert "Arena" not in [entry.text() for entry in more.menu().actions()]
    window.use_card(cards.find("task", "xor"))
    qtbot.waitUntil(lambda: "Training" in shown(window))


def test_the_menu_stays_as_it_is_while_the_circuit_changes_in_nothing_it_tells_apart(window):
    window.plots.fill()
    window.files.new()
    before = window.plots.more.menu().actions()
    window.plots.follow(window.document.network)
    assert window.plots.more.menu().actions() == before != []


def test_the_menu_goes_when_nothing_waits(window):
    window.plots.fill()
    window.files.new()
    for entry in [entry.text() for entry in window.plots.more.menu().actions()]:
        window.plots.reveal(entry)
    assert window.plots.more.isHidden()
