"""Opening and saving from the window: dialogs for files, questions about unsaved work, recent files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.errors import NeuropilError

if TYPE_CHECKING:
    from editor.document.document import Document
    from editor.document.filing import Job
    from editor.settings import Settings

SUFFIX = ".neuropil"
FILTER = "Neuropil circuits (*.neuropil)"
SAVE, DISCARD, STAY = "save", "discard", "stay"


class Files(QObject):
    """What the File menu does."""

    opened = Signal()
    """Another circuit is there."""
    said = Signal(str, bool)

    def __init__(self, window: QWidget, document: Document, settings: Settings) -> None:
        super().__init__(window)
        self.window = window
        self.document = document
        self.settings = settings
        self.job: Job | None = None
        """The file being read or written now."""
        self.example: Any = None
        """The example of the gallery that is open, if it is one."""
        self._leaving = False

    # -- opening -------------------------------------------------------------------------------------

    def new(self) -> None:
        """An empty canvas."""
        from engine.network.network import Network

        if self.may_leave():
            self.example = None
            self.document.replace(Network())
            self.opened.emit()

    def ask_open(self) -> None:
        """Let the user choose a file."""
        path, _ = QFileDialog.getOpenFileName(
            self.window, "Open a circuit", self.settings.last_folder, FILTER
        )
        if path:
            self.open(path)

    def open(self, path: str | Path, *, salvage: bool = False) -> None:
        """Open a file; returns at once, `opened` tells when it is there."""
        if self._is_busy() or not self.may_leave():
            return
        self.said.emit(f"Opening {Path(path).name}…", False)
        self.job = self.document.open(path, salvage=salvage, finish=self._opened)

    def open_example(self, name: str) -> None:
        """Open a circuit of the gallery."""
        from editor.gallery import catalogue

        if not self.may_leave():
            return
        try:
            example = catalogue.find(name)
            network = example.build()
        except NeuropilError as error:
            self.said.emit(f"The example {name} cannot be opened: {error}", True)
            return
        self.example = example
        self.document.replace(network, layout=example.layout)
        self.opened.emit()

    def _opened(self, job: Job) -> None:
        self.job = None
        if job.error is None:
            self.settings.opened(job.path)
            self.example = None
            lost = self.document.problems
            text = f"Opened {job.path.name}."
            if lost:
                text = f"Opened what is left of {job.path.name}. Lost: {'; '.join(lost[:3])}"
            self.said.emit(text, bool(lost))
            self.opened.emit()
        elif job.has_remains and self.ask_salvage(job.path, str(job.error)):
            self.job = self.document.open(job.path, salvage=True, finish=self._opened)
        # otherwise nothing happens: why is a line of the log, which the window says

    # -- saving --------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save to the file it came from, or ask for one; returns whether it has begun."""
        if self.document.path is None:
            return self.save_as()
        return self._save(self.document.path)

    def save_as(self) -> bool:
        """Let the user choose where to; returns whether it has begun."""
        title = self.document.network.title or "circuit"
        name = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in title)
        start = self.document.path or Path(self.settings.last_folder) / f"{name}{SUFFIX}"
        path, _ = QFileDialog.getSaveFileName(self.window, "Save the circuit", str(start), FILTER)
        if not path:
            return False
        return self._save(Path(path if Path(path).suffix else path + SUFFIX))

    def _save(self, path: Path) -> bool:
        if self._is_busy():
            return False
        self.said.emit(f"Saving {path.name}…", False)
        middle: Any = getattr(self.window, "middle", None)
        if middle is not None:
            middle.keep_view(self.document.layout)
        self.job = self.document.save(path, preview=self._preview(), finish=self._saved)
        return True

    def _saved(self, job: Job) -> None:
        self.job = None
        if job.error is None:
            self.settings.opened(job.path)
            self.said.emit(f"Saved {job.path.name}.", False)
        if self._leaving:
            self._leaving = False
            if job.error is None:
                self.window.close()

    def _preview(self) -> bytes | None:
        """A small picture of the canvas, for file managers and the start page."""
        canvas: Any = getattr(self.window, "canvas", None)
        if canvas is None or not canvas.isVisible() or not self.document.network.neuron_count:
            return None
        picture = canvas.grab().scaled(
            QSize(640, 400),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        held = QByteArray()
        buffer = QBuffer(held)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")
        return bytes(held.data())

    # -- leaving -------------------------------------------------------------------------------------

    def may_leave(self) -> bool:
        """Whether what is open may be put away; asks about unsaved work."""
        if self._leaving:
            return False
        if self.document.is_saved or not self._is_worth_saving():
            return True
        answer = self.ask_leave(self.title())
        if answer == SAVE:
            self._leaving = self.save()
            return False
        return answer == DISCARD

    def title(self) -> str:
        """What the open circuit is called."""
        if self.document.path is not None:
            return self.document.path.stem
        return self.document.network.title or "Untitled"

    def ask_leave(self, title: str) -> str:
        """Ask whether to save before leaving."""
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Neuropil")
        box.setText(f"Save the changes to “{title}”?")
        box.setInformativeText("What is not saved is gone when you go on without saving.")
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        return {button.Save: SAVE, button.Discard: DISCARD}.get(button(box.exec()), STAY)

    def ask_salvage(self, path: Path, why: str) -> bool:
        """Ask whether to open what is left of a damaged file."""
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("Neuropil")
        box.setText(f"{path.name} is damaged.")
        box.setInformativeText(f"{why}\n\nOpen what can be read? The file itself is not changed.")
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Open | button.Cancel)
        return bool(box.exec() == button.Open)

    def _is_worth_saving(self) -> bool:
        return bool(self.document.network.neuron_count or self.document.path)

    def _is_busy(self) -> bool:
        if self.job is not None and not self.job.is_done:
            doing = "saved" if self.job.what == "save" else "read"
            self.said.emit(f"Wait: {self.job.path.name} is still being {doing}.", True)
            return True
        return False
