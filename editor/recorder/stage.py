"""A canvas without a window: a circuit runs and is drawn into memory, picture after picture.

The drawing is the canvas's own, so a picture made here is the one the window would show.  Wall time is
invented: a picture is a fixed part of a second after the one before, however long it took to make.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from editor.canvas.follow import Follower
from editor.canvas.intake import Intake, wanted
from editor.canvas.laid_out import insets_of, spans
from editor.canvas.overlay.chrome import Chrome
from editor.canvas.render import Renderer, framed
from editor.canvas.scene import Scene
from editor.window.theme import Theme
from engine import Network, Simulation
from engine.analysis.slowness import compression
from engine.live.frame import Frame
from engine.live.simulating import spikes_since, weights_of

LEAD = 1.0
"""Seconds of film before a still picture of a run, so that spikes glow and new synapses have arrived."""


class Stage:
    """One circuit on one canvas of `size` px, at rest or running `speed` times as fast as life."""

    def __init__(
        self,
        network: Network,
        theme: Theme,
        size: tuple[int, int],
        *,
        simulation: Simulation | None = None,
        speed: float = 1.0,
        layout: Mapping[str, Any] | None = None,
    ) -> None:
        self.simulation: Any = simulation
        self.network: Network = network if simulation is None else simulation.base
        self.speed = speed
        self.scene = Scene()
        self.follower = Follower(self.scene, self.network)
        words = Chrome(
            title=network.title,
            strip=network.notes,
            pace=compression(network.slow),
            minimap=False,
            ghosts=False,
        )
        asked = layout or {}
        self.renderer = Renderer(
            self.scene,
            *size,
            theme=theme,
            chrome=words,
            insets=insets_of(asked),
            camera=framed(self.scene, *size, chips=not spans(asked)),
            speed=speed,
        )
        self.intake = Intake(self.scene, self.renderer.changes)
        self.now = 0.0
        """Seconds of film so far."""
        self._seen = -1
        if simulation is not None:
            self._seen = simulation.step
            self.look()

    def run(self, span: float, fps: int) -> Iterator[float]:
        """Run for `span` ms and stop at each picture on the way, the last at its end; gives `now`."""
        simulation = self.simulation
        if simulation is None:
            raise ValueError("nothing runs on this stage")
        began, start, dt = self.now, simulation.step, simulation.dt
        per_picture = 1000.0 * self.speed / fps
        count = pictures_in(span, self.speed, fps)
        for k in range(1, count + 1):
            due = start + round(min(k * per_picture, span) / dt)
            self.now = began + k / fps
            simulation.advance(max(0, due - simulation.step))
            self.look()
            yield self.now

    def look(self) -> None:
        """Show what happened since the last look: synapses that came and went, spikes, weights, v."""
        simulation, scene, changes = self.simulation, self.scene, self.renderer.changes
        assert simulation is not None
        news = simulation.drain_changes()
        gone = [change.ids for change in news if change.kind == "pruned"]
        come = [change.ids for change in news if change.kind == "grown"]
        if gone:
            changes.died(scene, np.concatenate(gone), self.now)
        if news:
            self.follower.sync()
        if come:
            born = np.concatenate(come)
            changes.born(scene, born[scene.synapses.rows(born) >= 0], self.now)
        self.intake.take(self._frame(), self.network, self.speed, self.now)

    def skip(self) -> None:
        """Take no notice of what happened up to now."""
        assert self.simulation is not None
        self._seen = self.simulation.step
        self.intake.forget()

    def _frame(self) -> Frame:
        """What a view may see of this moment."""
        simulation = self.simulation
        assert simulation is not None
        ids, v01 = simulation.neuron_view()
        frame = Frame(step=simulation.step, t=simulation.t, ids=ids, v01=v01)
        frame.spikes, frame.spikes_after = spikes_since(simulation, self._seen), self._seen
        frame.weights = {id: weights_of(simulation, id) for id in self.network.projections}
        frame.quantities = {name: simulation.quantities(name) for name in wanted(self.network)}
        self._seen = simulation.step
        return frame


def pictures_in(span: float, speed: float, fps: int) -> int:
    """How many pictures `span` ms of biology take."""
    return max(1, math.ceil(span * fps / (1000.0 * speed) - 1e-9))


def stage_for(
    network: Network,
    state: dict[str, Any] | None,
    theme: Theme,
    size: tuple[int, int],
    *,
    runs: bool,
    speed: float = 1.0,
    layout: Mapping[str, Any] | None = None,
) -> Stage:
    """A stage for a file: with a simulation where it shall run or was saved in the middle of a run."""
    simulation = Simulation(network, state=state) if runs or state is not None else None
    return Stage(network, theme, size, simulation=simulation, speed=speed, layout=layout)
