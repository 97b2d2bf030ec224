"""Spike times and potentials of single neurons and of small circuits, by NEST (measures A01, A02, A04)."""

import numpy as np
from nest_side import current, events, generator, on_grid, parrots, random_train, recorder, seed, start, write

UPPER = {
    "c_m": "C_m",
    "tau_m": "tau_m",
    "tau_syn_ex": "tau_syn_ex",
    "tau_syn_in": "tau_syn_in",
    "e_l": "E_L",
    "v_reset": "V_reset",
    "v_th": "V_th",
    "t_ref": "t_ref",
    "i_e": "I_e",
    "g_l": "g_L",
    "e_ex": "E_ex",
    "e_in": "E_in",
    "a": "a",
    "b": "b",
    "c": "c",
    "d": "d",
    "v": "V_m",
    "u": "U_m",
}


def neuron(nest, model, params, size=1):
    given = {UPPER[name]: value for name, value in params.items()}
    if model == "izhikevich":
        given["consistent_integration"] = True
    if model != "izhikevich" and "v" not in params and "e_l" in params:
        given["V_m"] = params["e_l"]
    return nest.Create(model, size, params=given)


def single(name, model, dt, until, params, trains=(), steps=((), ()), every=0.5):
    """One neuron under spike trains (times, weight) and a step current (times, amplitudes)."""
    nest = start(dt)
    cell = neuron(nest, model, params)
    for times, weight in trains:
        nest.Connect(generator(nest, times, dt), cell, syn_spec={"weight": weight, "delay": dt})
    if len(steps[0]):
        current(nest, cell, *steps, dt)
    spikes = recorder(nest, cell)
    meter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": every})
    nest.Connect(meter, cell)
    nest.Simulate(until)
    times, v = events(meter, "times", "V_m")
    kept = times <= until - dt / 2
    return {
        "name": name,
        "model": model,
        "dt": dt,
        "for": until,
        "params": params,
        "trains": [{"times": list(t), "weight": w} for t, w in trains],
        "current": {"times": list(steps[0]), "amplitudes": list(steps[1])},
        "every": every,
        "spikes": [round(t, 9) for t in events(spikes, "times")[0]],
        "v_from": round(float(times[0]), 9),
        "v": [round(float(x), 11) for x in v[kept]],
    }


def circuit(name, model, dt, until, params, rng, weights, size=(6, 3), drive=400.0):
    """Excitatory and inhibitory neurons with random synapses, weights and delays, driven by relays."""
    nest = start(dt)
    excitatory, inhibitory = (neuron(nest, model, params, k) for k in size)
    relays = [random_train(rng, drive, until, dt) for _ in range(size[0])]
    sources = parrots(nest, relays, dt)
    parts = {"R": sources, "E": excitatory, "I": inhibitory}
    signs = {"R": 1.0, "E": 1.0, "I": -1.0}
    synapses = []
    for pre, post in ("RE", "RI", "EE", "EI", "IE", "II"):
        for i in range(len(parts[pre])):
            for j in range(len(parts[post])):
                if (pre == post and i == j) or rng.random() > 0.6:
                    continue
                size_ = weights[pre] * rng.lognormal(0, 0.4)
                delay = round(int(rng.integers(1, 40)) * dt, 9)
                synapses.append([pre, i, post, j, signs[pre] * size_, delay])
                nest.Connect(
                    parts[pre][i], parts[post][j], syn_spec={"weight": signs[pre] * size_, "delay": delay}
                )
    made = {}
    for part in "EI":
        device = recorder(nest, parts[part])
        made[part] = device
    meter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": 1.0})
    nest.Connect(meter, excitatory[0])
    nest.Simulate(until)
    spikes = []
    for part, device in made.items():
        times, senders = events(device, "times", "senders")
        spikes += [
            [part, int(s - parts[part][0].global_id), round(t, 9)]
            for t, s in zip(times, senders, strict=True)
        ]
    times, v = events(meter, "times", "V_m")
    return {
        "name": name,
        "model": model,
        "dt": dt,
        "for": until,
        "params": params,
        "size": list(size),
        "relays": relays,
        "synapses": synapses,
        "spikes": sorted(spikes),
        "v_every": 1.0,
        "v": [round(float(x), 11) for x in v[times <= until - dt / 2]],
    }


def trains_of(rng, until, dt, rates, weights):
    return [(random_train(rng, rate, until, dt), weight) for rate, weight in zip(rates, weights, strict=True)]


def steps_of(rng, until, dt, low, high, count):
    times = np.sort(rng.choice(np.arange(3, round(until / dt) - 5), count, replace=False)) * dt
    return on_grid(times, dt), [float(x) for x in rng.uniform(low, high, count)]


def psc_cases(rng):
    made = [
        single("psc: one spike of 100 pA", "iaf_psc_exp", 0.1, 40.0, {}, [([10.0], 100.0)], every=0.1),
        single("psc: constant 400 pA", "iaf_psc_exp", 0.1, 200.0, {"i_e": 400.0}),
        single("psc: constant 800 pA on a step of 0.01", "iaf_psc_exp", 0.01, 60.0, {"i_e": 800.0}),
        single(
            "psc: two spikes in one step, twice",
            "iaf_psc_exp",
            0.1,
            40.0,
            {},
            [([10.0, 10.0, 20.0], 900.0), ([10.0, 15.0], 700.0)],
            every=0.1,
        ),
        single(
            "psc: a spike in the refractory time is not lost",
            "iaf_psc_exp",
            0.1,
            40.0,
            {"t_ref": 5.0},
            [([5.0], 8000.0), ([7.5, 9.9, 10.0, 10.1], 400.0)],
            every=0.1,
        ),
        single(
            "psc: equal time constants",
            "iaf_psc_exp",
            0.1,
            100.0,
            {"tau_syn_ex": 10.0, "tau_syn_in": 10.0},
            [([5.0, 20.0, 40.0], 120.0), ([30.0], -80.0)],
        ),
        single(
            "psc: nearly equal time constants",
            "iaf_psc_exp",
            0.1,
            100.0,
            {"tau_syn_ex": 10.00001, "tau_syn_in": 9.999},
            [([5.0, 20.0, 40.0], 120.0), ([30.0], -80.0)],
        ),
        single("psc: no refractory time", "iaf_psc_exp", 0.1, 60.0, {"t_ref": 0.0, "i_e": 1200.0}),
        single(
            "psc: refractory time off the grid rounds up",
            "iaf_psc_exp",
            0.1,
            60.0,
            {"t_ref": 1.23, "i_e": 900.0},
        ),
        single(
            "psc: a step of 1 ms",
            "iaf_psc_exp",
            1.0,
            300.0,
            {"i_e": 390.0},
            [([20.0, 50.0], 60.0)],
            every=1.0,
        ),
        single("psc: started away from rest", "iaf_psc_exp", 0.1, 50.0, {"v": -58.0}, [([10.0], 150.0)]),
    ]
    for k, dt in enumerate([0.1, 0.1, 0.1, 0.05, 0.25, 0.5]):
        until = 400.0
        params = {
            "c_m": rng.uniform(80, 400),
            "tau_m": rng.uniform(5, 30),
            "tau_syn_ex": rng.uniform(0.5, 8),
            "tau_syn_in": rng.uniform(0.5, 12),
            "e_l": rng.uniform(-75, -62),
            "v_th": rng.uniform(-56, -48),
            "t_ref": round(int(rng.integers(1, 50)) * dt, 9),
            "i_e": rng.uniform(-50, 200),
        }
        params["v_reset"] = params["e_l"] + rng.uniform(-5, 5)
        trains = trains_of(rng, until, dt, [300, 150, 200], [300.0, 500.0, -250.0])
        made.append(
            single(
                f"psc: random {k}",
                "iaf_psc_exp",
                dt,
                until,
                params,
                trains,
                steps_of(rng, until, dt, -300, 500, 12),
                every=1.0,
            )
        )
    return made


def cond_cases(rng):
    made = [
        single("cond: one spike of 10 nS", "iaf_cond_exp", 0.1, 40.0, {}, [([10.0], 10.0)], every=0.1),
        single("cond: constant 400 pA", "iaf_cond_exp", 0.1, 200.0, {"i_e": 400.0}),
        single(
            "cond: inhibition from above its reversal",
            "iaf_cond_exp",
            0.1,
            80.0,
            {"i_e": 200.0},
            [([30.0, 31.0, 32.0], -15.0)],
            every=0.1,
        ),
    ]
    for k, dt in enumerate([0.1, 0.1, 0.1, 0.05, 0.1]):
        until = 400.0
        params = {
            "c_m": rng.uniform(100, 300),
            "g_l": rng.uniform(8, 20),
            "tau_syn_ex": rng.uniform(1, 6),
            "tau_syn_in": rng.uniform(3, 12),
            "e_l": rng.uniform(-72, -65),
            "v_th": rng.uniform(-55, -50),
            "e_ex": rng.uniform(-10, 5),
            "e_in": rng.uniform(-85, -75),
            "v_reset": rng.uniform(-65, -58),
            "t_ref": round(int(rng.integers(5, 40)) * dt, 9),
            "i_e": rng.uniform(0, 100),
        }
        trains = trains_of(rng, until, dt, [500, 150, 300], [3.0, 6.0, -4.0])
        made.append(
            single(
                f"cond: random {k}",
                "iaf_cond_exp",
                dt,
                until,
                params,
                trains,
                steps_of(rng, until, dt, -100, 300, 10),
                every=1.0,
            )
        )
    return made


PRESETS = {
    "RS": (0.02, 0.2, -65.0, 8.0),
    "IB": (0.02, 0.2, -55.0, 4.0),
    "CH": (0.02, 0.2, -50.0, 2.0),
    "FS": (0.1, 0.2, -65.0, 2.0),
    "LTS": (0.02, 0.25, -65.0, 2.0),
    "RZ": (0.1, 0.26, -65.0, 2.0),
}


def izhikevich_cases(rng):
    made = [single("izhikevich: defaults, 10 pA", "izhikevich", 0.1, 200.0, {"i_e": 10.0}, every=1.0)]
    for label, row in PRESETS.items():
        params = dict(zip("abcd", row, strict=True)) | {"v": -65.0, "u": row[1] * -65.0}
        made.append(
            single(
                f"izhikevich: {label} under a step of 10",
                "izhikevich",
                0.1,
                300.0,
                params,
                steps=([20.0, 250.0], [10.0, 0.0]),
                every=1.0,
            )
        )
        trains = trains_of(rng, 300.0, 0.1, [120, 60], [4.0, -3.0])
        made.append(
            single(
                f"izhikevich: {label} under spikes and currents",
                "izhikevich",
                0.1,
                300.0,
                params,
                trains,
                steps_of(rng, 300.0, 0.1, -3, 9, 8),
                every=1.0,
            )
        )
    params = dict(zip("abcd", PRESETS["RS"], strict=True)) | {"v": -65.0, "u": -13.0, "v_th": 25.0}
    made.append(
        single(
            "izhikevich: a step of 0.05",
            "izhikevich",
            0.05,
            200.0,
            params,
            [([20.0, 20.0], 12.0)],
            ([50.0], [8.0]),
            every=1.0,
        )
    )
    return made


def main():
    rng = np.random.default_rng(seed(1))
    cases = psc_cases(rng) + cond_cases(rng) + izhikevich_cases(rng)
    circuits = [
        circuit(
            "psc circuit",
            "iaf_psc_exp",
            0.1,
            300.0,
            {"i_e": 250.0},
            rng,
            {"R": 350.0, "E": 250.0, "I": 300.0},
        ),
        circuit(
            "psc circuit, other constants",
            "iaf_psc_exp",
            0.2,
            300.0,
            {"tau_m": 18.0, "tau_syn_ex": 4.0, "tau_syn_in": 7.0, "t_ref": 1.0, "v_reset": -66.0},
            rng,
            {"R": 250.0, "E": 160.0, "I": 200.0},
        ),
        circuit(
            "cond circuit",
            "iaf_cond_exp",
            0.1,
            200.0,
            {"tau_syn_ex": 2.0, "tau_syn_in": 5.0, "i_e": 150.0},
            rng,
            {"R": 6.0, "E": 4.0, "I": 6.0},
        ),
        circuit(
            "izhikevich circuit",
            "izhikevich",
            0.1,
            300.0,
            {"i_e": 3.0, "v": -65.0, "u": -13.0},
            rng,
            {"R": 5.0, "E": 3.0, "I": 3.0},
            drive=100.0,
        ),
    ]
    write(__file__, cases + circuits, "neurons.json")


if __name__ == "__main__":
    main()
