"""Ctrl+K: every action, every card and every named thing of the circuit, found by what one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from editor.finding import by_letters
from editor.window.style import SIZE_SMALL, SIZE_TEXT, accent_ground, icon, named, text_font, worn

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole + 1
ROW = 44
MOST = 60
WIDTH = 600


@dataclass(frozen=True)
class Entry:
    """One line of the command bar."""

    name: str
    sentence: str
    kind: str
    """The small word at the right: a menu, "Population", "Card", ..."""
    run: Callable[[], None]
    keys: str = ""
    icon: str = ""
    words: str = ""
    why_not: str = ""
    """Why it is not possible now; such a line can be read but not run."""
    rank: float = 1.0


class Entries(QAbstractListModel):
    """The lines that a query finds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.every: list[Entry] = []
        self.shown: list[Entry] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.shown[index.row()]
        if role == ENTRY:
            return entry
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return entry.why_not or entry.sentence
        return None

    def find(self, query: str, answer: Entry | None = None) -> None:
        """Show the lines that the query finds, best first; first of all the answer to a question."""
        self.beginResetModel()
        texts = [(entry.name, f"{entry.words} {entry.kind} {entry.sentence}") for entry in self.every]
        if query.strip():
            scores = [
                by_letters.score(query, *text) * e.rank for e, text in zip(self.every, texts, strict=True)
            ]
            order = sorted((i for i, s in enumerate(scores) if s > 0), key=lambda i: (-scores[i], i))
            self.shown = [self.every[i] for i in order[:MOST]]
        else:
            self.shown = self.every[:MOST]
        if answer is not None:
            self.shown = [answer, *self.shown]
        self.endResetModel()


class EntryPainter(QStyledItemDelegate):
    """Paints a line: icon, name, sentence, keys."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = worn()
        entry: Entry = index.data(ENTRY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = option.rect.adjusted(6, 1, -6, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(accent_ground(theme)))
            painter.drawRoundedRect(box, 7, 7)
        if entry.why_not:
            painter.setOpacity(0.55)
        if entry.icon:
            icon(entry.icon, "muted").paint(painter, QRect(box.left() + 10, box.center().y() - 7, 15, 15))
        align = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(text_font(SIZE_SMALL))
        small = QFontMetrics(painter.font())
        side = entry.keys or entry.kind
        wide = small.horizontalAdvance(side) + 14
        tag = QRect(box.right() - wide - 6, box.center().y() - 9, wide, 20)
        if entry.keys:
            painter.setPen(QColor(theme.line))
            painter.setBrush(QColor(theme.panel))
            painter.drawRoundedRect(tag, 5, 5)
        painter.setPen(QColor(theme.muted))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, side)
        text = box.adjusted(36, 0, -wide - 18, 0)
        painter.drawText(
            text.adjusted(0, 18, 0, -2),
            align,
            small.elidedText(entry.why_not or entry.sentence, Qt.TextElideMode.ElideRight, text.width()),
        )
        painter.setFont(text_font(SIZE_TEXT))
        painter.setPen(QColor(theme.text))
        name = QFontMetrics(painter.font()).elidedText(entry.name, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text.adjusted(0, 3, 0, -19), align, name)
        painter.restore()


class CommandBar(QFrame):
    """Floats over the window; Escape or a click elsewhere closes it."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        named(self, "popup")
        self.hide()
        self.text = named(QLineEdit(self), "commandText")
        self.text.setPlaceholderText("A command, a model, a population, or a property: rate > 20 Hz")
        self.text.setAccessibleName("Search commands")
        self.model = Entries(self)
        self.answer: Callable[[str], Entry | None] | None = None
        self.list = QListView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Commands found")
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 7)
        box.setSpacing(5)
        box.addWidget(self.text)
        box.addWidget(self.list)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(40)
        shadow.setOffset(0, 10)
        shadow.setColor(QColor(0, 0, 0, 110))
        self.setGraphicsEffect(shadow)
        self.text.textChanged.connect(self._find)
        self.text.installEventFilter(self)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(self._run)

    def open(
        self, entries: list[Entry], query: str = "", answer: Callable[[str], Entry | None] | None = None
    ) -> None:
        """Show itself with these lines; `answer` knows what has a property that is asked for."""
        self.model.every = entries
        self.answer = answer
        self.text.setText(query)
        self._find(query)
        self.place()
        self.show()
        self.raise_()
        self.text.setFocus(Qt.FocusReason.PopupFocusReason)
        self.text.selectAll()

    def place(self) -> None:
        """Stand in the middle of the upper part of the window."""
        room = self.parentWidget().size()
        width = min(WIDTH, room.width() - 40)
        above = self.text.sizeHint().height() + 5 + 7 + 3
        fitting = max((room.height() - 90 - above) // ROW, 1)
        rows = min(max(self.model.rowCount(), 1), 9, fitting)
        height = above + rows * ROW
        self.setGeometry((room.width() - width) // 2, max(48, room.height() // 12), width, height)

    def close_bar(self) -> None:
        """Go away."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 8,
                Qt.Key.Key_PageUp: -8,
            }
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentIndex())
                return True
            if event.key() in steps:
                last = self.model.rowCount() - 1
                row = min(max(self.list.currentIndex().row() + steps[Qt.Key(event.key())], 0), last)
                self.list.setCurrentIndex(self.model.index(row, 0))
                return True
        elif watched is self.text and event.type() == QEvent.Type.FocusOut:
            self.close_bar()
        return super().eventFilter(watched, event)

    def _find(self, query: str) -> None:
        self.model.find(query, self.answer(query) if self.answer is not None else None)
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0, 0))
        if self.isVisible():
            self.place()

    def _run(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if isinstance(entry, Entry) and not entry.why_not:
            self.close_bar()
            entry.run()


def keys_in_words(keys: tuple[str, ...]) -> str:
    """The first shortcut of an action as this system writes it."""
    return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
