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
from engine.analysis.protocols.library import PROTOCOLS, Protocol
from engine.live.frame import Frame

LOOK = 120
"""Milliseconds between two looks at a running protocol."""
RUN, STOP = "Run on the selected synapse", "Stop"


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
        self.about.setWordWrap(True)
        self.about.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        side = QtWidgets.QVBoxLayout()
        side.setContentsMargins(12, 8, 0, 8)
        for widget in (self.choice, self.start, self.about):
            side.addWidget(widget)
        side.addStretch(1)
        held = QtWidgets.QWidget(self)
        held.setLayout(side)
        held.setFixedWidth(300)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(held)
        row.addWidget(self.view, 1)
        box = self.layout()
        assert isinstance(box, QtWidgets.QVBoxLayout)
        box.addLayout(row, 1)
        self._choose()
        self._allow()

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
        remark = f"<br><br><i>{chosen.remark}</i>" if chosen.remark else ""
        self.about.setText(f"{chosen.what}<br><br>{chosen.source}{remark}")

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
        self.start.setEnabled(not why)
        self.start.setToolTip(why)
        self.start.setText(STOP if self.run is not None else RUN)

    def _toggle(self) -> None:
        if self.run is not None:
            self._end()
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
            self._published(chosen, series, ink)
            self._ours(series, ink)
            chips.append((series or "this synapse", ink))
        share = f"{100 * self.shown.share:.0f} %" if self.run is not None else ""
        self.say([*chips, *([("published", self.theme.muted)] if chosen.points else [])], share)
        self.main.autoRange(padding=0.08)

    def _ours(self, series: str, ink: str) -> None:
        assert self.shown is not None
        mine = sorted((o.x, 100.0 * o.change) for o in self.shown.outcomes if o.series == series)
        if not mine:
            return
        x, y = (np.array(values) for values in zip(*mine, strict=True))
        line = pg.PlotDataItem(x, y, pen=pen(ink), symbol="o", symbolSize=7, symbolBrush=ink, symbolPen=None)
        self._put(line)

    def _published(self, chosen: Protocol, series: str, ink: str) -> None:
        points = [p for p in chosen.points if p.series == series]
        if not points:
            return
        x, y, error = (np.array([getattr(p, name) for p in points]) for name in ("x", "y", "error"))
        hollow = pg.PlotDataItem(
            x, 100.0 * y, pen=None, symbol="s", symbolSize=8, symbolBrush=None, symbolPen=pen(ink)
        )
        self._put(hollow)
        if error.any() and not chosen.logarithmic:
            self._put(pg.ErrorBarItem(x=x, y=100.0 * y, height=200.0 * error, beam=0.0, pen=pen(ink, 0.6)))

    def _put(self, item: Any) -> None:
        self.main.addItem(item)
        self.items.append(item)

    def table(self) -> dict[str, NDArray[Any]]:
        if self.shown is None:
            return {}
        mine = [(o.series, o.x, 100.0 * o.change, "ours", 0.0) for o in self.shown.outcomes]
        theirs = [
            (p.series, p.x, 100.0 * p.y, "published", 100.0 * p.error) for p in self.shown.protocol.points
        ]
        names = ("curve", self.shown.protocol.axis, "change_percent", "who", "standard_error_percent")
        return {name: np.array([row[i] for row in [*mine, *theirs]], object) for i, name in enumerate(names)}
