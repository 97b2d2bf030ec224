"""What the ledger says about a learner: what an update reads, how far it is from the gradient, what it costs.

Every number is taken from a training, not from a formula: reads from the syntax tree of the hooks and from
what is drawn, multiply-accumulates and phases from the counters of the run.  A `training` is one of
`engine.Training`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis.energy import BY_NAME, joules
from engine.declare import Learner, Phase
from engine.kernels.hooks import reads

Floats = NDArray[np.float64]
CLASSES = {
    "pre": "the presynaptic neuron",
    "post": "the postsynaptic neuron",
    "own": "the synapse itself",
    "comp": "another compartment of the postsynaptic neuron, or its error partner",
    "bcastS": "one number told to all",
    "bcastV": "numbers that came over drawn feedback synapses",
    "foreign": "weights and neurons that no drawn synapse brings",
}
"""Where an update may read, with what that means."""
FORWARD, LATERAL, FEEDBACK = 0, 1, 2


@dataclass(frozen=True)
class Reads:
    """How many numbers one update reads of each class, on average over the trained synapses."""

    counts: dict[str, float]
    transported: int
    """Weights that somebody else's pathway reads."""
    feedback: int
    """Feedback synapses that are drawn for it."""

    @property
    def is_local(self) -> bool:
        """Whether nothing foreign is read."""
        return not self.counts["foreign"]


def _made_by(learner: type[Learner]) -> dict[str, set[str]]:
    """By state: the sums (`err`, `back`) it is made of, directly or through other states."""
    sums = {"err", "back"}
    made: dict[str, set[str]] = {name: {name} for name in sums}
    for _ in range(8):
        driven = set().union(*(made.get(source, set()) for source in learner.runs.values()), set())
        for name in learner.reads_neurons if driven else ():
            made[name] = driven  # what reaches a neuron shows in what it does
        for hook, seen in reads(learner).items():
            if hook in ("forward", "feedback", "backward", "update", "store", "bond"):
                continue
            come = set().union(*(made.get(name, set()) for row, name in seen.reads if row == "n"), set())
            for row, name in seen.writes:
                if row == "n" and name != "x":  # a rate is activity, whatever it came from
                    made[name] = made.get(name, set()) | come
        for phase in learner.phases:
            for new, old in phase.keep:
                made[new] = made.get(new, set()) | made.get(old, set())
    return made


def reads_of(training: Any) -> Reads:
    """What the update of a learner reads, read off its hooks and off what is drawn."""
    learner: type[Learner] = training.model
    seen, made = reads(learner), _made_by(learner)
    counts = dict.fromkeys(CLASSES, 0.0)
    backward, feedback = "backward" in learner.hooks, "feedback" in learner.hooks
    carried = set()
    heard = {hook: seen[hook].reads for hook in ("update", "trace") if hook in seen}
    for row, name in sorted(set().union(*heard.values())):
        come = made.get(name, set())
        if row == "pre":
            counts["pre"] += 1
        elif row == "post":
            is_error = bool(come)
            counts["comp" if is_error else "post"] += 1
            carried |= come if is_error else set()
        elif row == "syn" and name not in ("dw", "height", "back", "side"):
            counts["own"] += 1
        elif row == "m":
            counts["bcastS"] += 1
    ways = training.drawn.ways
    plastic = [way for way in ways if way.plastic]
    total = sum(way.ids.size for way in plastic) or 1
    start = training.drawn.start
    transported = 0
    if backward and "err" in carried:
        foreign = 0.0
        for way in plastic:
            pops = {id for id, at in start.items() if way.post.min() <= at <= way.post.max()}
            out = [w for w in ways if w.kind == FORWARD and w.pre.size and int(w.pre.min()) in
                   {start[id] for id in pops}]  # fmt: skip
            fan = sum(w.ids.size / max(1, np.unique(w.pre).size) for w in out)
            foreign += 2.0 * fan * way.ids.size
        used = [w for w in ways if w.kind == FORWARD and not _from_input(training, w)]
        transported = sum(w.ids.size for w in used)
        counts["foreign"] = foreign / total
    drawn = sum(way.ids.size for way in ways if way.kind == FEEDBACK)
    if feedback and "back" in carried:
        counts["bcastV"] = drawn / max(1, training.drawn.neurons)
    return Reads(counts, transported, drawn)


def _from_input(training: Any, way: Any) -> bool:
    return bool(way.pre.max() < training.drawn.rest)


def foreign_of(training: Any, synapse: int) -> int:
    """How many foreign numbers the update of one synapse reads: weights and errors beyond its post neuron."""
    if "backward" not in training.model.hooks:
        return 0
    _, _, post, _ = place(training, synapse)
    out = sum(int((way.pre == post).sum()) for way in training.drawn.ways if way.kind == FORWARD)
    return 2 * out


def place(training: Any, synapse: int) -> tuple[Any, int, int, int]:
    """The way a synapse belongs to, its pre and post neuron (rows) and its place in the columns."""
    for way in training.drawn.ways:
        at = np.flatnonzero(way.ids == synapse)
        if at.size:
            return way, int(way.pre[at[0]]), int(way.post[at[0]]), way.first + int(at[0])
    raise KeyError(f"there is no synapse {synapse} in this training")


def poisoned(training: Any, synapse: int, X: Any, Y: Any) -> tuple[float, float]:
    """The change of one synapse, and the same with NaN for everything it has no way of knowing.

    Poisoned are all other synapses, all other neurons, and what reaches its own two neurons against the
    arrows of synapses: that is summed once more, over what is then there.
    """
    X, Y = np.atleast_2d(np.asarray(X, np.float64)), np.atleast_2d(np.asarray(Y, np.float64))
    _, pre, post, at = place(training, synapse)
    clean = float(training.update_for(X, Y)[at])
    S, M = training.states_now()
    columns, bias = training.columns.copy(), training.bias.copy()
    own = training.columns[:, at].copy()
    mine = np.zeros(S.shape[2], np.bool_)
    mine[[pre, post]] = True
    S[:, :, ~mine] = np.nan
    training.columns[:] = np.nan
    training.columns[:, at] = own
    try:
        if "backward" in training.model.hooks:
            number = next(k for k, phase in enumerate(training.phases) if phase.does == "backward")
            S = training.redo(number, S, M)
        training.columns[:, at] = own
        dirty = float(training.propose(S, M)[at])
    finally:
        training.columns[:], training.bias[:] = columns, bias
    return clean, dirty


# -- the gradient ----------------------------------------------------------------------------------


def gradient(training: Any, X: Any, Y: Any, squared: bool = False) -> Floats:
    """Minus the gradient of the mean error by every forward synapse, 0 for the others: by plain arrays.

    The error is half the squared distance for linear outputs, cross entropy for logistic ones; with `squared`
    half the squared distance for both.
    """
    X, Y = np.atleast_2d(np.asarray(X, np.float64)), np.atleast_2d(np.asarray(Y, np.float64))
    d = training.drawn
    x = np.zeros((len(X), d.neurons))
    x[:, : d.rest] = X
    order = sorted(range(len(d.areas)), key=lambda k: d.areas[k, 2])
    ways = [(k, way) for k, way in enumerate(d.ways) if way.kind == FORWARD]
    for a in order[1:]:
        off, n, curve = d.areas[a, 0], d.areas[a, 1], int(d.areas[a, 3])
        net = np.zeros((len(X), d.neurons))
        net[:, off : off + n] = training.bias[off : off + n]
        for _, way in ways:
            if off <= way.post[0] < off + n:
                np.add.at(net.T, way.post, (x[:, way.pre] * training.weights(way)).T)
        x[:, off : off + n] = _curve(net[:, off : off + n], curve)
    error = np.zeros_like(x)
    top = slice(d.top, d.top + Y.shape[1])
    error[:, top] = Y - x[:, top]
    found = np.zeros(training.columns.shape[1])
    for a in order[:0:-1]:
        off, n, curve, role = d.areas[a, 0], d.areas[a, 1], int(d.areas[a, 3]), d.areas[a, 4]
        here = slice(off, off + n)
        if role != 2 or squared:
            error[:, here] *= _slope(x[:, here], curve)
        for _, way in ways:
            if off <= way.post[0] < off + n:
                found[way.here] = (error[:, way.post] * x[:, way.pre]).mean(axis=0)
                np.add.at(error.T, way.pre, (error[:, way.post] * training.weights(way)).T)
    return found


def _curve(net: Floats, curve: int) -> Floats:
    kinds = (
        lambda u: 1.0 / (1.0 + np.exp(-u)), lambda u: u, np.tanh, lambda u: np.maximum(u, 0.0),
        lambda u: np.clip(u, 0.0, 1.0),
    )  # fmt: skip
    return np.asarray(kinds[curve](net), np.float64)


def _slope(x: Floats, curve: int) -> Floats:
    kinds = (
        lambda y: y * (1.0 - y), np.ones_like, lambda y: 1.0 - y * y, lambda y: (y > 0.0) * 1.0,
        lambda y: ((y > 0.0) & (y < 1.0)) * 1.0,
    )  # fmt: skip
    return np.asarray(kinds[curve](x), np.float64)


@dataclass(frozen=True)
class Against:
    """An update beside the gradient: angle in degrees, relative error, and lengths; eta is divided out."""

    angle: float
    relative: float
    length: float
    gradient: float


def against_gradient(training: Any, X: Any, Y: Any, projection: int | None = None, **how: Any) -> Against:
    """How the update that these patterns would bring differs from the gradient, over the forward synapses."""
    eta = training.params[training.writer.params.index("eta")]
    update, ideal = training.update_for(X, Y) / (eta or 1.0), gradient(training, X, Y, **how)
    ways = [w for w in training.drawn.ways if w.kind == FORWARD and w.plastic]
    ways = [w for w in ways if projection is None or w.projection == int(projection)]
    one = np.concatenate([update[w.here] for w in ways])
    other = np.concatenate([ideal[w.here] for w in ways])
    return compare(one, other)


def compare(one: Floats, other: Floats) -> Against:
    """Two vectors: the angle between them and how far apart they are."""
    a, b = float(np.linalg.norm(one)), float(np.linalg.norm(other))
    if not a or not b:
        return Against(90.0, float("inf") if a != b else 0.0, a, b)
    u, v = one / a, other / b
    angle = 2.0 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))
    return Against(float(np.degrees(angle)), float(np.linalg.norm(one - other)) / b, a, b)


def transport(training: Any) -> float:
    """The correlation of each weight with the feedback its error came over; 1 where it is the same."""
    if "backward" in training.model.hooks:
        return 1.0
    back: dict[tuple[int, int], float] = {}
    for way in training.drawn.ways:
        if way.kind == FEEDBACK:
            pairs = zip(way.post.tolist(), way.pre.tolist(), strict=True)
            back.update(zip(pairs, training.weights(way).tolist(), strict=True))
    mine, other = [], []
    for way in training.drawn.ways:
        if way.kind == FORWARD:
            weights = training.weights(way).tolist()
            for pair, w in zip(zip(way.pre.tolist(), way.post.tolist(), strict=True), weights, strict=True):
                if pair in back:
                    mine.append(w)
                    other.append(back[pair])
    if len(mine) < 2 or not np.std(mine) or not np.std(other):
        return float("nan")
    return float(np.corrcoef(mine, other)[0, 1])


# -- energy ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """One way to pay for the same sample: joules, and how they come about."""

    label: str
    joules: float
    how: str


@dataclass(frozen=True)
class Energy:
    """What one sample costs, three ways that are never added, and what it took to learn."""

    macs: float
    costs: tuple[Cost, ...]
    samples: int | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)

    def to_criterion(self, label: str) -> float | None:
        """Joules to the criterion, None where it was not reached."""
        cost = next(cost for cost in self.costs if cost.label == label)
        return None if self.samples is None else cost.joules * self.samples


R_MAX, PHASE_S = 100.0, 0.1  # Hz of a rate of 1, and seconds of a phase


def energy(
    training: Any, X: Any, Y: Any, seconds: float = 0.0, watts: float = 10.0, samples: int | None = None
) -> Energy:
    """What one sample costs: on this computer, on ideal digital hardware, and in tissue.

    Args:
        training: a training that has run.
        X: patterns whose activity is charged.
        Y: their targets.
        seconds: CPU seconds the run took, 0 where nobody measured.
        watts: of one busy core; an assumption unless it was measured.
        samples: how many samples it took to the criterion, None where it was not reached.
    """
    count = training.counted
    shown = max(1, count["samples"])
    macs = count["macs"] / shown
    spikes, events = _activity(training, np.asarray(X), np.asarray(Y))
    axon, vesicle = joules("spike"), joules("vesicle") * BY_NAME["release_probability"].value
    part = events * (axon / BY_NAME["boutons"].value + vesicle)
    whole = spikes * axon + events * vesicle
    ideal, how = macs * joules("mac"), f"{macs:.0f} MAC x {joules('mac') * 1e12:.2g} pJ"
    if training.model.runs:
        ideal += events * joules("add")
        how = f"{events:.0f} spikes at synapses x {joules('add') * 1e12:.2g} pJ, and for the traces {how}"
    costs = (
        Cost("This computer", seconds * watts / shown, f"CPU seconds x {watts:g} W a core (assumed)"),
        Cost("Ideal digital", ideal, how),
        Cost("Tissue, share of each axon", part, f"{events:.0f} events; without resting cells"),
        Cost("Tissue, whole axons", whole, f"{spikes:.0f} spikes, {events:.0f} events; as above"),
    )
    notes = ("no tissue is known to compute this",) if "backward" in training.model.hooks else ()
    return Energy(macs, costs, samples, notes)


def _activity(training: Any, X: Floats, Y: Floats) -> tuple[float, float]:
    """Spikes, and spikes that reach a synapse, for one sample; where nothing spikes, by rates."""
    fan = np.zeros(training.drawn.neurons)
    for way in training.drawn.ways:
        np.add.at(fan, way.pre, 1.0)
    if training.model.runs:
        each = [training.states_for(x[None], y[None])["fired"][0] for x, y in zip(X, Y, strict=True)]
        fired = np.mean(each, axis=0)
        return float(fired.sum()), float((fired * fan).sum())
    phases = sum(_takes_spikes(training.model, phase) for phase in training.phases)
    x = np.clip(training.states_for(np.atleast_2d(X), np.atleast_2d(Y))["x"], 0.0, 1.0).mean(axis=0)
    per = R_MAX * PHASE_S * phases
    return float(x.sum()) * per, float((x * fan).sum()) * per


def _takes_spikes(learner: type[Learner], phase: Phase) -> bool:
    """Whether neurons would have to spike anew for a phase: to settle, to answer, or to send errors back.

    Errors against the arrows of synapses are charged nothing: no spike carries them.  A phase that waits for
    nobody goes on with the spikes of the one before.
    """
    returns = phase.does == "backward" and "feedback" in learner.hooks
    return phase.waits and (phase.does in ("settle", "forward") or returns)


# -- one word, two things --------------------------------------------------------------------------


def touched(training: Any, X: Any, Y: Any) -> dict[int, NDArray[np.int64]]:
    """By projection: the synapses that one error at the output would change."""
    update = training.update_for(X, Y)
    return {way.projection: way.ids[update[way.here] != 0.0] for way in training.drawn.ways}


def reached_by_spike(net: Any, neuron: int) -> dict[int, NDArray[np.int64]]:
    """By projection: the synapses that a spike of one neuron can change when it runs back into its dendrite.

    A back-propagating action potential stays in the neuron that fired: only its own inputs learn of it.
    """
    found = {}
    for id, projection in net.projections.items():
        table = projection.synapses
        mine = np.sort(table.id[table.post == int(neuron)])
        if mine.size:
            found[id] = mine
    return found


# -- gain fields -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class GainField:
    """How one hidden neuron answers to nine eye positions at its best retinal place."""

    neuron: int
    rates: Floats
    span: float
    planar: float
    """The share of the variance that a plane over eye position explains, R squared."""


def gain_fields(training: Any, least: float = 0.1) -> list[GainField]:
    """The neurons below the target whose answer moves by `least` with the eye, and how planar that is.

    Show them beside those of a network that has learned nothing: linear eye inputs through a smooth curve are
    nearly planar by construction, so planarity by itself is no evidence of learning.
    """
    probe = training.lesson.probe
    targets = np.zeros((len(probe), training.drawn.size[training.drawn.outputs]))
    states = training.states_for(probe, targets)
    rates = states.get("chance", states["x"])
    eye = np.array([(x, y) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])
    plane = np.column_stack([np.ones(9), eye])
    found = []
    for area in training.drawn.areas[training.drawn.areas[:, 4] == 1]:
        for row in range(int(area[0]), int(area[0] + area[1])):
            by_place = rates[:, row].reshape(-1, 9)
            best = by_place[int(np.argmax(by_place.mean(axis=1)))]
            span = float(np.ptp(best))
            if span <= least:
                continue
            left = best - plane @ np.linalg.lstsq(plane, best, rcond=None)[0]
            planar = 1.0 - float((left**2).sum() / ((best - best.mean()) ** 2).sum())
            found.append(GainField(int(training.drawn.ids[row]), best, span, planar))
    return found
