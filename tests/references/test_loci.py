"""Where learning is stored: release and receptors (A23), and quantal release, where it shows (A09).

The references are written here from the equations.
"""

import math

import numpy as np
import pytest

from engine import Network, Simulation
from engine.network.edits import SetSynapses
from tests.references.stage import relays, run, series

COSTA = {
    "d_minus": 0.1771, "d_plus": 0.1548, "c_plus": 0.0618, "tau_y_minus": 32.7, "tau_y_plus": 230.2,
    "tau_x_plus": 66.6, "eta_p": 0.2, "eta_q": 1.25,
}  # fmt: skip
SJOSTROM = {  # relative change and its standard error, at 0.1, 10, 20, 40, 50 Hz
    10.0: [(-0.04, 0.05), (0.14, 0.10), (0.29, 0.14), (0.53, 0.11), (0.56, 0.26)],
    -10.0: [(-0.29, 0.08), (-0.41, 0.11), (-0.34, 0.10), (0.56, 0.32), (0.75, 0.19)],
}
RATES = [0.1, 10.0, 20.0, 40.0, 50.0]


def costa(pre, post, p, P=0.5, q=1.0, q_max=2.0):
    """(P, q) after every presynaptic spike; ties: the other side's trace from strictly before."""
    x = minus = plus = last = 0.0
    found = []
    for t in sorted({*pre, *post}):
        d, last = t - last, t
        x *= math.exp(-d / p["tau_x_plus"])
        minus *= math.exp(-d / p["tau_y_minus"])
        plus *= math.exp(-d / p["tau_y_plus"])
        if t in post:
            q = min(max(q + p["eta_q"] * p["c_plus"] * x * minus, 0.0), q_max)
        if t in pre:
            P = P + p["eta_p"] * (-p["d_minus"] * minus * plus + p["d_plus"] * plus * x)
            P = min(max(P, 0.0), 1.0)
            found.append((P, q))
            x += 1.0
        if t in post:
            minus, plus = minus + 1.0, plus + 1.0
    return found


def learned(
    pre, post, rules, weight=0.5, w_max=2.0, how="current_exp", params=None,
    what=("weight", "P", "q"), precision="double",
):  # fmt: skip
    """What each presynaptic spike saw of the synapse; `post` spikes reach it at the given times."""
    net = Network(dt=0.1, seed=1, precision=precision)
    before, after = relays(net, "Pre", [pre]), relays(net, "Post", [[round(t - 1.0, 6) for t in post]])
    way = net.add_projection(
        "Plastic", before, after, transmission=how, params=params or {}, rules=rules, w_max=w_max
    )
    ids = net.add_synapses(way, pre=before.ids, post=after.ids, weight=weight, delay=1.0)
    probes = {name: net.add_probe(ids, name, every="pre") for name in what}
    sim = run(net, math.ceil(max([*pre, *post])) + 30.0)
    return {name: series(sim.record(probe), np.asarray(ids))[0] for name, probe in probes.items()}, sim, way


def random_trains(seed, count=90):
    rng = np.random.default_rng(seed)
    pre, post = ({round(float(t), 1) for t in rng.uniform(5, 3000, count)} for _ in range(2))
    return sorted(pre), sorted(post | set(sorted(pre)[10:25]))


@pytest.mark.parametrize("seed", [1, 2])
def test_A23_release_and_receptors_follow_the_equations(seed, measured):
    pre, post = random_trains(seed)
    found, sim, way = learned(pre, post, [("costa", COSTA)])
    expected = np.array(costa(pre, set(post), COSTA))
    np.testing.assert_allclose(found["P"], expected[:, 0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["q"], expected[:, 1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["weight"], expected.prod(axis=1), rtol=1e-9, atol=1e-12)
    assert np.ptp(found["P"]) > 0.1
    worst = np.abs(found["P"] - expected[:, 0]).max()
    measured("A23", f"P and q on random trains {seed}", source="equal", ours=f"within {worst:.0e}",
             tolerance="1e-9", kind="X")  # fmt: skip
    up, down = (sum(v[i] for v in sim.credit()[int(way)].values()) for i in (0, 1))
    assert up + down == pytest.approx(sim.synapses(way)["weight"][0] - 0.5, abs=1e-9)


def protocol(rate, lag):
    """Five pairs, as Sjostrom's bursts; spikes of both sides as the synapse meets them."""
    pre = [round(50.0 + k * 1000.0 / rate, 1) for k in range(5)]
    return pre, [round(t + lag, 1) for t in pre]


def after(rate, lag):
    """P and q at the end of one burst, by the engine."""
    pre, post = protocol(rate, lag)
    _, sim, way = learned(pre, post, [("costa", COSTA)])
    row = sim.synapses(way)[0]
    return float(row["P"]), float(row["q"])


def test_A23_chi_square_over_sjostroms_points(measured):
    total = 0.0
    for lag, points in SJOSTROM.items():
        for rate, (mean, error) in zip(RATES, points, strict=True):
            P, q = after(rate, lag)
            total += ((P * q / 0.5 - 1.0 - mean) / error) ** 2
    measured("A23", "chi-square over the ten points (eta_p 0.2, eta_q 1.25)", source="10.4",
             ours=f"{total:.1f}", tolerance="<= 12", kind="S")  # fmt: skip
    assert total <= 12.0


def pulses(P, q, params=(("tau_rec", 200.0), ("tau_fac", 50.0))):
    """Ratio of two pulses 20 ms apart, by the engine, of a synapse with this release probability."""
    net = Network(dt=0.1, seed=1)
    pre, post = relays(net, "Pre", [[10.0, 30.0]]), relays(net, "Post", [[]])
    way = net.add_projection(
        "Test", pre, post, transmission="tsodyks_markram", params={**dict(params), "u": P}, w_max=1e3
    )
    ids = net.add_synapses(way, pre=pre.ids, post=post.ids, weight=q, delay=1.0)
    probe = net.add_probe(ids, "transmitted", every="pre")
    one, two = run(net, 50.0).record(probe)["value"]
    return two / one


@pytest.mark.parametrize(
    ("rate", "lag", "signs"), [(20.0, -10.0, (-1, 1, -1, 1, -1)), (50.0, 10.0, (1, 1, 1, -1, 1))]
)
def test_A23_signs_of_release_receptors_paired_pulses_and_variability(rate, lag, signs, measured):
    P, q = after(rate, lag)
    changes = (P - 0.5, q - 1.0, P * q - 0.5, pulses(P, q) - pulses(0.5, 1.0), P / (1 - P) - 1.0)
    names = ("P", "q", "w", "paired-pulse ratio", "1/CV2")
    measured("A23", f"{rate:g} Hz, {lag:+g} ms: changes of {', '.join(names)}",
             source=" ".join("+" if s > 0 else "-" for s in signs),
             ours=" ".join(f"{c:+.3f}" for c in changes), tolerance="signs", kind="Q")  # fmt: skip
    assert tuple(int(np.sign(c)) for c in changes) == signs


def test_blocking_receptors_takes_one_half_of_the_presynaptic_rule_away():
    pre, post = random_trains(3)
    without_cb1, *_ = learned(pre, post, [("costa", {**COSTA, "cb1": "blocked"})], what=("P",))
    without_no, *_ = learned(pre, post, [("costa", {**COSTA, "nitric_oxide": "blocked"})], what=("P",))
    assert (np.diff(without_cb1["P"]) >= 0.0).all()
    assert (np.diff(without_no["P"]) <= 0.0).all()
    assert np.ptp(without_cb1["P"]) > 0.05 < np.ptp(without_no["P"])


def test_with_short_term_plasticity_release_is_u_and_the_amplitude_is_q_u_x():
    pre, post = [50.0, 70.0, 90.0, 400.0], [60.0, 80.0]
    stp = {"u": 0.4, "tau_rec": 200.0, "tau_fac": 50.0}
    found, *_ = learned(pre, post, [("costa", COSTA)], weight=0.4, how="tsodyks_markram", params=stp,
                        what=("weight", "P", "q", "transmitted"))  # fmt: skip
    expected = costa(pre, set(post), COSTA, P=0.4, q=1.0)
    u, x, last = 0.0, 1.0, None
    for (P, q), amplitude, t in zip(expected, found["transmitted"], pre, strict=True):
        if last is not None:
            x = 1 + (x - x * u - 1) * math.exp(-(t - last) / 200.0)
            u = P + u * (1 - P) * math.exp(-(t - last) / 50.0)
        else:
            u = P
        last = t
        assert amplitude == pytest.approx(q * u * x, rel=1e-9)
    assert found["P"][0] == 0.4


PAIR = ("stdp_pair", {"lambda_": 0.05, "mu_plus": 0.0, "mu_minus": 0.0})


@pytest.mark.parametrize("place", ["receptors", "release_probability", "release_and_receptors"])
def test_the_same_change_is_stored_where_the_expression_says(place):
    pre, post = [50.0, 100.0], [60.0]
    what = ("weight",) if place == "receptors" else ("weight", "P", "q")
    found, *_ = learned(pre, post, [PAIR, (place, {})], what=what)
    up, down = 0.05 * 2.0 * math.exp(-10 / 20), 0.05 * 2.0 * math.exp(-40 / 20)
    if place == "receptors":
        assert list(found["weight"]) == pytest.approx([0.5, 0.5 + up - down], rel=1e-12)
    elif place == "release_probability":
        assert list(found["q"]) == pytest.approx([1.0, 1.0], rel=1e-12)
        assert found["P"][-1] == pytest.approx(0.5 + up - down, rel=1e-12)
    else:
        P, q = 0.5 + 0.5 * up, 1.0 + 0.5 * up / 0.5
        P -= down / q  # all of a depression is presynaptic
        assert (found["P"][-1], found["q"][-1]) == pytest.approx((P, q), rel=1e-12)
    if place != "receptors":
        np.testing.assert_allclose(found["weight"], found["P"] * found["q"], rtol=1e-12)


def test_a_weight_set_by_hand_changes_receptors_and_scaling_too():
    net = Network(dt=0.1, seed=1)
    pre, post = relays(net, "Pre", [[10.0]]), relays(net, "Post", [[]])
    rules = [("costa", COSTA), ("scaling", {"target": 5.0, "tau_sc": 1000.0, "update": 100.0})]
    way = net.add_projection("Plastic", pre, post, rules=rules, w_max=200.0)
    ids = net.add_synapses(way, pre=pre.ids, post=post.ids, weight=10.0, delay=1.0)
    sim = Simulation(net)
    sim.run(50.0)
    row = sim.synapses(way)[0]
    assert (row["P"], row["q"]) == (0.5, 20.0)

    sim.apply(SetSynapses(np.asarray(ids), "weight", np.array([30.0])))
    row = sim.synapses(way)[0]
    assert (row["weight"], row["P"], row["q"]) == pytest.approx((30.0, 0.5, 60.0))
    sim.run(50.0)
    row = sim.synapses(way)[0]
    assert row["P"] == 0.5
    assert row["q"] == pytest.approx(60.0 * math.exp(0.1), rel=1e-9)
    state = sim.capture()
    again = Simulation(sim.network, state=state)
    assert again.synapses(way).tobytes() == sim.synapses(way).tobytes()
    assert sim.network.synapses(sim.network.projection("Plastic"))["P"][0] == 0.5


def test_eligibility_holds_back_all_three_changes_until_dopamine_comes():
    pre, post = [50.0, 60.0, 70.0, 80.0, 900.0], [55.0, 65.0, 75.0]
    net = Network(dt=0.1, seed=1)
    before, after_ = relays(net, "Pre", [pre]), relays(net, "Post", [[t - 1.0 for t in post]])
    drug = relays(net, "Drug", [[300.0]])
    net.add_modulator("DA", "diffuse", sources=drug.ids)
    way = net.add_projection("Plastic", before, after_, rules=[("costa", COSTA), "dopamine"], w_max=2.0)
    ids = net.add_synapses(way, pre=before.ids, post=after_.ids, weight=0.5, delay=1.0)
    probes = [net.add_probe(ids, name, every="pre") for name in ("P", "q")]
    sim = run(net, 950.0)
    for probe, moves in zip(probes, (True, True), strict=True):
        values = sim.record(probe)["value"]
        assert np.ptp(values[:4]) == 0.0
        assert (abs(values[4] - values[0]) > 1e-3) == moves


def test_single_precision_keeps_the_product():
    pre, post = random_trains(4)
    double, *_ = learned(pre, post, [("costa", COSTA)])
    single, *_ = learned(pre, post, [("costa", COSTA)], precision="single")
    np.testing.assert_allclose(single["weight"], double["weight"], rtol=1e-3, atol=1e-4)


# -- quantal release -----------------------------------------------------------------------------------


def released(params, train, count, seed=1):
    """Amplitudes (spikes, synapses) of many synapses that share a train."""
    net = Network(dt=0.1, seed=seed)
    pre, post = relays(net, "Pre", [train]), relays(net, "Post", [[]])
    way = net.add_projection("Quantal", pre, post, transmission="quantal", params=params, w_max=1e3)
    ids = net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids, count), weight=1.0, delay=1.0)
    probe = net.add_probe(ids, "transmitted", every="pre")
    record = run(net, max(train) + 10.0).record(probe)
    return record["value"].reshape(len(train), count)


def deterministic(params, train):
    """The two-variable form of Tsodyks and Markram."""
    u, x, last, found = params["u"], 1.0, None, []
    for t in train:
        if last is not None:
            x = 1 + (x - x * u - 1) * math.exp(-(t - last) / params["tau_rec"])
            fac = math.exp(-(t - last) / params["tau_fac"]) if params["tau_fac"] > 0 else 0.0
            u = params["u"] + u * (1 - params["u"]) * fac
        found.append(u * x)
        last = t
    return np.array(found)


@pytest.mark.parametrize(
    "params",
    [
        {"u": 0.5, "tau_rec": 200.0, "tau_fac": 0.0, "n": 5.0},
        {"u": 0.1, "tau_rec": 130.0, "tau_fac": 530.0, "n": 8.0},
    ],
    ids=["depressing", "facilitating"],
)
def test_A09_mean_variability_and_failures_of_quantal_release(params, measured):
    train = [10.0 + 40.0 * k for k in range(8)]
    got = released(params, train, 20000)
    n, u = params["n"], params["u"]
    mean = abs(float(got.mean(axis=1).sum() / n / deterministic(params, train).sum()) - 1.0)
    cv2 = float(got[0].var() / got[0].mean() ** 2)
    failures = float((got[0] == 0).mean())
    label = "depressing" if params["tau_fac"] == 0.0 else "facilitating"
    measured("A09", f"{label}: mean over eight spikes against the deterministic form", source="equal",
             ours=f"within {100 * mean:.2f} %", tolerance="1 %", kind="S")  # fmt: skip
    measured("A09", f"{label}: CV2 of the first amplitude", source=f"{(1 - u) / (n * u):.4f}",
             ours=f"{cv2:.4f}", tolerance="2 %", kind="S")  # fmt: skip
    measured("A09", f"{label}: failures of the first spike", source=f"{(1 - u) ** n:.4f}",
             ours=f"{failures:.4f}", tolerance="3 SE", kind="S")  # fmt: skip
    assert mean < 0.01
    np.testing.assert_allclose(got.mean(axis=1) / n, deterministic(params, train), rtol=0.03)
    assert cv2 == pytest.approx((1 - u) / (n * u), rel=0.02)
    expected = (1 - u) ** n
    assert abs(failures - expected) < 3 * math.sqrt(expected * (1 - expected) / 20000)


def test_A09_four_sites_by_hand():
    got = released({"u": 0.5, "tau_rec": 800.0, "tau_fac": 0.0, "n": 4.0}, [10.0], 20000, seed=2)[0]
    share = [float((got == k).mean()) for k in range(5)]
    assert share == pytest.approx([0.0625, 0.25, 0.375, 0.25, 0.0625], abs=0.012)
    assert got.mean() == pytest.approx(2.0, abs=0.025)
    assert got.var() == pytest.approx(1.0, abs=0.03)


def test_no_more_is_released_than_is_there_and_a_change_of_release_shows_in_the_variability():
    got = released({"u": 1.0, "tau_rec": 1e6, "tau_fac": 0.0, "n": 3.0}, [10.0, 11.0, 12.0], 50)
    assert (got[0] == 3.0).all()
    assert (got[1:] <= 0.0).mean() > 0.99
    low, high = (
        released({"u": u, "tau_rec": 800.0, "tau_fac": 0.0, "n": 4.0}, [10.0], 4000)[0] for u in (0.3, 0.6)
    )
    inverse = [x.mean() ** 2 / x.var() for x in (low, high)]
    assert inverse[1] > 2.5 * inverse[0]
    assert inverse[0] == pytest.approx(4 * 0.3 / 0.7, rel=0.1)


def test_what_is_released_does_not_depend_on_how_the_run_is_cut():
    train = [10.0 + 7.0 * k for k in range(20)]
    found = []
    for pieces in ([160.0], [13.0, 80.1, 66.9]):
        net = Network(dt=0.1, seed=3)
        pre, post = relays(net, "Pre", [train]), relays(net, "Post", [[]])
        way = net.add_projection("Quantal", pre, post, transmission="quantal", params={"n": 3.0})
        ids = net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids, 9), weight=1.0, delay=1.0)
        probe = net.add_probe(ids, "transmitted", every="pre")
        sim = Simulation(net)
        for piece in pieces:
            sim.run(piece)
        found.append(sim.record(probe)["value"])
    np.testing.assert_array_equal(*found)
