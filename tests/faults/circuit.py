"""A small network with a bit of everything in it, and a pretended simulation of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.network.network import Network


def rich(seed: int = 7) -> Network:
    """Two populations, relays, astrocytes, plastic and gap projections, inputs, probes, a modulator."""
    net = Network(dt=0.1, seed=seed, title="Ünïcode 網", notes="made by a test")
    exc = net.add_population("Pyramidal", "iaf_psc_exp", size=6, sign=+1, params={"tau_m": 10.0})
    inh = net.add_population(
        "Interneuron",
        "iaf_psc_exp",
        size=3,
        sign=-1,
        params={"tau_m": [9.0, 10.0, 11.0]},
        names=["a", "b", "c"],
    )
    relay = net.add_population("Touch", "relay", size=2, group="senses", notes={"sign": "unknown"})
    ee = net.add_projection("E to E", exc, exc, rules=[("stdp_pair", {"tau_pre": 20.0}), "scaling"])
    net.wire(ee, "fixed_total", n=12, weight=45.0, delay=1.5)
    ie = net.add_projection("I to E", inh, exc)
    net.wire(ie, "all_to_all", weight=-20.0, delay=1.0)
    te = net.add_projection("T to E", relay, exc)
    ids = net.add_synapses(te, relay.ids, exc.ids[:2], weight=30.0, delay=2.0)
    net.add_input("poisson", exc, rate=8000.0, weight=10.0)
    net.add_input("spike_list", relay.ids[:1], times=[10.0, 20.0])
    net.add_probe(exc.ids[:3], "v", every=1.0)
    net.add_probe(ids, "weight", every="pre")
    net.add_modulator("Dopamine", "diffuse", sources=relay, delay=1.0)
    return net


def lively() -> Network:
    """A few neurons with plastic synapses that are driven hard: quick to compile, and much happens soon."""
    net = Network(dt=0.1, seed=11)
    exc = net.add_population("Pyramidal", "iaf_psc_exp", size=6, sign=+1)
    ee = net.add_projection("E to E", exc, exc, rules=["stdp_pair"])
    net.wire(ee, "fixed_total", n=12, weight=45.0, delay=1.5)
    net.add_input("poisson", exc, rate=8000.0, weight=40.0)
    return net


class Pretended:
    """What `save` and `recover` need of a simulation: a network, a clock, and a state that changes."""

    def __init__(self, network: Network, state: dict[str, np.ndarray] | None = None) -> None:
        self.network = network.copy()
        self.step = int(state["clock/step"]) if state else 0
        self.v = state["population/1/v"].copy() if state else np.linspace(-70.0, -60.0, 6)

    def run(self, ms: float) -> None:
        for _ in range(round(ms / self.network.dt)):
            self.step += 1
            self.v = self.v * 0.999 + 0.01 * self.step + len(self.network.projections)

    def apply(self, edit: Any) -> Any:
        return edit.apply(self.network)

    def capture(self) -> dict[str, np.ndarray]:
        return {
            "clock/step": np.array(self.step),
            "population/1/v": self.v.copy(),
            "population/1/refractory": np.arange(6, dtype=np.int32),
            "projection/4/ring": np.zeros((3, 0), np.float32),
        }


def same(one: Network, other: Network) -> bool:
    """Whether two networks are equal, byte for byte."""
    a, b = one.canonical(), other.canonical()
    return (
        a[0] == b[0]
        and a[1].keys() == b[1].keys()
        and all(
            a[1][name].dtype == b[1][name].dtype
            and a[1][name].shape == b[1][name].shape
            and a[1][name].tobytes() == b[1][name].tobytes()
            for name in a[1]
        )
    )


def same_state(one: Any, other: Any) -> bool:
    """Whether two captures are equal, byte for byte."""
    if one is None or other is None:
        return one is other
    return one.keys() == other.keys() and all(
        np.asarray(one[k]).dtype == other[k].dtype
        and np.shape(one[k]) == other[k].shape
        and np.asarray(one[k]).tobytes() == other[k].tobytes()
        for k in one
    )
