"""The line at the bottom: what click, drag and the modifiers do here, then news, then what there is."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from editor.inspector.pieces import Elided
from editor.window.style import mark, named

STAYS = 7000
"""ms a message stays; one about a failure stays until the next, or until something is done."""


class StatusLine(QStatusBar):
    """Hint on the left, a message over it for a while, counts on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setFixedHeight(26)
        self.hint = Elided("", self)
        self.message = named(Elided("", self), "message")
        self.message.hide()
        self.counts = QLabel("", self)
        self.counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.addWidget(self.hint, 1)
        self.addWidget(self.message, 1)
        self.addPermanentWidget(self.counts)
        self.setContentsMargins(10, 0, 12, 0)
        self._until = QTimer(self)
        self._until.setSingleShot(True)
        self._until.timeout.connect(self.quiet)

    def show_hint(self, text: str) -> None:
        """What click, drag and the modifiers do where the pointer is."""
        self.hint.say(text)

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """News: shown in place of the hint for a while; a failure until something else is said."""
        mark(self.message, bad=is_bad)
        self.message.say(text)
        self.message.setVisible(bool(text))
        self.hint.setVisible(not text)
        self._until.stop()
        if text and not is_bad:
            self._until.start(STAYS)

    def go_on(self) -> None:
        """Something was done since: what could not be done before is no news any more."""
        if not self._until.isActive():
            self.quiet()

    def quiet(self) -> None:
        """Show the hint again."""
        self.message.hide()
        self.hint.show()

    def show_counts(self, text: str) -> None:
        """What there is: neurons, synapses, what is selected."""
        if text != self.counts.text():
            self.counts.setText(text)
