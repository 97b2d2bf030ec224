"""What the open document does so that a crash costs nothing: a journal, a copy a minute, offers at the start.

Qt-free: the window calls `tick` every second or so.  Files are kept by `engine.files.recovery`; here is
when.  A document that came from no file gets its recovery with its first edit, so that looking at an
example leaves nothing behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import FileError
from engine.files import recovered
from engine.files.recovered import Offer, Recovered
from engine.files.recovery import Recovery, remove_set

if TYPE_CHECKING:
    from editor.document.document import Document
    from editor.document.filing import Job
    from editor.document.history import Side
    from editor.document.news import News

MINUTE = 60.0
"""Seconds between copies while something happens."""
SMALL = 20_000
"""A first copy of fewer synapses than this is written at once, not beside the work."""
LOST = 30.0
"""Seconds after which a copy that the engine did not answer for is asked for again."""


class Recovering:
    """Keeps a document recoverable, and brings documents back.

    `say(text, is_bad)` tells the user something.  `folders` are where recovery files go, the usual places
    when None.
    """

    def __init__(
        self,
        document: Document,
        say: Callable[[str, bool], object],
        folders: Sequence[Path] | None = None,
    ) -> None:
        self.document = document
        self.say = say
        self.folders = folders
        self.recovery: Recovery | None = None
        self.wants_copy = False
        self._edits = 0
        self._has_state = False
        self._copied = 0
        """The last change that is in a copy."""
        self._last = time.monotonic()
        self._asked: float | None = None
        """When the engine was asked for what is to be copied."""
        self._writer: threading.Thread | None = None
        self._trouble = ""
        self._told = ""
        self._parent: tuple[str, int] | None = None
        self._is_new = True
        document.keeper = self
        document.recorder = self.record
        document.listen(self._hear)
        self._begin_on_file()

    # -- while editing -------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        """The number of the last change."""
        return self.recovery.number if self.recovery is not None else 0

    def record(self, kind: str, body: Any, step: int) -> None:
        """Keep one thing that happened; raises FileError when the disk refuses."""
        is_first = self.recovery is None
        if is_first:
            if kind not in ("edit", "notes", "restore"):
                return  # running an example is nothing one would miss
            self._begin("", "", 0)
        if self.recovery is None:
            return
        if kind in ("edit", "notes"):
            self._edits += 1
        elif kind == "restore" or (kind == "run" and not self._has_state):
            self.wants_copy = True
        try:
            self.recovery.append(kind, body, step)
        finally:
            if is_first:
                self.copy()

    def tick(self) -> None:
        """A moment has passed: write a copy when one is due, tell what went wrong."""
        self._tell_trouble()
        recovery = self.recovery
        if recovery is None:
            return
        is_due = time.monotonic() - self._last >= MINUTE
        happened = recovery.number > self._copied or self.document.is_running
        if self.wants_copy or (is_due and happened):
            self.copy()

    def copy(self) -> None:
        """Write down the whole document as it now is, beside the work."""
        recovery = self.recovery
        now = time.monotonic()
        waits = self._asked is not None and now - self._asked < LOST
        if recovery is None or waits or self._is_writing:
            self.wants_copy = recovery is not None
            return
        self.wants_copy = False
        self._asked = self._last = now

        def write(side: Side) -> None:
            self._asked = None
            if self.recovery is not recovery:
                return
            number, layout = recovery.number, dict(self.document.layout) or None

            def work() -> None:
                try:
                    recovery.autosave(side.network, number, layout, side.state)
                except FileError as error:
                    self._trouble = str(error)

            self._copied, self._has_state = number, side.state is not None
            self.wants_copy = self.document.is_running and not self._has_state  # it has not begun yet
            if side.network.synapse_count < SMALL and not self.document.live.is_alive:
                work()
            else:
                self._writer = threading.Thread(target=work, name="neuropil-recovery-copy")
                self._writer.start()

        self.document.snapshot(write)

    # -- what the document tells ---------------------------------------------------------------------

    def saved(self, path: Path, number: int) -> None:
        """The user saved the document with everything up to this change."""
        self._wait()
        if self.recovery is None:
            self._begin_on_file()
            return
        try:
            self.recovery.saved(path, number)
        except FileError as error:
            self._trouble = str(error)
        self._edits = 0

    def another(self) -> None:
        """The document has become another one."""
        self._end()
        self._is_new = True
        parent, self._parent = self._parent, None
        if parent is None:
            self._begin_on_file()
            return
        self._begin(self.document.path or "", *parent)
        self.copy()

    def close(self) -> None:
        """The window closes: what was not saved is kept, but not asked about again."""
        self._end()
        self.document.forget(self._hear)
        self.document.keeper = self.document.recorder = None

    # -- bringing back -------------------------------------------------------------------------------

    def offers(self, *, every: bool = False) -> list[Offer]:
        """What earlier programs left behind: what to ask about now, or every one that can be had."""
        found = recovered.offers(self.folders)
        return [offer for offer in found if offer.is_offered or (every and offer.number >= 0)]

    def find(self, place: str) -> Offer | None:
        """The offer in this folder."""
        return next((o for o in recovered.offers(self.folders) if str(o.place) == place), None)

    def decline(self, place: str) -> None:
        """Not now: it is asked about at most once more."""
        offer = self.find(place)
        if offer is not None:
            recovered.decline(offer)

    def throw_away(self, place: str) -> None:
        """The user wants it gone for good."""
        offer = self.find(place)
        if offer is not None:
            recovered.forget(offer)

    def bring_back(self, place: str, finish: Callable[[Job], object] | None = None) -> Job | None:
        """Become the document in this folder; returns at once, `finish` is called when it is there."""
        from engine.live.replay import Reliving

        offer = self.find(place)
        if offer is None:
            self.say("That recovery is gone.", True)
            return None

        def work() -> Recovered:
            return recovered.recover(offer, simulate=Reliving, replay=_again)

        def become(back: Recovered) -> None:
            self._parent = (offer.key, back.number)
            path = offer.document or None
            self.document.replace(back.network, back.state, layout=back.layout, path=path)
            self.document.mark_saved((object(), None))  # as it is now it is on no disk
            self.document.problems = tuple(back.problems)

        return self.document.work("recover", Path(offer.document or titled(offer)), work, become, finish)

    # -- how -----------------------------------------------------------------------------------------

    @property
    def _is_writing(self) -> bool:
        return self._writer is not None and self._writer.is_alive()

    def _begin_on_file(self) -> None:
        if self.document.path is not None:
            self._begin(self.document.path, "", 0)

    def _begin(self, path: Path | str, parent: str, number: int) -> None:
        title = self.document.network.title or Path(path).stem
        try:
            self.recovery = Recovery(path, title, folders=self.folders, parent=parent, number=number)
        except FileError as error:
            self._trouble = str(error)
            return
        if self.recovery.notice:
            self._trouble = self.recovery.notice
        self._copied, self._has_state = number, False
        self._last = time.monotonic()

    def _end(self) -> None:
        self._wait()
        recovery, self.recovery = self.recovery, None
        edits, self._edits = self._edits, 0
        self.wants_copy, self._asked = False, None
        if recovery is None:
            return
        try:
            if edits or recovery.document:
                recovery.close()
            else:
                recovery.abandon()
                remove_set(recovery.place)
        except FileError as error:
            self._trouble = str(error)

    def _wait(self) -> None:
        """A copy being written must be done before anything else happens to the files."""
        if self._writer is not None:
            self._writer.join()
            self._writer = None

    def _hear(self, news: News) -> None:
        if news.everything and not self._is_new:
            self.wants_copy = True  # it went back in time, which no journal can tell
        if news.everything:
            self._is_new = False

    def _tell_trouble(self) -> None:
        trouble, self._trouble = self._trouble, ""
        if not trouble and self.recovery is not None:
            trouble = self.recovery.trouble
        if trouble and trouble != self._told:
            self._told = trouble
            self.say(f"A crash now might cost something: {trouble}", True)


def titled(offer: Offer) -> str:
    """What to call a document that can be recovered."""
    return offer.title or Path(offer.document).stem or "Untitled"


def _again(simulation: Any, record: Any) -> None:
    simulation.repeat(record)
