"""Keys and focus: what has the focus takes Space, Enter and Escape for itself, before any shortcut."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def keeps_escape(event: QEvent) -> bool:
    """Whether an event asks if Escape is the window's shortcut, answered with no: it is the widget's own."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Escape:
        return False
    event.accept()
    return True


class FocusKeys(QObject):
    """Listens to buttons that have had the focus, and to nothing else.

    Without it Space would always play: a shortcut comes before the button under the focus.
    """

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._moved)

    def _moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QAbstractButton | QComboBox):
            now.installEventFilter(self)  # once more is no more than once; the one before may be gone

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.modifiers() or event.key() not in PRESSES:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        is_enter = event.key() != Qt.Key.Key_Space
        if event.type() == QEvent.Type.KeyPress and is_enter:
            if isinstance(watched, QAbstractButton):
                watched.click()
            elif isinstance(watched, QComboBox):
                watched.showPopup()
            return True
        return False
