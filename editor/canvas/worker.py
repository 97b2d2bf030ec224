"""The drawing thread: redraws the standing picture in the background, always the latest one asked for."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from editor.canvas.standing import Painter, Request, Standing

FASTEST, SLOWEST = 15.0, 5.0
"""Redraws per second: at most, and at least while something changes."""


class Worker:
    """Draws requests on a thread of its own.  Start, ask, take; stop before the window goes.

    `ready` is called on the drawing thread whenever a picture is finished.  A picture that took
    long is followed by an equal rest, so that drawing never takes more than half a processor.
    """

    def __init__(self, ready: Callable[[], None]) -> None:
        """Begin without a thread; the first request starts it."""
        self._ready = ready
        self._news = threading.Condition()
        self._wanted: Request | None = None
        self._done: Standing | None = None
        self._failed: BaseException | None = None
        self._stopping = False
        self._is_busy = False
        self._thread: threading.Thread | None = None
        self.took = 0.0
        """Wall time of the last picture, s."""

    def ask(self, request: Request) -> None:
        """Ask for a picture; an older request that was not begun is forgotten."""
        with self._news:
            self._wanted = request
            self._stopping = False
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="canvas", daemon=True)
                self._thread.start()
            self._news.notify()

    @property
    def is_busy(self) -> bool:
        """Whether a picture is being drawn, or the thread rests after one: ask again later."""
        with self._news:
            return self._is_busy or self._wanted is not None

    def take(self) -> Standing | None:
        """The finished picture, once; None when there is no new one.  Raises what the thread raised."""
        with self._news:
            if self._failed is not None:
                failed, self._failed = self._failed, None
                raise failed
            done, self._done = self._done, None
            return done

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._news:
            self._stopping = True
            self._wanted = None
            self._news.notify()
            thread, self._thread = self._thread, None
            self._is_busy = False
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        threads = max(1, min(4, (os.cpu_count() or 1) // 2))
        crew = ThreadPoolExecutor(threads, "canvas band") if threads > 1 else None
        painter = Painter(crew, threads)
        try:
            while True:
                with self._news:
                    while self._wanted is None and not self._stopping:
                        self._news.wait()
                    if self._stopping:
                        return
                    request, self._wanted = self._wanted, None
                    self._is_busy = True
                assert request is not None
                begun = time.perf_counter()
                try:
                    standing = painter.paint(request)
                except BaseException as error:  # handed to whoever takes the picture
                    with self._news:
                        self._failed, self._is_busy = error, False
                    self._ready()
                    continue
                took = time.perf_counter() - begun
                with self._news:
                    self._done, self.took = standing, took
                self._ready()
                rest = min(max(1.0 / FASTEST - took, took), 1.0 / SLOWEST)
                with self._news:
                    self._news.wait_for(lambda: self._stopping, timeout=rest)
                    self._is_busy = False
        finally:
            if crew is not None:
                crew.shutdown()
