"""An example beside its control: the same circuit twice, once without the mechanism, both running.

Each side is a document of its own with an engine of its own.  Once a side runs, its point is measured in a
second, unseen run on a thread, so that the numbers below are those that the tests check.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from editor.bridge import Bridge
from editor.canvas.widget import CanvasWidget
from editor.document.document import Document
from editor.gallery.catalogue import Example, Point
from editor.window.theme import DARK, Theme
from engine import Simulation
from engine.counting import counted
from engine.network import Network


class Side(QWidget):
    """One circuit on one canvas with its own engine, and its point measured."""

    def __init__(self, name: str, network: Network, example: Example, theme: Theme) -> None:
        super().__init__()
        self.example = example
        self.measured: Point | None = None
        self.network = network.copy()
        """As built; the document's own copy grows and is pruned."""
        self.document = Document(network)
        self.document.speed = example.speed
        self.bridge = Bridge(self.document, self)
        self.bridge.changed.connect(self._changed)
        self.bridge.frame_ready.connect(self._framed)
        self.title = QLabel(name)
        self.canvas = CanvasWidget(theme)
        self.canvas.set_network(self.document.network)
        self.reading = QLabel()
        self.verdict = QLabel()
        for label in (self.title, self.reading, self.verdict):
            label.setFixedHeight(22)  # the canvas between them does not jump when they begin to speak
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.title)
        box.addWidget(self.canvas, 1)
        box.addWidget(self.reading)
        box.addWidget(self.verdict)

    def start(self) -> None:
        """Run."""
        self.bridge.start()
        self.document.play()

    def close_side(self) -> None:
        """End the engine of this side."""
        self.bridge.close()

    def show_point(self, point: Point, theme: Theme) -> None:
        """Say what was measured and whether that is what was expected."""
        measured, expected, tolerance = self.measured = point
        shows = abs(measured - expected) <= tolerance
        self.verdict.setText(
            f"measured {measured:.3g}, expected {expected:.3g} \u00b1 {tolerance:.2g}: "
            + ("shows it" if shows else "does not show it")
        )
        self.verdict.setStyleSheet(f"color: {theme.good if shows else theme.warning}; font-weight: 600")

    def _changed(self, news: Any) -> None:
        if news.touches_network:
            for ids in news.pruned:
                self.canvas.changes.died(self.canvas.scene, ids, self.canvas.clock())
            self.canvas.sync()
            for ids in news.grown:
                self.canvas.changes.born(self.canvas.scene, ids, self.canvas.clock())

    def _framed(self, frame: Any) -> None:
        self.canvas.show_frame(frame)
        hz = list(frame.rates.values())
        mean = sum(hz) / len(hz) if hz else 0.0
        synapses = counted(self.document.network.synapse_count, "synapse")
        self.reading.setText(f"t = {frame.t / 1000:.1f} s    {mean:.1f} Hz    {synapses}")


class SideBySide(QWidget):
    """An example and its control, running beside each other; close it with `close_both`."""

    closed = Signal()

    def __init__(self, example: Example, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.example, self.theme = example, theme
        taken = example.off.removeprefix("Without ")
        self.sides = (
            Side(f"With {taken}", example.build(), example, theme),
            Side(example.off, example.control(example.build()), example, theme),
        )
        self._thread: ThreadPoolExecutor | None = None
        self._jobs: list[tuple[Side, Future[Point]]] = []
        self._watch = QTimer(self)
        self._watch.setInterval(200)
        self._watch.timeout.connect(self._take)
        self._build()
        self.set_theme(theme)

    def _build(self) -> None:
        self.title = QLabel(self.example.title)
        self.claim = QLabel(self.example.claim)
        self.claim.setWordWrap(True)
        self.pause = QPushButton("Pause")
        self.pause.clicked.connect(self.toggle)
        back = QPushButton("Back to the circuit")
        back.clicked.connect(self.leave)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.pause)
        head.addWidget(back)
        both = QHBoxLayout()
        both.setSpacing(14)
        for side in self.sides:
            both.addWidget(side, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 14, 18, 14)
        box.addLayout(head)
        box.addWidget(self.claim)
        box.addLayout(both, 1)

    def start(self) -> None:
        """Run both sides, and measure their points beside."""
        for side in self.sides:
            side.start()
        self._watch.start()

    def toggle(self) -> None:
        """Pause both, or let both go on."""
        for side in self.sides:
            side.document.toggle()
        self.pause.setText("Pause" if self.sides[0].document.is_running else "Play")

    def leave(self) -> None:
        """End both sides and say so."""
        self.close_both()
        self.closed.emit()

    def close_both(self) -> None:
        """End both engines and the measuring thread; nothing runs afterwards."""
        self._watch.stop()
        for side in self.sides:
            side.close_side()
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
            self._thread = None
        self._jobs = []

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.theme = theme
        self.title.setStyleSheet(f"color: {theme.text}; font-size: 17px; font-weight: 600")
        self.claim.setStyleSheet(f"color: {theme.muted}; font-size: 13px")
        for side in self.sides:
            side.canvas.set_theme(theme)
            side.title.setStyleSheet(f"color: {theme.text}; font-size: 14px; font-weight: 600")
            side.reading.setStyleSheet(f"color: {theme.muted}; font-size: 12px")
            if side.measured is not None:
                side.show_point(side.measured, theme)

    def _take(self) -> None:
        """Begin to measure a side whose kernels are ready, and show what was measured."""
        for side in self.sides:
            waiting = [job for one, job in self._jobs if one is side]
            if not waiting and side.measured is None and side.document.frame is not None:
                if self._thread is None:
                    self._thread = ThreadPoolExecutor(1, thread_name_prefix="point")
                self._jobs.append((side, self._thread.submit(measure, side.example, side.network)))
                side.verdict.setText("measuring\u2026")
        for side, job in [pair for pair in self._jobs if pair[1].done()]:
            self._jobs.remove((side, job))
            side.show_point(job.result(), self.theme)
        if all(side.measured is not None for side in self.sides):
            self._watch.stop()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.close_both()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.close_both()
        super().closeEvent(event)


def measure(example: Example, network: Network) -> Point:
    """Run a circuit for as long as its point takes, as fast as possible, and measure it."""
    measured, expected, tolerance = example.point(Simulation(network).run(example.seconds * 1000.0))
    return float(measured), float(expected), float(tolerance)
