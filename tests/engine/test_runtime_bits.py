"""The same network, seed and edits give the same bits, however the run is cut, watched, saved or threaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Network, Simulation
from engine.network.edits import AddSynapses, RemoveSynapses, SetParams
from tests.engine.bits import digest, living_network

STEPS = 600


@pytest.fixture(scope="module")
def net() -> Network:
    return living_network()


@pytest.fixture(scope="module")
def expected(net: Network) -> str:
    sim = Simulation(net)
    sim.run(STEPS * 0.1)
    changes = sim.drain_changes()
    assert len(sim.spikes()) > 1500
    assert sum(c.ids.size for c in changes if c.kind == "grown") > 20
    assert sum(c.ids.size for c in changes if c.kind == "pruned") > 20
    return digest(sim)


@pytest.mark.parametrize("chunk", [1, 7, 100])
def test_cutting_a_run_changes_nothing(net: Network, expected: str, chunk: int) -> None:
    sim = Simulation(net)
    while sim.step < STEPS:
        sim.advance(min(chunk, STEPS - sim.step))
    assert digest(sim) == expected


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_change_nothing(net: Network, expected: str, threads: int) -> None:
    sim = Simulation(net, threads=threads)
    sim.run(STEPS * 0.1)
    assert digest(sim) == expected


def test_looking_changes_nothing(net: Network, expected: str) -> None:
    sim = Simulation(net)
    while sim.step < STEPS:
        sim.advance(31 if sim.step + 31 <= STEPS else STEPS - sim.step)
        for id in net.projections:
            sim.synapses(id)
        sim.network.canonical()
        sim.neuron_view()
        sim.capture()
    assert digest(sim) == expected


@pytest.mark.parametrize("at", [1, 217, 500])
def test_a_capture_continues_in_a_new_simulation(net: Network, expected: str, at: int) -> None:
    first = Simulation(net)
    first.advance(at)
    early = first.spikes()
    second = Simulation(first.network, state=first.capture())
    assert second.step == at
    second.advance(STEPS - at)
    joined = np.concatenate([early, second.spikes()])
    second.recorder.spike_chunks = [(joined["step"].copy(), joined["neuron"].copy())]
    assert digest(second) == expected


def test_going_back_repeats_the_same_future(net: Network, expected: str) -> None:
    sim = Simulation(net)
    sim.advance(200)
    state = sim.capture()
    sim.advance(250)
    sim.restore(state)
    assert sim.step == 200
    sim.advance(STEPS - 200)
    assert digest(sim) == expected


def test_another_seed_is_another_run(net: Network, expected: str) -> None:
    twin = net.copy()
    twin.seed = 12
    sim = Simulation(twin)
    sim.run(STEPS * 0.1)
    assert digest(sim) != expected


def scripted(sim: Simulation, net: Network, chunk: int) -> str:
    """A run with edits at fixed steps, cut into pieces of `chunk` steps in between."""
    exc = net.population("E")
    ee = net.projection("EE")
    new = AddSynapses(int(ee), [900_001, 900_002], exc.ids[:2], exc.ids[7:9], [50.0, 50.0], [1.5, 1.5])
    script: list[tuple[int, Any]] = [
        (100, lambda: sim.apply(RemoveSynapses(ee.ids[5:25]))),
        (200, lambda: sim.apply(new)),
        (300, lambda: sim.apply(SetParams([int(exc)], {"v_th": -56.0}))),
        (350, lambda: sim.poke("fire", exc.ids[:30])),
        (400, lambda: sim.apply(SetParams([int(ee)], {"stdp_pair.lambda_": 0.02}))),
    ]
    for at, act in script:
        while sim.step < at:
            sim.advance(min(chunk, at - sim.step))
        act()
    sim.advance(STEPS - sim.step)
    return digest(sim)


def test_edits_at_the_same_steps_give_the_same_bits(net: Network, expected: str) -> None:
    found = {scripted(Simulation(net), net, 1000), scripted(Simulation(net), net, 3)}
    threaded = Simulation(net, threads=2)
    found.add(scripted(threaded, net, 50))
    assert len(found) == 1
    assert found != {expected}


@pytest.mark.long
def test_another_processor_gives_the_same_bits(expected: str) -> None:
    root = Path(__file__).parents[2]
    asked = (
        "from engine import Simulation; from tests.engine import bits;"
        f"sim = Simulation(bits.living_network()); sim.run({STEPS * 0.1}); print(bits.digest(sim))"
    )
    plain = {**os.environ, "NUMBA_CPU_NAME": "generic", "PYTHONPATH": str(root)}
    told = subprocess.run(
        [sys.executable, "-c", asked], env=plain, cwd=root, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == expected
