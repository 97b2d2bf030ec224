"""Has compiled what somebody is about to run: after every edit, and while a card is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer

from editor.document.news import News
from editor.palette.cards import Card
from engine.live.ahead import Ahead

if TYPE_CHECKING:
    from editor.main_window import MainWindow

DWELL = 200
"""Milliseconds the pointer rests on a card before it counts as looked at: it crosses many on its way."""


class Foresight(QObject):
    """Tells `Ahead` what the window shows; made once for a window."""

    def __init__(self, window: MainWindow, ahead: Ahead) -> None:
        super().__init__(window)
        self.window, self.ahead = window, ahead
        self._card: Card | None = None
        self._circuit: Any = None
        self._dwell = QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.timeout.connect(self._look)
        window.files.opened.connect(self._open)
        window.bridge.changed.connect(self._change)
        window.palette_panel.hovered.connect(self._hover)
        window.palette_panel.picked.connect(self._hover)
        window.middle.pointed.connect(self._point)

    def _open(self) -> None:
        self.ahead.opened(self.window.document.network)

    def _change(self, news: News) -> None:
        """What the engine grows and prunes while it runs asks for no other kernels: only hands do."""
        document = self.window.document
        if news.touches_network and not document.is_running:
            self.ahead.opened(document.network)

    def _point(self, circuit: Any) -> None:
        """An example on the start page is pointed at, or no longer."""
        self._card, self._circuit = None, circuit
        if circuit is not None:
            self._dwell.start(DWELL)
        else:
            self._dwell.stop()

    def _hover(self, card: Card | None) -> None:
        self._card, self._circuit = card, None
        if card is not None and card.kind == "rule":
            self._dwell.start(DWELL)
        else:
            self._dwell.stop()

    def _look(self) -> None:
        """The circuit may be opened; the card may come onto what is selected, or the only projection."""
        if self._circuit is not None:
            self.ahead.pointed_at(self._circuit)
            return
        network, selection = self.window.document.network, self.window.bench.selection
        chosen = [int(id) for id in selection.ids("projection") if int(id) in network.projections]
        if not chosen and selection.synapses.size:
            chosen = [int(id) for id in np.unique(network.projection_of(selection.synapses)) if id > 0]
        if not chosen and len(network.projections) == 1:
            chosen = list(network.projections)
        if chosen and self._card is not None:
            self.ahead.considered(network, self._card.slug, chosen)
