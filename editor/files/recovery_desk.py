"""Recovery in the window: its clock, and what a crash left behind on the start page."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from editor.document.recovering import Recovering, titled
from engine.errors import FileError

if TYPE_CHECKING:
    from editor.document.filing import Job
    from editor.gallery.start_page import Known
    from editor.main_window import MainWindow
    from engine.files.recovered import Offer

BEAT = 1000
"""Between two looks at whether a copy is due, ms."""


class RecoveryDesk(QObject):
    """What the window does about crashes."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.keeping = Recovering(window.document, window.say)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self.keeping.tick)
        self._beat.start()

    def known(self, *, every: bool = False) -> list[Known]:
        """What the start page is to offer."""
        return [_known(offer) for offer in self.keeping.offers(every=every)]

    def show_all(self) -> None:
        """Show the start page with everything that can be recovered."""
        known = self.known(every=True)
        if known:
            self.window.middle.show_start(self.window.settings.recent, known)
        else:
            self.window.say("No program that ended early has left anything behind.", False)

    def open(self, place: str) -> None:
        """Bring a document back."""
        if self.window.files.may_leave():
            self.window.say("Bringing it back…", False)
            self.keeping.bring_back(place, self._opened)

    def put_away(self, place: str, *, for_good: bool) -> None:
        """Do not offer it now, or never again."""
        try:
            if for_good:
                self.keeping.throw_away(place)
            else:
                self.keeping.decline(place)
                self.window.say("It is kept: File, Recovered circuits.", False)
        except FileError as error:
            self.window.say(str(error), True)
        self.window.show_start()

    def close(self) -> None:
        """The window closes."""
        self._beat.stop()
        self.keeping.close()

    def _opened(self, job: Job) -> None:
        if job.error is not None:
            return  # why is a line of the log, which the window says
        self.window.files.example = None
        lost = self.window.document.problems
        text = "It is back as it was; save it to keep it."
        if lost:
            text = f"It is back, but for this: {'; '.join(lost[:3])}"
        self.window.show_document()
        self.window.say(text, bool(lost))


def _known(offer: Offer) -> Known:
    from editor.gallery.start_page import Known

    when = 0.0
    with contextlib.suppress(OSError):
        when = offer.place.stat().st_mtime
    return Known(str(offer.place), titled(offer), when, is_recovered=True)
