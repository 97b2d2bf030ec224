"""One field of the inspector: a name one can drag, a value with its unit, and a refusal in words."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from editor.inspector import quantities
from editor.inspector.formula import Text
from editor.inspector.formula import read as read_formula
from editor.inspector.formula_view import draw_box, set_row
from editor.inspector.quantities import MIXED, Mixed, Shown
from editor.style import SIZE_SMALL, keyboard_only, mark, named, put_icon, text_font
from engine.declare import Param
from engine.errors import UsageError

NAME_WIDTH = 50
VALUE_WIDTH = 102
CHOICE_WIDTH = 136
ROW = 36


class FieldName(QWidget):
    """The symbol of a parameter and what it does; dragging it sideways turns the value."""

    grabbed = Signal()
    turned = Signal(float)
    """How far it has been dragged since it was grabbed, in px; Shift is ten times finer, Ctrl coarser."""
    dropped = Signal()

    def __init__(self, param: Param, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.param = param
        self.is_moved = False
        self._start: float | None = None
        self._travel = 0.0
        self._last = 0.0
        row = read_formula(param.name.rstrip("_"))[0]
        is_word = len(row) == 1 and isinstance(row[0], Text) and not row[0].italic
        self._word = param.name.rstrip("_") if is_word else ""
        self._symbol = set_row(row, 15.0)
        if not param.is_choice:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setToolTip(quantities.about(param))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(150, ROW - 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(NAME_WIDTH + 24, ROW - 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole
        text = self.palette().color(role.WindowText)
        muted = self.palette().color(role.PlaceholderText)
        left = NAME_WIDTH
        if self._word:
            painter.setFont(text_font(12))
            painter.setPen(text)
            left = max(left, painter.fontMetrics().horizontalAdvance(self._word) + 8)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._word)
        else:
            height = self._symbol.ascent + self._symbol.descent
            baseline = (self.height() - height) / 2 + self._symbol.ascent
            draw_box(painter, self._symbol, QPointF(0.0, baseline), text)
            left = max(left, math.ceil(self._symbol.width) + 8)
        painter.setFont(text_font(SIZE_SMALL))
        painter.setPen(QColor(text if self.is_moved else muted))
        box = QRect(left, 0, self.width() - left - 4, self.height())
        paint_two_lines(painter, box, self.param.doc.rstrip("."))

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


def paint_two_lines(painter: QPainter, box: QRect, text: str) -> None:
    """A sentence on at most two lines, the second ending in dots when there is more."""
    metrics = QFontMetrics(painter.font())
    words, first = text.split(" "), ""
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= box.width():
        first = f"{first} {words.pop(0)}".strip()
    if not first and words:
        first = metrics.elidedText(words.pop(0), Qt.TextElideMode.ElideRight, box.width())
    line = metrics.lineSpacing()
    if not words:
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, first)
        return
    second = metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, box.width())
    top = box.top() + (box.height() - 2 * line) // 2
    painter.drawText(QRect(box.left(), top, box.width(), line), Qt.AlignmentFlag.AlignVCenter, first)
    painter.drawText(QRect(box.left(), top + line, box.width(), line), Qt.AlignmentFlag.AlignVCenter, second)


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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.take_back()
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


class ParamField(QWidget):
    """One declared parameter: shows a value, asks for another, says why not."""

    edited = Signal(str, object)
    """The user settled on a value: the parameter's name, and a number or the name of a choice."""
    previewed = Signal(str, object)
    """The user is turning the value and may let go of it any moment; None: it is back where it was."""
    reset = Signal(str)
    """Back to the declared default."""

    def __init__(self, param: Param, parent: QWidget | None = None, name: str = "") -> None:
        super().__init__(parent)
        self.param = param
        self.name = name or param.name
        self.shown: Shown = MIXED
        self._turning: float | None = None
        self.label = FieldName(param, self)
        self.label.grabbed.connect(self._grab)
        self.label.turned.connect(self._turn)
        self.label.dropped.connect(self._drop)
        self.value = self._value_widget()
        self.value.setFixedWidth(CHOICE_WIDTH if param.is_choice else VALUE_WIDTH)
        self.value.setToolTip(self.label.toolTip())
        self.value.setAccessibleName(f"{quantities.spoken(self.name)}, {param.unit}".rstrip(", "))
        self.value.setAccessibleDescription(param.doc)
        self.back = named(QToolButton(self), "reset")
        keyboard_only(self.back)
        put_icon(self.back, "fa6s.rotate-left", "muted", 10)
        self.back.setFixedSize(18, 18)
        self.back.setCursor(Qt.CursorShape.ArrowCursor)
        self.back.clicked.connect(self._reset)
        default = param.shown_default
        shown = default if isinstance(default, str) else f"{quantities.write(default, param)} {param.unit}"
        self.back.setToolTip(f"Back to the default, {shown.strip()}")
        self.back.setAccessibleName(f"Reset {quantities.spoken(self.name)}")
        self.why = named(QLabel(self), "wrong")
        self.why.setWordWrap(True)
        self.why.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(1)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.value, 0, 2)
        if self.param.is_choice:
            grid.addWidget(self.back, 0, 1)
        else:
            self.edit.offer_reset(self.back)
        grid.addWidget(self.why, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        self.setFocusProxy(self.value)

    def _value_widget(self) -> QWidget:
        if self.param.is_choice:
            self.combo = StillCombo(self)
            for option in self.param.options:
                self.combo.addItem(quantities.spoken(option), option)
            self.combo.activated.connect(self._choose)
            return self.combo
        self.edit = QuantityEdit(self.param.unit, self)
        self.edit.asked.connect(self._ask)
        self.edit.nudged.connect(self._nudge)
        return self.edit

    def show_value(self, value: Shown, is_moved: bool) -> None:
        """Show what holds now; `is_moved` when it differs from the declared default."""
        self.shown = value
        if self.label.is_moved != is_moved:
            self.label.is_moved = is_moved
            self.label.update()
        if self.param.is_choice:
            self.back.setVisible(is_moved)
        else:
            self.edit.show_reset(is_moved)
        if self._turning is not None:
            return
        if self.param.is_choice:
            if isinstance(value, float):
                value = self.param.options[int(value)]
            at = -1 if isinstance(value, Mixed) else self.combo.findData(value)
            self.combo.setPlaceholderText("mixed")
            self.combo.setCurrentIndex(at)
        else:
            self.edit.show_text(
                quantities.write(value, self.param), "mixed" if isinstance(value, Mixed) else ""
            )
        self.accept()

    def refuse(self, why: str) -> None:
        """Say why a value cannot be; the field keeps what was typed."""
        self.why.setText(why)
        self.why.show()
        if not self.param.is_choice:
            mark(self.edit, wrong=True)

    def accept(self) -> None:
        """Nothing is wrong (any more)."""
        if not self.why.isHidden():
            self.why.hide()
        if not self.param.is_choice:
            mark(self.edit, wrong=False)

    def _ask(self, text: str) -> None:
        if not text:
            self.accept()
            return
        try:
            value = quantities.read(text, self.param)
        except UsageError as refusal:
            self.refuse(str(refusal))
            return
        self.accept()
        if isinstance(self.shown, Mixed) or value != self.shown:
            self.edited.emit(self.name, value)
        else:
            self.edit.show_text(quantities.write(value, self.param))

    def _choose(self, at: int) -> None:
        option = self.combo.itemData(at)
        if option != self.shown:
            self.edited.emit(self.name, option)

    def _reset(self) -> None:
        self.accept()
        self.reset.emit(self.name)

    def _grab(self) -> None:
        self._turning = self.shown if isinstance(self.shown, float) else self.param.default
        self._turned_to = self._turning

    def _turn(self, travel: float) -> None:
        if self._turning is None:
            return
        value = quantities.turned(self.param, self._turning, travel)
        if value != self._turned_to:
            self._turned_to = value
            self.edit.setText(quantities.write(value, self.param))
            self.previewed.emit(self.name, value)

    def _drop(self) -> None:
        start, self._turning = self._turning, None
        if start is None:
            return
        if self._turned_to != start:
            self.edited.emit(self.name, self._turned_to)
        else:
            self.previewed.emit(self.name, None)

    def _nudge(self, steps: int, is_final: bool) -> None:
        if is_final:
            self._drop()
            return
        if self._turning is None:
            self._grab()
        assert self._turning is not None
        self._travel = getattr(self, "_travel", 0.0) if self._turned_to != self._turning else 0.0
        self._travel += steps
        self._turn(self._travel)


class Hairline(QWidget):
    """A thin rule between parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(9)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 4, self.width(), 1, self.palette().color(QPalette.ColorRole.Mid))
