"""One pattern, two updates: what a learner would change in each synapse, beside what the gradient would.

After Xie & Seung (2003) Neural Comput. 15:441-454, doi:10.1162/089976603762552988, who set back-propagation
and contrastive Hebbian learning with weak feedback beside each other; here for any learner.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from editor.abreast.angle_trace import AngleTrace, said
from editor.abreast.copy import Copy
from editor.abreast.pane import Pane
from editor.abreast.tile import Tile, Words
from editor.canvas.overlay.items import Halves
from editor.drawing import teaching
from editor.plots.knobs import SHARED
from editor.plots.training_views import values_of
from editor.window.theme import Theme
from engine import registry
from engine.live.insight import Updates
from engine.live.race import Look, Runner


class UpdatesPane(Pane):
    """Shows the update of one runner of a race beside the gradient, and the angle between them."""

    def __init__(self, network: Any, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.network = network
        self.trace = AngleTrace(self)
        self.box.addWidget(self.trace)
        self._learner = 0
        self._seen: Updates | None = None
        self.setAccessibleName("One pattern, two updates")

    def show_look(self, seen: Look, watched: int) -> None:
        """Show a moment of the race, of this learner."""
        runner = next((r for r in seen.runners if r.learner == watched), None)
        if runner is None:
            return
        if not self.tiles or watched != self._learner:
            self._begin(watched)
        found = runner.updates
        self._say(runner, found)
        if found is not None and found is not self._seen:
            self._draw_both(found, teaching.two_phases(registry.find(runner.model, "learner")))
            self.trace.add(found)
        self._seen = found
        self.wake()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours; a synapse that would grow is drawn as potentiation, else as depression."""
        super().set_theme(theme)
        for tile in self.tiles:
            tile.copy.wear(signed(theme))

    def _begin(self, learner: int) -> None:
        self._learner, self._seen = learner, None
        self.trace.clear()
        self.fill([Tile(Copy(self.network, signed(self.theme)), self.field) for _ in range(2)])
        for tile in self.tiles:
            tile.setCursor(self.cursor())

    def _draw_both(self, found: Updates, phases: teaching.TwoPhases | None) -> None:
        """Draw what changes, over the rates of the pattern; a learner of two phases shows both."""
        exact, own = self.tiles
        two = Halves.of(found, phases)
        rates = found.states["x"][0]
        exact.copy.show_rates(found.neurons, two.left if two is not None else rates)
        own.copy.show_rates(found.neurons, rates, two)
        exact.copy.show_signs(found.ids, found.ideal)
        own.copy.show_signs(found.ids, found.own)

    def _say(self, runner: Runner, found: Updates | None) -> None:
        exact, own = self.tiles
        exact.say(Words("Back-propagation", line="the gradient, at the same weights"), (), "", False)
        number = ratio = ""
        if found is not None and not math.isnan(found.angle):
            number, ratio = f"{said(found.angle)} apart", f"{found.ratio:.2f} times as long"
        own.say(Words(runner.label, number, line=knobs_of(runner), remark=ratio), (), "", False)
        self.title.setText(self._title(runner, found))
        self.title.setToolTip("The widest line of each projection is its own largest change")

    @staticmethod
    def _title(runner: Runner, found: Updates | None) -> str:
        if runner.trouble:
            return runner.trouble
        if found is None and runner.insights:
            return f"{runner.label}: nothing to compare, for this task or this learner has no gradient."
        where = f"Epoch {found.epoch:,}, pattern {found.pattern + 1}: " if found is not None else ""
        return f"{where}two updates; arrows grow, bars shrink"


def knobs_of(runner: Runner) -> str:
    """The update, and the numbers that only this learner has: "its own update, gamma 0.05, noise 0"."""
    if runner.training is None:
        return ""
    values = values_of(runner.training.learner)
    own = [name for name, value in values.items() if name not in SHARED and isinstance(value, int | float)]
    return ", ".join(["its own update", *(f"{name} {values[name]:.3g}" for name in own[:2])])


def signed(theme: Theme) -> Theme:
    """The same theme with the colours of potentiation and depression for what is drawn by its sign."""
    grow, shrink = (theme.warm, theme.cool)
    return replace(
        theme, excitatory=grow, excitatory_weak=theme.neutral_weak, inhibitory=shrink,
        inhibitory_weak=theme.neutral_weak,
    )  # fmt: skip
