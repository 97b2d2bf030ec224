"""A calcium wave: one astrocyte is given IP3, and the coupled astrocytes around it light up in turn."""

import numpy as np

from engine import Network, models

TEXT = {
    "title": "A calcium wave",
    "what": (
        "Thirty-seven astrocytes, each coupled to its neighbours by gap junctions through which IP3 "
        "passes. A pipette gives IP3 to the one in the middle."
    ),
    "do": (
        "Press play. Select the astrocyte in the middle and turn i_bias, or the coupling and turn its weight."
    ),
    "watch": (
        "Calcium rises in the middle first, then in the ring around it, then in the next: each astrocyte "
        "waits until enough IP3 has come from its neighbours."
    ),
    "why": (
        "IP3 opens the calcium store, and calcium makes more IP3: a neighbour that receives a little of "
        "it makes its own. The couplings open only where IP3 differs enough, so the wave goes from cell "
        "to cell."
    ),
    "source": (
        "Goldberg, De Pitta, Volman, Berry & Ben-Jacob (2010) PLoS Comput. Biol. 6:e1000909, "
        "doi:10.1371/journal.pcbi.1000909."
    ),
    "off": "Without gap junctions",
}
SECONDS = 25.0
SPEED = 1.0
ORDER = 910
LAYOUT = {"plot": "Calcium and elements"}
RINGS, APART = 3, 60.0
"""Rings of astrocytes around the one in the middle, and um between two neighbours."""


def sheet() -> np.ndarray:
    """Where the astrocytes are: a hexagon of hexagons."""
    rows = [
        (APART * (a + 0.5 * b), APART * 0.75**0.5 * b, 0.0)
        for a in range(-RINGS, RINGS + 1)
        for b in range(-RINGS, RINGS + 1)
        if abs(a + b) <= RINGS
    ]
    return np.array(sorted(rows, key=lambda at: (at[0] ** 2 + at[1] ** 2, at)))


def build() -> Network:
    """The sheet, the couplings between neighbours, a pipette in the middle."""
    net = Network(dt=0.5, seed=5)
    net.title = TEXT["title"]
    at = sheet()
    numbers = models("astrocyte_gchi").presets["receptors (Stimberg 2)"] | {"f_ex": 2.0, "o_delta": 0.4}
    pipette = np.where(np.arange(len(at)) == 0, 1.5, 0.0)
    glia = net.add_astrocytes(
        "Astrocytes", "astrocyte_gchi", params={**numbers, "i_bias": pipette}, positions=at
    )
    coupling = net.add_projection("Gap junctions", glia, glia, "ip3_coupling")
    apart = np.hypot(*(at[:, None, :2] - at[None, :, :2]).transpose(2, 0, 1))
    pre, post = np.nonzero(np.triu(apart < 1.1 * APART, 1))
    net.add_synapses(coupling, pre=glia.ids[pre], post=glia.ids[post], weight=2.0, delay=0.0)
    net.add_probe(glia, "ca", every=100.0)
    return net


def point(sim):
    """Every astrocyte has had its wave."""
    glia = sim.network.population("Astrocytes")
    probe = next(p for p in sim.network.probes.values() if p.what == "ca")
    calcium = sim.record(probe.id)["value"].reshape(-1, len(glia.ids))
    return float((calcium.max(axis=0) > 0.3).mean()), 1.0, 0.05


def control(net: Network) -> Network:
    """Nothing passes from one to the next."""
    net.set(net.projection("Gap junctions").ids, weight=0.0)
    return net
