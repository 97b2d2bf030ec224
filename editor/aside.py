"""A piece of work on a thread of its own: how far it is, why it failed, and how to stop it.  Qt-free."""

from __future__ import annotations

import threading

from engine.errors import Cancelled, NeuropilError


class Aside:
    """Subclasses do the work, tell how far it is, and `_start` it when everything it touches is there."""

    stopped = "it was stopped"
    """What is said of one that was stopped before its end."""

    def __init__(self, name: str) -> None:
        self.share = 0.0
        self.error = ""
        self.is_done = False
        self._wanted = threading.Event()
        self._wanted.set()
        self._thread = threading.Thread(target=self._run, name=name)

    def ask_to_stop(self) -> None:
        """Let it end when it next looks up, which compiling may put off by seconds."""
        self._wanted.clear()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self.ask_to_stop()
        self._thread.join()

    def work(self) -> None:
        """All of it; on the thread."""
        raise NotImplementedError

    def _start(self) -> None:
        self._thread.start()

    def _told(self, share: float) -> bool:
        """Take down how far it is; says whether anybody still wants to know."""
        self.share = share
        return self._wanted.is_set()

    def _go_on(self) -> None:
        """Raise Cancelled where nobody wants to know any more."""
        if not self._wanted.is_set():
            raise Cancelled("nobody wants to know any more")

    def _run(self) -> None:
        try:
            self.work()
        except Cancelled:
            self.error = self.stopped
        except NeuropilError as error:
            self.error = str(error)
        finally:
            self.is_done = True
