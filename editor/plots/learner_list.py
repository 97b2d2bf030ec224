"""The learners of a circuit as a list: who runs, in which colour, how far, and since when it has learned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6 import QtCore, QtGui, QtWidgets

from editor.window.style import accent_ground
from editor.window.theme import Theme
from engine import registry
from engine.counting import counted
from engine.live.race import Runner

COLUMNS = ("", "learner", "error", "right", "learned at")
ID = QtCore.Qt.ItemDataRole.UserRole


class LearnerList(QtWidgets.QTreeWidget):
    """One row for each learner; the current one is watched."""

    watched_other = QtCore.Signal()
    switched = QtCore.Signal(int, bool)
    """A learner (id) shall run, or shall not."""
    removed = QtCore.Signal(int)
    """A learner (id) shall go."""

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_filling = False
        self.setColumnCount(len(COLUMNS))
        self.setHeaderLabels(list(COLUMNS))
        self.setRootIsDecorated(False)
        self.setAccessibleName("Learners")
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(1, QtWidgets.QHeaderView.ResizeMode.Stretch)
        for at, width in ((0, 30), (2, 62), (3, 54), (4, 76)):
            self.setColumnWidth(at, width)
        self.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._offer_removal)
        self.itemChanged.connect(self._switch)
        self.currentItemChanged.connect(self._watch)

    @property
    def learner(self) -> int:
        """The learner that is watched; 0 for none."""
        item = self.currentItem() or self.topLevelItem(0)
        return int(item.data(0, ID)) if item is not None else 0

    def watch(self, learner: int) -> None:
        """Watch this learner."""
        for item in self._items():
            if int(item.data(0, ID)) == learner:
                self.setCurrentItem(item)

    def fill(self, records: Mapping[int, Any], reasons: Mapping[int, str], colours: tuple[str, ...]) -> None:
        """Show these learners; `reasons` says why one cannot train what is drawn."""
        watched, self._is_filling = self.learner, True
        self.clear()
        for place, (id, record) in enumerate(records.items()):
            item = QtWidgets.QTreeWidgetItem(["", record.label, "", "", ""])
            item.setData(0, ID, id)
            state = QtCore.Qt.CheckState.Checked if record.enabled else QtCore.Qt.CheckState.Unchecked
            item.setCheckState(0, state)
            item.setForeground(1, QtGui.QColor(colours[place % len(colours)]))
            model = registry.find(record.model, "learner")
            item.setToolTip(1, reasons.get(id) or "\n\n".join(filter(None, (model.about(), model.caveat))))
            self.addTopLevelItem(item)
            if id == watched:
                self.setCurrentItem(item)
        self._is_filling = False

    def show_numbers(self, runners: Iterable[Runner]) -> None:
        """Write how far they are."""
        seen = {r.learner: r for r in runners}
        self._is_filling = True
        for item in self._items():
            runner = seen.get(int(item.data(0, ID)))
            if runner is None or not runner.errors:
                continue
            item.setText(2, f"{runner.errors[-1]:.4f}")
            item.setText(3, f"{100 * runner.rights[-1]:.0f} %")
            item.setText(4, "-" if runner.learned_at is None else f"{runner.learned_at:,}")
            item.setToolTip(4, f"{counted(runner.samples, 'pattern')} shown so far")
        self._is_filling = False

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.setStyleSheet(
            f"QTreeView {{ background: {theme.panel}; border: none; }} "
            f"QTreeView::item {{ height: 22px; }} "
            f"QTreeView::item:selected {{ background: {accent_ground(theme)}; color: {theme.text}; }}"
        )

    def _items(self) -> list[QtWidgets.QTreeWidgetItem]:
        return [self.topLevelItem(at) for at in range(self.topLevelItemCount())]

    def _switch(self, item: QtWidgets.QTreeWidgetItem, column: int) -> None:
        if not self._is_filling and column == 0:
            is_on = item.checkState(0) == QtCore.Qt.CheckState.Checked
            self.switched.emit(int(item.data(0, ID)), is_on)

    def _watch(self) -> None:
        if not self._is_filling:
            self.watched_other.emit()

    def _offer_removal(self, at: QtCore.QPoint) -> None:
        item = self.itemAt(at)
        if item is None:
            return
        learner = int(item.data(0, ID))
        menu = QtWidgets.QMenu(self)
        remove = menu.addAction(f"Remove {item.text(1)}")
        chosen = menu.exec(self.viewport().mapToGlobal(at))
        menu.deleteLater()
        if chosen is remove:
            self.removed.emit(learner)
