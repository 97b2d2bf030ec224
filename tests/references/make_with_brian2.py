"""Pair STDP, short-term plasticity and a current-driven neuron as Brian2's users write them (A01, A07, A14).

Runs under a Python that has Brian2 (2.9.0 was used, with numpy below 2.4):

    python tests/references/make_with_brian2.py            writes tests/references/brian2.json
    python tests/references/make_with_brian2.py 7 out.json writes other random cases, for the live comparison

A step of Brian2 bears the time at which it begins, a step of ours that at which it ends: what Brian2 calls
t is t + dt here.  Delays are axonal, and a synapse transmits before it learns.
"""

import json
import sys
from pathlib import Path

import brian2 as b
import numpy as np
from brian2 import ms, mV, pA, pF

b.prefs.codegen.target = "numpy"
b.BrianLogger.log_level_error()
DT = 0.1


def sources(trains):
    """Cells that fire so that their spikes end the steps at these times (ms)."""
    who = np.concatenate([np.full(len(train), k) for k, train in enumerate(trains)]).astype(int)
    when = np.round(np.concatenate([np.asarray(train) for train in trains]) - DT, 9)
    return b.SpikeGeneratorGroup(len(trains), who, when * ms)


def begin():
    b.start_scope()
    b.defaultclock.dt = DT * ms


def train(rng, rate, until):
    """A Poisson train on the grid whose spikes keep off whole milliseconds, where weights are looked at."""
    steps = np.flatnonzero(rng.random(round(until / DT)) < rate * DT / 1000.0)
    steps = steps[(steps > 20) & (steps % 10 >= 2) & (steps % 10 <= 8)]
    return [round(float(step * DT), 6) for step in steps]


def stdp(name, rng, until=1000.0):
    """The weights of synapses every five milliseconds under pair STDP with traces, all to all."""
    begin()
    p = {
        "tau_pre": float(rng.uniform(10, 30)), "tau_post": float(rng.uniform(15, 45)),
        "up": float(rng.uniform(0.005, 0.03)), "down": float(rng.uniform(0.005, 0.03)),
    }  # fmt: skip
    pre = [train(rng, 25.0, until) for _ in range(3)]
    delay = [float(d) for d in rng.integers(1, 6, 3)]
    taken = {round(t + d, 6) for one, d in zip(pre, delay, strict=True) for t in one}
    # a pre and a post spike that meet in one step: Brian2 counts the pair, the kernel here does not
    post = [t for t in train(rng, 20.0, until) if t not in taken]
    names = {
        "tau_pre": p["tau_pre"] * ms, "tau_post": p["tau_post"] * ms, "up": p["up"], "down": p["down"],
    }  # fmt: skip
    synapses = b.Synapses(
        sources(pre), sources([post]),
        """w : 1
        dapre/dt = -apre / tau_pre : 1 (event-driven)
        dapost/dt = -apost / tau_post : 1 (event-driven)""",
        on_pre="apre += up\nw = clip(w + apost, 0, 1)", on_post="apost -= down\nw = clip(w + apre, 0, 1)",
        namespace=names,
    )  # fmt: skip
    synapses.connect()
    synapses.pre.delay = np.array(delay) * ms
    start = [0.2, 0.5, 0.8]
    synapses.w = start
    seen = b.StateMonitor(synapses, "w", record=True, dt=5.0 * ms)
    b.Network(synapses.source, synapses.target, synapses, seen).run(until * ms)
    weights = [[float(w) for w in row[1:]] for row in seen.w]  # at 5, 10, ... ms
    return {
        "name": name, "kind": "stdp", "params": p, "dt": DT, "for": until, "pre": pre, "post": post,
        "delay": delay, "start": start, "weights": weights,
    }  # fmt: skip


def short_term(name, rng, until=1500.0):
    """What each spike delivers through a synapse whose u facilitates and whose x is used up."""
    begin()
    p = {
        "u": float(rng.uniform(0.05, 0.8)), "tau_rec": float(rng.uniform(50, 800)),
        "tau_fac": float(rng.uniform(20, 1000)),
    }  # fmt: skip
    pre = train(rng, float(rng.uniform(10, 60)), until - 50.0)
    synapses = b.Synapses(
        sources([pre]), b.NeuronGroup(1, "got : 1"),
        """w : 1
        r : 1
        du/dt = -u / tau_fac : 1 (event-driven)
        dx/dt = (1 - x) / tau_rec : 1 (event-driven)""",
        on_pre="u += U * (1 - u)\nr = u * x\nx -= r\ngot_post += w * r",
        namespace={"U": p["u"], "tau_rec": p["tau_rec"] * ms, "tau_fac": p["tau_fac"] * ms},
    )  # fmt: skip
    synapses.connect()
    synapses.x, synapses.w = 1.0, 3.0
    seen = b.StateMonitor(synapses, "r", record=True)
    b.Network(synapses.source, synapses.target, synapses, seen).run(until * ms)
    step = [round(t / DT) for t in pre]  # the step that begins where the spike's own has ended
    amplitudes = [3.0 * float(seen.r[0][k]) for k in step]
    return {
        "name": name, "kind": "short_term", "params": p, "weight": 3.0, "dt": DT, "for": until, "pre": pre,
        "amplitudes": amplitudes,
    }  # fmt: skip


def neuron(name, rng, until=600.0):
    """Spikes and potential of a leaky neuron with two exponential currents, integrated exactly."""
    begin()
    p = {
        "c_m": float(rng.uniform(150, 300)), "tau_m": float(rng.uniform(8, 25)), "e_l": -65.0, "v_th": -50.0,
        "v_reset": -60.0, "tau_syn_ex": float(rng.uniform(2, 6)), "tau_syn_in": float(rng.uniform(6, 12)),
        "i_e": float(rng.uniform(0, 150)),
    }  # fmt: skip
    refractory = float(rng.choice([2.0, 3.0, 5.0]))
    units = {"c_m": pF, "tau_m": ms, "tau_syn_ex": ms, "tau_syn_in": ms, "i_e": pA}
    names = {key: value * units.get(key, mV) for key, value in p.items()}
    cell = b.NeuronGroup(
        1,
        """dv/dt = (e_l - v) / tau_m + (i_ex + i_in + i_e) / c_m : volt (unless refractory)
        di_ex/dt = -i_ex / tau_syn_ex : amp
        di_in/dt = -i_in / tau_syn_in : amp""",
        threshold="v >= v_th", reset="v = v_reset", refractory=refractory * ms, method="exact",
        namespace=names,
    )  # fmt: skip
    cell.v = p["e_l"] * mV
    trains = [train(rng, 400.0, until), train(rng, 100.0, until)]
    parts = [cell]
    for spikes, target, weight in zip(trains, ("i_ex", "i_in"), (220.0, -100.0), strict=True):
        way = b.Synapses(sources([spikes]), cell, on_pre=f"{target}_post += {weight} * pA")
        way.connect()
        way.delay = 1.0 * ms
        parts += [way.source, way]
    fired, seen = b.SpikeMonitor(cell), b.StateMonitor(cell, "v", record=True, dt=1.0 * ms)
    b.Network(*parts, fired, seen).run(until * ms)
    return {
        "name": name, "kind": "neuron", "dt": DT, "for": until, "trains": trains, "weights": [220.0, -100.0],
        # Brian2 integrates again in the step that begins `refractory` after the one that spiked
        "params": {**p, "t_ref": round(refractory - DT, 9)},
        "spikes": [round(float(t / ms) + DT, 6) for t in fired.t],
        "v": [float(v / mV) for v in seen.v[0][1:]],
    }  # fmt: skip


def main():
    rng = np.random.default_rng(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
    cases = [
        make(f"{make.__name__.replace('_', ' ')} {k}", rng)
        for make in (stdp, short_term, neuron)
        for k in range(3)
    ]
    path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).with_name("brian2.json")
    told = {"made with": f"Brian2 {b.__version__}", "by": Path(__file__).name, "cases": cases}
    path.write_text(json.dumps(told).replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
