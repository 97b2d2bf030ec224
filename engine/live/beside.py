"""What goes on beside a window: a thread that does what it is asked, in order, and goes on in between."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class Beside:
    """Subclasses say when there is something to go on with, how, and what a window then sees.

    Whatever a subclass needs that takes long is made by the first thing it asks of itself, on the thread.
    """

    def __init__(self, name: str) -> None:
        """Begin without a thread; `_start` it when everything it touches is there."""
        self._asked: queue.Queue[Callable[[], None]] = queue.Queue()
        self._over = False
        self._thread = threading.Thread(target=self._run, name=name)

    def close(self) -> None:
        """End the thread; waits for what is being done."""
        self._over = True
        self._ask(lambda: None)
        self._thread.join()

    # -- for subclasses ------------------------------------------------------------------------------

    @property
    def _is_going(self) -> bool:
        """Whether there is something to go on with."""
        raise NotImplementedError

    def _go_on(self) -> None:
        """Do the next of it, and show it."""
        raise NotImplementedError

    def _publish(self) -> None:
        """Show a window how things are now."""
        raise NotImplementedError

    def _start(self) -> None:
        self._thread.start()

    def _ask(self, wish: Callable[[], None]) -> None:
        self._asked.put(wish)

    def _do(self, wish: Callable[[], None]) -> None:
        wish()
        self._publish()
        self._asked.task_done()

    def _run(self) -> None:
        while not self._over:
            if self._is_going and self._asked.empty():
                self._go_on()
            else:
                self._do(self._asked.get())


class AtWill(Beside):
    """Goes on from when it is asked to until it is asked to rest."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.wanted = False
        """Whether it was asked to go on and has not been asked to rest."""
        self._running = False

    def play(self) -> None:
        """Go on."""
        self.wanted = True
        self._ask(lambda: self._set_running(True))

    def pause(self) -> None:
        """Rest in the middle of whatever goes on."""
        self.wanted = False
        self._ask(lambda: self._set_running(False))

    @property
    def _is_going(self) -> bool:
        return self._running

    def _set_running(self, running: bool) -> None:
        self._running = running
