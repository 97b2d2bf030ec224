"""Spikes and potentials of AdEx, Hodgkin-Huxley, alpha and delta neurons, by NEST (measures A03, A05)."""

import numpy as np
from make_neurons import UPPER, single, steps_of, trains_of
from nest_side import seed, write

UPPER |= {
    "delta_t": "Delta_T",
    "v_peak": "V_peak",
    "tau_w": "tau_w",
    "w": "w",
    "g_na": "g_Na",
    "g_k": "g_K",
    "e_na": "E_Na",
    "e_k": "E_K",
    "e_in": "E_in",
    "v_min": "V_min",
}

PATTERNS = {
    "tonic": (200.0, 10.0, -70.0, 2.0, 30.0, 0.0, -58.0, 500.0),
    "adapting": (200.0, 12.0, -70.0, 2.0, 300.0, 60.0, -58.0, 500.0),
    "initial burst": (130.0, 18.0, -58.0, 4.0, 150.0, 120.0, -50.0, 400.0),
    "regular bursting": (200.0, 10.0, -58.0, 2.0, 120.0, 100.0, -46.0, 210.0),
    "delayed accelerating": (200.0, 12.0, -70.0, -10.0, 300.0, 0.0, -58.0, 300.0),
    "delayed regular bursting": (100.0, 10.0, -65.0, -10.0, 90.0, 30.0, -47.0, 110.0),
    "transient": (100.0, 10.0, -65.0, 10.0, 90.0, 100.0, -47.0, 180.0),
    "irregular": (100.0, 12.0, -60.0, -11.0, 130.0, 30.0, -48.0, 160.0),
}
"""Naud et al. 2008: c_m, g_l, e_l, a, tau_w, b, v_reset, and the current."""


def adex_cases(rng):
    made = []
    for label, row in PATTERNS.items():
        names = ("c_m", "g_l", "e_l", "a", "tau_w", "b", "v_reset", "i_e")
        params = dict(zip(names, row, strict=True)) | {"v_th": -50.0, "delta_t": 2.0, "t_ref": 0.0}
        made.append(single(f"adex: {label}", "aeif_cond_exp", 0.1, 600.0, params, every=1.0))
    for k, dt in enumerate([0.1, 0.1, 0.05]):
        slope, foot = float(rng.choice([0.5, 1.0, 2.0, 3.0])), rng.uniform(-53, -48)
        params = {
            "c_m": rng.uniform(100, 300),
            "g_l": rng.uniform(8, 30),
            "e_l": rng.uniform(-72, -65),
            "v_th": foot,
            "delta_t": slope,
            "v_peak": foot + 15.0 * slope,  # NEST's solver loses a steeper upswing and fires without end
            "a": rng.uniform(-2, 6),
            "b": rng.uniform(0, 90),
            "tau_w": rng.uniform(50, 200),
            "v_reset": rng.uniform(-65, -55),
            "t_ref": round(int(rng.integers(1, 40)) * dt, 9),
            "tau_syn_ex": rng.uniform(1, 5),
            "tau_syn_in": rng.uniform(2, 10),
            "i_e": rng.uniform(0, 200),
        }
        trains = trains_of(rng, 400.0, dt, [400, 200, 200], [4.0, 8.0, -6.0])
        made.append(
            single(
                f"adex: random {k}",
                "aeif_cond_exp",
                dt,
                400.0,
                params,
                trains,
                steps_of(rng, 400.0, dt, -100, 400, 10),
                every=1.0,
            )
        )
    plain = {"delta_t": 0.0, "v_peak": 0.0, "t_ref": 2.0, "i_e": 900.0}
    made.append(single("adex: a plain threshold", "aeif_cond_exp", 0.1, 300.0, plain, every=1.0))
    return made


def hh_cases(rng):
    made = [
        single(f"hh: constant {i:g} pA", "hh_psc_alpha", 0.1, 300.0, {"i_e": i}, every=1.0)
        for i in (600.0, 650.0, 1000.0)
    ]
    for k, dt in enumerate([0.1, 0.05]):
        params = {
            "g_na": rng.uniform(10000, 13000),
            "g_k": rng.uniform(3000, 4000),
            "tau_syn_ex": rng.uniform(0.3, 4),
            "tau_syn_in": rng.uniform(1, 6),
            "t_ref": 2.0,
            "i_e": rng.uniform(0, 400),
        }
        trains = trains_of(rng, 300.0, dt, [150, 100], [400.0, -250.0])
        made.append(
            single(
                f"hh: random {k}",
                "hh_psc_alpha",
                dt,
                300.0,
                params,
                trains,
                steps_of(rng, 300.0, dt, -200, 900, 8),
                every=1.0,
            )
        )
    return made


def linear_cases(rng):
    made = [
        single("alpha: one spike", "iaf_psc_alpha", 0.1, 40.0, {}, [([10.0], 100.0)], every=0.1),
        single(
            "alpha: nearly equal time constants",
            "iaf_psc_alpha",
            0.1,
            60.0,
            {"tau_syn_ex": 10.00001, "tau_syn_in": 9.99},
            [([5.0, 20.0], 120.0), ([30.0], -80.0)],
        ),
        single(
            "delta: jumps, also while refractory",
            "iaf_psc_delta",
            0.1,
            60.0,
            {"t_ref": 3.0},
            [([5.0, 9.9, 10.0, 13.0, 13.1, 20.0], 8.0), ([10.0, 12.9, 13.0], 9.0), ([30.0], -4.0)],
            every=0.1,
        ),
    ]
    for model, weights in (("iaf_psc_alpha", [250.0, 400.0, -200.0]), ("iaf_psc_delta", [2.5, 4.0, -2.0])):
        for k, dt in enumerate([0.1, 0.25]):
            params = {
                "c_m": rng.uniform(80, 400),
                "tau_m": rng.uniform(5, 30),
                "e_l": rng.uniform(-75, -62),
                "v_th": rng.uniform(-56, -48),
                "v_reset": rng.uniform(-72, -62),
                "t_ref": round(int(rng.integers(0, 20)) * dt, 9),
                "i_e": rng.uniform(-50, 200),
            }
            if model == "iaf_psc_alpha":
                params |= {"tau_syn_ex": rng.uniform(0.5, 8), "tau_syn_in": rng.uniform(0.5, 12)}
            trains = trains_of(rng, 300.0, dt, [300, 150, 200], weights)
            made.append(
                single(
                    f"{model}: random {k}",
                    model,
                    dt,
                    300.0,
                    params,
                    trains,
                    steps_of(rng, 300.0, dt, -300, 500, 12),
                    every=1.0,
                )
            )
    return made


def main():
    rng = np.random.default_rng(seed(3))
    write(__file__, adex_cases(rng) + hh_cases(rng) + linear_cases(rng), "membranes.json")


if __name__ == "__main__":
    main()
