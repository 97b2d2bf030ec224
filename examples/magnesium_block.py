"""NMDA receptors pass most current where a neuron is half depolarised: magnesium plugs them at rest."""

import numpy as np

from engine import Network

TEXT = {
    "title": "The magnesium block",
    "what": (
        "Twenty-one neurons whose potential is held, from -80 mV on the left to +20 mV on the right. All "
        "get the same spikes at NMDA receptors, five a second."
    ),
    "do": "Press play. Select the neurons and set mg to 0: there is no magnesium any more.",
    "watch": "The current is largest in the middle, near -25 mV, not at the left where the driving force is.",
    "why": (
        "A magnesium ion sits in the open channel until the neuron is depolarised. So the receptor passes "
        "current only when transmitter and depolarisation meet: it detects coincidence, which is what "
        "learning needs."
    ),
    "source": "Jahr & Stevens (1990) J. Neurosci. 10:3178-3182, doi:10.1523/JNEUROSCI.10-09-03178.1990.",
    "off": "Without magnesium",
}
SECONDS = 4.0
SPEED = 1.0
ORDER = 120
LAYOUT = {"plot": "Membrane"}
VOLTS = np.arange(-80.0, 21.0, 5.0)


def build() -> Network:
    """Neurons held by a huge leak at their potentials, and one relay that reaches them all."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    x = 60.0 * np.arange(VOLTS.size)
    flat = np.zeros(VOLTS.size)
    held = {"e_l": VOLTS, "g_l": 1e5, "v_th": 150.0, "e_ex": 190.0}
    cells = net.add_population(
        "Held", "iaf_cond_nmda", VOLTS.size, params=held, positions=np.column_stack([x, flat, flat])
    )
    source = net.add_population("Source", "relay", positions=np.array([[x.mean(), 220.0, 0.0]]))
    way = net.add_projection("NMDA", source, cells, transmission="nmda")
    net.wire(way, "all_to_all", weight=5.0, delay=1.0)
    net.add_input("spike_list", source, times=np.arange(100.0, 600_000.0, 200.0))
    net.add_probe(cells, "i_nmda", every=5.0)
    return net


def point(sim):
    """The potential at which the inward current is largest, mV."""
    probe = next(iter(sim.network.probes))
    got = sim.record(probe)
    most = [got["value"][got["id"] == id].max(initial=0.0) for id in sim.network.population("Held").ids]
    return float(VOLTS[int(np.argmax(most))]), -25.0, 7.5


def control(net: Network) -> Network:
    """No magnesium outside."""
    net.set(net.population("Held"), mg=0.0)
    return net
