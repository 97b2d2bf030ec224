"""Where is it stored: the same axon learns by releasing more, by responding more, or by both."""

import numpy as np

from engine import Network
from engine.analysis import electrode

TEXT = {
    "title": "Where learning is stored",
    "what": (
        "Three axons with sixty synapses each learn from the same spikes. Every synapse has five sites that "
        "release by chance; they store what they learn before the cleft (Release), behind it (Receptors), or "
        "on both sides (Costa's rule)."
    ),
    "do": ("Press play and open the Quantal tab: five seconds of tests, six of pairing, and tests again."),
    "watch": (
        "All three strengthen. Release moves beyond the diagonal, it varies less than its mean says; and "
        "the second pulse loses against the first. Receptors move along the level line; Costa's rule between."
    ),
    "why": (
        "More release means fewer failures and less variation; larger quanta only scale what was there. So "
        "variation tells an electrode where a synapse has learned (Malinow & Tsien 1990; Costa et al. 2015)."
    ),
    "source": "Costa, Froemke, Sjostrom & van Rossum (2015) eLife 4:e09457, doi:10.7554/eLife.09457.",
    "off": "Without learning",
}
SECONDS = 20.0
SPEED = 1.0
ORDER = 350
LAYOUT = {"plot": "Quantal"}
STP = {"u": 0.3, "n": 5.0, "tau_rec": 100.0, "tau_fac": 50.0}
PAIR = ("stdp_pair", {"lambda_": 0.0009, "alpha": 0.3, "mu_plus": 0.0, "mu_minus": 0.0})
PLACES = {
    "Release": [PAIR, "release_probability"],
    "Receptors": [PAIR, "receptors"],
    "Both": [("costa", {"eta_p": 0.007, "eta_q": 0.045})],
}
SYNAPSES, APART = 60, 20.0
PAIRING, AGAIN = 7000.0, 13_500.0
TESTS = ((1000.0, 6500.0), (AGAIN, 19_600.0))
"""From when to when a pair of pulses tests every synapse twice a second, before and after pairing, ms."""


def build() -> Network:
    """Three axons; all are relays, so that chance changes what is delivered and not what is learned."""
    net = Network(dt=0.1, seed=3)
    net.title = TEXT["title"]
    bursts = (np.arange(PAIRING, AGAIN - 1000.0, 250.0)[:, None] + 20.0 * np.arange(5)).ravel()
    tests = np.concatenate([np.arange(begin, end, 500.0) for begin, end in TESTS])
    turn = np.linspace(-0.42, 0.42, SYNAPSES)
    for i, (label, rules) in enumerate(PLACES.items()):
        y = 170.0 * (i - 1)
        pre = net.add_population(f"Pre, {label}", "relay", positions=[[-170.0, y, 0.0]])
        arc = np.column_stack([190.0 * np.cos(turn), y + 190.0 * np.sin(turn), 0 * turn])
        post = net.add_population(f"Post, {label}", "relay", positions=arc)
        # Where P and q are kept apart the weight is their product, with P = U; else U and weight are apart.
        weight, most = (20.0, 200.0) if label == "Receptors" else (6.0, 60.0)
        way = net.add_projection(label, pre, post, "quantal", params=STP, rules=rules, w_max=most)
        ids = net.add_synapses(way, pre=np.repeat(pre.ids, SYNAPSES), post=post.ids, weight=weight, delay=1.0)
        net.add_input("spike_list", pre, label="tests and pairing",
                      times=np.sort(np.concatenate([bursts, tests, tests + APART])))  # fmt: skip
        net.add_input("spike_list", post, label="pairing", times=bursts + 9.0)
        net.add_probe(ids, "transmitted", every="pre")
    return net


def shifts(sim) -> dict[str, tuple[float, float]]:
    """By place: mean and 1/CV2 of the tests after pairing, over those before."""
    found = {}
    probes = sorted(p.id for p in sim.network.probes.values() if p.what == "transmitted")
    for label, probe in zip(PLACES, probes, strict=True):
        seen = sim.record(probe)
        told = electrode.trials(seen["t"], seen["id"], seen["value"], electrode.rest_of(STP), 0.0)
        before, after = (
            electrode.measure(told[part], STP["n"]) for part in (told["t"] < PAIRING, told["t"] >= AGAIN)
        )
        found[label] = tuple(electrode.shift(before, after, n).value for n in ("mean", "inverse_cv2"))
    return found


def point(sim):
    """How much further 1/CV2 moves where release learns than where receptors do, by the same mean."""
    told = shifts(sim)
    return told["Release"][1] - told["Receptors"][1], 1.3, 0.6


def control(net: Network) -> Network:
    """No rules: nothing moves anywhere."""
    for label in PLACES:
        net.set_rules(net.projection(label), ())
    return net
