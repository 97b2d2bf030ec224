"""How slow structure is, measured in copies beside the window: how far that is, and how to stop it.

Qt-free; the plot looks at it a few times a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

from editor.aside import Aside
from engine.analysis.followed import enlargement
from engine.analysis.slowness import Slowness, threefold
from engine.network.network import Network
from engine.network.parts import RuleUse
from engine.runtime.simulation import Simulation

RUNS = 5
"""Runs that varying both sides threefold takes."""


@dataclass(frozen=True)
class Varied:
    """A circuit that can be had with its time constants multiplied, and how its half-times are read."""

    build: Callable[[float, float], Network]
    """`build(functional, structural)`."""
    slowness: Callable[[Simulation], Slowness]
    seconds: float


class CopiesRun(Aside):
    """Enlargement of the spines of a card, and the ratio with varied constants."""

    stopped = "the measurement was stopped"

    def __init__(self, use: RuleUse | None, slow: float, circuit: Varied | None) -> None:
        super().__init__("neuropil-copies")
        self.enlargement = nan
        self.varied: tuple[float, float] | None = None
        self._use, self._slow, self._circuit = use, slow, circuit
        self._begun = 0
        self._start()

    def work(self) -> None:
        if self._use is not None:
            self.enlargement = enlargement(self._use, self._slow, self._go_on)
        if self._circuit is not None:
            self.varied = threefold(self._one)[1:]

    def _one(self, functional: float, structural: float) -> Slowness:
        circuit = self._circuit
        assert circuit is not None
        self._go_on()
        sim = Simulation(circuit.build(functional, structural))
        sim.run(1000.0 * circuit.seconds, progress=self._shown)
        self._begun += 1
        return circuit.slowness(sim)

    def _shown(self, share: float) -> None:
        self._told((self._begun + share) / RUNS)
        self._go_on()
