"""Routing: name the colour or read the word, through the gates of the basal ganglia, healthy or not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtWidgets

import pyqtgraph as pg  # isort: skip  # after PySide6: on its own it hides why Qt cannot load

from editor.inspector.values import StillCombo
from editor.plots.base import Plot, pen
from editor.plots.knobs import Knobs
from editor.plots.routing_view import RoutingView
from editor.plots.side_column import stand_beside
from editor.plots.tally_view import TallyView
from engine import registry
from engine.live.frame import Frame
from engine.live.sitting import FAST, Pair, Sitting, Subject, View

LOOK = 40
"""Milliseconds between two looks."""
PLAY, PAUSE = "Let them answer", "Pause"
PACES = (("quarter speed", 0.25), ("real time", 1.0), ("as fast as possible", FAST))
OWN = "own settings"


class RoutingTab(Plot):
    """A subject and a healthy one answer the same trials; the settings of the first are knobs."""

    title = "Routing"
    order = 88
    hint = (
        "A word printed in a colour: say the one or the other. Basal ganglia open the gate that is asked "
        "for; with little dopamine it stays shut, without the indirect pathway the other opens too."
    )

    @classmethod
    def concerns(cls, network: Any) -> bool:
        return False  # it brings a circuit of its own

    def build(self) -> None:
        self.model = registry.all("router")[0]
        assert issubclass(self.model, registry.Router)
        self.sitting: Sitting | None = None
        self.seen: View = Pair(self.model).view()
        self.matrix = RoutingView(self.model, self)
        self.tally = TallyView(self)
        self.main = self.add_axes(0, left="time (ms)", bottom="trial (x: a wrong answer)")
        self.items: list[Any] = []
        self.start = QtWidgets.QPushButton(PLAY, self)
        self.again = QtWidgets.QPushButton("Start over", self)
        self.start.clicked.connect(self.toggle)
        self.again.clicked.connect(self._restart)
        self.task = self._choice("What is asked for", [f"say the {name}" for name in self.model.sources])
        self.agree = self._choice("Whether the sources agree", ["they differ", "they agree"])
        self.preset = self._choice("Who answers", [*self.model.presets, OWN])
        self.pace = self._choice("How fast it goes", [name for name, _ in PACES])
        self.task.activated.connect(self._ask)
        self.agree.activated.connect(self._ask)
        self.preset.activated.connect(self._take_preset)
        self.pace.activated.connect(self._set_pace)
        self.knobs = Knobs(self)
        self.values: dict[str, float] = {name: each.default for name, each in self.model.params.items()}
        self.knobs.show_model(self.model, self.values)
        self.knobs.turned.connect(self._turn)
        self.knobs.let_go.connect(self._turn)
        self._lay_out()
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)

    def _choice(self, name: str, texts: list[str]) -> StillCombo:
        made = StillCombo(self)
        made.addItems(texts)
        made.setAccessibleName(name)
        made.setToolTip(name)
        return made

    def _lay_out(self) -> None:
        side = QtWidgets.QGridLayout()
        side.setContentsMargins(12, 8, 4, 8)
        side.setSpacing(6)
        pairs = ((self.start, self.again), (self.task, self.agree), (self.preset, self.pace))
        for row, pair in enumerate(pairs):
            for column, widget in enumerate(pair):
                side.addWidget(widget, row, column)
        scroll = QtWidgets.QScrollArea(self)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.knobs)
        side.addWidget(scroll, len(pairs), 0, 1, 2)
        right = QtWidgets.QVBoxLayout()
        right.addWidget(self.tally)
        right.addWidget(self.view, 1)
        stand_beside(self, side, 310, (self.matrix, 3), (right, 2))

    # -- for the window --------------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """A run of the circuit changes nothing here."""

    def follow(self, network: Any) -> None:
        """The subjects have gates of their own."""

    def forget(self) -> None:
        self._timer.stop()
        if self.sitting is not None:
            self.sitting.close()
            self.sitting = None
        self.seen = Pair(self.model).view()

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        if self.sitting is not None:
            self.sitting.pause()

    def toggle(self) -> None:
        """Let them answer, or pause."""
        if self.sitting is None:
            self.sitting = Sitting(self.model)
            self.sitting.turn(self.values)
            self._set_pace()
            self._ask()
            self.sitting.restart()
            self._timer.start()
        if self.sitting.wanted:
            self.sitting.pause()
        else:
            self.sitting.play()

    # -- how -------------------------------------------------------------------------------------

    def _restart(self) -> None:
        if self.sitting is not None:
            self.sitting.restart()

    def _ask(self) -> None:
        if self.sitting is not None:
            self.sitting.ask(self.task.currentIndex(), self.agree.currentIndex() == 1)

    def _set_pace(self) -> None:
        if self.sitting is not None:
            self.sitting.set_pace(PACES[self.pace.currentIndex()][1])

    def _take_preset(self) -> None:
        preset = self.model.presets.get(self.preset.currentText())
        if preset is not None:
            defaults = {name: each.default for name, each in self.model.params.items()}
            self._hold({**defaults, **preset})

    def _turn(self, name: str, value: float) -> None:
        self.preset.setCurrentText(OWN)
        self._hold({**self.values, name: float(value)})

    def _hold(self, values: dict[str, float]) -> None:
        self.values = values
        self.knobs.show_model(self.model, values)
        if self.sitting is not None:
            self.sitting.turn(values)

    def _look(self) -> None:
        if self.sitting is None:
            return
        seen = self.sitting.look()
        if seen.version != self.seen.version:
            self.seen = seen
            self._is_stale = True
            self.refresh()

    def draw(self) -> None:
        seen = self.seen
        self.start.setText(PAUSE if seen.is_running else PLAY)
        for item in self.items:
            self.main.removeItem(item)
        self.items = []
        self.matrix.show_view(seen)
        self.tally.show_view(seen)
        inks = (self.theme.curves[0], self.theme.curves[4])
        for ink, subject in reversed(list(zip(inks, seen.subjects, strict=True))):
            self._times(subject, ink)
        self.say([(subject.label, ink) for ink, subject in zip(inks, seen.subjects, strict=True)],
                 f"trial {seen.trial}, {seen.t:.0f} ms")  # fmt: skip
        self._frame()

    def _frame(self) -> None:
        """Room for the trials that are kept and for the slowest answer."""
        answers = [answer for subject in self.seen.subjects for answer in subject.answers]
        first = min((answer.trial for answer in answers), default=1)
        last = max((answer.time for answer in answers if answer.verdict != "none"), default=0.0)
        self.main.setXRange(first - 1, max(first + 20, self.seen.trial + 1), padding=0)
        self.main.setYRange(0, max(250.0, 1.08 * last), padding=0)

    def _times(self, subject: Subject, ink: str) -> None:
        """Right answers as discs, those of the healthy subject as rings; wrong ones as crosses."""
        is_first = subject is self.seen.subjects[0]
        for verdict, symbol in (("right", "o"), ("wrong", "x")):
            points = np.array([(a.trial, a.time) for a in subject.answers if a.verdict == verdict], float)
            if points.size:
                marks = pg.PlotDataItem(
                    points, pen=None, symbol=symbol, symbolSize=5 if is_first and symbol == "o" else 9,
                    symbolBrush=ink if is_first else None, symbolPen=pen(ink),
                )  # fmt: skip
                self.main.addItem(marks)
                self.items.append(marks)

    def recolour(self) -> None:
        self.matrix.update()
        self.tally.update()

    def table(self) -> dict[str, NDArray[Any]]:
        rows = [
            (subject.label, answer.trial, answer.verdict, answer.time)
            for subject in self.seen.subjects
            for answer in subject.answers
        ]
        names = ("subject", "trial", "verdict", "time_ms")
        return {n: np.array([row[i] for row in rows], object) for i, n in enumerate(names)} if rows else {}
