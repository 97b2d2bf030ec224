"""A compartment with NMDA receptors, and two coupled ones, by NEST's `cm_default` and `iaf_cond_alpha_mc`.

Measures A10 and A24.
"""

import numpy as np
from nest_side import events, generator, on_grid, seed, start, write


def receptor(rng, dt):
    """One compartment, an NMDA receptor that follows a train, and a step of current that lifts the block."""
    nest = start(dt)
    c_m, g_l, e_l, weight = rng.uniform(100, 300), rng.uniform(8, 20), -70.0, rng.uniform(2, 8)
    steps, amplitudes = [30.0, 90.0, 140.0], [g_l * 25.0, g_l * 40.0, 0.0]
    train = sorted({round(int(k) * dt, 9) for k in rng.integers(20, round(150 / dt), 12)})
    cell = nest.Create("cm_default", params={"V_th": 1e3})
    cell.compartments = [{"parent_idx": -1, "params": {"C_m": c_m, "g_C": 0.0, "g_L": g_l, "e_L": e_l}}]
    cell.receptors = [{"comp_idx": 0, "receptor_type": "NMDA"}]
    nest.Connect(
        generator(nest, train, dt),
        cell,
        syn_spec={"weight": weight, "delay": dt, "receptor_type": 0},
    )
    device = nest.Create(
        "step_current_generator",
        params={"amplitude_times": on_grid(steps, dt), "amplitude_values": amplitudes},
    )
    nest.Connect(device, cell, syn_spec={"delay": dt, "receptor_type": 0})
    meter = nest.Create("multimeter", params={"record_from": ["v_comp0"], "interval": 0.5})
    nest.Connect(meter, cell)
    nest.Simulate(250.0)
    times, v = events(meter, "times", "v_comp0")
    return {
        "name": f"NMDA of {weight:.3g} nS at dt {dt:g}",
        "dt": dt,
        "params": {"c_m": c_m, "g_l": g_l, "e_l": e_l},
        "weight": weight,
        "train": train,
        "current": {"times": steps, "amplitudes": amplitudes},
        "v_from": round(float(times[0]), 9),
        "v": [round(float(x), 9) for x in v],
    }


def coupled(rng, dt):
    """A soma and a dendrite without spikes, currents into both, an AMPA-like train into the dendrite."""
    nest = start(dt)
    params = {
        "c_s": rng.uniform(150, 300), "c_d": rng.uniform(80, 200), "g_s": rng.uniform(8, 30),
        "g_d": rng.uniform(4, 12), "g_c": rng.uniform(4, 20), "e_l": -70.6,
    }  # fmt: skip
    cell = nest.Create("cm_default", params={"V_th": 1e3})
    cell.compartments = [
        {
            "parent_idx": -1,
            "params": {"C_m": params["c_s"], "g_C": 0.0, "g_L": params["g_s"], "e_L": -70.6, "v_comp": -70.6},
        },
        {
            "parent_idx": 0,
            "params": {
                "C_m": params["c_d"],
                "g_C": params["g_c"],
                "g_L": params["g_d"],
                "e_L": -70.6,
                "v_comp": -70.6,
            },
        },
    ]
    given = {}
    for place, name in enumerate(("soma", "dendrite")):
        times = sorted({round(int(k) * dt, 9) for k in rng.integers(20, round(90 / dt), 8)})
        amplitudes = [float(x) for x in rng.uniform(-300, 600, len(times))]
        given[name] = {"times": times, "amplitudes": amplitudes}
        device = nest.Create(
            "step_current_generator",
            params={"amplitude_times": on_grid(times, dt), "amplitude_values": amplitudes},
        )
        nest.Connect(device, cell, syn_spec={"delay": dt, "receptor_type": place})
    meter = nest.Create("multimeter", params={"record_from": ["v_comp0", "v_comp1"], "interval": 0.5})
    nest.Connect(meter, cell)
    nest.Simulate(120.0)
    _, soma, dendrite = events(meter, "times", "v_comp0", "v_comp1")
    return {
        "name": f"two compartments at dt {dt:g}",
        "dt": dt,
        "params": params,
        **given,
        "v": [round(float(x), 9) for x in soma],
        "v_d": [round(float(x), 9) for x in dendrite],
    }


def of_three(rng, dt):
    """The soma and the proximal part of NEST's neuron with three compartments, the distal part cut off."""
    nest = start(dt)
    c_m, g_l = rng.uniform(80, 250, 2), rng.uniform(5, 25, 2)
    g_c = rng.uniform(3, 15)
    parts = {
        name: {"C_m": c, "g_L": g, "E_L": -70.6, "V_m": -70.6}
        for name, c, g in zip(("soma", "proximal"), c_m, g_l, strict=True)
    }
    cell = nest.Create("iaf_cond_alpha_mc", params={"V_th": 1e3, "g_sp": g_c, "g_pd": 0.0, **parts})
    receptors = nest.GetDefaults("iaf_cond_alpha_mc")["receptor_types"]
    given = {}
    for part, name in (("soma", "soma"), ("proximal", "dendrite")):
        times = sorted({round(int(k) * dt, 9) for k in rng.integers(20, round(90 / dt), 8)})
        amplitudes = [float(x) for x in rng.uniform(-200, 500, len(times))]
        given[name] = {"times": times, "amplitudes": amplitudes}
        device = nest.Create(
            "step_current_generator",
            params={"amplitude_times": on_grid(np.array(times) - dt, dt), "amplitude_values": amplitudes},
        )
        nest.Connect(device, cell, syn_spec={"delay": dt, "receptor_type": receptors[f"{part}_curr"]})
    meter = nest.Create("multimeter", params={"record_from": ["V_m.s", "V_m.p"], "interval": 0.5})
    nest.Connect(meter, cell)
    nest.Simulate(120.0)
    _, soma, dendrite = events(meter, "times", "V_m.s", "V_m.p")
    names = ("c_s", "c_d", "g_s", "g_d")
    return {
        "name": f"two of three compartments at dt {dt:g}",
        "dt": dt,
        "params": {n: float(x) for n, x in zip(names, (*c_m, *g_l), strict=True)}
        | {"g_c": g_c, "e_l": -70.6},
        **given,
        "v": [round(float(x), 9) for x in soma],
        "v_d": [round(float(x), 9) for x in dendrite],
    }


def main():
    rng = np.random.default_rng(seed(8))
    made = [receptor(rng, dt) for dt in (0.1, 0.05)] + [coupled(rng, dt) for dt in (0.1, 0.1, 0.05)]
    made += [of_three(rng, dt) for dt in (0.1, 0.05)]
    write(__file__, made, "compartments.json")


if __name__ == "__main__":
    main()
