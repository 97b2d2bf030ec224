"""Which columns of a table are inputs and which are targets: a small panel beside the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from editor.files import own_table
from engine.network.network import Network

PREVIEW = 8
"""Rows shown."""
MOST_COLUMNS = 200
"""Columns shown."""


class TablePanel(QDialog):
    """Shows the first rows of a table and asks where inputs end; `chosen()` when it is to be learned."""

    chosen = Signal()

    def __init__(self, path: Path, rows: own_table.Rows, net: Network, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path, self.rows, self.net = path, rows, net
        self.setModal(False)
        self.setWindowTitle(f"Learn {path.name}")
        box = QVBoxLayout(self)
        self.table = QTableWidget(min(PREVIEW, len(rows)), min(rows.shape[1], MOST_COLUMNS), self)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultSectionSize(78)
        self.table.setAccessibleName("The first rows")
        for y in range(self.table.rowCount()):
            for x in range(self.table.columnCount()):
                self.table.setItem(y, x, QTableWidgetItem(f"{rows[y, x]:.5g}"))
        box.addWidget(self.table)
        line = QHBoxLayout()
        line.addWidget(QLabel("The first", self))
        self.split = QSpinBox(self)
        self.split.setRange(1, max(1, rows.shape[1] - 1))
        self.split.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.split.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.split.setFixedSize(48, 26)
        self.split.setToolTip("Write it, or turn it with the wheel or the arrow keys.")
        self.split.setAccessibleName("How many columns are inputs")
        line.addWidget(self.split)
        line.addWidget(QLabel("columns are inputs, the others are targets.", self))
        line.addStretch(1)
        box.addLayout(line)
        self.sentence, self.complaint = QLabel(self), QLabel(self)
        for label in (self.sentence, self.complaint):
            label.setWordWrap(True)
            box.addWidget(label)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)
        self.ok = self.buttons.button(kinds.Ok)
        self.ok.setText("Learn this")
        self.buttons.accepted.connect(self.chosen)
        self.buttons.rejected.connect(self.close)
        box.addWidget(self.buttons)
        self.resize(560, 420)
        self.split.setValue(own_table.likely_inputs(net, rows))
        self.split.valueChanged.connect(self._judge)
        self._judge()

    def inputs(self) -> int:
        """How many columns are inputs."""
        return self.split.value()

    def _judge(self) -> None:
        inputs = self.inputs()
        names = [
            f"input {at + 1}" if at < inputs else f"target {at - inputs + 1}"
            for at in range(self.table.columnCount())
        ]
        self.table.setHorizontalHeaderLabels(names)
        why = own_table.misfit(self.net, self.rows, inputs)
        self.sentence.setText(own_table.said(self.rows, inputs))
        self.complaint.setText(why)
        self.ok.setEnabled(not why)
