"""Exclusive or in spikes: bursts that come back over drawn synapses say which spikes were worth it."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Exclusive or in bursts",
    "what": (
        "Neurons with an apical dendrite say whether exactly one of A and B is seen. A lesson is 0.4 s of "
        "looking, then 0.4 s in which a current into the last dendrites says what was right. Bursts, and "
        "nothing else, go back to the dendrites between."
    ),
    "do": "Press play. Switch off the synapses called back, and go back to t = 0.",
    "watch": (
        "At first both together are answered like either alone. Synapses from A onto the neurons beside B "
        "fade, and those from B beside A; in the last 19 s nobody teaches, and yes is said to one alone."
    ),
    "why": (
        "A spike that runs back says only that its neuron fired, and stays at chance here. Where feedback "
        "reaches the dendrite it becomes a burst or not, and more bursts than usual strengthen. "
        "Acetylcholine marks the time to learn. Crossed inhibition is drawn, not learned. With nothing to "
        "learn from, synapses slowly fade."
    ),
    "source": (
        "After Payeur et al. (2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x, smaller and "
        "with constants of our own."
    ),
    "off": "Without bursts that go back",
}
HALF = 400.0
"""How long a lesson looks, and how long it then teaches, ms."""
LESSONS, ASKED = 128, 24
SECONDS = (LESSONS + ASKED) * 2.0 * HALF / 1000.0
SPEED = None
ORDER = 1056
INPUTS, GROUP, SAYING, BETWEEN = 40, 20, 32, 20
SIDES = "AB"
LEVEL = -60.0
"""Current into the dendrites between that makes room for what comes back, pA."""
YES = 8.0
"""From how many spikes a second of a neuron on an answer counts as yes, Hz; the same before and after."""


def shown() -> np.ndarray:
    """What each lesson shows: bit 0 is A, bit 1 is B; all four in each round, in an order of its own."""
    luck = np.random.default_rng(5)
    rounds = [luck.permutation(4) for _ in range(LESSONS // 4)]
    return np.concatenate([*rounds, np.tile(np.arange(4), ASKED // 4)])


def build(seed: int = 2) -> Network:
    """Two inputs, two groups between that inhibition crosses, one that answers, and the way back."""
    net = Network(dt=0.5, seed=seed)
    net.title = TEXT["title"]
    lesson = shown()
    begins = np.maximum(2.0 * HALF * np.arange(lesson.size), net.dt)
    sees, inhibits, between = {}, {}, {}
    for bit, side in enumerate(SIDES):
        y = 230.0 * (bit - 0.5)
        sees[side] = net.add_population(f"Sees {side}", "relay", sign=+1, positions=grid(0.0, y, 5, INPUTS))
        inhibits[side] = net.add_population(
            f"Inhibits {side}", "iaf_psc_exp", sign=-1, positions=grid(230.0, y * 0.7, 5, BETWEEN)
        )
        between[side] = net.add_population(
            f"Between {side}", "burst_unit", sign=+1, positions=grid(460.0, y, 4, GROUP)
        )
        rates = np.where(lesson >> bit & 1, 40.0, 0.5)
        net.add_input("poisson_inhomogeneous", sees[side], label=f"shows {side}", times=begins, rates=rates)
        net.add_input("noise_current", inhibits[side], label="noise", mean=200.0, std=200.0)
        net.add_input("noise_current", between[side], label="noise", mean=200.0, std=200.0)
    says = net.add_population("Says", "burst_unit", sign=+1, positions=grid(760.0, 0.0, 4, SAYING))
    net.add_input("noise_current", says, label="noise", mean=360.0, std=200.0)
    learns = attended(net, begins[:LESSONS])
    for side, other in (SIDES, SIDES[::-1]):
        for seen in SIDES:
            way = net.add_projection(
                f"{seen} to {side}", sees[seen], between[side], rules=learns(20.0), w_min=0.0, w_max=110.0
            )
            net.wire(way, "all_to_all", weight=60.0, delay=1.0)
        across = net.add_projection(f"{other} against {side}", sees[other], inhibits[side])
        net.wire(across, "fixed_in", n=10, weight=600.0, delay=1.0)
        holds = net.add_projection(f"holds {side} down", inhibits[side], between[side])
        net.wire(holds, "all_to_all", weight=-75.0, delay=1.0)
        up = net.add_projection(
            f"up {side}", between[side], says, transmission="tsodyks_markram", rules=learns(3.0),
            params={"u": 0.8, "tau_rec": 40.0}, w_min=0.0, w_max=130.0,
        )  # fmt: skip
        net.wire(up, "all_to_all", weight=80.0, delay=1.0)
        back = net.add_projection(f"back {side}", says, between[side], transmission="dendritic_burst")
        net.wire(back, "all_to_all", weight=260.0, delay=("uniform", 1.0, 40.0))
        dendrites(net, between[side], LEVEL)
    dendrites(net, says, 0.0)
    teach(net, says, lesson[:LESSONS], begins)
    return net


def attended(net: Network, begins: np.ndarray):
    """The rule, where acetylcholine lets it act while a lesson teaches: the paper, too, learns only then."""
    source = net.add_population("Acetylcholine", "relay", positions=[[230.0, 240.0, 0.0]])
    beats = HALF + np.arange(0.0, HALF - 25.0, 25.0)
    net.add_input("spike_list", source, label="now", times=np.round(np.add.outer(begins, beats)).ravel())
    net.add_modulator("Acetylcholine", "diffuse", source, {"substance": "acetylcholine"})
    gate = ("acetylcholine", {"base": 0.0, "gain": 1.0, "tau_ach": 25.0})
    return lambda eta: [("burst_dependent", {"eta": eta, "tau_avg": 300.0}), gate]


def dendrites(net: Network, group, level: float) -> None:
    """What dendrites get from elsewhere: random spikes, one train each, and a current (pA)."""
    at = np.array(group.positions)
    away = np.ptp(at[:, 1]) + 85.0
    at[:, 1] += away if at[:, 1].mean() > -1.0 else -away
    far = net.add_population(f"Elsewhere, {group.label}", "relay", sign=+1, positions=at)
    net.add_input("poisson", far, label="elsewhere", rate=500.0)
    way = net.add_projection(f"from elsewhere, {group.label}", far, group, transmission="dendritic_exp")
    net.wire(way, "one_to_one", weight=60.0, delay=1.0)
    if level:
        net.add_input("dendrite_current", group, label="level", times=[net.dt], amplitudes=[level])


def teach(net: Network, says, lesson: np.ndarray, begins: np.ndarray) -> None:
    """A current into the dendrites that answer: up in the second half where yes was right, else down."""
    right = (lesson == 1) | (lesson == 2)
    times = np.sort(np.concatenate([begins[: lesson.size] + HALF, begins[1 : lesson.size + 1]])).round()
    amplitudes = np.column_stack([np.where(right, 150.0, -50.0), np.zeros(lesson.size)]).ravel()
    net.add_input("dendrite_current", says, label="teaches", times=times, amplitudes=amplitudes)


def grid(x: float, y: float, across: int, size: int) -> np.ndarray:
    """Places for so many neurons around a point, in rows (um)."""
    k = np.arange(size)
    left, top = x + 28.0 * (k % across - (across - 1) / 2), y + 22.0 * ((size / across - 1) / 2 - k // across)
    return np.column_stack([left, top, np.zeros(size)])


def answers(sim) -> np.ndarray:
    """How fast a neuron that answers fires in each lesson, Hz."""
    spikes = sim.spikes()
    mine = np.isin(spikes["neuron"], sim.network.population("Says").ids)
    lesson = (spikes["t"][mine] / (2.0 * HALF)).astype(int)
    counts = np.bincount(lesson, minlength=LESSONS + ASKED)[: LESSONS + ASKED]
    return counts / (SAYING * 2e-3 * HALF)


def point(sim):
    """The share of lessons answered rightly, after the teacher has left."""
    lesson = shown()[LESSONS:]
    yes = answers(sim)[LESSONS:] >= YES
    return float(np.mean(yes == ((lesson == 1) | (lesson == 2)))), 1.0, 0.13


def control(net: Network) -> Network:
    """The same teacher at the last dendrites; nothing goes back to those between."""
    for side in SIDES:
        net.set(net.projection(f"back {side}"), enabled=False)
    return net
