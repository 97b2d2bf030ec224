"""The Structure panel: who reaches whom in numbers, live while synapses come and go.

Measuring never makes the window wait: a large wiring is measured on a thread of the panel's own, and the
panel shows the last answer until the next one is there.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from editor.window.theme import DARK, Theme
from engine.analysis.graph import Measures, WiringGraph
from engine.counting import counted
from engine.live.frame import Frame

HEAVY = 30_000
"""From so many synapses on, measuring goes to the other thread."""
PAUSE = 0.5
"""Seconds between two measurings of a small wiring; a large one rests four times as long as it took."""
HUBS = 8
BARS = 28

Measured = tuple[Measures, NDArray[np.int64], NDArray[np.int64]]

ROWS = (
    ("Neurons", "All neurons."),
    ("Without synapses", "Neurons that no synapse reaches or leaves."),
    ("Synapses", "Every synapse and gap junction."),
    ("Synapses per neuron", "Mean fan-in, which equals mean fan-out."),
    ("Density", "Joined pairs, as a share of all possible ordered pairs."),
    (
        "Reciprocity",
        "Share of joined pairs that are joined the other way too; then, against chance.",
    ),
    (
        "Clustering",
        "How often two partners of a neuron are partners themselves; then, against chance.",
    ),
    ("Path length", "Mean number of synapses on the shortest way between neurons that can reach each other."),
    ("Reachable", "Share of ordered pairs between which there is a way at all."),
    ("Parts", "Parts that no synapse joins; a neuron on its own is one."),
)


class StructurePanel(QScrollArea):
    """Degrees, reciprocity, clustering, path length, hubs and components of the circuit."""

    chosen = Signal(object)
    """Neuron ids (int64 array) somebody asked to see: a hub was clicked."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.network: Any = None
        self.measures: Measures | None = None
        self._version = -1
        self._asked_at = -1e9
        self._rest = PAUSE
        self._waiting: Future[Measured] | None = None
        self._thread: ThreadPoolExecutor | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Structure")
        self._build()
        self.set_theme(theme)

    def _build(self) -> None:
        sheet = QWidget()
        box = QVBoxLayout(sheet)
        box.setContentsMargins(14, 12, 14, 14)
        box.setSpacing(10)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        self.values: dict[str, QLabel] = {}
        for row, (name, meaning) in enumerate(ROWS):
            label, value = QLabel(name), QLabel("-")
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for one in (label, value):
                one.setToolTip(meaning)
            grid.addWidget(label, row, 0)
            grid.addWidget(value, row, 1)
            self.values[name] = value
        box.addLayout(grid)
        self.degrees = Degrees()
        box.addWidget(self.degrees)
        self.hubs_title = QLabel("Hubs, synapses in and out")
        box.addWidget(self.hubs_title)
        self.hubs = []
        column = QVBoxLayout()
        column.setSpacing(0)
        box.addLayout(column)
        for _ in range(HUBS):
            button = QPushButton()
            button.setProperty("quiet", True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(self._choose_hub)
            button.hide()
            button.setStyleSheet("text-align: left; padding: 2px 4px")
            column.addWidget(button)
            self.hubs.append(button)
        self.remark = QLabel()
        self.remark.setWordWrap(True)
        box.addWidget(self.remark)
        box.addStretch(1)
        self.setWidget(sheet)

    # -- for the window --------------------------------------------------------------------------

    def follow(self, network: Any) -> None:
        """Which network to measure; call again when it changed."""
        self.network = network
        self.refresh()

    def show_frame(self, frame: Frame) -> None:
        """Once a frame: take in an answer, and ask again when the wiring changed and it is time."""
        self._take()
        self.refresh()

    def refresh(self) -> None:
        """Measure if the wiring changed since the last time, it is time, and anybody can see it."""
        if self.network is None or not self.isVisible() or self._waiting is not None:
            return
        version = (id(self.network), self.network.version)
        if version == self._version or time.monotonic() - self._asked_at < self._rest:
            return
        self._version, self._asked_at = version, time.monotonic()
        columns = _columns(self.network)
        if len(columns[1]) < HEAVY:
            self._show(_measure(*columns))
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="structure")
        self._waiting = self._thread.submit(_measure, *columns)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.theme = theme
        self.degrees.theme = theme
        self.degrees.update()
        self.hubs_title.setStyleSheet(f"color: {theme.muted}; font-weight: 600")
        self.remark.setStyleSheet(f"color: {theme.muted}; font-size: 11px")

    def close_thread(self) -> None:
        """End the measuring thread, if there is one; the panel may be used again afterwards."""
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
        self._thread = self._waiting = None

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self.close_thread()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._version = -1
        self._asked_at = -1e9
        self.refresh()

    # -- how -------------------------------------------------------------------------------------

    def _take(self) -> None:
        if self._waiting is not None and self._waiting.done():
            answer, self._waiting = self._waiting.result(), None
            self._rest = max(PAUSE, 4.0 * (time.monotonic() - self._asked_at))
            self._show(answer)

    def _show(self, answer: Measured) -> None:
        m, fan_in, fan_out = answer
        self.measures = m
        texts = (
            f"{m.neurons:,}",
            f"{m.lonely:,}",
            f"{m.synapses:,}",
            f"{m.mean_fan:.1f}",
            f"{100 * m.density:.2g} %",
            _against_chance(m.reciprocity, m.reciprocity_by_chance),
            _against_chance(m.clustering, m.clustering_by_chance),
            f"{m.path_length:.2f}" if m.path_length else "-",
            f"{100 * m.reachable:.0f} %",
            f"{m.components:,}, largest {m.largest:,}" if m.neurons else "-",
        )
        for (name, _), text in zip(ROWS, texts, strict=True):
            self.values[name].setText(text)
        self.degrees.show_degrees(fan_in, fan_out)
        self._show_hubs(m)
        sampled = m.sampled < m.neurons
        self.remark.setText(
            f"Clustering and path length are measured from {counted(m.sampled, 'neuron')}, always the same."
            if sampled
            else ""
        )

    def _show_hubs(self, m: Measures) -> None:
        self.hubs_title.setVisible(bool(m.hubs))
        for button, hub in zip(self.hubs, [*m.hubs, *[None] * HUBS], strict=False):
            button.setVisible(hub is not None)
            if hub is not None:
                neuron, degree = hub
                button.setText(f"{_name_of(self.network, neuron)}   {degree}")
                button.setProperty("neuron", neuron)

    def _choose_hub(self) -> None:
        self.chosen.emit(np.array([self.sender().property("neuron")], np.int64))


class Degrees(QWidget):
    """How many neurons have how many synapses: fan-in above the line, fan-out below."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.fan_in = self.fan_out = np.zeros(BARS, np.int64)
        self.top = 1
        self.setMinimumHeight(128)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Neurons by their number of incoming (up) and outgoing (down) synapses.")

    def show_degrees(self, fan_in: NDArray[np.int64], fan_out: NDArray[np.int64]) -> None:
        """Count the neurons of each degree and draw them."""
        self.top = int(max(fan_in.max(initial=1), fan_out.max(initial=1), 1))
        edges = np.linspace(0, self.top + 1, BARS + 1)
        self.fan_in, self.fan_out = np.histogram(fan_in, edges)[0], np.histogram(fan_out, edges)[0]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        most = max(int(self.fan_in.max()), int(self.fan_out.max()), 1)
        wide, high = self.width() / BARS, (self.height() - 34) / 2
        middle = 16 + high
        with QPainter(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            for counts, ink, way in (
                (self.fan_in, self.theme.excitatory, -1.0),
                (self.fan_out, self.theme.astrocytes[0], 1.0),
            ):
                colour = QColor(ink)
                colour.setAlphaF(0.75)
                painter.setBrush(colour)
                for i, count in enumerate(counts.tolist()):
                    tall = high * count / most
                    if tall > 0:
                        top = middle - tall if way < 0 else middle + 1
                        painter.drawRect(QRectF(i * wide + 0.5, top, wide - 1.0, max(tall, 1.0)))
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.drawLine(0, int(middle), self.width(), int(middle))
            font = painter.font()
            font.setPixelSize(11)
            painter.setFont(font)
            painter.setPen(QColor(self.theme.muted))
            right = Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(0, 0, self.width(), 14), 0, "fan-in")
            painter.drawText(QRectF(0, self.height() - 15, self.width(), 14), 0, "fan-out")
            below = QRectF(0, self.height() - 15, self.width(), 14)
            painter.drawText(below, right, counted(self.top, "synapse"))


def _columns(network: Any) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Neuron ids, and pre and post of every synapse: copies, which another thread may read."""
    none = [np.zeros(0, np.int64)]
    neurons = [p.neuron_ids for p in network.populations.values() if p.kind == "neuron"]
    tables = [p.synapses for p in network.projections.values()]
    return (
        np.concatenate(none + neurons),
        np.concatenate(none + [t.pre for t in tables]),
        np.concatenate(none + [t.post for t in tables]),
    )


def _measure(neurons: NDArray[np.int64], pre: NDArray[np.int64], post: NDArray[np.int64]) -> Measured:
    graph = WiringGraph(neurons, pre, post)
    return graph.measures(HUBS), graph.fan_in, graph.fan_out


def _against_chance(value: float, chance: float) -> str:
    """A share, and how many times what chance gives it is."""
    return f"{value:.3f}, {value / chance:.1f}\u00d7 chance" if chance > 0 else f"{value:.3f}"


def _name_of(network: Any, neuron: int) -> str:
    """What people call a neuron: its name, or its population and place."""
    for population in network.populations.values():
        row = np.flatnonzero(population.neuron_ids == neuron)
        if len(row):
            own = population.names[row[0]] if population.names else ""
            return own or f"{population.label} {row[0] + 1}"
    return str(neuron)
