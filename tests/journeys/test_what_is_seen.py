"""What a running engine does to its synapses is seen on the canvas: births, deaths, and changes of weight.

Each journey runs a small circuit through the document and its live session, hands the news to the canvases
as the window does, and then films them at 60 pictures a second of a clock that the test steps.
"""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from editor.bridge import Bridge
from editor.canvas.changes import Kind
from editor.canvas.detail import Detail
from editor.canvas.widget import CanvasWidget
from editor.document.document import Document
from editor.feed import Feed
from editor.selection import Selection
from editor.transport.timeline import Timeline
from editor.window.plots_dock import PlotTabs
from editor.window.theme import DARK, LIGHT
from engine import Network
from engine.kernels import recipes
from engine.kernels.warm_up import compile_beside
from tests.colours import contrast, near_colour

WIDE, HIGH = 400, 190
PATIENCE = 120.0
"""Seconds in which the engine must answer; a first run compiles its kernels."""
LEVELS = tuple(Detail)
SEEN_AS = [(theme, detail) for theme in (DARK, LIGHT) for detail in LEVELS]


class Film:
    """A document with its engine, and canvases that show it in every theme and at every level of detail."""

    def __init__(self, network: Network, qtbot) -> None:
        self.now = 1000.0
        compile_beside(recipes.of(network, watched=True))  # else it runs without its rules for a while
        self.document = Document(network)
        self.document.speed = None
        self.bridge = Bridge(self.document)
        self.owner = QObject()
        self.canvases = [self._canvas(theme, detail, qtbot) for theme, detail in SEEN_AS]

    def _canvas(self, theme, detail, qtbot) -> CanvasWidget:
        canvas = CanvasWidget(theme)
        plots = PlotTabs()
        for widget in (canvas, plots):
            qtbot.addWidget(widget)
        canvas.clock = lambda: self.now
        canvas.resize(WIDE, HIGH)
        feed = Feed(self.document, Selection(), Timeline(), plots, self.owner)
        feed.use_canvas(canvas)
        canvas.detail = detail
        canvas.chrome.legend = canvas.chrome.scale_bar = canvas.chrome.minimap = False
        self.bridge.changed.connect(feed.take_in)
        self.bridge.frame_ready.connect(feed.show_frame)
        return canvas

    def until(self, condition, what: str) -> None:
        """Hear the engine out, in no time of the canvases, until it is so."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self.bridge.poll()
            assert self.document.failure is None, self.document.failure
            if condition():
                return
            assert time.monotonic() < deadline, f"{what} did not happen in {PATIENCE} s"
            threading.Event().wait(0.002)

    def begin(self) -> None:
        """Take one step, so that everybody has seen how it was."""
        self.document.step("dt")
        self.until(lambda: self.document.frame is not None and self.document.t > 0.0, "a step")
        self.until(lambda: not self.document.is_running, "the pause")

    def run_to_change(self, projection: int) -> int:
        """Run until synapses come or go; returns how many there are then."""
        before = self.count(projection)
        self.document.step("change")
        self.until(lambda: self.count(projection) != before, "a change of the wiring")
        self.until(lambda: not self.document.is_running, "the pause")
        return self.count(projection)

    def count(self, projection: int) -> int:
        """How many synapses a projection has."""
        return len(self.document.network.projections[projection].synapses)

    def run_to(self, ms: float) -> None:
        """Run until then as fast as it goes."""
        self.document.play()
        self.until(lambda: self.document.t >= ms, f"t = {ms} ms")
        self.document.pause()
        self.until(lambda: not self.document.is_answering, "the pause")

    def shots(self) -> list[np.ndarray]:
        """What every canvas shows now: (height, width, 3) each."""
        self.bridge.poll()
        return [shot(canvas) for canvas in self.canvases]

    def reel(self, pictures: int) -> list[np.ndarray]:
        """So many pictures, a sixtieth of a second apart, of every canvas: (pictures, height, width, 3)."""
        taken = []
        for _ in range(pictures):
            taken.append(self.shots())
            self.now += 1.0 / 60.0
        return [np.stack(each) for each in zip(*taken, strict=True)]

    def later(self, seconds: float) -> list[np.ndarray]:
        """What every canvas shows when all of it is over."""
        self.now += seconds
        self.shots()  # lets go of what is over
        return self.shots()

    def between(self, pre: int, post: int) -> slice:
        """The columns of the picture between two neurons, their discs and glows left out."""
        ends = [round(self.canvases[0].place_of(neuron).x()) for neuron in (pre, post)]
        return slice(ends[0] + 26, ends[1] - 26)

    def row_of(self, neuron: int) -> int:
        """At which height a neuron is seen."""
        return round(self.canvases[0].place_of(neuron).y())


def shot(canvas: CanvasWidget) -> np.ndarray:
    canvas.draw_now()
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bytes_ = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return bytes_[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(np.int16)


@pytest.fixture
def filmed(qtbot):
    """Makes a film of a network; ends its engine afterwards."""
    films = []

    def of(network: Network) -> Film:
        films.append(Film(network, qtbot))
        return films[-1]

    yield of
    for film in films:
        assert film.bridge.close()


def pairs(rules, *, size=1, weight=1.0, wired=True) -> tuple[Network, object, object, object]:
    """Relays on the left that reach, or may reach, relays on the right, each in its row."""
    net = Network(dt=0.1, seed=3)
    y = 60.0 * (np.arange(size) - 0.5 * (size - 1))
    flat = np.zeros(size)
    left, right = (
        net.add_population(label, "relay", size=size, sign=+1, positions=np.column_stack([flat + x, y, flat]))
        for label, x in (("Pre", -150.0), ("Post", 150.0))
    )
    made = net.add_projection(
        "Pre to Post", left, right, transmission="current_exp", rules=rules, w_max=100.0
    )
    if wired:
        net.add_synapses(made, pre=left.ids, post=right.ids, weight=weight, delay=1.0)
    return net, left, right, made


def growth(**params):
    return ("element_growth", {"curve": "linear", "nu": 0.05, "update": 20.0, "weight": 40.0, **params})


def test_a_synapse_the_engine_grows_is_a_sprout_that_advances_picture_by_picture(filmed):
    net, left, right, made = pairs([growth()], wired=False)
    film = filmed(net)
    film.begin()
    assert film.run_to_change(made.id) > 0
    columns = film.between(left.ids[0], right.ids[0])
    for (theme, detail), pictures in zip(SEEN_AS, film.reel(54), strict=True):
        sprout = near_colour(pictures[:, :, columns], theme.sprout, 70.0).any(axis=1)
        whole = sprout.shape[1]
        reach = np.where(sprout.any(axis=1), whole - np.argmax(sprout[:, ::-1], axis=1), 0)
        advances = np.diff(reach) > 0
        runs = np.split(advances, np.flatnonzero(~advances))
        assert max(run.sum() for run in runs) >= 8, (theme.name, detail.name)
        assert reach[6] < 0.3 * whole < 0.9 * whole < reach[-1], (theme.name, detail.name)


def test_a_synapse_the_engine_prunes_retracts_and_stands_out_for_600_ms(filmed):
    net, left, right, made = pairs(
        [("prune_weak", {"below": 50.0, "for_": 40.0, "update": 20.0})], weight=30.0
    )
    film = filmed(net)
    film.begin()
    assert film.run_to_change(made.id) == 0
    columns = film.between(left.ids[0], right.ids[0])
    reels = film.reel(54)
    grounds = film.later(5.0)
    for (theme, detail), pictures, ground in zip(SEEN_AS, reels, grounds, strict=True):
        stands_out = contrast(pictures[:, :, columns], ground[None, :, columns]) >= 3.0
        long = stands_out.any(axis=1).sum(axis=1)
        assert (long[:37] >= 20).all(), (theme.name, detail.name, long.tolist())
        line = stands_out & near_colour(pictures[:, :, columns], theme.retracting, 60.0)
        share = line.any(axis=1).mean(axis=1)
        assert share[12] > 0.8 > 0.6 > share[36] > share[48], (theme.name, detail.name, share.tolist())


@pytest.mark.parametrize("sign", [1, -1], ids=["potentiation", "depression"])
def test_a_weight_the_engine_changes_has_a_halo_of_its_sign_and_size(filmed, sign):
    lags = np.array([2.0, 14.0, 36.0])
    rule = ("stdp_pair", {"lambda_": 0.12, "mu_plus": 0.0, "mu_minus": 0.0})
    net, left, right, made = pairs([rule], size=3, weight=50.0)
    net.add_input("spike_list", left, times=np.array([100.0]))
    for row, lag in enumerate(lags):  # the post spike reaches the synapse 1 ms after it is fired
        net.add_input("spike_list", right[row], times=np.array([100.0 + sign * lag - 1.0]))
    film = filmed(net)
    film.begin()
    before = film.document.frame.weights[made.id][1].copy()
    film.run_to(160.0)
    change = film.document.frame.weights[made.id][1] - before
    assert np.all(sign * change > 0.0)
    film.now += 0.30  # the spikes in flight have arrived
    lit = film.shots()
    plain = film.later(6.0)
    rows = [film.row_of(neuron) for neuron in right.ids]
    columns = film.between(left.ids[0], right.ids[0])
    for (theme, detail), picture, without in zip(SEEN_AS, lit, plain, strict=True):
        sizes = []
        for y in rows:
            part = (slice(y - 20, y + 21), columns)
            differs = np.abs(picture[part] - without[part]).max(axis=-1)
            marked = differs > 12
            sizes.append(int(differs[marked].sum()))
            warmth = (picture[part] - without[part])[marked] @ (1, 0, -1)
            assert np.sign(warmth.sum()) == sign, (theme.name, detail.name, "warm is redder, cool is bluer")
        assert np.array_equal(np.argsort(sizes), np.argsort(np.abs(change))), (theme.name, detail.name, sizes)
        assert sizes[0] > 1.5 * sizes[-1] > 0, (theme.name, detail.name, sizes)


def test_more_than_two_hundred_births_a_second_merge_into_a_shimmer_with_a_count(filmed):
    net, _, right, made = pairs([growth(nu=1.0)], size=20, wired=False)
    film = filmed(net)
    film.begin()
    quiet = film.shots()
    grown = film.run_to_change(made.id)
    assert grown > 200
    film.now += 3.0 / 60.0
    alone = [canvas.changes.births(film.now).ids.size for canvas in film.canvases]
    assert alone == [200] * len(alone), "the first two hundred are drawn, the rest merges"
    assert all(canvas.changes.counts(film.now) == {Kind.BIRTH: grown} for canvas in film.canvases)
    seen = film.shots()
    for (theme, detail), canvas, before, after in zip(SEEN_AS, film.canvases, quiet, seen, strict=True):
        changed = np.abs(after - before).max(axis=-1) > 40
        assert changed[HIGH - 42 : HIGH - 18, WIDE // 2 - 60 : WIDE // 2 + 60].sum() > 100, (
            "the count is written"
        )
        around = [canvas.place_of(neuron).toPoint() for neuron in right.ids[::6]]
        for at in around:
            ring = after[max(at.y() - 12, 0) : at.y() + 13, at.x() - 12 : at.x() + 13]
            assert near_colour(ring, theme.sprout, 90.0).any(), (theme.name, detail.name, "it shimmers")
    film.later(4.0)
    assert all(not canvas.changes.counts(film.now) for canvas in film.canvases)
