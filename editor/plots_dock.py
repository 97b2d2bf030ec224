"""The tabs below the canvas: one per plot, each made when it is first looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from editor.style import worn
from editor.theme import Theme

if TYPE_CHECKING:
    from editor.plots.base import Plot
    from engine.live.frame import Frame


class PlotTabs(QTabWidget):
    """Holds the plots; those not looked at yet cost nothing."""

    said = Signal(str, bool)
    """News for the status line, and whether it is bad."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.setAccessibleName("Plots")
        self.setMinimumHeight(90)
        self.network: Any = None
        self.kinds: list[type[Plot]] = []
        self.plots: dict[int, Plot] = {}
        self.currentChanged.connect(self._look)

    def fill(self) -> None:
        """Add a tab for every plot there is; imports the plotting library, so after the window is up."""
        from editor.plots import kinds

        if self.kinds:
            return
        self.kinds = kinds()
        self.blockSignals(True)
        for kind in self.kinds:
            page = QWidget(self)
            QVBoxLayout(page).setContentsMargins(0, 0, 0, 0)
            self.addTab(page, kind.title)
            if kind.hint:
                self.setTabToolTip(self.count() - 1, kind.hint)
        self.blockSignals(False)
        self._look(self.currentIndex())

    def add(self, widget: QWidget, title: str) -> None:
        """Add a tab that is no plot, such as the log."""
        self.addTab(widget, title)

    def follow(self, network: Any) -> None:
        """Which network the frames are of; again when its structure changed."""
        self.network = network
        for plot in self.plots.values():
            plot.follow(network)

    def show_frame(self, frame: Frame) -> None:
        """Hand a frame to every plot that exists."""
        for plot in self.plots.values():
            plot.show_frame(frame)

    def hear(self, message: object) -> None:
        """Hand news of the run to every plot."""
        for plot in self.plots.values():
            plot.hear(message)

    def clear_plots(self) -> None:
        """Forget everything drawn: another circuit, or back to t = 0."""
        for plot in self.plots.values():
            plot.clear()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        for plot in self.plots.values():
            plot.set_theme(theme)

    def reveal(self, title: str) -> None:
        """Bring the tab with this title to the front."""
        for at in range(self.count()):
            if self.tabText(at).lower() == title.lower():
                self.setCurrentIndex(at)

    def _look(self, at: int) -> None:
        if not 0 <= at < len(self.kinds) or at in self.plots:
            return
        plot = self.kinds[at](worn())
        page = self.widget(at)
        layout = page.layout()
        assert layout is not None
        layout.addWidget(plot)
        plot.failed.connect(self._failed)
        plot.saved.connect(self._saved)
        self.plots[at] = plot
        if self.network is not None:
            plot.follow(self.network)
        plot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)

    def _failed(self, why: str) -> None:
        self.said.emit(why, True)

    def _saved(self, path: str) -> None:
        self.said.emit(f"Saved {path}", False)
