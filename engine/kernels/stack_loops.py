"""The loops around a projection's synapses: deliver spikes, and remember them.

A history of postsynaptic spikes that is nearly full makes a sweep of its own, at a step that follows from the
spikes alone, so that blocks of any length and any number of threads agree.
"""

from __future__ import annotations

from engine.kernels.batches import Batches
from engine.kernels.fuse import Kernel, indent
from engine.kernels.stack import OWNER

AHEAD = 12
"""Synapses between asking for a history and reading it."""
LINE, MOST_ASKED = 16, 256
"""Synapses that come with one request to memory; those of a neuron that are asked for before its turn."""


SPARE = 16
"""Events of one neuron that a history still takes when it asks for a sweep."""


class StackLoops(Batches):
    """A stack as kernels; they work on the segments of some target tiles."""

    def _head(self) -> list[str]:
        lines = [
            "mask, width, tiles, first, seed, purpose = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5]",
            "hist, mode, frozen, step_mask, index_mask = ii[6], ii[7], ii[8], ii[9], ii[10]",
            "offset, mod_mask, glia_count, n_pre = ii[11], ii[12], ii[13], ii[14]",
            "hist_mask = hist - 1",
            "h, sign, w_min, w_max = ff[0], ff[1], ff[2], ff[3]",
            *[f"p{k}_{n} = pp[{i}]" for i, (k, n) in enumerate(self.params)],
            *(["bap = 1.0"] if self.sizes else []),
            *(["eyes = told[2]"] if self.watched else []),
            "glia_present = 0.0",
            *[f"glia_{n} = 0.0" for n in self.glia_names],
            *(["glia_mask, glia_every = ii[20], ii[21]"] if self.glia else []),
            *self.masks(),
            *[f"late{k} = int64(floor(p{k}_{card.late} / h + 0.5))" for k, card in self.late],
        ]
        if self.roles:
            lines += [f"channels, n_post = mod_bound[{len(self.roles)}], mod_bound[{len(self.roles) + 1}]"]
        return lines

    def _territory(self) -> list[str]:
        """Which astrocyte owns this synapse; what is read of it is 0 where there is none."""
        if not self.glia:
            return []
        own = [f"a = int64(fg_{OWNER})", "if a < -1:", "    a = int64(territory[q])"]
        return [
            *(own if self.owned else ["a = int64(territory[q])"]),
            "glia_present = 1.0 if a >= 0 else 0.0",
            "if a < 0:",
            *indent([f"glia_{n} = 0.0" for n in self.glia_names] or ["pass"]),
        ]

    def _loci(self) -> list[str]:
        """A synapse that is new, or whose weight was set by hand, finds its quantal amplitude."""
        if not self.has_loci:
            return []
        return [
            "if not (abs(w - fs_P * fs_q) <= 1e-6 * abs(w)):",
            "    if fs_P <= 0.0:",
            "        fs_P = 1.0",
            "    fs_q = w / fs_P",
        ]

    def _account(self, body: list[str]) -> list[str]:
        """Open one account per card and tile, and write it down at the end of the tile."""
        cards = range(len(self.credit_names))
        opened = [f"up{i} = 0.0" for i in cards] + [f"down{i} = 0.0" for i in cards]
        closed = [
            line
            for i in cards
            for line in (
                f"credit[(tile * {len(cards)} + {i}) * 2] += up{i}",
                f"credit[(tile * {len(cards)} + {i}) * 2 + 1] += down{i}",
            )
        ]
        return [*opened, *body, *closed]

    def _count_vesicles(self, body: list[str]) -> list[str]:
        """Count what the synapses of a tile release, where they know it."""
        if not self.counts_vesicles:
            return body
        return ["let_out = 0", *body, "vesicles[tile] += let_out"]

    def _fetch(self) -> list[str]:
        """Ask for the history of a synapse that comes soon: it lies anywhere in memory."""
        if not (self.needs_history and self.is_plastic):
            return []
        names = ["hist_step", *(f"Y{k}_{n}" for k, n, _ in self.traces("post"))]
        return [
            f"if j + {AHEAD} < stop:",
            f"    soon = int64(post[j + {AHEAD}])",
            "    r = soon * hist + ((hist_count[soon] - 1) & hist_mask)",
            *[f"    fetch({name}, r)" for name in names],
        ]

    def _ask_for_next(self) -> list[str]:
        """Ask for the synapses of the neuron whose spike comes next: rows lie anywhere in memory."""
        segment = ["axon", "start", "count", "last", "seen", "dendrite", "next"]
        kept = [*(f"seg_{n}" for n in segment), *(f"X{k}_{n}" for k, n, _ in self.traces("pre"))]
        synapse = ["post", "W", *(f"F{k}_{n}" for k, n in self.fields)]
        place = "row_head[int64(recent_index[(begin + spiker + {}) & index_mask]) * tiles + tile]"
        return [
            "if spiker + 2 < count:",
            f"    soon = int64({place.format(2)})",
            "    if soon >= 0:",
            *[f"        fetch({name}, soon)" for name in kept],
            "if spiker + 1 < count:",
            f"    soon = int64({place.format(1)})",
            "    if soon >= 0:",
            "        begun = seg_start[soon]",
            f"        for e in range(begun, begun + min(int64(seg_count[soon]), {MOST_ASKED}), {LINE}):",
            *[f"            fetch({name}, e)" for name in synapse],
        ]

    def visit(self) -> Kernel:
        """Delivers the spikes of step s0 (s1 > s0), or only brings every synapse up to step s0 (s1 == s0)."""
        load = ["q = int64(post[j])", *self.weigh]
        load += [f"f{k}_{n} = float64(F{k}_{n}[j])" for k, n in self.fields]
        load += self._loci()
        if self.needs_history or self.hears:
            load += ["base = q * hist"]
        if self.is_eager:
            load += ["seen = max(seg_seen[seg], seen_q[q])"]
        load += self._territory()
        plastic = []
        if self.is_plastic:
            plastic = [*self._catch_up(), "if spike:", *indent(self._at_pre("on_pre") or ["pass"])]
            for i, (key, _) in enumerate(self.late):
                plastic += [f"if turn == {1 + i}:", *indent(self._at_pre("on_late", key))]
        guarded = ["if frozen == 0:", *indent(plastic)] if plastic else []
        store = []
        if self.is_plastic:
            store += [
                "W[j] = sign * w",
                *self.unsound("s"),
            ]
        store += [f"F{k}_{n}[j] = f{k}_{n}" for k, n in self.fields]
        synapse = [*load, *guarded, "if spike:", *indent(self._release()), *store]
        pre = self.traces("pre")
        segment = [
            "last, seen = seg_last[seg], seg_seen[seg]",
            "dendrite = int64(seg_dendrite[seg])",
            *(["forward = int64(seg_axon[seg])"] if self.rings else []),
            "arrival = s + dendrite",
            "slot = (arrival & mask) * width + offset",
            "since = 1e30",
            "if last > -1000000000000:",
            "    since = (now - last) * h",
            *[f"now{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'now - last')}" for k, n, t in pre],
            "start = seg_start[seg]",
            "stop = start + seg_count[seg]",
            *self._points(),
            *(self.in_batches() if self.is_batched else self.one_by_one([*self._fetch(), *synapse])),
            "if spike:",
            *indent(
                [f"X{k}_{n}[seg] = {self.after_spike(k, t, f'now{k}_{n}')}" for k, n, t in pre]
                + ["seg_last[seg] = now"]
            ),
            "seg_seen[seg] = now",
        ]
        row = [
            "seg = row_head[row * tiles + tile]",
            "while seg >= 0:",
            *indent(["if turn == 0 or seg_axon[seg] == axon:", *indent(segment), "seg = seg_next[seg]"]),
        ]
        forced = " and mod_force[0] != s" if self.roles else ""
        turns = 2 + len(self.late)  # what is missed when histories fill up; late returns; the spikes
        turn = [
            f"spike = turn == {turns - 1}",
            f"if turn == 0 and s1 > s0 and (x > 0 or pressure[tile] < ii[16]{forced}):",
            "    continue",
            "if turn > 0 and s1 == s0:",
            "    continue",
            "gone = s - axon",
            *[f"gone -= late{k} if turn == {1 + i} else 0" for i, (k, _) in enumerate(self.late)],
            "count, begin = n_pre, 0",
            "if turn > 0:",
            "    if gone < 0 or recent_step[gone & step_mask] != gone:",
            "        continue",
            "    count, begin = recent_count[gone & step_mask], recent_start[gone & step_mask]",
            "for spiker in range(count):",
            *indent(
                [
                    "row = spiker",
                    "if turn > 0:",
                    "    row = int64(recent_index[(begin + spiker) & index_mask])",
                    *indent(self._ask_for_next()),
                    *row,
                ]
            ),
            "if turn == 0:",
            "    pressure[tile] = 0",
            "    for i in range(tile * ii[17], min(fresh.size, (tile + 1) * ii[17])):",
            "        fresh[i] = 0",
        ]
        body = [
            *self._head(),
            "s = s0",
            "now = s0",
            "for x in range(axons.size if s1 > s0 else 1):",
            *indent(
                [
                    "axon = axons[x]",
                    "for tile in range(max(g0 - first, 0), min(g1 - first, tiles)):",
                    *indent(
                        self._count_vesicles(self._account([f"for turn in range({turns}):", *indent(turn)]))
                    ),
                ]
            ),
        ]
        return Kernel("visit", (*self.arrays, *self.batch_arrays), tuple(body))

    def _push(self, size: str, soma: str) -> list[str]:
        """Write an event of neuron `i` into its history: its size, and whether it is a spike of the soma."""
        post = self.traces("post")
        return [
            "base = i * hist",
            "c = hist_count[i]",
            *[f"b{k}_{n} = 0.0" for k, n, _ in post],
            "if c > 0:",
            *indent(
                [
                    "r = base + ((c - 1) & hist_mask)",
                    "ago = s - hist_step[r]",
                    *[
                        f"b{k}_{n} = {self.remembered(k, n, t, 'r')} * {self.decay(k, t, 'ago')}"
                        for k, n, t in post
                    ],
                ]
            ),
            "r = base + (c & hist_mask)",
            *self._make_room(),
            "hist_step[r] = s",
            *([f"hist_size[r] = {size}"] if self.event else []),
            *([f"hist_soma[r] = {soma}"] if self.counts_soma else []),
            *[f"Y{k}_{n}[r] = b{k}_{n}" for k, n, _ in post],
            "hist_count[i] = c + 1",
            *self.at_the_end(),
            "fresh[i] += 1",
            "pressure[i // tile_size] = max(pressure[i // tile_size], fresh[i])",
        ]

    def _make_room(self) -> list[str]:
        """Ask for a sweep before an event falls out of the history that some synapse may not have met.

        A neuron that spikes once a step has room enough; relays may spike several times, and where even a
        sweep cannot help, because all that is kept is still on its way, the run ends.
        """
        return [
            f"if c + {SPARE} >= hist:",
            "    swept = hist_step[base + ((c - 1 - fresh[i]) & hist_mask)]",
            f"    if hist_step[base + ((c + {SPARE}) & hist_mask)] > swept - reach:",
            "        pressure[i // tile_size] = max(pressure[i // tile_size], limit)",
            "    if c >= hist and (fresh[i] >= hist or hist_step[r] > swept - reach):",
            "        bad[0] = 7",
        ]

    def remember(self) -> Kernel | None:
        """Writes the postsynaptic spikes of step s0 into the histories, and counts how full they get."""
        if not self.needs_history:
            return None

        def each(kind: str, work: list[str]) -> list[str]:
            return [
                f"begin = {kind}_start[s & step_mask]",
                f"for q in range({kind}_count[s & step_mask]):",
                f"    i = int64({kind}_index[(begin + q) & index_mask])",
                "    if i >= low and i < high:",
                *indent(work, 2),
            ]

        tile = "low, high = (g0 - first) * tile_size, min((g1 - first) * tile_size, count)"
        lines = each("recent", self._push("event_size[(s & step_mask) * count + i]", "0.0"))
        if self.counts_soma:
            spike = [
                "last = hist_count[i] - 1",
                "place = i * hist + (last & hist_mask)",
                "if last >= 0 and hist_step[place] == s:",
                "    hist_soma[place] = 1.0",
                "else:",
                *indent(self._push("0.0", "1.0")),
            ]
            lines = [
                tile,
                "if recent_step[s & step_mask] == s:", *indent(lines),
                "if soma_step[s & step_mask] == s:", *indent(each("soma", spike)),
            ]  # fmt: skip
        else:
            lines = ["if recent_step[s & step_mask] != s:", "    return", tile, *lines]
        body = [
            "hist, step_mask, index_mask, tile_size, first, count = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5]",
            "reach, limit = ii[9], ii[10]",
            "hist_mask = hist - 1",
            "h = ff[0]",
            *[f"p{k}_{n} = pp[{i}]" for i, (k, n) in enumerate(self.params)],
            "s = s0",
            *lines,
        ]
        return Kernel("remember", (*self.remember_arrays, *self.latest_arrays), tuple(body))

    def listen(self) -> Kernel | None:
        """Writes the events of step s0 that reached a postsynaptic neuron into what its synapses heard."""
        if not self.hears:
            return None
        push = [
            "told = event[slot + i]",
            "for _ in range(told & 15 if told >> 4 == s0 else 0):",
            *indent(
                [
                    "r = i * hist + (heard_count[i] & (hist - 1))",
                    "heard_step[r] = s0",
                    "heard_kind[r] = kind",
                    "heard_count[i] += 1",
                    "fresh[i] += 1",
                    "pressure[i // tile_size] = max(pressure[i // tile_size], fresh[i])",
                ]
            ),
        ]
        body = [
            "hist, tile_size, first, count, mask, width, offset = "
            "ii[0], ii[3], ii[4], ii[5], ii[6], ii[7], ii[8]",
            "low, high = (g0 - first) * tile_size, min((g1 - first) * tile_size, count)",
            "slot = (s0 & mask) * width + offset",
        ]
        for number, kind in enumerate(self.hears):
            text = [line.replace("event[", f"event_{kind}[") for line in push]
            body += [f"kind = {number}", "for i in range(max(low, 0), high):", *indent(text)]
        return Kernel("listen", tuple(self.listen_arrays), tuple(body))

    def kernels(self) -> tuple[Kernel, ...]:
        """Everything this stack needs, as text."""
        found = (self.visit(), self.remember(), self.listen(), self.timetable())
        return tuple(k for k in found if k is not None)
