# ruff: noqa: E501 - lines of generated text
"""Writes the kernels of a learner: its hooks folded over what is drawn, phase after phase, batch after batch.

Every array is flat and comes from `engine.runtime.training`: `S` the states (quantity, pattern, neuron), `F` the
columns of the synapses, `P` the parameters, `M` what is told to all (quantity, pattern).  Sums run over
the presynaptic neurons in increasing order, dense or sparse, so both ways give the same bits.
"""

from __future__ import annotations

import hashlib
from types import ModuleType

from engine.declare import Learner, Neuron, Phase
from engine.errors import ModelError
from engine.kernels import fuse, lesson_neurons, maths
from engine.kernels.lesson_sweeps import Sweeps
from engine.kernels.lesson_words import ARRAYS, FIRED, JIT, function

HEADER = '''"""Written by Neuropil from the hooks of {about}; deleting it is safe."""

import numpy as np
from numba import int64, njit

from engine.kernels.chance import binomial, normal, poisson, uniform
from engine.kernels.curves import slope, transfer
from engine.kernels.maths import clip, exp, expm1, floor, log, log1p, pow, sqrt, tanh, where

PURPOSE = 53
'''
_modules: dict[str, ModuleType] = {}


class Writer(Sweeps):
    """The text of one learner's module."""

    def phase(self, phase: Phase) -> list[str]:
        """One phase as lines; `T` holds step, tolerance and most steps, and when the teacher begins."""
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
        return function(
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
            f"S[{self.state(name)}] = {float(state.init)}"
            for name, state in self.learner.states.items() if not state.slow
        ]  # fmt: skip
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
        lines.append(f"M[{self.told.index('asked')}, 0] = 1.0 if t >= T[3] else 0.0")
        if self.learner.runs:
            lines.append(f"S[{self.state(FIRED)}, 0, :rest] += X[order[k], t]")
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
        return function("tick", f"{ARRAYS}, seed, step, T, X, Y, order, rest, top, t, p0, p1", body)

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
        return function("trail", f"{ARRAYS}, seed, step, h, clamp, inc, ptr, share, trace", body)

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
