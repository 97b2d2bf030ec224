"""A network, a task and a learner laid out for training: numbers in arrays, and the kernels that use them."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Phase
from engine.errors import UnknownName, Unstable, UsageError
from engine.kernels import lesson as kernels
from engine.kernels import lesson_words as words
from engine.network.columns import parameters
from engine.network.declared import param_problems
from engine.network.given import number, whole, wrong
from engine.network.network import Network
from engine.network.parts import Learner, Task
from engine.network.teaching import untrainable
from engine.runtime.training.chosen import learner_of, one_of
from engine.runtime.training.drawn import Drawn
from engine.runtime.training.membranes import membranes
from engine.runtime.training.patterns import Lesson, Stage, lesson_of

Floats = NDArray[np.float64]
ORDER = 61  # what the order of the patterns draws its luck for


class Posed:
    """What there is before anything is trained or asked; every change of it is made by a kernel."""

    def __init__(self, net: Network, task: Any, learner: Any, seed: int | None) -> None:
        if not isinstance(net, Network):
            raise wrong(net, "net", "a Network")
        self.base = net.copy()
        self.seed = net.seed if seed is None else whole(seed, "seed", 0)
        self.task: Task = one_of(self.base.tasks, task, "task")
        self.learner: Learner = learner_of(self.base, learner)
        for problem in untrainable(self.base, self.learner, self.task):
            raise UsageError(str(problem))
        self.model = registry.find(self.learner.model, "learner")
        hooks = self.model.hooks
        wants = {words.FORWARD}
        if self.model.recurrent:
            wants |= {words.LATERAL, words.FEEDBACK}
        if "feedback" in hooks:
            wants.add(words.FEEDBACK)
        runs = bool(self.model.runs)
        self.drawn = Drawn(self.base, self.task, self.model.trains_feedback, frozenset(wants), runs)
        neurons = tuple(registry.find(slug, "neuron") for slug in self.drawn.models)
        self.writer = kernels.Writer(self.model, neurons)
        sizes = self.drawn.size
        outputs = sizes[self.drawn.outputs] if self.task.outputs is not None else 0
        self.lesson: Lesson = lesson_of(self.task, sizes[self.drawn.inputs], outputs, self.seed)
        self.params = self._params()
        self.kernels = kernels.module(self.model, neurons)
        self.still = membranes(self.base, self.drawn, self.writer.states)
        self.columns = np.zeros((len(self.writer.fields), self.drawn.weight.size))
        self.columns[0] = self.drawn.weight
        for name, field in self.model.fields.items():
            start = field.init if not isinstance(field.init, str) else self.value(field.init)
            self.columns[self.writer.fields.index(name)] = start
        self.bias = self.drawn.bias.copy()
        self.counts = np.zeros(8, np.int64)
        self.step = 0
        self.epoch = 0
        self.size = self._size()
        self._record = self._streamed = np.zeros((0, 0, 0))
        self._desks: dict[int, tuple[Floats, Floats]] = {}

    # -- numbers -----------------------------------------------------------------------------------

    def value(self, name: str) -> float:
        """A parameter of the learner as the kernels take it."""
        given = self.learner.params.get(name)
        return self.model.params[name].default if given is None else self.model.number(name, cast(Any, given))

    def _size(self) -> int:
        """How many patterns a batch has; streams come one by one."""
        return 1 if self.model.streams else min(max(1, int(self.value("batch"))), len(self.stage.inputs))

    @property
    def is_taught(self) -> bool:
        """Whether the teacher is heard; with one that is cut no weight changes."""
        return self.model.params["teacher"].options[int(self.value("teacher"))] != "cut"

    def _params(self) -> Floats:
        return np.array([self.value(name) for name in self.writer.params] or [0.0])

    def set(self, **values: float | str | None) -> None:
        """Turn parameters of the learner, None back to the default; acts from the next phase on."""
        for name in values:
            if name not in self.model.params:
                raise UnknownName(f"{self.model.slug} has no parameter {name!r}")
        asked = parameters({name: value for name, value in values.items() if value is not None})
        for problem in param_problems(self.learner.model, "learner", asked, self.learner.label):
            raise UsageError(str(problem))
        for name in values:
            self.learner.params.pop(name, None)
        self.learner.params |= {n: v if isinstance(v, str) else number(v, n) for n, v in asked.items()}
        self.params[:] = self._params()

    @property
    def settling(self) -> Floats:
        """Step, tolerance and greatest number of steps of a settling phase."""
        found = [self.value(n) if n in self.model.params else 1.0 for n in self.model.settling]
        return np.array(found)

    def timing(self, *, taught: bool = True) -> Floats:
        """What kernels take of time: settling, and the step of a stream with which the teacher begins."""
        return np.append(self.settling, self.lesson.asked_from if taught else np.inf)

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases every batch goes through."""
        return self.model.phases

    @property
    def stage(self) -> Stage:
        """The patterns of the present epoch: a task may have stages, so many epochs each."""
        return self.lesson.stages[self.stage_number]

    @property
    def stage_number(self) -> int:
        """Which stage that is."""
        return min(self.epoch // self.lesson.epochs, len(self.lesson.stages) - 1)

    @property
    def counted(self) -> dict[str, int]:
        """Multiply-accumulates, settling steps, unsettled phases, phases and patterns so far."""
        names = ("macs", "steps", "unsettled", "phases", "samples")
        return dict(zip(names, self.counts[:5].tolist(), strict=True))

    # -- patterns ----------------------------------------------------------------------------------

    def order(self) -> NDArray[np.int64]:
        """The order of the patterns in the present epoch: by seed and epoch alone."""
        luck = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, ORDER, self.epoch])))
        return luck.permutation(len(self.stage.inputs)).astype(np.int64)

    def taught(self) -> tuple[Floats, Floats]:
        """The patterns of the present epoch, and the targets as its teacher sends them: `late` ones on."""
        inputs, targets = self.stage.inputs, self.stage.targets
        if late := int(self.value("late")):
            order, sent = self.order(), np.empty_like(targets)
            sent[order] = targets[np.roll(order, late)]
            return inputs, sent
        return inputs, targets

    # -- kernels -----------------------------------------------------------------------------------

    def desk(self, size: int) -> tuple[Floats, Floats]:
        """The states and what is told to all, for so many patterns at a time."""
        if size not in self._desks:
            self._desks[size] = self._blank(size), np.zeros((len(self.writer.told), size))
        return self._desks[size]

    def _blank(self, size: int) -> Floats:
        """States nothing has happened to yet."""
        S = np.zeros((len(self.writer.states), size, self.drawn.neurons))
        if self.model.runs:
            S[:] = self.still[:, None, :]
        for name in self.lasting:
            S[self.writer.state(name)] = float(self.model.states[name].init)
        return S

    @property
    def lasting(self) -> list[str]:
        """The states that neurons keep from one stream to the next."""
        return [name for name, state in self.model.states.items() if state.slow]

    def arrays(self, S: Floats, M: Floats) -> tuple[Any, ...]:
        """What every kernel takes."""
        d = self.drawn
        return (
            S, self.columns, self.params, M, d.areas, d.table, d.ipre, d.ipost, self.bias, d.ids, self.counts,
            self.seed, self.step,
        )  # fmt: skip

    def _kernel(
        self, S: Floats, M: Floats, X: Floats, Y: Floats, order: NDArray[np.int64], first: int = 0,
        last: int = 99, learn: bool = True, taught: bool = True,
    ) -> None:  # fmt: skip
        where = (self.drawn.rest, self.drawn.top, first, last, learn, self._record)
        given = (*self.arrays(S, M), self.timing(taught=taught), X, Y, order, *where)
        self.step = int(self.kernels.epoch(*given))

    def sound(self) -> None:
        """Raise where a weight, a bias or a rate is no number any more."""
        if np.isfinite(self.columns[0]).all() and np.isfinite(self.bias).all():
            return
        for way in self.drawn.ways:
            bad = ~np.isfinite(self.columns[0, way.here])
            if bad.any():
                raise Unstable(
                    f"synapse {way.ids[bad][0]} of {way.label!r}: its weight is no number any more in epoch "
                    f"{self.epoch}, by {self.learner.label}; lower eta, or begin with smaller weights",
                    variable="weight", projection=way.projection, rule=self.learner.model,
                )  # fmt: skip
        row = int(np.flatnonzero(~np.isfinite(self.bias))[0])
        raise Unstable(
            f"neuron {self.drawn.ids[row]}: its bias is no number any more in epoch {self.epoch}, by "
            f"{self.learner.label}; lower eta",
            variable="bias", neuron=int(self.drawn.ids[row]), rule=self.learner.model,
        )  # fmt: skip
