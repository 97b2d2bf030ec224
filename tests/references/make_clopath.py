"""Potentials, and weights under the voltage rule, by NEST (measure A21)."""

import numpy as np
from nest_side import events, generator, on_grid, parrots, seed, start, write

NEURON = {
    "c_m": "C_m", "g_l": "g_L", "e_l": "E_L", "delta_t": "Delta_T", "v_peak": "V_peak", "v_reset": "V_reset",
    "v_clamp": "V_clamp", "t_clamp": "t_clamp", "t_ref": "t_ref", "v_th_rest": "V_th_rest",
    "v_th_max": "V_th_max", "tau_v_th": "tau_V_th", "a": "a", "b": "b", "tau_w": "tau_w", "i_sp": "I_sp",
    "tau_z": "tau_z", "i_e": "I_e",
}  # fmt: skip
RULE = {
    "a_ltd": "A_LTD", "a_ltp": "A_LTP", "theta_minus": "theta_minus", "theta_plus": "theta_plus",
    "tau_u_bar_minus": "tau_u_bar_minus", "tau_u_bar_plus": "tau_u_bar_plus", "delay_u_bars": "delay_u_bars",
    "u_ref_squared": "u_ref_squared", "tau_u_bar_bar": "tau_u_bar_bar",
}  # fmt: skip
"""NEST keeps most of the rule's parameters in the neuron, `tau_x` in the synapse."""
PAIRINGS = {
    -10: {
        10: [[20.0, 120.0, 220.0, 320.0, 420.0], [10.0, 110.0, 210.0, 310.0, 410.0]],
        20: [[20.0, 70.0, 120.0, 170.0, 220.0], [10.0, 60.0, 110.0, 160.0, 210.0]],
        30: [[20.0, 53.3, 86.7, 120.0, 153.3], [10.0, 43.3, 76.7, 110.0, 143.3]],
        40: [[20.0, 45.0, 70.0, 95.0, 120.0], [10.0, 35.0, 60.0, 85.0, 110.0]],
        50: [[20.0, 40.0, 60.0, 80.0, 100.0], [10.0, 30.0, 50.0, 70.0, 90.0]],
    },
    +10: {
        10: [[120.0, 220.0, 320.0, 420.0, 520.0, 620.0], [130.0, 230.0, 330.0, 430.0, 530.0, 630.0]],
        20: [[70.0, 120.0, 170.0, 220.0, 270.0, 320.0], [80.0, 130.0, 180.0, 230.0, 280.0, 330.0]],
        30: [[53.3, 86.6, 120.0, 153.3, 186.6, 220.0], [63.3, 96.6, 130.0, 163.3, 196.6, 230.0]],
        40: [[45.0, 70.0, 95.0, 120.0, 145.0, 170.0], [55.0, 80.0, 105.0, 130.0, 155.0, 180.0]],
        50: [[40.0, 60.0, 80.0, 100.0, 120.0, 140.0], [50.0, 70.0, 90.0, 110.0, 130.0, 150.0]],
    },
}
"""Spikes of the synapse and of the strong input that makes the neuron fire, by lag (ms) and rate (Hz)."""


def case(name, pre, kicks, until, params, rule, w_start=0.5, w_max=100.0, delay=0.1, dt=0.1, kick=80.0):
    """A neuron driven by strong kicks (mV) at given times, and one plastic synapse with given spikes."""
    nest = start(dt)
    more = {RULE[n]: v for n, v in rule.items() if n in RULE}
    constant = {"A_LTD_const": rule.get("homeostatic", "no") == "no"}
    cell = nest.Create(
        "aeif_psc_delta_clopath", params={NEURON[n]: v for n, v in params.items()} | more | constant
    )
    parrot = parrots(nest, [pre], dt)
    nest.Connect(generator(nest, kicks, dt), cell, syn_spec={"weight": kick, "delay": dt})
    watch = nest.Create("weight_recorder")
    nest.CopyModel("clopath_synapse", "watched", {"weight_recorder": watch})
    synapse = {"synapse_model": "watched", "weight": w_start, "delay": delay, "Wmax": w_max}
    nest.Connect(parrot, cell, syn_spec=synapse | {"tau_x": rule.get("tau_x", 15.0)})
    meter = nest.Create("multimeter", params={"record_from": ["V_m", "u_bar_plus"], "interval": 0.5})
    nest.Connect(meter, cell)
    spikes = nest.Create("spike_recorder")
    nest.Connect(cell, spikes)
    nest.Simulate(until)
    times, v, u = events(meter, "times", "V_m", "u_bar_plus")
    return {
        "name": name, "dt": dt, "for": until, "params": params, "rule": rule, "pre": on_grid(pre, dt),
        "kicks": on_grid(kicks, dt), "kick": kick, "w_start": w_start, "w_max": w_max, "delay": delay,
        "carried": list(events(watch, "weights")[0]), "spikes": on_grid(events(spikes, "times")[0], dt),
        "v": np.round(v[times <= until - dt / 2], 6).tolist(),
        "u_plus": np.round(u[times <= until - dt / 2], 6).tolist(),
    }  # fmt: skip


def everything(number):
    """The pairing protocol of NEST's example, and random trains under other parameters."""
    rng = np.random.default_rng(number)
    example = {"v_reset": -70.6 + 21.0, "b": 0.0805}
    cases = []
    for lag, rates in PAIRINGS.items():
        for rate, (pre, kicks) in rates.items():
            pre, kicks = ([t + 0.1 for t in train] for train in (pre, kicks))  # generators are a step away
            until = 10.0 + max(pre[-1], kicks[-1])
            cases.append(case(f"{lag:+d} ms at {rate} Hz", pre, kicks, until, example, {"delay_u_bars": 4.0}))
    for i, (params, rule, dt, delay) in enumerate(
        [
            ({}, {}, 0.1, 1.5),
            ({"t_ref": 3.0, "t_clamp": 1.0, "tau_v_th": 30.0}, {"homeostatic": "yes"}, 0.1, 0.4),
            (
                {"i_e": 300.0, "b": 40.0, "i_sp": 200.0},
                {"a_ltd": 3e-4, "a_ltp": 2e-4, "tau_x": 25.0, "tau_u_bar_minus": 14.0, "delay_u_bars": 2.0},
                0.05,
                1.0,
            ),
        ]
    ):
        trains = [np.sort(rng.choice(np.arange(5.0, 395.0), n, replace=False)) for n in (24, 16)]
        cases.append(
            case(
                f"random {i}", trains[0].tolist(), trains[1].tolist(), 400.0, params, rule, dt=dt, delay=delay
            )
        )
    return cases


if __name__ == "__main__":
    write(__file__, everything(seed(4)), "clopath.json")
