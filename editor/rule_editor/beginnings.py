"""What a new rule may begin with: the plain template, a rule of a model file, or what was written before."""

from __future__ import annotations

import copy

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from editor.inspector.values import StillCombo
from editor.rule_editor.draft import TEMPLATE, Draft
from engine import registry
from engine.declare import Rule
from engine.written.definition import definition_of

TITLE = "Begin with a rule that is there\u2026"
EMPTY, KEPT = "", "\n"
"""What is chosen besides slugs: the template, and the draft that was kept."""


class Beginnings(StillCombo):
    """Offers rules to begin with."""

    chosen = Signal(Draft)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kept: Draft | None = None
        self.setAccessibleName("Begin with")
        self.setPlaceholderText(TITLE)
        self.setMaxVisibleItems(24)
        self.fill()
        self.activated.connect(self._choose)

    def keep(self, draft: Draft) -> None:
        """Remember what was being written, to be brought back."""
        self.kept = copy.deepcopy(draft)
        self.fill()

    def fill(self) -> None:
        """Offer what there is now."""
        self.clear()
        if self.kept is not None:
            self.addItem(f"Back to {self.kept.label or 'what was written'}", KEPT)
        self.addItem("A plain pair rule", EMPTY)
        shipped = (one for one in registry.all("rule") if not getattr(one, "definition", ""))
        for rule in shipped:  # one written here is changed from its card in a stack
            self.addItem(f"{rule.stage.capitalize()} \u2013 {rule.label}", rule.slug)
        self.setCurrentIndex(-1)

    def _choose(self, at: int) -> None:
        slug = str(self.itemData(at))
        self.setCurrentIndex(-1)
        if slug == KEPT and self.kept is not None:
            self.chosen.emit(self.kept)
        elif slug == EMPTY:
            self.chosen.emit(Draft.of(TEMPLATE))
        elif registry.knows(slug, "rule"):
            rule = registry.find(slug, "rule")
            assert issubclass(rule, Rule)
            self.chosen.emit(Draft.of(definition_of(rule, f"{rule.label}, changed")))
