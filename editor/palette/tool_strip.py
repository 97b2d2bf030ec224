"""The strip of tools at the left edge: one is in hand at a time."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton, QWidget

from editor.drawing.next_drawn import NextDrawn
from editor.palette.tools import BRUSHES, TOOLS
from editor.window.style import named, put_icon


class ToolStrip(QToolBar):
    """Shows the tools and which one is in hand."""

    used = Signal(str)
    """The slug of the tool the user took."""

    def __init__(self, coming: NextDrawn, parent: QWidget | None = None) -> None:
        super().__init__("Tools", parent)
        named(self, "tools")
        self.coming = coming
        self.setOrientation(Qt.Orientation.Vertical)
        self.setIconSize(QSize(17, 17))
        self.setMovable(False)
        self.setAccessibleName("Tools")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.group = QActionGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        before = 0
        for tool in TOOLS:
            if tool.group != before:
                self.addSeparator()
                before = tool.group
            action = QAction(tool.name, self)
            action.setCheckable(True)
            action.setData(tool.slug)
            action.setToolTip(f"{tool.name}  ({tool.key})\n{tool.sentence}")
            put_icon(action, tool.icon, "text")
            self.group.addAction(action)
            self.addAction(action)
            button = self.widgetForAction(action)
            assert isinstance(button, QToolButton)
            button.setFixedSize(36, 34)
            button.setAccessibleName(tool.name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.buttons[tool.slug] = button
        self.brushes = self._brush_menu()
        self.group.triggered.connect(self._take)
        coming.watch(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the tool that is in hand."""
        for action in self.group.actions():
            chosen = action.data() == self.coming.tool
            if action.isChecked() != chosen:
                action.setChecked(chosen)
        name = next(name for slug, name, _ in BRUSHES if slug == self.coming.brush)
        self.buttons["brush"].setToolTip(f"Brush: {name.lower()}  (B)\nRight-click changes what it does.")

    def _brush_menu(self) -> QMenu:
        menu = QMenu(self)
        for slug, name, does in BRUSHES:
            action = menu.addAction(f"{name}: {does}")
            action.setData(slug)
        menu.triggered.connect(self._take_brush)
        button = self.buttons["brush"]
        button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        button.customContextMenuRequested.connect(self._offer_brushes)
        return menu

    def _offer_brushes(self) -> None:
        button = self.buttons["brush"]
        self.brushes.popup(button.mapToGlobal(button.rect().topRight()))

    def _take_brush(self, action: QAction) -> None:
        self.coming.set(brush=str(action.data()))
        self.used.emit("brush")

    def _take(self, action: QAction) -> None:
        self.used.emit(str(action.data()))
