"""Attention by acetylcholine: the same two inputs, and only the attended one is learned and heard."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Attention by acetylcholine",
    "what": (
        "Two stimuli drive two groups of neurons alike, and each group also excites itself. The left one is "
        "in the field of an acetylcholine neuron; the right one is out of its reach."
    ),
    "do": "Press play. Drag the acetylcholine neuron over to the right and see attention move.",
    "watch": (
        "In the field synapses from the stimulus grow and those within the group fall silent: it listens. "
        "The other group learns far more slowly and goes on talking to itself."
    ),
    "why": (
        "Acetylcholine says that what comes in now matters: it speeds plasticity of afferent synapses and "
        "lowers recurrent transmission, so that old memories do not answer for new input (Hasselmo 2006)."
    ),
    "source": "Hasselmo & McGaughy (2004) Prog. Brain Res. 145:207-231, doi:10.1016/S0079-6123(03)45015-2.",
    "off": "Without acetylcholine",
}
SECONDS = 20.0
SPEED = 1.0
ORDER = 870


def build() -> Network:
    """Two stimuli, two groups, and one source of acetylcholine beside the left group."""
    net = Network(dt=0.5, seed=2)
    net.title = TEXT["title"]
    around = np.linspace(0.0, 2.0 * np.pi, 9)[:8]
    ring = 60.0 * np.column_stack([np.cos(around), np.sin(around), 0.0 * around])
    source = net.add_population("Acetylcholine", "relay", positions=[[-200.0, 0.0, 0.0]])
    net.add_input("poisson", source, label="attention", rate=20.0)
    net.add_modulator(
        "Acetylcholine", "diffuse", source, {"substance": "acetylcholine", "sigma": 90.0, "amount": 0.1}
    )
    stdp = ("stdp_pair", {"lambda_": 0.002, "alpha": 0.5, "mu_plus": 0.0, "mu_minus": 0.0})
    for name, x in (("Attended", -200.0), ("Unattended", 200.0)):
        stimulus = net.add_population(
            f"Stimulus {name.lower()}", "relay", positions=ring + np.array([x, 230.0, 0.0])
        )
        group = net.add_population(name, "iaf_psc_exp", positions=ring + np.array([x, 0.0, 0.0]))
        net.add_input("poisson", stimulus, label="stimulus", rate=15.0)
        net.add_input("noise_current", group, label="noise", mean=330.0, std=100.0, hold=5.0)
        afferent = net.add_projection(
            f"To {name.lower()}", stimulus, group, w_max=400.0,
            rules=[stdp, ("acetylcholine", {"base": 0.15, "gain": 0.85, "suppress": 0.0})],
        )  # fmt: skip
        net.wire(afferent, "all_to_all", weight=60.0, delay=1.5)
        within = net.add_projection(
            f"Within {name.lower()}", group, group, w_max=400.0,
            rules=[("acetylcholine", {"base": 1.0, "gain": 0.0, "suppress": 0.8})],
        )  # fmt: skip
        net.wire(within, "all_to_all", weight=60.0, delay=1.5)
    return net


def point(sim):
    """How many times more the attended synapses learned."""
    gain = [
        float(np.mean(sim.synapses(sim.network.projection(f"To {name}"))["weight"])) - 60.0
        for name in ("attended", "unattended")
    ]
    return gain[0] / max(gain[1], 1e-9), 10.0, 4.0


def control(net: Network) -> Network:
    """The neuron fires and releases nothing."""
    net.set(next(iter(net.modulators)), amount=0.0)
    return net
