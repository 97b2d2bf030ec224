"""The bar of switches that a network such as the worm's brings along, joined to the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QBoxLayout

from editor.actions.arrange import glide
from editor.gallery import switches
from editor.window.style import worn
from editor.window.theme import Theme

if TYPE_CHECKING:
    from editor.document.news import News
    from editor.gallery.network_bar import NetworkBar
    from editor.main_window import MainWindow

MARGIN = 18
"""Between the bar and the edges of the canvas, px."""


class NetworkSwitches(QObject):
    """Keeps the bar over the canvas in step with the open circuit; a circuit it does not fit has none."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.bar: NetworkBar | None = None

    def use_canvas(self, canvas: Any) -> None:
        """From now on there is a canvas to float over."""
        from editor.gallery.network_bar import NetworkBar

        self.bar = NetworkBar(worn(), canvas)
        self.bar.wants_edit.connect(self._edit)
        self.bar.wants_poke.connect(self._poke)
        canvas.installEventFilter(self)
        self.follow()

    def follow(self) -> None:
        """Another circuit is open, or what the switches show may have changed."""
        if self.bar is None:
            return
        network = self.window.document.network
        if self.window.files.example is None and not fits(network):
            self.bar.hide()
            self.window.canvas.chrome.floor = 0.0
            return
        self.bar.follow(network)
        self._place()

    def take_in(self, news: News) -> None:
        """The circuit changed; synapses that come and go by themselves switch nothing."""
        came_or_went = any(set(part) - {"synapse"} for part in (news.added, news.removed))
        by_itself = bool(news.grown or news.pruned)
        if news.everything or came_or_went or (set(news.changed) - {"synapse", "neuron"} and not by_itself):
            self.follow()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        if self.bar is not None:
            self.bar.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        bar = self.bar
        if bar is None or bar.isHidden():
            return
        canvas = bar.parentWidget()
        bar.row.setDirection(QBoxLayout.Direction.LeftToRight)
        is_wide = bar.sizeHint().width() <= canvas.width() - 2 * MARGIN
        if not is_wide:
            bar.row.setDirection(QBoxLayout.Direction.TopToBottom)
        bar.adjustSize()
        aside = 0 if is_wide else round(canvas.chrome.left)  # a card stands there, as tall as both have room
        bar.move(aside + MARGIN, canvas.height() - bar.height() - MARGIN)
        canvas.chrome.floor = bar.height() + 0.5 * MARGIN if is_wide else 0.0
        canvas.touch()
        bar.raise_()

    def _edit(self, edit: Any, is_animated: bool) -> None:
        if is_animated:
            glide(self.window, edit)
            if self.window.canvas is not None:
                self.window.canvas.fit()
        else:
            self.window.bench.do(edit)
        self.follow()

    def _poke(self, ids: Any) -> None:
        self.window.document.poke("fire", ids)


def fits(network: Any) -> bool:
    """Whether a circuit that is no example has switches of its own: layers, or signs nobody knows."""
    return switches.has_layers(network) or bool(switches.unknown(network))
