"""Releases that a synapse meets between its own events do the same at once as one after the other."""

import ast

import numpy as np
import pytest

from engine import Network, Simulation
from engine.declare import Gate, field, param, role
from engine.kernels.leaps import proportional
from engine.kernels.lifted import lift


def circuit(b=0.02, w_max=60.0, **more):
    """Forty relays that spike when told to, three with dopamine; their weights are soon at both bounds."""
    net = Network(dt=0.1, seed=2)
    relays = net.add_population("R", "relay", size=40)
    luck = np.random.Generator(np.random.Philox(7))
    for i in range(40):
        spikes = np.unique(luck.integers(1, 15_000, 40))
        net.add_input("spike_list", relays[i : i + 1], times=np.round(spikes * 0.1, 9))
    rules = [("stdp_pair", {"lambda_": 0.3}), ("dopamine", {"tau_c": 200.0, "tau_n": 30.0, "b": b})]
    ee = net.add_projection("EE", relays, relays, rules=rules, w_max=w_max)
    net.wire(ee, "fixed_in", n=15, weight=30.0, delay=1.5)
    net.add_modulator("Dopamine", "diffuse", relays.ids[:3], more)
    return net, ee


def outcome(net, ee, leaps=True, duration=1500.0):
    sim = Simulation(net)
    (way,) = (w for w in sim.circuit.pathways.values() if w.id == ee.id)
    assert way.stack.leaps
    if not leaps:
        way.hearing.bounds[-1] = 0
    sim.run(duration)
    return sim.weights(ee.id)[1], way.credit.reshape(-1, 2).sum(axis=0), sim.synapses(ee)["c"]


@pytest.mark.parametrize("b", [0.0, 0.02])
def test_many_releases_at_once_do_what_they_do_one_after_the_other(b):
    net, ee = circuit(b)
    leapt, stepped = outcome(net, ee), outcome(net, ee, leaps=False)
    for one, other in zip(leapt, stepped, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
    assert np.ptp(leapt[0]) > 20.0
    at_bounds = (leapt[0] == 0.0) | (leapt[0] == 60.0)
    assert 20 < at_bounds.sum() < at_bounds.size - 20
    assert not all((one == other).all() for one, other in zip(leapt, stepped, strict=True))


def test_a_field_that_is_felt_unevenly_is_met_release_by_release():
    net, ee = circuit(sigma=50.0)
    sim = Simulation(net)
    assert sim.circuit.pathways[ee.id].hearing.bounds[-1] == 0


def gate(advance):
    """The field a gate of these lines is in proportion to."""

    class Tried(Gate, slug="tried_gate", label="Tried", family="Third factor"):
        tau = param(100.0, "ms", (1, 1e6), "How long the tag lasts.", source="our choice: a test")
        c = field(0.0, "", "The tag.", slow=True)
        e = field(0.0, "", "Another.", slow=True)
        n = role("dopamine", tau="tau", doc="Dopamine.")

    Tried.source_of = classmethod(lambda cls, hook: _parsed(advance))
    return proportional(Tried)


def _parsed(text):
    lines = "\n".join(f"    {line}" for line in text.splitlines())
    return ast.parse(f"def advance(syn, mod, p, dt):\n{lines}").body[0]


@pytest.mark.parametrize(
    ("advance", "found"),
    [
        ("syn.dw += syn.c * mod.n\nsyn.c *= exp(-dt / p.tau)", "c"),
        ("left = exp(-dt / p.tau)\nsyn.c = left * syn.c\nsyn.dw -= (1.0 - left) * syn.c / p.tau", "c"),
        ("gone = syn.c * dt\nsyn.dw += gone + gone\nsyn.c -= gone", "c"),
        ("syn.dw += syn.c * syn.c", ""),
        ("syn.dw += sqrt(syn.c)", ""),
        ("syn.dw += syn.c * syn.w", ""),
        ("syn.dw += syn.c + mod.n", ""),
        ("syn.dw += mod.n", ""),
        ("syn.dw += max(syn.c, 0.0)", ""),
        ("syn.c *= syn.c", ""),
        ("syn.c += mod.n", ""),
        ("syn.c *= exp(-dt / p.tau)\nsyn.e *= exp(-dt / p.tau)", ""),
        ("syn.c = uniform() * syn.c", ""),
        ("if mod.n > 0.0:\n    syn.dw += syn.c", ""),
    ],
)
def test_only_what_is_in_proportion_to_one_tag_is_taken_at_once(advance, found):
    assert gate(advance) == found


def test_what_follows_from_the_time_alone_is_looked_up():
    lines = ["a = p0_x / p0_y", "b = m0_n * exp(-a * dt)", "f0_c *= exp(-a * dt)", "dw += exp(m0_n * dt)"]
    found = lift(lines, "0")
    assert [text for _, text in found.parts] == ["exp(-a * dt)"]
    assert found.known == ("a = p0_x / p0_y",)
    (name,) = [name for name, _ in found.parts]
    assert found.lines == ("a = p0_x / p0_y", f"b = m0_n * {name}", f"f0_c *= {name}", "dw += exp(m0_n * dt)")


def test_what_is_worked_out_twice_is_not_taken_for_known():
    assert not lift(["a = p0_x", "a = a + f0_c", "dw += exp(-a * dt)"], "0").parts


def test_the_tables_hold_what_the_lines_work_out():
    net, ee = circuit()
    way = Simulation(net).circuit.pathways[ee.id]
    passed = np.arange(1, 200) * 0.1
    kappa = 1.0 / 200.0 + 1.0 / 30.0
    tables = [way.lags[name][1:200] for name in way.stack.timed]
    assert len(tables) == 2
    np.testing.assert_allclose(tables[0], np.expm1(-kappa * passed), rtol=1e-15)
    np.testing.assert_allclose(tables[1], np.expm1(-passed / 200.0), rtol=1e-15)


def test_an_eye_on_the_synapses_changes_no_bit():
    net, ee = circuit()
    plain, seen = Simulation(net), Simulation(net, eye=True)
    for sim in (plain, seen):
        sim.run(700.0)
    assert plain.weights(ee.id)[1].tobytes() == seen.weights(ee.id)[1].tobytes()
    assert plain.synapses(ee).tobytes() == seen.synapses(ee).tobytes()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_capture_in_mid_silence_goes_on_with_the_same_bits(threads):
    net, ee = circuit()
    through = Simulation(net)
    through.run(900.0)
    before = Simulation(net, threads=threads)
    before.run(433.3)
    after = Simulation(net, state=before.capture(), threads=threads)
    after.run(466.7)
    assert through.weights(ee.id)[1].tobytes() == after.weights(ee.id)[1].tobytes()
