"""The sums of e-prop after one trial, by NEST's models of Bellec et al. (2020) (X5).

A trial as long as NEST's update interval, and the beginning of a second one, in which the first spike of each
presynaptic neuron takes the gradient off its weights: what a weight lost, over eta, is the sum of the trial.
NEST filters the eligibility of recurrent neurons with a gain of 1 - exp(-1/tau), which is divided out here.
"""

import numpy as np
from nest_side import seed, start, write

TAU = 20.0
N_IN, N, N_OUT, STEPS = 5, 7, 2, 90
ETA = 1e-3


def weights(nest, pre, post):
    """The weights of all synapses, (pre, post); NaN where there is none."""
    found = np.full((len(pre), len(post)), np.nan)
    all_of = nest.GetConnections(pre, post, "eprop_synapse_bsshslm_2020")
    for source, target, weight in zip(*(all_of.get(n) for n in ("source", "target", "weight")), strict=True):
        found[source - pre[0].global_id, target - post[0].global_id] = weight
    return found


def case(name, rng, beta, tau_a, t_ref):
    nest = start(1.0)
    nest.set(
        eprop_update_interval=float(STEPS),
        eprop_learning_window=float(STEPS),
        eprop_reset_neurons_on_update=True,
    )
    into = rng.normal(0.15, N_IN**-0.5, (N_IN, N))
    within = rng.normal(0.0, 0.7 * N**-0.5, (N, N))
    read, back = rng.normal(0.0, N**-0.5, (N, N_OUT)), rng.normal(0.0, 1.0, (N_OUT, N))
    given = rng.random((STEPS, N_IN)) < 0.2
    given[:3] = given[-6:] = False  # NEST's first and last steps belong to its delays
    t = np.arange(STEPS)[:, None]
    target = np.sin(2.0 * np.pi * t * np.array([[1.0, 2.0]]) / STEPS)

    generators, relays = nest.Create("spike_generator", N_IN), nest.Create("parrot_neuron", N_IN)
    quiet = {"C_m": 1.0, "E_L": 0.0, "I_e": 0.0, "V_m": 0.0, "regular_spike_arrival": True, "tau_m": TAU}
    cells = nest.Create("eprop_iaf_adapt_bsshslm_2020", N, {
        **quiet, "V_th": 0.6, "t_ref": t_ref, "adapt_beta": beta, "adapt_tau": tau_a, "c_reg": 0.0,
        "surrogate_gradient_function": "piecewise_linear", "surrogate_gradient_height": 0.3 / 0.6,
        "surrogate_gradient_width": 0.6,
    })  # fmt: skip
    out = nest.Create("eprop_readout_bsshslm_2020", N_OUT, {**quiet, "loss": "mean_squared_error"})
    teacher, recorder = nest.Create("step_rate_generator", N_OUT), nest.Create("spike_recorder")
    meter = nest.Create("multimeter", {"interval": 1.0, "record_from": ["readout_signal"]})
    nest.SetDefaults(
        "eprop_synapse_bsshslm_2020",
        {"optimizer": {"type": "gradient_descent", "batch_size": 1, "eta": ETA, "Wmin": -1e3, "Wmax": 1e3}},
    )
    taught = {"synapse_model": "eprop_synapse_bsshslm_2020", "delay": 1.0, "tau_m_readout": TAU}
    nest.Connect(generators, relays, "one_to_one", {"delay": 1.0})
    nest.Connect(relays, cells, "all_to_all", {**taught, "weight": into.T})
    for i in range(N):
        for j in range(N):
            if i != j:
                nest.Connect(cells[i], cells[j], "one_to_one", {**taught, "weight": within[i, j]})
    nest.Connect(cells, out, "all_to_all", {**taught, "weight": read.T})
    signal = {"synapse_model": "eprop_learning_signal_connection_bsshslm_2020", "delay": 1.0}
    nest.Connect(out, cells, "all_to_all", {**signal, "weight": back.T})
    rate = {"synapse_model": "rate_connection_delayed", "delay": 1.0}
    nest.Connect(teacher, out, "one_to_one", {**rate, "receptor_type": 2})
    nest.Connect(out, out, "all_to_all", {**rate, "receptor_type": 1})
    nest.Connect(cells, recorder)
    nest.Connect(meter, out)
    for k in range(N_IN):
        on = np.flatnonzero(given[:, k]) + 1.0
        generators[k].set(spike_times=np.concatenate([on, on + STEPS]))
    for k in range(N_OUT):
        teacher[k].set(
            amplitude_times=np.arange(2.0 * STEPS) + 4.0, amplitude_values=np.tile(target[:, k], 2)
        )
    before = [into, np.where(np.eye(N) > 0, np.nan, within), read]
    nest.Simulate(2.0 * STEPS - 6.0)
    after = [weights(nest, *pair) for pair in ((relays, cells), (cells, cells), (cells, out))]
    sums = [(one - other) / ETA for one, other in zip(before, after, strict=True)]
    spikes = recorder.events
    fired = [
        [int(when) - 3, int(who) - int(cells[0].global_id)]
        for when, who in zip(spikes["times"], spikes["senders"], strict=True) if when - 3 < STEPS
    ]  # fmt: skip
    said = meter.events["readout_signal"].reshape(-1, N_OUT)[4 : 4 + STEPS]
    gain = 1.0 - np.exp(-1.0 / TAU)
    # who was silent in the second trial has not been told yet
    late = {who - cells[0].global_id for when, who in zip(spikes["times"], spikes["senders"], strict=True)
            if when > STEPS + 6}  # fmt: skip
    heard = [[k for k in range(N_IN) if given[:, k].any()], sorted(map(int, late))]

    def kept(array):
        return [[None if np.isnan(x) else float(f"{x:.12g}") for x in row] for row in array]

    return {
        "name": name, "beta": beta, "tau_a": tau_a, "t_ref": t_ref, "given": np.argwhere(given).tolist(),
        "target": kept(target), "In": kept(into), "Within": kept(within), "Read": kept(read),
        "Back": kept(back),
        "spikes": sorted(fired), "said": kept(said), "heard": heard,
        "sums": {"In": kept(sums[0] / gain), "Within": kept(sums[1] / gain), "Read": kept(sums[2])},
    }  # fmt: skip


def main():
    rng = np.random.default_rng(seed(5))
    cases = [
        case("plain", rng, 0.0, 200.0, 0.0), case("adaptive", rng, 0.1, 120.0, 0.0),
        case("adaptive and refractory", rng, 0.05, 60.0, 2.0),
    ]  # fmt: skip
    write(__file__, cases, "eprop.json")


if __name__ == "__main__":
    main()
