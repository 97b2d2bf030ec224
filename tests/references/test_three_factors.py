"""Third factors against hand calculations and the published tables of signs (A35, A37, A38, A39).

Every pair is a forced presynaptic and a forced postsynaptic spike; substances come by the spikes of a relay.
Additive pair STDP proposes changes of exp(-|dt|/tau), which the gates take or leave.
"""

import numpy as np
import pytest

from engine import Network, Simulation
from tests.references.seeds import holds, seeds, shown

W_MAX, START = 100.0, 50.0
SUBSTANCES = ("dopamine", "acetylcholine", "noradrenaline", "serotonin")
FAR = 60_000.0


def pairing(rules, dt_pair=10.0, at=1000.0, releases=None, tonic=None, until=30_000.0, w=START, h=0.1):
    """The change of one synapse by a pair at about `at` ms and releases {substance: times of arrival}."""
    net = Network(dt=h, seed=1)
    relays = net.add_population("relays", "relay", size=2 + len(SUBSTANCES))
    pre, post = (at, at + dt_pair) if dt_pair > 0 else (at - dt_pair, at)
    net.add_input("spike_list", relays[:1], times=[pre])
    net.add_input("spike_list", relays[1:2], times=[post - 1.0])  # its way back takes 1 ms
    for i, substance in enumerate(SUBSTANCES, 2):
        if releases and substance in releases:
            net.add_input("spike_list", relays[i : i + 1], times=[t - 1.0 for t in releases[substance]])
        more = {"tonic": (tonic or {}).get(substance, 0.0)}
        net.add_modulator(substance, "diffuse", relays[i : i + 1], {"substance": substance} | more)
    way = net.add_projection("way", relays, relays, rules=rules, w_max=W_MAX)
    net.add_synapses(way, relays[:1], relays[1:2], weight=w, delay=1.0)
    return float(Simulation(net).run(until).synapses(way)["weight"][0]) - w


def additive(tau_pre=20.0, tau_post=20.0, size=1.0):
    """Pair STDP whose proposals are `size` exp(-|dt|/tau)."""
    steps = {"lambda_": size / W_MAX, "alpha": 1.0, "mu_plus": 0.0, "mu_minus": 0.0}
    return ("stdp_pair", {"tau_pre": tau_pre, "tau_post": tau_post} | steps)


# -- acetylcholine, then dopamine ------------------------------------------------------------------

BRZOSKO = [additive(10.0, 10.0), "ach_dopamine"]
W10 = np.exp(-1.0)
"""The published window at 10 ms."""


@pytest.mark.parametrize("order", [10.0, -10.0], ids=["pre-post", "post-pre"])
def test_A35_acetylcholine_depresses_both_orders_and_dopamine_in_time_turns_it_round(order, measured):
    bath = {"acetylcholine": 1.0}
    alone = pairing(BRZOSKO, order)
    depressed = pairing(BRZOSKO, order, tonic=bath)
    rescued = pairing(BRZOSKO, order, tonic=bath, releases={"dopamine": [2000.0]})
    late = pairing(BRZOSKO, order, tonic=bath, releases={"dopamine": [11_000.0 + max(order, -order)]})
    assert alone == 0.0
    assert depressed == pytest.approx(-0.002 * W10, rel=1e-9)
    left = np.exp(-(2000.0 - 1000.0 - 10.0) / 2000.0)
    assert rescued == pytest.approx(W10 * (-0.002 + (0.01 + 0.002) * left), rel=1e-9)
    assert rescued > 0.0
    share = (late - depressed) / (0.012 * W10)
    assert share < 0.01
    name = "pre-post" if order > 0 else "post-pre"
    measured(
        "A35",
        f"{name} 10 ms: none, ACh, ACh then DA 1 s later; DA after 10 s",
        source="0, -, +; < 1 %",
        ours=f"{alone:g}, {depressed:.5f}, {rescued:+.5f}; {100 * share:.2f} %",
        tolerance="signs; 1 %",
        kind="Q",
        provisional=True,
    )


def test_what_dopamine_gives_back_is_what_acetylcholine_had_booked():
    given = pairing(BRZOSKO, releases={"dopamine": [1010.2]})
    assert given == pytest.approx(0.01 * W10 * np.exp(-0.2 / 2000.0), rel=1e-9)
    twice = pairing(BRZOSKO, releases={"dopamine": [1010.2, 1500.0]})
    assert twice == given  # the tag is used up


def test_acetylcholine_that_fades_depresses_as_much_as_is_left():
    faded = pairing(BRZOSKO, releases={"acetylcholine": [510.0]})
    assert faded == pytest.approx(-0.002 * W10 * np.exp(-1.0), rel=1e-9)


# -- noradrenaline and serotonin -------------------------------------------------------------------

HE = [additive(20.0, 40.0), "ne_serotonin"]
LOADED = {"pre-post": np.exp(-10.0 / 20.0), "post-pre": np.exp(-10.0 / 40.0)}


def tagged(order, substance, later=1.0, rules=HE):
    """The change when a substance comes `later` ms after a pair of 10 ms."""
    came = {} if substance is None else {substance: [1010.0 + later]}
    return pairing(rules, 10.0 if order == "pre-post" else -10.0, releases=came)


def test_A37_each_substance_turns_its_own_tag_and_no_other(measured):
    table = {
        (order, substance): tagged(order, substance)
        for order in ("pre-post", "post-pre")
        for substance in ("noradrenaline", "serotonin", None)
    }
    up, down = np.exp(-1.0 / 5000.0), np.exp(-1.0 / 2500.0)
    assert table["pre-post", "noradrenaline"] == pytest.approx(LOADED["pre-post"] * up, rel=1e-9)
    assert table["post-pre", "serotonin"] == pytest.approx(-LOADED["post-pre"] * down, rel=1e-9)
    assert table["pre-post", "serotonin"] == table["post-pre", "noradrenaline"] == 0.0
    assert table["pre-post", None] == table["post-pre", None] == 0.0
    shown = {"noradrenaline": "NE", "serotonin": "5-HT"}
    measured(
        "A37",
        "order x substance",
        source="NE pre-post +, 5-HT post-pre -, crossed 0",
        ours=", ".join(f"{shown[s]} {o} {dw:+.3f}" for (o, s), dw in table.items() if s),
        tolerance="signs; 0 exactly",
        kind="Q",
        provisional=True,
    )


def test_A37_the_effect_halves_in_the_half_life_of_its_tag(measured):
    found = {}
    for order, substance, tau in (("pre-post", "noradrenaline", 5000.0), ("post-pre", "serotonin", 2500.0)):
        half = round(tau * np.log(2.0), 1)
        found[substance] = tagged(order, substance, half + 1.0) / tagged(order, substance, 1.0)
        assert found[substance] == pytest.approx(0.5, rel=1e-4)
    measured(
        "A37",
        "effect after tau ln 2, NE and 5-HT",
        source="0.5",
        ours=f"{found['noradrenaline']:.4f}, {found['serotonin']:.4f}",
        tolerance="10 %",
        kind="N",
        provisional=True,
    )


def test_a_substance_without_a_pairing_changes_nothing():
    released = {"noradrenaline": [500.0, 900.0], "serotonin": [700.0]}
    assert pairing(HE, releases=released) == 0.0


def test_a_tag_is_never_fuller_than_its_cap_and_a_weak_release_uses_a_part_of_it():
    full = tagged("pre-post", "noradrenaline", 1.0, [additive(20.0, 40.0), ("ne_serotonin", {"cap": 0.25})])
    assert full == pytest.approx(0.25 * np.exp(-1.0 / 5000.0), rel=1e-9)


# -- push and pull ---------------------------------------------------------------------------------

SEOL = [additive(), "push_pull"]
BATHS = {
    "beta only": {"noradrenaline": 1.0},
    "M1 only": {"acetylcholine": 1.0},
    "both": {"noradrenaline": 1.0, "acetylcholine": 1.0},
    "none": {},
}
SIGNS = {"beta only": (1, 1), "M1 only": (-1, -1), "both": (1, -1), "none": (0, 0)}


def test_A38_the_receptors_that_are_on_decide_the_sign_of_both_orders(measured):
    found = {
        name: tuple(pairing(SEOL, order, tonic=bath, until=1500.0) for order in (10.0, -10.0))
        for name, bath in BATHS.items()
    }
    for name, changes in found.items():
        assert tuple(np.sign(changes)) == SIGNS[name]
        np.testing.assert_allclose(np.abs(changes), np.abs(SIGNS[name]) * np.exp(-0.5), rtol=1e-9)
    measured(
        "A38",
        "signs at +10 and -10 ms: beta only, M1 only, both, none",
        source="(+,+) (-,-) (+,-) (0,0)",
        ours=" ".join(f"({a:+.2f},{b:+.2f})" for a, b in found.values()),
        tolerance="signs",
        kind="Q",
        provisional=True,
    )


def test_the_outcome_moves_with_how_strongly_each_pathway_is_on():
    size = np.exp(-0.5)
    for ac, plc in ((0.3, 0.8), (0.8, 0.3), (5.0, 1.0)):
        push, pull = min(ac, 1.0), min(plc, 1.0)
        bath = {"noradrenaline": ac, "acetylcholine": plc}
        for order in (10.0, -10.0):
            dw = pairing(SEOL, order, tonic=bath, until=1500.0)
            expected = min(push, pull) * np.sign(order) * size + (push - pull) * size
            assert dw == pytest.approx(expected, rel=1e-9)


# -- reward prediction error -----------------------------------------------------------------------


def drift(model, rewarded, seconds=400, seed=1, **params):
    """How far weights move when rewards come at random times, and the expectation in the end."""
    rng = np.random.default_rng(seed)
    steps = seconds * 1000
    net = Network(dt=1.0, seed=seed)
    pre = net.add_population("pre", "relay", size=40)
    post = net.add_population("post", "relay", size=1)
    yes, no = (net.add_population(name, "relay", sign=sign) for name, sign in (("reward", 1), ("none", -1)))
    net.add_input("poisson", pre, rate=8.0)
    net.add_input("poisson", post, rate=8.0)
    trials = np.unique(rng.integers(100, steps, seconds))
    won = rng.random(trials.size) < rewarded
    net.add_input("spike_list", yes, times=trials[won].astype(float))
    net.add_input("spike_list", no, times=trials[~won].astype(float))
    sources = [*yes.ids, *(no.ids if model == "reward_prediction" else [])]
    drug = net.add_modulator("DA", model, sources, {"substance": "dopamine", **params})
    stdp = {"lambda_": 0.0005, "alpha": 0.9, "mu_plus": 0.0, "mu_minus": 0.0}
    way = net.add_projection("way", pre, post, rules=[("stdp_pair", stdp), "dopamine"], w_max=W_MAX)
    net.wire(way, "all_to_all", weight=START, delay=1.0)
    sim = Simulation(net).run(float(steps))
    expected = sim.quantities("v").get(drug.id, [np.nan])[0]
    return float(np.mean(sim.synapses(way)["weight"]) - START), float(expected)


@seeds(1)
@pytest.mark.parametrize("rewarded", [1.0, 0.5])
def test_A39_rewards_paired_with_nothing_drive_weights_unless_they_are_expected(rewarded, seeds, measured):
    # what is left is chance: in 400 s at one half, five seeds had 2.9, 7.5, 6.5, 10.2 and 1.5 %
    length = 400 if len(seeds) == 1 else 2000
    plain = np.array([drift("diffuse", rewarded, length, seed)[0] for seed in seeds])
    error, expected = np.transpose(
        [drift("reward_prediction", rewarded, length, seed, trials=10.0) for seed in seeds]
    )
    share = np.abs(error / plain)
    measured(
        "A39",
        f"drift in {length} s, delta against b = 0, rewarded {100 * rewarded:.0f} % of the time, each seed",
        source="< 5 %",
        ours=f"{shown(100 * share)} % of {shown(plain, '+.2f')}",
        tolerance="5 %",
        kind="S",
        provisional=True,
    )
    assert holds(share < 0.05)
    # not for want of drift, about 2.2 in 400 s where all is rewarded; and V is a mean of ten trials
    assert (np.abs(plain) > 0.7 * rewarded).all()
    assert holds(np.abs(expected - rewarded) < 0.35)


# -- dopamine widens, acetylcholine marks ----------------------------------------------------------


def test_dopamine_widens_the_window_for_potentiation_alone():
    rule = [("stdp_dopamine", {"lambda_": 1.0 / W_MAX, "mu_plus": 0.0, "mu_minus": 0.0, "k": 1.5})]
    for level in (0.0, 0.4, 1.0):
        bath = {"dopamine": level}
        late = pairing(rule, 40.0, tonic=bath, until=1500.0)
        assert late == pytest.approx(np.exp(-40.0 / (20.0 * (1.0 + 1.5 * level))), rel=1e-9)
        assert pairing(rule, -40.0, tonic=bath, until=1500.0) == pytest.approx(-np.exp(-2.0), rel=1e-9)
    phasic = pairing(rule, 40.0, releases={"dopamine": [540.0]}, until=1500.0)
    assert phasic == pytest.approx(np.exp(-40.0 / (20.0 * (1.0 + 1.5 * np.exp(-1.0)))), rel=1e-9)


def test_acetylcholine_speeds_learning_and_quiets_transmission_exactly():
    rule = [additive(), ("acetylcholine", {"base": 0.2, "gain": 2.0, "suppress": 0.6})]
    assert pairing(rule, until=1500.0) == pytest.approx(0.2 * np.exp(-0.5), rel=1e-9)
    bath = {"acetylcholine": 0.5}
    assert pairing(rule, tonic=bath, until=1500.0) == pytest.approx(1.2 * np.exp(-0.5), rel=1e-9)
    carried = []
    for level in (0.0, 0.5, 3.0):
        net = Network(dt=0.1)
        pre, post = net.add_population("pre", "relay"), net.add_population("post", "iaf_psc_exp")
        net.add_input("spike_list", pre, times=[10.0])
        net.add_modulator("ACh", "diffuse", [], {"substance": "acetylcholine", "tonic": level})
        way = net.add_projection("way", pre, post, rules=rule, w_max=W_MAX)
        ids = net.add_synapses(way, pre, post, weight=40.0, delay=1.0)
        probe = net.add_probe(ids, "transmitted", every="pre")
        carried.append(float(Simulation(net).run(20.0).record(probe)["value"][0]))
    np.testing.assert_allclose(carried, [40.0, 40.0 * 0.7, 40.0 * 0.4], rtol=1e-12)


def test_gates_act_from_left_to_right():
    bath = {"acetylcholine": 1.0}
    first = [additive(), ("acetylcholine", {"base": 0.0, "gain": 0.5}), "ne_serotonin"]
    later = [additive(), "ne_serotonin", ("acetylcholine", {"base": 0.0, "gain": 0.5})]
    came = {"noradrenaline": [1011.0]}
    expected = 0.5 * np.exp(-0.5) * np.exp(-1.0 / 5000.0)
    assert pairing(first, tonic=bath, releases=came) == pytest.approx(expected, rel=1e-9)
    assert pairing(later, tonic=bath, releases=came) == pytest.approx(expected, rel=1e-9)
    # a tag is loaded through the gate to its left, and let go through the gate to its right
    assert pairing(first, releases=came) == pairing(later, releases=came) == 0.0
