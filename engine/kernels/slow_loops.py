"""The slow pass over all synapses of a projection: scaling, pruning and their kin.

What a card works out from its postsynaptic neuron alone is the same for all synapses of that neuron: it is
worked out once for each, by the card's own lines, before the synapses are met.
"""

from __future__ import annotations

from functools import cached_property

from engine.declare import Rule
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import expression, reads
from engine.kernels.lifted import Lifted, lift_from, used
from engine.kernels.stack_loops import StackLoops

Cards = list[tuple[str, type[Rule]]]


class SlowLoops(StackLoops):
    """A stack whose slow cards can be written down."""

    @property
    def slow_cards(self) -> Cards:
        """The cards that act on the slow clock."""
        return self.with_hook("on_slow")

    @cached_property
    def slow_hooks(self) -> dict[str, Lifted]:
        """By card: its slow hook, with a name of its own for what depends on the post neuron alone."""
        return {
            key: lift_from(self.hook(key, card, "on_slow"), key, (f"p{key}_", f"y{key}_"))
            for key, card in self.slow_cards
        }

    @cached_property
    def shared_by_neuron(self) -> list[str]:
        """The variables of the slow pass that all synapses of a post neuron have in common."""
        rest = [line for hook in self.slow_hooks.values() for line in hook.lines]
        rest += [line for key, _ in self.slow_cards for line in self._adding(key)]
        memories = [f"y{k}_{n}" for k, n, _ in self.traces("post")]
        parts = [name for hook in self.slow_hooks.values() for name, _ in hook.parts]
        return [*(y for y in memories if y in used(rest)), *parts]

    @cached_property
    def slow_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `slow`."""
        return [*super().slow_arrays, *((f"N_{name}", "float64") for name in self.shared_by_neuron)]

    def slow(self) -> Kernel | None:
        """The slow cards due at step s0 (`due`: for how many ms), over every synapse; call after a sweep."""
        cards = self.slow_cards
        if not cards:
            return None
        load = ["q = int64(post[j])", *self.weigh, "dying = 0.0"]
        load += [f"f{k}_{n} = float64(F{k}_{n}[j])" for k, n in self.fields]
        load += [*self._territory(), *self.see_glia("s0", [card for _, card in cards])]
        load += self._loci()
        if seen := self.look("on_slow", "s0"):
            load += ["dendrite, forward = 0, 0", *seen]
        load += [f"{name} = N_{name}[uint64(q)]" for name in self.shared_by_neuron]
        work: list[str] = []
        for key, card in cards:
            run = [f"dt = due[{key}]", "before = w", *self.slow_hooks[key].lines]
            if self.has_loci:  # receptors scale, release does not
                run += ["if w != before and fs_P > 0.0:", "    fs_q = w / fs_P", "w = fs_P * fs_q"]
            if self.has_loci or ("syn", "w") in reads(card)["on_slow"].writes:
                run += [f"up{key} += max(w - before, 0.0)", f"down{key} += min(w - before, 0.0)"]
                run += self._tell("s0", key, "(w - before)")
            run += ["if dying > 0.0:", f"    doomed[j] = {1 + int(key)}", "    dying = 0.0"]
            work += [f"if due[{key}] > 0.0:", *indent(run)]
        store = [
            "W[j] = sign * w",
            *self.unsound("s0"),
        ]
        store += [f"F{k}_{n}[j] = f{k}_{n}" for k, n in self.fields]
        load += [f"sum{k}_{n} = T{k}_{n}[q]" for k, n, _ in self.totals]
        sums = self._sums(load)
        act = self._account(self._each_synapse([*load, *work, *store], work))
        if sums:  # s1 - s0 is 1: add up only, 2: act only
            act = ["if s1 < s0 + 2:", *indent(sums), "if s1 != s0 + 1:", *indent(act)]
        body = [
            *self._head(),
            "s = s0",
            "for tile in range(max(g0 - first, 0), min(g1 - first, tiles)):",
            *indent([*self._of_every_neuron(), *act]),
        ]
        return Kernel("slow", tuple(self.slow_arrays), tuple(body))

    def _of_every_neuron(self) -> list[str]:
        """What the synapses of a post neuron have in common, for every neuron of a tile."""
        if not self.shared_by_neuron:
            return []
        post = self.traces("post")
        place = "base + (r & hist_mask)"
        lines = [
            "base = q * hist",
            "r = hist_count[q] - 1",
            *[f"y{k}_{n} = 0.0" for k, n, _ in post],
            "if r >= 0:",
            *[
                f"    y{k}_{n} = {self.remembered(k, n, t, place)} * "
                + self.decay(k, t, f"s0 - hist_step[{place}]")
                for k, n, t in post
            ],
        ]
        if not post:
            lines = []
        lines += [f"N_{name}[q] = {name}" for name in self.shared_by_neuron if not name.startswith("part")]
        for key, hook in self.slow_hooks.items():
            if hook.parts:
                worked_out = [*hook.known, *[f"N_{name}[q] = {text}" for name, text in hook.parts]]
                lines += [f"dt = due[{key}]", "if dt > 0.0:", *indent(worked_out)]
        return ["for q in range(tile * ii[17], min(fresh.size, (tile + 1) * ii[17])):", *indent(lines)]

    def _each_synapse(self, body: list[str], work: list[str]) -> list[str]:
        """Every synapse `j` of a tile, row by row; `work` are the lines that may ask for the pre neuron."""
        pre = [(k, n, t) for k, n, t in self.traces("pre") if f"x{k}_{n}" in used(work)]
        return [
            "for row in range(n_pre):",
            "    seg = row_head[row * tiles + tile]",
            "    while seg >= 0:",
            *[
                f"        x{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 's0 - seg_last[seg]')}"
                for k, n, t in pre
            ],
            "        start = seg_start[seg]",
            "        for j in range(start, start + seg_count[seg]):",
            *indent(body, 3),
            "        seg = seg_next[seg]",
        ]

    def _adding(self, key: str) -> list[str]:
        """What a card adds up over the synapses of a neuron, as lines."""
        card = dict(self.cards)[key]
        return [
            f"T{key}_{name}[q] += {expression(card, of, self.resolve(key, card), f'v{key}_{of}')}"
            for k, name, of in self.totals
            if k == key
        ]

    def _sums(self, load: list[str]) -> list[str]:
        """Add up what the cards that are due want to know of all synapses of a neuron, tile by tile."""
        lines: list[str] = []
        for key, _ in self.slow_cards:
            add = self._adding(key)
            if not add:
                continue
            clear = [f"{line.split(' += ')[0]} = 0.0" for line in add]
            lines += [
                f"if due[{key}] > 0.0:",
                "    for q in range(tile * ii[17], min(fresh.size, (tile + 1) * ii[17])):",
                *indent(clear, 2),
                *indent(self._each_synapse([*load, *add], add)),
            ]
        return lines

    def kernels(self) -> tuple[Kernel, ...]:
        """Everything this stack needs, as text."""
        slow = self.slow()
        return (*super().kernels(), *([slow] if slow else []))
