"""The burst-dependent rule as a learner: trials, a teacher at the last dendrites, and bursts back."""

import numpy as np

from engine import Network, Training

TEXT = {
    "title": "Bursts on a clock",
    "what": (
        "Two dozen inputs see A, B, both or neither for 0.4 s. Neurons with an apical dendrite lie between, "
        "and others say yes to one alone, or no. In the second half of a trial a current into the last "
        "dendrites says how wrong they are; bursts go back."
    ),
    "do": "Train for some twenty epochs. Step by phase and watch bursts run back.",
    "watch": (
        "Neurons between first answer to both nearly as to one. Each half learns to fall silent when both "
        "are seen, and the answer to both turns to no."
    ),
    "why": (
        "An error reaches neurons between only as bursts more or fewer than usual, over synapses that are "
        "drawn. Nothing is transported but what spikes carry; a word to all says when to learn. Crossed "
        "inhibition is drawn, not learned."
    ),
    "source": (
        "After Payeur et al. (2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x, smaller and "
        "with constants of our own."
    ),
    "off": "Without bursts that go back",
}
SECONDS = 0.01
SPEED = None
ORDER = 1058
SEES, BETWEEN, VOICES = 12, 12, 8
"""Neurons that see A (and as many B), that lie on each side between, and that say yes (and as many no)."""
EPOCHS = 14


def build(seed: int = 1) -> Network:
    """Inputs, two sides between that inhibition crosses, two answers, and the way back."""
    net = Network(dt=1.0, seed=seed)
    net.title = TEXT["title"]
    luck = np.random.default_rng(seed)
    seen = net.add_population("Sees A, sees B", "relay", sign=0, positions=rows(0.0, SEES))
    unlike = np.random.default_rng(seed + 50).uniform(
        0.0, 200.0, 2 * (BETWEEN + VOICES)
    )  # no two burst alike
    dendrites = np.split(unlike, [2 * BETWEEN])
    between = net.add_population(
        "Between", "burst_unit", sign=0, params={"i_e": 200.0, "i_d": dendrites[0]},
        positions=rows(300.0, BETWEEN),
    )  # fmt: skip
    quiet = np.repeat([430.0, 560.0], VOICES)  # no is said unless something is seen
    says = net.add_population(
        "Says yes, says no", "burst_unit", sign=0, params={"i_e": quiet, "i_d": dendrites[1]},
        positions=rows(600.0, VOICES),
    )  # fmt: skip
    way = net.add_projection("In", seen, between)
    net.wire(way, "all_to_all", weight=200.0 + luck.normal(0.0, 60.0, 4 * SEES * BETWEEN))
    across = net.add_projection("Crossed inhibition", seen, between)
    pairs = [(k, j) for k in range(2 * SEES) for j in range(2 * BETWEEN) if k // SEES != j // BETWEEN]
    net.add_synapses(
        across, [seen.ids[k] for k, _ in pairs], [between.ids[j] for _, j in pairs],
        weight=[-230.0] * len(pairs),
    )  # fmt: skip
    net.set(across, frozen=True)
    sign = np.repeat([1.0, -1.0], VOICES)
    up = net.add_projection("Up", between, says)
    net.wire(
        up, "all_to_all", weight=(200.0 * sign + luck.normal(0.0, 60.0, (2 * BETWEEN, sign.size))).ravel()
    )
    back = net.add_projection("Bursts back", says, between, transmission="dendritic_burst")
    net.wire(back, "all_to_all", weight=np.repeat(100.0 * sign, 2 * BETWEEN))
    net.add_task("Exclusive or", "xor_in_time", seen, says, {"voices": float(VOICES)})
    net.set_learner("burst_spikes")
    return net


def rows(x: float, half: int) -> list[list[float]]:
    """Places of two halves of a population, one above the other (um)."""
    return [
        [x + 34.0 * (k % 3), 120.0 * (1 - 2 * (k // half)) - 26.0 * (k % half // 3) + 40.0, 0.0]
        for k in range(2 * half)
    ]


def both_or_one(training: Training) -> float:
    """How fast neurons between fire when both are seen, as a share of when one is."""
    stage = training.stage
    training.answers(stage.test_inputs, stage.test_targets)
    here, first = training.drawn.rows_of(training.drawn.populations[1]), training.lesson.asked_from
    fired = np.array([
        training.answered[k::4, first:, here].mean() for k in range(4)
    ])  # neither, B, A, both  # fmt: skip
    return float(2.0 * fired[3] / max(fired[1] + fired[2], 1e-9))


def point(sim):
    """How much neurons between still answer to both, as a share of one alone."""
    return both_or_one(Training(sim.network).run(EPOCHS)), 0.3, 0.25


def control(net: Network) -> Network:
    """The same teacher at the last dendrites; nothing goes back to those between."""
    net.set(net.projection("Bursts back").ids, weight=0.0)
    return net
