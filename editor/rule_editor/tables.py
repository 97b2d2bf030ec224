"""A small table of texts that always ends in an empty line to write the next thing into."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from editor.rule_editor.draft import Row

LINE = 26
WIDTHS = {
    **dict.fromkeys(("name", "tau", "substance", "source", "of", "by"), 92),
    **{"takes": 82, "share": 260, "low": 56, "high": 64},
}
USUAL, FEW = 66, 2


class Texts(QTableWidget):
    """Lines of texts by column name; an emptied line goes away."""

    edited = Signal()

    def __init__(self, columns: tuple[str, ...], name: str, parent: QWidget | None = None) -> None:
        super().__init__(0, len(columns), parent)
        self.columns = columns
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(columns))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(LINE)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, column in enumerate(columns):
            width = WIDTHS.get(column, USUAL)
            self.setColumnWidth(at, width if len(columns) > FEW else 2 * width)
        self.setTabKeyNavigation(True)
        self.itemChanged.connect(self._changed)
        self._is_filling = False

    def rows(self) -> list[Row]:
        """What the lines say, but for the empty ones."""
        found = []
        for line in range(self.rowCount()):
            texts = [self.item(line, at) for at in range(len(self.columns))]
            row = {c: (item.text() if item else "") for c, item in zip(self.columns, texts, strict=True)}
            if any(text.strip() for text in row.values()):
                found.append(row)
        return found

    def fill(self, rows: list[Row]) -> None:
        """Show these lines and an empty one."""
        self._is_filling = True
        self.setRowCount(0)
        for row in [*rows, {}]:
            self._append(row)
        self._is_filling = False
        self._fit()

    def _append(self, row: Row) -> None:
        line = self.rowCount()
        self.insertRow(line)
        for at, column in enumerate(self.columns):
            item = QTableWidgetItem(row.get(column, ""))
            item.setToolTip(row.get(column, ""))
            self.setItem(line, at, item)

    def _changed(self, _item: QTableWidgetItem) -> None:
        if self._is_filling:
            return
        last = self.rowCount() - 1
        if any((item := self.item(last, at)) and item.text().strip() for at in range(len(self.columns))):
            self._is_filling = True
            self._append({})
            self._is_filling = False
            self._fit()
        self.edited.emit()

    def _fit(self) -> None:
        """As tall as its lines, so that the form scrolls and not each table."""
        lines = max(self.rowCount(), 1)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + lines * LINE + 6)
