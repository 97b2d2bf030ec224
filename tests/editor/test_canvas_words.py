"""What is written on the canvas: a legend of what can happen, names that stand free, meters in view."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from editor.canvas.follow import Follower
from editor.canvas.overlay import chrome, instruments, labels
from editor.canvas.scene import Scene
from editor.canvas.view import CLEAR
from engine.network.edits import SetRules
from engine.network.network import Network
from engine.network.parts import RuleUse
from tests.editor.a_window import opened, show


def test_the_legend_speaks_of_growth_only_where_a_rule_grows(qtbot):
    window = opened(qtbot)
    window.bring_canvas()
    net = Network(seed=1)
    cells = net.add_population("E", "iaf_psc_exp", 4)
    way = net.add_projection("E to E", cells, cells, rules=["stdp_pair"])
    net.wire(way, "all_to_all", weight=50.0, delay=1.0)
    show(window, net)
    said = {kind for kind, _ in chrome._legend_rows(window.canvas.scene)}
    assert "changed" in said
    assert not said & {"sprout", "pruned"}
    window.bench.do(SetRules(way.id, (RuleUse("stdp_pair"), RuleUse("prune_weak"))))
    qtbot.waitUntil(lambda: window.canvas.scene.grows)
    assert {"sprout", "pruned"} <= {kind for kind, _ in chrome._legend_rows(window.canvas.scene)}
    window.perform("undo")
    qtbot.waitUntil(lambda: not window.canvas.scene.grows)
    window.close()


def test_the_name_of_a_population_stands_above_its_neurons_and_beside_its_input(qtbot, monkeypatch):
    written = {}
    monkeypatch.setattr(
        labels, "outlined", lambda painter, theme, at, text, *more: written.__setitem__(text, QPointF(at))
    )
    window = opened(qtbot)
    window.bring_canvas()
    net = Network(seed=1)
    column = np.column_stack([np.zeros(12), 40.0 * np.arange(12), np.zeros(12)])
    left = net.add_population("Inputs", "relay", 12, positions=column)
    net.add_population("Neurons", "iaf_psc_exp", 12, positions=column + np.array([400.0, 0.0, 0.0]))
    net.add_input("poisson", left[:1], rate=10.0, label="an input with a long name")
    show(window, net)
    qtbot.waitUntil(lambda: {"Inputs", "Neurons"} <= set(written))
    window.canvas.repaint()
    tops = [window.canvas.place_of(int(p.neuron_ids[0])).y() for p in net.populations.values()]
    assert written["Inputs"].y() < tops[0]
    assert written["Neurons"].y() < tops[1]
    chips = [box for name, box in window.canvas.overlay.boxes.items() if name.startswith("input")]
    word = QRectF(written["Inputs"].x() - 20.0, written["Inputs"].y() - 12.0, 40.0, 14.0)
    assert not any(chip.intersects(word) for chip in chips)
    window.close()


@pytest.mark.parametrize("example", ["hebb_runaway", "negative_image", "bcm_selectivity", "spine_turnover"])
def test_the_name_of_a_population_is_not_under_the_card_of_an_example(qtbot, monkeypatch, example):
    written = {}
    monkeypatch.setattr(
        labels, "outlined", lambda painter, theme, at, text, *more: written.__setitem__(text, QPointF(at))
    )
    window = opened(qtbot, size=(1280, 800))
    window.bring_canvas()
    window.files.open_example(example)
    card, canvas = window.middle.card, window.canvas
    qtbot.waitUntil(lambda: canvas._corner[0] > 0.0)
    names = [one.label for one in window.document.network.populations.values()]
    qtbot.waitUntil(lambda: set(names) <= set(written))
    written.clear()
    canvas.repaint()
    under = QRectF(card.geometry())
    for name in names:
        wide = canvas.fontMetrics().horizontalAdvance(name)
        box = QRectF(written[name].x() - 0.5 * wide, written[name].y() - 13.0, wide, 14.0)
        assert QRectF(canvas.rect()).contains(box), name
        assert not under.intersects(box), name
    window.close()


@pytest.mark.parametrize("at", [(795.0, 300.0), (300.0, 5.0), (795.0, 5.0)])
def test_a_meter_stays_in_view_beside_its_electrode(at):
    room = QRectF(0.0, 0.0, 800.0, 600.0)
    box = QRectF(at[0] + 9.0, at[1] - 20.0, 120.0, 28.0)
    taken: list[QRectF] = []
    for _ in range(4):
        found = instruments._free_box(box, taken, QPointF(*at), room)
        assert room.contains(found)
        assert not any(found.intersects(other) for other in taken)
        taken.append(found)


def test_a_scene_without_rules_does_not_grow():
    net = Network(seed=1)
    net.add_population("E", "iaf_psc_exp", 2)
    scene = Scene()
    Follower(scene, net)
    assert not scene.grows


def test_the_chip_of_an_input_that_finds_no_room_beside_its_neurons_stays_in_view(qtbot):
    window = opened(qtbot, size=(1100, 640))
    window.bring_canvas()
    net = Network(seed=1)
    across, down = np.meshgrid(40.0 * np.arange(12), 40.0 * np.arange(8))
    sheet = np.column_stack([across.ravel(), down.ravel(), np.zeros(96)])
    cells = net.add_population("Sheet", "iaf_psc_exp", 96, positions=sheet)
    net.add_input("poisson", cells, rate=10.0, label="everywhere at once")
    show(window, net)
    canvas = window.canvas
    for zoom in (1.0, 1.15, 1.3):
        canvas.fit(animated=False)
        canvas.zoom_by(zoom, animated=False)
        qtbot.waitUntil(lambda: any(name.startswith("input") for name in canvas.overlay.boxes))
        canvas.repaint()
        (box,) = (box for name, box in canvas.overlay.boxes.items() if name.startswith("input"))
        assert box.top() >= 0.0
        assert box.bottom() <= canvas.height()
    window.close()


@pytest.mark.parametrize(
    "sizes",
    [(1, 1, 1), (20, 20), (20, 20, 20)],
    ids=["single neurons", "two rows", "three rows"],
)
def test_populations_in_rows_and_of_one_neuron_are_named(qtbot, monkeypatch, sizes):
    written = set()
    monkeypatch.setattr(labels, "outlined", lambda painter, theme, at, text, *more: written.add(text))
    window = opened(qtbot)
    window.bring_canvas()
    net = Network(seed=1)
    for row, size in enumerate(sizes):
        places = np.column_stack([50.0 * np.arange(size), np.full(size, 160.0 * row), np.zeros(size)])
        net.add_population(f"Row {row}", "iaf_psc_exp", size, positions=places)
    show(window, net)
    qtbot.waitUntil(lambda: {f"Row {row}" for row in range(len(sizes))} <= written)
    window.close()


def test_a_name_at_the_edge_moves_aside_to_be_read_in_full(qtbot, monkeypatch):
    written = {}
    monkeypatch.setattr(
        labels, "outlined", lambda painter, theme, at, text, *more: written.__setitem__(text, QPointF(at))
    )
    monkeypatch.setattr(labels, "width_of", lambda text, font: 300.0)
    window = opened(qtbot)
    window.bring_canvas()
    net = Network(seed=1)
    for across in (0.0, 900.0):
        net.add_population(f"At {across:g}", "iaf_psc_exp", 1, positions=[[across, 0.0, 0.0]])
    show(window, net)
    qtbot.waitUntil(lambda: {"At 0", "At 900"} <= set(written))
    canvas = window.canvas
    canvas.fit(animated=False)
    canvas.zoom_by(1.5, animated=False)
    written.clear()
    qtbot.waitUntil(lambda: canvas.repaint() or bool(written))
    ends = [canvas.place_of(int(id)).x() for id in net.neuron_ids]
    seen = [k for k, x in enumerate(ends) if 0.0 < x < canvas.width()]
    assert seen
    assert any(not 150.0 < ends[k] < canvas.width() - 150.0 for k in seen), "one would be cut off"
    for k in seen:
        x = written[("At 0", "At 900")[k]].x()
        assert 150.0 <= x <= canvas.width() - 150.0
    window.close()


def test_of_a_few_neurons_none_lies_under_the_legend_or_the_bar(qtbot):
    window = opened(qtbot, size=(1500, 1100))
    window.bring_canvas()
    canvas = window.canvas
    net = Network(seed=1)
    wide, high = canvas.width(), canvas.height()
    grid = [[x * wide, y * high, 0.0] for x in np.linspace(0.0, 0.5, 6) for y in np.linspace(0.0, 0.5, 6)]
    net.add_population("Grid", "iaf_psc_exp", 36, positions=grid)
    show(window, net)
    canvas.fit(animated=False)
    size = canvas.width(), canvas.height()
    boxes = [
        box.adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
        for box in chrome.foot(canvas.chrome, canvas.theme, canvas.scene, *size)
    ]
    assert len(boxes) == 2, "a legend and a bar"
    places = [canvas.place_of(int(id)) for id in net.neuron_ids]
    assert all(0.0 < at.x() < size[0] and 0.0 < at.y() < size[1] for at in places)
    assert not any(box.contains(at) for box in boxes for at in places)
    bare = canvas._framed(0.0, 0.0).to_px(canvas.scene.places(), *size)
    assert any(box.contains(*at) for box in boxes for at in bare[:, :2]), "one would have lain there"
    window.close()


def test_populations_that_lie_over_each_other_are_not_named(qtbot, monkeypatch):
    written = set()
    monkeypatch.setattr(labels, "outlined", lambda painter, theme, at, text, *more: written.add(text))
    window = opened(qtbot)
    window.bring_canvas()
    net = Network(seed=1)
    places = np.column_stack([60.0 * np.arange(20), np.zeros(20), np.zeros(20)])
    net.add_population("One", "iaf_psc_exp", 20, positions=places)
    net.add_population("Other", "iaf_psc_exp", 20, positions=places + np.array([30.0, 0.0, 0.0]))
    show(window, net)
    qtbot.waitUntil(lambda: window.canvas.place_of(int(net.neuron_ids[0])) is not None)
    window.canvas.repaint()
    assert not written & {"One", "Other"}
    window.close()


@pytest.mark.parametrize(
    ("model", "transmission", "unit"),
    [("iaf_psc_exp", "current_exp", "pA"), ("iaf_cond_exp", "conductance_exp", "nS")],
)
def test_a_weight_on_the_canvas_has_its_unit(qtbot, monkeypatch, model, transmission, unit):
    window = opened(qtbot)
    window.bring_canvas()
    net = Network(seed=1)
    cells = net.add_population("E", model, 2, positions=[[0, 0, 0], [120, 0, 0]])
    way = net.add_projection("E to E", cells, cells, transmission=transmission)
    net.add_synapses(way, pre=cells[:1], post=cells[1:], weight=45.0, delay=1.0)
    show(window, net)
    assert window.canvas.scene.units == {way.id: unit}
    widths = []
    monkeypatch.setattr(labels, "width_of", lambda text, font: widths.append(text) or 40.0)
    window.canvas.repaint()
    qtbot.waitUntil(lambda: f"45 {unit}" in widths)
    window.close()
