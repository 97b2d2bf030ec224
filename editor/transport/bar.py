"""The bar of the run: reset, step, play, how fast, how far, and the strip of time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from editor.inspector.pieces import Elided
from editor.transport.timeline import Timeline, clock
from editor.transport.timeline_view import TimelineView
from editor.window.style import keyboard_only, named, put_icon, text_font, worn
from editor.window.theme import blend

if TYPE_CHECKING:
    from engine.live.frame import Frame

SPEEDS: tuple[tuple[float | None, str, str], ...] = (
    (0.001, "1/1000", "1/1000 of real time: one ms takes a second"),
    (0.01, "1/100", "1/100 of real time: the order of spikes can be seen"),
    (0.1, "1/10", "1/10 of real time"),
    (1.0, "1×", "real time"),
    (None, "max", "as fast as this machine can"),
)
"""Biological time per wall time, what the dial says, and in words."""

STEPS = (
    ("dt", "One dt", "."),
    ("spike", "To the next spike", "Shift+."),
    ("change", "To the next synapse change", "Ctrl+."),
)


class SpeedDial(QWidget):
    """Five speeds on a line; click, drag, wheel or arrow keys choose one."""

    chosen = Signal(object)
    """The ratio, or None for as fast as possible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.at = 3
        self.setFixedSize(190, 40)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Speed")
        self._describe()

    def show_speed(self, ratio: float | None) -> None:
        """Stand at this speed, or at the nearest preset."""
        if ratio is None or ratio <= 0:
            at = len(SPEEDS) - 1
        else:
            at = min(range(len(SPEEDS) - 1), key=lambda i: abs(math.log(ratio / SPEEDS[i][0])))  # type: ignore[operator]
        if at != self.at:
            self.at = at
            self._describe()
            self.update()

    @property
    def ratio(self) -> float | None:
        """The speed it stands at."""
        return SPEEDS[self.at][0]

    def choose(self, at: int) -> None:
        """Take the preset with this number."""
        at = min(max(at, 0), len(SPEEDS) - 1)
        if at != self.at:
            self.at = at
            self._describe()
            self.update()
            self.chosen.emit(self.ratio)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = 13.0
        painter.setPen(QPen(QColor(theme.line), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(self._x(0), y), QPointF(self._x(len(SPEEDS) - 1), y))
        tint = QColor(blend(theme.panel, theme.accent, 0.75))
        painter.setPen(QPen(tint, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(self._x(0), y), QPointF(self._x(self.at), y))
        painter.setFont(text_font(10))
        for i, (_, label, _) in enumerate(SPEEDS):
            x = self._x(i)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint if i <= self.at else QColor(theme.line))
            painter.drawEllipse(QPointF(x, y), 3, 3)
            painter.setPen(QColor(theme.text if i == self.at else theme.muted))
            painter.drawText(QRectF(x - 24, 23, 48, 14), Qt.AlignmentFlag.AlignCenter, label)
        painter.setPen(QPen(QColor(theme.panel), 2))
        painter.setBrush(QColor(theme.accent))
        painter.drawEllipse(QPointF(self._x(self.at), y), 7, 7)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(self._x(self.at), y), 9.5, 9.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(self._nearest(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.choose(self._nearest(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.choose(self.at + (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}.get(
            Qt.Key(event.key())
        )
        if by:
            self.choose(self.at + by)
        else:
            super().keyPressEvent(event)

    def _x(self, i: int) -> float:
        return 24 + i * (self.width() - 48) / (len(SPEEDS) - 1)

    def _nearest(self, x: float) -> int:
        return round((x - 24) / ((self.width() - 48) / (len(SPEEDS) - 1)))

    def _describe(self) -> None:
        self.setAccessibleDescription(SPEEDS[self.at][2])
        self.setToolTip(f"Speed: {SPEEDS[self.at][2]}")


class TransportBar(QWidget):
    """Everything that drives the run; it asks, the window does."""

    played = Signal()
    """Play if it stands still, pause if it runs."""
    went_back = Signal()
    """Back to t = 0."""
    stepped = Signal(str)
    """One step of this kind: "dt", "spike" or "change"."""
    speed_chosen = Signal(object)
    looked = Signal(float)
    settled = Signal(float)

    def __init__(self, timeline: Timeline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "transport")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.timeline = timeline
        self.is_running = False
        self.step_kind = "dt"
        self.setFixedHeight(56)
        self.reset = self._button("fa6s.backward-step", "Back to t = 0", "Reset")
        self.reset.clicked.connect(self.went_back)
        self.step = self._button("fa6s.forward-step", "Step: one dt  (.)", "Step")
        self.step.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.step.setAutoRepeat(True)
        self.step.setAutoRepeatDelay(350)
        self.step.setAutoRepeatInterval(60)
        self.step.setMenu(self._steps())
        self.step.setFixedWidth(48)
        self.step.clicked.connect(self._step)
        self.play = named(QToolButton(self), "play")
        self.play.setFixedSize(QSize(34, 34))
        keyboard_only(self.play)
        self.play.clicked.connect(self.played)
        self.speed = SpeedDial(self)
        self.speed.chosen.connect(self.speed_chosen)
        self.clock = named(QLabel("0.0 ms", self), "clock")
        self.clock.setMinimumWidth(104)
        self.achieved = named(Elided("", self), "small")
        self.achieved.setMinimumWidth(104)
        self.strip = TimelineView(timeline, self)
        self.strip.looked.connect(self.looked)
        self.strip.settled.connect(self.settled)
        times = QVBoxLayout()
        times.setSpacing(0)
        times.addStretch(1)
        times.addWidget(self.clock)
        times.addWidget(self.achieved)
        times.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(6)
        for widget in (self.reset, self.step, self.play):
            row.addWidget(widget)
        row.addSpacing(6)
        row.addWidget(self.speed)
        row.addSpacing(6)
        row.addLayout(times)
        row.addSpacing(6)
        row.addWidget(self.strip, 1)
        self.show_running(False)

    def show_running(self, is_running: bool) -> None:
        """The run goes, or stands still."""
        self.is_running = is_running
        put_icon(self.play, "fa6s.pause" if is_running else "fa6s.play", "accent_text", 15)
        self.play.setToolTip("Pause  (Space)" if is_running else "Play  (Space)")
        self.play.setAccessibleName("Pause" if is_running else "Play")
        if not is_running:
            self.timeline.paused()
        self._say_rate(0.0)

    def show_run(self, document: Any) -> None:
        """Bring play, clock and strip up to date with a document, running or not."""
        if document.is_running != self.is_running:
            self.show_running(document.is_running)
        looking = document.looking
        self.show_time(document.t if looking is None else looking.t)
        if looking is not None:
            self.achieved.say("looking back")
        elif not self.is_running:
            self._say_rate(0.0)

    def show_frame(self, frame: Frame) -> None:
        """Bring clock, rate and strip up to date with the run."""
        self.timeline.reach(frame.t)
        self.show_time(frame.t)
        self._say_rate(frame.achieved if frame.is_running else 0.0)

    def show_time(self, t: float) -> None:
        """Show a time on the clock and the strip."""
        text = clock(t)
        if text != self.clock.text():
            self.clock.setText(text)
            self.clock.setAccessibleName(f"t = {text}")
        self.strip.refresh()

    def choose_step(self, kind: str) -> None:
        """What the step button does from now on."""
        self.step_kind = kind
        for slug, words, keys in STEPS:
            if slug == kind:
                self.step.setToolTip(f"Step: {words[0].lower()}{words[1:]}  ({keys})")
                self.step.setAccessibleName(f"Step {words[0].lower()}{words[1:]}")

    def _say_rate(self, achieved: float) -> None:
        asked = self.speed.ratio
        if not self.is_running or achieved <= 0:
            self.achieved.say("paused" if not self.is_running else "starting")
            return
        if asked is not None and asked < 1.0 and achieved > 0.9 * asked:
            self.achieved.say(f"{SPEEDS[self.speed.at][1]} of real time")
        else:
            self.achieved.say(
                f"{round(achieved):,}× real time" if achieved >= 10 else f"{achieved:.2g}× real time"
            )

    def _button(self, icon: str, tip: str, name: str) -> QToolButton:
        button = QToolButton(self)
        put_icon(button, icon, "text", 15)
        button.setToolTip(tip)
        button.setAccessibleName(name)
        button.setFixedSize(QSize(34, 34))
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        keyboard_only(button)
        return button

    def _steps(self) -> QMenu:
        menu = QMenu(self)
        for slug, words, keys in STEPS:
            action = menu.addAction(f"{words}\t{keys}")
            action.setData(slug)
        menu.triggered.connect(self._pick_step)
        return menu

    def _pick_step(self, action: QAction) -> None:
        self.choose_step(str(action.data()))
        self._step()

    def _step(self) -> None:
        self.stepped.emit(self.step_kind)
