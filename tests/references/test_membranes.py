"""AdEx, Hodgkin-Huxley, alpha and delta neurons give NEST's spikes and potentials (measures A03, A05).

`membranes.json` was made by `make_membranes.py` with NEST 3.10.0.
"""

import numpy as np
import pytest

from engine import Network, registry
from engine.errors import NeuropilError
from tests.references.cases import single
from tests.references.stage import fresh, named, relays, run, series, spike_times, stored

CASES = stored("membranes.json")
PATTERNS = [
    case for case in CASES if case["name"].removeprefix("adex: ") in registry.find("aeif_cond_exp").presets
]
EXACT = [case for case in CASES if case["model"].startswith("iaf")]
SOLVED = [case for case in CASES if case not in PATTERNS and case not in EXACT]


def compare_exact(case):
    spikes, v = single(case)
    assert spikes == case["spikes"]
    np.testing.assert_allclose(v[: len(case["v"])], case["v"], rtol=0, atol=1e-9)


def compare_pattern(case):
    """Counts are equal and the mean interval within 1 %; where V is chaotic single intervals are not."""
    spikes, _ = single(case)
    expected = case["spikes"]
    assert len(spikes) == len(expected)
    if len(expected) < 2:
        return len(spikes), 0.0
    mean = np.mean(np.diff(spikes)) / np.mean(np.diff(expected)) - 1.0
    assert abs(mean) < 0.01
    if "irregular" not in case["name"]:
        off = np.abs(np.diff(spikes) - np.diff(expected))
        assert (off <= np.maximum(0.01 * np.diff(expected), 0.1 + 1e-9)).all()
    return len(spikes), mean


def compare_solved(case):
    """Every spike within a step; potentials within 0.05 mV away from spikes that came a step apart."""
    spikes, v = single(case)
    expected, theirs = np.array(case["v"]), np.array(case["spikes"])
    assert len(spikes) == len(theirs)
    assert np.abs(np.subtract(spikes, theirs)).max(initial=0) <= 1.01 * case["dt"]
    moved = theirs[np.abs(np.subtract(spikes, theirs)) > 1e-6]
    t = case["v_from"] + case["every"] * np.arange(expected.size)
    # the upswing of AdEx multiplies any difference by e every tenth of a millisecond
    near = ((t[:, None] > theirs - 1.5) & (t[:, None] < theirs + 0.1)).any(axis=1)
    late = ((t[:, None] > moved - 1.0) & (t[:, None] < moved + 60.0)).any(axis=1)
    clear = ~late & ~(near if case["model"] == "aeif_cond_exp" else False)
    assert clear.mean() > 0.2
    assert np.abs(v[: expected.size] - expected)[clear].max() < 0.05


@pytest.mark.parametrize("case", named(EXACT))
def test_linear_neurons_give_the_spikes_and_potentials_of_nest(case):
    compare_exact(case)


@pytest.mark.parametrize("case", named(PATTERNS))
def test_A03_each_firing_pattern_of_adex_has_the_spikes_of_nest(case, measured):
    count, mean = compare_pattern(case)
    measured(
        "A03",
        f"{case['name'].removeprefix('adex: ')}: spikes in 600 ms, mean interval against NEST",
        source=f"{len(case['spikes'])}",
        ours=f"{count}, {100 * mean:+.2f} %",
        tolerance="equal count, 1 %",
        kind="N",
    )


@pytest.mark.parametrize("case", named(SOLVED))
def test_neurons_without_a_closed_form_agree_with_the_solver_of_nest(case):
    compare_solved(case)


@pytest.mark.nest
@pytest.mark.slow
def test_membranes_equal_the_nest_that_is_installed_on_cases_never_seen_before(tmp_path):
    for case in fresh("make_membranes.py", tmp_path):
        pattern = case["name"] in {one["name"] for one in PATTERNS}
        exact = case["model"].startswith("iaf")
        (compare_pattern if pattern else compare_exact if exact else compare_solved)(case)


def test_a_preset_of_adex_is_the_published_cell_with_its_current():
    params = registry.find("aeif_cond_exp").presets["regular bursting"]
    case = next(c for c in PATTERNS if c["name"].endswith(": regular bursting"))
    assert {name: params[name] for name in case["params"] if name in params} == {
        name: value for name, value in case["params"].items() if name in params
    }


def test_a_sharp_upswing_stays_finite_and_a_reset_above_the_peak_is_refused():
    net = Network(dt=0.1, seed=1)
    cell = net.add_population("Sharp", "aeif_cond_exp", params={"delta_t": 0.01, "i_e": 1000.0})
    times = [t for t, _ in spike_times(run(net, 200.0), cell.ids)]
    assert 5 < len(times) < 40
    with pytest.raises(NeuropilError, match="v_peak"):
        net.set(cell, v_reset=5.0)


def test_A05_the_squid_axon_fires_on_and_on_from_6_3_uA_per_cm2_and_at_68_Hz_at_10(measured):
    currents = np.array([610.0, 620.0, 630.0, 640.0, 1000.0])
    net = Network(dt=0.1, seed=1)
    cells = net.add_population("Axons", "hh_psc_alpha", size=currents.size, params={"i_e": currents})
    until = 1500.0
    got = spike_times(run(net, until), cells.ids)
    lasting = [sum(1 for t, k in got if k == which and t > 500.0) for which in range(currents.size)]
    firing = currents[np.array(lasting) > 10]
    onset = 0.01 * firing.min()
    assert lasting[0] == 0
    assert 6.2 < onset <= 6.3
    rate = lasting[-1] / (until - 500.0) * 1000.0
    times = [t for t, k in got if k == currents.size - 1 and t > 500.0]
    exact = 1000.0 / np.mean(np.diff(times))
    assert rate == pytest.approx(68.3, abs=1.0)
    assert exact == pytest.approx(68.3, abs=0.1)
    measured(
        "A05", "onset of repetitive firing, uA/cm2", source="6.2-6.3", ours=f"{onset:.1f}",
        tolerance="within", kind="N",
    )  # fmt: skip
    measured(
        "A05", "rate at 10 uA/cm2, Hz", source="68.3 (NEST)", ours=f"{exact:.2f}", tolerance="0.1", kind="N"
    )


def test_a_voltage_jump_and_an_alpha_current_reach_their_neurons_over_synapses_of_both_signs():
    net = Network(dt=0.1, seed=1)
    plus, minus = relays(net, "Plus", [[5.0]]), relays(net, "Minus", [[8.0]], sign=-1)
    jumps = net.add_population("Jumps", "iaf_psc_delta")
    rises = net.add_population("Rises", "iaf_psc_alpha")
    for source, sign in ((plus, 1.0), (minus, -1.0)):
        for target, kind, size in ((jumps, "delta", 3.0), (rises, "current_alpha", 100.0)):
            way = net.add_projection(f"{kind} {sign:+g}", source, target, transmission=kind)
            net.add_synapses(way, pre=source.ids, post=target.ids, weight=sign * size, delay=2.0)
    v = net.add_probe(jumps, "v", every=0.1)
    current = [net.add_probe(rises, name, every=0.1) for name in ("i_ex", "i_in")]
    sim = run(net, 20.0)
    got = sim.record(v)
    at = dict(zip(np.round(got["t"], 6), got["value"], strict=True))
    assert at[6.9] == -70.0
    assert at[7.0] == -67.0  # a jump is there when the spike arrives
    assert at[10.0] - at[9.9] == pytest.approx(-3.0, abs=0.05)
    for probe, peak in zip(current, (100.0, -100.0), strict=True):
        value = series(sim.record(probe), rises.ids)[0]
        assert value[np.argmax(np.abs(value))] == pytest.approx(peak, abs=1e-9)
    with pytest.raises(NeuropilError, match="choose delta"):
        net.add_projection("Wrong", plus, jumps, transmission="current_alpha")


def test_a_soft_threshold_escapes_at_its_rate_and_draws_its_own_chance():
    delta, rho, held = 2.0, 20.0, -54.0
    cell = {
        "v_th": -53.9,
        "v_reset": held,
        "delta": delta,
        "rho": rho,
        "t_ref": 2.0,
        "i_e": 25.0 * (held + 70.0),
        "v": held,
    }
    net = Network(dt=0.1, seed=4)
    cells = net.add_population("Soft", "iaf_psc_exp", size=200, params=cell)
    sim = run(net, 2000.0)
    got = spike_times(sim, cells.ids)
    hazard = rho * np.exp((held + 53.9) / delta) / 1000.0
    expected = 200 * 2000.0 / (1.0 / hazard + 2.0)
    assert abs(len(got) - expected) < 3.5 * np.sqrt(expected)
    trains = [[t for t, k in got if k == which] for which in range(200)]
    gaps = np.concatenate([np.diff(train) for train in trains])
    assert gaps.min() >= 2.0 - 1e-9
    assert np.std(gaps) == pytest.approx(1.0 / hazard, rel=0.1)
    assert trains[0] != trains[1]
    again = spike_times(run(net, 2000.0, threads=2), cells.ids)
    assert again == got
