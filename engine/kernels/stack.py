"""The loop around a projection's stack: events reach each synapse in time order, the cards run left to right.

Plasticity is lazy: a synapse catches up when its presynaptic neuron spikes (or at a sweep), against a short
history of its postsynaptic neuron's spikes.  One function does both; `s1 - s0 == 0` asks for a sweep, and a
history that is nearly full makes one of its own, at a step that follows from the spikes alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from engine.declare import Declaration, Rule, Trace, Transmission
from engine.kernels.fuse import Kernel, indent
from engine.kernels.hooks import Resolve, reads, statements

NEVER = -(1 << 60)
"""The step of a spike that has not happened."""


@dataclass(frozen=True)
class Stack:
    """A transmission and the enabled rules of a projection, in pipeline order, as kernels to be written."""

    transmission: type[Transmission]
    rules: tuple[type[Rule], ...]
    real: str
    glia: bool = False
    watched: bool = False

    @property
    def cards(self) -> list[tuple[str, type[Declaration]]]:
        """Every card with its short key in variable names: `t`, `0`, `1`, ..."""
        return [("t", self.transmission), *((str(i), rule) for i, rule in enumerate(self.rules))]

    @cached_property
    def fields(self) -> list[tuple[str, str]]:
        """(key, name) of every per-synapse quantity."""
        return [(key, name) for key, card in self.cards for name in card.fields]

    def traces(self, owner: str) -> list[tuple[str, str, Trace]]:
        """(key, name, trace) of every memory of the pre or of the post neuron."""
        return [(k, n, t) for k, card in self.cards for n, t in card.traces.items() if t.owner == owner]

    @cached_property
    def params(self) -> list[tuple[str, str]]:
        """(key, name) of every parameter, in the order of the array `pp`."""
        return [(key, name) for key, card in self.cards for name in card.params]

    def with_hook(self, hook: str, stages: Iterable[str] = Rule.stages) -> list[tuple[str, type[Rule]]]:
        """The cards of some stages that have a hook, in pipeline order."""
        order = list(stages)
        found = [(str(i), c) for i, c in enumerate(self.rules) if hook in c.hooks and c.stage in order]
        return sorted(found, key=lambda card: order.index(card[1].stage))

    @cached_property
    def is_plastic(self) -> bool:
        """Whether a spike can change a weight."""
        return bool(self.with_hook("on_pre") or self.with_hook("on_post") or self.with_hook("advance"))

    @cached_property
    def gate(self) -> tuple[str, type[Rule]] | None:
        """The card that releases stored changes over time, if there is one."""
        found = self.with_hook("advance")
        return found[0] if found else None

    @cached_property
    def needs_history(self) -> bool:
        """Whether postsynaptic spikes must be remembered."""
        return bool(self.traces("post") or self.with_hook("on_post"))

    @cached_property
    def needs_ids(self) -> bool:
        """Whether a hook draws random numbers (keyed by the synapse)."""
        return any(r.draws for _, card in self.cards for r in reads(card).values())

    # -- arrays, in the order the kernels take them -------------------------------------------------

    @cached_property
    def arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernels `visit` and `slow`."""
        found = [("ii", "int64"), ("ff", "float64"), ("pp", "float64")]
        found += [
            ("row_head", "int32"),
            ("seg_next", "int32"),
            ("seg_start", "int64"),
            ("seg_count", "int32"),
        ]
        found += [
            ("seg_axon", "int32"),
            ("seg_dendrite", "int32"),
            ("seg_last", "int64"),
            ("seg_seen", "int64"),
        ]
        found += [(f"X{k}_{n}", "float64") for k, n, _ in self.traces("pre")]
        found += [("post", "int32"), ("ids", "int64"), ("W", self.real)]
        found += [(f"F{k}_{n}", self.real) for k, n in self.fields]
        found += [
            ("recent_step", "int64"),
            ("recent_start", "int64"),
            ("recent_count", "int64"),
            ("recent_index", "int32"),
        ]
        found += [("axons", "int64"), ("ring_ex", self.real), ("ring_in", self.real), ("bad", "int64")]
        found += [("hist_step", "int64"), ("hist_count", "int64")]
        found += [(f"Y{k}_{n}", "float64") for k, n, _ in self.traces("post")]
        found += [("credit", "float64"), ("pressure", "int64"), ("fresh", "int64"), ("doomed", "uint8")]
        if self.gate:
            found += [("mod_step", "int64"), ("mod_n", "float64"), ("mod_count", "int64")]
        if self.glia:
            found += [
                ("territory", "int32"),
                ("gamma", self.real),
                ("alpha", "float64"),
                ("spilled", "float64"),
            ]
        if self.watched:
            found += [
                ("watch", "int32"),
                ("seen_step", "int64"),
                ("seen_id", "int64"),
                ("seen_value", "float64"),
                ("noted", "int64"),
                ("told_step", "int64"),
                ("told_id", "int64"),
                ("told_card", "int64"),
                ("told_value", "float64"),
                ("told", "int64"),
            ]
        return found

    @cached_property
    def credit_names(self) -> list[str]:
        """Whose account each row of `credit` is: the rules in order, then the bounds of the weight."""
        return [rule.slug for rule in self.rules] + ["bounds"]

    # -- names --------------------------------------------------------------------------------------

    def resolve(self, key: str, card: type[Declaration]) -> Resolve:
        """Which variable of the kernel each row.name of a card's hooks is."""
        rows: dict[str, dict[str, str]] = {
            "p": {n: f"p{key}_{n}" for n in card.params} | {"w_min": "w_min", "w_max": "w_max"},
            "syn": {n: f"f{key}_{n}" for n in card.fields}
            | {"w": "w", "dw": "dw", "amount": "amount", "doomed": "dying"},
            "pre": {n: f"x{key}_{n}" for n, t in card.traces.items() if t.owner == "pre"},
            "post": {n: f"y{key}_{n}" for n, t in card.traces.items() if t.owner == "post"},
            "mod": {"n": "mod_now"} if self.gate else {},
            "glia": {"gamma": "glia_gamma", "alpha": "glia_alpha"},
        }

        def resolve(row: str, name: str) -> str:
            known = rows.get(row, {})
            if name not in known:
                raise KeyError(list(known))
            return known[name]

        return resolve

    def hook(self, key: str, card: type[Declaration], hook: str) -> list[str]:
        """The lines of one hook of one card."""
        chance = ("seed", "purpose", "ids[j]", "s")
        if card.stage != "" or hook != "release":
            chance = ("seed", f"purpose + {1 + int(key) if key != 't' else 0}", "ids[j]", "s")
        keys = tuple(f"{c}" for c in chance)
        return statements(card, hook, self.resolve(key, card), f"v{key}_{hook}", keys)

    def after_spike(self, key: str, trace: Trace, before: str) -> str:
        """The value of a memory just after a spike, from the value just before."""
        if trace.nearest is True:
            return "1.0"
        if isinstance(trace.nearest, str):
            return f"({before} * (1.0 - p{key}_{trace.nearest}) + 1.0)"
        return f"({before} + 1.0)"

    def decay(self, key: str, trace: Trace, steps: str) -> str:
        """How much of a memory is left after so many steps."""
        return f"exp(-({steps}) * h / p{key}_{trace.tau})"

    # -- pieces -------------------------------------------------------------------------------------

    def _tell(self, when: str, card: str, change: str, size: str = "0.0") -> list[str]:
        """Write down that a card changed a synapse that is under somebody's eye."""
        if not self.watched:
            return []
        return [
            f"if watch[j] & 2 != 0 and abs({change}) > {size} and told[0] < told[1]:",
            *indent(
                [
                    f"told_step[told[0]] = {when}",
                    "told_id[told[0]] = ids[j]",
                    f"told_card[told[0]] = {card}",
                    f"told_value[told[0]] = {change}",
                    "told[0] += 1",
                    "if told[0] * 2 >= told[1] and bad[0] == 0:",
                    "    bad[0] = 2",
                ]
            ),
        ]

    def _apply(self, givers: list[str], when: str) -> list[str]:
        """The change `dw` meets the bounds; each card is charged what it caused, the bounds what they cut."""
        stored = self.with_hook("apply")
        lines = ["before = w"]
        if stored:
            for key, card in stored:
                lines += self.hook(key, card, "apply")
        else:
            lines += ["w = clip(w + dw, w_min, w_max)"]
        bounds = len(self.rules)
        owner = stored[-1][0] if stored else str(bounds)
        for g in givers:
            lines += [f"up{g} += max(gave{g}, 0.0)", f"down{g} += min(gave{g}, 0.0)"]
            lines += self._tell(when, g, f"gave{g}")
        lines += [
            "cut = w - before - dw",
            f"up{owner} += max(cut, 0.0)",
            f"down{owner} += min(cut, 0.0)",
            *self._tell(when, owner, "cut", "1e-9 * abs(dw)"),
            "dw = 0.0",
        ]
        return ["if dw != 0.0:", *indent(lines)]

    def _event(self, hook: str, when: str) -> list[str]:
        """A pre or a post spike has reached the synapse: induction, gate, expression."""
        cards = self.with_hook(hook, ("induction",))
        if not cards:
            return []
        lines = ["dw = 0.0"]
        for key, card in cards:
            lines += ["held = dw", *self.hook(key, card, hook), f"gave{key} = dw - held"]
        for key, card in self.with_hook("on_change"):
            lines += self.hook(key, card, "on_change")
        intercepted = bool(self.with_hook("on_change"))
        return lines + self._apply([] if intercepted else [k for k, _ in cards], when)

    def _advance(self, until: str) -> list[str]:
        """What the gate releases between the last event and this one."""
        if not self.gate:
            return []
        key, card = self.gate
        lines = [
            f"dt = ({until} - then) * h",
            "if dt > 0.0:",
            *indent(
                [
                    "mod_now = 0.0",
                    "if k > 0:",
                    "    mod_now = mod_n[(k - 1) & mod_mask]"
                    f" * exp(-(then - mod_step[(k - 1) & mod_mask]) * h / p{key}_tau_n)",
                    "dw = 0.0",
                    *self.hook(key, card, "advance"),
                    f"gave{key} = dw",
                    *self._apply([key], until),
                ]
            ),
            f"then = {until}",
        ]
        return lines

    def _catch_up(self) -> list[str]:
        """Replay what this synapse missed, in time order, up to `now`."""
        if not (self.with_hook("on_post") or self.gate):
            return ["m = hist_count[q]"] if self.needs_history else []
        lines: list[str] = ["m, c = 0, 0"]
        if self.needs_history:
            lines += [
                "c = hist_count[q]",
                "m = c",
                "while m > 0 and m > c - hist and hist_step[base + ((m - 1) & hist_mask)] + dendrite > seen:",
                "    m -= 1",
            ]
        if self.gate:
            lines += [
                "then = seen",
                "mods = mod_count[0]",
                "k = mods",
                "while k > 0 and k > mods - mod_mask and mod_step[(k - 1) & mod_mask] > seen:",
                "    k -= 1",
            ]
        loop: list[str] = ["coming = now", "kind = 0"]
        if self.with_hook("on_post"):
            loop += [
                "if m < c and hist_step[base + (m & hist_mask)] + dendrite <= now:",
                "    coming = hist_step[base + (m & hist_mask)] + dendrite",
                "    kind = 1",
            ]
        if self.gate:
            loop += [
                "drug = mod_step[k & mod_mask]",
                "if k < mods and (drug < coming or (kind == 0 and drug <= now)):",
                "    coming = mod_step[k & mod_mask]",
                "    kind = 2",
            ]
        loop += ["if kind == 0:", "    break", *self._advance("coming")]
        if self.with_hook("on_post"):
            event = [
                f"x{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'coming - last')}"
                for k, n, t in self.traces("pre")
            ]
            event += [f"y{k}_{n} = Y{k}_{n}[base + (m & hist_mask)]" for k, n, _ in self.traces("post")]
            loop += ["if kind == 1:", *indent([*event, *self._event("on_post", "coming"), "m += 1"])]
        if self.gate:
            loop += ["if kind == 2:", "    k += 1"]
        lines += ["while True:", *indent(loop), *self._advance("now")]
        if self.needs_history and not self.with_hook("on_post"):
            lines += ["m = c"]
        return lines

    def _on_pre(self) -> list[str]:
        """The presynaptic spike itself: strictly earlier postsynaptic spikes count, then the cards run."""
        if not self.with_hook("on_pre"):
            return []
        lines: list[str] = []
        post = self.traces("post")
        if post:
            lines += [
                "r = m - 1",
                "late = max(hist_count[q] - hist, -1)",
                "while r > late and hist_step[base + (r & hist_mask)] + dendrite >= now:",
                "    r -= 1",
                *[f"y{k}_{n} = 0.0" for k, n, _ in post],
                "if r >= 0:",
                *indent(
                    [
                        "ago = now - hist_step[base + (r & hist_mask)] - dendrite",
                        *[
                            f"y{k}_{n} = {self.after_spike(k, t, f'Y{k}_{n}[base + (r & hist_mask)]')} * "
                            + self.decay(k, t, "ago")
                            for k, n, t in post
                        ],
                    ]
                ),
            ]
        lines += [f"x{k}_{n} = now{k}_{n}" for k, n, _ in self.traces("pre")]
        return lines + self._event("on_pre", "now")

    def _release(self) -> list[str]:
        """Turn the spike into an amplitude and put it on its way."""
        hook = self.hook("t", self.transmission, "release")
        lines = ["amount = w"]
        if hook:
            lines += ["dt = since", *hook]
        if self.watched:
            lines += [
                "if watch[j] & 1 != 0 and noted[0] < noted[1]:",
                *indent(
                    [
                        f"place = noted[0] * {2 + len(self.fields)}",
                        "seen_step[noted[0]] = s",
                        "seen_id[noted[0]] = ids[j]",
                        "seen_value[place] = sign * w",
                        "seen_value[place + 1] = sign * amount",
                        *[f"seen_value[place + {2 + i}] = f{k}_{n}" for i, (k, n) in enumerate(self.fields)],
                        "noted[0] += 1",
                        "if noted[0] * 2 >= noted[1] and bad[0] == 0:",
                        "    bad[0] = 2",
                    ]
                ),
                "elif watch[j] & 1 != 0:",
                "    bad[0] = 5",
            ]
        lines += [
            "if mode == 2:",
            "    amount = 1.0",
            "if mode != 0:",
            *indent(
                [
                    "if sign > 0.0:",
                    "    ring_ex[slot + q] += amount",
                    "else:",
                    "    ring_in[slot + q] -= amount",
                ]
            ),
        ]
        if self.glia:
            lines += [
                "if a >= 0:",
                "    due_slot = (arrival + ii[19]) & ii[18]",
                "    spilled[(tile * (ii[18] + 1) + due_slot) * glia_count + a] += ff[4]",
            ]
        return lines

    # -- kernels ------------------------------------------------------------------------------------

    def _head(self) -> list[str]:
        lines = [
            "mask, width, tiles, first, seed, purpose = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5]",
            "hist, mode, frozen, step_mask, index_mask = ii[6], ii[7], ii[8], ii[9], ii[10]",
            "offset, mod_mask, glia_count, n_pre = ii[11], ii[12], ii[13], ii[14]",
            "hist_mask = hist - 1",
            "h, sign, w_min, w_max = ff[0], ff[1], ff[2], ff[3]",
            *[f"p{k}_{n} = pp[{i}]" for i, (k, n) in enumerate(self.params)],
            "glia_gamma = 0.0",
            "glia_alpha = 0.0",
        ]
        return lines

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

    def visit(self) -> Kernel:
        """Delivers the spikes of step s0 (s1 > s0), or only brings every synapse up to step s0 (s1 == s0)."""
        load = ["q = int64(post[j])", "w = float64(W[j]) * sign"]
        load += [f"f{k}_{n} = float64(F{k}_{n}[j])" for k, n in self.fields]
        if self.needs_history:
            load += ["base = q * hist"]
        if self.glia:
            load += [
                "a = int64(territory[q])",
                "glia_gamma = 0.0",
                "if a >= 0:",
                "    glia_gamma = float64(gamma[a])",
                "    glia_alpha = alpha[0]",
            ]
        plastic = (
            [*self._catch_up(), "if spike:", *indent(self._on_pre() or ["pass"])] if self.is_plastic else []
        )
        guarded = ["if frozen == 0:", *indent(plastic)] if plastic else []
        store = []
        if self.is_plastic:
            store += [
                "W[j] = sign * w",
                f"if not (abs(w) < {1e12!r}) and bad[0] == 0:",
                "    bad[0] = 4",
                "    bad[1] = s",
                "    bad[2] = ids[j]",
            ]
        store += [f"F{k}_{n}[j] = f{k}_{n}" for k, n in self.fields]
        synapse = [*load, *guarded, "if spike:", *indent(self._release()), *store]
        pre = self.traces("pre")
        segment = [
            "last, seen = seg_last[seg], seg_seen[seg]",
            "dendrite = int64(seg_dendrite[seg])",
            "arrival = s + dendrite",
            "slot = (arrival & mask) * width + offset",
            "since = 1e30",
            "if last > -1000000000000:",
            "    since = (now - last) * h",
            *[f"now{k}_{n} = X{k}_{n}[seg] * {self.decay(k, t, 'now - last')}" for k, n, t in pre],
            "start = seg_start[seg]",
            "for j in range(start, start + seg_count[seg]):",
            *indent(synapse),
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
            *indent(["if spike == False or seg_axon[seg] == axon:", *indent(segment), "seg = seg_next[seg]"]),
        ]
        turn = [
            "spike = turn == 1",
            "if spike == False and s1 > s0 and (x > 0 or pressure[tile] < ii[16]):",
            "    continue",
            "if spike and (s1 == s0 or count == 0):",
            "    continue",
            "for spiker in range(count if spike else n_pre):",
            *indent(
                [
                    "row = spiker",
                    "if spike:",
                    "    row = int64(recent_index[(begin + spiker) & index_mask])",
                    *row,
                ]
            ),
            "if spike == False:",
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
                    "count, begin = 0, 0",
                    "if s - axon >= 0 and recent_step[(s - axon) & step_mask] == s - axon:",
                    "    count = recent_count[(s - axon) & step_mask]",
                    "    begin = recent_start[(s - axon) & step_mask]",
                    "for tile in range(max(g0 - first, 0), min(g1 - first, tiles)):",
                    *indent(self._account(["for turn in range(2):", *indent(turn)])),
                ]
            ),
        ]
        return Kernel("visit", tuple(self.arrays), tuple(body))

    def remember(self) -> Kernel | None:
        """Writes the postsynaptic spikes of step s0 into the histories, and counts how full they get."""
        if not self.needs_history:
            return None
        post = self.traces("post")
        push = [
            "base = i * hist",
            "c = hist_count[i]",
            *[f"b{k}_{n} = 0.0" for k, n, _ in post],
            "if c > 0:",
            *indent(
                [
                    "r = base + ((c - 1) & hist_mask)",
                    "ago = s - hist_step[r]",
                    *[
                        f"b{k}_{n} = {self.after_spike(k, t, f'Y{k}_{n}[r]')} * {self.decay(k, t, 'ago')}"
                        for k, n, t in post
                    ],
                ]
            ),
            "r = base + (c & hist_mask)",
            "hist_step[r] = s",
            *[f"Y{k}_{n}[r] = b{k}_{n}" for k, n, _ in post],
            "hist_count[i] = c + 1",
            "fresh[i] += 1",
            "pressure[i // tile_size] = max(pressure[i // tile_size], fresh[i])",
        ]
        body = [
            "hist, step_mask, index_mask, tile_size, first, count = ii[0], ii[1], ii[2], ii[3], ii[4], ii[5]",
            "hist_mask = hist - 1",
            "h = ff[0]",
            *[f"p{k}_{n} = pp[{i}]" for i, (k, n) in enumerate(self.params)],
            "s = s0",
            "if recent_step[s & step_mask] != s:",
            "    return",
            "low, high = (g0 - first) * tile_size, min((g1 - first) * tile_size, count)",
            "begin = recent_start[s & step_mask]",
            "for q in range(recent_count[s & step_mask]):",
            "    i = int64(recent_index[(begin + q) & index_mask])",
            "    if i >= low and i < high:",
            *indent(push, 2),
        ]
        return Kernel("remember", tuple(self.remember_arrays), tuple(body))

    @cached_property
    def remember_arrays(self) -> list[tuple[str, str]]:
        """Name and dtype of every array of the kernel `remember`."""
        found = [("ii", "int64"), ("ff", "float64"), ("pp", "float64")]
        found += [
            ("recent_step", "int64"),
            ("recent_start", "int64"),
            ("recent_count", "int64"),
            ("recent_index", "int32"),
        ]
        found += [("hist_step", "int64"), ("hist_count", "int64")]
        found += [(f"Y{k}_{n}", "float64") for k, n, _ in self.traces("post")]
        return [*found, ("fresh", "int64"), ("pressure", "int64")]

    def slow(self) -> Kernel | None:
        """The slow cards due at step s0 (a bit each in `ii[15]`), over every synapse; call after a sweep."""
        cards = self.with_hook("on_slow")
        if not cards:
            return None
        post = self.traces("post")
        load = ["q = int64(post[j])", "w = float64(W[j]) * sign", "dying = 0.0"]
        load += [f"f{k}_{n} = float64(F{k}_{n}[j])" for k, n in self.fields]
        if post:
            load += [
                "base = q * hist",
                "r = hist_count[q] - 1",
                *[f"y{k}_{n} = 0.0" for k, n, _ in post],
                "if r >= 0:",
                *indent(
                    [
                        f"y{k}_{n} = {self.after_spike(k, t, f'Y{k}_{n}[base + (r & hist_mask)]')} * "
                        + self.decay(k, t, "s0 - hist_step[base + (r & hist_mask)]")
                        for k, n, t in post
                    ]
                ),
            ]
        work: list[str] = []
        for key, card in cards:
            run = [f"dt = due[{key}]", "before = w", *self.hook(key, card, "on_slow")]
            run += [f"up{key} += max(w - before, 0.0)", f"down{key} += min(w - before, 0.0)"]
            run += self._tell("s0", key, "(w - before)")
            run += ["if dying > 0.0:", f"    doomed[j] = {1 + int(key)}", "    dying = 0.0"]
            work += [f"if due[{key}] > 0.0:", *indent(run)]
        store = [
            "W[j] = sign * w",
            f"if not (abs(w) < {1e12!r}) and bad[0] == 0:",
            "    bad[0] = 4",
            "    bad[1] = s0",
            "    bad[2] = ids[j]",
        ]
        store += [f"F{k}_{n}[j] = f{k}_{n}" for k, n in self.fields]
        body = [
            *self._head(),
            "s = s0",
            "for tile in range(max(g0 - first, 0), min(g1 - first, tiles)):",
            *indent(
                self._account(
                    [
                        "for row in range(n_pre):",
                        "    seg = row_head[row * tiles + tile]",
                        "    while seg >= 0:",
                        "        start = seg_start[seg]",
                        "        for j in range(start, start + seg_count[seg]):",
                        *indent([*load, *work, *store], 3),
                        "        seg = seg_next[seg]",
                    ]
                )
            ),
        ]
        return Kernel("slow", (*self.arrays, ("due", "float64")), tuple(body))

    def kernels(self) -> tuple[Kernel, ...]:
        """Everything this stack needs, as text."""
        return tuple(k for k in (self.visit(), self.remember(), self.slow()) if k is not None)
