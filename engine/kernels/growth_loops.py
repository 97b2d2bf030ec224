"""The loops around the hooks of growth: elements moved step by step, nearness, the rate of new contacts."""

from __future__ import annotations

from engine.declare import Declaration
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import expression, resolver, statements


def growth(model: type[Declaration]) -> Kernel:
    """Moves the elements of every neuron from step s0 to s1, through its spikes in between.

    Calcium is exact at every step; `ca` is Euler-decayed from the last spike, as NEST advances it.
    """
    rows = {
        "p": {n: f"p_{n}" for n in model.params},
        "el": {"z": "el_z", "ca": "el_ca", "ca0": "el_ca0", "ca1": "el_ca1"},
    }
    hook = statements(model, "grow", resolver(rows), "g")
    body = [
        "h = ff[0]",
        *[f"p_{n} = pp[{i}]" for i, n in enumerate(model.params)],
        "decay = exp(-h / p_tau_ca)",
        "for i in range(ii[0]):",
        *indent(
            [
                "el_z = z[i]",
                "exact = calcium[i]",
                "el_ca = exact",
                "k = spike_start[i]",
                "for s in range(s0, s1):",
                *indent(
                    [
                        "el_ca0 = exact",
                        "el_ca1 = exact * decay",
                        "el_ca -= el_ca / p_tau_ca * h",
                        *hook,
                        "exact = el_ca1",
                        "while k < spike_start[i + 1] and spike_step[k] == s + 1:",
                        "    exact += p_beta_ca",
                        "    el_ca = exact",
                        "    el_z = max(el_z, 0.0)",
                        "    k += 1",
                    ]
                ),
                "z[i] = max(el_z, 0.0)",
                "calcium[i] = exact",
            ]
        ),
    ]
    return Kernel("grow", tuple(GROWTH), tuple(body))


GROWTH = [
    ("ii", "int64"), ("ff", "float64"), ("pp", "float64"), ("z", "float64"), ("calcium", "float64"),
    ("spike_start", "int64"), ("spike_step", "int64"),
]  # fmt: skip


def nearness(model: type[Declaration]) -> Kernel:
    """The relative chance of each of some distances, for drawing partners."""
    rows = {"p": {n: f"p_{n}" for n in model.params}}
    body = [
        *[f"p_{n} = pp[{i}]" for i, n in enumerate(model.params)],
        "for i in range(ii[0]):",
        *indent(["d = distance[i]", f"chance[i] = {expression(model, 'nearness', resolver(rows), 'e')}"]),
    ]
    return Kernel("nearness", tuple(NEARNESS), tuple(body))


NEARNESS = [("ii", "int64"), ("pp", "float64"), ("distance", "float64"), ("chance", "float64")]


def formation(model: type[Declaration]) -> Kernel:
    """The rate at which a vacant place for a contact fills, per ms."""
    rows = {"p": {n: f"p_{n}" for n in model.params}}
    body = [
        *[f"p_{n} = pp[{i}]" for i, n in enumerate(model.params)],
        f"found[0] = {expression(model, 'form', resolver(rows), 'e')}",
    ]
    return Kernel("form", tuple(FORMATION), tuple(body))


FORMATION = [("pp", "float64"), ("found", "float64")]


def kernels(model: type[Declaration]) -> tuple[Kernel, ...]:
    """What the card needs of these."""
    made = (("grow", growth), ("nearness", nearness), ("form", formation))
    return tuple(make(model) for hook, make in made if hook in model.hooks)


def makes_synapses(model: type[Declaration]) -> bool:
    """Whether a card can add synapses of its own."""
    return "grow" in model.hooks or "form" in model.hooks
