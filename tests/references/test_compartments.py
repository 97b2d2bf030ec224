"""NMDA receptors and two coupled compartments agree with NEST's compartmental model (measures A10, A24).

`compartments.json` was made by `make_compartments.py` with NEST 3.10.0.
"""

import numpy as np
import pytest

from engine import Network, registry
from tests.references.stage import fresh, named, relays, run, series, stored

CASES = stored("compartments.json")
RECEPTORS = [case for case in CASES if "train" in case]
COUPLED = [case for case in CASES if "dendrite" in case]
AWAY = {"v_th": 150.0, "e_ex": 190.0}
"""No spike, whatever happens."""


def compare_receptor(case):
    net = Network(dt=case["dt"], seed=1)
    params = registry.find("iaf_cond_nmda").presets["NEST cm_default"] | case["params"] | AWAY
    cell = net.add_population("Cell", "iaf_cond_nmda", params=params)
    source = relays(net, "Relay", [[round(t - case["dt"], 9) for t in case["train"]]])
    way = net.add_projection("NMDA", source, cell, transmission="nmda")
    net.add_synapses(way, pre=source.ids, post=cell.ids, weight=case["weight"], delay=case["dt"])
    net.add_input("step_current", cell, **case["current"])
    probe = net.add_probe(cell, "v", every=0.5)
    got = run(net, 250.0).record(probe)["value"]
    expected = np.array(case["v"])
    assert np.ptp(expected) > 30.0
    return np.abs(got[: expected.size] - expected).max()


def compare_coupled(case):
    net = Network(dt=case["dt"], seed=1)
    cell = net.add_population(
        "Cell", "two_comp_bap", params=case["params"] | {"v_th": 99.0, "v_spike": 100.0, "e_ex": 150.0}
    )
    net.add_input("step_current", cell, **case["soma"])
    net.add_input("dendrite_current", cell, **case["dendrite"])
    probes = [net.add_probe(cell, name, every=0.5) for name in ("v", "v_d")]
    sim = run(net, 120.0)
    off = 0.0
    for probe, name in zip(probes, ("v", "v_d"), strict=True):
        got, expected = sim.record(probe)["value"], np.array(case[name])
        assert np.ptp(expected) > 5.0
        off = max(off, np.abs(got[: expected.size] - expected).max())
    return off


@pytest.mark.parametrize("case", named(RECEPTORS))
def test_nmda_receptors_open_as_those_of_nest(case):
    assert compare_receptor(case) < 0.05


@pytest.mark.parametrize("case", named(COUPLED))
def test_two_compartments_without_spikes_are_those_of_nest(case, measured):
    off = compare_coupled(case)
    assert off < 0.02
    measured(
        "A24", f"passive part, {case['name']}, against NEST", source="0 mV", ours=f"{off:.1e} mV",
        tolerance="0.02 mV", kind="N",
    )  # fmt: skip


@pytest.mark.nest
@pytest.mark.slow
def test_compartments_equal_the_nest_that_is_installed_on_cases_never_seen_before(tmp_path):
    for case in fresh("make_compartments.py", tmp_path):
        if "train" in case:
            assert compare_receptor(case) < 0.05
        else:
            assert compare_coupled(case) < 0.02


def held_at(volts, **params):
    """What NMDA receptors do in neurons that a huge leak holds at these potentials, after one spike."""
    net = Network(dt=0.1, seed=1)
    held = {"e_l": np.asarray(volts, float), "g_l": 1e6, **AWAY, **params}
    cells = net.add_population("Held", "iaf_cond_nmda", size=len(volts), params=held)
    source = relays(net, "Relay", [[1.0]])
    way = net.add_projection("NMDA", source, cells, transmission="nmda")
    net.wire(way, "all_to_all", weight=1.0, delay=0.1)
    probes = [net.add_probe(cells, name, every=0.1) for name in ("open_nmda", "i_nmda", "v")]
    sim = run(net, 20.0)
    return [np.array(series(sim.record(probe), cells.ids)) for probe in probes]


def test_A10_magnesium_leaves_open_what_jahr_and_stevens_found(measured):
    volts = np.array([-80.0, -70.0, -60.0, -40.0, -20.0, 0.0, 20.0])
    table = [0.0244, 0.0445, 0.0796, 0.2302, 0.5081, 0.7812, 0.9250]
    share, current, v = held_at(volts)
    assert np.abs(v - volts[:, None]).max() < 0.01
    worst = np.abs(share[:, -1] - table).max()
    assert worst < 1e-4
    # at the peak of a spike of 1 nS the current is g B (E - V)
    np.testing.assert_allclose(current.max(axis=1)[:5], np.array(table)[:5] * -volts[:5], atol=0.01)
    model = registry.find("iaf_cond_nmda")
    assert model.unblocked(-65.0, model.row()) == pytest.approx(0.059668, abs=1e-6)
    measured("A10", "B(V), worst of seven", source="table", ours=f"{worst:.1e}", tolerance="1e-4", kind="X")
    without, _, _ = held_at(volts, mg=0.0)
    assert np.abs(without - 1.0).max() == 0.0


def test_A10_nmda_current_grows_with_depolarisation_between_minus_70_and_minus_30(measured):
    volts = np.arange(-80.0, 21.0, 2.5)
    inward = held_at(volts)[1].max(axis=1)
    slope = np.diff(inward)
    turning = volts[np.argmax(inward)]
    inside = (volts[:-1] >= -70.0) & (volts[1:] <= -30.0)
    assert (slope[inside] > 0.0).all()
    assert -32.5 <= turning <= -17.5
    assert inward[volts == 0.0] == pytest.approx(0.0, abs=0.02)
    measured(
        "A10", "depolarisation at which the inward current is largest, mV", source="about -30",
        ours=f"{turning:g}", tolerance="region -70..-30 rises", kind="Q", provisional=True,
    )  # fmt: skip
