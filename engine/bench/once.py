"""What is measured besides running: memory, building, growth and loss of synapses, edits, files."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine import Network, Simulation, load, save
from engine.bench import circuits, numbers
from engine.bench.curves import Curves
from engine.bench.memory import resident

GROWTH = {"curve": "linear", "nu": 0.0, "update": 1e8, "weight": 20.0, "delay": 1.5}


class Memory:
    """The bytes of one synapse of a plastic circuit, taken from the whole process."""

    def __init__(self, n: int) -> None:
        stack = [("stdp_pair", numbers.STDP)]
        small = Simulation(circuits.balanced(100, stack, k=10))
        small.run(10.0)  # the kernels are loaded
        self.empty = resident()
        self.sim = Simulation(circuits.balanced(n, stack, k=min(1000, n // 10)))
        self.sim.run(50.0)
        self.synapses = self.sim.base.synapse_count
        self.facts: dict[str, Any] = {"synapses": self.synapses}

    def go(self) -> float:
        """Bytes per synapse now."""
        return (resident() - self.empty) / self.synapses

    def end(self) -> dict[str, Any]:
        """Nothing more."""
        return {}


class Building:
    """From nothing to the first step."""

    def __init__(self, n: int) -> None:
        self.n = n
        Simulation(circuits.balanced(100, k=10)).run(1.0)
        self.facts: dict[str, Any] = {"synapses": n * min(1000, n // 10)}

    def go(self) -> float:
        """Build the circuit and run one step."""
        begin = time.process_time()
        Simulation(circuits.balanced(self.n, k=min(1000, self.n // 10))).run(0.1)
        return time.process_time() - begin

    def end(self) -> dict[str, Any]:
        """Nothing more."""
        return {}


class Turnover:
    """A circuit that grows one synapse in a hundred at once and then loses as many."""

    def __init__(self, n: int, deletes: bool) -> None:
        neurons = max(100, n // 100)
        net = Network(dt=0.1, seed=4, precision="single")
        pre = net.add_population("Pre", "iaf_psc_exp", size=neurons)
        post = net.add_population("Post", "iaf_psc_exp", size=neurons)
        projection = net.add_projection("Synapses", pre, post, rules=[("element_growth", GROWTH)])
        net.wire(projection, "fixed_in", n=n // neurons, weight=20.0, delay=1.5)
        self.sim, self.share = Simulation(net), max(1, n // 100)
        (self.elements,) = self.sim.circuit.elements[projection.id]
        self.deletes = deletes
        self.synapses = net.synapse_count
        self.random = np.random.Generator(np.random.Philox(3))
        self.facts: dict[str, Any] = {"synapses": n, "changed": self.share}
        self.sim.run(10.0)

    def go(self) -> float:
        """Grow, then lose; returns the us per synapse of the half that was asked for."""
        costs = []
        for sign in (1.0, -1.0):
            before = len(self.way.synapses)
            side = slice(0, 2) if sign > 0 else slice(1, 2)  # a lost spine is enough to lose a synapse
            for z in self.elements.z[side]:
                z += sign * np.bincount(self.random.integers(0, z.size, self.share), minlength=z.size)
            begin = time.process_time()
            self.sim.slowly.grow(self.elements, self.sim.slowly.spikes(), self.sim.step)
            took = time.process_time() - begin
            costs.append(1e6 * took / max(1, abs(len(self.way.synapses) - before)))
            # elements follow the synapses, so that the next turn begins as this one did
            self.elements.z = [count.astype(np.float64) for count in self.elements.connected()]
            self.sim.run(0.1)
        return costs[int(self.deletes)]

    @property
    def way(self) -> Any:
        """The projection as it runs."""
        return self.elements.pathway

    def end(self) -> dict[str, Any]:
        """How many synapses there are in the end: as many as at first."""
        return {"synapses": len(self.way.synapses)}


class Edited:
    """A plastic circuit whose owner moves things while it runs."""

    def __init__(self, n: int) -> None:
        neurons = max(200, int(np.sqrt(n * 10)))
        self.sim = Simulation(circuits.balanced(neurons, [("stdp_pair", numbers.STDP)], k=neurons // 10))
        self.facts: dict[str, Any] = {"synapses": self.sim.base.synapse_count}
        self.way = next(w for w in self.sim.circuit.pathways.values() if w.uses)
        self.turn = 0
        self.sim.run(20.0)

    def go(self) -> float:
        """Turn a knob of a rule, or set one weight; then one block of steps runs with it.  Wall time."""
        self.turn += 1
        begin = time.perf_counter()
        if self.turn % 2:
            self.sim.set(self.sim.base.projections[self.way.id].pre, i_e=380.0 + self.turn)
        else:
            id = int(self.way.projection.synapses.id[self.turn * 7 % len(self.way.synapses)])
            self.sim.set(id, weight=1.0 + 0.1 * (self.turn % 7))
        self.sim.run(1.5)
        return 1e3 * (time.perf_counter() - begin)

    def end(self) -> dict[str, Any]:
        """Nothing more."""
        return {}


class Filed:
    """A plastic circuit in mid-run that is written to a file, or read from one."""

    def __init__(self, n: int, opens: bool) -> None:
        neurons = max(200, int(np.sqrt(n * 10)))
        self.sim = Simulation(circuits.balanced(neurons, [("stdp_pair", numbers.STDP)], k=neurons // 10))
        self.sim.run(50.0)
        self.opens = opens
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "circuit.neuropil"
        save(self.sim, self.path)
        self.facts: dict[str, Any] = {
            "synapses": self.sim.base.synapse_count,
            "bytes": self.path.stat().st_size,
        }

    def go(self) -> float:
        """Write it, or read it and go one step on."""
        begin = time.process_time()
        if self.opens:
            network, state = load(self.path)
            Simulation(network, state=state).run(0.1)
        else:
            save(self.sim, self.path)
        return time.process_time() - begin

    def end(self) -> dict[str, Any]:
        """Let the file go."""
        self.folder.cleanup()
        return {}


SIDES: dict[str, Callable[[int], Any]] = {
    "curves": Curves,
    "memory": Memory,
    "building": Building,
    "create": lambda n: Turnover(n, deletes=False),
    "delete": lambda n: Turnover(n, deletes=True),
    "edit": Edited,
    "saving": lambda n: Filed(n, opens=False),
    "opening": lambda n: Filed(n, opens=True),
}
"""By the name a workload gives as its script."""
