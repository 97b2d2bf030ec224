"""The quantal tab: estimates beside the truth as it runs, the side of the cleft, what a click records."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.plots.quantal import LINES, Quantal
from engine import Network, Simulation
from engine.analysis import electrode
from engine.live.frame import Frame
from engine.network.edits import AddProbe, SetParams, SetSynapses
from tests.editor.one_plot import hosted

PARAMS = {"u": 0.3, "n": 5.0, "tau_rec": 60.0, "tau_fac": 0.0}


@pytest.fixture
def tab(qtbot):
    with hosted(qtbot, Quantal, 1150, 320) as made:
        yield made


def circuit(probed=True, transmission="quantal", params=PARAMS):
    net = Network(dt=0.1, seed=4)
    axon = net.add_population("Axon", "relay", size=1)
    cells = net.add_population("Cells", "relay", size=40)
    way = net.add_projection("Synapses", axon, cells, transmission, params=params)
    ids = net.add_synapses(way, pre=np.repeat(axon.ids, 40), post=cells.ids, weight=20.0, delay=1.0)
    times = np.arange(300.0, 20_000.0, 300.0)
    net.add_input("spike_list", axon, times=np.sort(np.concatenate([times, times + 20.0])))
    if probed:
        net.add_probe(ids, "transmitted", every="pre")
    return net, way, ids


class Watching:
    """Runs a circuit and hands a plot its frames, as the window does."""

    def __init__(self, tab, net):
        self.tab, self.sim, self.step = tab, Simulation(net), -1
        tab.follow(self.sim.network)

    def run(self, ms):
        self.sim.run(ms)
        seen = {}
        for probe in self.sim.network.probes:
            found = self.sim.record(probe)
            seen[probe] = found[found["step"] > self.step]
        ways = [p.id for p in self.sim.network.projections.values()]
        frame = Frame(step=self.sim.step, t=self.sim.t, samples=seen, spikes_after=self.step)
        frame.weights = {id: self.sim.weights(id) for id in ways}
        frame.quantities = {name: self.sim.quantities(name) for name in self.tab.wants}
        self.step = self.sim.step
        self.tab.show_frame(frame)
        self.tab.refresh()
        return self

    def change(self, edit):
        self.sim.apply(edit)
        self.tab.follow(self.sim.network)
        return self


def told(tab, when):
    rows = tab.table()
    return {
        name: (rows["measured"][k], rows["standard_error"][k], rows["trials"][k], rows["model"][k])
        for k, name in enumerate(rows["quantity"])
        if rows["when"][k] == when
    }


def test_it_measures_what_the_model_has_before_and_after_a_change_of_release(tab):
    net, way, _ = circuit()
    watching = Watching(tab, net).run(3000.0)
    before = told(tab, "before")
    for name in LINES:
        measured, error, count, model = before[name]
        assert abs(measured - model) <= 3.0 * error, name
        assert count == 40 * (9 if name == "paired_pulses" else 10), "the last pair is not over yet"
    assert tab.verdict(way.id) == "nothing has changed yet: all of it counts as before"
    watching.change(SetParams(np.array([way.id]), {"u": 0.6})).run(3000.0)
    assert tab.watched[way.id].marked == pytest.approx(3000.0), "the last moment at which it was as before"
    assert tab.verdict(way.id) == electrode.PRE
    now = told(tab, "now")
    assert now["P"][3] == 0.6
    assert now["q"][3] == before["q"][3] == 20.0
    for name in ("P", "q", "mean", "failures", "inverse_cv2", "paired_pulses"):
        assert abs(now[name][0] - now[name][3]) <= 3.0 * now[name][1], name
    assert "presynaptic" in tab.sheet.text()
    assert "before (400)" in tab.sheet.text()


def test_a_change_of_the_weight_lies_behind_the_cleft(tab):
    net, way, ids = circuit()
    watching = Watching(tab, net).run(3000.0)
    watching.change(SetSynapses(ids, "weight", np.full(40, 34.0))).run(10.0).run(4000.0)
    assert tab.watched[way.id].marked == pytest.approx(3000.0)
    assert tab.verdict(way.id) == electrode.POST
    assert told(tab, "now")["P"][3] == 0.3


def test_without_chance_it_says_that_nothing_varies(tab):
    net, way, _ = circuit(transmission="tsodyks_markram", params={"u": 0.3, "tau_rec": 60.0})
    Watching(tab, net).run(2000.0)
    assert tab.verdict(way.id) == electrode.SURE
    row = told(tab, "before")
    assert row["inverse_cv2"][0] > 1e4, "what little it varies is the way to its steady state"
    assert row["inverse_cv2"][3] == math.inf
    assert row["failures"][0] == row["failures"][3] == 0.0
    assert row["mean"][0] == pytest.approx(row["mean"][3], rel=0.02)
    assert row["paired_pulses"][0] == pytest.approx(row["paired_pulses"][3], rel=0.02)


def test_what_is_not_recorded_is_recorded_by_a_click(tab, qtbot):
    net, way, ids = circuit(probed=False)
    watching = Watching(tab, net)
    assert tab.is_empty()
    assert not tab.record.isEnabled()
    tab.watch(ids[:3])
    with qtbot.waitSignal(tab.wants_edit) as asked:
        QTest.mouseClick(tab.record, Qt.MouseButton.LeftButton)
    assert isinstance(asked.args[0], AddProbe)
    watching.change(asked.args[0]).run(1000.0)
    assert tab.watched[way.id].synapses.tolist() == sorted(np.asarray(ids[:3]).tolist())
    assert not tab.record.isEnabled()
    assert told(tab, "before")["mean"][2] == 9
    QTest.mouseClick(tab.now, Qt.MouseButton.LeftButton)
    assert tab.watched[way.id].marked == pytest.approx(1000.0)
    watching.run(1000.0)
    assert told(tab, "now")["mean"][2] == 9


def test_going_back_forgets_what_came_after(tab):
    net, way, ids = circuit()
    watching = Watching(tab, net).run(2000.0)
    watching.change(SetSynapses(ids, "weight", np.full(40, 34.0))).run(1000.0)
    one = tab.watched[way.id]
    assert one.marked is not None
    tab.show_frame(Frame(step=10_000, t=1000.0, timeline=1))
    assert one.marked is None
    assert one.trials()["t"].max() <= 1000.0
