"""A teacher's delay: a climbing fibre weakens parallel fibres that were active a tenth of a second before."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Parallel and climbing fibres",
    "what": (
        "Each column is a Purkinje cell with one parallel fibre below and one climbing fibre above. From "
        "left to right the climbing fibre fires from 100 ms before to 400 ms after the parallel fibre, "
        "once a second."
    ),
    "do": (
        "Press play. Select a lower synapse to see its curve; change tau_k, or fire a Purkinje cell by hand."
    ),
    "watch": (
        "Synapses whose climbing fibre comes about 100 ms later weaken most; where it comes before, or "
        "much later, they strengthen. Spikes of the cell itself change nothing."
    ),
    "why": (
        "An error is felt only after the movement that caused it. The synapse remembers its spike in such"
        " a way that it is blamed most for errors one such delay later (Suvrathan et al. 2016)."
    ),
    "source": "Suvrathan, Payne & Raymond (2016) Neuron 92:959-967, doi:10.1016/j.neuron.2016.10.022.",
    "off": "Without the climbing fibre's lesson",
}
SECONDS = 15.0
SPEED = 1.0
ORDER = 501
LAYOUT = {"plot": "Weights"}
LAGS = np.arange(-100, 401, 20)
"""How long after the parallel fibre the climbing fibre speaks to the synapse, ms."""
TAU_K, WEIGHT = 100.0, 50.0


def build() -> Network:
    """One Purkinje cell with its two fibres for every lag."""
    net = Network(dt=0.2, seed=1)
    net.title = TEXT["title"]
    x = 22.0 * (np.arange(LAGS.size) - LAGS.size / 2)

    def row(label: str, model: str, y: float):
        at = np.column_stack([x, np.full(x.size, y), np.zeros(x.size)])
        return net.add_population(label, model, size=x.size, sign=+1, positions=at)

    parallel, climbing = row("Parallel fibres", "relay", 170.0), row("Climbing fibres", "relay", -170.0)
    cells = row("Purkinje cells", "iaf_psc_exp", 0.0)
    rule = ("pf_cf", {"tau_k": TAU_K, "a_ltd": 3.0, "a_ltp": 0.6})
    learns = net.add_projection("Parallel fibres to cells", parallel, cells, rules=[rule], w_max=100.0)
    net.wire(learns, "one_to_one", weight=WEIGHT, delay=1.0)
    teaches = net.add_projection("Climbing fibres to cells", climbing, cells, "climbing_fibre")
    net.wire(teaches, "one_to_one", weight=900.0, delay=1.0)
    beats = np.arange(500.0, SECONDS * 1000.0 - 500.0, 1000.0)
    net.add_input("spike_list", parallel, label="all together", times=beats)
    for i, lag in enumerate(LAGS):  # two delays of 1 ms lie between the climbing fibre and the synapse
        net.add_input("spike_list", climbing[i], label=f"{lag:+d} ms", times=beats + lag - 2.0)
    return net


def point(sim):
    """The lag of greatest depression is tau_k: 100 ms."""
    table = sim.synapses(sim.network.projection("Parallel fibres to cells"))
    gain = table["weight"] - WEIGHT
    deepest = float(LAGS[int(np.argmin(gain))]) if gain.min() < -1.0 else 0.0
    return deepest, TAU_K, 20.0


def control(net: Network) -> Network:
    """The climbing fibres excite as before; their lessons weaken nothing."""
    net.set(net.projection("Parallel fibres to cells"), **{"pf_cf.a_ltd": 0.0})
    return net
