"""Time scales: what life takes for each process, on one logarithmic axis, and what this run showed of it."""

from __future__ import annotations

from math import isfinite, log10, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtWidgets

import pyqtgraph as pg  # isort: skip  # after PySide6: on its own it hides why Qt cannot load

from editor.onlooker import Onlooker
from editor.plots.base import Plot, pen
from editor.plots.copies_run import CopiesRun, Varied
from engine.analysis.followed import Followed, with_heads
from engine.analysis.slowness import BANDS, DAY, HOUR, MINUTE, SECOND, YEAR, in_words, on_the_axis, said
from engine.live.frame import Frame
from engine.live.messages import Restored

MEASURE, STOP = "Measure in copies", "Stop"
LOOK = 200
"""Milliseconds between two looks at what is measured in copies."""
MARKS = (
    (1.0, "1 ms"), (SECOND, "1 s"), (MINUTE, "1 min"), (HOUR, "1 h"), (DAY, "1 day"), (30 * DAY, "30 days"),
    (YEAR, "1 year"),
)  # fmt: skip
WIDE = 0.34
"""Half of the height of a band, in rows."""
LINE, AXIS = 16, 44
"""px of a band with its name, and of the axis below."""


class TimeScales(Plot):
    """One row per process: its band in life, with its source, and a mark where this run puts it."""

    title = "Time scales"
    order = 55
    hint = "Open a circuit and press play: what it strengthens and replaces is marked here."
    rate = 4.0

    def build(self) -> None:
        self.followed = Followed()
        self.onlooker: Onlooker[CopiesRun] = Onlooker(LOOK, self)
        self.onlooker.failed.connect(self.failed)
        self.onlooker.looked.connect(self._look)
        self.shown: CopiesRun | None = None
        self.main = self.add_axes(0, bottom="time in life")
        self.main.getAxis("left").setWidth(150)
        self.view.setMinimumHeight(LINE * len(BANDS) + AXIS)  # a low plot is scrolled: names do not touch
        self.main.showGrid(x=True, y=False, alpha=0.12)
        self.main.getAxis("left").setTicks([[(-k, band.process) for k, band in enumerate(BANDS)]])
        self.main.getAxis("bottom").setTicks([[(log10(ms), text) for ms, text in MARKS]])
        self.main.setXRange(log10(min(b.low for b in BANDS)) - 0.6, log10(max(b.high for b in BANDS)) + 0.9)
        self.main.setYRange(0.6 - len(BANDS), 0.6, padding=0)
        self.bands: list[QtWidgets.QGraphicsRectItem] = []
        for k, band in enumerate(BANDS):
            long = log10(band.high / band.low)
            item = QtWidgets.QGraphicsRectItem(log10(band.low), -k - WIDE, long, 2.0 * WIDE)
            item.setToolTip(f"{band.process}: {in_words(band.low)} to {in_words(band.high)}\n{band.source}")
            self.main.addItem(item)
            self.bands.append(item)
        self.marks = pg.ScatterPlotItem(symbol="d", size=11)
        self.main.addItem(self.marks)
        self.labels: list[pg.TextItem] = []
        self.sentence = QtWidgets.QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setAccessibleName("Ratio of turnover and strengthening")
        self.start = QtWidgets.QPushButton(MEASURE, self)
        self.start.clicked.connect(self.toggle)
        row = QtWidgets.QHBoxLayout()
        row.setContentsMargins(10, 2, 10, 4)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.start)
        box = self.layout()
        assert isinstance(box, QtWidgets.QVBoxLayout)
        box.insertLayout(1, row)

    # -- for the window --------------------------------------------------------------------------

    def relearn(self) -> None:
        self.followed.look(self.network)

    def grow(self, frame: Frame) -> None:
        if not self.followed.has_begun and self.network is not None:
            self.followed.begin(self.network)
        self.followed.add(frame.t, frame.weights)

    def hear(self, message: object) -> None:
        if isinstance(message, Restored):
            self.followed.rewind(message.t)

    def forget(self) -> None:
        self.onlooker.end()
        self.shown = None
        self.followed = Followed()

    def is_empty(self) -> bool:
        return self.network is None

    # -- measuring in copies -----------------------------------------------------------------------

    def toggle(self) -> None:
        """Measure in copies, or stop doing so."""
        if self.run is not None:
            self.onlooker.end()
        elif why := self.why_not():
            self.failed.emit(why)
        else:
            use = with_heads(self.network)
            self.shown = CopiesRun(use, self.network.slow, self._circuit())
            self.onlooker.begin(self.shown)
        self._look()

    def why_not(self) -> str:
        """Why there is nothing to measure in copies."""
        if self.network is None:
            return "There is no circuit."
        if self._circuit() is None and with_heads(self.network) is None:
            return "No rule here gives spines a head that could be measured."
        return ""

    def _circuit(self) -> Varied | None:
        """The example that is open, where its time constants can be varied."""
        one = self.example
        return Varied(one.varied, one.slowness, one.seconds) if one is not None and one.varied else None

    @property
    def run(self) -> CopiesRun | None:
        """The measurement that is going on."""
        return self.onlooker.work

    def _look(self) -> None:
        self._is_stale = True
        self.refresh()

    # -- drawing -----------------------------------------------------------------------------------

    def draw(self) -> None:
        for label in self.labels:
            self.main.removeItem(label)
        self.labels = []
        if self.network is None:
            return
        found = self.found()
        self.marks.setData([], [])
        for k, band in enumerate(BANDS):
            ms = getattr(found, band.quantity) if band.quantity else nan
            if isfinite(ms) and ms > 0.0:
                self._mark(log10(ms), -k, in_words(ms), log10(max(ms, band.high)))
        varied = self.shown.varied if self.shown is not None else None
        self.sentence.setText(said(found, varied))
        why = self.why_not()
        self.start.setEnabled(not why)
        self.start.setToolTip(
            why or "Heads of spines, and the ratio with every time constant varied threefold"
        )
        self.start.setText(STOP if self.run is not None else MEASURE)
        share = f"{100 * self.run.share:.0f} %" if self.run is not None else ""
        self.say([("in life", self.theme.accent), ("measured", self.theme.warning)], share)

    def found(self) -> Any:
        """What is measured by now."""
        return self.followed.slowness(self.shown.enlargement if self.shown is not None else nan)

    def _mark(self, x: float, y: float, text: str, beside: float) -> None:
        """A mark, and its time in words to the right of the band and of it."""
        self.marks.addPoints([x], [y], brush=pg.mkBrush(self.theme.warning), pen=pen(self.theme.panel))
        label = pg.TextItem(text, color=self.theme.text, anchor=(0.0, 0.5))
        label.setPos(beside + 0.1, y)
        self.main.addItem(label)
        self.labels.append(label)

    def recolour(self) -> None:
        fill = pg.mkColor(self.theme.accent)
        fill.setAlphaF(0.35)
        for item in self.bands:
            item.setBrush(fill)
            item.setPen(pen(self.theme.accent))

    def table(self) -> dict[str, NDArray[Any]]:
        rows = on_the_axis(self.found()) if self.network is not None else []
        names = ("process", "from_ms", "to_ms", "source")
        return (
            {name: np.array([row[i] for row in rows], object) for i, name in enumerate(names)} if rows else {}
        )
