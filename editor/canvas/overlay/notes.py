"""Notes the user pinned to the tissue."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from editor.canvas.geometry import Geometry
from editor.canvas.overlay.pens import font, ink, panel, pen, width_of
from editor.canvas.scene import Scene
from editor.window.theme import Theme


def draw(painter: QPainter, theme: Theme, geometry: Geometry, scene: Scene) -> dict[str, QRectF]:
    """Draw every note where it is pinned; returns their boxes by "note:ID"."""
    boxes = {}
    ratio = geometry.scale.ratio
    chosen = font(12.0)
    for note in scene.notes:
        x, y = (float(v) / ratio for v in geometry.project(note.x, note.y))
        lines = note.text.splitlines() or [""]
        wide = max(width_of(line, chosen) for line in lines) + 22.0
        box = QRectF(x + 10.0, y - 10.0, wide, 12.0 + 17.0 * len(lines))
        panel(painter, theme, box, radius=7.0)
        painter.setPen(pen(theme.accent, 2.4))
        painter.drawLine(
            QPointF(box.left() + 2.0, box.top() + 6.0), QPointF(box.left() + 2.0, box.bottom() - 6.0)
        )
        painter.setFont(chosen)
        painter.setPen(ink(theme.text))
        for k, line in enumerate(lines):
            painter.drawText(
                QRectF(box.left() + 11.0, box.top() + 6.0 + 17.0 * k, wide, 17.0),
                Qt.AlignmentFlag.AlignVCenter,
                line,
            )
        boxes[f"note:{note.id}"] = box
    return boxes
