"""Gap junctions: both neurons follow the coupled equations, in both directions and among many."""

import numpy as np
import pytest

from engine import Network
from tests.references.stage import run, series, spike_times


def coupled(pairs, currents, until=200.0, dt=0.1, size=2, params=None):
    """Potentials (every ms) and the simulation of neurons joined by `pairs` of (i, j, nS)."""
    net = Network(dt=dt, seed=1)
    cells = net.add_population("Cells", "iaf_psc_exp", size=size, sign=+1, params=params or {})
    for i, (times, amplitudes) in currents.items():
        net.add_input("step_current", cells[i], times=times, amplitudes=amplitudes)
    junctions = net.add_projection("Gaps", cells, cells, transmission="gap_junction")
    for i, j, g in pairs:
        net.add_synapses(junctions, pre=cells.ids[i], post=cells.ids[j], weight=g)
    probe = net.add_probe(cells, "v", every=1.0)
    sim = run(net, until)
    return np.array(series(sim.record(probe), cells.ids)), sim, cells


def test_the_steady_potentials_are_those_of_three_resistors():
    # leak 25 nS each; 200 pA into the first: V1 - V2 shrinks by 25 / (25 + 2 g)
    for g in (1.0, 5.0, 20.0):
        v, _, _ = coupled([(0, 1, g)], {0: ([1.0], [200.0])}, 300.0)
        assert v[0, -1] + v[1, -1] + 140.0 == pytest.approx(200.0 / 25.0, abs=1e-3)
        assert v[0, -1] - v[1, -1] == pytest.approx(200.0 / (25.0 + 2 * g), abs=1e-3)


def test_a_junction_works_the_same_whichever_end_it_is_drawn_from():
    one, _, _ = coupled([(0, 1, 4.0)], {0: ([5.0], [300.0])})
    other, _, _ = coupled([(1, 0, 4.0)], {0: ([5.0], [300.0])})
    assert (one == other).all()
    two, _, _ = coupled([(0, 1, 1.5), (1, 0, 2.5)], {0: ([5.0], [300.0])})
    assert two == pytest.approx(one, abs=1e-9)


def test_a_chain_follows_the_coupled_equations_to_a_twentieth_of_a_millivolt():
    integrate = pytest.importorskip("scipy.integrate")
    rng = np.random.default_rng(3)
    size = 6
    pairs = [(i, i + 1, float(rng.uniform(1, 8))) for i in range(size - 1)] + [(0, size - 1, 3.0)]
    times, amplitudes = [10.0, 60.0, 110.0], [300.0, -150.0, 250.0]
    v, _, _ = coupled(pairs, {0: (times, amplitudes), 3: ([30.0], [100.0])}, size=size, params={"v_th": 0.0})
    coupling = np.zeros((size, size))
    for i, j, g in pairs:
        coupling[i, j] += g
        coupling[j, i] += g

    def slope(t, u):
        drive = np.zeros(size)
        drive[0] = 0.0 if t < 10 else amplitudes[np.searchsorted(times, t, side="right") - 1]
        drive[3] = 100.0 if t >= 30 else 0.0
        return (-25.0 * (u + 70.0) + coupling @ u - coupling.sum(axis=1) * u + drive) / 250.0

    at = np.arange(1.0, 201.0)
    exact = integrate.solve_ivp(
        slope, (0, 200), np.full(size, -70.0), t_eval=at, max_step=0.1, rtol=1e-8, atol=1e-9
    )
    assert np.abs(v - exact.y).max() < 0.05


def test_a_spiking_neuron_lifts_its_partner_by_the_divider_of_leak_and_junction():
    alone, _, _ = coupled([], {0: ([1.0], [600.0])})
    v, sim, cells = coupled([(0, 1, 10.0)], {0: ([1.0], [600.0])}, 1000.0)
    assert (alone[1] == -70.0).all()
    assert len(spike_times(sim, cells.ids)) > 20
    # averaged over many spikes: 25 (V2 - E_L) = 10 (V1 - V2)
    lifted, driven = v[1, 200:].mean() + 70.0, v[0, 200:].mean() + 70.0
    assert lifted == pytest.approx(driven * 10.0 / 35.0, rel=0.03)
