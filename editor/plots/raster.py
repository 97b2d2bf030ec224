"""Raster: a row for every neuron, a mark for every spike, and the rate of each population below.

The marks are pixels of one scrolling image, never a scatter of points.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtGui

import pyqtgraph as pg  # isort: skip

from editor.plots.base import Plot, fitting_window, pen
from editor.plots.rings import Curves, RasterRing, Spikes
from editor.transport.timeline import clock
from engine.counting import counted
from engine.live.frame import Frame

COLUMNS = 1200
MOST_ROWS = 600
LABEL = 14.0
"""Px between the names of populations, so that they do not touch; those without room are left out."""
TALL = 150
"""Px from which the rates of the populations find room below the marks."""
INKS = ("excitatory", "inhibitory", "neutral", "modulatory")
"""Colours of the theme, by number of the ink less one."""


class Times(pg.AxisItem):
    """Time whose numbers carry their unit, where there is no room for a name of the axis."""

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        unit = "s" if scale != 1.0 else "ms"
        return [f"{text} {unit}" for text in super().tickStrings(values, scale, spacing)]


class Raster(Plot):
    """When each neuron fired, populations one below the other."""

    title = "Raster"
    order = 10
    hint = "Press play: every spike becomes a mark here."
    silent = "Nothing has fired yet."

    def advice(self) -> str:
        return self.silent if self.t > 0 else self.hint

    def build(self) -> None:
        self.spikes = Spikes()
        self.rates = Curves(4096)
        self.visible_ms = 1000.0
        self.marks = self.add_axes(0, bottom="", below=Times("bottom"))
        self.marks.invertY(True)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.marks.addItem(self.image)
        self.borders: list[pg.InfiniteLine] = []
        self.below = self.add_axes(1, left="Hz")
        self.below.setXLink(self.marks)
        self.view.ci.layout.setRowStretchFactor(0, 3)
        self.view.ci.layout.setRowStretchFactor(1, 1)
        self.lines: dict[object, pg.PlotCurveItem] = {}
        self._known: tuple[object, ...] = ()
        self.rows = 0
        self._room = 0.0
        self._is_tall = True
        self._rate_ticks: list[tuple[float, str]] = []
        self._learn_nothing()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """A low raster has marks and time alone; the rates need room."""
        is_tall = self.view.height() >= TALL
        if is_tall != self._is_tall:
            self._is_tall = is_tall
            self.below.setVisible(is_tall)
            self.below.setMaximumHeight(UNBOUNDED if is_tall else 0)
            self.marks.getAxis("bottom").setStyle(showValues=not is_tall)

    def _learn_nothing(self) -> None:
        self.ids = np.zeros(0, np.int64)
        self.row_of = np.zeros(0, np.int64)
        self.ink_of = np.zeros(0, np.uint8)
        self.populations: list[tuple[int, str, int, int, int]] = []
        """Of each: id, label, ink, first row, row after the last."""
        self.thick = 1
        self.ring = RasterRing(1, COLUMNS, self.visible_ms / COLUMNS)

    def relearn(self) -> None:
        groups = [p for p in self.network.populations.values() if p.kind == "neuron" and len(p.neuron_ids)]
        sources = [m.sources for m in self.network.modulators.values()]
        modulatory = np.concatenate([np.zeros(0, np.int64), *sources])
        known = (
            *((p.id, p.label, p.sign, len(p.neuron_ids), int(p.neuron_ids[0])) for p in groups),
            len(modulatory),
        )
        if known == self._known:
            return  # synapses come and go many times a second: the rows stay
        self._learn_nothing()
        self._known = known
        many = sum(len(p.neuron_ids) for p in groups)
        share = max(1, -(-many // MOST_ROWS))
        self.thick = 4 if many <= 60 else 1
        ids, rows, inks, row = [], [], [], 0
        for p in groups:
            place = np.arange(len(p.neuron_ids)) // share
            ink = 4 if np.isin(modulatory, p.neuron_ids).any() else {1: 1, -1: 2}.get(p.sign, 3)
            ids.append(np.asarray(p.neuron_ids))
            rows.append(row + place)
            inks.append(np.full(len(place), ink, np.uint8))
            end = row + int(place[-1]) + 1
            self.populations.append((p.id, p.label, ink, row, end))
            row = end
        if ids:
            order = np.argsort(np.concatenate(ids))
            self.ids = np.concatenate(ids)[order]
            self.row_of = np.concatenate(rows)[order]
            self.ink_of = np.concatenate(inks)[order]
        self.rows = row
        self._redraw_all()
        self._mark_populations()

    def grow(self, frame: Frame) -> None:
        if frame.is_running and frame.achieved > 0:
            fits = fitting_window(frame.achieved)
            if not 0.4 < fits / self.visible_ms < 2.5:
                self.set_visible(fits)
        if len(self.spikes) and frame.t < self.spikes.t[-1]:
            self.spikes.rewind(frame.t)
            self._redraw_all()
        new = self.new_spikes(frame)
        dt = getattr(self.network, "dt", 0.1)
        when, who = new["step"] * dt, new["id"]
        self.spikes.add(when, who)
        self._mark(when, who, frame.t)
        if frame.rates:
            self.rates.add(frame.t, dict(frame.rates))

    def set_visible(self, ms: float) -> None:
        """Show the last so many ms."""
        self.visible_ms = ms
        self._redraw_all()
        self._is_stale = True

    def _redraw_all(self) -> None:
        rows = max(self.rows, 1) * self.thick
        self.ring = RasterRing(rows, COLUMNS, self.visible_ms / COLUMNS)
        seen = self.spikes.between(self.t - self.visible_ms, self.t + 1e-9)
        self._mark(self.spikes.t[seen], self.spikes.neuron[seen], self.t)

    def _mark(self, when: NDArray[np.float64], who: NDArray[np.int64], now: float) -> None:
        if len(self.ids):
            place = np.minimum(np.searchsorted(self.ids, who), len(self.ids) - 1)
            known = self.ids[place] == who
            when, place = when[known], place[known]
        else:
            when, place = when[:0], np.zeros(0, np.int64)
        row, ink = self.row_of[place] * self.thick, self.ink_of[place]
        for part in range(max(1, self.thick - 1)):  # the last part stays blank and keeps neurons apart
            self.ring.add(when, row + part, ink, now)

    def draw(self) -> None:
        left, right = self.ring.span
        self.image.setImage(self.ring.unrolled(), autoLevels=False, levels=(0, 255))
        self.image.setRect(QtCore.QRectF(left, 0.0, right - left, float(max(self.rows, 1))))
        self.show_time(self.marks, max(left, 0.0), max(right, self.visible_ms))
        self.marks.setYRange(0, max(self.rows, 1), padding=0)
        if abs(self.marks.vb.height() - self._room) > 2.0:
            self._mark_populations()
        names = {p[0]: p for p in self.populations}
        for name in self.rates.names:
            if name not in self.lines:
                self.lines[name] = pg.PlotCurveItem(connect="finite")
                self.below.addItem(self.lines[name])
            ink = names[name][2] if name in names else 3
            self.lines[name].setPen(pen(getattr(self.theme, INKS[ink - 1]), 0.9))
            self.lines[name].setData(self.rates.t.copy(), self.rates.of(name).copy())
        self._tick_rates()
        recent = len(self.spikes.t[self.spikes.between(self.t - 1000.0, self.t)])
        span = min(max(self.t, 1.0), 1000.0) / 1000.0
        rate = recent / span / max(len(self.ids), 1)
        inks = {p[2] for p in self.populations}
        words = ("excitatory", "inhibitory", "without a sign", "releases a modulator")
        self.say(
            [(words[i - 1], getattr(self.theme, INKS[i - 1])) for i in sorted(inks)],
            f"{counted(len(self.ids), 'neuron')}, {rate:.1f} Hz, t = {clock(self.t)}",
        )

    def _tick_rates(self) -> None:
        """Zero and one round rate: two numbers that never touch, however low the plot."""
        low, top = self.below.viewRange()[1]
        power = 10.0 ** np.floor(np.log10(max(top, 1e-6)))
        rate = max((step * power for step in (1.0, 2.0, 5.0) if step * power <= top), default=top)
        high = self.below.vb.height()
        is_apart = high >= 3.0 * LABEL and high * rate / max(top - low, 1e-9) >= LABEL
        ticks = [(0.0, "0"), (rate, f"{rate:g}")] if is_apart else [(rate, f"{rate:g}")]
        if ticks != self._rate_ticks:
            self._rate_ticks = ticks
            self.below.getAxis("left").setTicks([ticks])

    def _mark_populations(self) -> None:
        for line in self.borders:
            self.marks.removeItem(line)
        self.borders = []
        for _, _, _, first, _ in self.populations[1:]:
            line = pg.InfiniteLine(first, angle=0, pen=pen(self.theme.line))
            self.marks.addItem(line)
            self.borders.append(line)
        total = max(self.rows, 1)
        self._room = self.marks.vb.height()
        apart = total * LABEL / max(self._room, LABEL)
        ticks, last = [], -total
        for _, label, _, first, end in sorted(self.populations, key=lambda p: p[3]):
            middle = (first + end) / 2.0
            if middle - last >= apart:
                ticks.append((middle, label if len(label) < 13 else label[:11] + "\u2026"))
                last = middle
        axis = self.marks.getAxis("left")
        axis.setWidth(92)
        self.below.getAxis("left").setWidth(92)
        axis.setTicks([ticks])

    def recolour(self) -> None:
        table = np.zeros((256, 4), np.uint8)
        for number, name in enumerate(INKS, 1):
            ink = QtGui.QColor(getattr(self.theme, name))
            table[number] = ink.red(), ink.green(), ink.blue(), 255
        self.image.setLookupTable(table)
        if self.network is not None:
            self._mark_populations()

    def forget(self) -> None:
        self.spikes.clear()
        self.rates.clear()
        for line in self.lines.values():
            self.below.removeItem(line)
        self.lines = {}
        self._redraw_all()

    def is_empty(self) -> bool:
        return len(self.spikes) == 0

    def table(self) -> dict[str, NDArray[Any]]:
        if not len(self.spikes):
            return {}
        return {"t_ms": np.round(self.spikes.t, 9), "neuron": self.spikes.neuron}


UNBOUNDED = 16_777_215.0
"""px: what Qt takes for no largest height."""
