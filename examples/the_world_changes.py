"""The world changes: the reward moves to the other answer, and the circuit follows it."""

import numpy as np

from engine import Network

TEXT = {
    "title": "The world changes",
    "what": (
        "A cue is answered by Left or by Right, which suppress each other. At first Right is rewarded; after "
        "a minute the reward moves to Left, without a word. A frozen copy of the circuit stands below it."
    ),
    "do": "Press play and wait for the change. Silence the dopamine neuron and let it change again.",
    "watch": (
        "Right is learned. Once it no longer pays, acetylcholine unlearns it at every try, Left is tried "
        "and is learned in its place. The frozen copy answers as it always did."
    ),
    "why": (
        "What acetylcholine weakens and no reward restores is given up by itself: learning needs no one to "
        "say that the world has changed (Brzosko et al. 2017)."
    ),
    "source": (
        "Brzosko, Zannone, Schultz, Clopath & Paulsen (2017) eLife 6:e27756, doi:10.7554/eLife.27756."
    ),
    "off": "Without plasticity",
}
SECONDS = 120.0
SPEED = None
ORDER = 830
LAYOUT = {"plot": "Weights"}
CUES = np.arange(300.0, SECONDS * 1000.0, 500.0)
CHANGE = SECONDS * 500.0


def agent(net: Network, name: str, y: float, cue, is_learning: bool) -> list:
    """Left and Right with their interneurons; returns the two answering populations."""
    learning = [
        ("stdp_pair", {"tau_pre": 10.0, "tau_post": 10.0, "lambda_": 0.06, "mu_plus": 0.0, "mu_minus": 0.0}),
        ("ach_dopamine", {"eta_ach": 1.2, "eta_da": 1.5, "tau_e": 200.0}),
    ]
    answers = [net.add_population(f"{side}{name}", "iaf_psc_exp", positions=[[20.0, y + dy, 0.0]])
               for side, dy in (("Left", -70.0), ("Right", 70.0))]  # fmt: skip
    for i, (mine, other) in enumerate(zip(answers, answers[::-1], strict=True)):
        to = net.add_projection(f"Cue to {mine.label}", cue, mine, rules=learning, w_max=340.0, w_min=180.0)
        net.wire(to, "all_to_all", weight=("normal", 230.0, 5.0), delay=("uniform", 1.0, 25.0))
        net.set(to, frozen=not is_learning)
        inter = net.add_population(f"{mine.label} off", "iaf_psc_exp", sign=-1,
                                   positions=[[90.0, y + 30.0 * (2 * i - 1), 0.0]])  # fmt: skip
        net.wire(
            net.add_projection(f"{mine.label} to inter", mine, inter), "all_to_all", weight=6000.0, delay=0.4
        )
        suppress = net.add_projection(f"{mine.label} off to {other.label}", inter, other)
        net.wire(suppress, "all_to_all", weight=-12000.0, delay=0.4)
        net.add_input("noise_current", mine, label="noise", std=200.0, hold=5.0)
    return answers


def build() -> Network:
    """The learning circuit, its frozen copy, and a world that pays for one answer at a time."""
    net = Network(dt=0.2, seed=3)
    net.title = TEXT["title"]
    cue = net.add_population("Cue", "relay", positions=[[-260.0, 30.0 * (i - 9.5), 0.0] for i in range(20)])
    net.add_input("spike_list", cue, label="the cue", times=CUES)
    answers = agent(net, "", -130.0, cue, is_learning=True)
    agent(net, ", frozen", 170.0, cue, is_learning=False)
    dopamine = net.add_population("Dopamine", "iaf_psc_exp", positions=[[330.0, -130.0, 0.0]])
    for i, (side, mine) in enumerate(zip(("left", "right"), answers, strict=True)):
        # the world: a spike of the answer pays only while this neuron holds the door open
        pays = net.add_population(f"Pays {side}", "iaf_psc_exp", positions=[[220.0, -200.0 + 140.0 * i, 0.0]])
        open_from, open_to = (CHANGE, SECONDS * 1000.0) if side == "left" else (0.2, CHANGE)
        net.add_input(
            "step_current", pays, label=f"{side} pays", times=[open_from, open_to], amplitudes=[0.0, -2000.0]
        )
        if side == "left":
            net.add_input(
                "step_current", pays, label="not yet", times=[0.2, CHANGE], amplitudes=[-2000.0, 0.0]
            )
        net.wire(
            net.add_projection(f"{mine.label} to world", mine, pays), "all_to_all", weight=6000.0, delay=20.0
        )
        net.wire(
            net.add_projection(f"World pays {side}", pays, dopamine), "all_to_all", weight=6000.0, delay=30.0
        )
    net.add_modulator("Dopamine", "diffuse", dopamine, {"substance": "dopamine"})
    net.add_modulator("Acetylcholine", "diffuse", [], {"substance": "acetylcholine", "tonic": 1.0})
    return net


def share_of_left(sim, name: str, begin: float, end: float) -> float:
    """Of the answers between two times, the share that were Left."""
    spikes = sim.spikes()
    within = spikes["neuron"][(spikes["t"] > begin) & (spikes["t"] <= end)]
    left, right = (
        np.sum(within == sim.network.population(f"{side}{name}").ids[0]) for side in ("Left", "Right")
    )
    return float(left / max(left + right, 1))


def point(sim):
    """Share of the rewarded answers: the worse of the last 15 s before the change and the last 15 s."""
    before = 1.0 - share_of_left(sim, "", CHANGE - 15_000.0, CHANGE)
    after = share_of_left(sim, "", SECONDS * 1000.0 - 15_000.0, SECONDS * 1000.0)
    return min(before, after), 0.85, 0.15


def control(net: Network) -> Network:
    """Freeze the learning circuit too."""
    for projection in list(net.projections.values()):
        if projection.rules:
            net.set(projection.id, frozen=True)
    return net
