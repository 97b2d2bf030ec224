"""The ledger: the mission's table, filled by the counters of this run."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtGui, QtWidgets

from editor.ledger.efficiency_card import ANCHOR
from editor.ledger.page import columns, page
from editor.ledger.weighing import Weighed
from editor.plots.base import Plot
from engine.analysis.energy import AS_PUBLISHED
from engine.analysis.ledger import accounts, comparison
from engine.analysis.ledger.repeats import Repeated
from engine.live.frame import Frame
from engine.live.race import Look
from engine.live.repeating import Repeats
from engine.runtime.tally import Tally

SHARPNESS = 2
"""Pixels of a picture for each one on the screen."""
LEAST_WIDTH = 900
"""Width of a picture at least, px on the screen: in a narrow panel its tables would be torn."""


class LedgerTab(Plot):
    """Sentences with verdicts; a click on one marks the numbers it rests on."""

    title = "Ledger"
    order = 90
    hint = "Press play: the ledger is filled by what the circuit does."
    rate = 2.0
    wants = ("tally",)
    draws = False

    def build(self) -> None:
        self.tally: Tally | None = None
        self.ledger: accounts.Ledger | None = None
        self.lit = ""
        self.charge = AS_PUBLISHED
        self.weighed: Weighed | None = None
        self.rows: tuple[comparison.Row, ...] = ()
        self.repeats: tuple[Repeated, ...] = ()
        self.view.hide()
        for line in (self.chips, self.reading):
            line.hide()
        self.sheet = QtWidgets.QTextBrowser(self)
        self.sheet.setOpenLinks(False)
        self.sheet.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.sheet.setAccessibleName("Ledger")
        self.sheet.document().setDocumentMargin(14.0)
        self.sheet.anchorClicked.connect(self._follow_link)
        self.sheet.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.NoContextMenu)
        box = self.layout()
        assert isinstance(box, QtWidgets.QVBoxLayout)
        box.addWidget(self.sheet, 1)
        self.empty.raise_()

    def grow(self, frame: Frame) -> None:
        seen = frame.quantities.get("tally")
        if seen:
            self.tally = Tally()
            self.tally.restore({f"tally/{name}": np.array(rows) for name, rows in seen.items()})

    def hear(self, message: object) -> None:
        begins = False
        if isinstance(message, Look) and message.rows != self.rows:
            self.rows = message.rows
        elif isinstance(message, Weighed):
            begins = self.weighed is None or (self.weighed.share is None and message.share is not None)
            self.weighed = message
        elif isinstance(message, Repeats) and message.learners != self.repeats:
            self.repeats = message.learners
        else:
            return
        self._is_stale = True
        self.refresh()
        if begins:  # a comparison: it is brought into view
            self.sheet.scrollToAnchor(ANCHOR)

    def is_empty(self) -> bool:
        return not self.rows and self.weighed is None and (self.tally is None or not self.tally.steps)

    def draw(self) -> None:
        self.sheet.setVisible(not self.is_empty())
        if self.is_empty() or self.network is None:
            return
        of_run = accounts.of(self.network, copy.deepcopy(self.tally or Tally()), self.charge)
        self.ledger = accounts.beside(of_run, comparison.claims(self.rows), comparison.figures(self.rows))
        self._show()

    def _show(self) -> None:
        if self.ledger is None:
            return
        bar = self.sheet.verticalScrollBar()
        at = bar.value()
        self.sheet.setHtml(self._page(lit=self.lit))
        bar.setValue(at)

    def _follow_link(self, link: QtCore.QUrl) -> None:
        """Mark the numbers behind a verdict and bring the first of them into view."""
        if link.scheme() == "action":
            self.asked.emit(link.path())
        if link.scheme() == "charge":
            self.charge = replace(self.charge, **{link.path(): not getattr(self.charge, link.path())})
            self._is_stale = True
            self.refresh()
        if link.scheme() == "save":
            self.ask_and_save({"csv": "CSV"}.get(link.path(), link.path()))
        if self.ledger is None or link.scheme() != "claim":
            return
        self.lit = link.path()
        self._show()
        self.sheet.scrollToAnchor(self.ledger.claims[int(self.lit)].figures[0])

    def forget(self) -> None:
        self.tally = self.ledger = self.weighed = None
        self.rows, self.repeats = (), ()

    def recolour(self) -> None:
        self.sheet.setStyleSheet(f"QTextBrowser {{ background: {self.theme.panel}; font-size: 12px; }}")
        self._show()

    def table(self) -> dict[str, NDArray[Any]]:
        if self.ledger is None:
            return {}
        found = columns(self.ledger, self.rows, self.repeats, self.weighed)
        return {name: np.array(values, object) for name, values in found.items()}

    def _page(self, lit: str = "", doors: bool = True) -> str:
        assert self.ledger is not None
        return page(
            self.ledger, self.theme, lit, self.rows, self.repeats, self.charge, self.weighed, doors=doors
        )

    def picture(self) -> QtGui.QImage:
        """The whole page, as wide as the tab, however little of it is in view."""
        whole = QtGui.QTextDocument(self)
        whole.setDefaultFont(self.sheet.font())
        whole.setDocumentMargin(self.sheet.document().documentMargin())
        if self.ledger is not None:
            whole.setHtml(self._page(doors=False))
        whole.setTextWidth(float(max(LEAST_WIDTH, self.sheet.viewport().width())))
        size = whole.size().toSize()
        image = QtGui.QImage(size * SHARPNESS, QtGui.QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SHARPNESS)
        image.fill(QtGui.QColor(self.theme.panel))
        painter = QtGui.QPainter(image)
        whole.drawContents(painter)
        painter.end()
        whole.deleteLater()
        return image
