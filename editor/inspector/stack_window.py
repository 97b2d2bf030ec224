"""The window of a whole stack: what one pair of spikes does after every card has had its say."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from editor.inspector.curve_view import CurveView
from editor.inspector.curves import window_of
from editor.inspector.pieces import note
from editor.inspector.rule_card import RuleCard
from editor.palette.glyphs import STAGE_COLOUR


class StackWindow(QWidget):
    """A curve with its heading; hidden where a stack says no more than its one card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(note("One pair of spikes, through the whole stack", self, "small"))
        self.view = CurveView(self)
        self.view.setAccessibleName("What one pair of spikes does with the whole stack")
        box.addWidget(self.view)
        self._shown: tuple[object, str] | None = None
        self.hide()

    def show_cards(self, cards: Sequence[RuleCard], unit: str) -> None:
        """Show what these cards do together, with what they show or what is just being turned."""
        stack = [(card.model, card.row) for card in cards]
        if (stack, unit) == self._shown:
            return
        self._shown = (stack, unit)
        curve = window_of(stack, unit)
        self.view.show_curve(curve, STAGE_COLOUR["induction"])
        self.setVisible(curve is not None)
