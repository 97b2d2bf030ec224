"""Spike-timing rules in batches of synapses: first what each missed is counted, then all of it is replayed.

How many postsynaptic spikes a synapse missed is a matter of chance, and a processor that guesses wrong loses
more time than the arithmetic takes.  So the counting has no branches, and only synapses that missed something
are visited for it.  Each synapse sees the same events in the same order as one by one, to the bit; what the
cards are charged is added up batch by batch.
"""

from __future__ import annotations

from functools import cached_property

from engine.kernels.events import Events
from engine.kernels.fuse import indent

BATCH = 256
"""Synapses of one segment that are taken together."""
ENDS = ("newest", "newer", "third")
"""The last spikes of a neuron, the last first."""


def _at(back: str) -> str:
    """The entry of a history so many spikes back; a place that cannot be negative needs no check."""
    return f"hist_step[uint64(base + ((c - {back}) & hist_mask))]"


def _checked(line: str) -> str:
    """The line with places that cannot be negative, so that nothing asks whether they are."""
    return line.replace("[slot + q]", "[uint64(slot + q)]").replace("W[j]", "W[uint64(j)]")


class Batches(Events):
    """A stack whose synapses can be taken in batches."""

    @cached_property
    def is_batched(self) -> bool:
        """Whether nothing but spikes changes a synapse, which keeps nothing but its weight."""
        other = self.has_time or self.hears or self.roles or self.event or self.is_eager or self.late
        more = self.fields or self.has_loci or self.glia or self.watched or self.unsigned
        return bool(self.with_hook("on_post")) and not other and not more

    @cached_property
    def latest_arrays(self) -> list[tuple[str, str]]:
        """The last spikes of every postsynaptic neuron, and its memories at the last: the ends of histories.

        A history lies anywhere in memory; these lie together, and mostly say all there is to know.
        """
        if not self.is_batched:
            return []
        found = [(name, "int64") for name in ENDS]
        return found + [(f"L{k}_{n}", "float64") for k, n, _ in self.traces("post")]

    @cached_property
    def batch_arrays(self) -> list[tuple[str, str]]:
        """What is noted of a batch: who missed something, how much, and the weights meanwhile."""
        if not self.is_batched:
            return []
        found = [("batch_todo", "int64"), ("batch_missed", "int64"), ("batch_w", "float64")]
        return found + self.latest_arrays

    def at_the_end(self) -> list[str]:
        """What is noted of a spike of neuron i at step s, besides its place r in the history."""
        if not self.is_batched:
            return []
        lines = [f"{older}[i] = {newer}[i]" for newer, older in zip(ENDS[-2::-1], ENDS[:0:-1], strict=True)]
        lines += [f"{ENDS[0]}[i] = s"]
        return lines + [f"L{k}_{n}[i] = b{k}_{n}" for k, n, _ in self.traces("post")]

    def _before(self) -> list[str]:
        """The memories of the spikes strictly before `now`: mostly the last one decides."""
        post = self.traces("post")
        if not post:
            return []
        return [
            "ago = now - newest[uint64(q)] - dendrite",
            "if ago > 0:",
            *[
                f"    y{k}_{n} = {self.after_spike(k, t, f'L{k}_{n}[uint64(q)]')} * {self.decay(k, t, 'ago')}"
                for k, n, t in post
            ],
            "else:",
            "    m = hist_count[uint64(q)]",
            *indent(self._earlier("now")),
        ]

    def in_batches(self, store: list[str]) -> list[str]:
        """All synapses of a segment, from `start` to `stop` - 1; `store` writes w back."""
        missed = " + ".join(f"int64({name}[uint64(q)] > limit)" for name in ENDS)
        history = ["hist_step", *(f"Y{k}_{n}" for k, n, _ in self.traces("post"))]
        count = [
            "q = int64(posts[e])",
            f"n = {missed}",
            "batch_e[left] = e",
            "batch_n[left] = n",
            "left += int64(n > 0)",
            f"if n == {len(ENDS)}:",
            "    c, base = hist_count[uint64(q)], q * hist",
            f"    while n < c and n < hist and {_at('(n + 1)')} > limit:",
            "        n += 1",
            "    batch_n[left - 1] = n",
        ]
        ask = [
            "if batch_n[x] > 1:",
            "    q = int64(posts[batch_e[x]])",
            "    r = q * hist + ((hist_count[uint64(q)] - batch_n[x]) & hist_mask)",
            *[f"    fetch({name}, r)" for name in history],
        ]
        event = [
            f"x{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'coming - last')}"
            for k, n, t in self.traces("pre")
        ]
        replay = [
            "e = batch_e[x]",
            "j = begun + e",
            "q = int64(posts[e])",
            "base = q * hist",
            "w = batch_v[e]",
            "back = batch_n[x]",
            "while back > 0:",
            "    coming = newest[uint64(q)] + dendrite",
            *[f"    y{k}_{n} = L{k}_{n}[uint64(q)]" for k, n, _ in self.traces("post")],
            "    if back > 1:",
            "        r = base + ((hist_count[uint64(q)] - back) & hist_mask)",
            "        coming = hist_step[uint64(r)] + dendrite",
            *[f"        y{k}_{n} = Y{k}_{n}[uint64(r)]" for k, n, _ in self.traces("post")],
            "    if coming > now:",
            "        break",
            *indent([*event, *self._event("on_post", "coming")]),
            "    back -= 1",
            "batch_v[e] = w",
        ]
        at_pre = [*self._before(), *[f"x{k}_{n} = now{k}_{n}" for k, n, _ in self.traces("pre")]]
        at_pre += self._event("on_pre", "now")
        finish = [
            "j = begun + e",
            "q = int64(posts[e])",
            "base = q * hist",
            "w = batch_v[e]",
            *(["if frozen == 0 and spike:", *indent(at_pre)] if self.with_hook("on_pre") else []),
            "if spike:",
            *indent(self._release()),
            *store,
        ]
        return [
            "limit = seen - dendrite",
            f"mine = tile * {BATCH}",
            f"batch_e, batch_n = part(batch_todo, mine, {BATCH}), part(batch_missed, mine, {BATCH})",
            f"batch_v = part(batch_w, mine, {BATCH})",
            f"for begun in range(start, stop, {BATCH}):",
            f"    size = min(stop - begun, {BATCH})",
            "    posts, weights = part(post, begun, size), part(W, begun, size)",
            "    for e in range(size):",
            "        batch_v[e] = float64(weights[e]) * sign",
            "    left = 0",
            "    if frozen == 0:",
            "        for e in range(size):",
            *indent(count, 3),
            "    for x in range(left):",
            *indent(ask, 2),
            "    for x in range(left):",
            *indent(replay, 2),
            "    for e in range(size):",
            *indent([_checked(line) for line in finish], 2),
        ]
