"""A field for the lines of a hook: numbered, coloured, with the faulty line marked."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from editor.window.style import field_ground, worn
from editor.window.theme import blend
from engine.arithmetic import CHANCE, FUNCTIONS, ROWS

SIZE = 13
GAP = 10


class Colours(QSyntaxHighlighter):
    """Rows, calls and numbers in colours of the theme."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.wear()

    def wear(self) -> None:
        """Take the colours of the theme worn now."""
        theme = worn()
        calls = "|".join(sorted(FUNCTIONS | CHANCE))
        self._kinds = [
            (re.compile(rf"\b({'|'.join(sorted(ROWS))})\.\w+"), theme.excitatory),
            (re.compile(rf"\b({calls})(?=\()"), theme.modulatory),
            (re.compile(r"\b(if|else|elif|and|or|not|return)\b"), theme.accent),
            (re.compile(r"(?<![\w.])\d+\.?\d*(e[-+]?\d+)?"), theme.input),
            (re.compile(r"#.*"), theme.muted),
        ]
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for pattern, ink in self._kinds:
            look = QTextCharFormat()
            look.setForeground(QColor(ink))
            for found in pattern.finditer(text):
                self.setFormat(found.start(), found.end() - found.start(), look)


class Lines(QPlainTextEdit):
    """The text of one hook."""

    def __init__(self, name: str, hint: str = "syn.dw += ...", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"Lines of {name}")
        self.setPlaceholderText(hint)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(SIZE)
        self.setFont(font)
        self.colours = Colours(self.document())
        self.numbers = _Numbers(self)
        self.faulty = 0
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll)
        self._make_room()

    def mark(self, line: int) -> None:
        """Mark a line (from 1) as faulty; 0 for none."""
        self.faulty = line
        marks = []
        if line:
            one: Any = QTextEdit.ExtraSelection()  # its fields are missing from the stubs
            one.format.setBackground(QColor(blend(field_ground(worn()), worn().danger, 0.28)))
            one.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            block = self.document().findBlockByNumber(line - 1)
            one.cursor = QTextCursor(block)
            marks.append(one)
        self.setExtraSelections(marks)
        self.numbers.update()

    def wear(self) -> None:
        """Take the colours of the theme worn now."""
        self.colours.wear()
        self.mark(self.faulty)

    def margin(self) -> int:
        """Width of the column of numbers."""
        digits = len(str(max(9, self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * digits + 2 * GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self.numbers.setGeometry(QRect(inside.left(), inside.top(), self.margin(), inside.height()))

    def _make_room(self, _count: int = 0) -> None:
        self.setViewportMargins(self.margin(), 0, 0, 0)

    def _scroll(self, rect: QRect, dy: int) -> None:
        if dy:
            self.numbers.scroll(0, dy)
        else:
            self.numbers.update(0, rect.y(), self.numbers.width(), rect.height())

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers of the lines that can be seen."""
        theme = worn()
        painter = QPainter(self.numbers)
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            number = block.blockNumber() + 1
            painter.setPen(QColor(theme.danger if number == self.faulty else theme.muted))
            where = QRect(0, int(top), self.numbers.width() - GAP, int(height))
            painter.drawText(where, Qt.AlignmentFlag.AlignRight, str(number))
            block, top = block.next(), top + height


class _Numbers(QWidget):
    """The column beside the text."""

    def __init__(self, lines: Lines) -> None:
        super().__init__(lines)
        self.lines = lines

    def sizeHint(self) -> QSize:
        return QSize(self.lines.margin(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.lines.paint_numbers(event)
