"""Arena: an animal learns where the reward is, somebody moves it, and it learns again, all in one go."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtWidgets

import pyqtgraph as pg  # isort: skip  # after PySide6: on its own it hides why Qt cannot load

from editor.plots.arena_view import ArenaView
from editor.plots.base import Plot, pen
from editor.plots.side_column import stand_beside
from engine.live.frame import Frame
from engine.live.outing import Outing, Seen, View

LOOK = 60
"""Milliseconds between two looks."""
PLAY, PAUSE = "Let them go", "Pause"


def told(animal: Seen) -> str:
    """The name of an animal, and how long it took to find its way again."""
    if animal.recovered is None:
        return animal.label
    return f"{animal.label}: recovered after {animal.recovered / 1000.0:.0f} s"


class Arena(Plot):
    """A box beside the canvas, and how long each trial took."""

    title = "Arena"
    order = 87
    hint = ""

    @classmethod
    def concerns(cls, network: Any) -> bool:
        return False  # it brings a circuit of its own

    def build(self) -> None:
        self.outing: Outing | None = None
        self.seen: View | None = None
        self.box = ArenaView(self)
        self.box.moved.connect(self._move)
        self.main = self.add_axes(0, left="time to the reward (s)", bottom="trial")
        self.lines: list[Any] = []
        self.marks: list[Any] = []
        self.start = QtWidgets.QPushButton(PLAY, self)
        self.again = QtWidgets.QPushButton("Start over", self)
        self.start.clicked.connect(self._toggle)
        self.again.clicked.connect(self.clear)
        self.about = QtWidgets.QLabel(
            "One animal learns from dopamine at the reward while acetylcholine lets it unlearn, and its "
            "action neurons keep their rate; a second has no acetylcholine, a third no such homeostasis. "
            "Click in the box and the reward moves: from then on a frozen copy of the first goes on beside "
            "them, and the plot says how long each took to recover.<br><br>After Brzosko, Zannone, Schultz, "
            "Clopath & Paulsen (2017), doi:10.7554/eLife.27756; neurons, motion and homeostasis are ours, "
            "and learning is three times as fast.",
            self,
        )
        self.about.setWordWrap(True)
        side = QtWidgets.QVBoxLayout()
        side.setContentsMargins(12, 8, 0, 8)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.start)
        row.addWidget(self.again)
        side.addLayout(row)
        side.addWidget(self.about)
        side.addStretch(1)
        stand_beside(self, side, 270, (self.box, 1), (self.view, 2))
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)

    # -- for the window --------------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """A run of the circuit changes nothing here."""

    def follow(self, network: Any) -> None:
        """The animals have circuits of their own."""

    def forget(self) -> None:
        self._end()
        self.seen = None

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        if self.outing is not None:
            self.outing.pause()

    # -- how -------------------------------------------------------------------------------------

    def _toggle(self) -> None:
        if self.outing is None:
            self.outing = Outing()
            self._timer.start()
            self.outing.play()
        elif self.outing.wanted:
            self.outing.pause()
        else:
            self.outing.play()
        self._show_wanted()

    def _show_wanted(self) -> None:
        """The button says what a click would do now, whether or not it has happened yet."""
        self.start.setText(PAUSE if self.outing is not None and self.outing.wanted else PLAY)

    def _move(self, x: float, y: float) -> None:
        if self.outing is not None:
            self.outing.move((x, y))

    def _end(self) -> None:
        self._timer.stop()
        if self.outing is not None:
            self.outing.close()
            self.outing = None

    def _look(self) -> None:
        if self.outing is None:
            return
        seen = self.outing.look()
        if self.seen is None or seen.version != self.seen.version:
            self.seen = seen
            self._is_stale = True
            self.refresh()

    def draw(self) -> None:
        seen = self.seen
        self._show_wanted()
        for item in (*self.lines, *self.marks):
            self.main.removeItem(item)
        self.lines, self.marks = [], []
        if seen is None:
            self.box.seen = None
            self.box.update()
            self.say([])
            return
        self.box.show_view(seen)
        if not seen.animals:
            self.say([], "preparing the animals")
            return
        for trial in seen.moved_at:
            self.marks.append(pg.InfiniteLine(trial, angle=90, pen=pen(self.theme.sprout, 0.7, dashed=True)))
            self.main.addItem(self.marks[-1])
        inks = self.box.inks()
        for ink, animal in zip(inks, seen.animals, strict=False):
            points = np.array(animal.latencies, float).reshape(-1, 2)
            line = pg.PlotDataItem(
                points[:, 0], points[:, 1] / 1000.0, pen=pen(ink), symbol="o", symbolSize=4, symbolBrush=ink,
                symbolPen=None,
            )  # fmt: skip
            self.main.addItem(line)
            self.lines.append(line)
        self.say([(told(animal), ink) for ink, animal in zip(inks, seen.animals, strict=False)])

    def recolour(self) -> None:
        self.box.update()

    def table(self) -> dict[str, NDArray[Any]]:
        rows = [
            (animal.label, trial, taken, "" if animal.recovered is None else animal.recovered)
            for animal in (self.seen.animals if self.seen is not None else ())
            for trial, taken in animal.latencies
        ]
        names = ("animal", "trial", "latency_ms", "recovered_ms")
        return {n: np.array([row[i] for row in rows], object) for i, n in enumerate(names)} if rows else {}
