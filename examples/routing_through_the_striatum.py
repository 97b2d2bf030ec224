"""Routing through the striatum: say the colour of a word, though the word says another."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Routing through the striatum",
    "what": (
        "A word is printed in another colour, again and again. Colour and word each have a gate of the basal "
        "ganglia on their way to the mouth. The cue asks for the colour; the gate of words opens by habit."
    ),
    "do": (
        "Press play. Then turn dopamine down or the indirect pathway off in the Routing tab below, which "
        "runs the same gates beside healthy ones."
    ),
    "watch": (
        "GPi is active and keeps the thalamus silent. When the cue comes, the GPi of colours falls silent, "
        "the colour passes, and the mouth says it. The D2 neurons keep the gate of words shut."
    ),
    "why": (
        "Basal ganglia may choose which area listens to which (Stocco, Lebiere & Anderson 2010). Without the "
        "indirect pathway, lost first in Huntington's disease, the habit slips through; with little "
        "dopamine, as in Parkinson's, nothing does. What the paper says: it is about who talks to whom, not "
        "about contrastive Hebbian learning, beside which it is often cited."
    ),
    "source": (
        "Stocco, Lebiere & Anderson (2010) Psychol. Rev. 117:541-574, doi:10.1037/a0019077; Albin, Young & "
        "Penney (1989) Trends Neurosci. 12:366-375, doi:10.1016/0166-2236(89)90074-X."
    ),
    "off": "Without the indirect pathway",
}
ON, EVERY, TRIALS = 450.0, 900.0, 20
SECONDS = TRIALS * EVERY / 1000.0
SPEED = 1.0
ORDER = 890
LAYOUT = {"plot": "Routing"}
COLOURS = 4
THRESHOLD = 0.6
"""Activity at which a content is said."""
COLOUR_OF = np.arange(TRIALS) % COLOURS
WORD_OF = (COLOUR_OF + 1 + np.arange(TRIALS) // COLOURS % (COLOURS - 1)) % COLOURS


def cells(net: Network, label: str, at, sign: int, tau: float, **params):
    """Rate neurons whose rate is what drives them, as far as that is above 0."""
    positions = [[*place, 0.0] for place in at]
    return net.add_population(label, "rate", sign=sign, positions=positions,
                              params={"shape": "rectified", "tau": tau, **params})  # fmt: skip


def wire(net: Network, pre, post, weight: float, pattern: str = "all_to_all") -> None:
    """Graded synapses of one weight."""
    way = net.add_projection(f"{pre.label} to {post.label}", pre, post, transmission="graded")
    net.wire(way, pattern, weight=weight, delay=1.0)


def gate(net: Network, name: str, y: float):
    """One gate: its D1, its D2 and its GPi."""
    d1 = cells(net, f"{name} D1", [(-190.0, y - 20.0)], -1, 20.0, bias_in=-0.35)
    d2 = cells(net, f"{name} D2", [(-190.0, y + 60.0)], -1, 20.0, bias_in=0.52)
    gpe = cells(net, f"{name} GPe", [(-90.0, y + 60.0)], -1, 15.0, bias_in=1.0)
    stn = cells(net, f"{name} STN", [(10.0, y + 60.0)], 1, 15.0, bias_in=0.7)
    gpi = cells(net, f"{name} GPi", [(10.0, y - 80.0)], -1, 15.0, bias_in=1.15)
    for pre, post, weight in (
        (d2, gpe, -1.2), (gpe, stn, -0.6), (stn, gpi, 0.8), (gpe, gpi, -0.5), (d1, gpi, -1.1),
    ):  # fmt: skip
        wire(net, pre, post, weight)
    net.add_input("noise_current", d1, label="noise", mean=0.0, std=0.6)
    net.add_input("noise_current", d2, label="noise", mean=0.0, std=0.3)
    return d1, d2, gpi


def build() -> Network:
    """Two sources, a gate for each, and a mouth."""
    net = Network(dt=1.0, seed=1)
    net.title = TEXT["title"]
    cue = cells(net, "Cue", [(-330.0, -30.0), (-330.0, 30.0)], 0, 0.0)
    rows = 34.0 * (np.arange(COLOURS) - 1.5)
    mouth = cells(net, "Mouth", [(330.0, y - 60.0) for y in rows], 0, 60.0 / 0.65, gain=1.0 / 0.65)
    wire(net, mouth, mouth, -0.25)
    begins = EVERY * np.arange(TRIALS) + 100.0
    for i, (name, y, shown) in enumerate((("Colour", -170.0, COLOUR_OF), ("Word", 170.0, WORD_OF))):
        source = cells(net, name, [(-430.0, y + row) for row in rows], 1, 0.0)
        thalamus = cells(net, f"{name} thalamus", [(150.0, y - 70.0 + row) for row in rows], 1, 20.0)
        d1, d2, gpi = gate(net, name, y)
        wire(net, source, thalamus, 1.0, "one_to_one")
        wire(net, gpi, thalamus, -1.6)
        wire(net, thalamus, mouth, 1.0, "one_to_one")
        if name == "Word":
            wire(net, source, d1, 1.2)  # the habit to read: any word opens its gate
        for post, weight in ((d1, 1.1), (d2, -0.28)):
            way = net.add_projection(f"Cue to {post.label}", cue, post, transmission="graded")
            net.add_synapses(way, pre=cue.ids[i], post=post.ids[0], weight=weight, delay=1.0)
        for content, neuron in enumerate(source.ids):
            show(net, neuron, begins[shown == content])
    show(net, cue.ids[0], begins)
    net.add_probe(mouth.ids, "rate", every=5.0)
    return net


def show(net: Network, neuron: int, begins) -> None:
    """Make a neuron active for a while from each of these times on (ms)."""
    times = np.column_stack([begins, begins + ON]).ravel()
    net.add_input("step_current", [neuron], label="shown", times=times,
                  amplitudes=np.tile([1.0, 0.0], len(begins)))  # fmt: skip


def point(sim):
    """Share of the trials in which the colour, not the word, is said."""
    kept = sim.record(next(iter(sim.network.probes)))
    rates = kept["value"].reshape(-1, COLOURS)
    said = []
    for trial in range(TRIALS):
        begin = int((trial * EVERY + 100.0) / 5.0)
        during = rates[begin : begin + int(ON / 5.0)]
        over = during.max(axis=1) > THRESHOLD
        said.append(int(during[over.argmax()].argmax()) if over.any() else -1)
    return float(np.mean(np.array(said) == COLOUR_OF)), 1.0, 0.1


def control(net: Network) -> Network:
    """The D2 neurons of both gates are gone."""
    for name in ("Colour", "Word"):
        net.set(net.population(f"{name} D2"), gain=0.0)
    return net
