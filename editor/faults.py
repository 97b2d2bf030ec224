"""No error is ever lost: whatever goes wrong outside a `try` is logged, and told to the user once per place.

Qt prints an exception raised in a slot and carries on, and a thread's or a finaliser's goes to a stream
nobody reads.  `install` takes all three hooks of Python.  What was there before is still called, so a
crash of the main program is printed as ever, and a test runner still sees it.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

log = logging.getLogger("neuropil.faults")

LARGEST = 1_000_000
"""Bytes of one log file; three are kept."""
OURS = tuple(str(Path(__file__).resolve().parent.parent / name) for name in ("editor", "engine", "examples"))


class Faults:
    """The hooks while they are installed: where the log is, which places have been shown."""

    def __init__(self, show: Callable[[str], None], folder: Path) -> None:
        self.show = show
        self.path = folder / "neuropil.log"
        self.shown: set[tuple[str, str, int]] = set()
        self.complaint = ""
        """Why there is no log file, if there is none."""
        self._lock = threading.Lock()
        self._writer = self._open_log()
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._in_main
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._in_finaliser

    def remove(self) -> None:
        """Put back the hooks that were there before and close the log."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        if self._writer:
            log.removeHandler(self._writer)
            self._writer.close()

    def report(self, error: BaseException, where: str = "") -> None:
        """Log an error and show it, unless one from the same place was shown; from any thread."""
        place = place_of(error)
        log.error("%s", where or "unexpected error", exc_info=(type(error), error, error.__traceback__))
        with self._lock:
            is_new = place not in self.shown
            self.shown.add(place)
        if is_new:
            try:
                self.show(sentence(error, place, where))
            except Exception:
                log.exception("the error above could not be shown")

    def _open_log(self) -> logging.Handler | None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            writer = logging.handlers.RotatingFileHandler(
                self.path, maxBytes=LARGEST, backupCount=2, encoding="utf-8"
            )
        except OSError as reason:  # a full disk or a read-only home is no reason not to start
            self.complaint = f"there is no log file: {reason}"
            return None
        writer.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        )
        log.addHandler(writer)
        return writer

    def _in_main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            self.report(error.with_traceback(trace))
        self._before[0](kind, error, trace)

    def _in_thread(self, failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None and not issubclass(failed.exc_type, SystemExit):
            name = failed.thread.name if failed.thread else "a thread that is gone"
            self.report(failed.exc_value, f"in {name}")
        self._before[1](failed)

    def _in_finaliser(self, failed: sys.UnraisableHookArgs) -> None:
        if failed.exc_value is not None:
            self.report(failed.exc_value, failed.err_msg or f"while letting go of {failed.object!r:.80}")
        self._before[2](failed)


def install(show: Callable[[str], None], folder: Path | None = None) -> Faults:
    """Send every error that nobody caught to a log file and, once per place, to `show`.

    `show` gets one line; it is called on whichever thread failed, so it must only pass the text on,
    as emitting a Qt signal does.  The log lies in the user's log folder, or in `folder`.
    """
    if folder is None:
        import platformdirs

        folder = Path(platformdirs.user_log_dir("neuropil", appauthor=False))
    return Faults(show, folder)


def place_of(error: BaseException) -> tuple[str, str, int]:
    """The kind of error, and the innermost file and line of this program that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(OURS)] or list(frames)
    if not ours:
        return type(error).__name__, "", 0
    return type(error).__name__, ours[-1].filename, ours[-1].lineno or 0


def sentence(error: BaseException, place: tuple[str, str, int], where: str = "") -> str:
    """One line for the status bar: what happened, where in the program, and that the log has the rest."""
    kind, filename, line = place
    said = " ".join(str(error).split()) or "no message"
    at = f" ({Path(filename).name}:{line})" if filename else ""
    there = f" {where}" if where else ""
    return f"Something went wrong{there}: {kind}: {said:.200}{at}. The log has the details."
