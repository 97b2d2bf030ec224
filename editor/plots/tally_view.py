"""Right, wrong and missing answers of each subject as one bar each, with their numbers and the mean time."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.window.style import field_ground, text_font, worn
from engine.live.sitting import Subject, View

ROW, BAR = 36, 11
"""Px: height of a subject's row, and of its bar."""
INKS = {"right": "good", "wrong": "danger", "none": "muted"}


class TallyView(QWidget):
    """Draws the counts of a sitting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seen: View | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(284)
        self.setAccessibleName("Answers since the last change: right, wrong, none")
        self.setToolTip(
            "Right, wrong and missing answers since the last change, and the mean time of the right ones."
        )

    def sizeHint(self) -> QSize:
        return QSize(260, 2 * ROW + 8)

    def show_view(self, seen: View) -> None:
        """Show another moment."""
        self.seen = seen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row, subject in enumerate(self.seen.subjects if self.seen is not None else ()):
                self._subject(painter, subject, QRectF(8, 4 + row * ROW, self.width() - 20, ROW))

    @staticmethod
    def _subject(painter: QPainter, subject: Subject, box: QRectF) -> None:
        theme = worn()
        line = QRectF(box.left(), box.top(), box.width(), 17)
        painter.setFont(text_font(11.5, bold=True))
        painter.setPen(QColor(theme.text))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, subject.label)
        painter.setFont(text_font(11.5))
        for text, ink in reversed(said(subject)):
            painter.setPen(QColor(getattr(theme, ink)))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, text)
            line.setRight(line.right() - painter.fontMetrics().horizontalAdvance(text) - 7)
        bar = QRectF(box.left(), box.top() + 19, box.width(), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(field_ground(theme)))
        painter.drawRoundedRect(bar, 3, 3)
        total, x = sum(subject.counts.values()), bar.left()
        for verdict, ink in INKS.items():
            wide = bar.width() * subject.counts[verdict] / total if total else 0.0
            painter.setBrush(QColor(getattr(theme, ink)))
            painter.drawRect(QRectF(x, bar.top(), wide, BAR))
            x += wide


def said(subject: Subject) -> list[tuple[str, str]]:
    """The counts in words, each with the name of its colour: "12 right", "3 wrong", "5 none", "283 ms"."""
    taken = subject.mean_time
    counts = [(f"{subject.counts[verdict]} {verdict}", ink) for verdict, ink in INKS.items()]
    return counts if math.isnan(taken) else [*counts, (f"{taken:.0f} ms", "text")]
