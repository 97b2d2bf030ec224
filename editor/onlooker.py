"""Looks at a piece of work that is done aside, a few times a second, until it is done."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from editor.aside import Aside

Work = TypeVar("Work", bound=Aside)


class Onlooker(QObject, Generic[Work]):
    """Has one piece of work at a time: `work`, None when nothing is being done."""

    looked = Signal()
    """There may be something new to see; also after the last look."""
    failed = Signal(str)
    """Why it ended without an outcome."""

    def __init__(self, every: int, parent: QObject) -> None:
        """Look every so many milliseconds."""
        super().__init__(parent)
        self.work: Work | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(every)
        self._timer.timeout.connect(self._look)

    def begin(self, work: Work) -> None:
        """Look at this from now on; it has begun."""
        self.end()
        self.work = work
        self._timer.start()

    def stop(self) -> None:
        """Stop whatever is being done, and say how it ended."""
        if self.work is not None:
            self.work.stop()
            self._look()

    def end(self) -> None:
        """Stop whatever is being done, without a word."""
        self._timer.stop()
        if self.work is not None:
            self.work.stop()
            self.work = None

    def _look(self) -> None:
        if self.work is not None and self.work.is_done:
            if self.work.error:
                self.failed.emit(self.work.error)
            self.end()
        self.looked.emit()
