"""e-prop on spiking neurons: its sums beside back-propagation through time, and beside NEST's.

`eprop.json` was made by `make_eprop.py` with NEST 3.10.0 (`eprop_iaf_adapt_bsshslm_2020`,
`eprop_readout_bsshslm_2020`, `eprop_synapse_bsshslm_2020`).
"""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Simulation, Training
from engine.analysis.energy import BY_NAME, joules
from engine.analysis.ledger.learning import compare, energy, transport
from engine.errors import UsageError
from tests.learning import layered
from tests.references.stage import fresh, named, stored

N_IN, N, N_OUT, STEPS = 8, 12, 2, 120
TAU, TAU_A, V_TH, HEIGHT, T_REF = 20.0, 120.0, 0.6, 0.3, 2


def drawn(seed=1, within=True, beta=0.1, feedback=None, params=None, frozen=False) -> Network:
    """Relays, adaptive neurons, joined to each other or not, and two readouts."""
    net, luck = Network(dt=1.0, seed=seed), np.random.default_rng(seed)
    noise = net.add_population("Noise", "relay", size=N_IN, sign=0)
    cells = net.add_population("Cells", "alif", size=N, sign=0, params={"beta": beta, "tau_a": TAU_A})
    out = net.add_population("Out", "leaky_readout", size=N_OUT, sign=0)
    into = net.add_projection("In", noise, cells)
    net.wire(into, "all_to_all", weight=luck.normal(0.1, N_IN**-0.5, N_IN * N), delay=1.0)
    if within:
        among = net.add_projection("Within", cells, cells)
        net.wire(among, "all_to_all", weight=luck.normal(0, 0.7 * N**-0.5, N * (N - 1)), delay=1.0)
    read = net.add_projection("Read", cells, out)
    net.wire(read, "all_to_all", weight=luck.normal(0, N**-0.5, N * N_OUT), delay=1.0)
    net.add_feedback(read, weight=feedback)
    if frozen:
        net.set(into, frozen=True)
    net.add_task("Two", "sines", noise, out, {"steps": float(STEPS), "size": float(N_IN), "voices": 2.0})
    net.set_learner("eprop", params)
    return net


def streams(seed=3):
    luck = np.random.default_rng(seed)
    t = np.arange(STEPS)[:, None]
    return (luck.uniform(size=(STEPS, N_IN)) < 0.15) * 1.0, np.sin(2 * np.pi * t * [1.0, 2.0] / STEPS)


def matrix(training: Training, label: str, shape) -> np.ndarray:
    """The weights of a projection, (pre, post); 0 where there is no synapse."""
    return filled(training, label, shape, training.columns[0])


def filled(training: Training, label: str, shape, column) -> np.ndarray:
    found = np.zeros(shape)
    for way in training.drawn.ways:
        if way.label == label:
            found[way.pre - way.pre.min(), way.post - way.post.min()] = column[way.here]
    return found


def by_hand(training: Training, X, Y, beta: float, across: bool) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The gradient by back-propagation through time with the pseudo-derivative, and the spikes.

    Nothing goes back through the reset.  Without `across` nothing goes back from neuron to neuron either, and
    the error of the readout comes over the feedback weights: what e-prop claims to find forwards in time.
    """
    w_in, w_out = matrix(training, "In", (N_IN, N)), matrix(training, "Read", (N, N_OUT))
    w_rec, back = matrix(training, "Within", (N, N)), matrix(training, "Read, back", (N_OUT, N))
    alpha, rho = np.exp(-1 / TAU), np.exp(-1 / TAU_A)
    v, a, y, z, wait = np.zeros(N), np.zeros(N), np.zeros(N_OUT), np.zeros(N), np.zeros(N)
    kept = []
    for x in X:
        v = alpha * v + x @ w_in + z @ w_rec - V_TH * z
        a = rho * a + z
        far = v - V_TH - beta * a
        free = wait == 0
        psi = free * HEIGHT / V_TH * np.maximum(0.0, 1.0 - abs(far) / V_TH)
        before, z = z, ((far >= 0) & free) * 1.0
        wait = np.where(z > 0, T_REF - 1, np.maximum(wait - 1, 0))
        y = alpha * y + z @ w_out
        kept.append((before, z, psi, y))
    dv, da, dy = np.zeros(N), np.zeros(N), np.zeros(N_OUT)
    found = {"In": np.zeros((N_IN, N)), "Within": np.zeros((N, N)), "Read": np.zeros((N, N_OUT))}
    for t in reversed(range(len(X))):
        before, z, psi, y = kept[t]
        dy = (y - Y[t]) + alpha * dy
        dz = dy @ (w_out.T if across else back) + da + (w_rec @ dv if across else 0.0)
        dv, da = psi * dz + alpha * dv, -beta * psi * dz + rho * da
        found["In"] += np.outer(X[t], dv)
        found["Within"] += np.outer(before, dv)
        found["Read"] += np.outer(z, dy)
    np.fill_diagonal(found["Within"], 0.0)
    return found, np.array([z for _, z, _, _ in kept])


@pytest.mark.parametrize("beta", [0.0, 0.1])
def test_X5_forward_in_time_the_sums_are_those_of_back_propagation_within_each_neuron(beta, measured):
    training = Training(drawn(beta=beta, feedback=("normal", 0.0, 1.0)))
    X, Y = streams()
    ours = training.update_for(X[None], Y[None])
    ideal, spikes = by_hand(training, X, Y, beta, across=False)
    assert 0.01 < spikes.mean() < 0.3
    worst = 0.0
    for label, theirs in ideal.items():
        mine = filled(training, label, theirs.shape, ours)
        assert np.abs(theirs).max() > 0.01
        worst = max(worst, np.abs(mine - theirs).max() / np.abs(theirs).max())
    measured("X5-A2", f"e-prop against the local part of the gradient through time, beta {beta:g}",
             source="equal", ours=f"{worst:.1e}", tolerance="1e-10", kind="X")  # fmt: skip
    assert worst < 1e-10


def test_X5_without_synapses_within_and_with_mirrored_feedback_it_is_the_gradient_itself(measured):
    training = Training(drawn(within=False))
    X, Y = streams()
    ours = training.update_for(X[None], Y[None])
    ideal, _ = by_hand(training, X, Y, 0.1, across=True)
    worst = 0.0
    for label in ("In", "Read"):
        mine = filled(training, label, ideal[label].shape, ours)
        worst = max(worst, np.abs(mine - ideal[label]).max() / np.abs(ideal[label]).max())
    measured("X5-A3", "e-prop without recurrence, feedback mirrored, against the gradient through time",
             source="equal", ours=f"{worst:.1e}", tolerance="1e-10", kind="X")  # fmt: skip
    assert worst < 1e-10


def test_X5_in_a_recurrent_network_it_leaves_out_part_of_the_gradient(measured):
    angles = []
    for seed in range(5):
        training = Training(drawn(seed=seed))
        X, Y = streams(seed)
        ours = training.update_for(X[None], Y[None])
        ideal, _ = by_hand(training, X, Y, 0.1, across=True)
        both = [
            (filled(training, label, ideal[label].shape, ours), ideal[label]) for label in ("In", "Within")
        ]
        one, other = (np.concatenate([pair[k].ravel() for pair in both]) for k in (0, 1))
        angles.append(compare(one, other).angle)
    measured("X5-A4", "angle of e-prop to the gradient through time, 5 recurrent networks of 12 neurons",
             source="below 90 deg", ours=f"{min(angles):.0f} to {max(angles):.0f} deg",
             tolerance="5 to 70 deg", kind="S")  # fmt: skip
    assert min(angles) > 5
    assert max(angles) < 70


def test_a_neuron_off_its_rate_is_drawn_to_it():
    found = {}
    for cost in (0.0, 3.0):
        net = drawn(frozen=True, params={"rate_cost": cost, "rate": 20.0, "eta": 0.01})
        net.set(net.projection("Read"), frozen=True)
        training = Training(net).run(150)
        training.answers()
        found[cost] = 1000.0 * training.stream[:, N_IN : N_IN + N].mean()
    assert abs(found[3.0] - 20.0) < abs(found[0.0] - 20.0) / 2


def test_the_readout_goes_down_the_slope_of_the_error_itself():
    """The readout is linear, so the slope of its error can be measured by moving a weight a little."""
    training = Training(drawn())
    X, Y = streams()
    update = training.update_for(X[None], Y[None])
    way = next(way for way in training.drawn.ways if way.label == "Read")

    def error() -> float:
        return 0.5 * float(((training.answers(X[None], Y[None]).outputs[0] - Y) ** 2).sum())

    for at in (way.first, way.first + 7):
        ends = []
        for step in (1e-4, -2e-4, 1e-4):
            training.columns[0, at] += step
            ends.append(error())
        assert (ends[0] - ends[1]) / 2e-4 == pytest.approx(update[at], rel=1e-6)


def test_the_neurons_of_a_training_spike_as_in_a_simulation_to_the_bit():
    net = drawn(params={"eta": 0.0})
    training = Training(net)
    X, Y = streams()
    outputs = training.answers(X[None], Y[None]).outputs[0]
    _, spikes = by_hand(training, X, Y, 0.1, across=False)
    for k, relay in enumerate(net.population("Noise").ids.tolist()):
        times = np.flatnonzero(X[:, k]) + 1.0  # a synapse brings it a step later
        if times.size:
            net.add_input("spike_list", [relay], times=times)
    probe = net.add_probe(net.population("Out"), "v", every=1.0)
    sim = Simulation(net)
    sim.run(float(STEPS + 4))
    cells = net.population("Cells").ids
    found = sim.spikes()
    found = found[np.isin(found["neuron"], cells)]
    steps = np.round(found["t"]).astype(int) - 2
    found, steps = found[steps < STEPS], steps[steps < STEPS]
    assert sorted(zip(steps.tolist(), (found["neuron"] - cells.min()).tolist(), strict=True)) == sorted(
        zip(*(side.tolist() for side in np.nonzero(spikes)), strict=True)
    )
    v = sim.record(probe)["value"].reshape(-1, N_OUT)
    assert np.array_equal(v[2 : 2 + STEPS], outputs)


def test_feedback_that_learns_as_the_readout_does_keeps_its_weights_or_turns_towards_them():
    mirrored = Training(drawn(params={"broadcast": "adaptive", "eta": 0.01})).run(5)
    assert transport(mirrored) == pytest.approx(1.0)
    read, back = matrix(mirrored, "Read", (N, N_OUT)), matrix(mirrored, "Read, back", (N_OUT, N))
    assert np.array_equal(read, back.T)
    for seed in (1, 2, 3):
        found = {}
        for broadcast in ("fixed", "adaptive"):
            params = {"broadcast": broadcast, "eta": 0.01, "decay": 0.05}
            net = drawn(seed=seed, feedback=("normal", 0.0, N**-0.5), params=params)
            found[broadcast] = transport(Training(net).run(60))
        assert found["adaptive"] > 0.5
        assert found["adaptive"] > found["fixed"] + 0.2


def test_a_trace_knows_its_two_neurons_and_itself_and_nothing_else():
    """The poison test in time: every other neuron and synapse is no number, and no bit changes."""
    training = Training(drawn(feedback=("normal", 0.0, 1.0), params={"broadcast": "adaptive"}))
    X, Y = streams()
    training.states_for(X[None], Y[None])
    S, M = training.states_now()
    training.columns[2:] = np.random.default_rng(1).normal(size=training.columns[2:].shape)
    clean = training.columns.copy()
    training.kernels.trace(*training.arrays(S, M))
    wanted = training.columns.copy()
    for way in training.drawn.ways:
        for k in (0, way.ids.size - 1):
            at, mine = way.first + k, [int(way.pre[k]), int(way.post[k])]
            poisoned = np.full_like(S, np.nan)
            poisoned[:, :, mine] = S[:, :, mine]
            training.columns[:] = np.nan
            training.columns[:, at] = clean[:, at]
            training.kernels.trace(*training.arrays(poisoned, M))
            assert np.isfinite(training.columns[:, at]).all()
            assert training.columns[:, at].tobytes() == wanted[:, at].tobytes()
    assert (wanted != clean).any(axis=1)[2:6].all()


def test_neurons_that_do_not_run_by_themselves_are_refused_in_words():
    net = layered([2, 3, 1], "sines", "backprop", of_task={"size": 2.0}, feedback=("uniform", -1, 1))
    net.set_learner("eprop")
    with pytest.raises(UsageError, match=r"'L1' \(rate_unit\) lacks .*psi.* Adaptive integrate-and-fire"):
        Training(net)
    net = drawn()
    net.set_learner("cerebellar")
    with pytest.raises(UsageError, match="has no rate"):
        Training(net)


def as_nest_did(case) -> float:
    """The largest difference of a sum from that of NEST, over the largest; the readouts must agree."""
    into, within, read, back = (np.array(case[k], float) for k in ("In", "Within", "Read", "Back"))
    net = Network(dt=1.0, seed=1)
    noise = net.add_population("Noise", "relay", size=len(into), sign=0)
    own = {name: case[name] for name in ("beta", "tau_a", "t_ref")}
    cells = net.add_population("Cells", "alif", size=len(within), sign=0, params=own)
    out = net.add_population("Out", "leaky_readout", size=len(back), sign=0)
    net.wire(net.add_projection("In", noise, cells), "all_to_all", weight=into.ravel())
    others = within[~np.eye(len(within), dtype=bool)]
    net.wire(net.add_projection("Within", cells, cells), "all_to_all", weight=others)
    net.wire(net.add_projection("Read", cells, out), "all_to_all", weight=read.ravel())
    net.wire(net.add_projection("Back", out, cells), "all_to_all", weight=back.ravel())
    sizes = {"size": float(len(into)), "voices": float(len(back))}
    net.add_task("Two", "sines", noise, out, sizes)
    net.set_learner("eprop")
    training = Training(net)
    Y = np.array(case["target"])
    X = np.zeros((len(Y), len(into)))
    X[tuple(np.transpose(case["given"]))] = 1.0
    said = training.answers(X[None], Y[None]).outputs[0]
    np.testing.assert_allclose(said, np.array(case["said"]), atol=1e-10)
    ours = training.update_for(X[None], Y[None])
    worst, seen = 0.0, 0
    for label, heard in (("In", case["heard"][0]), ("Within", case["heard"][1]), ("Read", case["heard"][1])):
        theirs = np.array(case["sums"][label], float)[heard]
        mine = filled(training, label, np.shape(case["sums"][label]), ours)[heard]
        there = ~np.isnan(theirs)
        seen += there.sum()
        worst = max(worst, np.abs(mine - theirs)[there].max() / np.abs(theirs[there]).max())
    assert seen > 50
    return float(worst)


@pytest.mark.parametrize("case", named(stored("eprop.json")))
def test_X5_the_sums_of_a_trial_are_those_of_nest(case, measured):
    worst = as_nest_did(case)
    measured("X5-A5", f"e-prop: sums of a trial against NEST, {case['name']}", source="equal",
             ours=f"{worst:.1e}", tolerance="1e-9", kind="N")  # fmt: skip
    assert worst < 1e-9


def test_the_sums_of_other_trials_are_those_of_a_live_nest(tmp_path):
    for case in fresh("make_eprop.py", tmp_path):
        assert as_nest_did(case) < 1e-9


def test_the_ledger_charges_the_spikes_that_were_counted_and_no_products_for_them():
    training = Training(drawn(feedback=("normal", 0.0, 1.0)))
    X, Y = streams()
    _, spikes = by_hand(training, X, Y, 0.1, across=False)
    fired = X.sum() + spikes.sum()
    events = X.sum() * N + spikes.sum() * (N - 1 + N_OUT)
    bill = energy(training, X[None], Y[None])
    rows = {cost.label: cost for cost in bill.costs}
    assert rows["Tissue, whole axons"].how.startswith(f"{fired:.0f} spikes, {events:.0f} events")
    vesicle = joules("vesicle") * BY_NAME["release_probability"].value
    assert rows["Tissue, whole axons"].joules == pytest.approx(fired * joules("spike") + events * vesicle)
    assert rows["Ideal digital"].how.startswith(f"{events:.0f} spikes at synapses")
    assert rows["Ideal digital"].joules == pytest.approx(bill.macs * joules("mac") + events * joules("add"))
