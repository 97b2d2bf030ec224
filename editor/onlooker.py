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
        self.is_stopping = False
        """It was asked to stop and has not yet."""
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

    def ask_to_stop(self) -> None:
        """Ask it to stop, without a word and without waiting: it is looked at until it has."""
        if self.work is not None:
            self.is_stopping = True
            self.work.ask_to_stop()

    def end(self) -> None:
        """Stop whatever is being done, without a word."""
        self._timer.stop()
        self.is_stopping = False
        if self.work is not None:
            self.work.stop()
            self.work = None

    def _look(self) -> None:
        if self.work is not None and self.work.is_done:
            if self.work.error and not self.is_stopping:
                self.failed.emit(self.work.error)
            self.end()
        self.looked.emit()
