"""The stage of the reference tests: stored cases, fresh ones from a peer, forced trains through the door."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import Network, Simulation

HERE = Path(__file__).parent


def stored(name):
    """The cases of a JSON beside the tests."""
    return json.loads((HERE / name).read_text())["cases"]


def named(cases):
    """The cases as parameters of a test, each under its own name."""
    return [pytest.param(case, id=case["name"]) for case in cases]


def python_with(package):
    """A Python that can import a peer: this one, or e.g. that of NEUROPIL_NEST_PYTHON; None without."""
    if importlib.util.find_spec(package):
        return sys.executable
    return os.environ.get(f"NEUROPIL_{package.upper()}_PYTHON")


def fresh(maker, folder, seed=20260, package="nest"):
    """Cases with other random numbers, from a NEST (or Brian2) that runs now; skips where there is none."""
    python = python_with(package)
    if python is None:
        pytest.skip(f"{package} is not installed here, nor named by NEUROPIL_{package.upper()}_PYTHON")
    out = folder / "fresh.json"
    subprocess.run(
        [python, str(HERE / maker), str(seed), str(out)],
        check=True,
        capture_output=True,
        timeout=600,
        cwd=HERE,
    )
    return json.loads(out.read_text())["cases"]


def relays(net, label, trains, sign=+1):
    """Relays that fire exactly the given trains (ms)."""
    made = net.add_population(label, "relay", size=len(trains), sign=sign)
    for i, train in enumerate(trains):
        if len(train):
            net.add_input("spike_list", made[i], times=train)
    return made


def run(net, until, **more):
    """A simulation of `net` that has run for `until` ms."""
    sim = Simulation(net, **more)
    sim.run(until)
    return sim


def spike_times(sim, ids):
    """Spikes of some neurons: sorted (t, index within ids)."""
    place = {int(neuron): k for k, neuron in enumerate(ids)}
    got = sim.spikes()
    return [(float(row["t"]), place[int(row["neuron"])]) for row in got if int(row["neuron"]) in place]


def series(record, ids):
    """The recorded values of each id, in time order."""
    return [np.asarray(record["value"][record["id"] == one]) for one in ids]


def stdp_pairing(
    rules,
    pre,
    post,
    synapses,
    *,
    dt,
    until,
    w_min,
    w_max,
    dendritic=1.0,
    sources=(),
    source_delay=1.0,
    seed=1,
    probe="weight",
    precision="double",
    **more,
):
    """Weights that forced presynaptic spikes carry; `synapses` are (pre, post, weight, delay) by index."""
    net = Network(dt=dt, seed=seed, precision=precision)
    sign = -1 if min(weight for _, _, weight, _ in synapses) < 0 else +1
    before = relays(net, "Pre", pre, sign)
    after = relays(net, "Post", post)
    projection = net.add_projection(
        "Plastic",
        before,
        after,
        transmission="current_exp",
        rules=rules,
        w_min=w_min,
        w_max=w_max,
        dendritic=dendritic,
    )
    rows = list(zip(*synapses, strict=True))
    ids = net.add_synapses(
        projection,
        pre=before.ids[list(rows[0])],
        post=after.ids[list(rows[1])],
        weight=np.array(rows[2]),
        delay=np.array(rows[3]),
    )
    if sources:
        dopamine = relays(net, "Dopamine", sources)
        net.add_modulator("DA", "diffuse", sources=dopamine.ids, delay=source_delay)
    watch = net.add_probe(ids, probe, every="pre")
    sim = run(net, until, **more)
    return sim, projection, series(sim.record(watch), np.asarray(ids))
