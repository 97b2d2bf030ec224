"""The canvas in a window: it paints when something moves, follows the hand, hands the mouse to a gesture."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.canvas.camera import Camera
from editor.canvas.detail import Detail
from editor.canvas.overlay.chrome import Chrome
from editor.canvas.overlay.inset import Inset
from editor.canvas.overlay.items import Brush, Preview, Reason, Ring
from editor.canvas.pointer import Gesture
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import InputMark, Note, PopulationMark, ProbeMark
from editor.canvas.widget import LARGE, CanvasWidget
from editor.canvas.worker import Worker
from editor.window.theme import DARK, LIGHT

NOWHERE = QPoint()


def triangle():
    scene = Scene()
    scene.populations = [PopulationMark(1, "E")]
    scene.add_neurons([1, 2, 3], [[0, 0], [120, 0], [60, 90]])
    scene.names = {1: "one", 2: "two", 3: "three"}
    scene.add_synapses([10, 11], [1, 2], [2, 3], [0.5, 0.7], plastic=1)
    return scene


class Notebook(Gesture):
    """Writes down what it is told."""

    def __init__(self):
        self.said = []
        self.last = None

    def _note(self, what, pointer=None):
        self.said.append(what)
        self.last = pointer or self.last

    def begin(self, canvas, pointer):
        self._note("begin" if pointer.clicks == 1 else "double", pointer)

    def move(self, canvas, pointer):
        self._note("move", pointer)

    def end(self, canvas, pointer):
        self._note("end", pointer)

    def cancel(self, canvas):
        self._note("cancel")

    def hover(self, canvas, pointer):
        self._note("hover", pointer)

    def leave(self, canvas):
        self._note("leave")

    def key(self, canvas, key, *, is_press, repeats):
        self._note(f"{key} {'down' if is_press else 'up'}")
        return key == "X"


@pytest.fixture
def canvas(qtbot):
    widget = CanvasWidget()
    widget.resize(800, 500)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.set_scene(triangle())
    settle(widget, qtbot)
    return widget


def settle(canvas, qtbot):
    """Wait until nothing moves any more."""
    qtbot.waitUntil(lambda: not canvas._timer.isActive())


def at(place):
    return QPoint(round(place.x()), round(place.y()))


def drag(canvas, start, stop, button=Qt.MouseButton.LeftButton, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.mousePress(canvas, button, modifier, at(start))
    for share in (0.3, 0.6, 1.0):
        move(canvas, start + (stop - start) * share, button)
    QTest.mouseRelease(canvas, button, modifier, at(stop))


def move(canvas, place, button=Qt.MouseButton.NoButton):
    from PySide6.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove, place, canvas.mapToGlobal(place), Qt.MouseButton.NoButton, button,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def wheel(canvas, place, angle=0, pixels=NOWHERE, modifier=Qt.KeyboardModifier.NoModifier, touch=False):
    phase = Qt.ScrollPhase.ScrollUpdate if touch else Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        place, canvas.mapToGlobal(place), pixels, QPoint(0, angle), Qt.MouseButton.NoButton, modifier, phase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


# ---- painting --------------------------------------------------------------------------------------


def test_a_canvas_that_is_shown_is_painted(canvas):
    assert canvas.paints > 0
    image = canvas.grab().toImage()
    place = canvas.place_of(1)
    assert image.pixelColor(at(place)) != image.pixelColor(3, 3)


def test_when_nothing_moves_nothing_is_painted(canvas, qtbot):
    before = canvas.paints
    qtbot.wait(200)
    assert canvas.paints == before


def test_while_something_moves_it_is_painted_and_then_stops(canvas, qtbot):
    before = canvas.paints
    canvas.changes.spiked(canvas.scene, [1], canvas.clock())
    canvas.touch()
    qtbot.wait(300)
    assert canvas.paints > before + 4
    settle(canvas, qtbot)
    stopped = canvas.paints
    qtbot.wait(150)
    assert canvas.paints == stopped


@pytest.mark.parametrize("size", [(640, 400), (2560, 1440), (320, 200)])
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_any_size_is_painted_in_full(qtbot, size, theme):
    canvas = CanvasWidget(theme)
    qtbot.addWidget(canvas)
    canvas.resize(*size)
    canvas.set_scene(triangle())
    canvas.chrome = Chrome("A title", "and a line", "a strip", "a hint", preparing="pair STDP")
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.draw_now()
    image = canvas.grab().toImage()
    assert (image.width(), image.height()) == size
    corner = image.pixelColor(size[0] - 2, size[1] - 2)
    assert corner.lightness() < 60 if theme.is_dark else corner.lightness() > 200


def test_an_empty_canvas_offers_three_things_to_do(qtbot):
    canvas = CanvasWidget()
    qtbot.addWidget(canvas)
    canvas.resize(900, 600)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.grab()
    boxes = {name: box for name, box in canvas.overlay.boxes.items() if name.startswith("ghost:")}
    assert set(boxes) == {"ghost:neuron", "ghost:hundred", "ghost:example"}
    for name, box in boxes.items():
        with qtbot.waitSignal(canvas.ghost_chosen) as chosen:
            QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(box.center()))
        assert chosen.args == [name.removeprefix("ghost:")]
    canvas.set_scene(triangle())
    canvas.grab()
    assert not any(name.startswith("ghost:") for name in canvas.overlay.boxes)


def test_a_large_circuit_is_drawn_by_a_thread_that_ends_with_the_window(qtbot):
    rng = np.random.default_rng(0)
    scene = Scene()
    scene.add_neurons(np.arange(1, 401), rng.random((400, 2)) * 900)
    n = LARGE + 2000
    scene.add_synapses(
        np.arange(1000, 1000 + n), rng.integers(1, 401, n), rng.integers(1, 401, n), np.ones(n)
    )
    canvas = CanvasWidget()
    qtbot.addWidget(canvas)
    canvas.resize(700, 450)
    canvas.set_scene(scene)
    with qtbot.waitExposed(canvas):
        canvas.show()
    qtbot.waitUntil(lambda: canvas._picture is not None and canvas._picture.standing is not None)
    assert canvas._picture.standing.detail is Detail.HAIRLINES
    canvas.grab()
    assert "terminals hidden" in canvas.overlay.hidden
    canvas.hide()
    assert not any(thread.name == "canvas" for thread in threading.enumerate())


def test_what_the_drawing_thread_raises_is_raised_in_the_window(canvas):
    ready = threading.Event()
    worker = Worker(ready.set)
    worker.ask(replace(canvas._picture.request(canvas.camera), theme=None))
    assert ready.wait(10.0)
    worker.stop()
    with pytest.raises(AttributeError, match="sizes"):
        worker.take()
    assert worker.take() is None


def test_a_theme_can_be_changed_while_it_is_shown(canvas, qtbot):
    dark = canvas.grab().toImage().pixelColor(3, 3)
    canvas.set_theme(LIGHT)
    settle(canvas, qtbot)
    assert canvas.grab().toImage().pixelColor(3, 3).lightness() > dark.lightness() + 100


def test_everything_a_gesture_may_show_is_drawn(canvas):
    plain = canvas.grab().toImage()
    shows = {
        "band": ((100.0, 100.0), (300.0, 200.0)),
        "lasso": [(50.0, 50.0), (200.0, 60.0), (120.0, 220.0)],
        "previews": [Preview(1, 3), Preview(1, 0, (600.0, 100.0), -1, False)],
        "rings": [Ring(2), Ring(3, False)],
        "reason": Reason((200.0, 200.0), "an astrocyte cannot receive a synapse"),
        "brush": Brush((300.0, 300.0), 40.0, "lesion"),
        "ghosts": np.array([[10.0, -60.0]]),
        "pending_synapses": [(3, 1)],
        "pending_neurons": np.array([[120.0, 80.0]]),
        "handles_for": 1,
    }
    for name, value in shows.items():
        canvas.items = type(canvas.items)()
        setattr(canvas.items, name, value)
        assert canvas.grab().toImage() != plain, name
    canvas.items.clear()
    canvas.items.handles_for = 0
    assert canvas.items.is_empty


def test_inputs_probes_notes_and_lenses_are_drawn(canvas):
    plain = canvas.grab().toImage()
    canvas.scene.inputs = [InputMark(5, "Poisson", "poisson", np.array([1, 2]))]
    canvas.scene.probes = [ProbeMark(6, "v", np.array([3]))]
    canvas.scene.notes = [Note(7, 60.0, 30.0, "look here\nand here")]
    canvas.insets.append(Inset(60.0, 0.0, 40.0, "a lens", radius=70.0))
    assert canvas.grab().toImage() != plain
    assert {"input:5", "probe:6", "note:7"} <= set(canvas.overlay.boxes)
    box = canvas.overlay.boxes["input:5"]
    assert canvas.hit((box.center().x(), box.center().y())) == "input:5"


@pytest.mark.parametrize("zoom", [0.6, 1.0, 4.0])
def test_a_click_on_a_neuron_takes_the_neuron_and_one_on_an_electrode_its_probe(canvas, zoom):
    canvas.scene.probes = [ProbeMark(6, "v", np.array([1, 2, 3]))]
    canvas.go_to(type(canvas.camera)(0.0, 0.0, zoom), animated=False)
    canvas.grab()
    electrodes = [box for name, box in canvas.overlay.boxes.items() if name.startswith(("probe", "electr"))]
    assert len(electrodes) == 3
    for box in electrodes:
        assert canvas.hit((box.center().x(), box.center().y())) == "probe:6"
    for neuron in (1, 2, 3):
        at = canvas.place_of(neuron)
        assert canvas.hit((at.x(), at.y())) == ""


# ---- the camera ------------------------------------------------------------------------------------


def test_the_wheel_zooms_at_the_pointer(canvas, qtbot):
    place = canvas.place_of(2)
    zoom = canvas.camera.zoom
    wheel(canvas, place, 120)
    settle(canvas, qtbot)
    assert canvas.camera.zoom > 1.1 * zoom
    assert (canvas.place_of(2) - place).manhattanLength() < 1.0
    wheel(canvas, place, -120)
    settle(canvas, qtbot)
    assert canvas.camera.zoom == pytest.approx(zoom)


def test_zooming_is_smooth(canvas, qtbot):
    zooms = []
    canvas.zoom_by(3.0)
    for _ in range(5):
        qtbot.wait(25)
        canvas.repaint()
        zooms.append(canvas._camera.zoom)
    assert all(np.diff(zooms) >= 0.0)
    assert len(set(zooms)) > 2


@pytest.mark.parametrize("how", ["middle", "shift", "two fingers"])
def test_panning_moves_the_picture_with_the_hand(canvas, how):
    before = canvas.place_of(1)
    start, by = QPointF(400, 100), QPointF(60, 30)
    if how == "middle":
        drag(canvas, start, start + by, Qt.MouseButton.MiddleButton)
    elif how == "shift":
        drag(canvas, start, start + by, modifier=Qt.KeyboardModifier.ShiftModifier)
    else:
        wheel(canvas, start, pixels=QPoint(60, 30), touch=True)
    assert (canvas.place_of(1) - before - by).manhattanLength() < 1.5


def test_arrow_keys_pan_and_plus_and_minus_zoom(canvas, qtbot):
    camera = canvas.camera
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.camera.x > camera.x
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.camera.zoom > camera.zoom
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.camera.zoom == pytest.approx(camera.zoom)
    settle(canvas, qtbot)


def test_fitting_shows_everything_again(canvas, qtbot):
    canvas.go_to(Camera(5000.0, 5000.0, 7.0), animated=False)
    canvas.fit(animated=False)
    for neuron in (1, 2, 3):
        place = canvas.place_of(neuron)
        assert canvas.rect().contains(at(place))
    canvas.frame_neurons([2], animated=False)
    middle = canvas.place_of(2) - QPointF(400, 250)
    assert middle.manhattanLength() < 2.0
    settle(canvas, qtbot)


def test_the_minimap_appears_close_up_and_takes_the_view_elsewhere(canvas, qtbot):
    canvas.grab()
    assert canvas.overlay.minimap.box is None
    canvas.frame_neurons([1], animated=False)
    canvas.zoom_by(2.0, animated=False)
    settle(canvas, qtbot)
    canvas.grab()
    box = canvas.overlay.minimap.box
    assert box is not None
    before = canvas.camera
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(box.topRight() + QPointF(-8, 8)))
    assert canvas.camera.x > before.x
    assert canvas.camera.zoom == before.zoom
    settle(canvas, qtbot)


# ---- gestures --------------------------------------------------------------------------------------


def test_a_gesture_is_told_what_the_mouse_does(canvas):
    canvas.gesture = notes = Notebook()
    start, stop = canvas.place_of(1), canvas.place_of(2)
    move(canvas, start)
    assert notes.said[-1] == "hover"
    assert (notes.last.pick.kind, notes.last.pick.id) == ("neuron", 1)
    drag(canvas, start, stop)
    assert notes.said[-5:] == ["begin", "move", "move", "move", "end"]
    assert notes.last.pick.id == 2
    assert notes.last.um == pytest.approx((120.0, 0.0), abs=1.0)
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=at(stop))
    assert notes.said[-2:] == ["begin", "end"]
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert "double" in notes.said


def test_a_click_with_shift_is_the_gestures(canvas):
    canvas.gesture = notes = Notebook()
    QTest.mouseClick(
        canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, at(canvas.place_of(1))
    )
    assert notes.said[-2:] == ["begin", "end"]
    assert notes.last.shift


def test_escape_and_another_gesture_cancel(canvas):
    canvas.gesture = notes = Notebook()
    canvas.items.band = ((0.0, 0.0), (9.0, 9.0))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert "cancel" in notes.said
    assert canvas.items.band is None
    notes.said.clear()
    canvas.gesture = Notebook()
    assert notes.said == ["cancel"]


def test_keys_go_to_the_gesture_first(canvas):
    canvas.gesture = notes = Notebook()
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert notes.said[:2] == ["X down", "X up"]


def test_a_hovered_neuron_shows_its_handles_and_keeps_them_under_the_pointer(canvas):
    place = canvas.place_of(1)
    move(canvas, place)
    assert canvas.hovered.id == 1
    assert canvas.items.handles_for == 1
    from editor.canvas.overlay.hands import handle_places, spot_of

    handles = handle_places(spot_of(canvas.geometry_now(), 1))
    for name, middle in handles.items():
        move(canvas, middle)
        assert canvas.hovered.id == 1, "the neuron stays hovered on its handles"
        assert canvas.hit((middle.x(), middle.y())) == f"{name}:1"
    move(canvas, QPointF(5, 5))
    assert canvas.hovered.is_nothing
    assert canvas.items.handles_for == 0


def test_what_is_hovered_is_announced(canvas, qtbot):
    with qtbot.waitSignal(canvas.hovered_changed) as told:
        move(canvas, canvas.place_of(3))
    assert told.args[0].id == 3


def test_picking_finds_what_is_in_a_rectangle(canvas):
    found = canvas.within_rect((0.0, 0.0), (800.0, 500.0))
    assert sorted(found["neuron"].tolist()) == [1, 2, 3]
    assert sorted(found["synapse"].tolist()) == [10, 11]


def test_a_selection_dims_the_rest_in_a_moment(canvas, qtbot):
    canvas.select(neurons=[1])
    settle(canvas, qtbot)
    assert canvas.emphasis().dim == 1.0
    canvas.select()
    settle(canvas, qtbot)
    assert canvas.emphasis().dim == 0.0


# ---- a running network -----------------------------------------------------------------------------


def test_a_network_its_edits_and_its_news_are_shown(qtbot):
    from engine import Network
    from engine.live.messages import Grown, Pruned
    from engine.network.edits import AddSynapses, RemoveSynapses

    net = Network(dt=0.1, seed=1)
    cells = net.add_population("E", "iaf_psc_exp", size=6, sign=+1)
    wire = net.add_projection("E to E", cells, cells, rules=[("stdp_pair", {})])
    first = net.add_synapses(wire, pre=cells[:1], post=cells[1:2], weight=40.0)
    canvas = CanvasWidget()
    qtbot.addWidget(canvas)
    canvas.resize(700, 450)
    canvas.set_network(net)
    with qtbot.waitExposed(canvas):
        canvas.show()
    assert len(canvas.scene.synapses) == 1
    ids = np.array([-1, -2])
    ends = (cells.ids[2:4], cells.ids[4:6])
    edit = AddSynapses(wire.id, ids, *ends, np.full(2, 30.0), np.full(2, 1.0))
    net.apply(edit)
    canvas.grown(Grown(wire.id, ids, *ends, np.full(2, 30.0), np.full(2, 1.0), "r", "w", 5, 0.5))
    assert len(canvas.changes.births(canvas.clock()).ids) == 2
    canvas.follow(edit)
    assert len(canvas.scene.synapses) == 3
    gone = np.asarray(first.ids if hasattr(first, "ids") else first, np.int64)
    canvas.pruned(Pruned(wire.id, gone, "prune_weak", "weak for 2 s", 6, 0.6))
    gone_edit = RemoveSynapses(gone)
    net.apply(gone_edit)
    canvas.follow(gone_edit)
    assert len(canvas.changes.deaths(canvas.clock()).ids) == 1
    assert len(canvas.scene.synapses) == 2
    canvas.restart()
    assert len(canvas.changes.deaths(canvas.clock()).ids) == 0


def test_an_arrangement_is_seen_happening_and_ends_where_it_should(qtbot):
    from engine import Network
    from engine.network.edits import MoveNeurons

    net = Network(dt=0.1, seed=1)
    cells = net.add_population("E", "iaf_psc_exp", size=3, sign=+1, positions=[[0, 0], [50, 0], [100, 0]])
    canvas = CanvasWidget()
    qtbot.addWidget(canvas)
    canvas.resize(700, 450)
    canvas.set_network(net)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.clock = lambda: now[0]
    now = [100.0]
    edit = MoveNeurons(cells.ids, np.array([[0.0, 200.0, 0.0], [50.0, 200.0, 0.0], [100.0, 200.0, 0.0]]))
    net.apply(edit)
    canvas.follow(edit, animated=True)
    heights = []
    for step in range(12):
        now[0] = 100.0 + 0.05 * step
        canvas.repaint()
        heights.append(float(canvas.scene.neurons["y"][0]))
    assert heights[0] == 0.0
    assert 0.0 < heights[4] < 200.0
    assert heights[-1] == 200.0
    assert np.all(np.diff(heights) >= 0.0)
