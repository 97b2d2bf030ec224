"""The ages of one brain in the window: a wheel the user fetched becomes a circuit with a timeline of ages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from editor.window.style import worn

if TYPE_CHECKING:
    from editor.document.filing import Job
    from editor.gallery.ages_bar import AgesBar, Series
    from editor.main_window import MainWindow
    from engine.network.network import Network

WHEELS = "Wheels of cect (cect*.whl);;All files (*)"


class Ages(QObject):
    """Opens a developmental series."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.bar: AgesBar | None = None

    def ask(self) -> None:
        """Let the user choose the wheel."""
        path, _ = QFileDialog.getOpenFileName(
            self.window, "Open a developmental series (pip download --no-deps cect)",
            self.window.settings.last_folder, WHEELS,
        )  # fmt: skip
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> None:
        """Read the wheel and become its first age; returns at once."""
        if not self.window.files.may_leave():
            return
        self.window.say(f"Reading {path.name}…", False)

        def work() -> tuple[Series, Network]:
            from editor.gallery.ages_bar import Series

            series = Series(path)
            return series, series.network()

        def become(found: tuple[Series, Network]) -> None:
            self.window.files.example = None
            self.window.document.replace(found[1])

        self.window.document.work("read", path, work, become, self._opened)

    def _opened(self, job: Job) -> None:
        if job.error is not None:
            return  # why is a line of the log, which the window says
        from editor.gallery.ages_bar import AgesBar

        series, network = job.result
        self.window.show_document()
        if self.window.canvas is None:
            return
        self.bar = AgesBar(series, network, worn(), self.window.canvas)
        self.bar.wants_edit.connect(self._edit)
        self.window.middle.show_card(self.bar)
        self.window.say(f"{len(series.ages)} ages of one brain: drag the slider, or play them.", False)

    def _edit(self, edit: Any) -> None:
        self.window.bench.do(edit)
