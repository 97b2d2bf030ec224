"""The striatal matrix: a row for each source, a column for the destination, in each cell the gate between.

What stands at a source runs along its row and comes through as far as its gate is open: the cell lights up.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.window.style import field_ground, text_font, worn
from editor.window.theme import blend
from engine.declare import Router
from engine.live.sitting import Subject, View

HEAD, GAP, MARGIN = 26.0, 10.0, 8.0
"""Px: height of the line of headings, between two rows, and around everything."""
PACKET, SPACING = 3.6, 26.0
"""Radius of what travels along a row, and how far one is behind the other."""
SPEED = 0.55
"""Px a packet travels in a ms of the trial."""
VERDICTS = {"right": "right", "wrong": "wrong", "none": "no answer"}


class RoutingView(QWidget):
    """Draws a moment of the first subject of a sitting."""

    def __init__(self, model: type[Router], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.seen: View | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(350, 190)
        self.setAccessibleName("The striatal matrix: sources are rows, a lit cell is an open gate")
        self.setToolTip(
            "A cell is bright where its gate is open. From left to right: "
            + ", ".join(each.doc for each in model.states.values())
        )

    def sizeHint(self) -> QSize:
        return QSize(560, 260)

    def show_view(self, seen: View) -> None:
        """Show another moment."""
        self.seen = seen
        self.update()

    def ink(self, content: int) -> str:
        """The colour of a content: the curves of the theme stand in the order of the colours named."""
        inks = worn().curves
        return inks[content % len(inks)]

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.seen is None:
                return
            subject = self.seen.subjects[0]
            boxes = self._boxes()
            self._halo(painter, boxes)
            self._headings(painter, boxes)
            for row, (source, cell) in enumerate(boxes):
                self._way(painter, subject, row, source, cell)
                self._source(painter, row, source)
                self._cell(painter, subject, row, cell)
            self._destination(painter, subject)

    # -- where things stand ----------------------------------------------------------------------

    def _boxes(self) -> list[tuple[QRectF, QRectF]]:
        """Of each row, the box of the source and that of the cell."""
        rows = len(self.model.sources)
        high = (self.height() - HEAD - MARGIN - GAP * (rows - 1)) / rows
        wide = self.width() - 2 * MARGIN
        found = []
        for row in range(rows):
            top = HEAD + row * (high + GAP)
            source = QRectF(MARGIN, top + 0.14 * high, 0.17 * wide, 0.72 * high)
            found.append((source, QRectF(MARGIN + 0.24 * wide, top, 0.48 * wide, high)))
        return found

    def _mouth(self) -> QRectF:
        wide = self.width() - 2 * MARGIN
        return QRectF(MARGIN + 0.79 * wide, HEAD, 0.21 * wide, self.height() - HEAD - MARGIN)

    # -- what is drawn ---------------------------------------------------------------------------

    def _halo(self, painter: QPainter, boxes: list[tuple[QRectF, QRectF]]) -> None:
        """The modulator around the gates: the more there is, the stronger the tint."""
        if not self.model.halo:
            return
        assert self.seen is not None
        level = self.seen.values[self.model.halo] / self.model.params[self.model.halo].high
        around = boxes[0][1].united(boxes[-1][1])
        ink = QColor(worn().modulatory)
        ink.setAlphaF(min(0.5 * level, 0.5))
        faint = QColor(worn().modulatory)
        faint.setAlphaF(0.0)
        glow = QRadialGradient(around.center(), 0.62 * around.width())
        glow.setColorAt(0.0, ink)
        glow.setColorAt(1.0, faint)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(glow)
        painter.drawRect(self.rect())

    def _headings(self, painter: QPainter, boxes: list[tuple[QRectF, QRectF]]) -> None:
        """What is what, and what is shown: the content of the last source written in that of the first."""
        assert self.seen is not None
        middle, shown, to = Qt.AlignmentFlag.AlignCenter, self.seen.shown, self.model.destination
        source, cell = boxes[0]
        painter.setFont(text_font(11.5))
        painter.setPen(QColor(worn().muted))
        for box, text in ((cell, f"gates to the {to}"), (self._mouth(), to)):
            painter.drawText(QRectF(box.left(), 2, box.width(), HEAD - 6), middle, text)
        painter.setFont(text_font(16, bold=True))
        painter.setPen(QColor(self.ink(shown[0])))
        above = QRectF(0, 2, source.left() + source.right(), source.top() - 4)
        painter.drawText(above, middle, self.model.contents[shown[-1]].upper())

    def _way(self, painter: QPainter, subject: Subject, row: int, source: QRectF, cell: QRectF) -> None:
        """The row, and what travels along it: all of it to the gate, behind it what was let through."""
        assert self.seen is not None
        opening = float(subject.gates[list(self.model.states)[-1]][row])
        y, mouth = cell.center().y(), self._mouth().left()
        ink = QColor(self.ink(self.seen.shown[row]))
        for begin, end, share in ((source.right(), cell.left(), 1.0), (cell.right(), mouth, opening)):
            painter.setPen(QPen(QColor(worn().line), 2.0))
            painter.drawLine(QPointF(begin, y), QPointF(end, y))
            painter.setPen(Qt.PenStyle.NoPen)
            for k in range(int((end - begin) / SPACING) + 2):
                x = begin + (self.seen.t * SPEED + k * SPACING) % (end - begin + SPACING) - 0.5 * SPACING
                if begin + PACKET < x < end - PACKET and share > 0.02:
                    ink.setAlphaF(min(share, 1.0))
                    painter.setBrush(ink)
                    painter.drawEllipse(QPointF(x, y), PACKET, PACKET)

    def _source(self, painter: QPainter, row: int, box: QRectF) -> None:
        theme, seen = worn(), self.seen
        assert seen is not None
        is_asked = row == seen.asked
        painter.setPen(QPen(QColor(theme.accent if is_asked else theme.line), 2.0 if is_asked else 1.2))
        painter.setBrush(QColor(field_ground(theme)))
        painter.drawRoundedRect(box, 6, 6)
        name = self.model.sources[row]
        painter.setFont(text_font(11.5, bold=is_asked))
        painter.setPen(QColor(theme.text if is_asked else theme.muted))
        inner = box.adjusted(2, 5, -2, -5)
        painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, name)
        painter.setFont(text_font(14, bold=True))
        painter.setPen(QColor(self.ink(seen.shown[row])))
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, self.model.contents[seen.shown[row]])
        if is_asked:
            painter.setFont(text_font(11.5))
            painter.setPen(QColor(theme.accent))
            painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, "asked")

    def _cell(self, painter: QPainter, subject: Subject, row: int, box: QRectF) -> None:
        """A gate: as bright as it is open, with the rates that make it so."""
        theme = worn()
        opening = float(subject.gates[list(self.model.states)[-1]][row])
        ground = QColor(blend(theme.panel, theme.good, 0.55 * opening))
        painter.setPen(QPen(QColor(blend(theme.line, theme.good, opening)), 1.2 + 1.4 * opening))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 8, 8)
        inner = box.adjusted(32, 26, -32, -26)
        at = {
            name: QPointF(inner.left() + x * inner.width(), inner.top() + y * inner.height())
            for name, (x, y) in self.model.places.items()
        }
        radius = min(10.0, 0.14 * box.height())
        for pre, post, sign in self.model.ways:
            self._wire(painter, at[pre], at[post], sign, radius)
        signs = {pre: sign for pre, _, sign in self.model.ways}
        painter.setFont(text_font(10))
        for name, place in at.items():
            ink = theme.inhibitory if signs.get(name, 1) < 0 else theme.excitatory
            rate = min(float(subject.gates[name][row]), 1.0)
            painter.setPen(QPen(QColor(ink), 1.5))
            painter.setBrush(QColor(blend(theme.soma_rest, ink, rate)))
            painter.drawEllipse(place, radius, radius)
            painter.setPen(QColor(theme.text))
            above = place.y() < box.center().y()
            label = QRectF(place.x() - 40, place.y() + (-radius - 15 if above else radius + 1), 80, 13)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, _short(self.model.states[name].doc))

    @staticmethod
    def _wire(painter: QPainter, begin: QPointF, end: QPointF, sign: int, radius: float) -> None:
        """A line with an arrowhead where it excites and a bar where it inhibits."""
        theme = worn()
        ink = QColor(theme.excitatory if sign > 0 else theme.inhibitory)
        ink.setAlphaF(0.6)
        along = end - begin
        length = max((along.x() ** 2 + along.y() ** 2) ** 0.5, 1e-9)
        unit = along / length
        aside = QPointF(-unit.y(), unit.x())
        tip = end - unit * (radius + 4)
        painter.setPen(QPen(ink, 1.4))
        painter.drawLine(begin + unit * radius, tip)
        if sign > 0:
            painter.drawLine(tip, tip - unit * 5 + aside * 3.5)
            painter.drawLine(tip, tip - unit * 5 - aside * 3.5)
        else:
            painter.drawLine(tip + aside * 4.5, tip - aside * 4.5)

    def _destination(self, painter: QPainter, subject: Subject) -> None:
        """How active each content is, the line at which it is said, and what was said."""
        theme, seen, box = worn(), self.seen, self._mouth()
        assert seen is not None
        painter.setPen(QPen(QColor(theme.line), 1.2))
        painter.setBrush(QColor(field_ground(theme)))
        painter.drawRoundedRect(box, 6, 6)
        bars = box.adjusted(10, 10, -10, -42)
        threshold = seen.values["threshold"]
        full = max(1.0, 1.25 * threshold)
        many = len(subject.active)
        step = bars.width() / many
        painter.setPen(Qt.PenStyle.NoPen)
        for content, active in enumerate(subject.active.tolist()):
            high = min(active / full, 1.0) * bars.height()
            painter.setBrush(QColor(self.ink(content)))
            painter.drawRect(QRectF(bars.left() + content * step + 1, bars.bottom() - high, step - 2, high))
        y = bars.bottom() - threshold / full * bars.height()
        painter.setPen(QPen(QColor(theme.muted), 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(bars.left(), y), QPointF(bars.right(), y))
        painter.setPen(QPen(QColor(theme.line), 1.0))
        painter.drawLine(bars.bottomLeft(), bars.bottomRight())
        self._said(painter, subject, QRectF(box.left(), bars.bottom() + 3, box.width(), 36))

    def _said(self, painter: QPainter, subject: Subject, box: QRectF) -> None:
        theme, seen = worn(), self.seen
        assert seen is not None
        upper, lower = QRectF(box), QRectF(box)
        upper.setHeight(18)
        lower.setTop(box.top() + 17)
        middle = Qt.AlignmentFlag.AlignCenter
        painter.setFont(text_font(13, bold=True))
        if subject.said >= 0:
            painter.setPen(QColor(self.ink(subject.said)))
            painter.drawText(upper, middle, self.model.contents[subject.said])
        painter.setFont(text_font(11.5))
        inks = {"right": theme.good, "wrong": theme.danger}
        painter.setPen(QColor(inks.get(subject.verdict, theme.muted)))
        text = VERDICTS[subject.verdict] if subject.verdict else f"{seen.t:.0f} ms"
        painter.drawText(lower if subject.said >= 0 else box, middle, text)


def _short(doc: str) -> str:
    """The short name of a state: what stands in brackets, or all of it."""
    found = re.search(r"\(([^)]+)\)", doc)
    return found[1] if found else doc
