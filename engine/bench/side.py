"""One side of a comparison as a process: it builds, says that it is ready, and measures when it is asked.

    python -m engine.bench.side '{"name": "cuba", "n": 4000, "variant": ""}'

A peer's script speaks the same way.  Lines on stdout are JSON: first {"ready": facts}, then for each line
"go" on stdin {"cost": number}, at the end of stdin {"end": facts}.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

from engine import Simulation
from engine.bench import once
from engine.bench.memory import resident
from engine.bench.stages import profile
from engine.bench.statistics import described
from engine.bench.workloads import WORKLOADS, Workload, pair_alone

LOOKS = 30.0
"""Looks a second, as a window takes them."""


class Side(Protocol):
    """Something that can be measured again and again."""

    facts: dict[str, Any]

    def go(self) -> float:
        """Do it once; returns what it cost, in the unit of the workload."""

    def end(self) -> dict[str, Any]:
        """What it came to, so that both sides can be seen to have done the same."""


class Running:
    """A circuit that runs a little further each time."""

    def __init__(self, workload: Workload, n: int, variant: str) -> None:
        empty = resident()
        clock = time.process_time()
        precision = "double" if variant == "double" else "single"
        assert workload.build is not None
        net = (pair_alone if variant == "pair alone" else workload.build)(n, precision)
        self.clock: Callable[[], float] = time.process_time
        threads = 1
        if variant == "two threads":
            threads, self.clock = 2, time.perf_counter
        self.sim = Simulation(net, threads=threads)
        self.synapses, self.span = net.synapse_count, workload.span
        self.neurons = sum(len(p) for p in net.populations.values() if p.kind == "neuron")
        self.watched = variant == "watched"
        self.shows_stages = not variant
        if variant == "unrecorded":
            for cells in self.sim.circuit.cells.values():
                cells.exchange_ii[6] = 0
        built = time.process_time() - clock
        self.sim.run(workload.settle)
        self.since = self.sim.step
        memory = (resident() - empty) / max(self.synapses, 1)
        self.facts = {"synapses": self.synapses, "build": built, "bytes": memory}

    def go(self) -> float:
        """Run on; 30 looks a second, as the window takes them, if it is watched."""
        begin = self.clock()
        if self.watched:
            looks = int(self.span / 1000.0 * LOOKS) or 1
            steps = round(self.span / self.sim.dt)
            for k in range(looks):
                self.sim.run((steps * (k + 1) // looks - steps * k // looks) * self.sim.dt)
                self.sim.neuron_view()
                self.sim.spikes_since(self.sim.step - 10)
        else:
            self.sim.run(self.span)
        return (self.clock() - begin) / (self.span / 1000.0)

    def end(self) -> dict[str, Any]:
        """Rate and regularity since the circuit had settled."""
        when, who = self.sim.spikes_since(self.since)
        span = (self.sim.step - self.since) * self.sim.dt
        found = described(when * self.sim.dt, who, span, self.neurons) | {"t": self.sim.t}
        if self.shows_stages:
            spent = profile(self.sim, self.span)
            found["stages"] = {name: s / max(sum(spent.values()), 1e-12) for name, s in spent.items()}
        return found


def side(name: str, n: int, variant: str) -> Side:
    """Our side of a workload."""
    workload = WORKLOADS[name]
    if workload.build is not None:
        return Running(workload, n, variant)
    made: Side = once.SIDES[workload.script](n)
    return made


def serve(made: Side) -> None:
    """Answer on stdout whatever stdin asks."""
    tell({"ready": made.facts})
    for line in sys.stdin:
        if line.strip() == "go":
            tell({"cost": made.go()})
    tell({"end": made.end()})


def tell(said: dict[str, Any]) -> None:
    """One line of JSON."""
    print(json.dumps(said), flush=True)


def main(asked: str) -> None:
    """Be the side that the JSON text describes."""
    wanted = json.loads(asked)
    serve(side(wanted["name"], wanted["n"], wanted["variant"]))


if __name__ == "__main__":
    main(sys.argv[1])
