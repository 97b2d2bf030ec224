"""Transmitted amplitudes of Tsodyks-Markram synapses, by NEST tsodyks2_synapse and tsodyks_synapse (A07).

A weight recorder reads the amplitude that each presynaptic spike of a parrot delivers.
"""

import numpy as np
from nest_side import events, parrots, random_train, seed, start, write


def amplitudes(name, form, params, weight, delay, train, dt, until):
    nest = start(dt)
    pre = parrots(nest, [train], dt)
    post = nest.Create("iaf_psc_exp")
    weights = nest.Create("weight_recorder")
    model = {"two_variable": "tsodyks2_synapse", "three_pool": "tsodyks_synapse"}[form]
    given = {"U": params["u"], "tau_rec": params["tau_rec"], "tau_fac": params["tau_fac"]}
    if form == "three_pool":
        given["tau_psc"] = params["tau_psc"]
    else:
        given["u"] = params["u"]
    nest.CopyModel(model, "recorded", {"weight_recorder": weights})
    nest.Connect(pre, post, syn_spec={"synapse_model": "recorded", "weight": weight, "delay": delay, **given})
    nest.Simulate(until)
    _, sent = events(weights, "times", "weights")
    return {
        "name": name,
        "form": form,
        "params": params,
        "weight": weight,
        "delay": delay,
        "dt": dt,
        "for": until,
        "train": train,
        "amplitudes": [float(x) for x in sent],
    }


REGULAR = [10.0 + 50.0 * k for k in range(10)] + [1000.0]
SETS = {
    "depressing": {"u": 0.5, "tau_rec": 800.0, "tau_fac": 0.0, "tau_psc": 3.0},
    "facilitating": {"u": 0.05, "tau_rec": 130.0, "tau_fac": 530.0, "tau_psc": 3.0},
    "NEST example, depressing": {"u": 0.67, "tau_rec": 450.0, "tau_fac": 0.0, "tau_psc": 2.0},
    "NEST example, facilitating": {"u": 0.1, "tau_rec": 100.0, "tau_fac": 1000.0, "tau_psc": 1.5},
}


def main():
    rng = np.random.default_rng(seed(2))
    cases = []
    for form in ("two_variable", "three_pool"):
        for label, params in SETS.items():
            cases.append(
                amplitudes(f"{form}: {label}, regular", form, params, 100.0, 1.0, REGULAR, 0.1, 1100.0)
            )
        for k in range(6):
            params = {
                "u": float(rng.uniform(0.02, 0.9)),
                "tau_rec": float(rng.uniform(20, 1000)),
                "tau_fac": float(rng.choice([0.0, rng.uniform(10, 1500)])),
                "tau_psc": float(rng.uniform(1, 8)),
            }
            dt = float(rng.choice([0.1, 0.1, 0.5]))
            train = random_train(rng, float(rng.uniform(5, 120)), 2000.0, dt)
            delay = round(int(rng.integers(1, 20)) * dt, 9)
            weight = float(rng.choice([1.0, -1.0]) * rng.uniform(5, 300))
            cases.append(amplitudes(f"{form}: random {k}", form, params, weight, delay, train, dt, 2050.0))
    write(__file__, cases, "short_term.json")


if __name__ == "__main__":
    main()
