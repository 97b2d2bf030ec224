"""Low-frequency depression: nine hundred pulses weaken at one a second and strengthen at ten a second."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Nine hundred pulses",
    "what": (
        "Four bundles of synapses, each at first as mixed as in a slice: seven weak ones to three strong."
        " All get nine hundred pulses that their neuron answers with a spike 10 ms later, at 1, 3, 10 and"
        " 30 a second."
    ),
    "do": "Press play. The slowest bundle takes fifteen minutes; try another published set of the rule.",
    "watch": (
        "At 1 and 3 a second strong synapses turn weak one by one and stay weak. At 10 and 30 a second "
        "weak ones turn strong instead, by the same rule and the same number of pulses."
    ),
    "why": (
        "At a low rate calcium passes only the lower threshold, at a high rate it piles up above the "
        "higher one (Dudek & Bear 1992; the set that Graupner & Brunel 2012 fitted to hippocampal "
        "slices)."
    ),
    "source": (
        "Dudek & Bear (1992) PNAS 89:4363-4367, doi:10.1073/pnas.89.10.4363; the rule and its set: "
        "Graupner & Brunel (2012) PNAS 109:3991-3996, doi:10.1073/pnas.1109359109."
    ),
    "off": "Without presynaptic calcium",
}
SECONDS = 900.0
SPEED = None
ORDER = 230
LAYOUT = {"plot": "Weights"}
RATES = [1.0, 3.0, 10.0, 30.0]
PULSES, EACH, STRONG = 900, 150, 52.8145
SLICES = {
    "tau_ca": 48.8373, "c_pre": 1.0, "c_post": 0.275865, "theta_p": 1.3, "gamma_d": 313.0965,
    "gamma_p": 1645.59, "sigma": 9.1844, "tau": 688355.0, "d": 18.8, "beta": 0.7, "b": 5.28145,
}  # fmt: skip


def build() -> Network:
    """Four pairs of relays with many synapses each, side by side."""
    net = Network(dt=0.5, seed=4)
    net.title = TEXT["title"]
    x = 150.0 * (np.arange(4) - 1.5)
    below, above = (np.column_stack([x, np.full(4, y), np.zeros(4)]) for y in (140.0, -140.0))
    pre = net.add_population("Pre", "relay", size=4, sign=+1, positions=below)
    post = net.add_population("Post", "relay", size=4, sign=+1, positions=above)
    way = net.add_projection("Bundles", pre, post, rules=[("graupner_brunel", SLICES)], w_max=STRONG)
    start = np.where(np.arange(EACH) < 0.7 * EACH, STRONG / SLICES["b"], STRONG)
    net.add_synapses(
        way, pre=np.repeat(pre.ids, EACH), post=np.repeat(post.ids, EACH), weight=np.tile(start, 4), delay=1.0
    )
    for i, rate in enumerate(RATES):
        beats = np.round((100.0 + np.arange(PULSES - 1) * 1000.0 / rate) / 0.5) * 0.5
        net.add_input("spike_list", pre[i], label=f"{rate:g} Hz", times=beats)
        net.add_input("spike_list", post[i], label=f"{rate:g} Hz, answered", times=beats + 9.0)
    return net


def ratios(sim) -> list[float]:
    """By rate: the mean weight of a bundle, each synapse counted as the state to which it will settle."""
    table = sim.synapses(sim.network.projection("Bundles"))
    weak = STRONG / SLICES["b"]
    settled = np.where(table["weight"] > 0.5 * (weak + STRONG), STRONG, weak)
    naive = 0.3 * STRONG + 0.7 * weak
    return [float(settled[table["pre"] == n].mean() / naive) for n in np.unique(table["pre"])]


def point(sim):
    """Nine hundred pulses at one a second leave six tenths of the mean weight."""
    return ratios(sim)[0], 0.6, 0.15


def control(net: Network) -> Network:
    """Presynaptic spikes let no calcium in."""
    net.set(net.projection("Bundles"), **{"graupner_brunel.c_pre": 0.0})
    return net
