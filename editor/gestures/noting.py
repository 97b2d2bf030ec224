"""Notes on the canvas: a line to write into, pinned to the tissue and kept in the layout.

Enter pins it, and so does leaving it; only Escape gives it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from editor.canvas.pointer import Pointer
from editor.canvas.scene_parts import Note
from editor.drawing.workbench import Workbench
from editor.window.focus import keeps_escape


def notes_of(layout: Mapping[str, Any]) -> list[Note]:
    """The notes a layout holds; one that makes no sense is passed over."""
    found = []
    for one in layout.get("notes", []):
        try:
            found.append(Note(int(one["id"]), float(one["x"]), float(one["y"]), str(one["text"])[:2000]))
        except (KeyError, TypeError, ValueError):
            continue
    return found


class NoteLine(QLineEdit):
    """Writes one note."""

    def __init__(self, canvas: Any, bench: Workbench, pointer: Pointer) -> None:
        super().__init__(canvas)
        self.canvas, self.bench, self.at = canvas, bench, pointer.um
        self.setPlaceholderText("A note, then Enter")
        self.setAccessibleName("Note")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setGeometry(int(pointer.x) + 8, int(pointer.y) - 14, 220, 28)
        self.editingFinished.connect(self._finish)
        self.show()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Escape closes the line and is not the window's."""
        return keeps_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.canvas.setFocus()

    def _finish(self) -> None:
        """Enter, or a click elsewhere: what was written stays."""
        self._pin()
        self.close()

    def _pin(self) -> None:
        text = self.text().strip()
        if text:
            notes = list(self.bench.document.layout.get("notes", []))
            id = 1 + max((int(one.get("id", 0)) for one in notes), default=0)
            notes.append({"id": id, "x": float(self.at[0]), "y": float(self.at[1]), "text": text})
            self.bench.document.pin(notes, "write a note")
            self.canvas.scene.notes[:] = notes_of(self.bench.document.layout)
            self.canvas.touch()
            self.clear()
