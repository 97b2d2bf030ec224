"""A race on the canvas: every learner's copy of the drawn network beside those of the others.

All copies are drawn to one scale, so that a weight looks alike wherever it is alike.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from editor.abreast.copy import Copy
from editor.abreast.pane import Pane
from editor.abreast.tile import Tile, Words
from editor.canvas.overlay.items import Halves
from editor.canvas.teaching import waves_of
from editor.drawing import teaching
from editor.window.theme import Theme
from engine import registry
from engine.live.race import Look, Runner

MOST = 9
"""Learners drawn side by side; in a race of more the list has them all."""


class RacePane(Pane):
    """Shows the looks of one race."""

    chosen = Signal(int)
    """The learner whose copy was clicked."""

    def __init__(self, network: Any, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.network = network
        self.job = next(iter(network.tasks.values()))
        self.learners: tuple[int, ...] = ()
        self._left_out = ""
        self.setAccessibleName("The learners of the race side by side")

    def show_look(self, seen: Look, watched: int) -> None:
        """Show a moment of the race."""
        runners = seen.runners[:MOST]
        if tuple(r.learner for r in runners) != self.learners:
            self._begin(runners, len(seen.runners))
        self.title.setText(
            f"Epoch {seen.epoch:,} \u00b7 same patterns, order and first weights{self._left_out}"
        )
        now, full = self.clock(), full_weights(seen)
        for place, (runner, tile) in enumerate(zip(runners, self.tiles, strict=True)):
            frame = seen.frames.get(runner.learner)
            if frame is not None:
                model = registry.find(runner.model, "learner")
                tile.copy.expect(partial(show, tile.copy, frame, model, full, now, seen.is_running))
            tile.say(
                words_of(runner, self.theme.curves[place % len(self.theme.curves)]),
                runner.training.phases if runner.training is not None else (),
                frame.phase if frame is not None else "",
                runner.learner == watched,
            )
        self.wake()

    def send(self, seen: Look) -> None:
        """A phase of every runner was stepped: let what it sent run over the synapses of its copy."""
        for runner, tile in zip(seen.runners, self.tiles, strict=False):
            frame = seen.frames.get(runner.learner)
            model = registry.find(runner.model, "learner")
            phase = next((p for p in model.phases if frame is not None and p.name == frame.phase), None)
            if phase is not None:
                passing = teaching.passing(self.network, self.job, model, phase)
                tile.copy.send(waves_of(passing, self.network.projections, self.clock()))
        self.wake()

    def _begin(self, runners: tuple[Runner, ...], count: int) -> None:
        """Make a tile for every runner."""
        self.learners = tuple(r.learner for r in runners)
        tiles = []
        for runner in runners:
            tile = Tile(Copy(self.network, self.theme), self.field)
            tile.chosen.connect(lambda learner=runner.learner: self.chosen.emit(learner))
            tiles.append(tile)
        self._left_out = f" \u00b7 the first {MOST} of {count}" if count > MOST else ""
        self.fill(tiles)


def show(copy: Copy, frame: Any, model: Any, full: dict[int, float], now: float, is_running: bool) -> None:
    """Show a frame of a training in a copy: the rates of its first pattern, and every weight."""
    if len(rates := frame.states["x"]):
        copy.show_rates(frame.neurons, rates[0], Halves.of(frame, teaching.two_phases(model)))
    copy.show_weights(frame.weights, full, now, is_running=is_running)


def full_weights(seen: Look) -> dict[int, float]:
    """By projection: the largest weight that any runner has there now."""
    full: dict[int, float] = {}
    for frame in seen.frames.values():
        for id, (_, weights) in frame.weights.items():
            finite = np.abs(weights[np.isfinite(weights)])
            full[id] = max(full.get(id, 0.0), float(finite.max(initial=0.0)))
    return full


def words_of(runner: Runner, colour: str) -> Words:
    """What stands over the copy of a runner."""
    if runner.trouble:
        return Words(runner.label, "cannot go on", "", runner.trouble, "", "danger", colour)
    if not runner.errors:
        return Words(runner.label, colour=colour)
    error, line = f"{runner.errors[-1]:.4f}", f"{100 * runner.rights[-1]:.0f} % right"
    remark = f"learned at {runner.learned_at:,}" if runner.learned_at is not None else ""
    return Words(runner.label, error, "error", line, remark, "good" if remark else "muted", colour)
