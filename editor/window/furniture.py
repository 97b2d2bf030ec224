"""Where the panels of the window stand: opened, closed, sized, and remembered from one start to the next."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from editor.palette.panel import NARROWEST
from editor.settings import Settings
from editor.window.docks import Area, add_dock, add_strip

LAYOUT = 1
"""Grows when the panels change so that a remembered arrangement no longer fits."""
PALETTE_WIDTH, INSPECTOR_WIDTH, PLOTS_HEIGHT = 232, 388, 180
LARGEST = (1600, 1000)
WIDE = 1100
"""px from which a window has room for panels as they are at the first start."""
FIRST = ("tools", "palette", "inspector", "plots")
"""The panels that are open at the first start."""


def put_up(window: Any) -> dict[str, QDockWidget]:
    """The docks of a window, each where it stands at the first start; by name."""
    window.setCorner(Qt.Corner.BottomLeftCorner, Area.BottomDockWidgetArea)
    window.setCorner(Qt.Corner.BottomRightCorner, Area.BottomDockWidgetArea)
    left, right, below = Area.LeftDockWidgetArea, Area.RightDockWidgetArea, Area.BottomDockWidgetArea
    docks = {
        "palette": add_dock(window, "palette", "Palette", window.palette_panel, left),
        "inspector": add_dock(window, "inspector", "Inspector", window.inspector, right),
        "structure": add_dock(window, "structure", "Structure", window.structure, right),
        "transport": add_strip(window, "transport", "Run", window.transport, below),
        "plots": add_dock(window, "plots", "Plots", window.plots, below, window.plots.head),
    }
    window.tabifyDockWidget(docks["inspector"], docks["structure"])
    docks["structure"].hide()
    window.splitDockWidget(docks["transport"], docks["plots"], Qt.Orientation.Vertical)
    return docks


class Furniture(QObject):
    """The panels of one window, by name."""

    def __init__(self, window: QMainWindow, panels: dict[str, QWidget], settings: Settings) -> None:
        super().__init__(window)
        self.window = window
        self.panels = panels
        self.settings = settings
        self._default = window.saveState(LAYOUT)
        self._hidden: list[str] = []
        self._aside: QByteArray | None = None
        """Where the panels stood before they stood aside."""
        self._is_size_due = False
        self._is_arranged = False

    def is_shown(self, slug: str) -> bool:
        """Whether a panel is open."""
        return not self.panels[slug].isHidden()

    def toggle(self, slug: str) -> None:
        """Open or close a panel; one that is open behind another comes to the front."""
        panel = self.panels[slug]
        if not panel.isHidden() and isinstance(panel, QDockWidget) and panel.visibleRegion().isEmpty():
            panel.raise_()
        elif panel.isHidden():
            self.reveal(slug)
        else:
            panel.hide()

    def reveal(self, slug: str) -> None:
        """Open a panel and bring it to the front."""
        self.panels[slug].show()
        self.panels[slug].raise_()

    def toggle_all(self) -> None:
        """Close every panel, or open those that were open again."""
        shown = [slug for slug in self.panels if slug != "transport" and self.is_shown(slug)]
        for slug in shown or self._hidden or FIRST:
            self.panels[slug].setVisible(not shown)
        self._hidden = shown or self._hidden

    def stand_aside(self, is_aside: bool) -> None:
        """Close the panels while what is in the middle has no use for them; then all is as it was."""
        if is_aside and self._aside is None:
            self._aside = self.window.saveState(LAYOUT)
            for panel in self.panels.values():
                panel.hide()
        elif not is_aside and self._aside is not None:
            before, self._aside = self._aside, None
            self.window.restoreState(before, LAYOUT)
            if self._is_size_due:
                self.size()

    def reset(self) -> None:
        """Every panel where it is at the first start."""
        self.window.restoreState(self._default, LAYOUT)
        for slug, panel in self.panels.items():
            panel.setVisible(slug in FIRST or slug == "transport")
        self.size()

    def size(self) -> None:
        """Give the panels their share of the window, as soon as they can be seen."""
        self._is_size_due = self._aside is not None
        if self._is_size_due:
            return
        high = self.window.height()
        self._share_width()
        below = [self.panels[slug] for slug in ("transport", "plots")]
        tall = [self.panels["transport"].height(), min(PLOTS_HEIGHT, high // 6)]
        self.window.resizeDocks(below, tall, Qt.Orientation.Vertical)  # type: ignore[arg-type]

    def widen(self) -> None:
        """The window has another size: give its room back to a palette that a narrow one squeezed."""
        palette = self.panels["palette"]
        if palette.isVisible() and palette.width() <= NARROWEST and self.window.width() >= WIDE:
            self._share_width()

    def _share_width(self) -> None:
        wide = self.window.width()
        left = min(PALETTE_WIDTH, max(196, wide // 6))
        right = min(INSPECTOR_WIDTH, max(312, round(wide * 0.285)))
        docks = [self.panels[slug] for slug in ("palette", "inspector")]
        self.window.resizeDocks(docks, [left, right], Qt.Orientation.Horizontal)  # type: ignore[arg-type]

    def shown(self) -> None:
        """The window is on the screen for the first time: now sizes can be given."""
        if not self._is_arranged:
            self._is_arranged = True
            self.size()
            QTimer.singleShot(0, self, self.size)

    def restore(self) -> None:
        """Stand where the window stood last time; anything unusable is passed over."""
        window, settings = self.window, self.settings
        if not (settings.geometry and window.restoreGeometry(QByteArray(settings.geometry))):
            screen = window.screen().availableGeometry().size() if window.screen() else QSize(*LARGEST)
            window.resize(min(LARGEST[0], screen.width() - 40), min(LARGEST[1], screen.height() - 60))
        self._is_arranged = bool(settings.docks) and window.restoreState(QByteArray(settings.docks), LAYOUT)

    def remember(self) -> str:
        """Write down where everything stands; returns what went wrong in words, or nothing."""
        self.stand_aside(False)
        self.settings.geometry = bytes(self.window.saveGeometry().data())
        self.settings.docks = bytes(self.window.saveState(LAYOUT).data())
        return self.settings.save()
