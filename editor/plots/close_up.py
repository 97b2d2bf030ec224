"""The watched learner close up: the pattern it is shown, its answer beside the target, and its knobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6 import QtCore, QtWidgets

from editor.plots.knobs import Knobs
from editor.plots.shown import ShownPattern
from editor.window.theme import Theme
from engine.live.insight import Insight

WIDE = 300
LOW = 36
"""Height down to which the knobs are scrolled, px."""


class CloseUp(QtWidgets.QWidget):
    """One learner of a training, at the right of its curves."""

    turned = QtCore.Signal(str, object)
    """A knob is being turned: the name of the parameter and the value it passes."""
    let_go = QtCore.Signal(str, object)
    """A knob was let go: the name of the parameter and its new value."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDE)
        self.picture = ShownPattern(self)
        self.knobs = Knobs(self)
        self.knobs.turned.connect(self.turned)
        self.knobs.let_go.connect(self.let_go)
        self.scroll = QtWidgets.QScrollArea(self)
        self.scroll.setWidget(self.knobs)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.scroll.setMinimumHeight(LOW)
        self.scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QtWidgets.QVBoxLayout(self)
        box.setContentsMargins(4, 8, 10, 6)
        box.setSpacing(6)
        box.addWidget(self.picture)
        box.addWidget(self.scroll, 1)

    def show_learner(self, model: Any, values: Mapping[str, Any]) -> None:
        """Offer the knobs of this learner; None for no learner."""
        self.knobs.show_model(model, values)

    def show_insight(self, insight: Insight | None, judged: str) -> None:
        """Draw what it is shown and what it answers; `judged` is how the task judges answers."""
        self.picture.show_insight(insight, judged)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.picture.update()
        self.scroll.setStyleSheet(f"QScrollArea, QWidget#knobs {{ background: {theme.panel}; }}")
