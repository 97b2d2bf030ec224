"""Eight firing patterns of one neuron model, by its adaptation and its reset."""

import numpy as np

from engine import Network, models

TEXT = {
    "title": "Eight ways to fire",
    "what": (
        "Eight neurons of the same model under a constant current, with the eight sets of numbers of Naud "
        "et al. (2008): tonic, adapting, bursting, delayed, transient, irregular."
    ),
    "do": "Press play. Select the adapting neuron and set its a and b to 0.",
    "watch": "The raster: the gaps of the adapting neuron grow, the bursting ones fire in groups.",
    "why": (
        "Two equations are enough: an upswing that makes the spike, and one slow current that each spike "
        "raises. Where a spike leaves the neuron, and how the slow current follows, decides the pattern."
    ),
    "source": (
        "Naud, Marcille, Clopath & Gerstner (2008) Biol. Cybern. 99:335-347, doi:10.1007/s00422-008-0264-7."
    ),
    "off": "Without adaptation",
}
SECONDS = 2.0
SPEED = 0.1
ORDER = 110


def build() -> Network:
    """A population of one for each preset of the model, driven by its own current."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    for k, (label, params) in enumerate(models("aeif_cond_exp").presets.items()):
        at = np.array([[150.0 * (k % 4), -150.0 * (k // 4), 0.0]])
        cell = net.add_population(label.capitalize(), "aeif_cond_exp", params=dict(params), positions=at)
        if label in ("adapting", "regular bursting"):
            net.add_probe(cell, "v", every=0.5)
    return net


def point(sim):
    """The last gap of the adapting neuron over its first."""
    cell = sim.network.population("Adapting").ids[0]
    spikes = sim.spikes()
    gaps = np.diff(spikes["t"][spikes["neuron"] == cell])
    return (float(gaps[-1] / gaps[0]) if gaps.size > 1 else 0.0), 5.0, 2.5


def control(net: Network) -> Network:
    """No slow current follows the potential or the spikes."""
    for population in net.populations.values():
        net.set(population.id, a=0.0, b=0.0)
    return net
