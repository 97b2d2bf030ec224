"""The workloads of `neuropil bench` in Brian2, compiled to C++ (`cpp_standalone`), as its manual would.

Runs under a Python that has Brian2 (with numpy below 2.4) and a C++ compiler; see `peers.py`.
Every turn is a run of the compiled program from the start, on one thread; its cost is the CPU time of the
loop over steps alone.
"""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import brian2 as b
import numpy as np
import peers
from brian2 import Hz, Network, ms, mV, pA, pF
from peers import numbers

CURRENTS = """
dv/dt = ((e_l - v) + (i_ex + i_in + i_e) * r_m) / tau_m : volt (unless refractory)
di_ex/dt = -i_ex / tau_ex : amp
di_in/dt = -i_in / tau_in : amp
"""
LEARNED = """
w : amp
dx/dt = -x / tau_pre : 1 (event-driven)
dy/dt = -y / tau_post : 1 (event-driven)
"""
ON_PRE = "i_ex_post += w\nx += 1\nw = clip(w - alpha * eta * w_max * y, 0*amp, w_max)"
ON_POST = "y += 1\nw = clip(w + eta * w_max * x, 0*amp, w_max)"


def neurons(n, params, low, high):
    """Neurons, integrated exactly."""
    names = {
        "e_l": params["e_l"] * mV, "i_e": params.get("i_e", 0.0) * pA,
        "r_m": params["tau_m"] * ms / (params["c_m"] * pF), "tau_m": params["tau_m"] * ms,
        "tau_ex": params["tau_syn_ex"] * ms, "tau_in": params["tau_syn_in"] * ms,
        "v_th": params["v_th"] * mV, "v_reset": params["v_reset"] * mV,
    }  # fmt: skip
    made = b.NeuronGroup(
        n, CURRENTS, threshold="v >= v_th", reset="v = v_reset", refractory=params["t_ref"] * ms,
        method="exact", namespace=names,
    )  # fmt: skip
    made.v = f"({low} + {high - low} * rand()) * mV"
    return made


def circuit(name, n):
    """All objects of a workload's circuit, its neurons first."""
    if name == "cuba":
        made = neurons(n, numbers.CUBA, -60.0, -50.0)
        exc, inh = made[: n * 4 // 5], made[n * 4 // 5 :]
        found = [made]
        for pre, weight, to in zip((exc, inh), numbers.CUBA_WEIGHTS, ("i_ex", "i_in"), strict=True):
            synapses = b.Synapses(pre, made, on_pre=f"{to} += w", namespace={"w": weight * pA})
            synapses.connect(p=numbers.CUBA_FAN_IN / n)
            found.append(synapses)
        return found
    if name == "poisson":
        made = neurons(n, {**numbers.BALANCED, "i_e": 0.0}, 0.0, 0.0)
        # Brian2 draws a binomial number: of a thousand slow trains, so that it is as good as Poisson
        rate = numbers.POISSON_RATE / 1000.0 * Hz
        return [made, b.PoissonInput(made, "i_ex", 1000, rate, numbers.POISSON_WEIGHT * pA)]
    made = neurons(n, numbers.BALANCED, 0.0, 20.0)
    many = n * 4 // 5
    exc, inh = made[:many], made[many:]
    k = min(1000, n // 10)
    size = numbers.WEIGHT * 1000.0 / k
    found = [made]
    for pre, weight, to in ((exc, size, "i_ex"), (inh, size * numbers.RATIO, "i_in")):
        for post in (exc, inh):
            if name in ("stdp", "memory") and pre is exc and post is exc:
                stdp = numbers.STDP
                names = {
                    "tau_pre": stdp["tau_pre"] * ms, "tau_post": stdp["tau_post"] * ms,
                    "alpha": stdp["alpha"], "eta": stdp["lambda_"], "w_max": numbers.W_MAX * size * pA,
                }  # fmt: skip
                synapses = b.Synapses(pre, post, LEARNED, on_pre=ON_PRE, on_post=ON_POST, namespace=names)
            else:
                synapses = b.Synapses(pre, post, "w : amp", on_pre=f"{to}_post += w")
            synapses.connect(p=k / n)
            synapses.w = weight * pA
            synapses.delay = numbers.DELAY * ms
            if name in ("stdp", "memory") and pre is exc and post is exc:
                synapses.post.delay = 0 * ms
            found.append(synapses)
    return found


CLOCK = """
{ std::ofstream told("cpu.txt", std::ios::app); told << double(std::clock()) / CLOCKS_PER_SEC << std::endl; }
"""
MEMORY = """
{ std::ifstream status("/proc/self/statm"); long all, kept; status >> all >> kept;
  std::ofstream told("memory.txt"); told << kept << std::endl; }
"""


def main():
    """Compile the circuit, then run it whenever asked."""
    want = peers.asked()
    folder = Path(tempfile.mkdtemp(prefix="brian2-"))
    b.set_device("cpp_standalone", build_on_run=False)
    b.prefs.devices.cpp_standalone.openmp_threads = 0
    b.defaultclock.dt = 0.1 * ms
    b.seed(7)
    b.BrianLogger.suppress_name("method_choice")
    objects = circuit(want["name"], want["n"])
    spikes = b.SpikeMonitor(objects[0])
    span = want["settle"] + 3.0 * want["span"]
    device = b.get_device()
    device.insert_code("before_network_run", CLOCK)
    device.insert_code("after_network_run", CLOCK + MEMORY)
    network = Network(*objects, spikes)
    network.run(span * ms)
    begin = time.perf_counter()
    device.build(str(folder), compile=True, run=False)
    source = folder / "main.cpp"
    source.write_text("#include <ctime>\n#include <fstream>\n" + source.read_text())
    subprocess.run(["make"], cwd=folder, check=True, capture_output=True)
    built = time.perf_counter() - begin

    def go():
        (folder / "cpu.txt").unlink(missing_ok=True)
        device.run(str(folder), with_output=False, run_args=[])
        first, last = map(float, (folder / "cpu.txt").read_text().split())
        if want["name"] == "memory":
            pages = int((folder / "memory.txt").read_text())
            return 4096.0 * pages / sum(len(o) for o in objects if isinstance(o, b.Synapses))
        return (last - first) / (span / 1000.0)

    def end():
        t, i = np.asarray(spikes.t / ms), np.asarray(spikes.i)
        late = t > want["settle"]
        found = peers.described(t[late], i[late], span - want["settle"], len(objects[0]))
        found["synapses"] = int(sum(len(o) for o in objects if isinstance(o, b.Synapses)))
        shutil.rmtree(folder, ignore_errors=True)
        return found

    peers.serve({"version": b.__version__, "compile": built}, go, end)


if __name__ == "__main__":
    main()
