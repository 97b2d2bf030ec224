"""The menus of the window, made from the declared actions: a `QAction` each, with key, icon, sentence."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from editor import actions
from editor.actions import MENUS, Action
from editor.window.style import put_icon


class Menus(QObject):
    """Fills a menu bar and keeps what can be done now up to date."""

    asked = Signal(str)
    """The slug of the action the user chose."""

    def __init__(self, window: QWidget, bar: QMenuBar) -> None:
        super().__init__(window)
        self.window = window
        self.bar = bar
        self.actions: dict[str, QAction] = {}
        self.menus: dict[tuple[str, ...], QMenu] = {}
        self._declared: dict[str, Action] = {}
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
        self._group.triggered.connect(self._chosen)
        last: dict[tuple[str, ...], int] = {}
        for name in MENUS:
            self._menu((name,))
        for action in actions.all_actions():
            menu = self._menu(action.menu_path)
            if last.setdefault(action.menu_path, action.group) != action.group:
                menu.addSeparator()
                last[action.menu_path] = action.group
            menu.addAction(self._make(action))
        self._closed = QTimer(self)
        self._closed.setSingleShot(True)
        self._closed.setInterval(0)
        self._closed.timeout.connect(self.release)
        for menu in self.menus.values():
            menu.aboutToShow.connect(self.refresh)
            menu.aboutToHide.connect(self._closed.start)

    def show_what_is_possible(self, menu: QMenu) -> None:
        """Grey out what is not possible now, for as long as a menu of somebody else shows actions."""
        self.refresh()
        menu.aboutToHide.connect(self._closed.start)

    def release(self) -> None:
        """No menu is open: every key is heard again.  A grey action would be deaf to its own.

        What it asks for may be possible by then; if not, the window says why.
        """
        if any(menu.isVisible() for menu in self.menus.values()):
            return
        for made in self.actions.values():
            made.setEnabled(True)

    def refresh(self) -> None:
        """Grey out what is not possible now, tick what is switched on."""
        for slug, declared in self._declared.items():
            made = self.actions[slug]
            why = declared.why_not(self.window) if declared.why_not is not None else ""
            made.setEnabled(not why)
            made.setStatusTip(why or declared.sentence)
            made.setToolTip(f"{declared.sentence}\n{why}".strip())
            if declared.is_on is not None:
                made.setChecked(declared.is_on(self.window))

    def rename(self, slug: str, text: str) -> None:
        """Give an action another text, such as "Undo change tau pre"."""
        self.actions[slug].setText(text)

    def why_not(self, slug: str) -> str:
        """Why an action is not possible now; "" when it is."""
        declared = self._declared[slug]
        return declared.why_not(self.window) if declared.why_not is not None else ""

    def _menu(self, path: tuple[str, ...]) -> QMenu:
        if path not in self.menus:
            parent: Any = self.bar if len(path) == 1 else self._menu(path[:-1])
            self.menus[path] = parent.addMenu(path[-1] if len(path) > 1 else f"&{path[-1]}")
            self.menus[path].setToolTipsVisible(True)
        return self.menus[path]

    def _make(self, action: Action) -> QAction:
        made = QAction(action.name, self.window)
        made.setObjectName(action.slug)
        made.setData(action.slug)
        if action.keys:
            made.setShortcuts([QKeySequence(key) for key in action.keys])
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.setAutoRepeat(action.repeats)
        made.setCheckable(action.is_on is not None)
        made.setToolTip(action.sentence)
        made.setStatusTip(action.sentence)
        if action.icon:
            put_icon(made, action.icon, "muted")
        self._group.addAction(made)
        self.window.addAction(made)
        self.actions[action.slug] = made
        self._declared[action.slug] = action
        return made

    def _chosen(self, made: QAction) -> None:
        self.asked.emit(str(made.data()))
