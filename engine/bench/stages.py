"""Where the time of a run goes: the share of every stage, and of every projection among the arrivals."""

from __future__ import annotations

import time

from engine import Simulation
from engine.kernels import calls


def profile(sim: Simulation, duration: float) -> dict[str, float]:
    """CPU seconds of each stage over `duration` ms, run block by block; the bits are those of `run`."""
    circuit = sim.circuit
    table = circuit.called
    end = circuit.now + round(duration / sim.dt)
    spent: dict[str, float] = {"inputs": 0.0, "neurons": 0.0, "exchange": 0.0}
    ways = [(way, way.remember, way.visit) for way in circuit.pathways.values()]
    clock = time.process_time
    while circuit.now < end:
        s, e = circuit.now + 1, min(circuit.now + 1 + circuit.block, end + 1)
        at = clock()
        calls.each(table["inputs"], s, e, 0, circuit.tiles)
        spent["inputs"] += clock() - at
        at = clock()
        if len(table["gaps"]) or len(table["probes"]):
            calls.before(
                table["inputs"][:0], table["gaps"], table["neurons"], table["probes"], s, e, 0, circuit.tiles
            )
        else:
            calls.each(table["neurons"], s, e, 0, circuit.tiles)
        spent["neurons"] += clock() - at
        at = clock()
        calls.each(table["exchange"], s, e, 0, circuit.tiles)
        spent["exchange"] += clock() - at
        for way, remember, visit in ways:
            at = clock()
            for step in range(s, e):
                if remember is not None:
                    remember(step, step + 1, 0, circuit.tiles)
                if visit is not None:
                    visit(step, step + 1, 0, circuit.tiles)
            name = f"arrivals {way.label}"
            spent[name] = spent.get(name, 0.0) + clock() - at
        circuit.now = e - 1
        at = clock()
        stepped, rows = sim.recorder.take(circuit)
        sim.slowly.note(stepped, rows)
        circuit.bad[0] = 0
        if sim.slowly.next_after(e - 2, e - 1) == e - 1:
            sim.slowly.tick(e - 1)
        spent["between steps"] = spent.get("between steps", 0.0) + clock() - at
    return spent
