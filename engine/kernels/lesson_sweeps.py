# ruff: noqa: E501, D102 - lines of generated text; the methods are named after what they write
"""Hooks of a learner folded over what is drawn: one sweep over the layers, the synapses or the neurons each."""

from __future__ import annotations

import ast

from engine.declare import Learner
from engine.kernels import fuse
from engine.kernels.lesson_words import ARRAYS, MODEL, Words, function


class Sweeps(Words):
    """The sweeps as text."""

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
        return function(f"fold_{hook}", "S, F, P, M, way, ipre, ipost, C, into", body)

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
        return function("forward", f"{ARRAYS}, seed, step", body)

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
        return function("backward", f"{ARRAYS}, seed, step", body)

    def settle(self) -> str:
        x, net, back, base = (self.state(name) for name in ("x", "net", "back", "base"))
        feedback = "feedback" in self.learner.hooks
        hold = ["if areas[a, 2] == 0 or (clamp and areas[a, 4] == 2):", "    continue"]
        compared = [
            f"S[{net}] = S[{base}]", "for w in range(ways.shape[0]):",
            f"    if {'ways[w, 0] < 2' if feedback else 'ways[w, 0] >= 0'} and not ways[w, 10]:",
            f"        {self.call_fold('forward')}",
        ]  # fmt: skip
        if "receive" in self.learner.hooks:
            compared += [
                "for a in range(areas.shape[0]):", "    if areas[a, 2] == 0:", "        continue",
                *fuse.indent(self.on_area("receive")),
            ]  # fmt: skip
        body = [
            "B = S.shape[1]", "change, steps = np.inf, 0", "for b in range(B):", f"    S[{base}, b, :] = bias",
            "for w in range(ways.shape[0]):", "    if ways[w, 0] == 0 and ways[w, 10]:",
            f"        {self.call_fold('forward', 'base')}", "while steps < most:", f"    S[{back}] = 0.0",
            *fuse.indent(compared),
        ]  # fmt: skip
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
        if "receive" in self.learner.hooks:  # what is learned from belongs to the rates as they now are
            body += compared
        if "observe" in self.learner.hooks:
            body += [
                "for a in range(areas.shape[0]):",
                *fuse.indent(hold),
                *fuse.indent(self.on_area("observe")),
            ]
        body.append("return change")
        return function("settle", f"{ARRAYS}, seed, step, h, tol, most, clamp", body)

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
        return function("hold", f"{ARRAYS}, seed, step", body)

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
        return function("judge", f"{ARRAYS}, seed, step", body)

    def update(self) -> str:
        if "update" not in self.learner.hooks:
            return function("update", f"{ARRAYS}, seed, step, apply", ["pass"])
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
        return function("update", f"{ARRAYS}, seed, step, apply", body)

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
        return function("trace", f"{ARRAYS}, seed, step", body)


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
