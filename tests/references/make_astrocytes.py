"""Calcium, IP3 and gating of Li-Rinzel astrocytes, by NEST astrocyte_lr_1994 (A46, A47)."""

import numpy as np
from nest_side import events, generator, random_train, seed, start, write

UPPER = {
    "ca_tot": "Ca_tot",
    "ip3_0": "IP3_0",
    "kd_ip3_1": "Kd_IP3_1",
    "kd_ip3_2": "Kd_IP3_2",
    "kd_act": "Kd_act",
    "kd_inh": "Kd_inh",
    "km_serca": "Km_SERCA",
    "ratio_er_cyt": "ratio_ER_cyt",
    "rate_ip3r": "rate_IP3R",
    "rate_l": "rate_L",
    "rate_serca": "rate_SERCA",
    "k_ip3r": "k_IP3R",
    "tau_ip3": "tau_IP3",
    "delta_ip3": "delta_IP3",
    "ip3": "IP3",
    "ca_astro": "Ca_astro",
    "h_ip3r": "h_IP3R",
}


def trace(name, dt, until, params, trains, every=200.0):
    nest = start(dt)
    astrocyte = nest.Create("astrocyte_lr_1994", params={UPPER[key]: value for key, value in params.items()})
    for times, weight in trains:
        nest.Connect(generator(nest, times, dt), astrocyte, syn_spec={"weight": weight, "delay": dt})
    meter = nest.Create(
        "multimeter", params={"record_from": ["Ca_astro", "IP3", "h_IP3R"], "interval": every}
    )
    nest.Connect(meter, astrocyte)
    nest.Simulate(until + 2.0)
    times, calcium, ip3, gate = events(meter, "times", "Ca_astro", "IP3", "h_IP3R")
    return {
        "name": name,
        "dt": dt,
        "for": until,
        "params": params,
        "every": every,
        "trains": [{"times": list(t), "weight": w} for t, w in trains],
        "calcium": [round(float(x), 12) for x in calcium],
        "ip3": [round(float(x), 12) for x in ip3],
        "gate": [round(float(x), 12) for x in gate],
    }


def main():
    rng = np.random.default_rng(seed(5))
    cases = [trace("at rest", 0.1, 10000.0, {}, [])]
    for level in (0.3, 0.4, 0.5, 0.6, 0.8):
        params = {"ip3_0": level, "ip3": level}
        cases.append(trace(f"constant IP3 of {level}", 0.1, 60000.0, params, [], 500.0))
    cases.append(
        trace(
            "driven by a 200 Hz train",
            0.1,
            40000.0,
            {},
            [(random_train(rng, 200.0, 40000.0, 0.1)[::1], 1.0)],
            500.0,
        )
    )
    for k in range(4):
        params = {
            "ip3_0": float(rng.uniform(0.1, 0.45)),
            "tau_ip3": float(rng.uniform(2000, 9000)),
            "delta_ip3": float(rng.uniform(0.001, 0.02)),
            "rate_ip3r": float(rng.uniform(0.004, 0.008)),
            "rate_serca": float(rng.uniform(0.0007, 0.0011)),
            "ca_tot": float(rng.uniform(1.6, 2.4)),
        }
        params["ip3"] = params["ip3_0"]  # ours starts at rest; NEST at 0.16 whatever IP3_0 is
        dt = [0.1, 0.1, 1.0, 0.5][k]
        trains = [(random_train(rng, 8.0, 20000.0, dt), 1.0), (random_train(rng, 3.0, 20000.0, dt), 2.5)]
        cases.append(trace(f"random {k}", dt, 20000.0, params, trains))
    write(__file__, cases, "astrocytes.json")


if __name__ == "__main__":
    main()
