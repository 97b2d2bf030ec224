"""The drawn network as a learner's kernels see it: areas of neurons, ways of synapses, all in flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels import lesson_words as words
from engine.kernels.curves import ALIASES, CURVES
from engine.network.declared import model_of, value_of
from engine.network.network import Network
from engine.network.parts import Projection, Task
from engine.network.shape import Shape, shape

Ints = NDArray[np.int64]


@dataclass
class Way:
    """Where the synapses of a projection stand in the flat columns, and their ids in that order."""

    projection: int
    label: str
    kind: int
    first: int
    ids: Ints
    pre: Ints
    post: Ints
    dense: bool
    plastic: bool

    @property
    def here(self) -> slice:
        """Its part of the flat columns."""
        return slice(self.first, self.first + self.ids.size)


class Drawn:
    """The populations between the input and the target of a task, and every projection among them.

    Neurons stand area after area, by depth; synapses projection after projection, by pre and then post.
    """

    def __init__(
        self, net: Network, task: Task, trains_feedback: bool, wants: frozenset[int], runs: bool = False
    ) -> None:
        self.shape: Shape = shape(net, task)
        depth = self.shape.depth
        self.populations = sorted(
            (id for id in depth if id in net.populations), key=lambda id: (depth[id], id)
        )
        last = task.outputs if task.outputs in depth else self.populations[-1]
        self.inputs, self.outputs = task.inputs, last
        sizes = [len(net.populations[id]) for id in self.populations]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.start = dict(zip(self.populations, starts.tolist(), strict=False))
        self.size = dict(zip(self.populations, sizes, strict=True))
        self.neurons = int(starts[-1])
        self.ids = np.concatenate([net.populations[id].neuron_ids for id in self.populations])
        self.areas = np.zeros((len(self.populations), 8), np.int64)
        live = [net.populations[id].model for id in self.populations if runs and id != task.inputs]
        self.models = tuple(dict.fromkeys(live))
        """The neuron models that run by themselves; () where the learner makes rates of net inputs."""
        self.bias = np.zeros(self.neurons)
        for row, id in enumerate(self.populations):
            population = net.populations[id]
            trained = getattr(model_of(population.model, "neuron"), "trained", {})
            named = str(value_of(population, trained["curve"])) if trained else "linear"
            curve = CURVES.index(ALIASES.get(named, named))
            role = 0 if id == task.inputs else 2 if id == last else 1
            height = depth[last] - depth[id]
            self.areas[row] = (
                starts[row],
                sizes[row],
                depth[id],
                curve,
                role,
                height,
                int(np.all(population.frozen)),
                self.models.index(population.model) if runs and role else -1,
            )
            if trained and role:
                self.bias[starts[row] : starts[row + 1]] = value_of(population, trained["bias"])
        self.ways: list[Way] = []
        rows, pres, posts, weights = [], [], [], []
        first = 0
        kinds = (
            (words.FORWARD, self.shape.forward),
            (words.LATERAL, self.shape.lateral),
            (words.FEEDBACK, self.shape.feedback),
        )
        self.idle = [id for kind, ids in kinds for id in ids if kind not in wants]
        """Projections that the learner does not use."""
        for kind, id in sorted((kind, id) for kind, ids in kinds for id in ids if kind in wants):
            projection = net.projections[id]
            if projection.post == task.inputs:
                self.idle.append(id)
                continue
            pre, post, ids, weight, dense = self._synapses(net, projection)
            plastic = not projection.rests and (kind != words.FEEDBACK or trains_feedback)
            self.ways.append(Way(id, projection.label, kind, first, ids, pre, post, dense, plastic))
            upper = depth[last] - max(depth[projection.pre], depth[projection.post])
            rows.append([
                kind, self.start[projection.pre], self.size[projection.pre], self.start[projection.post],
                self.size[projection.post], first, ids.size, int(dense), int(plastic), upper,
                int(projection.pre == task.inputs),
            ])  # fmt: skip
            pres.append(pre)
            posts.append(post)
            weights.append(weight)
            first += ids.size
        self.table = np.array(rows, np.int64).reshape(-1, 11)
        self.ipre = np.concatenate([np.empty(0, np.int64), *pres])
        self.ipost = np.concatenate([np.empty(0, np.int64), *posts])
        self.weight = np.concatenate([np.empty(0), *weights])

    def _synapses(self, net: Network, projection: Projection) -> tuple[Any, ...]:
        table = projection.synapses.sorted()
        pre = self.start[projection.pre] + net.populations[projection.pre].rows(table["pre"])
        post = self.start[projection.post] + net.populations[projection.post].rows(table["post"])
        order = np.lexsort((table["id"], post, pre))
        pre, post = pre[order].astype(np.int64), post[order].astype(np.int64)
        n, m = self.size[projection.pre], self.size[projection.post]
        dense = pre.size == n * m and bool(
            (pre == self.start[projection.pre] + np.arange(n * m) // m).all()
            and (post == self.start[projection.post] + np.arange(n * m) % m).all()
        )
        weight = table["weight"][order].astype(np.float64)
        return pre, post, table["id"][order], weight, dense

    def rows_of(self, population: int) -> slice:
        """Where the neurons of a population stand."""
        return slice(self.start[population], self.start[population] + self.size[population])

    @property
    def top(self) -> int:
        """Where the target population begins."""
        return int(self.start[self.outputs])

    @property
    def rest(self) -> int:
        """Where the neurons that are no input begin."""
        return int(self.size[self.inputs])
