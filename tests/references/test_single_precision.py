"""Single precision gives the double-precision references to one part in ten thousand (MODELS 1.10)."""

import numpy as np
import pytest

from tests.references.stage import named, stdp_pairing, stored
from tests.references.test_dopamine import stack
from tests.references.test_point_neurons import single
from tests.references.test_short_term import amplitudes

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
    rules = stack(params, w_max) if case["rule"] == "dopamine" else [(case["rule"], params)]
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
