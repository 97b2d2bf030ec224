"""Spike-timing rules in batches of synapses: what each missed is replayed in rounds, the oldest spike first.

How many postsynaptic spikes a synapse missed is a matter of chance, and a processor that guesses wrong loses
more time than the arithmetic takes.  So the synapses that missed one, two, three spikes are listed without a
branch, and a round takes one list.  Each synapse sees the same events in the same order as one by one, to the
bit; what the cards are charged is added up round by round.
"""

from __future__ import annotations

from functools import cached_property

from engine.kernels.fuse import indent
from engine.kernels.hooks import reads
from engine.kernels.leaps import BATCH, POINT_ARRAYS, Leaps
from engine.kernels.loops import LIMIT

ENDS = ("newest", "newer", "third")
"""The last spikes of a neuron, the last first; there is a list of the synapses that missed each."""
MOST = len(ENDS)


def _at(back: str) -> str:
    """The entry of a history so many spikes back; a place that cannot be negative needs no check."""
    return f"hist_step[uint64(base + ((c - {back}) & hist_mask))]"


def _unsigned(line: str) -> str:
    """The line with places that cannot be negative, so that nothing asks whether they are."""
    return line.replace("[slot + q]", "[uint64(slot + q)]")


class Batches(Leaps):
    """A stack whose synapses can be taken in batches."""

    @cached_property
    def is_batched(self) -> bool:
        """Whether nothing but spikes and slow ticks changes a synapse, and spikes its weight alone."""
        other = self.has_time or self.hears or self.roles or self.event or self.is_eager or self.late
        more = self.has_quick_fields or self.has_loci or self.glia or self.unsigned
        return bool(self.with_hook("on_post")) and not other and not more

    @property
    def has_quick_fields(self) -> bool:
        """Whether a synapse keeps a quantity that anything but a slow hook has to do with."""
        found = (hooks for _, card in self.cards for name, hooks in reads(card).items() if name != "on_slow")
        named = {what for hooks in found for row, what in (*hooks.reads, *hooks.writes) if row == "syn"}
        return self.owned or any(name in named for _, name in self.fields)

    def field_now(self, key: str, name: str) -> str:
        """The value of a field of synapse j; a batch loads no fields, as spikes leave them alone."""
        return f"float64(F{key}_{name}[j])" if self.is_batched else super().field_now(key, name)

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
        """What is noted of a batch: who missed so many spikes, how many if more, the weights meanwhile."""
        if not self.is_batched:
            return POINT_ARRAYS if self.leaps else []
        found = [(f"batch_list{n}", "int64") for n in range(1, MOST + 1)]
        found += [("batch_missed", "int64"), ("batch_w", "float64")]
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

    def _choose(self) -> list[str]:
        """List who missed one spike, who of them missed two, and so on; and how many rounds that takes."""
        lines: list[str] = []
        for n, end in enumerate(ENDS, 1):
            lines += [
                f"left{n} = 0",
                f"for x in range({f'left{n - 1}' if n > 1 else 'size'}):",
                f"    e = {f'list{n - 1}[x]' if n > 1 else 'x'}",
                f"    list{n}[left{n}] = e",
                f"    left{n} += int64({end}[uint64(posts[e])] > limit)",
            ]
        return [
            *lines,
            f"rounds = {MOST}",
            f"for x in range(left{MOST}):",
            f"    q = int64(posts[list{MOST}[x]])",
            "    c, base = hist_count[uint64(q)], q * hist",
            f"    n = {MOST}",
            f"    while n < c and n < hist and {_at('(n + 1)')} > limit:",
            "        n += 1",
            "    missed[x] = n",
            "    rounds = max(rounds, n)",
        ]

    def _round(self) -> list[str]:
        """Replay the spike that is `back` from the last at every synapse that missed it."""
        post = self.traces("post")
        lines = [f"listed, many = list{MOST}, left{MOST}"]
        for n in range(MOST - 1, 0, -1):
            lines += [f"if back == {n}:", f"    listed, many = list{n}, left{n}"]
        times = f"{ENDS[0]}[uint64(q)] if back == 1 else {ENDS[1]}[uint64(q)]"
        event = [
            f"x{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'coming - last')}"
            for k, n, t in self.traces("pre")
        ]
        body = [
            "e = listed[x]",
            "j = begun + e",
            "q = int64(posts[e])",
            "base = q * hist",
            f"coming = {times}",
            *[f"y{k}_{n} = L{k}_{n}[uint64(q)]" for k, n, _ in post],
            "if back > 1:",
            "    r = base + ((hist_count[uint64(q)] - back) & hist_mask)",
            "    if back > 2:",
            "        coming = hist_step[uint64(r)]",
            *[f"    y{k}_{n} = Y{k}_{n}[uint64(r)]" for k, n, _ in post],
            "coming += dendrite",
            f"if coming <= now and (back <= {MOST} or missed[x] >= back):",
            "    w = weight[e]",
            *indent([*event, *self._event("on_post", "coming")]),
            "    weight[e] = w",
        ]
        return [*lines, "for x in range(many):", *indent(body)]

    def _spike(self) -> list[str]:
        """The presynaptic spike at every synapse of the batch."""
        if not self.with_hook("on_pre"):
            return []
        body = [
            "j = begun + e",
            "q = int64(posts[e])",
            "base = q * hist",
            "w = weight[e]",
            *self._before(),
            *[f"x{k}_{n} = now{k}_{n}" for k, n, _ in self.traces("pre")],
            *self._event("on_pre", "now"),
            "weight[e] = w",
        ]
        return ["if frozen == 0 and spike:", "    for e in range(size):", *indent(body, 2)]

    def in_batches(self) -> list[str]:
        """All synapses of a segment, from `start` to `stop` - 1."""
        release = ["j = begun + e", "q = int64(posts[e])", "w = weight[e]", *self._release()]
        return [
            "limit = seen - dendrite",
            f"mine = tile * {BATCH}",
            *[f"list{n} = part(batch_list{n}, mine, {BATCH})" for n in range(1, MOST + 1)],
            f"missed, weight = part(batch_missed, mine, {BATCH}), part(batch_w, mine, {BATCH})",
            f"for begun in range(start, stop, {BATCH}):",
            f"    size = min(stop - begun, {BATCH})",
            "    posts, stored = part(post, begun, size), part(W, begun, size)",
            "    for e in range(size):",
            "        weight[e] = float64(stored[e]) * sign",
            "    if frozen == 0:",
            *indent(self._choose(), 2),
            "        for back in range(rounds, 0, -1):",
            *indent(self._round(), 3),
            *indent(self._spike()),
            "    if spike:",
            "        for e in range(size):",
            *indent([_unsigned(line) for line in release], 3),
            "    sound = True",
            "    for e in range(size):",
            "        stored[e] = sign * weight[e]",
            f"        sound &= abs(weight[e]) < {LIMIT}",
            "    if not sound:",
            "        for e in range(size):",
            "            j = begun + e",
            "            w = weight[e]",
            *indent(self.unsound("s"), 3),
        ]

    @property
    def only_delivers(self) -> bool:
        """Whether a spike does nothing at a synapse but arrive with its weight."""
        changes = self.is_plastic or self.fields or self.needs_history or self.hears or self.is_eager
        tells = self.glia or self.event or self.transmission.event or self.counts_vesicles
        return not (changes or tells or self.unsigned or self.with_hook("transmit")) and (
            "release" not in self.transmission.hooks
        )

    def one_by_one(self, synapse: list[str]) -> list[str]:
        """All synapses of a segment, from `start` to `stop` - 1.

        Adding a weight as it is stored gives the bits that adding its size in double precision gives: the sum
        of two float32 in float64, rounded, is their sum in float32.
        """
        each = ["for j in range(start, stop):", *indent(synapse)]
        if not self.only_delivers:
            return each
        return [
            f"if spike and mode == 1{' and eyes == 0' if self.watched else ''}:",
            "    into = part(ring_ex, slot, width) if sign > 0.0 else part(ring_in, slot, width)",
            "    posts, weights = part(post, start, stop - start), part(W, start, stop - start)",
            "    for e in range(stop - start):",
            "        into[uint64(posts[e])] += weights[e]",
            "else:",
            *indent(each),
        ]
