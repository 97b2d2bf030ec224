"""What a rule would do, tried out while it is written: sixty pairs on a synapse, a minute of twenty inputs.

Qt-free, and in plain Python: nothing is compiled, and nothing of the rule is executed as Python.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.inspector.curves import Curve, stand_in
from editor.inspector.curves.curve import TIMES
from editor.inspector.curves.held_synapse import HeldSynapse
from engine import registry
from engine.by_hand import plain
from engine.declare import Rule

LAGS = (10.0, -10.0, 40.0)
"""Lags of the test pairs, ms."""
PAIRS, APART = 60, 1000.0
"""How often a test pair fires, and the ms between: 60 pairs at 1 Hz, as Bi and Poo (1998) did."""
W_MAX = 100.0
Trial = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Times (s) and weights (share of the largest)."""


def trial(rule: type[Rule], lag: float, released: bool = True) -> Trial:
    """The weight of a test synapse over sixty pairs a second apart, `lag` = t_post - t_pre (ms).

    The synapse starts half-maximal.  With `released` every modulator comes with every pair; a rule of another
    stage than induction is tried on what the usual induction proposes.
    """
    p = _bounded(rule.row())
    known = usual_induction()
    pairs = [(known, _bounded(known.row()))] if rule.stage != "induction" else []
    syn = HeldSynapse([*pairs, (rule, p)])
    when, weight = [0.0], [syn.w]
    for k in range(PAIRS):
        syn.pair(lag, released)
        when.append(k * APART + abs(lag))
        weight.append(syn.w)
        syn.wait(APART - abs(lag))
        when.append((k + 1) * APART)
        weight.append(syn.w)
    return np.array(when) / 1000.0, np.array(weight) / p.w_max


def usual_induction() -> type[Rule]:
    """The induction a drawing begins with."""
    found = next(one for one in registry.all("rule") if one.stage == "induction" and one.usual)
    assert issubclass(found, Rule)
    return found


def can_be_tried(rule: type[Rule]) -> bool:
    """Whether pairs of spikes are enough to show what a rule does."""
    slow = {"on_slow", "on_neuron", "on_pre_neuron"}
    others = {"on_step", "between", "on_late", "on_event", *slow} & set(rule.hooks)
    return (
        rule.stage not in ("homeostasis", "structure")
        and not others
        and not rule.asks("pre")
        and not rule.asks("post")
    )


def substances(rule: type[Rule]) -> str:
    """What a rule listens to, in words; "" for nothing."""
    return " and ".join(
        dict.fromkeys(
            "a modulator" if one.substance == "any" else one.substance for one in rule.roles.values()
        )
    )


def _bounded(p: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(p), "w_min": 0.0, "w_max": W_MAX})


# -- a rule that removes synapses ------------------------------------------------------------------

RATES = (20.0, 5.0, 1.0, 0.0)
"""Hz; how often the inputs of the sample fire, each by itself."""
POST_RATE = 5.0
"""Hz; how often their neuron fires."""
SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
"""How heavy they are, as shares of the axis of weights."""
BEYOND = 1.5
"""How far they reach, in ends of the axis of a curve that is drawn against the weight."""
LOOKS = 60
SPANS = ((60e3, "one minute"), (3.6e6, "an hour"), (8.64e7, "a day"), (2.592e9, "thirty days"))
"""How long (ms) the sample is looked at: the first in which something is lost."""


@dataclass(frozen=True)
class Input:
    """An input of the sample: its rate (Hz), its weight, and when it was lost (ms), if it was."""

    rate: float
    weight: float
    lost: float | None = None


@dataclass(frozen=True)
class Sample:
    """Twenty inputs of one neuron after a while of a rule that removes synapses."""

    inputs: tuple[Input, ...]
    span: float
    words: str

    @property
    def left(self) -> int:
        """How many are left."""
        return sum(one.lost is None for one in self.inputs)


def sample(rule: type[Rule], curve: Curve | None = None) -> Sample | None:
    """Which of twenty inputs of one neuron a rule would remove, by one draw of luck; None if it removes none.

    `curve` is that of the rule: drawn against the weight, it says which weights are worth looking at.

    Every input and the neuron fire at random, so memories are at their mean.  The rule looks sixty times.
    """
    if rule.stage != "structure" or "on_slow" not in rule.hooks:
        return None
    found: Sample | None = None
    for span, words in SPANS:
        found = _lived(rule, _heaviest(curve), span, words)
        if found.left < len(found.inputs):
            break
    return found


def moment(ms: float) -> str:
    """A time in the unit that suits it: "12 s"."""
    unit, length = max((one for one in TIMES if one[1] <= ms), key=lambda one: one[1], default=TIMES[0])
    return f"{ms / length:.{0 if ms >= 10.0 * length else 1}f} {unit}".replace(".0 ", " ")


def _lived(rule: type[Rule], most: float, span: float, words: str) -> Sample:
    luck = np.random.default_rng(7)
    chance: dict[str, Callable[..., float]] = {
        "uniform": luck.random, "normal": luck.standard_normal,
        "poisson": lambda mean: float(luck.poisson(max(mean, 0.0))),
        "binomial": lambda n, q: float(luck.binomial(max(int(n), 0), min(max(q, 0.0), 1.0))),
    }  # fmt: skip
    hook = plain(rule.hooks["on_slow"], **chance)
    wanted = tuple(inspect.signature(hook).parameters)
    p = _bounded(rule.row())
    p.w_max = max(most, p.w_max)
    places = [(rate, share * most) for rate in RATES for share in SHARES]
    scenes = [_scene(rule, p, rate, weight) for rate, weight in places]
    lost: list[float | None] = [None] * len(places)
    dt = max(float(getattr(p, "update", 1.0)), span / LOOKS)
    now = 0.0
    while now + dt <= span * (1.0 + 1e-9):
        now += dt
        alive = [scene for scene, gone in zip(scenes, lost, strict=True) if gone is None]
        sums = {name: _total(rule, one.of, alive) for name, one in rule.totals.items()}
        for at, scene in enumerate(scenes):
            if lost[at] is not None:
                continue
            stand_in.put(scene["post"], sums)
            scene["dt"] = dt
            scene["syn"].doomed = 0.0
            hook(*(scene[name] for name in wanted))
            if scene["syn"].doomed > 0.0:
                lost[at] = now
    inputs = [Input(rate, weight, gone) for (rate, weight), gone in zip(places, lost, strict=True)]
    return Sample(tuple(inputs), span, words)


def _heaviest(curve: Curve | None) -> float:
    """The weight up to which to look: beyond the last at which anything is lost."""
    if curve is None or not curve.axes.across.startswith("weight"):
        return W_MAX
    return BEYOND * float(curve.x[-1])


def _scene(rule: type[Rule], p: SimpleNamespace, rate: float, weight: float) -> dict[str, Any]:
    scene = stand_in.rows(rule, p, weight)
    stand_in.put(scene["pre"], stand_in.memory(rule, p, "pre", rate))
    stand_in.put(scene["post"], stand_in.memory(rule, p, "post", POST_RATE))
    return scene


def _total(rule: type[Rule], of: str, scenes: list[dict[str, Any]]) -> float:
    return sum(float(stand_in.hook_of(rule, of)(scene)) for scene in scenes)
