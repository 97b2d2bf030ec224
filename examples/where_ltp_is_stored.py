"""Where is it stored: the same neuron learns by releasing more, by responding more, or by both."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Where learning is stored",
    "what": (
        "Three neurons learn from the same spikes. Their synapses have short-term plasticity, and store "
        "what they learn before the cleft (Release), behind it (Receptors), or on both sides (Costa's "
        "rule)."
    ),
    "do": (
        "Press play. Select a synapse of each and compare what its first and second spike of a pair deliver."
    ),
    "watch": (
        "All three strengthen. In Release the second spike of a pair loses against the first; in "
        "Receptors both grow alike and their ratio stays; Costa's rule does some of both."
    ),
    "why": (
        "More release spends more transmitter on the first spike and leaves less for the next; more "
        "receptors hear both alike. The ratio tells an electrode where a synapse has learned (Costa et "
        "al. 2015)."
    ),
    "source": "Costa, Froemke, Sjostrom & van Rossum (2015) eLife 4:e09457, doi:10.7554/eLife.09457.",
    "off": "Without learning",
}
SECONDS = 20.0
SPEED = 1.0
ORDER = 350
STP = {"u": 0.3, "tau_rec": 200.0, "tau_fac": 50.0}
PAIR = ("stdp_pair", {"lambda_": 0.0006, "alpha": 0.3, "mu_plus": 0.0, "mu_minus": 0.0})
PLACES = {
    "Release": [PAIR, "release_probability"],
    "Receptors": [PAIR, "receptors"],
    "Both": [("costa", {"eta_p": 0.0015, "eta_q": 0.03})],
}


def build() -> Network:
    """Three pairs of relays; pairing lasts ten seconds, then two spikes 20 ms apart test each synapse."""
    net = Network(dt=0.1, seed=3)
    net.title = TEXT["title"]
    trains = np.arange(500.0, 0.5 * SECONDS * 1000.0, 250.0)
    burst = np.sort((trains[:, None] + 20.0 * np.arange(5)).ravel())
    tests = np.arange(0.5 * SECONDS * 1000.0 + 500.0, SECONDS * 1000.0 - 200.0, 1000.0)
    for i, (label, rules) in enumerate(PLACES.items()):
        y = 130.0 * (i - 1)
        pre = net.add_population(f"Pre, {label}", "relay", positions=[[-150.0, y, 0.0]])
        post = net.add_population(f"Post, {label}", "relay", positions=[[150.0, y, 0.0]])
        # Where P and q are kept apart the weight is their product, with P = U; else U and weight are apart.
        weight, most = (100.0, 1000.0) if label == "Receptors" else (30.0, 300.0)
        way = net.add_projection(label, pre, post, "tsodyks_markram", params=STP, rules=rules, w_max=most)
        ids = net.add_synapses(way, pre=pre.ids, post=post.ids, weight=weight, delay=1.0)
        net.add_input("spike_list", pre, label="pairing, then tests",
                      times=np.sort(np.concatenate([burst, tests, tests + 20.0])))  # fmt: skip
        net.add_input("spike_list", post, label="pairing", times=burst + 9.0)
        net.add_probe(ids, "transmitted", every="pre")
    return net


def ratios(sim) -> list[float]:
    """By place: the last pair's second amplitude over its first, relative to what it was before learning."""
    naive = (1.0 + 0.7 * np.exp(-20.0 / 50.0)) * (1.0 - 0.3 * np.exp(-20.0 / 200.0))
    probes = [p for p in sim.network.probes.values() if p.what == "transmitted"]
    sent = [sim.record(p.id)["value"][-2:] for p in sorted(probes, key=lambda p: p.id)]
    return [float(two / one / naive) for one, two in sent]


def point(sim):
    """What release lost of its paired-pulse ratio, receptors kept."""
    release, receptors, _ = ratios(sim)
    return receptors - release, 0.35, 0.15


def control(net: Network) -> Network:
    """No rules: the ratio is that of a naive synapse everywhere."""
    for label in PLACES:
        net.set_rules(net.projection(label), ())
    return net
