"""What a value is typed or chosen in: a number with its unit, or one of a few names."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton, QWidget

from editor.window.focus import keeps_escape
from editor.window.style import SIZE_SMALL, mark, text_font


class QuantityEdit(QLineEdit):
    """A number with its unit shown at the right edge; takes what people type."""

    asked = Signal(str)
    """Enter was pressed, or the field was left, with another text."""
    nudged = Signal(int, bool)
    """An arrow key: how many steps, and whether the key was let go (the change is final)."""

    def __init__(self, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unit = unit
        self._shown = ""
        self.setFixedHeight(28)
        self.back: QToolButton | None = None
        self._fit()
        self.returnPressed.connect(self._ask)
        self.textEdited.connect(self._typing)

    def show_unit(self, unit: str) -> None:
        """Count in another unit."""
        if unit != self.unit:
            self.unit = unit
            self._fit()
            self.update()

    def offer_reset(self, button: QToolButton) -> None:
        """Hold a button, shown between the number and its unit, that goes back to the default."""
        self.back = button
        button.setParent(self)
        button.hide()

    def show_reset(self, is_shown: bool) -> None:
        """Show the button, or not."""
        if self.back is not None and self.back.isHidden() == is_shown:
            self.back.setVisible(is_shown)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = QFontMetrics(text_font(SIZE_SMALL)).horizontalAdvance(self.unit) + 4 if self.unit else 0
        if self.back is not None and not self.back.isHidden():
            self.back.move(
                self.width() - wide - self.back.width() - 5, (self.height() - self.back.height()) // 2
            )
            wide += self.back.width()
        self.setTextMargins(0, 0, wide, 0)

    def show_text(self, text: str, placeholder: str = "") -> None:
        """Show a value, unless the user is typing another."""
        self._shown = text
        self.setPlaceholderText(placeholder)
        if not (self.hasFocus() and self.isModified()):
            if self.text() != text:
                self.setText(text)
                self.setCursorPosition(0)
            self.setModified(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ask()

    def event(self, event: QEvent) -> bool:
        """Escape takes back what was typed; where nothing was it is the window's."""
        if self.text() != self._shown and keeps_escape(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.take_back()
            self.selectAll()
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            big = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.nudged.emit(big if event.key() == Qt.Key.Key_Up else -big, False)
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.isAutoRepeat():
            self.nudged.emit(0, True)
            return
        super().keyReleaseEvent(event)

    def take_back(self) -> None:
        """Show the value that holds, whatever was typed."""
        self.setText(self._shown)
        self.setModified(False)
        self.asked.emit("")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.unit:
            painter = QPainter(self)
            painter.setFont(text_font(SIZE_SMALL))
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            box = self.rect().adjusted(0, 0, -8, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.unit)

    def _typing(self, text: str) -> None:
        mark(self, wrong=False)

    def _ask(self) -> None:
        if self.isModified() and self.text() != self._shown:
            self.setModified(False)
            self.asked.emit(self.text())
        elif self.isModified():
            self.setModified(False)


class StillCombo(QComboBox):
    """A choice that the wheel does not change while one scrolls past it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(28)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(
            QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        x, y = self.width() - 13.0, self.height() / 2 + 0.5
        painter.drawPolyline(
            QPolygonF([QPointF(x - 3.6, y - 1.8), QPointF(x, y + 1.8), QPointF(x + 3.6, y - 1.8)])
        )

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
