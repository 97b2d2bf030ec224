"""A bar over the canvas with the switches a network brings along, such as the worm's.

It shows only what the network has: growth to freeze, signs nobody knows, layers, inputs to give by hand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from editor.gallery import switches
from editor.window.theme import DARK, Theme

BEAT = 60
"""While a button is held, its neurons fire so often, ms of wall time."""


class NetworkBar(QFrame):
    """Switches of the network it follows; hidden when there are none.

    `wants_edit(edit, animated)`: an edit to be done, moves to be animated.  `wants_poke(ids)`: neurons to
    fire now, again and again while a button is held.
    """

    wants_edit = Signal(object, bool)
    wants_poke = Signal(object)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.network: Any = None
        self._back: Any = None
        """The edit that undoes the layered layout."""
        self._held: np.ndarray | None = None
        self._shape: tuple[object, ...] = ()
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._poke)
        self.setObjectName("networkBar")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(8, 6, 8, 6)
        self.row.setSpacing(6)
        self.frozen = self._pair("Anatomy frozen", "What if it rewired", self._freeze, self._thaw)
        self.signs = self._pair("Unknown sign excites", "inhibits", self._excite, self._inhibit)
        self.layers = self._button(
            "In layers", "Sensory, inter, motor from left to right; again: real places."
        )
        self.layers.setCheckable(True)
        self.layers.clicked.connect(self._arrange)
        self.hands: list[QPushButton] = []
        self.set_theme(theme)
        self.hide()

    # -- for the window --------------------------------------------------------------------------

    def follow(self, network: Any) -> None:
        """Which network it is; call again when it changed."""
        if network is not self.network:
            self._back = None
            self.layers.setChecked(False)
        self.network = network
        grows, unknown = bool(switches.structural(network)), bool(switches.unknown(network))
        layered, given = switches.has_layers(network), switches.by_hand(network)
        self._show_hands(given)
        for group, is_there in ((self.frozen, grows and layered), (self.signs, unknown)):
            for button in group.buttons():
                button.setVisible(is_there)
        self.layers.setVisible(layered)
        self.frozen.buttons()[0 if switches.is_frozen(network) else 1].setChecked(True)
        self.signs.buttons()[1 if switches.sign_of_unknown(network) < 0 else 0].setChecked(True)
        self.setVisible(unknown or layered or bool(given))
        self.adjustSize()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.theme = theme
        ground = QColor(theme.panel)
        rgba = f"rgba({ground.red()}, {ground.green()}, {ground.blue()}, {round(255 * theme.panel_alpha)})"
        self.setStyleSheet(
            f"#networkBar {{ background: {rgba}; border: 1px solid {theme.line}; border-radius: 10px; }}"
            f"#networkBar QPushButton {{ color: {theme.muted}; background: transparent; font-size: 12px;"
            f" border: 1px solid transparent; border-radius: 6px; padding: 4px 9px; }}"
            f"#networkBar QPushButton:hover {{ color: {theme.text}; }}"
            f"#networkBar QPushButton:focus {{ border-color: {theme.accent}; }}"
            f"#networkBar QPushButton:checked, #networkBar QPushButton:pressed"
            f" {{ color: {theme.accent_text}; background: {theme.accent}; }}"
        )

    # -- how -------------------------------------------------------------------------------------

    def _button(self, text: str, meaning: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(meaning)
        self.row.addWidget(button)
        return button

    def _pair(self, one: str, other: str, to_one: Any, to_other: Any) -> QButtonGroup:
        """Two buttons of which one is down."""
        group = QButtonGroup(self)
        for text, then in ((one, to_one), (other, to_other)):
            button = self._button(text, text)
            button.setCheckable(True)
            button.clicked.connect(then)
            group.addButton(button)
        return group

    def _show_hands(self, given: list[Any]) -> None:
        """A button for every input that is given by hand."""
        shape = tuple((i.id, i.label) for i in given)
        if shape == self._shape:
            return
        self._shape = shape
        self._release()
        for button in self.hands:
            self.row.removeWidget(button)
            button.deleteLater()
        self.hands = []
        for each in given:
            button = self._button(each.label[:1].upper() + each.label[1:], "Hold to give this input.")
            button.setProperty("input", each.id)
            button.pressed.connect(self._hold)
            button.released.connect(self._release)
            self.hands.append(button)

    def _freeze(self) -> None:
        self._want(switches.freeze(self.network, True))

    def _thaw(self) -> None:
        self._want(switches.freeze(self.network, False))

    def _excite(self) -> None:
        self._want(switches.treat_unknown_as(self.network, +1))

    def _inhibit(self) -> None:
        self._want(switches.treat_unknown_as(self.network, -1))

    def _want(self, edit: Any) -> None:
        if edit.edits:
            self.wants_edit.emit(edit, False)

    def _arrange(self, is_layered: bool) -> None:
        if is_layered:
            self._back = switches.places_of(self.network)
            self.wants_edit.emit(switches.in_layers(self.network), True)
        elif self._back is not None:
            self.wants_edit.emit(self._back, True)

    def _hold(self) -> None:
        given = self.network.inputs.get(self.sender().property("input"))
        if given is not None:
            self._held = given.targets
            self._poke()
            self._beat.start()

    def _release(self) -> None:
        self._beat.stop()
        self._held = None

    def _poke(self) -> None:
        if self._held is not None:
            self.wants_poke.emit(self._held)

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._release()
