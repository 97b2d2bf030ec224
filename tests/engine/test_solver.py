"""What a model declares by its derivatives is integrated to fourth order; what decays beside it is exact."""

from __future__ import annotations

from math import cos, exp, log2, sin

import pytest

from engine import Network, Simulation, registry
from engine.declare import Neuron, normal, param, state
from engine.errors import ModelError
from engine.kernels import solver
from engine.kernels.neuron_loops import neuron

OMEGA, TAU = 0.6, 7.0
"""1/ms and ms."""


class Swing(Neuron, slug="test_swing", label="Oscillator pushed by what decays"):
    """x'' = -omega^2 x + u with u' = -u / tau; `gone` is how far x went in the last part."""

    omega = param(OMEGA, "1/ms", (0, 100), "How fast it swings.")
    tau = param(TAU, "ms", (0.01, 1000), "How long the push lasts.")
    parts = param(1.0, "", (1, 100), "Parts of a step.")
    v = state(0.3, "", "Where it is.")
    speed = state(-0.2, "1/ms", "How fast it moves.")
    u = state(0.5, "1/ms2", "The push.")
    gone = state(0.0, "", "How far it went in this step.")

    @staticmethod
    def pace(n, p, k, h):
        return p.parts

    @staticmethod
    def derivatives(n, p, k, inp, dn):
        dn.v = n.speed
        dn.speed = n.u - p.omega * p.omega * n.v

    @staticmethod
    def decay(n, p, k, inp, h):
        n.u = n.u * exp(-h / p.tau)

    @staticmethod
    def substep(n, was, p, k, inp, h):
        n.gone = n.gone + (n.v - was.v)

    @staticmethod
    def fires(n, p):
        return n.v > 1e9


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._by_slug(), Swing.slug, Swing)


def exact(t: float) -> float:
    """Where the oscillator is at t."""
    along = 0.5 / (OMEGA**2 + 1.0 / TAU**2)
    a, b = 0.3 - along, (-0.2 + along / TAU) / OMEGA
    return a * cos(OMEGA * t) + b * sin(OMEGA * t) + along * exp(-t / TAU)


def swung(dt: float, parts: float = 1.0, until: float = 12.0) -> dict[str, float]:
    net = Network(dt=dt, seed=1)
    one = net.add_population("S", "test_swing", params={"parts": parts})
    sim = Simulation(net)
    sim.run(until)
    return {name: float(sim.state_of(one.ids, name)[0]) for name in Swing.states}


def test_halving_the_step_divides_the_error_by_sixteen() -> None:
    wrong = [abs(swung(dt)["v"] - exact(12.0)) for dt in (0.4, 0.2, 0.1)]
    assert log2(wrong[0] / wrong[1]) == pytest.approx(4.0, abs=0.2)
    assert log2(wrong[1] / wrong[2]) == pytest.approx(4.0, abs=0.2)


def test_what_decays_is_exact_at_any_step() -> None:
    assert swung(0.8)["u"] == pytest.approx(0.5 * exp(-12.0 / TAU), rel=1e-13)


def test_a_step_in_parts_is_as_good_as_shorter_steps() -> None:
    coarse, fine = swung(0.8, parts=4.0), swung(0.2)
    assert coarse["v"] == pytest.approx(fine["v"], rel=1e-12)
    assert coarse["gone"] == pytest.approx(coarse["v"] - 0.3, rel=1e-12)


def test_only_what_has_a_derivative_is_integrated() -> None:
    assert solver.moved(Swing) == ["v", "speed"]
    assert "was_u" not in "\n".join(neuron(Swing, True, "float64").body)


def test_a_derivative_of_what_is_no_state_is_refused_with_what_there_is() -> None:
    class Typo(Neuron, slug="test_typo", label="Typo"):
        voltage = state(0.0, "mV", "Potential.")

        @staticmethod
        def derivatives(n, p, k, inp, dn):
            dn.voltag = 1.0

        @staticmethod
        def fires(n, p):
            return n.voltage > 1.0

    with pytest.raises(ModelError, match=r"no dn\.voltag \(did you mean 'voltage'"):
        neuron(Typo, True, "float64")


def test_chance_inside_a_derivative_is_refused_with_where_it_may_be_drawn() -> None:
    class Noisy(Neuron, slug="test_noisy", label="Noisy"):
        v = state(0.0, "mV", "Potential.")

        @staticmethod
        def derivatives(n, p, k, inp, dn):
            dn.v = normal()

        @staticmethod
        def fires(n, p):
            return n.v > 1.0

    with pytest.raises(ModelError, match=r"test_noisy\.derivatives: no chance .* draw in `integrate`"):
        neuron(Noisy, True, "float64")
