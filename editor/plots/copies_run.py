"""How slow structure is, measured in copies beside the window: how far that is, and how to stop it.

Qt-free; the plot looks at it a few times a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from math import nan

from engine.analysis.followed import enlargement
from engine.analysis.slowness import Slowness, threefold
from engine.errors import Cancelled, NeuropilError
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


class CopiesRun:
    """Enlargement of the spines of a card, and the ratio with varied constants, on a thread of their own."""

    def __init__(self, use: RuleUse | None, slow: float, circuit: Varied | None) -> None:
        self.share = 0.0
        self.enlargement = nan
        self.varied: tuple[float, float] | None = None
        self.error = ""
        self.is_done = False
        self._use, self._slow, self._circuit = use, slow, circuit
        self._begun = 0
        self._wanted = threading.Event()
        self._wanted.set()
        self._thread = threading.Thread(target=self._run, name="neuropil-copies")
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._wanted.clear()
        self._thread.join()

    def _run(self) -> None:
        try:
            if self._use is not None:
                self.enlargement = enlargement(self._use, self._slow, self._go_on)
            if self._circuit is not None:
                self.varied = threefold(self._one)[1:]
        except Cancelled:
            self.error = "the measurement was stopped"
        except NeuropilError as error:
            self.error = str(error)
        finally:
            self.is_done = True

    def _one(self, functional: float, structural: float) -> Slowness:
        circuit = self._circuit
        assert circuit is not None
        self._go_on()
        sim = Simulation(circuit.build(functional, structural))
        sim.run(1000.0 * circuit.seconds, progress=self._told)
        self._begun += 1
        return circuit.slowness(sim)

    def _told(self, share: float) -> None:
        self.share = (self._begun + share) / RUNS
        self._go_on()

    def _go_on(self) -> None:
        if not self._wanted.is_set():
            raise Cancelled("nobody wants to know any more")
