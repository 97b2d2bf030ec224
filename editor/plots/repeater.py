"""Repeats a race with several seeds in the background: a button to begin and to cancel, and the outcome."""

from __future__ import annotations

from typing import Any

from PySide6 import QtCore, QtWidgets

from editor.ledger.learners import said
from engine.counting import counted
from engine.live.repeating import Repeating, Repeats

SEEDS = 5
LOOK = 100
"""Milliseconds between two looks at how far it is."""
BEGINS = f"Repeat with {SEEDS} seeds"


class Repeater(QtWidgets.QPushButton):
    """A button that says how far it is while it works; `outcome` is a line about all learners afterwards."""

    wanted = QtCore.Signal()
    """It was asked to begin: call `begin`."""
    found = QtCore.Signal(object)
    """What is known by now (`engine.live.repeating.Repeats`)."""
    failed = QtCore.Signal(str)
    """Why it could not."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(BEGINS, parent)
        self.repeating: Repeating | None = None
        self.epochs = 0
        self.clicked.connect(self._press)
        self.outcome = QtWidgets.QLabel(parent)
        self.outcome.setWordWrap(True)
        self.outcome.setContentsMargins(12, 0, 8, 6)
        self.outcome.hide()
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)
        self.offer(0)

    def offer(self, epochs: int) -> None:
        """The race is so many epochs long now; 0 where there is nothing to repeat."""
        self.epochs = epochs
        self.setEnabled(bool(epochs) or self.repeating is not None)
        self.setToolTip(
            f"Train every learner {SEEDS} times for {counted(epochs, 'epoch')}, as long as this race, "
            "with the drawn weights dealt anew"
            if epochs
            else "Train first: it repeats as many epochs as the race has run"
        )

    def begin(self, network: Any, epochs: int, task: int) -> None:
        """Begin in the background."""
        self.end()
        self.repeating = Repeating(network, epochs, SEEDS, task)
        self.outcome.hide()
        self._timer.start()
        self._look()

    def end(self) -> None:
        """Stop whatever is being done, and wait for its end."""
        self._timer.stop()
        if self.repeating is not None:
            self.repeating.close()
            self.repeating = None
        self.setText(BEGINS)

    def forget(self) -> None:
        """What was found is of a race that is no more."""
        self.end()
        self.outcome.hide()
        self.found.emit(Repeats(0, 0, is_running=False))

    def _press(self) -> None:
        if self.repeating is None:
            self.wanted.emit()
        else:
            self.repeating.cancel()

    def _look(self) -> None:
        assert self.repeating is not None
        seen = self.repeating.look()
        self.setText(f"Cancel ({100 * seen.share:.0f} %)")
        if not seen.is_running:
            self.end()
            self.offer(self.epochs)
            self._say(seen)
        self.found.emit(seen)

    def _say(self, seen: Repeats) -> None:
        if seen.trouble:
            self.failed.emit(seen.trouble)
        lines = [
            f"{one.label} learned {len(one.learned)} of {len(one.runs)}"
            + (f", after {said(one.samples)} patterns" if one.learned else "")
            for one in seen.learners
            if one.runs
        ]
        how = " Mean \u00b1 spread (n)." if any(one.learned for one in seen.learners) else ""
        self.outcome.setText("; ".join(lines) + f".{how} More in the Ledger.")
        self.outcome.setVisible(bool(lines))
