"""Beside Brian2, as its users write these models: pair STDP, short-term plasticity, a leaky neuron.

`brian2.json` was made by `make_with_brian2.py` with Brian2 2.9.0.
"""

import numpy as np
import pytest

from engine import Network
from tests.references.stage import fresh, named, relays, run, series, spike_times, stored


def stdp(case):
    """The largest difference of a weight, looked at every five milliseconds."""
    p = case["params"]
    net = Network(dt=case["dt"], seed=1)
    pre, post = relays(net, "Pre", case["pre"]), relays(net, "Post", [case["post"]])
    rule = {
        "tau_pre": p["tau_pre"], "tau_post": p["tau_post"], "lambda_": p["up"], "alpha": p["down"] / p["up"],
        "mu_plus": 0.0, "mu_minus": 0.0,
    }  # fmt: skip
    way = net.add_projection("Plastic", pre, post, rules=[("stdp_pair", rule)], w_max=1.0, dendritic=0.0)
    ids = net.add_synapses(
        way, pre=pre.ids, post=np.repeat(post.ids, len(pre.ids)), weight=case["start"], delay=case["delay"]
    )
    probe = net.add_probe(ids, "weight", every=5.0)
    found = series(run(net, case["for"]).record(probe), np.asarray(ids))
    apart = [
        np.subtract(got[: len(want)], want[: len(got)])
        for got, want in zip(found, case["weights"], strict=True)
    ]
    assert min(one.size for one in apart) > 190
    assert min(np.ptp(want) for want in case["weights"]) > 0.02
    return float(np.abs(apart).max())


def short_term(case):
    """The largest difference of an amplitude."""
    net = Network(dt=case["dt"], seed=1)
    pre = relays(net, "Pre", [case["pre"]])
    post = net.add_population("Post", "iaf_psc_exp")
    params = {**case["params"], "form": "two_variable"}
    way = net.add_projection("Synapse", pre, post, transmission="tsodyks_markram", params=params)
    ids = net.add_synapses(way, pre=pre.ids, post=post.ids, weight=case["weight"], delay=1.0)
    probe = net.add_probe(ids, "transmitted", every="pre")
    found = run(net, case["for"]).record(probe)["value"]
    assert found.size == len(case["amplitudes"]) > 10
    return float(np.abs(np.subtract(found, case["amplitudes"])).max())


def neuron(case):
    """The largest difference of the potential (mV) at any whole millisecond; the spikes are the same."""
    net = Network(dt=case["dt"], seed=1)
    cell = net.add_population("Cell", "iaf_psc_exp", params={**case["params"], "v": case["params"]["e_l"]})
    for train, weight in zip(case["trains"], case["weights"], strict=True):
        source = relays(net, "Source", [train], +1 if weight > 0 else -1)
        way = net.add_projection("Way", source, cell, transmission="current_exp")
        net.add_synapses(way, pre=source.ids, post=cell.ids, weight=weight, delay=1.0)
    probe = net.add_probe(cell, "v", every=1.0)
    sim = run(net, case["for"])
    assert [t for t, _ in spike_times(sim, cell.ids)] == pytest.approx(case["spikes"], abs=1e-6)
    assert len(case["spikes"]) > 5
    found = sim.record(probe)["value"]
    return float(np.abs(np.subtract(found[: len(case["v"])], case["v"][: found.size])).max())


KINDS = {  # how it is compared, the measure, what is compared
    "stdp": (stdp, "A14", "weights"),
    "short_term": (short_term, "A07", "amplitudes"),
    "neuron": (neuron, "A01", "spikes and potential"),
}


@pytest.mark.parametrize("case", named(stored("brian2.json")))
def test_A01_A07_A14_what_brian2_computes_comes_out_here_too(case, measured):
    compare, measure, what = KINDS[case["kind"]]
    apart = compare(case)
    measured(measure, f"{case['name']}: {what} against Brian2", source="equal", ours=f"within {apart:.0e}",
             tolerance="1e-9", kind="X")  # fmt: skip
    assert apart < 1e-9


@pytest.mark.brian2
@pytest.mark.slow
def test_it_equals_the_brian2_that_is_installed_on_cases_never_seen_before(tmp_path):
    for case in fresh("make_with_brian2.py", tmp_path, package="brian2"):
        assert KINDS[case["kind"]][0](case) < 1e-9
