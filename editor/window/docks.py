"""Docks of the window: a quiet heading, and buttons to tear one off or close it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QToolButton, QWidget

from editor.window.style import keyboard_only, named, put_icon

Area = Qt.DockWidgetArea


class DockTitle(QWidget):
    """The heading of a dock; it can be dragged, as the plain one could."""

    def __init__(self, dock: QDockWidget, text: str, tabs: QWidget | None = None) -> None:
        super().__init__(dock)
        named(self, "dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setSpacing(2)
        if tabs is None:
            row.setContentsMargins(12, 6, 6, 4)
            row.addWidget(named(QLabel(text.upper(), self), "dockTitleText"))
        else:
            row.setContentsMargins(4, 0, 6, 0)
            row.addWidget(tabs)
        row.addStretch(1)
        self.tear = self._button("fa6s.up-right-from-square", f"Tear {text} off", 10)
        self.tear.clicked.connect(self._float)
        self.shut = self._button("fa6s.xmark", f"Close {text}", 12)
        self.shut.clicked.connect(dock.close)
        row.addWidget(self.tear)
        row.addWidget(self.shut)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._float()

    def _float(self) -> None:
        dock = self.parentWidget()
        assert isinstance(dock, QDockWidget)
        dock.setFloating(not dock.isFloating())

    def _button(self, icon: str, tip: str, size: int) -> QToolButton:
        button = QToolButton(self)
        put_icon(button, icon, "muted", size)
        button.setFixedSize(22, 22)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        keyboard_only(button)
        return button


def add_dock(
    window: QMainWindow, slug: str, title: str, widget: QWidget, area: Area, tabs: QWidget | None = None
) -> QDockWidget:
    """Put a widget into a dock of its own, which can be closed, moved and torn off.

    `tabs` stands in the heading instead of the title, so that a row of tabs costs no height.
    """
    dock = named(QDockWidget(title, window), slug)
    dock.setWidget(widget)
    dock.setTitleBarWidget(DockTitle(dock, title, tabs))
    dock.setAccessibleName(title)
    window.addDockWidget(area, dock)
    return dock


def add_strip(window: QMainWindow, slug: str, title: str, widget: QWidget, area: Area) -> QDockWidget:
    """A dock that stays where it is and has no heading: the bar of the run."""
    dock = named(QDockWidget(title, window), slug)
    dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    bare = QWidget(dock)
    bare.setFixedHeight(0)
    dock.setTitleBarWidget(bare)
    dock.setWidget(widget)
    window.addDockWidget(area, dock)
    return dock
