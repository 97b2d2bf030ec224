"""The ages of one brain as a timeline: drag it, and watch synapses appear and vanish.

The tables come from a wheel that the user fetched; see `engine.exchange.cect` and `examples/development.py`.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSlider, QWidget

from editor.gallery import catalogue
from editor.gallery.overlay import FloatingCard
from editor.window.theme import DARK, Theme
from engine.exchange.cect import Age, read_ages
from engine.network import Network

BEAT = 2500
"""Between two ages while they play, ms: long enough to see what retracts and what sprouts."""


class Series:
    """A developmental series: its ages, and the network that goes from one to the next."""

    def __init__(self, wheel: str | Path) -> None:
        self.ages: list[Age] = read_ages(wheel)
        catalogue.examples()  # brings in the folder of examples under its one name
        self._development: Any = importlib.import_module(f"{catalogue.PACKAGE}.development")

    def network(self) -> Network:
        """Every cell of every age, wired as in the first."""
        found: Network = self._development.build_ages(self.ages)
        return found

    def edit(self, network: Network, number: int) -> Any:
        """The edit that gives the network the wiring of an age."""
        return self._development.to_age(network, self.ages[number])

    def says(self, number: int) -> str:
        """The published counts of an age, and of the change since the one before."""
        return str(self._development.says(self.ages, number))


class AgesBar(FloatingCard):
    """A slider over the ages; `wants_edit(edit)` brings the network to the age that was chosen."""

    wants_edit = Signal(object)

    def __init__(
        self, series: Series, network: Network, theme: Theme = DARK, parent: QWidget | None = None
    ) -> None:
        super().__init__("One brain, eight ages", theme, parent)
        self.series, self.network = series, network
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(series.ages) - 1)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setAccessibleName("Age")
        self.slider.valueChanged.connect(self._go)
        self.box.addWidget(self.slider)
        self.words: QLabel = self.text("muted")
        self.words.setText(series.says(0))
        self.play = QPushButton("Play the ages")
        self.play.clicked.connect(self.toggle)
        self.box.addWidget(self.play)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self._next)
        self.set_theme(theme)

    def look(self, network: Network, frame: object = None) -> None:
        """The network is now this one: going back in time makes it another object."""
        self.network = network

    def toggle(self) -> None:
        """Go from age to age by itself, or stop."""
        if self._beat.isActive():
            self._stop()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._beat.start()
        self.play.setText("Stop")

    def _next(self) -> None:
        self.slider.setValue(self.slider.value() + 1)
        if self.slider.value() == self.slider.maximum():
            self._stop()

    def _stop(self) -> None:
        self._beat.stop()
        self.play.setText("Play the ages")

    def _go(self, number: int) -> None:
        self.words.setText(self.series.says(number))
        edit = self.series.edit(self.network, number)
        if edit.edits:
            self.wants_edit.emit(edit)
        self.place()

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._stop()
