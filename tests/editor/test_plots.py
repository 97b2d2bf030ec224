"""Every plot takes frames, shows them, forgets, changes colours, and hands out its numbers."""

import csv

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from editor.gallery import catalogue
from editor.plots import kinds
from editor.plots.arena import Arena
from editor.plots.calcium import Calcium
from editor.plots.ledger import LedgerTab
from editor.plots.membrane import Membrane
from editor.plots.modulators import Modulators
from editor.plots.protocols import Protocols
from editor.plots.quantal import Quantal
from editor.plots.raster import Raster
from editor.plots.routing import RoutingTab
from editor.plots.synapse_count import SynapseCount
from editor.plots.time_scales import TimeScales
from editor.plots.training import Training
from editor.plots.weight_matrix import WeightMatrix
from editor.plots.weights import Weights
from editor.window.theme import DARK, LIGHT
from engine import Network
from engine.live.frame import SAMPLE, SPIKE, Frame
from engine.live.messages import Grown, Pruned, Restored
from tests.editor.one_plot import hosted

KINDS = kinds()
FED = [kind for kind in KINDS if kind not in (Arena, Protocols, Quantal, RoutingTab, TimeScales, Training)]
"""Plots that are filled by frames of the run."""
each_plot = pytest.mark.parametrize("kind", FED, ids=lambda k: k.__name__)
FIRST = {LedgerTab: "what", WeightMatrix: "synapse"}
"""The first heading of the numbers of a plot; all others are over time."""
OVER_TIME = [kind for kind in FED if kind not in FIRST]
each_over_time = pytest.mark.parametrize("kind", OVER_TIME, ids=lambda k: k.__name__)
NONE = np.zeros(0)


@pytest.fixture
def net():
    net = Network(dt=0.1, seed=4)
    exc = net.add_population("Pyramidal", "iaf_psc_exp", size=8, names=[f"P{i}" for i in range(8)])
    inh = net.add_population("Basket", "iaf_psc_exp", size=3, sign=-1)
    rules = [("stdp_pair", {}), ("element_growth", {"curve": "linear", "eps": 0.04})]
    loop = net.add_projection("E to E", exc, exc, rules=rules, w_max=90.0)
    net.wire(loop, "fixed_out", n=3, weight=("uniform", 10.0, 80.0))
    net.wire(net.add_projection("I to E", inh, exc), "all_to_all", weight=-30.0)
    net.add_probe(exc[:2], "v")
    net.add_modulator("Dopamine", "diffuse", sources=inh[:1])
    return net


def frames(net, many=40, start=0, timeline=0):
    """A made-up run: every neuron fires in turn, weights and calcium rise."""
    ids = net.neuron_ids
    exc, loop = net.population("Pyramidal").id, net.projection("E to E")
    dopamine = next(iter(net.modulators))
    weight = loop.synapses.weight.copy()
    for k in range(start, start + many):
        step = 100 * (k + 1)
        spikes = np.array([(step - 50, ids[k % len(ids)])], SPIKE)
        yield Frame(
            number=k,
            timeline=timeline,
            step=step,
            t=step * net.dt,
            ids=ids,
            v01=np.full(len(ids), (k % 10) / 10, np.float32),
            spikes=spikes,
            spikes_after=step - 100,
            weights={loop.id: (loop.synapses.id, weight + k * 0.1)},
            quantities={
                "calcium": {exc: np.full(8, 0.001 * k)},
                "boutons": {loop.id: np.full(8, 3.0 + k)},
                "spines": {loop.id: np.full(8, 2.0 + k)},
                "modulator": {dopamine: np.array([0.5 * k])},
                "tally": {"steps": np.array([step])},
            },
            rates={exc: 5.0 + k},
            achieved=1.0,
            is_running=True,
        )


@pytest.fixture
def shown(qtbot, net):
    """Make a plot that is visible, follows the network and has seen a run."""

    hosts = []

    def make(kind, many=40):
        hosts.append(QWidget())
        qtbot.addWidget(hosts[-1])
        plot = kind(DARK, hosts[-1])
        plot.resize(700, 240)
        hosts[-1].resize(720, 260)
        with qtbot.waitExposed(hosts[-1]):
            hosts[-1].show()
        plot.rate = 1e9
        plot.follow(net)
        for frame in frames(net, many):
            plot.show_frame(frame)
        return plot

    return make


def test_the_dock_finds_every_plot_by_itself():
    assert [kind.title for kind in KINDS] == [
        "Raster", "Membrane", "Weights", "Matrix", "Calcium and elements", "Synapses", "Time scales",
        "Modulators", "Training", "Quantal", "Protocols", "Arena", "Routing", "Ledger",
    ]  # fmt: skip


@each_plot
def test_a_plot_shows_a_run_and_hands_out_its_numbers(shown, kind, tmp_path):
    plot = shown(kind)
    assert not plot.is_empty()
    assert plot.empty.isHidden()
    plot.export_csv(tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text().splitlines()))
    assert rows[0][0] == FIRST.get(kind, "t_ms")
    assert len(rows) > 20
    assert all(len(row) == len(rows[0]) for row in rows)


@each_plot
def test_a_cleared_plot_says_how_to_fill_it(shown, net, kind):
    plot = shown(kind)
    plot.network = None
    plot.clear()
    plot.follow(Network())
    assert plot.is_empty()
    assert plot.empty.isVisible()
    assert kind.hint.endswith(".")


@pytest.mark.parametrize("kind", [Calcium, Membrane, Modulators, Raster])
def test_before_the_first_run_a_plot_asks_for_play_and_not_for_what_is_there(shown, kind):
    plot = shown(kind, many=0)
    assert plot.is_empty()
    assert plot.empty.text().startswith("Press play")
    plot.network = None
    plot.follow(Network())
    assert plot.empty.text() == kind.hint


def test_the_calcium_of_an_astrocyte_waits_for_play(qtbot):
    net = Network()
    net.add_astrocytes("Star", size=1)
    with hosted(qtbot, Calcium, 700, 240) as plot:
        plot.follow(net)
        assert plot.empty.text() == "Press play: the calcium of Star is drawn here."


def test_curves_of_one_name_have_a_column_each_in_a_csv(qtbot):
    net = Network(dt=0.1)
    two = [net.add_population("Cells", "iaf_psc_exp", size=1) for _ in range(2)]
    for one in two:
        net.add_probe(one, "v")
    ids = net.neuron_ids
    with hosted(qtbot, Membrane, 700, 240) as plot:
        plot.follow(net)
        for k in (1, 2):
            plot.show_frame(Frame(number=k, step=k, t=0.1 * k, ids=ids, v01=np.array([0.0, 1.0], np.float32)))
        table = plot.table()
    assert list(table) == ["t_ms", *(f"v_mV Cells 1 ({id})" for id in ids)]
    first, second = (table[name][-1] for name in list(table)[1:])
    assert first != second


@pytest.mark.parametrize("kind", [Calcium, Membrane, Modulators, SynapseCount, Weights])
def test_no_line_is_drawn_over_a_time_that_a_redo_leapt_over(shown, net, kind):
    plot = shown(kind, many=10)
    for frame in frames(net, 10, start=200, timeline=1):
        plot.show_frame(frame)
    plot.refresh()
    for line in plot.lines.values():
        t, values = line.getData()
        drawn = np.isfinite(values[:-1]) & np.isfinite(values[1:])
        assert np.diff(t)[drawn].max() < 500.0
        assert np.isfinite(values).sum() > 4


@pytest.mark.parametrize("kind", [Calcium, SynapseCount])
def test_of_axes_one_above_the_other_only_the_lowest_name_the_time(shown, net, kind):
    plot = shown(kind)
    for frame in frames(net, 5, start=2000):
        plot.show_frame(frame)
    plot.set_theme(LIGHT)
    plot.refresh()
    names = [one.getAxis("bottom").label.isVisible() for one in (plot.main, plot.below)]
    assert names == [False, True]
    assert plot.below.getAxis("bottom").labelText == "t (s)"


@each_plot
def test_a_plot_looks_different_in_the_light(shown, kind):
    plot = shown(kind)
    dark = plot.grab().toImage()
    plot.set_theme(LIGHT)
    light = plot.grab().toImage()
    assert dark.pixelColor(692, 3).lightness() < 60
    assert light.pixelColor(692, 3).lightness() > 220


@each_plot
def test_a_hidden_plot_remembers_and_does_not_draw(shown, net, kind, monkeypatch):
    plot = shown(kind, many=5)
    plot.hide()
    drawn = []
    monkeypatch.setattr(plot, "draw", lambda: drawn.append(1))
    for frame in frames(net, 10, start=5):
        plot.show_frame(frame)
    assert drawn == []
    plot.show()
    assert drawn
    assert plot.t == 150.0


@each_plot
def test_a_frame_shown_twice_counts_once(shown, net, kind):
    once, twice = shown(kind), shown(kind)
    last = list(frames(net))[-1]
    twice.show_frame(last)
    a, b = once.table(), twice.table()
    assert {name: list(c) for name, c in a.items()} == {name: list(c) for name, c in b.items()}


@each_over_time
def test_going_back_in_time_forgets_what_came_after(shown, net, kind):
    plot = shown(kind)
    plot.hear(Restored(1000, 100.0, 1))
    for frame in frames(net, 3, start=10, timeline=1):
        plot.show_frame(frame)
    t = np.asarray(plot.table()["t_ms"])
    assert t.max() == pytest.approx(130.0, abs=5.1)
    assert np.all(np.diff(t) >= 0)


def test_the_raster_draws_every_spike_in_the_row_of_its_neuron(shown, net):
    plot = shown(Raster)
    assert plot.table()["neuron"].tolist() == [int(net.neuron_ids[k % 11]) for k in range(40)]
    image = plot.ring.unrolled()
    rows = np.flatnonzero(image.any(axis=1)) // plot.thick
    assert sorted(set(rows.tolist())) == list(range(11))
    inks = {int(i) for i in np.unique(image) if i}
    assert inks == {1, 4}  # Basket releases the modulator


def test_a_low_raster_still_says_in_what_its_time_is(shown, qtbot):
    plot = shown(Raster)
    axis = plot.marks.getAxis("bottom")
    assert plot.below.isVisible()
    assert not axis.style["showValues"], "the rates below have a named axis"
    plot.resize(700, 120)
    qtbot.waitUntil(lambda: not plot.below.isVisible())
    assert axis.style["showValues"]
    for until, unit in ((400.0, " ms"), (20_000.0, " s")):
        plot.show_time(plot.marks, 0.0, until)
        low, high = axis.range
        (spacing, values), *_ = axis.tickValues(low * axis.scale, high * axis.scale, 600)
        said = axis.tickStrings(values, axis.scale, spacing)
        assert said
        assert all(text.endswith(unit) for text in said)


def test_growth_many_times_a_second_does_not_redraw_the_raster(shown, net):
    plot = shown(Raster)
    ring = plot.ring
    net.remove(net.projection("E to E").ids[:1])
    plot.follow(net)
    assert plot.ring is ring


def test_the_membrane_is_in_millivolt_and_carries_its_spikes(shown, net):
    plot = shown(Membrane)
    first = int(net.population("Pyramidal").ids[0])
    assert plot.curves.of(first).min() == pytest.approx(-70.0)
    assert plot.curves.of(first).max() == pytest.approx(-56.5)
    _, v = plot.points(first, plot.curves)
    assert v.max() > -50.0
    assert plot.label_of(first) == "P0"


def test_selected_neurons_join_the_probed_ones(shown, net):
    plot = shown(Membrane, many=2)
    plot.watch(net.population("Basket").ids)
    for frame in frames(net, 3, start=2):
        plot.show_frame(frame)
    assert len(plot.curves.names) == 5


def test_probe_samples_are_preferred_to_what_frames_show(shown, net):
    plot = shown(Membrane, many=0)
    first = int(net.population("Pyramidal").ids[0])
    (probe,) = net.probes
    seen = np.zeros(3, SAMPLE)
    seen["step"], seen["t"] = [10, 20, 30], [1.0, 2.0, 3.0]
    seen["id"], seen["value"] = first, [-69.0, -68.0, -67.0]
    v01 = np.full(len(net.neuron_ids), 0.5, np.float32)
    plot.show_frame(Frame(step=30, t=3.0, ids=net.neuron_ids, v01=v01, samples={probe: seen}))
    t, v = plot.points(first, plot.curves)
    assert t.tolist() == [1.0, 2.0, 3.0]
    assert v.tolist() == [-69.0, -68.0, -67.0]
    second = int(net.population("Pyramidal").ids[1])  # no sample of it: where it stands in the frame
    assert plot.points(second, plot.curves)[0].tolist() == [3.0]


def test_the_histogram_counts_every_weight_by_its_sign(shown, net):
    plot = shown(Weights)
    plot._is_stale = True
    plot.refresh()
    counts = {sign: int(item.getData()[1].sum()) for sign, item in plot.bars.items()}
    assert counts == {1: 24, -1: 24, 0: 0}
    assert len(plot.spread_table()["weight"]) == 48


def test_the_target_of_calcium_is_read_from_the_growth_card(shown):
    plot = shown(Calcium)
    assert list(plot.target_lines) == [pytest.approx(0.04, rel=1e-3)]


def test_births_and_deaths_are_counted(shown, net):
    plot = shown(SynapseCount, many=2)
    ids = np.arange(3)
    plot.hear(Grown(0, ids, ids, ids, NONE, NONE, "", "", 300, 30.0))
    plot.hear(Pruned(0, ids[:1], "", "", 310, 31.0))
    for frame in frames(net, 2, start=3):
        plot.show_frame(frame)
    assert plot.turnover.of("grown")[-1] == 3
    assert plot.turnover.of("pruned")[-1] == 1
    plot.hear(Restored(100, 10.0, 1))
    assert (plot.born, plot.lost) == (0, 0)


def test_a_modulator_is_named(shown):
    plot = shown(Modulators)
    assert list(plot.table()) == ["t_ms", "Dopamine"]


def test_a_csv_that_cannot_be_written_is_said(shown, tmp_path, monkeypatch, qtbot):
    plot = shown(Raster)
    monkeypatch.setattr(
        "PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *a: (str(tmp_path / "no" / "a.csv"), "")
    )
    with qtbot.waitSignal(plot.failed) as heard:
        plot.ask_and_save("CSV")
    assert "was not written" in heard.args[0]


def test_without_a_probe_of_a_potential_the_membrane_shows_what_a_probe_is_of(qtbot):
    net = catalogue.find("magnesium_block").build()
    held = net.population("Held").ids
    (probe,) = net.probes
    with hosted(qtbot, Membrane, 700, 240) as plot:
        plot.follow(net)
        seen = np.zeros(2 * len(held), SAMPLE)
        seen["step"], seen["t"] = np.repeat([10, 20], len(held)), np.repeat([1.0, 2.0], len(held))
        seen["id"], seen["value"] = np.tile(held, 2), np.arange(2 * len(held))
        v01 = np.full(len(net.neuron_ids), 0.5, np.float32)
        frame = Frame(step=20, t=2.0, ids=net.neuron_ids, v01=v01, samples={probe: seen})
        plot.show_frame(frame)
        assert plot.curves.names[0] == held[0]
        assert plot.curves.names[-1] == held[-1], "a few, from the first to the last"
        assert len(plot.curves.names) == 8
        assert plot.points(int(held[-1]), plot.curves)[1].tolist() == [20.0, 41.0]
        assert plot.main.getAxis("left").labelText == "i_nmda (pA)"
        assert not plot.threshold.isVisible()
        assert "i_nmda_pA Held 1" in plot.table()
        plot.watch(held[:2])
        plot.show_frame(frame)
        assert plot.main.getAxis("left").labelText == "v (mV)"
        assert "v_mV Held 1" in plot.table()
