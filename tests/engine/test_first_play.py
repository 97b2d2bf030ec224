"""The first Play of all: the circuit runs before its rule is there, and children compile all of it.

In a process of its own with empty caches, so that what another test has compiled does not count.
"""

import json
import os
import subprocess
import sys

import pytest

PLAY = """
import json, queue, time
import numba.core.compiler as compiler
from engine.kernels.crew import CREW
from engine.live import messages as say
from engine.live.building import Builder
from engine.live.checkpoints import Checkpoints
from engine.live.frame import FramePool
from engine.live.worker import Worker
from engine.network.network import Network

compiled = []
extra = compiler.CompilerBase.compile_extra

def noted(self, function):
    compiled.append(f"{function.__module__}.{function.__qualname__}")
    return extra(self, function)

compiler.CompilerBase.compile_extra = noted

net = Network(dt=0.1, seed=3)
exc = net.add_population("E", "iaf_psc_exp", 20)
ee = net.add_projection("E to E", exc, exc, rules=["stdp_pair"])
net.wire(ee, "fixed_probability", p=0.3, weight=40.0, delay=1.5)
other = net.add_population("F", "iaf_psc_exp", 5)
ef = net.add_projection("E to F", exc, other, rules=["stdp_pair"])
net.wire(ef, "all_to_all", weight=40.0, delay=1.5)
net.add_input("poisson", exc, rate=9000.0, weight=30.0)

begun = []
compile = CREW._next
def next_job():
    job = compile()
    if job is not None:
        begun.append(job.recipe.about)
    return job
CREW._next = next_job

said, posted = [], queue.SimpleQueue()
frames = FramePool()
worker = Worker(net, said.append, make=Builder(), frames=frames, checkpoints=Checkpoints(), post=posted.put)
worker.receive(say.Play())
first = None
end = time.monotonic() + 500.0
while time.monotonic() < end and not worker.is_over:
    worker.turn()
    with frames.take() as frame:
        has_spiked = len(frame.spikes) > 0
    if first is None and has_spiked:
        first = [len(worker.simulation.base.projections[ee.id].rules), len(compiled)]
    if not posted.empty():
        worker.receive(posted.get())
        break
    time.sleep(0.001)
dressed = worker.simulation.step
worker.simulation.advance(100)
worker.close()
print(json.dumps({
    "begun": begun, "first": first, "dressed": dressed, "compiled": compiled,
    "preparing": [m.what for m in said if isinstance(m, say.Preparing)],
    "rules": len(worker.simulation.base.projections[ee.id].rules),
}))
"""


@pytest.mark.slow
def test_a_circuit_plays_before_its_rule_is_there_and_nothing_is_compiled_beside_the_window(tmp_path):
    env = {**os.environ, "NEUROPIL_CACHE": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    said = subprocess.run([sys.executable, "-c", PLAY], env=env, capture_output=True, text=True, timeout=580)
    assert not said.returncode, said.stderr
    told = json.loads(said.stdout.splitlines()[-1])
    rule = "stack current_exp stdp_pair float64 watched"
    assert told["preparing"] == ["Pair STDP"]
    assert told["begun"][-1] == rule, "what the circuit cannot run without comes first"
    assert told["first"] == [0, 0], "the first spike came without rules"
    assert told["dressed"] > 0
    assert told["rules"] == 1
    assert told["compiled"] == []
