"""Quantal: release and receptors of the synapses that are recorded, before a change and now, as it runs.

What trials tell stands beside what the model has; the classical picture, 1/CV2 against the mean, says on
which side of the cleft the change lies, or that the trials are too few to say.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtGui, QtWidgets

from engine.counting import counted

import pyqtgraph as pg  # isort: skip  # after PySide6: on its own it hides why Qt cannot load

from editor.plots.base import Plot, pen
from editor.plots.quantal_watch import Watched
from editor.plots.side_column import stand_beside
from engine.analysis import electrode
from engine.analysis.electrode import Estimate, Measured
from engine.live.frame import Frame
from engine.network.edits import AddProbe
from engine.network.parts import Probe

WHAT = "transmitted"
SHOWN, POINTS, RECORDED = 4, 2000, 64
"""Projections drawn, trials drawn of each, and synapses a click records."""
RECORD = "Record what they deliver"
LINES = {
    "P": ("P", "release probability: the chance of a ready vesicle"),
    "q": ("q", "what one vesicle delivers, in the unit of the weight"),
    "mean": ("mean", "of the first pulse, in the unit of the weight"),
    "failures": ("failures", "share of first pulses that delivered nothing"),
    "inverse_cv2": ("1/CV\u00b2", "mean\u00b2 over variance of first pulses; n P / (1 - P)"),
    "paired_pulses": ("pulse 2 / 1", "a pulse soon after the first, over the first"),
}
"""Heading and meaning of every quantity told."""
WIDE = 400


class Quantal(Plot):
    """The panel of the electrophysiologist: estimates, truth, and the shift of 1/CV2 against the mean."""

    title = "Quantal"
    order = 84
    hint = "Select synapses and record what they deliver: P, q, failures and 1/CV\u00b2 will be told here."
    watches = "synapse"
    rate = 2.0

    def build(self) -> None:
        self.chosen = np.zeros(0, np.int64)
        self.watched: dict[int, Watched] = {}
        self.found: dict[int, tuple[Measured, Measured]] = {}
        self.items: list[tuple[pg.PlotItem, Any]] = []
        self.main = self.add_axes(0, 0, left="1/CV\u00b2, now over before", bottom="mean, now over before")
        self.pulses = self.add_axes(0, 1, left="first pulses")
        self.view.ci.layout.setColumnStretchFactor(0, 2)
        self.view.ci.layout.setColumnStretchFactor(1, 3)
        self.record = QtWidgets.QPushButton(RECORD, self)
        self.record.clicked.connect(self._record)
        self.now = QtWidgets.QPushButton("Until now was before", self)
        self.now.setToolTip("What comes from here on is compared with all that came until now.")
        self.now.clicked.connect(self._mark)
        self.sheet = QtWidgets.QLabel(self)
        self.sheet.setTextFormat(QtCore.Qt.TextFormat.RichText)
        self.sheet.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        self.sheet.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sheet.setObjectName("estimates")
        self.sheet.setWordWrap(True)
        self.sheet.setAccessibleName("Quantal estimates")
        scroll = QtWidgets.QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.sheet)
        self.scroll = scroll
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.record)
        row.addWidget(self.now)
        row.addStretch(1)
        side = QtWidgets.QVBoxLayout()
        side.setContentsMargins(12, 4, 0, 6)
        side.addLayout(row)
        side.addWidget(scroll, 1)
        stand_beside(self, side, WIDE)
        self._allow()

    @property
    def wants(self) -> tuple[str, ...]:
        """Quantities a frame must carry for this plot."""
        return ("loci",) if self.watched else ()

    # -- for the window --------------------------------------------------------------------------

    def watch(self, synapses: NDArray[np.int64]) -> None:
        """Which synapses: the selected ones; none for every one that is recorded."""
        self.chosen = np.unique(np.asarray(synapses, np.int64))
        self._gather()

    def relearn(self) -> None:
        self._gather()

    def grow(self, frame: Frame) -> None:
        for one in self.watched.values():
            one.take(frame, self._step)

    def show_frame(self, frame: Frame) -> None:
        if frame.timeline != self._timeline and frame.t < self.t:
            for one in self.watched.values():
                one.rewind(frame.t)
        super().show_frame(frame)

    def forget(self) -> None:
        self.watched, self.found = {}, {}
        self._gather()

    def is_empty(self) -> bool:
        return not self.watched

    # -- which synapses --------------------------------------------------------------------------

    def _gather(self) -> None:
        """Follow the recorded synapses among those selected, projection by projection."""
        wanted: dict[int, tuple[NDArray[np.int64], tuple[int, ...]]] = {}
        if self.network is not None:
            for probe in self._electrodes():
                mine = probe.targets if not self.chosen.size else np.intersect1d(probe.targets, self.chosen)
                owners = self.network.projection_of(mine)
                for owner in np.unique(owners[owners != 0]).tolist():
                    ids, probes = wanted.get(owner, (np.zeros(0, np.int64), ()))
                    wanted[owner] = (np.union1d(ids, mine[owners == owner]), (*probes, probe.id))
        kept: dict[int, Watched] = {}
        for owner, (ids, probes) in list(wanted.items())[:SHOWN]:
            record = self.network.projections[owner]
            known = self.watched.get(owner)
            if known is not None and np.array_equal(known.synapses, ids) and known.probes == probes[:1]:
                known.adopt(record)
                kept[owner] = known
            else:  # of two electrodes on the same synapses one is enough
                kept[owner] = Watched(record, ids, probes[:1], self.t)
        self.watched = kept
        self._allow()
        self._is_stale = True
        self.refresh()

    def _electrodes(self) -> list[Probe]:
        probes = self.network.probes.values()
        return [p for p in probes if p.enabled and p.what == WHAT and p.every == "pre"]

    def _unrecorded(self) -> NDArray[np.int64]:
        """Selected synapses that no electrode records."""
        if self.network is None or not self.chosen.size:
            return np.zeros(0, np.int64)
        seen = [p.targets for p in self._electrodes()]
        here = self.chosen[self.network.projection_of(self.chosen) != 0]
        return np.setdiff1d(here, np.concatenate(seen)) if seen else here

    def _allow(self) -> None:
        self.now.setEnabled(bool(self.watched))
        can = self._unrecorded().size > 0
        self.record.setEnabled(can)
        self.record.setToolTip("" if can else "Select synapses that are not recorded yet.")

    def _record(self) -> None:
        ids = self._unrecorded()[:RECORDED]
        if ids.size:
            self.wants_edit.emit(AddProbe(Probe(self.network.ids.one(), WHAT, ids, "pre")))

    def _mark(self) -> None:
        for one in self.watched.values():
            one.mark(self.t)
        self._is_stale = True
        self.refresh()

    # -- drawing ---------------------------------------------------------------------------------

    def _ink(self, place: int) -> str:
        return self.theme.curves[place % len(self.theme.curves)]

    def draw(self) -> None:
        for axes, item in self.items:
            axes.removeItem(item)
        self.items = []
        self.found = {owner: one.measured() for owner, one in self.watched.items()}
        self._draw_regions()
        chips, last = [], 1.0
        for place, (owner, one) in enumerate(self.watched.items()):
            ink = self._ink(place)
            self._draw_shift(owner, ink)
            last = max(last, self._draw_pulses(one, ink))
            chips.append((one.label, ink))
        if self.watched:
            self.show_time(self.pulses, 0.0, max(self.t, 1.0))
            self.pulses.setYRange(0.0, 1.05 * last, padding=0)
        self.sheet.setText(self._table())
        self.say(chips)

    def _draw_regions(self) -> None:
        """The level line, the diagonal, the three regions between them, and how far the picture reaches."""
        reach = 2.0
        for before, now in self.found.values():
            for name in ("mean", "inverse_cv2"):
                moved = electrode.shift(before, now, name)
                if math.isfinite(moved.value):
                    reach = max(
                        reach, min(moved.value + (moved.error if moved.error < 5 else 0.0), 20.0) * 1.1
                    )
        tints = (
            (self.theme.excitatory, [(1, 1), (reach, reach), (1, reach)]),
            (self.theme.excitatory, [(1, 1), (0, 0), (1, 0)]),
            (self.theme.warm, [(1, 1), (reach, 1), (reach, reach)]),
            (self.theme.warm, [(1, 1), (0, 1), (0, 0)]),
        )
        for ink, corners in tints:
            shape = QtWidgets.QGraphicsPolygonItem(QtGui.QPolygonF([QtCore.QPointF(*c) for c in corners]))
            colour = QtGui.QColor(ink)
            colour.setAlphaF(0.10)
            shape.setBrush(colour)
            shape.setPen(QtGui.QPen(QtCore.Qt.PenStyle.NoPen))
            self._put(self.main, shape)
        self._put(self.main, pg.PlotCurveItem([0.0, reach], [0.0, reach], pen=pen(self.theme.muted, 0.9)))
        self._put(self.main, pg.PlotCurveItem([0.0, reach], [1.0, 1.0], pen=pen(self.theme.muted, 0.9)))
        span = reach - 1.0
        for text, x, y, anchor in (
            (electrode.PRE, 1.0 + 0.04 * span, reach - 0.04 * span, (0, 0)),
            (electrode.BOTH, reach - 0.03 * span, 1.0 + 0.42 * span, (1, 0.5)),
            (electrode.POST, reach - 0.03 * span, 1.0 - 0.08 * span, (1, 0)),
        ):
            label = pg.TextItem(text, color=self.theme.muted, anchor=anchor)
            label.setPos(x, y)
            self._put(self.main, label)
        self.main.setRange(xRange=(0.0, reach), yRange=(0.0, reach), padding=0)

    def _draw_shift(self, owner: int, ink: str) -> None:
        before, now = self.found[owner]
        x, y = (electrode.shift(before, now, name) for name in ("mean", "inverse_cv2"))
        if not (math.isfinite(x.value) and math.isfinite(y.value)):
            return
        at = np.array([x.value]), np.array([y.value])
        if math.isfinite(x.error) and math.isfinite(y.error):
            bars = pg.ErrorBarItem(
                x=at[0], y=at[1], width=np.array([2 * x.error]), height=np.array([2 * y.error]), beam=0.0,
                pen=pen(ink, 0.8),
            )  # fmt: skip
            self._put(self.main, bars)
        self._put(
            self.main,
            pg.PlotDataItem(
                *at, pen=None, symbol="o", symbolSize=10, symbolBrush=ink, symbolPen=self.theme.panel
            ),
        )

    def _draw_pulses(self, one: Watched, ink: str) -> float:
        """The latest first pulses over time; returns the largest of them."""
        told = one.trials()[-POINTS:]
        if not len(told):
            return 0.0
        colour = QtGui.QColor(ink)
        colour.setAlphaF(0.6)
        dots = pg.ScatterPlotItem(told["t"], told["first"], size=4, brush=colour, pen=None)
        self._put(self.pulses, dots)
        if one.marked is not None:
            self._put(self.pulses, pg.InfiniteLine(one.marked, angle=90, pen=pen(ink, 0.6, dashed=True)))
        return float(told["first"].max())

    def _put(self, axes: pg.PlotItem, item: Any) -> None:
        axes.addItem(item)
        self.items.append((axes, item))

    # -- in numbers ------------------------------------------------------------------------------

    def _table(self) -> str:
        """Every quantity of every projection, before and now: measured, in brackets as the model has it."""
        rows = []
        for place, (owner, one) in enumerate(self.watched.items()):
            found = self.found[owner]
            truth = self._truths(one, found)
            many = counted(one.synapses.size, "synapse")
            rows.append(
                f'<tr><td colspan="3" style="color:{self.theme.text}">'
                f'<span style="color:{self._ink(place)}">\u25cf</span> <b>{one.label}</b>: '
                f"{self.verdict(owner)}</td></tr><tr><td></td><td>before ({found[0].trials})</td>"
                f"<td>now ({found[1].trials})</td></tr>"
            )
            for name, (heading, _) in LINES.items():
                cells = "".join(
                    f'<td width="40%"><span style="color:{self.theme.text}">'
                    f"{_written(getattr(told, name))}</span>{_bracketed(known.get(name))}</td>"
                    for told, known in zip(found, truth, strict=True)
                )
                rows.append(f'<tr><td width="20%">{heading.replace(" ", "&nbsp;")}</td>{cells}</tr>')
            sites = f", {one.params['n']:.0f} sites" if one.is_by_chance and "n" in one.params else ""
            many = counted(one.synapses.size, "synapse")
            rows.append(
                f'<tr><td colspan="3">{many}{sites}; a trial rests '
                f"{one.rest:.0f} ms{_pairs(*found)}</td></tr>"
            )
        if not rows:
            return ""
        foot = "(trials); \u00b1 is one standard error; what the model itself has stands in brackets."
        return f'<table width="100%" cellspacing="0" cellpadding="1">{"".join(rows)}</table><p>{foot}</p>'

    @staticmethod
    def _truths(one: Watched, found: tuple[Measured, Measured]) -> tuple[dict[str, float], dict[str, float]]:
        """What the model had before and has now; nothing for now while nothing has changed."""
        now = one.now if one.marked is not None else None
        return one.told(one.was, found[0].interval), one.told(now, found[1].interval)

    def verdict(self, owner: int) -> str:
        """Where a projection has learned, in words, as far as the trials allow."""
        one = self.watched[owner]
        before, now = self.found[owner]
        if not one.is_by_chance:
            return electrode.SURE
        if one.marked is None:
            return "nothing has changed yet: all of it counts as before"
        if not now.trials:
            return "changed; no trial since then"
        return electrode.locus(*(electrode.shift(before, now, name) for name in ("mean", "inverse_cv2")))

    def table(self) -> dict[str, NDArray[Any]]:
        rows = []
        for owner, one in self.watched.items():
            found = self.found.get(owner, (Measured(), Measured()))
            for when, told, truth in zip(("before", "now"), found, self._truths(one, found), strict=True):
                for name in LINES:
                    got: Estimate = getattr(told, name)
                    count = told.pairs if name == "paired_pulses" else told.trials
                    rows.append(
                        (one.label, when, name, got.value, got.error, count, truth.get(name, math.nan))
                    )
        names = ("projection", "when", "quantity", "measured", "standard_error", "trials", "model")
        return {n: np.array([row[i] for row in rows], object) for i, n in enumerate(names)} if rows else {}

    def recolour(self) -> None:
        self.sheet.setToolTip("\n".join(f"{heading}: {meaning}" for heading, meaning in LINES.values()))
        self.scroll.setStyleSheet(f"QScrollArea, QLabel#estimates {{ background: {self.theme.panel}; }}")


def _plain(value: float | None) -> str:
    if value is None or math.isnan(value):
        return ""
    return "\u221e" if math.isinf(value) else f"{value:.3f}" if abs(value) < 1.0 else f"{value:.3g}"


def _written(told: Estimate) -> str:
    if math.isnan(told.value):
        return "\u2013"
    return _plain(told.value) + (f"&nbsp;\u00b1&nbsp;{told.error:.2g}" if math.isfinite(told.error) else "")


def _bracketed(value: float | None) -> str:
    text = _plain(value)
    return f"&nbsp;({text})" if text else ""


def _pairs(before: Measured, now: Measured) -> str:
    count = before.pairs + now.pairs
    interval = before.interval if before.pairs else now.interval
    return f", pulse 2 after&nbsp;{interval:.0f}" if count else ""
