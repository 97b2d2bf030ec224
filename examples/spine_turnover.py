"""Spine turnover: spines come and go for months; where input was weakened, the weak ones are lost."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Spine turnover",
    "what": (
        "Axons from two rows of whiskers meet dendrites. One row is trimmed: its synapses are a third as "
        "strong. A day passes in a fifth of a second, and the run shows three months."
    ),
    "do": "Press play, then zoom in on a dendrite. Select synapses of the lower row and lower their weight.",
    "watch": (
        "Thin spines appear everywhere and mostly vanish; mushrooms stay. Weak mushrooms of the trimmed row "
        "shrink and go, strong ones do not."
    ),
    "why": (
        "A new spine has about three days to prove itself. A lasting one is at risk while it is weak, so "
        "losing input prunes what little input held (Holtmaat et al. 2005; Trachtenberg et al. 2002)."
    ),
    "source": "Grutzendler, Kasthuri & Gan (2002) Nature 420:812-816, doi:10.1038/nature01276.",
    "off": "Without trimming",
}
SECONDS = 18.0
SPEED = 1.0
ORDER = 730
LAYOUT = {"plot": "Synapses"}
AXONS, DENDRITES, CONTACTS = 20, 16, 240


def build() -> Network:
    """Half of all contacts are weak, half strong; those of the trimmed axons are then divided by three."""
    rng = np.random.default_rng(2)
    net = Network(dt=1.0, seed=2)
    net.title = TEXT["title"]
    net.slow = 86_400_000.0 / 200.0
    high = np.linspace(-280, 280, AXONS)
    axons = [
        net.add_population(
            label, "relay", size=AXONS // 2, sign=+1,
            positions=np.column_stack([np.full(AXONS // 2, -260.0), rows, np.zeros(AXONS // 2)]),
        )
        for label, rows in (("Trimmed", high[: AXONS // 2]), ("Spared", high[AXONS // 2 :]))
    ]  # fmt: skip
    places = np.column_stack(
        [
            60 + 100 * np.tile(np.arange(4), DENDRITES // 4),
            np.repeat(np.linspace(-240, 240, DENDRITES // 4), 4) + rng.uniform(-45, 45, DENDRITES),
            np.zeros(DENDRITES),
        ]
    )
    cells = net.add_population("Neurons", "relay", size=DENDRITES, sign=+1, positions=places)
    for population, rate in zip(axons, (1.0, 5.0), strict=True):
        net.add_input("poisson", population, rate=rate)
        way = net.add_projection(
            population.label,
            population,
            cells,
            rules=[("spine_life", {"k_f": 0.03, "weight": 0.6, "update": 50.0})],
            w_max=10.0,
        )
        pair = rng.choice(AXONS // 2 * DENDRITES, CONTACTS // 2, replace=False)
        size = np.where(np.arange(pair.size) % 2 == 0, 1.5, 6.0)
        ids = net.add_synapses(
            way, population.ids[pair % (AXONS // 2)], cells.ids[pair // (AXONS // 2)], weight=size, delay=1.0
        )
        net.set(ids, persistent=1.0, size=size)
    trimmed = net.projection("Trimmed")
    net.set(np.asarray(list(trimmed.synapses.id)), weight=np.asarray(trimmed.synapses.weight) / 3.0)
    return net


def point(sim):
    """Of the weak spines that were there, about a fifth more is lost where the whiskers were trimmed."""
    lost = []
    for label in ("Trimmed", "Spared"):
        rows = sim.synapses(sim.network.projection(label))
        weak = rows["weight"] < rows["weight"].max() / 2
        first = rows["id"] > 0
        lost.append(1.0 - (weak & first).sum() / (CONTACTS / 4))
    return float(lost[0] - lost[1]), 0.2, 0.1


def control(net: Network) -> Network:
    """Nothing is trimmed."""
    trimmed = net.projection("Trimmed")
    net.set(np.asarray(list(trimmed.synapses.id)), weight=3.0 * np.asarray(trimmed.synapses.weight))
    return net
