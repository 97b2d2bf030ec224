"""Brings the engine's news to the window: one timer polls the document, a Qt signal at most once a frame."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from editor.document.document import Document
from editor.document.news import News

FRAME = 16
"""Milliseconds between two looks at the engine."""
AT_REST = 100
"""The same while nothing runs and nothing is waited for."""


class Bridge(QObject):
    """Polls a document at the frame rate and says what changed.

    The document's own listeners are told within `poll`; these signals are for widgets, which would rather be
    told once a frame.  Each is emitted at most once per poll, on the window's thread.
    """

    frame_ready = Signal(object)
    """The newest `Frame`; it may be read until the next poll."""
    changed = Signal(object)
    """The `News` since the last time, when the network, its history or the run changed."""
    log = Signal(object)
    """New lines for the log, a list."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._gathered: list[News] = []
        document.listen(self._gather)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.poll)

    def start(self) -> None:
        """Begin to poll."""
        self._timer.start(AT_REST)
        self._keep_pace()

    def stop(self) -> None:
        """Poll no more."""
        self._timer.stop()

    def poll(self) -> None:
        """Read what the engine has said and tell the window; the timer calls this."""
        self.document.poll()
        self._pass_on()
        self._keep_pace()

    def wake(self) -> None:
        """Look again soon: something was asked of the engine."""
        self._keep_pace()

    def close(self, timeout: float = 10.0) -> bool:
        """Stop polling and end the engine; False when it does not end in time."""
        self.stop()
        self.document.forget(self._gather)
        return self.document.close(timeout)

    def _gather(self, news: News) -> None:
        """Keep what happened between two polls, so that an edit made by hand is told with the next frame."""
        self._gathered.append(news)
        self._keep_pace()

    def _pass_on(self) -> None:
        gathered, self._gathered = self._gathered, []
        if not gathered:
            return
        news = gathered[0]
        for later in gathered[1:]:
            news = news.and_then(later)
        if news.touches_network or news.history or news.run or news.settings:
            self.changed.emit(news)
        if news.lines:
            self.log.emit(news.lines)
        if news.frame and self.document.frame is not None:
            self.frame_ready.emit(self.document.frame)

    def _keep_pace(self) -> None:
        """Poll at the frame rate while there is something to see, seldom otherwise."""
        document = self.document
        is_awake = document.is_running or document.is_waiting or document.is_busy or document.is_answering
        wanted = FRAME if is_awake or self._gathered else AT_REST
        if self._timer.isActive() and self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
