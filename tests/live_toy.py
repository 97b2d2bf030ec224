"""A toy that stands in for the simulation: it grows, prunes, learns and spikes by a hash, always the same."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace

import numpy as np

from engine.errors import EditRefused, Unstable
from engine.live.checkpoints import Checkpoints
from engine.live.frame import FramePool
from engine.live.worker import Worker
from engine.network.edits import AddSynapses, RemoveSynapses
from engine.network.ids import Ids

SAMPLE = np.dtype([("step", np.int64), ("t", float), ("id", np.int64), ("value", float)])
MASK = (1 << 64) - 1


def luck(*numbers: int) -> int:
    """A 32-bit number that depends on nothing but the numbers given."""
    mixed = 0x9E3779B97F4A7C15
    for number in numbers:
        mixed = ((mixed ^ (number & MASK)) * 0xBF58476D1CE4E5B9) & MASK
        mixed ^= mixed >> 29
    return (mixed * 0x94D049BB133111EB & MASK) >> 32


class Toy:
    """Every `every` steps a synapse may grow and one may be pruned; weights creep; neurons spike by chance.

    `blow_up` is a step at which it becomes unstable, once neuron `blow_up_neuron` exists.
    """

    every = 5
    grows = 60  # percent of the occasions
    prunes = 40
    learning = 0.25
    blow_up: int | None = None
    refuses_engine_side: str = ""

    def __init__(self, network, state=None):
        self.base = network.copy()
        self.dt = network.dt
        self.step = 0
        self.changes = []
        self.recorded = []
        self.fired = {}
        self.silent = set()
        self.ids = Ids(-1, -1)
        self.broken = False
        self.v = 0
        if state is not None:
            self.restore(state)

    @property
    def network(self):
        return self.base.copy()

    def sync(self):
        pass

    def record(self, probe):
        return np.array(
            [(s, round(s * self.dt, 9), probe, float(s)) for s in range(1, self.step + 1)], SAMPLE
        )

    @property
    def t(self):
        return round(self.step * self.dt, 9)

    def advance(self, steps):
        for _ in range(steps):
            self.step += 1
            if self.blow_up is not None and self.step >= self.blow_up:
                self.broken = True
                nan = float("nan")
                raise Unstable("v of neuron 3 became nan", neuron=3, variable="v", value=nan, t=self.t)
            self._spike()
            self._learn()
            if self.step % self.every == 0:
                self._grow()
                self._prune()

    def _spike(self):
        ids = self.base.neuron_ids
        self.v = luck(self.v, self.step)
        for id in ids.tolist():
            if id in self.silent:
                continue
            if id in self.fired or luck(1, self.base.seed, self.step, id) % 50 == 0:
                self.recorded.append((self.step, id))
        self.fired.clear()

    def _learn(self):
        if not self.learning:
            return
        for projection in self.base.projections.values():
            ids = projection.synapses.id
            if len(ids) and projection.rules:
                weights = projection.synapses.weight
                projection.synapses.put("weight", ids, weights + np.sign(weights) * self.learning)

    def _grow(self):
        for projection in self.base.projections.values():
            draw = luck(2, self.base.seed, self.step, projection.id)
            pre = self.base.populations[projection.pre].neuron_ids
            post = self.base.populations[projection.post].neuron_ids
            if draw % 100 >= self.grows or not pre.size or not post.size:
                continue
            one = AddSynapses(
                projection.id,
                self.ids.fresh(1),
                [int(pre[luck(3, self.step) % pre.size])],
                [int(post[luck(4, self.step) % post.size])],
                [10.0 * self.base.populations[projection.pre].sign],
                [1.0],
                restoring=True,
            )
            one.apply(self.base)
            self.changes.append(
                SimpleNamespace(
                    projection=projection.id, ids=one.ids, pre=one.pre, post=one.post, weight=one.weight,
                    delay=one.delay, kind="grown", rule="element_growth", why="free elements", step=self.step,
                )
            )  # fmt: skip

    def _prune(self):
        for projection in self.base.projections.values():
            ids = np.sort(projection.synapses.id)
            if ids.size and luck(5, self.base.seed, self.step, projection.id) % 100 < self.prunes:
                one = ids[luck(6, self.step) % ids.size : luck(6, self.step) % ids.size + 1]
                RemoveSynapses(one).apply(self.base)
                self.changes.append(
                    SimpleNamespace(
                        kind="pruned",
                        projection=projection.id,
                        ids=one,
                        rule="prune_weak",
                        why="weak",
                        step=self.step,
                    )
                )

    def apply(self, edit):
        if self.refuses_engine_side and edit.label == self.refuses_engine_side:
            raise EditRefused(f"the run cannot take {edit.label}")
        return edit.apply(self.base)

    def poke(self, kind, ids):
        known = [int(id) for id in ids if id in self.base.neuron_ids]
        if kind == "fire":
            self.fired.update(dict.fromkeys(known))
        elif kind == "silence":
            self.silent.update(known)
        elif kind == "unsilence":
            self.silent.difference_update(known)

    def capture(self):
        state = {
            "clock/step": np.array([self.step, self.ids.next]),
            "v": np.array([self.v], np.uint64),
            "fired": np.array(sorted(self.fired), np.int64),
            "silent": np.array(sorted(self.silent), np.int64),
        }
        for projection in self.base.projections.values():
            for name, column in projection.synapses.sorted().items():
                state[f"projection/{projection.id}/{name}"] = np.array(column)
        return state

    def restore(self, state):
        self.step, self.ids.next = (int(one) for one in state["clock/step"])
        self.v = int(state["v"][0])
        self.fired = dict.fromkeys(state["fired"].tolist())
        self.silent = set(state["silent"].tolist())
        for projection in self.base.projections.values():
            table = projection.synapses
            table.remove(table.id)
            names = ("id", "pre", "post", "weight", "delay")
            table.append(*(state[f"projection/{projection.id}/{name}"] for name in names))
        self.changes = []
        self.recorded = [one for one in self.recorded if one[0] <= self.step]
        self.broken = False

    def drain_changes(self):
        changes, self.changes = self.changes, []
        return changes

    def spikes_since(self, step):
        late = []
        for one in reversed(self.recorded):
            if one[0] <= step:
                break
            late.append(one)
        late.reverse()
        return [step for step, _ in late], [id for _, id in late]

    def weights(self, projection):
        table = self.base.projections[projection].synapses
        return table.id, table.weight

    def neuron_view(self):
        ids = self.base.neuron_ids
        return ids, np.array([luck(self.v, id) % 1000 / 1000 for id in ids.tolist()], np.float32)

    def quantities(self, name):
        return {"calcium": (self.base.neuron_ids, self.neuron_view()[1])}[name]

    def credit(self):
        return {}


class Placid(Toy):
    """A toy in which nothing happens by itself."""

    grows = prunes = 0
    learning = 0.0


def structure(network):
    """Everything in a network but its weights, which a document does not follow while they are learned."""
    description, tables = network.canonical()
    return description, {name: t.tobytes() for name, t in tables.items() if not name.endswith("/weight")}


def everything(network):
    """Everything in a network, byte for byte."""
    description, tables = network.canonical()
    return description, {name: (table.dtype.str, table.tobytes()) for name, table in tables.items()}


def digest(toy):
    """Everything a toy is doing, byte for byte."""
    return {name: array.tobytes() for name, array in toy.capture().items()}


def small_network(seed=1):
    """Two populations with a plastic projection and a few synapses, and a plain one."""
    from engine.network.network import Network

    net = Network(dt=0.1, seed=seed, title="toy")
    exc = net.add_population("exc", "iaf_psc_exp", size=5)
    inh = net.add_population("inh", "iaf_psc_exp", size=3, sign=-1)
    ee = net.add_projection("E to E", exc, exc, rules=[("stdp_pair", {})])
    ei = net.add_projection("I to E", inh, exc)
    net.add_synapses(ee, pre=exc[:3], post=exc[2:5], weight=20.0, delay=1.5)
    net.add_synapses(ei, pre=inh[:2], post=exc[:2], weight=-20.0, delay=1.0)
    return net


class ByHand:
    """A session without a thread: the test says when the engine reads its inbox, works, and is heard."""

    publishes = True

    def __init__(self, network, *, state=None, speed=None, make=Toy):
        self.network = network.copy()
        self.state = state
        self.make = make
        self.inbox = deque()
        self.outbox = deque()
        self.frames = FramePool()
        self.checkpoints = Checkpoints()
        self.worker = None

    def start(self):
        self.worker = Worker(
            self.network,
            self.outbox.append,
            state=self.state,
            make=self.make,
            frames=self.frames,
            checkpoints=self.checkpoints,
            post=self.inbox.append,
            speed=None,
            clock=lambda: 0.0,
        )

    def send(self, message):
        self.inbox.append(message)

    def read(self, limit=None):
        count = len(self.outbox) if limit is None else min(limit, len(self.outbox))
        return [self.outbox.popleft() for _ in range(count)]

    def latest(self):
        return self.frames.take()

    def stop(self, timeout=0.0):
        return True

    @property
    def toy(self):
        return self.worker.simulation

    def take(self, count=None):
        """Let the engine read so many messages (all, if not given)."""
        for _ in range(len(self.inbox) if count is None else min(count, len(self.inbox))):
            self.worker.receive(self.inbox.popleft())
        return self

    def work(self, steps=10):
        """Let the engine run so many steps, if it is running."""
        end = self.toy.step + steps
        while self.worker.is_running and self.toy.step < end:
            self.worker.pace._cost = 0.005 / min(5, end - self.toy.step)
            self.worker.turn()
        if self.publishes:
            self.worker._publish()
        return self


def by_hand(make=Toy, **named):
    """A document whose engine is worked by hand: `document.live.session` has the handles."""
    from editor.document.document import Document

    def start(network, *, state=None, speed=None):
        return ByHand(network, state=state, speed=speed, make=make)

    return Document(small_network(), start=start, **named)


def settle(document):
    """Let everything that was said be heard and answered."""
    session = document.live.session
    for _ in range(20):
        if session is not None:
            session.take()
            session.worker.turn() if not session.worker.is_running else None
        document.poll()
        if session is None or not (session.inbox or session.outbox):
            break
    return document
