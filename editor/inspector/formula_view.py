"""A formula set like print: italic quantities, scripts, fractions, one clause to a row."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.inspector.formula import Bracket, Fraction, Part, Row, Script, Space, Text, read

FAMILIES = ["STIX Two Text", "STIX Two Math", "Cambria", "Times New Roman", "Noto Serif", "DejaVu Serif"]
SMALLER = 0.72
SMALLEST = 8.0
ROW_GAP = 7.0


@dataclass
class Box:
    """A set piece of a formula: its size around a baseline, and what to draw where, relative to it."""

    width: float = 0.0
    ascent: float = 0.0
    descent: float = 0.0
    texts: list[tuple[float, float, str, QFont]] = field(default_factory=list)
    bars: list[tuple[float, float, float]] = field(default_factory=list)

    def put(self, other: Box, x: float, y: float = 0.0) -> None:
        """Place a box inside this one, its baseline start at (x, y), y downwards."""
        self.texts += [(x + at, y + down, text, font) for at, down, text, font in other.texts]
        self.bars += [(x + at, y + down, width) for at, down, width in other.bars]
        self.width = max(self.width, x + other.width)
        self.ascent = max(self.ascent, other.ascent - y)
        self.descent = max(self.descent, other.descent + y)


def font_of(size: float, italic: bool) -> QFont:
    """The face a formula is set in."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(max(round(size), 1))
    font.setItalic(italic)
    return font


def set_row(row: Row, size: float) -> Box:
    """Set a row of parts on one baseline."""
    box = Box()
    for part in row:
        box.put(set_part(part, size), box.width)
    return box


def set_part(part: Part, size: float) -> Box:
    """Set one part."""
    if isinstance(part, Space):
        return Box(width=size * (0.9 if part.wide else 0.24))
    if isinstance(part, Text):
        return _set_text(part, size)
    if isinstance(part, Bracket):
        return _set_bracket(part, size)
    if isinstance(part, Fraction):
        return _set_fraction(part, size)
    return _set_script(part, size)


def _set_text(part: Text, size: float) -> Box:
    font = font_of(size, part.italic)
    metrics = QFontMetricsF(font)
    ink = metrics.tightBoundingRect(part.text)
    width = metrics.horizontalAdvance(part.text)
    if part.italic:
        width = max(width, ink.right()) + 0.04 * size
    return Box(width, max(-ink.top(), 0.45 * size), max(ink.bottom(), 0.0), [(0.0, 0.0, part.text, font)])


def _set_bracket(part: Bracket, size: float) -> Box:
    inner = set_row(part.row, size)
    tall = min(max(1.0, (inner.ascent + inner.descent) / (1.15 * size)), 2.2)
    drop = (inner.descent - inner.ascent + 0.7 * size) / 2 if tall > 1.05 else 0.0
    box = Box()
    for at, sign in ((0, "("), (1, ")")):
        mark = _set_text(Text(sign), size * tall)
        if at:
            box.put(inner, box.width + 0.03 * size)
        box.put(mark, box.width, drop + 0.16 * size * (tall - 1.0))
    return box


def _set_fraction(part: Fraction, size: float) -> Box:
    small = max(size * 0.86, SMALLEST)
    top, bottom = set_row(part.top, small), set_row(part.bottom, small)
    width = max(top.width, bottom.width) + 0.3 * size
    axis = 0.27 * size
    box = Box(width=width)
    gap = 0.14 * size
    box.put(top, (width - top.width) / 2, -(axis + gap + top.descent))
    box.put(bottom, (width - bottom.width) / 2, -axis + gap + bottom.ascent + 1.0)
    box.bars.append((0.06 * size, -axis, width - 0.12 * size))
    return Box(width + 0.08 * size, box.ascent, box.descent, box.texts, box.bars)


def _set_script(part: Script, size: float) -> Box:
    box = set_part(part.base, size)
    if part.above == (Text("′"),):  # a prime is raised by its own shape
        box.put(_set_text(Text("′"), size), box.width)
        return box
    small = max(size * SMALLER, SMALLEST)
    start = box.width + 0.03 * size
    above, below = set_row(part.above, small), set_row(part.below, small)
    rise = max(0.40 * size, box.ascent - 0.55 * above.ascent) if part.above else 0.0
    drop = max(0.18 * size, box.descent - 0.1 * size) if part.below else 0.0
    if part.above:
        box.put(above, start, -rise)
    if part.below:
        box.put(below, start, drop)
    box.width += 0.05 * size
    return box


class FormulaView(QWidget):
    """Shows one formula; wraps a clause that is too wide between its parts."""

    def __init__(self, formula: str = "", parent: QWidget | None = None, size: float = 14.0) -> None:
        super().__init__(parent)
        self._size = size
        self._formula = ""
        self._rows: list[Row] = []
        self._set_for = -1.0
        self._boxes: list[Box] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_formula(formula)

    def show_formula(self, formula: str) -> None:
        """Show another formula."""
        if formula == self._formula and self._rows:
            return
        self._formula = formula
        self._rows = read(formula)
        self._set_for = -1.0
        self.setAccessibleName(f"Formula: {formula}")
        self.setToolTip(formula)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        boxes = self._boxes_for(float(width))
        return round(sum(box.ascent + box.descent for box in boxes) + ROW_GAP * max(len(boxes) - 1, 0) + 8)

    def sizeHint(self) -> QSize:
        width = max((set_row(row, self._size).width for row in self._rows), default=0.0)
        width = min(width, 300.0)
        return QSize(round(width) + 4, self.heightForWidth(round(width) + 4))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self.palette().color(QPalette.ColorRole.Text))
        if not self.isEnabled():
            colour.setAlphaF(0.45)
        y = 4.0
        for box in self._boxes_for(float(self.width())):
            y += box.ascent
            draw_box(painter, box, QPointF(0.0, y), colour)
            y += box.descent + ROW_GAP

    def _boxes_for(self, width: float) -> list[Box]:
        if width != self._set_for:
            self._boxes = [box for row in self._rows for box in _wrapped(row, self._size, width)]
            self._set_for = width
        return self._boxes


def draw_box(painter: QPainter, box: Box, at: QPointF, colour: QColor) -> None:
    """Paint a set box with its baseline starting at a point."""
    painter.setPen(QPen(colour, 1.0))
    for x, y, text, font in box.texts:
        painter.setFont(font)
        painter.drawText(at + QPointF(x, y), text)
    for x, y, width in box.bars:
        painter.fillRect(QRectF(at.x() + x, round(at.y() + y), width, 1.0), colour)


def _wrapped(row: Row, size: float, width: float) -> list[Box]:
    """A row as one box when it fits, else slightly smaller, else broken at its spaces."""
    whole = set_row(row, size)
    if whole.width <= width:
        return [whole]
    if whole.width * 0.86 <= width:
        return [set_row(row, size * 0.86)]
    size *= 0.92
    boxes, line = [], Box()
    indent = gap = 0.0
    group: list[Part] = []
    for part in (*row, Space()):
        if not isinstance(part, Space):
            group.append(part)
            continue
        piece = set_row(tuple(group), size)
        if line.width > indent and line.width + gap + piece.width > width:
            boxes.append(line)
            indent, gap = size, 0.0
            line = Box(width=indent)
        line.put(piece, line.width + gap)
        gap = set_part(part, size).width
        group = []
    boxes.append(line)
    return boxes
