"""The log: what happened, line by line; a click selects what a line names."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from editor.transport.timeline import clock
from editor.window.style import SIZE_SMALL, hover_ground, text_font, worn

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole + 1
KEPT = 5000
COLOURS = {
    "grown": "sprout",
    "pruned": "retracting",
    "trouble": "danger",
    "run": "accent",
    "pause": "accent",
    "edit": "text",
}
CLOCK_WIDTH = 92
EMPTY = (
    "Births, deaths, runs and refusals are written here, and what each card does to a selected synapse;\n"
    "a click selects what a line names."
)


class Lines(QAbstractListModel):
    """The newest lines, the last at the bottom."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: deque[Any] = deque()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return f"{clock(line.t)}  {line.text}"
        return None

    def add(self, lines: list[Any]) -> None:
        """Append lines; the oldest are dropped beyond `KEPT`."""
        lines = lines[-KEPT:]
        over = len(self.lines) + len(lines) - KEPT
        if over > 0:
            self.beginRemoveRows(QModelIndex(), 0, over - 1)
            for _ in range(over):
                self.lines.popleft()
            self.endRemoveRows()
        first = len(self.lines)
        self.beginInsertRows(QModelIndex(), first, first + len(lines) - 1)
        self.lines.extend(lines)
        self.endInsertRows()

    def clear(self) -> None:
        """Another circuit: nothing has happened."""
        self.beginResetModel()
        self.lines.clear()
        self.endResetModel()


class LinePainter(QStyledItemDelegate):
    """Paints a line: when, a dot in the colour of its kind, what."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, 22)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, line, box = worn(), index.data(LINE), option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.fillRect(box, QColor(hover_ground(theme)))
        painter.setFont(text_font(SIZE_SMALL))
        painter.setPen(QColor(theme.muted))
        align = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box.adjusted(14, 0, 0, 0), align, clock(line.t))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(theme, COLOURS.get(line.kind, "muted"))))
        painter.drawEllipse(QRect(box.left() + CLOCK_WIDTH, box.center().y() - 3, 7, 7))
        painter.setFont(text_font(12))
        painter.setPen(QColor(theme.danger if line.kind == "trouble" else theme.text))
        room = box.adjusted(CLOCK_WIDTH + 16, 0, -10, 0)
        text = QFontMetrics(painter.font()).elidedText(line.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, align, text)
        painter.restore()


class LogView(QListView):
    """Shows the log."""

    chosen = Signal(object)
    """The ids that the line names, an int64 array."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = Lines(self)
        self.setModel(self.model_)
        self.setItemDelegate(LinePainter(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Log")
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def add(self, lines: list[Any]) -> None:
        """Show more lines; stays at the end if it was there."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        self.model_.add(lines)
        if at_end:
            self.scrollToBottom()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.model_.lines:
            painter = QPainter(self.viewport())
            painter.setFont(text_font(12))
            painter.setPen(QColor(worn().muted))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, EMPTY)

    def clear_log(self) -> None:
        """Another circuit."""
        self.model_.clear()

    def _choose(self, index: QModelIndex) -> None:
        line = index.data(LINE)
        if line.ids:
            self.chosen.emit(np.array(line.ids, np.int64))
