"""Weights carried by each presynaptic spike under pair, power-law, triplet and dopamine STDP, by NEST.

Measures A14, A20, A34.  Pre and post are parrots (relays); synapses end on port 1, so that they only
learn.  Trains are dense, delays differ per synapse and weights start at and between the bounds, so that
many events tie and many weights are clipped.
"""

import numpy as np
from nest_side import events, parrots, random_train, seed, start, write


def learn(name, rule, dt, until, params, w_max, pre, post, synapses, sources=(), source_delay=1.0):
    """Weights carried by every presynaptic spike of `synapses`: (pre, post, weight, delay) by index."""
    nest = start(dt)
    before, after = parrots(nest, pre, dt), parrots(nest, post, dt)
    weights = nest.Create("weight_recorder")
    common = {"weight_recorder": weights}
    per_synapse = {}
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
        after.tau_minus = params["tau_post"]
    elif rule == "stdp_power":
        model = "stdp_pl_synapse_hom"
        common |= {
            "tau_plus": params["tau_pre"],
            "lambda": params["lambda_"],
            "alpha": params["alpha"],
            "mu": params["mu"],
        }
        after.tau_minus = params["tau_post"]
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
        after.set(tau_minus=params["tau_minus"], tau_minus_triplet=params["tau_y"])
    else:
        model = "stdp_dopamine_synapse"
        volume = nest.Create("volume_transmitter")
        dopamine = parrots(nest, sources, dt)
        nest.Connect(dopamine, volume, syn_spec={"delay": source_delay})
        common |= {
            "volume_transmitter": volume,
            "A_plus": params["a_plus"],
            "A_minus": params["a_minus"],
            "tau_plus": params["tau_pre"],
            "tau_c": params["tau_c"],
            "tau_n": params["tau_n"],
            "b": params["b"],
            "Wmin": params["w_min"],
            "Wmax": w_max,
        }
        after.tau_minus = params["tau_post"]
    nest.CopyModel(model, "recorded", common)
    for i, j, weight, delay in synapses:
        nest.Connect(
            before[i],
            after[j],
            syn_spec={
                "synapse_model": "recorded",
                "weight": weight,
                "delay": delay,
                "receptor_type": 1,
                **per_synapse,
            },
        )
    nest.Simulate(until)
    _, senders, targets, carried = events(weights, "times", "senders", "targets", "weights")
    first_pre, first_post = before[0].global_id, after[0].global_id
    series = []
    for i, j, _, _ in synapses:
        mine = (senders == first_pre + i) & (targets == first_post + j)
        series.append([float(x) for x in carried[mine]])
    return {
        "name": name,
        "rule": rule,
        "dt": dt,
        "for": until,
        "params": params,
        "w_max": w_max,
        "pre": pre,
        "post": post,
        "synapses": synapses,
        "sources": list(sources),
        "source_delay": source_delay,
        "carried": series,
    }


def bundle(rng, dt, until, w_max, rate, size=(3, 3), close=True, w_min=0.0):
    """Random trains and synapses; every pre train ends late, so that its last weight shows everything."""
    pre = [random_train(rng, rate, until - 200, dt) for _ in range(size[0])]
    post = [random_train(rng, rate, until - 200, dt) for _ in range(size[1])]
    post[0] = pre[0]  # every delay difference of this pair is a tie or a near tie
    if close:
        pre = [[*train, round(until - 50.0, 9)] for train in pre]
    synapses = []
    for i in range(size[0]):
        for j in range(size[1]):
            share = float(rng.choice([0.0, 1.0, rng.uniform(0.1, 0.9), rng.uniform(0.3, 0.7)]))
            delay = round(int(rng.integers(1, max(2, round(6 / dt)))) * dt, 9)
            if w_max < 0:
                share = max(share, 1e-3)  # NEST counts a weight of 0 as positive
            weight = np.copysign(w_min + share * (abs(w_max) - w_min), w_max)
            synapses.append([i, j, float(weight), delay])
    return pre, post, synapses


def pair_cases(rng):
    made = []
    hand = {
        "tau_pre": 20.0,
        "tau_post": 20.0,
        "lambda_": 0.01,
        "alpha": 1.05,
        "mu_plus": 0.0,
        "mu_minus": 0.0,
    }
    made.append(
        learn(
            "pair: one before, one after, by hand (m1)",
            "stdp_pair",
            0.1,
            200.0,
            hand,
            1.0,
            [[10.0, 60.0, 150.0]],
            [[20.0]],
            [[0, 0, 0.5, 1.0]],
        )
    )
    forms = [
        ("additive", 0.0, 0.0),
        ("multiplicative", 1.0, 1.0),
        ("van Rossum", 0.0, 1.0),
        ("Guetig", 0.05, 0.05),
        ("uneven", 0.7, 0.3),
        ("additive", 0.0, 0.0),
    ]
    for k, (label, plus, minus) in enumerate(forms):
        for sign in (1.0, -1.0):
            params = {
                "tau_pre": float(rng.uniform(8, 40)),
                "tau_post": float(rng.uniform(8, 40)),
                "lambda_": float(rng.uniform(0.005, 0.1)),
                "alpha": float(rng.uniform(0.5, 2.0)),
                "mu_plus": plus,
                "mu_minus": minus,
            }
            dt = [0.1, 1.0, 0.5][k % 3]
            w_max = sign * float(rng.uniform(1, 200))
            until = 1200.0
            made.append(
                learn(
                    f"pair: {label}, {'excitatory' if sign > 0 else 'inhibitory'}, {k}",
                    "stdp_pair",
                    dt,
                    until,
                    params,
                    w_max,
                    *bundle(rng, dt, until, w_max, [30, 120, 60][k % 3]),
                )
            )
    return made


def power_cases(rng):
    made = []
    for k in range(4):
        params = {
            "tau_pre": float(rng.uniform(8, 40)),
            "tau_post": float(rng.uniform(8, 40)),
            "lambda_": float(rng.uniform(0.01, 0.1)),
            "alpha": float(rng.uniform(0.1, 1.0)),
            "mu": float([0.4, 0.4, 0.2, 0.9][k]),
        }
        dt = [0.1, 1.0, 0.5, 0.1][k]
        pre, post, synapses = bundle(rng, dt, 1200.0, 60.0, 40)
        for row in synapses:
            row[2] = max(row[2], 1.0)
        made.append(learn(f"power law {k}", "stdp_power", dt, 1200.0, params, 1e6, pre, post, synapses))
    return made


TRIPLETS = {
    "NEST default": (16.8, 101.0, 33.7, 125.0, 5e-10, 6.2e-3, 7e-3, 2.3e-4),
    "visual, minimal": (16.8, 101.0, 33.7, 114.0, 0.0, 6.5e-3, 7.1e-3, 0.0),
    "hippocampus, full": (16.8, 946.0, 33.7, 27.0, 6.1e-3, 6.7e-3, 1.6e-3, 1.4e-3),
    "hippocampus, minimal": (16.8, 946.0, 33.7, 40.0, 5.3e-3, 8e-3, 3.5e-3, 0.0),
}
TRIPLET_NAMES = ("tau_plus", "tau_x", "tau_minus", "tau_y", "a2_plus", "a3_plus", "a2_minus", "a3_minus")


def triplet_cases(rng):
    made = []
    for k, (label, row) in enumerate(TRIPLETS.items()):
        params = dict(zip(TRIPLET_NAMES, row, strict=True))
        dt = [0.1, 1.0, 0.5, 0.1][k]
        for sign in (1.0, -1.0):
            made.append(  # noqa: PERF401
                learn(
                    f"triplet: {label}, {'excitatory' if sign > 0 else 'inhibitory'}",
                    "stdp_triplet",
                    dt,
                    1500.0,
                    params,
                    sign * 1.0,
                    *bundle(rng, dt, 1500.0, sign * 1.0, [20, 40, 60, 30][k]),
                )
            )
    for k in range(4):
        params = {
            "tau_plus": float(rng.uniform(8, 30)),
            "tau_x": float(rng.uniform(50, 500)),
            "tau_minus": float(rng.uniform(10, 50)),
            "tau_y": float(rng.uniform(51, 200)),
            "a2_plus": float(rng.uniform(0, 0.05)),
            "a3_plus": float(rng.uniform(0, 0.05)),
            "a2_minus": float(rng.uniform(0, 0.05)),
            "a3_minus": float(rng.uniform(0, 0.05)),
        }
        made.append(
            learn(
                f"triplet: random {k}",
                "stdp_triplet",
                1.0,
                1500.0,
                params,
                3.0,
                *bundle(rng, 1.0, 1500.0, 3.0, 50),
            )
        )
    return made


def dopamine_cases(rng):
    base = {
        "a_plus": 1.0,
        "a_minus": 1.5,
        "tau_pre": 20.0,
        "tau_post": 20.0,
        "tau_c": 1000.0,
        "tau_n": 200.0,
        "b": 0.0,
        "w_min": 0.0,
    }
    made = [
        learn(
            "dopamine: one pair, then one release",
            "dopamine",
            0.1,
            9000.0,
            base,
            200.0,
            [[10.0, 100.0, 1000.0, 8000.0]],
            [[20.0]],
            [[0, 0, 35.0, 1.0]],
            [[200.0]],
        )
    ]
    for k in range(8):
        params = base | {
            "a_plus": float(rng.uniform(0.5, 2)),
            "a_minus": float(rng.uniform(0.5, 2)),
            "tau_pre": float(rng.uniform(10, 40)),
            "tau_post": float(rng.uniform(10, 40)),
            "tau_c": float(rng.uniform(200, 1500)),
            "tau_n": float(rng.uniform(50, 400)),
            "b": [0.0, 0.0, 0.002, 0.01][k % 4],
            "w_min": [0.0, 5.0][k // 4],
        }
        dt = [0.1, 1.0][k % 2]
        until = 4000.0
        w_max = [200.0, 50.0][k // 4]
        sources = [random_train(rng, float(rng.uniform(2, 15)), until, dt) for _ in range(1 + k % 2)]
        pre, post, synapses = bundle(rng, dt, until, w_max, 12, w_min=params["w_min"])
        if params["b"] > 0.0:
            # With a baseline the change between two events can turn; NEST clips once more per delivery of
            # its volume transmitter, a number that depends on its shortest delay: stay away from the bounds.
            params |= {"a_plus": 0.1 * params["a_plus"], "a_minus": 0.1 * params["a_minus"]}
            synapses = [[i, j, 0.5 * w_max, delay] for i, j, _, delay in synapses]
        made.append(
            learn(
                f"dopamine: random {k}",
                "dopamine",
                dt,
                until,
                params,
                w_max,
                pre,
                post,
                synapses,
                sources,
                round(int(rng.integers(1, 30)) * dt, 9),
            )
        )
    return made


def main():
    rng = np.random.default_rng(seed(3))
    write(
        __file__,
        pair_cases(rng) + power_cases(rng) + triplet_cases(rng) + dopamine_cases(rng),
        "plasticity.json",
    )


if __name__ == "__main__":
    main()
