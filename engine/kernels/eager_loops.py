"""The loops of what goes on between spikes: rules that act at every step, and states that flow.

Only the synapses of awake neurons are met, through an index of every neuron's incoming synapses.  A met
synapse first catches up with what it missed, so the order in time is that of every other stack: within a
step post spikes come first, then `on_step`, then the synapse's own spike.
"""

from __future__ import annotations

from engine.declare import Induction, Rule
from engine.kernels.follow_loops import FollowLoops
from engine.kernels.fuse import Kernel, indent


class EagerLoops(FollowLoops):
    """A stack as all its kernels."""

    def _propose(self, key: str, card: type[Rule], hook: str, when: str) -> list[str]:
        lines = super()._propose(key, card, hook, when)
        if hook != "on_step":
            return lines
        every = f"every{key}"
        run = [lines[0], f"h = ff[0] * {every}", *lines[1:-1], "h = ff[0]", lines[-1]]
        return [f"gave{key} = 0.0", f"if bits & {1 << int(key)} != 0 and s % {every} == 0:", *indent(run)]

    @property
    def live_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `live`."""
        return [
            *self.arrays,
            ("in_start", "int64"),
            ("in_place", "int64"),
            ("in_seg", "int64"),
            ("in_row", "int64"),
        ]

    def live(self) -> Kernel | None:
        """Step s0 at the synapses of awake neurons; between `remember` and `visit` of that step."""
        if not self.is_eager:
            return None
        every = []
        for key, card in self.with_hook("on_step"):
            every += [f"every{key} = 1"]
            if issubclass(card, Induction) and card.every:
                every[-1] = f"every{key} = max(1, int64(floor(p{key}_{card.every} / h + 0.5)))"
        load = [
            "j, seg, row = in_place[e], in_seg[e], in_row[e]",
            "dendrite, forward, last = int64(seg_dendrite[seg]), int64(seg_axon[seg]), seg_last[seg]",
            "seen = max(seg_seen[seg], seen_q[q])",
            "bits = awake[((now - dendrite) & awake_mask) * n_post + q]",
            *self.weigh,
            *[f"f{k}_{n} = float64(F{k}_{n}[j])" for k, n in self.fields],
            *self._loci(),
            *self._territory(),
        ]
        run = self._catch_up()
        event = self._event("on_step", "now")
        if event:
            run += ["if bits != 0:", *indent([*self._memories(), *event])]
        store = [
            "W[j] = sign * w",
            *self.unsound("s"),
            *[f"F{k}_{n}[j] = f{k}_{n}" for k, n in self.fields],
        ]
        neuron = [
            "if s - woken[q] > longest:",
            "    continue",
            *(["base = q * hist"] if self.needs_history or self.hears else []),
            "for e in range(in_start[q], in_start[q + 1]):",
            *indent([*load, *run, *store]),
            "seen_q[q] = now",
        ]
        body = [
            *self._head(),
            "if frozen != 0:",
            "    return",
            "s = s0",
            "now = s0",
            *every,
            "for tile in range(max(g0 - first, 0), min(g1 - first, tiles)):",
            *indent(
                self._account(
                    [
                        "for q in range(tile * ii[17], min(n_post, (tile + 1) * ii[17])):",
                        *indent(neuron),
                    ]
                )
            ),
        ]
        return Kernel("live", tuple(self.live_arrays), tuple(body))

    def _memories(self) -> list[str]:
        """The traces a step meets: those of strictly earlier spikes."""
        lines = [
            f"x{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'now - last')}" for k, n, t in self.traces("pre")
        ]
        return self._earlier("now") + lines

    # -- states that flow ---------------------------------------------------------------------------

    @property
    def flow_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `flow`."""
        return [*self.arrays, ("flowing", self.real)]

    def flow(self) -> Kernel | None:
        """Every pre neuron gives its state of step s0, times the weight, to arrive after the delay."""
        if not self.transmission.carries:
            return None
        body = [
            *self._head(),
            "for tile in range(max(g0 - first, 0), min(g1 - first, tiles)):",
            "    for row in range(n_pre):",
            "        amount = float64(flowing[row])",
            "        if amount == 0.0:",
            "            continue",
            "        seg = row_head[row * tiles + tile]",
            "        while seg >= 0:",
            "            due = s0 + int64(seg_axon[seg]) + int64(seg_dendrite[seg])",
            "            slot = (due & mask) * width + offset",
            "            start = seg_start[seg]",
            "            for j in range(start, start + seg_count[seg]):",
            "                if sign > 0.0:",
            "                    ring_ex[slot + post[j]] += W[j] * amount",
            "                else:",
            "                    ring_in[slot + post[j]] += W[j] * amount",
            "            seg = seg_next[seg]",
        ]
        return Kernel("flow", tuple(self.flow_arrays), tuple(body))

    def kernels(self) -> tuple[Kernel, ...]:
        """Everything this stack needs, as text."""
        more = (self.live(), self.flow())
        return (*super().kernels(), *(k for k in more if k is not None))
