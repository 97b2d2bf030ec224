"""The loops around all kernels are compiled aside, as the kernels are, not in the process of the window."""

import os
import subprocess
import sys

from engine import Network, Simulation
from engine.kernels import driver, recipes, warm_up
from engine.network.edits import RemoveSynapses
from engine.runtime import pools

ASK = "from engine.kernels import driver; print(driver.is_ready())"
PREPARE = "from engine.kernels import driver; driver.prepare(); print([*map(misses, driver.LOOPS)])"
MISSES = "misses = lambda loop: sum(loop.stats.cache_misses.values());"


def asked(text, folder):
    """What a process of its own prints that keeps what it compiles in a folder."""
    env = {**os.environ, "NUMBA_CACHE_DIR": str(folder)}
    said = subprocess.run([sys.executable, "-c", text], env=env, capture_output=True, text=True, timeout=300)
    assert not said.returncode, said.stderr
    return said.stdout.strip()


def test_what_one_process_has_compiled_the_next_finds_and_knows_that_it_will(tmp_path):
    assert asked(ASK, tmp_path) == "False"
    assert asked(MISSES + PREPARE, tmp_path) != str([0] * len(driver.LOOPS))
    assert asked(ASK, tmp_path) == "True"
    assert asked(MISSES + PREPARE, tmp_path) == str([0] * len(driver.LOOPS))


def test_a_circuit_calls_the_loops_with_nothing_they_were_not_compiled_for():
    driver.prepare()
    before = [list(loop.signatures) for loop in driver.LOOPS]
    net = Network(dt=0.1, seed=3)
    exc = net.add_population("E", "iaf_psc_exp", 20)
    ee = net.add_projection("E to E", exc, exc, rules=["stdp_pair"])
    net.wire(ee, "fixed_probability", p=0.3, weight=40.0, delay=1.5)
    net.add_input("poisson", exc, rate=9000.0, weight=30.0)
    sim = Simulation(net, eye=True)
    sim.run(20.0)
    sim.weights(ee.id)
    assert [list(loop.signatures) for loop in driver.LOOPS] == before


def test_synapses_come_and_go_in_loops_that_a_child_can_compile():
    pools.prepare()
    assert pools.is_ready()
    before = [list(loop.signatures) for loop in pools.LOOPS]
    net = Network(dt=0.1, seed=3)
    exc = net.add_population("E", "iaf_psc_exp", 20)
    ee = net.add_projection("E to E", exc, exc, rules=[("element_growth", {"update": 10.0, "nu": 0.05})])
    net.wire(ee, "fixed_probability", p=0.1, weight=40.0, delay=1.5)
    sim = Simulation(net)
    sim.apply(RemoveSynapses(net.projections[ee.id].synapses.id[:3]))
    sim.run(500.0)
    assert any(change.kind == "grown" for change in sim.drain_changes())
    assert [list(loop.signatures) for loop in pools.LOOPS] == before


def test_they_come_first_and_no_circuit_does_without():
    assert recipes.DRIVER in warm_up.groundwork()
    assert recipes.of(Network())[0] == recipes.DRIVER


def test_kernels_are_found_where_numba_was_told_to_keep_them(tmp_path):
    about = "from engine.kernels.recipes import derive; each = derive('relay');"
    assert asked(f"{about} print(each.is_ready()); each.module()", tmp_path) == "False"
    assert asked(f"{about} print(each.is_ready())", tmp_path) == "True"
