"""Trials of routing, many abreast: contents stand at sources, one source is asked for, one is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import registry, units
from engine.declare import Router
from engine.errors import UnknownName, UsageError, did_you_mean

Floats = NDArray[np.float64]
Values = Mapping[str, float]
PURPOSE = 67
STEP = 1.0
"""ms."""
ON_ROWS = {"clip": np.clip, "min": np.minimum, "max": np.maximum}
"""What the words of a hook mean where it is given columns of numbers instead of numbers."""


class Trials:
    """Trials side by side, each with settings of its own; `step` moves all of them by one ms.

    Args:
        model: the router.
        settings: of each trial, the values of parameters that differ from their defaults.
        shown: of each trial, the number of the content at each source (trials, sources).
        asked: the number of the source that is asked for.
        luck: where noise comes from.
        alike: whether all trials get the same noise, so that only their settings tell them apart.
    """

    def __init__(
        self, model: type[Router], settings: Sequence[Values], shown: ArrayLike, asked: int,
        luck: np.random.Generator, alike: bool = False,
    ) -> None:  # fmt: skip
        self.model, self.count, self.t = model, len(settings), 0.0
        self.shown = np.asarray(shown, np.int64)
        self.asked = asked
        self.p = SimpleNamespace(**{name: _column(model, name, settings) for name in model.params})
        shape = self.count, len(model.sources)
        places = np.arange(len(model.sources))
        rates = {name: np.full(shape, float(each.init)) for name, each in model.states.items()}
        self.gates = SimpleNamespace(
            cue=(places == asked).astype(float), habit=(places == places[-1]).astype(float), **rates
        )
        self._at = np.eye(len(model.contents))[self.shown]
        self._luck, self._drawn = luck, (1 if alike else self.count, *shape[1:])
        self._gate, self._arrive = (_on_rows(model.hooks[name]) for name in ("gate", "arrive"))
        self.active = np.zeros((self.count, len(model.contents)))
        self.said = np.full(self.count, -1, np.int64)
        """The number of the content that was said; -1 while none is."""
        self.times = np.full(self.count, np.nan)
        """ms until it was said."""

    @property
    def is_over(self) -> bool:
        """Whether every trial has its answer or has waited long enough."""
        return bool(((self.said >= 0) | (self.t >= self.p.limit[:, 0])).all())

    @property
    def opening(self) -> Floats:
        """How far each gate is open (trials, sources)."""
        found: Floats = getattr(self.gates, list(self.model.states)[-1])
        return found

    def step(self) -> None:
        """Move on by 1 ms."""
        gates, active = self.gates, self.active
        gates.luck = self._luck.standard_normal(self._drawn)
        gates.luck_too = self._luck.standard_normal(self._drawn)
        self._gate(gates, self.p, STEP)
        content = SimpleNamespace(
            sent=(self.opening[:, :, None] * self._at).sum(axis=1),
            others=active.sum(axis=1, keepdims=True) - active,
            active=active,
        )
        self._arrive(content, self.p, STEP)
        self.active = content.active
        self.t += STEP
        waits = (self.said < 0) & (self.t <= self.p.limit[:, 0])
        new = waits & (self.active.max(axis=1) > self.p.threshold[:, 0])
        self.said[new], self.times[new] = self.active[new].argmax(axis=1), self.t

    def go_on(self, steps: float = np.inf) -> None:
        """Move on by so many ms, or until all is over."""
        while steps > 0 and not self.is_over:
            self.step()
            steps -= STEP

    def verdicts(self) -> list[str]:
        """Of each trial "right", "wrong" or "none", once it is over."""
        right = self.said == self.shown[:, self.asked]
        return ["none" if said < 0 else "right" if ok else "wrong"
                for said, ok in zip(self.said, right, strict=True)]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """Many trials of one condition: shares of right, missing and intruding answers, mean time (ms) if any."""

    accuracy: float
    omission: float
    intrusion: float
    time: float


class Routing:
    """Trials of the Stroop task: name the colour, or read the word, of a word printed in a colour.

    Args:
        slug: which router.
        seed: what all noise follows from.
        values: what differs from the defaults of the router's parameters.
    """

    def __init__(self, slug: str = "basal_ganglia", seed: int = 1, **values: float) -> None:
        self.model = registry.find(slug, "router")
        self.values, self.seed = checked(self.model, values), int(seed)

    def trials(self, task: str, congruent: bool, count: int = 400) -> Outcome:
        """Run trials; `task` is the name of a source, `congruent` whether all sources say the same."""
        made = self._made(task, congruent, count)
        made.go_on()
        said = np.array(made.verdicts())
        right = said == "right"
        return Outcome(
            float(right.mean()), float((said == "none").mean()), float((said == "wrong").mean()),
            float(made.times[right].mean()) if right.any() else float("nan"),
        )  # fmt: skip

    def course(self, task: str, congruent: bool) -> dict[str, Floats]:
        """The states of all gates, by name, step by step through one trial (steps of 1 ms, sources)."""
        made = self._made(task, congruent, 1)
        kept: dict[str, list[Floats]] = {name: [] for name in self.model.states}
        while made.t < made.p.limit[0, 0]:
            made.step()
            for name, column in kept.items():
                column.append(getattr(made.gates, name)[0].copy())
        return {name: np.array(column) for name, column in kept.items()}

    def transfers(self, count: int = 200) -> Floats:
        """Transfers in each of so many trials: two at first, one once stimulus and answer are a pair."""
        worth = np.zeros(len(self.model.contents))
        luck, p = _luck(self.seed, 7), self.model.row(**self.values)
        found = np.zeros(count)
        for trial in range(count):
            which = int(luck.integers(worth.size))
            found[trial] = 1.0 if worth[which] > 0.5 else 2.0
            worth[which] = self.model.hooks["learn"](worth[which], p)
        return found

    def _made(self, task: str, congruent: bool, count: int) -> Trials:
        if task not in self.model.sources:
            known = ", ".join(self.model.sources)
            raise UnknownName(f"{self.model.label} has no source {task!r}; it has {known}")
        asked = self.model.sources.index(task)
        shown = [0 if congruent or source == asked else 1 for source in range(len(self.model.sources))]
        return Trials(self.model, [self.values] * count, [shown] * count, asked, _luck(self.seed, asked))


def checked(model: type[Router], values: Values) -> dict[str, float]:
    """The same values; raises where a name is no parameter of the router or a value is out of range."""
    for name, value in values.items():
        if name not in model.params:
            raise UnknownName(f"{model.label} has no {name!r}{did_you_mean(name, list(model.params))}")
        declared = model.params[name]
        if not declared.low <= value <= declared.high:
            said = units.within(declared.low, declared.high, declared.unit)
            raise UsageError(f"{name} of {model.label} is {value:g}; it must be {said}")
    return {name: float(value) for name, value in values.items()}


def _column(model: type[Router], name: str, settings: Sequence[Values]) -> Floats:
    default = model.params[name].default
    return np.array([[float(values.get(name, default))] for values in settings])


def _luck(seed: int, *purpose: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, PURPOSE, *purpose])))


def _on_rows(hook: Callable[..., Any]) -> Callable[..., Any]:
    """A hook as arithmetic on columns: the same code, its words taken for whole columns."""
    assert isinstance(hook, FunctionType)
    return FunctionType(hook.__code__, {**hook.__globals__, **ON_ROWS})
