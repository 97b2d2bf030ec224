"""Soma and dendrite driven at the same moment: one spike becomes a burst."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Bursts by coincidence",
    "what": (
        "Three rows of neurons with a dendrite. Twice a second the first row is pushed at the soma, the "
        "second at the dendrite, the third at both."
    ),
    "do": "Press play. Switch the input called apical off and on again.",
    "watch": "The first row answers with single spikes, the second not at all, the third with bursts.",
    "why": (
        "A spike that runs back meets a dendrite that is already depolarised and starts a plateau, which "
        "fires the soma again. So a burst says that two streams of input agreed, and a single spike that "
        "they did not."
    ),
    "source": "Larkum, Zhu & Sakmann (1999) Nature 398:338-341, doi:10.1038/18686.",
    "off": "Without apical input",
}
SECONDS = 2.5
SPEED = 0.1
ORDER = 420
COLUMNS = 8
ROWS = ("Soma", "Dendrite", "Both")


def build() -> Network:
    """Burst units under pulses of 5 ms into the soma and 30 ms into the dendrite."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    rows = {}
    for k, name in enumerate(ROWS):
        x = 70.0 * np.arange(COLUMNS)
        flat = np.zeros(COLUMNS)
        rows[name] = net.add_population(
            name, "burst_unit", COLUMNS, positions=np.column_stack([x, flat - 160.0 * k, flat])
        )
    beats = np.arange(100.0, SECONDS * 1000.0 - 100.0, 500.0)

    def pulses(length: float, height: float) -> dict[str, list[float]]:
        times = np.sort(np.concatenate([beats, beats + length]))
        return {"times": times.tolist(), "amplitudes": [height, 0.0] * beats.size}

    soma = np.concatenate([rows["Soma"].ids, rows["Both"].ids])
    net.add_input("step_current", soma, label="somatic", **pulses(5.0, 2000.0))
    apical = np.concatenate([rows["Dendrite"].ids, rows["Both"].ids])
    net.add_input("dendrite_current", apical, label="apical", **pulses(30.0, 400.0))
    net.add_probe(rows["Both"][:1], "v", every=0.2)
    net.add_probe(rows["Both"][:1], "v_d", every=0.2)
    return net


def point(sim):
    """Spikes of a neuron driven at both, for each of one driven at the soma."""
    spikes = sim.spikes()["neuron"]
    many = {name: int(np.isin(spikes, sim.network.population(name).ids).sum()) for name in ROWS}
    return many["Both"] / max(many["Soma"], 1) - many["Dendrite"], 3.0, 1.0


def control(net: Network) -> Network:
    """The dendrites are left alone."""
    for id, given in net.inputs.items():
        if given.label == "apical":
            net.set(id, enabled=False)
    return net
