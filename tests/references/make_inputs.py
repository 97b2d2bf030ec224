"""The potential of a membrane under alternating and constant currents, by NEST (measure A06)."""

import numpy as np
from nest_side import events, seed, start, write


def case(name, model, dt, until, given):
    """A neuron that only integrates, under one generator; NEST's devices act one delay later."""
    nest = start(dt)
    cell = nest.Create("iaf_psc_exp", params={"V_th": 1e6})
    told = {key: value for key, value in given.items() if key not in ("start", "stop", "phase")}
    told |= {key: round(given[key] - dt, 9) for key in ("start", "stop") if key in given}
    if model == "ac_generator":
        told["phase"] = given.get("phase", 0.0) + 0.36 * given["frequency"] * dt
    device = nest.Create(model, params=told)
    nest.Connect(device, cell, syn_spec={"delay": dt})
    meter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": 1.0})
    nest.Connect(meter, cell)
    nest.Simulate(until)
    times, v = events(meter, "times", "V_m")
    return {
        "name": name,
        "model": {"ac_generator": "ac_current", "dc_generator": "dc_current"}[model],
        "dt": dt,
        "for": until,
        "params": given,
        "v": [round(float(x), 11) for x in v[times <= until - dt / 2]],
    }


def main():
    rng = np.random.default_rng(seed(6))
    cases = [
        case("dc", "dc_generator", 0.1, 60.0, {"amplitude": 250.0, "start": 10.0, "stop": 30.3}),
        case(
            "ac",
            "ac_generator",
            0.1,
            60.0,
            {"amplitude": 200.0, "frequency": 40.0, "start": 5.0, "stop": 50.0},
        ),
    ]
    for k in range(3):
        dt = [0.1, 0.25, 0.5][k]
        given = {
            "amplitude": rng.uniform(-300, 300),
            "frequency": rng.uniform(1, 300),
            "offset": rng.uniform(-100, 100),
            "phase": rng.uniform(-180, 180),
            "start": round(int(rng.integers(2, 40)) * dt, 9),
        }
        cases.append(case(f"ac: random {k}", "ac_generator", dt, 80.0, given))
    write(__file__, cases, "inputs.json")


if __name__ == "__main__":
    main()
