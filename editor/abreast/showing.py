"""What a training shows in the place of the canvas: nothing, all learners side by side, or two updates."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from editor.abreast.pane import Pane
from editor.abreast.race_pane import RacePane
from editor.abreast.updates_pane import UpdatesPane
from editor.inspector.values import StillCombo
from editor.plots.training_race import TrainingRace
from editor.window.style import worn
from editor.window.theme import Theme
from engine.live.race import Look

WATCHED, ALL, UPDATES = "watched", "all", "updates"
CHOICES = (
    (WATCHED, "On the canvas: the watched learner", "The rates and weights of the watched learner"),
    (ALL, "On the canvas: all learners side by side", "A copy of the network for each, to one scale"),
    (UPDATES, "On the canvas: its update beside the gradient", "What one pattern would change, twice"),
)


class Showing(StillCombo):
    """The choice, and the pane that goes with it."""

    staged = Signal(object)
    """A widget that takes the place of the canvas; None gives the canvas back."""
    chosen = Signal(int)
    """A learner (id) was clicked."""

    def __init__(self, training: TrainingRace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.training = training
        self.pane: Pane | None = None
        self.watched = 0
        self._was_left = False
        for slug, text, tip in CHOICES:
            self.addItem(text, slug)
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.setAccessibleName("What training shows on the canvas")
        self.currentIndexChanged.connect(self._choose)
        self.activated.connect(self._remember)
        training.began.connect(self._begin)
        training.looked.connect(self._look)
        training.stepped.connect(self._send)

    @property
    def mode(self) -> str:
        """What is shown."""
        return str(self.currentData())

    def pick(self, mode: str) -> None:
        """Show this from now on."""
        self.setCurrentIndex(self.findData(mode))

    def watch(self, learner: int) -> None:
        """Another learner is watched."""
        if learner == self.watched:
            return
        self.watched = learner
        self._compare()
        if self.training.seen is not None:
            self._look(self.training.seen)

    def set_off(self) -> None:
        """Training begins: several learners are shown side by side, unless somebody went back before."""
        enabled = [r for r in self.training.network.learners.values() if r.enabled]
        if self.mode == WATCHED and len(enabled) > 1 and not self._was_left:
            self.pick(ALL)

    def leave(self) -> None:
        """Give the canvas back."""
        self.pick(WATCHED)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        if self.pane is not None:
            self.pane.set_theme(theme)

    # -- how -----------------------------------------------------------------------------------------

    def _remember(self) -> None:
        self._was_left = self.mode == WATCHED

    def _go_back(self) -> None:
        self._was_left = True
        self.leave()

    def _begin(self) -> None:
        """Another race: another network to draw copies of."""
        self._was_left = False
        if self.pane is not None:
            self._put_up()

    def _choose(self) -> None:
        if self.mode == WATCHED or not self.training.ready():
            self._take_down()
            if self.mode != WATCHED:
                self.leave()
            return
        self._put_up()

    def _put_up(self) -> None:
        """Stage a pane of the race there is."""
        race = self.training.race
        assert race is not None
        before = self.pane
        kind: Any = RacePane if self.mode == ALL else UpdatesPane
        self.pane = kind(race.network, worn())
        self.pane.left.connect(self._go_back)
        if isinstance(self.pane, RacePane):
            self.pane.chosen.connect(self.chosen)
        self.staged.emit(self.pane)
        if before is not None:
            before.deleteLater()
        self._compare()
        if self.training.seen is not None:
            self._look(self.training.seen)

    def _take_down(self) -> None:
        before, self.pane = self.pane, None
        if before is not None:
            self.staged.emit(None)
            before.deleteLater()
        self._compare()

    def _compare(self) -> None:
        if self.training.race is not None:
            self.training.race.compare(self.watched if self.mode == UPDATES else 0)

    def _look(self, seen: Look) -> None:
        if self.pane is not None:
            self.pane.show_look(seen, self.watched)

    def _send(self, seen: Look) -> None:
        if isinstance(self.pane, RacePane):
            self.pane.send(seen)
