"""Files that are opened without a dialog: dropped on the window, or chosen from the recent ones."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMenu

from editor.files.opening import SUFFIX

if TYPE_CHECKING:
    from editor.main_window import MainWindow

TABLES = (".graphml", ".csv", ".tsv", ".txt", ".json")
"""What is imported, and not opened."""


def dropped(carried: QMimeData) -> Path | None:
    """The one file that is carried over the window, if it is one that can be opened."""
    paths = [Path(url.toLocalFile()) for url in carried.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in (SUFFIX, *TABLES) else None


class FileDoors(QObject):
    """Takes what is dropped on a window, and fills the menu of recent files."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        file = window.menus.menus["File",]
        self.recent = QMenu("Open recent", file)
        self.recent.setToolTipsVisible(True)
        self.recent.aboutToShow.connect(self.fill)
        file.insertMenu(window.menus.actions["start_page"], self.recent)
        file.aboutToShow.connect(self._offer)

    def _offer(self) -> None:
        self.recent.menuAction().setEnabled(bool(self.window.settings.recent))

    def fill(self) -> None:
        """List the files that were opened or saved last; those that are gone stay, grey."""
        self.recent.clear()
        for name in self.window.settings.recent:
            entry = self.recent.addAction(Path(name).stem)
            entry.setToolTip(name)
            entry.setEnabled(Path(name).exists())
            entry.triggered.connect(partial(self.window.files.open, name))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):  # entering and moving are drops in the making
            return False
        path = dropped(event.mimeData())
        if path is None:
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.take(path)
        return True

    def take(self, path: Path) -> None:
        """Open a circuit, or import a table or a graph."""
        if path.suffix.lower() == SUFFIX:
            self.window.files.open(path)
        else:
            self.window.exchange.begin(path)
