"""The sheet of keys: every shortcut by menu, and what the mouse does, until a key is pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from editor import actions
from editor.window.style import text_font, worn

MOUSE = (
    ("X at a neuron", "fires it; held, again and again"),
    ("drag on nothing", "selects in a frame; Ctrl: by a lasso"),
    ("Shift-click", "adds to what is selected"),
    ("drag a card", "place it"),
    ("hover a neuron", "its handles: wire, fire"),
    ("drag a handle", "one synapse; Ctrl keeps wiring"),
    ("drop on nothing", "choose what to place there"),
    ("right-click", "the radial menu"),
    ("wheel, pinch", "zoom at the pointer"),
    ("middle-drag, Shift-drag", "move the view"),
    ("drag a chosen synapse's end", "rewires it"),
    ("drag a value's name", "turn it; Shift finer, Ctrl coarser"),
)
LINE = 23
HEAD = 34
COLUMN = 336


class KeySheet(QWidget):
    """Covers the window; any key or click closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("The sheet of keys")
        self.hide()
        self.groups: list[tuple[str, list[tuple[str, str]]]] = []

    def open(self) -> None:
        """Show every key there is now."""
        by_menu: dict[str, list[tuple[str, str]]] = {}
        native = QKeySequence.SequenceFormat.NativeText
        for action in actions.all_actions():
            if action.keys:
                keys = "  ".join(QKeySequence(key).toString(native) for key in action.keys[:2])
                by_menu.setdefault(action.menu_path[0], []).append((keys, action.name))
        self.groups = [*by_menu.items(), ("Mouse", list(MOUSE))]
        self.setAccessibleDescription(
            "; ".join(f"{keys}: {name}" for _, rows in self.groups for keys, name in rows)
        )
        self.setGeometry(self.parentWidget().rect())
        self.show()
        self.raise_()
        self.setFocus()

    def columns(self) -> list[list[tuple[str, list[tuple[str, str]]]]]:
        """The groups dealt into as many columns as there is room for, as even as can be."""
        count = max(1, min(4, (self.width() - 80) // COLUMN))
        dealt: list[list[tuple[str, list[tuple[str, str]]]]] = [[] for _ in range(count)]
        tall = [0] * count
        for group in sorted(self.groups, key=lambda one: -len(one[1])):
            at = tall.index(min(tall))
            dealt[at].append(group)
            tall[at] += HEAD + LINE * len(group[1])
        return dealt

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.background_edge)
        veil.setAlphaF(0.72)
        painter.fillRect(self.rect(), veil)
        dealt = self.columns()
        tall = max(sum(HEAD + LINE * len(rows) for _, rows in column) for column in dealt)
        scale = min(1.0, (self.height() - 60) / (tall + 84))
        width, height = len(dealt) * COLUMN + 48, tall + 84
        painter.translate((self.width() - width * scale) / 2, (self.height() - height * scale) / 2)
        painter.scale(scale, scale)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(QRectF(0, 0, width, height), 14, 14)
        painter.setPen(QColor(theme.text))
        painter.setFont(text_font(17, bold=True))
        painter.drawText(QRectF(28, 14, width, 32), Qt.AlignmentFlag.AlignVCenter, "Keys")
        painter.setPen(QColor(theme.muted))
        painter.setFont(text_font(12))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(
            QRectF(0, 14, width - 28, 32), side, "Ctrl+K finds everything by name  ·  Esc closes this"
        )
        for at, column in enumerate(dealt):
            y = 54.0
            for head, rows in column:
                y = self._group(painter, 28 + at * COLUMN, y, head, rows)

    def _group(self, painter: QPainter, x: float, y: float, head: str, rows: list[tuple[str, str]]) -> float:
        theme = worn()
        painter.setFont(text_font(12, bold=True))
        painter.setPen(QColor(theme.accent))
        painter.drawText(QRectF(x, y, COLUMN, HEAD), Qt.AlignmentFlag.AlignVCenter, head)
        y += HEAD - 4
        for keys, name in rows:
            painter.setFont(text_font(11))
            metrics = QFontMetrics(painter.font())
            wide = metrics.horizontalAdvance(keys) + 12
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.panel_raised))
            painter.drawRoundedRect(QRectF(x, y + 2, wide, 18), 4, 4)
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(x, y + 2, wide, 18), Qt.AlignmentFlag.AlignCenter, keys)
            painter.setFont(text_font(12))
            left = max(wide + 8, 104)
            text = QFontMetrics(painter.font()).elidedText(
                name, Qt.TextElideMode.ElideRight, int(COLUMN - left - 14)
            )
            painter.setPen(QColor(theme.muted))
            painter.drawText(
                QRectF(x + left, y, COLUMN - left, LINE - 1), Qt.AlignmentFlag.AlignVCenter, text
            )
            y += LINE
        return y + 4

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
            self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # while it is open, keys close it and do nothing else
            return True
        return super().event(event)
