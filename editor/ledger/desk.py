"""Where the comparison of before and after is asked for: it remembers before, and tells the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from editor.document.history import Side
from editor.onlooker import Onlooker

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
        """The comparison that goes on, or the last one."""
        self.onlooker: Onlooker[Weighing] = Onlooker(LOOK, self)
        self.onlooker.failed.connect(lambda why: window.say(why, True))
        self.onlooker.looked.connect(self._look)

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
        self.onlooker.stop()

    def forget(self) -> None:
        """Another circuit is open, or the window goes."""
        self.onlooker.end()
        self.marked = self.weighing = None

    @property
    def is_weighing(self) -> bool:
        """Whether a comparison is going on."""
        return self.onlooker.work is not None

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
        self.onlooker.begin(self.weighing)
        self._look()

    def _look(self) -> None:
        if self.weighing is not None:
            self.window.plots.hear(self.weighing.news())

    def _show(self) -> None:
        self.window.furniture.reveal("plots")
        self.window.plots.reveal("Ledger")
