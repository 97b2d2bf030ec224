"""Weights carried by presynaptic spikes under nearest-neighbour STDP and inhibitory plasticity, by NEST.

Measures A18 and A32.  Every presynaptic train begins before all postsynaptic ones: NEST takes the start of
the simulation for a presynaptic spike of the nearest-neighbour rules, and we do not.
"""

import numpy as np
from make_plasticity import bundle
from nest_side import events, parrots, seed, start, write

MODELS = {
    "symmetric": "stdp_nn_symm_synapse",
    "restricted": "stdp_nn_restr_synapse",
    "pre_centered": "stdp_nn_pre_centered_synapse",
}


def learn(name, rule, dt, until, params, w_max, pre, post, synapses):
    """Weights carried by every presynaptic spike of `synapses`: (pre, post, weight, delay) by index."""
    nest = start(dt)
    before, after = parrots(nest, pre, dt), parrots(nest, post, dt)
    weights = nest.Create("weight_recorder")
    if rule == "stdp_nearest":
        model = MODELS[params["scheme"]]
        given = {
            "tau_plus": params["tau_plus"], "lambda": params["lambda_"], "alpha": params["alpha"],
            "mu_plus": params["mu_plus"], "mu_minus": params["mu_minus"],
        }  # fmt: skip
        after.tau_minus = params["tau_minus"]
    else:
        model = "vogels_sprekeler_synapse"
        given = {"tau": params["tau"], "eta": params["eta"], "alpha": params["alpha"]}
        after.tau_minus = params["tau"]
    nest.CopyModel(model, "recorded", {"weight_recorder": weights})
    for i, j, weight, delay in synapses:
        nest.Connect(
            before[i],
            after[j],
            syn_spec={
                "synapse_model": "recorded", "weight": weight, "delay": delay, "receptor_type": 1,
                "Wmax": w_max, **given,
            },
        )  # fmt: skip
    nest.Simulate(until)
    _, senders, targets, carried = events(weights, "times", "senders", "targets", "weights")
    first_pre, first_post = before[0].global_id, after[0].global_id
    series = []
    for i, j, _, _ in synapses:
        mine = (senders == first_pre + i) & (targets == first_post + j)
        series.append([float(x) for x in carried[mine]])
    return {
        "name": name, "rule": rule, "dt": dt, "for": until, "params": params, "w_max": w_max, "pre": pre,
        "post": post, "synapses": synapses, "carried": series,
    }  # fmt: skip


def trains(rng, dt, until, w_max, rate):
    """As for other rules, with a presynaptic spike before everything else."""
    pre, post, synapses = bundle(rng, dt, until, w_max, rate, size=(2, 2))
    post = [[t for t in train if t > 5 * dt] for train in post]
    return [sorted({round(2 * dt, 9), *train}) for train in pre], post, synapses


def main():
    rng = np.random.default_rng(seed(18))
    cases = []
    for k, scheme in enumerate([*MODELS, *MODELS]):
        dt, sign = [0.1, 1.0, 0.5][k % 3], [1.0, -1.0][k // 3]
        w_max = sign * float(rng.uniform(1, 100))
        params = {
            "scheme": scheme, "tau_plus": float(rng.uniform(8, 40)), "tau_minus": float(rng.uniform(8, 40)),
            "lambda_": float(rng.uniform(0.01, 0.1)), "alpha": float(rng.uniform(0.5, 2.0)),
            "mu_plus": [0.0, 1.0, 0.4][k % 3], "mu_minus": [0.0, 1.0, 0.7][k % 3],
        }  # fmt: skip
        name = f"{scheme}, {'excitatory' if sign > 0 else 'inhibitory'}"
        cases.append(
            learn(name, "stdp_nearest", dt, 900.0, params, w_max, *trains(rng, dt, 900.0, w_max, 70))
        )
    for k in range(3):
        dt = [0.1, 1.0, 0.5][k]
        params = {
            "tau": float(rng.uniform(8, 40)), "eta": float(rng.uniform(0.005, 0.1)),
            "alpha": float(rng.uniform(0.1, 1.5)),
        }  # fmt: skip
        w_max = -float(rng.uniform(0.5, 2))
        name = f"inhibitory plasticity {k}"
        cases.append(
            learn(name, "vogels_sprekeler", dt, 900.0, params, w_max, *trains(rng, dt, 900.0, w_max, 60))
        )
    write(__file__, cases, "pairings.json")


if __name__ == "__main__":
    main()
