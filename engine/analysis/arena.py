"""An animal in a box: place neurons are told where it is, action neurons move it, and a goal rewards it.

The world reads spikes and sets the rates of an input through the doors anybody has: it runs the simulation a
few milliseconds at a time.  Numbers after Brzosko, Zannone, Schultz, Clopath & Paulsen (2017) eLife 6:e27756,
doi:10.7554/eLife.27756 (their script, ModelDB 233396): 11 x 11 place neurons 0.4 apart that fire at 400 Hz
where it stands, fields of width 0.4, and 40 action neurons around a circle.  Neurons and motion are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.network.edits import SetRules
from engine.network.network import Network
from engine.runtime.simulation import Simulation

Floats = NDArray[np.float64]
SIDE, SPACING, WIDTH, PEAK = 11, 0.4, 0.4, 400.0
ACTIONS = 40
EDGE = SPACING * (SIDE - 1) / 2.0
HOMEOSTASIS = (
    "intrinsic_threshold",
    {"target": 14.0, "step": 80.0, "tau_theta": 40_000.0, "tau_h": 8000.0},
)
"""A card that keeps every action neuron near the rate it has on average.

Measured on five animals each, reward moved after 15 of 40 trials: with it they needed 1.1 s a trial before
the move against 0.6 s without, and 1.38 s after it against 1.49 s.  It gives up precision, and gains no more
than chance might where the world changes; scaling and a faster card, two animals each, were no better.
"""
UM = 150.0
"""Micrometres on the canvas for a unit of the box."""


def places() -> Floats:
    """Where the fields of the place neurons lie, (121, 2)."""
    along = np.linspace(-EDGE, EDGE, SIDE)
    return np.array([[x, y] for y in along for x in along])


def directions() -> Floats:
    """Where each action neuron moves the animal, (40, 2)."""
    angle = 2.0 * np.pi * np.arange(ACTIONS) / ACTIONS
    return np.column_stack([np.cos(angle), np.sin(angle)])


def animal(
    seed: int = 1,
    acetylcholine: float = 1.0,
    scale: float = 40.0,
    noise: float = 120.0,
    rate: float = 1.0,
    keeps_rate: bool = False,
) -> Network:
    """The circuit: place neurons learn to drive action neurons, which choose one direction together.

    Args:
        seed: of its noise and of its place neurons.
        acetylcholine: its level all the time; 0 for an animal that never unlearns.
        scale: pA for a weight of 1; weights begin at 2 and stay between 1 and 3.
        noise: standard deviation of the current that makes it explore, pA.
        rate: how much faster it learns than the published animal.
        keeps_rate: whether its action neurons are homeostatic; the published ones are not.
    """
    net = Network(dt=1.0, seed=seed)
    at, around = places(), directions()
    place = net.add_population(
        "Place",
        "relay",
        positions=np.column_stack([UM * at, np.zeros(len(at))]) - np.array([400.0, 0.0, 0.0]),
    )
    ring = np.column_stack([250.0 * around, np.zeros(ACTIONS)]) + np.array([350.0, 0.0, 0.0])
    action = net.add_population("Action", "iaf_psc_exp", positions=ring)
    inner = np.column_stack([170.0 * around, np.zeros(ACTIONS)]) + np.array([350.0, 0.0, 0.0])
    other = net.add_population("Inhibition", "iaf_psc_exp", sign=-1, positions=inner)
    net.add_input("poisson", place, label="where it is", rate=np.zeros(len(at)))
    net.add_input("noise_current", action, label="exploration", std=noise, hold=20.0)
    stdp = {
        "tau_pre": 10.0,
        "tau_post": 10.0,
        "lambda_": 1.0 / (3.0 * scale),
        "mu_plus": 0.0,
        "mu_minus": 0.0,
    }
    gate = {"eta_ach": 0.002 * scale * rate, "eta_da": 0.01 * scale * rate}
    learns = net.add_projection(
        "Place to Action", place, action,
        rules=[("stdp_pair", stdp), ("ach_dopamine", gate), *([HOMEOSTASIS] if keeps_rate else [])],
        w_min=scale, w_max=3.0 * scale,
    )  # fmt: skip
    net.wire(learns, "all_to_all", weight=2.0 * scale, delay=1.0)
    cosine = around @ around.T
    near = np.argwhere((cosine > np.cos(0.6)) & ~np.eye(ACTIONS, dtype=bool))
    lateral = net.add_projection("Neighbours", action, action)
    net.add_synapses(lateral, action.ids[near[:, 0]], action.ids[near[:, 1]], weight=400.0, delay=1.0)
    drive = net.add_projection("To Inhibition", action, other)
    net.wire(drive, "one_to_one", weight=5000.0, delay=1.0)
    far = np.argwhere(cosine < np.cos(0.9))
    suppress = net.add_projection("From Inhibition", other, action)
    net.add_synapses(suppress, other.ids[far[:, 0]], action.ids[far[:, 1]], weight=-1500.0, delay=1.0)
    net.add_modulator("Reward", "diffuse", [], {"substance": "dopamine"})
    net.add_modulator("Bath", "diffuse", [], {"substance": "acetylcholine", "tonic": acetylcholine})
    return net


def without(net: Network, stage: str) -> Network | None:
    """A copy without the cards of a stage of the rule stack ("homeostasis", ...); None if there are none."""
    twin, is_other = net.copy(), False
    for projection in list(twin.projections.values()):
        kept = tuple(use for use in projection.rules if registry.find(use.slug, "rule").stage != stage)
        if len(kept) < len(projection.rules):
            SetRules(projection.id, kept).apply(twin)
            is_other = True
    return twin if is_other else None


@dataclass
class Arena:
    """One animal and its box; `goal` may be moved at any time.

    Args:
        net: what `animal` built, or a circuit with populations and inputs of the same names.
        goal: where the reward is, and `radius` how near is near enough.
        speed: units a second when one action neuron in twenty fires at 50 Hz.
        slice: ms between two looks of the world at the circuit.
    """

    net: Network
    goal: tuple[float, float]
    radius: float = 0.6
    speed: float = 2.0
    slice: float = 40.0
    memory: float = 100.0
    at: Floats = field(default_factory=lambda: np.zeros(2))
    path: list[tuple[float, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sim = Simulation(self.net)
        self._where = next(i for i in self.net.inputs.values() if i.label == "where it is").id
        self._reward = next(m for m in self.net.modulators.values() if m.label == "Reward").id
        self._row = {int(id): k for k, id in enumerate(self.net.population("Action").ids.tolist())}
        self._recent = np.zeros(ACTIONS)
        self._seen = 0
        self._fields, self._moves = places(), directions()
        self.taken, self.found = 0.0, False

    def sense(self, is_there: bool = True) -> None:
        """Tell the place neurons where the animal is, or that it is nowhere."""
        away = ((self._fields - self.at) ** 2).sum(axis=1)
        rates = PEAK * np.exp(-away / (2.0 * WIDTH**2)) if is_there else np.zeros(len(away))
        self.sim.set(self._where, rate=rates)

    def act(self) -> None:
        """Run a slice, and move by what the action neurons said in it; walls stop it."""
        self.sim.run(self.slice)
        _, who = self.sim.spikes_since(self._seen)
        self._seen = self.sim.step
        self._recent *= np.exp(-self.slice / self.memory)
        for neuron in who.tolist():
            if neuron in self._row:
                self._recent[self._row[neuron]] += 1.0
        total = self._recent.sum()
        if total > 0.0:
            heading = self._recent @ self._moves / total
            drive = min(total / (self.memory * 0.1), 1.0)
            self.at = np.clip(self.at + heading * drive * self.speed * self.slice / 1000.0, -EDGE, EDGE)
        self.path.append((self.sim.t, float(self.at[0]), float(self.at[1])))

    def begin(self, start: tuple[float, float] = (0.0, 0.0)) -> None:
        """Put it at the start of a trial."""
        self.at, self.taken = np.array(start), 0.0
        self._recent[:] = 0.0

    def go_on(self, longest: float = 15_000.0) -> bool:
        """Let it go for one slice; returns whether the trial is over, found or not."""
        self.sense()
        self.act()
        self.taken += self.slice
        self.found = bool(np.hypot(*(self.at - self.goal)) <= self.radius)
        if not self.found and self.taken < longest:
            return False
        if self.found:
            self.sim.poke("release", [self._reward])
        self.sense(is_there=False)
        self.sim.run(300.0)
        self._seen = self.sim.step
        return True

    def trial(self, longest: float = 15_000.0, start: tuple[float, float] = (0.0, 0.0)) -> float:
        """Put it at the start and let it go; returns how long (ms) it took to the goal, or `longest`."""
        self.begin(start)
        while not self.go_on(longest):
            pass
        return self.taken

    def leanings(self) -> Floats:
        """Where the synapses of each place lead on average, (121, 2): longer where they agree more."""
        found = np.zeros((len(self._fields), 2))
        learns = next(p for p in self.net.projections.values() if p.label == "Place to Action")
        ids, weights = self.sim.weights(learns.id)
        table = learns.synapses
        rows = table.rows(ids)
        place = {int(id): k for k, id in enumerate(self.net.population("Place").ids.tolist())}
        pre = np.array([place[int(id)] for id in table.pre[rows]])
        action = np.array([self._row[int(id)] for id in table.post[rows]])
        total = np.bincount(pre, weights, minlength=len(found))
        for axis in (0, 1):
            found[:, axis] = np.bincount(pre, weights * self._moves[action, axis], minlength=len(found))
        return found / np.maximum(total, 1e-12)[:, None]

    def frozen(self) -> Arena:
        """Another animal with the synapses this one has now, which never change again."""
        net = self.sim.network
        for projection in net.projections.values():
            projection.frozen = True
        twin = Arena(net, self.goal, self.radius, self.speed, self.slice, self.memory)
        twin.begin()
        return twin
