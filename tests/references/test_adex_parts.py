"""AdEx takes as many parts of a step as its upswing needs, however hard it is driven."""

import numpy as np
import pytest

from engine import Network, Simulation, registry
from engine.neurons.aeif_cond_exp import AeifCondExp


class Finest(AeifCondExp, slug="aeif_in_400_parts", label="AdEx in 400 parts", family="Integrate and fire"):
    @staticmethod
    def pace(n, p, k, h):
        return 400.0


@pytest.fixture(scope="module", autouse=True)
def known():
    registry.add(Finest, offered=False)


def spikes(model, dt, driven):
    n, drawn = 40, np.random.default_rng(4).uniform
    net = Network(dt=dt, seed=1, precision="double")
    cells = net.add_population("Cells", model, size=n)
    net.set(
        cells, c_m=drawn(80, 300, n), g_l=drawn(5, 30, n), v_th=drawn(-52, -46, n),
        delta_t=np.tile([0.5, 1.0, 2.0, 3.0], n // 4), a=drawn(-5, 5, n), tau_w=drawn(30, 300, n),
        b=drawn(0, 120, n), v_reset=drawn(-65, -54, n), t_ref=np.tile([dt, 2.0], n // 2),
        tau_syn_ex=drawn(0.5, 5, n), i_e=drawn(*driven["i_e"], n),
    )  # fmt: skip
    net.add_input("poisson", cells, rate=driven["rate"], weight=driven["weight"])
    sim = Simulation(net)
    sim.run(300.0)
    found = sim.spikes()
    return [found["t"][found["neuron"] == id] for id in cells.ids]


STEADY = {"i_e": (200.0, 900.0), "rate": 800.0, "weight": 3.0}
KICKED = {"i_e": (0.0, 300.0), "rate": 600.0, "weight": 40.0}


@pytest.mark.parametrize(
    ("dt", "driven", "share"), [(0.1, STEADY, 0.002), (0.1, KICKED, 0.02), (0.5, STEADY, 0.01)]
)
def test_hardly_a_spike_moves_against_400_parts_a_step(dt, driven, share):
    told, right = spikes("aeif_cond_exp", dt, driven), spikes("aeif_in_400_parts", dt, driven)
    count = sum(each.size for each in right)
    assert count > 500
    moved = 0
    for a, b in zip(told, right, strict=True):
        both = min(a.size, b.size)
        moved += int((np.abs(a[:both] - b[:both]) > 1.5).sum()) + abs(a.size - b.size)
    assert moved <= share * count
