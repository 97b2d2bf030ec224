"""Which column of a table holds what: a small panel beside the window, filled with our guess."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from editor.inspector.values import StillCombo
from engine import units
from engine.errors import UsageError
from engine.exchange.tables import ALIASES

WORDS = {
    "pre": "From neuron",
    "post": "To neuron",
    "weight": "Weight or count",
    "delay": "Delay (ms)",
    "kind": "Kind of synapse",
    "pre_population": "Population it comes from",
    "post_population": "Population it goes to",
    "pre_model": "Model it comes from",
    "post_model": "Model it goes to",
    "pre_sign": "Sign of what it comes from",
    "post_sign": "Sign of what it goes to",
}
NEEDED = ("pre", "post")


class ColumnPanel(QDialog):
    """Shows the first rows of a table and asks which column holds what; the window stays usable.

    `chosen()`: the user wants it imported so; `columns` and `scale` then say how.
    """

    chosen = Signal()

    def __init__(
        self,
        path: Path,
        header: list[str],
        rows: list[list[str]],
        guess: dict[str, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self.setModal(False)
        self.setWindowTitle(f"Import {path.name}")
        wide = max([len(header), *(len(row) for row in rows)], default=0)
        names = [header[at] if at < len(header) else f"column {at + 1}" for at in range(wide)]
        box = QVBoxLayout(self)
        box.addWidget(self._table(names, rows))
        form = QFormLayout()
        self.boxes: dict[str, QComboBox] = {}
        for ours in ALIASES:
            choice = StillCombo(self)
            choice.addItem("choose a column" if ours in NEEDED else "not in this table", None)
            for at, name in enumerate(names):
                choice.addItem(name, at)
            choice.setCurrentIndex(guess.get(ours, -1) + 1)
            choice.currentIndexChanged.connect(self._judge)
            choice.setAccessibleName(WORDS[ours])
            form.addRow(WORDS[ours], choice)
            self.boxes[ours] = choice
        self.unit = QLineEdit("1 pA", self)
        self.unit.setToolTip("What a weight of 1 in the table means; for counts, the weight of one synapse.")
        self.unit.textChanged.connect(self._judge)
        form.addRow("A weight of 1 is", self.unit)
        box.addLayout(form)
        self.complaint = QLabel(self)
        self.complaint.setWordWrap(True)
        box.addWidget(self.complaint)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel, self)
        self.ok = self.buttons.button(kinds.Ok)
        self.ok.setText("Import")
        self.buttons.accepted.connect(self.chosen)
        self.buttons.rejected.connect(self.close)
        box.addWidget(self.buttons)
        self.resize(560, 620)
        self._judge()

    def columns(self) -> dict[str, int | None]:
        """Which column, from 0, holds what; None where no column does."""
        return {ours: choice.currentData() for ours, choice in self.boxes.items()}

    def scale(self) -> float:
        """What a weight of 1 in the table means, pA."""
        return units.read(self.unit.text(), "pA")

    def complain(self, why: str) -> None:
        """Say why it could not be imported so."""
        self.complaint.setText(why)

    def _judge(self) -> None:
        lacking = [WORDS[ours].lower() for ours in NEEDED if self.boxes[ours].currentData() is None]
        why = f"Choose the column of: {', '.join(lacking)}." if lacking else ""
        if not why:
            try:
                self.scale()
            except UsageError as error:
                why = str(error)
        self.complain(why)
        self.ok.setEnabled(not why)

    def _table(self, names: list[str], rows: list[list[str]]) -> QTableWidget:
        table = QTableWidget(len(rows), len(names), self)
        table.setHorizontalHeaderLabels(names)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.verticalHeader().hide()
        table.setAccessibleName("The first rows")
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                table.setItem(y, x, QTableWidgetItem(text))
        return table
