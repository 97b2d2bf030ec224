"""A negative image: cells of an electric fish learn to cancel what they can predict."""

import numpy as np

from engine import Network

TEXT = {
    "title": "A negative image",
    "what": (
        "Ten times a second the fish sends a command to its electric organ. Forty parallel fibres report "
        "it, each a little later than the one before, to cells that also feel the fish's own discharge as"
        " a hump of current at fifty milliseconds."
    ),
    "do": (
        "Press play and look at the weights of the fibres from bottom to top. Turn the sensory current off."
    ),
    "watch": (
        "The cells first fire in a burst at every discharge. Fibres that speak just before it weaken, the"
        " others strengthen, until the cells fire evenly: the weights have drawn the hump upside down."
    ),
    "why": (
        "Each fibre gains a little with every spike and loses more when a broad spike of its cell "
        "follows: it rests only where the cell fires neither more nor less than elsewhere (Bell et al. "
        "1997)."
    ),
    "source": (
        "Bell, Han, Sugawara & Grant (1997) Nature 387:278-281, doi:10.1038/387278a0; Roberts & Bell "
        "(2000) J. Comput. Neurosci. 9:67-83, doi:10.1023/A:1008976814257."
    ),
    "off": "Without plasticity",
}
SECONDS = 30.0
SPEED = 1.0
ORDER = 510
PERIOD, FIBRES = 100.0, 40


def hump() -> np.ndarray:
    """The sensory current of one period at every half millisecond, pA."""
    t = np.arange(0.5, PERIOD + 0.25, 0.5)
    return np.where(t < PERIOD, 90.0 * np.exp(-(((t - 50.0) / 15.0) ** 2)), 0.0)


def build() -> Network:
    """A column of delayed fibres, and the cells they end on."""
    net = Network(dt=0.5, seed=5)
    net.title = TEXT["title"]
    column = np.column_stack([np.full(FIBRES, -260.0), 14.0 * (np.arange(FIBRES) - 19.5), np.zeros(FIBRES)])
    fibres = net.add_population("Parallel fibres", "relay", size=FIBRES, sign=+1, positions=column)
    place = np.column_stack(
        [180.0 + 40.0 * (np.arange(30) % 3), 50.0 * (np.arange(30) // 3 - 4.5), np.zeros(30)]
    )
    cells = net.add_population("Cells", "iaf_psc_exp", size=30, sign=+1, positions=place)
    net.add_input("poisson", cells, label="noise", rate=2000.0, weight=55.0)
    cycles = int(SECONDS * 1000.0 / PERIOD)
    times = 0.5 * np.arange(1, 1 + int(SECONDS * 2000.0))
    net.add_input(
        "step_current", cells, label="own discharge", times=times, amplitudes=np.tile(hump(), cycles)
    )
    for k in range(FIBRES):
        at = 1.0 + np.floor(2.0 * k * PERIOD / FIBRES) / 2.0
        net.add_input(
            "spike_list", fibres[k], label=f"after {at:g} ms", times=at + PERIOD * np.arange(cycles)
        )
    rule = ("ell", {"spikes": "every", "tau": 10.0, "alpha_p": 1.0, "beta_d": 5.0})
    way = net.add_projection("Fibres to Cells", fibres, cells, rules=[rule], w_max=400.0)
    net.wire(way, "all_to_all", weight=150.0, delay=0.5)
    return net


def point(sim):
    """At the end the rate varies over the cycle by less than a quarter of what it did at first."""
    spikes = sim.spikes()
    mine = np.isin(spikes["neuron"], sim.network.population("Cells").ids)
    spread = []
    for begin, seconds in ((0.0, 1.0), (SECONDS - 6.0, 6.0)):
        t = spikes["t"][mine & (spikes["t"] >= 1000.0 * begin) & (spikes["t"] < 1000.0 * (begin + seconds))]
        counts, _ = np.histogram(t % PERIOD, bins=20, range=(0.0, PERIOD))
        spread.append(counts.std() / seconds)
    return float(spread[1] / spread[0]), 0.12, 0.13


def control(net: Network) -> Network:
    """No rule: the fibres say the same at every moment of the cycle."""
    net.set_rules(net.projection("Fibres to Cells"), ())
    return net
