"""Spikes and weights of circuits that learn while they fire, by NEST: neurons and rules in one closed loop.

Relays drive neurons whose recurrent synapses are plastic or short-term plastic, so one wrong bit of either
changes every spike after it.
"""

import numpy as np
from nest_side import events, parrots, random_train, recorder, seed, start, write


def circuit(name, dt, until, cell, rule, params, w_max, rng, *, size=10, drive=60.0, w_drive=450.0):
    nest = start(dt)
    upper = {"i_e": "I_e", "tau_m": "tau_m", "t_ref": "t_ref"}
    neurons = nest.Create("iaf_psc_exp", size, params={upper[key]: value for key, value in cell.items()})
    trains = [random_train(rng, drive, until, dt) for _ in range(2 * size)]
    sources = parrots(nest, trains, dt)
    weights = nest.Create("weight_recorder")
    per_synapse, common, own = {}, {"weight_recorder": weights}, {}
    if rule == "stdp_pair":
        model = "stdp_synapse"
        per_synapse = {
            "tau_plus": params["tau_pre"],
            "lambda": params["lambda_"],
            "alpha": params["alpha"],
            "mu_plus": params["mu_plus"],
            "mu_minus": params["mu_minus"],
            "Wmax": w_max,
        }
        own = {"tau_minus": params["tau_post"]}
    elif rule == "stdp_triplet":
        model = "stdp_triplet_synapse"
        per_synapse = {
            "tau_plus": params["tau_plus"],
            "tau_plus_triplet": params["tau_x"],
            "Aplus": params["a2_plus"],
            "Aplus_triplet": params["a3_plus"],
            "Aminus": params["a2_minus"],
            "Aminus_triplet": params["a3_minus"],
            "Wmax": w_max,
        }
        own = {"tau_minus": params["tau_minus"], "tau_minus_triplet": params["tau_y"]}
    else:
        model = {"two_variable": "tsodyks2_synapse", "three_pool": "tsodyks_synapse"}[params["form"]]
        per_synapse = {"U": params["u"], "tau_rec": params["tau_rec"], "tau_fac": params["tau_fac"]}
        if params["form"] == "two_variable":
            per_synapse["u"] = params["u"]
        else:
            per_synapse["tau_psc"] = params["tau_psc"]
    if own:
        neurons.set(**own)
    nest.CopyModel(model, "recorded", common)
    fixed, plastic = [], []
    for i in range(2 * size):
        for j in range(size):
            if rng.random() < 0.4:
                row = [i, j, float(w_drive * rng.lognormal(0, 0.3)), round(int(rng.integers(1, 20)) * dt, 9)]
                fixed.append(row)
                nest.Connect(sources[i], neurons[j], syn_spec={"weight": row[2], "delay": row[3]})
    for i in range(size):
        for j in range(size):
            if i == j or rng.random() < 0.3:
                continue
            weight = float(w_max * rng.uniform(0.2, 0.8))
            row = [i, j, weight, round(int(rng.integers(1, 30)) * dt, 9)]
            plastic.append(row)
            nest.Connect(
                neurons[i],
                neurons[j],
                syn_spec={"synapse_model": "recorded", "weight": row[2], "delay": row[3], **per_synapse},
            )
    device = recorder(nest, neurons)
    nest.Simulate(until)
    times, senders = events(device, "times", "senders")
    _, pre, post, carried = events(weights, "times", "senders", "targets", "weights")
    first = neurons[0].global_id
    last, count = [], []
    for i, j, _, _ in plastic:
        mine = carried[(pre == first + i) & (post == first + j)]
        last.append(float(mine[-1]) if mine.size else None)
        count.append(int(mine.size))
    return {
        "name": name,
        "dt": dt,
        "for": until,
        "cell": cell,
        "rule": rule,
        "params": params,
        "w_max": w_max,
        "size": size,
        "trains": trains,
        "fixed": fixed,
        "plastic": plastic,
        "spikes": sorted([int(s - first), round(t, 9)] for t, s in zip(times, senders, strict=True)),
        "last": last,
        "count": count,
    }


def main():
    rng = np.random.default_rng(seed(6))
    cases = []
    pair = {"tau_pre": 17.0, "tau_post": 30.0, "lambda_": 0.03, "alpha": 1.1, "mu_plus": 0.0, "mu_minus": 0.0}
    cell = {"i_e": 200.0}
    cases.append(circuit("additive pairs", 0.1, 500.0, cell, "stdp_pair", pair, 300.0, rng))
    soft = pair | {"mu_plus": 1.0, "mu_minus": 1.0}
    cases.append(circuit("multiplicative pairs", 0.1, 500.0, cell, "stdp_pair", soft, 400.0, rng))
    cases.append(
        circuit("pairs on a step of 1 ms", 1.0, 500.0, {"t_ref": 3.0}, "stdp_pair", pair, 300.0, rng)
    )
    cases.append(circuit("inhibitory pairs", 0.1, 500.0, {"i_e": 300.0}, "stdp_pair", pair, -300.0, rng))
    triplet = {
        "tau_plus": 16.8,
        "tau_x": 101.0,
        "tau_minus": 33.7,
        "tau_y": 114.0,
        "a2_plus": 0.5,
        "a3_plus": 2.0,
        "a2_minus": 1.5,
        "a3_minus": 0.3,
    }
    cases.append(circuit("triplets", 0.1, 500.0, cell, "stdp_triplet", triplet, 300.0, rng))
    short = {"form": "two_variable", "u": 0.4, "tau_rec": 150.0, "tau_fac": 80.0, "tau_psc": 3.0}
    cases.append(circuit("two-variable short-term", 0.1, 500.0, cell, "tsodyks_markram", short, 900.0, rng))
    pools = short | {"form": "three_pool"}
    cases.append(circuit("three-pool short-term", 0.1, 500.0, cell, "tsodyks_markram", pools, 900.0, rng))
    write(__file__, cases, "networks.json")


if __name__ == "__main__":
    main()
