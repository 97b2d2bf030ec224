"""The nervous system of *C. elegans*: measured anatomy, and spikes and plasticity of ours upon it."""

import numpy as np

from engine import Network

from . import connectome

STRIP = "Anatomy: measured. Spikes, drive, weights in nS and every plasticity rule: ours, for illustration."
TEXT = {
    "title": "C. elegans: 280 neurons with recorded wiring, of 302",
    "what": (
        "The nervous system of a worm, each neuron at its place, head at the left, each synapse and gap "
        "junction as counted under the microscope. The neurons whose wiring was not recorded are grey. How "
        "it fires and learns is ours."
    ),
    "do": (
        "Press play. Touch it with the button at the bottom. Switch between the anatomy as it was measured "
        "and what would be if it rewired, and look at it in layers: sensory, inter, motor."
    ),
    "watch": (
        "Spikes run from the senses to the muscles. Synapses among interneurons sprout and retract, and "
        "those that carry much grow strong."
    ),
    "why": (
        "A real wiring diagram is a starting point to ask what rules of growth and learning would do to it. "
        "Nothing here is a claim about how the worm learns."
    ),
    "source": (
        "Varshney, Chen, Paniagua, Hall & Chklovskii (2011) PLoS Comput. Biol. 7:e1001066, "
        "doi:10.1371/journal.pcbi.1001066 (CC BY): the wiring. The rest is ours."
    ),
    "off": "Without growth and pruning",
}
SECONDS = 10.0
SPEED = 1.0
ORDER = 0
LAYOUT = {
    "fit": "horizontal",
    "inset": {"title": "nerve ring", "x": [-292.0, -240.0], "y": [-68.0, -16.0]},
    "layers": ["Sensory", "Inter", "Motor", "Muscle"],
}
NEURON = {"c_m": 100.0, "g_l": 10.0, "tau_syn_ex": 5.0, "tau_syn_in": 10.0}
PER_CONTACT, PER_JUNCTION = 1.6, 0.2
"""nS of one synapse and of one gap junction: ours, nobody has measured them."""
RELEASE = {"u": 0.5, "tau_rec": 400.0}
LEARNED_STEP = 0.05
"""nS that one pair of spikes can add at most."""
STDP = {"tau_pre": 20.0, "tau_post": 20.0, "alpha": 1.3, "mu_plus": 0.0, "mu_minus": 0.0}
GROWTH = {"curve": "linear", "nu": 3e-5, "eps": 0.1, "tau_ca": 2000.0, "beta_ca": 0.005, "update": 500.0,
          "sigma": 60.0, "weight": 1.6, "delay": 1.5}  # fmt: skip
PRUNING = {"below": 0.6, "for_": 3000.0}


def build(rewires: bool = True) -> Network:
    """The worm; `rewires=False` keeps the anatomy as it was measured, and only weights change."""
    wiring = connectome.read()
    net = Network(dt=0.5, seed=302)
    net.title, net.notes = TEXT["title"], STRIP
    ids = np.zeros(len(wiring.names), np.int64)
    populations = {}
    for kind in dict.fromkeys(wiring.kinds):
        rows = np.array([i for i, one in enumerate(wiring.kinds) if one == kind])
        model, params = ("relay", {}) if kind.group == "Muscle" else ("iaf_cond_exp", NEURON)
        view = net.add_population(
            kind.label, model, positions=wiring.positions[rows], sign=kind.sign, params=params,
            group=kind.group, names=[wiring.names[i] for i in rows], notes=dict(kind.notes),
        )  # fmt: skip
        populations[kind], ids[rows] = view, view.ids
    learning = [("stdp_pair", STDP)] + (
        [("element_growth", GROWTH), ("prune_weak", PRUNING)] if rewires else []
    )
    _wire(net, wiring, ids, populations, wiring.chemical, "tsodyks_markram", PER_CONTACT, learning)
    _wire(net, wiring, ids, populations, wiring.electrical, "gap_junction", PER_JUNCTION, [])
    everyone = np.concatenate(
        [p.ids for k, p in populations.items() if k.group in connectome.CLASSES.values()]
    )
    senses = np.concatenate([p.ids for k, p in populations.items() if k.group == "Sensory"])
    net.add_input("poisson", everyone, label="background", rate=90.0, weight=2.2)
    net.add_input("poisson", senses, label="the world", rate=30.0, weight=2.5)
    touch = ids[[wiring.names.index(name) for name in ("ALML", "ALMR", "AVM")]]
    net.add_input("poisson", touch, label="touch (ALM, AVM)", rate=400.0, weight=6.0, enabled=False)
    return net


def _wire(net, wiring, ids, populations, pairs, transmission, unit, rules):
    """A projection for each pair of populations that these pairs of neurons join."""
    groups = {}
    for pre, post, count in pairs:
        groups.setdefault((wiring.kinds[pre], wiring.kinds[post]), []).append((pre, post, count))
    for (pre, post), rows in groups.items():
        a, b, count = np.array(rows).T
        gap = transmission == "gap_junction"
        most = max(8.0, 1.5 * unit * count.max())
        release = {} if gap else RELEASE
        learns = (
            []
            if gap or pre.sign < 1 or post.group == "Muscle"
            else rules[: 1 if post.group != "Inter" else 3]
        )
        if learns:
            learns = [("stdp_pair", {**STDP, "lambda_": LEARNED_STEP / most}), *learns[1:]]
        projection = net.add_projection(
            f"{pre.label} to {post.label}" + (" (gap)" if gap else ""), populations[pre], populations[post],
            transmission, params=release, rules=learns, w_max=most,
        )  # fmt: skip
        sign = 1 if gap or pre.sign >= 0 else -1
        net.add_synapses(projection, pre=ids[a], post=ids[b], weight=sign * unit * count, delay=1.5)


def point(sim):
    """After ten seconds there are dozens of synapses that nobody measured (the engine's ids are negative)."""
    grown = sum(int((p.synapses.id < 0).sum()) for p in sim.network.projections.values())
    return float(grown), 55.0, 45.0


def control(net: Network) -> Network:
    """The anatomy stays as it was measured; only weights change."""
    for id, projection in list(net.projections.items()):
        net.set_rules(id, projection.rules[:1])
    return net
