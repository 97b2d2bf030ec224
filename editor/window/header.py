"""The row at the top: menus, the file and whether it is saved, the search, what the next synapse will be."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenuBar, QPushButton, QSizePolicy, QToolButton, QWidget

from editor.inspector.pieces import Elided
from editor.window.style import keyboard_only, mark, named, put_icon

NARROW = 1240
"""px below which the search shrinks to its icon."""
NAME = 220
"""px that the name of the circuit keeps beside the chip, if it needs them."""
SEARCH = 230
"""px of the search where it says what it is."""
WIDEST = 420
"""px of the chip at most."""
REST = 134
"""px of the mark, the two buttons and what lies between them all."""


class Chip(QPushButton):
    """Names what the next synapse will be; a click offers other kinds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        mark(self, chip=True)
        put_icon(self, "fa6s.share-nodes", "accent", 12)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(28)
        self.setMinimumWidth(90)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, words: str) -> None:
        """Show what the next synapse will be."""
        self._words = words
        self.setAccessibleName(f"The next synapse: {words}")
        self.setToolTip(f"The next synapse you draw: {words}.\nClick to choose another kind.")
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._words) + 52, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(90, 28)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width() - 46, 30)
        self.setText(QFontMetrics(self.font()).elidedText(self._words, Qt.TextElideMode.ElideRight, room))


class Header(QWidget):
    """The row itself; it asks, the window does."""

    searched = Signal()
    chip_asked = Signal()
    theme_asked = Signal()
    help_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(46)
        self.menus = QMenuBar(self)
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.saved = named(QLabel("●", self), "savedMark")
        self.saved.hide()
        self.file = named(Elided("", self), "fileName")
        self.file.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.file.setMinimumWidth(60)
        self.search = named(QPushButton(self), "searchButton")
        put_icon(self.search, "fa6s.magnifying-glass", "muted", 12)
        self.search.setFixedHeight(30)
        self.search.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.search.setAccessibleName("Search commands and names")
        self.search.setToolTip("Every command, model and population by name  (Ctrl+K)")
        self.search.clicked.connect(self.searched)
        self.chip = named(Chip(self), "chip")
        self.chip.clicked.connect(self.chip_asked)
        self.theme = self._button("fa6s.circle-half-stroke", "Light or dark  (Ctrl+Shift+L)", "Light or dark")
        self.theme.clicked.connect(self.theme_asked)
        self.help = self._button("fa6s.keyboard", "The sheet of keys  (?)", "The sheet of keys")
        self.help.clicked.connect(self.help_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 10, 0)
        row.setSpacing(6)
        row.addWidget(self.menus)
        row.addSpacing(6)
        row.addWidget(self.saved)
        row.addWidget(self.file, 2)
        row.addWidget(self.search)
        row.addWidget(self.chip)
        row.addWidget(self.theme)
        row.addWidget(self.help)
        self._fit()

    def show_file(self, name: str, is_saved: bool, path: str = "") -> None:
        """Which circuit is open and whether everything of it is on disk."""
        self.file.say(name)
        self.file.setToolTip(path or "Not saved to a file yet")
        self.saved.setVisible(not is_saved)
        self.saved.setToolTip("There are changes that are not saved  (Ctrl+S)")
        self.saved.setAccessibleName("Not saved" if not is_saved else "Saved")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give what room there is to the chip first, then to the name of the circuit, then to the search."""
        name = self.file.fontMetrics().horizontalAdvance(self.file.whole()) + 4
        room = self.width() - self.menus.sizeHint().width() - min(name, NAME) - REST
        whole = min(self.chip.sizeHint().width(), WIDEST)
        narrow = self.width() < NARROW or room < whole + SEARCH
        self.search.setText("" if narrow else "Search or do…      Ctrl+K")
        self.search.setFixedWidth(36 if narrow else SEARCH)
        self.chip.setMaximumWidth(min(max(90, room - self.search.width()), WIDEST))

    def _button(self, icon: str, tip: str, name: str) -> QToolButton:
        button = QToolButton(self)
        put_icon(button, icon, "text", 16)
        button.setFixedSize(32, 32)
        button.setToolTip(tip)
        button.setAccessibleName(name)
        keyboard_only(button)
        return button
