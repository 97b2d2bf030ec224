"""The weight matrix: a square for each pair, in the colour of its sign; large populations are binned."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from editor.plots import weight_matrix
from editor.plots.weight_matrix import Squares, WeightMatrix
from editor.window.theme import DARK, LIGHT
from engine import Network
from engine.live.frame import Frame
from engine.network.edits import AddSynapses, RemoveSynapses
from tests.editor.a_window import show
from tests.editor.one_plot import hosted

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def circuit():
    net = Network(seed=3)
    exc = net.add_population("Pyramidal", "iaf_psc_exp", size=4)
    inh = net.add_population("Basket", "iaf_psc_exp", size=3, sign=-1, names=["a", "b", "c"])
    ei = net.add_projection("E to I", exc, inh)
    net.add_synapses(ei, exc[:3], inh, weight=[10.0, 20.0, 40.0])
    ie = net.add_projection("I to E", inh, exc)
    net.add_synapses(ie, [inh[0], inh[0]], [exc[3], exc[3]], weight=[-8.0, -4.0])
    return net


def frame(net, label, factor, step=10):
    way = net.projection(label)
    weights = {way.id: (way.synapses.id, way.synapses.weight * factor)}
    return Frame(number=step, step=step, t=0.1 * step, weights=weights)


@pytest.fixture
def plot(qtbot):
    with hosted(qtbot, WeightMatrix, 520, 300) as made:
        made.follow(circuit())
        made.refresh()
        yield made


def alpha(plot):
    return plot.pixels()[:, :, 3]


def ink(name):
    colour = weight_matrix.pg.mkColor(name)
    return [colour.red(), colour.green(), colour.blue()]


def test_each_pair_has_its_square_and_the_strongest_the_full_colour(plot):
    shown = alpha(plot)
    assert shown.shape == (4, 3)
    assert (shown > 0).tolist() == (np.eye(4, 3) > 0).tolist()
    assert shown[0, 0] < shown[1, 1] < shown[2, 2] == 255
    assert plot.pixels()[0, 0, :3].tolist() == ink(DARK.excitatory)


def test_inhibition_has_the_other_colour_and_synapses_of_one_pair_share_a_square(plot):
    plot._choose(1)
    assert alpha(plot).shape == (3, 4)
    assert np.argwhere(alpha(plot)).tolist() == [[0, 3]]
    assert plot.pixels()[0, 3, :3].tolist() == ink(DARK.inhibitory)
    assert plot.reading_of((0, 3)) == "a \u2192 Pyramidal 4: 2 synapses, -6 pA on average"
    plot.set_theme(LIGHT)
    assert plot.pixels()[0, 3, :3].tolist() == ink(LIGHT.inhibitory)


def test_the_squares_follow_the_run_and_the_scale_does_not_flicker(plot):
    net = plot.network
    plot.show_frame(frame(net, "E to I", 0.8))
    assert plot.weights.tolist() == [8.0, 16.0, 32.0]
    assert alpha(plot)[2, 2] < 255
    assert plot.scale == 40.0
    plot.show_frame(frame(net, "E to I", 0.1, 20))
    assert alpha(plot)[2, 2] == 255
    assert plot.scale == 4.0


def test_a_synapse_of_no_weight_can_be_told_from_none(plot):
    plot.show_frame(frame(plot.network, "E to I", 0.0))
    assert (alpha(plot) > 0).sum() == 3


def test_what_grows_and_goes_comes_and_goes_and_the_rest_keeps_what_the_run_made_of_it(plot):
    net = plot.network
    way = net.projection("E to I")
    plot.show_frame(frame(net, "E to I", 0.5))
    new = AddSynapses(way.id, [990], [int(net.neuron_ids[3])], [int(way.synapses.post[0])], [15.0], [1.0])
    new.apply(net)
    RemoveSynapses(way.synapses.id[:1]).apply(net)
    plot.follow(net)
    assert plot.weights[plot.squares.rows(np.array([990]))].tolist() == [15.0]
    assert sorted(plot.weights.tolist()) == [10.0, 15.0, 20.0], "halved by the run, whatever the table says"
    assert alpha(plot)[0, 0] == 0 < alpha(plot)[3, 0]


def test_a_large_population_is_binned_and_a_square_is_the_mean_of_its_synapses():
    ids = np.arange(1, 1001)
    synapses, pre, post = np.arange(5000, 9000), np.repeat(ids, 4), np.tile(ids, 4)
    weights = np.random.default_rng(1).random(4000)
    squares = Squares(ids, ids[:10], synapses, pre, post % 10 + 1)
    assert squares.share == (5, 1)
    assert squares.shape == (200, 10)
    means = squares.means(weights)
    inside = squares.inside(7, 3)
    assert set(pre[inside - 5000].tolist()) <= set(range(36, 41))
    assert set((post % 10 + 1)[inside - 5000].tolist()) == {4}
    assert means[7, 3] == pytest.approx(weights[inside - 5000].mean())
    assert squares.count.sum() == 4000


def test_a_matrix_is_saved_with_both_neurons_of_every_synapse(plot, tmp_path):
    plot.show_frame(frame(plot.network, "E to I", 2.0))
    plot.export_csv(tmp_path / "matrix.csv")
    rows = list(csv.reader((tmp_path / "matrix.csv").read_text("utf-8").splitlines()))
    way = plot.network.projection("E to I").synapses
    assert rows[0] == ["synapse", "pre", "post", "weight_pA"]
    expected = zip(
        way.id.tolist(), way.pre.tolist(), way.post.tolist(), (2 * way.weight).tolist(), strict=True
    )
    assert [tuple(map(float, row)) for row in rows[1:]] == [tuple(map(float, row)) for row in expected]


def test_nothing_drawn_is_said_in_words(qtbot):
    with hosted(qtbot, WeightMatrix, 400, 240) as plot:
        plot.follow(Network())
        plot.refresh()
        assert plot.is_empty()
        assert plot.empty.isVisible()
        assert plot.table() == {}


# -- in the window ---------------------------------------------------------------------------------------


def test_a_click_on_a_square_selects_its_synapse_and_a_selected_synapse_is_outlined(window, qtbot):
    show(window, circuit())
    window.plots.fill()
    window.plots.reveal("Matrix")
    (plot,) = (each for each in window.plots.plots.values() if isinstance(each, WeightMatrix))
    qtbot.waitUntil(lambda: plot.isVisible() and plot.squares is not None)
    plot.refresh()
    scene = plot.axis.vb.mapViewToScene(weight_matrix.QtCore.QPointF(1.5, 1.5))
    place = plot.view.mapFromScene(scene)
    screen = plot.view.viewport()
    qtbot.mouseMove(screen, QPoint(place.x() - 2, place.y()))
    qtbot.mouseMove(screen, place)
    qtbot.waitUntil(lambda: plot.at == (1, 1))
    assert "Pyramidal 2 \u2192 b: 20 pA" in plot.reading.text()
    qtbot.mouseClick(screen, Qt.MouseButton.LeftButton, pos=place)
    way = window.document.network.projection("E to I")
    qtbot.waitUntil(lambda: list(window.selection.synapses) == [int(way.synapses.id[1])])
    plot.refresh()
    assert np.nanmin(plot.outline.xData) == 1.0
    other = window.document.network.projection("I to E")
    window.selection.choose(synapse=other.synapses.id[:1])
    assert plot.projection == other.id, "the projection of what is selected is shown"
