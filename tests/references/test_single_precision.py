"""Single precision gives the double-precision references to one part in ten thousand (MODELS 1.10)."""

import numpy as np
import pytest

from engine import Network, Simulation, load, save
from engine.errors import EditRefused
from engine.network.checks import check
from tests.references.cases import amplitudes, dopamine_stack, single
from tests.references.stage import named, stdp_pairing, stored

PLASTIC = stored("plasticity.json")
NEURONS = [
    case
    for case in stored("neurons.json")
    if case["model"] == "iaf_psc_exp" and "synapses" not in case and case["dt"] >= 0.05
]


MEMBRANES = [
    case
    for case in stored("membranes.json")
    if case["model"] in ("iaf_psc_alpha", "iaf_psc_delta") and case["dt"] >= 0.05
]


@pytest.mark.parametrize("case", named(PLASTIC[::3]))
def test_weights(case):
    w_max, params = abs(case["w_max"]), case["params"]
    rules = dopamine_stack(params, w_max) if case["rule"] == "dopamine" else [(case["rule"], params)]
    _, _, carried = stdp_pairing(
        rules,
        case["pre"],
        case["post"],
        case["synapses"],
        dt=case["dt"],
        until=case["for"],
        w_min=params.get("w_min", 0.0),
        w_max=w_max,
        sources=case["sources"],
        source_delay=case["source_delay"],
        precision="single",
    )
    size = max(abs(row[2]) for row in case["synapses"])
    for got, expected in zip(carried, case["carried"], strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4 * size)


@pytest.mark.parametrize("case", named(stored("short_term.json")[::2]))
def test_amplitudes(case):
    got = amplitudes(case, precision="single")
    np.testing.assert_allclose(got, case["amplitudes"], rtol=1e-4, atol=1e-4 * abs(case["weight"]))


@pytest.mark.parametrize("case", named([*NEURONS, *MEMBRANES]))
def test_potentials_and_spikes(case):
    spikes, v = single(case, precision="single")
    assert spikes == pytest.approx(case["spikes"], abs=1.01 * case["dt"])
    moved = [t for t, expected in zip(spikes, case["spikes"], strict=True) if abs(t - expected) > 1e-6]
    expected = np.array(case["v"])
    until = round(((moved[0] if moved else case["for"]) - case["v_from"]) / case["every"])
    np.testing.assert_allclose(v[: expected.size][:until], expected[:until], rtol=1e-4)
    assert len(moved) <= 0.1 * len(spikes)


def alone(clamped=(), forced=(), **params):
    """Forty neurons without synapses, each from a potential and with a current of its own, in float32."""
    net = Network(dt=0.1, seed=8, precision="single")
    cells = net.add_population("Cells", "iaf_psc_exp", size=40, params=params)
    net.set(cells, v=np.linspace(-80.0, -56.0, 40))
    net.add_input("poisson", cells, rate=4000.0, weight=90.0)
    if len(clamped):
        net.set(cells.ids[list(clamped)], clamped=True)
    sim = Simulation(net)
    for i in forced:
        sim.circuit.cells[cells.id].forced[i] = 1
    sim.run(60.0)
    return sim.circuit.cells[cells.id].states


@pytest.mark.parametrize("told", [{"clamped": [7]}, {"forced": [7]}])
def test_what_is_done_to_one_neuron_leaves_the_bits_of_the_others(told):
    plain, other = alone(), alone(**told)
    for name, column in plain.items():
        np.testing.assert_array_equal(np.delete(column, 7), np.delete(other[name], 7), err_msg=name)
    assert plain["v"][7] != other["v"][7]


def test_a_slow_decay_is_not_bent_by_the_rounding_of_its_constant():
    net = Network(dt=0.1, seed=1, precision="single")
    cells = net.add_population(
        "Cells", "iaf_psc_exp", size=1, params={"tau_m": 5000.0, "e_l": 0.0, "v_th": 50.0}
    )
    net.set(cells, v=-64.0)
    sim = Simulation(net)
    sim.run(2000.0)
    left = float(sim.state_of(cells.ids, "v")[0])
    assert left == pytest.approx(-64.0 * np.exp(-2000.0 / 5000.0), rel=1e-5)


@pytest.mark.parametrize("w_max", [0.1, 0.3, 0.7, 1.1])
def test_a_weight_at_its_bound_is_within_it_in_either_precision(tmp_path, w_max):
    for precision in ("double", "single"):
        net = Network(dt=0.1, seed=1, precision=precision)
        pre, post = (net.add_population(name, "relay") for name in ("Pre", "Post"))
        net.add_input("spike_list", pre, times=[10.0, 50.0])
        net.add_input("spike_list", post, times=[12.0, 52.0])
        strong = ("stdp_pair", {"lambda_": 3.0, "alpha": 0.0, "mu_plus": 0.0})
        way = net.add_projection("Way", pre, post, rules=[strong], w_max=w_max)
        net.add_synapses(way, pre, post, weight=0.5 * w_max)
        sim = Simulation(net)
        sim.run(100.0)
        assert sim.synapses(way)["weight"][0] == pytest.approx(w_max, rel=1e-7)
        assert check(sim.network) == []
        save(sim, tmp_path / "at_the_bound.neuropil")
        again, _ = load(tmp_path / "at_the_bound.neuropil")
        again.set(again.projection("Way"), w_max=w_max)
        with pytest.raises(EditRefused, match="beyond w_max"):
            again.set(again.projection("Way"), w_max=w_max * (1.0 - 1e-6))
