"""One stored case, acted out: what a neuron does, what a synapse delivers, the rules of a gated one."""

import numpy as np

from engine import Network
from tests.references.stage import relays, run, series, spike_times


def single(case, precision="double"):
    net = Network(dt=case["dt"], seed=1, precision=precision)
    cell = net.add_population("Neuron", case["model"], size=1, sign=+1, params=case["params"])
    for train in case["trains"]:
        net.add_input("spike_list", cell, times=train["times"], weight=train["weight"])
    if case["current"]["times"]:
        net.add_input("step_current", cell, **case["current"])
    probe = net.add_probe(cell, "v", every=case["every"])
    sim = run(net, case["for"])
    return [t for t, _ in spike_times(sim, cell.ids)], sim.record(probe)["value"]


def dopamine_stack(params, w_max):
    """Pair STDP whose steps are 1 in the tag, then the gate."""
    induction = {
        "tau_pre": params["tau_pre"],
        "tau_post": params["tau_post"],
        "lambda_": 1.0 / w_max,
        "alpha": 1.0,
        "mu_plus": 0.0,
        "mu_minus": 0.0,
    }
    gate = {key: params[key] for key in ("a_plus", "a_minus", "tau_c", "tau_n", "b")}
    return [("stdp_pair", induction), ("dopamine", gate)]


def amplitudes(case, precision="double"):
    """What each presynaptic spike delivers."""
    net = Network(dt=case["dt"], seed=1, precision=precision)
    pre = relays(net, "Pre", [case["train"]], -1 if case["weight"] < 0 else +1)
    post = net.add_population("Post", "iaf_psc_exp", size=1, sign=+1)
    params = dict(case["params"], form=case["form"])
    projection = net.add_projection("Synapse", pre, post, transmission="tsodyks_markram", params=params)
    ids = net.add_synapses(projection, pre=pre.ids, post=post.ids, weight=case["weight"], delay=case["delay"])
    probe = net.add_probe(ids, "transmitted", every="pre")
    return series(run(net, case["for"]).record(probe), np.asarray(ids))[0]
