"""Every neuron model does in a kernel what its hooks say when they are run one by one in plain Python."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from editor.inspector.meaning import starts
from engine import Network, Simulation, registry
from engine.by_hand import asked, neuron_step
from engine.kernels.hooks import channels
from engine.kernels.solver import draws

H, STEPS = 0.1, 400
CURRENTS = (0.0, 120.0, 900.0)
"""pA: at rest, below or about threshold, and firing."""
MODELS = [m for m in registry.all("neuron") if not m.is_relay and not draws(m)]


def by_hand(model: Any, current: float) -> tuple[dict[str, float], int]:
    """The states at the end, and how often it fired."""
    p, k = model.row(), SimpleNamespace()
    asked(model, "derive")(p=p, k=k, h=H)
    n = SimpleNamespace(**starts(model.states, p))
    inp = SimpleNamespace(ex=0.0, in_=0.0, current=current, **dict.fromkeys(channels(model), 0.0))
    step, fires, reset = neuron_step(model, H), asked(model, "fires", False), asked(model, "reset")
    fired = 0
    for _ in range(STEPS):
        step(n, p, k, inp)
        if fires(n=n, p=p, k=k, h=H):
            fired += 1
            reset(n=n, p=p, k=k, h=H)
    return {name: getattr(n, name) for name in model.states}, fired


@pytest.mark.parametrize("current", CURRENTS)
@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.slug)
def test_a_kernel_does_what_the_hooks_say(model: Any, current: float) -> None:
    net = Network(dt=H, seed=1)
    one = net.add_population("N", model.slug)
    net.add_input("dc_current", one, amplitude=current)
    sim = Simulation(net)
    sim.run(STEPS * H)
    expected, fired = by_hand(model, current)
    assert len(sim.spikes()) == fired
    got = {name: sim.state_of(one.ids, name)[0] for name in model.states}
    assert got == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_the_currents_make_models_fire() -> None:
    fired = {model.slug: by_hand(model, CURRENTS[-1])[1] for model in MODELS}
    assert sum(count > 0 for count in fired.values()) > len(fired) / 2, fired
