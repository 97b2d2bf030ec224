"""The burst-dependent rule in spikes: a teacher touches the last dendrites, and those before them learn."""

import numpy as np

from engine import Network

TEXT = {
    "title": "A teacher at the dendrite",
    "what": (
        "Two groups of inputs take turns. Neurons with an apical dendrite lie between them and two groups "
        "that should say which one it was. A current into the dendrites of the last groups teaches for 14 s; "
        "their spikes go back to the dendrites before them."
    ),
    "do": "Press play. Switch the synapses called down on or off, and start over.",
    "watch": (
        "While they are taught, the right group bursts. Synapses onto the neurons between sort themselves. "
        "In the last 4 s nobody teaches, and the right group still answers."
    ),
    "why": (
        "A burst strengthens the synapses that were active just before it, a single spike weakens them a "
        "little. So whatever moves a dendrite says whether a spike was worth it, and what comes back over "
        "drawn synapses carries that to neurons no teacher touches. Nothing waits for a phase."
    ),
    "source": "Payeur et al. (2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x.",
    "off": "Without synapses back to the dendrites",
}
LESSON = 500.0
TAUGHT, ASKED = 28, 8
SECONDS = (TAUGHT + ASKED) * LESSON / 1000.0
SPEED = 1.0
ORDER = 1055
INPUTS, GROUP = 25, 8
SIDES = "AB"


def build() -> Network:
    """Inputs, neurons between, neurons that say A or B, and the way back to the dendrites."""
    net = Network(dt=0.2, seed=1)
    net.title = TEXT["title"]
    lesson = np.arange(TAUGHT + ASKED)
    begins = np.maximum(lesson * LESSON, net.dt)
    sees, between, says = {}, {}, {}
    for turn, side in enumerate(SIDES):
        y = 190.0 * (turn - 0.5)
        sees[side] = net.add_population(
            f"Sees {side}", "relay", INPUTS, sign=+1, positions=grid(0.0, y, 5, INPUTS)
        )
        between[side] = net.add_population(
            f"Between {side}", "burst_unit", GROUP, sign=+1, positions=grid(330.0, y, 2, GROUP)
        )
        says[side] = net.add_population(
            f"Says {side}", "burst_unit", GROUP, sign=+1, positions=grid(620.0, y, 2, GROUP)
        )
        rates = np.where(lesson % 2 == turn, 20.0, 0.5)
        net.add_input("poisson_inhomogeneous", sees[side], label=f"shows {side}", times=begins, rates=rates)
        teach = np.append(np.where(lesson[:TAUGHT] % 2 == turn, 400.0, -200.0), 0.0)
        net.add_input(
            "dendrite_current",
            says[side],
            label=f"teaches {side}",
            times=begins[: TAUGHT + 1],
            amplitudes=teach,
        )
    for side in SIDES:
        for group in (between[side], says[side]):
            net.add_input("noise_current", group, label="noise", mean=360.0, std=250.0, hold=1.0)
        for seen in SIDES:
            rule = [("burst_dependent", {"eta": 15.0, "tau_avg": 4000.0})]
            way = net.add_projection(
                f"{seen} to {side}", sees[seen], between[side], rules=rule, w_min=0.0, w_max=400.0
            )
            net.wire(way, "all_to_all", weight=50.0, delay=1.0)
        net.wire(
            net.add_projection(f"up {side}", between[side], says[side]), "all_to_all", weight=150.0, delay=1.0
        )
        down = net.add_projection(f"down {side}", says[side], between[side], transmission="dendritic_exp")
        net.wire(down, "all_to_all", weight=200.0, delay=1.0)
    return net


def grid(x: float, y: float, across: int, size: int) -> np.ndarray:
    """Places for so many neurons around a point, in rows (um)."""
    k = np.arange(size)
    left, top = x + 30.0 * (k % across - (across - 1) / 2), y + 26.0 * ((size / across - 1) / 2 - k // across)
    return np.column_stack([left, top, np.zeros(size)])


def point(sim):
    """The share of spikes that say what was shown, after the teacher has left."""
    spikes, right = sim.spikes(), {True: 0, False: 0}
    asked = (spikes["t"] / LESSON).astype(int)
    for turn, side in enumerate(SIDES):
        mine = np.isin(spikes["neuron"], sim.network.population(f"Says {side}").ids) & (asked >= TAUGHT)
        for is_right in right:
            right[is_right] += int((mine & ((asked % 2 == turn) == is_right)).sum())
    return right[True] / max(sum(right.values()), 1), 0.84, 0.08


def control(net: Network) -> Network:
    """What the last neurons do stays with them."""
    for side in SIDES:
        net.set(net.projection(f"down {side}"), enabled=False)
    return net
