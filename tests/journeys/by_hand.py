"""A hand on the real window: clicks, double clicks, drags, keys and drops, event by event as Qt does."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.palette import cards

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
KEY = Qt.Key


class Hand:
    """Drives one window; places are px of its canvas."""

    def __init__(self, window: Any, qtbot: Any) -> None:
        self.window, self.qtbot = window, qtbot

    @property
    def canvas(self) -> Any:
        return self.window.canvas

    @property
    def document(self) -> Any:
        return self.window.document

    def at(self, neuron: int) -> QPoint:
        """Where a neuron is seen, as soon as the canvas shows it."""
        self.qtbot.waitUntil(lambda: self.canvas.place_of(neuron) is not None)
        return self.canvas.place_of(neuron).toPoint()

    def seen(self, um: tuple[float, float]) -> QPoint:
        """Where a place of the tissue is seen."""
        camera = self.canvas.camera
        x = self.canvas.width() / 2 + (um[0] - camera.x) * camera.zoom
        y = self.canvas.height() / 2 + (um[1] - camera.y) * camera.zoom
        return QPoint(round(x), round(y))

    def hover(self, at: QPoint) -> None:
        QTest.mouseMove(self.canvas, at + QPoint(1, 0))
        QTest.mouseMove(self.canvas, at)

    def press(self, at: QPoint, modifier: Any = PLAIN, button: Any = LEFT) -> None:
        self.hover(at)
        QTest.mousePress(self.canvas, button, modifier, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.canvas, at)

    def release(self, at: QPoint, modifier: Any = PLAIN, button: Any = LEFT) -> None:
        QTest.mouseRelease(self.canvas, button, modifier, at)

    def click(self, at: QPoint, modifier: Any = PLAIN, button: Any = LEFT) -> None:
        self.press(at, modifier, button)
        self.release(at, modifier, button)

    def double_click(self, at: QPoint) -> None:
        """Press, release, press as a double click, release: `mouseDClick` alone sends only the third."""
        self.click(at)
        QTest.mouseDClick(self.canvas, LEFT, PLAIN, at)
        self.release(at)

    def drag(self, *places: QPoint, modifier: Any = PLAIN, lets_go: bool = True) -> None:
        """Press at the first place, go through the others in small moves, and let go at the last."""
        self.press(places[0], modifier)
        for one, other in pairwise(places):
            for share in (0.08, 0.3, 0.55, 0.8, 1.0):
                self.move(one + (other - one) * share)
        if lets_go:
            self.release(places[-1], modifier)

    def still(self) -> None:
        """Wait until panels have found their places and the view rests: then what is seen stays there."""
        before: Any = None
        for _ in range(100):
            places = [self.canvas.place_of(int(id)) for id in self.document.network.neuron_ids]
            now = (self.canvas.size(), self.canvas.camera, places)
            if now == before:
                return
            before = now
            QTest.qWait(60)

    def handle(self, name: str, neuron: int) -> QPoint:
        """Hover a neuron and go to its handle, "wire" or "fire"."""
        self.still()
        middle = self.at(neuron)
        self.hover(middle)
        assert self.canvas.items.handles_for == neuron
        reach = [QPoint(dx, dy) for dx in range(0, 48, 3) for dy in range(-36, 37, 3)]
        hits = [
            middle + away
            for away in reach
            if self.canvas.hit(((middle + away).x(), (middle + away).y())) == f"{name}:{neuron}"
        ]
        assert hits, f"no {name} handle at neuron {neuron}"
        found = hits[len(hits) // 2]
        for share in (0.3, 0.6, 0.9, 1.0):  # on the way there the handles must not vanish
            self.move(middle + (found - middle) * share)
            assert self.canvas.items.handles_for == neuron
        return found

    def key(self, key: Any, modifier: Any = PLAIN) -> None:
        if not self.window.isActiveWindow():  # only the window in front hears shortcuts
            self.window.activateWindow()
            self.canvas.setFocus()
            self.qtbot.waitUntil(self.window.isActiveWindow)
        QTest.keyClick(self.canvas, key, modifier)

    def drop(self, card: Any, at: QPoint) -> tuple[bool, bool]:
        """Drag a card over the canvas and let it go there; whether it was welcome, and whether taken."""
        carried = self._carried(card)
        enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, carried, LEFT, PLAIN)
        QApplication.sendEvent(self.canvas, enter)
        event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, carried, LEFT, PLAIN)
        QApplication.sendEvent(self.canvas, event)
        return enter.isAccepted(), event.isAccepted()

    def carry(self, card: Any, at: QPoint) -> None:
        """Drag a card over the canvas and keep it in the hand."""
        self._in_hand = self._carried(card)
        QApplication.sendEvent(
            self.canvas, QDragEnterEvent(at, Qt.DropAction.CopyAction, self._in_hand, LEFT, PLAIN)
        )

    def leave(self) -> None:
        """Carry it away again."""
        QApplication.sendEvent(self.canvas, QDragLeaveEvent())

    @staticmethod
    def _carried(card: Any) -> QMimeData:
        carried = QMimeData()
        carried.setData(cards.MIME, cards.encode(card))
        return carried


def play(hand: Hand, speed: float) -> None:
    hand.window.set_speed(speed)
    hand.key(KEY.Key_Space)
    before = seen_t(hand)
    hand.qtbot.waitUntil(lambda: hand.document.is_running and seen_t(hand) > before)


def seen_t(hand: Hand) -> float:
    """Biological time of the newest frame, ms."""
    frame = hand.document.frame
    return hand.document.t if frame is None else float(frame.t)


def pause(hand: Hand) -> None:
    hand.key(KEY.Key_Space)
    hand.qtbot.waitUntil(lambda: not hand.document.is_running and not hand.document.is_answering)
