"""Slow inward currents from astrocytes to adaptive neurons, by NEST sic_connection (A50)."""

import numpy as np
from make_astrocytes import UPPER
from nest_side import events, seed, start, write

QUIET = {"g_ex": 0.0, "g_in": 0.0}


def case(name, dt, until, astrocytes, links):
    nest = start(dt)
    glia = [
        nest.Create("astrocyte_lr_1994", params={UPPER[k]: v for k, v in one.items()}) for one in astrocytes
    ]
    neurons = nest.Create("aeif_cond_alpha_astro", 1 + max(post for _, post, _, _ in links))
    for pre, post, weight, delay in links:
        syn = {"synapse_model": "sic_connection", "weight": weight, "delay": delay}
        nest.Connect(glia[pre], neurons[post], syn_spec=syn)
    meters = nest.Create(
        "multimeter", len(neurons), params={"record_from": ["V_m", "I_SIC"], "interval": 100.0}
    )
    recorders = nest.Create("spike_recorder", len(neurons))
    nest.Connect(meters, neurons, "one_to_one")
    nest.Connect(neurons, recorders, "one_to_one")
    nest.Simulate(until + 2.0)
    found = [events(meter, "times", "V_m", "I_SIC") for meter in meters]
    return {
        "name": name, "dt": dt, "for": until, "astrocytes": astrocytes, "links": links,
        "v": [[round(float(x), 6) for x in v[1]] for v in found],
        "current": [[round(float(x), 8) for x in v[2]] for v in found],
        "spikes": [[round(float(t), 3) for t in events(r, "times")[0] if t <= until] for r in recorders],
    }  # fmt: skip


def main():
    rng = np.random.default_rng(seed(8))
    waves = {"ip3_0": 0.5, "ip3": 0.5}
    cases = [
        case("one astrocyte, two neurons", 0.1, 20000.0, [waves], [(0, 0, 20.0, 1.0), (0, 1, 110.0, 4.0)])
    ]
    for k in range(2):
        glia = [
            {"ip3_0": level, "ip3": level, "ca_astro": 0.1}
            for level in rng.uniform(0.42, 0.6, 3).round(4).tolist()
        ]
        links = [
            (int(rng.integers(3)), int(rng.integers(3)), round(float(rng.uniform(20, 120)), 3), delay)
            for delay in (1.0, 2.5, 7.0, 1.5, 3.0)
        ]
        links.append((0, 2, 60.0, 2.0))
        cases.append(case(f"random {k}", [0.1, 0.5][k], 20000.0, glia, links))
    write(__file__, cases, "slow_current.json")


if __name__ == "__main__":
    main()
