"""Calcium and synaptic elements of neurons with forced spikes, by NEST's structural plasticity (A41).

A parrot with synaptic elements is simulated once per duration, since NEST also advances elements whenever
a simulation ends.  No synapse is ever formed: the update interval is beyond the end.
"""

import numpy as np
from nest_side import parrots, random_train, seed, start, write


def elements(name, dt, params, z0, train, durations):
    calcium, z = [], []
    for until in durations:
        nest = start(dt)
        nest.structural_plasticity_update_interval = 1e7
        parrot = parrots(nest, [train], dt)
        parrot.set(tau_Ca=params["tau_ca"], beta_Ca=params["beta_ca"])
        curve = {
            "growth_curve": params["curve"],
            "growth_rate": params["nu"],
            "eps": params["eps"],
            "z": z0,
            "tau_vacant": 1e-12,  # NEST looks for vacant elements at t = 0 already, and refuses 0
        }
        if params["curve"] == "gaussian":
            curve["eta"] = params["eta"]
        if params["curve"] == "sigmoid":
            curve["psi"] = params["psi"]
        parrot.set(synaptic_elements={"Den_ex": curve})
        nest.EnableStructuralPlasticity()
        nest.Simulate(until)
        calcium.append(float(parrot.Ca))
        z.append(float(parrot.synaptic_elements["Den_ex"]["z"]))
    return {
        "name": name,
        "dt": dt,
        "params": params,
        "z0": z0,
        "train": train,
        "durations": durations,
        "calcium": calcium,
        "z": z,
    }


def main():
    rng = np.random.default_rng(seed(4))
    cases = []
    for curve in ("linear", "gaussian", "sigmoid"):
        base = {
            "curve": curve,
            "nu": 1e-4,
            "eta": 0.0,
            "eps": 0.05,
            "psi": 0.1,
            "tau_ca": 10000.0,
            "beta_ca": 0.001,
        }
        durations = [500.0, 2000.0, 10000.0]
        train = random_train(rng, 12.0, 9000.0, 0.1)
        cases.append(elements(f"{curve}: NEST example, 12 Hz", 0.1, base, 3.0, train, durations))
        cases.append(elements(f"{curve}: silent", 0.1, base, 2.0, [], durations))
        for k in range(3):
            dt = [0.1, 1.0, 0.5][k]
            params = base | {
                "nu": float(rng.uniform(1e-4, 1e-3)),
                "eta": float(rng.uniform(0.0, 0.05)),
                "eps": float(rng.uniform(0.1, 0.3)),
                "psi": float(rng.uniform(0.02, 0.2)),
                "tau_ca": float(rng.uniform(300, 3000)),
                "beta_ca": float(rng.uniform(0.005, 0.05)),
            }
            train = random_train(rng, float(rng.uniform(3, 25)), 1900.0, dt)
            cases.append(elements(f"{curve}: random {k}", dt, params, 5.0, train, [300.0, 1000.0, 2000.0]))
    write(__file__, cases, "growth.json")


if __name__ == "__main__":
    main()
