"""Silence is a failure: unannounced warnings, and threads, timers and windows that outlive their test."""

from __future__ import annotations

import contextlib
import gc
import logging
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 3.0
"""Seconds a thread that was told to stop may take to do so."""
PROJECT = str(Path(__file__).resolve().parent.parent)


def where_started() -> str:
    """The lines of this project that led here, innermost last."""
    stack = [frame for frame in traceback.extract_stack()[:-2] if frame.filename.startswith(PROJECT)]
    ours = [f for f in stack if f.filename != __file__ and "site-packages" not in f.filename]
    return "".join(traceback.format_list(ours[-4:])) or "  (not from this project's code)\n"


class Records(logging.Handler):
    """Keeps every log record at WARNING or above, except those a test announced."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.unexpected: list[logging.LogRecord] = []
        self.patterns: list[tuple[re.Pattern[str], list[logging.LogRecord]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        for pattern, matched in reversed(self.patterns):
            if pattern.search(record.getMessage()):
                matched.append(record)
                return
        self.unexpected.append(record)

    @contextlib.contextmanager
    def expect(self, pattern: str) -> Iterator[list[logging.LogRecord]]:
        """Announce records that match; leaving without one is a failure too."""
        matched: list[logging.LogRecord] = []
        self.patterns.append((re.compile(pattern), matched))
        try:
            yield matched
        finally:
            self.patterns.pop()
        if not matched:
            pytest.fail(f"no warning matching {pattern!r} was logged", pytrace=False)


@pytest.fixture(autouse=True)
def log_records() -> Iterator[Records]:
    """Fail on a log record at WARNING or above, unless announced: `with log_records.expect("damaged"):`."""
    records = Records()
    logging.getLogger().addHandler(records)
    yield records
    logging.getLogger().removeHandler(records)
    if records.unexpected:
        lines = "\n".join(f"  {r.levelname} {r.name}: {r.getMessage()}" for r in records.unexpected)
        pytest.fail(f"logged without being announced (see the fixture log_records):\n{lines}", pytrace=False)


@pytest.fixture(autouse=True)
def no_leaked_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail when a thread started by the test is still running after it, and say where it was started."""
    before = set(threading.enumerate())
    started: dict[int, str] = {}
    start = threading.Thread.start

    def noting_start(thread: threading.Thread) -> None:
        started[id(thread)] = where_started()
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", noting_start)
    yield
    deadline = time.monotonic() + PATIENCE
    leaked = [
        t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)
    ]
    for thread in leaked:
        thread.join(max(0.0, deadline - time.monotonic()))
    if leaked := [thread for thread in leaked if thread.is_alive()]:
        lines = "\n".join(f"  {t.name}, started at\n{started.get(id(t), '  (unknown)')}" for t in leaked)
        pytest.fail(f"threads outlive their test:\n{lines}", pytrace=False)


@pytest.fixture(autouse=True)
def no_rule_of_another_test() -> Iterator[None]:
    """What a test writes as a rule is offered to no other test; it can still be found by its slug."""
    from engine import registry

    before = set(registry._offered)
    yield
    registry._offered.intersection_update(before)


class Timers:
    """Where every QTimer, single shot and QThread of one test was started."""

    def __init__(self) -> None:
        self.started: dict[int, tuple[Any, str]] = {}
        self.shots: dict[int, tuple[Any, str]] = {}

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Note every start from now on."""
        from PySide6.QtCore import QObject, QThread, QTimer

        for kind in (QTimer, QThread):
            monkeypatch.setattr(kind, "start", self._noting(kind.start))
        single_shot = QTimer.singleShot

        def noting_shot(wait: int, *rest: Any) -> None:
            *between, slot = rest
            if not callable(slot):  # an object and the name of its slot: Qt forgets it with the object
                single_shot(wait, *rest)
                return
            number = len(self.shots)
            context = next((each for each in between if isinstance(each, QObject)), None)
            self.shots[number] = (context, where_started())

            def fire() -> None:
                self.shots[number] = (None, "")
                slot()

            single_shot(wait, *between, fire)

        monkeypatch.setattr(QTimer, "singleShot", staticmethod(noting_shot))

    def _noting(self, start: Callable[..., None]) -> Callable[..., None]:
        def noting_start(subject: Any, *rest: Any) -> None:
            self.started[id(subject)] = (subject, where_started())
            start(subject, *rest)

        return noting_start

    def running(self) -> list[str]:
        """One entry for every timer that will fire and every QThread that runs."""
        import shiboken6
        from PySide6.QtCore import QTimer

        found = []
        for subject, place in self.started.values():
            if not shiboken6.isValid(subject):
                continue
            if subject.isActive() if isinstance(subject, QTimer) else subject.isRunning():
                found.append(f"  {type(subject).__name__}, started at\n{place}")
        for context, place in self.shots.values():
            if place and (context is None or shiboken6.isValid(context)):
                found.append(f"  single shot, asked for at\n{place}")
        return found


@pytest.fixture(autouse=True)
def no_leaked_timers(monkeypatch: pytest.MonkeyPatch, no_leaked_windows: None) -> Iterator[None]:
    """Fail when a QTimer or QThread started by the test is still active after it."""
    if "PySide6.QtCore" not in sys.modules:
        yield
        return
    timers = Timers()
    timers.watch(monkeypatch)
    yield
    if not (timers.started or timers.shots):
        return
    let_go()
    if timers.running():
        gc.collect()
        let_go()
    if found := timers.running():
        lines = "\n".join(found)
        pytest.fail(f"timers outlive their test:\n{lines}", pytrace=False)


@pytest.fixture(autouse=True)
def no_leaked_windows(no_leaked_threads: None, log_records: Records) -> Iterator[None]:
    """Fail when a top-level widget made by the test is still there after it."""
    before = top_levels()
    yield
    widgets = [widget for widget in top_levels() if widget not in before]
    if widgets:
        widgets.clear()  # a name is a reference
        let_go()
        gc.collect()
        let_go()
        widgets = [widget for widget in top_levels() if widget not in before]
    names = [f"  {type(w).__name__} {w.objectName()!r} {w.windowTitle()!r}" for w in widgets]
    for widget in widgets:  # one failure must not become everybody's
        widget.close()
        widget.deleteLater()
    if widgets:
        let_go()
        lines = "\n".join(names)
        pytest.fail(f"windows outlive their test (give them to qtbot.addWidget):\n{lines}", pytrace=False)


def top_levels() -> list[Any]:
    """Every top-level widget somebody in Python made; Qt keeps its own tooltip."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    app = widgets.QApplication.instance() if widgets else None
    if not isinstance(app, getattr(widgets, "QApplication", ())):
        return []
    return [w for w in app.topLevelWidgets() if w.metaObject().className() != "QTipLabel"]


def let_go() -> None:
    """Let Qt deliver what waits, deletions included."""
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance():
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
