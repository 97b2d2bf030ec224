# ruff: noqa: E501, D102 - lines of generated text; the methods are named after what they write
"""Writes the kernels of a learner: its hooks folded over what is drawn, phase after phase, batch after batch.

Every array is flat and comes from `engine.runtime.training`: `S` the states (quantity, pattern, neuron), `F` the
columns of the synapses, `P` the parameters, `M` what is told to all (quantity, pattern).  Sums run over
the presynaptic neurons in increasing order, dense or sparse, so both ways give the same bits.
"""

from __future__ import annotations

import ast
import hashlib
from types import ModuleType
from typing import Any

from engine.declare import Learner, Neuron, Phase
from engine.errors import ModelError
from engine.kernels import fuse, hooks, lesson_neurons, maths

BUILT_IN = ("x", "net", "back", "err", "target", "kth", "base")
"""States every neuron of a training has; `base` is what clamped neurons give it in a settling phase."""
FIRED = "fired"
"""Spikes of each neuron in the present stream, where neurons run by their own model."""
FIELDS = ("w", "dw")
TOLD = ("score", "reward")
FORWARD, LATERAL, FEEDBACK = 0, 1, 2
# columns of the tables
OFF, SIZE, DEPTH, CURVE, ROLE, HEIGHT, FROZEN, MODEL = range(8)
KIND, PRE0, NPRE, POST0, NPOST, FIRST, COUNT, DENSE, PLASTIC, UPPER, FROM_INPUT = range(11)
MACS, STEPS, UNSETTLED, SWITCHES, SAMPLES = range(5)
ARRAYS = "S, F, P, M, areas, ways, ipre, ipost, bias, ids, C"

HEADER = '''"""Written by Neuropil from the hooks of {about}; deleting it is safe."""

import numpy as np
from numba import int64, njit

from engine.kernels.chance import binomial, normal, poisson, uniform
from engine.kernels.curves import slope, transfer
from engine.kernels.maths import clip, exp, expm1, floor, log, log1p, pow, sqrt, tanh, where

PURPOSE = 53
'''
_modules: dict[str, ModuleType] = {}
JIT = "\n\n@njit(nogil=True, cache=True, error_model='numpy')\n"


class Writer:
    """The text of one learner's module."""

    def __init__(self, learner: type[Learner], neurons: tuple[type[Neuron], ...] = ()) -> None:
        self.learner, self.neurons = learner, neurons
        kept = [name for phase in learner.phases for name, _ in phase.keep]
        told = [name for phase in learner.phases for name, _ in phase.sets]
        own = [row for model in neurons for row in lesson_neurons.rows(model)]
        own += [FIRED] if learner.runs else []
        self.states = tuple(dict.fromkeys((*BUILT_IN, *learner.states, *kept, *learner.reads_neurons, *own)))
        self.fields = (*FIELDS, *learner.fields)
        self.told = tuple(dict.fromkeys((*TOLD, *told)))
        self.params = tuple(learner.params)

    # -- names -------------------------------------------------------------------------------------

    def common(self, row: str, name: str) -> str:
        """Rows that mean the same in every hook."""
        if row == "p":
            if name not in self.params:
                raise KeyError(self.params)
            return f"P[{self.params.index(name)}]"
        if row == "m":
            if name not in self.told:
                raise KeyError(self.told)
            return f"M[{self.told.index(name)}, b]"
        raise KeyError(())

    def of_neuron(self, row: str, name: str) -> str:
        if row != "n":
            return self.common(row, name)
        if name in ("curve", "top", "height", "bias", "db"):
            return f"n_{name}"
        if name not in self.states:
            raise KeyError((*self.states, "curve", "top", "height", "bias"))
        return f"S[{self.states.index(name)}, b, j]"

    def of_synapse(self, row: str, name: str) -> str:
        if row == "syn":
            if name == "dw":
                return "dw"
            if name in ("height", "back", "side"):
                return name
            if name not in self.fields:
                raise KeyError((*self.fields, "height", "back", "side"))
            return f"F[{self.fields.index(name)}, e]"
        if row in ("pre", "post"):
            if name not in self.states:
                raise KeyError([known for known in self.states if "." not in known])
            return f"S[{self.states.index(name)}, b, {'i' if row == 'pre' else 'j'}]"
        return self.common(row, name)

    def lines(self, hook: str, resolve: Any) -> list[str]:
        return hooks.statements(
            self.learner, hook, resolve, hook, ("seed", "PURPOSE", "ids[j]", "step * B + b")
        )

    def one(self, hook: str, resolve: Any) -> str:
        return hooks.expression(self.learner, hook, resolve, hook)

    def state(self, name: str) -> int:
        return self.states.index(name)

    # -- folds -------------------------------------------------------------------------------------

    def fold(self, hook: str) -> str:
        """A hook folded over one projection into `net`, `back` or `err`."""
        value = self.one(hook, self.of_synapse)
        onto = "i" if hook == "backward" else "j"
        add = f"S[into, b, {onto}] += {value}"
        if hook == "backward":
            dense = [
                "for a in range(npre):", "    i = pre0 + a", "    for b in range(B):", "        total = 0.0",
                "        for c in range(npost):", "            j, e = post0 + c, first + a * npost + c",
                f"            total += {value}", "        S[into, b, i] += total",
            ]  # fmt: skip
        else:
            dense = [
                "for a in range(npre):", "    i = pre0 + a", "    for b in range(B):",
                "        for c in range(npost):", "            j, e = post0 + c, first + a * npost + c",
                f"            {add}",
            ]  # fmt: skip
        is_spikes = hook == "forward" and self.learner.runs  # who spikes is added, nothing is multiplied
        added = [] if is_spikes else ["C[0] += count * B"]
        body = [
            "B = S.shape[1]", "pre0, npre, post0, npost = way[1], way[2], way[3], way[4]",
            "first, count, height = way[5], way[6], way[9]", *added, "if way[7]:",
            *fuse.indent(dense), "else:", "    for e in range(first, first + count):",
            "        i, j = ipre[e], ipost[e]", "        for b in range(B):", f"            {add}",
        ]  # fmt: skip
        return _function(f"fold_{hook}", "S, F, P, M, way, ipre, ipost, C, into", body)

    def call_fold(self, hook: str, into: str | None = None) -> str:
        where = {"forward": "net", "feedback": "back", "backward": "err"}[hook] if into is None else into
        return f"fold_{hook}(S, F, P, M, ways[w], ipre, ipost, C, {self.state(where)})"

    def on_area(self, hook: str) -> list[str]:
        """A neuron hook over area `a`."""
        found = self.lines(hook, self.of_neuron)
        if not found:
            return ["pass"]
        return [
            "n_curve, n_top, n_height = areas[a, 3], areas[a, 4] == 2, areas[a, 5]", "for b in range(B):",
            "    for j in range(areas[a, 0], areas[a, 0] + areas[a, 1]):", "        n_bias = bias[j]",
            *fuse.indent(found, 2),
        ]  # fmt: skip

    # -- phases ------------------------------------------------------------------------------------

    def forward(self) -> str:
        winners = []
        if self.learner.winners:
            k = f"int(P[{self.params.index(self.learner.winners)}])"
            winners = [
                "if areas[a, 4] != 2:", "    for b in range(B):",
                f"        line = np.sort(S[{self.state('net')}, b, low:high])",
                f"        S[{self.state('kth')}, b, low:high] = line[max(0, high - low - {k})]",
            ]  # fmt: skip
        body = [
            "B = S.shape[1]", "for a in range(areas.shape[0]):", "    if areas[a, 2] == 0:", "        continue",
            "    low, high = areas[a, 0], areas[a, 0] + areas[a, 1]", "    for b in range(B):",
            f"        S[{self.state('net')}, b, low:high] = bias[low:high]", "    for w in range(ways.shape[0]):",
            f"        if {'ways[w, 0] < 2' if self.learner.recurrent else 'ways[w, 0] == 0'} and ways[w, 3] == low:", f"            {self.call_fold('forward')}",
            *fuse.indent(winners), *fuse.indent(self.live()), *fuse.indent(self.on_area("fire")),
        ]  # fmt: skip
        return _function("forward", f"{ARRAYS}, seed, step", body)

    def live(self) -> list[str]:
        """Area `a` by the model of its neurons, where they run by their own."""
        found = []
        for number, model in enumerate(self.neurons):
            found += [f"if areas[a, {MODEL}] == {number}:", f"    live_{model.slug}(S, low, high)"]
        return found

    def backward(self) -> str:
        folds = []
        if "backward" in self.learner.hooks:
            folds += ["if ways[w, 0] == 0 and ways[w, 1] == low:", f"    {self.call_fold('backward')}"]
        if "feedback" in self.learner.hooks:
            folds += ["if ways[w, 0] == 2 and ways[w, 3] == low:", f"    {self.call_fold('feedback')}"]
        err, back = self.state("err"), self.state("back")
        body = [
            "B = S.shape[1]", "for a in range(areas.shape[0] - 1, -1, -1):", "    if areas[a, 4] == 2:",
            *fuse.indent(self.on_area("teach"), 2), "for a in range(areas.shape[0] - 1, -1, -1):",
            "    if areas[a, 2] == 0 or areas[a, 4] == 2:", "        continue",
            "    low, high = areas[a, 0], areas[a, 0] + areas[a, 1]", f"    S[{err}, :, low:high] = 0.0",
            f"    S[{back}, :, low:high] = 0.0", "    for w in range(ways.shape[0]):",
            *fuse.indent(folds or ["pass"], 2), *fuse.indent(self.on_area("blame")),
        ]  # fmt: skip
        return _function("backward", f"{ARRAYS}, seed, step", body)

    def settle(self) -> str:
        x, net, back, base = (self.state(name) for name in ("x", "net", "back", "base"))
        feedback = "feedback" in self.learner.hooks
        hold = ["if areas[a, 2] == 0 or (clamp and areas[a, 4] == 2):", "    continue"]
        body = [
            "B = S.shape[1]", "change, steps = np.inf, 0", "for b in range(B):", f"    S[{base}, b, :] = bias",
            "for w in range(ways.shape[0]):", "    if ways[w, 0] == 0 and ways[w, 10]:",
            f"        {self.call_fold('forward', 'base')}", "while steps < most:", f"    S[{net}] = S[{base}]",
            f"    S[{back}] = 0.0", "    for w in range(ways.shape[0]):",
            f"        if {'ways[w, 0] < 2' if feedback else 'ways[w, 0] >= 0'} and not ways[w, 10]:",
            f"            {self.call_fold('forward')}",
        ]  # fmt: skip
        if "receive" in self.learner.hooks:
            body += [
                "    for a in range(areas.shape[0]):",
                "        if areas[a, 2] == 0:",
                "            continue",
            ]
            body += fuse.indent(self.on_area("receive"), 2)
        if feedback:
            body += [
                "    for w in range(ways.shape[0]):", "        if ways[w, 0] == 2:",
                f"            {self.call_fold('feedback')}",
            ]  # fmt: skip
        lines = self.lines("settle", self.of_neuron)
        body += [
            "    change = 0.0", "    for a in range(areas.shape[0]):", *fuse.indent(hold, 2),
            "        n_curve, n_top, n_height = areas[a, 3], areas[a, 4] == 2, areas[a, 5]",
            "        for b in range(B):",
            "            for j in range(areas[a, 0], areas[a, 0] + areas[a, 1]):",
            f"                n_bias, before = bias[j], S[{x}, b, j]", *fuse.indent(lines, 4),
            f"                change = max(change, abs(S[{x}, b, j] - before))", "    steps += 1",
            "    if change <= tol:", "        break", "C[1] += steps",
            "if change > tol or not change <= tol:", "    C[2] += 1",
        ]  # fmt: skip
        if "observe" in self.learner.hooks:
            body += [
                "for a in range(areas.shape[0]):",
                *fuse.indent(hold),
                *fuse.indent(self.on_area("observe")),
            ]
        body.append("return change")
        return _function("settle", f"{ARRAYS}, seed, step, h, tol, most, clamp", body)

    def held(self) -> str:
        """The target population held at its targets."""
        lines = self.lines("clamp", self.of_neuron) or [
            f"S[{self.state('x')}, b, j] = S[{self.state('target')}, b, j]"
        ]
        body = [
            "B = S.shape[1]", "for a in range(areas.shape[0]):", "    if areas[a, 4] != 2:", "        continue",
            "    n_curve, n_top, n_height = areas[a, 3], True, areas[a, 5]", "    for b in range(B):",
            "        for j in range(areas[a, 0], areas[a, 0] + areas[a, 1]):", "            n_bias = bias[j]",
            *fuse.indent(lines, 3),
        ]  # fmt: skip
        return _function("hold", f"{ARRAYS}, seed, step", body)

    def judge(self) -> str:
        score = f"M[{self.told.index('score')}, b]"
        value = self.one("judge", self.of_neuron) if "judge" in self.learner.hooks else "0.0"
        reward = self.one("reward", self.common) if "reward" in self.learner.hooks else score
        body = [
            "B = S.shape[1]", "for a in range(areas.shape[0]):", "    if areas[a, 4] != 2:", "        continue",
            "    n_curve, n_top, n_height = areas[a, 3], True, areas[a, 5]", "    for b in range(B):",
            "        total = 0.0", "        for j in range(areas[a, 0], areas[a, 0] + areas[a, 1]):",
            "            n_bias = bias[j]", f"            total += {value}",
            f"        {score} = total / areas[a, 1]", f"        M[{self.told.index('reward')}, b] = {reward}",
        ]  # fmt: skip
        return _function("judge", f"{ARRAYS}, seed, step", body)

    def update(self) -> str:
        if "update" not in self.learner.hooks:
            return _function("update", f"{ARRAYS}, seed, step, apply", ["pass"])
        lines = self.lines("update", self.of_synapse)
        inner = ["dw = 0.0", *lines, "F[1, e] += dw / B"]
        store = self.lines("store", self.of_synapse) or ["F[0, e] += dw"]
        tune = self.lines("tune", self.of_neuron)
        body = [
            "B = S.shape[1]", "for w in range(ways.shape[0]):", "    if not ways[w, 8]:", "        continue",
            "    pre0, npre, post0, npost = ways[w, 1], ways[w, 2], ways[w, 3], ways[w, 4]",
            "    first, count, height, back = ways[w, 5], ways[w, 6], ways[w, 9], ways[w, 0] == 2",
            "    side = ways[w, 0] == 1",
            f"    C[0] += count * B * {products(self.learner)}", "    F[1, first : first + count] = 0.0",
            "    if ways[w, 7]:", "        for q in range(npre):", "            i = pre0 + q",
            "            for b in range(B):", "                for c in range(npost):",
            "                    j, e = post0 + c, first + q * npost + c", *fuse.indent(inner, 5), "    else:",
            "        for e in range(first, first + count):", "            i, j = ipre[e], ipost[e]",
            "            for b in range(B):", *fuse.indent(inner, 4), "    if apply:",
            "        for e in range(first, first + count):", "            dw = F[1, e]", *fuse.indent(store, 3),
        ]  # fmt: skip
        if tune:
            body += [
                "if apply:", "    for a in range(areas.shape[0]):", "        if areas[a, 2] == 0 or areas[a, 6]:",
                "            continue",
                "        n_curve, n_top, n_height = areas[a, 3], areas[a, 4] == 2, areas[a, 5]",
                "        for j in range(areas[a, 0], areas[a, 0] + areas[a, 1]):",
                "            n_bias, total = bias[j], 0.0", "            for b in range(B):",
                "                n_db = 0.0", *fuse.indent(tune, 4), "                total += n_db",
                "            bias[j] += total / B",
            ]  # fmt: skip
        return _function("update", f"{ARRAYS}, seed, step, apply", body)

    def trace(self) -> str:
        """The hook `trace` over every trained synapse, one step of a stream."""
        lines = self.lines("trace", self.of_synapse)
        body = [
            "B, b = S.shape[1], 0", "for w in range(ways.shape[0]):", "    if not ways[w, 8]:", "        continue",
            "    pre0, npre, post0, npost = ways[w, 1], ways[w, 2], ways[w, 3], ways[w, 4]",
            "    first, count, height, back = ways[w, 5], ways[w, 6], ways[w, 9], ways[w, 0] == 2",
            "    side = ways[w, 0] == 1", f"    C[0] += count * {multiplied(self.learner, 'trace')}",
            "    if ways[w, 7]:", "        for q in range(npre):",
            "            i = pre0 + q", "            for c in range(npost):",
            "                j, e = post0 + c, first + q * npost + c", *fuse.indent(lines, 4), "    else:",
            "        for e in range(first, first + count):", "            i, j = ipre[e], ipost[e]",
            *fuse.indent(lines, 3),
        ]  # fmt: skip
        return _function("trace", f"{ARRAYS}, seed, step", body)

    def phase(self, phase: Phase) -> list[str]:
        """One phase as lines; `T` holds step, tolerance and most steps."""
        found = ["C[3] += 1"]
        for name, value in phase.sets:
            row = self.told.index(name)
            found.append(f"M[{row}] = {self.common('p', value) if isinstance(value, str) else float(value)}")
        if phase.start == "rest":
            for name in (*self.learner.states, "x"):
                if name not in [kept for p in self.learner.phases for kept, _ in p.keep]:
                    init = self.learner.states[name].init if name in self.learner.states else 0.0
                    found.append(f"S[{self.state(name)}, :, rest:] = {float(init)}")
        elif phase.start:
            back = next(p for p in self.learner.phases if phase.start in dict(p.keep))
            found += [
                f"S[{self.state(old)}, :, rest:] = S[{self.state(new)}, :, rest:]" for new, old in back.keep
            ]
        if phase.clamp:
            found.append(f"hold({ARRAYS}, seed, step)")
        match phase.does:
            case "settle":
                found.append(f"settle({ARRAYS}, seed, step, T[0], T[1], int(T[2]), {phase.clamp})")
            case "update":
                found.append(f"update({ARRAYS}, seed, step, True)")
            case does:
                found.append(f"{does}({ARRAYS}, seed, step)")
        found += [f"S[{self.state(new)}] = S[{self.state(old)}]" for new, old in phase.keep]
        return found

    def epoch(self) -> str:
        """Phases `p0` to `p1` for batch after batch of patterns; without `learn` no weight changes."""
        steps: list[str] = []
        for number, phase in enumerate(self.learner.phases):
            runs = f"if p0 <= {number} < p1{' and learn' if phase.does == 'update' else ''}:"
            steps += [runs, *fuse.indent([*self.phase(phase), "step += 1"])]
        shown = self.shown()
        body = [
            "B = S.shape[1]", "for k in range(order.shape[0] // B):", "    if p0 == 0:", "        C[4] += B",
            *fuse.indent(shown, 2), *fuse.indent(steps), "return step",
        ]  # fmt: skip
        if self.learner.streams:
            body = self.stream(shown)
        return _function(
            "epoch", f"{ARRAYS}, seed, step, T, X, Y, order, rest, top, p0, p1, learn, record", body
        )

    def shown(self) -> list[str]:
        """A pattern put on the input population, and its target beside the target population."""
        x, target = self.state("x"), self.state("target")
        found = [
            "for b in range(B):", "    row = order[k * B + b]", f"    S[{x}, b, :rest] = X[row]",
            f"    S[{target}, b, top : top + Y.shape[1]] = Y[row]",
        ]  # fmt: skip
        if "seen" in self.learner.states:
            seen = self.state("seen")
            found += [
                "for j in range(top, top + Y.shape[1]):", f"    S[{seen}, :, j] = np.max(S[{target}, :, j])",
            ]  # fmt: skip
        return found

    def stream(self, shown: list[str]) -> list[str]:
        """An epoch of patterns in time: every phase but the update at every step, then the update."""
        ticks = [
            line for phase in self.learner.phases if phase.does != "update" for line in self.phase(phase)
        ]
        return [
            "B = S.shape[1]", "for k in range(order.shape[0]):", *fuse.indent(self.fresh()),
            "    for t in range(X.shape[1]):", *fuse.indent(self.at_once(shown), 2), *fuse.indent(ticks, 2),
            "        if record.shape[0] > k:",
            f"            record[k, t] = S[{self.state('x')}, 0]", "        step += 1",
            "    if learn:", f"        update({ARRAYS}, seed, step, True)", "return step",
        ]  # fmt: skip

    def fresh(self) -> list[str]:
        """What a stream begins with: nobody active, and no trace of the one before."""
        found = ["C[4] += 1", f"S[{self.state('x')}] = 0.0"]
        found += [
            f"S[{self.state(name)}] = {float(state.init)}" for name, state in self.learner.states.items()
        ]
        found += [
            f"F[{self.fields.index(name)}, :] = {float(field.init)}"
            for name, field in self.learner.fields.items() if not field.slow
        ]  # fmt: skip
        if self.learner.runs:
            found += [f"S[{self.state(name)}] = 0.0" for name in ("back", FIRED)]
            found += [line for model in self.neurons for line in lesson_neurons.fresh(model, self.state)]
        return found

    def at_once(self, shown: list[str]) -> list[str]:
        """What is shown at step `t` of a stream."""
        lines = [line.replace("X[row]", "X[row, t]").replace("Y[row]", "Y[row, t]") for line in shown]
        lines = [line.replace("Y.shape[1]", "Y.shape[2]") for line in lines]
        if self.learner.runs:
            lines += [f"    S[{self.state(FIRED)}, b, :rest] += X[row, t]"]
        return lines

    def tick(self, shown: list[str]) -> str:
        """Phases `p0` to `p1` of step `t` of one stream: what `epoch` does at that step, one after another."""
        ticks = [phase for phase in self.learner.phases if phase.does != "update"]
        body = [
            "B, k = S.shape[1], 0", "if p0 == 0 and t == 0:", *fuse.indent(self.fresh()), "if p0 == 0:",
            *fuse.indent(self.at_once(shown)),
        ]  # fmt: skip
        for number, phase in enumerate(ticks):
            body += [f"if p0 <= {number} < p1:", *fuse.indent(self.phase(phase))]
        body += [f"if p1 >= {len(ticks)}:", "    step += 1", "return step"]
        return _function("tick", f"{ARRAYS}, seed, step, T, X, Y, order, rest, top, t, p0, p1", body)

    def trail(self) -> str:
        """Neuron by neuron, in order: each settles against the others as they now are; `trace` takes the energy."""
        lines = self.lines("settle", self.of_neuron)
        bond, own = self.one("bond", self.of_synapse), self.one("energy", self.of_neuron)
        total = [
            "total = 0.0", "for e in range(ipre.shape[0]):", "    i, j = ipre[e], ipost[e]",
            "    total += 0.5 * share[e] * (" + bond + ")", "for a in range(areas.shape[0]):",
            "    if areas[a, 2] == 0:", "        continue",
            "    n_curve, n_top, n_height = areas[a, 3], areas[a, 4] == 2, areas[a, 5]",
            "    for j in range(areas[a, 0], areas[a, 0] + areas[a, 1]):", "        n_bias = bias[j]",
            f"        total += {own}",
        ]  # fmt: skip
        body = [
            "b, at = 0, 1", *total, "trace[0] = total", "while at < trace.shape[0]:",
            "    for area in range(areas.shape[0]):", "        if areas[area, 2] == 0 or (clamp and areas[area, 4] == 2):",
            "            continue", "        for mine in range(areas[area, 0], areas[area, 0] + areas[area, 1]):",
            "            j, net = mine, bias[mine]", "            for q in range(ptr[mine], ptr[mine + 1]):",
            "                e = inc[q]", "                i = ipre[e]",
            f"                net += {self.one('forward', self.of_synapse)}",
            f"            S[{self.state('net')}, b, j] = net",
            "            n_curve, n_top, n_height = areas[area, 3], areas[area, 4] == 2, areas[area, 5]",
            "            n_bias = bias[j]", *fuse.indent(lines, 3), "            if at < trace.shape[0]:",
            *fuse.indent(total, 4), "                trace[at] = total", "                at += 1",
        ]  # fmt: skip
        return _function("trail", f"{ARRAYS}, seed, step, h, clamp, inc, ptr, share, trace", body)

    def text(self) -> str:
        """The whole module."""
        parts = [HEADER.format(about=self.learner.slug)]
        for hook in ("forward", "feedback", "backward"):
            parts += [self.fold(hook)] if hook in self.learner.hooks else []
        does = {phase.does for phase in self.learner.phases}
        for model in self.neurons:
            parts.append(f"{JIT}{lesson_neurons.function(model, self.learner, self.state)}\n")
        parts += [
            getattr(self, name)()
            for name in ("forward", "backward", "settle", "judge", "trace")
            if name in does
        ]
        parts += [self.held(), self.update(), self.epoch()]
        if self.learner.streams:
            parts.append(self.tick(self.shown()))
        if {"bond", "energy"} <= set(self.learner.hooks):
            parts.append(self.trail())
        return "".join(parts)


def _function(name: str, arguments: str, body: list[str]) -> str:
    lines = "\n".join(f"    {line}" if line else "" for line in body)
    return f"{JIT}def {name}({arguments}):\n{lines}\n"


def multiplied(learner: type[Learner], hook: str) -> int:
    """How many multiplications a hook takes at most, whichever way its branches go."""

    def within(nodes: list[ast.stmt]) -> int:
        found = 0
        for node in nodes:
            if isinstance(node, ast.If):
                found += max(within(node.body), within(node.orelse))
            else:
                found += sum(isinstance(n, ast.Mult) for n in ast.walk(node))
        return found

    return max(1, within(learner.source_of(hook).body))


def products(learner: type[Learner]) -> int:
    """How many products of a pre with a post quantity one update of a synapse takes."""

    def sides(node: ast.AST) -> set[str]:
        return {
            n.value.id
            for n in ast.walk(node)
            if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
        }

    found = 0
    for node in ast.walk(learner.source_of("update")):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            left, right = sides(node.left), sides(node.right)
            if {"pre", "post"} <= left | right and not ({"pre", "post"} <= left or {"pre", "post"} <= right):
                found += 1
    return max(found, 1)


def module(learner: type[Learner], neurons: tuple[type[Neuron], ...] = ()) -> ModuleType:
    """The compiled module of a learner, and of the neurons it lets run, from the cache where it was before.

    Raises:
        ModelError: a hook is more than arithmetic on rows, or the text does not compile.
    """
    text = Writer(learner, neurons).text()
    if (found := _modules.get(text)) is not None:
        return found
    key = hashlib.blake2b(
        "\n".join((text, maths.fingerprint(), fuse.CONTRACT)).encode(), digest_size=8
    ).hexdigest()
    try:
        return _modules.setdefault(text, fuse.load(f"learner_{learner.slug}_{key}", text))
    except SyntaxError as error:
        raise ModelError(f"{learner.slug}: the kernel does not compile: {error}") from error
