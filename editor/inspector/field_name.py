"""The name of a field: the symbol of a parameter and what it does; dragging it turns the value."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.inspector import quantities
from editor.inspector.formula import Text, symbol_in
from editor.inspector.formula import read as read_formula
from editor.inspector.formula_view import draw_box, set_row
from editor.window.style import SIZE_SMALL, text_font
from engine.declare import Param

NAME_WIDTH = 50
ROW = 36


class FieldName(QWidget):
    """The symbol of a parameter, as in its formula, and what it does; dragging it turns the value."""

    grabbed = Signal()
    turned = Signal(float)
    """How far it has been dragged since it was grabbed, in px; Shift is ten times finer, Ctrl coarser."""
    dropped = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None, formula: str = "") -> None:
        super().__init__(parent)
        self.param = param
        self.symbol = symbol_in(formula, param.name.rstrip("_"))
        self.is_moved = False
        self._start: float | None = None
        self._travel = 0.0
        self._last = 0.0
        row = read_formula(self.symbol)[0]
        is_word = len(row) == 1 and isinstance(row[0], Text) and not row[0].italic
        self._word = self.symbol if is_word else ""
        self._symbol = set_row(row, 15.0)
        if not param.is_choice:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setToolTip(quantities.about(param))
        self._doc = param.doc.rstrip(".")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(150, ROW - 4)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        metrics = QFontMetrics(text_font(SIZE_SMALL))
        lines = broken(self._doc, metrics, max(width - self._left() - 4, 40))
        return max(ROW - 4, len(lines) * metrics.lineSpacing() + 4)

    def _left(self) -> int:
        """Where the sentence begins, right of the symbol."""
        wide = QFontMetrics(text_font(12)).horizontalAdvance(self._word) if self._word else self._symbol.width
        return max(NAME_WIDTH, math.ceil(wide) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(NAME_WIDTH + 24, ROW - 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole
        text = self.palette().color(role.WindowText)
        muted = self.palette().color(role.PlaceholderText)
        left = self._left()
        if self._word:
            painter.setFont(text_font(12))
            painter.setPen(text)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._word)
        else:
            height = self._symbol.ascent + self._symbol.descent
            baseline = (self.height() - height) / 2 + self._symbol.ascent
            draw_box(painter, self._symbol, QPointF(0.0, baseline), text)
        painter.setFont(text_font(SIZE_SMALL))
        painter.setPen(QColor(text if self.is_moved else muted))
        metrics = painter.fontMetrics()
        lines = broken(self._doc, metrics, self.width() - left - 4)
        y = (self.height() - len(lines) * metrics.lineSpacing()) // 2
        for line in lines:
            box = QRect(left, y, self.width() - left - 4, metrics.lineSpacing())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, line)
            y += metrics.lineSpacing()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.param.is_choice and self.isEnabled():
            self._start = self._last = event.globalPosition().x()
            self._travel = 0.0
            self.grabbed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None:
            return
        at = event.globalPosition().x()
        fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        coarse = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        self._travel += (at - self._last) * (0.1 if fine else 10.0 if coarse else 1.0)
        self._last = at
        self.turned.emit(self._travel)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._start is not None:
            self._start = None
            self.dropped.emit()


def broken(text: str, metrics: QFontMetrics, width: int, most: int = 3) -> list[str]:
    """A sentence as lines that fit a width, the last ending in dots when there is more."""
    words = text.split(" ")
    lines: list[str] = []
    while words:
        line = words.pop(0)
        while words and metrics.horizontalAdvance(f"{line} {words[0]}") <= width:
            line = f"{line} {words.pop(0)}"
        if len(lines) == most - 1 and words:
            line, words = f"{line} {' '.join(words)}", []
        fits = metrics.horizontalAdvance(line) <= width
        lines.append(line if fits else metrics.elidedText(line, Qt.TextElideMode.ElideRight, width))
    return lines
