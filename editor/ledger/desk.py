"""Where the comparison of before and after is asked for: it remembers before, and tells the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from editor.history import Side

if TYPE_CHECKING:
    from editor.ledger.weighing import Weighing

LOOK = 200
"""Milliseconds between two looks at a comparison."""


class EfficiencyDesk(QObject):
    """Owns the one comparison there may be."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.window = window
        self.marked: Side | None = None
        self.weighing: Weighing | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)

    @property
    def before(self) -> Side | None:
        """The moment that was marked, or the beginning of the run."""
        return self.marked or self.window.document.beginning

    def mark(self) -> None:
        """This moment is before, from now on."""
        self.window.document.hand_over(self._mark)

    def weigh(self) -> None:
        """Compare now with before, beside the window."""
        self.stop()
        self._show()
        self.window.document.hand_over(self._begin)

    def stop(self) -> None:
        """Give up the comparison that is going on."""
        if self.weighing is not None and not self.weighing.is_done:
            self.weighing.stop()
            self._look()

    def forget(self) -> None:
        """Another circuit is open, or the window goes."""
        if self.weighing is not None:
            self.weighing.stop()
        self._timer.stop()
        self.marked = self.weighing = None

    @property
    def is_weighing(self) -> bool:
        """Whether a comparison is going on."""
        return self._timer.isActive()

    def _mark(self, side: Side) -> None:
        from editor.ledger import weighing  # it needs the engine, which the first window does not wait for

        self.marked = side
        self._show()
        self.window.plots.hear(weighing.Weighed(side.t))

    def _begin(self, now: Side) -> None:
        before = self.before
        if before is None or self.is_weighing:
            return
        from editor.ledger import weighing

        example = self.window.files.example
        measure = weighing.Measure()
        if example is not None and example.performance is not None:
            measure = weighing.Measure(example.performance.__doc__ or "", example.performance)
        self.weighing = weighing.Weighing(before, now, measure)
        self._timer.start()
        self.window.plots.hear(self.weighing.news())

    def _look(self) -> None:
        if self.weighing is None:
            return
        if self.weighing.is_done:
            self._timer.stop()
            if self.weighing.error:
                self.window.say(self.weighing.error, True)
        self.window.plots.hear(self.weighing.news())

    def _show(self) -> None:
        self.window.furniture.reveal("plots")
        self.window.plots.reveal("Ledger")
