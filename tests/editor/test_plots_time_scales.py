"""Time scales: bands with their sources, marks of the run, the ratio in a sentence, and copies beside it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6 import QtCore

from editor.plots.copies_run import CopiesRun, Varied
from editor.plots.time_scales import MEASURE, STOP, TimeScales
from editor.window.theme import LIGHT
from engine import Network
from engine.analysis.slowness import BANDS, DAY, Slowness, in_words
from engine.live.frame import Frame
from engine.live.messages import Restored
from tests.editor.one_plot import hosted

SLOW = DAY / 250.0


def circuit(rules=(("stdp_pair", {}), ("spine_life", {"update": 50.0}))):
    net = Network(dt=1.0, seed=1)
    net.slow = SLOW
    pre, post = (net.add_population(name, "relay", size=5, sign=+1) for name in ("Pre", "Post"))
    way = net.add_projection("Way", pre, post, rules=list(rules), w_max=10.0)
    net.wire(way, "all_to_all", weight=1.0, delay=1.0)
    return net


@pytest.fixture
def plot(qtbot):
    with hosted(qtbot, TimeScales, 900, 300) as made:
        made.rate = 1e9
        yield made


def run(plot, net, until=4000.0, tau=1000.0, every=50.0):
    """Weights go from 1 to 2 with `tau` ms; every 200 ms a synapse of the beginning goes."""
    way = next(iter(net.projections.values()))
    plot.follow(net)
    ids = np.array(way.synapses.id)
    for k in range(round(until / every) + 1):
        t = k * every
        if k and t % 200.0 == 0.0:
            net.remove(np.array(way.synapses.id)[:1])
            plot.follow(net)
        weights = np.full(ids.size, 2.0 - np.exp(-t / tau))
        plot.show_frame(Frame(step=round(t), t=t, weights={way.id: (ids, weights)}))


def test_every_band_stands_on_a_logarithmic_axis_with_its_source_on_hover(plot):
    plot.follow(circuit())
    assert len(plot.bands) == len(BANDS)
    for item, band in zip(plot.bands, BANDS, strict=True):
        assert item.rect().left() == pytest.approx(np.log10(band.low))
        assert item.rect().right() == pytest.approx(np.log10(band.high))
        assert band.source in item.toolTip()
    assert any(band.process == "spine enlargement" and "Matsuzaki" in band.source for band in BANDS)


def test_a_run_marks_how_fast_it_strengthens_and_replaces(plot):
    assert "Not known yet" in (plot.follow(circuit()), plot.sentence.text())[1]
    net = circuit()
    run(plot, net)
    found = plot.found()
    assert found.functional == pytest.approx(1000.0 * np.log(2), rel=0.05)
    assert found.structural == pytest.approx(2600.0, abs=200.0)  # 13 of 25 are gone
    assert found.turnover == pytest.approx(found.structural * SLOW)
    assert "times as long" in plot.sentence.text()
    assert "as half-times go with their constants" in plot.sentence.text()
    assert [label.toPlainText() for label in plot.labels] == [
        in_words(found.functional),
        in_words(found.turnover),
    ]
    rows = plot.table()
    assert list(rows["process"][-2:]) == ["strengthening, this run", "turnover, this run"]
    assert rows["to_ms"][-1] / rows["to_ms"][-2] == pytest.approx(found.in_life)


def test_going_back_forgets_what_came_after(plot):
    net = circuit()
    run(plot, net)
    plot.hear(Restored(500, 500.0, 1))
    assert plot.followed.points[-1][0] == 500.0


def test_a_circuit_that_does_not_change_says_what_it_waits_for(plot):
    net = circuit(rules=())
    plot.follow(net)
    for t in (0.0, 10.0, 20.0):
        plot.show_frame(Frame(step=int(t), t=t))
    assert plot.sentence.text() == (
        "Not known yet: nothing has become stronger or weaker and no synapse of the beginning is gone."
    )
    assert not plot.start.isEnabled()
    assert "head" in plot.start.toolTip()


def test_heads_are_measured_in_a_copy_by_a_click_with_the_compression_taken_out(plot, qtbot):
    net = circuit()
    plot.follow(net)
    qtbot.mouseClick(plot.start, QtCore.Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: plot.run is None)
    assert plot.found().enlargement == pytest.approx(0.02 * DAY * np.log(2), rel=0.02)
    assert [label.toPlainText() for label in plot.labels] == ["20 min"]
    assert net.slow == SLOW


def test_an_example_that_can_be_varied_is_measured_threefold(plot, qtbot):
    def build(functional, structural):
        net = circuit(rules=())
        net.notes = f"{functional} {structural}"
        return net

    def slowness(sim):
        functional, structural = (float(part) for part in sim.network.notes.split())
        return Slowness(10.0 * functional, 1000.0 * structural, 2.0)

    plot.example = SimpleNamespace(varied=build, slowness=slowness, seconds=0.01)
    run(plot, circuit(), until=3000.0)
    plot.follow(circuit(rules=()))
    plot.toggle()
    qtbot.waitUntil(lambda: plot.run is None)
    least, most = plot.shown.varied
    assert (least, most) == pytest.approx((200.0 / 9.0, 200.0 * 9.0))
    assert "22.2 to 1,800 times (measured in copies)" in plot.sentence.text()


def test_what_is_measured_in_copies_can_be_stopped(plot, qtbot):
    plot.example = SimpleNamespace(
        varied=lambda functional, structural: circuit(rules=()), slowness=None, seconds=2000.0
    )
    plot.follow(circuit(rules=()))
    qtbot.mouseClick(plot.start, QtCore.Qt.MouseButton.LeftButton)
    assert plot.start.text() == STOP
    qtbot.mouseClick(plot.start, QtCore.Qt.MouseButton.LeftButton)
    assert plot.run is None
    assert plot.start.text() == MEASURE
    assert plot.shown.error == "the measurement was stopped"
    assert plot.shown.varied is None


def test_a_measurement_is_cancelled_in_the_middle_of_a_copy():
    begun = CopiesRun(
        None, 1.0, Varied(lambda f, s: circuit(rules=()), lambda sim: Slowness(1.0, 1.0), 2000.0)
    )
    begun.stop()
    assert begun.is_done
    assert begun.share < 1.0


def test_it_wears_both_themes_and_clears(plot):
    run(plot, circuit(), until=1000.0)
    dark = plot.grab().toImage()
    plot.set_theme(LIGHT)
    assert (
        plot.grab().toImage().pixelColor(890, 3).lightness() > 220 > 60 > dark.pixelColor(890, 3).lightness()
    )
    plot.clear()
    assert not plot.followed.has_begun
    plot.network = None
    assert plot.is_empty()
    assert plot.table() == {}
