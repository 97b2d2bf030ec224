"""Protocols: a published way to change a synapse, run on the selected one, beside the published points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtWidgets

import pyqtgraph as pg  # isort: skip  # after PySide6: on its own it hides why Qt cannot load

from editor.inspector.values import StillCombo
from editor.onlooker import Onlooker
from editor.plots.base import Plot, pen
from editor.plots.protocol_run import ProtocolRun
from editor.plots.side_column import stand_beside
from engine.analysis.protocols.kinds import Point, Protocol
from engine.analysis.protocols.library import PROTOCOLS
from engine.live.frame import Frame

LOOK = 120
"""Milliseconds between two looks at a running protocol."""
BEYOND = 4.0
"""How many times farther than the farthest published point the plot reaches."""
RUN, STOP, STOPPING = "Run on the selected synapse", "Stop", "Stopping\u2026"


class Protocols(Plot):
    """Chooses, runs and draws a protocol; the circuit itself goes on untouched."""

    title = "Protocols"
    order = 85
    hint = "Select a synapse that carries a rule, choose a protocol and run it: the circuit is not touched."
    watches = "synapse"

    def build(self) -> None:
        self.synapse = 0
        self.onlooker: Onlooker[ProtocolRun] = Onlooker(LOOK, self)
        self.onlooker.failed.connect(self.failed)
        self.onlooker.looked.connect(self._look)
        self.shown: ProtocolRun | None = None
        self.main = self.add_axes(0, left="change of strength (%)", bottom="")
        self.main.getAxis("bottom").setStyle(showValues=True)
        self.main.addLine(y=0, pen=pen("#808080", 0.5, dashed=True))
        self.items: list[Any] = []
        self.choice = StillCombo(self)
        self.choice.setAccessibleName("Protocol")
        for protocol in PROTOCOLS:
            self.choice.addItem(protocol.label, protocol)
            self.choice.setItemData(
                self.choice.count() - 1, protocol.what, QtCore.Qt.ItemDataRole.ToolTipRole
            )
        self.start = QtWidgets.QPushButton(RUN, self)
        self.start.clicked.connect(self._toggle)
        self.choice.currentIndexChanged.connect(self._choose)
        self.about = QtWidgets.QLabel(self)
        self.about.setObjectName("about")
        self.about.setWordWrap(True)
        self.about.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        self.about.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words = QtWidgets.QScrollArea(self)
        self.words.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.words.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.words.setWidgetResizable(True)
        self.words.setWidget(self.about)
        side = QtWidgets.QVBoxLayout()
        side.setContentsMargins(12, 8, 0, 8)
        for widget in (self.choice, self.start):
            side.addWidget(widget)
        side.addWidget(self.words, 1)
        stand_beside(self, side, 340)
        self._choose()
        self._allow()

    def recolour(self) -> None:
        """The words stand on the panel."""
        self.words.setStyleSheet(f"QScrollArea, QLabel#about {{ background: {self.theme.panel}; }}")

    # -- for the window --------------------------------------------------------------------------

    def watch(self, synapses: NDArray[np.int64]) -> None:
        """The synapse a protocol is run on: the first selected."""
        self.synapse = int(synapses[0]) if len(synapses) else 0
        self._allow()

    def show_frame(self, frame: Frame) -> None:
        """A run of the circuit changes nothing here."""

    def follow(self, network: Any) -> None:
        self.network = network
        self._allow()

    def is_empty(self) -> bool:
        return self.shown is None

    def forget(self) -> None:
        self._end()
        self.shown = None

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._end()

    # -- how -------------------------------------------------------------------------------------

    @property
    def run(self) -> ProtocolRun | None:
        """The one that is going on."""
        return self.onlooker.work

    @property
    def protocol(self) -> Protocol:
        """The one chosen."""
        chosen: Protocol = self.choice.currentData()
        return chosen

    def _choose(self) -> None:
        chosen = self.protocol
        told = (
            chosen.what,
            chosen.source,
            f"<b>Published.</b> {chosen.known}",
            f"<b>Here.</b> {chosen.differs}",
        )
        self.about.setText("<br><br>".join(told))
        self.words.verticalScrollBar().setValue(0)

    def _why_not(self) -> str:
        if self.run is not None:
            return ""
        if self.network is None or not self.synapse:
            return "Select a synapse first."
        owner = int(self.network.projection_of([self.synapse])[0])
        if not owner:
            return "Select a synapse first."
        if not any(use.enabled for use in self.network.projections[owner].rules):
            return "The synapse carries no rule that could change it."
        return ""

    def _allow(self) -> None:
        why = self._why_not()
        self.start.setEnabled(not why and not self.onlooker.is_stopping)
        self.start.setToolTip(why)
        self.start.setText(STOPPING if self.onlooker.is_stopping else STOP if self.run is not None else RUN)

    def _toggle(self) -> None:
        if self.run is not None:
            self.onlooker.ask_to_stop()
            self._allow()
            return
        if self._why_not():
            return
        self.shown = ProtocolRun(self.network.copy(), self.synapse, self.protocol)
        self.onlooker.begin(self.shown)
        self._look()

    def _end(self) -> None:
        self.onlooker.end()
        self._allow()

    def _look(self) -> None:
        self._allow()
        self._is_stale = True
        self.refresh()

    def draw(self) -> None:
        for item in self.items:
            self.main.removeItem(item)
        self.items = []
        if self.shown is None:
            return
        chosen = self.shown.protocol
        self.main.setLogMode(x=chosen.logarithmic, y=False)
        self.main.setLabel("bottom", chosen.axis, color=self.theme.muted)
        chips = []
        for place, series in enumerate(chosen.shows or ("",)):
            ink = self.theme.curves[place % len(self.theme.curves)]
            self._published([p for p in chosen.points if p.series == series], ink)
            self._ours(series, ink)
            chips.append((series or "this synapse", ink))
        if chosen.shows:
            self._published([p for p in chosen.points if not p.series], self.theme.text)
        self._mark()
        self.main.autoRange(padding=0.08)
        share = f"{100 * self.shown.share:.0f} %" if self.run is not None else ""
        reading = "    ".join(words for words in (self._keep_in_sight(), share) if words)
        self.say([*chips, *([("published (squares)", self.theme.muted)] if chosen.points else [])], reading)

    def _mark(self) -> None:
        """On a logarithmic axis, a tick at each value that was tried and at no other."""
        assert self.shown is not None
        at = sorted({trial.x for trial in self.shown.trials})
        ticks = [[(np.log10(x), f"{x:g}") for x in at]] if self.shown.protocol.logarithmic else None
        self.main.getAxis("bottom").setTicks(ticks)

    def _keep_in_sight(self) -> str:
        """Cut the plot where published points would shrink to nothing; says in words what is beyond."""
        assert self.shown is not None
        published = [abs(p.y) + np.nan_to_num(p.error) for p in self.shown.protocol.points]
        if not published:
            return ""
        most = BEYOND * max(100.0 * max(published), 25.0)
        ours = [(100.0 * o.change, o.x) for o in self.shown.outcomes if np.isfinite(o.change)]
        change, x = max(ours, key=lambda one: one[0], default=(0.0, 0.0))
        if change <= most:
            return ""
        low = min(
            0.0,
            *(y for y, _ in ours),
            *(100.0 * (p.y - np.nan_to_num(p.error)) for p in self.shown.protocol.points),
        )
        self.main.setYRange(low, most, padding=0.08)
        return f"beyond the plot: up to +{change:,.0f} % (at {x:g})"

    def _ours(self, series: str, ink: str) -> None:
        assert self.shown is not None
        mine = sorted((o.x, 100.0 * o.change) for o in self.shown.outcomes if o.series == series)
        if not mine:
            return
        x, y = (np.array(values) for values in zip(*mine, strict=True))
        line = pg.PlotDataItem(x, y, pen=pen(ink), symbol="o", symbolSize=7, symbolBrush=ink, symbolPen=None)
        self._put(line)

    def _published(self, points: list[Point], ink: str) -> None:
        """Hollow squares, with a bar for each standard error that is known."""
        if not points:
            return
        assert self.shown is not None
        x, y, error = (np.array([getattr(p, name) for p in points]) for name in ("x", "y", "error"))
        hollow = pg.PlotDataItem(
            x, 100.0 * y, pen=None, symbol="s", symbolSize=8, symbolBrush=None, symbolPen=pen(ink)
        )
        self._put(hollow)
        known = np.isfinite(error)
        if known.any():
            at = np.log10(x) if self.shown.protocol.logarithmic else x
            bars = {"x": at[known], "y": 100.0 * y[known], "height": 200.0 * error[known]}
            self._put(pg.ErrorBarItem(**bars, beam=0.0, pen=pen(ink, 0.6)))

    def _put(self, item: Any) -> None:
        self.main.addItem(item)
        self.items.append(item)

    def table(self) -> dict[str, NDArray[Any]]:
        if self.shown is None:
            return {}
        mine = [(o.series, o.x, 100.0 * o.change, "ours", np.nan) for o in self.shown.outcomes]
        theirs = [
            (p.series, p.x, 100.0 * p.y, "published", 100.0 * p.error) for p in self.shown.protocol.points
        ]
        names = ("curve", self.shown.protocol.axis, "change_percent", "who", "standard_error_percent")
        return {name: np.array([row[i] for row in [*mine, *theirs]], object) for i, name in enumerate(names)}
