"""Starting the window: the application, its fonts and errors, then everything heavy once it can be seen."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from editor import caches, faults
from editor.canvas.compiled import KERNELS, WARM_UP
from editor.foresight import Foresight
from editor.main_window import MainWindow
from editor.settings import Settings
from editor.window import style
from editor.window.theme import THEMES
from engine.live.ahead import Ahead


class Crier(QObject):
    """Carries the text of an error from whichever thread it happened on to the window."""

    cried = Signal(str)


class Start(QObject):
    """Brings in what is slow to import, one piece at a time, while the window can be used already."""

    finished = Signal()

    def __init__(self, window: MainWindow, file: Path | None, example: str | None) -> None:
        super().__init__(window)
        self.window = window
        self.file = file
        self.example = example
        opens = file is not None or example is not None
        self.steps = (
            [self._canvas, self._open, self._plots] if opens else [self._open, self._canvas, self._plots]
        )
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._one)
        self._next.start(0)

    def _one(self) -> None:
        self.steps.pop(0)()
        if self.steps:
            self._next.start(0)
        else:
            self.finished.emit()

    def _canvas(self) -> None:
        self.window.bring_canvas()

    def _open(self) -> None:
        if self.file is not None:
            self.window.files.open(self.file)
        elif self.example is not None:
            self.window.files.open_example(self.example)
        else:
            self.window.show_start()

    def _plots(self) -> None:
        self.window.plots.fill()
        self.window.plots.add(self.window.log, "Log", "What happened; a click selects what a line names.")


def application(arguments: list[str] | None = None) -> QApplication:
    """The one application of this process, made if there is none."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(arguments if arguments is not None else sys.argv[:1])
    app.setApplicationName("neuropil")
    app.setApplicationDisplayName("Neuropil")
    app.setDesktopFileName("neuropil")
    QFont.insertSubstitutions("Inter", ["Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"])
    return app


def open_window(
    file: Path | None = None, example: str | None = None, settings: Settings | None = None
) -> MainWindow:
    """Show the main window; the canvas and what is to be opened follow at once, piece by piece."""
    app = application()
    settings = settings or Settings.load()
    style.wear(app, THEMES[settings.theme])
    window = MainWindow(settings)
    window.start = Start(window, file, example)
    window.show()
    if settings.complaint:
        window.say(settings.complaint, True)
    return window


def run(file: Path | None = None, example: str | None = None) -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    began = time.perf_counter()
    app = application()
    crier = Crier()
    caught = faults.install(crier.cried.emit)
    KERNELS.leave_to_children()
    ahead = Ahead(besides=(WARM_UP,), at_once=not caches.are_warm())
    try:
        window = open_window(file, example)
        Foresight(window, ahead)
        window.start.finished.connect(ahead.begin)
        crier.cried.connect(window.complain, Qt.ConnectionType.QueuedConnection)
        window.start.finished.connect(caches.ready)
        for complaint in (caught.complaint, caches.complaint):
            if complaint:
                window.say(complaint, True)
        window.started_in = time.perf_counter() - began
        return int(app.exec())
    finally:
        ahead.close()
        caught.remove()


def settle(window: Any, milliseconds: int = 3000) -> bool:
    """Process what is waiting until the start is finished: for tests and for pictures of the window."""
    deadline = time.monotonic() + milliseconds / 1000
    while window.start.steps and time.monotonic() < deadline:
        QApplication.processEvents()
    QApplication.processEvents()
    return not window.start.steps
